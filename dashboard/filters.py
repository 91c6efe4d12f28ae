"""The filters in the sidebar, the same on every page: sidebar ↔ address ↔ procurement.filters.Filters."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import address, data
from dashboard.formats import word_text
from dashboard.reader import scope
from procurement.filters import Filters
from procurement.language import _
from procurement.periods import add_months
from procurement.tables.register import CATEGORIES

LISTS = {"batch": "batches", "district": "districts", "institution": "institutions", "variety": "varieties"}
DAYS = {"from": "first_day", "to": "last_day", "as_of": "as_of"}
"""Name in the address, as on the command line → field of Filters."""

NAMES = ("category", *LISTS, *DAYS)
EARLIEST, LATEST = date(2015, 1, 1), date(2049, 12, 31)
"""Days that can be asked for: no batch is older."""


def to_address(filters: Filters) -> dict[str, list[str]]:
    """Filters as address parameters; what is not filtered by has none."""
    said = {"category": [filters.category] if filters.category else []}
    said |= {name: list(getattr(filters, field)) for name, field in LISTS.items()}
    for name, field in DAYS.items():
        day = getattr(filters, field)
        said[name] = [day.isoformat()] if day else []
    return {name: values for name, values in said.items() if values}


def from_address(said: Mapping[str, Sequence[str]]) -> Filters:
    """Address parameters as filters; what cannot be understood is left out."""
    category = next(iter(said.get("category", ())), None)
    return Filters(
        category=category if category in CATEGORIES else None,
        **{field: tuple(dict.fromkeys(v for v in said.get(name, ()) if v)) for name, field in LISTS.items()},  # type: ignore[arg-type]
        **{field: _day(said.get(name, ())) for name, field in DAYS.items()},  # type: ignore[arg-type]
    )


def _day(values: Sequence[str]) -> date | None:
    try:
        day = date.fromisoformat(values[0])
    except (IndexError, ValueError):
        return None
    return day if EARLIEST <= day <= LATEST else None


def choose_filters() -> Filters:
    """Draw the sidebar and return what is chosen."""
    choices = data.frame(data.choices, Filters())
    _take_from_address()
    with st.sidebar:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(_("**筛选**"), width="content")
            st.button(
                _("清除筛选"), type="tertiary", on_click=_clear, key="clear_filters", disabled=not _any_set()
            )
        _draw_lists(choices)
        _draw_days(choices["days"])
    filters = current_filters()
    said = to_address(filters)
    for name in NAMES:
        address.write(name, said.get(name, []))
    return filters


def current_filters() -> Filters:
    """What is chosen in the sidebar now."""
    values = {name: st.session_state.get(_key(name)) for name in NAMES}
    return Filters(
        category=values["category"],
        scope=scope(),
        **{field: tuple(values[name] or ()) for name, field in LISTS.items()},  # type: ignore[arg-type]
        **{field: values[name] for name, field in DAYS.items()},  # type: ignore[arg-type]
    )


def _key(name: str) -> str:
    return f"filter_{name}"


def _any_set() -> bool:
    return any(st.session_state.get(_key(name)) for name in NAMES)


def _clear() -> None:
    for name in NAMES:
        st.session_state[_key(name)] = [] if name in LISTS else None


def _take_from_address() -> None:
    said = {name: address.said_anew(name) for name in NAMES}
    asked = from_address({name: values for name, values in said.items() if values})
    for name, values in said.items():
        if values is not None:
            field = LISTS.get(name) or DAYS.get(name) or name
            chosen = getattr(asked, field)
            st.session_state[_key(name)] = list(chosen) if name in LISTS else chosen


def _draw_lists(choices: dict[str, Any]) -> None:
    institutions, batches, varieties = choices["institutions"], choices["batches"], choices["varieties"]
    st.segmented_control(
        _("类别"),
        CATEGORIES,
        format_func=word_text,
        key=_key("category"),
        width="stretch",
        persist_state="session",
    )
    if category := st.session_state.get(_key("category")):
        batches, varieties = (rows[rows["category"] == category] for rows in (batches, varieties))
    if chosen := _multiselect("batch", _("批次"), batches["batch"]):
        varieties = varieties[varieties["batch"].isin(chosen)]
    if len(institutions) > 1:  # who sees a single institution has nothing to choose
        districts = institutions["district"].dropna().sort_values()
        if chosen := _multiselect("district", _("区县"), districts):
            institutions = institutions[institutions["district"].isin(chosen)]
        names = institutions.set_index("institution_code")["institution_name"]
        _multiselect("institution", _("医药机构"), pd.Series(names.index), names.to_dict())
    else:
        st.session_state[_key("district")], st.session_state[_key("institution")] = [], []
    _multiselect("variety", _("品种"), varieties["variety"])


def _multiselect(
    name: str, label: str, values: pd.Series, names: Mapping[str, str] | None = None
) -> list[str]:
    options = list(dict.fromkeys(values))
    known = set(options)
    # What another filter has ruled out, or a link names in vain, cannot stay chosen.
    st.session_state[_key(name)] = [v for v in st.session_state.get(_key(name)) or [] if v in known]
    return st.multiselect(
        label,
        options,
        format_func=names.__getitem__ if names else str,
        key=_key(name),
        placeholder=_("全部"),
        filter_mode="contains",
        select_all=False,
        persist_state="session",
    )


def _draw_days(covered: tuple[date, date] | None) -> None:
    # The calendar opens near the last purchases, not today.
    last = covered[1] if covered else LATEST
    with st.expander(_("日期"), expanded=any(st.session_state.get(_key(name)) for name in DAYS)):
        _date_input("from", _("采购日期自"), EARLIEST, last)
        _date_input("to", _("采购日期至"), st.session_state.get(_key("from")) or EARLIEST, last)
        latest = min(add_months(last, 12), LATEST)
        _date_input("as_of", _("截至日期（测算日）"), EARLIEST, latest, _("不选则为已载入采购的最后一天。"))


def _date_input(name: str, label: str, earliest: date, latest: date, help_text: str | None = None) -> None:
    day = st.session_state.get(_key(name))
    st.session_state[_key(name)] = day if day and earliest <= day <= latest else None
    st.date_input(
        label,
        key=_key(name),
        min_value=earliest,
        max_value=latest,
        format="YYYY-MM-DD",
        help=help_text,
        persist_state="session",
    )
