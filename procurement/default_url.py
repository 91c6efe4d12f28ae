"""Where the ledger is kept unless told otherwise; by itself, for commands that need no database to start."""

DEFAULT_URL = "sqlite:///var/vbp.db"
