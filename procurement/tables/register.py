"""Who buys and what is bought."""

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
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str | None = None
    form: str | None = None
    spec: str | None = None
    units_per_pack: int | None = None
    base_unit: str | None = None
    manufacturer: str | None = None
    import_id: int = Field(foreign_key="import.id")
