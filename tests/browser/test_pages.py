"""The pages as a reader sees them: Chinese throughout, complete, without a single foreign request."""

import re

import pytest

from dashboard.navigation import PAGES
from tests.browser.conftest import visiting

pytestmark = pytest.mark.browser

ROLE = "official"
SHOWN = [page for page in PAGES if ROLE in page.roles]
ADDRESSES = [page.address for page in SHOWN]
HOSPITAL = (("institution", "H41090200001"),)
OF_OTHERS = [
    (role, scope, page.address)
    for role, scope in (("manager", HOSPITAL), ("administrator", ()))
    for page in PAGES
    if role in page.roles and ROLE not in page.roles
]
"""Pages that an official does not have, with who has them."""
ENGLISH = re.compile(
    r"\b(Choose|options?|No results|Drag|drop|Browse|Upload|Limit|per file|Search|Download|Fullscreen|Running|Stop|Deploy|"
    r"Rerun|Settings|Select all|Clear|View|more|Show|Hide|None|null|NaN|undefined|True|False|yyyy|mm|dd)\b"
)
ATTRIBUTES = ("aria-label", "placeholder", "title", "data-title")


def words_in_attributes(visit) -> str:
    script = "names => [...document.querySelectorAll('*')].flatMap(e => names.map(n => e.getAttribute(n)).filter(Boolean))"
    return "\n".join(visit.page.evaluate(script, list(ATTRIBUTES)))


OF_ALL = [(ROLE, (), address) for address in ADDRESSES] + OF_OTHERS
WIDE = {"width": 1920, "height": 1080}


def path_of(role: str, address: str) -> str:
    """The first page of a role is where its menu begins, whatever its address."""
    return "" if address == next(page.address for page in PAGES if role in page.roles) else address


@pytest.mark.parametrize(("role", "scope", "address"), OF_ALL)
def test_a_page_is_whole(browser, dashboard, tmp_path, role, scope, address):
    for visit in visiting(browser, dashboard, {"width": 1366, "height": 768}, role, scope):
        visit.open(path_of(role, address))
        visit.page.screenshot(path=tmp_path / f"{address or 'overview'}.png", full_page=True)
        require_whole(visit, 1366)
        require_no_figure_cut(visit)
        if address != "imports":  # what an official loads may have any columns
            require_no_sideways_scrolling(visit)


@pytest.mark.parametrize("address", ["", "savings", "settlement"])
def test_a_page_is_whole_on_a_wide_screen(browser, dashboard, address):
    for visit in visiting(browser, dashboard, WIDE):
        visit.open(address)
        require_whole(visit, WIDE["width"])


def require_whole(visit, width):
    assert visit.complaints == []
    assert visit.foreign == []
    assert not ENGLISH.findall(visit.text())
    assert not ENGLISH.findall(words_in_attributes(visit))
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    assert not visit.page.locator("[data-testid=stException]").count()


def require_no_sideways_scrolling(visit):
    tabs = visit.page.get_by_role("tab").all()
    for tab in tabs or [None]:
        if tab is not None:  # what stands in a closed tab is not drawn
            tab.click()
            visit.settle()
        for table in visit.page.locator("[data-testid=stDataFrame]:visible").all():
            inner = "e => e.querySelector('.dvn-scroller')"
            wide, shown = table.evaluate(
                f"e => {{ const s = ({inner})(e); return [s.scrollWidth, s.clientWidth] }}"
            )
            assert wide <= shown + 1


def require_no_figure_cut(visit):
    cut = "e => [...e.querySelectorAll('p')].some(p => p.scrollWidth > p.clientWidth + 1)"
    for card in visit.page.locator("[data-testid=stMetric]").all():
        assert not card.evaluate(cut), card.inner_text()


def test_no_figure_on_a_card_is_cut_where_figures_are_small_or_negative(visit):
    """Longer than those of the city: yuan to the fen, with a sign."""
    for address in ("", "savings", "completion", "retention", "prepayment"):
        visit.open(f"{address}?district=范县&category=consumable&basis=actual")
        require_no_figure_cut(visit)


def test_the_first_visitor_may_come_by_any_address(browser, loaded_puyang, tmp_path):
    from tests.serving import copied, serving

    with serving(copied(loaded_puyang, tmp_path)) as fresh:
        for visit in visiting(browser, fresh, {"width": 1366, "height": 768}):
            visit.open("prices")
            links = visit.page.locator("[data-testid=stSidebarNavLink]").all_inner_texts()
            assert links == [page.title for page in SHOWN]


def test_filters_are_in_the_address_and_stay_on_other_pages(visit):
    visit.open("?district=范县")
    before = visit.page.locator("[data-testid=stMetricValue]").first.inner_text()
    visit.page.get_by_role("link", name="节约成效").click()
    visit.settle()
    assert "/savings" in visit.page.url and "district=" in visit.page.url
    assert visit.page.locator("[data-testid=stMetricValue]").first.inner_text() == before
    visit.page.get_by_text("清除筛选").click()
    visit.settle()
    assert "district" not in visit.page.url
    assert visit.page.locator("[data-testid=stMetricValue]").first.inner_text() != before


def test_the_back_button_takes_a_filter_back(visit):
    visit.open("")
    before = visit.page.locator("[data-testid=stMetricValue]").first.inner_text()
    visit.page.get_by_text("耗材", exact=True).click()
    visit.settle()
    assert visit.page.locator("[data-testid=stMetricValue]").first.inner_text() != before
    visit.page.go_back()
    visit.settle()
    assert "category" not in visit.page.url
    assert visit.page.locator("[data-testid=stMetricValue]").first.inner_text() == before


def test_a_click_in_the_price_table_opens_the_variety(visit):
    visit.open("prices?q=冠脉支架系统")
    table = visit.page.locator("[data-testid=stDataFrame]").first
    box = table.bounding_box()
    visit.page.mouse.click(box["x"] + 16, box["y"] + 38 + 17)
    visit.settle()
    assert "focus=" in visit.page.url
    assert "冠脉支架系统采购均价" in visit.text()


def test_the_menu_and_the_tool_bar_of_a_table_are_chinese(visit):
    visit.open("savings")
    box = visit.page.locator("[data-testid=stDataFrame]").first.bounding_box()
    visit.page.mouse.move(box["x"] + 40, box["y"] + 18)
    bar = visit.page.locator("[data-testid=stElementToolbar]").first
    names = [button.get_attribute("aria-label") for button in bar.locator("button").all()]
    assert names and not any(ENGLISH.search(name or "") for name in names)
    visit.page.mouse.click(box["x"] + 118, box["y"] + 18)
    menu = visit.page.locator("[data-testid=stDataFrameColumnMenu]")
    menu.wait_for()
    # Names of icons are drawn as pictures.
    icons = menu.locator("[data-testid=stIconMaterial]").all_inner_texts()
    words = [word for word in menu.inner_text().split() if word not in icons]
    assert "升序" in words and not [word for word in words if word.isascii()]


def test_streamlits_words_follow_the_language(visit):
    visit.open("imports")
    assert "选择文件" in visit.text()
    visit.page.get_by_text("English", exact=True).click()
    visit.settle()
    assert "lang=en" in visit.page.url
    assert "选择文件" not in visit.text()
    assert visit.page.locator("[data-testid=stFileUploader] button").first.inner_text().isascii()
    visit.page.get_by_text("中文", exact=True).click()
    visit.settle()
    assert "选择文件" in visit.text() and "lang" not in visit.page.url


@pytest.mark.parametrize(
    ("label", "ending"), [("下载汇报幻灯片（PPT）", ".pptx"), ("下载数据（Excel）", ".xlsx")]
)
def test_the_overview_downloads(visit, label, ending):
    visit.open("")
    with visit.page.expect_download(timeout=60_000) as download:
        visit.page.get_by_text(label).click()
    assert download.value.suggested_filename.endswith(ending)
    assert download.value.path().read_bytes()[:2] == b"PK"


def test_a_chart_is_saved_as_a_png_named_after_its_title(visit):
    visit.open("")
    visit.page.locator(".js-plotly-plot").first.hover()
    with visit.page.expect_download() as download:
        visit.page.locator(".modebar-btn[data-title='下载为PNG图片']").first.click()
    assert download.value.suggested_filename == "每月节约金额（万元）.png"
    assert download.value.path().read_bytes()[1:4] == b"PNG"
