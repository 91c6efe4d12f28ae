"""0.2.0: imports that replace and are taken back, products without a code, volumes of areas.

What 0.1.0 had not kept is filled in as far as the ledger tells it: purchases were added and never replaced
anything, so each import covers the institutions and months of its own lines; a listed product is of its
batch's category, another one of what the form of its code says. What a list had changed is not known: an
import of a list by 0.1.0 cannot be taken back.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0.2.0"
down_revision = "0.1.0"

ROW_COUNTS = ("new_rows", "changed_rows", "unchanged_rows", "withdrawn_rows")
CODE_FORMS = {"consumable": r"C\d{19}(\d{7})?", "drug": r"[XZ][A-Z]\d{2}[A-Z0-9]{19}"}


def upgrade() -> None:
    _make_tables()
    _extend_imports()
    _extend_products()
    _extend_purchases()
    _tell_what_imports_cover()


def _make_tables() -> None:
    op.create_table(
        "area_volume",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("area", sa.String, nullable=False),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batch.id"), nullable=False, index=True),
        sa.Column("variety_id", sa.Integer, sa.ForeignKey("variety.id"), nullable=False),
        sa.Column("product_id", sa.Integer, sa.ForeignKey("product.id")),
        sa.Column("agreement_year", sa.Integer, nullable=False),
        sa.Column("reported_units", sa.BigInteger),
        sa.Column("agreed_units", sa.BigInteger, nullable=False),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("import.id"), nullable=False),
        sa.Column("row_number", sa.Integer, nullable=False),
        sa.UniqueConstraint("area", "variety_id", "product_id", "agreement_year"),
    )
    op.create_table(
        "heading_mapping",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("institution_code", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("heading", sa.String, nullable=False),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.UniqueConstraint("institution_code", "kind", "heading"),
    )
    op.create_table(
        "import_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("import.id"), nullable=False, index=True),
        sa.Column("table_name", sa.String, nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("before", sa.String),
    )
    op.create_table(
        "import_coverage",
        sa.Column("import_id", sa.Integer, sa.ForeignKey("import.id"), primary_key=True),
        sa.Column("institution_id", sa.Integer, sa.ForeignKey("institution.id"), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("category", sa.String, primary_key=True),
    )
    op.create_table(
        "product_match",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("provisional_id", sa.Integer, sa.ForeignKey("product.id"), nullable=False, index=True),
        sa.Column("product_id", sa.Integer, sa.ForeignKey("product.id"), nullable=False),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("score", sa.Integer),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
    )
    op.create_table(
        "withdrawn_purchase",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("institution_id", sa.Integer, sa.ForeignKey("institution.id"), nullable=False),
        sa.Column("product_id", sa.Integer, sa.ForeignKey("product.id"), nullable=False),
        sa.Column("bought_on", sa.Date, nullable=False),
        sa.Column("is_whole_month", sa.Boolean, nullable=False),
        sa.Column("quantity", sa.BigInteger, nullable=False),
        sa.Column("is_pack", sa.Boolean, nullable=False),
        sa.Column("base_units", sa.BigInteger),
        sa.Column("unit_price", sa.BigInteger),
        sa.Column("paid_amount", sa.BigInteger, nullable=False),
        sa.Column("distributor", sa.String),
        sa.Column("invoice", sa.String),
        sa.Column("accepted_on", sa.Date),
        sa.Column("paid_on", sa.Date),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("import.id"), nullable=False),
        sa.Column("sheet", sa.String, nullable=False),
        sa.Column("row_number", sa.Integer, nullable=False),
        sa.Column("restored_by", sa.Integer, sa.ForeignKey("import.id")),
        sa.Column("withdrawn_by", sa.Integer, sa.ForeignKey("import.id"), nullable=False),
        sa.Index("ix_withdrawn_purchase_import", "import_id"),
        sa.Index("ix_withdrawn_purchase_by", "withdrawn_by"),
    )


def _extend_imports() -> None:
    """Columns come empty, are filled, and only then closed: SQLite fills no column that must not be empty."""
    op.add_column("import", sa.Column("mode", sa.String))
    op.add_column("import", sa.Column("answers", sa.String))
    op.add_column("import", sa.Column("undoes", sa.Integer))
    for name in ROW_COUNTS:
        op.add_column("import", sa.Column(name, sa.Integer))
    op.execute(
        "UPDATE import SET mode = CASE kind WHEN 'purchases' THEN 'add' ELSE 'update' END, "
        "new_rows = CASE kind WHEN 'purchases' THEN rows ELSE 0 END, "
        "changed_rows = 0, unchanged_rows = 0, withdrawn_rows = 0"
    )
    with op.batch_alter_table("import") as table:
        for name in ROW_COUNTS:
            table.alter_column(name, nullable=False)
        table.create_unique_constraint("import_undoes_key", ["undoes"])
        table.create_foreign_key("import_undoes_fkey", "import", ["undoes"], ["id"])


def _extend_products() -> None:
    for name in ("category", "registration"):
        op.add_column("product", sa.Column(name, sa.String))
    op.add_column("product", sa.Column("is_provisional", sa.Boolean))
    op.add_column("product", sa.Column("merged_into", sa.Integer))
    op.execute(sa.text("UPDATE product SET is_provisional = :no").bindparams(no=False))
    _tell_categories()
    with op.batch_alter_table("product") as table:
        table.alter_column("is_provisional", nullable=False)
        table.create_foreign_key("product_merged_into_fkey", "product", ["merged_into"], ["id"])
    op.create_index("ix_product_merged_into", "product", ["merged_into"])


def _tell_categories() -> None:
    op.execute(
        "UPDATE product SET category = (SELECT min(batch.category) FROM listing "
        "JOIN batch ON batch.id = listing.batch_id WHERE listing.product_id = product.id)"
    )
    connection = op.get_bind()
    unknown = connection.execute(sa.text("SELECT id, code FROM product WHERE category IS NULL")).all()
    told = [
        {"id": number, "category": category}
        for number, code in unknown
        for category, form in CODE_FORMS.items()
        if re.fullmatch(form, code)
    ]
    if told:
        connection.execute(sa.text("UPDATE product SET category = :category WHERE id = :id"), told)


def _extend_purchases() -> None:
    op.drop_index("ix_purchase_import_id", "purchase")
    op.drop_index("ix_purchase_product_id", "purchase")
    with op.batch_alter_table("purchase") as table:
        table.add_column(sa.Column("restored_by", sa.Integer))
        table.create_foreign_key("purchase_restored_by_fkey", "import", ["restored_by"], ["id"])
    op.create_index("ix_purchase_import", "purchase", ["import_id"])
    op.create_index("ix_purchase_product", "purchase", ["product_id"])


def _tell_what_imports_cover() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    month = "date(bought_on, 'start of month')" if is_sqlite else "date_trunc('month', bought_on)::date"
    op.execute(
        "INSERT INTO import_coverage (import_id, institution_id, month, category) "
        f"SELECT DISTINCT purchase.import_id, institution_id, {month}, coalesce(category, '') "
        "FROM purchase JOIN product ON product.id = purchase.product_id"
    )
