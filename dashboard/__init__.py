"""Shows and lets people act: the pages, their charts and exports, the server, the command line."""
