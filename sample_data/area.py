"""What is different from one demo city to the next: names/<key>.toml, read into one record."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Area:
    key: str
    city: str
    province: str
    city_code: str
    seed: str
    first_day: date
    last_day: date
    pharmacies_join: date
    districts: list[list[str]]
    file_groups: list[list[str]]  # districts that report together, one workbook each
    chains: list[list[Any]]
    primary_per_district: int
    base_scale: float
    big_hospitals: list[list[Any]]
    small_hospitals: list[str]
    targets: dict[str, Any]
    weights: dict[str, float]
    batches: list[dict[str, Any]]

    @property
    def months(self) -> int:
        years = self.last_day.year - self.first_day.year
        return years * 12 + self.last_day.month - self.first_day.month + 1


def read_area(key: str) -> Area:
    path = Path(__file__).parent / "names" / f"{key}.toml"
    return Area(**tomllib.loads(path.read_text(encoding="utf-8")))
