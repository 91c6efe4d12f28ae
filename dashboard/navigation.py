"""The pages and their addresses, in the order of the menu."""

from dataclasses import dataclass

from procurement.language import N_


@dataclass(frozen=True)
class PageEntry:
    """One page: its file in pages/, its address, its title and whether the filters apply to it."""

    file: str
    address: str
    title: str
    has_filters: bool = True


PAGES = (
    PageEntry("pages/overview.py", "", N_("总览")),
    PageEntry("pages/prices.py", "prices", N_("价格追踪")),
    PageEntry("pages/savings.py", "savings", N_("节约成效")),
    PageEntry("pages/completion.py", "completion", N_("约定量完成")),
    PageEntry("pages/retention.py", "retention", N_("结余留用")),
    PageEntry("pages/imports.py", "imports", N_("数据导入"), has_filters=False),
    PageEntry("pages/matching.py", "matching", N_("产品匹配"), has_filters=False),
)

ADDRESSES = tuple(page.address for page in PAGES)
