"""What the batches list, and what the institutions agreed to buy."""

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from procurement.database import read_frame
from procurement.filters import Filters
from procurement.queries.conditions import of_batches, of_institutions
from procurement.tables import AgreedVolume, Batch, Institution, Listing, Product, Variety


def listings(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per batch × product × start date, selected and non-selected, with its product and batch."""
    query = (
        select(
            col(Listing.batch_id),
            col(Listing.variety_id),
            col(Listing.product_id),
            col(Listing.status),
            col(Listing.starts_on),
            col(Listing.ends_on),
            col(Listing.strength_factor),
            col(Listing.baseline_unit_price),
            col(Listing.baseline_basis),
            col(Listing.awarded_unit_price),
            col(Listing.stated_price),
            col(Listing.stated_per_pack),
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
        .join(Product, col(Listing.product_id) == col(Product.id))
        .order_by(col(Batch.execution_date), col(Batch.id), col(Listing.id))
    )
    return read_frame(connection, of_batches(query, filters))


def agreed_volumes(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per institution × batch × variety × product (or none) × agreement year, units as agreed."""
    query = (
        select(
            col(AgreedVolume.institution_id),
            col(AgreedVolume.batch_id),
            col(AgreedVolume.variety_id),
            col(AgreedVolume.product_id),
            col(AgreedVolume.agreement_year),
            col(AgreedVolume.reported_units),
            col(AgreedVolume.agreed_units),
        )
        .join(Institution, col(AgreedVolume.institution_id) == col(Institution.id))
        .join(Batch, col(AgreedVolume.batch_id) == col(Batch.id))
        .join(Variety, col(AgreedVolume.variety_id) == col(Variety.id))
    )
    return read_frame(connection, of_batches(of_institutions(query, filters), filters))
