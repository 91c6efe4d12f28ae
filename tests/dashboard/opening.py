"""Opens a page as a reader does, without a server: AppTest runs app.py, then the page."""

import os
import re
from functools import cache
from html import unescape
from typing import Any

import pandas as pd
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test

from dashboard.downloads import _offers
from dashboard.navigation import PAGES
from procurement.database import open_database, reading
from procurement.people.permissions import ADMINISTRATOR, BUREAU, MANAGER
from procurement.queries.register import institutions
from tests.people import Scope, user
from tests.serving import ROOT

APP = ROOT / "dashboard" / "app.py"
FILES = [page.file for page in PAGES]
FILES_OF_THE_BUREAU = [page.file for page in PAGES if page.roles & BUREAU]
OFFICIAL = "official"


class PagesOfTheMenu(PagesManager):
    """AppTest would take a folder named pages/ for the menu; dashboard.server rules that out as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        PagesManager.uses_pages_directory = False


# As the server has it (dashboard.server): a tenth of a second for each visit.
config.set_option("runner.postScriptGC", False)
# Which packages bring components (none) is the same for every visit: looking takes a third of a second.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
app_test.PagesManager = PagesOfTheMenu  # type: ignore[misc]


def open_page(
    file: str = "pages/overview.py",
    *,
    role: str = "",
    scope: Scope = (),
    name: str = "",
    **address: str | list[str],
) -> AppTest:
    """The page `file`, as somebody of the role sees it, under an address with these parameters;
    VBP_DATABASE_URL names the ledger. Without a role, an official opens it, or else who can."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    url = os.environ["VBP_DATABASE_URL"]
    if not role:
        role, scope = (OFFICIAL, scope) if scope else someone_for(file, url)
    app.user = user(url, role, scope, name)
    for name, value in address.items():
        app.query_params[name] = value
    # A page's address is the name of its file: AppTest finds it without opening the first page before.
    return app.run() if file == first_page(role) else app.switch_page(file).run()


def someone_for(file: str, url: str) -> tuple[str, Scope]:
    """Role and scope of somebody who may open the page: of a hospital's, the manager of the first one."""
    roles = next(page.roles for page in PAGES if page.file == file)
    if OFFICIAL in roles:
        return OFFICIAL, ()
    if ADMINISTRATOR in roles:
        return ADMINISTRATOR, ()
    return MANAGER, first_hospital(url)


@cache
def first_hospital(url: str) -> Scope:
    engine = open_database(url)
    with reading(engine) as connection:
        codes = institutions(connection)["institution_code"]
    engine.dispose()
    return (("institution", codes.iloc[0]),)


def first_page(role: str) -> str:
    """The page that a role begins with."""
    return next(page.file for page in PAGES if role in page.roles)


def go_to(app: AppTest, file: str, **address: str | list[str]) -> AppTest:
    """Another page of the same visit, as the menu opens it: with no more in the address than is said here."""
    app.query_params.clear()
    for name, value in address.items():
        app.query_params[name] = value
    return app.switch_page(file).run()


def problems(app: AppTest) -> list[str]:
    return [f"{shown.message}\n{''.join(shown.stack_trace)}" for shown in app.exception]


SENTENCES = ("title", "markdown", "caption", "info", "warning", "error", "success")


def words(app: AppTest) -> str:
    """Everything that the page says in sentences."""
    return "\n".join(str(part.value) for kind in SENTENCES for part in app.main.get(kind))


def cards(app: AppTest) -> dict[str, str]:
    """Key figures by their labels."""
    return {metric.label: metric.value for metric in app.metric}


def tables(app: AppTest) -> list[pd.DataFrame]:
    """The tables of the page, from top to bottom."""
    return [frame.value for frame in app.dataframe]


def downloads(app: AppTest) -> list[str]:
    """The files that the page offers, by the words on their buttons."""
    found = [re.search(r'class="vbp-export[^>]*>([^<]*)</a>', html.proto.body) for html in app.get("html")]
    return [unescape(match.group(1)) for match in found if match]


def taken(app: AppTest, text: str) -> bytes:
    """The file behind the button with these words, made as the server makes it: outside of the page."""
    link = r'class="vbp-export[^>]*href="\./export/([^"]*)"[^>]*>([^<]*)</a>'
    found = [re.search(link, html.proto.body) for html in app.get("html")]
    token = next(match.group(1) for match in found if match and unescape(match.group(2)) == text)
    offer = next(offers[token] for offers in list(_offers.values()) if token in offers)
    return offer.make()
