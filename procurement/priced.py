"""Lists and agreed volumes with the prices that they come to."""

from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection

from procurement.filters import Filters
from procurement.kept import kept, kept_for_all
from procurement.measures.agreements import price_agreements
from procurement.measures.prices import resolve_listings
from procurement.queries import register
from procurement.queries.agreement import agreed_volumes, listings


def resolved_listings(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per batch × product × start date with every price that can be known (measures.prices).

    Prices resolve over all products of a variety, whatever institution is looked at, on whatever day.
    """
    named = Filters(batches=filters.batches, category=filters.category, varieties=filters.varieties)
    return _resolved(connection, named)


@kept_for_all
def _resolved(connection: Connection, filters: Filters) -> pd.DataFrame:
    return resolve_listings(listings(connection, filters), register.varieties(connection, filters))


def agreements(connection: Connection, filters: Filters = Filters()) -> pd.DataFrame:
    """One row per agreed volume with prices and amounts (measures.agreements), of every agreement year."""
    return _priced(connection, replace(filters, first_day=None, last_day=None, as_of=None))


@kept
def _priced(connection: Connection, filters: Filters) -> pd.DataFrame:
    return price_agreements(agreed_volumes(connection, filters), resolved_listings(connection, filters))
