"""中选结果 → Batch, Variety, Product, Listing: what was awarded, at which price, from when to when.

A price counts by what its heading says (每盒价格, 最小规格价格), else by the 计价单位 column, else packs; it
is kept per base unit. A list without prices is one too. 流标 in a price cell: nothing was awarded.
"""

import pandas as pd
from sqlalchemy import Connection

from etl.answers import Said, fill, said
from etl.batch_checks import (
    NOT_AWARDED,
    check_batches,
    check_drops,
    check_makers,
    check_periods,
    check_prices,
    check_two_prices,
    check_varieties,
)
from etl.batches import save_batches, save_varieties, set_periods
from etl.checks import no_duplicates
from etl.listings import (
    add_listings,
    products_of_batches,
    read_product,
    read_strength_factor,
    report_not_in_new_list,
    touched_products,
    withdraw_missing,
)
from etl.matching.resolving import resolve_products
from etl.prices import per_base_unit, price_words, refuse_ten_thousands
from etl.problem_kinds.mention import VARIETY_BY_NAME
from etl.problem_kinds.skip import EMPTY_CELL, NOT_OF_A_BATCH
from etl.products import consistent_products, save_products
from etl.register import Context
from etl.rows import Rows
from etl.sources.renamed import awarded_in, check_renamed, move_renamed
from etl.supply_areas import apply_supply_area
from etl.values import cells, dates
from etl.values.hints import Hint
from procurement.language import N_
from procurement.ledger import Touched
from procurement.money import UNIT_SCALE

TITLE = N_("中选结果")
NOTES = {
    "batch": N_("批次名称，同一批次各行须一致，例如：第七批国家组织药品集采。"),
    "level": N_("填：国家组织、省际联盟、省级、市级、国家谈判。"),
    "category": N_("填：药品、耗材。"),
    "variety": N_("招采的品种：药品为通用名加剂型，耗材为产品类别。"),
    "product_code": N_("国家医保编码，与采购记录中的编码一致。单元格请设为文本格式。"),
    "product_name": N_("产品名称；不填则取品种名称。"),
    "form": N_("剂型。"),
    "spec": N_("例如：20mg*7片*2板/盒。"),
    "units_per_pack": N_("每盒的最小单位数，例如 14；规格写明的可不填。"),
    "unit": N_("最小单位：片、粒、支、袋、套等。"),
    "manufacturer": N_("生产企业全称。"),
    "baseline_price": N_("集采前价格（元），单位与“计价单位”列一致。"),
    "baseline_basis": N_("填：集采前加权均价、最高有效申报价、挂网价、由采购记录推算。"),
    "awarded_price": N_("中选价格（元），单位见“计价单位”列；流标的写“流标”。"),
    "price_unit": N_("价格按什么计：盒，或最小单位（片、支、套等）；不填为盒。"),
    "strength_factor": N_("一个最小单位折合主规格的倍数，例如主规格 20mg 时 10mg 填 0.5；不填为 1。"),
    "supply_area": N_("供应地区。"),
    "execution_date": N_("开始执行的日期。"),
    "end_date": N_("执行截止的日期（含当日）。"),
    "status": N_("填：中选、备供、不带量、取消中选、未中选；不填为中选。"),
}
EXAMPLE = {
    "batch": "示例批次",
    "level": "国家组织",
    "category": "药品",
    "variety": "示例品种口服常释剂型",
    "product_code": "XA00EXAMPLE0000000001",
    "product_name": "示例片",
    "form": "片剂",
    "spec": "20mg*7片*2板/盒",
    "units_per_pack": 14,
    "unit": "片",
    "manufacturer": "示例制药有限公司",
    "baseline_price": 28,
    "baseline_basis": "集采前加权均价",
    "awarded_price": 5.6,
    "price_unit": "盒",
    "strength_factor": 1,
    "supply_area": "示例省",
    "execution_date": "2022-11-01",
    "end_date": "2025-10-31",
    "status": "中选",
}


def read(rows: Rows) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "batch": rows.read("batch", cells.text),
            "level": rows.read_words("level"),
            "category": rows.read_words("category"),
            "variety": rows.read("variety", cells.text),
            "winner": rows.read("winner", cells.text),
            "variety_baseline": rows.read("variety_baseline_price", cells.price, "Int64"),
            "variety_basis": rows.told("variety_baseline_price", lambda column, table: column.basis),
            "stated_baseline": rows.read("baseline_price", cells.price, "Int64"),
            "baseline_unit": price_words(rows, "baseline_price"),
            "baseline_basis": _baseline_basis(rows),
            "stated_price": rows.read("awarded_price", _awarded_price, "Int64"),
            "price_unit": price_words(rows, "awarded_price"),
            "stated_base_price": rows.read("awarded_base_price", _awarded_price, "Int64"),
            "supply_area": rows.read("supply_area", cells.text),
            "starts_on": rows.read("execution_date", dates.day, "datetime64[s]"),
            "ends_on": rows.read("end_date", dates.last_day, "datetime64[s]"),
            "status": _status(rows),
        }
    )
    return pd.concat([frame, read_product(rows), read_strength_factor(rows)], axis=1)


def _awarded_price(cell: object, hint: Hint) -> cells.Read:
    return cells.NOTHING if cells.plain(cell) in NOT_AWARDED else cells.price(cell, hint)


def _status(rows: Rows) -> pd.Series:
    stated = rows.read_words("status").fillna("selected")
    for field in ("awarded_price", "awarded_base_price"):
        nothing = rows.raw(field).map(cells.plain).isin(NOT_AWARDED)
        stated = stated.mask(nothing, "non_selected")
    return stated


def _baseline_basis(rows: Rows) -> pd.Series:
    """What the row says, else what the heading of the price says."""
    by_heading = rows.told("baseline_price", lambda column, table: column.basis)
    return rows.read_words("baseline_basis").fillna(by_heading)


def check(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    told = said(rows, context)
    if not told.is_enough:
        return frame
    frame = _completed(rows, frame, told)
    frame["status"] = apply_supply_area(rows, frame, told.values.get("province"))
    resolve_products(rows, frame, context)
    check_batches(rows, frame)
    check_prices(rows, frame)
    consistent_products(rows, frame)
    frame = _priced(rows, frame)
    check_drops(rows, frame)
    check_varieties(rows, frame)
    shown = frame[["batch", "product_code"]].assign(start=frame["starts_on"].astype(str))
    no_duplicates(rows, frame[["batch", "product_code", "starts_on"]], shown, "product_code")
    check_periods(rows, frame)
    check_renamed(rows, frame, context)
    report_not_in_new_list(rows, frame, context)
    return frame


def _completed(rows: Rows, frame: pd.DataFrame, told: Said) -> pd.DataFrame:
    """The rows with what published lists leave out: from the answers, or from another column."""
    columns = {"batch": "batch", "level": "level", "category": "category"}
    columns |= {"execution_date": "starts_on", "end_date": "ends_on"}
    filled = {column: fill(rows, frame[column], name, told.values) for name, column in columns.items()}
    frame = frame.assign(**filled)
    for name, column in (("baseline_basis", "baseline_basis"), ("price_unit", "price_unit")):
        frame[column] = frame[column].fillna(told.values.get(name))
    frame["baseline_unit"] = frame["baseline_unit"].fillna(told.values.get("price_unit"))
    check_makers(rows, frame)
    if not rows.has("variety"):
        rows.mention(VARIETY_BY_NAME, "product_name")
        frame["variety"] = frame["product_name"]
    rows.report(EMPTY_CELL, frame["variety"].isna(), "variety" if rows.has("variety") else "product_name")
    frame["product_name"] = frame["product_name"].fillna(frame["variety"])
    rows.report(NOT_OF_A_BATCH, rows.read_words("is_of_a_batch") == "no", "is_of_a_batch")
    return frame


def _priced(rows: Rows, frame: pd.DataFrame) -> pd.DataFrame:
    """Prices per base unit; of an award both ways of stating it count, and are compared."""
    only_base = frame["stated_price"].isna() | (
        frame["units_per_pack"].isna() & frame["stated_base_price"].notna()
    )
    frame["stated_price"] = frame["stated_price"].mask(only_base, frame["stated_base_price"])
    frame["price_unit"] = frame["price_unit"].mask(only_base & frame["stated_price"].notna(), "最小单位")
    frame["awarded_unit_price"], frame["stated_per_pack"] = per_base_unit(
        rows, frame, "stated_price", "price_unit", "awarded_price"
    )
    frame["baseline_unit_price"], _ = per_base_unit(
        rows, frame, "stated_baseline", "baseline_unit", "baseline_price"
    )
    prices = ("awarded_price", "awarded_base_price", "baseline_price", "variety_baseline_price")
    refuse_ten_thousands(rows, *prices)
    check_two_prices(rows, frame)
    return frame


def load(connection: Connection, frame: pd.DataFrame, import_id: int, mode: str = "update") -> list[Touched]:
    batches = save_batches(connection, frame, import_id)
    before = products_of_batches(connection, list(batches.values()))
    listed_before = awarded_in(connection, list(batches.values()))
    frame = frame.assign(batch_id=frame["batch"].map(cells.key_of).map(batches))
    if mode == "replace":
        withdraw_missing(connection, frame, "batch_list")
    varieties = save_varieties(connection, frame)
    product_ids, moved = save_products(connection, frame, import_id)
    places = zip(frame["batch_id"], frame["variety"].map(cells.key_of), strict=True)
    add_listings(
        connection,
        frame[
            [
                "batch_id",
                "starts_on",
                "ends_on",
                "baseline_unit_price",
                "baseline_basis",
                "supply_area",
                "row_number",
            ]
        ].assign(
            variety_id=[varieties[place] for place in places],
            product_id=frame["product_code"].map(product_ids),
            status=frame["status"],
            strength_factor=frame["strength_factor"].fillna(UNIT_SCALE),
            **_award(frame),
            import_id=import_id,
        ),
    )
    move_renamed(connection, list(batches.values()), listed_before)
    set_periods(connection, list(batches.values()))
    after = products_of_batches(connection, list(batches.values()))
    return touched_products(before | after | moved)


def _award(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Prices of what was awarded; what a loser bid is no price to compare with."""
    lost = frame["status"] == "non_selected"
    return {
        "awarded_unit_price": frame["awarded_unit_price"].mask(lost),
        "stated_price": frame["stated_price"].mask(lost),
        "stated_per_pack": frame["stated_per_pack"] & ~lost,
    }
