"""How the purchase lines of a file stand to the ledger's: new, changed, unchanged or withdrawn.

replace     the file is what is true of its institutions' months and categories: what else is there goes
update      lines of the same institution, day, product and invoice are replaced, all others stay
add         everything is new; a line that is there already is refused (etl.repeats)

Lines that say exactly the same stay as they are, with the file and row that they came from.
"""

from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import Connection, Select, delete, func, insert, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.frames import read_frame
from procurement.queries.merged import merged_codes
from procurement.tables import Product, Purchase, WithdrawnPurchase
from procurement.tables.purchase import PurchaseLine

CONTENT = [
    "institution_id", "product_code", "bought_on", "is_whole_month", "quantity", "is_pack", "unit_price",
    "paid_amount", "distributor", "invoice", "accepted_on", "paid_on",
]  # fmt: skip
"""What two lines must have in common to be the same line; base units follow from it."""

UPDATE_KEY = ["institution_id", "counted_code", "bought_on", "is_whole_month", "invoice"]
PAIRED_BY = ["institution_id", "counted_code", "bought_on"]
"""A line that goes and one that comes with the same of these are one changed line. A product that is merged
into another counts as that one."""

LEAVING = ["id", "import_id", "institution_id", "bought_on", "paid_amount", "is_changed"]
"""What is told of a line that leaves; `is_changed`: another one takes its place."""

IDS_PER_STATEMENT = 10_000


@dataclass(frozen=True)
class Standing:
    """`is_new` marks the rows of the file that must be inserted; `leaving` are lines that no longer count.

    `left_alone` counts lines in the file's months whose category nobody knows: a file of drugs alone, or of
    consumables alone, does not replace them. `is_alone`: these institutions have no lines from the file's
    first month to its last but the file's own.
    """

    is_new: pd.Series
    leaving: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEAVING))
    covered: int = 0
    left_alone: int = 0
    is_alone: bool = False

    @property
    def withdrawn(self) -> pd.DataFrame:
        """Lines that leave without another one in their place."""
        return self.leaving[~self.leaving["is_changed"].astype(bool)]

    @property
    def changed(self) -> int:
        return len(self.leaving) - len(self.withdrawn)

    @property
    def new(self) -> int:
        return int(self.is_new.sum()) - self.changed

    @property
    def unchanged(self) -> int:
        return int((~self.is_new).sum())


def standing(connection: Connection, frame: pd.DataFrame, mode: str) -> Standing:
    """Compare checked lines (with product_code and category) with those that `mode` lets them replace."""
    everything = pd.Series(True, index=frame.index)
    present = _present(connection, frame)
    if present.empty or mode == "add":
        return Standing(everything, is_alone=present.empty)
    merged = merged_codes(connection)
    present, frame = _as_counted(present, merged), _as_counted(frame, merged)
    present["category"] = _told_categories(present, frame)
    covered = _same_key(present, frame) if mode == "update" else _same_cell(present, frame)
    unknown = int((~covered & (present["category"] == "")).sum()) if mode == "replace" else 0
    present = present[covered]
    is_kept, stays = _in_both(present, frame)
    leaving, coming = present[~stays], frame[~is_kept]
    leaving = leaving.assign(is_changed=_has_partner(leaving, coming))
    return Standing(~is_kept, leaving[LEAVING], len(present), unknown)


def cells_of(lines: pd.DataFrame) -> pd.DataFrame:
    """Institution, month and category of each line; an unknown category is empty."""
    month = lines["bought_on"].dt.to_period("M").dt.to_timestamp().astype("datetime64[s]")
    category = lines["category"].fillna("").astype("object")
    return pd.DataFrame(
        {"institution_id": lines["institution_id"].astype("int64"), "month": month, "category": category}
    )


def _as_counted(lines: pd.DataFrame, merged: dict[str, str]) -> pd.DataFrame:
    codes = lines["product_code"].astype("object")
    return lines.assign(counted_code=codes.map(merged).fillna(codes) if merged else codes)


def _told_categories(present: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """The category of each line; one that lacks it has what the file says of its product."""
    told = frame[["counted_code", "category"]].dropna().drop_duplicates("counted_code")
    said = present["counted_code"].map(told.set_index("counted_code")["category"])
    return present["category"].mask((present["category"] == "") & said.notna(), said)


def _present(connection: Connection, frame: pd.DataFrame) -> pd.DataFrame:
    """Live lines of the file's institutions, from its first month to its last."""
    first = frame["bought_on"].min().to_period("M").start_time.date()
    last = frame["bought_on"].max().to_period("M").end_time.date()
    institutions = [int(number) for number in frame["institution_id"].dropna().unique()]
    columns = [col(getattr(Purchase, name)) for name in CONTENT if name != "product_code"]
    twin = aliased(Product)
    query: Select = (
        select(
            col(Purchase.id),
            col(Purchase.import_id),
            *columns,
            col(Product.code).label("product_code"),
            func.coalesce(col(twin.category), col(Product.category)).label("category"),
        )
        .join(Product, col(Product.id) == col(Purchase.product_id))
        .join(twin, col(twin.id) == col(Product.merged_into), isouter=True)
        .where(col(Purchase.institution_id).in_(institutions), col(Purchase.bought_on).between(first, last))
        .order_by(col(Purchase.id))
    )
    found = read_frame(connection, query)
    return found.assign(category=found["category"].fillna("").astype("object"))


def _same_key(present: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    return _contained(_comparable(present[UPDATE_KEY]), _comparable(frame[UPDATE_KEY]))


def _same_cell(present: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Lines in a cell of the file; of unknown category where the file has that, or drugs and consumables."""
    theirs, ours = cells_of(present), cells_of(frame).drop_duplicates()
    kinds = ours.groupby(["institution_id", "month"])["category"].agg(set).rename("kinds").reset_index()
    whole = kinds[kinds["kinds"].map(lambda found: "" in found or len(found) > 1)]
    unknown = whole.drop(columns="kinds").assign(category="")
    return _contained(theirs, pd.concat([ours, unknown]).drop_duplicates())


def _contained(rows: pd.DataFrame, among: pd.DataFrame) -> pd.Series:
    keys = list(rows.columns)
    found = rows.merge(among.drop_duplicates().assign(is_there=True), on=keys, how="left")["is_there"]
    return pd.Series(found.fillna(False).to_numpy(dtype=bool), index=rows.index)


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """The same types on both sides; what is missing equals what is missing."""
    columns = {}
    for name in rows:
        values = rows[name]
        if pd.api.types.is_datetime64_any_dtype(values):
            values = values.astype("datetime64[s]").astype("int64")
        elif values.dtype == "object" or isinstance(values.dtype, pd.StringDtype):
            values = values.astype("object").where(values.notna(), "")
        else:
            values = values.astype("Int64").fillna(-(2**62)).astype("int64")
        columns[name] = values
    return pd.DataFrame(columns)


def _in_both(present: pd.DataFrame, frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Rows of the file, and lines of the ledger, that say the same; two equal lines need two partners."""
    theirs, ours = _comparable(present[CONTENT]), _comparable(frame[CONTENT])
    theirs["nth"] = theirs.groupby(CONTENT, sort=False).cumcount()
    ours["nth"] = ours.groupby(CONTENT, sort=False).cumcount()
    return _contained(ours, theirs), _contained(theirs, ours)


def _has_partner(leaving: pd.DataFrame, coming: pd.DataFrame) -> pd.Series:
    """Lines that go where one comes with the same institution, product and day: changed, not withdrawn."""
    theirs, ours = _comparable(leaving[PAIRED_BY]), _comparable(coming[PAIRED_BY])
    theirs["nth"] = theirs.groupby(PAIRED_BY, sort=False).cumcount()
    ours["nth"] = ours.groupby(PAIRED_BY, sort=False).cumcount()
    return _contained(theirs, ours)


LINE_COLUMNS = list(PurchaseLine.model_fields)


def withdraw(connection: Connection, ids: list[int], import_id: int) -> None:
    """Move live lines to the withdrawn ones."""
    columns = [col(getattr(Purchase, name)) for name in LINE_COLUMNS]
    for some in _in_parts(ids):
        chosen = col(Purchase.id).in_(some)
        moved = select(*columns, literal(import_id)).where(chosen)
        connection.execute(insert(WithdrawnPurchase).from_select([*LINE_COLUMNS, "withdrawn_by"], moved))
        connection.execute(delete(Purchase).where(chosen))


def restore(connection: Connection, withdrawn_by: int, undo_id: int) -> int:
    """Copy back what an import withdrew; the withdrawn rows stay as its history. Returns how many."""
    names = [name for name in LINE_COLUMNS if name != "restored_by"]
    columns = [col(getattr(WithdrawnPurchase, name)) for name in names]
    chosen = select(*columns, literal(undo_id)).where(col(WithdrawnPurchase.withdrawn_by) == withdrawn_by)
    return connection.execute(insert(Purchase).from_select([*names, "restored_by"], chosen)).rowcount


def _in_parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + IDS_PER_STATEMENT] for start in range(0, len(ids), IDS_PER_STATEMENT)]
