"""Yearly budgets beside volume-based procurement (总额包干); everything here is invented.

Of each district two health centres and their clinics are paid by head; the first big hospitals have global
budgets, some small hospitals a controlled budget: one of them overruns it, one has not told its last year.
"""

from decimal import Decimal
from random import Random

from sample_data.city import Institution
from sample_data.workbooks import Row

YEARS = (2020, 2021, 2022)
PER_HEAD = 50
CENTRES_PER_DISTRICT, GLOBAL_BUDGETS, CONTROLLED_BUDGETS = 2, 4, 5
SYNTHETIC = "合成数据"


def sharing_rows(city: list[Institution]) -> list[Row]:
    big = [row for row in city if row.is_big][:GLOBAL_BUDGETS]
    small = [row for row in city if row.kind == "医院" and not row.is_big and row.ownership == "公立"]
    return [*_by_head(city), *_global_budgets(big), *_controlled(small[:CONTROLLED_BUDGETS])]


def _by_head(city: list[Institution]) -> list[Row]:
    rows: list[Row] = []
    for centre in _centres(city):
        rng = Random(f"sharing:{centre.code}")
        clinics = [row for row in city if row.parent == centre.code]
        for member in (centre, *clinics):
            enrolled = rng.randint(2_500, 9_000) if member is centre else rng.randint(400, 1_800)
            for year in YEARS:
                enrolled += rng.randint(-60, 90)
                spending = _fen(rng, enrolled * PER_HEAD, 84, 117)
                rows.append(_row(member, year, "按人头包干", spending, persons=enrolled))
    return rows


def _centres(city: list[Institution]) -> list[Institution]:
    """Health centres that have clinics, the first of each district."""
    parents = {row.parent for row in city if row.parent}
    found: list[Institution] = []
    for row in city:
        of_district = sum(other.district == row.district for other in found)
        if row.code in parents and of_district < CENTRES_PER_DISTRICT:
            found.append(row)
    return found


def _global_budgets(hospitals: list[Institution]) -> list[Row]:
    """The budgets of two years are stated; those after them follow from what was spent."""
    rows: list[Row] = []
    for hospital in hospitals:
        rng = Random(f"sharing:{hospital.code}")
        yearly = int(hospital.size * 180_000_000)
        for number, year in enumerate((2019, *YEARS)):
            budget = Decimal(yearly // 10_000 * 10_000) if number < 2 else None
            rows.append(_row(hospital, year, "总额预算", _fen(rng, yearly, 93, 107), budget=budget))
            yearly = yearly * rng.randint(101, 107) // 100
    return rows


def _controlled(hospitals: list[Institution]) -> list[Row]:
    rows: list[Row] = []
    for place, hospital in enumerate(hospitals):
        rng = Random(f"sharing:{hospital.code}")
        budget = int(hospital.size * 150_000_000) // 10_000 * 10_000
        for year in YEARS:
            overruns = place == 1 and year == YEARS[-1]
            told = place != len(hospitals) - 1 or year != YEARS[-1]
            spending = _fen(rng, budget, 112, 118) if overruns else _fen(rng, budget, 92, 103)
            rows.append(_row(hospital, year, "总额控制", spending if told else None, budget=Decimal(budget)))
    return rows


def _fen(rng: Random, amount: int, low: int, high: int) -> Decimal:
    """`low` to `high` per cent of an amount of yuan, to the fen."""
    return Decimal(amount * rng.randint(low * 100, high * 100) // 100) / 100


def _row(
    institution: Institution,
    year: int,
    scheme: str,
    spending: Decimal | None,
    persons: int | None = None,
    budget: Decimal | None = None,
) -> Row:
    return {
        "institution": institution.code,
        "institution_name": institution.name,
        "year": year,
        "scheme": scheme,
        "persons": persons,
        "budget": budget,
        "spending": spending,
        "source": SYNTHETIC,
    }
