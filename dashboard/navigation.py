"""The pages and their addresses, in the order of the menu."""

from dataclasses import dataclass

from procurement.language import N_


@dataclass(frozen=True)
class PageEntry:
    """One page: its file in pages/, its address, its title, its part of the menu and whether the filters
    apply to it."""

    file: str
    address: str
    title: str
    section: str
    has_filters: bool = True


FIGURES, RETENTION, DATA = N_("监测"), N_("结余"), N_("数据与管理")

PAGES = (
    PageEntry("pages/overview.py", "", N_("总览"), FIGURES),
    PageEntry("pages/prices.py", "prices", N_("价格追踪"), FIGURES),
    PageEntry("pages/savings.py", "savings", N_("节约成效"), FIGURES),
    PageEntry("pages/completion.py", "completion", N_("约定量完成"), FIGURES),
    PageEntry("pages/retention.py", "retention", N_("结余留用"), RETENTION),
    PageEntry("pages/working.py", "working", N_("结余测算"), RETENTION),
    PageEntry("pages/settlement.py", "settlement", N_("结算办理"), RETENTION),
    PageEntry("pages/whatif.py", "whatif", N_("测算模拟"), RETENTION),
    PageEntry("pages/guidance.py", "guidance", N_("报量参考"), RETENTION),
    PageEntry("pages/assessment.py", "assessment", N_("考核"), RETENTION),
    PageEntry("pages/sharing.py", "sharing", N_("总额包干"), RETENTION),
    PageEntry("pages/prepayment.py", "prepayment", N_("预付与清算"), RETENTION),
    PageEntry("pages/imports.py", "imports", N_("数据导入"), DATA, has_filters=False),
    PageEntry("pages/matching.py", "matching", N_("产品匹配"), DATA, has_filters=False),
    PageEntry("pages/policies.py", "policies", N_("政策参数"), DATA, has_filters=False),
)

ADDRESSES = tuple(page.address for page in PAGES)
