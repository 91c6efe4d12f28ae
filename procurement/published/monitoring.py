"""Tables of prices, savings, completion and volumes of areas."""

import pandas as pd
from sqlalchemy import Connection

from procurement import figures
from procurement.filters import Filters
from procurement.language import N_
from procurement.published.table import Table


def _savings(connection: Connection, filters: Filters) -> pd.DataFrame:
    rows = figures.savings(connection, filters)
    return rows.sort_values(["institution_code", "batch", "variety", "month", "is_selected"], kind="stable")


TABLES: dict[str, Table] = {
    "prices": Table(
        N_("价格追踪"),
        figures.prices,
        {
            "batch": "batch",
            "category": "category",
            "variety": "variety",
            "product_code": "product_code",
            "product_name": "product_name",
            "spec": "spec",
            "manufacturer": "manufacturer",
            "baseline_unit_price": "baseline_unit_price",
            "awarded_unit_price": "awarded_unit_price",
            "drop": "drop",
            "baseline_basis": "baseline_basis",
            "reason": "price_reason",
        },
    ),
    "savings": Table(
        N_("节约成效"),
        _savings,
        {
            "institution_code": "institution_code",
            "institution_name": "institution_name",
            "batch": "batch",
            "category": "category",
            "variety": "variety",
            "month": "month",
            "base_units": "base_units",
            "paid": "paid_amount",
            "baseline_amount": "baseline_amount",
            "saving": "saving_amount",
            "selected": "is_selected",
        },
    ),
    "completion": Table(
        N_("约定量完成"),
        figures.completion,
        {
            "institution_code": "institution_code",
            "batch": "batch",
            "variety": "variety",
            "agreement_year": "agreement_year",
            "agreed_units": "agreed_equivalent",
            "bought_units": "bought_equivalent",
            "rate": "rate",
            "time_progress": "time_progress",
            "status": "status",
        },
    ),
    "area-volumes": Table(
        N_("地区约定采购量"),
        figures.area_volumes,
        {
            "area": "area",
            "batch": "batch",
            "variety": "variety",
            "product_code": "product_code",
            "agreement_year": "agreement_year",
            "stated_units": "stated_equivalent",
            "institutions_units": "institutions_equivalent",
            "difference_units": "difference_equivalent",
        },
    ),
}
