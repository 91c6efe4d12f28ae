"""What a workbook calls a hospital or a variety is shown, never obeyed."""

import re
from datetime import date

import pytest
from sqlalchemy import update
from sqlmodel import col

from dashboard.navigation import PAGES
from procurement.database import writing
from procurement.tables import Institution, Variety
from tests.dashboard.opening import open_page, problems
from tests.small_ledger import fill, purchase

NASTY = "<a href='http://x.example'>甲</a> ![](http://x.example/y.png) $1$"
MAY_SEE = {"official": (), "administrator": (), "manager": (("institution", "H1"),)}
"""Roles that between them open every page, and their scopes."""
OBEYED = re.compile(r"(?<!\\)(<a|!\[|\$1)")


@pytest.fixture(autouse=True)
def nasty_ledger(sqlite_ledger, monkeypatch):
    fill(
        sqlite_ledger,
        purchase(1, date(2021, 3, 5), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000),
    )
    with writing(sqlite_ledger) as connection:
        connection.execute(update(Institution).where(col(Institution.code) == "H1").values(name=NASTY))
        connection.execute(update(Variety).values(name=NASTY))
    monkeypatch.setenv("VBP_DATABASE_URL", sqlite_ledger.url.render_as_string(hide_password=False))


ADDRESSES = ({}, {"institution": "H1"}, {"focus": f"{NASTY}｜B｜1"}, {"focus": f"{NASTY}｜B"})
OPENED = [(page, at) for page in PAGES for at in range(len(ADDRESSES)) if page.has_filters or not at]
"""Each page, and those that the filters apply to also under an address that names something nasty."""


@pytest.mark.parametrize(("entry", "at"), OPENED, ids=[f"{page.address}-{at}" for page, at in OPENED])
def test_a_name_from_a_workbook_stays_text(entry, at):
    address = ADDRESSES[at]
    role = next(role for role in MAY_SEE if role in entry.roles)
    app = open_page(entry.file, role=role, scope=MAY_SEE[role], **address)
    assert problems(app) == []
    said = [*app.markdown, *app.caption, *app.info]
    assert not [text.value for text in said if OBEYED.search(str(text.value))]
    assert not [chart for chart in app.get("plotly_chart") if "<a href" in chart.proto.spec]
    assert not [html for html in app.get("html") if "<a href='" in html.proto.body]


def test_a_name_in_the_search_stays_text():
    app = open_page("pages/prices.py", q=NASTY[:6] + "没有")
    assert not OBEYED.search(app.info[0].value)
