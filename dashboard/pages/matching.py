"""产品匹配: which products without a code are ones of the catalogue; a person decides and can revoke it."""

from collections.abc import Callable

import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from dashboard import data
from dashboard.downloads import download
from dashboard.formats import MISSING, amount_text, count_text, label, share_text
from dashboard.ledger import engine
from dashboard.page import as_text, is_empty, reader_filters, show_cards, show_first_steps
from dashboard.reader import require
from dashboard.tables import TEN_ROWS, show_table
from etl.matching.decisions import (
    MatchRefused,
    confirm,
    confirm_exact,
    exact_pairs,
    proposals,
    reject,
    revoke,
)
from procurement.language import _
from procurement.queries.matches import DECISION_COLUMNS, MATCH_COLUMNS, decisions, outside_totals

MOST_PRODUCTS = 500
"""Products without a code that are looked up at once, those of the largest amounts."""

PROPOSED, DECIDED = "match_table", "decision_table"
SHOWN = ["provisional_name", "provisional_spec", "provisional_manufacturer", "product_code", "product_name",
         "match_differs", "match_score", "paid_amount"]  # fmt: skip
WIDTHS = {"provisional_name": 105, "provisional_spec": 95, "provisional_manufacturer": 175,
          "product_code": 175, "product_name": 105, "match_differs": 130, "match_score": 70,
          "paid_amount": 115}  # fmt: skip
SHOWN_DECIDED = ["provisional_name", "provisional_spec", "provisional_manufacturer", "product_code",
                 "product_name", "spec", "match_decision", "decided_at", "decided_by"]  # fmt: skip
WIDTHS_DECIDED = {"provisional_name": 125, "provisional_spec": 100, "provisional_manufacturer": 140,
                  "product_code": 95, "product_name": 120, "spec": 120, "match_decision": 90,
                  "decided_at": 125, "decided_by": 75}  # fmt: skip
SIDES = (
    ("provisional_code", "product_code"),
    ("provisional_name", "product_name"),
    ("provisional_spec", "spec"),
    ("provisional_manufacturer", "manufacturer"),
)
"""Columns of the product without a code and of the registered one that stand side by side."""


def decide(act: Callable[..., int], pairs: list[tuple[str, str]], done: str) -> None:
    """Act on pairs of codes; what is refused is told on the page. No row stays chosen after it."""
    st.session_state["match_round"] = st.session_state.get("match_round", 0) + 1
    try:
        count = act(engine(), pairs, by=require("match").name)
        st.session_state["match_told"] = ("success", _(done).format(count=count_text(count)))
    except MatchRefused as refused:
        st.session_state["match_told"] = ("error", str(refused))


def tell() -> None:
    """What came of the last decision, once."""
    kind, text = st.session_state.pop("match_told", (None, ""))
    if kind:
        (st.success if kind == "success" else st.error)(as_text(text))


def table_key(table: str) -> str:
    """A table that is drawn anew after each decision: the row now in its place is another one."""
    return f"{table}_{st.session_state.get('match_round', 0)}"


def chosen(rows: pd.DataFrame, table: str) -> pd.Series | None:
    """The row that is chosen in a table."""
    picked = st.session_state.get(table_key(table), {}).get("selection", {}).get("rows", [])
    return rows.iloc[picked[0]] if picked and picked[0] < len(rows) else None


def nothing() -> None:
    """Needed by a table so that a click on a row is told to the page."""


def side_of(row: pd.Series, name: str) -> str:
    value = as_text(row[name]) if pd.notna(row[name]) else MISSING
    return _("{label}：{value}").format(label=label(name), value=value)


def show_side_by_side(row: pd.Series) -> None:
    with st.container(border=True):
        left, right = st.columns(2)
        for place, title, names in (
            (left, _("文件中的产品（无编码）"), [own for own, _other in SIDES]),
            (right, _("目录中的产品"), [other for _own, other in SIDES]),
        ):
            place.markdown(f"**{title}**")
            place.markdown("  \n".join(side_of(row, name) for name in names))
        st.caption(
            _("相似度{score}；{differs}。采购记录{lines}条，金额{amount}。").format(
                score=share_text(row["match_score"]),
                differs=row["match_differs"] or _("写法完全一致"),
                lines=count_text(row["lines"]),
                amount=amount_text(row["paid_amount"]),
            )
        )
        pair = [(row["provisional_code"], row["product_code"])]
        with st.container(horizontal=True):
            st.button(
                _("确认是同一产品"), type="primary", on_click=decide,
                args=(confirm, pair, _("已确认{count}个产品，各页数字已更新。")),
            )  # fmt: skip
            st.button(
                _("不是同一产品"), on_click=decide, args=(reject, pair, _("已否定{count}对产品，不再提示。"))
            )


def show_exact(proposed: pd.DataFrame) -> None:
    """One click for all that are written alike."""
    count = len(exact_pairs(proposed))
    if count:
        text = _("确认全部写法完全一致的{count}个产品").format(count=count_text(count))
        st.button(text, on_click=decide, args=(all_exact, [], _("已确认{count}个产品，各页数字已更新。")))


def all_exact(engine: Engine, _pairs: list[tuple[str, str]], *, by: str) -> int:
    return confirm_exact(engine, by=by)


def show_proposals(proposed: pd.DataFrame, may_decide: bool) -> None:
    st.subheader(_("待确认"), anchor=False)
    if proposed.empty:
        st.caption(_("没有待确认的产品：所有采购记录和清单的行都已对应到有编码的产品。"))
        return
    st.caption(
        _("没有产品编码、又不与目录中任何产品完全一致的行，在确认之前按目录外采购计入，不计节约和完成量。")
    )
    if may_decide:
        show_exact(proposed)
    is_alike = proposed["product_code"].notna() & ~proposed["match_differs"].fillna("").astype(bool)
    told = proposed.assign(match_differs=proposed["match_differs"].mask(is_alike, _("写法完全一致")))
    show_table(told, SHOWN, key=table_key(PROPOSED), widths=WIDTHS, highest=TEN_ROWS, on_select=nothing)
    row = chosen(proposed, PROPOSED)
    if row is None:
        st.caption(_("点击一行最左侧的方框，逐项比较后确认或否定。"))
    elif pd.isna(row["product_code"]):
        st.info(
            _(
                "目录中没有与该产品相近的产品。载入含该产品编码的中选结果、同品种产品或采购记录后，会再次比较。"
            )
        )
    elif may_decide:
        show_side_by_side(row)
    download(_("产品匹配"), proposed, list(MATCH_COLUMNS.values()), "", key="download_matches")


def show_decided(decided: pd.DataFrame, may_decide: bool) -> None:
    st.subheader(_("已作的决定"), anchor=False)
    if decided.empty:
        st.caption(_("还没有作过决定。"))
        return
    key = table_key(DECIDED)
    show_table(decided, SHOWN_DECIDED, key=key, widths=WIDTHS_DECIDED, highest=TEN_ROWS, on_select=nothing)
    row = chosen(decided, DECIDED)
    if row is not None and may_decide:
        pair = [(row["provisional_code"], row["product_code"])]
        text = _("撤回对“{name}”的决定").format(name=as_text(row["provisional_name"]))
        st.button(
            text, on_click=decide, args=(revoke, pair, _("已撤回{count}项决定，各页数字恢复到决定之前。"))
        )
    download(_("产品匹配决定"), decided, list(DECISION_COLUMNS.values()), "", key="download_decisions")


st.title(_("产品匹配"), anchor=False)
st.caption(_("没有产品编码的采购记录和中选结果，各是目录中的哪一个产品？"))
if is_empty():
    show_first_steps()
    st.stop()

tell()
filters = reader_filters()
totals = data.frame(outside_totals, filters)
proposed = data.frame(proposals, filters, MOST_PRODUCTS)
near = proposed[proposed["product_code"].notna()]
outside = _("没有编码、也不在任何清单中的产品的采购金额：{products}个产品，{lines}行。")
show_cards(
    [
        (
            _("待确认产品"),
            count_text(near["provisional_id"].nunique()),
            _("没有编码、目录中有相近产品的产品数。"),
        ),
        (_("已确认产品"), count_text(totals["confirmed"]), _("已确认为目录中某一产品的产品数。")),
        (
            _("目录外金额"),
            amount_text(totals["amount"]),
            outside.format(products=count_text(totals["products"]), lines=count_text(totals["lines"])),
        ),
    ]
)
if totals["without_code"] > MOST_PRODUCTS:
    first = _("没有编码的产品共{all}个，此处比较采购金额最大的{shown}个。")
    st.caption(first.format(all=count_text(totals["without_code"]), shown=count_text(MOST_PRODUCTS)))
may_decide = filters.scope is None  # a decision moves figures of every institution
show_proposals(proposed, may_decide)
show_decided(data.frame(decisions, filters), may_decide)
