"""One variety of one batch: prices before and after, what was paid month by month, its products."""

import pandas as pd

from dashboard import data, views
from dashboard.charts.prices import paid_price_history
from dashboard.downloads import download
from dashboard.formats import day_text, percent_text, price_text, word_text, yuan_text
from dashboard.page import show_cards, show_chart
from dashboard.tables import show_table
from procurement.filters import Filters
from procurement.language import _
from procurement.measures.prices import drop

SHOWN = ["product_name", "spec", "manufacturer", "award_status", "awarded_unit_price", "paid_unit_price",
         "base_units", "paid_amount"]  # fmt: skip
SAVED = ["batch", "variety", "product_code", *SHOWN[:4], "base_unit", "baseline_unit_price", "baseline_basis",
         *SHOWN[4:5], "drop", *SHOWN[5:]]  # fmt: skip
WIDTHS = {"product_name": 180, "spec": 130, "manufacturer": 180}


def show(filters: Filters, variety: str, batch: str, words: str) -> None:
    listed = data.frame(views.variety_listings, filters, batch, variety)
    months = data.frame(views.product_months, filters)
    first = listed.iloc[0]
    baseline, awarded = first["variety_baseline"], first["variety_awarded"]
    products = views.product_purchases(listed, months)
    bought = products["paid_amount"].sum(min_count=1)
    show_cards(
        [
            (_("集采前单价"), price_text(baseline), word_text(first["baseline_basis"])),
            (_("中选单价"), price_text(awarded), _("中选产品单价的简单平均（按主规格最小单位）。")),
            (
                _("降幅"),
                percent_text(drop(listed["variety_baseline"], listed["variety_awarded"]).iloc[0]),
                "",
            ),
            (_("执行日期"), day_text(first["execution_date"].date()), ""),
            (_("执行以来采购"), yuan_text(bought), ""),
        ]
    )
    paid = views.paid_prices(listed, months)
    title = _("{variety}采购均价").format(variety=variety)
    levels = _known(baseline), _known(awarded)
    ends = listed["ends_on"].max()
    show_chart(paid_price_history(paid, *levels, first["execution_date"], title, ends), key="history")
    show_table(products, SHOWN, key="variety_products", widths=WIDTHS)
    download(f"{variety} {batch}", products, SAVED, words, key="download_variety")


def _known(price: object) -> int | None:
    return None if pd.isna(price) else int(price)  # type: ignore[call-overload]
