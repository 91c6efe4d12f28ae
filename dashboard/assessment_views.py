"""The assessment as the pages need it: one row per institution × batch × agreement year, indicators beside
each other.

Each takes a connection and filters, so that dashboard.data can keep what it returns.
"""

import pandas as pd
from sqlalchemy import Connection

from procurement import assessments
from procurement.filters import Filters
from procurement.measures.retention import SETTLEMENT
from procurement.policies import EARLIEST
from procurement.policies.assessment import INDICATORS
from procurement.queries.lines import file_names
from procurement.queries.names import with_names
from procurement.queries.years import measuring_day

COUNTED = ["score", "score_source", "import_id", "row_number"]


def settled_scores(connection: Connection, filters: Filters) -> pd.DataFrame:
    """The score that counts (with file_name and row_number where it is the workbook's) beside the computed
    one, and <indicator>_indicator and <indicator>_points of each; the lowest scores first.

    `is_running` marks an agreement year that has not ended by the measuring day.
    """
    rows, found = assessments.assessed(connection, filters)
    counted = assessments.scores(connection, filters, found)
    table = found.merge(counted[[*SETTLEMENT, *COUNTED]], on=SETTLEMENT, how="left")
    for name in INDICATORS:
        own = rows[rows["indicator"] == name].set_index(SETTLEMENT)[["indicator_rate", "points"]]
        table = table.join(own.set_axis([f"{name}_indicator", f"{name}_points"], axis=1), on=SETTLEMENT)
    table["file_name"] = table["import_id"].map(file_names(connection)).astype(object)
    as_of = measuring_day(connection, filters) or EARLIEST
    table["is_running"] = table["year_end"] > pd.Timestamp(as_of)
    table = with_names(connection, table)
    order = ["score", "computed_score", "institution_code", "execution_date", "batch"]
    return table.sort_values(order, na_position="last", ignore_index=True)


def indicators(connection: Connection, filters: Filters) -> pd.DataFrame:
    """Every indicator with its evidence (procurement.assessments)."""
    return assessments.assessment(connection, filters)
