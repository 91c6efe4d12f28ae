"""`vbp policies`: what is in force, the history, adding, taking back, the city's own file."""

import getpass
import json

import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line import app
from dashboard.policy_arguments import limit_of, value_of
from procurement.policies import published_policies

SOURCE = "濮医保〔2021〕1号"
RATIO = "retention_maximum_ratio"


@pytest.fixture
def policies(empty_ledger):
    def call(*arguments: str) -> Result:
        done = CliRunner().invoke(app, ["policies", *arguments, "--db", empty_ledger])
        assert "Traceback" not in done.stderr
        return done

    return call


def records(done: Result) -> list[dict]:
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def put(policies, name: str, value: str, *more: str, first: str = "2022-01-01") -> Result:
    return policies("set", name, value, "--from", first, "--source", SOURCE, *more)


def test_every_parameter_is_listed_with_its_value_and_source(policies):
    found = records(policies("list", "--on", "2022-01-01", "--json"))
    assert {each["parameter"] for each in found} == set(published_policies().parameters)
    ratio = [each for each in found if each["parameter"] == RATIO]
    assert [(each["category"], each["value"], each["text"]) for each in ratio] == [
        ("drug", 0.5, "50%"),
        ("consumable", 0.5, "50%"),
    ]
    bands = next(each for each in found if each["parameter"] == "retention_score_bands")
    assert bands["example"] and bands["value"][0] == {"floor": 90, "granted": 1}
    text = policies("list", "--on", "2022-01-01").stdout
    assert "结余留用最高比例（药品） [retention_maximum_ratio]：50%" in text
    assert "示例值，请按本市文件替换" in text


def test_a_day_before_the_first_entries_is_said_to_have_none(policies):
    found = records(policies("list", "--on", "2015-01-01", "--json"))
    assert all(each["value"] is None and "最早一条自" in each["reason"] for each in found)
    assert "最早一条自" in policies("list", "--on", "2015-01-01").stdout


def test_an_entry_is_added_listed_and_taken_back(policies):
    done = put(policies, RATIO, "45%", "--category", "药品", "--note", "试行")
    assert done.exit_code == 0 and "已增加1条（编号1）" in done.stderr
    (found,) = records(policies("history", "--json"))
    assert (found["value"], found["category"], found["level"]) == (0.45, "drug", "city")
    assert found["decided_by"] == getpass.getuser() and found["decided_at"].endswith("+00:00")
    (drugs,) = [
        each
        for each in records(policies("list", "--on", "2022-06-01", "--category", "drug", "--json"))
        if each["parameter"] == RATIO
    ]
    assert (drugs["value"], drugs["source"], drugs["from"]) == (0.45, SOURCE, "2022-01-01")
    assert policies("withdraw", "1", "--reason", "写错").exit_code == 0
    (found,) = records(policies("history", "--json"))
    assert found["withdrawn"]["reason"] == "写错"
    assert "撤回：写错" in policies("history").stdout
    again = policies("withdraw", "1", "--reason", "写错")
    assert again.exit_code == 1 and "撤回" in again.stderr


def test_the_history_of_one_parameter_tells_ours_too(policies):
    assert "没有本省、本市的条目" in policies("history").stdout
    put(policies, RATIO, "0.45")
    kinds = [(each["id"], each["kind"]) for each in records(policies("history", RATIO, "--json"))]
    assert kinds == [(None, "value"), (None, "value"), (None, "limit"), (1, "value")]


def test_a_value_taken_to_a_limit_is_said_to_be(policies):
    assert put(policies, "completion_margin", "20%").exit_code == 0
    assert put(policies, "completion_margin", "..15%", "--limit", first="2022-03-01").exit_code == 0
    margin = next(
        each
        for each in records(policies("list", "--on", "2022-06-01", "--json"))
        if each["parameter"] == "completion_margin"
    )
    assert (margin["value"], margin["stated"], margin["limited_by"]["most"]) == (0.15, 0.2, 0.15)
    assert "规定为20%，按市级限制取15%" in policies("list", "--on", "2022-06-01").stdout


def test_adding_the_same_again_changes_nothing(policies):
    put(policies, RATIO, "45%")
    again = put(policies, RATIO, "0.45")
    assert again.exit_code == 0 and "未作改动" in again.stderr
    assert len(records(policies("history", "--json"))) == 1


@pytest.mark.parametrize(
    ("name", "value", "more", "said"),
    [
        (RATIO, "60%", (), "高于国家上限50%"),
        (RATIO, "abc", (), "现为“abc”"),
        ("retention_score_bands", "90:100%,60:70%", (), "没有从0分起的一档"),
        ("retention_score_bands", "90", (), "每档写明"),
        ("assessment_weights", "completion:50,payment:40", (), "合计90"),
        ("retention_rounding", "角", (), "只能是fen、jiao、yuan"),
        ("retention_ratio", "1", (), "没有名为“retention_ratio”的参数"),
        (RATIO, "45%", ("--level", "national"), "不能增改"),
        (RATIO, "45%", ("--until", "2021-01-01"), "早于生效日期"),
        (RATIO, "45%", ("--limit",), "至少要写一个"),
    ],
)
def test_a_refusal_is_a_sentence_and_exit_code_1(policies, name, value, more, said):
    done = put(policies, name, value, *more)
    assert done.exit_code == 1 and said in done.stderr
    assert records(policies("history", "--json")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("set", RATIO, "45%"),
        ("set", RATIO, "45%", "--from", "2022-01-01"),
        ("set", RATIO, "45%", "--from", "", "--source", "x"),
        ("set", RATIO, "45%", "--from", "2022", "--source", "x"),
        ("set", RATIO, "45%", "--from", "2022-01-01", "--source", "x", "--category", "food"),
        ("withdraw", "1"),
        ("withdraw", "one", "--reason", "x"),
        ("load", "nowhere.toml"),
        ("list", "--on", "today"),
    ],
)
def test_wrong_use_is_exit_code_2(policies, arguments):
    assert policies(*arguments).exit_code == 2


def test_an_unknown_parameter_has_no_history(policies):
    done = policies("history", "ratio")
    assert done.exit_code == 1 and RATIO in done.stderr


def test_a_file_is_checked_loaded_and_written_again(policies, tmp_path):
    own, out = tmp_path / "本市.toml", tmp_path / "导出.toml"
    own.write_text(
        '[[retention_maximum_ratio.values]]\nfrom = 2022-01-01\nvalue = 0.45\nsource = "甲"\n'
        '[[retention_staff_share.limits]]\nfrom = 2022-01-01\nleast = 0.5\nsource = "乙"\n',
        encoding="utf-8",
    )
    dry = policies("load", str(own), "--dry-run")
    assert dry.exit_code == 0 and "可载入2条" in dry.stderr
    assert records(policies("history", "--json")) == []
    assert "已增加2条" in policies("load", str(own)).stderr
    assert "未作改动" in policies("load", str(own)).stderr
    assert policies("export", str(out)).exit_code == 0
    assert "未作改动" in policies("load", str(out)).stderr
    own.write_text("[[retention_maximum_ratio.values]]\nfrom = 2022-01-01\n", encoding="utf-8")
    refused = policies("load", str(own))
    assert refused.exit_code == 1 and "retention_maximum_ratio 第1条取值：缺少“source”" in refused.stderr


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        ("fraction", "0.45", "0.45"),
        ("fraction", "45％", "0.45"),
        ("fraction", "45 %", "0.45"),
        ("fraction", "四成", "四成"),
        ("days", "30", "30"),
        ("offset | zero", "zero", "zero"),
        ("fraction by score", "90：100%，0:0", "[{'floor': 90, 'granted': 1}, {'floor': 0, 'granted': 0}]"),
        ("points by indicator", "payment:40", "[{'indicator': 'payment', 'points': 40}]"),
    ],
)
def test_a_value_is_read_as_people_write_it(unit, text, value):
    def plain(found: object) -> str:
        if isinstance(found, list):
            return str([{k: v if isinstance(v, str) else int(v) for k, v in row.items()} for row in found])
        return str(found)

    assert plain(value_of(unit, text)) == value


def test_a_limit_is_read_as_a_range():
    assert [str(bound) for bound in limit_of("50%..80%")] == ["0.5", "0.8"]
    assert limit_of("..80%")[0] is None and limit_of("50%..")[1] is None
    assert limit_of("80%") == (None, None)
