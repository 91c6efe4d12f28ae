"""Start the process that reads foreign files; a module that itself loads nothing.

Our side needs longer to load the ledger's libraries than the process needs to be ready: started first, the
two load beside each other.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).parent.parent.parent


class Started:
    """The process; `said` holds what it says of its own troubles."""

    def __init__(self) -> None:
        # One thread for each library: every further one takes address space that the limit counts.
        single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])])
        self.said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
        self.process = subprocess.Popen(
            # -P: a module that lies in the working folder is not ours.
            [sys.executable, "-P", "-m", "etl.reading.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            env={**os.environ, **single, "PYTHONPATH": path},
        )
