"""What the command line wrote out stands in the audit trail, as downloads from a page do."""

from pathlib import Path

from dashboard.author import author


def record_export(db: str, file: Path, **told: object) -> None:
    """Enter that figures of the ledger of `db` were written to `file` (or into a folder)."""
    from procurement.database import open_database, writing
    from procurement.people import audit

    engine = open_database(db)
    with writing(engine) as connection:
        audit.record(connection, "exported", str(file), by=author(), **told)
    engine.dispose()
