"""Statements of an institution's settlements, of all institutions as a ZIP, and the city's summary."""

import re
import zipfile
from collections.abc import Iterator
from itertools import groupby
from tempfile import SpooledTemporaryFile

from sqlalchemy import Connection

from dashboard.exports.overview import filters_text, known_text
from dashboard.exports.retention_statement import Stated, statement_bytes
from dashboard.exports.retention_summary import summary_bytes
from dashboard.formats import person_text, time_text, word_text
from procurement import figures
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.policies.retention import SpendingBasis
from procurement.queries.settlements import settlements
from procurement.settling import beside_now, standing_workings, with_settlements
from procurement.working import workings

NOTHING = N_("没有可写出的核算表：所选范围内没有已开始的协议年度，或没有约定采购量。")

IN_MEMORY = 50_000_000
"""Bytes of a ZIP that are kept in memory; a larger one goes to a temporary file."""

NOT_IN_A_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def stated(
    connection: Connection, filters: Filters, year: int | None = None, basis: SpendingBasis | None = None
) -> Iterator[Stated]:
    """What the filters choose, by institution: as settled where it is settled, else as of now.

    With a spending basis everything is as of now.
    """
    then = known_text(connection)
    if basis is not None:
        yield from (Stated(working, known=then) for working in workings(connection, filters, basis, year))
        return
    for working, settlement in standing_workings(connection, filters, year):
        yield Stated(working, _mark(settlement) if settlement is not None else "", then)


def _mark(settlement) -> str:  # type: ignore[no-untyped-def]
    text = _("结算编号{number}，{state}，{time}，经办人：{person}。")
    return text.format(
        number=settlement.settlement_id,
        state=word_text(settlement.settlement_state, "settlement_state"),
        time=time_text(settlement.decided_at),
        person=person_text(settlement.decided_by),
    )


def statement(
    connection: Connection, filters: Filters, year: int | None = None, basis: SpendingBasis | None = None
) -> bytes:
    """One workbook of what the filters choose; LookupError where they choose nothing."""
    chosen = list(stated(connection, filters, year, basis))
    if not chosen:
        raise LookupError(_(NOTHING))
    return statement_bytes(chosen)


def statement_files(
    connection: Connection, filters: Filters, year: int | None = None
) -> Iterator[tuple[str, bytes]]:
    """A workbook per institution with its name, institution by institution; no name comes twice, even where
    a file system takes capitals and small letters for the same."""
    chosen = stated(connection, filters, year)
    taken: set[str] = {summary_name().lower()}
    for _code, own in groupby(chosen, key=lambda each: each.working.row.institution_code):
        of_institution = list(own)
        name = file_name(of_institution[0].working)
        if name.lower() in taken:
            name = f"{name.removesuffix('.xlsx')}_{len(taken)}.xlsx"
        taken.add(name.lower())
        yield name, statement_bytes(of_institution)


def file_name(working) -> str:  # type: ignore[no-untyped-def]
    """编码_名称.xlsx without what a file's name cannot hold."""
    name = f"{working.row.institution_code}_{working.row.institution_name}"
    return NOT_IN_A_FILE_NAME.sub(" ", name).strip(" .")[:80] + ".xlsx"


def summary(connection: Connection, filters: Filters, year: int | None = None) -> bytes:
    """The summary of what the filters choose."""
    now = figures.retention(connection, filters)
    rows = with_settlements(now, beside_now(settlements(connection, filters), now))
    if year is not None:
        rows = rows[rows["agreement_year"] == year]
    words = filters_text(connection, filters, figures.measuring_day(connection, filters))
    return summary_bytes(rows, words)


def summary_name() -> str:
    return _("结余留用汇总表.xlsx")


def zipped(connection: Connection, filters: Filters, year: int | None = None) -> bytes:
    """The summary and a workbook per institution as a ZIP; the same figures always give the same bytes."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # workbooks are compressed already
            archive.writestr(_entry(summary_name()), summary(connection, filters, year))
            for name, content in statement_files(connection, filters, year):
                archive.writestr(_entry(name), content)
        file.seek(0)
        return file.read()


def _entry(name: str) -> zipfile.ZipInfo:
    """A file of the ZIP, without the time of the clock; those who unpack it may read it."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    return entry
