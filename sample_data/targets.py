"""The published figures a city's rows must give; a miss stops the run."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sample_data.area import Area
from sample_data.figures import Tally

TOLERANCE_YUAN = 100_000
PUBLISHED_MEANS = {
    "胰岛素注射液(笔芯)": ("180.00", "70.00"),
    "冠脉支架系统": ("13000.00", "700.00"),
    "人工髋关节": ("35000.00", "7000.00"),
    "人工膝关节": ("32000.00", "5000.00"),
}


def target_of(area: Area) -> tuple[int, Callable[[Tally], int]]:
    """The wanted saving in millionths of a yuan, and how a tally measures it."""
    if "saving_total" in area.targets:
        return int(area.targets["saving_total"]) * 1_000_000, lambda tally: tally.saving
    return int(area.targets["saving_last_12_months"]) * 1_000_000, lambda tally: tally.saving_last_12_months


def check_targets(area: Area, figures: dict[str, Any]) -> None:
    misses = [*missed_savings(area, figures), *missed_counts(area, figures), *missed_means(figures)]
    if figures["last_day"] != area.last_day.isoformat():
        misses.append(f"last day {figures['last_day']}")
    if misses:
        raise SystemExit(f"{area.key} misses its figures: " + "; ".join(misses))


def missed_savings(area: Area, figures: dict[str, Any]) -> list[str]:
    return [
        f"{name} {figures[name]}, wanted {area.targets[name]}"
        for name in ("saving_total", "saving_last_12_months")
        if name in area.targets and abs(Decimal(figures[name]) - Decimal(area.targets[name])) > TOLERANCE_YUAN
    ]


def missed_counts(area: Area, figures: dict[str, Any]) -> list[str]:
    found: dict[str, str] = {}
    for kind, own in (("drug", figures["drugs"]), ("consumable", figures["consumables"])):
        found[f"{kind}_batches"] = str(own["batches"])
        found[f"{kind}_pairs"] = str(own["batch_variety_pairs"])
        found[f"{kind}_drop"] = f"{Decimal(own['average_drop_simple']):.3f}"
    return [
        f"{name} {found[name]}, wanted {wanted}"
        for name, wanted in area.targets.items()
        if name in found and found[name] != str(wanted)
    ]


def missed_means(figures: dict[str, Any]) -> list[str]:
    return [
        f"{name} {prices['baseline']} → {prices['award']}"
        for name, prices in figures["named_varieties"].items()
        if (prices["baseline"], prices["award"]) != PUBLISHED_MEANS[name]
    ]
