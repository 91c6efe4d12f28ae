"""Filters as conditions of a query. The scope is applied here, once, for every figure."""

from sqlalchemy import ColumnElement, Select
from sqlmodel import col

from procurement.filters import Filters
from procurement.tables import Batch, Institution, Variety


def of_institutions(query: Select, filters: Filters) -> Select:
    """Only institutions that the filters name and the scope allows; the query joins Institution."""
    conditions: list[ColumnElement[bool]] = []
    if filters.scope is not None:
        conditions.append(col(Institution.code).in_(filters.scope))
    if filters.institutions:
        conditions.append(col(Institution.code).in_(filters.institutions))
    if filters.districts:
        conditions.append(col(Institution.district).in_(filters.districts))
    return query.where(*conditions) if conditions else query


def of_batches(query: Select, filters: Filters) -> Select:
    """Only batches, categories and varieties that the filters name; the query joins Batch and Variety."""
    conditions: list[ColumnElement[bool]] = []
    if filters.batches:
        conditions.append(col(Batch.name).in_(filters.batches))
    if filters.category:
        conditions.append(col(Batch.category) == filters.category)
    if filters.varieties:
        conditions.append(col(Variety.name).in_(filters.varieties))
    return query.where(*conditions) if conditions else query


def narrows_institutions(filters: Filters) -> bool:
    """Whether some institutions are ruled out."""
    return bool(filters.institutions or filters.districts or filters.scope is not None)


def narrows_batches(filters: Filters) -> bool:
    """Whether purchases outside every batch are ruled out."""
    return bool(filters.batches or filters.category or filters.varieties)
