"""What the batches list, and what the institutions agreed to buy."""

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, false, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.kept import kept_for_all
from procurement.policies.awards import elsewhere_counts
from procurement.queries.conditions import of_batches, of_institutions
from procurement.queries.policies import policy_book
from procurement.tables import AgreedVolume, AreaVolume, Batch, Institution, Listing, Product, Variety


def listings(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per batch × product × start date, selected and non-selected, with its product and batch.

    `import_id` and `row_number` tell where it is listed.

    What lists a merged product lists the one that it is merged into, unless that has a listing of its own
    in the batch from the same day.
    """
    named = Filters(batches=filters.batches, category=filters.category, varieties=filters.varieties)
    return _listings(connection, named)


@kept_for_all
def _listings(connection: Connection, filters: Filters) -> pd.DataFrame:
    listed = aliased(Product)
    query: Select = (
        select(
            col(Listing.batch_id),
            col(Listing.variety_id),
            col(Product.id).label("product_id"),
            col(Listing.status),
            col(Listing.starts_on),
            col(Listing.ends_on),
            col(Listing.strength_factor),
            col(Listing.baseline_unit_price),
            col(Listing.baseline_basis),
            col(Listing.awarded_unit_price),
            col(Listing.stated_price),
            col(Listing.stated_per_pack),
            col(Listing.import_id),
            col(Listing.row_number),
            col(Batch.name).label("batch"),
            col(Batch.category),
            col(Batch.execution_date),
            col(Variety.name).label("variety"),
            col(Product.code).label("product_code"),
            col(Product.name).label("product_name"),
            col(Product.spec),
            col(Product.base_unit),
            col(Product.units_per_pack),
            col(Product.manufacturer),
        )
        .join(Batch, col(Listing.batch_id) == col(Batch.id))
        .join(Variety, col(Listing.variety_id) == col(Variety.id))
        .join(listed, col(Listing.product_id) == col(listed.id))
        .join(Product, func.coalesce(col(listed.merged_into), col(listed.id)) == col(Product.id))
        .order_by(col(Batch.execution_date), col(Batch.id), col(Listing.id))
    )
    rows = read_frame(connection, of_batches(query.add_columns(_is_lent(listed)), filters))
    rows = _own_first(rows, ["batch_id", "product_id", "starts_on"])
    return rows.assign(elsewhere_counts=elsewhere_counts(rows, policy_book(connection)))


def agreed_volumes(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution × batch × variety × product (or none) × agreement year, units as agreed.

    `import_id` and `row_number` tell where each comes from.
    """
    query = (
        select(
            col(AgreedVolume.institution_id),
            col(AgreedVolume.batch_id),
            col(AgreedVolume.variety_id),
            func.coalesce(col(Product.merged_into), col(AgreedVolume.product_id)).label("product_id"),
            col(AgreedVolume.agreement_year),
            col(AgreedVolume.reported_units),
            col(AgreedVolume.agreed_units),
            col(AgreedVolume.import_id),
            col(AgreedVolume.row_number),
        )
        .join(Institution, col(AgreedVolume.institution_id) == col(Institution.id))
        .join(Batch, col(AgreedVolume.batch_id) == col(Batch.id))
        .join(Variety, col(AgreedVolume.variety_id) == col(Variety.id))
        .join(Product, col(AgreedVolume.product_id) == col(Product.id), isouter=True)
        .add_columns(_is_lent(Product))
    )
    rows = read_frame(connection, of_batches(of_institutions(query, filters), filters))
    return _own_first(rows, ["institution_id", "variety_id", "product_id", "agreement_year"])


def _is_lent(product: type[Product]) -> ColumnElement[bool]:
    """Whether a row speaks of a product through one that is merged into it."""
    return col(product.merged_into).is_not(None).label("is_lent")


def _own_first(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row per key: the product's own where it has one, else the first lent to it."""
    if rows["is_lent"].any():
        kept = rows.sort_values("is_lent", kind="stable").drop_duplicates(key).index
        rows = rows.loc[kept.sort_values()].reset_index(drop=True)
    return rows.drop(columns="is_lent")


def area_volumes(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per area × batch × variety × product (or none) × agreement year, units as stated.

    They speak for all institutions of an area, so a reader with a scope sees none.
    """
    query: Select = (
        select(
            col(AreaVolume.area),
            col(AreaVolume.batch_id),
            col(AreaVolume.variety_id),
            func.coalesce(col(Product.merged_into), col(AreaVolume.product_id)).label("product_id"),
            col(AreaVolume.agreement_year),
            col(AreaVolume.reported_units),
            col(AreaVolume.agreed_units),
            col(Batch.name).label("batch"),
            col(Variety.name).label("variety"),
            col(Product.code).label("product_code"),
        )
        .join(Batch, col(AreaVolume.batch_id) == col(Batch.id))
        .join(Variety, col(AreaVolume.variety_id) == col(Variety.id))
        .join(Product, col(AreaVolume.product_id) == col(Product.id), isouter=True)
        .order_by(col(Batch.execution_date), col(Batch.name), col(Variety.name), col(AreaVolume.id))
    )
    if filters.scope is not None:
        query = query.where(false())
    if filters.districts:
        query = query.where(col(AreaVolume.area).in_(filters.districts))
    return read_frame(connection, of_batches(query, filters))
