"""0.3.0: a city's own policies, settlements, yearly budgets. What was there keeps its meaning."""

import sqlalchemy as sa
from alembic import op

revision = "0.3.0"
down_revision = "0.2.0"

AMOUNTS = ("surplus_base_amount", "score", "ratio", "retained_amount", "staff_amount", "development_amount",
           "payable_amount")  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "policy_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parameter", sa.String, nullable=False, index=True),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("category", sa.String),
        sa.Column("from_date", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("is_limit", sa.Boolean, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("withdraws", sa.Integer, sa.ForeignKey("policy_entry.id"), unique=True),
    )
    op.create_table(
        "settlement",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("institution_id", sa.Integer, sa.ForeignKey("institution.id"), nullable=False, index=True),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batch.id"), nullable=False, index=True),
        sa.Column("agreement_year", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("corrects", sa.Integer, sa.ForeignKey("settlement.id"), index=True),
        *[sa.Column(name, sa.BigInteger, nullable=False) for name in AMOUNTS],
        sa.Column("working", sa.LargeBinary, nullable=False),
        sa.Column("working_hash", sa.String, nullable=False),
        sa.Column("imports_until", sa.Integer, nullable=False),
        sa.Column("decisions", sa.Integer, nullable=False),
    )
    op.create_table(
        "settlement_step",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("settlement_id", sa.Integer, sa.ForeignKey("settlement.id"), nullable=False, index=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("remark", sa.String, nullable=False),
    )
    op.create_table(
        "sharing_account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("institution_id", sa.Integer, sa.ForeignKey("institution.id"), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("scheme", sa.String, nullable=False),
        sa.Column("enrolled_persons", sa.BigInteger),
        sa.Column("budget_amount", sa.BigInteger),
        sa.Column("spending_amount", sa.BigInteger),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("import.id"), nullable=False),
        sa.Column("row_number", sa.Integer, nullable=False),
        sa.UniqueConstraint("institution_id", "year", "scheme"),
    )
