"""What institutions need: one need per variety name, through all batches that tender it."""

from dataclasses import dataclass
from datetime import date
from random import Random

from sample_data.area import Area
from sample_data.catalogue import Batch, Variety, pairs
from sample_data.city import Institution
from sample_data.invented import read_names

OUTPATIENT_UNITS = ("片", "粒", "袋", "丸", "瓶")


@dataclass(eq=False)
class Need:
    """`weight` is its monthly spending at old prices; about 1 is ordinary."""

    name: str
    weight: float
    pairs: list[tuple[Batch, Variety]]

    @property
    def first(self) -> Variety:
        return self.pairs[0][1]

    @property
    def is_outpatient(self) -> bool:
        """Cheap and swallowed, or insulin: what health centres and pharmacies buy."""
        cheap = self.first.baseline_micro < 30_000_000 and self.first.unit in OUTPATIENT_UNITS
        return cheap or self.name.startswith("胰岛素")

    def pair_on(self, day: date, month_only: bool) -> tuple[Batch, Variety] | None:
        """The batch in force; a line of a month counts as the 1st, or as the execution date in that month."""
        for batch, variety in reversed(self.pairs):
            starts = batch.start.replace(day=1) if month_only else batch.start
            if starts <= day and max(day, batch.start) <= batch.end:
                return batch, variety
        return None


@dataclass(frozen=True)
class Intensity:
    """How much a kind of institution reports: needs, months between orders (drawn), lines per order."""

    needs: int
    gaps: tuple[int, ...]
    orders: int = 1


@dataclass(frozen=True)
class Scale:
    """How large a set is; `copies` multiplies the institutions."""

    big: Intensity
    small: Intensity
    centre: Intensity
    branch: Intensity
    store: Intensity
    copies: int = 1

    def of(self, institution: Institution) -> Intensity:
        if institution.kind == "零售药店":
            return self.store
        if institution.kind == "医院":
            return self.big if institution.is_big else self.small
        return self.branch if institution.parent else self.centre


DEMO = Scale(
    big=Intensity(138, (1, 2, 2, 3)),
    small=Intensity(46, (2, 3, 3, 4)),
    centre=Intensity(14, (2, 3, 3, 4)),
    branch=Intensity(6, (3, 4, 6)),
    store=Intensity(8, (1, 2, 3)),
)
CITY = Scale(
    big=Intensity(400, (1,), 3),
    small=Intensity(230, (1,), 2),
    centre=Intensity(125, (1,)),
    branch=Intensity(50, (1,)),
    store=Intensity(60, (1,)),
)
PROVINCE = Scale(CITY.big, CITY.small, CITY.centre, CITY.branch, CITY.store, copies=5)


def list_needs(batches: list[Batch], area: Area) -> list[Need]:
    consumables = {row["variety"]: float(row["weight"]) * 2.5 for row in read_names("consumables.csv")}
    needs: dict[str, Need] = {}
    for batch, variety in pairs(batches):
        drawn = Random(f"{area.seed}:{variety.name}").lognormvariate(0, 0.8)
        weight = area.weights.get(variety.name, consumables.get(variety.name, drawn))
        needs.setdefault(variety.name, Need(variety.name, float(weight), [])).pairs.append((batch, variety))
    for need in needs.values():
        need.pairs.sort(key=lambda pair: pair[0].start)
    return list(needs.values())


def choose_needs(
    institution: Institution, own: list[Need], needs: list[Need], count: int, rng: Random
) -> list[Need]:
    """Its own needs and a draw from the others without replacement, heavier ones likelier."""
    if institution.kind != "医院":
        needs = [need for need in needs if need.is_outpatient]
    elif not institution.is_big:
        needs = [need for need in needs if need.first.baseline_micro < 5_000_000_000]
    taken = {need.name for need in own}
    return own + draw([need for need in needs if need.name not in taken], max(0, count - len(own)), rng)


def draw(needs: list[Need], count: int, rng: Random) -> list[Need]:
    keyed = sorted(((rng.random() ** (1 / need.weight), need.name, need) for need in needs), reverse=True)
    return [need for _, _, need in keyed[:count]]
