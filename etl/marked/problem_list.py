"""The sheet 问题: what it says above its list, and the sheet as XML for a package that is patched."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from etl.formats.grid import column_letters
from etl.marked.findings import HEADINGS, LINK_COLUMN, WIDTHS, Line, counted, lines
from etl.marked.styles import FILLS, Styles
from etl.problems import Problem
from etl.returned import PART_MARK, PROBLEMS_MARK
from procurement.language import N_, _
from procurement.plain_text import is_like_a_formula

SHEET_NAME = N_("问题")
HOW_TO = N_(
    "红色是须改正的单元格，琥珀色是请核对的单元格，批注里写有原因和办法。"
    "请在原来的工作表中改正，保存后直接上传本文件；这张工作表不会被导入。"
)
PART = N_("本文件只含有误的行，第一列是原文件中的行号：改正后上传，导入方式为“追加”。")
REWRITTEN = N_("本文件只保留了各可见工作表的数值和位置，没有保留原来的格式、公式和隐藏的工作表。")
NOTES_LEFT_OUT = N_("有问题的单元格太多，只有前{count}个写了批注，其余的请看下面的列表。")
KEEP = N_("标记（请勿删除）：{mark}")

HEADING_ROW = 5
"""Below the title, the summary, the remarks and the mark; counted from 1."""

STYLE_PAIRS = (9, 10)
"""Hidden columns that hold, cell by cell, a style as it was and the same as marked: how marks are taken away
from a file that comes back."""

HEADING_FILL = "FFE8EEF5"
LINE_HEIGHT = 14


def texts_above(
    file: str, problems: Sequence[Problem], remarks: Sequence[str], is_part: bool = False
) -> list[str]:
    """The rows over the headings of the list."""
    return [
        _("导入检查：{file}").format(file=file),
        _("共{count}处：{counted}。").format(count=len(problems), counted=counted(problems)) + _(HOW_TO),
        "".join(remarks),
        _(KEEP).format(mark=PART_MARK if is_part else PROBLEMS_MARK),
    ]


def row_height(line: Line) -> int:
    """In points."""
    texts = zip(line.texts, WIDTHS, strict=True)
    return LINE_HEIGHT * max(lines_needed(text, width) for text, width in texts) + 3


def lines_needed(text: str, width: int) -> int:
    """Lines that a text breaks into; a Chinese sign takes two places, one place is lost at each break."""
    places = sum(2 if ord(sign) > 255 else 1 for sign in text)
    return max(1, -(-places // (width - 1)))


def quoted_name(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


class ProblemList:
    """The sheet's XML, made while it is written; its styles are asked for when it starts."""

    def __init__(self, space: str, styles: Styles, above: list[str], problems: Sequence[Problem]) -> None:
        self._space, self._styles, self._above = space, styles, above
        self._lines = lines(problems)
        self.last_row = HEADING_ROW + max(len(self._lines), 1)

    @property
    def area(self) -> str:
        """The list with its headings."""
        return f"A{HEADING_ROW}:{column_letters(len(HEADINGS) - 1)}{self.last_row}"

    def pieces(self) -> Iterator[bytes]:
        yield self._head().encode()
        pairs = [(style, marked) for style, _colour, marked in self._styles.made]
        for number, cells in enumerate(self._rows(), 1):
            yield self._row(number, cells, pairs[number - 1 : number]).encode()
        for number in range(self.last_row + 1, len(pairs) + 1):
            yield self._row(number, "", pairs[number - 1 : number]).encode()
        yield self._tail().encode()

    def _head(self) -> str:
        widths = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
            for at, width in enumerate(WIDTHS, 1)
        )
        first, last = (column + 1 for column in STYLE_PAIRS)
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{self._space}">'
            '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0"'
            f' workbookViewId="0"><pane ySplit="{HEADING_ROW}" topLeftCell="A{HEADING_ROW + 1}"'
            ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths}'
            f'<col min="{first}" max="{last}" width="9" hidden="1" customWidth="1"/></cols><sheetData>'
        )

    def _rows(self) -> Iterator[str]:
        look = self._styles.named
        title, mark = look(bold="1", size="14"), look(colour="FF8A94A0", size="9")
        plain, heading = look(wrap="1"), look(bold="1", wrap="1", fill=HEADING_FILL)
        for at, text in enumerate(self._above):
            yield _cell(at + 1, 0, text, (title, plain, plain, mark)[at])
        yield "".join(_cell(HEADING_ROW, at, _(text), heading) for at, text in enumerate(HEADINGS))
        quoted, link = look(wrap="1", quoted="1"), look(colour="FF1F5FA8", link="1")
        loud = {loudness: look(bold="1", fill=fill) for loudness, fill in FILLS.items()}
        for number, line in enumerate(self._lines, HEADING_ROW + 1):
            yield "".join(
                _cell(
                    number, at, text, loud[line.loudness] if not at else _style(line, at, plain, quoted, link)
                )
                for at, text in enumerate(line.texts)
            )
        if not self._lines:
            yield ""

    def _row(self, number: int, cells: str, pairs: list[tuple[int, int]]) -> str:
        hidden = "".join(
            f'<c r="{column_letters(column)}{number}" s="{style}"/>'
            for pair in pairs
            for column, style in zip(STYLE_PAIRS, pair, strict=True)
        )
        return f'<row r="{number}" ht="{self._height(number)}" customHeight="1">{cells}{hidden}</row>'

    def _height(self, number: int) -> int:
        """As high as the text needs: programs do not do it for merged cells, nor all for the others."""
        if number <= len(self._above):
            return 24 if number == 1 else LINE_HEIGHT * lines_needed(self._above[number - 1], sum(WIDTHS)) + 3
        at = number - HEADING_ROW - 1
        return row_height(self._lines[at]) if 0 <= at < len(self._lines) else LINE_HEIGHT + 3

    def _tail(self) -> str:
        last = column_letters(len(HEADINGS) - 1)
        merged = "".join(f'<mergeCell ref="A{row}:{last}{row}"/>' for row in (2, 3))
        links = "".join(
            f'<hyperlink ref="{column_letters(LINK_COLUMN)}{number}" location={quoteattr(_location(line))}/>'
            for number, line in enumerate(self._lines, HEADING_ROW + 1)
            if line.link
        )
        return (
            f'</sheetData><autoFilter ref="{self.area}"/><mergeCells count="2">{merged}</mergeCells>'
            + (f"<hyperlinks>{links}</hyperlinks>" if links else "")
            + '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
            "<headerFooter><oddFooter>&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
        )


def _location(line: Line) -> str:
    sheet, cell = line.link or ("", "")
    return f"{quoted_name(sheet)}!{cell}"


def _style(line: Line, column: int, plain: int, quoted: int, link: int) -> int:
    if column == LINK_COLUMN and line.link:
        return link
    return quoted if is_like_a_formula(line.texts[column]) else plain


def _cell(row: int, column: int, text: str, style: int) -> str:
    place = f"{column_letters(column)}{row}"
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
