"""The first start: secrets that only the service can read, the first administrator, the demo's roles."""

import stat

import pytest

from dashboard import demo_roles, first_start, ledger
from dashboard.service_secrets import secrets_file, service_secrets
from procurement.database import open_database, writing
from procurement.people import accounts, signing_in
from procurement.people.accounts import AccountRefused
from procurement.people.passwords import PasswordRefused
from tests.people import PASSWORD
from tests.small_ledger import fill


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A small ledger that this process serves, and its address."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    engine = open_database(url)
    fill(engine)
    monkeypatch.setenv("VBP_DATABASE_URL", url)
    yield engine, url
    engine.dispose()


# --- Secrets ---------------------------------------------------------------------------------------


def test_secrets_are_made_once_and_only_the_service_can_read_them(served):
    _engine, url = served
    made = service_secrets(url)
    assert service_secrets(url) == made
    assert len(made.cookie) == 64
    assert stat.S_IMODE(secrets_file(url).stat().st_mode) == 0o600


def test_secrets_that_others_can_read_stop_the_start(served):
    _engine, url = served
    service_secrets(url)
    secrets_file(url).chmod(0o644)
    with pytest.raises(LookupError, match="600"):
        service_secrets(url)


def test_two_services_have_different_secrets(tmp_path):
    one, two = (service_secrets(f"sqlite:///{tmp_path / name}") for name in ("a.db", "b.db"))
    assert one.cookie != two.cookie and one.setup_code != two.setup_code


def test_secrets_may_be_kept_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("VBP_SECRETS", str(tmp_path / "kept" / "secrets.json"))
    service_secrets("postgresql://vbp@/vbp")
    assert (tmp_path / "kept" / "secrets.json").exists()


# --- The first administrator -----------------------------------------------------------------------


def test_nobody_is_administrator_until_somebody_with_the_code_makes_one(served):
    engine, url = served
    assert first_start.is_open()
    with pytest.raises(AccountRefused, match="启动码"):
        first_start.make("0000-0000-0000-0000", "boss", PASSWORD)
    with pytest.raises(PasswordRefused, match="10"):
        first_start.make(service_secrets(url).setup_code, "boss", "short")
    first_start.make(service_secrets(url).setup_code, "boss", PASSWORD)
    assert not first_start.is_open()
    assert signing_in.sign_in(engine, "boss", PASSWORD, "127.0.0.1")


def test_the_code_is_of_no_use_once_there_is_an_administrator(served):
    engine, url = served
    accounts.add(engine, "boss", "administrator", by="test", password=PASSWORD)
    with pytest.raises(AccountRefused, match="启动码"):
        first_start.make(service_secrets(url).setup_code, "other", PASSWORD)


def test_an_administrator_of_the_demo_does_not_count(served):
    engine, _url = served
    accounts.add(engine, "demo-administrator", "administrator", by="demo", is_demo=True)
    assert first_start.is_open()


# --- The demo's roles ------------------------------------------------------------------------------


@pytest.fixture
def demonstrated(served, monkeypatch):
    """The same, loaded by the demo and offered by this process."""
    engine, url = served
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE import SET imported_by = 'demo'")
    demo_roles.prepare(engine)
    monkeypatch.setattr(demo_roles, "_offered", {url})
    return engine, url


@pytest.mark.parametrize(
    ("origin", "host", "is_offered"),
    [
        ("127.0.0.1", "localhost:8501", True),
        ("127.0.0.1", "127.0.0.1:8501", True),
        ("::1", "[::1]:8501", True),
        ("10.0.0.7", "localhost:8501", False),  # another machine that calls itself so
        ("127.0.0.1", "evil.example:8501", False),  # DNS rebinding
        ("127.0.0.1", "", False),
        ("", "localhost:8501", False),
    ],
)
def test_roles_are_offered_to_this_machine_only(demonstrated, origin, host, is_offered):
    assert demo_roles.is_offered_to(origin, host) is is_offered


def test_roles_are_offered_only_by_who_was_started_for_it(demonstrated, monkeypatch):
    monkeypatch.setattr(demo_roles, "_offered", set())
    assert not demo_roles.is_offered_to("127.0.0.1", "localhost")


def test_roles_are_not_offered_on_a_ledger_with_somebody_elses_import(demonstrated):
    engine, _url = demonstrated
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE import SET imported_by = 'zhang'")
    assert not demo_roles.is_offered_to("127.0.0.1", "localhost")


def test_what_a_role_of_the_demo_loads_leaves_it_the_demo(demonstrated):
    engine, _url = demonstrated
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE import SET imported_by = 'demo-reporter'")
    assert demo_roles.is_offered_to("127.0.0.1", "localhost")


def test_each_role_is_offered_and_lets_in_as_what_it_says(demonstrated):
    engine, _url = demonstrated
    offered = {name: title for name, title, _says in demo_roles.choices()}
    assert offered["demo-district"] == "经办人员（东区）"
    token = demo_roles.begin("demo-manager", "127.0.0.1")
    reader = signing_in.reader_of(engine, signing_in.token_hash(token))
    assert (reader.role, reader.scope) == ("manager", ("H1",))


def test_a_real_account_is_not_let_in_without_its_password(demonstrated):
    engine, _url = demonstrated
    accounts.add(engine, "boss", "administrator", by="test", password=PASSWORD)
    assert demo_roles.begin("boss", "127.0.0.1") is None
    with pytest.raises(signing_in.SignInRefused):
        signing_in.sign_in(engine, "demo-official", "", "127.0.0.1")


def test_the_served_ledger_is_the_one_of_the_environment(served):
    _engine, url = served
    assert ledger.database_url() == url
