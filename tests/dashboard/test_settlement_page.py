"""结算办理 and 结余测算: what an official sees and does, step by step."""

from datetime import date

import pytest
from sqlmodel import Session

from procurement.database import open_database, reading, writing
from procurement.ledger import rebuild
from procurement.queries.settlements import settlements
from tests.dashboard.opening import cards, open_page, problems, tables, words
from tests.small_ledger import another_import, fill, purchase

SETTLING, WORKING = "pages/settlement.py", "pages/working.py"


@pytest.fixture
def city(empty_ledger, monkeypatch):
    """Worked example A of the reference, its year over."""
    monkeypatch.setenv("VBP_DATABASE_URL", empty_ledger)
    engine = open_database(empty_ledger)
    fill(
        engine,
        purchase(1, date(2021, 3, 10), 60_000, 24_000),
        purchase(2, date(2021, 4, 10), 10_000, 18_000, row=4),
        purchase(1, date(2022, 1, 5), 100, 40, row=5),
    )
    engine.dispose()
    return empty_ledger


def opened(file: str, **address: str):
    app = open_page(file, **address)
    assert problems(app) == []
    return app


def click(app, label: str):
    app = next(b for b in app.main.button if b.label.startswith(label)).click().run()
    assert problems(app) == []
    return app


def choose(app, name: str):
    app.session_state["settlement_action"] = name
    app = app.run()
    assert problems(app) == []
    return app


def states(url: str) -> list[str]:
    with reading(open_database(url)) as connection:
        return list(settlements(connection)["settlement_state"])


def confirmed(url: str):
    app = click(opened(SETTLING), "起草")
    app = click(opened(SETTLING, name="second-official"), "审核")  # not who drafted it
    assert states(url) == ["reviewed"]
    button = next(b for b in app.main.button if b.label.startswith("确认"))
    assert button.disabled  # until it is said that the figures were checked
    app = app.main.checkbox[0].check().run()
    return click(app, "确认（")


def test_the_next_step_is_offered_until_all_is_paid(city):
    app = confirmed(city)
    assert "已确认1项，留用金额合计53,900.00元" in words(app)
    assert cards(app)["已确认"] == "1项"
    app = app.main.checkbox[0].check().run()
    click(app, "登记拨付（")
    assert states(city) == ["paid"]


def test_a_step_without_rows_says_so(city):
    app = choose(opened(SETTLING), "correct")
    assert "没有可以“更正”的项" in words(app)


def test_a_difference_is_shown_and_corrected_with_a_reason(city):
    confirmed(city)
    engine = open_database(city)
    with Session(engine) as session:
        session.add(another_import())
        session.add(purchase(2, date(2021, 5, 10), 1_000, 2_000, row=6))
        session.commit()
    with writing(engine) as connection:
        rebuild(connection)
    app = choose(opened(SETTLING), "correct")
    assert cards(app)["确认后有变动"] == "1项"
    assert tables(app)[0]["difference_amount"].tolist() == [-700.0]
    assert next(b for b in app.main.button if b.label.startswith("更正")).disabled
    app = app.main.text_input(key="reason_correct").input("漏报非中选采购").run()
    click(app, "更正（")
    assert states(city) == ["confirmed", "draft"]


def test_who_drafted_a_settlement_does_not_review_it(city):
    app = click(opened(SETTLING), "起草")
    app = click(app, "审核")
    assert "1项没有办理" in words(app)
    assert "另一位经办人员" in tables(app)[0]["outcome_reason"].iloc[0]
    assert states(city) == ["draft"]


def test_a_refused_settlement_is_listed_with_its_reason(city):
    app = click(opened(SETTLING), "起草")
    engine = open_database(city)
    with Session(engine) as session:
        session.add(purchase(2, date(2021, 5, 10), 1_000, 2_000, row=6))
        session.commit()
    with writing(engine) as connection:
        rebuild(connection)
    app = click(opened(SETTLING, name="second-official"), "审核（")
    assert "1项没有办理" in words(app)
    assert "53,200.00" in tables(app)[0]["outcome_reason"].iloc[0]
    assert states(city) == ["draft"]


def test_the_working_tells_every_step_and_the_rows_of_the_file(city):
    app = opened(WORKING)
    told = words(app)
    assert "140,000.00元" in told and "53,900.00元" in told and "尚未结算" in told
    shown = [frame for frame in tables(app) if "row_number" in frame]
    assert shown[0]["row_number"].tolist() == [3, 4]
    assert set(shown[0]["file_name"]) == {"a.xlsx"}
    assert shown[0]["paid_amount"].sum() == 42_000.0


def test_a_settled_working_shows_what_was_frozen_until_asked_for_now(city):
    confirmed(city)
    app = opened(WORKING)
    assert "结算编号1" in words(app) and "尚未结算" not in words(app)
    assert app.main.get("button_group")
    app = opened(WORKING, version="now")
    assert problems(app) == []
