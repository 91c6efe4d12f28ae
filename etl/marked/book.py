"""workbook.xml: which part each sheet is, and the sheet 问题 among them."""

from dataclasses import dataclass
from io import BytesIO

from lxml import etree
from python_calamine import CalamineWorkbook

from etl.marked.parts import Package, Unpatchable, parse_xml, xml_bytes
from etl.marked.problem_list import HEADING_ROW, SHEET_NAME, quoted_name
from etl.returned import ROWS_LOOKED_AT, is_problem_sheet
from etl.sheets.workbook import Sheet
from procurement.language import LANGUAGES, _, in_language

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass
class Book:
    """The workbook's own part; `parts` gives the part of each worksheet by its name."""

    package: Package
    name: str
    tree: etree._Element
    space: str
    office: str
    parts: dict[str, str]
    styles: str

    @property
    def sheets(self) -> etree._Element:
        return self.tree.find(f"{{{self.space}}}sheets")


def read_book(package: Package) -> Book:
    main = [r for r in package.relations("") if r.kind.endswith("/officeDocument")]
    if not main:
        raise Unpatchable("no workbook")
    name, office = main[0].target, main[0].kind.rpartition("/")[0]
    tree = parse_xml(package.read(name))
    space = tree.tag.partition("}")[0][1:]
    relations = package.relations(name)
    sheets = {relation.id: relation.target for relation in relations if relation.kind.endswith("/worksheet")}
    styles = [relation.target for relation in relations if relation.kind.endswith("/styles")]
    found = tree.find(f"{{{space}}}sheets")
    if found is None or not styles:
        raise Unpatchable("no sheets or no styles")
    names = {sheet.get("name", ""): sheets.get(sheet.get(f"{{{office}}}id")) for sheet in found}
    return Book(package, name, tree, space, office, {n: part for n, part in names.items() if part}, styles[0])


def our_sheets(book: Book, content: bytes) -> list[str]:
    """Names of sheets that we wrote to list problems: the file is a corrected one that comes back."""
    known = [name for name in book.parts if name.startswith(_names())]
    if not known:
        return []
    read = CalamineWorkbook.from_filelike(BytesIO(content))
    rows = {name: read.get_sheet_by_name(name).to_python(nrows=ROWS_LOOKED_AT) for name in known}
    return [name for name in known if is_problem_sheet(Sheet(name, rows[name]))]


def _names() -> tuple[str, ...]:
    """What the sheet is called, in whichever language the file was marked."""
    names = []
    for language in LANGUAGES:
        with in_language(language):
            names.append(_(SHEET_NAME))
    return tuple(names)


def put_problem_sheet(book: Book, ours: list[str], area: str) -> str:
    """Enter the sheet as the last one, or in the place of the old one; gives the name of its part."""
    name = ours[0] if ours else _free_name(book)
    part = book.parts[name] if ours else _new_sheet(book, name)
    number = [sheet.get("name") for sheet in book.sheets].index(name)
    package = book.package
    package.dropped.add(f"{part.rpartition('/')[0]}/_rels/{part.rpartition('/')[2]}.rels")
    _define(book, number, name, area)
    package.changed[book.name] = xml_bytes(book.tree)
    return part


def _free_name(book: Book) -> str:
    taken = {(sheet.get("name") or "").lower() for sheet in book.sheets}
    names = [_(SHEET_NAME), *(f"{_(SHEET_NAME)} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name.lower() not in taken)


def _new_sheet(book: Book, name: str) -> str:
    package = book.package
    folder = book.name.rpartition("/")[0]
    part = package.new_name((f"{folder}/" if folder else "") + "worksheets/sheet{n}.xml")
    relation = package.relate(book.name, f"{book.office}/worksheet", part)
    package.declare(part, SHEET_TYPE)
    number = max(int(sheet.get("sheetId") or 0) for sheet in book.sheets) + 1
    entry = etree.SubElement(book.sheets, f"{{{book.space}}}sheet", name=name, sheetId=str(number))
    entry.set(f"{{{book.office}}}id", relation)
    return part


_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


def _define(book: Book, number: int, name: str, area: str) -> None:
    """The names by which programs know the filtered list and the row that is printed on every page."""
    names = book.tree.find(f"{{{book.space}}}definedNames")
    if names is None:
        names = etree.Element(f"{{{book.space}}}definedNames")
        before = [child for child in book.tree if etree.QName(child).localname in _BEFORE_NAMES]
        before[-1].addnext(names)
    for old in [entry for entry in names if entry.get("localSheetId") == str(number)]:
        names.remove(old)
    first, last = (_absolute(cell) for cell in area.split(":"))
    sheet = quoted_name(name)
    for called, text, is_hidden in (
        ("_xlnm._FilterDatabase", f"{sheet}!{first}:{last}", "1"),
        ("_xlnm.Print_Titles", f"{sheet}!${HEADING_ROW}:${HEADING_ROW}", "0"),
    ):
        about = {"name": called, "localSheetId": str(number), "hidden": is_hidden}
        etree.SubElement(names, f"{{{book.space}}}definedName", about).text = text


def _absolute(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"
