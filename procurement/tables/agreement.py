"""What was tendered, at which price, and who agreed to buy how much."""

from datetime import date

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel, UniqueConstraint

BATCH_LEVELS = ("national", "alliance", "province", "city", "negotiated")
BASELINE_BASES = ("weighted_mean", "ceiling", "listed", "inferred")
LISTING_STATUSES = ("selected", "standby", "no_volume", "cancelled", "non_selected", "elsewhere")
"""`elsewhere`: awarded for other supply areas; a policy says whether that counts as selected here."""

SELECTED_STATUSES = ("selected", "standby", "no_volume")
"""Awards that a purchase counts as selected under: a standby supplier's product and one awarded
without volume are bought at their awarded price too."""


class Batch(SQLModel, table=True):
    """One row per batch (批次): one tender with its results.

    `execution_date` is the earliest of its list and starts agreement year 1; `end_date` the latest.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    level: str | None = None  # one of BATCH_LEVELS
    category: str  # one of register.CATEGORIES
    execution_date: date
    end_date: date
    import_id: int = Field(foreign_key="import.id")


class Variety(SQLModel, table=True):
    """One row per batch × variety (品种).

    `baseline_unit_price` is what a list states for the variety as a whole, per base unit of main
    strength; empty where only its products state one (measures.prices works it out).
    """

    __table_args__ = (UniqueConstraint("batch_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id")
    name: str
    baseline_unit_price: int | None = Field(default=None, sa_type=BigInteger)
    baseline_basis: str | None = None  # one of BASELINE_BASES


class Listing(SQLModel, table=True):
    """One row per batch × product × start date: a product that a batch lists, selected or not.

    From batch lists (an award with its status and dates) and from the substitutes workbook
    (`non_selected`, no price, the batch's dates). `awarded_unit_price` and `baseline_unit_price` are per
    base unit of this product; `stated_price` with `stated_per_pack` is the award as the list printed it.
    `strength_factor` is in millionths of the variety's main strength.
    """

    __table_args__ = (UniqueConstraint("batch_id", "product_id", "starts_on"),)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id")
    variety_id: int = Field(foreign_key="variety.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    status: str  # one of LISTING_STATUSES
    starts_on: date
    ends_on: date
    strength_factor: int = Field(default=1_000_000, sa_type=BigInteger)
    baseline_unit_price: int | None = Field(default=None, sa_type=BigInteger)
    baseline_basis: str | None = None
    awarded_unit_price: int | None = Field(default=None, sa_type=BigInteger)
    stated_price: int | None = Field(default=None, sa_type=BigInteger)  # 10⁻⁶ yuan
    stated_per_pack: bool = False
    supply_area: str | None = None
    import_id: int = Field(foreign_key="import.id")
    row_number: int


class AgreedVolume(SQLModel, table=True):
    """One row per institution × batch × variety × product (or none) × agreement year.

    Where `product_id` is empty the units are base units of the variety's main strength, else of that
    product. `agreed_units` is what must be bought, `reported_units` the need it was cut from.
    """

    __tablename__ = "agreed_volume"
    __table_args__ = (UniqueConstraint("institution_id", "variety_id", "product_id", "agreement_year"),)

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    batch_id: int = Field(foreign_key="batch.id", index=True)
    variety_id: int = Field(foreign_key="variety.id")
    product_id: int | None = Field(default=None, foreign_key="product.id")
    agreement_year: int
    reported_units: int | None = Field(default=None, sa_type=BigInteger)
    agreed_units: int = Field(sa_type=BigInteger)
    import_id: int = Field(foreign_key="import.id")
    row_number: int


class AreaVolume(SQLModel, table=True):
    """One row per area × batch × variety × product (or none) × agreement year: a volume stated for an area.

    `area` is a district's name or the pooling area's; its institutions' volumes are checked against it and
    no figure counts it beside theirs. Units as in AgreedVolume.
    """

    __tablename__ = "area_volume"
    __table_args__ = (UniqueConstraint("area", "variety_id", "product_id", "agreement_year"),)

    id: int | None = Field(default=None, primary_key=True)
    area: str
    batch_id: int = Field(foreign_key="batch.id", index=True)
    variety_id: int = Field(foreign_key="variety.id")
    product_id: int | None = Field(default=None, foreign_key="product.id")
    agreement_year: int
    reported_units: int | None = Field(default=None, sa_type=BigInteger)
    agreed_units: int = Field(sa_type=BigInteger)
    import_id: int = Field(foreign_key="import.id")
    row_number: int
