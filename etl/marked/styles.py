"""styles.xml: for a cell's own style, the same with a red or amber fill, and the way back.

Everything else of the style (number format, font, border) stays. The fills have colours of their own, so
that a mark of ours is known again after another program has saved the file and numbered its styles anew.
"""

from copy import deepcopy

from lxml import etree

from etl.marked.parts import Unpatchable, parse_xml, xml_bytes
from etl.problems import Loudness

RED, AMBER = "FFFF9D9E", "FFFFD98B"
FILLS = {Loudness.STOP: RED, Loudness.SKIP: RED, Loudness.MENTION: AMBER}


class Styles:
    """The cell styles of a workbook, numbered as its cells refer to them; grows as cells are marked."""

    def __init__(self, content: bytes) -> None:
        self._tree = parse_xml(content)
        self._space = self._tree.tag.partition("}")[0] + "}"
        self._fills, self._styles = self._list("fills"), self._list("cellXfs")
        self._own: dict[str, int] = {}
        self._made: dict[tuple[int, str], int] = {}
        self._cleared: dict[int, int] = {}
        self.original: dict[int, int] = {}

    def _list(self, name: str) -> etree._Element:
        found = self._tree.find(f"{self._space}{name}")
        if found is None or not len(found):
            raise Unpatchable(f"no {name}")
        return found

    def marked(self, style: int, colour: str) -> int:
        """The number of `style` with the fill of `colour`."""
        if (style, colour) not in self._made:
            self._made[style, colour] = self._copy(style, self._fill(colour))
        return self._made[style, colour]

    @property
    def made(self) -> list[tuple[int, str, int]]:
        """Original style, colour and marked style of all that were asked for."""
        return [(style, colour, number) for (style, colour), number in self._made.items()]

    def learn(self, marked: int, original: int) -> None:
        """`marked` is one of ours in a file that comes back, made from `original`."""
        if marked in self.with_our_fills():
            self.original[marked] = original

    def without_mark(self, style: int) -> int:
        """The style before it was marked; where the pair is lost, the same without a fill."""
        if style in self.original:
            return self.original[style]
        if style not in self._cleared:
            self._cleared[style] = self._copy(style, 0)
        return self._cleared[style]

    def with_our_fills(self) -> set[int]:
        """Styles of the file that were marks of ours."""
        fills = {str(number) for number, fill in enumerate(self._fills) if _colour(fill) in (RED, AMBER)}
        new = {*self._made.values(), *self._cleared.values()}
        found = {number for number, style in enumerate(self._styles) if style.get("fillId") in fills}
        return found - new

    def named(self, **about: str) -> int:
        """A plain style of the sheet of problems: `bold`, `wrap`, `quoted`, `colour`, `fill`, `size`."""
        style = etree.SubElement(self._styles, f"{self._space}xf", numFmtId="0", fillId="0", borderId="0")
        style.set("fontId", str(self._font(about)))
        style.set("applyFont", "1")
        if "fill" in about:
            style.set("fillId", str(self._fill(about["fill"])))
            style.set("applyFill", "1")
        if "quoted" in about:
            style.set("quotePrefix", "1")
        style.set("applyAlignment", "1")
        wrap = {"wrapText": "1"} if "wrap" in about else {}
        etree.SubElement(style, f"{self._space}alignment", vertical="top", **wrap)
        return len(self._styles) - 1

    def _font(self, about: dict[str, str]) -> int:
        fonts = self._list("fonts")
        font = etree.SubElement(fonts, f"{self._space}font")
        if "bold" in about:
            etree.SubElement(font, f"{self._space}b")
        if "link" in about:
            etree.SubElement(font, f"{self._space}u")
        etree.SubElement(font, f"{self._space}sz", val=about.get("size", "10"))
        etree.SubElement(font, f"{self._space}color", rgb=about.get("colour", "FF1F2A37"))
        etree.SubElement(font, f"{self._space}name", val="Microsoft YaHei")
        fonts.set("count", str(len(fonts)))
        return len(fonts) - 1

    def _fill(self, colour: str) -> int:
        if colour not in self._own:
            fill = etree.SubElement(self._fills, f"{self._space}fill")
            pattern = etree.SubElement(fill, f"{self._space}patternFill", patternType="solid")
            etree.SubElement(pattern, f"{self._space}fgColor", rgb=colour)
            etree.SubElement(pattern, f"{self._space}bgColor", indexed="64")
            self._own[colour] = len(self._fills) - 1
        return self._own[colour]

    def _copy(self, style: int, fill: int) -> int:
        if style >= len(self._styles):
            raise Unpatchable(f"no style {style}")
        copy = deepcopy(self._styles[style])
        copy.set("fillId", str(fill))
        copy.set("applyFill", "1")
        self._styles.append(copy)
        return len(self._styles) - 1

    def content(self) -> bytes:
        for each in (self._fills, self._styles):
            each.set("count", str(len(each)))
        return xml_bytes(self._tree)


def _colour(fill: etree._Element) -> str:
    found = fill.find("{*}patternFill/{*}fgColor")
    return found.get("rgb", "").upper() if found is not None else ""
