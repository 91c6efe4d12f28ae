"""约定采购量 → AgreedVolume: per institution, batch, variety, product (or none) and agreement year.

Without a product the units are base units of the variety's main strength; packs (盒) can then be counted only
where all selected products of that strength have the same pack size.
"""

from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from etl.answers import fill, said
from etl.area_volumes import (
    OF_AREA,
    OF_INSTITUTION,
    areas_of_rows,
    check_area_totals,
    volumes_not_in_file,
)
from etl.checks import (
    agreement_years,
    batch_ids,
    institution_ids,
    no_duplicates,
    require_institution,
    variety_ids,
)
from etl.control_totals import quantities, report_totals
from etl.listings import NAMES_SHOWN, products_of_batches, touched_products
from etl.problem_kinds.mention import AGREED_ABOVE_REPORTED, NOT_IN_NEW_LIST, UNIT_ASSUMED_BASE
from etl.problem_kinds.skip import PACK_SIZE_UNCLEAR, PACK_SIZE_UNKNOWN, UNKNOWN_PRODUCT, VOLUME_NEGATIVE
from etl.quantities import base_units_of, refuse_money, stated_quantity, unit_words, units_of
from etl.recording.loading import delete_ids, replace_rows
from etl.register import Context
from etl.rows import Rows
from etl.values import cells
from procurement.frames import read_frame
from procurement.language import N_, _
from procurement.ledger import Touched
from procurement.money import UNIT_SCALE
from procurement.tables import AgreedVolume, AreaVolume, Listing, Product
from procurement.tables.agreement import SELECTED_STATUSES

TITLE = N_("约定采购量")
NOTES = {
    "institution_code": N_("名录中的机构编码；机构编码和机构名称至少填一项。"),
    "institution_name": N_("名录中的机构名称。"),
    "batch": N_("与中选结果中的批次名称一致。"),
    "variety": N_("与中选结果中的品种名称一致。"),
    "product_code": N_("约定到具体产品的填产品编码；只约定到品种的不填。"),
    "agreement_year": N_("第几个协议年度：1、2、3…，自批次执行之日起算；不填为 1。"),
    "reported_volume": N_("机构上报的年度需求量（约定采购量计算基数）。"),
    "agreed_volume": N_("该协议年度须采购的数量。"),
    "unit": N_("两个数量的单位：盒、片、万片等；未写产品编码的请用最小单位。"),
}
EXAMPLE = {
    "institution_code": "H00000000001",
    "institution_name": "某某市示例医院",
    "batch": "示例批次",
    "variety": "示例品种口服常释剂型",
    "product_code": "XA00EXAMPLE0000000001",
    "agreement_year": 1,
    "reported_volume": 100000,
    "agreed_volume": 70000,
    "unit": "片",
}
FIRST_YEAR = 1


def read(rows: Rows) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "institution_code": rows.read("institution_code", cells.code),
            "institution_name": rows.read("institution_name", cells.text),
            "area": rows.read("area", cells.text),
            "batch": rows.read("batch", cells.text),
            "variety": rows.read("variety", cells.text),
            "product_code": rows.read("product_code", cells.code),
            "agreement_year": rows.read("agreement_year", cells.agreement_year, "Int64"),
            "reported_volume": rows.read("reported_volume", cells.quantity, "Int64"),
            "reported_unit": unit_words(rows, "reported_volume", "unit"),
            "agreed_volume": rows.read("agreed_volume", cells.quantity, "Int64"),
            "agreed_unit": unit_words(rows, "agreed_volume", "unit"),
        }
    )
    volumes = ("reported_volume", "agreed_volume")
    report_totals(rows, {name: [quantities(frame[name])] for name in volumes})
    return frame


def check(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    told = said(rows, context)
    if not told.is_enough:
        return frame
    for name in ("batch", "agreement_year"):
        frame[name] = fill(rows, frame[name], name, told.values)
    frame["area"] = areas_of_rows(rows, frame, context, told.values.get("area"))
    frame["institution_id"] = _institutions(rows, frame, context)
    frame["batch_id"] = batch_ids(rows, frame["batch"], context.register)
    frame["variety_id"] = variety_ids(
        rows, frame["batch_id"], frame["variety"], frame["batch"], context.register
    )
    agreement_years(rows, frame["agreement_year"])
    frame["agreement_year"] = frame["agreement_year"].fillna(FIRST_YEAR)
    frame = frame.join(_packs(rows, frame, context.connection))
    for volume in ("reported", "agreed"):
        if rows.has(f"{volume}_volume"):
            refuse_money(rows, f"{volume}_volume")
            frame[f"{volume}_units"] = _units(rows, frame, volume)
    if rows.has("reported_volume"):
        above = (frame["agreed_units"] > frame["reported_units"]).fillna(False)
        agreed, reported = (
            frame[name].map("{:,}".format, na_action="ignore") for name in ("agreed_units", "reported_units")
        )
        rows.report(AGREED_ABOVE_REPORTED, above, "agreed_volume", agreed=agreed, reported=reported)
    shown = frame[
        ["institution_name", "institution_code", "area", "batch", "variety", "product_code", "agreement_year"]
    ]
    no_duplicates(rows, frame[["area", *OF_INSTITUTION]], shown, "agreed_volume")
    _report_not_in_new_list(rows, frame, context)
    check_area_totals(rows, frame, context)
    return frame


def _institutions(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.Series:
    """Ids of the rows that are institutions'; rows that state an area's total have none."""
    is_area = frame["area"].notna()
    if is_area.all():
        return pd.Series(pd.NA, index=frame.index, dtype="Int64")
    named = frame.assign(institution_name=frame["institution_name"].mask(is_area))
    ids = institution_ids(rows, named, context.register, context.institution)
    require_institution(rows, ids.mask(is_area, 0))
    return ids


def _report_not_in_new_list(rows: Rows, frame: pd.DataFrame, context: Context) -> None:
    if context.mode == "replace" or rows.bad.any():
        return
    gone = pd.concat([rest for _table, rest in volumes_not_in_file(context.connection, frame)])
    if len(gone):
        names = gone["variety_id"].map(context.register.variety_names).drop_duplicates()
        rows.mention(NOT_IN_NEW_LIST, count=len(gone), names=_("、").join(names[:NAMES_SHOWN]))


def _packs(rows: Rows, frame: pd.DataFrame, connection: Connection) -> pd.DataFrame:
    """Per row: the product's id, base unit and pack size; of a variety, what its products have in common."""
    listed = _listed(connection)
    by_product = {(row.variety_id, row.code): row for row in listed.itertuples()}
    main = listed[listed["status"].isin(SELECTED_STATUSES) & (listed["strength_factor"] == UNIT_SCALE)]
    by_variety = {number: _common(group) for number, group in main.groupby("variety_id")}
    found = []
    for variety, code in zip(frame["variety_id"], frame["product_code"], strict=True):
        if isinstance(code, str):
            row = by_product.get((variety, code)) if pd.notna(variety) else None
            found.append((row.product_id, row.base_unit, row.units_per_pack) if row else (None, None, None))
        else:
            found.append(
                (None, *by_variety.get(variety, (None, None))) if pd.notna(variety) else (None, None, None)
            )
    packs = pd.DataFrame(found, columns=["product_id", "base_unit", "units_per_pack"], index=frame.index)
    packs = packs.astype({"product_id": "Int64", "units_per_pack": "Int64"})
    unknown = frame["product_code"].notna() & frame["variety_id"].notna() & packs["product_id"].isna()
    rows.report(UNKNOWN_PRODUCT, unknown, "product_code", variety=frame["variety"], hint="")
    return packs


def _listed(connection: Connection) -> pd.DataFrame:
    """One row per listing and code that its product bears: its own, and that of the one it is merged into."""
    twin = aliased(Product)
    columns: tuple[Any, ...] = (
        col(Listing.variety_id),
        col(Listing.status),
        col(Listing.strength_factor),
        col(Listing.product_id),
        col(Product.code),
        func.coalesce(col(Product.base_unit), col(twin.base_unit)).label("base_unit"),
        func.coalesce(col(Product.units_per_pack), col(twin.units_per_pack)).label("units_per_pack"),
        col(twin.id).label("twin_id"),
        col(twin.code).label("twin_code"),
    )
    query: Select = select(*columns).join(Product, col(Product.id) == col(Listing.product_id))
    listed = read_frame(connection, query.join(twin, col(twin.id) == col(Product.merged_into), isouter=True))
    lent = listed[listed["twin_id"].notna()]
    lent = lent.assign(product_id=lent["twin_id"], code=lent["twin_code"])
    return pd.concat([lent, listed], ignore_index=True)  # its own listing comes last, and counts


def _common(products: pd.DataFrame) -> tuple[str | None, int | None]:
    """Base unit and pack size that all of a variety's products share."""
    units, packs = set(products["base_unit"]), set(products["units_per_pack"])
    unit, pack = units.pop() if len(units) == 1 else None, packs.pop() if len(packs) == 1 else None
    return unit, None if pd.isna(pack) else pack


def _units(rows: Rows, frame: pd.DataFrame, volume: str) -> pd.Series:
    """A volume in whole base units."""
    field = f"{volume}_volume"
    words = frame[f"{volume}_unit"].copy()
    of_variety = frame["product_code"].isna() & words.isna() & frame[field].notna()
    if of_variety.any():
        rows.mention(UNIT_ASSUMED_BASE, field)
    words = words.mask(of_variety, "最小单位")
    units = units_of(rows, frame, field, words.where(frame[field].notna(), "盒"))
    packed = units["is_pack"].fillna(False).astype(bool) & frame[field].notna()
    without = packed & frame["units_per_pack"].isna()
    rows.report(
        PACK_SIZE_UNCLEAR, without & frame["product_code"].isna() & frame["variety_id"].notna(), field
    )
    rows.report(PACK_SIZE_UNKNOWN, without & frame["product_id"].notna(), field)
    rows.report(VOLUME_NEGATIVE, (frame[field] < 0).fillna(False), field)
    quantity = stated_quantity(rows, field, frame[field], units["factor"])
    return base_units_of(rows, field, quantity, units["is_pack"], frame["units_per_pack"])


def load(connection: Connection, frame: pd.DataFrame, import_id: int, mode: str = "update") -> list[Touched]:
    if mode == "replace":
        for table, gone in volumes_not_in_file(connection, frame):
            delete_ids(connection, table, gone["id"].tolist())
    volumes = [name for name in ("reported_units", "agreed_units") if name in frame]
    is_area = frame["area"].notna()
    for stored, key, part in (
        (AgreedVolume, OF_INSTITUTION, frame[~is_area]),
        (AreaVolume, OF_AREA, frame[is_area]),
    ):
        rows = part[[*key, *volumes, "row_number"]].assign(import_id=import_id)
        replace_rows(connection, stored, rows, key)
    return touched_products(products_of_batches(connection, frame["batch_id"].unique().tolist()))
