"""`vbp whatif`: a settlement computed anew with other purchases, volumes, score or policy."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.command_output import AsJson, Database, messages, print_json, print_table
from dashboard.filter_options import AsOf, check_names, filters_of
from procurement.default_url import DEFAULT_URL
from procurement.language import _

if TYPE_CHECKING:
    import pandas as pd

    from procurement.advice import Case
    from procurement.measures.changes import Changes
    from procurement.measures.whatif import Outcome

COMPARED = {name: name for name in ("amount_name", "now_amount", "then_amount", "change_amount")}
MOVES = {
    "variety": "variety",
    "product_code": "product_code",
    "product_name": "product_name",
    "moved_units": "moved_equivalent",
}
SWITCHES = {
    "switch": "switch",
    "variety": "variety",
    "product_code": "product_code",
    "product_name": "product_name",
    "moved_units": "moved_equivalent",
    "added_units": "added_equivalent",
    "missing_points": "missing_points",
    "paid_unit_price": "paid_unit_price",
    "awarded_unit_price": "awarded_unit_price",
    "invoice_saving": "invoice_saving_amount",
    "gain": "gain_amount",
    "retained": "retained_amount",
    "reason": "switch_reason",
}
"""Public name → column, as the two forms of the command print them."""

Institution = Annotated[str, typer.Option("--institution", help=_("机构编码。"))]
Batch = Annotated[str, typer.Option("--batch", help=_("批次名称。"))]
Year = Annotated[int, typer.Option("--year", min=1, help=_("第几个协议年度。"))]
Shift = Annotated[
    list[str] | None,
    typer.Option(help=_("非中选改用中选的比例：50%，或 品种=100%，可重复。")),
]
Agreed = Annotated[
    list[str] | None,
    typer.Option(help=_("约定采购量：品种=80000，可重复；或 90%，为全部品种现约定量的比例。")),
]
Score = Annotated[str | None, typer.Option(help=_("考核得分，0–100。"))]
MaximumRatio = Annotated[str | None, typer.Option(help=_("最高留用比例，如 40%。"))]
StaffShare = Annotated[str | None, typer.Option(help=_("人员薪酬比例，如 65%。"))]
Basis = Annotated[str | None, typer.Option(help=_("支出口径：agreed 或 actual。"))]
Ranked = Annotated[bool, typer.Option("--switches", help=_("列出各项调整能增加的留用金额，由多到少。"))]


def whatif(
    institution: Institution,
    batch: Batch,
    year: Year,
    shift: Shift = None,
    agreed: Agreed = None,
    score: Score = None,
    maximum_ratio: MaximumRatio = None,
    staff_share: StaffShare = None,
    basis: Basis = None,
    switches: Ranked = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement import advice
    from procurement.database import open_database, reading
    from procurement.measures.whatif import whatif as compute

    changed = (shift, agreed, score, maximum_ratio, staff_share, basis)
    if switches and any(option is not None for option in changed):
        raise typer.BadParameter(_("--switches 单独使用，不与其他调整一起。"))
    filters = filters_of([batch], None, [institution], None, None, as_of)
    with reading(open_database(db)) as connection:
        check_names(connection, filters)
        try:
            case = advice.case(connection, institution, batch, year, filters)
            changes = _changes(case, *changed)
            advice.check(case, changes)
        except (advice.NoSettlement, advice.WrongChange) as problem:
            raise typer.BadParameter(str(problem)) from None
    if switches:
        _tell_switches(case, as_json)
    else:
        _tell(case, compute(case.inputs, changes), as_json)


def _changes(
    case: "Case",
    shift: list[str] | None,
    agreed: list[str] | None,
    score: str | None,
    maximum_ratio: str | None,
    staff_share: str | None,
    basis: str | None,
) -> "Changes":
    from procurement.measures.changes import Changes

    if basis not in (None, "agreed", "actual"):
        raise typer.BadParameter(_("--basis 取 agreed 或 actual。"))
    shift_all, shift_of = _by_variety(case, shift, "--shift")
    agreed_all, agreed_of = _by_variety(case, agreed, "--agreed")
    return Changes(
        shift=Decimal(0) if shift_all is None else shift_all,
        shift_of=shift_of,
        agreed_factor=Decimal(1) if agreed_all is None else agreed_all,
        agreed_of=agreed_of,
        score=_number(score, "--score"),
        maximum_ratio=_number(maximum_ratio, "--maximum-ratio"),
        staff_share=_number(staff_share, "--staff-share"),
        spending_basis=basis,  # type: ignore[arg-type]
    )


def _by_variety(
    case: "Case", options: list[str] | None, name: str
) -> tuple[Decimal | None, tuple[tuple[int, Decimal], ...]]:
    """`50%` for all varieties, `VARIETY=value` for one; the last word counts."""
    agreed = {case.varieties[int(number)]: int(number) for number in case.inputs.agreed["variety_id"]}
    for_all, own = None, {}
    for option in options or ():
        variety, is_own, value = option.rpartition("=")
        if not is_own:
            for_all = _number(value, name)
        elif variety in agreed:
            own[agreed[variety]] = _number(value, name) or Decimal(0)
        else:
            text = _("{option}：该机构在此批次没有品种“{variety}”的约定采购量；有：{known}。")
            known = _("、").join(agreed)
            raise typer.BadParameter(text.format(option=name, variety=variety, known=known))
    return for_all, tuple(own.items())


def _number(text: str | None, name: str) -> Decimal | None:
    """`45%`, `0.45` or `80000`."""
    if text is None:
        return None
    plain = text.strip().replace(",", "").replace("％", "%")
    try:
        value = Decimal(plain.removesuffix("%"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise typer.BadParameter(
            _("{option} 的“{text}”不是数字，请写成 50% 或 0.5。").format(option=name, text=text)
        )
    return value / 100 if plain.endswith("%") else value


def _tell(case: "Case", outcome: "Outcome", as_json: bool) -> None:
    from dashboard.formats import label, word_text
    from procurement.advice import named
    from procurement.measures.whatif import compared
    from procurement.published import records

    rows, moves = compared(outcome), named(case, outcome.moves)
    reasons = outcome.settlements["reason"].tolist()
    if as_json:
        told: dict[str, Any] = {**_heading(case), **_amounts(rows)}
        told["reason"] = {"now": word_text(reasons[0]) or None, "then": word_text(reasons[1]) or None}
        print_json({**told, "moves": records(moves, MOVES)})
        return
    print_table(rows.assign(amount_name=rows["amount_name"].map(label)), COMPARED)
    if len(moves):
        print_table(moves, MOVES)
    for reason in dict.fromkeys(reasons):
        if reason:
            messages.print(word_text(reason), markup=False)
    if case.is_running:
        messages.print(_("协议年度未结束，金额仍会变动。"), markup=False)


def _heading(case: "Case") -> dict[str, Any]:
    return {
        "institution_code": case.institution_code,
        "institution_name": case.institution_name,
        "batch": case.batch,
        "agreement_year": case.agreement_year,
        "running": case.is_running,
    }


def _amounts(rows: "pd.DataFrame") -> dict[str, Any]:
    """now, then and difference by public name, as decimal strings in yuan."""
    from procurement.published import plain_value

    names = [name.removesuffix("_amount") for name in rows["amount_name"]]
    columns = {"now": "now_amount", "then": "then_amount", "difference": "change_amount"}
    return {
        key: dict(zip(names, (plain_value(value, column) for value in rows[column]), strict=True))
        for key, column in columns.items()
    }


def _tell_switches(case: "Case", as_json: bool) -> None:
    from procurement.advice import named
    from procurement.measures.switches import switches
    from procurement.published import records

    rows = named(case, switches(case.inputs))
    if as_json:
        print_json(records(rows, SWITCHES))
    elif rows.empty:
        messages.print(_("没有非中选采购，考核得分已在最高一档，没有可以增加留用的调整。"), markup=False)
    else:
        print_table(rows, SWITCHES)
