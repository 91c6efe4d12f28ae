"""The sample city: loaded once, never into a ledger that holds somebody's own data."""

from pathlib import Path

from rich.console import Console
from sqlalchemy import Engine, select
from sqlmodel import col

from dashboard import demo_roles
from dashboard.import_report import import_with_progress, print_reports
from procurement.database import reading
from procurement.language import _
from procurement.tables import Import

SAMPLES = Path(__file__).parent.parent / "sample_data"
LOADED_BY = demo_roles.LOADED_BY


def load_sample(engine: Engine, city: str, messages: Console) -> None:
    """Load `sample_data/<city>`; a second call finds everything unchanged."""
    folder = SAMPLES / city
    if not folder.is_dir():
        raise LookupError(_("没有名为“{city}”的示例数据。").format(city=city))
    with reading(engine) as connection:
        names = demo_roles.demo_names(connection)
        others = connection.execute(
            select(col(Import.id)).where(col(Import.imported_by).not_in(names)).limit(1)
        ).all()
    if others:
        raise LookupError(_("该台账已有正式数据，示例数据不会混入。请用 --db 另选一个数据库。"))
    reports = import_with_progress(engine, [folder], messages, by=LOADED_BY)
    demo_roles.prepare(engine)
    failed = [report for report in reports if report.status == "problems"]
    if failed:
        print_reports(failed, messages)
        raise LookupError(_("示例数据未能完整载入。"))
