"""The foot of a 核算表: from the payment ratio to staff pay, and the policy that each step follows."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.exports.sheet_writer import lines_needed
from dashboard.exports.statement_formulas import in_units, in_yuan
from dashboard.exports.statement_lines import Cell, Line, Live
from dashboard.formats import MISSING, day_text, word_text
from dashboard.policy_terms import told_terms
from dashboard.policy_words import choice_text
from procurement.language import N_, _
from procurement.queries.policies import value_from_json
from procurement.working import Working

LABEL, VALUE, HOW, GAP = 2, 2, 3, 1
"""Columns that the parts of a step take; the score bands stand to the right."""

TERM_WIDTHS = (27, 29, 41, 31)
"""Of title, value, source and mark of a policy term, in half-width characters."""

SIGNED = (N_("经办人："), N_("复核人："), N_("负责人："), N_("日期："))
USED = {
    "retention_budget_basis": "budget_basis",
    "retention_spending_basis": "spending_basis",
    "retention_completion_threshold": "threshold",
    "retention_negative_varieties": "negative",
    "retention_maximum_ratio": "maximum",
    "retention_staff_share": "staff_share",
    "retention_rounding": "rounding",
}
"""Terms that formulas read → the names of their cells."""

DIGITS = {"fen": 2, "jiao": 1, "yuan": 0}
"""Decimals that a unit of rounding leaves."""


def step_lines(working: Working, columns: int) -> list[Line]:
    """The steps as formulas, with the score bands beside them."""
    row, bands = working.row, _bands(working)
    steps = _steps(row, len(bands))
    height = max(len(steps), len(bands) + 1)
    lines = []
    for at in range(height):
        left = steps[at] if at < len(steps) else [Cell(None, "text", LABEL + VALUE + HOW)]
        right = _band_cells(bands, at)
        rest = columns - LABEL - VALUE - HOW - GAP - sum(cell.span for cell in right)
        lines.append(Line([*left, Cell(None, "text", GAP), *right, Cell(None, "text", rest)], 18))
    return lines


def _steps(row: Any, bands: int) -> list[list[Cell]]:
    score = f'=IF(OR({{score}}="",{bands}=0),"",LOOKUP({{score}},{{floor0}}:{{floor{bands - 1}}},' \
            f"{{granted0}}:{{granted{bands - 1}}}))" if bands else '=""'  # fmt: skip
    keeps = 'OR({base}="",{granted}="",{maximum}="")'
    retained = f"IF({{base}}>0,ROUND(ROUND({{base}}*{{maximum}}*{{granted}},8),{_digits()}),0)"
    staff = f"ROUND(ROUND({{retained}}*{{staff_share}},8),{_digits()})"
    source = _("来源：{place}")
    how = word_text(row.reason) if row.reason else _("结余测算基数 × 最高留用比例 × 考核系数")
    return [
        _step(_("统筹基金支付比例"), in_units(row.fund_ratio), "given_share", "ratio",
              source.format(place=_place(row.ratio_file, row.ratio_row))),
        _step(_("医保资金预算"), Live("={total_fund_budget}", in_yuan(row.budget_amount)), "amount", "",
              _("Σ 全额预算 × 统筹基金支付比例")),
        _step(_("− 医保资金支出"), Live("={total_fund_spending}", in_yuan(row.spending_amount)), "amount", "",
              _("Σ 全额支出 × 统筹基金支付比例")),
        _step(_("= 结余测算基数"), Live("={total_counted}", in_yuan(row.surplus_base_amount)), "sum", "base",
              _("Σ 计入基数")),
        _step(_("考核得分"), in_units(row.score), "given_score", "score",
              source.format(place=_place(row.score_file, row.score_row))),
        _step(_("× 考核系数"), Live(score, in_units(row.granted_share)), "share", "granted",
              _("按右侧考核得分分档")),
        _step(_("× 最高留用比例"), Live('=IF({maximum}="","",{maximum})', in_units(row.maximum_ratio)),
              "share", "", _("见下方政策依据")),
        _step(_("= 结余留用金额"), Live(f'=IF({keeps},"",{retained})', in_yuan(row.retained_amount)), "sum",
              "retained", how),
        _step(_("其中：用于人员薪酬"), Live(f'=IF({{retained}}="","",{staff})', in_yuan(row.staff_amount)),
              "sum", "staff", _("结余留用金额 × 人员薪酬比例")),
        _step(_("　　　用于事业发展"), Live('=IF({retained}="","",ROUND({retained}-{staff},2))',
              in_yuan(row.development_amount)), "sum", "development", _("结余留用金额 − 用于人员薪酬")),
    ]  # fmt: skip


def _step(label: str, content: Any, style: str, name: str, how: str) -> list[Cell]:
    return [Cell(label, "label", LABEL), Cell(content, style, VALUE, name), Cell(how, "label", HOW)]


def _digits() -> str:
    """The decimals that the policy's unit of rounding leaves."""
    fen, jiao = (f'{{rounding}}="{choice_text(unit)}"' for unit in ("fen", "jiao"))
    return f"IF({fen},{DIGITS['fen']},IF({jiao},{DIGITS['jiao']},{DIGITS['yuan']}))"


def _bands(working: Working) -> list[dict[str, Any]]:
    """The score bands, lowest first, as LOOKUP wants them."""
    terms = working.terms
    found = terms.loc[terms["parameter"] == "retention_score_bands", "policy_value"]
    return sorted(value_from_json(found.iloc[0]), key=lambda band: band["floor"]) if len(found) else []


def _band_cells(bands: Sequence[dict[str, Any]], at: int) -> list[Cell]:
    if not bands or at > len(bands):
        return []
    if at == 0:
        return [Cell(_("考核得分不低于"), "head"), Cell(_("考核系数"), "head")]
    band = bands[at - 1]
    return [
        Cell(float(band["floor"]), "given_score", 1, f"floor{at - 1}"),
        Cell(float(band["granted"]), "given_share", 1, f"granted{at - 1}"),
    ]


def policy_lines(working: Working, columns: int) -> list[Line]:
    """The policy that the figures follow, with its sources, and the line to be signed."""
    spans = (2, 2, 1, 1, 3, columns - 9)
    heads = (_("政策参数"), _("取值"), _("层级"), _("生效日期"), _("来源"), _("提示"))
    terms = told_terms(working.terms)
    lines = [Line([Cell(_("政策依据"), "section", columns)], 24)]
    lines.append(Line([Cell(head, "head", span) for head, span in zip(heads, spans, strict=True)], 18))
    known = set(terms["parameter"])
    lines += [_policy_line(term, spans) for term in terms.itertuples(index=False)]
    lines += [  # formulas point to these cells, whether or not a policy is in force
        Line([Cell(MISSING, "label", spans[0]), Cell(None, "given_words", columns - spans[0], name)])
        for parameter, name in USED.items()
        if parameter not in known
    ]
    widths = [columns // len(SIGNED) + (at < columns % len(SIGNED)) for at in range(len(SIGNED))]
    signed = [Cell(_(text), "text", width) for text, width in zip(SIGNED, widths, strict=True)]
    return [*lines, Line(height=14), Line(signed, 26)]


def _policy_line(term: Any, spans: Sequence[int]) -> Line:
    name = USED.get(term.parameter, "")
    value = value_from_json(term.policy_value)
    is_number = name in ("threshold", "maximum", "staff_share")
    content: Any = float(value) if is_number else term.policy_words
    style = "given_share" if is_number else "given_words"
    texts = zip((term.policy_title, str(term.policy_words), term.policy_source, term.policy_mark),
                TERM_WIDTHS, strict=True)  # fmt: skip
    cells = [
        Cell(term.policy_title, "label", spans[0]),
        Cell(content, style, spans[1], name),
        Cell(word_text(term.policy_level, "policy_level"), "centre", spans[2]),
        Cell(day_text(term.policy_from), "centre", spans[3]),
        Cell(term.policy_source, "label", spans[4]),
        Cell(term.policy_mark, "label", spans[5]),
    ]
    return Line(cells, 3 + 14 * max(lines_needed(text, width) for text, width in texts))


def _place(file: object, row: object) -> str:
    if file is None or pd.isna(file):  # type: ignore[call-overload]
        return MISSING
    return _("{file} 第{row}行").format(file=file, row=row)
