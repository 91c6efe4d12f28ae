"""The upload way in a real browser, from the files to the receipt and back, as a clerk walks it."""

import re

import pytest

from tests.browser.conftest import visiting
from tests.browser.test_pages import ENGLISH
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS
from tests.serving import ROOT, serving

pytestmark = pytest.mark.browser

SCREENS = [(1366, 768)]
HEAD = "机构编码|采购日期|产品编码|{}|单价(元/盒)|发票号\n"
MISSPELT = HEAD.format("采购数里") + "H001|2022-03-01|A1|10|5.6|1\nH001|2022-03-15|A1|20|5.6|2"
BAD = HEAD.format("数量(盒)") + "H001|2022-02-30|A1|10|5.6|1\nH001|2022-03-15|A1|20|5.6|2"
PUBLISHED = ROOT / "sample_data" / "flawed" / "troublesome" / "batch_list.xlsx"


@pytest.fixture(params=SCREENS, ids=["laptop"])
def clerk(request, browser, tmp_path):
    """A visit to a ledger of its own, which may be written to."""
    from etl.importing import import_files
    from procurement.database import open_database

    url = f"sqlite:///{tmp_path / 'city.db'}"
    engine = open_database(url)
    import_files(engine, [("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST))], by="test")
    engine.dispose()
    width, height = request.param
    with serving(url) as address:
        yield from visiting(browser, address, {"width": width, "height": height})


def upload(visit, path):
    visit.page.locator("input[type=file]").set_input_files(path)
    visit.page.get_by_text("检查结果", exact=False).nth(1).wait_for()
    visit.settle()


def written(folder, name, drawing):
    path = folder / name
    path.write_bytes(xlsx(drawing))
    return path


def press(visit, name):
    visit.page.get_by_role("button", name=re.compile(f"^{name}")).first.click()
    visit.settle()


def is_whole(visit):
    """Nothing foreign, nothing English, nothing that has to be scrolled sideways or is cut."""
    assert visit.complaints == [] and visit.foreign == []
    assert not visit.page.locator("[data-testid=stException]").count()
    assert not ENGLISH.findall(visit.text())
    wide = visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
    for table in visit.page.locator("[data-testid=stDataFrame]").all():
        if table.is_visible():
            shown = table.evaluate(
                "e => { const s = e.querySelector('.dvn-scroller'); return s ? [s.scrollWidth, s.clientWidth] : [0, 0] }"
            )
            assert shown[0] <= shown[1] + 1


def test_from_an_unknown_heading_to_the_receipt_and_back(clerk, tmp_path):
    clerk.open("imports")
    upload(clerk, written(tmp_path, "三月.xlsx", MISSPELT))
    is_whole(clerk)
    clerk.page.get_by_label("采购数里").click()
    clerk.page.get_by_role("option", name=re.compile("建议")).click()
    press(clerk, "按此读取")
    assert "对各月的影响" in clerk.text()
    is_whole(clerk)
    press(clerk, "确认载入")
    assert "已载入1个文件、2行" in clerk.text()
    is_whole(clerk)
    with clerk.page.expect_download(timeout=60_000) as receipt:
        clerk.page.get_by_text("下载回执（打印用）").click()
    assert receipt.value.suggested_filename == "导入回执_3.html"
    assert "三月.xlsx" in receipt.value.path().read_text(encoding="utf-8")
    clerk.page.get_by_role("tab", name="导入记录").click()
    clerk.page.get_by_label("要撤销的导入").click()
    clerk.page.get_by_role("option", name=re.compile("三月")).click()
    clerk.settle()
    is_whole(clerk)
    press(clerk, "确认撤销导入 3")
    assert "已撤销导入 3" in clerk.text()
    is_whole(clerk)


def test_wrong_rows_come_back_marked_in_the_users_own_workbook(clerk, tmp_path):
    clerk.open("imports")
    upload(clerk, written(tmp_path, "三月.xlsx", BAD))
    is_whole(clerk)
    with clerk.page.expect_download(timeout=60_000) as marked:
        clerk.page.get_by_text("下载带标记的工作簿", exact=True).click()
    assert marked.value.suggested_filename == "三月-问题.xlsx"
    assert marked.value.path().read_bytes()[:2] == b"PK"


def test_a_list_is_previewed_with_its_differences(clerk):
    clerk.open("imports")
    upload(clerk, PUBLISHED)
    assert "与台账中现有内容的差异" in clerk.text()
    is_whole(clerk)
