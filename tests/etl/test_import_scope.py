"""Somebody of a narrowed scope imports rows of their own institutions alone, and takes back these alone."""

import pytest
from sqlalchemy import Engine

from etl.importing import import_files
from etl.undoing import undo
from tests.etl.books import xlsx
from tests.etl.conftest import INSTITUTIONS, Load
from tests.etl.reading import asked, codes, lines
from tests.etl.test_modes import HEAD, book

pytestmark = pytest.mark.usefixtures("no_grain")

OWN = ("H001",)
BOUGHT = "H001|2022-03-05|A1|10|5.6|1"
STRANGERS = "H002|2022-03-05|A1|10|5.6|1"
UNTITLED = "采购日期|产品编码|数量(盒)|单价|发票号\n2022-03-05|A1|10|5.6|1"
VOLUME = "机构编码|批次|品种|产品编码|协议年度|报量|约定采购量|单位\n{who}|七批|甲口服常释|A1|1|1000|700|片"


def test_own_rows_are_loaded(load: Load):
    report = load(book(BOUGHT), scope=OWN)
    assert (report.status, report.institutions) == ("loaded", ["H001"])


@pytest.mark.parametrize("skip", [False, True])
def test_rows_of_others_stop_the_whole_file(city: Engine, load: Load, skip):
    report = load(book(BOUGHT, STRANGERS), scope=OWN, skip_bad_rows=skip)
    assert (report.status, codes(report)) == ("problems", ["not-in-scope"])
    assert "1行" in report.problems[0].message and "H002" in report.problems[0].message
    assert lines(city) == []


def test_a_stranger_reads_like_an_institution_that_is_not_there(load: Load):
    known = load(book(BOUGHT, STRANGERS), scope=OWN)
    unknown = load(book(BOUGHT, STRANGERS.replace("H002", "H404")), scope=OWN)
    told = [[p.sentence() for p in report.problems] for report in (known, unknown)]
    assert told[0] == [sentence.replace("H404", "H002") for sentence in told[1]]
    # Neither does a name, nor the one that the importer names.
    named = HEAD.replace("机构编码", "机构名称")
    for who in ("示例市中医医院", "示例市没有的医院"):
        by_name = load(named + STRANGERS.replace("H002", who), scope=OWN)
        assert codes(by_name) == ["not-in-scope"] and "名录中" in by_name.problems[0].message
    for who in ("H002", "H404"):
        assert codes(load(UNTITLED, institution=who, scope=OWN)) == ["not-in-scope"]


def test_an_unnamed_file_is_of_whom_the_importer_names(load: Load):
    assert load(UNTITLED, institution="H001", scope=OWN).institutions == ["H001"]


def test_a_file_under_the_name_of_somebody_else_is_not_taken_for_ones_own(city, load: Load):
    titled = "示例市中医医院采购明细||||\n" + UNTITLED
    assert codes(load(titled, scope=OWN)) == ["not-in-scope"]
    assert codes(load(titled, institution="H001", scope=OWN)) == ["not-in-scope"]
    assert lines(city) == []


def test_another_of_ones_own_institutions_is_only_a_wrong_row(load: Load):
    report = load(book(BOUGHT, STRANGERS), institution="H001", scope=("H001", "H002"))
    assert codes(report) == ["other-institution"]


def test_a_scope_without_institutions_lets_nothing_in(load: Load):
    assert codes(load(book(BOUGHT), scope=())) == ["not-in-scope"]


def test_that_others_loaded_the_same_content_is_not_told(load: Load):
    assert load(book(STRANGERS)).status == "loaded"
    assert codes(load(book(STRANGERS), scope=OWN)) == ["not-in-scope"]
    assert load(book(STRANGERS), scope=("H002",)).status == "unchanged"


@pytest.mark.parametrize(
    ("drawing", "options"),
    [
        (INSTITUTIONS, {"scope": OWN}),
        (INSTITUTIONS, {"kinds": frozenset({"purchases"})}),
        (VOLUME.format(who="H001"), {"scope": OWN, "kinds": frozenset({"purchases"})}),
    ],
    ids=["the city's register", "another kind than is allowed", "a volume for a hospital"],
)
def test_other_kinds_of_workbook_are_stopped(load: Load, drawing, options):
    report = load(drawing, **options)
    assert (report.status, codes(report)) == ("problems", ["kind-not-allowed"])


def test_agreed_volumes_of_the_scope_alone_are_loaded(load: Load):
    assert load(VOLUME.format(who="H001"), scope=OWN).status == "loaded"
    assert codes(load(VOLUME.format(who="H002"), scope=OWN)) == ["not-in-scope"]
    by_area = VOLUME.replace("机构编码", "机构名称").format(who="全市")
    assert codes(load(by_area, scope=OWN)) == ["not-in-scope"]


def test_what_is_said_of_headings_holds_for_ones_own_files_alone(city: Engine, load: Load):
    """A meaning that held for everybody's files would let one hospital change how another's are read."""
    odd = "采购日期|产品编码|怪列|单价|单位\n2022-03-05|A1|10|5.6|盒"
    said = {"mapping": {"怪列": "quantity"}, "scope": OWN}
    assert load(odd, institution="H001", **said).status == "loaded"
    coded = "机构编码|" + odd.replace("\n", "\nH001|").replace("2022-03", "2022-04")
    assert load(coded, **said).status == "loaded"
    assert asked(city, "select institution_code, heading from heading_mapping") == [("H001", "怪列")]


def test_only_ones_own_imports_are_there_to_be_taken_back(city: Engine, load: Load):
    own, both, others = (load(book(*rows)) for rows in ([BOUGHT], ["H001|2022-05-01|A1|1|5.6|1",
                         "H002|2022-05-01|A1|1|5.6|1"], [STRANGERS]))  # fmt: skip
    there = undo(city, 999, by="li").reasons
    for report in (both, others):
        refused = undo(city, report.import_id, by="li", scope=OWN)
        assert refused.status == "refused" and refused.file == ""
        assert refused.reasons == [there[0].replace("999", str(report.import_id))]
    assert undo(city, 1, by="li", scope=OWN).reasons == [there[0].replace("999", "1")]  # the register
    assert undo(city, own.import_id, by="li", scope=OWN).status == "undone"


def test_an_import_of_somebody_else_that_builds_on_ones_own_is_not_named(city: Engine, load: Load):
    own = load(book(BOUGHT))
    later = import_files(city, [("全市秘密.xlsx", xlsx(book(BOUGHT.replace("|10|", "|12|"), STRANGERS)))])
    assert later[0].status == "loaded"
    (reason,) = undo(city, own.import_id, by="li", scope=OWN).reasons
    assert "秘密" not in reason and str(later[0].import_id) not in reason
