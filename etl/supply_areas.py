"""Supply areas as published lists print them, and whether an award is one for our own area.

    浙江、山东、湖 北，新疆（含 兵团）、内蒙古自治区    →    five provinces and the corps

An award whose areas leave ours out was won elsewhere. A text that names no area plainly (各联盟地区, 除…外)
leaves the question open; it is never taken for another area.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from etl.problem_kinds.mention import SUPPLY_AREA_NOT_APPLIED, SUPPLY_AREA_UNCLEAR
from etl.problem_kinds.stop import ANSWER_UNREADABLE
from etl.problems import Problem
from etl.rows import Rows
from etl.values.cells import NOTHING, Read, plain
from etl.values.hints import Hint
from procurement.tables.agreement import SELECTED_STATUSES

CORPS = "新疆生产建设兵团"
_PROVINCES = """
    北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西
    海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾
"""
PROVINCES = frozenset(_PROVINCES.split()) | {CORPS}

EVERYWHERE = frozenset({"全国", "全国各省", "全国各地", "全国范围", "全国范围内", "全国各省(区、市)"})

LONGEST_CITY = 4
"""Signs of a place that is no province: 沈阳, 齐齐哈尔; longer words describe."""

_CORPS_NAMES = frozenset({"兵团", "新疆兵团", "新疆建设兵团", "建设兵团", "生产建设兵团", CORPS})
_ENDING = r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
_ENDINGS = re.compile(_ENDING + "$")
_KNOWN = "|".join(sorted(PROVINCES | _CORPS_NAMES, key=len, reverse=True))
_SEVERAL = re.compile(rf"(?:(?:{_KNOWN}){_ENDING})+")
_ONE = re.compile(rf"({_KNOWN}){_ENDING}")
_WITH = re.compile(r"\(含([^()]*)\)")
_WITHOUT_CORPS = re.compile(r"(?<=新疆)\((?:不含|不包括|除)兵团\)")
_DESCRIBES = re.compile(r"[各其余他除外全部所有成员联盟地区域范围第批包组标\d()]")
_SEPARATOR = re.compile(r"[、,;/|。]+|和|及|与")


@dataclass(frozen=True)
class Areas:
    """What a text names: provinces and cities by their short names, and whether that is all it says."""

    named: frozenset[str]
    is_everywhere: bool = False
    is_clear: bool = True

    def hold(self, own: str) -> bool | None:
        """Whether `own` is among them; None where the text does not tell."""
        if self.is_everywhere or own in self.named:
            return True
        # A city may lie in a province that is named, and a province hold a city that is.
        same_sort = all((name in PROVINCES) == (own in PROVINCES) for name in self.named)
        return False if self.is_clear and self.named and same_sort else None


@lru_cache(maxsize=10_000)
def areas_of(text: str) -> Areas:
    """The areas that a cell names, whatever separates them and whatever spaces are inside."""
    bare = re.sub(r"\s+", "", plain(text))
    bare = _WITH.sub(r"、\1、", _WITHOUT_CORPS.sub("", bare))
    if bare in EVERYWHERE:
        return Areas(frozenset(), is_everywhere=True)
    named: set[str] = set()
    is_clear = True
    for part in filter(None, _SEPARATOR.split(bare)):
        found = _names_in(part)
        named.update(found)
        is_clear &= bool(found)
    if named & EVERYWHERE:
        return Areas(frozenset(), is_everywhere=True)
    return Areas(frozenset(named), is_clear=is_clear and bool(named))


def _names_in(part: str) -> list[str]:
    """河北 → [河北]; 河北省山西省, whose line break was its separator → both; nothing where it describes."""
    if part in EVERYWHERE:
        return [part]
    if _SEVERAL.fullmatch(part):
        return [CORPS if name in _CORPS_NAMES else name for name in _ONE.findall(part)]
    city = _ENDINGS.sub("", part)
    return [city] if 1 < len(city) <= LONGEST_CITY and not _DESCRIBES.search(city) else []


def own_area(answer: object, hint: Hint) -> Read:
    """The one area that an answer names, by its short name."""
    areas = areas_of(str(answer))
    is_one = areas.is_clear and len(areas.named) == 1 and not areas.is_everywhere
    return Read(next(iter(areas.named))) if is_one else NOTHING


def apply_supply_area(rows: Rows, frame: pd.DataFrame, own: str | None) -> pd.Series:
    """The status of each row, awards of other supply areas marked as won elsewhere."""
    status = frame["status"]
    texts = frame["supply_area"].where(status.isin(SELECTED_STATUSES))
    if texts.isna().all():
        return status
    if own is None:
        rows.mention(SUPPLY_AREA_NOT_APPLIED, "supply_area", count=int(texts.notna().sum()))
        return status
    known = {text: areas_of(text) for text in texts.dropna().unique()}
    if own not in PROVINCES and not any(own in areas.named for areas in known.values()):
        words = {"name": "province", "answer": own}
        rows.problems.append(Problem(ANSWER_UNREADABLE, rows.file, params=words))
        return status
    ours = texts.map({text: areas.hold(own) for text, areas in known.items()}).astype("object")
    unclear = texts.notna() & ours.isna()
    rows.report(SUPPLY_AREA_UNCLEAR, unclear, "supply_area", own=own)
    return status.mask((ours == False).fillna(False), "elsewhere")  # noqa: E712  None is neither
