"""The first administrator: there is no default password, and not whoever comes first is let in.

Whoever can read the server's window, or its secrets, has the code; a command on the server does the same:
`vbp users add NAME --role administrator`.
"""

import secrets

from dashboard.ledger import database_url, engine
from dashboard.service_secrets import service_secrets
from procurement.database import reading
from procurement.language import N_, _
from procurement.people import accounts
from procurement.people.accounts import AccountRefused
from procurement.people.permissions import ADMINISTRATOR

WRONG_CODE = N_(
    "启动码不正确。它显示在启动看板的服务器窗口中，也可用命令 vbp users add 在服务器上建立管理员。"
)
OPEN = N_("还没有系统管理员。请在浏览器打开 {address}/setup?code={code} 建立第一个。")


def is_open() -> bool:
    """Whether nobody can sign in who manages the accounts."""
    with reading(engine()) as connection:
        return not accounts.has_administrator(connection)


def make(code: str, name: str, password: str, full_name: str = "") -> None:
    """The first administrator, by who holds the code; AccountRefused where it is wrong or of no use now."""
    right = service_secrets(database_url()).setup_code
    if not is_open() or not secrets.compare_digest(code.strip().encode(), right.encode()):
        raise AccountRefused(_(WRONG_CODE))
    accounts.add(engine(), name, ADMINISTRATOR, by=name, full_name=full_name, password=password)


def invitation(address: str) -> str:
    """What the server's window says while there is no administrator."""
    return _(OPEN).format(address=address, code=service_secrets(database_url()).setup_code)
