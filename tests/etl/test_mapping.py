"""What a person says that headings mean: taken, told, remembered for the next file, and forgotten."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, update

from etl.headings import IGNORED, KINDS, Said, field_named, source
from etl.importing import recognise
from etl.mapping import forget, institution_of, mapping_for, remember, remembered, said_of
from etl.open_points import OpenHeading
from etl.recognising import Recognised
from etl.register import read_register
from etl.values.hints import Hint
from procurement.database import writing
from procurement.tables import HeadingMapping
from tests.etl.books import Merge, xlsx

SLIPS = """
    示例市第一医院采购明细 |         |             |      |      |
    采购曰期              | 产品编码 | 采购数里(盒) | 单价  | 星座  | 数量
    2022-03-15           | A1      | 10          | 5.6  | 白羊  | 99
    2022-03-16           | A2      | 20          | 5.6  | 金牛  | 99
"""
MEANT = {"采购曰期": "bought_on", "采购数里(盒)": "quantity", "星座": ""}


def read(drawing: str, kind: str | None = None, mapping: Any = None, **options: Any) -> Recognised:
    return recognise(("x.xlsx", xlsx(drawing, **options)), kind, mapping)


def told(known: Recognised) -> list[tuple[str, str | None]]:
    problems = known.problems + [problem for table in known.tables for problem in table.problems]
    return [(problem.kind.code, problem.column) for problem in problems]


def open_of(known: Recognised, heading: str) -> OpenHeading:
    return next(each for each in known.headings if each.heading == heading)


# Taken


def test_a_mapped_heading_is_read_and_told():
    known = read(SLIPS.replace("| 数量", "|").replace("| 99", "|"), "purchases", MEANT)
    assert list(known.tables[0].cells["quantity"]) == [10, 20]
    assert told(known) == [("heading-mapped", heading) for heading in MEANT]
    assert {h.heading: h.mapped_to for h in known.headings} == MEANT


def test_a_mapped_heading_keeps_the_unit_that_it_states():
    known = read(SLIPS, "purchases", MEANT)
    assert known.tables[0].columns["quantity"].hint == Hint(unit="盒")


def test_a_persons_choice_goes_before_a_column_that_has_the_field():
    known = read(SLIPS, "purchases", MEANT)
    assert known.tables[0].columns["quantity"].letters == "C"
    assert ("unread-column", "数量") in told(known)
    assert open_of(known, "数量") == OpenHeading("Sheet1", "F2", "数量", ("99",))


def test_mapped_headings_alone_make_a_file_known():
    drawing = "天 | 地 | 人 | 和\n2022-03-15 | A1 | 10 | 5.6"
    assert read(drawing).kind is None
    meant = {"天": "bought_on", "地": "product_code", "人": "quantity", "和": "unit_price"}
    known = read(drawing, mapping=meant)
    assert (known.kind, known.rows) == ("purchases", 1)


@pytest.mark.parametrize("heading", ["采购 曰期", "※采购曰期", "采购曰期：", "  采购\n曰期"])
def test_headings_are_compared_without_spaces_and_ornaments(heading):
    known = read(SLIPS, "purchases", {**MEANT, heading: "bought_on"})
    assert known.rows == 2


def test_a_field_may_be_named_by_its_heading():
    assert (
        open_of(read(SLIPS, "purchases", {**MEANT, "采购曰期": "入库日期"}), "采购曰期").mapped_to
        == "bought_on"
    )


def test_a_heading_over_two_rows_may_be_mapped_whole_or_by_its_lower_part():
    drawing = "采购日期 | 产品编码 | 采购情况 |\n | | 数里 | 价元\n2022-03-15 | A1 | 10 | 5.6"
    merged: list[Merge] = [(0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1)]
    for mapping in (
        {"数里": "quantity", "价元": "unit_price"},
        {"采购情况数里": "quantity", "采购情况价元": "amount"},
    ):
        known = read(drawing, "purchases", mapping, merged=merged)
        assert (known.rows, [code for code, _ in told(known)]) == (1, ["heading-mapped"] * 2)


def test_of_two_columns_of_one_field_a_person_may_name_the_one():
    drawing = "机构名称 | 采购日期 | 产品编码 | 数量 | 购买数量 | 单价\n甲 | 2022-03-15 | A1 | 10 | 9 | 5.6"
    known = read(drawing)
    assert told(known) == [("duplicate-heading", None)]
    assert [(h.heading, h.suggestion, h.samples) for h in known.headings] == [
        ("数量", "quantity", ("10",)),
        ("购买数量", "quantity", ("9",)),
    ]
    for heading, quantity in (("数量", 10), ("购买数量", 9)):
        known = read(drawing, mapping={heading: "quantity"})
        assert (list(known.tables[0].cells["quantity"]), known.is_stopped) == ([quantity], False)


def test_a_known_column_may_be_set_aside():
    known = read(
        "采购日期 | 产品编码 | 数量 | 单价 | 金额\n2022-03-15 | A1 | 10 | 5.6 | 1", mapping={"金额": ""}
    )
    assert "amount" not in known.tables[0].columns
    assert told(known) == [("heading-mapped", "金额")]


@pytest.mark.parametrize("field", ["batch", "quantty"])
def test_a_field_that_the_kind_has_not_stops_the_file_with_a_sentence(field):
    known = read(SLIPS, "purchases", {**MEANT, "星座": field})
    assert ("mapped-field-unknown", "星座") in told(known)
    assert known.is_stopped
    assert not known.tables


def test_a_heading_that_is_not_there_is_told_and_stops_nothing():
    known = read(SLIPS, "purchases", {**MEANT, "采购量里": "quantity"})
    assert ("mapped-heading-missing", "采购量里") in told(known)
    assert known.rows == 2


# Open


def test_a_file_with_slips_is_offered_what_they_may_mean():
    known = read(SLIPS.replace("| 数量", "|").replace("| 99", "|"))
    assert [code for code, _ in told(known)] == ["missing-column", "missing-column"]
    assert [h.as_dict() for h in known.headings] == [
        OpenHeading("Sheet1", "A2", "采购曰期", ("2022-03-15", "2022-03-16"), "bought_on", 0.75).as_dict(),
        OpenHeading("Sheet1", "C2", "采购数里(盒)", ("10", "20"), "quantity", 0.75).as_dict(),
        OpenHeading("Sheet1", "E2", "星座", ("白羊", "金牛")).as_dict(),
    ]


def test_a_file_of_no_known_kind_shows_its_headings_with_samples():
    known = read("人员表 | |\n姓名 | 工号 | 生日\n甲 | 1 | @1990-01-02\n乙 | 2 |\n甲 | 3 |")
    assert (known.kind, told(known)) == (None, [("not-recognised", None)])
    assert [(h.cell, h.heading, h.samples) for h in known.headings] == [
        ("A2", "姓名", ("甲", "乙")),
        ("B2", "工号", ("1", "2", "3")),
        ("C2", "生日", ("1990-01-02",)),
    ]


def test_samples_are_the_first_five_that_differ():
    rows = "\n".join(f"2022-03-15 | A1 | 10 | 5.6 | {number // 2}" for number in range(20))
    known = read("采购日期 | 产品编码 | 数量 | 单价 | 星座\n" + rows)
    assert open_of(known, "星座").samples == ("0", "1", "2", "3", "4")


def test_a_heading_on_several_sheets_is_asked_for_once():
    sheet = "采购日期 | 产品编码 | 数量 | 单价 | 星座\n2022-03-15 | A1 | 10 | 5.6 | 白羊"
    known = recognise(("x.xlsx", xlsx(sheet, sheet, names=["一月", "二月"])))
    assert [(h.sheet, h.heading) for h in known.headings] == [("一月", "星座")]


# Remembered


def test_a_mapping_is_remembered_with_who_and_when(ledger: Engine):
    with writing(ledger) as connection:
        assert remember(connection, "H001", "purchases", MEANT, "张三") == 3
        assert remembered(connection, "H002", "purchases") == {}
        assert remembered(connection, "H001", "batch_list") == {}
        found = remembered(connection, "H001", "purchases")
    assert {heading: said.field for heading, said in found.items()} == MEANT
    assert {(said.by, type(said.on)) for said in found.values()} == {("张三", date)}


def test_what_an_institution_said_goes_before_what_holds_for_any(ledger: Engine):
    with writing(ledger) as connection:
        remember(connection, None, "purchases", {"数里": "quantity", "价元": "unit_price"}, "市局")
        remember(connection, "H001", "purchases", {"价元": "amount"}, "张三")
        own, others = (remembered(connection, code, "purchases") for code in ("H001", None))
    assert {h: (said.field, said.by) for h, said in own.items()} == {
        "数里": ("quantity", "市局"),
        "价元": ("amount", "张三"),
    }
    assert {h: said.field for h, said in others.items()} == {"数里": "quantity", "价元": "unit_price"}


def test_saying_the_same_again_keeps_who_said_it_first_and_another_saying_replaces_it(ledger: Engine):
    with writing(ledger) as connection:
        remember(connection, "H001", "purchases", {"数里": "quantity"}, "张三")
        assert remember(connection, "H001", "purchases", {"数 里": "quantity"}, "李四") == 0
        assert remembered(connection, "H001", "purchases")["数里"].by == "张三"
        assert remember(connection, "H001", "purchases", {"数里": ""}, "李四") == 1
        found = remembered(connection, "H001", "purchases")["数里"]
    assert (found.field, found.by) == ("", "李四")


def test_a_mapping_may_be_forgotten(ledger: Engine):
    with writing(ledger) as connection:
        remember(connection, "H001", "purchases", {"数里": "quantity"}, "张三")
        assert [forget(connection, "H001", "purchases", "数 里") for _ in range(2)] == [True, False]
        assert remembered(connection, "H001", "purchases") == {}


def test_a_field_that_is_no_more_is_not_remembered(ledger: Engine):
    with writing(ledger) as connection:
        remember(connection, "H001", "purchases", {"数里": "quantity"}, "张三")
        connection.execute(update(HeadingMapping).values(field="gone"))
        assert remembered(connection, "H001", "purchases") == {}


def test_the_next_file_of_the_institution_is_read_by_what_was_said(city: Engine):
    with writing(city) as connection:
        register = read_register(connection)
        known = read(SLIPS, "purchases", MEANT)
        code = institution_of(known.texts, register)
        remember(connection, code, "purchases", said_of(known), "张三")
        next_file = read(SLIPS)
        earlier = mapping_for(connection, register, next_file)
        assert (code, set(earlier)) == ("H001", set(MEANT))
        for other in ("H002", "P001"):
            assert mapping_for(connection, register, next_file, other, "purchases") == {}
    again = read(SLIPS, mapping=earlier)
    assert list(again.tables[0].cells["quantity"]) == [10, 20]
    assert all("张三" in p.message for p in again.problems if p.kind.code == "heading-mapped")
    assert said_of(again) == MEANT


def test_what_is_said_now_goes_before_what_was_said_earlier(city: Engine):
    with writing(city) as connection:
        remember(connection, None, "purchases", {"采购曰期": "paid_on", "采购数里(盒)": "quantity"}, "张三")
        known = read(SLIPS, "purchases", {"采购曰期": "bought_on"})
        earlier = mapping_for(connection, read_register(connection), known)
    assert {heading: said.field for heading, said in earlier.items()} == {"采购数里(盒)": "quantity"}


def test_what_was_said_earlier_and_is_not_in_the_file_is_not_told():
    known = read(SLIPS, "purchases", {**MEANT, "数里": Said("quantity", "张三", date(2022, 3, 1))})
    assert "mapped-heading-missing" not in [code for code, _ in told(known)]


@pytest.mark.parametrize(
    ("texts", "chosen", "code"),
    [
        (["示例市第一医院2022年采购明细"], None, "H001"),
        (["填报单位：示例市中医医院", "单位：元"], None, "H002"),
        (["h001"], None, "H001"),
        (["H001", "示例市第一医院"], None, "H001"),
        (["H001", "H002"], None, None),
        (["示例市第一医院和示例市中医医院"], None, None),
        (["采购明细"], None, None),
        (["示例市第一医院"], "H002", "H002"),
        (["示例市第一医院"], "H404", None),
    ],
)
def test_the_institution_of_a_file_is_the_one_that_it_names(city: Engine, texts, chosen, code):
    with city.connect() as connection:
        assert institution_of(texts, read_register(connection), chosen) == code


def test_texts_are_the_title_and_the_institutions_own_cells():
    drawing = """
        采购明细  |          |         |      |      |
        机构编码  | 采购日期   | 产品编码 | 数量 | 单价  | 备注
        H001    | 2022-03-15 | A1     | 10  | 5.6  | 急
        H002    | 2022-03-15 | A1     | 10  | 5.6  |
    """
    assert sorted(read(drawing).texts) == ["H001", "H002", "采购明细"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_may_be_named_by_itself_or_by_its_title(kind):
    for name, field in source(kind).fields.items():
        assert field_named(kind, name) == field_named(kind, field.title) == name
    assert field_named(kind, "") == IGNORED
    assert field_named(kind, "星座") is None


@pytest.mark.parametrize("field", ["unit", "institution_name"])
def test_what_the_cells_would_tell_gives_way_to_a_persons_word(field):
    drawing = "采购单位 | 采购日期 | 产品编码 | 数量 | 单价\n示例市第一医院 | 2022-03-15 | A1 | 10 | 5.6"
    known = read(drawing, mapping={"采购单位": field})
    assert known.tables[0].columns[field].letters == "A"


WHOLE = "机构编码 | 采购日期 | 产品编码 | 规格 | 数量 | 单位 | 单价 | 金额"


@pytest.mark.parametrize("place", range(8))
def test_a_column_of_any_name_is_read_as_if_it_had_the_right_one(place):
    rows = "\nH001 | 2022-03-15 | A1 | 10mg | 10 | 盒 | 5.6 | 56\nH001 | 2022-03-16 | A2 | 10mg | 20 | 盒 | 5.6 | 112"
    headings = WHOLE.split(" | ")
    right = read(WHOLE + rows).tables[0]
    renamed = " | ".join("甲乙丙" if number == place else text for number, text in enumerate(headings))
    table = read(renamed + rows, mapping={"甲乙丙": headings[place]}).tables[0]
    assert {name: list(cells) for name, cells in table.cells.items()} == {
        name: list(cells) for name, cells in right.cells.items()
    }


def test_a_note_in_the_row_of_headings_is_not_asked_for():
    note = "字" * 101
    known = read(f"采购日期 | 产品编码 | 数量 | 单价 | {note}\n2022-03-15 | A1 | 10 | 5.6 | 1")
    assert (known.rows, known.headings) == (1, [])
