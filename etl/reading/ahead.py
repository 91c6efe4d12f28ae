"""A front door of its own: the first file of an import is read while the rest of this program is loaded.

with reading_ahead(paths, kind, mapping) as reader:
    from etl.importing import import_files
    import_files(engine, paths, kind=kind, mapping=mapping, reader=reader)
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from etl.expanding import File, expanded
from etl.reading.start import Started

if TYPE_CHECKING:
    from etl.reading.process import ReadingProcess


@contextmanager
def reading_ahead(
    files: Iterable[File], kind: str | None, mapping: Mapping[str, str]
) -> Iterator["ReadingProcess"]:
    """A reading process that has begun with the first of the files that import_files will ask for."""
    first = next(expanded(files), None)
    started = None if first is None else Started()
    # Only now: it takes as long to load as the process takes to start.
    from etl.reading.process import ReadingProcess

    with ReadingProcess(started) as reader:
        if first is not None:
            reader.begin(first, kind, mapping)
        yield reader
