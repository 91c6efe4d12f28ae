"""A throw-away PostgreSQL server on a socket of its own."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path


def find_programs() -> Path | None:
    """The folder with initdb and pg_ctl: on the PATH, else where Debian keeps them, newest first."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return Path(on_path).resolve().parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return kept[0].parent if kept else None


# What is lost when the machine stops does not matter here.
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"


@dataclass
class PostgreSQL:
    """Starts in `folder`, listens on a socket there and nowhere else."""

    programs: Path
    # Not below pytest's own folder: that one is closed to the user the server runs as.
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="vbp-postgresql-")))
    numbers: count = field(default_factory=count)
    template: str = ""

    def start(self) -> None:
        data = self.folder / "data"
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", data, "-U", "vbp", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' {CARELESS}"
        self._run("pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self) -> str:
        """The address of a fresh, empty database."""
        name = f"vbp{next(self.numbers)}"
        self._run("createdb", "-h", self.folder, "-U", "vbp", name)
        return f"postgresql://vbp@/{name}?host={self.folder}"

    def new_ledger(self) -> str:
        """The address of a fresh ledger without a row: a copy of one that was made once."""
        from procurement.database import open_database

        if not self.template:
            url = self.new_database()
            open_database(url).dispose()
            self.template = url.removeprefix("postgresql://vbp@/").split("?")[0]
        name = f"vbp{next(self.numbers)}"
        self._run("createdb", "-h", self.folder, "-U", "vbp", "-T", self.template, name)
        return f"postgresql://vbp@/{name}?host={self.folder}"

    def _run(self, program: str, *arguments: object) -> None:
        user = "postgres" if os.getuid() == 0 else None
        command = [str(self.programs / program), *map(str, arguments)]
        done = subprocess.run(command, user=user, capture_output=True, text=True, cwd=self.folder)
        assert done.returncode == 0, f"{program}: {done.stderr}{done.stdout}"
