"""采购记录 → Purchase: one row per line, as reported; products that no list names are kept too."""

import pandas as pd
from sqlalchemy import Connection

from etl.checks import institution_ids, mapped, require_institution
from etl.control_totals import amounts, quantities, report_totals
from etl.leading_zeros import restore_zeros
from etl.listings import read_product
from etl.matching.resolving import mention_outside, resolve_products
from etl.other_subjects import refuse_other_subjects
from etl.paid import paid_amounts, prices_per_quantity
from etl.price_readings import report_other_readings
from etl.prices import money_above, price_words
from etl.problem_kinds.mention import PACK_SIZE_NOT_AS_LISTED, TOKEN_PRICE
from etl.problem_kinds.skip import PRICE_NEGATIVE
from etl.products import save_products
from etl.quantities import base_units_of, refuse_money, stated_quantity, unit_words, units_of
from etl.register import Context, Register
from etl.repeated_sums import report_sums_of_other_sheets
from etl.repeats import report_repeated_on_other_sheet
from etl.rows import Rows
from etl.sources.returns import take_returns
from etl.values import cells, dates
from procurement.frames import insert_frame
from procurement.language import N_
from procurement.ledger import Touched
from procurement.money import PRICE_SCALE
from procurement.tables import Purchase

TITLE = N_("采购记录")
NOTES = {
    "institution_code": N_(
        "名录中的机构编码；机构编码和机构名称至少填一项，全表同一机构的也可只在标题中写明。"
    ),
    "institution_name": N_("名录中的机构名称。"),
    "bought_on": N_("采购或入库日期，例如 2022-03-15；只知月份的填 2022年3月。"),
    "product_code": N_(
        "国家医保编码，与中选结果中的编码一致。单元格请设为文本格式。没有编码的填名称、规格和生产企业。"
    ),
    "product_name": N_("产品名称。"),
    "spec": N_("例如：20mg*7片*2板/盒。"),
    "manufacturer": N_("生产企业全称。"),
    "quantity": N_("按“单位”列计的数量；退货填负数。"),
    "unit": N_("数量和单价的单位：盒，或最小单位（片、支、套等）；不填为盒。"),
    "unit_price": N_("含税单价（元）；单价和金额至少填一项。"),
    "amount": N_("含税金额（元），应等于数量×单价；不填则按数量×单价计。"),
    "distributor": N_("配送企业。"),
    "invoice": N_("发票号码。单元格请设为文本格式。"),
    "accepted_on": N_("验收日期。"),
    "paid_on": N_("付款日期。"),
}
EXAMPLE = {
    "institution_code": "H00000000001",
    "institution_name": "某某市示例医院",
    "bought_on": "2022-11-15",
    "product_code": "XA00EXAMPLE0000000001",
    "product_name": "示例片",
    "spec": "20mg*7片*2板/盒",
    "manufacturer": "示例制药有限公司",
    "quantity": 100,
    "unit": "盒",
    "unit_price": 5.6,
    "amount": 560,
    "distributor": "示例医药配送有限公司",
    "invoice": "00000001",
    "accepted_on": "2022-11-16",
    "paid_on": "2022-12-15",
}

TOKEN_PRICES = (0, PRICE_SCALE // 100)
"""0 and 0.01 yuan: gifts, or a price made up elsewhere."""

LOADED = [
    "institution_id", "product_id", "bought_on", "is_whole_month", "quantity", "is_pack", "base_units",
    "unit_price", "paid_amount", "distributor", "invoice", "accepted_on", "paid_on", "import_id", "sheet",
    "row_number",
]  # fmt: skip


def read(rows: Rows) -> pd.DataFrame:
    price_unit = price_words(rows, "unit_price")
    bought_on = rows.read("bought_on", dates.day, "datetime64[s]")
    quantity_unit = unit_words(rows, "quantity", "unit")
    frame = pd.DataFrame(
        {
            "institution_code": rows.read("institution_code", cells.code),
            "institution_name": rows.read("institution_name", cells.text),
            "bought_on": bought_on,
            "is_whole_month": _is_whole_month(rows, bought_on),
            "stated_quantity": rows.read("quantity", cells.quantity, "Int64"),
            # A quantity that does not tell its unit counts by the price's.
            "quantity_unit": quantity_unit.where(quantity_unit.notna(), price_unit),
            "stated_price": rows.read("unit_price", cells.price, "Int64"),
            "price_unit": price_unit,
            "amount": rows.read("amount", cells.amount, "Int64"),
            "distributor": rows.read("distributor", cells.text),
            "invoice": rows.read("invoice", cells.word),
            "accepted_on": rows.read("accepted_on", dates.day, "datetime64[s]"),
            "paid_on": rows.read("paid_on", dates.day, "datetime64[s]"),
        }
    )
    printed = frame[["amount", "stated_quantity"]]
    take_returns(rows, frame)
    refuse_other_subjects(rows, frame["stated_quantity"])
    report_totals(
        rows,
        {
            "amount": [amounts(printed["amount"]), amounts(frame["amount"])],
            "quantity": [quantities(printed["stated_quantity"]), quantities(frame["stated_quantity"])],
        },
    )
    return pd.concat([frame, read_product(rows)], axis=1)


def _is_whole_month(rows: Rows, bought_on: pd.Series) -> pd.Series:
    """Whether the cell, or its heading (采购月份), names a month and no day."""
    by_heading = rows.told("bought_on", lambda column, table: column.is_month).fillna(False).astype(bool)
    return rows.read("bought_on", dates.is_whole_month, "bool") | (by_heading & (bought_on.dt.day == 1))


def check(rows: Rows, frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    frame["institution_id"] = institution_ids(rows, frame, context.register, context.institution)
    require_institution(rows, frame["institution_id"])
    products = context.register.products
    frame["product_code"] = restore_zeros(rows, "product_code", frame["product_code"], products)
    resolve_products(rows, frame, context)
    _take_packs(rows, frame, context.register)
    units = units_of(rows, frame, "quantity", frame["quantity_unit"])
    frame["is_pack"], frame["quantity_factor"] = units["is_pack"], units["factor"]
    frame["quantity"] = stated_quantity(rows, "quantity", frame["stated_quantity"], units["factor"])
    frame["base_units"] = base_units_of(
        rows, "quantity", frame["quantity"], frame["is_pack"], frame["units_per_pack"]
    )
    refuse_money(rows, "quantity")
    frame["money_above"] = rows.told("unit_price", money_above).astype("Int64")
    rows.report(PRICE_NEGATIVE, (frame["stated_price"] < 0).fillna(False), "unit_price")
    rows.report(TOKEN_PRICE, frame["stated_price"].isin(TOKEN_PRICES), "unit_price")
    prices_per_quantity(rows, frame)
    report_other_readings(rows, frame, context.connection)
    paid_amounts(rows, frame)
    mention_outside(rows, frame, context)
    readable = ~rows.bad
    report_repeated_on_other_sheet(rows, frame)
    report_sums_of_other_sheets(rows, frame, readable)
    return frame


def _take_packs(rows: Rows, frame: pd.DataFrame, register: Register) -> None:
    """Base unit and pack size of each product: the register's, else what the file says first."""
    known = register.products
    pack = mapped(frame["product_code"], lambda code: known[code].units_per_pack if code in known else None)
    unit = mapped(
        frame["product_code"], lambda code: known[code].base_unit if code in known else None, "object"
    )
    differs = (pack != frame["units_per_pack"]).fillna(False)
    by_spec = rows.is_blank("units_per_pack")
    rows.report(PACK_SIZE_NOT_AS_LISTED, differs & ~by_spec, "units_per_pack", known=pack)
    rows.report(PACK_SIZE_NOT_AS_LISTED, differs & by_spec, "spec", known=pack)
    by_code = frame.groupby("product_code", sort=False)[["units_per_pack", "base_unit"]].first()
    frame["units_per_pack"] = pack.fillna(frame["product_code"].map(by_code["units_per_pack"]))
    frame["base_unit"] = unit.where(unit.notna(), frame["product_code"].map(by_code["base_unit"]))


def load(connection: Connection, frame: pd.DataFrame, import_id: int) -> list[Touched]:
    ids, moved = save_products(connection, frame, import_id, is_list=False)
    lines = frame.assign(product_id=frame["product_code"].map(ids), import_id=import_id)
    insert_frame(connection, Purchase, lines[LOADED])
    # Whose months they are is known to the caller; here only what a pack that became known moves.
    return [Touched(product_ids=tuple(sorted(moved)))] if moved else []
