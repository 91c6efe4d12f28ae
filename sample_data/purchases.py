"""The purchase lines of an institution, month by month: what it bought, of whom, at which price."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from sample_data.area import Area
from sample_data.catalogue import Batch, Product, Variety
from sample_data.city import Institution
from sample_data.demand import Intensity, Need, choose_needs
from sample_data.exact import half_up, to_fen

# Winter first: colds, stents after the cold, few operations around the spring festival.
SEASON = (1.12, 0.82, 1.04, 1.0, 0.97, 0.94, 0.93, 0.95, 1.0, 1.03, 1.08, 1.14)
MONTHLY_GROWTH = 1.006
# Yuan a month at old prices that the largest hospital spends on a need of weight 1, before the scale.
YUAN_OF_WEIGHT_ONE = 10_000
COUNTED = {"片": "万片", "粒": "万粒", "支": "万支", "袋": "万袋"}


@dataclass(slots=True, eq=False)
class Line:
    """One line of a workbook. `quantity` and `price` (yuan) are in the line's own unit."""

    institution: Institution
    day: date
    month_only: bool
    product: Product
    quantity: Decimal
    unit: str
    price: Decimal
    base_units: int
    fen: int


@dataclass(frozen=True)
class Style:
    """How an institution's workbook writes dates and quantities: pack, base or wan (万片)."""

    month_only: bool
    quantity: str


@dataclass(frozen=True)
class Buyer:
    """An institution before its purchases are drawn; `own` are needs that it surely has."""

    institution: Institution
    own: list[Need]
    needs: list[Need]
    intensity: Intensity
    style: Style


@dataclass
class Habit:
    """What one institution does about one need: drawn once, so that months resemble each other."""

    need: Need
    gap: int
    first: int
    taste: float
    agreed: int
    stray: float  # share of orders that go to a non-selected product
    owed: float = 0.0  # packs not yet bought because they did not fill one


def lines_of(buyer: Buyer, area: Area, scale: float) -> Iterator[Line]:
    institution, intensity = buyer.institution, buyer.intensity
    rng = Random(f"{area.seed}:{institution.code}")
    chosen = choose_needs(institution, buyer.own, buyer.needs, intensity.needs, rng)
    habits = [draw_habit(need, institution, intensity.gaps, rng) for need in chosen]
    for month in range(area.months):
        for habit in habits:
            if month >= habit.first and (month - habit.first) % habit.gap == 0:
                for _ in range(intensity.orders):
                    yield from order(habit, buyer, month, area, scale / intensity.orders, rng)
        # Half a per cent of the lines name a product that stands in no list.
        if institution.kind != "零售药店" and rng.random() < intensity.needs * 0.0028:
            yield unlisted_line(buyer, month, area, rng)


def draw_habit(need: Need, institution: Institution, gaps: tuple[int, ...], rng: Random) -> Habit:
    gap = 1 if need.weight >= 6 and institution.is_big else rng.choice(gaps)
    stray = rng.choice((0.02, 0.05, 0.08, 0.12, 0.18))
    # A doctor's habit dies hard: here and there the old brand stays the rule for a whole batch.
    stubborn = Random(f"{institution.code}:{need.pairs[-1][0].name}").random() < 0.02
    taste = rng.lognormvariate(0, 0.35)
    return Habit(need, gap, rng.randrange(gap), taste, rng.randrange(12), 0.75 if stubborn else stray)


def order(habit: Habit, buyer: Buyer, month: int, area: Area, scale: float, rng: Random) -> Iterator[Line]:
    """One order and, seldom, a return of a part of it."""
    institution, style = buyer.institution, buyer.style
    noise, choice, which = rng.lognormvariate(0, 0.18), rng.random(), rng.random()
    slip, back = rng.random(), rng.random()
    day = draw_day(month, area, style, rng)
    if institution.kind == "零售药店" and day < area.pharmacies_join:
        return
    pair = habit.need.pair_on(day, style.month_only)
    product, pack4 = choose_product(habit, pair, day, choice, which)
    season = SEASON[day.month - 1] * MONTHLY_GROWTH**month
    packs = packs_of(habit, institution, season, product, noise * scale)
    if pair and not product.is_selected:
        packs = packs * 3 // 5
    if packs <= 0:
        return
    pack4 = slipped(pack4, slip) if pair and product.is_selected else pack4
    yield make_line(institution, day, style, product, packs, pack4)
    if back < 0.006 and packs > 1:
        yield make_line(institution, day, style, product, -max(1, packs // 5), pack4)


def draw_day(month: int, area: Area, style: Style, rng: Random) -> date:
    year, index = divmod(area.first_day.year * 12 + area.first_day.month - 1 + month, 12)
    last = 31 if month == area.months - 1 and index == 11 else 28
    drawn = rng.randint(1, last)
    return date(year, index + 1, 1 if style.month_only else drawn)


def choose_product(
    habit: Habit, pair: tuple[Batch, Variety] | None, day: date, choice: float, which: float
) -> tuple[Product, int]:
    """The product and its price per pack, in 1/10000 yuan."""
    if pair is None:
        return outside_of_batches(habit, day, choice, which)
    variety = pair[1]
    beside = variety.bought_beside
    if choice < habit.stray and beside:
        product = beside[int(which * len(beside))]
        return product, product.price_beside4
    awarded = variety.awarded
    product = awarded[habit.agreed % len(awarded)] if which < 0.9 else awarded[int(choice * len(awarded))]
    standby = [product for product in variety.products if product.status in ("备供", "不带量")]
    product = standby[0] if standby and which > 0.97 else product
    return product, product.award_pack4


def outside_of_batches(habit: Habit, day: date, choice: float, which: float) -> tuple[Product, int]:
    """Before the first batch any product at its old price; after the last the winner keeps its price."""
    batch, variety = habit.need.pairs[0]
    if day > batch.end:
        product = habit.need.pairs[-1][1].awarded[0]
        return product, product.award_pack4
    usual = variety.awarded[habit.agreed % len(variety.awarded)]
    everything = [*variety.awarded, *variety.bought_beside]
    product = usual if choice < 0.6 else everything[int(which * len(everything))]
    return product, product.pack_price4


def packs_of(habit: Habit, institution: Institution, season: float, product: Product, scale: float) -> int:
    """Whole packs for the months since the last order; what does not fill a pack is owed to the next one."""
    need = habit.need
    yuan = YUAN_OF_WEIGHT_ONE * need.weight * institution.size * habit.taste * habit.gap * season * scale
    units = yuan / (need.first.baseline_micro / 1_000_000) / float(product.factor)
    wanted = units / product.pack + habit.owed
    packs = int(wanted)
    habit.owed = min(wanted - packs, 1.0)
    return packs


def slipped(pack4: int, slip: float) -> int:
    """Four in a thousand orders are invoiced above the award: findings for the landing check."""
    return to_fen(Fraction(pack4 * 104, 100)) if slip < 0.004 and pack4 > 10_000 else pack4


def make_line(
    institution: Institution, day: date, style: Style, product: Product, packs: int, pack4: int
) -> Line:
    """The order in the unit its workbook writes, where the price has no more than four decimals in it."""
    base_units = packs * product.pack
    quantity, unit, price4 = Decimal(packs), pack_unit(product), pack4
    by_counts = style.quantity == "wan" and product.unit in COUNTED and base_units >= 1000
    if by_counts and pack4 * 10_000 % product.pack == 0:
        quantity, unit = Decimal(base_units) / 10_000, COUNTED[product.unit]
        price4 = pack4 * 10_000 // product.pack
    elif style.quantity != "pack" and pack4 % product.pack == 0:
        quantity, unit, price4 = Decimal(base_units), product.unit, pack4 // product.pack
    # price4 × quantity is exact in 1/10000 yuan up to the four decimals of 万片.
    fen = half_up(Fraction(quantity) * price4 / 100)
    return Line(
        institution, day, style.month_only, product, quantity, unit, Decimal(price4) / 10_000, base_units, fen
    )


def pack_unit(product: Product) -> str:
    return product.unit if product.pack == 1 else "盒"


UNLISTED = [
    Product(f"XN99ZZA99{n}A0010101{91000 + n}", f"示例未列品种{letter}片", "片", "10mg*20片/盒", 20, "片",
            "示例未列制药有限公司", pack_price4=(18 + 7 * n) * 10_000)
    for n, letter in enumerate("甲乙丙丁戊己庚辛")
]  # fmt: skip


def unlisted_line(buyer: Buyer, month: int, area: Area, rng: Random) -> Line:
    """A product that no list names: its code is unknown, its name, spec and maker are there."""
    product = UNLISTED[rng.randrange(len(UNLISTED))]
    packs, day = rng.randint(5, 60), draw_day(month, area, buyer.style, rng)
    return make_line(buyer.institution, day, buyer.style, product, packs, product.pack_price4)
