"""Which role may do what: one table, asked by every page and every action.

The command line on the server is the administrator's and is not asked.
"""

from procurement.language import N_, _

ADMINISTRATOR, OFFICIAL, LEADERSHIP, MANAGER, REPORTER = (
    "administrator",
    "official",
    "leadership",
    "manager",
    "reporter",
)
BUREAU = frozenset({ADMINISTRATOR, OFFICIAL, LEADERSHIP})
HOSPITAL = frozenset({MANAGER, REPORTER})
EVERYBODY = BUREAU | HOSPITAL

MAY: dict[str, frozenset[str]] = {
    "import": frozenset({ADMINISTRATOR, OFFICIAL}),
    "undo-import": frozenset({ADMINISTRATOR, OFFICIAL}),
    "match": frozenset({ADMINISTRATOR, OFFICIAL}),
    "set-policy": frozenset({ADMINISTRATOR, OFFICIAL}),
    "settle": frozenset({OFFICIAL}),
    "answer-reply": frozenset({OFFICIAL}),
    "close-month": frozenset({OFFICIAL}),
    "report": HOSPITAL,
    "withdraw-report": HOSPITAL,
    "explain-shortfall": HOSPITAL,
    "reply-settlement": frozenset({MANAGER}),
    "export": EVERYBODY,
    "manage-accounts": frozenset({ADMINISTRATOR}),
    "read-audit": frozenset({ADMINISTRATOR}),
}
"""Action → roles. What a role does is still bounded by its scope."""

WHOLE_CITY = frozenset({"match", "set-policy", "manage-accounts", "read-audit"})
"""Actions that move figures of the whole city: not for an official of one district."""


class NotAllowed(PermissionError):
    """The reader's role, or scope, does not allow this."""


NOT_ALLOWED = N_("您的账号没有办理这一事项的权限。如确有需要，请联系系统管理员。")


def may(role: str, action: str, is_whole_city: bool = True) -> bool:
    """Whether a role may do this; `is_whole_city`: its scope is not narrowed."""
    return role in MAY[action] and (is_whole_city or action not in WHOLE_CITY)


def refuse() -> NotAllowed:
    return NotAllowed(_(NOT_ALLOWED))
