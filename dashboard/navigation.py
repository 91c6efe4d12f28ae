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
    PageEntry("pages/imports.py", "imports", N_("数据导入"), DATA, has_filters=False),
    PageEntry("pages/matching.py", "matching", N_("产品匹配"), DATA, has_filters=False),
)

ADDRESSES = tuple(page.address for page in PAGES)
