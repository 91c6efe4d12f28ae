"""A ledger that an earlier released version made becomes one of this version, or stays as it was.

    migrate(engine, by="zhang") → Migrated(before="0.2.0", after="0.4.0", months=812)

All steps, the grain and the roll-ups built anew, the check of everything and the entry in the trail are one
transaction: where any of it fails, nothing has happened. Whoever calls keeps a copy first
(procurement.keeping).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from procurement.checking import check
from procurement.database import has_tables, reading, take_turn
from procurement.language import N_, _
from procurement.ledger import rebuild_everything
from procurement.ledger_version import HEAD, LATER, REVISIONS, UNKNOWN, first_lacking, revision_of
from procurement.people import audit

NO_LEDGER = N_("这里没有数据库，不需要升级。")
NOT_SOUND = N_("升级后核验发现问题，已全部撤回，数据库没有变动：{says}")


class NotMigrated(LookupError):
    """The ledger stays as it was; the sentence says why."""


@dataclass(frozen=True)
class Migrated:
    """From which version to which, and how many rows the monthly purchases are now."""

    before: str
    after: str = HEAD
    months: int = 0

    @property
    def is_done(self) -> bool:
        """Whether there was anything to do."""
        return self.before != self.after


def version_to_migrate(engine: Engine) -> str:
    """The version of the tables, if there is a way from it to this one; else NotMigrated."""
    with reading(engine) as connection:
        if not has_tables(connection):
            raise NotMigrated(_(NO_LEDGER))
        made = revision_of(connection)
        if made is None:
            raise NotMigrated(_(UNKNOWN).format(lacking=first_lacking(connection)))
    if made not in REVISIONS:
        raise NotMigrated(_(LATER).format(made=made, own=HEAD))
    return made


def migrate(engine: Engine, *, by: str) -> Migrated:
    """Take every step from the ledger's version to this one; NotMigrated where it cannot be done."""
    made = version_to_migrate(engine)
    with _altering(engine) as connection:
        _upgrade(connection, made)
        if made == HEAD:
            return Migrated(made)
        months = rebuild_everything(connection)
        if findings := check(connection):
            raise NotMigrated(_(NOT_SOUND).format(says=findings[0].says))
        audit.record(connection, "migrated", HEAD, by=by, before=made)
    return Migrated(made, months=months)


@contextmanager
def _altering(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables are remade.

    SQLite remakes a table by dropping it, which its references would forbid: they are not enforced meanwhile,
    and checked before the end (procurement.checking).
    """
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        driver = connection.connection.driver_connection
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                take_turn(connection)
                yield connection
        finally:
            if is_sqlite:
                driver.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]


def _upgrade(connection: Connection, made: str) -> None:
    config = Config()
    config.set_main_option("script_location", "procurement:migrations")
    config.attributes["connection"] = connection
    command.stamp(config, made)  # a ledger that does not say its version learns it
    command.upgrade(config, HEAD)
