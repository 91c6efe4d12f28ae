"""What an entry of a policy parameter must be; every refusal says what is wrong, where, and what to do.

One place for the page, the command line and a city's own file. What is asked of a province's or city's own
entry beyond the shape of any entry is `own_faults`; the limits of its own and of farther levels are asked
last, of an entry that is in order.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from procurement.columns import reading
from procurement.language import _
from procurement.policies import LEVELS, Limit, Parameter, PolicyBook, Value
from procurement.policies.units import NUMBERS
from procurement.policies.values import value_faults
from procurement.tables.register import CATEGORIES

OWN_LEVELS = LEVELS[1:]
"""Levels whose entries a city keeps itself; national ones are published with the software."""

YEARS = (2000, 2100)
"""Years that a date of an entry can lie in: what is outside is a slip of the pen."""

LONGEST_TEXT = 500
"""Characters of a source or a note."""

PRINTABLE_TOO = "\n\t\u3000\u00a0"
"""Line ends and blanks, which Python does not call printable."""

Entry = Value | Limit


class PolicyRefused(ValueError):
    """An entry that cannot be; `faults` are sentences, one for each thing that is wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def entry_faults(parameter: Parameter, entry: Entry) -> list[str]:
    """What is wrong with any entry, published or own."""
    return _texts(entry) + _said_faults(parameter, entry)


def own_faults(book: PolicyBook, name: str, entry: Entry) -> list[str]:
    """What is wrong with an entry of a province or city, beside those that the book knows."""
    parameter = book.parameters.get(name)
    if parameter is None:
        return [unknown_parameter(book, name)]
    found = _said_faults(parameter, entry)
    if entry.level == "national":
        found.append(_("国家一级的条目随软件发布，不能增改；请把层级写为省（province）或市（city）。"))
    if isinstance(entry, Value) and entry.example:
        found.append(_("本省、本市的条目不能标为示例，请去掉“example”。"))
    return _texts(entry) + (found or limit_faults(parameter, entry))


def _said_faults(parameter: Parameter, entry: Entry) -> list[str]:
    """What is wrong with its days, level, category and value."""
    found = _dates(entry)
    if entry.level not in LEVELS:
        found.append(_("层级只能是{levels}，现为“{level}”。").format(levels=_told(LEVELS), level=entry.level))
    found += _category(parameter, entry)
    if isinstance(entry, Limit):
        return found + _bounds(parameter, entry)
    return found + value_faults(parameter, entry.value)


def unknown_parameter(book: PolicyBook, name: str) -> str:
    known = _("、").join(sorted(book.parameters))
    return _("没有名为“{name}”的参数；参数有：{known}。").format(name=name, known=known)


def limit_faults(parameter: Parameter, entry: Entry) -> list[str]:
    """Where an entry lies beyond a limit of its own or of a farther level in force on its first day.

    A limit is measured on those of farther levels only: a newer one of the same level takes its place.
    """
    unit = parameter.unit
    if unit not in NUMBERS:
        return []
    if isinstance(entry, Limit):
        stated, level = [entry.least, entry.most], LEVELS[max(LEVELS.index(entry.level) - 1, 0)]
    else:
        stated, level = [entry.value], entry.level
    categories = (entry.category,) if entry.category or not parameter.by_category else CATEGORIES
    found: list[str] = []
    for category in categories:
        for limit in parameter.limits_on(entry.from_date, category, level):
            beyond = (value for value in stated if value is not None and limit.held(value) != value)
            found += [_beyond(unit, value, limit) for value in beyond]
    return list(dict.fromkeys(found))


def _beyond(unit: str, value: Any, limit: Limit) -> str:
    above = limit.most is not None and value > limit.most
    says = (
        _("取值{value}高于{level}上限{bound}（{source}），请改为不高于{bound}。")
        if above
        else _("取值{value}低于{level}下限{bound}（{source}），请改为不低于{bound}。")
    )
    text = NUMBERS[unit].text
    bound = limit.most if above else limit.least
    told = {"value": text(value), "bound": text(bound), "source": limit.source}
    return says.format(level=_(reading(limit.level, "policy_level")), **told) + limit.note


def _dates(entry: Entry) -> list[str]:
    days = [day for day in (entry.from_date, entry.until) if day is not None]
    found = [
        _("日期{day}不像是政策的日期，请检查年份。").format(day=day)
        for day in days
        if not YEARS[0] <= day.year <= YEARS[1]
    ]
    if entry.until is not None and entry.until < entry.from_date:
        words = {"until": entry.until, "first": entry.from_date}
        found.append(_("终止日期{until}早于生效日期{first}，请改正其中一个。").format(**words))
    return found


def _texts(entry: Entry) -> list[str]:
    found: list[str] = []
    if not entry.source.strip():
        found.append(_("没有写明来源，请填写文件名称、文号和条款。"))
    return found + text_faults(_("来源"), entry.source) + text_faults(_("说明"), entry.note)


def text_faults(name: str, text: str) -> list[str]:
    """What is wrong with a text that people wrote."""
    found = []
    if len(text) > LONGEST_TEXT:
        says = _("{name}有{length}个字，最多{most}个字，请缩短。")
        found.append(says.format(name=name, length=len(text), most=LONGEST_TEXT))
    if not all(sign.isprintable() or sign in PRINTABLE_TOO for sign in text):
        found.append(_("{name}中有无法显示的字符，请重新输入。").format(name=name))
    return found


def _category(parameter: Parameter, entry: Entry) -> list[str]:
    if entry.category is None:
        return []
    if entry.category not in CATEGORIES:
        words = {"known": _told(CATEGORIES), "category": entry.category}
        return [_("类别只能是{known}，或不写（两者都适用），现为“{category}”。").format(**words)]
    if not parameter.by_category:
        return [_("参数“{title}”不分药品和耗材，请不要写类别。").format(title=parameter.title)]
    return []


def _bounds(parameter: Parameter, limit: Limit) -> list[str]:
    if parameter.unit not in NUMBERS:
        return [_("参数“{title}”的取值不是数字，不能设上下限。").format(title=parameter.title)]
    bounds = [bound for bound in (limit.least, limit.most) if bound is not None]
    if not bounds:
        return [_("上下限至少要写一个：下限（least）或上限（most）。")]
    found = [fault for bound in bounds for fault in value_faults(parameter, bound)]
    if not found and len(bounds) == 2 and Decimal(bounds[0]) > Decimal(bounds[1]):
        text = NUMBERS[parameter.unit].text
        words = {"least": text(bounds[0]), "most": text(bounds[1])}
        found.append(_("下限{least}高于上限{most}，请对调或改正。").format(**words))
    return found


def _told(words: Sequence[str]) -> str:
    each = _("{name}（{code}）")
    return _("、").join(each.format(name=_(reading(word, "policy_level")), code=word) for word in words)
