"""Where every figure comes from, and what each import did to what was there."""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel, UniqueConstraint

MODES = ("replace", "add", "update")
"""What a file does to lines that are there: replace what it covers, be added, or update by key."""

UNDO = "undo"
"""Kind of the entry that takes another import back."""


class Import(SQLModel, table=True):
    """One row per file that was loaded, and one per import taken back; the history is only added to.

    `imported_at` is when it was done and others could see it. `content_hash` is of the rows as read, not of
    the file's bytes, so the same content saved again by another program is recognised. `rows` are those
    that the file brought; `new_rows`, `changed_rows` and `unchanged_rows` tell how they stood to what was
    there, `withdrawn_rows` what the file no longer has. `skipped_rows` and `skipped_amount` (1/10000 yuan;
    empty where the kind carries no amounts) tell what `--skip-bad-rows` left out. `answers` is what the
    file lacked and a person said (JSON). An undo has the kind `undo` and points to the import that it takes
    back.
    """

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    file_name: str
    content_hash: str = Field(unique=True)
    institution_code: str | None = None
    imported_at: datetime
    imported_by: str
    rows: int
    skipped_rows: int = 0
    skipped_amount: int | None = Field(default=None, sa_type=BigInteger)
    mode: str | None = None  # one of MODES
    new_rows: int = 0
    changed_rows: int = 0
    unchanged_rows: int = 0
    withdrawn_rows: int = 0
    answers: str | None = None
    undoes: int | None = Field(default=None, foreign_key="import.id", unique=True)


class ImportCoverage(SQLModel, table=True):
    """One row per import × institution × month × category (empty: unknown) that its purchase lines are of.

    What `replace` replaces, and what tells whether a later import builds on an earlier one.
    """

    __tablename__ = "import_coverage"

    import_id: int = Field(foreign_key="import.id", primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", primary_key=True)
    month: date = Field(primary_key=True)
    category: str = Field(primary_key=True)  # one of register.CATEGORIES, or ""


class ImportChange(SQLModel, table=True):
    """One row per row of a list that an import inserted, changed or removed, and one per row that an undo
    may have given back.

    `before` is the row as JSON, empty for one that was not there. Purchase lines are not here: what is
    withdrawn of them is kept whole (WithdrawnPurchase).
    """

    __tablename__ = "import_change"

    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="import.id", index=True)
    table_name: str
    row_id: int
    before: str | None = None


class HeadingMapping(SQLModel, table=True):
    """One row per heading that a person has said the meaning of, for one institution and kind of workbook.

    `institution_code` is empty where it holds for files of any institution; `heading` is its compared
    form (etl.values.hints.heading_key); an empty `field` means: of no use.
    """

    __tablename__ = "heading_mapping"
    __table_args__ = (UniqueConstraint("institution_code", "kind", "heading"),)

    id: int | None = Field(default=None, primary_key=True)
    institution_code: str = ""
    kind: str
    heading: str
    field: str
    decided_at: datetime
    decided_by: str
