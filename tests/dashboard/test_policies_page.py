"""The page of policies: what is in force, its history, adding, refusing, taking back, the city's own file."""

import os
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.exports.sheets import sheet_bytes
from dashboard.policy_rows import HISTORY_COLUMNS, IN_FORCE_COLUMNS, history_frame, in_force, in_force_frame
from procurement.database import open_database, reading
from procurement.policies import Limit, Value
from procurement.policies.own_file import Proposed
from procurement.policy_changes import add
from procurement.queries.policies import policy_book, recorded
from tests.dashboard.opening import APP, problems, words
from tests.people import user
from tests.small_ledger import fill, purchase

PAGE = "pages/policies.py"
RATIO, BANDS = "retention_maximum_ratio", "retention_score_bands"
EXAMPLE = "示例值，请按本市文件替换"
DAY = date(2022, 1, 1)


@pytest.fixture
def city(empty_ledger, monkeypatch):
    """The worked example of the reference."""
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    engine = open_database(empty_ledger)
    fill(engine, purchase(2, date(2022, 3, 1), 10_000, 18_000))
    engine.dispose()
    return empty_ledger


def own(url: str):
    engine = open_database(url)
    with reading(engine) as connection:
        return recorded(connection)


def opened(parameter: str = ""):
    """The page alone, as a link opens it."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.user = user(os.environ["VBP_DATABASE_URL"], "official")
    if parameter:
        app.query_params["policy"] = parameter
    app.switch_page(PAGE).run()
    assert problems(app) == []
    return app


def field(app, kind: str, label: str):
    return next(each for each in app.main.get(kind) if each.label.startswith(label))


def click(app, label: str):
    app = next(each for each in app.main.button if each.label.startswith(label)).click().run()
    assert problems(app) == []
    return app


def filled(app, value: float | None, first: date | None = DAY, source: str = "濮医保〔2021〕1号"):
    if value is not None:
        field(app, "number_input", "取值").set_value(value)
    field(app, "date_input", "生效日期").set_value(first)
    field(app, "text_input", "来源").set_value(source)
    app.run()
    assert problems(app) == []
    return app


def put(url: str, name: str, *entries: Value | Limit) -> None:
    add(open_database(url), [Proposed(name, each) for each in entries], by="甲")


def value(said: object, first: date = DAY, **more: object) -> Value:
    return Value(value=said, **{"from_date": first, "source": "某文件", "level": "city", **more})


def test_examples_are_counted_and_marked(city):
    told = words(opened())
    count = len([line for line in told.splitlines() if EXAMPLE in line])
    assert count > 10 and f"有{count}项参数仍是示例值" in told
    put(city, BANDS, value([{"floor": Decimal(0), "granted": Decimal(1)}], date(2019, 1, 1)))
    told = words(opened())
    assert f"有{count - 1}项参数仍是示例值" in told
    assert "0分及以上：100%" in told.replace("\\", "")


def test_the_day_that_is_looked_at_decides(city):
    put(city, RATIO, value(Decimal("0.45"), category="drug"))
    app = opened()
    for day, percent in ((date(2021, 12, 31), "50%"), (DAY, "45%")):
        field(app, "date_input", "查看哪一天").set_value(day)
        app.run()
        line = next(each for each in words(app).splitlines() if "结余留用最高比例（药品）" in each)
        assert f"| {percent} |" in line


def test_a_day_before_every_entry_says_so(city):
    app = opened()
    field(app, "date_input", "查看哪一天").set_value(date(2015, 1, 1))
    app.run()
    assert problems(app) == [] and "最早一条自" in words(app)


def test_a_value_taken_to_a_limit_is_shown_as_such(city):
    put(city, "completion_margin", value(Decimal("0.20")))
    put(city, "completion_margin", Limit(date(2022, 2, 1), "某文件", "city", most=Decimal("0.15")))
    assert "规定为20%，按市级限制取15%" in words(opened()).replace("\\", "")


def test_an_entry_is_previewed_saved_and_in_the_history(city):
    app = filled(opened(RATIO), 45)
    assert "协议年度有0个" in words(app)  # the example has agreed volumes of 2021 only
    assert own(city) == []  # nothing is written before the button
    app = click(app, "保存")
    assert "已保存为第1号条目，自2022年1月1日起生效" in words(app)
    (found,) = own(city)
    assert (found.entry.value, found.entry.level) == (Decimal("0.45"), "city")
    assert found.entry.decided_by == "official"
    assert "official于" in words(app).replace("\\", "") and "随软件发布" in words(app)
    assert field(app, "text_input", "来源").value == ""  # fresh fields


def test_the_preview_counts_what_begins_in_the_days_of_the_entry(city):
    app = filled(opened(RATIO), 45, first=date(2021, 1, 1))
    assert "协议年度有1个，涉及机构核算1项，其中1项的取值将改变" in words(app)


@pytest.mark.parametrize(
    ("percent", "first", "source", "said"),
    [
        (60, DAY, "某文件", "高于国家上限50%"),
        (45, DAY, " ", "没有写明来源"),
        (45, None, "某文件", "请选择生效日期"),
        (33.333333, DAY, "某文件", "最多保留6位小数"),
    ],
)
def test_a_refused_entry_says_why_and_writes_nothing(city, percent, first, source, said):
    app = click(filled(opened(RATIO), percent, first, source), "保存")
    (error,) = app.main.error
    assert said in error.value.replace("\\", "")
    assert own(city) == []
    assert field(app, "number_input", "取值").value == percent  # what was typed stays


def test_a_value_beyond_a_limit_is_told_before_the_button(city):
    app = filled(opened(RATIO), 60)
    assert any("高于国家上限50%" in each.value.replace("\\", "") for each in app.main.warning)


def test_the_limits_of_a_parameter_can_be_set(city):
    app = opened("retention_staff_share")
    assert "60%至70%" in words(app).replace("\\", "").replace("–", "至")
    field(app, "button_group", "内容").set_value("limit")
    app.run()
    field(app, "number_input", "下限").set_value(50.0)
    field(app, "date_input", "生效日期").set_value(DAY)
    field(app, "text_input", "来源").set_value("某文件")
    app = click(app.run(), "保存")
    (found,) = own(city)
    assert isinstance(found.entry, Limit)
    assert (found.entry.least, found.entry.most) == (Decimal("0.5"), None)


def test_bands_in_force_are_taken_over_as_the_citys_own(city):
    app = click(filled(opened(BANDS), None), "保存")
    assert "已保存" in words(app)
    (found,) = own(city)
    assert [(int(band["floor"]), band["granted"]) for band in found.entry.value] == [
        (90, 1),
        (80, Decimal("0.9")),
        (60, Decimal("0.7")),
        (0, 0),
    ]


def test_weights_add_up_beside_the_table(city):
    app = opened("assessment_weights")
    assert "合计100分" in words(app).replace("\\", "")
    assert "已保存" in words(click(filled(app, None), "保存"))


@pytest.mark.parametrize(("name", "said"), [("retention_rounding", "fen"), ("assessment_payment_days", 30)])
def test_a_choice_and_a_whole_number_have_fields_of_their_own(city, name, said):
    click(filled(opened(name), None), "保存")
    (found,) = own(city)
    assert found.entry.value == said and type(found.entry.value) is type(said)


def test_an_entry_is_taken_back_with_a_reason(city):
    put(city, RATIO, value(Decimal("0.45")))
    app = opened(RATIO)
    field(app, "selectbox", "要撤回的条目").set_value(1)
    app = click(app.run(), "撤回")
    assert "请写明撤回的理由" in app.main.error[0].value
    field(app, "text_input", "撤回的理由").set_value("文号写错")
    app = click(app.run(), "撤回")
    assert "已撤回第1号条目" in words(app)
    told = words(app).replace("\\", "")
    assert "~~45%~~" in told and "已撤回" in told and "文号写错" in told
    (found,) = own(city)
    assert found.reason == "文号写错" and found.withdrawn_by == "official"


def test_an_entry_in_whose_place_another_stands_is_struck(city):
    put(city, RATIO, value(Decimal("0.45")))
    put(city, RATIO, value(Decimal("0.40")))
    told = words(opened(RATIO)).replace("\\", "")
    assert "~~45%~~" in told and "已由2号取代" in told and "~~40%~~" not in told


OWN_FILE = '[[retention_maximum_ratio.values]]\nfrom = 2021-01-01\nvalue = 0.45\nsource = "某文件"\n'


def upload(app, text: str):
    app = app.file_uploader[0].set_value(("本市.toml", text.encode(), "application/toml")).run()
    assert problems(app) == []
    return app


def test_a_file_is_checked_confirmed_and_not_loaded_twice(city):
    app = upload(opened(), OWN_FILE)
    assert "新增1条，已有0条" in words(app) and "其中1项的取值将改变" in words(app)
    assert own(city) == []
    app = click(app, "确认载入1条")
    assert "已载入1条" in words(app) and len(own(city)) == 1
    app = upload(app, OWN_FILE)
    assert "都已有，无需载入" in words(app)
    assert not [each for each in app.main.button if each.label.startswith("确认载入")]


def test_a_faulty_file_tells_every_fault_and_loads_nothing(city):
    app = upload(
        opened(), OWN_FILE + OWN_FILE.replace("0.45", "0.6").replace("2021", "2023") + "[x]\nvalues=[1]"
    )
    told = app.main.error[0].value.replace("\\", "")
    assert "第2条取值：取值60%高于国家上限50%" in told and "x 第1条取值" in told
    assert own(city) == []


def test_policies_can_be_set_before_anything_is_loaded(empty_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    app = click(filled(opened(RATIO), 45), "保存")
    assert "已保存" in words(app) and len(own(empty_ledger)) == 1


def test_a_note_is_shown_as_it_is_written(city):
    put(city, RATIO, value(Decimal("0.45"), note="[链接](http://x) | **粗** <b>"))
    assert "\\[链接\\]\\(http\\:" in words(opened(RATIO))


def test_both_tables_are_saved_as_sheets(city):
    put(city, RATIO, value(Decimal("0.45")))
    with reading(open_database(city)) as connection:
        book, entries = policy_book(connection), recorded(connection)
    for rows, columns, said in (
        (in_force_frame(in_force(book, DAY)), IN_FORCE_COLUMNS, "45%"),
        (history_frame(book, entries), HISTORY_COLUMNS, "45%"),
    ):
        content = sheet_bytes("政策参数", rows, list(columns.values()))
        sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
        assert said in [cell.value for row in sheet.iter_rows() for cell in row]
