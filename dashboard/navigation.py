"""The pages, their addresses and who may open them, in the order of the menu."""

from dataclasses import dataclass

from procurement.language import N_
from procurement.people.permissions import ADMINISTRATOR, BUREAU, EVERYBODY, HOSPITAL, MANAGER, OFFICIAL
from procurement.people.readers import Reader


@dataclass(frozen=True)
class PageEntry:
    """One page: its file in pages/, its address, its title, its part of the menu, the roles that may open it
    (`whole_city`: not with a narrowed scope), and whether the filters apply to it."""

    file: str
    address: str
    title: str
    section: str
    roles: frozenset[str]
    has_filters: bool = True
    whole_city: bool = False

    def is_for(self, reader: Reader) -> bool:
        return reader.role in self.roles and (reader.is_whole_city or not self.whole_city)


OWN, FIGURES, RETENTION = N_("本机构"), N_("监测"), N_("结余")
DATA, SYSTEM = N_("数据与管理"), N_("系统")

LOADING = frozenset({ADMINISTRATOR, OFFICIAL})
SETTLED = BUREAU | {MANAGER}
MANAGING = frozenset({ADMINISTRATOR})

PAGES = (
    PageEntry("pages/home.py", "", N_("我的医院"), OWN, HOSPITAL, has_filters=False),
    PageEntry("pages/report.py", "report", N_("上报"), OWN, HOSPITAL, has_filters=False),
    PageEntry("pages/reported.py", "reported", N_("上报记录"), OWN, HOSPITAL, has_filters=False),
    PageEntry("pages/shortfalls.py", "shortfalls", N_("未完成原因"), OWN, HOSPITAL, has_filters=False),
    PageEntry("pages/check.py", "check", N_("核对"), OWN, HOSPITAL, has_filters=False),
    PageEntry("pages/overview.py", "", N_("总览"), FIGURES, BUREAU),
    PageEntry("pages/prices.py", "prices", N_("价格追踪"), FIGURES, EVERYBODY),
    PageEntry("pages/savings.py", "savings", N_("节约成效"), FIGURES, EVERYBODY),
    PageEntry("pages/completion.py", "completion", N_("约定量完成"), FIGURES, EVERYBODY),
    PageEntry("pages/retention.py", "retention", N_("结余留用"), RETENTION, SETTLED),
    PageEntry("pages/working.py", "working", N_("结余测算"), RETENTION, SETTLED),
    PageEntry("pages/settlement.py", "settlement", N_("结算办理"), RETENTION, BUREAU),
    PageEntry("pages/whatif.py", "whatif", N_("测算模拟"), RETENTION, SETTLED),
    PageEntry("pages/guidance.py", "guidance", N_("报量参考"), RETENTION, BUREAU),
    PageEntry("pages/assessment.py", "assessment", N_("考核"), RETENTION, SETTLED),
    PageEntry("pages/sharing.py", "sharing", N_("总额包干"), RETENTION, SETTLED),
    PageEntry("pages/prepayment.py", "prepayment", N_("预付与清算"), RETENTION, SETTLED),
    PageEntry("pages/months.py", "months", N_("月度上报"), DATA, BUREAU, has_filters=False),
    PageEntry("pages/imports.py", "imports", N_("数据导入"), DATA, LOADING, has_filters=False),
    PageEntry(
        "pages/matching.py", "matching", N_("产品匹配"), DATA, LOADING, has_filters=False, whole_city=True
    ),
    PageEntry("pages/policies.py", "policies", N_("政策参数"), DATA, BUREAU, has_filters=False),
    PageEntry("pages/accounts.py", "accounts", N_("账号管理"), SYSTEM, MANAGING, has_filters=False),
    PageEntry("pages/audit.py", "audit", N_("审计记录"), SYSTEM, MANAGING, has_filters=False),
)

ADDRESSES = tuple(dict.fromkeys(page.address for page in PAGES))


def pages_of(reader: Reader) -> list[PageEntry]:
    """What a reader's menu holds; the first one is where they begin."""
    return [page for page in PAGES if page.is_for(reader)]


__all__ = ["ADDRESSES", "HOSPITAL", "OWN", "PAGES", "SYSTEM", "PageEntry", "pages_of"]
