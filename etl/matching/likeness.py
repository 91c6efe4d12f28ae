"""How near two products are that are not written alike: a score for a person, never a decision.

    score = 0.40 × name + 0.35 × (0.6 × dose + 0.4 × pack) + 0.25 × manufacturer

LIKELY is above what another dose of the same firm reaches (0.40 + 0.35 × 0.46 + 0.25 = 0.81) and below a
short form of the firm (0.40 + 0.35 + 0.25 × 0.85 = 0.96). Never proposed at all: another form, another
known pack, another firm, a name with 左, 右, 艾司 or 复方 on one side only: these are other products.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from etl.matching.names import CACHED, ProductWords, firm_key, registration_key
from procurement.language import N_

NAME, SPEC, FIRM = 0.40, 0.35, 0.25
DOSE, PACK = 0.6, 0.4
LIKELY = 0.85
LEAST = 0.60
HIGHEST = 0.99
"""Of two that are not written exactly alike."""

LEAST_NAME = 0.6
LEAST_FIRM = 0.5
UNTOLD = 0.7
"""What one of the two does not say speaks neither for nor against it."""

CONTAINED = 0.85
"""A short form of a firm, a name without its salt."""

SAME_CORE = 0.95
"""The same name with another word for its form."""

SPELLING, SPELLED_ALIKE = 0.62, 80
"""One sign of five is another one: 阿托伐他丁 is a slip, 头孢呋辛酯 for 头孢呋辛钠 is not; never likely."""

OTHER_RELEASE = 0.64
"""缓释 or 肠溶 told by one of the two only: left out, or another product; never likely."""

OTHER_DOSE, OTHER_REGISTRATION = 0.1, 0.7

_FORM_WORDS = re.compile(
    r"口服常释剂型|口服液体剂|缓释控释剂型|注射剂型?|注射用|注射液|(?:缓释|控释|肠溶|分散|咀嚼|泡腾|口崩|薄膜衣)?"
    r"(?:片|胶囊|颗粒|丸)剂?|软膏|乳膏|口服溶液|滴眼液|吸入剂|\([^()]*\)"
)
_TELLING = ("左", "右", "艾司", "复方")
_SLOW = ("缓释", "控释", "肠溶")
_FIRM_WORDS = re.compile(
    r"集团|股份|控股|药业|制药|医药|生物|科技|技术|医疗|器械|\([^()]*\)|(?:省|市|自治区|中国)"
)

DIFFERENCES = {
    "name": N_("名称写法不同"),
    "dose": N_("规格不同"),
    "dose_untold": N_("规格未写明"),
    "pack_untold": N_("包装未写明"),
    "firm": N_("企业写法不同"),
    "firm_untold": N_("企业未写明"),
    "registration": N_("批准文号不同"),
}


@lru_cache(CACHED)
def core_name(name: str) -> str:
    """A compared name without its form: 阿托伐他汀口服常释剂型 and 阿托伐他汀片 are 阿托伐他汀."""
    return _FORM_WORDS.sub("", name) or name


@lru_cache(CACHED)
def core_firm(name: str | None) -> str:
    key = firm_key(name)
    return _FIRM_WORDS.sub("", key) or key


@lru_cache(CACHED)
def name_score(one: str, other: str) -> float:
    """Of compared names (product_names.name_key), 0–1."""
    if one == other:
        return 1.0
    first, second = core_name(one), core_name(other)
    if any((word in first) != (word in second) for word in _TELLING):
        return 0.0
    shorter, longer = sorted((first, second), key=len)
    if first == second:
        found = SAME_CORE
    elif len(shorter) > 1 and shorter in longer:
        found = CONTAINED
    else:
        found = SPELLING if fuzz.ratio(first, second) >= SPELLED_ALIKE else 0.0
    return found * (OTHER_RELEASE if _release(one) != _release(other) else 1)


def _release(name: str) -> bool:
    return any(word in name for word in _SLOW)


@lru_cache(CACHED)
def firm_score(one: str | None, other: str | None) -> float:
    first, second = firm_key(one), firm_key(other)
    if not (first and second):
        return UNTOLD
    if first == second:
        return 1.0
    shorter, longer = sorted((core_firm(one), core_firm(other)), key=len)
    if len(shorter) > 1 and shorter in longer:
        return CONTAINED
    return fuzz.ratio(shorter, longer) / 100 * 0.8


def dose_score(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if not (one and other):
        return UNTOLD
    parts, others = set(one.split(":")), set(other.split(":"))
    return CONTAINED if parts <= others or others <= parts else OTHER_DOSE


def score(one: ProductWords, other: ProductWords) -> float:
    """0–1; 0 for a pair that is never proposed, 1 for one that is written alike."""
    if one.is_exactly(other):
        return 1.0
    if one.contradicts(other) or (one.pack and other.pack and one.pack != other.pack):
        return 0.0
    name, firm = name_score(one.name_key, other.name_key), firm_score(one.manufacturer, other.manufacturer)
    numbers = registration_key(one.registration), registration_key(other.registration)
    if numbers[0] and numbers[0] == numbers[1]:
        name, firm = max(name, CONTAINED), max(firm, CONTAINED)
    if name < LEAST_NAME or firm < LEAST_FIRM:
        return 0.0
    spec = DOSE * dose_score(one.dose, other.dose) + PACK * (1.0 if one.same_pack(other) else UNTOLD)
    total = NAME * name + SPEC * spec + FIRM * firm
    if all(numbers) and numbers[0] != numbers[1]:
        total *= OTHER_REGISTRATION
    return min(total, HIGHEST)


def differences(one: ProductWords, other: ProductWords) -> list[str]:
    """Source texts of what differs between two products, for the person who decides."""
    found = [
        ("name", one.name_key != other.name_key),
        ("dose", bool(one.dose and other.dose) and one.dose != other.dose),
        ("dose_untold", bool(one.dose) != bool(other.dose)),
        ("pack_untold", not one.same_pack(other)),
        ("firm", bool(one.firm_key and other.firm_key) and one.firm_key != other.firm_key),
        ("firm_untold", bool(one.firm_key) != bool(other.firm_key)),
        ("registration", _is_other(registration_key(one.registration), registration_key(other.registration))),
    ]
    return [DIFFERENCES[name] for name, differs in found if differs]


def _is_other(one: str, other: str) -> bool:
    return bool(one and other and one != other)


class Names:
    """Registered names by pairs of neighbouring signs, so that only names which share some are compared."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_pair: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for pair in _pairs(name):
                self._by_pair[pair].add(name)

    def near(self, name: str) -> list[str]:
        """Names that are near enough to be proposed."""
        shared: set[str] = set()
        for pair in _pairs(name):
            shared |= self._by_pair.get(pair, set())
        return [other for other in shared if name_score(name, other) >= LEAST_NAME]


def _pairs(name: str) -> set[str]:
    core = core_name(name)
    return {core[at : at + 2] for at in range(len(core) - 1)} or {core}
