"""A backup: made while others work, examined before it takes its name, told in the trail.

    back_up(engine, Path("vbp-2026-11-29.db"), by="zhang") → Backup(file=…, examined=Examined(head="9f…", …))

Whoever keeps the `head` elsewhere can tell later whether the end of the trail was cut off.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from procurement.database import writing
from procurement.keeping.copying import copy_out
from procurement.keeping.examining import Examined, NotKept, examined
from procurement.language import N_, _
from procurement.people import audit

THERE_ALREADY = N_("文件“{file}”已存在，没有备份。请换一个文件名，或加 --force 覆盖它。")
IS_THE_LEDGER = N_("文件“{file}”就是数据库本身，不能作为备份。请换一个文件名。")


@dataclass(frozen=True)
class Backup:
    """A backup in `file`, its size in bytes and what it was found to be."""

    file: Path
    size: int
    examined: Examined


def back_up(engine: Engine, file: Path, *, by: str, is_forced: bool = False) -> Backup:
    """Copy the ledger into `file`; NotKept where that is there (unless forced) or cannot be read back.

    What the check finds does not stop a backup: who must mend a ledger wants a copy first.
    """
    _refuse_target(engine, file, is_forced)
    with new_file(file) as work:
        copy_out(engine, work)
        found = examined(work, file.name)
    with writing(engine) as connection:
        words = {"head": found.head, "imports": found.imports, "lines": found.lines}
        audit.record(connection, "backed-up", file.name, by=by, **words, findings=len(found.findings))
    return Backup(file, file.stat().st_size, found)


def _refuse_target(engine: Engine, file: Path, is_forced: bool) -> None:
    ledger = engine.url.database if engine.dialect.name == "sqlite" else None
    if ledger and file.exists() and Path(ledger).exists() and file.samefile(ledger):
        raise NotKept(_(IS_THE_LEDGER).format(file=file))
    if file.exists() and not is_forced:
        raise NotKept(_(THERE_ALREADY).format(file=file))


def copy_beside(engine: Engine, folder: Path, why: str) -> Path:
    """A copy of the ledger as it is, of whatever version and however sound, before it is changed."""
    file = name_beside(folder, engine, why)
    with new_file(file) as work:
        copy_out(engine, work)
    return file


def name_beside(folder: Path, engine: Engine, why: str) -> Path:
    """A name in `folder` that nothing has: vbp.before-restore-20261129T190648Z.db."""
    stem = Path(str(engine.url.database)).stem
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (
        folder / f"{stem}.before-{why}-{at}{more}.db" for more in chain([""], (f"-{n}" for n in count(2)))
    )
    return next(name for name in names if not name.exists())


@contextmanager
def new_file(file: Path) -> Iterator[Path]:
    """A name to write to in a closed folder beside `file`, which it becomes at the end; nothing stays of it
    where that is not reached. Only its owner may read it."""
    with TemporaryDirectory(prefix=".vbp-", dir=file.absolute().parent) as folder:
        work = Path(folder) / "ledger.db"
        yield work
        work.chmod(0o600)
        with work.open("rb") as written:
            os.fsync(written.fileno())
        work.replace(file)
