"""The widgets of 测算模拟: what a reader changes of a settlement, as measures.changes.Changes.

Every widget begins with today's value; what still has it is no change. Their keys carry the settlement, so
that another one begins from its own values.
"""

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.formats import label
from dashboard.retention_words import BASES
from procurement.advice import Case
from procurement.language import _
from procurement.measures.changes import Changes
from procurement.measures.switches import SCORE, next_band
from procurement.measures.whatif import movable_use
from procurement.money import UNIT_SCALE

NAMES = ("shift", "agreed", "score", "ratio", "staff", "basis", "completed")
HUNDRED = Decimal(100)


def key_of(case: Case, name: str) -> str:
    return f"whatif_{name}_{'_'.join(map(str, case.key))}"


def today_values(case: Case) -> dict[str, Any]:
    """What each widget begins with."""
    policy, score = case.inputs.policy, case.inputs.score
    return {
        "shift": 0,
        "agreed": 100.0,
        "score": None if score is None else score / UNIT_SCALE,
        "ratio": float(policy.maximum_ratio * 100) if policy else 0.0,
        "staff": float(policy.staff_share * 100) if policy else 0.0,
        "basis": policy.spending_basis if policy else "agreed",
        "completed": False,
    }


def ask_changes(case: Case) -> Changes:
    """Draw the widgets; what they change."""
    today = today_values(case)
    for name, value in today.items():
        st.session_state.setdefault(key_of(case, name), value)
    with st.container(border=True):
        _ask_terms(case)
        edited = _ask_varieties(case)
    said = {name: st.session_state[key_of(case, name)] for name in NAMES}
    return Changes(
        shift=_exact(said["shift"]) / HUNDRED,
        shift_of=_given(edited, "shift", HUNDRED),
        agreed_factor=_exact(said["agreed"]) / HUNDRED,
        agreed_of=_given(edited, "agreed", Decimal(1)),
        completed=tuple(sorted(case.inputs.awarded)) if said["completed"] else (),
        score=_changed(said, today, "score"),
        maximum_ratio=_changed(said, today, "ratio", HUNDRED),
        staff_share=_changed(said, today, "staff", HUNDRED),
        spending_basis=said["basis"] if said["basis"] != today["basis"] else None,
    )


def _ask_terms(case: Case) -> None:
    bounds, places = case.inputs.bounds, st.columns([3, 2, 2, 2, 2], gap="medium")
    places[0].slider(
        _("非中选改用中选"), 0, 100, step=5, format="%d%%", key=key_of(case, "shift"),
        help=_("各品种的非中选用量改为采购中选产品的比例；个别品种可在下表另填。"),
    )  # fmt: skip
    places[1].number_input(
        _("约定采购量（%）"), 0.0, 300.0, step=5.0, format="%.4g", key=key_of(case, "agreed"),
        help=_("各品种约定采购量为现约定量的百分之几；个别品种可在下表另填。"),
    )  # fmt: skip
    places[2].number_input(
        _("考核得分"), 0.0, 100.0, step=1.0, format="%.4g", key=key_of(case, "score"),
        help=_("得分决定最高留用比例的兑现程度。"),
    )  # fmt: skip
    most = float(bounds.highest_ratio * 100)
    places[3].number_input(
        _("最高留用比例（%）"), 0.0, most, step=1.0, format="%.4g", key=key_of(case, "ratio"),
        help=_("现行上限为{most}%。").format(most=f"{most:g}"),
    )  # fmt: skip
    places[4].number_input(
        _("人员薪酬比例（%）"), float(bounds.least_staff * 100), float(bounds.most_staff * 100), step=1.0,
        format="%.4g", key=key_of(case, "staff"), help=_("留用金额中用于人员薪酬的比例。"),
    )  # fmt: skip


def _ask_varieties(case: Case) -> pd.DataFrame:
    """A row per variety; an empty cell follows what is said above for all."""
    rows = _varieties(case)
    config = {
        "variety": st.column_config.TextColumn(label("variety"), disabled=True, width=270),
        "used": st.column_config.NumberColumn(
            _("非中选可改用"), disabled=True, format="%,.0f", width=120,
            help=_("年度内非中选产品的净采购量（折算），单位不明的除外。"),
        ),
        "shift": st.column_config.NumberColumn(
            _("改用比例（%）"), min_value=0, max_value=100, format="%.4g", width=130,
            help=_("留空的，按上面的比例。"),
        ),
        "now": st.column_config.NumberColumn(_("现约定采购量"), disabled=True, format="%,.0f", width=150),
        "agreed": st.column_config.NumberColumn(
            _("新约定采购量"), min_value=0, format="%,.0f", width=150, help=_("留空的，按上面的百分比。")
        ),
    }  # fmt: skip
    version = st.session_state.get(key_of(case, "version"), 0)
    edited = st.data_editor(
        rows, column_config=config, column_order=list(config), hide_index=True, placeholder=_("按上方"),
        key=f"{key_of(case, 'varieties')}_{version}", height=min(38 + 35 * len(rows) + 2, 250),
    )  # fmt: skip
    places = st.columns([3, 2, 2], vertical_alignment="center")
    places[0].caption(
        _("双击“改用比例”或“新约定采购量”的单元格，可为个别品种另填；数量为折算后的最小单位数。")
    )
    if case.inputs.policy and case.inputs.policy.completion_threshold:
        places[1].checkbox(_("未达完成条件的，加购至条件"), key=key_of(case, "completed"))
    places[2].segmented_control(
        _("支出口径"), list(BASES), format_func=lambda basis: _(BASES[basis]), required=True,
        key=key_of(case, "basis"), label_visibility="collapsed",
    )  # fmt: skip
    return edited


def _varieties(case: Case) -> pd.DataFrame:
    use = movable_use(case.inputs)
    used = use[use["move_reason"] == ""].groupby("variety_id")["equivalent_units"].sum()
    agreed = case.inputs.agreed.groupby("variety_id")["agreed_equivalent"].sum()
    ids = [int(number) for number in agreed.index]
    return pd.DataFrame(
        {
            "variety_id": ids,
            "variety": [case.varieties[number] for number in ids],
            "used": [int(used.get(number, 0)) / UNIT_SCALE for number in ids],
            "shift": pd.array([pd.NA] * len(ids), dtype="Float64"),
            "now": [int(agreed[number]) / UNIT_SCALE for number in ids],
            "agreed": pd.array([pd.NA] * len(ids), dtype="Float64"),
        }
    )


def _given(edited: pd.DataFrame, column: str, scale: Decimal) -> tuple[tuple[int, Decimal], ...]:
    told = edited[edited[column].notna()]
    return tuple(
        (int(number), _exact(value) / scale)
        for number, value in zip(told["variety_id"], told[column], strict=True)
    )


def _changed(
    said: dict[str, Any], today: dict[str, Any], name: str, scale: Decimal = Decimal(1)
) -> Decimal | None:
    value = said[name]
    return None if value is None or value == today[name] else _exact(value) / scale


def _exact(value: Any) -> Decimal:
    return Decimal(str(value))


def take_all(case: Case, rows: pd.DataFrame) -> None:
    """The callback of 全部采用: every move, the next band, the completion condition."""
    reset(case)
    st.session_state[key_of(case, "shift")] = 100
    st.session_state[key_of(case, "completed")] = bool((rows["switch"] == "completion").any())
    if case.inputs.policy and case.inputs.score is not None and (rows["switch"] == SCORE).any():
        band = next_band(case.inputs.policy, Decimal(case.inputs.score) / UNIT_SCALE)
        st.session_state[key_of(case, "score")] = float(band or 0)


def reset(case: Case) -> None:
    """The callback of 恢复现状."""
    for name, value in today_values(case).items():
        st.session_state[key_of(case, name)] = value
    version = key_of(case, "version")
    st.session_state[version] = st.session_state.get(version, 0) + 1
