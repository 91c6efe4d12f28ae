"""Products without a code: the registered one that a row's words fit exactly, else a provisional one.

Nothing is guessed. What is only near is proposed to a person (etl.matching.decisions); until somebody
decides, its lines count as bought outside the catalogue (目录外) and are never dropped.
"""

from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import col

from etl.matching.catalogue import (
    BY_PROVISIONAL,
    BY_REGISTRATION,
    BY_WORDS,
    NEW,
    PROVISIONAL,
    Catalogue,
    Found,
    provisional_code,
    read_catalogue,
)
from etl.matching.names import ProductWords
from etl.problem_kinds.mention import (
    CODE_UNKNOWN_BUT_ALIKE,
    MATCHED_WITHOUT_CODE,
    OUTSIDE_CATALOGUE,
    TWIN_WITHOUT_CODE,
)
from etl.problem_kinds.skip import EMPTY_CELL
from etl.problems import Kind
from etl.register import Context
from etl.rows import Rows
from procurement.money import yuan
from procurement.tables import Listing, Product

_WORDS = {
    "product_name": "name",
    "spec": "spec",
    "units_per_pack": "units_per_pack",
    "manufacturer": "manufacturer",
    "form": "form",
    "base_unit": "base_unit",
    "registration": "registration",
}
"""Columns of the readers and the fields of ProductWords that they fill."""


def resolve_products(rows: Rows, frame: pd.DataFrame, context: Context) -> None:
    """Give every row without a code the code of its product, and say how many were found in which way.

    Sets `product_code` and `is_provisional` in place. A row with neither code nor name is reported; where
    a code cannot be read, the row has its problem already. A code that the register does not know stays,
    but a registered product of the very same words is mentioned.
    """
    frame["product_code"] = frame["product_code"].astype("object")
    unknown = _unknown_codes(frame["product_code"], context)
    without = _without_code(rows, frame["product_code"], unknown)
    if "variety" in frame:  # a published list calls the product by its variety
        unnamed = without & frame["product_name"].isna()
        frame["product_name"] = frame["product_name"].mask(unnamed, frame["variety"])
    named = without & frame["product_name"].notna()
    field = "product_code" if rows.has("product_code") else "product_name"
    rows.report(EMPTY_CELL, without & ~named, field)
    first = _first_of(frame["product_code"].mask(without), unknown)
    if named.any() or first.any():
        catalogue = read_catalogue(context.connection)
        _resolve(rows, frame, named, catalogue)
        _mention_alike(rows, frame, first, catalogue)
    codes = frame["product_code"].dropna().unique()
    frame["is_provisional"] = _is_one_of(frame["product_code"], {c for c in codes if _is_provisional(c)})


def _is_provisional(code: str) -> bool:
    return code.startswith(PROVISIONAL)


def _unknown_codes(codes: pd.Series, context: Context) -> set[str]:
    """Codes of the file that the register does not have."""
    return {code for code in codes.dropna().unique() if code not in context.register.products}


def _without_code(rows: Rows, codes: pd.Series, unknown: set[str]) -> pd.Series:
    """No code at all, or the provisional one of another ledger; a code that cannot be read is not none."""
    foreign = _is_one_of(codes, {code for code in unknown if _is_provisional(code)})
    return (codes.isna() & rows.is_blank("product_code")) | foreign if codes.isna().any() else foreign


def _first_of(codes: pd.Series, unknown: set[str]) -> pd.Series:
    """The first row of each unknown code."""
    return _is_one_of(codes, unknown) & ~codes.duplicated() if unknown else _is_one_of(codes, unknown)


def _is_one_of(codes: pd.Series, some: set[str]) -> pd.Series:
    return codes.isin(some) if some else pd.Series(False, index=codes.index)


def words_of(frame: pd.DataFrame, where: pd.Series) -> pd.Series:
    """The words of each row of the mask; rows that say the same share one value."""
    names = [name for name in _WORDS if name in frame]
    said = frame.loc[where, names].astype("object")
    said = said.where(said.notna(), None)
    known: dict[tuple[Any, ...], ProductWords] = {}
    values = []
    for row in said.itertuples(index=False, name=None):
        if row not in known:
            known[row] = ProductWords(**{_WORDS[n]: v for n, v in zip(names, row, strict=True)})
        values.append(known[row])
    return pd.Series(values, index=said.index, dtype="object")


def _resolve(rows: Rows, frame: pd.DataFrame, named: pd.Series, catalogue: Catalogue) -> None:
    if not named.any():
        return
    words = words_of(frame, named)
    is_list = rows.source.kind != "purchases"
    found: dict[ProductWords, Found] = {
        said: catalogue.find(said, keeps_provisional=is_list) for said in set(words)
    }
    frame.loc[named, "product_code"] = words.map(lambda said: found[said].code)
    ways = words.map(lambda said: found[said].way).value_counts()
    known = {way: int(ways.get(way, 0)) for way in (BY_REGISTRATION, BY_WORDS, BY_PROVISIONAL, NEW)}
    if sum(known.values()) > known[NEW]:
        rows.mention(MATCHED_WITHOUT_CODE, "product_name", **known)


def _mention_alike(rows: Rows, frame: pd.DataFrame, unknown: pd.Series, catalogue: Catalogue) -> None:
    """Name the product that a new code may be a slip for, or the one without a code that it may belong to."""
    if not unknown.any():
        return
    words = words_of(frame, unknown)
    without_code = words.map(lambda said: _twin_without_code(said, catalogue)).dropna()
    _report_other(rows, frame, TWIN_WITHOUT_CODE, without_code)
    if rows.source.kind == "purchases":  # two codes of like words are nothing unusual in a list
        alike = words.drop(without_code.index).map(lambda said: _alike(said, catalogue)).dropna()
        _report_other(rows, frame, CODE_UNKNOWN_BUT_ALIKE, alike)


def _report_other(rows: Rows, frame: pd.DataFrame, kind: Kind, others: pd.Series) -> None:
    rows.report(kind, frame.index.isin(others.index), "product_code", other=others.reindex(frame.index))


def _alike(words: ProductWords, catalogue: Catalogue) -> str | None:
    """The code of a registered product of the same registration or words."""
    fitting = catalogue.registered_as(words) or catalogue.written_as(words)
    return fitting[0].code if fitting else None


def _twin_without_code(words: ProductWords, catalogue: Catalogue) -> str | None:
    """The provisional product of the very same words, unless somebody has decided about it."""
    entry = catalogue.provisional.get(provisional_code(words)) if words.is_telling else None
    return entry.code if entry and entry.merged_into is None else None


def mention_outside(rows: Rows, frame: pd.DataFrame, context: Context) -> None:
    """Say how many lines were bought outside the catalogue: of provisional products that no list names."""
    listed = set(_provisional_inside(context))
    outside = frame["is_provisional"] & ~frame["product_code"].isin(listed) & ~rows.bad
    if not outside.any():
        return
    lines = frame[outside]
    rows.mention(
        OUTSIDE_CATALOGUE,
        "product_name",
        lines=len(lines),
        products=int(lines["product_code"].nunique()),
        amount=f"{yuan(int(lines['paid_amount'].sum())):,.2f}",
    )


def _provisional_inside(context: Context) -> list[str]:
    """Codes of provisional products that a list names or a person has joined to a registered one."""
    listings = select(col(Listing.product_id))
    query = select(col(Product.code)).where(
        col(Product.is_provisional), col(Product.merged_into).is_not(None) | col(Product.id).in_(listings)
    )
    return list(context.connection.execute(query).scalars())
