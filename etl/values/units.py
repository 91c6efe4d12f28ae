"""Unit words: does a quantity or price count packs (盒) or base units (片, 支, 套)?

    数量 3 盒 of 14 片  →  packs: 42 base units        数量 0.5 万片  →  base units: 5 000

A word says it by itself where it can (盒, 最小单位); a word that may be either (瓶, 支, 袋) is weighed
against what is known of the product.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

TEN_THOUSAND = 10_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PACK_WORDS = _words(
    """盒 大盒 小盒 中盒 瓶 大瓶 包 箱 包装 包装单位 最小包装 最小包装单位 最小销售包装 最小销售包装单位
    销售包装单位 最小零售包装 零售包装"""
)
BASE_WORDS = _words(
    """最小单位 最小制剂单位 最小制剂 制剂单位 单位制剂 最小单位制剂 最小使用单位 最小计量单位 最小规格
    最小剂量单位 单片 单支 基本单位"""
)
OUTER_WORDS = _words("箱 大盒 中盒")
"""Packs of packs: how many 盒 they hold nobody says, so they are no unit unless it is the product's own."""
TABLETS = _words("片 粒 丸 枚 颗 锭 胶囊 S T")
VIALS = _words("支 瓶 针 安瓿 管 笔 瓶(支) 支(瓶)")
SACHETS = _words("袋 包 贴")
DEVICES = _words("套 个 只 件 根 条 枚 块 张 台 组 把 卷 副 盘 对 双 片 支 人份 测试 次 米")
FAMILIES = (TABLETS, VIALS, SACHETS, DEVICES)
"""Words that stand for the same base unit; 片 counts tablets and plates alike."""

SINGLE_UNITS = TABLETS | VIALS | SACHETS | DEVICES

_PACK_IN_BRACKETS = re.compile(r"(?<=.)\(\d[^()]*\)$")
"""盒(14片) is 盒, 片(14片/盒) is 片."""

_TEN_THOUSAND = re.compile(r"^(?:1?万|10000|1W)(?=.)", re.IGNORECASE)


@dataclass(frozen=True)
class Unit:
    """A unit as stated: `word` after the factor of 万."""

    word: str
    factor: int = 1


@lru_cache(maxsize=10_000)
def unit_of(text: str) -> Unit | None:
    """The unit that a cell or a bracket states: 盒, 万片, 元/盒 (its 盒), 万片/万袋/万支 (any base unit)."""
    text = _PACK_IN_BRACKETS.sub("", text)
    words = [w for w in re.split(r"[/、或,]", text) if w and w not in ("元", "人民币元")]
    units = {_single(word) for word in words}
    if len(units) > 1 and None not in units:
        factors = {unit.factor for unit in units if unit}
        all_base = all(unit and unit.word in SINGLE_UNITS for unit in units)
        return Unit("最小单位", factors.pop()) if len(factors) == 1 and all_base else None
    return units.pop() if len(units) == 1 else None


def _single(word: str) -> Unit | None:
    bare = _TEN_THOUSAND.sub("", word)
    factor = TEN_THOUSAND if bare != word else 1
    bare = bare.removeprefix("每").removeprefix("按")
    known = bare in PACK_WORDS or bare in BASE_WORDS or bare in SINGLE_UNITS
    return Unit(bare, factor) if known else None


def is_pack(word: str, base_unit: str | None = None, units_per_pack: int | None = None) -> bool | None:
    """Whether `word` counts packs of the product; None where it fits neither its pack nor its base unit."""
    if word in BASE_WORDS or word == base_unit:
        return False
    if word in OUTER_WORDS:
        return None
    if base_unit is None:
        return word in PACK_WORDS
    if any(word in family and base_unit in family for family in FAMILIES[:1]):
        return False
    if units_per_pack == 1 and any(word in family and base_unit in family for family in FAMILIES):
        return False
    return True if word in PACK_WORDS else None
