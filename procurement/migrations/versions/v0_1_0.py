"""0.1.0: the first release. Its ledgers are made by that version itself; there is nothing before them."""

revision = "0.1.0"
down_revision = None


def upgrade() -> None:
    """Nothing: the tables are there."""
