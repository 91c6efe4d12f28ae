"""Varieties of our own: well-known generic names and kinds of consumables with synthetic prices."""

import csv
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

from sample_data.catalogue import SYNTHETIC, Codes, Product, Variety
from sample_data.exact import half_up, price4, to_fen
from sample_data.forms import UNITS, other_strength, product_name, spec_text, variety_name

NAMES = Path(__file__).parent / "names"
BASES = ("集采前加权均价", "集采前加权均价", "最高有效申报价", "挂网价", "由采购记录推算")


@cache
def read_names(name: str) -> tuple[dict[str, str], ...]:
    with (NAMES / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def makers(kind: str) -> tuple[str, ...]:
    return tuple(row["name"] for row in read_names("makers.csv") if row["kind"] == kind)


def invented_variety(row: dict[str, str], category: str, shift: int, codes: Codes, rng: Random) -> Variety:
    """One row of drugs.csv or consumables.csv → a variety with one to three selected products.

    `shift` (in 1/10000) moves the drops that are free, so that a city's mean hits its published figure.
    """
    variety, first = first_product(row, category, rng)
    drop = drop_of(row, category, shift, rng)
    count = rng.choice((1, 1, 1, 2, 2, 3))
    spread = rng.randint(100, 300) if count > 1 and 0 < drop < 9300 else 0
    for place, firm in enumerate(rng.sample(makers(category), count)):
        # The spread is symmetric: the mean of the drops stays what was drawn.
        product = priced(replace(first, maker=firm), drop + (-spread, spread, 0)[place], rng)
        product = doubled(product, rng) if place == 1 else product
        product.code = codes.issue(category, variety.name, product.form, firm, letter_of(row))
        variety.products.append(product)
    variety.agreed_tenths = rng.choice((5, 6, 7, 7, 8)) if count < 3 else 8
    return variety


def letter_of(row: dict[str, str]) -> str:
    return "Z" if row["group"] == "中成药" else "X"


def first_product(row: dict[str, str], category: str, rng: Random) -> tuple[Variety, Product]:
    """The variety and its main product; the price in the row is a typical one, varied by a tenth."""
    pack, typical4 = int(row["pack"]), price4(row["price"]) * rng.randint(92, 108) // 100
    if category == "耗材":
        name, form, unit, spec = row["variety"], "耗材", row["unit"], row["spec"]
    else:
        name, form, unit = variety_name(row["generic"], row["form"]), row["form"], UNITS[row["form"]]
        spec = spec_text(row["strength"], pack, unit, rng)
    own_name = name if category == "耗材" else product_name(row["generic"], form)
    per_pack = pack > 1 and rng.random() < 0.7
    baseline4 = to_fen(typical4 * (pack if per_pack else 1))
    product = Product(
        "", own_name, form, spec, pack, unit, "", baseline4=baseline4, basis=rng.choice(BASES),
        per_pack=per_pack, source=SYNTHETIC,
    )  # fmt: skip
    return Variety(name, category, unit), product


def drop_of(row: dict[str, str], category: str, shift: int, rng: Random) -> int:
    """In 1/10000. A negative drop is a price rise and stays as it is written."""
    drawn = int(rng.triangular(3600, 9100, 6000))
    written = int(row["drop"]) * 10 if row["drop"] else drawn
    return written if written < 0 else max(800, min(9600, written + shift))


def priced(product: Product, drop: int, rng: Random) -> Product:
    """Another firm's baseline lies within 4 %; its award follows from the drop."""
    assert product.baseline4 is not None, product.name
    baseline4 = to_fen(Fraction(product.baseline4 * rng.randint(96, 104), 100))
    award4 = Fraction(baseline4 * (10_000 - drop), 10_000)
    # Awards per base unit may have four decimals, awards per pack end on a fen.
    ends_on_fen = product.per_pack or award4 > 10_000
    return replace(product, baseline4=baseline4, award4=to_fen(award4) if ends_on_fen else half_up(award4))


def doubled(product: Product, rng: Random) -> Product:
    """Sometimes the double strength: 1.7 times the price, as the rules on price differences have it."""
    spec = other_strength(product.spec, Fraction(2))
    if spec is None or rng.random() < 0.5:
        return product
    assert product.baseline4 is not None and product.award4 is not None
    baseline4, award4 = Fraction(product.baseline4 * 17, 10), Fraction(product.award4 * 17, 10)
    return replace(product, spec=spec, factor=Fraction(2), baseline4=to_fen(baseline4), award4=to_fen(award4))
