"""Volume guidance (报量参考): a proposed reported volume for the next agreement year, from months of use.

    use              = equivalent units of all listed products of the variety, selected and non-selected, in
                       whole months up to the measuring day, whatever the date: before the batch too
    season of month  = mean over the full years of (use of the month ÷ monthly mean of its year); Σ = 12
    growth           = last 12 months ÷ the 12 before − 1, held within bounds (policy), × damping (policy)
    forecast of month = (last 12 months ÷ 12) × season × (1 + growth × distance ÷ 12); distance in months
                       from the middle of the last 12 months to the middle of that month
    proposed         = Σ forecast over the 12 months of the next agreement year
    range            = proposed ± z × √(24 × mean square residual): 12 months ahead, and a level that is known
                       from 12 months; residual = use − monthly mean of its year × season, 11 × (years − 1)
                       degrees of freedom; z by the confidence (policy)

History counts from the first month of use: what lies before may as well not be loaded. With fewer months than
two years there is neither season nor growth (residuals from the mean of the last 12 months), with fewer than
the least (policy) no proposal. Returns are netted in the month that they are dated in; a month that is
negative counts as none in the season. Units are millionths of a base unit of main strength, exact fractions
inside; the proposal is rounded once, to whole base units, half away from zero, the range outward.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import isqrt, prod

import pandas as pd

from procurement.money import UNIT_SCALE, divide
from procurement.periods import add_months
from procurement.policies.guidance import GuidanceTerms

YEAR = 12


@dataclass(frozen=True)
class Season:
    """What of a year each calendar month takes: parts ÷ whole is its index, 1 for a month like the mean.

    Whole numbers over one denominator: fractions of their own would take most of the time of a city."""

    parts: Mapping[int, int]
    whole: int

    def index(self, month: date) -> Fraction:
        return Fraction(self.parts[month.month], self.whole)


EVEN = Season(dict.fromkeys(range(1, 13), 1), 1)


@dataclass(frozen=True)
class Proposal:
    """A proposal with its working; figures in millionths of a base unit, empty where there is none.

    `use` from the first month of use on, oldest first, up to `last_month`; `growth` as it was, `held_growth`
    as it counts; `forecast` a pair per month of the next agreement year.
    """

    last_month: date
    use: tuple[int, ...]
    season: Season | None = None
    growth: Fraction | None = None
    held_growth: Fraction | None = None
    forecast: tuple[tuple[date, Fraction], ...] = ()
    proposed: int | None = None
    low: int | None = None
    high: int | None = None
    reason: str = ""

    @property
    def months(self) -> list[date]:
        return [add_months(self.last_month, at + 1 - len(self.use)) for at in range(len(self.use))]

    @property
    def total(self) -> Fraction:
        """The forecast of the year, before it is rounded."""
        return sum((amount for _month, amount in self.forecast), Fraction(0))


NO_USE, TOO_SHORT, SHORT = "no_recent_use", "history_too_short", "history_short"


def propose(use: Sequence[int], last_month: date, first: date, terms: GuidanceTerms) -> Proposal:
    """The proposal for the 12 months from `first` (a month) on; `use` by month up to `last_month`."""
    begun = next((at for at, units in enumerate(use) if units), len(use))
    known = tuple(use[begun:][-terms.history_months :])
    years = _years(known)
    if not any(known) or (years and sum(years[-1]) <= 0):
        return Proposal(last_month, known, reason=NO_USE)
    if len(known) < max(terms.least_months, YEAR):
        return Proposal(last_month, known, reason=TOO_SHORT)
    if len(years) < 2:
        return _with_range(Proposal(last_month, known, reason=SHORT), years, EVEN, first, terms)
    season, growth = _season(years, last_month), _growth(years)
    held = _held(growth, terms)
    base = Proposal(last_month, known, season, growth, held)
    return _with_range(base, years, season, first, terms)


def _years(known: Sequence[int]) -> list[Sequence[int]]:
    """Full years of twelve months, the last one ending with the last month."""
    count = len(known) // YEAR
    return [known[len(known) - YEAR * back : len(known) - YEAR * (back - 1)] for back in range(count, 0, -1)]


def _season(years: Sequence[Sequence[int]], last_month: date) -> Season:
    """The mean of the full years' indices; years without use tell nothing of it."""
    positive = [[max(units, 0) for units in year] for year in years]
    telling = [(year, sum(year)) for year in positive if sum(year)]
    product = prod(total for _year, total in telling)
    parts = {
        _calendar_month(last_month, at): sum(YEAR * year[at] * (product // total) for year, total in telling)
        for at in range(YEAR)
    }
    return Season(parts, product * len(telling))


def _calendar_month(last_month: date, at: int) -> int:
    """The calendar month (1–12) at place `at` of a year of months that ends with `last_month`."""
    return (last_month.month + at) % YEAR + 1


def _growth(years: Sequence[Sequence[int]]) -> Fraction | None:
    before, last = sum(years[-2]), sum(years[-1])
    return Fraction(last, before) - 1 if before > 0 else None


def _held(growth: Fraction | None, terms: GuidanceTerms) -> Fraction:
    """Growth as it counts: within the bounds, damped; none where the year before has no use."""
    if growth is None:
        return Fraction(0)
    within = min(max(growth, Fraction(terms.growth_least)), Fraction(terms.growth_most))
    return within * Fraction(terms.damping)


def _with_range(
    base: Proposal, years: Sequence[Sequence[int]], season: Season, first: date, terms: GuidanceTerms
) -> Proposal:
    """The proposal with its forecast, rounded, and the range around it."""
    growth = base.held_growth or Fraction(0)
    whole = YEAR * season.whole * 2 * YEAR * growth.denominator
    months = [add_months(first, at) for at in range(YEAR)]
    parts = [
        sum(years[-1]) * season.parts[month.month] * _trend(growth, base.last_month, month)
        for month in months
    ]
    half = _half_width(years, season, base.last_month, terms)
    total = Fraction(sum(parts), whole)
    return replace(
        base,
        forecast=tuple((month, Fraction(part, whole)) for month, part in zip(months, parts, strict=True)),
        proposed=divide(total.numerator, total.denominator * UNIT_SCALE) * UNIT_SCALE,
        low=max((total - half) // UNIT_SCALE, 0) * UNIT_SCALE,
        high=-((-total - half) // UNIT_SCALE) * UNIT_SCALE,
    )


def _trend(growth: Fraction, last_month: date, month: date) -> int:
    """(1 + growth × distance ÷ 12) × 24 × the denominator of growth; not below 0.

    The middle of the last twelve months lies 5½ months before the middle of the last one.
    """
    ahead = (month.year - last_month.year) * YEAR + month.month - last_month.month
    return max(2 * YEAR * growth.denominator + growth.numerator * (2 * ahead + YEAR - 1), 0)


def _half_width(
    years: Sequence[Sequence[int]], season: Season, last_month: date, terms: GuidanceTerms
) -> int:
    """z × √(24 × mean square residual), to a millionth of a base unit."""
    whole, squares = YEAR * season.whole, 0
    for year in years:
        total = sum(year)
        for at, units in enumerate(year):
            squares += (units * whole - total * season.parts[_calendar_month(last_month, at)]) ** 2
    freedom = (YEAR - 1) * max(len(years) - 1, 1)
    z = terms.z
    return isqrt(squares * 2 * YEAR * z.numerator**2 // (whole**2 * freedom * z.denominator**2))


FITS = ("within", "above", "below", "not_reported")


def guidance(pairs: pd.DataFrame, use: pd.DataFrame, last_month: date, terms: GuidanceTerms) -> pd.DataFrame:
    """One row per institution × variety of `pairs` (with next_start, last_reported_equivalent): the proposal.

    `use`: institution_id, variety_id, month, equivalent_units (empty: units unknown), months up to
    `last_month`. Adds history_months, last_year_equivalent, previous_year_equivalent, use_growth and
    held_growth (fractions), proposed_equivalent with low_ and high_equivalent, reported_fit (one of FITS,
    empty without a proposal) and guidance_reason.
    """
    found = proposals(pairs, use, last_month, terms)
    rows = [_row(*each) for each in zip(found, pairs["last_reported_equivalent"], strict=True)]
    names = [*_NUMBERS, *_TEXTS]
    told = pd.DataFrame(rows, columns=names, index=pairs.index).astype(_TYPES)
    return pd.concat([pairs, told], axis=1)


_TEXTS = ["reported_fit", "guidance_reason"]
_FRACTIONS = ["use_growth", "held_growth"]
_NUMBERS = [
    "history_months",
    "last_year_equivalent",
    "previous_year_equivalent",
    *_FRACTIONS,
    "proposed_equivalent",
    "low_equivalent",
    "high_equivalent",
]
_TYPES = {
    **dict.fromkeys(_NUMBERS, "Int64"),
    **dict.fromkeys(_FRACTIONS, "Float64"),
    **dict.fromkeys(_TEXTS, "object"),
}


def _series(
    use: pd.DataFrame, last_month: date, history: int
) -> dict[tuple[int, int], tuple[int, ...] | None]:
    """Use by month without gaps up to `last_month`, per institution × variety; None where units are unknown
    in any of the last `history` months."""
    last = last_month.year * YEAR + last_month.month
    back = last - (use["month"].dt.year * YEAR + use["month"].dt.month)
    columns = [use[name].tolist() for name in ("institution_id", "variety_id", "equivalent_units")]
    months: dict[tuple[int, int], dict[int, int]] = {}
    unknown = set()
    for institution, variety, units, ago in zip(*columns, back.tolist(), strict=True):
        key, is_known = (institution, variety), not pd.isna(units)
        if 0 <= ago < history and not is_known:
            unknown.add(key)
        elif ago >= 0:
            of_pair = months.setdefault(key, {})
            of_pair[ago] = of_pair.get(ago, 0) + (int(units) if is_known else 0)
    series = {
        key: tuple(used.get(ago, 0) for ago in range(max(used), -1, -1)) for key, used in months.items()
    }
    return {**series, **dict.fromkeys(unknown)}


def proposals(
    pairs: pd.DataFrame, use: pd.DataFrame, last_month: date, terms: GuidanceTerms
) -> list[Proposal | None]:
    """The proposal of each row of `pairs`; None where units are unknown."""
    series = _series(use, last_month, terms.history_months)
    found: list[Proposal | None] = []
    for row in pairs.itertuples(index=False):
        months = series.get((row.institution_id, row.variety_id), ())
        first = row.next_start.date().replace(day=1)
        found.append(None if months is None else propose(months, last_month, first, terms))
    return found


def _row(found: Proposal | None, reported: int | None) -> tuple:
    if found is None:
        return (None,) * len(_NUMBERS) + ("", "units_unknown")
    years = _years(found.use)
    totals = [sum(years[-back]) if len(years) >= back else None for back in (1, 2)]
    shares = [None if x is None else float(x) for x in (found.growth, found.held_growth)]
    fit = reported_fit(found, reported)
    return len(found.use), *totals, *shares, found.proposed, found.low, found.high, fit, found.reason


def reported_fit(found: Proposal, reported: int | None) -> str:
    """How what was reported last stands to the range."""
    if found.low is None or found.high is None:
        return ""
    if reported is None or pd.isna(reported):
        return "not_reported"
    return "above" if reported > found.high else "below" if reported < found.low else "within"


def working(found: Proposal) -> pd.DataFrame:
    """The working behind a proposal, a row per month of use, then of forecast.

    month, equivalent_units (what was used), season_index (a fraction), forecast_equivalent.
    """
    used = [(month, units, None) for month, units in zip(found.months, found.use, strict=True)]
    ahead = [(month, None, divide(x.numerator, x.denominator)) for month, x in found.forecast]
    rows = [
        (month, units, float(found.season.index(month)) if found.season else None, amount)
        for month, units, amount in [*used, *ahead]
    ]
    numbers = ["equivalent_units", "season_index", "forecast_equivalent"]
    frame = pd.DataFrame(rows, columns=["month", *numbers])
    frame = frame.astype({**dict.fromkeys(numbers, "Int64"), "season_index": "Float64"})
    return frame.assign(month=pd.to_datetime(frame["month"]).astype("datetime64[s]"))
