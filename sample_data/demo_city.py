"""A whole city: all that is known before its purchases, the search for its scale, the writing of its set."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sample_data.agreements import Agreements, payment_ratios
from sample_data.area import Area
from sample_data.batches import build_batches
from sample_data.catalogue import Batch
from sample_data.city import Institution, build_city
from sample_data.demand import Need, Scale, list_needs
from sample_data.figures import Listings, Tally, known_figures, list_products, listing_of, new_tally
from sample_data.lists import batch_rows, institution_rows, read_list_layouts, substitute_rows
from sample_data.purchases import Buyer, Line, lines_of
from sample_data.reports import Report, list_reports, write_report
from sample_data.sharing import sharing_rows
from sample_data.targets import target_of
from sample_data.workbooks import Row, write_list

# A search hits the target saving to about one hip joint; what remains is far below the tolerance.
CLOSE_ENOUGH = 20_000 * 1_000_000


@dataclass(frozen=True)
class City:
    """All that is known of a city before its purchases are drawn."""

    area: Area
    size: Scale
    batches: list[Batch]
    institutions: list[Institution]
    needs: list[Need]
    listings: Listings
    reports: list[Report]


def build(area: Area, size: Scale, split_groups: bool = False) -> City:
    batches, institutions = build_batches(area), build_city(area)
    reports = list_reports(area, institutions, split_groups)
    return City(area, size, batches, institutions, list_needs(batches, area), list_products(batches), reports)


def draw_lines(city: City, report: Report, scale: float) -> list[Line]:
    return [
        line for row in report.institutions for line in lines_of(buyer(city, row, report), city.area, scale)
    ]


def buyer(city: City, row: Institution, report: Report) -> Buyer:
    """The big hospitals share out all needs, so that no variety of the city stays unbought."""
    big = [other for other in city.institutions if other.is_big]
    own = city.needs[big.index(row) :: len(big)] if row.is_big else []
    return Buyer(row, own, city.needs, city.size.of(row), report.style)


def find_scale(city: City) -> float:
    """The scale of purchases at which the city saves what it published; savings grow nearly in line."""
    scale, wanted, measure = city.area.base_scale, *target_of(city.area)
    for _ in range(12):
        tally = new_tally(city.area)
        for report in city.reports:
            for line in draw_lines(city, report, scale):
                tally.add(line, listing_of(line, city.listings))
        found = measure(tally)
        if abs(found - wanted) <= CLOSE_ENOUGH:
            break
        scale *= wanted / found
    return scale


def write_city(city: City, folder: Path, scale: float, big: bool = False) -> dict[str, Any]:
    tally, agreements = new_tally(city.area), Agreements(city.area)
    write_catalogue(city, folder)
    for report in city.reports:
        lines = draw_lines(city, report, scale)
        for line in lines:
            listing = listing_of(line, city.listings)
            tally.add(line, listing)
            agreements.add(line, listing)
        write_report(report, lines, folder, city.area, big)
    write_agreements(city, agreements, folder)
    return write_figures(city, tally, folder)


def write_catalogue(city: City, folder: Path) -> None:
    national = [batch for batch in city.batches if batch.category == "药品" and batch.level == "国家组织"]
    other = [batch for batch in city.batches if batch.category == "药品" and batch.level != "国家组织"]
    consumables = [batch for batch in city.batches if batch.category == "耗材"]
    for kind, rows in (
        ("institutions", institution_rows(city.institutions)),
        ("drugs_national", batch_rows(national)),
        ("drugs_other", batch_rows(other)),
        ("consumables", batch_rows(consumables)),
        ("substitutes", substitute_rows(city.batches)),
    ):
        write_kind(city, folder, kind, rows)


def write_agreements(city: City, agreements: Agreements, folder: Path) -> None:
    volumes = agreements.volumes()
    for kind, category in (("agreed_drugs", "药品"), ("agreed_consumables", "耗材")):
        write_kind(city, folder, kind, [row for batch, row in volumes if batch.category == category])
    write_kind(city, folder, "assessments", agreements.assessments(volumes))
    write_kind(city, folder, "ratios", payment_ratios(city.institutions, city.batches, city.area))
    write_kind(city, folder, "sharing", sharing_rows(city.institutions))


def write_kind(city: City, folder: Path, kind: str, rows: list[Row]) -> None:
    words = {"city": city.area.city, "province": city.area.province}
    write_list(folder, read_list_layouts()[kind], rows, words)


def write_figures(city: City, tally: Tally, folder: Path) -> dict[str, Any]:
    figures = known_figures(city.area, city.batches, city.institutions, tally)
    text = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
    (folder / "known_figures.json").write_text(text, encoding="utf-8")
    return figures
