"""Every row that points to another finds it there."""

from collections.abc import Iterator

from sqlalchemy import Column, Connection, Table, exists, func, select
from sqlmodel import SQLModel

from procurement.checking.finding import Finding
from procurement.language import N_, _

POINTS_NOWHERE = N_(
    "表 {table} 有{count}行的 {column} 指向表 {target} 中不存在的记录（如 {value}）。"
    "请用 vbp restore 从备份恢复。"
)


def references(connection: Connection) -> Iterator[Finding]:
    """One finding per column that points nowhere in some rows."""
    for table in SQLModel.metadata.sorted_tables:
        for key in table.foreign_keys:
            count, value = _pointing_nowhere(connection, table, key.parent, key.column)
            if count:
                words = {"table": table.name, "column": key.parent.name, "target": key.column.table.name}
                says = _(POINTS_NOWHERE).format(**words, count=count, value=value)
                yield Finding("references", f"{table.name}.{key.parent.name}", says)


def _pointing_nowhere(connection: Connection, table: Table, column: Column, target: Column) -> tuple:
    """How many rows do, and one of the values."""
    there = target.table.alias()
    missing = ~exists().where(there.c[target.name] == column)
    query = select(func.count(), func.min(column)).select_from(table).where(column.is_not(None), missing)
    return tuple(connection.execute(query).one())
