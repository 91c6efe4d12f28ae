"""`vbp policies`: policy values in force, their history, and the entries of the province and the city."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.author import author
from dashboard.command_output import AsJson, Database, fail, messages, print_json
from dashboard.filter_options import Category, day_of, filters_of
from procurement.default_url import DEFAULT_URL
from procurement.language import _

if TYPE_CHECKING:
    from procurement.policies.own_file import Proposed

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)

Note = Annotated[str, typer.Option(help=_("说明。"))]


@app.command("list", help=_("列出某一天生效的各项政策参数。"))
def list_(
    on: Annotated[str | None, typer.Option("--on", help=_("哪一天；默认为今天。"))] = None,
    category: Category = None,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.policy_json import in_force_records
    from dashboard.policy_lines import in_force_lines
    from dashboard.policy_rows import in_force
    from procurement.database import open_database, reading
    from procurement.queries.policies import policy_book

    day = day_of(on) or date.today()
    chosen = filters_of(None, category, None, None, None, None).category
    with reading(open_database(db)) as connection:
        rows = in_force(policy_book(connection), day, chosen)
    if as_json:
        print_json(in_force_records(rows))
    else:
        print_lines(in_force_lines(rows))


@app.command(help=_("列出本省、本市条目的全部历史，含已撤回的；指明参数的，连同随软件发布的条目。"))
def history(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help=_("参数代码。"))] = None,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.policy_json import history_records
    from dashboard.policy_lines import history_lines
    from dashboard.policy_rows import published
    from procurement.database import open_database, reading
    from procurement.policies import published_policies
    from procurement.policies.validity import unknown_parameter
    from procurement.queries.policies import recorded

    book = published_policies()
    if name is not None and name not in book.parameters:
        fail(unknown_parameter(book, name), 1)
    with reading(open_database(db)) as connection:
        entries = recorded(connection, name)
    entries = [*(published(book.parameters[name]) if name else []), *entries]
    if as_json:
        print_json(history_records(book, entries))
    else:
        print_lines(history_lines(book, entries) if entries else [_("没有本省、本市的条目。")])


@app.command("set", help=_("增加一条取值（或上下限），自某日起生效；已有的条目不改动。"))
def set_(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("参数代码，见 vbp policies list。"))],
    value: Annotated[
        str,
        typer.Argument(
            metavar="VALUE",
            help=_("取值：45%、offset、90:100%,80:90%,0:0、completion:40,payment:60；上下限写 50%..80%。"),
        ),
    ],
    first: Annotated[str, typer.Option("--from", help=_("生效日期。"))],
    source: Annotated[str, typer.Option(help=_("来源：文件名称、文号和条款。"))],
    until: Annotated[str | None, typer.Option(help=_("终止日期（含当日）；不写为长期有效。"))] = None,
    level: Annotated[str, typer.Option(help=_("city（市）或 province（省）。"))] = "city",
    category: Category = None,
    note: Note = "",
    is_limit: Annotated[bool, typer.Option("--limit", help=_("VALUE 是上下限，如 50%..80%。"))] = False,
    db: Database = DEFAULT_URL,
) -> None:
    from dashboard.policy_arguments import limit_of, value_of
    from procurement.policies import Limit, Value, published_policies
    from procurement.policies.own_file import Proposed

    begins = day_of(first)
    if begins is None:
        raise typer.BadParameter(_("请用 --from 写明生效日期。"))
    dated: dict[str, Any] = {
        "from_date": begins,
        "until": day_of(until, last_of=True),
        "level": level,
        "category": filters_of(None, category, None, None, None, None).category,
        "source": source.strip(),
        "note": note.strip(),
    }
    if is_limit:
        least, most = limit_of(value)
        _add([Proposed(name, Limit(least=least, most=most, **dated))], db)
        return
    parameter = published_policies().parameters.get(name)
    _add([Proposed(name, Value(value=value_of(parameter.unit, value) if parameter else value, **dated))], db)


@app.command(help=_("撤回本省、本市的一条条目；历史中仍然保留。"))
def withdraw(
    entry_id: Annotated[int, typer.Argument(metavar="ID", help=_("条目编号，见 vbp policies history。"))],
    reason: Annotated[str, typer.Option(help=_("撤回的理由。"))],
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.database import open_database
    from procurement.policies.validity import PolicyRefused
    from procurement.policy_changes import withdraw as take_back

    try:
        take_back(open_database(db), entry_id, reason=reason, by=author())
    except PolicyRefused as refused:
        fail(str(refused), 1)
    _say(_("已撤回编号为{number}的条目，各页数字已更新。"), number=entry_id)


@app.command(help=_("载入本省、本市的政策文件（TOML）：全部载入或全部不载入，已有的条目不重复。"))
def load(
    file: Annotated[Path, typer.Argument(help=_("要载入的 .toml 文件。"), exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只检查，不载入。"))] = False,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.policies.own_file import read_own_file

    found = read_own_file(file.read_bytes())
    _add(found.entries, db, faults=found.faults, dry_run=dry_run)


@app.command(help=_("把本省、本市现有的条目写成政策文件（TOML），可改后再载入。"))
def export(
    file: Annotated[Path, typer.Argument(help=_("要写出的 .toml 文件。"))], db: Database = DEFAULT_URL
) -> None:
    from procurement.database import open_database, reading
    from procurement.policies.own_file import write_own_file
    from procurement.queries.policies import recorded

    with reading(open_database(db)) as connection:
        entries = [(each.parameter, each.entry) for each in recorded(connection) if each.counts]
    file.write_text(write_own_file(entries), encoding="utf-8")
    _say(_("已写出{count}条：{file}"), count=len(entries), file=file)


def _add(proposed: "Sequence[Proposed]", db: str, faults: Sequence[str] = (), dry_run: bool = False) -> None:
    """Add entries, or only say what that would do; what is refused ends the command with its sentences."""
    from procurement.database import open_database, reading
    from procurement.policies.validity import PolicyRefused
    from procurement.policy_changes import add, plan

    engine = open_database(db)
    try:
        if dry_run:
            with reading(engine) as connection:
                followed = plan(connection, proposed, by=author(), faults=faults)
            _say(
                _("检查通过：可载入{new}条，已有{known}条；未写入。"),
                new=len(followed.new),
                known=followed.known,
            )
            return
        ids, followed = add(engine, proposed, by=author(), faults=faults)
    except PolicyRefused as refused:
        fail(str(refused), 1)
    if not ids:
        _say(_("已有相同的条目，未作改动。"))
        return
    numbers = _("、").join(map(str, ids))
    says = _("已增加{new}条（编号{numbers}），原已有{known}条；各页数字已更新。")
    _say(says, new=len(ids), numbers=numbers, known=followed.known)


def print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _say(text: str, **words: object) -> None:
    messages.print(text.format(**words), markup=False, soft_wrap=True)
