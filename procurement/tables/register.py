"""Who buys and what is bought."""

from datetime import datetime

from sqlmodel import Field, SQLModel

INSTITUTION_KINDS = ("hospital", "primary_care", "pharmacy")
CATEGORIES = ("drug", "consumable")


class Institution(SQLModel, table=True):
    """One row per institution (定点医药机构): a hospital, a primary-care site or one retail pharmacy store.

    From the institutions workbook. `chain` is the name of a pharmacy's chain; `parent_code` points a
    village clinic or a branch to the institution that it belongs to.
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    kind: str  # one of INSTITUTION_KINDS
    level: str | None = None
    district: str | None = None
    ownership: str | None = None
    chain: str | None = None
    parent_code: str | None = None
    import_id: int = Field(foreign_key="import.id")


class Product(SQLModel, table=True):
    """One row per product (品规) that a list names or an institution has bought.

    From batch lists, substitutes and purchase records. A product known from purchases alone has the
    words of the first line that named it and lacks `units_per_pack` unless that line's spec tells it.
    `category` is its batch's, else what its code or the purchase file tells; `registration` the approval
    or registration number (批准文号, 注册证号).

    A file that gives no code makes a provisional product (`is_provisional`), whose code is made from its
    name, spec and manufacturer. `merged_into` points to the product that a person confirmed it to be:
    lines, listings and volumes keep the provisional one and are counted under the other, so that the
    decision can be taken back.
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str | None = None
    form: str | None = None
    spec: str | None = None
    units_per_pack: int | None = None
    base_unit: str | None = None
    manufacturer: str | None = None
    category: str | None = None  # one of CATEGORIES
    registration: str | None = None
    is_provisional: bool = False
    merged_into: int | None = Field(default=None, foreign_key="product.id", index=True)
    import_id: int = Field(foreign_key="import.id")


MATCH_DECISIONS = ("confirmed", "rejected", "revoked")


class ProductMatch(SQLModel, table=True):
    """One row per decision about a provisional product and a registered one; the history is only added to.

    confirmed: the two are one (an alias from then on); rejected: they are not, and it is not proposed
    again; revoked: the earlier decision about the pair is taken back. `score` is in millionths.
    """

    __tablename__ = "product_match"

    id: int | None = Field(default=None, primary_key=True)
    provisional_id: int = Field(foreign_key="product.id", index=True)
    product_id: int = Field(foreign_key="product.id")
    decision: str  # one of MATCH_DECISIONS
    score: int | None = None
    decided_at: datetime
    decided_by: str
