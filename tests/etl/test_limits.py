"""The limits: each has a sentence and a reason, and is set where the system is run."""

import tomllib

import pytest

from etl.limits import FILE, limit, megabytes

LIMITS = tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_has_a_unit_and_a_reason(name):
    about = LIMITS[name]
    assert about["title"] and about["unit"] and about["reason"]
    assert limit(name) == about["value"] > 0


def test_the_environment_goes_before_the_file_and_that_before_ours(monkeypatch, tmp_path):
    own = tmp_path / "limits.toml"
    own.write_text("seconds = 7\n[columns]\nvalue = 9\n")
    monkeypatch.setenv("VBP_LIMITS", str(own))
    assert (limit("seconds"), limit("columns"), limit("members")) == (7, 9, 2000)
    monkeypatch.setenv("VBP_LIMIT_SECONDS", "8")
    assert (limit("seconds"), limit("columns")) == (8, 9)
    monkeypatch.setenv("VBP_LIMIT_SECONDS", "soon")  # no number: as if it were not there
    assert limit("seconds") == 7


def test_megabytes_are_given_in_bytes(monkeypatch):
    monkeypatch.setenv("VBP_LIMIT_FILE_MEGABYTES", "3")
    assert megabytes("file_megabytes") == 3_000_000
