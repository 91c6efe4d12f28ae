"""Who imports on a page: an official what the city has, or an institution its own purchases.

The way is the same for both; what differs stands here.
"""

from dataclasses import dataclass

from dashboard.reader import reader
from etl.headings import KINDS
from procurement.language import N_

OF_A_DISTRICT = frozenset({"purchases", "agreed_volumes", "assessments"})
"""What somebody of a part of the city may import: kinds whose rows are each of one institution."""


@dataclass(frozen=True)
class Permit:
    """The actions that it takes, the kinds of workbook (None: all), and how the way speaks of itself.

    `is_own`: an institution reports for itself, and says whose rows they are where the file does not.
    """

    action: str
    undo_action: str
    kinds: frozenset[str] | None = None
    is_own: bool = False
    receipt: str = N_("导入回执")
    number: str = N_("导入编号")
    time: str = N_("导入时间")
    person: str = N_("导入人")
    next_files: str = N_("继续导入其他文件")
    not_yet: str = N_("上传后先检查、再预览，确认之前不写入任何数据。还没有表格？可从“模板”页签下载。")
    can_be_undone: str = N_("载入后可在“导入记录”中撤销。")
    if_wrong: str = N_("载入有误时，可在“导入记录”中撤销。")

    def kinds_of_reader(self) -> frozenset[str] | None:
        """The kinds that whoever looks at the page may import."""
        return self.kinds if self.kinds or reader().is_whole_city else OF_A_DISTRICT

    def kinds_to_choose(self) -> list[str]:
        """In the order in which the kinds build on each other."""
        allowed = self.kinds_of_reader()
        return [kind for kind in KINDS if allowed is None or kind in allowed]


IMPORTING = Permit("import", "undo-import")
REPORTING = Permit(
    "report",
    "withdraw-report",
    frozenset({"purchases"}),
    is_own=True,
    receipt=N_("上报回执"),
    number=N_("上报编号"),
    time=N_("上报时间"),
    person=N_("上报人"),
    next_files=N_("继续上报"),
    not_yet=N_("上传后先检查、再预览，确认之前不写入任何数据。"),
    can_be_undone=N_("所属月份关账之前，可在“上报记录”中撤回。"),
    if_wrong=N_("上报有误的，在关账之前可在“上报记录”中撤回，或重新上报。"),
)
