"""Beside the winners: standby awards, and the products of a variety that are not selected."""

from dataclasses import replace
from fractions import Fraction
from random import Random

from sample_data.catalogue import SYNTHETIC, Batch, Codes, Product, Variety, pairs
from sample_data.exact import to_fen
from sample_data.forms import other_strength
from sample_data.invented import makers

# Double strength costs 1.7 times as much, half strength 1/1.7: the usual rule on price differences.
HALF, ONE, TWO = Fraction(1, 2), Fraction(1), Fraction(2)
PRICE_OF_STRENGTH = {HALF: Fraction(10, 17), ONE: Fraction(1), TWO: Fraction(17, 10)}


def add_companions(batches: list[Batch], seed: str) -> None:
    """Drawn after the winners, so that a shift of their drops moves nothing here but prices."""
    codes = Codes([*makers("药品"), *makers("耗材")])
    codes.issued = 5000  # above the winners' serials
    seen: dict[str, Variety] = {}
    for batch, variety in pairs(batches):
        rng = Random(f"{seed}:{batch.name}:{variety.name}")
        for product in variety.products:
            full_pack4 = Fraction(variety.baseline_of(product) * product.pack, 100)
            product.pack_price4 = to_fen(full_pack4 * rng.randint(97, 103) / 100)
        if variety.name in seen:
            inherit(variety, seen[variety.name], rng)
        elif len(variety.products) == 1:
            add_standby(variety, codes, rng)
        add_losers(variety, codes, rng)
        seen[variety.name] = variety


def inherit(variety: Variety, before: Variety, rng: Random) -> None:
    """Products of the expired batch that did not win again are non-selected in the next one."""
    won = {product.code for product in variety.products}
    lost = [product for product in [*before.products, *before.substitutes] if product.code not in won]
    variety.substitutes = [lowered(unselected(product), variety.products[0], rng) for product in lost]


def unselected(product: Product) -> Product:
    return replace(product, baseline4=None, award4=None, basis="", status="未中选", source=SYNTHETIC, area="")


def add_standby(variety: Variety, codes: Codes, rng: Random) -> None:
    """Seldom a standby or no-volume award beside a single winner: its price, no baseline of its own."""
    status = rng.choices(("", "备供", "不带量"), (86, 10, 4))[0]
    if status:
        first, firm = variety.products[0], rng.choice(makers(variety.category))
        code = codes.issue(variety.category, variety.name, first.form, firm)
        standby = replace(first, code=code, maker=firm, status=status, baseline4=None, basis="", area="")
        variety.products.append(replace(standby, source=SYNTHETIC))


def add_losers(variety: Variety, codes: Codes, rng: Random) -> None:
    """One to three products that are not selected; a few of them stand in the batch list as 未中选."""
    for _ in range(rng.choice((1, 1, 2, 2, 3)) - min(2, len(variety.substitutes))):
        in_batch_list = variety.category == "药品" and rng.random() < 0.05
        loser = draw_loser(variety, codes, rng)
        (variety.products if in_batch_list else variety.substitutes).append(loser)


def draw_loser(variety: Variety, codes: Codes, rng: Random) -> Product:
    """Another firm's product, sometimes of another strength, at 70 to 104 % of the old price."""
    main, firm = variety.products[0], rng.choice(makers(variety.category))
    factor = rng.choice((ONE, ONE, ONE, TWO, HALF))
    spec = other_strength(main.spec, factor)
    if spec is None:
        factor, spec = ONE, main.spec
    full_pack4 = Fraction(variety.baseline_micro * main.pack, 100) * PRICE_OF_STRENGTH[factor]
    loser = replace(
        unselected(main),
        code=codes.issue(variety.category, variety.name, main.form, firm),
        maker=firm,
        factor=factor,
        spec=spec,
        pack_price4=to_fen(full_pack4 * rng.randint(70, 104) / 100),
    )
    return lowered(loser, main, rng)


def lowered(loser: Product, main: Product, rng: Random) -> Product:
    """Beside a winner a loser comes down, too, to somewhere between the award and its old price."""
    award4 = Fraction(main.award_pack4 * loser.pack, main.pack) * PRICE_OF_STRENGTH[loser.factor]
    left = (loser.pack_price4 - award4) * rng.randint(30, 75) / 100
    return replace(loser, price_beside4=to_fen(award4 + left))
