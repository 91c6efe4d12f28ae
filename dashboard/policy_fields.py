"""Fields for a policy value, by the unit of its parameter; floats end here, what comes out is exact."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.policy_words import choice_text, indicator_text, plain
from procurement.language import _
from procurement.policies import Parameter
from procurement.policies.units import BANDS, FULL_SCORE, NUMBERS, PERCENT, WEIGHTS, choices
from procurement.policies.validity import YEARS
from procurement.policies.values import indicators

EDITOR_WIDTH = 420

DAYS: dict[str, Any] = {
    "min_value": date(YEARS[0], 1, 1),
    "max_value": date(YEARS[1], 12, 31),
    "format": "YYYY-MM-DD",
}
"""Of every field for a day of a policy."""


def ask_value(parameter: Parameter, current: Any, key: str) -> Any:
    """The value as the fields have it now; None where a number is not given."""
    if parameter.unit == BANDS:
        return _ask_bands(current, key)
    if parameter.unit == WEIGHTS:
        return _ask_weights(parameter, current, key)
    if parameter.unit in NUMBERS:
        return ask_number(parameter, _("取值"), current, key)
    options = choices(parameter.unit)
    at = options.index(current) if current in options else None
    return st.selectbox(_("取值"), options, index=at, format_func=choice_text, key=key, width=EDITOR_WIDTH)


def ask_number(parameter: Parameter, name: str, current: Any, key: str) -> Decimal | int | None:
    """A number in the unit that people write it in: per cent, yuan, days."""
    unit = NUMBERS[parameter.unit]
    label = _("{name}（{unit}）").format(name=name, unit=unit.sign())
    if not unit.decimals:
        whole = None if current is None else int(current)
        return st.number_input(label, value=whole, step=1, key=key, width=EDITOR_WIDTH)
    scale = 100 if unit.reads == PERCENT else 1
    shown = None if current is None else float(Decimal(current) * scale)
    said = st.number_input(label, value=shown, step=1.0, format="%.2f", key=key, width=EDITOR_WIDTH)
    return None if said is None else exact(said) / scale


def exact(number: float) -> Decimal:
    """A number from a field as it was typed."""
    return Decimal(repr(float(number))).normalize() + 0


def _ask_bands(current: Any, key: str) -> list[dict[str, Any]]:
    st.markdown(_("取值：各档的得分下限和留用系数"))
    rows = pd.DataFrame(
        {
            "floor": [float(band["floor"]) for band in current or ()],
            "granted": [float(band["granted"] * 100) for band in current or ()],
        }
    )
    config = {
        "floor": st.column_config.NumberColumn(_("得分下限（分）"), format="%.4g"),
        "granted": st.column_config.NumberColumn(_("留用系数（%）"), format="%.4g"),
    }
    edited = st.data_editor(
        rows, column_config=config, num_rows="dynamic", hide_index=True, key=key, width=EDITOR_WIDTH
    )
    st.caption(_("得分达到下限的，按该档系数留用；须有从0分起的一档。在末行填写可增加一档，勾选后可删除。"))
    return [
        {"floor": _given(row.floor), "granted": _given(row.granted, Decimal(100))}
        for row in edited.itertuples(index=False)
    ]


def _ask_weights(parameter: Parameter, current: Any, key: str) -> list[dict[str, Any]]:
    st.markdown(_("取值：各指标的分值"))
    names = indicators(parameter)
    points = {part["indicator"]: float(part["points"]) for part in current or ()}
    rows = pd.DataFrame(
        {"indicator": [indicator_text(name) for name in names], "points": [points.get(n, 0.0) for n in names]}
    )
    config = {
        "indicator": st.column_config.TextColumn(_("指标"), disabled=True),
        "points": st.column_config.NumberColumn(_("分值"), format="%.4g"),
    }
    edited = st.data_editor(rows, column_config=config, hide_index=True, key=key, width=EDITOR_WIDTH)
    given = [_given(each) for each in edited["points"]]
    total = sum((each for each in given if each is not None), Decimal(0))
    st.caption(_("合计{total}分，须为{full}分。").format(total=plain(total), full=plain(FULL_SCORE)))
    return [{"indicator": name, "points": each} for name, each in zip(names, given, strict=True)]


def _given(cell: Any, scale: Decimal = Decimal(1)) -> Decimal | None:
    return None if pd.isna(cell) else exact(cell) / scale
