"""One pair per kind of workbook: <kind>.toml knows its headings, <kind>.py reads, checks and loads its rows.

read(rows) → frame              cells to values, nothing looked up
check(rows, frame, context)     against each other and the ledger; adds ids and what follows from them
load(connection, frame, id)     rows → tables; tells what of the ledger it touched
"""

from types import ModuleType

from etl.sources import (
    agreed_volumes,
    assessments,
    batch_list,
    institutions,
    payment_ratios,
    purchases,
    sharing,
    substitutes,
)

READERS: dict[str, ModuleType] = {
    "institutions": institutions,
    "batch_list": batch_list,
    "substitutes": substitutes,
    "agreed_volumes": agreed_volumes,
    "purchases": purchases,
    "assessments": assessments,
    "payment_ratios": payment_ratios,
    "sharing": sharing,
}
