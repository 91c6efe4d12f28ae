"""A role instead of a password: in `vbp demo` only, on the sample ledger only, on this machine only."""

from urllib.parse import urlsplit

import pandas as pd
from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from dashboard.formats import word_text
from dashboard.ledger import database_url, engine
from procurement.database import reading
from procurement.filters import Filters
from procurement.language import N_, _
from procurement.people import accounts, signing_in
from procurement.queries.purchases import monthly
from procurement.queries.register import institutions
from procurement.tables import Account, Import

LOADED_BY = "demo"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names that a browser on the same machine uses; another name on a loopback port is DNS rebinding."""

_offered: set[str] = set()
"""Addresses of ledgers that this process was started to demonstrate."""

SAYS = {
    "administrator": N_("管理账号、查看审计记录；可看全市数据。"),
    "official": N_("导入、匹配、政策、结算、关账；全市。"),
    "district": N_("只看和办理一个区县。"),
    "leadership": N_("查看全市数据，下载幻灯片和表格。"),
    "manager": N_("本机构数据、上报，核对结算。"),
    "reporter": N_("上报采购数据，说明未完成原因。"),
    "chain": N_("一家药店连锁的全部门店。"),
}


def prepare(ledger: Engine) -> None:
    """The demo's accounts: one a role, without passwords; made once."""
    with reading(ledger) as connection:
        known = set(connection.execute(select(col(Account.name))).scalars())
        wanted = _wanted(connection)
    for name, (role, full_name, scope) in wanted.items():
        if name not in known:
            accounts.add(ledger, name, role, by=LOADED_BY, full_name=full_name, scope=scope, is_demo=True)


def _wanted(connection: Connection) -> dict[str, tuple[str, str, list[tuple[str, str]]]]:
    """Account name → role, title, scope: a hospital that buys much, its district, the largest chain."""
    rows = institutions(connection)
    bought = monthly(connection, Filters(), ["institution_id"]).set_index("institution_id")["paid_amount"]
    rows = rows.assign(paid=rows["institution_id"].map(bought)).sort_values("paid", ascending=False)
    hospitals = rows[rows["kind"] == "hospital"]
    levels = hospitals["level"].fillna("")
    largest = hospitals[levels == levels.mode()[0]].iloc[0]  # with peers, among which its place can be shown
    own = [("institution", largest["institution_code"])]
    wanted = {
        "demo-administrator": ("administrator", "", []),
        "demo-official": ("official", _("全市"), []),
        "demo-leadership": ("leadership", "", []),
        "demo-manager": ("manager", largest["institution_name"], own),
        "demo-reporter": ("reporter", largest["institution_name"], own),
    }
    if pd.notna(largest["district"]):
        district = str(largest["district"])
        wanted["demo-district"] = ("official", district, [("district", district)])
    if rows["chain"].notna().any():
        chain = str(rows["chain"].value_counts().index[0])
        wanted["demo-chain"] = ("manager", chain, [("chain", chain)])
    return wanted


def offer(url: str) -> None:
    """From now on this process lets in without a password, as far as is_offered_to says."""
    _offered.add(url)


def is_offered_to(origin: str, host: str) -> bool:
    """Whether who asks sits at this machine, calls it by its own name, and the ledger is the sample alone."""
    name = urlsplit(f"//{host}").hostname
    return database_url() in _offered and origin in LOOPBACK and name in LOOPBACK and _is_sample()


def demo_names(connection: Connection) -> list[str]:
    """Who may have loaded into a ledger that is still the sample: the demo, and who tries it out."""
    demo = connection.execute(select(col(Account.name)).where(col(Account.is_demo))).scalars()
    return [LOADED_BY, *demo]


def _is_sample() -> bool:
    with reading(engine()) as connection:
        others = col(Import.imported_by).not_in(demo_names(connection))
        return connection.execute(select(col(Import.id)).where(others).limit(1)).first() is None


def choices() -> list[tuple[str, str, str]]:
    """Account, title and what it sees, in the order of SAYS."""
    with reading(engine()) as connection:
        query = select(col(Account.name), col(Account.full_name), col(Account.role)).where(
            col(Account.is_demo), col(Account.is_active)
        )
        rows = {row.name.removeprefix("demo-"): row for row in connection.execute(query)}
    return [
        (row.name, _title(row.role, row.full_name), _(SAYS[kind]))
        for kind in SAYS
        if (row := rows.get(kind)) is not None
    ]


def _title(role: str, full_name: str) -> str:
    return f"{word_text(role)}（{full_name}）" if full_name else word_text(role)


def begin(name: str, origin: str) -> str | None:
    """A sign-in of one of the demo's accounts; none for any other name."""
    with reading(engine()) as connection:
        query = select(col(Account.id)).where(
            col(Account.name) == name, col(Account.is_demo), col(Account.is_active)
        )
        found = connection.execute(query).scalar()
    return signing_in.begin(engine(), found, origin) if found else None
