"""Checks across rows and against the ledger; each reports its problem and gives back what it found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from etl.institution_words import named_like_institutions
from etl.leading_zeros import restore_zeros
from etl.problem_kinds.mention import NAME_DIFFERS
from etl.problem_kinds.skip import (
    DUPLICATE_ROW,
    EMPTY_CELL,
    NOT_AN_AGREEMENT_YEAR,
    OTHER_INSTITUTION,
    UNKNOWN_BATCH,
    UNKNOWN_INSTITUTION,
    UNKNOWN_VARIETY,
)
from etl.problem_kinds.stop import INSTITUTION_MISSING, INSTITUTION_UNCLEAR, INSTITUTION_UNCLEAR_BELOW
from etl.problems import Problem
from etl.register import Register
from etl.rows import Rows
from etl.sheets.table import Divider, Table
from etl.values.cells import key_of
from procurement.language import _

LAST_AGREEMENT_YEAR = 10
"""Batches run one to three years and are renewed; a larger number is a calendar year."""


def mapped(values: pd.Series, find: Callable[[str], object], dtype: str = "Int64") -> pd.Series:
    """`find` of each distinct value; missing stays missing."""
    places, distinct = pd.factorize(values)
    found = pd.Series([*map(find, distinct), None], dtype=dtype)  # the last one is for place −1
    return found.take(places).reset_index(drop=True)


def institution_ids(
    rows: Rows, frame: pd.DataFrame, register: Register, only: str | None = None
) -> pd.Series:
    """Each row's institution: by code, else by name, else from the title and the rows between, else `only`.

    With `only`, the importer's own, rows of any other institution are reported.
    """
    if not rows_name_institutions(rows):
        return _institution_of_file(rows, register, only)
    codes = restore_zeros(rows, "institution_code", frame["institution_code"], register.institutions)
    frame["institution_code"] = codes
    by_code = mapped(frame["institution_code"], register.institution)
    by_name = mapped(frame["institution_name"], register.institution)
    _report_unknown(rows, frame["institution_code"], by_code, register, "institution_code")
    _report_unknown(
        rows,
        frame["institution_name"].where(frame["institution_code"].isna()),
        by_name,
        register,
        "institution_name",
    )
    _report_other_name(rows, frame, by_code, register)
    found = by_code.where(frame["institution_code"].notna(), by_name)
    return _restricted(rows, found, register, only)


def rows_name_institutions(rows: Rows) -> bool:
    """Whether any row names its institution; a column left empty throughout is none."""
    fields = ("institution_code", "institution_name")
    return not all(rows.says_nothing(field) for field in fields)


def _report_unknown(rows: Rows, texts: pd.Series, ids: pd.Series, register: Register, field: str) -> None:
    unknown = texts.notna() & ids.isna()
    if unknown.any():
        hints = mapped(texts.where(unknown), register.nearest_institution, "object")
        rows.report(UNKNOWN_INSTITUTION, unknown, field, hint=hints)


def _report_other_name(rows: Rows, frame: pd.DataFrame, by_code: pd.Series, register: Register) -> None:
    """Once per name: a code whose registered name is another one."""
    pairs = pd.DataFrame({"number": by_code, "name": frame["institution_name"]}).dropna().drop_duplicates()
    registered = pairs["number"].map(register.institution_names)
    differs = pairs["name"].map(key_of) != registered.map(key_of)
    rows.report(
        NAME_DIFFERS,
        frame.index.isin(pairs.index[differs]),
        "institution_name",
        code=frame["institution_code"],
        registered=registered.reindex(frame.index),
    )


def _restricted(rows: Rows, found: pd.Series, register: Register, only: str | None) -> pd.Series:
    if only is None:
        return found
    own = register.institution(only)
    field = "institution_code" if rows.has("institution_code") else "institution_name"
    rows.report(OTHER_INSTITUTION, found.notna() & (found != own), field, institution=only)
    return found.fillna(own)


def require_institution(rows: Rows, ids: pd.Series) -> None:
    """Report rows that name no institution although others do."""
    if not rows_name_institutions(rows):
        return
    field = "institution_code" if rows.has("institution_code") else "institution_name"
    if ids.isna().any():
        empty = rows.is_blank("institution_code") & rows.is_blank("institution_name")
        rows.report(EMPTY_CELL, ids.isna() & empty, field)


def _institution_of_file(rows: Rows, register: Register, only: str | None) -> pd.Series:
    if only is not None:
        return _own_rows(rows, register, only)
    ids: list[int | None] = []
    for table in rows.tables:
        before = _before(table, register, ids[-1] if ids else None)
        parts, unclear = _parts(table, register, before)
        starts = [part.at for part in parts] + [len(table.rows)]
        if starts[0]:  # rows that no dividing row speaks for
            ids += [before or _titled(rows, table, register)] * starts[0]
        for part, end in zip(parts, starts[1:], strict=True):
            ids += [part.institution] * (end - part.at)
        rows.problems += [_unclear(rows, table, divider, register) for divider in unclear]
    return pd.Series(ids, dtype="Int64")


def _before(table: Table, register: Register, last: int | None) -> int | None:
    """The institution of the rows above, for a table below another one that names none itself."""
    is_named = _names_above(table, register) or named_like_institutions(table.above)
    return last if table.continues and not is_named else None


def _own_rows(rows: Rows, register: Register, only: str) -> pd.Series:
    """All rows are the importer's own; those under the name of another institution are reported."""
    own = register.institution(only)
    others: list[str | None] = []
    for table in rows.tables:
        parts, unclear = _parts(table, register, own)
        starts = [part.at for part in parts] + [len(table.rows)]
        others += [_stranger_above(table, register, own)] * starts[0]
        for part, end in zip(parts, starts[1:], strict=True):
            name = register.institution_names[part.institution]
            others += [None if part.institution == own else name] * (end - part.at)
        rows.problems += [_unclear(rows, table, divider, register) for divider in unclear]
    names = pd.Series(others, dtype="object")
    rows.report(OTHER_INSTITUTION, names.notna(), "institution_name", institution=only, value=names)
    return pd.Series([own] * len(rows), dtype="Int64")


def _stranger_above(table: Table, register: Register, own: int | None) -> str | None:
    """The one other institution that the title or the sheet's name speaks of."""
    titled = _ids_in(_names_above(table, register), register)
    return register.institution_names[titled[0]] if len(titled) == 1 and titled != [own] else None


@dataclass(frozen=True)
class _Part:
    """The data rows from the `at`-th on, whose institution a row above them names."""

    at: int
    institution: int


def _parts(table: Table, register: Register, before: int | None = None) -> tuple[list[_Part], list[Divider]]:
    """Whose rows begin where, and the dividing rows that do not say it plainly.

    Sheets of several institutions stand below each other: 填报单位：甲医院, its rows, 填报单位：乙医院, … A
    total closes its own block; one that names another institution than the rows above it may head the next
    block or show that the rows above are not whose we think.
    """
    titled = _ids_in(_names_above(table, register), register)
    current = before or (titled[0] if len(titled) == 1 else None)
    seen, parts, unclear = {current}, [], []
    named = [(d, ids) for d in table.dividers if (ids := _ids_in(d.texts, register)) or _heads_strangers(d)]
    ends = [d.at for d, _ids in named[1:]] + [len(table.rows)]
    for (divider, ids), end in zip(named, ends, strict=False):  # no end where nothing is named
        if not divider.closes and len(ids) == 1:
            current = ids[0]
            seen.add(current)
            parts.append(_Part(divider.at, current))
        elif ids != [current] and (end > divider.at or not seen.issuperset(ids)):
            unclear.append(divider)
    return parts, unclear


def _heads_strangers(divider: Divider) -> bool:
    """Whether it names an institution that the register does not know: whose are the rows below?"""
    return not divider.closes and bool(named_like_institutions(divider.texts))


def _ids_in(texts: Iterable[str], register: Register) -> list[int]:
    return [register.institutions_by_name[key_of(name)] for name in names_in(texts, register)]


def _unclear(rows: Rows, table: Table, divider: Divider, register: Register) -> Problem:
    names = names_in(divider.texts, register) or named_like_institutions(divider.texts)
    words = {"names": _("、").join(names)}
    return Problem(INSTITUTION_UNCLEAR_BELOW, rows.file, table.sheet or None, row=divider.row, params=words)


def whose_rows(rows: Rows, register: Register) -> str:
    """What the title and the dividing rows say of whose rows they are, each with the rows it speaks for."""
    said = []
    for table in rows.tables:
        said += _names_above(table, register)
        parts, _unclear_rows = _parts(table, register)
        said += [f"{part.at} {register.institution_codes[part.institution]}" for part in parts]
    return "\n".join(said)


def _titled(rows: Rows, table: Table, register: Register) -> int | None:
    """The one institution whose registered name stands above the table; the longest name wins."""
    names = _names_above(table, register)
    if len(names) == 1:
        return register.institutions_by_name[key_of(names[0])]
    kind = INSTITUTION_UNCLEAR if names else INSTITUTION_MISSING
    rows.problems.append(Problem(kind, rows.file, table.sheet or None, params={"names": _("、").join(names)}))
    return None


def _names_above(table: Table, register: Register) -> list[str]:
    """Registered names over the table, else in the name of its sheet."""
    return names_in(table.above, register) or names_in([table.sheet], register)


def names_in(texts: Iterable[str], register: Register) -> list[str]:
    """Registered names in `texts`, without those that are only a part of another one there."""
    text = key_of("\n".join(texts))
    known = {key: register.institution_names[i] for key, i in register.institutions_by_name.items()}
    found = []
    for key in sorted((key for key in known if len(key) > 1 and key in text), key=len, reverse=True):
        if key in text:
            found.append(known[key])
            text = text.replace(key, "|")
    return found


def batch_ids(rows: Rows, names: pd.Series, register: Register) -> pd.Series:
    def find(name: str) -> int | None:
        known = register.batch(name)
        return known.id if known else None

    ids = mapped(names, find)
    unknown = names.notna() & ids.isna()
    if unknown.any():
        rows.report(
            UNKNOWN_BATCH,
            unknown,
            "batch",
            hint=mapped(names.where(unknown), register.nearest_batch, "object"),
        )
    return ids


def variety_ids(
    rows: Rows, batches: pd.Series, names: pd.Series, batch_names: pd.Series, register: Register
) -> pd.Series:
    """Ids of the varieties inside their batches; a row with an unknown batch is not reported again."""
    pairs = pd.Series(list(zip(batches, names, strict=True)), dtype="object")
    known = {
        p: register.variety(int(p[0]), p[1])
        for p in pairs.unique()
        if not pd.isna(p[0]) and isinstance(p[1], str)
    }
    ids = pd.Series([known.get(pair) for pair in pairs], dtype="Int64")
    unknown = batches.notna() & names.notna() & ids.isna()
    if unknown.any():
        near = {p: register.nearest_variety(int(p[0]), p[1]) for p in pairs[unknown].unique()}
        rows.report(
            UNKNOWN_VARIETY, unknown, "variety", batch=batch_names, hint=pairs.map(lambda p: near.get(p, ""))
        )
    return ids


def no_duplicates(rows: Rows, keys: pd.DataFrame, shown: pd.DataFrame, field: str) -> None:
    """Report later rows whose key was there before, naming the first; otherwise bad rows are let be."""
    readable = pd.Series(~rows.bad)
    keys = keys[readable]
    repeated = keys.duplicated()
    if not repeated.any():
        return
    numbered = keys.assign(place=keys.index)
    first = numbered.groupby(list(keys.columns), dropna=False, sort=False)["place"].transform("first")
    repeated = repeated.reindex(readable.index, fill_value=False)
    texts = shown[repeated].apply(
        lambda row: "，".join(str(v) for v in row if isinstance(v, str | int)), axis=1
    )
    rows.report(
        DUPLICATE_ROW,
        repeated,
        field,
        first_row=rows.places(first.reindex(readable.index).where(repeated)),
        key=texts.reindex(readable.index),
    )


def agreement_years(rows: Rows, years: pd.Series) -> None:
    beyond = (years > LAST_AGREEMENT_YEAR).fillna(False)
    rows.report(NOT_AN_AGREEMENT_YEAR, beyond, "agreement_year")
