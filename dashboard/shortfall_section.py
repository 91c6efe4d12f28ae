"""未完成原因 on the page of completion: what institutions say, by reason, and who has said nothing yet."""

import pandas as pd
import streamlit as st

from dashboard import data, views
from dashboard.downloads import download
from dashboard.formats import count_text, word_text
from dashboard.retention_words import table_text
from dashboard.tables import TEN_ROWS, show_table
from procurement.filters import Filters
from procurement.language import _
from procurement.published import TABLES
from procurement.queries.shortfalls import shortfall_reasons, with_reasons
from procurement.shortfalls import SHORT, short_of
from procurement.tables.reporting import SHORTFALL_REASONS

SHOWN = ["institution_name", "batch", "variety", "rate", "status", "shortfall_reason", "shortfall_text",
         "explained_at"]  # fmt: skip
WIDTHS = {"institution_name": 165, "batch": 140, "variety": 155, "rate": 110, "status": 80,
          "shortfall_reason": 105, "shortfall_text": 150, "explained_at": 130}  # fmt: skip


def show(filters: Filters, words: str) -> None:
    """Reasons with their numbers, then row by row, those with a reason first."""
    st.subheader(_("未完成原因"), anchor=False)
    rows = with_reasons(
        short_of(data.frame(views.current_completion, filters)), data.fresh(shortfall_reasons, filters)
    )
    if rows.empty:
        st.caption(_("没有滞后或有风险的品种。"))
        return
    said = rows["shortfall_reason"].notna()
    text = _("滞后或有风险的{all}项中，机构已说明{said}项，未说明{missing}项。")
    counts = {"all": len(rows), "said": said.sum(), "missing": (~said).sum()}
    st.caption(text.format(**{name: count_text(count) for name, count in counts.items()}))
    st.markdown(
        table_text([_("原因"), *(word_text(s) for s in SHORT), _("合计")], _counts(rows), right=(1, 2, 3))
    )
    ordered = rows[said].sort_values("explained_at", ascending=False)
    if len(ordered):
        show_table(ordered, SHOWN, key="shortfalls", widths=WIDTHS, highest=TEN_ROWS)
    saved = list(TABLES["shortfalls"].columns.values())
    download(_("未完成原因"), pd.concat([ordered, rows[~said]]), saved, words, key="download_shortfalls")


def _counts(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    reasons = rows["shortfall_reason"].fillna("")
    told = []
    for reason in (*SHORTFALL_REASONS, ""):
        some = rows.loc[reasons == reason, "status"]
        if len(some):
            name = word_text(reason, "shortfall_reason") if reason else _("未说明")
            numbers = [(some == status).sum() for status in SHORT]
            told.append((name, *(count_text(number) for number in (*numbers, len(some)))))
    return told
