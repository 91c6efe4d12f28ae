"""指导意见: the advice for one institution as a Word document, to be sealed and sent.

What it keeps today, the switches that bring most, what all of them bring, what to report for the next
agreement year, and how all of it was computed, by which documents. Frame → bytes, no Streamlit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from docx.document import Document

from dashboard.exports.documents import (
    NOTE_SIZE,
    RIGHT,
    document_bytes,
    new_document,
    write_heading,
    write_table,
    write_text,
    write_title,
)
from dashboard.formats import (
    MISSING,
    day_text,
    percent_text,
    price_text,
    share_text,
    units_text,
    word_text,
    yuan_text,
)
from dashboard.policy_words import EXAMPLE, value_text
from procurement.advice import Case
from procurement.language import N_, _
from procurement.measures.guidance import SHORT
from procurement.measures.switches import COMPLETION, MOVE, SCORE, TOGETHER
from procurement.money import UNIT_SCALE
from procurement.policies import InForce

BEST = 5
"""Switches that are told in sentences."""


@dataclass(frozen=True)
class Advice:
    """What the document says: the settlement, as it is (`today`), the ranked switches and the proposals of
    the batch's varieties (dashboard.whatif_views), and the terms that both were computed by."""

    case: Case
    today: pd.Series
    switches: pd.DataFrame
    guidance: pd.DataFrame
    terms: tuple[InForce, ...]
    measured_on: date


def advice_title(case: Case) -> str:
    return _("关于{institution}{batch}第{year}协议年度的采购指导意见").format(
        institution=case.institution_name, batch=case.batch, year=case.agreement_year
    )


def advice_bytes(advice: Advice) -> bytes:
    """The .docx file."""
    title = advice_title(advice.case)
    footer = _("第{page}页，共{pages}页").format(page="|", pages="|").split("|")
    document = new_document(title, footer)
    write_title(document, title)
    write_text(
        document, _("{institution}：").format(institution=advice.case.institution_name), indented=False
    )
    _write_today(document, advice)
    _write_switches(document, advice)
    _write_guidance(document, advice)
    _write_method(document, advice)
    _write_seal(document, advice)
    return document_bytes(document)


def _write_today(document: Document, advice: Advice) -> None:
    case, now = advice.case, advice.today
    write_heading(document, _("一、结余留用现状"))
    text = _("协议年度{start}至{end}，按截至{day}的采购记录测算。").format(
        start=day_text(case.year_start), end=day_text(case.year_end), day=day_text(advice.measured_on)
    )
    if case.is_running:
        text += _("协议年度尚未结束，以下金额仍会变动。")
    if now["reason"]:
        text += _("结余留用：{reason}。").format(reason=word_text(now["reason"]))
    write_text(document, text)
    rows = [(_(name), yuan_text(now[column])) for column, name in TODAY.items()]
    rows.insert(4, (_("考核得分"), points_text(now["score"])))
    rows.insert(5, (_("留用比例"), share_text(now["ratio"])))
    write_table(document, [_("项目"), _("数值")], rows, (80, 70), right=(1,))


TODAY = {
    "budget_amount": N_("医保资金预算"),
    "spending_amount": N_("医保资金支出"),
    "surplus_base_amount": N_("结余测算基数"),
    "invoice_amount": N_("各品种采购总金额（含非中选）"),
    "retained_amount": N_("结余留用金额"),
    "staff_amount": N_("其中：用于人员薪酬"),
    "development_amount": N_("其中：用于事业发展"),
}


def _write_switches(document: Document, advice: Advice) -> None:
    write_heading(document, _("二、建议的调整"))
    rows = advice.switches
    rows = rows[rows["invoice_saving_amount"].notna()] if len(rows) else rows
    best = rows[rows["switch"] != TOGETHER].head(BEST)
    if best.empty:
        write_text(document, _("没有非中选采购，考核得分已在最高一档，暂无需要调整的事项。"))
        return
    write_text(document, _("按单独采用所能增加的留用金额，由多到少："))
    for number, row in enumerate(best.itertuples(index=False), 1):
        write_text(document, f"{number}. {switch_sentence(row)}")
    together = rows[rows["switch"] == TOGETHER]
    for row in together.itertuples(index=False):
        text = _("全部调整（含未列出的）一并采用，采购支出{saving}，结余留用{gain}，达到{retained}。")
        write_text(document, text.format(
            saving=_change(-row.invoice_saving_amount), gain=_change(row.gain_amount),
            retained=yuan_text(row.retained_amount),
        ))  # fmt: skip
    write_text(document, _("能否改用由临床医师根据患者病情判断，特殊患者的合理使用不受影响。"))


def switch_sentence(row: Any) -> str:
    """One switch as a sentence with units, prices and amounts."""
    told = {
        "variety": row.variety,
        "unit": row.base_unit or _("最小单位"),
        "units": units_text(row.moved_equivalent),
        "added": units_text(row.added_equivalent),
        "points": points_text(row.missing_points),
        "paid": price_text(row.paid_unit_price),
        "awarded": price_text(row.awarded_unit_price),
        "saving": _change(-row.invoice_saving_amount),
        "gain": _change(row.gain_amount),
        "product": _("，").join(part for part in (row.manufacturer, row.spec) if part),
    }
    return _(SENTENCES[row.switch]).format(**told)


SENTENCES = {
    MOVE: N_(
        "将非中选的{variety}（{product}）{units}{unit}改为采购中选产品：现采购均价每{unit}{paid}元，"
        "中选单价每{unit}{awarded}元，采购支出{saving}，结余留用{gain}。"
    ),
    SCORE: N_("提高考核得分{points}分，达到上一档：结余留用{gain}。"),
    COMPLETION: N_(
        "完成{variety}的约定采购量：由非中选改用{units}{unit}，另加购中选产品{added}{unit}，"
        "采购支出{saving}，该品种结余计入后留用{gain}。"
    ),
}


def points_text(points: object) -> str:
    """A score or points of one (millionths) with the decimals that it has: 74, 87.5."""
    if pd.isna(points):  # type: ignore[call-overload]
        return MISSING
    return f"{(Decimal(int(points)) / UNIT_SCALE).normalize():f}"  # type: ignore[call-overload]


def _change(amount: object) -> str:
    if pd.isna(amount):  # type: ignore[call-overload]
        return _("变化暂不能测算")
    if amount == 0:
        return _("不变")
    text = _("增加{amount}") if amount > 0 else _("减少{amount}")  # type: ignore[operator]
    return text.format(amount=yuan_text(abs(amount)))  # type: ignore[arg-type]


def _write_guidance(document: Document, advice: Advice) -> None:
    write_heading(document, _("三、下一协议年度报量参考"))
    rows = advice.guidance.sort_values("variety", kind="stable")
    if rows.empty:
        write_text(document, _("该批次采购周期已满，或没有使用记录，不作报量参考。"))
        return
    start, end = (day_text(rows[name].iloc[0].date()) for name in ("next_start", "next_end"))
    text = _(
        "适用于{start}至{end}；数量为折算后的最小单位数。报量过多，约定采购量可能用不完；过少，超出部分的供应没有约定保障。"
    )
    write_text(document, text.format(start=start, end=end))
    heads = [
        _("品种"),
        _("近12个月用量"),
        _("用量增长"),
        _("建议报量"),
        _("建议区间"),
        _("上次报量"),
        _("报量判断"),
    ]
    told = [
        (
            row.variety,
            units_text(row.last_year_equivalent),
            percent_text(row.use_growth),
            units_text(row.proposed_equivalent),
            row.proposed_range or MISSING,
            units_text(row.last_reported_equivalent),
            word_text(row.reported_fit) or MISSING,
        )
        for row in rows.itertuples(index=False)
    ]
    write_table(document, heads, told, (32, 21, 17, 21, 25, 21, 19), right=(1, 2, 3, 4, 5), size=NOTE_SIZE)
    if (rows["guidance_reason"] == SHORT).any():
        write_text(document, _("用量增长为“—”的品种，使用不足两年，建议报量未计季节和增长。"))


def _write_method(document: Document, advice: Advice) -> None:
    write_heading(document, _("四、测算方法与政策依据"))
    for text in METHOD:
        write_text(document, _(text))
    heads = [_("参数"), _("取值"), _("生效日期"), _("来源")]
    write_table(document, heads, [_term(each) for each in advice.terms], (38, 37, 31, 50))


METHOD = (
    N_(
        "结余留用：预算为报量 × 集采前单价 × 统筹基金支付比例之和，支出为（约定采购量 × 中选单价 + "
        "非中选采购金额）× 统筹基金支付比例之和，二者之差为结余测算基数；各项调整以调整后的采购重新测算，"
        "与结算为同一公式，口径以下表为准。"
    ),
    N_(
        "改用中选：非中选产品的采购金额按改用比例减少，中选产品按改用数量 × 中选单价增加；单独采用每项调整，"
        "与现状之差为该项的效果。"
    ),
    N_(
        "报量参考：按最近完整月份中选与非中选的全部用量，计算各月季节指数和两年间的增长，增长限于上下限之内并折减后外推；"
        "区间由各月实际与拟合之差得出。"
    ),
)


def _term(term: InForce) -> Sequence[str]:
    mark = _("（{mark}）").format(mark=_(EXAMPLE)) if term.entry.example else ""
    told = value_text(term.parameter, term.value)
    return term.parameter.title, told, day_text(term.entry.from_date), f"{term.source}{mark}"


SEAL_ROOM = "\u3000" * 4
"""Wide spaces between the seal and the margin."""


def _write_seal(document: Document, advice: Advice) -> None:
    """Room for the seal and the date; both are put in by hand."""
    for text in ("", _("（盖章）"), _("年　　月　　日")):
        paragraph = write_text(document, text + SEAL_ROOM, indented=False)
        paragraph.alignment = RIGHT
        paragraph.paragraph_format.keep_with_next = True
