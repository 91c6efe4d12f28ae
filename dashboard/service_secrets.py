"""What only this service may know, made at the first start and kept in a file that only it can read."""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from procurement.language import N_, _

SECRETS_VARIABLE = "VBP_SECRETS"
TOO_OPEN = N_("密钥文件“{file}”其他用户也能读取。请把它的权限改为600（仅本服务可读写）后再启动。")


@dataclass(frozen=True)
class Secrets:
    """`cookie` signs Streamlit's cookies; `setup_code` lets in who makes the first administrator."""

    cookie: str
    setup_code: str


def secrets_file(url: str) -> Path:
    """VBP_SECRETS, else beside a SQLite ledger, else below var/."""
    if said := os.environ.get(SECRETS_VARIABLE):
        return Path(said)
    address = make_url(url)
    is_file = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
    return Path(f"{address.database}.secrets.json") if is_file else Path("var/vbp.secrets.json")


def service_secrets(url: str) -> Secrets:
    """The secrets of the service that serves the ledger of `url`; made where there are none."""
    file = secrets_file(url)
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        _make(file)
    return _read(file)


def _make(file: Path) -> None:
    """Whole or not at all: of two processes that start together, both use what one of them has made."""
    made = Secrets(secrets.token_hex(32), "-".join(secrets.token_hex(2) for _n in range(4)))
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as opened:
        json.dump(asdict(made), opened, indent=1)
    try:
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()


def _read(file: Path) -> Secrets:
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise LookupError(_(TOO_OPEN).format(file=file))
    return Secrets(**json.loads(file.read_text(encoding="utf-8")))
