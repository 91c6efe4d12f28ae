"""The details of an event in words and values, as an administrator reads them."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.formats import count_text, person_text, word_text, yuan_text
from procurement.language import N_, _
from procurement.people.acting import HERE

LABELS: dict[str, str] = {
    # Accounts and sign-ins
    "role": N_("角色"),
    "scope": N_("范围"),
    "full_name": N_("姓名"),
    "sign_ins": N_("结束的登录"),
    "way": N_("登录方式"),
    "reason": N_("理由"),
    # Imports and exports
    "import": N_("导入编号"),
    "undoes": N_("撤销的导入"),
    "undo": N_("撤销编号"),
    "kind": N_("表种"),
    "mode": N_("方式"),
    "rows": N_("行数"),
    "skipped_rows": N_("跳过的行"),
    "amount": N_("金额"),
    "content_hash": N_("文件校验码"),
    "institutions": N_("机构数"),
    "bytes": N_("字节数"),
    # Matching, policies, settlements
    "product": N_("目录产品"),
    "entry": N_("条目编号"),
    "level": N_("层级"),
    "category": N_("类别"),
    "from_date": N_("生效日期"),
    "until": N_("终止日期"),
    "value": N_("取值"),
    "source": N_("来源"),
    "settlement": N_("结算编号"),
    "retained_amount": N_("留用金额"),
    "remark": N_("备注"),
    # Months and what institutions report
    "month": N_("月份"),
    "variety": N_("品种"),
    "year": N_("协议年度"),
    "text": N_("说明"),
    # Keeping
    "head": N_("末条校验码"),
    "imports": N_("导入次数"),
    "lines": N_("采购记录行数"),
    "findings": N_("核对发现"),
    "kept": N_("原数据库另存为"),
    "replaced_head": N_("被替换的末条校验码"),
    "before": N_("原版本"),
    "months": N_("重算的月份"),
}
"""What each key of an event's details is called; tests/dashboard/test_audit_page.py finds one that lacks."""

SCOPE_KINDS = {"district": N_("区县"), "institution": N_("机构"), "chain": N_("连锁")}
WAYS = {"oidc": N_("统一身份认证")}
LEVELS = {"province": N_("省"), "city": N_("市")}
HASHES = frozenset({"content_hash", "head", "replaced_head"})
HASH_SHOWN = 12
LONGEST = 120
"""Characters of one value; the file has the same, the ledger the whole."""


def with_readable_details(rows: pd.DataFrame) -> pd.DataFrame:
    """The events with `event_details` in words, and persons by the names that readers know."""
    return rows.assign(
        origin=rows["origin"].replace(HERE, _("服务器本机")),
        event_details=pd.Series(
            [details_text(said) for said in rows["event_details"]], index=rows.index, dtype=object
        ),
        actor=rows["actor"].map(person_text),
    )


def details_text(said: str) -> str:
    """The JSON of an event's details as words: 角色：经办人员；范围：区县东区."""
    told = json.loads(said)
    if not isinstance(told, Mapping):
        return str(told)
    parts = [
        _("{label}：{value}").format(label=_(LABELS.get(key) or key), value=text)
        for key, value in sorted(told.items(), key=_place)
        if (text := _value_text(key, value))
    ]
    return _("；").join(parts)


def _place(item: tuple[str, Any]) -> tuple[int, str]:
    """Details in the order of LABELS, whatever order they were written in."""
    known = list(LABELS)
    return (known.index(item[0]) if item[0] in LABELS else len(known), item[0])


def _value_text(key: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return ""
    if key in SPECIAL:
        return SPECIAL[key](value)
    if key in HASHES:
        return str(value)[:HASH_SHOWN]
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int):
        return count_text(value)
    if isinstance(value, list):
        return _("、").join(str(each) for each in value)[:LONGEST]
    return word_text(str(value))[:LONGEST]


def _scope_text(values: Sequence[Sequence[str]]) -> str:
    return _("、").join(f"{_(SCOPE_KINDS.get(kind, kind))}{value}" for kind, value in values)


SPECIAL: dict[str, Callable[[Any], str]] = {
    "scope": _scope_text,
    "way": lambda way: _(WAYS.get(way, way)),
    "level": lambda level: _(LEVELS.get(level, level)),
    "amount": yuan_text,
    "retained_amount": yuan_text,
}
