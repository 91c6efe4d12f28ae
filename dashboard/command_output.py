"""What the commands have in common: which ledger, JSON or text, and where messages go."""

import json
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from procurement.language import _

messages = Console(stderr=True, highlight=False)
"""Progress and sentences; stdout is for what was asked."""

Database = Annotated[
    str, typer.Option("--db", envvar="VBP_DATABASE_URL", help=_("数据库地址。"), show_default=True)
]
AsJson = Annotated[bool, typer.Option("--json", help=_("以JSON输出。"))]


def fail(message: str, code: int) -> NoReturn:
    messages.print(message, style="red", markup=False, soft_wrap=True)
    raise SystemExit(code)


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(rows: Any, columns: Any) -> None:
    from dashboard.terminal import print_table, wide_console

    print_table(rows, columns, wide_console())
