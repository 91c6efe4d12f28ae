"""Checks of a batch list: one batch, one product, one variety says one thing, and periods make sense."""

import re
from decimal import Decimal

import pandas as pd

from etl.problem_kinds.mention import BASELINE_BELOW_AWARD, DROP_DIFFERS, TWO_PRICES_DIFFER
from etl.problem_kinds.skip import (
    BATCH_DIFFERS,
    EMPTY_CELL,
    END_BEFORE_START,
    OVERLAPPING_AWARD,
    PRICE_NOT_POSITIVE,
    SEVERAL_MAKERS,
    UNKNOWN_UNIT,
    VARIETY_PRICE_DIFFERS,
)
from etl.quantities import decided
from etl.rows import Rows
from etl.values.cells import NOTHING, Read, key_of, number, plain
from etl.values.hints import Hint
from procurement.money import PRICE_SCALE


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


NOT_AWARDED = {"流标", "未中选", "未中标", "不中选", "落标", "废标", "未入围", "弃标", "未报价", "非中选"}
"""Words in the place of a price, or of a firm, that say that nothing was awarded."""

_FIRMS = re.compile(r"(?:公司|药厂|集团|制药厂)\s*[、,;\n]\s*\S")


def check_makers(rows: Rows, frame: pd.DataFrame) -> None:
    """Fill the manufacturer from 中选企业; 流标 in its place is no firm, and two firms are two rows."""
    frame["manufacturer"] = frame["manufacturer"].fillna(frame["winner"])
    failed = frame["manufacturer"].isin(NOT_AWARDED)
    frame["status"] = frame["status"].mask(failed, "non_selected")
    frame["manufacturer"] = frame["manufacturer"].mask(failed)
    field = "manufacturer" if rows.has("manufacturer") else "winner"
    nobody = frame["manufacturer"].isna() & (frame["status"] != "non_selected")
    rows.report(EMPTY_CELL, nobody, field)
    several = rows.raw(field).map(lambda cell: bool(_FIRMS.search(plain(cell))))
    rows.report(SEVERAL_MAKERS, several & ~failed, field)


def check_prices(rows: Rows, frame: pd.DataFrame) -> None:
    for column, field in (
        ("stated_price", "awarded_price"),
        ("stated_base_price", "awarded_base_price"),
        ("stated_baseline", "baseline_price"),
        ("variety_baseline", "variety_baseline_price"),
    ):
        rows.report(PRICE_NOT_POSITIVE, (frame[column] <= 0).fillna(False), field)


LEAST_SHARE_APART = 0.01
"""Published prices per base unit are rounded to the fen; of cheap ones that is more than a share of this."""

HALF_A_FEN = 5_000
"""In 10⁻⁶ yuan."""


def check_two_prices(rows: Rows, frame: pd.DataFrame) -> None:
    """A price per pack and one per base unit of the same award say the same, as far as they are rounded."""
    if not (rows.has("awarded_price") and rows.has("awarded_base_price")):
        return
    by_pack, by_base = frame["awarded_unit_price"], frame["stated_base_price"]
    apart = (by_pack - by_base).abs()
    differs = ((apart > HALF_A_FEN) & (apart > by_pack * LEAST_SHARE_APART)).fillna(False)
    rows.report(
        TWO_PRICES_DIFFER,
        differs,
        "awarded_base_price",
        computed=_yuan(by_pack, differs),
        pack=frame["units_per_pack"],
    )


LEAST_DROP_APART = 0.01
"""A stated drop that is off by more than a point was not worked out from these two prices."""


LEAST_RISE = 1.25
"""Awards a little above the price before are published as such; a wrong unit makes more of a difference."""


def check_drops(rows: Rows, frame: pd.DataFrame) -> None:
    """Two prices of different units show: by a baseline below the award, or by the drop that is stated."""
    baseline, award = frame["baseline_unit_price"], frame["awarded_unit_price"]
    packs = frame["units_per_pack"]
    below = ((baseline * LEAST_RISE < award) & (baseline * packs >= award)).fillna(False)
    rows.report(
        BASELINE_BELOW_AWARD,
        below,
        "baseline_price",
        baseline=_yuan(baseline, below),
        awarded=_yuan(award, below),
        other_baseline=_yuan(baseline * packs, below),
        other_awarded=_yuan(award / packs, below),
    )
    stated = rows.read("drop", _drop, "float64")
    computed = (1 - award / baseline.mask(baseline <= 0)).astype("float64")
    # 0.8 under 降幅(%) may be 80 % all the same.
    apart = pd.concat([(stated - computed).abs(), (stated / 100 - computed).abs()], axis=1).min(axis=1)
    differs = computed.notna() & stated.notna() & (apart > LEAST_DROP_APART)
    texts = computed.map(lambda share: f"{share:.1%}", na_action="ignore")
    rows.report(DROP_DIFFERS, differs, "drop", computed=texts)


def _yuan(prices: pd.Series, where: pd.Series) -> pd.Series:
    words = [f"{p / PRICE_SCALE:.4f}" if w else None for p, w in zip(prices, where, strict=True)]
    return pd.Series(words, dtype="object")


def _drop(cell: object, hint: Hint) -> Read:
    """A drop as a share: 80%, 0.8, 80; a fall may be written with a minus. What is no figure says nothing."""
    bare = plain(cell)
    figure = number(bare.removesuffix("%") if bare.endswith("%") else cell)
    if not isinstance(figure, Decimal):
        return NOTHING
    is_percent = bare.endswith("%") or abs(figure) > 1
    return Read(abs(float(figure)) / (100 if is_percent else 1))


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
