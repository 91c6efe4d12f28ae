"""Step 2: whether rows that are wrong are left out."""

from collections.abc import Sequence

import streamlit as st

from dashboard import import_said
from dashboard.formats import count_text, yuan_text
from etl.importing import Report
from etl.problems import Loudness
from procurement.language import _


def choose_to_skip(reports: Sequence[Report]) -> None:
    """Whether the rows that are wrong are left out and the others loaded."""
    bad = sum(report.skipped_rows for report in reports)
    if not bad or any(report.count(Loudness.STOP) for report in reports):
        return
    amounts = [report.skipped_amount for report in reports if report.skipped_amount is not None]
    left_out = _("跳过有误的{rows}行").format(rows=count_text(bad))
    if amounts:
        left_out += _("（涉及金额{amount}）").format(amount=yuan_text(sum(amounts)))
    key = f"import_skip_{import_said.said().turn}"
    st.checkbox(
        left_out + _("，载入其余各行"),
        import_said.said().skip_bad_rows,
        key=key,
        on_change=_say_skip,
        args=(key,),
    )


def _say_skip(key: str) -> None:
    import_said.say(skip_bad_rows=st.session_state[key])
