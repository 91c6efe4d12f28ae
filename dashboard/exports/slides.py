"""总览 as a deck for leadership: eight slides with native, editable charts."""

from io import BytesIO

import pandas as pd
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from sqlalchemy import Connection

from dashboard.charts.palette import ACCENT
from dashboard.exports.data_basis import data_basis
from dashboard.exports.overview import Overview, gather
from dashboard.exports.slide_frame import (
    BODY,
    INK,
    MARGIN,
    MUTED,
    PANEL,
    WIDTH,
    Box,
    add_rule,
    add_text,
    new_deck,
    new_slide,
    place,
    prepare,
    set_font,
)
from dashboard.exports.slides_agreement import completion_slide, retention_slide
from dashboard.exports.slides_saving import month_slide, price_slide, variety_slide
from dashboard.formats import amount_text, count_text, percent_text
from dashboard.headline import headline
from procurement.filters import Filters
from procurement.language import _
from procurement.measures.completion import CompletionPolicy
from procurement.measures.savings import total_amount

Card = tuple[str, str, str]
"""A key figure: what it is, the figure, what else there is to say."""


def overview_deck_of(connection: Connection, filters: Filters = Filters(), area: str = "") -> bytes:
    """The deck of the ledger behind `connection`; `area` names the city on the first slide."""
    return overview_deck(gather(connection, filters, area))


def overview_deck(overview: Overview) -> bytes:
    """A .pptx; an empty ledger gives one slide after the title that says what to do."""
    deck = new_deck()
    deck.core_properties.title = _title(overview)
    source = _source(overview)
    _title_slide(deck, overview)
    _headline_slide(deck, overview, source)
    if not overview.is_empty:
        for add in (month_slide, price_slide, variety_slide, completion_slide, retention_slide):
            add(deck, overview, source)
        _basis_slide(deck, overview, source)
    output = BytesIO()
    deck.save(output)
    return output.getvalue()


def _title(overview: Overview) -> str:
    return _("{area}集中带量采购运行情况").format(area=overview.area)


def _source(overview: Overview) -> str:
    source = _("来源：各医药机构采购记录")
    return _("{filters}，{source}").format(filters=overview.filters_text, source=source)


def _title_slide(deck: Deck, overview: Overview) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Slide"))
    add_rule(slide, Box(0, 0, 0.35, 7.5), ACCENT)
    title, subtitle = slide.placeholders[0], slide.placeholders[1]
    for shape, box, text, size, colour in (
        (title, Box(1.2, 2.0, 11, 1.2), _title(overview), 40, INK),
        (subtitle, Box(1.2, 3.5, 11, 0.6), _headline_title(overview), 22, ACCENT),
    ):
        place(shape, box)
        shape.text_frame.text = text
        prepare(shape.text_frame, MSO_ANCHOR.BOTTOM if shape is title else MSO_ANCHOR.TOP)
        paragraph = shape.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        set_font(paragraph.runs[0].font, size, colour, bold=shape is title)
    add_text(slide, Box(1.2, 4.35, 11, 1.5), [overview.filters_text], 16, MUTED)


def _headline_slide(deck: Deck, overview: Overview, source: str) -> None:
    slide = new_slide(deck, _("总体情况"), _headline_title(overview), source)
    sentences = headline(overview.summary, overview.is_narrowed)
    add_text(slide, Box(BODY.left, BODY.top, BODY.width, 2.3), sentences, 15.5)
    if overview.is_empty:
        return
    for number, card in enumerate(_cards(overview)):
        _add_card(slide, number, card)


def _headline_title(overview: Overview) -> str:
    saving = overview.summary["saving"]
    if overview.is_empty:
        return _("还没有可以报告的数据")
    if saving["total"] is None:
        return _("集采已执行，节约金额暂缺")
    total = _("累计节约{amount}").format(amount=amount_text(saving["total"]))
    if saving["last_12_months"] is None:
        return total
    return total + _("，近12个月节约{amount}").format(amount=amount_text(saving["last_12_months"]))


def _add_card(slide: Slide, number: int, card: Card) -> None:
    """Eight cards in two rows of four."""
    gap, width, height = 0.2, (WIDTH - 2 * MARGIN - 3 * 0.2) / 4, 1.36
    left = MARGIN + (number % 4) * (width + gap)
    top = 3.95 + (number // 4) * (height + gap)
    label, figure, remark = card
    add_rule(slide, Box(left, top, width, height), PANEL)
    inner = width - 0.4
    add_text(slide, Box(left + 0.2, top + 0.12, inner, 0.25), [label], 11.5, MUTED)
    add_text(slide, Box(left + 0.2, top + 0.37, inner, 0.5), [figure], 23, ACCENT, bold=True)
    add_text(slide, Box(left + 0.2, top + 0.89, inner, 0.4), [remark], 10.5, MUTED)


def _cards(overview: Overview) -> list[Card]:
    summary = overview.summary
    return [*_money_cards(summary, overview.savings["paid_amount"]), *_state_cards(summary)]


def _money_cards(summary: dict[str, dict], paid_in_batches: pd.Series) -> list[Card]:
    saving, bought = summary["saving"], summary["purchases"]
    parts = _("中选{selected}，非中选{other}")
    expected = _("按约定采购量预期{amount}")
    inside = _("集采批次内{amount}，全部{count}行")
    told_inside = inside.format(
        amount=amount_text(total_amount(paid_in_batches)), count=count_text(bought["lines"])
    )
    return [
        (
            _("累计节约"),
            amount_text(saving["total"]),
            parts.format(selected=amount_text(saving["selected"]), other=amount_text(saving["non_selected"])),
        ),
        (
            _("近12个月节约"),
            amount_text(saving["last_12_months"]),
            expected.format(amount=amount_text(saving["expected"])),
        ),
        _drop_card(_("药品平均降幅"), summary["drugs"], _("{batches}批{varieties}个品种，加权{weighted}")),
        _drop_card(_("耗材平均降幅"), summary["consumables"], _("{batches}批{varieties}类，加权{weighted}")),
        (_("采购金额"), amount_text(bought["amount"]), told_inside),
    ]


def _drop_card(label: str, figures: dict, remark: str) -> Card:
    told = remark.format(
        batches=figures["batches"],
        varieties=figures["varieties"],
        weighted=percent_text(figures["average_drop_weighted"]),
    )
    return label, percent_text(figures["average_drop_simple"]), told


def _state_cards(summary: dict[str, dict]) -> list[Card]:
    completion, kept, kinds = summary["completion"], summary["retention"], summary["institutions"]
    behind = _("滞后{behind}项，有风险{at_risk}项")
    uses = _("薪酬{staff}，发展{development}")
    who = _("医院{hospital}、基层{primary_care}、药店{pharmacy}")
    everyone = kinds["hospital"] + kinds["primary_care"] + kinds["pharmacy"]
    share = percent_text(completion["agreed_units_met_share"])
    told_uses = uses.format(staff=amount_text(kept["staff"]), development=amount_text(kept["development"]))
    return [
        (_("约定采购量完成率"), share, behind.format(**completion)),
        (_("结余留用金额"), amount_text(kept["retained"]), told_uses),
        (_("参与机构"), _("{count}家").format(count=count_text(everyone)), who.format(**kinds)),
    ]


def _basis_slide(deck: Deck, overview: Overview, source: str) -> None:
    basis = data_basis(overview)
    slide = new_slide(deck, _("口径与数据基础"), _("数字怎么算，还缺哪些依据"), source)
    half = BODY.width / 2 - 0.3
    right = BODY.left + half + 0.6
    for left, name, lines in (
        (BODY.left, _("口径"), _definitions(overview.completion_policy)),
        (right, _("数据基础"), basis),
    ):
        add_text(slide, Box(left, BODY.top, half, 0.35), [name], 15, ACCENT, bold=True)
        add_text(slide, Box(left, BODY.top + 0.45, half, 4.7), lines, 13)


def _definitions(policy: CompletionPolicy) -> list[str]:
    margin = count_text(policy.margin * 100)
    return [
        _("降幅 = 1 − 中选单价 ÷ 集采前单价；平均为各批次各品种简单平均，加权以约定采购量为权数。"),
        _("节约 = 采购量 × 集采前单价 − 采购金额，涨价为负，不作截断。"),
        _("少节约 = 非中选产品采购金额高于同品种中选价的部分。"),
        _(
            "完成率 = 年度内已购中选产品数量 ÷ 约定采购量；比时间进度多或少{margin}个百分点以上为超前或滞后。"
        ).format(margin=margin),
        _("结余测算基数 = 医保资金预算 − 医保资金支出；其中预算 = Σ 报量 × 集采前单价 × 支付比例。"),
        _("结余留用 = 结余测算基数 × 留用比例（最高比例 × 考核系数），逐机构、逐批次、逐协议年度计算。"),
    ]
