"""Texts that name an institution by their form, whether or not the register knows it.

城关卫生院, 填报单位：示例市第三医院, 某某县人民医院采购明细   → a name
住院药房, 内科, 中成药                              → none: 药房 is a department as often as a shop
"""

import re
from collections.abc import Iterable

from etl.values.cells import plain

_ROLE = r"((填报|采购|使用|购货|申报)?(单位|机构|医院|医疗机构)(名称)?:)?"
_END = (
    "医院|卫生院|保健院|中医院|防治院|疗养院|分院|卫生服务中心|卫生服务站|卫生室|卫生所|医疗中心|急救中心|门诊部|诊所"
    "|大药房|药店"
)
_ABOUT = r"(\(.{1,20}\))?(\d{4}年?.*)?((药品|耗材|医用耗材|集采|集中采购|采购|进货|入库).*)?:?"
_NAME = re.compile(rf"{_ROLE}(?P<name>.{{1,30}}?({_END})){_ABOUT}")
_NO_NAME = re.compile(
    r".*(各|本|我|其他|全部|所有|公立|民营|[一二三两]级|[县市区乡]级|以[上下]).{0,3}|.*[,。;:].*"
)


def named_like_institutions(texts: Iterable[str]) -> list[str]:
    """The names in texts that say nothing else but whose rows follow."""
    found = (_NAME.fullmatch("".join(plain(text).split())) for text in texts)
    names = [match["name"] for match in found if match]
    return [name for name in names if not _NO_NAME.fullmatch(re.sub(f"({_END})$", "", name))]
