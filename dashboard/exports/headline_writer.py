"""The first sheet of a workbook: single figures with their unit, how they are spoken, and what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from dashboard.exports.cells import NUMBER_FORMATS, UNIT_WORDS
from dashboard.exports.sheet_styles import Styles
from dashboard.exports.sheet_writer import FIRST_ROW, HEADING_ROW, ROW_HEIGHT, print_setup, write_top
from dashboard.formats import MISSING, amount_text
from procurement.language import _
from procurement.money import yuan

WIDTHS = (16, 26, 20, 8, 18, 64)


@dataclass(frozen=True)
class Headline:
    """One figure: `unit` is one of columns.Column's, `word` overrides how the unit is called (家, 个)."""

    section: str
    label: str
    value: int | float | date | None
    unit: str = "count"
    word: str = ""
    says: str = ""


def write_headlines(
    worksheet: Worksheet,
    styles: Styles,
    title: str,
    figures: Sequence[Headline],
    filters_text: str,
    notes: Sequence[str],
) -> None:
    """A row per figure, notes below. An absent figure is an empty cell with a dash beside it."""
    worksheet.set_default_row(ROW_HEIGHT)
    names = (_("类别"), _("指标"), _("数值"), _("单位"), _("简写"), _("说明"))
    for at, (name, width) in enumerate(zip(names, WIDTHS, strict=True)):
        worksheet.write_string(HEADING_ROW, at, name, styles.heading(at == 2, at > 2))
        worksheet.set_column(at, at, width)
    row = FIRST_ROW
    for section, members in groupby(figures, key=lambda figure: figure.section):
        for number, figure in enumerate(members):
            _write_headline(worksheet, styles, row, section if number == 0 else "", figure)
            row += 1
    _write_notes(worksheet, styles, row + 1, notes)
    write_top(worksheet, styles, title, filters_text, WIDTHS)
    worksheet.freeze_panes(FIRST_ROW, 2)
    print_setup(worksheet, title, pages_high=1)
    worksheet.set_portrait()


def _write_notes(worksheet: Worksheet, styles: Styles, row: int, notes: Sequence[str]) -> None:
    if not notes:
        return
    worksheet.write_string(row, 0, _("数据基础"), styles.plain(bold=True))
    for number, note in enumerate(notes):
        worksheet.write_string(row + number, 1, note, styles.plain())


def _write_headline(worksheet: Worksheet, styles: Styles, row: int, section: str, figure: Headline) -> None:
    text, after = styles.cell(""), styles.cell("", indent=1)
    form = styles.cell(NUMBER_FORMATS[figure.unit])
    worksheet.write(row, 0, section or None, styles.cell("", bold=True))
    worksheet.write_string(row, 1, figure.label, text)
    if figure.value is None:
        worksheet.write_blank(row, 2, None, form)
    elif isinstance(figure.value, date):
        worksheet.write_datetime(row, 2, figure.value, form)
    else:
        value = float(yuan(int(figure.value))) if figure.unit == "amount" else figure.value
        worksheet.write_number(row, 2, value, form)
    worksheet.write(row, 3, _unit_word(figure) or None, after)
    worksheet.write(row, 4, _spoken(figure) or None, after)
    worksheet.write(row, 5, figure.says or None, after)


def _unit_word(figure: Headline) -> str:
    return figure.word or _(UNIT_WORDS.get(figure.unit, ""))


def _spoken(figure: Headline) -> str:
    if figure.value is None:
        return MISSING
    return amount_text(figure.value) if figure.unit == "amount" else ""
