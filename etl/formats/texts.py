"""Bytes → text: a byte order mark says the encoding, else markup declares it, else the bytes tell."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
_CHINESE = ("gb", "cp936", "x-gbk", "hz")
SIGNS_LOOKED_AT = 4096


def declared_encoding(content: bytes) -> str | None:
    """What the head of an XML or HTML text says; every Chinese one is read as the largest of them."""
    found = _DECLARED.search(content[:SIGNS_LOOKED_AT])
    name = found[1].decode().lower() if found else ""
    if name.startswith(_CHINESE):
        return "gb18030"
    return name if name in ("utf-8", "big5") else None


def decoded(content: bytes, declared: str | None = None) -> tuple[str, str] | None:
    """The encoding of a text and the text itself; None for what is no text."""
    marked = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    for encoding in marked or [*([declared] if declared else []), *_likely(content)]:
        text = _plain_text(content, encoding)
        if text is not None:
            return encoding, text
    return None


def _likely(content: bytes) -> list[str]:
    """Half of the bytes of separators and figures in UTF-16 are zero; no other text holds a zero."""
    head = content[:SIGNS_LOOKED_AT]
    if 0 not in head:
        return ["utf-8", "gb18030"]
    return ["utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"]


def _plain_text(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    is_binary = "\0" in text or any(c < " " and c not in "\t\r\n\f" for c in text[:10_000])
    return None if is_binary else text
