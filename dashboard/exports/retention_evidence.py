"""The rows behind a 核算表: purchase lines, agreed volumes and prices, each with its file and row."""

from collections.abc import Mapping, Sequence

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from dashboard.exports.sheet_writer import FIRST_ROW
from dashboard.exports.sheets import Sheet
from procurement.language import _
from procurement.working import Working

PURCHASES = ["line_number", "batch", "agreement_year", "variety", "product_code", "product_name", "spec",
             "is_selected", "bought_on", "base_units", "equivalent_units", "paid_amount", "distributor",
             "invoice", "file_name", "sheet", "row_number"]  # fmt: skip
AGREED = ["line_number", "batch", "agreement_year", "variety", "product_code", "product_name",
          "reported_units", "agreed_units", "strength_factor", "baseline_unit_price", "baseline_basis",
          "awarded_unit_price",
          "reported_baseline_amount", "agreed_amount", "file_name", "row_number"]  # fmt: skip
PRICES = ["batch", "variety", "product_code", "product_name", "spec", "manufacturer", "award_status",
          "baseline_unit_price", "baseline_basis", "awarded_unit_price", "starts_on", "ends_on", "file_name",
          "row_number"]  # fmt: skip


def evidence_sheets(workings: Sequence[Working], numbers: Sequence[Mapping[int, int]]) -> list[Sheet]:
    """采购明细 first, then 约定量明细 and 价格依据, of all workings together; `numbers` gives the number of
    each variety's line in the statements. Of a single one the batch and the year stand above the rows."""
    purchases, agreed, prices = [], [], []
    for working, of_variety in zip(workings, numbers, strict=True):
        about = {"batch": working.row.batch, "agreement_year": int(working.row.agreement_year)}
        purchases.append(_numbered(working.purchases, of_variety).assign(**about))
        agreed.append(_numbered(working.agreements, of_variety).assign(**about))
        prices.append(working.listings.rename(columns={"status": "award_status"}))
    listed = pd.concat(prices, ignore_index=True).drop_duplicates(["batch_id", "product_id", "starts_on"])
    told = (
        (_("采购明细"), pd.concat(purchases, ignore_index=True), PURCHASES),
        (_("约定量明细"), pd.concat(agreed, ignore_index=True), AGREED),
        (_("价格依据"), listed.reset_index(drop=True), PRICES),
    )
    if len(workings) > 1:
        return [Sheet(name, name, rows, columns) for name, rows, columns in told]
    said, in_all = workings[0].title, ("batch", "agreement_year")
    return [
        Sheet(name, name, rows, [column for column in columns if column not in in_all], said)
        for name, rows, columns in told
    ]


def _numbered(rows: pd.DataFrame, of_variety: Mapping[int, int]) -> pd.DataFrame:
    numbers = rows["variety_id"].map(lambda number: of_variety[int(number)])
    return rows.assign(line_number=numbers.astype("Int64"))


def purchase_columns(sheet: Sheet) -> dict[str, str]:
    """The ranges of 采购明细 that formulas sum over and choose by."""
    last = FIRST_ROW + max(len(sheet.rows), 1)
    wanted = {"number": "line_number", "selected": "is_selected", "amount": "paid_amount",
              "units": "equivalent_units"}  # fmt: skip
    return {
        key: "'{tab}'!${column}${first}:${column}${last}".format(
            tab=sheet.name, column=xl_col_to_name(sheet.columns.index(name)), first=FIRST_ROW + 1, last=last
        )
        for key, name in wanted.items()
    }
