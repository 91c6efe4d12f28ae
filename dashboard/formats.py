"""Figures as readers see them: 万元 and 亿元, per cent, months and days as in a Chinese report."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from procurement.columns import COLUMNS, reading
from procurement.language import _, current_language
from procurement.money import UNIT_SCALE, price_in_yuan, yuan
from procurement.periods import LOCAL_TIME

MISSING = "—"
"""What stands where a figure has no basis; the reason stands beside it."""

HUNDRED_MILLION = 100_000_000
TEN_THOUSAND = 10_000
MILLION = 1_000_000


def amount_text(amount: object) -> str:
    """An amount in the unit that it reads best in: 8.75亿元, 1,234.56万元, 815.30元."""
    if pd.isna(amount):  # type: ignore[call-overload]
        return MISSING
    value = yuan(int(amount))  # type: ignore[call-overload]
    if current_language() == "en":
        return f"¥{_grouped(value / MILLION)} m" if abs(value) >= MILLION else f"¥{_grouped(value)}"
    if abs(value) >= HUNDRED_MILLION:
        return _("{value}亿元").format(value=_grouped(value / HUNDRED_MILLION))
    if abs(value) >= TEN_THOUSAND:
        return _("{value}万元").format(value=_grouped(value / TEN_THOUSAND))
    return yuan_text(amount)


def yuan_text(amount: object) -> str:
    """An amount to the fen: 53,900.00元."""
    if pd.isna(amount):  # type: ignore[call-overload]
        return MISSING
    return _("{value}元").format(value=_grouped(yuan(int(amount))))  # type: ignore[call-overload]


def price_text(price: object) -> str:
    """A unit price with two to six decimals: 18.89, 0.942857."""
    if pd.isna(price):  # type: ignore[call-overload]
        return MISSING
    value = price_in_yuan(int(price)).normalize()  # type: ignore[call-overload]
    decimals = max(2, -int(value.as_tuple().exponent))
    return f"{value:,.{decimals}f}"


def percent_text(fraction: object, decimals: int = 1) -> str:
    """A fraction as a percentage: 62.0%."""
    if pd.isna(fraction):  # type: ignore[call-overload]
        return MISSING
    value = Decimal(str(fraction)) * 100
    return f"{value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)}%"


def share_text(share: object) -> str:
    """A share in millionths as a percentage: 45%, 63.5%."""
    if pd.isna(share):  # type: ignore[call-overload]
        return MISSING
    value = (Decimal(int(share)) * 100 / UNIT_SCALE).normalize()  # type: ignore[call-overload]
    return f"{value:f}%"


def count_text(value: object) -> str:
    """A whole number with thousands separators."""
    return MISSING if pd.isna(value) else f"{int(value):,}"  # type: ignore[call-overload]


def units_text(equivalent: object) -> str:
    """Equivalent units (millionths) with no more decimals than they have."""
    if pd.isna(equivalent):  # type: ignore[call-overload]
        return MISSING
    value = Decimal(int(equivalent)) / UNIT_SCALE  # type: ignore[call-overload]
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def day_text(day: date) -> str:
    """2022年3月15日."""
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


def time_text(time: object) -> str:
    """2022-03-15 09:30 on the clocks of here."""
    local = pd.Timestamp(time)  # type: ignore[arg-type]
    local = local.tz_localize("UTC") if local.tzinfo is None else local
    return local.tz_convert(LOCAL_TIME).strftime("%Y-%m-%d %H:%M")


def score_text(score: object) -> str:
    """A score (millionths) with one decimal."""
    return MISSING if pd.isna(score) else f"{Decimal(int(score)) / UNIT_SCALE:.1f}"  # type: ignore[call-overload]


def month_text(month: date) -> str:
    """2022年3月."""
    return _("{year}年{month}月").format(year=month.year, month=month.month)


def word_text(word: object, column: str = "") -> str:
    """The reading of a code such as `on_track` (in `column`); empty stays empty."""
    return _(reading(str(word), column)) if word and not pd.isna(word) else ""  # type: ignore[call-overload]


def person_text(name: str) -> str:
    """Who did something; the dashboard, the demonstration and the identity provider are no persons."""
    return {"web": _("网页用户"), "demo": _("示例数据"), "oidc": _("统一身份认证")}.get(name, name)


def label(column: str) -> str:
    """A column's label in the current language."""
    return _(COLUMNS[column].label)


def _grouped(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):,}"
