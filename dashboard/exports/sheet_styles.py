"""The look of a sheet: fonts, borders and colours, each cell format made once."""

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from dashboard.charts.palette import INK, MUTED

# Each workbook is given a copy: xlsxwriter writes into it, and the second file would not be as the first.
FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": INK}
HEADING_FILL = "#E8EEF5"
RULE = "#D5DCE5"
STRONG_RULE = "#8FA3BC"
TEXT_SHADE = 0.68


def as_text(colour: str) -> str:
    """A chart's colour, darkened until it reads as text on white."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(part * TEXT_SHADE):02X}" for part in parts)


class Styles:
    """Formats of one workbook; a number format is asked for by its text."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._kept: dict[tuple, Format] = {}

    def _format(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._kept:
            self._kept[key] = self._workbook.add_format({**FONT, **properties})
        return self._kept[key]

    @property
    def title(self) -> Format:
        return self._format(font_size=15, bold=True, valign="vcenter")

    @property
    def remark(self) -> Format:
        return self._format(font_size=9, font_color=MUTED, text_wrap=True, valign="vcenter")

    def heading(self, is_number: bool, indented: bool = False) -> Format:
        return self._format(
            indent=int(indented and not is_number),
            bold=True,
            bg_color=HEADING_FILL,
            bottom=1,
            bottom_color=STRONG_RULE,
            top=1,
            top_color=STRONG_RULE,
            text_wrap=True,
            valign="vcenter",
            align="right" if is_number else "left",
        )

    def cell(
        self, number_format: str, colour: str = "", bold: bool = False, indent: int = 0, is_day: bool = False
    ) -> Format:
        """A cell of a row; `colour` marks a status, the indent keeps text off the number before it."""
        properties: dict[str, object] = {"bottom": 1, "bottom_color": RULE, "valign": "vcenter"}
        if number_format:
            properties["num_format"] = number_format
        else:
            properties |= {"text_wrap": True, "indent": indent}
        if is_day:
            properties |= {"align": "left", "indent": indent}
        if colour or bold:
            properties |= {"bold": True, "font_color": colour or INK}
        return self._format(**properties)

    def plain(self, bold: bool = False) -> Format:
        """Words outside the table."""
        return self._format(bold=bold, valign="vcenter")

    def quoted(self, indent: int = 0) -> Format:
        """Text that looks like a formula: it stays text even when someone edits the cell."""
        row = {"bottom": 1, "bottom_color": RULE, "valign": "vcenter"}
        return self._format(**row, text_wrap=True, indent=indent, quote_prefix=True)

    def total(self, number_format: str = "") -> Format:
        properties: dict[str, object] = {
            "bold": True,
            "top": 1,
            "top_color": STRONG_RULE,
            "bottom": 6,
            "bottom_color": STRONG_RULE,
            "valign": "vcenter",
        }
        if number_format:
            properties["num_format"] = number_format
        return self._format(**properties)

    @property
    def negative(self) -> Format:
        """Conditional: a price rise stands out."""
        return self._workbook.add_format({"font_color": "#B3261E"})
