"""与同类机构比较: where one institution stands among peers that stay unnamed."""

import streamlit as st

from dashboard import data
from dashboard.formats import MISSING, count_text, percent_text
from dashboard.retention_words import table_text
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.measures.peers import LEAST_PEERS, Standing
from procurement.peers import standings

NAMES = {
    "completion": N_("约定量完成"),
    "selected": N_("中选产品占比"),
    "saving": N_("节约率"),
}


def show(code: str, own: tuple[str, ...], group: str) -> None:
    """`group`: what the peers have in common, in words."""
    st.subheader(_("与同类机构比较"), anchor=False)
    told = data.whole_city(standings, Filters(), code, own)
    heads = [_("指标"), _("本机构"), _("排名"), _("上四分位"), _("中位"), _("下四分位")]
    rows = [(_(NAMES[name]), *_cells(found)) for name, found in told.items()]
    st.markdown(table_text(heads, rows, right=(1, 2, 3, 4, 5)))
    st.caption(
        _(
            "与全市{group}中有该项数据的其他机构比较，从高到低排名。"
            "约定量完成按当前协议年度，占比和节约率按最近12个完整月的集采品种采购金额。"
            "四分位取其附近三家的平均并取整，不显示任何一家机构的数字。"
        ).format(group=group)
    )
    few = [found.peers for found in told.values() if found.share is not None and found.rank is None]
    if few:
        text = _("有该项数据的同类其他机构只有{count}家，不足{least}家时不排名：否则可以推知是哪一家的数字。")
        st.caption(text.format(count=count_text(min(few)), least=LEAST_PEERS))


def _cells(found: Standing) -> tuple[str, ...]:
    if found.rank is None:
        return percent_text(found.share), MISSING, MISSING, MISSING, MISSING
    rank = _("第{rank}名，共{all}家").format(rank=found.rank, all=found.peers + 1)
    quartiles = (percent_text(value, 0) for value in (found.upper, found.median, found.lower))
    return percent_text(found.share), rank, *quartiles
