"""What is different from one demo city to the next: names/<key>.toml, read into one record."""

import tomllib
from dataclasses import dataclass, replace
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
    small_hospital_size: list[float]  # from, to: shares of the largest hospital's demand
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


def enlarged(area: Area, copies: int) -> Area:
    """The same city with `copies` times as many institutions, for measuring."""
    numbers = range(1, copies + 1)
    big = [[name + mark(n, "院区"), *rest] for n in numbers for name, *rest in area.big_hospitals]
    return replace(
        area,
        big_hospitals=big,
        small_hospitals=[kind + mark(n, "分院") for n in numbers for kind in area.small_hospitals],
        chains=[[chain + mark(n, "区"), stores] for n in numbers for chain, stores in area.chains],
        primary_per_district=area.primary_per_district * copies,
    )


def mark(n: int, word: str) -> str:
    return "" if n == 1 else f"({n}{word})"
