"""What leaves the dashboard as a file: sheets (xlsx, csv) and slides (pptx), from frames of figures."""
