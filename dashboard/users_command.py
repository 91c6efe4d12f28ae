"""`vbp users`: who may sign in. A first password is printed once, on stdout and nowhere else."""

import sys
from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from dashboard.author import author
from dashboard.command_output import AsJson, Database, fail, messages, print_json, print_table
from procurement.default_url import DEFAULT_URL
from procurement.language import _

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)

Name = Annotated[str, typer.Argument(metavar="NAME", help=_("账号。"))]
FullName = Annotated[str | None, typer.Option(help=_("姓名。"))]
Districts = Annotated[list[str] | None, typer.Option("--district", help=_("可查看的区县；可多次使用。"))]
Institutions = Annotated[
    list[str] | None, typer.Option("--institution", help=_("可查看的机构编码；可多次使用。"))
]
Chains = Annotated[list[str] | None, typer.Option("--chain", help=_("可查看的连锁；可多次使用。"))]

COLUMNS = {
    "name": "account_name",
    "full_name": "full_name",
    "role": "account_role",
    "scope": "account_scope",
    "is_active": "is_active",
    "must_change_password": "must_change_password",
    "last_seen_at": "last_seen_at",
    "created_at": "created_at",
    "created_by": "created_by",
}
"""Public name → column, as `vbp users list` prints it."""

T = TypeVar("T")


@app.command(help=_("建立账号；不给密码的，生成初始密码并只显示一次，首次登录时须修改。"))
def add(
    name: Name,
    role: Annotated[
        str, typer.Option(help=_("角色：administrator、official、leadership、manager、reporter。"))
    ],
    full_name: FullName = None,
    district: Districts = None,
    institution: Institutions = None,
    chain: Chains = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=_("从标准输入读取密码（第一行）。"))
    ] = False,
    identity: Annotated[
        str | None, typer.Option(help=_("统一身份认证的标识“签发地址 标识”：该账号没有密码。"))
    ] = None,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.database import open_database
    from procurement.people import accounts

    _require_role(role)
    if password_stdin and identity:
        raise typer.BadParameter(_("--password-stdin 与 --identity 只能用一个。"))
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    engine = open_database(db)
    made = _done(
        lambda: accounts.add(
            engine,
            name,
            role,
            by=author(),
            full_name=full_name or "",
            scope=_scope(district, institution, chain),
            password=password,
            subject=identity,
        )
    )
    _say(_("已建立账号“{name}”。"), name=name.strip())
    _show_first(made)


@app.command(help=_("更改角色、范围或姓名；没有写明的保持不变。"))
def change(
    name: Name,
    role: Annotated[str | None, typer.Option(help=_("新的角色。"))] = None,
    full_name: FullName = None,
    district: Districts = None,
    institution: Institutions = None,
    chain: Chains = None,
    whole_city: Annotated[bool, typer.Option("--whole-city", help=_("取消范围限制：全市。"))] = False,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.database import open_database, reading
    from procurement.people import accounts

    scope = _scope(district, institution, chain)
    if role is not None:
        _require_role(role)
    if whole_city and scope:
        raise typer.BadParameter(_("--whole-city 不能与区县、机构、连锁一起用。"))
    if role is None and full_name is None and not (scope or whole_city):
        raise typer.BadParameter(_("请写明要更改的角色、姓名或范围。"))
    engine = open_database(db)

    def act() -> None:
        with reading(engine) as connection:
            known = accounts.said_of(connection, name)
        said = scope or ([] if whole_city else known.scope)
        accounts.change(engine, name, by=author(), role=role or known.role, scope=said, full_name=full_name)

    _done(act)
    _say(_("已更改账号“{name}”，对已登录的立即生效。"), name=name)


@app.command(help=_("停用账号：不能再登录，现有的登录随即结束。"))
def disable(name: Name, db: Database = DEFAULT_URL) -> None:
    from procurement.database import open_database
    from procurement.people import accounts

    _done(lambda: accounts.disable(open_database(db), name, by=author()))
    _say(_("已停用账号“{name}”，其登录都已结束。"), name=name)


@app.command(help=_("恢复已停用的账号。"))
def enable(name: Name, db: Database = DEFAULT_URL) -> None:
    from procurement.database import open_database
    from procurement.people import accounts

    _done(lambda: accounts.enable(open_database(db), name, by=author()))
    _say(_("已恢复账号“{name}”。"), name=name)


@app.command(help=_("重置密码：生成新的初始密码，只显示一次；现有的登录随即结束，锁定解除。"))
def reset(name: Name, db: Database = DEFAULT_URL) -> None:
    from procurement.database import open_database
    from procurement.people import accounts

    made = _done(lambda: accounts.reset(open_database(db), name, by=author()))
    _say(_("已重置账号“{name}”的密码，其登录都已结束。"), name=name)
    _show_first(made)


@app.command("sign-out", help=_("结束一个账号在所有设备上的登录。"))
def sign_out(name: Name, db: Database = DEFAULT_URL) -> None:
    from procurement.database import open_database
    from procurement.people import accounts

    count = _done(lambda: accounts.sign_out(open_database(db), name, by=author()))
    _say(_("已结束账号“{name}”的{count}个登录。"), name=name, count=count)


@app.command("list", help=_("列出全部账号。"))
def list_(as_json: AsJson = False, db: Database = DEFAULT_URL) -> None:
    from procurement.database import open_database, reading
    from procurement.people.account_list import account_list
    from procurement.published import records

    with reading(open_database(db)) as connection:
        rows = account_list(connection)
    if as_json:
        print_json(records(rows, COLUMNS))
    else:
        print_table(rows, COLUMNS)


def _scope(
    districts: list[str] | None, institutions: list[str] | None, chains: list[str] | None
) -> list[tuple[str, str]]:
    said = (("district", districts), ("institution", institutions), ("chain", chains))
    return [(kind, value) for kind, values in said for value in values or []]


def _require_role(role: str) -> None:
    from procurement.people.accounts import BAD_ROLE
    from procurement.tables.people import ROLES

    if role not in ROLES:
        raise typer.BadParameter(_(BAD_ROLE).format(role=role, roles=_("、").join(ROLES)))


def _done(act: Callable[[], T]) -> T:
    """What the act gives; one that is refused ends the command with its sentence."""
    from procurement.people.accounts import AccountRefused
    from procurement.people.passwords import PasswordRefused

    try:
        return act()
    except (AccountRefused, PasswordRefused) as refused:
        fail(str(refused), 1)


def _show_first(made: str | None) -> None:
    if made is not None:
        _say(_("初始密码如下，只显示这一次，请当面交给本人；首次登录时须修改："))
        typer.echo(made)


def _say(text: str, **words: object) -> None:
    messages.print(text.format(**words), markup=False, soft_wrap=True)
