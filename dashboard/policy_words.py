"""Policy values in words: a value by its unit, a limit, a level, who it is for, and the marks beside it."""

from typing import Any

from dashboard.formats import word_text
from procurement.columns import reading
from procurement.language import N_, _
from procurement.policies import InForce, Limit, Parameter, Value
from procurement.policies.assessment import TERMS as ASSESSMENT_TERMS
from procurement.policies.guidance import TERMS as GUIDANCE_TERMS
from procurement.policies.retention import TERMS as RETENTION_TERMS
from procurement.policies.units import BAND, BANDS, NUMBERS, WEIGHTS

VALUE_WORDS = {
    "reported": N_("按报量"),
    "agreed": N_("按约定采购量"),
    "actual": N_("按实际采购"),
    "offset": N_("在批次内相抵"),
    "zero": N_("按零计"),
    "fen": N_("四舍五入到分"),
    "jiao": N_("四舍五入到角"),
    "yuan": N_("四舍五入到元"),
    "selected": N_("视同中选"),
    "non_selected": N_("按非中选"),
    "workbook": N_("以考核得分表为准"),
    "indicators": N_("由指标计算"),
    "workbook_first": N_("得分表优先，没有的由指标计算"),
    "empty": N_("得分空缺"),
    "spread": N_("权重分给其余指标"),
}

GROUPS = {
    "retention": N_("结余留用"),
    "assessment": N_("考核"),
    "sharing": N_("总额包干与预付"),
    "guidance": N_("报量参考"),
    "measuring": N_("监测口径"),
}
"""Parts of the list, in order."""

EXAMPLE = N_("示例值，请按本市文件替换")

_PARTS = {
    "retention": "retention",
    "assessment": "assessment",
    "sharing": "sharing",
    "prepayment": "sharing",
    "guidance": "guidance",
}
_ORDER = [
    *(f"retention_{term}" for term in RETENTION_TERMS),
    *(f"assessment_{term}" for term in ASSESSMENT_TERMS),
    *(f"guidance_{term}" for term in GUIDANCE_TERMS),
]


def group_of(name: str) -> str:
    """The part of the list that a parameter stands in, one of GROUPS."""
    return _PARTS.get(name.split("_")[0], "measuring")


def place_of(name: str) -> tuple[int, int, str]:
    """Where a parameter stands in the list: by part, then in the order in which it is used, then by name."""
    known = _ORDER.index(name) if name in _ORDER else len(_ORDER)
    return list(GROUPS).index(group_of(name)), known, name


def value_text(parameter: Parameter, value: Any) -> str:
    """A value as people read it: 45%, 30天, 按报量, 90分及以上：100%；…"""
    if parameter.unit == BANDS:
        each = _("{floor}分及以上：{share}")
        bands = [each.format(floor=plain(band["floor"]), share=BAND.text(band["granted"])) for band in value]
        return _("；").join(bands)
    if parameter.unit == WEIGHTS:
        each = _("{indicator}{points}分")
        parts = [
            each.format(indicator=indicator_text(part["indicator"]), points=plain(part["points"]))
            for part in value
        ]
        return _("；").join(parts)
    if parameter.unit in NUMBERS:
        return NUMBERS[parameter.unit].text(value)
    return choice_text(value)


def choice_text(value: str) -> str:
    return _(VALUE_WORDS.get(value, value))


def indicator_text(indicator: str) -> str:
    return _(reading(indicator, "indicator"))


def plain(number: object) -> str:
    """A number without the decimals that it does not need."""
    return NUMBERS["count"].text(number)


def limit_text(parameter: Parameter, limit: Limit) -> str:
    """A limit as people read it: 不高于50%, 60%至70%."""
    text = NUMBERS[parameter.unit].text
    if limit.least is None:
        return _("不高于{most}").format(most=text(limit.most))
    if limit.most is None:
        return _("不低于{least}").format(least=text(limit.least))
    return _("{least}至{most}").format(least=text(limit.least), most=text(limit.most))


def said_text(parameter: Parameter, entry: Value | Limit) -> str:
    """What an entry says, a value or a limit."""
    if isinstance(entry, Limit):
        return _("上下限：{limit}").format(limit=limit_text(parameter, entry))
    return value_text(parameter, entry.value)


def level_text(level: str) -> str:
    return word_text(level, "policy_level")


def category_text(parameter: Parameter, category: str | None) -> str:
    """Who an entry is for; nothing where drugs and consumables cannot differ."""
    if not parameter.by_category:
        return ""
    return word_text(category) if category else _("药品和耗材")


def mark_text(found: InForce) -> str:
    """What to heed of a value in force: that it is an example, that it was taken to a limit."""
    marks = [_(EXAMPLE)] if found.entry.example else []
    if found.limited_by:
        stated = value_text(found.parameter, found.entry.value)
        level, value = level_text(found.limited_by.level), value_text(found.parameter, found.value)
        says = _("规定为{stated}，按{level}级限制取{value}")
        marks.append(says.format(stated=stated, level=level, value=value))
    return _("；").join(marks)
