"""Supply areas: what a published cell names, and whether ours is among it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.supply_areas import CORPS, PROVINCES, areas_of
from tests.etl.conftest import Load
from tests.etl.reading import asked, codes

pytestmark = pytest.mark.usefixtures("no_grain")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("浙江、山东、湖北", {"浙江", "山东", "湖北"}),
        ("浙江，山东,湖北;河南；河北/山西", {"浙江", "山东", "湖北", "河南", "河北", "山西"}),
        ("浙江、湖 北、\n黑龙\n江", {"浙江", "湖北", "黑龙江"}),
        ("浙江\n山东\n湖北", {"浙江", "山东", "湖北"}),
        ("浙江省 山东省", {"浙江", "山东"}),
        ("内蒙古自治区、广西壮族自治区、宁夏回族自治区、北京市", {"内蒙古", "广西", "宁夏", "北京"}),
        ("新疆（含 兵团）", {"新疆", CORPS}),
        ("新疆（不含兵团）", {"新疆"}),
        ("新疆维吾尔自治区和新疆生产建设兵团", {"新疆", CORPS}),
        ("兵团", {CORPS}),
        ("辽宁（含沈阳、大连）", {"辽宁", "沈阳", "大连"}),
        ("北京、沈阳、大连", {"北京", "沈阳", "大连"}),
    ],
)
def test_a_cell_names_areas_in_many_ways(text, named):
    areas = areas_of(text)
    assert (set(areas.named), areas.is_clear, areas.is_everywhere) == (named, True, False)


@pytest.mark.parametrize(
    "text", ["各联盟地区", "除河南外", "其余省份", "本联盟所有地区", "第3组地区", "河南(不含濮阳)"]
)
def test_a_description_is_no_area(text):
    assert not areas_of(text).is_clear


@pytest.mark.parametrize(
    ("text", "own", "held"),
    [
        ("浙江、河南", "河南", True),
        ("浙江、山东", "河南", False),
        ("全国", "河南", True),
        ("新疆（含兵团）", CORPS, True),
        ("新疆", CORPS, False),
        ("各联盟地区", "河南", None),
        ("浙江、其余省份", "河南", None),
        ("浙江、其余省份", "浙江", True),
        ("沈阳、大连", "辽宁", None),  # cities of ours, perhaps
        ("辽宁、山东", "大连", None),  # the province of ours, perhaps
        ("沈阳、西安", "大连", False),
    ],
)
def test_an_area_holds_ours_or_not_or_nobody_knows(text, own, held):
    assert areas_of(text).hold(own) is held


ENDINGS = st.sampled_from(["", "省", "市", "自治区"])


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(PROVINCES)), ENDINGS), min_size=1, unique_by=lambda pair: pair[0]
    ),
    st.sampled_from(["、", "，", ",", ";", "；", "\n", " ", "、\n", " ， "]),
)
def test_any_list_of_provinces_is_read_whole(names, separator):
    text = separator.join(name + ending for name, ending in names)
    assert areas_of(text).named == {name for name, _ending in names}


HEAD = "批次|类别|品种|产品编码|规格|生产企业|中选价|供应地区|执行日期|截止日期|中选状态\n"


def award(code: str, area: str, status: str = "中选") -> str:
    return f"八批|药品|丁片|{code}|10mg*10片/盒|{code}厂|12|{area}|2022-01-01|2023-12-31|{status}\n"


BOOK = (
    HEAD
    + award("D1", "浙江、河南")
    + award("D2", "浙江、山东")
    + award("D3", "浙江", "备供")
    + award("D4", "浙江", "取消中选")
    + award("D5", "", "未中选")
    + award("D6", "各联盟地区")
    + award("D7", "")
)
STATUSES = "select status from listing join batch on batch.id = batch_id where batch.name = '八批' order by listing.row_number"


def test_awards_of_other_provinces_are_kept_as_won_elsewhere(city, load: Load):
    report = load(BOOK, answers={"province": "河南省"})
    assert [(p.kind.code, p.cell) for p in report.problems] == [("supply-area-unclear", "H7")]
    assert [status for (status,) in asked(city, STATUSES)] == [
        "selected", "elsewhere", "elsewhere", "cancelled", "non_selected", "selected", "selected",
    ]  # fmt: skip


def test_without_our_province_nothing_is_elsewhere_and_that_is_said(city, load: Load):
    report = load(BOOK)
    assert codes(report) == ["supply-area-not-applied"]
    assert report.problems[0].params["count"] == 4
    assert "elsewhere" not in {status for (status,) in asked(city, STATUSES)}


def test_a_city_is_our_area_only_where_the_list_names_it(load: Load):
    assert codes(load(BOOK, answers={"province": "濮阳"})) == ["answer-unreadable"]
    pilot = HEAD + award("D1", "沈阳、大连") + award("D2", "西安")
    assert load(pilot, answers={"province": "大连"}).status == "loaded"
