"""Columns of accounts, sign-ins and the audit trail."""

from procurement.columns.column import Column
from procurement.language import N_

COLUMNS: dict[str, Column] = {
    "account_name": Column(N_("账号"), "text", N_("登录用的名称，停用后也不再给别人用。")),
    "full_name": Column(N_("姓名"), "text"),
    "account_role": Column(N_("角色"), "word", N_("决定可以打开哪些页面、办理哪些事项。")),
    "account_scope": Column(N_("范围"), "text", N_("可以查看的区县、机构或连锁；空为全市。")),
    "is_active": Column(N_("可登录"), "flag"),
    "must_change_password": Column(N_("须改密码"), "flag", N_("首次登录须先修改密码。")),
    "created_at": Column(N_("建立时间"), "time"),
    "created_by": Column(N_("建立人"), "text"),
    "last_seen_at": Column(N_("最近使用"), "time", N_("最近一次使用看板的时间。")),
    "event_id": Column(N_("序号"), "count"),
    "event_at": Column(N_("时间"), "time"),
    "actor": Column(N_("操作人"), "text"),
    "actor_role": Column(N_("操作人角色"), "word"),
    "origin": Column(
        N_("来源地址"), "text", N_("操作时所用电脑的网络地址；在服务器上用命令行办理的为“服务器本机”。")
    ),
    "audit_action": Column(N_("事项"), "word"),
    "subject": Column(N_("对象"), "text"),
    "event_details": Column(N_("详情"), "text"),
    "event_hash": Column(
        N_("校验码"), "text", N_("由本条各项和前一条的校验码算出；改动、删去或插入任何一条都会被发现。")
    ),
}
