"""What was agreed, judged and paid: agreed volumes, assessment scores, fund payment ratios.

Agreed volumes are set back from what was bought, so that every state of completion occurs.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from sample_data.area import Area
from sample_data.catalogue import Batch, Product, Variety
from sample_data.city import Institution
from sample_data.exact import half_up
from sample_data.figures import Listing, effective_day
from sample_data.purchases import COUNTED, Line
from sample_data.workbooks import Row

Key = tuple[Institution, Batch, Variety, int]


@dataclass
class Bought:
    """Of one institution, batch, variety and agreement year; equivalents are base units × strength factor."""

    selected_equivalents: Fraction = Fraction(0)
    selected_fen: int = 0
    other_fen: int = 0


class Agreements:
    """Collects lines, then writes what a city would have agreed before them."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self.bought: dict[Key, Bought] = defaultdict(Bought)

    def add(self, line: Line, listing: Listing | None) -> None:
        if listing is None or line.institution.kind == "零售药店":
            return
        year = agreement_year(listing.batch, effective_day(line, listing.batch))
        sums = self.bought[line.institution, listing.batch, listing.variety, year]
        if listing.is_selected:
            sums.selected_equivalents += line.base_units * listing.product.factor
            sums.selected_fen += line.fen
        else:
            sums.other_fen += line.fen

    def volumes(self) -> list[tuple[Batch, Row]]:
        rows = []
        for (institution, batch, variety, year), sums in self.bought.items():
            rng = Random(f"{institution.code}:{batch.name}:{variety.name}:{year}")
            # One in twelve was never agreed: the software has to say 未配置.
            unset = rng.random() < 0.08 or sums.selected_equivalents <= 0 or not self.is_covered(batch, year)
            if not unset:
                rows.append((batch, self.volume(institution, batch, variety, year, sums, rng)))
        return rows

    def is_covered(self, batch: Batch, year: int) -> bool:
        """Agreement years that mostly lie before the first purchases are left out."""
        start, end = year_dates(batch, year)
        return (end - max(start, self.area.first_day)).days * 2 >= (end - start).days

    def volume(
        self, institution: Institution, batch: Batch, variety: Variety, year: int, sums: Bought, rng: Random
    ) -> Row:
        completion = self.draw_completion(batch, year, sums, rng)
        agreed = rounded(sums.selected_equivalents * 100 / completion)
        reported = reported_for(agreed, variety)
        row: Row = {
            "institution": institution.code, "institution_name": institution.name, "batch": batch.name,
            "variety": variety.name, "year": year,
        }  # fmt: skip
        return row | in_some_unit(reported, agreed, variety, rng)

    def draw_completion(self, batch: Batch, year: int, sums: Bought, rng: Random) -> int:
        """In per cent: what the bought volume shall be of the agreed one on the last day."""
        elapsed = self.time_progress(batch, year)
        if sums.other_fen > sums.selected_fen:
            return elapsed + rng.randint(5, 20)  # reported too little: the surplus turns negative
        state = rng.choices(("ahead", "on track", "at risk", "behind"), (40, 36, 8, 16))[0]
        if elapsed == 100:
            low, high = {"ahead": (105, 140), "on track": (100, 106), "at risk": (91, 98)}.get(
                state, (60, 88)
            )
            return rng.randint(low, high)
        if state == "ahead":
            return elapsed + rng.randint(11, 30)
        if state == "behind" and elapsed > 20:
            return max(5, elapsed - rng.randint(11, 35))
        # Slightly above the pace still ends on target, slightly below does not.
        low, high = (106, 116) if state == "on track" else (86, 94)
        return max(2, min(elapsed + 9, elapsed * rng.randint(low, high) // 100))

    def time_progress(self, batch: Batch, year: int) -> int:
        """Days elapsed of the agreement year on the last day, in per cent."""
        start, end = year_dates(batch, year)
        days = (end - start).days + 1
        return 100 * min((self.area.last_day - start).days + 1, days) // days

    def assessments(self, rows: list[tuple[Batch, Row]]) -> list[Row]:
        """One score for each institution, batch and agreement year; three in a hundred are missing."""
        fields = ("institution", "institution_name", "batch", "year")
        judged = {tuple(row[field] for field in fields) for _, row in rows}
        scored = []
        for key in sorted(judged, key=str):
            rng = Random(f"score:{key}")
            if rng.random() >= 0.03:
                scored.append(dict(zip(fields, key, strict=True)) | {"score": draw_score(rng)})
        return scored


def draw_score(rng: Random) -> Decimal:
    low, high = rng.choices(((90, 99), (80, 89), (60, 79), (42, 59)), (58, 26, 12, 4))[0]
    return Decimal(rng.randint(low * 2, high * 2)) / 2


def agreement_year(batch: Batch, day: date) -> int:
    """Twelve months from the execution date, numbered from 1."""
    passed = day.year - batch.start.year - ((day.month, day.day) < (batch.start.month, batch.start.day))
    return passed + 1


def year_dates(batch: Batch, year: int) -> tuple[date, date]:
    start = batch.start.replace(year=batch.start.year + year - 1)
    return start, start.replace(year=start.year + 1) - timedelta(days=1)


def rounded(units: Fraction) -> int:
    """Volumes are agreed in round numbers: to 100 from 5000, to 10 from 200."""
    step = 100 if units >= 5000 else 10 if units >= 200 else 1
    return max(1, half_up(units / step) * step)


def reported_for(agreed: int, variety: Variety) -> int:
    """Rounded up, so that no agreed volume passes its share of the reported one."""
    return -(-agreed * 10 // variety.agreed_tenths)


def in_some_unit(reported: int, agreed: int, variety: Variety, rng: Random) -> Row:
    """In base units of the main strength, in 万片, or in packs of one product."""
    draw, only = rng.random(), sole_product(variety)
    if draw < 0.15 and only is not None and only.pack > 1 and agreed >= 20 * only.pack:
        packs = agreed // only.pack
        total = reported_for(packs, variety)
        return {"product": only.code, "reported": total, "agreed": packs, "unit": "盒"}
    if draw < 0.4 and variety.unit in COUNTED and agreed >= 5000:
        amounts = Decimal(reported) / 10_000, Decimal(agreed) / 10_000
        return {"reported": amounts[0], "agreed": amounts[1], "unit": COUNTED[variety.unit]}
    return {"reported": reported, "agreed": agreed, "unit": variety.unit}


def sole_product(variety: Variety) -> Product | None:
    awarded = variety.awarded
    return awarded[0] if len(awarded) == 1 and awarded[0].factor == 1 else None


RATIOS = {"三级": "0.65", "二级": "0.70", "一级": "0.80", "未定级": "0.85"}


def payment_ratios(city: list[Institution], batches: list[Batch], area: Area) -> list[Row]:
    """The area's ratio, half of the institutions' own, a few by batch, and three that change later."""
    begin = min(batch.start for batch in batches).replace(month=1, day=1)
    rows: list[Row] = [{"ratio": "70%", "from": begin}]
    payers = [row for row in city if row.kind != "零售药店"]
    for row in payers[::2]:
        ratio = Decimal(RATIOS[row.level])
        rows.append({"institution": row.code, "ratio": ratio, "from": begin})
    for row in payers[:6:2]:
        later = f"{int(Decimal(RATIOS[row.level]) * 100) + 3}%"
        rows.append({"institution": row.code, "ratio": later, "from": date(area.last_day.year, 1, 1)})
    for row, batch in zip(payers[:12], batches[::2], strict=False):
        rows.append({"institution": row.code, "batch": batch.name, "ratio": "75%", "from": begin})
    return rows
