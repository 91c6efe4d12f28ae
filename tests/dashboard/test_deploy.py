"""What deploy/ promises: a real nginx with its configuration, TLS, and two real server processes behind it."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from dashboard.gate import OVER_TLS
from procurement.database import open_database, reading
from procurement.people import accounts
from procurement.people.signing_in import token_hash
from procurement.tables import SignIn
from tests.people import PASSWORD, token
from tests.serving import PATIENCE, ROOT, free_port, serving
from tests.small_ledger import fill, purchase
from tests.visitor import COOKIE, Visitor

DEPLOY = ROOT / "deploy"
NAME = "vbp.example.gov.cn"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
OPENSSL = shutil.which("openssl")

pytestmark = pytest.mark.skipif(
    not (NGINX and OPENSSL), reason="nginx or openssl is not installed: deploy/nginx.conf is not tried"
)

AROUND = """
{user}daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    log_format who '$cookie_vbp_sign_in|$upstream_addr|$request';
    access_log {folder}/access.log who;
    include {folder}/vbp.conf;
}}
"""


@dataclass
class Deployed:
    """The public address, the one without TLS, and what nginx noted."""

    address: str
    plain: str
    tls: ssl.SSLContext
    tls_of_tabs: ssl.SSLContext
    log: Path
    engine: Engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('deployed') / 'ledger.db'}")
    fill(engine, purchase(1, date(2021, 3, 5), 60_000, 24_000))
    accounts.add(engine, "city", "official", by="test", password=PASSWORD)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def named() -> Iterator[None]:
    """The public name leads to this machine, for this process."""
    known = socket.getaddrinfo

    def getaddrinfo(host, *arguments, **more):  # type: ignore[no-untyped-def]
        return known("127.0.0.1" if host == NAME else host, *arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(scope="module")
def deployed(engine, named, tmp_path_factory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("nginx")
    url = engine.url.render_as_string(hide_password=False)
    environment = {"VBP_ALLOWED_HOSTS": NAME}
    with serving(url, environment) as one, serving(url, environment) as two:
        plain, secure = free_port(), free_port()
        certify(folder)
        write_configuration(folder, plain, secure, [one, two])
        with running_nginx(folder, secure):
            tls, of_tabs = (ssl.create_default_context(cafile=folder / "certificate.pem") for _ in range(2))
            # The tests' websocket reads and writes from two threads, and Python 3.11 lets both into OpenSSL at
            # once: with the tickets of TLS 1.3, which come after the handshake, one in two hundred breaks.
            of_tabs.maximum_version = ssl.TLSVersion.TLSv1_2
            public = f"https://{NAME}:{secure}"
            yield Deployed(public, f"http://{NAME}:{plain}", tls, of_tabs, folder / "access.log", engine)


def certify(folder: Path) -> None:
    """A certificate that only these tests believe."""
    command = [str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)


def write_configuration(folder: Path, plain: int, secure: int, servers: list[str]) -> None:
    """deploy/nginx.conf with other ports and files, each of which must be found in it."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        "127.0.0.1:8501": servers[0].removeprefix("http://"),
        "127.0.0.1:8502": servers[1].removeprefix("http://"),
        "/etc/vbp/tls/fullchain.pem": str(folder / "certificate.pem"),
        "/etc/vbp/tls/privkey.pem": str(folder / "key.pem"),
    }.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "vbp.conf").write_text(text, encoding="utf-8")
    user = "user root; " if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")


class running_nginx:
    """An nginx of our own, until the block ends."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port

    def __enter__(self) -> None:
        command = [str(NGINX), "-p", str(self._folder), "-c", str(self._folder / "nginx.conf")]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        assert "warn" not in checked.stderr
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("nginx")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)


@pytest.fixture
def visitor(deployed) -> Iterator[Visitor]:
    """An official who signed in at the public address."""
    with Visitor(deployed.address, tls=deployed.tls_of_tabs) as visitor:
        assert visitor.sign_in("city", PASSWORD).status_code == 303
        yield visitor


@pytest.fixture
def stranger(deployed) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=deployed.address, verify=deployed.tls, trust_env=False) as client:
        yield client


def test_a_sign_in_is_kept_to_tls(deployed, stranger):
    form = {"name": "city", "password": PASSWORD}
    answer = stranger.post("/login", data=form, headers={"Origin": deployed.address})
    assert answer.status_code == 303 and answer.headers["Location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE) and {"secure", "httponly", "samesite=lax"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"] == OVER_TLS["Strict-Transport-Security"]


def test_every_cookie_is_secure(visitor):
    answer = visitor.http.get("/_stcore/health")
    assert "secure" in answer.headers["set-cookie"].lower()


def test_without_tls_there_is_only_the_way_to_it(deployed):
    answer = httpx.get(f"{deployed.plain}/savings?district=1", trust_env=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{NAME}/savings?district=1")
    evil = httpx.get(f"{deployed.plain}/", headers={"Host": "evil.example"}, trust_env=False)
    assert evil.headers["Location"] == f"https://{NAME}/"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_an_old_tls_is_refused(deployed, version):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = version
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{deployed.address}/healthz", verify=old, trust_env=False)


def test_pages_and_files_come_through(visitor):
    page = visitor.open("savings")
    assert page.title == "节约成效" and page.errors == []
    file = visitor.download("下载Excel")
    assert file.status_code == 200 and file.content.startswith(b"PK")
    assert file.headers["Cache-Control"] == "no-store"


def test_a_workbook_is_uploaded(visitor):
    visitor.open("imports")
    page = visitor.upload("目录.csv", "不是,表头\n1,2\n".encode() * 200_000)
    assert "目录.csv" in page.texts


def test_what_is_larger_than_a_workbook_may_be_is_refused_at_the_door(visitor):
    visitor.open("imports")
    urls = visitor.upload_urls("a.csv")
    assert visitor.put(urls.upload_url, "a.csv", b"1" * 22_000_000).status_code == 413
    assert visitor.http.post("/login", content=b"name=" + b"x" * 70_000).status_code == 413


def test_a_visitor_stays_with_one_process_and_both_are_used(deployed):
    used: dict[str, set[str]] = {}
    # Which process a sign-in goes to is drawn: eight in a row come to the same one too often for a test.
    while len(used) < 8 or len(set.union(*used.values())) < 2 and len(used) < 40:
        each = token(deployed.engine, "city")
        with Visitor(deployed.address, each, deployed.tls_of_tabs) as visitor:
            assert visitor.open("savings").title
            assert visitor.download("下载Excel").status_code == 200
        used[each] = {process for who, process, _request in requests(deployed) if who == each}
    assert all(len(processes) == 1 for processes in used.values()), used
    assert len(set.union(*used.values())) == 2


def requests(deployed: Deployed) -> list[list[str]]:
    """Cookie, process and request, as nginx noted them; a websocket is noted when it has ended."""
    time.sleep(0.3)
    return [line.split("|") for line in deployed.log.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", ["/vbp/style.css", "/vbp/words.js", "/vbp/words.json"])
def test_text_comes_compressed(stranger, path):
    answer = stranger.get(path)
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]


def test_scripts_come_compressed_once(stranger, visitor):
    script = re.search(r'src="\./(static/js/[^"]+)"', visitor.http.get("/savings").text).group(1)
    answer = stranger.get(f"/{script}")
    assert answer.headers["Content-Encoding"] == "gzip" and "immutable" in answer.headers["Cache-Control"]


def test_where_somebody_asks_from_is_not_their_own_word(deployed):
    transport = httpx.HTTPTransport(verify=deployed.tls, local_address="127.0.0.2")
    claims = {"X-Forwarded-For": "6.6.6.6", "Forwarded": "for=6.6.6.6", "X-Real-IP": "6.6.6.6"}
    headers = {"Origin": deployed.address, "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil", **claims}
    with httpx.Client(base_url=deployed.address, transport=transport, headers=headers) as client:
        answer = client.post("/login", data={"name": "city", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()
    with reading(deployed.engine) as connection:
        mine = col(SignIn.token_hash) == token_hash(answer.cookies[COOKIE])
        assert connection.execute(select(col(SignIn.origin)).where(mine)).scalar_one() == "127.0.0.2"


@pytest.mark.parametrize("header", ["X-Vbp-Sign-In", "x-vbp-sign-in", "X_Vbp_Sign_In"])
def test_an_identity_does_not_pass_the_proxy(deployed, stranger, header):
    claimed = {header: token_hash(token(deployed.engine, "city"))}
    assert stranger.get("/savings", headers=claimed).status_code == 401


def test_another_name_and_another_site_are_refused_behind_the_proxy(deployed, visitor):
    assert visitor.http.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert (
        visitor.http.get("/", headers={"Host": "127.0.0.1", "Origin": "https://evil.example"}).status_code
        == 403
    )


def test_neither_nginx_nor_python_tells_its_version(stranger):
    assert stranger.get("/login").headers["Server"] == "nginx"
    assert "nginx/" not in stranger.get("/login", headers={"Host": "a b"}).text


def test_the_units_start_what_there_is():
    """The paths and options of the units are those of the README and of the command line."""
    from typer.main import get_command

    from dashboard.command_line import app

    commands = get_command(app).commands
    for unit in DEPLOY.glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        command, *words = re.search(r"/opt/vbp/.venv/bin/vbp (.*)", text).group(1).split()
        options = {option for each in commands[command].params for option in each.opts}
        assert {word for word in words if word.startswith("--")} <= options
        for hardened in ("NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077", "User=vbp"):
            assert hardened in text


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", ["vbp@.service", "vbp-backup.service", "vbp-backup.timer"])
def test_systemd_understands_the_units(unit, tmp_path):
    text = (DEPLOY / unit).read_text(encoding="utf-8").replace("/opt/vbp/.venv/bin/vbp", "/bin/true")
    copy = tmp_path / unit.replace("@", "@8501")
    copy.write_text(text, encoding="utf-8")
    told = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True)
    assert "Unknown" not in told.stderr and "Failed to parse" not in told.stderr, told.stderr
