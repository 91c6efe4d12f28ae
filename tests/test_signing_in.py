"""Sign-ins: who gets in, when an account or an address is locked, when a sign-in ends."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from procurement.database import open_database, reading, writing
from procurement.people import accounts, passwords, signing_in
from procurement.people.identities import Identity, enter
from procurement.people.limits import LIMITS
from procurement.people.signing_in import SignInRefused, begin, reader_of, sign_in, token_hash
from procurement.people.trail import events
from procurement.tables import Account, SignIn, SignInAttempt
from tests.people import PASSWORD, cheap_argon2

START = datetime(2022, 3, 1, 8, tzinfo=UTC)
HERE, THERE = "10.0.0.7", "10.0.0.8"
MINUTE = timedelta(minutes=1)


class Clock:
    """The time that a test says it is."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **time: int) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people_anywhere(ledger, monkeypatch):
    """zhang and li, each with a password; on each database in turn, for what a database could do otherwise."""
    return with_people(ledger, monkeypatch)


@pytest.fixture
def people(sqlite_ledger, monkeypatch):
    """The same, for rules that hold wherever they are kept."""
    return with_people(sqlite_ledger, monkeypatch)


def with_people(engine, monkeypatch):
    cheap_argon2(monkeypatch)
    for name in ("zhang", "li"):
        accounts.add(engine, name, "official", by="test", password=PASSWORD)
    return engine


def number(engine, name: str = "zhang") -> int:
    with reading(engine) as connection:
        return connection.execute(select(col(Account.id)).where(col(Account.name) == name)).scalar_one()


def attempt(engine, clock: Clock, name: str = "zhang", password: str = "wrong", origin: str = HERE) -> str:
    """in, wrong, locked or disabled."""
    try:
        sign_in(engine, name, password, origin, clock)
    except SignInRefused as refused:
        words = {"不正确": "wrong", "失败次数过多": "locked", "已停用": "disabled"}
        return next(word for said, word in words.items() if said in str(refused))
    return "in"


def actions(engine) -> list[str]:
    with reading(engine) as connection:
        return events(connection)["audit_action"].tolist()[::-1]


# --- Who gets in -----------------------------------------------------------------------------------


def test_the_right_password_opens(people_anywhere, clock):
    token = sign_in(people_anywhere, " ZHANG ", PASSWORD, HERE, clock)
    reader = reader_of(people_anywhere, token_hash(token), clock)
    assert (reader.name, reader.role, reader.origin, reader.scope) == ("zhang", "official", HERE, None)
    assert len(token) >= 43 and token != sign_in(people_anywhere, "zhang", PASSWORD, HERE, clock)
    with reading(people_anywhere) as connection:
        kept = connection.execute(select(col(SignIn.token_hash))).scalars().all()
    assert token not in kept and token_hash(token) in kept  # who reads the ledger cannot sign in with it
    assert reader_of(people_anywhere, token, clock) is None


NOBODY = ("nobody", "zhang", "", "x" * 500, "zh\0ang", "a\ud800", "' OR 1=1 --", "zhan_")


def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(people_anywhere, clock, monkeypatch):
    checked = []
    verify = passwords.is_right
    monkeypatch.setattr(
        signing_in, "is_right", lambda said, known: checked.append(known) or verify(said, known)
    )
    words = {"most": LIMITS.failures_of_account, "minutes": LIMITS.window_minutes}
    for name in NOBODY:
        with pytest.raises(SignInRefused) as refused:
            sign_in(people_anywhere, name, "wrong", HERE, clock)
        assert str(refused.value) == signing_in.WRONG.format(**words)
        assert actions(people_anywhere)[-1] == "sign-in-refused"
    assert len(checked) == len(NOBODY)


def test_without_an_account_a_hash_is_verified_all_the_same(monkeypatch):
    cheap_argon2(monkeypatch)
    verified = []

    class Watched:
        def hash(self, password: str) -> str:
            return "kept"

        def verify(self, password: str, kept: str) -> bool:
            verified.append(kept)
            return True

    monkeypatch.setattr(passwords, "_hasher", Watched)
    assert passwords.is_right("any", "known") and not passwords.is_right("any", None)
    assert not passwords.is_right("any", "")
    passwords._nobodys.cache_clear()
    assert verified == ["known", "kept", "kept"]


def test_a_disabled_account_is_told_so_only_with_its_password(people, clock):
    accounts.disable(people, "zhang", by="test")
    assert attempt(people, clock) == "wrong"
    assert attempt(people, clock, password=PASSWORD) == "disabled"
    accounts.enable(people, "zhang", by="test")
    assert attempt(people, clock, password=PASSWORD) == "in"


# --- Too many failures -----------------------------------------------------------------------------


def test_an_account_is_locked_and_opens_by_itself(people_anywhere, clock):
    most = LIMITS.failures_of_account
    for _n in range(most):
        assert attempt(people_anywhere, clock) == "wrong"
        clock.passes(seconds=10)
    assert attempt(people_anywhere, clock, password=PASSWORD) == "locked"  # even the right one
    assert attempt(people_anywhere, clock, "ZHANG", PASSWORD, THERE) == "locked"  # from elsewhere as well
    assert attempt(people_anywhere, clock, "li", PASSWORD) == "in"  # somebody else is not
    assert actions(people_anywhere)[2 : 2 + most] == ["sign-in-refused"] * (most - 1) + ["locked-out"]
    clock.at = START + LIMITS.window - timedelta(seconds=1)
    assert attempt(people_anywhere, clock, password=PASSWORD) == "locked"
    clock.at = START + LIMITS.window  # the first failure is out of the window
    assert attempt(people_anywhere, clock, password=PASSWORD) == "in"


def test_where_an_account_has_signed_in_before_only_that_address_counts(people_anywhere, clock):
    """
    from          typed wrong there   right one there
    elsewhere     5                   locked
    the holder's  0                   in
    the holder's  5                   locked
    """
    most = LIMITS.failures_of_account
    assert attempt(people_anywhere, clock, password=PASSWORD) == "in"
    for _n in range(most):
        assert attempt(people_anywhere, clock, origin=THERE) == "wrong"
    assert attempt(people_anywhere, clock, password=PASSWORD, origin=THERE) == "locked"
    assert attempt(people_anywhere, clock, password=PASSWORD) == "in"
    for _n in range(most):
        assert attempt(people_anywhere, clock) == "wrong"
    assert attempt(people_anywhere, clock, password=PASSWORD) == "locked"
    # An address is known for a month: then it is judged as any other.
    clock.passes(days=signing_in.KEPT_FOR.days + 1)
    assert attempt(people_anywhere, clock, password=PASSWORD, origin="10.0.0.9") == "in"
    for _n in range(most):
        assert attempt(people_anywhere, clock, origin=THERE) == "wrong"
    assert attempt(people_anywhere, clock, password=PASSWORD) == "locked"


def test_while_it_is_locked_nothing_is_written(people, clock):
    for _n in range(LIMITS.failures_of_account):
        attempt(people, clock)
    before = len(actions(people))
    for _n in range(5):
        assert attempt(people, clock) == "locked"
    assert len(actions(people)) == before


def test_a_success_wipes_out_what_was_typed_wrong_before(people, clock):
    for _n in range(3):
        for _m in range(LIMITS.failures_of_account - 1):
            assert attempt(people, clock) == "wrong"
        assert attempt(people, clock, password=PASSWORD) == "in"


def test_an_address_is_locked_whatever_names_it_tries(people, clock):
    for at in range(LIMITS.failures_of_origin):
        assert attempt(people, clock, f"name{at}") == "wrong"
    assert attempt(people, clock, "zhang", PASSWORD) == "locked"
    assert attempt(people, clock, "zhang", PASSWORD, THERE) == "in"
    assert (
        attempt(people, clock, "li", PASSWORD) == "locked"
    )  # a success elsewhere forgives the address nothing
    clock.passes(minutes=LIMITS.window_minutes)
    assert attempt(people, clock, "zhang", PASSWORD) == "in"


def test_a_reset_forgives(people, clock):
    for _n in range(LIMITS.failures_of_account):
        attempt(people, clock)
    made = accounts.reset(people, "zhang", by="admin")
    assert attempt(people, clock, password=PASSWORD) == "wrong"
    assert attempt(people, clock, password=made) == "in"


def test_many_guesses_at_once_are_no_more_than_a_few(people_anywhere, monkeypatch):
    """All of them were begun before the first was counted; the right one among the last does not get in."""
    together = Barrier(LIMITS.failures_of_account + 1)
    counted = Barrier(LIMITS.failures_of_account + 1)
    verify = passwords.is_right
    told: list[str] = []

    def is_right(said: str, known: str | None) -> bool:
        together.wait(30)
        if said == PASSWORD:
            counted.wait(30)
        return verify(said, known)

    def guess(password: str) -> None:
        told.append(attempt(people_anywhere, signing_in.now, password=password))
        if password != PASSWORD:
            counted.wait(30)

    monkeypatch.setattr(signing_in, "is_right", is_right)
    tried = [PASSWORD, *(f"wrong {at}" for at in range(LIMITS.failures_of_account))]
    threads = [Thread(target=guess, args=(password,)) for password in tried]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["locked", *["wrong"] * LIMITS.failures_of_account]


# --- How long a sign-in holds ----------------------------------------------------------------------


def test_a_sign_in_that_nobody_uses_ends(people, clock):
    hashed = token_hash(begin(people, number(people), HERE, clock))
    clock.passes(minutes=LIMITS.idle_minutes - 1)
    assert reader_of(people, hashed, clock)  # used: an hour from now
    clock.passes(minutes=LIMITS.idle_minutes - 1)
    assert reader_of(people, hashed, clock)
    clock.passes(minutes=LIMITS.idle_minutes)
    assert reader_of(people, hashed, clock) is None
    clock.passes(minutes=-1)
    assert reader_of(people, hashed, clock)


def test_a_sign_in_of_half_a_day_ends_however_it_was_used(people, clock):
    hashed = token_hash(begin(people, number(people), HERE, clock))
    while clock.at < START + LIMITS.longest - timedelta(minutes=30):
        clock.passes(minutes=30)
        reader_of(people, hashed, clock)
    clock.at = START + LIMITS.longest - timedelta(seconds=1)
    assert reader_of(people, hashed, clock)
    clock.at = START + LIMITS.longest
    assert reader_of(people, hashed, clock) is None


def test_its_use_is_noted_by_the_minute_and_never_waited_for(people_anywhere, clock):
    hashed = token_hash(begin(people_anywhere, number(people_anywhere), HERE, clock))

    def seen() -> datetime:
        with reading(people_anywhere) as connection:
            return connection.execute(select(col(SignIn.seen_at))).scalar_one()

    clock.passes(seconds=59)
    reader_of(people_anywhere, hashed, clock)
    assert seen() == START
    clock.passes(seconds=1)
    with writing(people_anywhere):  # an import is being written
        assert reader_of(people_anywhere, hashed, clock)
    assert seen() == START
    reader_of(people_anywhere, hashed, clock)
    assert seen() == START + MINUTE


def test_who_signs_out_is_out_with_every_copy_of_the_token(people_anywhere, clock):
    one, other = (token_hash(begin(people_anywhere, number(people_anywhere), HERE, clock)) for _n in range(2))
    signing_in.end(people_anywhere, one, clock)
    assert reader_of(people_anywhere, one, clock) is None and reader_of(people_anywhere, other, clock)
    signing_in.end(people_anywhere, one, clock)  # once more is nothing new
    assert signing_in.end_all(people_anywhere, number(people_anywhere), clock) == 1
    assert reader_of(people_anywhere, other, clock) is None
    assert actions(people_anywhere)[-2:] == ["signed-out", "signed-out-everywhere"]


def test_a_disabled_account_is_out_at_once(people, clock):
    hashed = token_hash(begin(people, number(people), HERE, clock))
    accounts.disable(people, "zhang", by="test")
    assert reader_of(people, hashed, clock) is None


def test_a_scope_is_what_it_is_now(people, clock):
    hashed = token_hash(begin(people, number(people), HERE, clock))
    first = reader_of(people, hashed, clock)
    accounts.change(people, "zhang", by="test", role="leadership", scope=())
    assert (first.role, reader_of(people, hashed, clock).role) == ("official", "leadership")


@pytest.mark.parametrize("hashed", ["", "x", "' OR '1'='1", token_hash("guess")])
def test_what_is_no_token_opens_nothing(people, clock, hashed):
    begin(people, number(people), HERE, clock)
    assert reader_of(people, hashed, clock) is None


def test_old_attempts_and_sign_ins_are_forgotten(people_anywhere, clock):
    attempt(people_anywhere, clock)
    begin(people_anywhere, number(people_anywhere), HERE, clock)
    clock.passes(days=32)
    begin(people_anywhere, number(people_anywhere), HERE, clock)
    with reading(people_anywhere) as connection:
        kept = [
            connection.execute(select(func.count()).select_from(each)).scalar()
            for each in (SignIn, SignInAttempt)
        ]
    assert kept == [1, 1]


# --- Another system's word -------------------------------------------------------------------------


def test_refusals_of_identities_are_kept_within_a_measure_and_lock_nobody_out(people_anywhere, clock):
    for _n in range(LIMITS.failures_of_origin + 10):
        signing_in.note_refused(people_anywhere, "zhang", HERE, "没有角色", clock)
    assert actions(people_anywhere).count("sign-in-refused") == LIMITS.failures_of_origin
    assert attempt(people_anywhere, clock, password=PASSWORD) == "in"
    clock.passes(minutes=LIMITS.window_minutes)
    signing_in.note_refused(people_anywhere, "zhang", HERE, "没有角色", clock)
    assert actions(people_anywhere).count("sign-in-refused") == LIMITS.failures_of_origin + 1


def test_the_same_identity_comes_back_to_the_same_account(people):
    told = Identity("issuer 1", "wang", "王五", "official")
    first = reader_of(people, token_hash(enter(people, told, HERE, may_create=True)))
    again = reader_of(people, token_hash(enter(people, told, HERE, may_create=False)))
    assert first.account_id == again.account_id and first.origin == HERE
    assert actions(people).count("account-changed") == 0  # nothing changed, nothing is told
    renamed = Identity("issuer 1", "somebody-else", "", "leadership")
    again = reader_of(people, token_hash(enter(people, renamed, HERE, may_create=False)))
    assert (again.name, again.full_name, again.role) == ("wang", "王五", "leadership")


def test_whom_an_administrator_added_keeps_what_was_said(people):
    accounts.add(people, "wang", "leadership", by="admin", subject="issuer 1")
    told = Identity("issuer 1", "x", "", None)
    reader = reader_of(people, token_hash(enter(people, told, HERE, may_create=True)))
    assert (reader.name, reader.role) == ("wang", "leadership")
    with pytest.raises(accounts.AccountRefused, match="没有账号"):
        enter(people, Identity("issuer 2", "x", "", None), HERE, may_create=True)


def test_another_process_sees_what_this_one_wrote(tmp_path, clock):
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    one, other = open_database(url), open_database(url)
    accounts.add(one, "zhang", "official", by="test", is_demo=True)
    hashed = token_hash(begin(one, number(one), HERE, clock))
    assert reader_of(other, hashed, clock)
    signing_in.end(other, hashed, clock)
    assert reader_of(one, hashed, clock) is None
    for engine in (one, other):
        engine.dispose()
