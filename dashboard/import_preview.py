"""Step 3: what the files would do to what is there; step 4: the confirmation."""

from collections.abc import Sequence

import streamlit as st

from dashboard import import_effects
from dashboard.downloads import download
from dashboard.formats import count_text
from dashboard.import_check import Choice
from dashboard.import_effects import Effect
from dashboard.import_permits import Permit
from dashboard.page import as_text, show_cards
from dashboard.tables import HEADING_HEIGHT, ROW_HEIGHT, WAN, YUAN, show_table, with_total
from etl.importing import Report
from procurement.language import _
from procurement.money import AMOUNT_SCALE

WARNINGS = ("amount-jump", "lines-withdrawn", "category-unknown-kept")
"""Kinds of problem that speak of what is there, not of the file: shown where the effect is shown."""

WARNED = 5
A_YEAR = HEADING_HEIGHT + 13 * ROW_HEIGHT + 2  # height of twelve months and their total
FEW_YUAN = 1_000_000 * AMOUNT_SCALE
"""Below this, 万元 would hide what changes."""


def show_preview(reports: Sequence[Report]) -> None:
    """Counts, warnings, months and, for lists, what they say differently."""
    effects = import_effects.effects_frame(reports)
    show_warnings(reports)
    counts = {name: count_text(effects[name].sum()) for name in import_effects.EFFECT_COLUMNS[3:]}
    show_cards(
        [
            (_("新增"), counts["new_rows"], _("台账中原来没有的行。")),
            (_("变更"), counts["changed_rows"], _("台账中已有、内容改变的行。")),
            (_("未变"), counts["unchanged_rows"], _("台账中已有、内容相同的行。")),
            (_("撤下"), counts["withdrawn_rows"], _("台账中原有、文件中没有而撤下的行。")),
            (_("有误"), counts["skipped_rows"], _("文件中有误、将跳过的行。")),
        ]
    )
    if len(effects) > 1:
        show_table(effects, import_effects.EFFECT_COLUMNS, key="import_effects", widths={"file_name": 300})
    show_months(_chosen(reports), "import_months")
    show_differences(reports, "import_differences")


def show_warnings(reports: Sequence[Report]) -> None:
    found = [problem for report in reports for problem in report.problems if problem.kind.code in WARNINGS]
    for problem in found[:WARNED]:
        where = f"**{as_text(problem.file)}**　" if len(reports) > 1 else ""
        st.warning(where + as_text(problem.message) + as_text(problem.remedy))
    if len(found) > WARNED:
        st.caption(_("另有{count}条同类提醒，见检查结果。").format(count=len(found) - WARNED))


def _chosen(reports: Sequence[Report]) -> Sequence[Report]:
    """The files whose months are looked at: one of several, or all where they may be added up."""
    moving = [report for report in reports if report.preview and report.preview.months]
    if len(moving) < 2:
        return moving
    all_files = _("全部文件")
    everything = [all_files] if import_effects.can_be_added(moving) else []
    options = [*everything, *range(len(moving))]
    chosen = st.selectbox(
        _("查看"), options, format_func=lambda at: at if isinstance(at, str) else moving[at].file, width=420
    )
    return moving if isinstance(chosen, str) else [moving[chosen]]


def show_months(reports: Sequence[Report | Effect], key: str) -> None:
    """Quantity, amount and saving of each month that moves, before and after."""
    months = import_effects.months_frame(reports)
    if months.empty:
        st.caption(_("各月的采购量、金额和节约都没有变化。"))
        return
    st.markdown(_("**对各月的影响**　涉及的机构在该月的全部采购，采购量按最小单位计"))
    months["month"] = [f"{month:%Y-%m}" for month in months["month"]]
    unit = WAN if months[["amount_before", "amount_after"]].max().max() >= FEW_YUAN else YUAN
    total = with_total(months, ["month"], import_effects.MONTH_COLUMNS[1:])
    columns = import_effects.MONTH_COLUMNS
    show_table(total, columns, key=key, unit=unit, total=True, highest=A_YEAR)


def show_differences(reports: Sequence[Report | Effect], key: str) -> None:
    """What lists say differently from what is there, field by field."""
    found = import_effects.differences_frame(reports)
    if found.empty:
        return
    st.markdown(_("**与台账中现有内容的差异**"))
    widths = {
        "change": 80,
        "changed_row": 380,
        "changed_column": 140,
        "value_before": 180,
        "value_after": 180,
    }
    columns = [name for name in import_effects.DIFFERENCE_COLUMNS if found[name].astype(bool).any()]
    show_table(found, columns, key=key, widths=widths)
    download(_("差异清单"), found, import_effects.SAVED_DIFFERENCES, "", key=f"{key}_file")


def ask_confirmation(reports: Sequence[Report], choice: Choice, permit: Permit) -> None:
    """The button that loads; it confirms the choice that was on the screen, and no other."""
    ready = [report for report in reports if report.status == "checked"]
    rows = sum(report.rows for report in ready)
    withdrawn = sum(report.preview.withdrawn for report in ready if report.preview)
    text = _("将载入{files}个文件、{rows}行。确认之前不写入任何数据。")
    st.markdown(text.format(files=len(ready), rows=count_text(rows)) + _(permit.can_be_undone))
    label = _("确认载入")
    if withdrawn:
        label = _("确认载入，并撤下{count}行").format(count=count_text(withdrawn))
    st.button(label, type="primary", on_click=_confirm, args=(choice,), key="import_confirm")


def _confirm(choice: Choice) -> None:
    st.session_state["import_confirmed"] = choice
