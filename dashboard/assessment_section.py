"""The assessment of one settlement: the score that counts, where it comes from, the indicators behind it."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import assessment_views, data, views
from dashboard.assessment_words import (
    evidence,
    indicator_rows,
    method_sentence,
    other_sentence,
    source_sentence,
)
from dashboard.downloads import download
from dashboard.retention_words import table_text
from procurement.filters import Filters
from procurement.language import _
from procurement.measures.assessment import EVIDENCE
from procurement.measures.retention import SETTLEMENT
from procurement.policies import PolicyError
from procurement.policies.assessment import AssessmentPolicy, assessment_policy_on

SAVED = ["indicator", "weight", "counted_weight", "indicator_rate", "points", "evidence", "indicator_reason",
         "missing_treatment", *EVIDENCE]  # fmt: skip


def show(filters: Filters, row: pd.Series, words: str) -> None:
    """`row` is of any frame with institution_code, batch and the key of a settlement."""
    one = replace(filters, institutions=(row["institution_code"],), batches=(row["batch"],), varieties=())
    score = _of(data.frame(assessment_views.settled_scores, one), row)
    rows = _of(data.frame(assessment_views.indicators, one), row)
    if score.empty:
        st.caption(_("该机构在这一批次和协议年度没有约定采购量，不作考核。"))
        return
    first = next(score.itertuples())
    st.markdown(source_sentence(first))
    if other := other_sentence(first):
        st.caption(other)
    show_indicators(rows, first.computed_score)
    policy = _policy(filters, first)
    if policy:
        st.caption(method_sentence(policy))
    title = _("{institution} {batch} 第{year}协议年度考核").format(
        institution=row["institution_name"], batch=row["batch"], year=row["agreement_year"]
    )
    rows = rows.assign(evidence=[evidence(each) for each in rows.itertuples()])
    download(title, rows, SAVED, words, key="download_assessment_one", text=_("下载考核依据（Excel）"))


def show_indicators(rows: pd.DataFrame, score: object) -> None:
    """The indicators of one settlement with their evidence, and the score that they make."""
    heads = [_("考核指标"), _("权重"), _("指标值"), _("得分"), _("依据")]
    st.markdown(table_text(heads, indicator_rows(rows, score), right=(1, 2, 3)))


def _policy(filters: Filters, row: Any) -> AssessmentPolicy | None:
    try:
        return assessment_policy_on(data.frame(views.policies, filters), row.year_start.date(), row.category)
    except PolicyError:
        return None


def _of(rows: pd.DataFrame, row: pd.Series) -> pd.DataFrame:
    """The rows of the same settlement."""
    same = [rows[name] == row[name] for name in SETTLEMENT]
    return rows[same[0] & same[1] & same[2]]
