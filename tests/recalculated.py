"""Workbooks recalculated by LibreOffice: what a reader's own spreadsheet makes of our live formulas.

Every formula is computed anew, whatever value we stored beside it, in a profile of its own that is thrown
away afterwards. Tests that need it are marked with `needs_libreoffice` and say so where it is missing.
"""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

needs_libreoffice = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice (soffice) is not installed: the statement cannot be recalculated."
)

SECONDS = 120
"""Longest that one conversion may take; a cold start takes about five."""

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
  xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
# 0: always recalculate while loading


def recalculated(paths: list[Path], folder: Path) -> list[Path]:
    """The workbooks as LibreOffice saves them into `folder` after recalculating, in the same order."""
    return _converted(paths, folder, "xlsx")


def printed(paths: list[Path], folder: Path) -> list[Path]:
    """The workbooks as they would come out of a printer, recalculated: PDF files in `folder`."""
    return _converted(paths, folder, "pdf")


def _converted(paths: list[Path], folder: Path, kind: str) -> list[Path]:
    assert SOFFICE, "LibreOffice is not installed"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as profile:
        _write_settings(Path(profile))
        command = [SOFFICE, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", kind, "--outdir", str(folder), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    made = [folder / f"{path.stem}.{kind}" for path in paths]
    missing = [path.name for path in made if not path.exists()]
    assert not missing, f"LibreOffice made no {missing}"
    return made


def _write_settings(profile: Path) -> None:
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
