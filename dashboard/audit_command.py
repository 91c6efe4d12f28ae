"""`vbp audit`: who did what, and whether the trail is whole."""

from typing import Annotated

import typer

from dashboard.command_output import AsJson, Database, fail, print_json, print_table
from procurement.default_url import DEFAULT_URL
from procurement.language import _

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)

COLUMNS = {
    "id": "event_id",
    "at": "event_at",
    "actor": "actor",
    "role": "actor_role",
    "origin": "origin",
    "action": "audit_action",
    "subject": "subject",
    "details": "event_details",
}
"""Public name → column, as `vbp audit list` prints it; JSON has `details` as an object, and `hash`."""


@app.command("list", help=_("列出审计记录，最近的在前。"))
def list_(
    action: Annotated[str | None, typer.Option(help=_("只列某一事项，如 signed-in、import-loaded。"))] = None,
    actor: Annotated[str | None, typer.Option(help=_("只列某人所做的。"))] = None,
    limit: Annotated[int, typer.Option(help=_("最多列出多少条。"), min=1)] = 100,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    import json

    from dashboard.audit_words import with_readable_details
    from procurement.database import open_database, reading
    from procurement.people.audit import ACTIONS
    from procurement.people.trail import Asked, events
    from procurement.published import records

    if action is not None and action not in ACTIONS:
        raise typer.BadParameter(_("没有这个事项；可用的是：{actions}").format(actions=_("、").join(ACTIONS)))
    with reading(open_database(db)) as connection:
        rows = events(connection, Asked(action, actor), most=limit)
    if as_json:
        told = records(rows, COLUMNS | {"hash": "event_hash"})
        print_json([each | {"details": json.loads(each["details"])} for each in told])
    else:
        print_table(with_readable_details(rows), COLUMNS)


@app.command(help=_("校验审计记录：条数和末条校验码；有改动或缺失时退出码为1。"))
def verify(
    head: Annotated[
        str | None, typer.Option(help=_("以前记下的校验码：核对它是否仍在记录中，即末尾没有被删去。"))
    ] = None,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.checking.trail import CUT_OFF, FAULTS, LOOK_INTO
    from procurement.database import open_database, reading
    from procurement.people import audit

    with reading(open_database(db)) as connection:
        verdict = audit.verify(connection)
        is_there = head is None or audit.contains(connection, head.strip().lower())
    if verdict.fault:
        kind, number = verdict.fault
        fail(_(FAULTS[kind]).format(number=number) + _(LOOK_INTO), 1)
    if not is_there:
        fail(_(CUT_OFF).format(head=head), 1)
    typer.echo(_("审计记录共{count}条，校验通过。").format(count=verdict.events))
    typer.echo(_("末条校验码：{head}").format(head=verdict.head))
