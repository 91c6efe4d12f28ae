"""The frame of every slide: a wide page, one font for Latin and Chinese, title, source and page number."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import Font, TextFrame
from pptx.util import Inches, Pt

from dashboard.charts.palette import ACCENT, AHEAD, AT_RISK, BEHIND, CONSUMABLE, INK, MUTED, NON_SELECTED

FONT = "Microsoft YaHei"
PAPER, PANEL, RULE = "#FFFFFF", "#F3F6FA", "#D5DCE5"
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6
"""Of a slide, in inches."""

KEPT_LAYOUTS = ("Title Slide", "Title and Content", "Title Only", "Blank")
ACCENTS = (ACCENT, CONSUMABLE, NON_SELECTED, AHEAD, AT_RISK, BEHIND)


class Box(NamedTuple):
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


TITLE = Box(MARGIN, 0.68, WIDTH - 2 * MARGIN, 0.8)
BODY = Box(MARGIN, 1.6, WIDTH - 2 * MARGIN, 5.2)
CHART = Box(BODY.left, BODY.top + 0.35, BODY.width, BODY.height - 0.35)
LEFT = Box(BODY.left, CHART.top, 5.9, CHART.height)
RIGHT = Box(BODY.left + BODY.width - 5.9, CHART.top, 5.9, CHART.height)
"""A chart's place under its caption: alone, or one of two."""

LONGEST_NAME, LONGEST_ALONE = 20, 28
"""Letters of a name beside a bar: of one of two charts, of a chart that has the slide to itself."""


def new_deck() -> Deck:
    """An empty 16:9 deck in our fonts and colours; the layouts that remain fit the wide page."""
    deck = Presentation()
    stretch = Inches(WIDTH) / deck.slide_width
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for layout in [layout for layout in deck.slide_layouts if layout.name not in KEPT_LAYOUTS]:
        deck.slide_layouts.remove(layout)
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.placeholders:
            shape.left, shape.width = round(shape.left * stretch), round(shape.width * stretch)
    _set_theme(deck)
    return deck


def _set_theme(deck: Deck) -> None:
    """Fonts and colours that whoever edits the deck goes on with."""
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    xml = part.blob.decode()
    xml = re.sub(r'<a:latin typeface="[^"]*"/><a:ea typeface="[^"]*"/>', _typefaces(), xml)
    for number, colour in enumerate(ACCENTS, 1):
        fill = f'<a:accent{number}><a:srgbClr val="{colour[1:]}"/>'
        xml = re.sub(rf'<a:accent{number}><a:srgbClr val="\w+"/>', fill, xml)
    part._blob = xml.encode()  # python-pptx has no door to the theme


def _typefaces() -> str:
    return f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/>'


def colour_of(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])


def set_font(font: Font, size: float, colour: str = INK, bold: bool = False) -> None:
    """Size, colour, and the face for Latin and for Chinese letters."""
    font.size, font.bold, font.name = Pt(size), bold, FONT
    font.color.rgb = colour_of(colour)
    properties = font._rPr  # python-pptx sets the Latin face only
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    east_asian = etree.Element(qn("a:ea"), typeface=FONT)
    properties.find(qn("a:latin")).addnext(east_asian)


def new_slide(deck: Deck, topic: str, title: str, source: str) -> Slide:
    """A slide with its topic, the finding as its title, where the figures are from, and its number."""
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))
    heading = slide.shapes.title
    place(heading, TITLE)
    heading.text_frame.text = title
    prepare(heading.text_frame, MSO_ANCHOR.TOP)
    paragraph = heading.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    set_font(paragraph.runs[0].font, 24 if len(title) < 40 else 20, INK, bold=True)
    add_text(slide, Box(MARGIN, 0.36, 9, 0.3), [topic], 12, ACCENT, bold=True)
    add_rule(slide, Box(MARGIN, 6.98, WIDTH - 2 * MARGIN, 0.01), RULE)
    add_text(slide, Box(MARGIN, 7.04, 11, 0.3), [source], 9, MUTED)
    _add_number(slide)
    return slide


def place(shape: BaseShape, box: Box) -> None:
    shape.left, shape.top = Inches(box.left), Inches(box.top)
    shape.width, shape.height = Inches(box.width), Inches(box.height)


def prepare(frame: TextFrame, anchor: MSO_ANCHOR) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Inches(0)
    frame.vertical_anchor = anchor


def add_text(
    slide: Slide,
    box: Box,
    lines: Sequence[str],
    size: float,
    colour: str = INK,
    bold: bool = False,
    align: PP_ALIGN = PP_ALIGN.LEFT,
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
) -> TextFrame:
    """Paragraphs of one look."""
    shape = slide.shapes.add_textbox(*(Inches(value) for value in box))
    frame = shape.text_frame
    prepare(frame, anchor)
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.line_spacing = align, 1.15
        paragraph.space_after = Pt(size * 0.45) if number < len(lines) - 1 else Pt(0)
        run = paragraph.add_run()
        run.text = line
        set_font(run.font, size, colour, bold)
    return frame


def add_rule(slide: Slide, box: Box, colour: str) -> BaseShape:
    """A filled rectangle without an outline: rule, band or panel."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Inches(value) for value in box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour_of(colour)
    shape.line.fill.background()
    # The default style brings a shadow with it.
    shape._element.remove(shape._element.find(qn("p:style")))
    return shape


def _add_number(slide: Slide) -> None:
    """The slide's number as a field, so that it stays right when slides move."""
    box = Box(WIDTH - MARGIN - 1, 7.04, 1, 0.3)
    frame = add_text(slide, box, ["‹#›"], 9, MUTED, align=PP_ALIGN.RIGHT)
    run = frame.paragraphs[0].runs[0]._r
    field = etree.SubElement(run.getparent(), qn("a:fld"), type="slidenum")
    field.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    for child in list(run):
        field.append(child)
    run.getparent().replace(run, field)


def add_missing(slide: Slide, box: Box, text: str) -> None:
    """What stands where a chart would be: the reason why there is none."""
    add_rule(slide, box, PANEL)
    inner = Box(box.left + 0.4, box.top + 0.4, box.width - 0.8, box.height - 0.8)
    add_text(slide, inner, [text], 15, MUTED, align=PP_ALIGN.CENTER, anchor=MSO_ANCHOR.MIDDLE)


def add_caption(slide: Slide, box: Box, text: str) -> None:
    """What a chart shows and in which unit, above it."""
    add_text(slide, Box(box.left, box.top - 0.35, box.width, 0.3), [text], 11.5, MUTED)


def short(name: object, longest: int = LONGEST_NAME) -> str:
    """A name that fits beside a bar."""
    text = str(name)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def add_table(slide: Slide, box: Box, headings: tuple[str, str], rows: Sequence[tuple[str, str]]) -> None:
    """A table of words and their counts, one line below each row."""
    height = Inches(0.36 * (len(rows) + 1))
    frame = slide.shapes.add_table(
        len(rows) + 1, 2, Inches(box.left), Inches(box.top), Inches(box.width), height
    )
    table = frame.table
    table.columns[1].width = Inches(0.9)
    table.columns[0].width = Inches(box.width - 0.9)
    table.first_row, table.horz_banding = True, False
    for number, row in enumerate([headings, *rows]):
        for at, text in enumerate(row):
            cell = table.cell(number, at)
            cell.fill.solid()
            cell.fill.fore_color.rgb = colour_of(RULE if number == 0 else PANEL)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.text = text
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if at else PP_ALIGN.LEFT
            set_font(paragraph.runs[0].font, 11, INK, bold=number == 0)
