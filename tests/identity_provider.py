"""A city's identity provider that really answers, in a process of its own; for tests of the second front door.

    with providing() as provider:
        provider.knows("4711", preferred_username="zhang", groups=["vbp-official"])
        back = provider.agrees(authorise_url, "4711")       where the browser is sent after it has signed in there

What a person's claims hold stands in the token as it is, so that a token of another issuer or for somebody
else can be drawn as well.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile

import httpx

from tests.serving import PATIENCE, ROOT, free_port, wait_for


@dataclass(frozen=True)
class Provider:
    """Where it answers; what it says is for 127.0.0.1 only."""

    address: str

    def knows(self, subject: str, **claims: object) -> None:
        httpx.put(f"{self.address}/users/{subject}", json=claims, verify=False).raise_for_status()

    def agrees(self, url: str, subject: str) -> str:
        """The person signs in at the provider, which sends the browser to this address."""
        answer = httpx.post(url, data={"sub": subject}, verify=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def declines(self, url: str) -> str:
        return httpx.post(url, data={"action": "deny"}, verify=False).headers["location"]

    def last_token_request(self) -> dict[str, str]:
        return httpx.get(f"{self.address}/last-token-request", verify=False).json()


@contextmanager
def providing() -> Iterator[Provider]:
    port = free_port()
    with TemporaryFile() as log:
        command = [sys.executable, "-W", "ignore", "-m", "tests.identity_provider", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, stderr=log, stdout=log)
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/.well-known/openid-configuration", process, log)
            yield Provider(address)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def _serve(port: int) -> None:
    from flask import jsonify, request
    from oidc_provider_mock import app
    from werkzeug.serving import make_server

    provider = app(require_nonce=True)
    asked: dict[str, str] = {}

    @provider.before_request
    def keep() -> None:
        if request.path == "/oauth2/token":
            asked.update(request.form.to_dict())

    provider.add_url_rule("/last-token-request", view_func=lambda: jsonify(asked))
    make_server("127.0.0.1", port, provider, threaded=True).serve_forever()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
