"""The page of products without a code: a person compares, decides, and takes it back."""

import pytest

from etl.importing import import_files
from procurement.database import open_database, reading
from procurement.queries.matches import decisions
from tests.dashboard.opening import cards, open_page, problems, tables, words
from tests.etl.books import xlsx
from tests.etl.conftest import INSTITUTIONS
from tests.etl.test_matching import ALONE, EXACT, NEAR, REGISTERED, bought

PAGE = "pages/matching.py"


@pytest.fixture
def city(empty_ledger, monkeypatch):
    """A purchase file without codes, then the list whose products it bought."""
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    engine = open_database(empty_ledger)
    books = {"机构.xlsx": INSTITUTIONS, "采购.xlsx": bought(EXACT, NEAR, ALONE), "九批.xlsx": REGISTERED}
    for name, book in books.items():
        assert import_files(engine, [(name, xlsx(book))])[0].status == "loaded"
    engine.dispose()
    return empty_ledger


def opened(row: int | None = None, table: str = "match_table_0", lang: str = "zh"):
    """The page, with a row of a table chosen."""
    app = open_page(PAGE, lang=lang)
    if row is not None:
        app.session_state[table] = {"selection": {"rows": [row], "columns": [], "cells": []}}
        app.run()
    assert problems(app) == []
    return app


def click(app, label: str):
    button = next(button for button in app.main.button if button.label.startswith(label))
    app = button.click().run()
    assert problems(app) == []
    return app


def decided(url: str) -> list[tuple]:
    with reading(open_database(url)) as connection:
        rows = decisions(connection)
    return list(zip(rows["provisional_name"], rows["product_code"], rows["match_decision"], strict=True))


def row_of(app, name: str) -> int:
    return list(tables(app)[0]["provisional_name"]).index(name)


def test_proposals_are_listed_with_counts_and_amounts(city):
    app = opened()
    assert cards(app)["待确认产品"] == "2"
    assert cards(app)["目录外金额"] == "381.00元"
    assert set(tables(app)[0]["product_name"].dropna()) == {"丙丁他汀钙片", "戊己注射液"}


def test_a_chosen_row_is_compared_and_confirmed(city):
    app = opened()
    app = opened(row_of(app, "戊己注射液"))
    assert "企业写法不同" in words(app) and "深圳示泰药业股份有限公司" in words(app)
    app = click(app, "确认是同一产品")
    assert "已确认1个产品" in words(app)
    assert decided(city) == [("戊己注射液", "N3", "confirmed")]
    # the next product is in its row now, and is not chosen
    assert "确认是同一产品" not in [button.label for button in app.main.button]


def test_a_pair_is_rejected_and_the_decision_revoked(city):
    app = opened()
    click(opened(row_of(app, "戊己注射液")), "不是同一产品")
    assert decided(city) == [("戊己注射液", "N3", "rejected")]
    app = click(opened(0, "decision_table_0"), "撤回")
    assert "已撤回1项决定" in words(app)
    assert decided(city) == []


def test_all_that_are_written_alike_are_confirmed_at_once(city):
    app = click(opened(), "确认全部写法完全一致的1个产品")
    assert [pair[1:] for pair in decided(city)] == [("N1", "confirmed")]
    assert cards(app)["待确认产品"] == "1"


def test_a_product_that_is_near_to_none_says_what_helps(city):
    app = opened()
    assert "没有与该产品相近的产品" in words(opened(row_of(app, "己庚颗粒")))


def test_a_ledger_without_such_products_says_so(empty_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    import_files(open_database(empty_ledger), [("机构.xlsx", xlsx(INSTITUTIONS))])
    assert "没有待确认的产品" in words(opened())


def test_an_empty_ledger_says_what_to_do_first(empty_ledger, monkeypatch):
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    assert "下载模板" in words(opened())
