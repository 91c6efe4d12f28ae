"""What an import is given → its files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

NamedBytes = tuple[str, bytes]
File = str | Path | NamedBytes

ENDINGS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".csv"}
"""File name endings that a folder is searched for; a file named alone may have any."""


def expanded(files: Iterable[File]) -> Iterator[File]:
    """Folders become the workbooks inside, by name; lock files of an open Excel (~$) are none."""
    for file in files:
        if isinstance(file, tuple) or not Path(file).is_dir():
            yield file
            continue
        for path in sorted(Path(file).iterdir()):
            if path.is_file() and path.suffix.lower() in ENDINGS and not path.name.startswith(("~$", ".")):
                yield path
