"""A city's own file of policy entries: TOML of the same shape as ours, several parameters in one file.

    [[retention_maximum_ratio.limits]]
    [[retention_maximum_ratio.values]]
    from = 2024-01-01
    value = 0.45
    source = "…"

`level` is city unless an entry says province. Reading tells everything that is wrong with the shape at once;
whether the entries themselves can be is told by policies.validity.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from procurement.language import N_, _
from procurement.policies import Limit, Value
from procurement.policies.validity import Entry

KINDS = {"values": N_("取值"), "limits": N_("上下限")}
HEADINGS = {"title", "title_en", "unit", "by_category"}
"""What our own files say of a parameter; a file that is copied from one may say it too."""

DATED = {"from": date, "source": str, "until": date, "level": str, "category": str, "note": str}
REQUIRED = ("from", "source")
OWN_KEYS: dict[str, set[str]] = {"values": {"value", "example"}, "limits": {"least", "most"}}


@dataclass(frozen=True)
class Proposed:
    """An entry that somebody wants to add, and where it stands in a file."""

    parameter: str
    entry: Entry
    place: str = ""


@dataclass(frozen=True)
class OwnFile:
    """What a file holds, and what of it cannot be read."""

    entries: tuple[Proposed, ...]
    faults: tuple[str, ...] = ()


def read_own_file(content: bytes) -> OwnFile:
    """The entries of a file, in order, limits of a parameter before its values."""
    try:
        data = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        return OwnFile((), (_("文件不是UTF-8编码，请在编辑器中另存为UTF-8后重试。"),))
    except tomllib.TOMLDecodeError as problem:
        return OwnFile((), (_syntax(str(problem)),))
    entries: list[Proposed] = []
    faults: list[str] = []
    for name, section in data.items():
        _read_section(name, section, entries, faults)
    if not data:
        faults.append(_("文件中没有条目，请按“[[参数名.values]]”逐条写明。"))
    return OwnFile(tuple(entries), tuple(faults))


def _syntax(problem: str) -> str:
    found = re.search(r"line (\d+), column (\d+)", problem)
    if found is None:
        return _("文件不是完整的TOML，末尾缺少内容，请检查引号和括号是否成对。")
    says = _("文件不是有效的TOML：第{line}行第{column}列附近有误，请检查引号、括号和日期的写法。")
    return says.format(line=found[1], column=found[2])


def _read_section(name: str, section: Any, entries: list[Proposed], faults: list[str]) -> None:
    if not isinstance(section, dict):
        says = _(
            "“{name}”不在任何参数之下；请把条目写成“[[参数名.values]]”，参数名如 retention_maximum_ratio。"
        )
        faults.append(says.format(name=name))
        return
    unknown = sorted(set(section) - set(KINDS) - HEADINGS)
    says = _("{parameter}：不认识“{key}”，参数之下只能有 values 和 limits。")
    faults += [says.format(parameter=name, key=key) for key in unknown]
    for kind in ("limits", "values"):
        found = section.get(kind, [])
        if not isinstance(found, list):
            faults.append(
                _("{parameter}：{kind} 应写成“[[{parameter}.{kind}]]”。").format(parameter=name, kind=kind)
            )
            continue
        for number, stated in enumerate(found, 1):
            words = {"parameter": name, "number": number, "kind": _(KINDS[kind])}
            place = _("{parameter} 第{number}条{kind}").format(**words)
            wrong = _shape_faults(kind, stated)
            faults += [placed(place, fault) for fault in wrong]
            if not wrong:
                entries.append(Proposed(name, _entry(kind, stated), place))


def placed(place: str, fault: str) -> str:
    """A fault with the place that it is at."""
    return _("{place}：{fault}").format(place=place, fault=fault) if place else fault


def _shape_faults(kind: str, stated: Any) -> list[str]:
    if not isinstance(stated, dict):
        return [_("应写明 from、value、source 等各项。")]
    known = [*DATED, *sorted(OWN_KEYS[kind])]
    words = _("、").join(known)
    found = [
        _("不认识“{key}”；可写的有：{known}。").format(key=key, known=words)
        for key in stated
        if key not in known
    ]
    required = (*REQUIRED, "value") if kind == "values" else REQUIRED
    found += [_("缺少“{key}”，请补上。").format(key=key) for key in required if key not in stated]
    for key, expected in DATED.items():
        if key in stated and type(stated[key]) is not expected:
            says = (
                _("“{key}”应是日期，如 2024-01-01。") if expected is date else _("“{key}”应是引号中的文字。")
            )
            found.append(says.format(key=key))
    if not isinstance(stated.get("example", False), bool):
        found.append(_("“{key}”只能是 true 或 false。").format(key="example"))
    return found


def _entry(kind: str, stated: Mapping[str, Any]) -> Entry:
    dated: dict[str, Any] = {
        "from_date": stated["from"],
        "source": stated["source"].strip(),
        "level": stated.get("level", "city"),
        "category": stated.get("category"),
        "until": stated.get("until"),
        "note": stated.get("note", "").strip(),
    }
    if kind == "limits":
        return Limit(least=stated.get("least"), most=stated.get("most"), **dated)
    return Value(value=stated["value"], example=stated.get("example", False), **dated)


HEADING = N_(
    "本省、本市的政策参数条目。可在文件中修改或增加条目，用政策参数页或 vbp policies load 载入；\n"
    "已有的条目不会重复载入，文件中没有的条目不受影响。"
)


def write_own_file(entries: Iterable[tuple[str, Entry]]) -> str:
    """The entries as such a file, by parameter in the order in which they were entered."""
    by_parameter: dict[str, list[Entry]] = {}
    for name, entry in entries:
        by_parameter.setdefault(name, []).append(entry)
    parts = ["\n".join(f"# {line}".rstrip() for line in _(HEADING).splitlines())]
    for name in sorted(by_parameter):
        limits = [entry for entry in by_parameter[name] if isinstance(entry, Limit)]
        values = [entry for entry in by_parameter[name] if isinstance(entry, Value)]
        parts += [_written(f"{name}.limits", entry) for entry in limits]
        parts += [_written(f"{name}.values", entry) for entry in values]
    return "\n\n".join(parts) + "\n"


def _written(table: str, entry: Entry) -> str:
    said: dict[str, Any] = {"from": entry.from_date, "until": entry.until, "level": entry.level}
    said["category"] = entry.category
    if isinstance(entry, Limit):
        said |= {"least": entry.least, "most": entry.most}
    else:
        said["value"] = entry.value
    said |= {"source": entry.source, "note": entry.note or None}
    lines = [f"{key} = {_toml(value)}" for key, value in said.items() if value is not None]
    return "\n".join([f"[[{table}]]", *lines])


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text if "." in text else f"{text}.0"
    if isinstance(value, list):
        rows = [", ".join(f"{key} = {_toml(part)}" for key, part in row.items()) for row in value]
        return "[\n" + "".join(f"    {{ {row} }},\n" for row in rows) + "]"
    return str(value)  # whole numbers, and days as ISO text
