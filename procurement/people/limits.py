"""The numbers of limits.toml."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """How long a sign-in holds, what a password must be, how often one may be wrong, how much is uploaded."""

    idle_minutes: int
    longest_hours: int
    password_least_length: int
    password_most_length: int
    window_minutes: int
    failures_of_account: int
    failures_of_origin: int
    uploads_held_megabytes: int

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        return timedelta(hours=self.longest_hours)

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.window_minutes)


LIMITS = Limits(**tomllib.loads((Path(__file__).parent / "limits.toml").read_text(encoding="utf-8")))
