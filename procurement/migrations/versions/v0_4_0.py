"""0.4.0: accounts, sign-ins and the audit trail; states of months, replies, reasons; what drafts said before.

What was there keeps its meaning. The trail begins with this migration: what was done before is in no trail.
"""

import sqlalchemy as sa
from alembic import op

from procurement.people.audit import APPEND_ONLY

revision = "0.4.0"
down_revision = "0.3.0"

AMOUNTS = ("surplus_base_amount", "score", "ratio", "retained_amount", "staff_amount", "development_amount",
           "payable_amount")  # fmt: skip


def upgrade() -> None:
    _make_people()
    _make_audit_trail()
    _make_reporting()
    _make_earlier_drafts()


def _make_people() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("full_name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("password_hash", sa.String),
        sa.Column("must_change_password", sa.Boolean, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("is_demo", sa.Boolean, nullable=False),
        sa.Column("subject", sa.String, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
    )
    op.create_table(
        "account_scope",
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("value", sa.String, primary_key=True),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("origin", sa.String, nullable=False),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, index=True),
        sa.Column("origin", sa.String, nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("has_succeeded", sa.Boolean, nullable=False),
    )


def _make_audit_trail() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False, index=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("details", sa.String, nullable=False),
        sa.Column("previous_hash", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False, unique=True),
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _make_reporting() -> None:
    op.create_table(
        "month_step",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("institution_id", sa.Integer, sa.ForeignKey("institution.id"), nullable=False, index=True),
        sa.Column("month", sa.Date, nullable=False, index=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("imports_until", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.create_table(
        "settlement_reply",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("settlement_id", sa.Integer, sa.ForeignKey("settlement.id"), nullable=False, index=True),
        sa.Column("stance", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("working_hash", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String, nullable=False),
    )
    op.create_table(
        "shortfall_reason",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("institution_id", sa.Integer, sa.ForeignKey("institution.id"), nullable=False, index=True),
        sa.Column("variety_id", sa.Integer, sa.ForeignKey("variety.id"), nullable=False),
        sa.Column("agreement_year", sa.Integer, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String, nullable=False),
    )


def _make_earlier_drafts() -> None:
    op.create_table(
        "earlier_draft",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("settlement_id", sa.Integer, sa.ForeignKey("settlement.id"), nullable=False, index=True),
        sa.Column("until_step", sa.Integer, sa.ForeignKey("settlement_step.id"), nullable=False),
        *[sa.Column(name, sa.BigInteger, nullable=False) for name in AMOUNTS],
        sa.Column("working", sa.LargeBinary, nullable=False),
        sa.Column("working_hash", sa.String, nullable=False),
        sa.Column("imports_until", sa.Integer, nullable=False),
        sa.Column("decisions", sa.Integer, nullable=False),
    )
