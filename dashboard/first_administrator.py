"""The first administrator, asked for in the server's own window before it serves; nothing typed is shown."""

import getpass
import sys
from collections.abc import Callable

from procurement.language import N_, _
from procurement.people.accounts import AccountRefused
from procurement.people.passwords import PasswordRefused

INTRO = N_("还没有系统管理员。请在此建立第一个；直接按回车跳过，以后在浏览器中建立。")
NAME, FULL_NAME = N_("管理员账号："), N_("姓名（可不填）：")
PASSWORD, AGAIN = N_("密码（输入时不显示）："), N_("再次输入密码：")
NOT_THE_SAME = N_("两次输入的密码不一致，请重新输入。")
MADE = N_("已建立系统管理员“{name}”。")


def ask_for_administrator(url: str, say: Callable[[str], None]) -> None:
    """Ask until an administrator is made or the question is skipped; nothing where there is one."""
    from procurement.database import open_database, reading
    from procurement.people import accounts
    from procurement.people.permissions import ADMINISTRATOR

    engine = open_database(url)
    try:
        with reading(engine) as connection:
            if accounts.has_administrator(connection):
                return
        say(_(INTRO))
        while name := _asked(_(NAME)):
            full_name = _asked(_(FULL_NAME))
            password = getpass.getpass(_(PASSWORD))
            if password != getpass.getpass(_(AGAIN)):
                say(_(NOT_THE_SAME))
                continue
            try:
                told = {"by": name, "full_name": full_name, "password": password}
                accounts.add(engine, name, ADMINISTRATOR, **told)  # type: ignore[arg-type]
            except (AccountRefused, PasswordRefused) as refused:
                say(str(refused))
                continue
            say(_(MADE).format(name=name))
            return
    finally:
        engine.dispose()


def _asked(question: str) -> str:
    """A line from the window; empty where it was left empty or the window was closed."""
    print(question, end="", file=sys.stderr, flush=True)  # noqa: T201  stdout is for what was asked
    return sys.stdin.readline().strip()
