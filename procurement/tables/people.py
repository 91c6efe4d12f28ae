"""Who may sign in, what they may see, and what they did."""

from datetime import datetime

from sqlmodel import Field, SQLModel

ROLES = ("administrator", "official", "leadership", "manager", "reporter")
"""manager and reporter are of an institution, or of a group such as a pharmacy chain."""

SCOPE_KINDS = ("district", "institution", "chain")


class Account(SQLModel, table=True):
    """One row per person who may sign in (账号); never deleted, only disabled: the audit trail names it.

    `password_hash` is argon2's; empty for who signs in through the second front door (`subject`: issuer and
    subject of the identity) and for the roles of the demo (`is_demo`), which have no password at all. With
    `must_change_password` nothing is shown before the password has been changed.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    full_name: str = ""
    role: str  # one of ROLES
    password_hash: str | None = None
    must_change_password: bool = False
    is_active: bool = True
    is_demo: bool = False
    subject: str | None = Field(default=None, unique=True)
    created_at: datetime
    created_by: str


class AccountScope(SQLModel, table=True):
    """One row per district, institution or chain that an account may see.

    Without any, an administrator, an official or leadership sees the whole city, a hospital's people nothing.
    """

    __tablename__ = "account_scope"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    kind: str = Field(primary_key=True)  # one of SCOPE_KINDS
    value: str = Field(primary_key=True)  # a district's name, an institution's code, a chain's name


class SignIn(SQLModel, table=True):
    """One row per sign-in (会话): from the password to the sign-out, or until it expires.

    The browser holds a random token, the ledger only its SHA-256: who reads the ledger cannot sign in with
    it. `ends_at` is the absolute end, `seen_at` the last time that it was used, to the minute.
    """

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    origin: str = ""


class SignInAttempt(SQLModel, table=True):
    """One row per attempt to sign in with a password: what throttling and lock-out count."""

    __tablename__ = "sign_in_attempt"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    origin: str = Field(default="", index=True)
    at: datetime = Field(index=True)
    has_succeeded: bool


class AuditEvent(SQLModel, table=True):
    """One row per thing that somebody did; the trail is only added to, which the database itself enforces.

    `hash` is the SHA-256 of the row's other columns with the `previous_hash`, so that nothing in the middle
    can be changed, left out or put in unseen. `at` is ISO text in UTC, as it was hashed; `details` is JSON.
    """

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    at: str
    actor: str
    role: str = ""
    origin: str = ""
    action: str = Field(index=True)
    subject: str = ""
    details: str = "{}"
    previous_hash: str
    hash: str = Field(unique=True)
