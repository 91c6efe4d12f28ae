"""What a heading states of its unit: 单价(元/盒), 数量（万片）, 金额(万元), 比例(%), 单价/元."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from etl.values.units import unit_of

MONEY = {
    "元": 1,
    "人民币": 1,
    "人民币元": 1,
    "人民币万元": 10_000,
    "万元人民币": 10_000,
    "RMB": 1,
    "¥": 1,
    "千元": 1_000,
    "万元": 10_000,
    "百万元": 10**6,
    "亿元": 10**8,
}
PER_CENT = {"%", "百分比", "百分数"}
REMARKS = {"必填", "选填", "必填项", "选填项", "可选", "非必填", "含税", "文本", "文本格式", "数字", "可不填"}
"""Bracketed words that change nothing of what a column holds."""

CACHED_TEXTS = 50_000
"""Texts that are remembered as headings or not: data cells are asked about, too."""

_BRACKET = re.compile(r"[(\[【〔<]([^()\[\]【】〔〕<>]*)[)\]】〕>]")
_PERIOD = re.compile(r"^\d{4}年度?(\d{1,2}([-~至]\d{1,2})?月份?)?(?=..)")
_LARGE_MONEY = "(?P<money>百万元|千元|万元|亿元)"
_MONEY_ABOVE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_LARGE_MONEY}",
        rf".*\((?:[^()]{{0,6}}[:为,、])?(?:人民币)?{_LARGE_MONEY}(?:[,、][^()]{{0,6}})?\).*",
        rf".*(?:单位|货币|币种|金额|计量)(?:[:为])?(?:人民币)?{_LARGE_MONEY}(?!以|及|的|起).*",
    )
)
"""单位万元, （金额：万元）, or 万元 alone, where no colon after 单位 says it plainly."""

_ENDING = re.compile(r"(..+)(万元|千元|元|%)")
_ORNAMENT = re.compile(r"[\s※▲△★☆●*#:。]|^\d+[.、]")


@dataclass(frozen=True)
class Hint:
    """`money`: yuan per stated unit of money. `unit`: the word that quantities or prices count by,
    such as 盒 or 万片. `percent`: shares are per cent. None: the heading does not say."""

    money: int | None = None
    unit: str | None = None
    percent: bool = False


NO_HINT = Hint()


@lru_cache(maxsize=CACHED_TEXTS)
def heading_key(text: str) -> str:
    """A heading as synonyms are compared: half width, no spaces, line breaks or ornaments."""
    return _ORNAMENT.sub("", unicodedata.normalize("NFKC", text)).upper()


@lru_cache(maxsize=CACHED_TEXTS)
def split_heading(text: str) -> tuple[str, Hint]:
    """The heading without a period and what states a unit (brackets, /元, a trailing 元); and that unit."""
    key, hint = _PERIOD.sub("", heading_key(text)), NO_HINT
    for bracket in _BRACKET.findall(key):
        stated = _hint_of(bracket)
        if stated is not None:
            key = _without_bracket(key, bracket)
            hint = _joined(hint, stated)
    head, slash, tail = key.partition("/")
    tail_hint = _hint_of(tail) if slash else None
    if tail_hint is not None and head:
        return head, _joined(hint, tail_hint)
    if hint == NO_HINT and (ending := _ENDING.fullmatch(key)):
        return ending[1], _hint_of(ending[2]) or NO_HINT
    return key, hint


def _without_bracket(key: str, inside: str) -> str:
    return _BRACKET.sub(lambda bracket: "" if bracket[1] == inside else bracket[0], key)


def _joined(one: Hint, other: Hint) -> Hint:
    return Hint(one.money or other.money, one.unit or other.unit, one.percent or other.percent)


def _hint_of(text: str) -> Hint | None:
    """What the inside of a bracket states, part by part; None where one is not about units."""
    found = NO_HINT
    for part in re.split("[,;]", text):
        stated = _hint_of_part(part)
        if stated is None:
            return None
        found = _joined(found, stated)
    return found


def _hint_of_part(text: str) -> Hint | None:
    bare = re.sub(r"^(金额|价格|计量|数量)?单位", "", text)
    if bare in REMARKS:
        return NO_HINT
    if bare in PER_CENT:
        return Hint(percent=True)
    money, _, per = bare.partition("/")
    if money in MONEY:
        hint = Hint(money=MONEY[money])
        if not per:
            return hint
        return replace(hint, unit=per) if unit_of(per) else None
    if unit_of(bare):
        return Hint(unit=bare)
    # 数量(盒/支): it varies, and another column has to tell.
    return NO_HINT if all(unit_of(word) for word in re.split("[/、]", bare)) else None


def stated_above(text: str) -> Hint:
    """What a cell above the table states for its amounts or quantities: `单位:万元`, `计量单位：万片`."""
    found = NO_HINT
    key = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    for stated in re.findall(r"单位:([^:;。)]+)", key):
        for word in re.split(r"[、,]", stated):
            found = _joined(found, _hint_of(word) or NO_HINT)
    large = next((match for pattern in _MONEY_ABOVE if (match := pattern.fullmatch(key))), None)
    return found if found.money or not large else replace(found, money=MONEY[large["money"]])
