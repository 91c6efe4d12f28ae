"""A backup put back: into an empty ledger, or in the place of one that is kept beside it first.

    restore(Path("vbp-2026-11-29.db"), "sqlite:///var/vbp.db", by="zhang", is_replacing=True)

All is made ready in a copy of the backup: examined, brought to this version, every sign-in ended, the trail
told. Only then is the ledger touched, in one transaction.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, update
from sqlalchemy.engine import make_url
from sqlmodel import col

from procurement.checking import check
from procurement.database import connecting, make_tables, with_driver, writing
from procurement.keeping.copying import address, copy_file, copy_pages, opened, replace_rows
from procurement.keeping.examining import Examined, NotKept, examined, reading_foreign
from procurement.keeping.present import Present, keep_present
from procurement.language import N_, _
from procurement.ledger_version import HEAD
from procurement.migrating import migrate
from procurement.people import audit
from procurement.tables import SignIn

NOT_SOUND = N_("备份“{file}”经核验有{count}个问题，没有恢复：{says}如仍要恢复，请加 --force。")
NOT_THE_SAME = N_("写入数据库后核验的结果与备份不同，已全部撤回：{says}")


@dataclass(frozen=True)
class Restored:
    """`made`: the version of the backup; `kept`: the copy of what was there before, if anything was."""

    made: str
    examined: Examined
    kept: Path | None = None


def restore(
    file: Path, url: str, *, by: str, is_replacing: bool = False, is_forced: bool = False
) -> Restored:
    """Put the backup in the place of the ledger at `url`; NotKept, and nothing changed, where that fails."""
    engine = connecting(with_driver(make_url(url)))
    folder = _folder(engine, file)
    try:
        with TemporaryDirectory(prefix=".vbp-", dir=folder) as closed:
            work = Path(closed) / "ledger.db"
            made, found = _copied(file, work, by)
            _refuse_unsound(found, file, is_forced)
            present = keep_present(engine, folder, is_replacing)
            _end_sign_ins(work, file, present, by)
            _put(work, engine, found)
        return Restored(made, found, present.kept)
    finally:
        engine.dispose()


def _folder(engine: Engine, file: Path) -> Path:
    """Where copies are made and what was there is kept: beside a SQLite ledger, else beside the backup."""
    if engine.dialect.name != "sqlite":
        return file.absolute().parent
    folder = Path(str(engine.url.database)).absolute().parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _copied(file: Path, work: Path, by: str) -> tuple[str, Examined]:
    """A copy of the backup, brought to this version: which version it was, and what the copy is now."""
    file.open("rb").close()  # a file that is not there, or may not be read, says so by its own name
    with reading_foreign(file.name):
        copy_file(file, work)
    found = examined(work, file.name)
    if found.version == HEAD:
        return HEAD, found
    engine = connecting(address(work))
    try:
        migrate(engine, by=by)
    finally:
        engine.dispose()
    return found.version, examined(work, file.name)


def _refuse_unsound(found: Examined, file: Path, is_forced: bool) -> None:
    if found.findings and not is_forced:
        words = {"file": file.name, "count": len(found.findings), "says": found.findings[0].says}
        raise NotKept(_(NOT_SOUND).format(**words))


def _end_sign_ins(work: Path, file: Path, present: Present, by: str) -> None:
    """Nobody stays signed in by what the ledger knew then; the trail tells what was put in whose place."""
    engine = connecting(address(work))
    with writing(engine) as connection:
        at = datetime.now(UTC).replace(microsecond=0)
        ended = connection.execute(update(SignIn).where(col(SignIn.ended_at).is_(None)).values(ended_at=at))
        kept = present.kept.name if present.kept else ""
        words = {"kept": kept, "replaced_head": present.head, "sign_ins": ended.rowcount}
        audit.record(connection, "restored", file.name, by=by, **words)
    engine.dispose()


def _put(work: Path, engine: Engine, found: Examined) -> None:
    if engine.dialect.name == "sqlite":
        engine.dispose()
        with closing(sqlite3.connect(work)) as source:
            copy_pages(source, Path(str(engine.url.database)))
        return
    make_tables(engine)
    with opened(work) as source, writing(engine) as target:
        replace_rows(source, target)
        more = set(check(target)) - set(found.findings)
        if more:
            raise NotKept(_(NOT_THE_SAME).format(says=min(finding.says for finding in more)))
