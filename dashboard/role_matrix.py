"""Which role may open which page and do what, as a table to read: permissions.MAY and navigation.PAGES."""

from collections.abc import Iterable

from dashboard.formats import word_text
from dashboard.navigation import PAGES
from procurement.language import N_, _
from procurement.people.permissions import MAY, WHOLE_CITY
from procurement.tables.people import ROLES

ACTIONS: dict[str, str] = {
    "import": N_("导入数据"),
    "undo-import": N_("撤销导入"),
    "match": N_("确认产品匹配"),
    "set-policy": N_("修改政策参数"),
    "settle": N_("办理结算"),
    "answer-reply": N_("答复医院的异议"),
    "close-month": N_("月份关账、重开"),
    "report": N_("上报采购数据"),
    "withdraw-report": N_("撤回上报"),
    "explain-shortfall": N_("说明未完成原因"),
    "reply-settlement": N_("核对结算：同意或提出异议"),
    "export": N_("下载表格和幻灯片"),
    "manage-accounts": N_("管理账号"),
    "read-audit": N_("查看审计记录"),
}
"""What each action of MAY is called; tests/dashboard/test_accounts_page.py finds one that lacks."""

YES, NO = "●", ""
CITY = N_("（仅限全市范围的账号）")


def matrix() -> str:
    """A markdown table: a row per page and per action, a column per role."""
    heading = [_("页面与事项"), *(word_text(role) for role in ROLES)]
    pages = [(_(page.title), page.roles, page.whole_city) for page in PAGES]
    actions = [(_(ACTIONS.get(each, each)), roles, each in WHOLE_CITY) for each, roles in MAY.items()]
    lines = [
        _line(heading),
        _line(["---", *([":-:"] * len(ROLES))]),
        _line([f"**{_('可以打开的页面')}**", *([NO] * len(ROLES))]),
        *(_row(*each) for each in pages),
        _line([f"**{_('可以办理的事项')}**", *([NO] * len(ROLES))]),
        *(_row(*each) for each in actions),
    ]
    return "\n".join(lines)


def _row(title: str, roles: Iterable[str], is_whole_city: bool) -> str:
    held = set(roles)
    said = title + (_(CITY) if is_whole_city and held != {"administrator"} else "")
    return _line([said, *(YES if role in held else NO for role in ROLES)])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
