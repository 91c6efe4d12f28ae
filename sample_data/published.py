"""Varieties from published figures: national award prices, and products named in reports."""

import csv
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

from sample_data.catalogue import PUBLIC, PUBLIC_AWARD_ONLY, SYNTHETIC, Codes, Product, Variety
from sample_data.exact import price4, to_fen
from sample_data.forms import UNITS, form_of_published, spec_text, usual_pack

FACTS = Path(__file__).parent / "facts"


@cache
def read_facts(name: str) -> tuple[dict[str, str], ...]:
    """Rows of a facts file; its first lines say source and confidence."""
    lines = (FACTS / name).read_text(encoding="utf-8").splitlines()
    return tuple(csv.DictReader(line for line in lines if not line.startswith("#")))


def awarded_varieties(batch: str, province: str, codes: Codes, rng: Random) -> list[Variety]:
    """The varieties of a national round as supplied to the province."""
    rows = [
        row for row in read_facts("national_awards.csv")
        if row["batch"] == batch and province in row["supply_provinces"]
    ]  # fmt: skip
    return [awarded_variety(row, codes, rng) for row in rows]


def awarded_variety(row: dict[str, str], codes: Codes, rng: Random) -> Variety:
    maker = whole_name(row["manufacturer"])
    form, name = form_of_published(row["variety"])
    award4 = price4(row["awarded_unit_price"])
    pack = usual_pack(form, award4, rng)
    unit = UNITS[form]
    baseline4, source = prior_price(row, award4, rng)
    product = Product(
        code=codes.issue("药品", row["variety"], form, maker),
        name=name, form=form, spec=spec_text(row["spec"], pack, unit, rng), pack=pack, unit=unit,
        maker=maker, baseline4=baseline4, basis="挂网价", award4=award4, source=source,
        area=row["supply_provinces"],
    )  # fmt: skip
    return Variety(row["variety"], "药品", unit, [product], agreed_tenths=rng.choice((5, 6, 7, 8)))


def whole_name(maker: str) -> str:
    """Some names are cut off in the published table."""
    for cut, rest in (("有限", "公司"), ("有限公", "司")):
        if maker.endswith(cut):
            return maker + rest
    return maker


def prior_price(row: dict[str, str], award4: int, rng: Random) -> tuple[int, str]:
    """The known earlier price where it lies above the award, else one from a drop of 45 to 90 %."""
    drawn = rng.randint(450, 900)
    if row["prior_median_unit_price"] and price4(row["prior_median_unit_price"]) > award4:
        return price4(row["prior_median_unit_price"]), PUBLIC
    drawn4 = Fraction(award4 * 1000, 1000 - drawn)
    return (to_fen(drawn4) if drawn4 > 1_000 else round(drawn4)), PUBLIC_AWARD_ONLY


def named_varieties(batch: str, category: str, codes: Codes) -> list[Variety]:
    """Insulin, stents, joints: products whose means are the reported prices."""
    varieties: dict[str, Variety] = {}
    for row in read_facts("named_products.csv"):
        if row["batch"] != batch:
            continue
        variety = varieties.setdefault(row["variety"], Variety(row["variety"], category, row["unit"]))
        variety.agreed_tenths = 8
        variety.products.append(named_product(row, category, codes))
    return list(varieties.values())


def named_product(row: dict[str, str], category: str, codes: Codes) -> Product:
    public = PUBLIC if row["baseline_confidence"] else PUBLIC_AWARD_ONLY
    return Product(
        code=codes.issue(category, row["variety"], row["form"], row["manufacturer"]),
        name=row["name"], form=row["form"], spec=row["spec"], pack=1, unit=row["unit"],
        maker=row["manufacturer"], baseline4=price4(row["baseline"]), basis="集采前加权均价",
        award4=price4(row["award"]), per_pack=True, source=public if row["award_confidence"] else SYNTHETIC,
    )  # fmt: skip
