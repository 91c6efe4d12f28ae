"""同品种产品 → Listing `non_selected` under a known batch and variety, for the batch's whole period."""

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from etl.answers import fill, said
from etl.checks import batch_ids, no_duplicates, variety_ids
from etl.listings import (
    add_listings,
    products_of_batches,
    read_product,
    read_strength_factor,
    report_not_in_new_list,
    touched_products,
    withdraw_missing,
)
from etl.matching.catalogue import codes_of_one_product
from etl.matching.resolving import resolve_products
from etl.problem_kinds.skip import LISTED_ALREADY
from etl.products import consistent_products, save_products
from etl.register import Context
from etl.rows import Rows
from etl.values import cells
from procurement.language import N_
from procurement.ledger import Touched
from procurement.money import UNIT_SCALE
from procurement.tables import Batch, Import, Listing, Product

TITLE = N_("同品种产品")
NOTES = {
    "batch": N_("与中选结果中的批次名称一致。"),
    "variety": N_("与中选结果中的品种名称一致。"),
    "product_code": N_("非中选产品的编码，与采购记录中的编码一致。单元格请设为文本格式。"),
    "product_name": N_("产品名称。"),
    "form": N_("剂型。"),
    "spec": N_("例如：20mg*7片*2板/盒。"),
    "units_per_pack": N_("每盒的最小单位数，例如 14；规格写明的可不填。"),
    "unit": N_("最小单位：片、粒、支、袋、套等。"),
    "manufacturer": N_("生产企业全称。"),
    "strength_factor": N_("一个最小单位折合主规格的倍数，例如主规格 20mg 时 10mg 填 0.5；不填为 1。"),
}
EXAMPLE = {
    "batch": "示例批次",
    "variety": "示例品种口服常释剂型",
    "product_code": "XA00EXAMPLE0000000002",
    "product_name": "示例片",
    "spec": "10mg*7片*4板/盒",
    "units_per_pack": 28,
    "unit": "片",
    "manufacturer": "示例制药有限公司",
    "strength_factor": 0.5,
}


def read(rows: Rows) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"batch": rows.read("batch", cells.text), "variety": rows.read("variety", cells.text)}
    )
    return pd.concat([frame, read_product(rows), read_strength_factor(rows)], axis=1)


def check(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    told = said(rows, context)
    if not told.is_enough:
        return frame
    frame["batch"] = fill(rows, frame["batch"], "batch", told.values)
    resolve_products(rows, frame, context)
    frame["batch_id"] = batch_ids(rows, frame["batch"], context.register)
    frame["variety_id"] = variety_ids(
        rows, frame["batch_id"], frame["variety"], frame["batch"], context.register
    )
    consistent_products(rows, frame)
    awarded = _awarded(context.connection)
    pairs = pd.Series(list(zip(frame["batch_id"], frame["product_code"], strict=True)), dtype="object")
    rows.report(LISTED_ALREADY, pairs.isin(awarded), "product_code", batch=frame["batch"])
    no_duplicates(rows, frame[["batch_id", "product_code"]], frame[["batch", "product_code"]], "product_code")
    report_not_in_new_list(rows, frame, context)
    return frame


def _awarded(connection: Connection) -> set[tuple[int, str]]:
    """Batch and product of every row that a batch list holds."""
    query = (
        select(col(Listing.batch_id), col(Product.code))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .join(Import, col(Import.id) == col(Listing.import_id))
        .where(col(Import.kind) == "batch_list")
    )
    one = codes_of_one_product(connection)
    awarded = connection.execute(query).all()
    return {(row.batch_id, code) for row in awarded for code in one.get(row.code, (row.code,))}


def load(connection: Connection, frame: pd.DataFrame, import_id: int, mode: str = "update") -> list[Touched]:
    before = products_of_batches(connection, frame["batch_id"].unique().tolist())
    if mode == "replace":
        withdraw_missing(connection, frame, "substitutes")
    product_ids, moved = save_products(connection, frame, import_id)
    periods = {
        row.id: row
        for row in connection.execute(select(col(Batch.id), col(Batch.execution_date), col(Batch.end_date)))
    }
    listings = pd.DataFrame(
        {
            "batch_id": frame["batch_id"],
            "variety_id": frame["variety_id"],
            "product_id": frame["product_code"].map(product_ids).astype("Int64"),
            "status": "non_selected",
            "starts_on": frame["batch_id"].map(lambda i: periods[i].execution_date),
            "ends_on": frame["batch_id"].map(lambda i: periods[i].end_date),
            "strength_factor": frame["strength_factor"].fillna(UNIT_SCALE),
            "stated_per_pack": False,
            "import_id": import_id,
            "row_number": frame["row_number"],
        }
    )
    add_listings(connection, listings)
    batches = listings["batch_id"].unique().tolist()
    return touched_products(before | products_of_batches(connection, batches) | moved)
