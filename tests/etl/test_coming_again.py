"""Lines that come again with a better word for their product: they must not count twice."""

import pytest
from sqlalchemy import Engine

from etl.matching.decisions import confirm, revoke
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes
from tests.etl.test_modes import book, told

CODELESS = """机构编码|采购日期|产品名称|规格|生产企业|数量(盒)|单价|发票号
H001|2022-03-02|甲口服常释片|20mg*7片*2板/盒|甲制药厂|10|5.6|1"""
CODED = book("H001|2022-03-02|A1|10|5.6|1")
LIVE = "select p.code, l.base_units from purchase l join product p on p.id = l.product_id order by 1"


@pytest.fixture
def joined(city: Engine, load: Load) -> tuple[str, str]:
    """A line without a code, whose product a person has said to be A1."""
    load(CODELESS)
    ((code,),) = asked(city, "select code from product where is_provisional")
    confirm(city, [(code, "A1")], by="甲")
    return code, "A1"


@pytest.mark.parametrize("mode", ["replace", "update"])
def test_a_line_that_comes_with_its_code_takes_the_place_of_the_one_without(city, load: Load, joined, mode):
    checked = load(CODED, mode=mode, dry_run=True)
    report = load(CODED, mode=mode)
    assert told(checked) == told(report) == (0, 1, 0, 0)
    assert "category-unknown-kept" not in codes(report)
    assert asked(city, LIVE) == [("A1", 140)]
    # The file names A1 itself: that does not hang on the decision.
    revoke(city, [joined], by="甲")
    assert asked(city, "select sum(lines), count(batch_id) from monthly_purchase") == [(1, 1)]


def test_a_line_that_is_there_without_its_code_is_not_added(city, load: Load, joined):
    report = load(CODED, mode="add")
    assert (report.status, codes(report)) == ("problems", ["already-loaded"])
    assert len(asked(city, LIVE)) == 1


def test_a_codeless_file_covers_the_category_of_the_product_that_it_means(city, load: Load, joined):
    load(CODED.replace("|10|", "|11|"))
    assert told(load(CODELESS)) == (0, 1, 0, 0)
    assert asked(city, "select sum(base_units) from purchase") == [(140,)]


def test_a_file_tells_the_category_of_lines_that_lacked_it(city, load: Load):
    """The lines in the ledger are of the file's own product: what that is, the file says."""
    load("机构编码|采购日期|产品编码|产品名称|数量(盒)|单价\nH001|2022-03-02|Y0002|某片|1|9")
    drugs = "机构编码|采购日期|药品编码|药品名称|数量(盒)|单价\nH001|2022-03-02|Y0002|某片|2|9"
    report = load(drugs)
    assert (told(report), codes(report)) == ((0, 1, 0, 0), [])
    assert asked(city, "select quantity / 10000 from purchase") == [(2,)]
