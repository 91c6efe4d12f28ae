"""A spec (规格) → how many base units a pack holds, where the spec says it plainly.

    20mg*7片*2板/盒 → 14 片    0.1g:10ml×5支/盒 → 5 支    3ml:300单位*1支/盒 → 1 支    100片/瓶 → 100 片

Anything else (sizes of devices, `10cm*12cm`, several packs in one) is left unsaid: a wrong pack size
would shift every price by its factor.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_UNITS = "片|粒|丸|枚|颗|锭|支|瓶|袋|包|贴|针|管|套|个|只|条|板|张|揿|喷|S|T|'S"
_COUNT = re.compile(rf"(\d+)({_UNITS})?(?:装)?(?:/({_UNITS}|盒|小盒|大盒|包装|筒|桶|罐|听))?", re.IGNORECASE)
_DOSE = re.compile(
    r"[\d.]+(万)?(MG|G|KG|UG|µG|ΜG|MCG|NG|ML|L|UL|IU|U|单位|万单位|MMOL|MEQ|%|KBQ|MBQ|MCI|BQ|AXAIU)"
    r"([:/,(+、][^*]*)?",
    re.IGNORECASE,
)
_DOSE_PER_UNIT = re.compile(rf"(.*[A-Z位%)])/({_UNITS})", re.IGNORECASE)
_DOSES_PER_UNIT = {"揿", "喷"}
"""Puffs of an inhaler are doses inside its one base unit."""

_SHORT = {"S": "片", "T": "片", "'S": "片"}
_PACKINGS = {"板"}
"""A blister is never the base unit."""


@dataclass(frozen=True)
class Pack:
    """`units` base units in one pack; `base_unit` where the spec names it."""

    units: int
    base_unit: str | None


@lru_cache(maxsize=50_000)
def pack_of(spec: str | None) -> Pack | None:
    """The pack that a spec states plainly, else None."""
    if not spec:
        return None
    parts = _parts(spec)
    if len(parts) == 1 and (found := _DOSE_PER_UNIT.fullmatch(parts[0])) and _DOSE.match(parts[0]):
        return None if found[2] in _DOSES_PER_UNIT | _PACKINGS else Pack(1, _base_unit(found[2]))
    has_dose = bool(_DOSE.fullmatch(parts[0]))
    counts = [_COUNT.fullmatch(part) for part in parts[1 if has_dose else 0 :]]
    if not counts or any(c is None for c in counts):
        return None
    return _counted([c for c in counts if c], has_dose)


def _parts(spec: str) -> list[str]:
    text = unicodedata.normalize("NFKC", spec).upper()
    text = re.sub(r"\s+", "", text)
    text = re.sub(r"[×✕✖∗·]|(?<=[\d)A-Z\u4e00-\u9fff])X(?=\d)", "*", text)
    text = re.sub(r"\([^()]*\)$", "", text)
    return [part.strip("()") if part.startswith("(") else part for part in text.split("*")]


def _counted(counts: list[re.Match[str]], has_dose: bool) -> Pack | None:
    words = [c[2] for c in counts]
    if not has_dose and words[0] is None:  # 3.0*18 is the size of a stent
        return None
    if any(word in _DOSES_PER_UNIT for word in words):
        return None
    units = 1
    for count in counts:
        units *= int(count[1])
    base = None if words[0] in _PACKINGS else _base_unit(words[0])
    return Pack(units, base) if 0 < units < 100_000 else None


def _base_unit(word: str | None) -> str | None:
    return _SHORT.get(word, word) if word else None
