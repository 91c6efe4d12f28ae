"""`vbp backup`, `vbp restore`, `vbp migrate`, `vbp check`: keep a ledger safe and sound."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.command_output import AsJson, Database, messages, print_json
from procurement.default_url import DEFAULT_URL
from procurement.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from procurement.checking.finding import Finding
    from procurement.keeping.examining import Examined

BACKED_UP = N_("已备份到 {file}（{size:,.1f} MB）：{imports}次导入，{lines:,}行采购明细。")
KEEP_THE_HEAD = N_("审计记录末端校验码：{head}。请另行记下，日后可用 vbp check --audit-head 核验。")
RESTORED = N_("已恢复：{imports}次导入，{lines:,}行采购明细。所有登录均已失效，请重新登录。")
BROUGHT_UP = N_("备份的表结构是{made}版的，已升级到本版。")
KEPT = N_("原有数据库已另存为 {file}。")
MIGRATED = N_("数据库已由{before}版升级到{after}版，重新汇总了{months:,}行月度采购。")
NOT_KEPT = N_("PostgreSQL数据库的升级是一个事务，失败时全部撤回，不另存副本；需要副本的，请先用 pg_dump。")
NOTHING_TO_MIGRATE = N_("数据库已是{version}版，不需要升级。")
SOUND = N_("核验完毕，没有发现问题。")
NOT_SOUND = N_("核验完毕，发现{count}个问题。")
REBUILT = N_("已由采购明细重新汇总{months:,}行月度采购。")

Force = Annotated[bool, typer.Option("--force", help=_("目标文件已存在时覆盖它。"))]
Despite = Annotated[bool, typer.Option("--force", help=_("备份核验有问题时仍恢复。"))]
Replace = Annotated[bool, typer.Option("--replace", help=_("替换现有数据库；会先把它另存一份。"))]
AuditHead = Annotated[
    str | None, typer.Option("--audit-head", help=_("以前记下的审计记录末端校验码，核验它是否仍在。"))
]
Rebuild = Annotated[bool, typer.Option("--rebuild", help=_("先由采购明细重新计算月度采购和汇总表。"))]


def backup(
    file: Annotated[Path, typer.Argument(help=_("要写出的备份文件。"))],
    force: Force = False,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.database import open_database
    from procurement.keeping.backing_up import back_up

    made = back_up(open_database(db), file, by=getpass.getuser(), is_forced=force)
    found = made.examined
    if as_json:
        print_json({"file": str(made.file), "bytes": made.size} | _as_record(found))
    else:
        words = {"imports": found.imports, "lines": found.lines}
        _say(BACKED_UP, file=made.file, size=made.size / 1e6, **words)
        _say(KEEP_THE_HEAD, head=found.head)
        _tell(found.findings)
    if found.findings:
        raise SystemExit(1)


def restore(
    file: Annotated[Path, typer.Argument(help=_("vbp backup 写出的备份文件。"))],
    replace: Replace = False,
    force: Despite = False,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.keeping.restoring import restore as put_back

    done = put_back(file, db, by=getpass.getuser(), is_replacing=replace, is_forced=force)
    found = done.examined
    if as_json:
        kept = str(done.kept) if done.kept else None
        print_json({"made_by": done.made, "kept": kept} | _as_record(found))
        return
    if done.made != found.version:
        _say(BROUGHT_UP, made=done.made)
    if done.kept:
        _say(KEPT, file=done.kept)
    _say(RESTORED, imports=found.imports, lines=found.lines)


def migrate(db: Database = DEFAULT_URL) -> None:
    from sqlalchemy.engine import make_url

    from procurement.database import connecting, with_driver
    from procurement.ledger_version import HEAD
    from procurement.migrating import migrate as upgrade
    from procurement.migrating import version_to_migrate

    engine = connecting(with_driver(make_url(db)))
    made = version_to_migrate(engine)
    if made != HEAD:
        _keep_copy(engine, HEAD)
    done = upgrade(engine, by=getpass.getuser())
    if done.is_done:
        _say(MIGRATED, before=done.before, after=done.after, months=done.months)
    else:
        _say(NOTHING_TO_MIGRATE, version=done.after)


def _keep_copy(engine: "Engine", version: str) -> None:
    """Of a SQLite ledger, beside it, before it becomes of `version`."""
    from procurement.keeping.backing_up import copy_beside

    if engine.dialect.name == "sqlite":
        folder = Path(str(engine.url.database)).absolute().parent
        _say(KEPT, file=copy_beside(engine, folder, version))
    else:
        _say(NOT_KEPT)


def check(
    audit_head: AuditHead = None,
    rebuild: Rebuild = False,
    as_json: AsJson = False,
    db: Database = DEFAULT_URL,
) -> None:
    from procurement.checking import check as look
    from procurement.database import open_database, reading
    from procurement.people.audit import verify

    engine = open_database(db)
    if rebuild:
        from procurement.checking.mending import rebuild_months

        _say(REBUILT, months=rebuild_months(engine, by=getpass.getuser()))
    with reading(engine) as connection:
        findings = look(connection, audit_head)
        trail = verify(connection)
    if as_json:
        told = {"findings": [vars(finding) for finding in findings]}
        print_json(told | {"audit_events": trail.events, "audit_head": trail.head})
    else:
        _tell(findings)
        _say(NOT_SOUND, count=len(findings)) if findings else _say(SOUND)
    if findings:
        raise SystemExit(1)


def _as_record(found: "Examined") -> dict:
    """What a backup was found to be, for --json."""
    return {
        "version": found.version,
        "imports": found.imports,
        "lines": found.lines,
        "audit_head": found.head,
        "findings": [vars(finding) for finding in found.findings],
    }


def _tell(findings: "Sequence[Finding]") -> None:
    for finding in findings:
        typer.echo(f"[{finding.check}] {finding.says}")


def _say(text: str, **words: object) -> None:
    messages.print(_(text).format(**words), markup=False, soft_wrap=True)
