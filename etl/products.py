"""Products as lists and purchase lines name them → Product. A list outranks a purchase line."""

from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, select, update
from sqlmodel import col

from etl.problem_kinds.skip import PRODUCT_DIFFERS
from etl.rows import Rows
from procurement.frames import insert_frame, read_frame
from procurement.packs import apply_packs
from procurement.tables import Import, Product

WORDS = {
    "product_name": "name",
    "form": "form",
    "spec": "spec",
    "units_per_pack": "units_per_pack",
    "base_unit": "base_unit",
    "manufacturer": "manufacturer",
    "registration": "registration",
    "is_provisional": "is_provisional",
}
"""Columns of the readers and the fields of Product that they fill."""

FROM_THE_NEWEST = ("units_per_pack", "base_unit")
"""What a newer list changes; other words of a listed product stay as they were first printed."""


def consistent_products(rows: Rows, frame: pd.DataFrame) -> None:
    """Report rows that give a product another pack size than its first row in the file."""
    known = frame["units_per_pack"].notna() & frame["product_code"].notna()
    first = frame[known].drop_duplicates("product_code").assign(place=lambda f: f.index)
    first = first.set_index("product_code")[["units_per_pack", "place"]]
    stated = frame["product_code"].map(first["units_per_pack"])
    differs = known & (frame["units_per_pack"] != stated).fillna(False)
    place = rows.places(frame["product_code"].map(first["place"]).where(differs))
    rows.report(
        PRODUCT_DIFFERS,
        differs,
        "units_per_pack",
        code=frame["product_code"],
        first_row=place,
        first=stated,
        second=frame["units_per_pack"],
    )


def save_products(
    connection: Connection, frame: pd.DataFrame, import_id: int, is_list: bool = True
) -> tuple[dict[str, int], set[int]]:
    """Insert or complete the products that a list, or purchase lines, name; lines only fill what is empty.

    Returns ids by code, and the ids of those whose pack became known or changed, with which the base units
    of their purchases and the unit prices of their other listings move.
    """
    known = read_frame(connection, _known_products()).set_index("code")
    named = _named(frame if is_list else frame[~frame["product_code"].isin(_complete_codes(known))])
    is_new = ~named["product_code"].isin(known.index)
    insert_frame(connection, Product, _as_products(named[is_new], import_id))
    moved = set()
    for record in named[~is_new].to_dict("records"):
        product = known.loc[record["product_code"]].to_dict()
        if _complete(connection, product, record, import_id, is_list):
            moved.add(int(product["id"]))
    apply_packs(connection, moved)
    return _ids(connection) if is_new.any() else known["id"].to_dict(), moved


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per product with the first word that the file has for each of its fields."""
    columns = ["product_code", *(name for name in WORDS if name in frame)]
    return frame[columns].groupby("product_code", sort=False).first().reset_index().rename(columns=WORDS)


def _complete_codes(known: pd.DataFrame) -> pd.Index:
    """Products of which a purchase line can tell nothing new; form and number are rarely there."""
    needed = [name for name in WORDS.values() if name not in ("form", "registration")]
    return known.index[known[needed].notna().all(axis=1)]


def _known_products() -> Select:
    columns = [col(getattr(Product, name)) for name in ("code", "id", *WORDS.values())]
    columns.append(col(Product.merged_into))
    return select(*columns, col(Import.kind)).join(Import, col(Import.id) == col(Product.import_id))


def _ids(connection: Connection) -> dict[str, int]:
    codes = connection.execute(select(col(Product.code), col(Product.id)))
    return {code: number for code, number in codes if number is not None}


def _as_products(named: pd.DataFrame, import_id: int) -> pd.DataFrame:
    return named.rename(columns={"product_code": "code"}).assign(import_id=import_id)


_CHANGEABLE = tuple(name for name in WORDS.values() if name != "is_provisional")
_CHANGEABLE_OF_PROVISIONAL = tuple(name for name in _CHANGEABLE if name not in FROM_THE_NEWEST)


def _complete(
    connection: Connection, known: dict[str, Any], record: dict[str, Any], import_id: int, is_list: bool
) -> bool:
    """Fill what is empty; a list replaces all that purchase lines told. Returns whether the pack changed.

    The pack of a provisional product is part of what it is: it never changes, and what a twin lent it
    (see etl.register) does not become its own.
    """
    from_purchases = is_list and known["kind"] == "purchases"
    changes: dict[str, Any] = {}
    for name in _CHANGEABLE_OF_PROVISIONAL if known["is_provisional"] else _CHANGEABLE:
        value, present = record.get(name), known[name]
        if value is None or pd.isna(value) or (not pd.isna(present) and value == present):
            continue
        if pd.isna(present) or from_purchases or (is_list and name in FROM_THE_NEWEST):
            changes[name] = value
    if from_purchases:
        changes["import_id"] = import_id
    if changes:
        connection.execute(update(Product).where(col(Product.id) == int(known["id"])).values(changes))
    return "units_per_pack" in changes
