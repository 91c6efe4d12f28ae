"""The words that people read: Chinese is the source text and the default, English its translation.

    from procurement.language import N_, _

    _("采购金额")                      # translated now, into the language of this thread of work
    TITLE = N_("采购金额")             # marked for translation, translated where it is shown: _(TITLE)

VBP_LANGUAGE=en makes English the language to start with. Catalogues are .po files kept with Babel
(`make words`), read as they are: nothing to compile.
"""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "zh"
LANGUAGES = {"zh": "中文", "en": "English"}
LOCALE_FOLDER = Path(__file__).parent / "locale"

_asked = os.environ.get("VBP_LANGUAGE", SOURCE_LANGUAGE)
_current: ContextVar[str] = ContextVar("language", default=_asked if _asked in LANGUAGES else SOURCE_LANGUAGE)


def use_language(language: str) -> None:
    """Show texts in `language` from here on, in this thread of work."""
    _current.set(language if language in LANGUAGES else SOURCE_LANGUAGE)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Show texts in `language` inside the block."""
    before = _current.set(language)
    try:
        yield
    finally:
        _current.reset(before)


def current_language() -> str:
    return _current.get()


def N_(text: str) -> str:  # noqa: N802  gettext's own name for it
    """Mark `text` for translation and leave it as it is."""
    return text


def _(text: str) -> str:
    """`text` in the current language; an empty text stays empty."""
    return _catalogue(_current.get()).gettext(text) if text else text


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / "vbp.po"
    if language == SOURCE_LANGUAGE or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
