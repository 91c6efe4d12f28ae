"""The server: the gate's headers, what the browser loads first, health, nothing but our own host."""

import gzip
import json
import re
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message

import pytest

from dashboard.frontend import OURS, inline_script_hashes, page
from dashboard.gate import HEADERS
from dashboard.navigation import ADDRESSES
from tests.people import cookie
from tests.serving import copied, serving


@pytest.fixture(scope="module")
def address(loaded_puyang, tmp_path_factory):
    with serving(copied(loaded_puyang, tmp_path_factory.mktemp("served"))) as address:
        yield address


@pytest.fixture(scope="module")
def signed_in(address):
    """The cookie of an official."""
    return {"Cookie": cookie(address.ledger, "official")}


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(url: str, **headers: str) -> Answer:
    """The answer, whatever its status."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.headers, refused.read())


def test_health_tells_that_it_is_well_and_nothing_else(address):
    assert json.loads(ask(f"{address}/healthz").body) == {"status": "ok"}


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/vbp/words.js", "/_stcore/health", "/unknown", "/static/nothing.js"]
)
def test_every_answer_carries_the_security_headers(address, path):
    headers = ask(address + path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS


def test_the_policy_allows_no_other_host_and_no_eval():
    policy = HEADERS["Content-Security-Policy"]
    assert "http" not in policy and "*" not in policy
    assert "'unsafe-eval'" not in policy
    assert len(inline_script_hashes()) == 1


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_address_gives_our_page(address, signed_in, path):
    assert ask(f"{address}/{path}", **signed_in).text == page()


def test_our_script_stands_before_streamlits():
    assert page().index("vbp/words.js") < page().index('type="module"')


def test_scripts_come_compressed_and_are_kept_for_good(address):
    script = re.search(r'src="\./(static/js/[^"]+)"', page()).group(1)
    answer = ask(f"{address}/{script}", **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and "immutable" in answer.headers["Cache-Control"]
    assert gzip.decompress(answer.body) == ask(f"{address}/{script}").body


def test_an_unchanged_file_of_ours_is_not_sent_again(address):
    tag = ask(f"{address}/vbp/words.json").headers["ETag"]
    assert ask(f"{address}/vbp/words.json", **{"If-None-Match": tag}).status == 304


@pytest.mark.parametrize(
    "path", ["/vbp/../server.py", "/static/..%2f..%2fserver.py", "/static/../index.html", "/vbp/gate.py"]
)
def test_no_file_of_ours_leaves_that_is_not_meant_to(address, signed_in, path):
    answer = ask(address + path, **signed_in)
    # What is no file is Streamlit's page, which then says that there is no such page.
    assert answer.status in (400, 404) or "<!DOCTYPE html>" in answer.text
    assert "from dashboard" not in answer.text


def test_the_words_translate_to_chinese_and_back():
    table = json.loads((OURS / "words.json").read_text(encoding="utf-8"))
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert all(
        not chinese.search(english) and chinese.search(words) for english, words in table["texts"].items()
    )
    for pattern, words in table["patterns"]:
        re.compile(pattern)
        assert chinese.search(words)


def handshake(address: str, host: str, origin: str, cookie: str) -> str:
    """The first line that the websocket's door answers."""
    name, port = address.removeprefix("http://").split(":")
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}",
        f"Origin: {origin}",
        f"Cookie: {cookie}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: streamlit",
    ]
    with socket.create_connection((name, int(port)), timeout=20) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return connection.recv(200).split(b"\r\n")[0].decode()


def test_a_page_of_our_own_is_let_in(address, signed_in):
    host = address.removeprefix("http://")
    assert " 101 " in handshake(address, host, address, signed_in["Cookie"])


@pytest.mark.parametrize("foreign", ["host", "origin"])
def test_another_name_or_another_site_is_kept_out(address, signed_in, foreign):
    host = "evil.example" if foreign == "host" else address.removeprefix("http://")
    origin = "http://evil.example" if foreign == "origin" else address
    assert " 403 " in handshake(address, host, origin, signed_in["Cookie"])
