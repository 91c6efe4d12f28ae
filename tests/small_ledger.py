"""A small ledger written row by row, for tests of queries and figures that need no workbook."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from procurement.database import writing
from procurement.ledger import rebuild
from procurement.tables import (
    AgreedVolume,
    Assessment,
    Batch,
    Import,
    Institution,
    Listing,
    PaymentRatio,
    Product,
    Purchase,
    Variety,
)

YUAN = 10_000
PRICE = 1_000_000
SHARE = 1_000_000


def fill(engine: Engine, *rows: SQLModel) -> None:
    """Store the worked example of the reference and `rows`, then build the grain."""
    with Session(engine) as session:
        for row in [*worked_example(), *rows]:
            session.add(row)
            session.flush()
        session.commit()
    with writing(engine) as connection:
        rebuild(connection)


def worked_example() -> list[SQLModel]:
    """Institution H1, batch B (2021-01-01 … 2022-12-31), variety V: 100 000 reported, 70 000 agreed,
    2.00 → 0.40, fund ratio 70 %, score 92; P1 is selected, P2 is not."""
    start, end = date(2021, 1, 1), date(2022, 12, 31)
    source = {"import_id": 1, "row_number": 2}
    return [
        Import(
            kind="purchases",
            file_name="a.xlsx",
            content_hash="a",
            imported_at=datetime(2022, 1, 1, tzinfo=UTC),
            imported_by="test",
            rows=2,
        ),
        Institution(code="H1", name="第一医院", kind="hospital", district="东区", import_id=1),
        Institution(code="H2", name="第二医院", kind="hospital", district="西区", import_id=1),
        Batch(name="B", category="drug", level="national", execution_date=start, end_date=end, import_id=1),
        Variety(batch_id=1, name="V"),
        Product(code="P1", name="甲", spec="10片/盒", units_per_pack=10, base_unit="片", import_id=1),
        Product(code="P2", name="乙", spec="10片/盒", units_per_pack=10, base_unit="片", import_id=1),
        Listing(
            batch_id=1,
            variety_id=1,
            product_id=1,
            status="selected",
            starts_on=start,
            ends_on=end,
            baseline_unit_price=2 * PRICE,
            baseline_basis="listed",
            awarded_unit_price=400_000,
            **source,
        ),
        Listing(
            batch_id=1,
            variety_id=1,
            product_id=2,
            status="non_selected",
            starts_on=start,
            ends_on=end,
            **source,
        ),
        AgreedVolume(
            institution_id=1,
            batch_id=1,
            variety_id=1,
            agreement_year=1,
            reported_units=100_000,
            agreed_units=70_000,
            **source,
        ),
        Assessment(institution_id=1, batch_id=1, agreement_year=1, score=92 * SHARE, **source),
        PaymentRatio(ratio=700_000, **source),
    ]


def another_import(kind: str = "purchases") -> Import:
    """One more import in the history: what was kept of the ledger before it is old."""
    return Import(
        kind=kind,
        file_name="b.xlsx",
        content_hash="b",
        imported_at=datetime(2022, 2, 1, tzinfo=UTC),
        imported_by="test",
        rows=1,
    )


def purchase(
    product_id: int, day: date, units: int, paid: int, institution_id: int = 1, row: int = 3, **more: object
) -> Purchase:
    """A line of `units` base units for `paid` yuan."""
    return Purchase(
        institution_id=institution_id,
        product_id=product_id,
        bought_on=day,
        quantity=units * 10_000,
        is_pack=False,
        base_units=units,
        paid_amount=paid * YUAN,
        import_id=1,
        sheet="明细",
        row_number=row,
        **more,
    )
