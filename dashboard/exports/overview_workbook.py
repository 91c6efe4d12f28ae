"""总览 as a workbook: headline figures, then the tables that they are summed from."""

import pandas as pd
from sqlalchemy import Connection

from dashboard.exports.data_basis import data_basis
from dashboard.exports.headline_writer import Headline
from dashboard.exports.overview import Overview, gather, savings_by_batch, savings_by_month
from dashboard.exports.sheets import Headlines, Sheet, workbook_bytes
from dashboard.formats import label
from procurement.columns import COLUMNS
from procurement.filters import Filters
from procurement.language import _
from procurement.published import TABLES

SUMS = ["lines", "paid_amount", "baseline_amount", "saving_amount", "missed_amount"]
BY_BATCH = ["batch", "category", "execution_date", "end_date", *SUMS]
BY_MONTH = ["month", *SUMS]
COMPLETION = ["institution_code", "institution_name", *list(TABLES["completion"].columns.values())[1:]]
RETENTION = [*TABLES["retention"].columns.values(), "is_running"]
"""The published columns and what people ask for next: whose row it is, whether its figures still move."""


def overview_workbook_of(connection: Connection, filters: Filters = Filters(), area: str = "") -> bytes:
    """The workbook of the ledger behind `connection`."""
    return overview_workbook(gather(connection, filters, area))


def overview_workbook(overview: Overview) -> bytes:
    """Six sheets: 指标, 价格, 节约(批次), 节约(月), 完成, 留用."""
    told, notes = overview.filters_text, [] if overview.is_empty else data_basis(overview)
    if overview.is_empty:
        told = _("台账中还没有符合条件的数据。") + told
    title = _("{area}集中带量采购总览").format(area=overview.area)
    completion = overview.completion.sort_values(
        ["is_current", "institution_code", "batch", "variety", "agreement_year"],
        ascending=[False, True, True, True, True],
        kind="stable",
    )
    return workbook_bytes(
        [
            Headlines(_("指标"), title, headlines(overview), told, notes),
            _sheet(_("价格"), "prices", overview.prices, list(TABLES["prices"].columns.values()), told),
            Sheet(_("节约（批次）"), _("各批次节约"), savings_by_batch(overview), BY_BATCH, told),
            Sheet(_("节约（月）"), _("各月节约"), savings_by_month(overview), BY_MONTH, told),
            _sheet(_("完成"), "completion", completion, COMPLETION, told),
            _sheet(_("留用"), "retention", overview.retention, RETENTION, told),
        ]
    )


def _sheet(name: str, table: str, rows: pd.DataFrame, columns: list[str], told: str) -> Sheet:
    return Sheet(name, _(TABLES[table].title), rows, columns, told)


def headlines(overview: Overview) -> list[Headline]:
    """The summary's figures in reading order."""
    summary = overview.summary
    return [
        *_of_category(_("药品集采"), summary["drugs"], _("个")),
        *_of_category(_("耗材集采"), summary["consumables"], _("类")),
        *_of_participants(summary),
        *_of_money(_("节约"), summary["saving"], _saving_words()),
        *_of_completion(summary["completion"]),
        *_of_money(_("结余留用"), summary["retention"], _retention_words()),
    ]


def _of_category(section: str, figures: dict, measure: str) -> list[Headline]:
    simple = _("各批次各品种降幅的简单平均，与公报口径一致。")
    weighted = _("1 − Σ(约定采购量 × 中选单价) ÷ Σ(约定采购量 × 集采前单价)。")
    return [
        Headline(section, _("批次数"), figures["batches"], word=_("批")),
        Headline(section, _("品种数"), figures["varieties"], word=measure, says=_("批次 × 品种计数。")),
        Headline(section, _("中选产品数"), figures["products"], word=_("个")),
        Headline(section, _("平均降幅（简单）"), figures["average_drop_simple"], "fraction", says=simple),
        Headline(section, _("平均降幅（加权）"), figures["average_drop_weighted"], "fraction", says=weighted),
    ]


def _of_participants(summary: dict[str, dict]) -> list[Headline]:
    kinds, bought, who, what = summary["institutions"], summary["purchases"], _("机构"), _("采购")
    return [
        Headline(who, _("医院"), kinds["hospital"], word=_("家")),
        Headline(who, _("基层医疗机构"), kinds["primary_care"], word=_("家")),
        Headline(who, _("零售药店"), kinds["pharmacy"], word=_("家")),
        Headline(who, _("连锁企业"), kinds["chains"], word=_("家")),
        Headline(what, _("采购记录数"), bought["lines"], word=_("行")),
        Headline(what, _("采购金额"), bought["amount"], "amount", says=_says("paid_amount")),
        Headline(what, _("最早采购日期"), bought["from"], "date"),
        Headline(what, _("最晚采购日期"), bought["to"], "date"),
    ]


def _saving_words() -> dict[str, tuple[str, str]]:
    return {
        "total": (_("累计节约"), _says("saving_amount")),
        "selected": (_("其中：中选产品"), ""),
        "non_selected": (_("其中：非中选产品"), ""),
        "missed": (_("少节约金额"), _says("missed_amount")),
        "expected": (_("预期节约"), _says("expected_amount")),
        "last_12_months": (_("近12个月节约"), _("测算日前12个完整月。")),
    }


def _retention_words() -> dict[str, tuple[str, str]]:
    names = {
        "budget": "budget_amount",
        "spending": "spending_amount",
        "surplus_base": "surplus_base_amount",
        "retained": "retained_amount",
        "staff": "staff_amount",
        "development": "development_amount",
    }
    return {key: (label(name), _says(name)) for key, name in names.items()}


def _says(column: str) -> str:
    return _(COLUMNS[column].says)


def _of_money(section: str, figures: dict, words: dict[str, tuple[str, str]]) -> list[Headline]:
    return [Headline(section, name, figures[key], "amount", says=says) for key, (name, says) in words.items()]


def _of_completion(figures: dict) -> list[Headline]:
    section, met = _("约定量完成"), _("Σ min(已采购量, 约定采购量) ÷ Σ 约定采购量，当前协议年度。")
    statuses = [
        Headline(section, name, figures[status], word=_("项"))
        for status, name in (
            ("ahead", _("超前")),
            ("on_track", _("正常")),
            ("at_risk", _("有风险")),
            ("behind", _("滞后")),
            ("not_set", _("未配置")),
        )
    ]
    return [
        Headline(section, _("完成率"), figures["agreed_units_met_share"], "fraction", says=met),
        *statuses,
    ]
