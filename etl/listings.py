"""What batch lists and substitutes have in common: a product with its pack, and its place in a batch."""

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from etl import cells
from etl.loading import delete_ids
from etl.problem_kinds.mention import PACK_SIZE_NOT_AS_SPEC
from etl.rows import Rows
from etl.units import PACK_WORDS, unit_of
from procurement.database import insert_frame, read_frame
from procurement.ledger import Touched
from procurement.tables import Listing


def read_product(rows: Rows) -> pd.DataFrame:
    """Code, words, base unit and pack size; a pack size that is not stated is taken from a plain spec."""
    frame = pd.DataFrame(
        {
            "product_code": rows.read("product_code", cells.code),
            "product_name": rows.read("product_name", cells.text),
            "form": rows.read("form", cells.text),
            "spec": rows.read("spec", cells.text),
            "manufacturer": rows.read("manufacturer", cells.text),
            "units_per_pack": rows.read("units_per_pack", cells.pack_size, "Int64"),
        }
    )
    by_spec = rows.read("spec", cells.spec_pack, "Int64")
    differs = (frame["units_per_pack"] != by_spec).fillna(False)
    rows.report(PACK_SIZE_NOT_AS_SPEC, differs, "units_per_pack", spec=frame["spec"], known=by_spec)
    frame["units_per_pack"] = frame["units_per_pack"].fillna(by_spec)
    frame["base_unit"] = _base_units(rows, frame["units_per_pack"])
    return frame


def _base_units(rows: Rows, units_per_pack: pd.Series) -> pd.Series:
    """The unit column where it names a base unit; a word for packs (盒) leaves it to the spec."""
    by_spec = rows.read("spec", cells.spec_base_unit)
    stated = rows.read("unit", cells.word).map(_base_word, na_action="ignore")
    only_pack = stated.isin(PACK_WORDS) & ((units_per_pack != 1).fillna(True) | by_spec.notna())
    return stated.mask(only_pack).where(stated.notna() & ~only_pack, by_spec).astype("object")


def _base_word(text: str) -> str | None:
    unit = unit_of(text)
    return unit.word if unit else None


def read_strength_factor(rows: Rows) -> pd.Series:
    return rows.read("strength_factor", cells.factor, "Int64").rename("strength_factor")


def add_listings(connection: Connection, listings: pd.DataFrame) -> None:
    """Add listings in place of those of the same batch and product whose period they meet.

    A list that comes again with another execution date corrects it; a later period of its own stays beside.
    """
    table = Listing.__table__  # type: ignore[attr-defined]
    present = read_frame(
        connection,
        select(table.c.id, table.c.batch_id, table.c.product_id, table.c.starts_on, table.c.ends_on),
    )
    new = listings[["batch_id", "product_id", "starts_on", "ends_on"]].assign(
        starts_on=pd.to_datetime(listings["starts_on"]), ends_on=pd.to_datetime(listings["ends_on"])
    )
    pairs = present.merge(new, on=["batch_id", "product_id"], suffixes=("", "_new"))
    meets = (pairs["starts_on"] <= pairs["ends_on_new"]) & (pairs["starts_on_new"] <= pairs["ends_on"])
    delete_ids(connection, Listing, pairs.loc[meets, "id"].unique().tolist())
    insert_frame(connection, Listing, listings)


def products_of_batches(connection: Connection, batch_ids: list[int]) -> set[int]:
    query = select(col(Listing.product_id)).where(col(Listing.batch_id).in_(batch_ids)).distinct()
    return set(connection.execute(query).scalars())


def touched_products(product_ids: set[int]) -> list[Touched]:
    """Nothing where there are none: an empty Touched would mean everything."""
    return [Touched(product_ids=tuple(sorted(product_ids)))] if product_ids else []
