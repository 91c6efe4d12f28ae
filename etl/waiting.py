"""The files of one call on their way to the ledger: each file recognised in its process.

What a person said earlier of a file's headings (etl.mapping) is taken into account. Files wait for their turn
with their rows; beyond ROWS_HELD rows, a file is read again when it comes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from etl.expanding import File
from etl.headings import KINDS
from etl.mapping import mapping_for
from etl.reading.process import ReadingProcess
from etl.recognising import Recognised, name_of
from etl.register import read_register
from procurement.database import reading
from procurement.tables import HeadingMapping

ROWS_HELD = 300_000

Progress = Callable[[int, int, str], None]
"""Called with the files done, the files in all, and the name of the one that is worked on."""


@dataclass
class WaitingFiles:
    """Reads the files of one call; `said` is what the caller says of headings."""

    engine: Engine
    reader: ReadingProcess
    kind: str | None
    institution: str | None
    said: Mapping[str, str]
    scope: tuple[str, ...] | None = None

    def recognise_all(self, files: list[File], progress: Progress | None) -> list[tuple[File, Recognised]]:
        """Every file with what it is, in the given order; rows that are too many to hold are let go."""
        held, waiting = 0, []
        for file in files:
            if progress:
                progress(0, len(files), name_of(file))
            known = self.recognise(file)
            held += known.rows
            if held > ROWS_HELD and not known.is_stopped:
                known = replace(known, tables=[], problems=[])
            waiting.append((file, known))
        return waiting

    def complete(self, file: File, known: Recognised) -> Recognised:
        """A file whose rows were let go while it waited is read again."""
        return known if known.tables or known.problems else self.recognise(file)

    def recognise(self, file: File) -> Recognised:
        """What a file is; where something was said of its headings earlier, with that."""
        known = self.reader.recognise(file, self.kind, self.said)
        with reading(self.engine) as connection:
            earlier = self._said_earlier(connection, known)
        return self.reader.recognise(file, self.kind, {**earlier, **self.said}) if earlier else known

    def _said_earlier(self, connection: Connection, known: Recognised) -> dict:
        if connection.execute(select(col(HeadingMapping.id)).limit(1)).first() is None:
            return {}
        register = read_register(connection, self.scope)
        return mapping_for(connection, register, known, self.institution, self.kind)


def in_turn(waiting: list[tuple[File, Recognised]]) -> list[int]:
    """The numbers of the files in the order in which their kinds build on each other."""

    def turn(number: int) -> int:
        kind = waiting[number][1].kind
        return KINDS.index(kind) if kind in KINDS else len(KINDS)

    return sorted(range(len(waiting)), key=turn)
