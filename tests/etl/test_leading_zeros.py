"""Codes that lost their leading zeros are put right only where the register leaves no doubt."""

import pandas as pd
import pytest

from etl.importing import import_files
from etl.leading_zeros import _restored
from tests.etl.books import xlsx
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

pytestmark = pytest.mark.usefixtures("no_grain")

REGISTER = "机构编码|机构名称|机构类别\n'00123|甲院|医院\n'0456|乙院|医院\n'00456|丙院|医院\nH001|示例市第一医院|医院"
HEAD = "机构编码|采购日期|产品编码|数量|单位|单价\n"


@pytest.fixture
def register(city):
    assert import_files(city, [("机构.xlsx", xlsx(REGISTER))])[0].is_good


def test_a_code_that_only_lacks_zeros_is_put_right_and_mentioned_once(city, register, load: Load):
    report = load(HEAD + "123|2022-03-15|A1|1|盒|5.6\n123|2022-03-16|A1|1|盒|5.6")
    assert (report.status, codes(report)) == ("loaded", ["leading-zeros-restored"])
    assert "00123" in report.problems[0].message
    assert asked(city, "select distinct institution.code from purchase join institution on institution.id = institution_id") == [("00123",)]  # fmt: skip


@pytest.mark.parametrize("code", ["456", "12", "H1", "1230"])
def test_a_code_that_several_or_none_could_be_stays_unknown(register, load: Load, code):
    assert codes(load(HEAD + f"{code}|2022-03-15|A1|1|盒|5.6")) == ["unknown-institution"]


def test_a_product_of_the_catalogue_gets_its_zeros_back(city, register, load: Load):
    listed = "批次|类别|品种|产品编码|规格|生产企业|集采前价格|中选价|执行日期|截止日期\n九批|药品|丁片|'0086901|10mg*10片/盒|庚厂|30|12|2022-01-01|2023-12-31"
    assert import_files(city, [("中选.xlsx", xlsx(listed))])[0].is_good
    report = load(HEAD + "H001|2022-03-15|86901|1|盒|12")
    assert codes(report) == ["leading-zeros-restored"]
    assert asked(city, "select product.code from purchase join product on product.id = product_id") == [
        ("0086901",)
    ]


def test_only_digits_that_one_code_begins_with_zeros_are_restored():
    assert _restored({"1", "2", "3"}, {"01", "02", "002", "3x"}) == {"1": "01"}
    assert _restored({"0"}, {"000"}) == {}
    assert pd.Series(["1"]).map(_restored({"1"}, {"001"})).tolist() == ["001"]
