"""中选结果 → Batch, Variety, Product, Listing: what was awarded, at which price, from when to when.

A price counts by what its heading says (每盒价格, 最小规格价格), else by the 计价单位 column, else packs; it
is kept per base unit. A list without prices is one too. 流标 in a price cell: nothing was awarded.
"""

import pandas as pd
from sqlalchemy import Connection, func, select, update
from sqlmodel import col

from etl import cells, dates
from etl.batch_checks import check_batches, check_drops, check_periods, check_prices, check_varieties
from etl.checks import no_duplicates
from etl.hints import Hint
from etl.listings import (
    add_listings,
    products_of_batches,
    read_product,
    read_strength_factor,
    touched_products,
)
from etl.prices import per_base_unit, price_words, refuse_ten_thousands
from etl.products import consistent_products, save_products
from etl.register import Context, read_register
from etl.rows import Rows
from etl.sources.renamed import awarded_in, check_renamed, move_renamed
from procurement.database import insert_frame
from procurement.language import N_
from procurement.ledger import Touched
from procurement.money import UNIT_SCALE
from procurement.tables import Batch, Import, Listing, Variety

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

NOT_AWARDED = {"流标", "未中选", "未中标", "不中选", "落标", "废标", "未入围", "弃标", "未报价", "非中选"}


def read(rows: Rows) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "batch": rows.read("batch", cells.text),
            "level": rows.read_words("level"),
            "category": rows.read_words("category"),
            "variety": rows.read("variety", cells.text),
            "variety_baseline": rows.read("variety_baseline_price", cells.price, "Int64"),
            "variety_basis": rows.told("variety_baseline_price", lambda column, table: column.basis),
            "stated_baseline": rows.read("baseline_price", cells.price, "Int64"),
            "baseline_unit": price_words(rows, "baseline_price"),
            "baseline_basis": _baseline_basis(rows),
            "stated_price": rows.read("awarded_price", _awarded_price, "Int64"),
            "price_unit": price_words(rows, "awarded_price"),
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
    nothing = rows.raw("awarded_price").map(cells.plain).isin(NOT_AWARDED)
    return stated.mask(nothing, "non_selected")


def _baseline_basis(rows: Rows) -> pd.Series:
    """What the row says, else what the heading of the price says."""
    by_heading = rows.told("baseline_price", lambda column, table: column.basis)
    return rows.read_words("baseline_basis").fillna(by_heading)


def check(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    check_batches(rows, frame)
    check_prices(rows, frame)
    consistent_products(rows, frame)
    frame["awarded_unit_price"], frame["stated_per_pack"] = per_base_unit(
        rows, frame, "stated_price", "price_unit", "awarded_price"
    )
    frame["baseline_unit_price"], _ = per_base_unit(
        rows, frame, "stated_baseline", "baseline_unit", "baseline_price"
    )
    refuse_ten_thousands(rows, "awarded_price", "baseline_price", "variety_baseline_price")
    check_drops(rows, frame)
    check_varieties(rows, frame)
    shown = frame[["batch", "product_code"]].assign(start=frame["starts_on"].astype(str))
    no_duplicates(rows, frame[["batch", "product_code", "starts_on"]], shown, "product_code")
    check_periods(rows, frame)
    check_renamed(rows, frame, context)
    return frame


def load(connection: Connection, frame: pd.DataFrame, import_id: int) -> list[Touched]:
    batches = _save_batches(connection, frame, import_id)
    before = products_of_batches(connection, list(batches.values()))
    listed_before = awarded_in(connection, list(batches.values()))
    frame = frame.assign(batch_id=frame["batch"].map(cells.key_of).map(batches))
    frame["product_name"] = frame["product_name"].fillna(frame["variety"])
    varieties = _save_varieties(connection, frame)
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
    _set_periods(connection, list(batches.values()))
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


def _save_batches(connection: Connection, frame: pd.DataFrame, import_id: int) -> dict[str, int]:
    """Ids by key of the batches in the file, inserted or updated; their dates are set at the end."""
    known = read_register(connection).batches
    named = frame.assign(key=frame["batch"].map(cells.key_of)).groupby("key", sort=False)
    rows = named.agg(
        name=("batch", "first"),
        level=("level", "first"),
        category=("category", "first"),
        execution_date=("starts_on", "min"),
        end_date=("ends_on", "max"),
    ).assign(import_id=import_id)
    is_known = rows.index.isin(list(known))
    insert_frame(connection, Batch, rows[~is_known])
    for key, row in rows[is_known].iterrows():
        level = {"level": row["level"]} if isinstance(row["level"], str) else {}
        values = {"category": row["category"], "import_id": import_id, **level}
        connection.execute(update(Batch).where(col(Batch.id) == known[str(key)].id).values(values))
    saved = read_register(connection).batches
    return {key: saved[key].id for key in rows.index}


def _save_varieties(connection: Connection, frame: pd.DataFrame) -> dict[tuple[int, str], int]:
    """Ids by batch and key; a stated baseline of the variety is taken over."""
    known = read_register(connection).varieties
    named = frame.assign(key=frame["variety"].map(cells.key_of)).groupby(["batch_id", "key"], sort=False)
    rows = named.agg(
        name=("variety", "first"),
        baseline_unit_price=("variety_baseline", "first"),
        baseline_basis=("variety_basis", "first"),
    )
    is_known = pd.Series([place in known for place in rows.index], index=rows.index)
    insert_frame(connection, Variety, rows[~is_known].reset_index().drop(columns="key"))
    for place, row in rows[is_known & rows["baseline_unit_price"].notna()].iterrows():
        values = {
            "baseline_unit_price": int(row["baseline_unit_price"]),
            "baseline_basis": row["baseline_basis"],
        }
        connection.execute(update(Variety).where(col(Variety.id) == known[place]).values(values))
    return read_register(connection).varieties


def _set_periods(connection: Connection, batch_ids: list[int]) -> None:
    """A batch runs from the earliest to the latest day of its lists' rows; substitutes run as long."""
    query = (
        select(col(Listing.batch_id), func.min(col(Listing.starts_on)), func.max(col(Listing.ends_on)))
        .join(Import, col(Import.id) == col(Listing.import_id))
        .where(col(Import.kind) == "batch_list", col(Listing.batch_id).in_(batch_ids))
        .group_by(col(Listing.batch_id))
    )
    substitutes = select(col(Import.id)).where(col(Import.kind) == "substitutes").scalar_subquery()
    for batch_id, first, last in connection.execute(query).all():
        connection.execute(
            update(Batch).where(col(Batch.id) == batch_id).values(execution_date=first, end_date=last)
        )
        connection.execute(
            update(Listing)
            .where(col(Listing.batch_id) == batch_id, col(Listing.import_id).in_(substitutes))
            .values(starts_on=first, ends_on=last)
        )
