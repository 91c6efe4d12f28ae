"""What batch lists and substitutes have in common: a product with its pack, and its place in a batch."""

import pandas as pd
from sqlalchemy import Connection, Select, select, update
from sqlmodel import col

from etl.checks import mapped
from etl.problem_kinds.mention import NOT_IN_NEW_LIST, PACK_SIZE_NOT_AS_SPEC
from etl.recording.loading import delete_ids
from etl.register import Context
from etl.rows import Rows
from etl.values import cells
from etl.values.units import PACK_WORDS, unit_of
from procurement.frames import insert_frame, read_frame
from procurement.language import _
from procurement.ledger import Touched
from procurement.tables import Import, Listing, Product


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
    if "registration" in rows.source.fields:
        frame["registration"] = rows.read("registration", cells.text)
    by_spec = rows.read("spec", cells.spec_pack, "Int64")
    differs = (frame["units_per_pack"] != by_spec).fillna(False)
    rows.report(PACK_SIZE_NOT_AS_SPEC, differs, "units_per_pack", spec=frame["spec"], known=by_spec)
    frame["units_per_pack"] = frame["units_per_pack"].fillna(by_spec)
    frame["base_unit"] = _base_units(rows, frame["units_per_pack"])
    return frame


def _base_units(rows: Rows, units_per_pack: pd.Series) -> pd.Series:
    """The unit column where it names a base unit; a word for packs (盒) leaves it to the spec."""
    by_spec = rows.read("spec", cells.spec_base_unit)
    stated = mapped(rows.read("unit", cells.word), _base_word, "object")
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


NAMES_SHOWN = 3
"""Products that a sentence names of those that a new list no longer has."""


def listed_by(connection: Connection, kind: str, batch_ids: list[int]) -> pd.DataFrame:
    """Id, batch, product code and name of the listings that workbooks of a kind brought to some batches."""
    query: Select = (
        select(col(Listing.id), col(Listing.batch_id), col(Product.code), col(Product.name))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .join(Import, col(Import.id) == col(Listing.import_id))
        .where(col(Import.kind) == kind, col(Listing.batch_id).in_(batch_ids))
        .order_by(col(Listing.id))
    )
    return read_frame(connection, query)


def report_not_in_new_list(rows: Rows, frame: pd.DataFrame, context: Context) -> None:
    """Say how many products of the file's batches are listed already and not in the file: they stay.

    A file with bad rows is mended first: what cannot be read is not missing.
    """
    if context.mode == "replace" or rows.bad.any():
        return
    known = frame["batch"].map(context.register.batch, na_action="ignore")
    ids = known.map(lambda batch: batch.id if batch else None, na_action="ignore").astype("Int64")
    if ids.isna().all():
        return
    batch_ids = [int(number) for number in ids.dropna().unique()]
    present = listed_by(context.connection, rows.source.kind, batch_ids)
    in_file = set(zip(ids.astype("object"), frame["product_code"], strict=True))
    pairs = zip(present["batch_id"], present["code"], strict=True)
    gone = present[[pair not in in_file for pair in pairs]].drop_duplicates(["batch_id", "code"])
    if len(gone):
        words = [
            name if isinstance(name, str) else code
            for code, name in zip(gone["code"], gone["name"], strict=True)
        ]
        names = _("、").join(list(dict.fromkeys(words))[:NAMES_SHOWN])
        rows.mention(NOT_IN_NEW_LIST, count=len(gone), names=names)


def withdraw_missing(connection: Connection, frame: pd.DataFrame, kind: str) -> None:
    """Let go what workbooks of `kind` listed in the file's batches: the file is the whole of it."""
    batch_ids = [int(number) for number in frame["batch_id"].unique()]
    delete_ids(connection, Listing, listed_by(connection, kind, batch_ids)["id"].tolist())


def products_of_batches(connection: Connection, batch_ids: list[int]) -> set[int]:
    query = select(col(Listing.product_id)).where(col(Listing.batch_id).in_(batch_ids)).distinct()
    return set(connection.execute(query).scalars())


def touched_products(product_ids: set[int]) -> list[Touched]:
    """Nothing where there are none: an empty Touched would mean everything."""
    return [Touched(product_ids=tuple(sorted(product_ids)))] if product_ids else []
