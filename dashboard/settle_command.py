"""`vbp settle`: draft, review, confirm, pay or correct the settlements of a batch's agreement year."""

import getpass
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.command_output import AsJson, Database, fail, messages, print_json, print_table
from dashboard.filter_options import Institutions, check_names
from procurement.default_url import DEFAULT_URL
from procurement.filters import Filters
from procurement.language import _

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from procurement.settled import Outcome

OUTCOME_COLUMNS = {
    "institution_code": "institution_code",
    "institution_name": "institution_name",
    "batch": "batch",
    "agreement_year": "agreement_year",
    "settlement": "settlement_id",
    "state": "settlement_state",
    "surplus_base": "surplus_base_amount",
    "retained": "retained_amount",
    "staff": "staff_amount",
    "development": "development_amount",
    "payable": "payable_amount",
    "reason": "outcome_reason",
}
"""Public name → column, as `vbp settle --json` prints what became of each settlement."""

Batch = Annotated[str, typer.Option("--batch", help=_("批次名称。"))]
Year = Annotated[int, typer.Option("--year", min=1, help=_("第几个协议年度。"))]
Confirm = Annotated[bool, typer.Option("--confirm", help=_("起草、审核并确认；确认后不再变动。"))]
Review = Annotated[bool, typer.Option("--review", help=_("起草并审核。"))]
Pay = Annotated[bool, typer.Option("--pay", help=_("已确认的，登记为已拨付。"))]
Correct = Annotated[bool, typer.Option("--correct", help=_("已确认而测算结果有变的，起草更正结算。"))]
Cancel = Annotated[
    str | None, typer.Option("--cancel", metavar="REASON", help=_("作废未确认的结算，写明原因。"))
]
Refresh = Annotated[bool, typer.Option("--refresh", help=_("未确认的，按现有数据重新测算。"))]


def settle(
    batch: Batch,
    year: Year,
    institution: Institutions = None,
    review: Review = False,
    confirm: Confirm = False,
    pay: Pay = False,
    correct: Correct = False,
    refresh: Refresh = False,
    cancel: Cancel = None,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.database import open_database, reading

    if sum([review, confirm, pay, correct, refresh, cancel is not None]) > 1:
        raise typer.BadParameter(
            _("--review、--confirm、--pay、--correct、--refresh 和 --cancel 每次只用一个。")
        )
    engine = open_database(db)
    filters = Filters(batches=(batch,), institutions=tuple(institution or ()))
    with reading(engine) as connection:
        check_names(connection, filters)
    way = next(
        (w for w, said in zip(WAYS, (pay, correct, refresh, cancel is not None), strict=True) if said), None
    )
    if way:
        outcomes = WAYS[way](engine, filters, year, cancel or "")
    else:
        outcomes = _up_to(engine, filters, year, ["reviewed"] * (review or confirm) + ["confirmed"] * confirm)
    if not outcomes:
        fail(
            _(
                "没有可办理的结算：该批次在第{year}协议年度没有约定采购量，或没有处于相应状态、需要更正的结算。"
            ).format(year=year),
            1,
        )
    _tell(outcomes, as_json)


def _up_to(engine: "Engine", filters: Filters, year: int, states: list[str]) -> "list[Outcome]":
    """Draft what is not settled yet, then bring all that can go on through `states`."""
    from procurement.settling import BEFORE, advance, draft

    by = getpass.getuser()
    outcomes = {_key(o): o for o in draft(engine, filters, year, by=by)}
    for state in states:
        able = [o for o in outcomes.values() if o.settlement_id and o.state in BEFORE[state]]
        ids = [o.settlement_id for o in able if o.settlement_id]
        outcomes |= {_key(o): o for o in advance(engine, ids, state, by=by)} if ids else {}
    if states:  # what stands where it was asked to be needs no reason
        done = states[-1:] + ["paid"]
        outcomes = {k: replace(o, reason="") if o.state in done else o for k, o in outcomes.items()}
    return list(outcomes.values())


def _key(outcome: "Outcome") -> tuple:
    return outcome.institution_code, outcome.batch, outcome.agreement_year


def _of_states(engine: "Engine", filters: Filters, year: int, states: tuple[str, ...]) -> list[int]:
    from procurement.database import reading
    from procurement.queries.settlements import settlements, standing

    with reading(engine) as connection:
        rows = standing(settlements(connection, filters))
    rows = rows[(rows["agreement_year"] == year) & rows["settlement_state"].isin(states)]
    return [int(number) for number in rows["settlement_id"]]


def _paid(engine: "Engine", filters: Filters, year: int, _reason: str) -> "list[Outcome]":
    from procurement.settling import BEFORE, advance

    ids = _of_states(engine, filters, year, BEFORE["paid"])
    return advance(engine, ids, "paid", by=getpass.getuser())


def _corrected(engine: "Engine", filters: Filters, year: int, _reason: str) -> "list[Outcome]":
    from procurement.database import reading
    from procurement.settling import correct, settlement_table

    with reading(engine) as connection:
        rows = settlement_table(connection, filters)
    is_confirmed = rows["settlement_state"].isin(["confirmed", "paid"]) & (rows["agreement_year"] == year)
    ids = [int(number) for number in rows.loc[is_confirmed & rows["is_moved"], "settlement_id"]]
    return correct(engine, ids, by=getpass.getuser())


def _refreshed(engine: "Engine", filters: Filters, year: int, _reason: str) -> "list[Outcome]":
    from procurement.settling import BEFORE, refresh

    return refresh(engine, _of_states(engine, filters, year, BEFORE["cancelled"]), by=getpass.getuser())


def _cancelled(engine: "Engine", filters: Filters, year: int, reason: str) -> "list[Outcome]":
    from procurement.settling import BEFORE, advance

    ids = _of_states(engine, filters, year, BEFORE["cancelled"])
    return advance(engine, ids, "cancelled", by=getpass.getuser(), remark=reason)


WAYS: dict[str, Callable[..., Any]] = {
    "pay": _paid, "correct": _corrected, "refresh": _refreshed, "cancel": _cancelled
}  # fmt: skip


def _tell(outcomes: "list[Outcome]", as_json: bool) -> None:
    """What became of each; exit code 1 where nothing could be done at all."""
    from procurement.published import records
    from procurement.settled import outcomes_frame

    rows = outcomes_frame(outcomes)
    if as_json:
        print_json(records(rows, OUTCOME_COLUMNS))
    else:
        print_table(rows, OUTCOME_COLUMNS)
        done = rows["outcome_reason"] == ""
        text = _("{done}项已办理，{left}项未办理。")
        messages.print(text.format(done=int(done.sum()), left=int((~done).sum())), markup=False)
    if len(rows) and not (rows["outcome_reason"] == "").any():
        raise SystemExit(1)
