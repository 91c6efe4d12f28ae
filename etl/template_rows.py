"""What a template is prefilled with: an institution's own products, or its batches and varieties.

Nothing of any other institution is read here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row, Select, case, func, select
from sqlmodel import col

from procurement.language import N_, _
from procurement.money import decimal_text, price_in_yuan
from procurement.periods import add_months
from procurement.tables import AgreedVolume, Batch, Institution, Listing, Product, Purchase, Variety
from procurement.tables.agreement import SELECTED_STATUSES

MONTHS_LOOKED_BACK = 12
PACK = "盒"
AGREED, BOUGHT = N_("约定采购"), N_("近12个月采购")


@dataclass(frozen=True)
class OwnProduct:
    """A product that an institution agreed to buy or has bought; texts as they are printed."""

    product_code: str
    product_name: str
    spec: str
    manufacturer: str
    unit: str
    awarded: str
    origin: str


@dataclass(frozen=True)
class OwnVariety:
    """A variety of a batch that is running, with the unit in which its volumes count."""

    batch: str
    variety: str
    unit: str


def institution_of(connection: Connection, code: str) -> Row:
    """The institution's id, code and name; LookupError in a sentence where the register lacks it."""
    query = select(col(Institution.id), col(Institution.code), col(Institution.name))
    found = connection.execute(query.where(col(Institution.code) == code.strip().upper())).one_or_none()
    if found is None:
        raise LookupError(_("医药机构名录中没有编码“{code}”。").format(code=code))
    return found


def own_products(connection: Connection, institution: int) -> list[OwnProduct]:
    """Products agreed with the institution in batches that still run, then those of its last 12 months."""
    last = last_day(connection, institution)
    agreed = _agreed(connection, institution, last)
    packs = _bought(connection, institution, last)
    known = _products(connection, {*agreed, *packs})
    prices = _awards(connection, [product.id for product in known.values()])
    found: dict[str, OwnProduct] = {}
    for ids, origin in ((agreed, AGREED), (packs, BOUGHT)):
        for number in sorted(ids, key=lambda n: (known[n].name or "", known[n].code)):
            product = known[number]
            unit = _unit(product, packs.get(number))
            row = _own(product, unit, _price_text(prices.get(product.id), product), origin)
            found.setdefault(product.code, row)
    return list(found.values())


def _own(product: Row, unit: str, awarded: str, origin: str) -> OwnProduct:
    """A product that came without a code has none here either: it is found by its words."""
    code = "" if product.is_provisional else product.code
    words = (product.name or "", product.spec or "", product.manufacturer or "")
    return OwnProduct(code, *words, unit, awarded, _(origin))


def last_day(connection: Connection, institution: int) -> date | None:
    """The last day on which the institution bought."""
    query = select(func.max(col(Purchase.bought_on))).where(col(Purchase.institution_id) == institution)
    return connection.execute(query).scalar_one()


def _agreed(connection: Connection, institution: int, last: date | None) -> set[int]:
    """Products agreed by name, and the selected ones of varieties agreed as a whole."""
    volumes = (
        select(col(AgreedVolume.product_id), col(AgreedVolume.variety_id))
        .join(Batch, col(Batch.id) == col(AgreedVolume.batch_id))
        .where(col(AgreedVolume.institution_id) == institution)
    )
    if last is not None:
        volumes = volumes.where(col(Batch.end_date) >= last)
    rows = connection.execute(volumes).all()
    varieties = {row.variety_id for row in rows if row.product_id is None}
    listed = select(col(Listing.product_id)).where(
        col(Listing.variety_id).in_(varieties), col(Listing.status).in_(SELECTED_STATUSES)
    )
    whole = set(connection.execute(listed).scalars()) if varieties else set()
    return {row.product_id for row in rows if row.product_id is not None} | whole


def _bought(connection: Connection, institution: int, last: date | None) -> dict[int, bool]:
    """Products of the last 12 months, and whether they were bought by the pack."""
    if last is None:
        return {}
    by_pack = func.max(case((col(Purchase.is_pack), 1), else_=0))
    query = (
        select(col(Purchase.product_id), by_pack.label("by_pack"))
        .where(col(Purchase.institution_id) == institution)
        .where(col(Purchase.bought_on) > add_months(last, -MONTHS_LOOKED_BACK))
        .group_by(col(Purchase.product_id))
    )
    return {row.product_id: bool(row.by_pack) for row in connection.execute(query)}


def _products(connection: Connection, ids: Iterable[int]) -> dict[int, Row]:
    """By id; one that was merged into another is the other."""
    columns = (
        col(Product.id), col(Product.code), col(Product.name), col(Product.spec), col(Product.manufacturer),
        col(Product.units_per_pack), col(Product.base_unit), col(Product.is_provisional),
        col(Product.merged_into),
    )  # fmt: skip
    every = {row.id: row for row in connection.execute(select(*columns))}
    return {number: every[every[number].merged_into or number] for number in ids}


def _unit(product: Row, by_pack: bool | None) -> str:
    """As the institution bought it last, else by the pack where one is known."""
    if by_pack is None:
        by_pack = (product.units_per_pack or 0) > 1
    return PACK if by_pack else product.base_unit or ""


def _awards(connection: Connection, products: list[int]) -> dict[int, Row]:
    """The latest award of each product, as the list stated it."""
    query = (
        select(col(Listing.product_id), col(Listing.stated_price), col(Listing.stated_per_pack))
        .where(col(Listing.status).in_(SELECTED_STATUSES), col(Listing.stated_price).is_not(None))
        .order_by(col(Listing.starts_on))
    )
    wanted = set(products)
    return {row.product_id: row for row in connection.execute(query) if row.product_id in wanted}


def _price_text(award: Row | None, product: Row) -> str:
    if award is None:
        return ""
    is_pack = award.stated_per_pack and product.units_per_pack != 1
    unit = PACK if is_pack else product.base_unit or ""
    price = f"{decimal_text(price_in_yuan(award.stated_price))}元"
    return f"{price}/{unit}" if unit else price


def own_varieties(connection: Connection, institution: int) -> list[OwnVariety]:
    """Varieties of the batches that still run on the institution's last day, or of all batches."""
    query: Select = (
        select(
            col(Batch.name).label("batch"),
            col(Variety.name).label("variety"),
            func.min(col(Product.base_unit)).label("unit"),
            func.count(func.distinct(col(Product.base_unit))).label("units"),
        )
        .join(Variety, col(Variety.batch_id) == col(Batch.id))
        .join(Listing, col(Listing.variety_id) == col(Variety.id))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .where(col(Listing.status).in_(SELECTED_STATUSES))
        .group_by(
            col(Batch.id), col(Batch.name), col(Batch.execution_date), col(Variety.id), col(Variety.name)
        )
        .order_by(col(Batch.execution_date), col(Batch.name), col(Variety.name))
    )
    last = last_day(connection, institution)
    if last is not None:
        query = query.where(col(Batch.end_date) >= last)
    return [
        OwnVariety(row.batch, row.variety, row.unit if row.units == 1 and row.unit else "")
        for row in connection.execute(query)
    ]
