"""One example of every kind of problem: what brings it about, that it says so, and that it stops what it should."""

import re
from collections.abc import Callable

import pytest

import etl.problem_kinds  # noqa: F401  fills KINDS
from etl.importing import import_files
from etl.problems import KINDS, Loudness, Problem
from etl.reading.process import ReadingProcess
from etl.recognising import recognise
from etl.template_version import VERSIONS, version_mark
from procurement import ledger
from tests.etl.books import xlsx
from tests.etl.conftest import INSTITUTIONS, Load
from tests.etl.reading import codes

pytestmark = pytest.mark.usefixtures("no_grain")

BUY = "机构编码|采购日期|产品编码|数量|单位|单价|金额\n"
LIST = "批次|类别|品种|产品编码|规格|转换比|最小单位|生产企业|集采前价格|中选价|计价单位|执行日期|截止日期|中选状态\n"
WON = "八批|药品|丁片|D1|10mg|10|片|庚厂|30|12|盒|2022-01-01|2023-12-31|中选\n"
VOLUME = "机构编码|批次|品种|产品编码|协议年度|报量|约定采购量|单位\n"
SHARED = "机构编码|年度|包干方式|参保人数|年度预算|实际基金支出\n"
UNTITLED = "采购日期|产品编码|数量|单位|单价\n2022-03-15|A1|1|盒|5.6"


def bought(**cells: object) -> str:
    usual = {
        "who": "H001",
        "day": "2022-03-15",
        "code": "A1",
        "quantity": 10,
        "unit": "盒",
        "price": 5.6,
        "amount": "",
    }
    return BUY + "|".join(str(value) for value in (usual | cells).values())


def won(old: str, new: str) -> str:
    assert old in WON
    return LIST + WON.replace(old, new, 1)


def templated(version: int) -> bytes:
    """A file that was filled into a template of another version."""
    mark = version_mark("purchases").rpartition("/")[0]
    return xlsx(bought(), f"模板版本：{mark}/{version}", names=["明细", "说明"])


NO_DATES = "药品通用名|规格包装|生产企业|中选价格\n丁片|10mg*10片/盒|庚厂|12"
SUPPLIED = (LIST + WON).replace("|中选状态", "|供应省份").replace("|中选\n", "|浙江\n")

NAMED = "机构编码|采购日期|产品编码|产品名称|规格|生产企业|数量|单位|单价\n"
REGISTERED_WORDS = "甲口服常释|20mg*14片|甲厂|1|盒|5.6"
OTHER_WORDS = "己庚颗粒|3g*10袋|无名药厂|1|盒|20"

BOOKS: dict[str, str | bytes] = {
    # STOP
    "not-a-workbook": b"%PDF \x00",
    "password": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
    "unclosed-quote": '编码,名称\nA1,"甲\nA2,乙\n'.encode(),
    "cell-too-long": b"A1," + b"0" * 1_000_001 + b"\nA2,1\n",
    "declares-entities": b'<?xml version="1.0"?><!DOCTYPE Workbook [<!ENTITY a "b">]>'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "not-recognised": "姓名 | 工号\n甲 | 1",
    "missing-column": "采购日期 | 产品编码 | 单价\n2022-03-15 | A1 | 5.6",
    "duplicate-heading": BUY.replace("金额", "数量") + "H001|2022-03-15|A1|1|盒|5.6|1",
    "no-rows": BUY,
    "nothing-left": bought(day="昨天"),
    "institution-missing": UNTITLED,
    "institution-unclear": "示例市第一医院和示例市中医医院 | | | |\n" + UNTITLED,
    "institution-unclear-below": (
        "示例市第一医院 | | | |\n" + UNTITLED + "\n示例市中医医院合计 | | 1 | |\n2022-03-16|A1|1|盒|5.6"
    ),
    "institution-not-registered": bought(),
    "not-in-scope": bought(who="H002"),
    "kind-not-allowed": LIST + WON,
    "prices-in-ten-thousands": "单位：万元|||||||||||||\n" + LIST + WON,
    "answer-needed": NO_DATES,
    "answer-unreadable": NO_DATES,
    "answer-unknown": NO_DATES,
    "volume-in-money": VOLUME.replace("约定采购量", "约定采购量（万元）") + "H001|七批|甲口服常释|A1|1||700|",
    "institutions-across": "品种 | 规格 | 示例市第一医院 | 示例市中医医院\n甲口服常释 | 20mg | 100 | 200",
    # SKIP
    "empty-cell": bought(day=""),
    "error-cell": bought(price="=1/0"),
    "not-a-number": bought(price="面议"),
    "not-whole": won("|10|", "|几片|"),
    "not-positive": (LIST + WON).replace("|中选状态", "|折算系数").replace("|中选\n", "|0\n"),
    "number-too-large": bought(price="10000000.01"),
    "not-a-code": bought(code="A1、A2"),
    "code-lost-digits": bought(code="'8.69E+13"),
    "not-a-date": bought(day="昨天"),
    "impossible-date": bought(day="2022-02-29"),
    "ambiguous-month": bought(day="2022.1"),
    "unknown-word": won("药品", "百货"),
    "not-a-share": "支付比例 | 机构编码\n1.7 | H001",
    "score-out-of-range": "机构编码 | 批次 | 协议年度 | 考核得分\nH001 | 七批 | 1 | 101",
    "not-a-calendar-year": SHARED + "H001|2022-2023|按人头包干|100||1000",
    "amount-negative": SHARED + "H001|2022|按人头包干|100||-1000",
    "no-budget-basis": SHARED + "H001|2022|按人头包干|||1000",
    "not-an-agreement-year": VOLUME + "H001|七批|甲口服常释|A1|2022|1000|700|片",
    "unknown-institution": bought(who="H404"),
    "other-institution": bought(who="H002"),
    "unknown-batch": VOLUME + "H001|零批|甲口服常释|A1|1|1000|700|片",
    "unknown-variety": VOLUME + "H001|七批|丙片|A1|1|1000|700|片",
    "unknown-product": VOLUME + "H001|七批|甲口服常释|A404|1|1000|700|片",
    "unknown-unit": bought(unit="桶"),
    "fraction-of-unit": bought(quantity=0.3),
    "pack-size-unknown": won("|10|", "||"),
    "pack-size-unclear": VOLUME + "H001|乙批|丁片||1|1000|700|盒",
    "end-before-start": won("2023-12-31", "2021-12-31"),
    "price-not-positive": won("|12|", "|0|"),
    "price-negative": bought(price=-5.6),
    "volume-negative": VOLUME + "H001|七批|甲口服常释|A1|1|1000|-700|片",
    "price-missing": bought(price=""),
    "sign-differs": bought(amount=-56),
    "duplicate-row": LIST + WON + WON,
    "repeated-on-other-sheet": xlsx(
        bought(), bought() + "\nH001|2022-03-16|A1|10|盒|5.6|", names=["三月", "全部"]
    ),
    "sum-of-other-sheet": xlsx(
        bought() + "\n" + bought(day="2022-03-16").removeprefix(BUY),
        bought(day="2022-03-31", quantity=20),
        names=["明细", "汇总"],
    ),
    "overlapping-award": LIST + WON + WON.replace("2022-01-01", "2022-06-01"),
    "batch-differs": LIST + WON + WON.replace("药品", "耗材").replace("D1", "D2"),
    "product-differs": LIST + WON + WON.replace("八批", "九批").replace("|10|", "|12|"),
    "variety-price-differs": (LIST + WON + WON.replace("D1", "D2").replace("|30|", "|31|")).replace(
        "集采前价格", "品种集采前价格"
    ),
    "already-loaded": bought(),
    "ratio-limited": "支付比例 | 险种\n70% | 职工医保",
    "row-void": BUY.replace("金额", "单据状态") + "H001|2022-03-15|A1|1|盒|5.6|已作废",
    "return-unclear": BUY.replace("金额", "备注") + "H001|2022-03-15|A1|1|盒|5.6|含上月退货",
    "returned-beside": BUY.replace("金额", "退货数量") + "H001|2022-03-15|A1|1|盒|5.6|1",
    "variety-split": LIST
    + (WON + WON.replace("D1", "D2").replace("丁片", "新丁片"))
    .replace("八批", "乙批")
    .replace("丁片", "大丁片"),
    "units-contradict": bought(quantity="10盒", unit="片"),
    "listed-already": "批次 | 品种 | 产品编码 | 规格\n七批 | 甲口服常释 | A1 | 20mg*14片",
    "not-of-a-batch": (LIST + WON).replace("|中选状态", "|是否集采中选药品").replace("|中选\n", "|否\n"),
    "several-makers": won("庚厂", "庚药业有限公司、辛药业有限公司"),
    "price-off-by-scale": bought(price=0.00056, amount=0.0056),
    "unit-stated-below": bought(amount=56) + "\n注：金额单位为万元||||||",
    "not-purchases": xlsx(bought(), names=["出库明细"]),
    # MENTION
    "supply-area-not-applied": SUPPLIED,
    "supply-area-unclear": SUPPLIED.replace("浙江", "各联盟地区"),
    "answer-differs": LIST + WON,
    "variety-by-name": (LIST + WON).replace("|品种|", "|产品名称|"),
    "not-in-new-list": LIST + WON,
    "area-total-differs": VOLUME.replace("机构编码", "机构名称")
    + "示例市第一医院|七批|甲口服常释||1|1000|700|片\n全市|七批|甲口服常释||1|1000|800|片",
    "area-totals-kept": VOLUME.replace("机构编码", "机构名称")
    + "示例市第一医院|七批|甲口服常释||1|1000|700|片\n全市|七批|甲口服常释||1|1000|700|片",
    "two-prices-differ": (LIST + WON).replace("|中选状态", "|最小规格价格").replace("|中选\n", "|0.12\n"),
    "old-template": templated(VERSIONS["purchases"] - 1),
    "newer-template": templated(VERSIONS["purchases"] + 1),
    "unread-column": BUY.replace("金额", "星座") + "H001|2022-03-15|A1|1|盒|5.6|白羊",
    "hidden-sheet": xlsx(bought(), bought(), names=["旧版", "明细"], hidden=["旧版"]),
    "sheet-passed-over": xlsx(
        bought(), "采购日期 | 数量 | 单价\n2022-03-15 | 1 | 5.6", names=["明细", "汇总"]
    ),
    "other-kind-of-sheet": xlsx(bought(), INSTITUTIONS, names=["明细", "名录"]),
    "example-row": "序号|机构编码|采购日期|产品编码|数量|单位|单价\n示例行|H001|2022-03-15|A1|1|盒|5.6\n1|H001|2022-03-16|A1|1|盒|5.6",
    "amounts-scaled": "单位:万元||||||\n" + bought(amount=0.0056),
    "unit-assumed-pack": "机构编码|采购日期|产品编码|数量|单价\nH001|2022-03-15|A1|1|5.6",
    "unit-assumed-base": VOLUME.replace("|单位", "") + "H001|七批|甲口服常释||1|1000|700",
    "price-per-ten-thousand": bought(quantity=1, unit="万片", price=4000),
    "wrong-weekday": bought(day="2022-03-15 星期三"),
    "amount-rounded": bought(amount=56.1),
    "amount-differs": bought(amount=65),
    "token-price": bought(price=0.01),
    "agreed-above-reported": VOLUME + "H001|七批|甲口服常释|A1|1|700|1000|片",
    "name-differs": BUY.replace("金额", "机构名称") + "H001|2022-03-15|A1|1|盒|5.6|市一院",
    "return-negated": BUY.replace("金额", "业务类型") + "H001|2022-03-15|A1|1|盒|5.6|采购退货",
    "price-in-yuan": "单位：万元||||||\n" + bought(),
    "price-scaled": "单位：万元||||||\n" + bought(price=0.00056, amount=0.0056),
    "price-other-unit": bought(quantity=1400, unit="片", amount=560),
    "baseline-below-award": won("|30|", "|3|"),
    "drop-differs": (LIST + WON).replace("|中选状态", "|降幅").replace("|中选\n", "|90%\n"),
    "pack-size-not-as-spec": won("|10mg|", "|10mg*12片/盒|"),
    "matched-without-code": NAMED + "H001|2022-03-15||" + REGISTERED_WORDS,
    "outside-catalogue": NAMED + "H001|2022-03-15||" + OTHER_WORDS,
    "code-unknown-but-alike": NAMED + "H001|2022-03-15|A9|" + REGISTERED_WORDS,
    "twin-without-code": NAMED + "H001|2022-04-15|Z1|" + OTHER_WORDS,
    "total-differs": bought(amount=56) + "\n合计|||20|||112",
    "date-completed": "2022年采购明细|||||\n机构编码|月份|产品编码|数量|单位|单价\nH001|5|A1|1|盒|5.6",
    "filled-down": bought() + "\n|2022-03-16|A1|10|盒|5.6|",
    "unit-beside-figure": bought(quantity="10盒", unit=""),
    "leading-zeros-restored": bought(code="123"),
    "price-other-reading": bought(price=0.4),
    "pack-size-not-as-listed": BUY.replace("金额", "转换比") + "H001|2022-03-15|A1|1|盒|5.6|28",
}

OPTIONS: dict[str, dict[str, object]] = {
    "already-loaded": {"mode": "add"},
    "nothing-left": {"skip_bad_rows": True},
    "institution-not-registered": {"institution": "H404"},
    "not-in-scope": {"scope": ("H001",)},
    "kind-not-allowed": {"kinds": frozenset({"purchases"})},
    "other-institution": {"institution": "H001"},
    "answer-unreadable": {"answers": {"execution_date": "明年"}},
    "answer-unknown": {"answers": {"executed_on": "2022-01-01"}},
    "answer-differs": {"answers": {"batch": "九批"}},
    "supply-area-unclear": {"answers": {"province": "河南"}},
}

TWO_PACKS = LIST + (WON + WON.replace("D1", "D2").replace("|10|", "|12|")).replace("八批", "乙批")
BEFORE: dict[str, str] = {
    "pack-size-unclear": TWO_PACKS,
    "variety-split": TWO_PACKS,
    "twin-without-code": NAMED + "H001|2022-03-15||" + OTHER_WORDS,
    "not-in-new-list": LIST + WON + WON.replace("D1", "D2"),
    "leading-zeros-restored": LIST + WON.replace("D1", "'00123"),
    "already-loaded": bought() + "\n" + bought(day="2022-04-15").removeprefix(BUY),
}


@pytest.mark.parametrize("code", BOOKS)
def test_every_kind_of_problem_is_told_when_it_happens(load: Load, code):
    if code in BEFORE:
        assert load(BEFORE[code]).status == "loaded"
    if code == "variety-split":
        assert load(VOLUME + "H001|乙批|丁片||1|1000|700|片").status == "loaded"
    report = load(BOOKS[code], **OPTIONS.get(code, {}))
    assert code in codes(report)
    assert (report.status != "problems") == all(p.kind.loudness is Loudness.MENTION for p in report.problems)
    for problem in report.problems:
        assert is_complete(problem), problem.sentence()


def is_complete(problem: Problem) -> bool:
    """All placeholders are filled, none with nothing, and both parts are sentences."""
    empty = re.search(r"[{}]|None|nan|<NA>|NaT", problem.sentence())
    return not empty and problem.message.endswith(("。", "？")) and problem.remedy.endswith("。")


def too_large(load: Load, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VBP_LIMIT_UNPACKED_MEGABYTES", "0")
    return load(bought())


def failed(load: Load, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledger, "rebuild", None)
    return load(bought())


def headings_said(mapping: dict[str, str]) -> Callable:
    """A person's word on the headings of a file that is fine."""

    def read(load: Load, monkeypatch: pytest.MonkeyPatch):
        known = recognise(("测试.xlsx", xlsx(bought())), mapping=mapping)
        assert all(is_complete(problem) for problem in known.problems)
        return known

    return read


def limited(name: str, value: int) -> Callable:
    """A usual file under a limit that is too low for it."""

    def read(load: Load, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv(f"VBP_LIMIT_{name.upper()}", str(value))
        with ReadingProcess() as reader:
            known = reader.recognise(("测试.xlsx", xlsx(bought())))
        assert all(is_complete(problem) for problem in known.problems)
        return known

    return read


def crashed(load: Load, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    return limited("seconds", 60)(load, monkeypatch)


MIXED = BUY + "H001|2022-03-15|Y0001|1|盒|9|\nH001|2022-03-15|A1|1|盒|5.6|\nH001|2022-03-15|C1|1|套|590|"


def after(earlier: str, later: str, **options: object) -> Callable:
    """A file of purchases for months that have some already."""

    def read(load: Load, monkeypatch: pytest.MonkeyPatch):
        assert load(earlier).status == "loaded"
        report = load(later, **options)
        assert all(is_complete(problem) for problem in report.problems)
        return report

    return read


def two_in_one_go(load: Load, monkeypatch: pytest.MonkeyPatch):
    folder = [(f"{day}.xlsx", xlsx(bought(day=day))) for day in ("2022-03-15", "2022-03-16")]
    city = load.__closure__[0].cell_contents  # type: ignore[attr-defined]
    report = import_files(city, folder)[1]
    assert all(is_complete(problem) for problem in report.problems)
    return report


STAGED: dict[str, Callable] = {
    "lines-withdrawn": after(bought(), bought(day="2022-03-16", code="B1")),
    "category-unknown-kept": after(MIXED, bought(quantity=2)),
    "preview-outdated": after(bought(), bought(code="B1"), mode="add", expected_version=1),
    "covered-in-same-go": two_in_one_go,
    "file-too-large": limited("file_megabytes", 0),
    "too-many-parts": limited("members", 3),
    "sheet-too-large": limited("cells", 5),
    "too-many-columns": limited("columns", 3),
    "reading-too-slow": limited("seconds", 0),
    "reading-needs-memory": limited("memory_megabytes", 1),
    "reading-crashed": crashed,
    "too-large": too_large,
    "failed": failed,
    "heading-mapped": headings_said({"金额": ""}),
    "mapped-heading-missing": headings_said({"星座": ""}),
    "mapped-field-unknown": headings_said({"金额": "batch"}),
}


@pytest.mark.parametrize("code", STAGED)
def test_limits_and_failures_are_told_too(load: Load, monkeypatch, code):
    assert codes(STAGED[code](load, monkeypatch)) == [code]


def test_a_file_that_is_not_there_is_told(city, tmp_path):
    assert codes(import_files(city, [str(tmp_path / "nowhere.xlsx")])[0]) == ["file-not-found"]


def test_every_kind_has_its_example_here():
    by_the_months = {
        "amount-jump",
        "month-closed",
    }  # tests/etl/test_modes.py, tests/etl/test_closed_months.py
    assert set(BOOKS) | set(STAGED) | {"file-not-found"} | by_the_months == set(KINDS)


def test_codes_are_words_with_hyphens():
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in KINDS)
