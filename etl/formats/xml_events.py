"""XML read event by event: nothing is built up in memory, and no entity is declared or fetched."""

import re
from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat

from etl.limits import TooMuch
from etl.problem_kinds.stop import DECLARES_ENTITIES

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
PIECE = 1 << 20


def read_events(pieces: Iterable[bytes], start: Start, end: End, text: Text) -> None:
    """Call the handlers for each element and text; names are "namespace local", or local alone."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _refuse(*_about: object) -> None:
    raise TooMuch(DECLARES_ENTITIES)


def pieces_of(text: str) -> Iterator[bytes]:
    """Decoded XML for `read_events`: the encoding that it declares is left out, as it is no longer so."""
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
    for at in range(0, len(text), PIECE):
        yield text[at : at + PIECE].encode("utf-8", "surrogatepass")
