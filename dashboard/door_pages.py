"""The pages before the dashboard: sign in, first administrator, choice of role, own account.

Plain HTML that works without a script; the same words, icon and colours as the dashboard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from dashboard.formats import word_text
from procurement.language import _, current_language
from procurement.people.limits import LIMITS
from procurement.people.readers import Reader


@dataclass(frozen=True)
class Entry:
    """One field of a form; `complete` is what a browser's password store needs to know."""

    name: str
    label: str
    complete: str
    kind: str = "text"


NAME = "name"
PASSWORD = "password"


def sign_in_page(
    said: str = "",
    wanted: str = "",
    name: str = "",
    second_door: str = "",
    told: str = "",
    way_out: str = "",
) -> str:
    """`said` is why the last attempt failed, `second_door` the name of the other way in, if there is one, and
    `way_out` where somebody who came in that way ends the sign-in there as well."""
    entries = (
        Entry(NAME, _("账号"), "username"),
        Entry(PASSWORD, _("密码"), "current-password", "password"),
    )
    hidden = {"next": wanted} if wanted else {}
    form = _form("/login", entries, _("登录"), hidden, {NAME: name})
    other = ""
    if second_door:
        words = _("用{name}登录").format(name=second_door)
        link = f"/oidc/login?next={quote(wanted)}" if wanted else "/oidc/login"
        other = f'<p class="or">{escape(_("或"))}</p><a class="second" href="{link}">{escape(words)}</a>'
    leaving = ""
    if way_out:
        says = _("您在{name}仍处于登录状态，使用公用电脑时请一并退出。").format(name=second_door)
        words = _("退出{name}").format(name=second_door)
        leaving = f'{_note(says)}<a class="second" href="{escape(way_out)}">{escape(words)}</a>'
    foot = _note(_("首次登录的账号和密码由本单位的系统管理员发给；忘记密码也请找管理员重置。"))
    prefetch = '<link rel="prefetch" href="/vbp/words.json">'
    return _page(
        _("登录"), _told(told, "good") + leaving + _told(said) + form + other + foot + _supported(), prefetch
    )


def first_administrator_page(code: str, said: str = "", name: str = "") -> str:
    """Nobody can sign in yet: who holds the code that the server printed makes the first administrator."""
    entries = (
        Entry("code", _("启动码（服务器窗口中显示）"), "one-time-code"),
        Entry(NAME, _("管理员账号"), "username"),
        Entry("full_name", _("姓名"), "name"),
        Entry(PASSWORD, _("密码"), "new-password", "password"),
        Entry("again", _("再次输入密码"), "new-password", "password"),
    )
    intro = _note(_("这是首次启动，还没有系统管理员。请在这里建立第一个；其他账号以后由管理员建立。"))
    form = _form("/setup", entries, _("建立管理员"), {}, {"code": code, NAME: name})
    return _page(_("建立系统管理员"), intro + _told(said) + form + _rules())


def demo_page(roles: Sequence[tuple[str, str, str]], said: str = "") -> str:
    """A role to look at the sample city with: (account, title, what it sees)."""
    cards = "".join(
        f'<button name="account" value="{escape(account)}"><b>{escape(title)}</b>'
        f"<span>{escape(says)}</span></button>"
        for account, title, says in roles
    )
    intro = _note(_("示例城市，数据为合成。选择一个角色进入，随时可以退出换另一个。"))
    form = f'<form method="post" action="/demo" class="roles">{cards}</form>'
    return _page(_("选择角色"), intro + _told(said) + form, "", "wide")


def account_page(reader: Reader, said: str = "", told: str = "", has_password: bool = True) -> str:
    """Who is signed in; another password; out here, or everywhere."""
    role = word_text(reader.role)
    who = f"{reader.full_name}（{reader.name}）" if reader.full_name else reader.name
    facts = _note(_("{who}，{role}").format(who=who, role=role))
    if reader.must_change_password:
        facts += _told(_("这是管理员发给的初始密码，请先改成只有您知道的密码。"), "hint")
    parts = [facts, _told(told, "good"), _told(said)]
    if has_password:
        entries = (
            Entry("old", _("原密码"), "current-password", "password"),
            Entry(PASSWORD, _("新密码"), "new-password", "password"),
            Entry("again", _("再次输入新密码"), "new-password", "password"),
        )
        form = _form("/account/password", entries, _("修改密码"), {"user": reader.name})
        parts += [f"<h2>{escape(_('修改密码'))}</h2>", form, _rules()]
    parts += [f"<h2>{escape(_('退出'))}</h2>", _leaving()]
    if not reader.must_change_password:
        parts.append(f'<p><a href="/">{escape(_("返回看板"))}</a></p>')
    return _page(_("我的账号"), "".join(parts))


def _leaving() -> str:
    out = f'<form method="post" action="/logout"><button>{escape(_("退出登录"))}</button></form>'
    everywhere = (
        f'<form method="post" action="/account/sign-out-everywhere">'
        f'<button class="quiet">{escape(_("在所有设备上退出"))}</button></form>'
    )
    return f'<div class="leaving">{out}{everywhere}</div>'


def _form(
    action: str,
    entries: Iterable[Entry],
    button: str,
    hidden: dict[str, str],
    filled: dict[str, str] | None = None,
) -> str:
    rows = "".join(
        f'<label>{escape(entry.label)}<input name="{entry.name}" type="{entry.kind}" '
        f'autocomplete="{entry.complete}" value="{escape((filled or {}).get(entry.name, ""))}" '
        f'maxlength="{LIMITS.password_most_length}" required></label>'
        for entry in entries
    )
    more = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items()
    )
    return f'<form method="post" action="{action}">{rows}{more}<button>{escape(button)}</button></form>'


def _rules() -> str:
    least = LIMITS.password_least_length
    return _note(_("密码至少{least}个字符，可以是一句好记的话；不要与其他系统相同。").format(least=least))


def _note(text: str) -> str:
    return f"<p class=note>{escape(text)}</p>"


def _told(text: str, kind: str = "bad") -> str:
    role = "alert" if kind == "bad" else "status"
    return f'<p class="told {kind}" role="{role}">{escape(text)}</p>' if text else ""


def _supported() -> str:
    words = _("请使用 Chromium 114 以上内核的浏览器（Chrome、Edge、360、QQ等的新版本，极速模式）。")
    return f"<p class=note>{escape(words)}</p>"


def _page(title: str, body: str, head: str = "", kind: str = "") -> str:
    name = _("集中带量采购监测")
    language = "zh-CN" if current_language() == "zh" else "en"
    other, label = ("en", "English") if language == "zh-CN" else ("zh", "中文")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {escape(name)}</title>"
        f'<link rel="icon" href="/vbp/icon.png"><link rel="stylesheet" href="/vbp/door.css">{head}</head>'
        f'<body><main class="{kind}"><header><img src="/vbp/icon.png" alt="" width="40" height="40">'
        f"<span>{escape(name)}</span></header><h1>{escape(title)}</h1>{body}"
        f'<footer><a href="?lang={other}">{label}</a></footer></main></body></html>'
    )
