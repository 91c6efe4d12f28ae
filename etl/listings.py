"""What batch lists and substitutes have in common: a product with its pack, and its place in a batch."""

import pandas as pd
from sqlalchemy import Connection, select, update
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


_SAID = ["status", "awarded_unit_price", "baseline_unit_price"]
"""What an award says beside its dates."""


def add_listings(connection: Connection, listings: pd.DataFrame) -> None:
    """Add listings beside those of the same batch and product, whatever order they are loaded in.

    One with the same first day replaces what was there, and so does one that says the same for other
    days: its dates were corrected. A price that changes or an award that is cancelled from a later day on
    ends the earlier period on the day before.
    """
    columns = Listing.__table__.c  # type: ignore[attr-defined]
    keys = ["batch_id", "product_id"]
    names = ["id", *keys, "starts_on", "ends_on", *_SAID]
    present = read_frame(connection, select(*(columns[name] for name in names)))
    days = {name: pd.to_datetime(listings[name]).astype("datetime64[s]") for name in ("starts_on", "ends_on")}
    said = [name for name in _SAID if name in listings]
    new = listings[[*keys, *said]].assign(**days).reindex(columns=[*keys, "starts_on", "ends_on", *_SAID])
    pairs = present.merge(new.reset_index(names="row"), on=keys, suffixes=("", "_new"))
    meets = (pairs["starts_on"] <= pairs["ends_on_new"]) & (pairs["starts_on_new"] <= pairs["ends_on"])
    pairs = pairs[meets]
    replaced = (pairs["starts_on"] == pairs["starts_on_new"]) | _says_the_same(pairs)
    delete_ids(connection, Listing, pairs.loc[replaced, "id"].unique().tolist())
    _end_before(connection, pairs[~replaced & (pairs["starts_on"] < pairs["starts_on_new"])])
    later = pairs[~replaced & (pairs["starts_on"] > pairs["starts_on_new"])]
    ends = later.groupby("row")["starts_on"].min() - ONE_DAY
    insert_frame(
        connection, Listing, listings.assign(ends_on=ends.reindex(listings.index).fillna(days["ends_on"]))
    )


ONE_DAY = pd.Timedelta(days=1)


def _says_the_same(pairs: pd.DataFrame) -> pd.Series:
    same = pd.Series(True, index=pairs.index)
    for name in _SAID:
        old, new = pairs[name], pairs[f"{name}_new"]
        same &= ((old == new).fillna(False) | (old.isna() & new.isna())).astype(bool)
    return same


def _end_before(connection: Connection, pairs: pd.DataFrame) -> None:
    """End periods that are there on the day before the next one begins."""
    ends = pairs.groupby("id")["starts_on_new"].min() - ONE_DAY
    for listing_id, day in ends.items():
        change = update(Listing).where(col(Listing.id) == int(listing_id)).values(ends_on=day.date())
        connection.execute(change)


def products_of_batches(connection: Connection, batch_ids: list[int]) -> set[int]:
    query = select(col(Listing.product_id)).where(col(Listing.batch_id).in_(batch_ids)).distinct()
    return set(connection.execute(query).scalars())


def touched_products(product_ids: set[int]) -> list[Touched]:
    """Nothing where there are none: an empty Touched would mean everything."""
    return [Touched(product_ids=tuple(sorted(product_ids)))] if product_ids else []
