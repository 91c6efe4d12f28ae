"""Batches, their varieties and products: what a batch list and a substitutes list say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sample_data.exact import half_up

SELECTED = ("中选", "备供", "不带量")
PUBLIC = "公开中选价"
PUBLIC_AWARD_ONLY = "公开中选价(集采前价格为合成数据)"
SYNTHETIC = "合成数据"


@dataclass(eq=False)
class Product:
    """One product as one batch lists it; the same code may stand in a later batch with other prices.

    `baseline4` and `award4` are per pack or per base unit, as `per_pack` says, in 1/10000 yuan; None is
    an empty cell. Without an award a hospital pays `pack_price4` for a pack before the batch and
    `price_beside4` while others are selected.
    """

    code: str
    name: str
    form: str
    spec: str
    pack: int
    unit: str
    maker: str
    factor: Fraction = Fraction(1)
    baseline4: int | None = None
    basis: str = ""
    award4: int | None = None
    per_pack: bool = False
    status: str = "中选"
    source: str = SYNTHETIC
    area: str = ""  # provinces it supplies; empty: those of the batch
    pack_price4: int = 0
    price_beside4: int = 0

    @property
    def is_selected(self) -> bool:
        return self.status in SELECTED and self.award4 is not None

    def per_unit(self, stated4: int) -> int:
        """A stated price in millionths of a yuan per base unit, as the software holds it."""
        return half_up(Fraction(stated4 * 100, self.pack if self.per_pack else 1))

    @property
    def award_pack4(self) -> int:
        assert self.award4 is not None, self.name
        return self.award4 if self.per_pack else self.award4 * self.pack


@dataclass(eq=False)
class Variety:
    """One variety in one batch: the same name in a later batch is another pair."""

    name: str
    category: str
    unit: str
    products: list[Product] = field(default_factory=list)
    substitutes: list[Product] = field(default_factory=list)
    agreed_tenths: int = 7  # agreed volume: tenths of the reported one

    @property
    def awarded(self) -> list[Product]:
        return [product for product in self.products if product.status == "中选"]

    @property
    def bought_beside(self) -> list[Product]:
        """Everything of the variety that is not selected."""
        return self.substitutes + [product for product in self.products if not product.is_selected]

    @property
    def baseline_micro(self) -> int:
        """Per base unit of the main strength; unit prices are held at six decimals in every step."""
        stated = [
            half_up(Fraction(product.per_unit(product.baseline4)) / product.factor)
            for product in self.products
            if product.baseline4 is not None
        ]
        return half_up(Fraction(sum(stated), len(stated)))

    def baseline_of(self, product: Product) -> int:
        """Millionths of a yuan per base unit: the product's own, else the variety's × strength factor."""
        if product.baseline4 is not None:
            return product.per_unit(product.baseline4)
        return half_up(self.baseline_micro * product.factor)

    def drop_of(self, product: Product) -> Fraction:
        assert product.award4 is not None, product.name
        return 1 - Fraction(product.per_unit(product.award4), self.baseline_of(product))

    @property
    def drop(self) -> Fraction:
        """The mean of its selected products' drops, as communiqués quote it."""
        drops = [self.drop_of(product) for product in self.products if product.is_selected]
        return sum(drops, Fraction(0)) / len(drops)


@dataclass(eq=False)
class Batch:
    name: str
    level: str
    category: str
    start: date
    end: date
    area: str
    varieties: list[Variety] = field(default_factory=list)


class Codes:
    """Product codes in the national formats, with invented content: 23 characters, or C and 19 digits."""

    SITES = ("A02", "A10", "B01", "C07", "C09", "C10", "D06", "H02", "J01", "L01", "M01", "N05", "R03", "S01")
    FORMS = {"片": "A001", "胶囊": "E001", "注射液": "B002", "粉针": "B001", "颗粒": "F001", "滴眼液": "S002"}

    def __init__(self, makers: list[str]) -> None:
        self.maker_numbers = {name: 90001 + place for place, name in enumerate(makers)}
        self.varieties: dict[str, int] = {}
        self.issued = 0

    def issue(self, category: str, variety: str, form: str, maker: str, letter: str = "X") -> str:
        """A new code: the serial inside keeps it unique, the other parts repeat as in real ones.

        The letter is X for western drugs, Z for Chinese patent medicine.
        """
        self.issued += 1
        kind = self.varieties.setdefault(variety, len(self.varieties) + 1)
        firm = self.maker_numbers.setdefault(maker, 90001 + len(self.maker_numbers))
        if category == "耗材":
            return f"C14{kind:04d}{self.issued:05d}{firm:08d}"
        site = self.SITES[kind % len(self.SITES)] + "ABCDX"[kind % 5] + "ABCDEFGX"[kind % 8]
        own_form = self.FORMS.get(form, "A012")
        return f"{letter}{site}A{kind % 1000:03d}{own_form}{self.issued % 10000:04d}{firm:05d}"


def pairs(batches: list[Batch]) -> Iterator[tuple[Batch, Variety]]:
    return ((batch, variety) for batch in batches for variety in batch.varieties)
