"""Checks of a batch list: one batch, one product, one variety says one thing, and periods make sense."""

import pandas as pd

from etl.cells import key_of
from etl.problem_kinds.skip import (
    BATCH_DIFFERS,
    END_BEFORE_START,
    OVERLAPPING_AWARD,
    PRICE_NOT_POSITIVE,
    UNKNOWN_UNIT,
    VARIETY_PRICE_DIFFERS,
)
from etl.quantities import decided
from etl.rows import Rows


def check_batches(rows: Rows, frame: pd.DataFrame) -> None:
    """All rows of a batch agree on its category and level."""
    key = frame["batch"].map(key_of, na_action="ignore")
    for field in ("category", "level"):
        place, differs = _unlike_first(key, frame[field])
        rows.report(
            BATCH_DIFFERS,
            differs,
            field,
            batch=frame["batch"],
            first_row=rows.places(place.where(differs)),
            first=_cells_at(rows, field, place.where(differs)),
        )
    ends_early = (frame["ends_on"] < frame["starts_on"]).fillna(False)
    rows.report(
        END_BEFORE_START, ends_early, "end_date", start=frame["starts_on"].map(_day, na_action="ignore")
    )


def _day(moment: pd.Timestamp) -> str:
    return moment.date().isoformat()


def _unlike_first(key: pd.Series, values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """For each row the first row with its key that has a value, and whether its own value differs."""
    known = values.notna() & key.notna()
    first = pd.DataFrame({"key": key, "value": values})[known].drop_duplicates("key")
    place = key.map(pd.Series(first.index, index=first["key"]))
    differs = known & (values != key.map(first.set_index("key")["value"])).fillna(False)
    return place, differs


def _cells_at(rows: Rows, field: str, places: pd.Series) -> pd.Series:
    return pd.Series(
        [rows.cell(field, int(place)) if pd.notna(place) else None for place in places], dtype="object"
    )


def check_prices(rows: Rows, frame: pd.DataFrame) -> None:
    for column, field in (
        ("stated_price", "awarded_price"),
        ("stated_baseline", "baseline_price"),
        ("variety_baseline", "variety_baseline_price"),
    ):
        rows.report(PRICE_NOT_POSITIVE, (frame[column] <= 0).fillna(False), field)


def check_varieties(rows: Rows, frame: pd.DataFrame) -> None:
    """A price of the variety is one price, per base unit of its main strength."""
    field = "variety_baseline_price"
    if not rows.has(field):
        return
    words = rows.told(field, lambda column, table: column.hint.unit or "最小单位")
    units = decided(words, frame["base_unit"], frame["units_per_pack"])
    not_base = frame["variety_baseline"].notna() & units["is_pack"].fillna(True).astype(bool)
    rows.report(UNKNOWN_UNIT, not_base, field, base_unit="")
    key = pd.Series(
        list(zip(frame["batch"].map(key_of), frame["variety"].map(key_of), strict=True)), dtype="object"
    )
    place, differs = _unlike_first(key, frame["variety_baseline"])
    first_row = rows.places(place.where(differs))
    rows.report(VARIETY_PRICE_DIFFERS, differs, field, variety=frame["variety"], first_row=first_row)


def check_periods(rows: Rows, frame: pd.DataFrame) -> None:
    """The periods of one product in one batch do not meet."""
    order = (
        frame[~rows.bad]
        .assign(key=lambda f: f["batch"].map(key_of))
        .sort_values(["key", "product_code", "starts_on"])
    )
    same = (order["key"] == order["key"].shift()) & (order["product_code"] == order["product_code"].shift())
    meets = same & (order["starts_on"] <= order["ends_on"].shift())
    before = pd.Series(order.index, index=order.index).shift().where(meets)
    where = meets.reindex(frame.index, fill_value=False)
    rows.report(
        OVERLAPPING_AWARD, where, "execution_date", first_row=rows.places(before.reindex(frame.index))
    )
