"""Whether a value fits the unit of its parameter: a sentence for each thing that is wrong with it."""

from collections import Counter
from decimal import Decimal
from typing import Any

from procurement.language import _
from procurement.policies import Parameter
from procurement.policies.units import BAND, BANDS, FULL_SCORE, NUMBERS, WEIGHTS, Number, choices, is_number


def value_faults(parameter: Parameter, value: Any) -> list[str]:
    unit = parameter.unit
    if unit == BANDS:
        return _bands(value)
    if unit == WEIGHTS:
        return _weights(value, indicators(parameter))
    if unit in NUMBERS:
        return _number(NUMBERS[unit], value)
    return _choice(choices(unit), value)


def indicators(parameter: Parameter) -> tuple[str, ...]:
    """The indicators that can have a weight: those that our own entries name, in their order."""
    published = [value.value for value in parameter.values if not value.is_own]
    return tuple(dict.fromkeys(part["indicator"] for value in published for part in value))


def _choice(known: tuple[str, ...], value: Any) -> list[str]:
    if value in known:
        return []
    words = {"known": _("、").join(known), "value": value}
    return [_("取值只能是{known}之一，现为“{value}”。").format(**words)]


def _number(number: Number, value: Any) -> list[str]:
    least, most = number.text(number.least), number.text(number.most)
    if not is_number(value):
        says = _("取值应是{least}至{most}之间的数字，现为“{value}”。")
        return [says.format(least=least, most=most, value=value)]
    exact = Decimal(value)
    if not number.least <= exact <= number.most:
        says = _("取值{value}超出范围，应在{least}至{most}之间。")
        return [says.format(value=number.text(exact), least=least, most=most)]
    if exact != round(exact, number.decimals):
        says = (
            _("取值{value}的小数位数过多，最多保留{decimals}位小数。")
            if number.decimals
            else _("取值{value}应是整数，请去掉小数。")
        )
        return [says.format(value=exact, decimals=number.decimals)]
    return []


def _rows(value: Any, names: tuple[str, str]) -> list[dict] | None:
    """The rows of a table of two columns; None where the value is none, or has another or lacks a column."""
    if not isinstance(value, list | tuple) or not value:
        return None
    return list(value) if all(isinstance(row, dict) and set(row) == set(names) for row in value) else None


def _bands(value: Any) -> list[str]:
    rows = _rows(value, ("floor", "granted"))
    if rows is None:
        return [_("取值应是若干档，每档写明得分下限（floor）和留用系数（granted）。")]
    if not all(is_number(number) for row in rows for number in row.values()):
        return [_("各档的得分下限和留用系数都应是数字，请补齐或改正。")]
    found = [fault for row in rows for fault in _band(row)]
    floors = Counter(row["floor"] for row in rows)
    found += [
        _("得分下限{floor}分写了{count}次，请只留一档。").format(floor=floor, count=count)
        for floor, count in floors.items()
        if count > 1
    ]
    if 0 not in floors:
        found.append(_("没有从0分起的一档，低分没有对应的系数，请补上得分下限为0的一档。"))
    return found or _falling(rows)


def _band(row: dict[str, Any]) -> list[str]:
    found = []
    if not 0 <= row["floor"] <= FULL_SCORE:
        found.append(_("得分下限{floor}超出0至100分，请改正。").format(floor=row["floor"]))
    if Decimal(row["floor"]) != round(Decimal(row["floor"]), BAND.decimals):
        found.append(_("得分下限{floor}的小数位数过多，请改正。").format(floor=row["floor"]))
    return found + _number(BAND, row["granted"])


def _falling(rows: list[dict]) -> list[str]:
    """A higher score that is granted less than a lower one."""
    ordered = sorted(rows, key=lambda row: row["floor"])
    says = _("{higher}分及以上的系数{less}低于{lower}分及以上的{more}，得分高的不应更低，请改正。")
    return [
        says.format(
            lower=low["floor"],
            higher=high["floor"],
            more=BAND.text(low["granted"]),
            less=BAND.text(high["granted"]),
        )
        for low, high in zip(ordered, ordered[1:], strict=False)
        if high["granted"] < low["granted"]
    ]


def _weights(value: Any, known: tuple[str, ...]) -> list[str]:
    rows = _rows(value, ("indicator", "points"))
    if rows is None:
        return [_("取值应是若干指标，每个写明指标（indicator）和分值（points）。")]
    found = [
        _("没有名为“{name}”的指标；指标有：{known}。").format(
            name=row["indicator"], known=_("、").join(known)
        )
        for row in rows
        if row["indicator"] not in known
    ]
    if not all(is_number(row["points"]) and row["points"] >= 0 for row in rows):
        return [*found, _("各指标的分值都应是不小于0的数字，请补齐或改正。")]
    named = Counter(str(row["indicator"]) for row in rows)
    found += [
        _("指标“{name}”写了{count}次，请只留一个。").format(name=name, count=count)
        for name, count in named.items()
        if count > 1
    ]
    total = sum((Decimal(row["points"]) for row in rows), Decimal(0))
    if total != FULL_SCORE:
        found.append(_("各指标分值合计{total}，应为100，请调整。").format(total=f"{total.normalize():f}"))
    return found
