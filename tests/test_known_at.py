"""The ledger as it was known at a moment: whatever happened since, it says what it said then."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlmodel import SQLModel
from typer.testing import CliRunner, Result

import etl.matching.decisions
import etl.recording.files
import etl.undoing
import procurement.policy_changes
import procurement.settled
from dashboard.command_line import app
from dashboard.filter_options import moment_in
from etl.importing import import_files
from etl.matching.decisions import MatchRefused, confirm, revoke
from etl.undoing import undo
from procurement.database import open_database, reading, writing
from procurement.filters import Filters
from procurement.journal import LISTS
from procurement.known_at import NotKnown, known_at, moment_of
from procurement.known_at.rows import BUILT, LEFT_OUT, TIMED
from procurement.periods import LOCAL_TIME
from procurement.policies import Value
from procurement.policies.own_file import Proposed
from procurement.policy_changes import add, withdraw
from procurement.published import TABLES, records
from procurement.settling import advance, correct, draft, refresh
from procurement.tables import (
    EarlierDraft,
    Import,
    ImportCoverage,
    Purchase,
    Settlement,
    ShortfallReason,
    WithdrawnPurchase,
)
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS
from tests.etl.test_modes import MARCH, book
from tests.etl.test_undo import NEWER, RENAMED, VOLUMES, drawn, loads
from tests.small_ledger import YUAN, fill, purchase

START = datetime(2024, 5, 1, 1, 0, tzinfo=UTC)
CLOCKS = (etl.matching.decisions, etl.recording.files, etl.undoing, procurement.policy_changes,
          procurement.settled)  # fmt: skip


class Clock(datetime):
    """Stands in for the clock of the modules that write times; it is set, and does not run."""

    at = START

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.at


@pytest.fixture(autouse=True, scope="module")
def clock() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in CLOCKS:
            patch.setattr(module, "datetime", Clock)
        yield


def kept(engine: Engine) -> dict[str, list]:
    """Every row that a figure is made of, with its number; of lines that come and go without it."""
    found = {}
    with reading(engine) as connection:
        for table in SQLModel.metadata.sorted_tables:
            if table.name in {str(left.__tablename__) for left in LEFT_OUT}:
                continue
            # A line that is withdrawn has no number any more, and nobody reads what was in its packs.
            silent = {"purchase": {"id"}, "monthly_purchase": {"id"}, "withdrawn_purchase": {"base_units"}}
            columns = [c for c in table.c if c.name not in silent.get(table.name, ())]
            rows = connection.execute(select(*columns))
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def published(engine: Engine, names: Iterable[str] = TABLES) -> dict[str, list]:
    """Tables that leave the house, as JSON has them."""
    with reading(engine) as connection:
        tables = {name: TABLES[name] for name in names}
        return {name: records(t.figure(connection, Filters()), t.columns) for name, t in tables.items()}


@dataclass
class Course:
    """A ledger, an hour per step, and what it said after each: its rows, and more where a test asks for it."""

    engine: Engine
    done: list[int] = field(default_factory=list)
    said: dict[datetime, dict] = field(default_factory=dict)
    reported: dict[datetime, dict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Clock.at = START

    def step(self, act: Callable[["Course"], object]) -> None:
        Clock.at += timedelta(hours=1)
        act(self)
        self.said[Clock.at] = kept(self.engine)

    def load(self, content: str, **options: Any) -> None:
        (report,) = import_files(self.engine, [("测试.xlsx", xlsx(content))], by="甲", **options)
        assert report.status in ("loaded", "unchanged", "problems"), report
        if report.import_id is not None:
            self.done.append(report.import_id)

    def undo_latest(self) -> None:
        """The latest import that can be taken back."""
        for number in reversed(self.done[2:]):
            if undo(self.engine, number, by="乙").status == "undone":
                self.done.remove(number)
                return

    def is_all_known(self) -> None:
        for moment, said in self.said.items():
            with known_at(self.engine, moment) as then:
                found = kept(then)
                for name, rows in said.items():
                    assert found[name] == rows, (moment, name)
                reported = self.reported.get(moment, {})
                assert published(then, reported) == reported, moment


WITHOUT_CODE = """
    机构编码 | 采购日期    | 产品名称  | 规格   | 生产企业     | 数量 | 单位 | 单价
    H001    | 2022-03-10 | 己庚颗粒  | 大包装 | 示例制药公司 | 10  | 盒  | 20
"""
PACKED = "机构编码|采购日期|产品编码|产品名称|规格|数量(盒)|单价\nH002|2022-03-02|Z9|癸片|{pack}片/盒|2|9"
UNPACKED = book("H001|2022-03-02|Z9|3|9|7")
SUBSTITUTES = "批次|品种|产品编码|产品名称|规格|转换比|最小单位|生产企业\n七批|甲口服常释|S1|甲片|20mg*14片/盒|14|片|己厂"
RENAMED_INSTITUTION = "机构编码 | 机构名称 | 类别\nH001 | 第一人民医院 | 医院\nH003 | 三院 | 医院"
SCORES = "机构编码|批次|协议年度|考核得分\nH001|七批|1|{}"
RATIOS = "支付比例|机构编码|批次|起始日期\n70%|H001|七批|2022-01-01"
BUDGETS = "机构编码|年度|包干方式|年度预算|实际基金支出\nH001|2022|总额控制|{}|900"

LISTS_LOADED = [
    NEWER, RENAMED, BATCH_LIST, BATCH_LIST.replace("5.60", "4.90"), VOLUMES.format(70000),
    VOLUMES.format(80000), SUBSTITUTES, RENAMED_INSTITUTION, SCORES.format(92), SCORES.format(60), RATIOS,
    BUDGETS.format(1000), BUDGETS.format(1200), WITHOUT_CODE, UNPACKED, PACKED.format(pack=10),
    PACKED.format(pack=20), MARCH,
]  # fmt: skip


def joined(course: Course) -> None:
    """Say that the product without a code is B1, which has a pack of 5."""
    _decide(course, confirm)


def parted(course: Course) -> None:
    _decide(course, revoke)


def _decide(course: Course, decide: Callable) -> None:
    with reading(course.engine) as connection:
        query = text("select code from product where is_provisional")
        codes = list(connection.execute(query).scalars())
    with suppress(MatchRefused):
        decide(course.engine, [(codes[0], "B1")] if codes else [], by="丙")


def policy_added(course: Course) -> None:
    entry = Value(value="selected", from_date=date(2022, 1, 1), source="濮医保〔2022〕1号", level="city")
    add(course.engine, [Proposed("awards_elsewhere", entry)], by="丁")


def policy_withdrawn(course: Course) -> None:
    with reading(course.engine) as connection:
        query = "select max(id) from policy_entry where withdraws is null and id not in (select withdraws from policy_entry where withdraws is not null)"
        number = connection.execute(text(query)).scalar()
    if number:
        withdraw(course.engine, number, reason="误录", by="丁")


def begun(engine: Engine) -> Course:
    course = Course(engine)
    course.step(lambda c: c.load(INSTITUTIONS))
    course.step(lambda c: c.load(BATCH_LIST))
    return course


WHOLE_COURSE: list[Callable[[Course], object]] = [
    lambda c: c.load(MARCH),
    lambda c: c.load(VOLUMES.format(70000)),
    lambda c: c.load(book("H001|2022-03-01|A1|11|5.6|1", "H001|2022-03-15|A1|20|5.6|2")),
    lambda c: c.load(NEWER),  # A1 has a pack of 20 from now on, and all its lines with it
    Course.undo_latest,
    lambda c: c.load(WITHOUT_CODE),
    lambda c: c.load(UNPACKED),
    joined,
    lambda c: c.load(PACKED.format(pack=10)),  # the pack of the lines before becomes known
    policy_added,
    parted,
    lambda c: c.load(VOLUMES.format(80000)),
    lambda c: c.load(RENAMED),
    lambda c: c.load(SCORES.format(92)),
    policy_withdrawn,
    Course.undo_latest,
    Course.undo_latest,
    lambda c: c.load(book("H001|2022-03-01|A1|12|5.6|1"), mode="update"),
    Course.undo_latest,
    lambda c: c.load(RENAMED_INSTITUTION),
]


REPORTED = {"sqlite": (8,), "postgresql": ()}
"""Steps after which every published table is kept too; they are made of the rows, by the same code, and take
longer than all else."""


def test_every_published_table_says_what_it_said(ledger: Engine):
    course = begun(ledger)
    for number, act in enumerate(WHOLE_COURSE):
        before = course.said[Clock.at]
        course.step(act)
        assert course.said[Clock.at] != before, number
        if number in REPORTED[ledger.dialect.name]:
            course.reported[Clock.at] = published(ledger)
    course.is_all_known()


EXAMPLES = 5
"""A course takes seconds; what one must not miss is in the one above."""

acts = st.one_of(
    loads.map(lambda load: lambda c: c.load(drawn(load[1]), mode=load[0])),
    st.sampled_from(LISTS_LOADED).map(lambda content: lambda c: c.load(content)),
    st.sampled_from(LISTS_LOADED[:8]).map(lambda content: lambda c: c.load(content, mode="replace")),
    st.sampled_from([joined, parted, policy_added, policy_withdrawn]),
    st.just(Course.undo_latest),
    st.just(Course.undo_latest),
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(steps=st.lists(acts, min_size=4, max_size=8))
def test_any_course_can_be_looked_back_on(steps, tmp_path_factory):
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('course') / 'city.db'}")
    course = begun(engine)
    for act in steps:
        course.step(act)
    course.is_all_known()
    engine.dispose()


# --- Settlements -----------------------------------------------------------------------------------

BATCH = Filters(batches=("B",))


@pytest.fixture
def settling(ledger: Engine) -> Course:
    """The worked example with its purchases, all of it known since the day that its import was entered."""
    fill(ledger, purchase(1, date(2021, 3, 10), 60_000, 24_000), purchase(2, date(2021, 4, 10), 10_000, 18_000, row=4),
         purchase(1, date(2022, 1, 5), 100, 40, row=5))  # fmt: skip
    return Course(ledger)


def test_a_draft_that_was_computed_anew_is_known_as_it_was(settling):
    """Drafted, drafted anew after a policy changed, reviewed, sent back by a new draft, confirmed, corrected."""

    def ratio(value: str) -> Callable[[Course], object]:
        entry = Value(
            value=Decimal(value), from_date=date(2021, 1, 1), source="濮医保〔2021〕1号", level="city"
        )
        return lambda c: add(c.engine, [Proposed("retention_maximum_ratio", entry)], by="丁")

    engine = settling.engine
    for act in (
        lambda c: draft(engine, BATCH, 1, by="甲"),
        ratio("0.40"),
        lambda c: refresh(engine, [1], by="甲"),
        lambda c: advance(engine, [1], "reviewed", by="乙"),
        ratio("0.30"),
        lambda c: refresh(engine, [1], by="甲"),
        lambda c: advance(engine, [1], "reviewed", by="乙"),
        lambda c: advance(engine, [1], "confirmed", by="丙"),
        ratio("0.50"),
        lambda c: correct(engine, [1], by="甲"),
        lambda c: advance(engine, [2], "cancelled", by="甲", remark="误操作"),
    ):
        before = settling.said.get(Clock.at)
        settling.step(act)
        assert settling.said[Clock.at] != before
    with reading(engine) as connection:
        amounts = select(EarlierDraft.retained_amount).order_by(EarlierDraft.id)
        assert connection.execute(amounts).scalars().all() == [53_900 * YUAN, 43_120 * YUAN]
    settling.reported[Clock.at] = published(engine, ["settlements"])
    settling.is_all_known()


# --- At the command line ---------------------------------------------------------------------------


def vbp(engine: Engine, *arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--db", str(engine.url)])


def cells(path: Path) -> list[tuple]:
    """Every row of every sheet, as values and formulas."""
    sheets = openpyxl.load_workbook(path).worksheets
    return [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]


def test_an_old_report_comes_out_again_after_a_correction(sqlite_ledger: Engine, tmp_path: Path):
    course = begun(sqlite_ledger)
    for content in (VOLUMES.format(70000), MARCH):
        course.step(lambda c, content=content: c.load(content))
    then = ("--known-at", "2024-05-01T13:00:00")  # the last hour, on the clocks of here
    commands = (("table", "savings", "--json"), ("summary", "--json"))
    statement = ("export", "statement", tmp_path / "old.xlsx", "--institution", "H001")
    old = [vbp(sqlite_ledger, *command).stdout for command in commands]
    assert vbp(sqlite_ledger, *statement).exit_code == 0
    course.step(lambda c: c.load(book("H001|2022-03-01|A1|11|5.6|1")))
    for command, printed in zip(commands, old, strict=True):
        again = vbp(sqlite_ledger, *command, *then)
        assert (again.exit_code, again.stdout) == (0, printed), again.output
        assert vbp(sqlite_ledger, *command).stdout != printed
    assert "2024-05-01 13:00:00" in again.stderr and "登录" in again.stderr

    statement = ("export", "statement", tmp_path / "again.xlsx", "--institution", "H001", *then)
    assert vbp(sqlite_ledger, *statement).exit_code == 0
    pairs = zip(cells(tmp_path / "old.xlsx"), cells(tmp_path / "again.xlsx"), strict=True)
    ((before, after),) = [pair for pair in pairs if pair[0] != pair[1]]
    said = "台账时点：2024-05-01 13:00:00（此后的更正不计）"
    assert after[0] == f"{before[0]}　{said}"

    table = vbp(sqlite_ledger, "table", "savings", "--xlsx", tmp_path / "savings.xlsx", *then)
    whole = vbp(sqlite_ledger, "export", "summary", tmp_path / "summary.xlsx", *then)
    assert (table.exit_code, whole.exit_code) == (0, 0)
    for name in ("savings.xlsx", "summary.xlsx"):
        assert said in str(cells(tmp_path / name))
    assert vbp(sqlite_ledger, "summary", *then).stdout.startswith(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2024-05-01", datetime(2024, 5, 1, 15, 59, 59, tzinfo=UTC)),  # until the day ends here
        ("2024-05-01T17:30:00", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
        ("2024-05-01 17:30:00", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
        ("2024-05-01T09:30:00Z", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
        ("2024-05-01T09:30:00-05:00", datetime(2024, 5, 1, 14, 30, tzinfo=UTC)),
        ("2024-05-01T17:30", None),
        ("2024-05", None),
        ("2024-02-30", None),
        ("昨天", None),
        ("2999-01-01", None),
    ],
)
def test_a_moment_is_read_by_the_clock_of_here(said, meant):
    if meant is None:
        with pytest.raises(typer.BadParameter, match=said):
            moment_in(said)
    else:
        assert moment_in(said) == meant


def test_of_today_all_is_known_that_is_known_now():
    today = datetime.now(LOCAL_TIME).date()
    assert abs(moment_in(today.isoformat()) - datetime.now(UTC)) < timedelta(minutes=10)


# --- What cannot be known --------------------------------------------------------------------------


def forget(engine: Engine, statement: str) -> None:
    """As an earlier version left it."""
    with writing(engine) as connection:
        connection.execute(text(statement))


def refused(engine: Engine, moment: datetime, said: str) -> None:
    with pytest.raises(NotKnown, match=said), known_at(engine, moment):
        pass


def test_a_draft_that_an_earlier_version_overwrote_is_named(settling):
    engine = settling.engine
    settling.step(lambda c: draft(engine, BATCH, 1, by="甲"))
    drafted = Clock.at
    settling.step(lambda c: refresh(engine, [1], by="甲"))
    forget(engine, "delete from earlier_draft")
    refused(engine, drafted, "编号1的结算.*2024-05-01 10:00:00该结算起草之前.*2024-05-01 11:00:00")
    for moment in (drafted - timedelta(seconds=1), Clock.at):
        with known_at(engine, moment) as then, reading(then) as connection:
            states = connection.execute(select(Settlement.state)).scalars().all()
            assert states == ["draft"][: moment == Clock.at]


@pytest.fixture
def undone(sqlite_ledger: Engine) -> Course:
    """A list (import 3) that was loaded and taken back (import 4)."""
    course = begun(sqlite_ledger)
    course.step(lambda c: c.load(NEWER))
    course.step(Course.undo_latest)
    return course


def test_an_undo_of_an_earlier_version_is_named(undone):
    forget(undone.engine, "delete from import_change where import_id = 4")
    moments = list(undone.said)
    refused(undone.engine, moments[2], "编号4的撤销（测试.xlsx）.*编号3的导入之前，或2024-05-01 13:00:00")
    del undone.said[moments[2]]
    undone.is_all_known()


def test_a_list_of_the_first_version_is_named(undone):
    """It kept no images at all: what is after its last list can be known."""
    forget(undone.engine, "delete from import_change where import_id < 4")
    refused(undone.engine, list(undone.said)[1], "编号3的导入（测试.xlsx）.*2024-05-01 12:00:00该导入之后")
    undone.said = dict(list(undone.said.items())[2:])
    undone.is_all_known()


# --- The ledger that is made -----------------------------------------------------------------------


def test_every_table_is_taken_over_built_or_left_out_by_name():
    taken = {Import, ImportCoverage, Purchase, WithdrawnPurchase, Settlement, *LISTS, *TIMED}
    named = [*taken, *BUILT, *LEFT_OUT]
    assert {str(table.__tablename__) for table in named} == set(SQLModel.metadata.tables)
    assert len(named) == len(SQLModel.metadata.tables)


def test_it_says_its_moment_and_goes_when_it_was_read(undone):
    moment = list(undone.said)[1]
    with known_at(undone.engine, moment) as then:
        path = then.url.database
        with reading(then) as connection:
            assert moment_of(connection) == moment
        assert Path(path).exists()
    with reading(undone.engine) as connection:
        assert moment_of(connection) is None
    assert not Path(path).parent.exists()


def test_before_the_first_import_nothing_was_known(undone):
    with known_at(undone.engine, START) as then:
        assert not any(kept(then).values())


def test_imports_of_one_second_are_known_together(undone):
    """Times are kept to the second."""
    forget(
        undone.engine,
        "update import set imported_at = (select imported_at from import where id = 3) where id = 2",
    )
    with known_at(undone.engine, list(undone.said)[2]) as then:
        assert len(kept(then)["import"]) == 3
    with known_at(undone.engine, list(undone.said)[1]) as then:
        assert len(kept(then)["import"]) == 1


def test_what_institutions_said_is_known_by_its_time(ledger: Engine):
    fill(ledger)
    with writing(ledger) as connection:
        for number, reason in enumerate(("supply", "demand"), 1):
            said = {"institution_id": 1, "variety_id": 1, "agreement_year": 1, "reason": reason, "by": "戊"}
            connection.execute(
                ShortfallReason.__table__.insert().values(at=START + timedelta(hours=number), **said)
            )
    with known_at(ledger, START + timedelta(hours=1)) as then, reading(then) as connection:
        assert connection.execute(select(ShortfallReason.reason)).scalars().all() == ["supply"]
