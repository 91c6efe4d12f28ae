"""Whom the attacks are upon, and how they are asked."""

import http.client
from urllib.parse import urlsplit

import httpx

from tests.visitor import COOKIE

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
THEIRS = "第二医院"
WHO = {"official": "city", "administrator": "admin", "manager": "two"}
"""Accounts of `engine` by role."""

FORMULA = '=HYPERLINK("http://evil.example","甲")'
EVIL = "http://evil.example"
H1, H2 = (("institution", "H1"),), (("institution", "H2"),)

UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def raw(address: str, method: str, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, Location and text of an answer to a path that is sent exactly as it is written."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace") if answer.status != 101 else ""
    connection.close()
    return answer.status, answer.headers.get("Location", ""), text


def holding(token: str) -> dict[str, str]:
    """The cookie of a sign-in, as a copy of it is sent."""
    return {"Cookie": f"{COOKIE}={token}"}


def sign_in(client: httpx.Client, name: str, password: str, origin: str, **more: str) -> httpx.Response:
    """As from another address: a proxy on this machine is believed."""
    form = {"name": name, "password": password, **more}
    return client.post("/login", data=form, headers={"X-Forwarded-For": origin})
