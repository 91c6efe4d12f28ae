"""What was bought: the lines as reported, and the lowest grain that all figures are sums of."""

from datetime import date

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel, UniqueConstraint

QUANTITY_SCALE = 10_000
"""Stated quantities are kept in 1/10000 of the unit they were stated in."""


class PurchaseLine(SQLModel):
    """The columns of a purchase line, live or withdrawn."""

    institution_id: int = Field(foreign_key="institution.id")
    product_id: int = Field(foreign_key="product.id")
    bought_on: date
    is_whole_month: bool = False
    quantity: int = Field(sa_type=BigInteger)
    is_pack: bool
    base_units: int | None = Field(default=None, sa_type=BigInteger)
    unit_price: int | None = Field(default=None, sa_type=BigInteger)
    paid_amount: int = Field(sa_type=BigInteger)
    distributor: str | None = None
    invoice: str | None = None
    accepted_on: date | None = None
    paid_on: date | None = None
    import_id: int = Field(foreign_key="import.id")
    sheet: str
    row_number: int
    restored_by: int | None = Field(default=None, foreign_key="import.id")


class Purchase(PurchaseLine, table=True):
    """One row per line of an institution's purchase workbook, as the institution reported it.

    `quantity` (1/10000) and `unit_price` (10⁻⁶ yuan) are as stated: per pack where `is_pack`, else per
    base unit. `base_units` follows from it and the product's pack; it is empty while the pack is
    unknown. A negative quantity is a return. `is_whole_month` marks a line that names a month only;
    its `bought_on` is the 1st. `sheet` and `row_number` are those of the file of `import_id`;
    `restored_by` is the undo that brought the line back. `product_id` may be a provisional product that
    is merged into another (Product): figures are by the other.
    """

    __table_args__ = (
        Index("ix_purchase_institution_day", "institution_id", "bought_on"),
        Index("ix_purchase_day", "is_whole_month", "bought_on"),  # the last day loaded, in no time
        Index("ix_purchase_product", "product_id"),
        Index("ix_purchase_import", "import_id"),
    )

    id: int | None = Field(default=None, primary_key=True)


class WithdrawnPurchase(PurchaseLine, table=True):
    """One row per purchase line that no longer counts, and the import (or undo) `withdrawn_by` which said so.

    A line that is restored later is copied back and stays here too: who looks at the ledger of an earlier
    day finds it.
    """

    __tablename__ = "withdrawn_purchase"
    __table_args__ = (
        Index("ix_withdrawn_purchase_import", "import_id"),
        Index("ix_withdrawn_purchase_by", "withdrawn_by"),
    )

    id: int | None = Field(default=None, primary_key=True)
    withdrawn_by: int = Field(foreign_key="import.id")


class MonthlyPurchase(SQLModel, table=True):
    """One row per institution × product × month × batch × agreement year (and selected or not).

    Kept at load, in the transaction of the import; rebuilt where a later list or price changes it
    (procurement.ledger). `batch_id`, `variety_id` and `agreement_year` are empty for purchases outside
    every batch. `baseline_amount` is rounded here and nowhere else, so that totals are exact sums; it is
    empty where no baseline is known. `missed_amount` is only of non-selected products.
    `unmeasured_lines` counts lines whose base units are unknown; their figures are empty.
    """

    __tablename__ = "monthly_purchase"
    __table_args__ = (
        UniqueConstraint(
            "institution_id", "product_id", "month", "batch_id", "agreement_year", "is_selected"
        ),
        Index("ix_monthly_purchase_variety", "variety_id", "month"),
        Index("ix_monthly_purchase_month", "month"),
    )

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    product_id: int = Field(foreign_key="product.id")
    month: date
    batch_id: int | None = Field(default=None, foreign_key="batch.id")
    variety_id: int | None = Field(default=None, foreign_key="variety.id")
    agreement_year: int | None = None
    is_selected: bool
    lines: int
    unmeasured_lines: int
    base_units: int = Field(sa_type=BigInteger)
    equivalent_units: int | None = Field(default=None, sa_type=BigInteger)  # millionths
    paid_amount: int = Field(sa_type=BigInteger)
    baseline_amount: int | None = Field(default=None, sa_type=BigInteger)
    missed_amount: int | None = Field(default=None, sa_type=BigInteger)
