"""考核: the score of each institution and batch, its indicators, and which of them have no data."""

from functools import partial

import streamlit as st

from dashboard import address, assessment_section, assessment_views, data, views
from dashboard.assessment_words import short_names, summary_rows
from dashboard.downloads import download
from dashboard.focus import choose_focus, follow_table
from dashboard.formats import count_text
from dashboard.page import as_text, measuring_day, open_page, show_cards, show_nothing_found
from dashboard.retention_words import policy_rows, table_text
from dashboard.tables import TEN_ROWS, show_table
from procurement.language import N_, _
from procurement.policies.assessment import INDICATORS, TERMS

TABLE = "assessment_table"
RATES, POINTS = ([f"{name}_{ending}" for name in INDICATORS] for ending in ("indicator", "points"))
SHAPES = {"rates": N_("指标值"), "points": N_("指标得分")}
NAMES = ["institution_name", "batch"]
SCORES = ["computed_score", "score", "score_source", "missing_indicators"]
SAVED = ["institution_code", *NAMES, "agreement_year", "year_start", "year_end", *RATES, *POINTS, *SCORES,
         "file_name", "row_number"]  # fmt: skip
WIDTHS = {"institution_name": 148, "batch": 133, **dict.fromkeys([*RATES, *POINTS], 74),
          "completion_indicator": 88, "completion_points": 88, "computed_score": 74, "score": 74,
          "score_source": 88, "missing_indicators": 138}  # fmt: skip

filters, words = open_page(_("考核"), _("考核得分从哪里来？各项指标完成得怎样，哪些指标缺数据？"))
found = data.frame(assessment_views.settled_scores, filters)
if found.empty:
    show_nothing_found(_("当前筛选范围内没有已开始的协议年度，或没有约定采购量。"))
    st.stop()

years = [str(year) for year in sorted(found["agreement_year"].unique())]
usual = str(found["agreement_year"].mode().iloc[0])
address.choose("agreement_year", years, usual)
st.segmented_control(
    _("协议年度"),
    years,
    format_func=lambda year: _("第{year}年度").format(year=year),
    key="agreement_year",
    required=True,
)
year = address.chosen("agreement_year", usual) or usual
rows = found[found["agreement_year"] == int(year)].reset_index(drop=True)
rows = rows.assign(missing_indicators=rows["missing_indicators"].map(short_names).astype(object))

lacking = rows["missing_indicators"] != ""
show_cards(
    [
        (_("考核项数"), count_text(len(rows)), _("机构 × 批次，该协议年度有约定采购量的。")),
        (_("有考核得分"), count_text(rows["score"].notna().sum()), _("结余留用所采用的得分。")),
        (_("没有考核得分"), count_text(rows["score"].isna().sum()), _("结余留用金额因此空缺。")),
        (
            _("可由指标计算"),
            count_text(rows["computed_score"].notna().sum()),
            _("各项指标齐全，或缺数据的指标已按政策处理。"),
        ),
        (_("有指标缺数据"), count_text(lacking.sum()), _("至少一项有权重的指标没有数据。")),
    ]
)
details = data.frame(assessment_views.indicators, filters)
heads = [_("考核指标"), _("权重"), _("平均指标值"), _("有数据"), _("缺数据"), _("缺数据的原因")]
summary = summary_rows(details[details["agreement_year"] == int(year)])
st.markdown(table_text(heads, summary, right=(1, 2, 3, 4)))
st.caption(_("平均指标值为有数据的各项的简单平均；权重因类别或年度不同的，逐个列出。"))

st.subheader(_("机构 × 批次"), anchor=False)
address.choose("shown", list(SHAPES), "rates")
st.segmented_control(_("表中显示"), list(SHAPES), format_func=lambda shape: _(SHAPES[shape]), key="shown",
                     required=True, label_visibility="collapsed")  # fmt: skip
shown = RATES if address.chosen("shown", "rates") == "rates" else POINTS
show_table(rows, [*NAMES, *shown, *SCORES], key=TABLE, widths=WIDTHS, highest=TEN_ROWS,
           on_select=partial(follow_table, TABLE))  # fmt: skip
st.caption(_("考核得分为结余留用所采用的得分；计算得分由指标得出，是否采用由政策规定。得分低的在前。"))
download(_("考核（第{year}协议年度）").format(year=year), rows, SAVED, words, key="download_assessment")

st.subheader(_("得分依据"), anchor=False)
names = views.focus_names(rows, [*NAMES, "agreement_year"])
focus = choose_focus(_("机构与批次"), names, TABLE, names)
if focus:
    row = rows.iloc[names.index(focus)]
    running = _("，**年度未结束**") if row["is_running"] else ""
    st.markdown(f"**{as_text(row['institution_name'])}**　{as_text(row['batch'])}{running}")
    assessment_section.show(filters, row, words)
else:
    st.caption(_("选择一行，查看得分来自哪里、各项指标由哪些数据得出。"))

day = measuring_day(filters)
if day:
    with st.expander(_("权重、期限及其来源")):
        book = data.frame(views.policies, filters)
        terms = [f"assessment_{term}" for term in TERMS]
        st.markdown(
            table_text(
                [_("参数"), _("取值"), _("生效日期"), _("来源")],
                policy_rows(book, day, filters.category, terms),
            )
        )
        st.caption(_("按各协议年度首日生效的取值考核；此处为测算日的取值。"))
