"""Ten hospitals report at once into one ledger: all are loaded, none is lost, none counts twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine

from etl.importing import import_files
from procurement.database import open_database, reading
from procurement.people import audit
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST
from tests.etl.reading import asked
from tests.etl.test_modes import book
from tests.etl.test_undo import balanced

HOSPITALS = [f"H{number:03}" for number in range(1, 11)]
REGISTER = "机构编码|机构名称|机构类别\n" + "\n".join(
    f"{code}|示例第{code[2:]}医院|医院" for code in HOSPITALS
)
LINES = 28


def workbook(code: str) -> bytes:
    """Days of March, a boxful more for each hospital; all of them name a product that no list knows."""
    packs = int(code[1:])
    days = range(1, LINES + 1)
    return xlsx(
        book(*(f"{code}|2022-03-{day:02}|{'A1' if day % 2 else 'NEW'}|{packs}|5|{day}" for day in days))
    )


def test_ten_uploads_at_once(ledger: Engine):
    files = [("机构.xlsx", xlsx(REGISTER)), ("中选.xlsx", xlsx(BATCH_LIST))]
    assert [report.status for report in import_files(ledger, files)] == ["loaded", "loaded"]
    url = ledger.url.render_as_string(hide_password=False)
    senders = [*HOSPITALS, HOSPITALS[0]]  # one of them clicks twice
    barrier = Barrier(len(senders))

    def send(code: str) -> tuple[str, str, int | None]:
        engine, content = open_database(url), workbook(code)
        barrier.wait()
        (report,) = import_files(
            engine,
            [(f"{code}.xlsx", content)],
            by=code,
            scope=(code,),
            kinds=frozenset({"purchases"}),
        )
        engine.dispose()
        return code, report.status, report.import_id

    with ThreadPoolExecutor(len(senders)) as pool:
        ended = list(pool.map(send, senders))
    assert sorted(status for _code, status, _id in ended) == ["loaded"] * 10 + ["unchanged"]
    assert {code for code, status, _id in ended if status == "loaded"} == set(HOSPITALS)
    assert len({number for _code, _status, number in ended}) == len(HOSPITALS)
    sums = """select i.code, count(*), sum(l.quantity) / 10000, count(distinct l.import_id)
        from purchase l join institution i on i.id = l.institution_id group by i.code order by i.code"""
    told = [(code, lines, int(packs), imports) for code, lines, packs, imports in asked(ledger, sums)]
    assert told == [(code, LINES, LINES * int(code[1:]), 1) for code in HOSPITALS]
    assert asked(ledger, "select count(*) from product where code = 'NEW'") == [(1,)]
    assert balanced(ledger)
    with reading(ledger) as connection:
        assert audit.verify(connection).fault is None
    assert asked(ledger, "select count(*) from audit_event where action = 'import-loaded'") == [(12,)]
