"""A real Chromium before the dashboard of the sample city; skipped, and saying so, where there is none."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.people import Scope, token_of
from tests.serving import Address, copied, find_browser, serving

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RUN_ENDED = "[data-testid=stApp][data-test-script-state=notRunning]"
PATIENCE = 60_000
LOOKS = 3
"""How often in a row a page must be seen with the same words."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium, Chrome or Edge is installed: the pages are not looked at in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def dashboard(browser, loaded_puyang, tmp_path_factory) -> Iterator[Address]:
    """The address of the sample city's dashboard. Asks for the browser first: no server without one."""
    with serving(copied(loaded_puyang, tmp_path_factory.mktemp("browsed"))) as address:
        yield address


@dataclass
class Visit:
    """One tab, and what went wrong in it."""

    page: Page
    address: Address
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")
        self.settle()

    def settle(self) -> None:
        """Until the page has run and drawn, and stays as it is: a busy machine draws late."""
        self.page.wait_for_selector(RUN_ENDED, timeout=PATIENCE)
        self.page.wait_for_selector("h1", timeout=PATIENCE)
        seen = ["", self.text()]
        while len(seen) < LOOKS or len(set(seen[-LOOKS:])) > 1:
            self.page.wait_for_timeout(350)
            self.page.wait_for_selector(RUN_ENDED, timeout=PATIENCE)
            seen.append(self.text())

    def text(self) -> str:
        return self.page.inner_text("body")


@pytest.fixture
def visit(browser, dashboard) -> Iterator[Visit]:
    """A reader with a Chinese browser on a laptop."""
    yield from visiting(browser, dashboard, {"width": 1366, "height": 768})


def visiting(
    browser: Browser, address: Address, screen: dict, role: str = "official", scope: Scope = ()
) -> Iterator[Visit]:
    """A new tab of somebody of the role, signed in; what the browser has loaded for earlier ones it keeps."""
    visit = Visit(
        signed_in(browser, address, screen["width"], screen["height"], role, scope).new_page(), address
    )
    ours = (address, address.replace("http", "ws", 1), "data:", "blob:")

    def hear(message) -> None:  # type: ignore[no-untyped-def]
        if message.type in ("error", "warning"):
            visit.complaints.append(f"{message.type}: {message.text}")

    visit.page.on("console", hear)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on(
        "request", lambda request: request.url.startswith(ours) or visit.foreign.append(request.url)
    )
    yield visit
    visit.page.close()


@cache
def signed_in(
    browser: Browser, address: Address, width: int, height: int, role: str, scope: Scope
) -> BrowserContext:
    """A browser of somebody of the role, for the whole session."""
    screen = {"width": width, "height": height}
    context = browser.new_context(viewport=screen, locale="zh-CN", accept_downloads=True)  # type: ignore[arg-type]
    token = token_of(address.ledger, role, scope)
    context.add_cookies([{"name": "vbp_sign_in", "value": token, "url": str(address)}])
    return context
