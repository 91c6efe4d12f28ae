"""The control figures: computed from the written lines in integers, apart from any reader."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sample_data.area import Area
from sample_data.catalogue import Batch, Product, Variety, pairs
from sample_data.city import Institution
from sample_data.exact import money_text
from sample_data.purchases import Line


@dataclass(frozen=True)
class Listing:
    """A product as one batch lists it, with its baseline in millionths of a yuan per base unit."""

    batch: Batch
    variety: Variety
    product: Product
    baseline_micro: int
    is_selected: bool


Listings = dict[str, list[Listing]]


def list_products(batches: list[Batch]) -> Listings:
    listings: Listings = defaultdict(list)
    for batch, variety in pairs(batches):
        for product in [*variety.products, *variety.substitutes]:
            listing = Listing(batch, variety, product, variety.baseline_of(product), product.is_selected)
            listings[product.code].append(listing)
    return dict(listings)


def listing_of(line: Line, listings: Listings) -> Listing | None:
    """Where the line belongs: selected before non-selected, then the latest execution date."""
    found = [
        listing for listing in listings.get(line.product.code, ())
        if listing.batch.start <= effective_day(line, listing.batch) <= listing.batch.end
    ]  # fmt: skip
    return max(found, key=lambda listing: (listing.is_selected, listing.batch.start), default=None)


def effective_day(line: Line, batch: Batch) -> date:
    """A line of a month counts as the 1st, or as the execution date in that month."""
    same_month = (line.day.year, line.day.month) == (batch.start.year, batch.start.month)
    return batch.start if line.month_only and same_month else line.day


@dataclass
class Tally:
    """Sums over lines; savings in millionths of a yuan, amounts in fen."""

    last_twelve_from: date
    lines: int = 0
    lines_in_batches: int = 0
    fen: int = 0
    fen_of: dict[str, int] = field(default_factory=lambda: {"selected": 0, "non_selected": 0})
    saving_of: dict[str, int] = field(default_factory=lambda: {"selected": 0, "non_selected": 0})
    saving_last_12_months: int = 0
    last_day: date = date.min

    def add(self, line: Line, listing: Listing | None) -> None:
        self.lines += 1
        self.fen += line.fen
        self.last_day = max(self.last_day, line.day)
        if listing is None:
            return
        kind = "selected" if listing.is_selected else "non_selected"
        saving = line.base_units * listing.baseline_micro - line.fen * 10_000
        self.lines_in_batches += 1
        self.fen_of[kind] += line.fen
        self.saving_of[kind] += saving
        if line.day >= self.last_twelve_from:
            self.saving_last_12_months += saving

    @property
    def saving(self) -> int:
        return sum(self.saving_of.values())


def tally_lines(lines: Iterable[Line], listings: Listings, area: Area) -> Tally:
    tally = new_tally(area)
    for line in lines:
        tally.add(line, listing_of(line, listings))
    return tally


def new_tally(area: Area) -> Tally:
    """The last day ends a December, so the last twelve full months are its calendar year."""
    assert (area.last_day.month, area.last_day.day) == (12, 31), area.last_day
    return Tally(last_twelve_from=date(area.last_day.year, 1, 1))


def known_figures(area: Area, batches: list[Batch], city: list[Institution], tally: Tally) -> dict[str, Any]:
    return {
        "city": area.city,
        "last_day": tally.last_day.isoformat(),
        "lines": tally.lines,
        "lines_in_batches": tally.lines_in_batches,
        "amount_total": money_text(tally.fen * 10_000),
        "amount_selected": money_text(tally.fen_of["selected"] * 10_000),
        "amount_non_selected": money_text(tally.fen_of["non_selected"] * 10_000),
        "saving_total": money_text(tally.saving),
        "saving_selected": money_text(tally.saving_of["selected"]),
        "saving_non_selected": money_text(tally.saving_of["non_selected"]),
        "saving_last_12_months": money_text(tally.saving_last_12_months),
        "drugs": figures_of(batches, "药品"),
        "consumables": figures_of(batches, "耗材"),
        "institutions": count_institutions(city),
        "named_varieties": named_varieties(batches),
        "named_products": named_products(batches),
    }


def figures_of(batches: list[Batch], category: str) -> dict[str, Any]:
    drops = [variety.drop for batch, variety in pairs(batches) if batch.category == category]
    names = {variety.name for batch, variety in pairs(batches) if batch.category == category}
    return {
        "batches": sum(batch.category == category for batch in batches),
        "batch_variety_pairs": len(drops),
        "varieties_by_name": len(names),
        "average_drop_simple": f"{float(sum(drops, Fraction(0)) / len(drops)):.6f}",
        "price_rises": sum(drop < 0 for drop in drops),
    }


def count_institutions(city: list[Institution]) -> dict[str, int]:
    kinds = ("医院", "基层医疗机构", "零售药店")
    counts = {kind: sum(row.kind == kind for row in city) for kind in kinds}
    return counts | {"连锁": len({row.chain for row in city if row.chain})}


NAMED = ("胰岛素注射液(笔芯)", "冠脉支架系统", "人工髋关节", "人工膝关节")


def named_varieties(batches: list[Batch]) -> dict[str, dict[str, str]]:
    """Mean baseline and mean award per base unit of the varieties that reports name."""
    return {
        variety.name: {
            "baseline": money_text(variety.baseline_micro),
            "award": money_text(mean_award(variety)),
            "average_drop_simple": f"{float(variety.drop):.6f}",
        }
        for _, variety in pairs(batches)
        if variety.name in NAMED
    }


def mean_award(variety: Variety) -> Fraction:
    awards = [
        Fraction(product.per_unit(product.award4)) / product.factor
        for product in variety.products
        if product.is_selected and product.award4 is not None
    ]
    return sum(awards, Fraction(0)) / len(awards)


def named_products(batches: list[Batch]) -> dict[str, dict[str, str]]:
    return {
        product.name: {
            "baseline": money_text(variety.baseline_of(product)),
            "award": money_text(product.per_unit(product.award4 or 0)),
            "drop": f"{float(variety.drop_of(product)):.6f}",
        }
        for _, variety in pairs(batches)
        for product in variety.products
        if product.name.endswith("(25R)")
    }
