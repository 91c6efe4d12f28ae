"""What Word documents share: the look of a Chinese official document, tables, page numbers.

A4 with the margins of GB/T 9704 (37, 35, 28 and 26 mm); text in 仿宋, headings in 黑体, both with the font
for East Asian letters set: without it a program picks one of its own.
"""

from collections.abc import Sequence
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TEXT, HEADING, LATIN = "FangSong", "SimHei", "Times New Roman"
# 仿宋 and 黑体 by the names that systems of any language know them by.
TITLE_SIZE, TEXT_SIZE, TABLE_SIZE, NOTE_SIZE = Pt(22), Pt(14), Pt(10.5), Pt(9)
INK = RGBColor(0, 0, 0)
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def new_document(title: str, footer: Sequence[str]) -> Document:
    """An empty A4 document; `footer` is what stands before, between and after page number and page count."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, TEXT_SIZE
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT)
    normal.paragraph_format.space_after = Pt(0)
    document.styles["Footer"].font.size = NOTE_SIZE  # what a field shows takes the style's size
    _write_footer(section.footer.paragraphs[0], footer)
    return document


def document_bytes(document: Document) -> bytes:
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def write_title(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_after = Pt(14)
    style_run(paragraph.add_run(text), HEADING, TITLE_SIZE)


def write_heading(document: Document, text: str) -> None:
    """A heading that Word's outline knows, in our font."""
    paragraph = document.add_heading(level=1)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(10), Pt(4)
    style_run(paragraph.add_run(text), HEADING, TEXT_SIZE)


def write_text(document: Document, text: str, *, indented: bool = True) -> Paragraph:
    """A paragraph of text, its first line set in by two letters."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = 1.5
    if indented:
        paragraph.paragraph_format.first_line_indent = 2 * TEXT_SIZE
    style_run(paragraph.add_run(text), TEXT, TEXT_SIZE)
    return paragraph


def write_table(
    document: Document,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    right: Sequence[int] = (),
    size: Pt = TABLE_SIZE,
) -> None:
    """A table with its heading on every page; `widths` in mm, `right` numbers the columns of figures."""
    table = document.add_table(rows=1, cols=len(heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for at, head in enumerate(heads):
        _write_cell(table.rows[0].cells[at], head, HEADING, CENTRE, size)
    _mark_row(table.rows[0], "w:tblHeader")
    for row in rows:
        cells = table.add_row()
        _mark_row(cells, "w:cantSplit")
        for at, text in enumerate(row):
            _write_cell(cells.cells[at], text, TEXT, RIGHT if at in right else LEFT, size)
    for at, width in enumerate(widths):
        table.columns[at].width = Mm(width)  # some programs go by the column, some by its cells
        for cell in table.columns[at].cells:
            cell.width = Mm(width)


def _write_cell(cell, text: str, font: str, alignment, size: Pt) -> None:  # type: ignore[no-untyped-def]
    paragraph = cell.paragraphs[0]
    paragraph.alignment = alignment
    style_run(paragraph.add_run(text), font, size)


def _mark_row(row, name: str) -> None:  # type: ignore[no-untyped-def]
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def style_run(run: Run, font: str, size: Pt) -> None:
    """Font for Latin and for East Asian letters, size, black."""
    run.font.name, run.font.size, run.font.color.rgb = LATIN, size, INK
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _write_footer(paragraph: Paragraph, words: Sequence[str]) -> None:
    """Page number and page count as fields: words[0] PAGE words[1] NUMPAGES words[2]."""
    paragraph.alignment = CENTRE
    parts = [words[0], "PAGE", words[1], "NUMPAGES", words[2]]
    for at, part in enumerate(parts):
        run = paragraph.add_run("" if at % 2 else part)
        style_run(run, TEXT, NOTE_SIZE)
        if at % 2:
            _add_field(run, part)


def _add_field(run: Run, name: str) -> None:
    for kind in ("begin", "instruction", "end"):
        if kind == "instruction":
            part = OxmlElement("w:instrText")
            part.text = name
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._element.append(part)
