"""One of several processes at a ledger: says when it is ready, waits for a line, does its work, says how it ended.

Arguments: the ledger's address, `load`, `preview` or `take_back`, and a workbook's path or an import's id.
"""

import sys
from pathlib import Path

from etl.importing import import_files
from etl.undoing import undo
from procurement.database import open_database


def main(url: str, act: str, what: str) -> None:
    engine = open_database(url)
    print("ready", flush=True)
    sys.stdin.readline()
    if act == "take_back":
        ended = [undo(engine, int(what), by="甲").status]
    else:
        (report,) = import_files(engine, [Path(what)], dry_run=act == "preview")
        ended = [problem.sentence() for problem in report.problems] + [report.status]
    print(ended[-1], *ended[:-1], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
