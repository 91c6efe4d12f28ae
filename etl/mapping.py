"""What people have said that headings mean, remembered for an institution's files of one kind.

    known = recognise(file, kind, mapping)
    earlier = mapping_for(connection, register, known, institution, kind)
    if earlier:
        known = recognise(file, kind, {**earlier, **mapping})
    …
    remember(connection, institution_of(known.texts, register, institution), known.kind, said_of(known), by)

What was said for the institution goes before what was said for files of any institution.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import col

from etl.checks import names_in
from etl.headings import KINDS, Said, field_named
from etl.recognising import Recognised
from etl.register import Register
from etl.values.hints import heading_key
from procurement.tables import HeadingMapping

ANY_INSTITUTION = ""

_SAID = (
    col(HeadingMapping.heading),
    col(HeadingMapping.field),
    col(HeadingMapping.decided_by),
    col(HeadingMapping.decided_at),
)


def remembered(connection: Connection, institution_code: str | None, kind: str) -> dict[str, Said]:
    """What was said of headings of `kind`, by their compared form; a field that is no more is left out."""
    found: dict[str, Said] = {}
    for code in dict.fromkeys([ANY_INSTITUTION, institution_code or ANY_INSTITUTION]):  # its own go before
        query = select(*_SAID).where(
            col(HeadingMapping.institution_code) == code, col(HeadingMapping.kind) == kind
        )
        for heading, field, by, at in connection.execute(query):
            if field_named(kind, field) is not None:
                found[heading] = Said(field, by, at.date(), heading)
    return found


def remember(
    connection: Connection, institution_code: str | None, kind: str, mapping: Mapping[str, str], by: str
) -> int:
    """Keep a mapping for the institution's next file, or for any institution's; gives how many are new.

    What is remembered so already keeps who said it first, and when.
    """
    known = remembered(connection, institution_code, kind)
    now = datetime.now(UTC).replace(microsecond=0)
    said = {heading_key(heading): field for heading, field in mapping.items()}
    new = {h: f for h, f in said.items() if h not in known or known[h].field != f}
    for heading, field in new.items():
        forget(connection, institution_code, kind, heading)
        row = {"institution_code": institution_code or ANY_INSTITUTION, "kind": kind, "heading": heading}
        values = {**row, "field": field, "decided_at": now, "decided_by": by}
        connection.execute(insert(HeadingMapping).values(**values))
    return len(new)


def forget(connection: Connection, institution_code: str | None, kind: str, heading: str) -> bool:
    """Take one back that was remembered; whether there was one."""
    statement = delete(HeadingMapping).where(
        col(HeadingMapping.institution_code) == (institution_code or ANY_INSTITUTION),
        col(HeadingMapping.kind) == kind,
        col(HeadingMapping.heading) == heading_key(heading),
    )
    return connection.execute(statement).rowcount > 0


def mapping_for(
    connection: Connection,
    register: Register,
    known: Recognised,
    chosen_institution: str | None = None,
    kind: str | None = None,
) -> dict[str, Said]:
    """What was said earlier of headings that this file has; each tells who said it, and when.

    Where the kind is not known either, it is the one of which most was said. Nothing is given for what a
    person has said of this very file.
    """
    code = institution_of(known.texts, register, chosen_institution)
    printed = {heading_key(heading) for heading in known.printed}
    said_now = {heading_key(h.heading) for h in known.headings if h.mapped_to is not None}
    best: dict[str, Said] = {}
    for each in (kind or known.kind,) if kind or known.kind else KINDS:
        earlier = remembered(connection, code, str(each))
        found = {h: said for h, said in earlier.items() if h in printed - said_now}
        best = max(best, found, key=len)
    return best


def said_of(known: Recognised) -> dict[str, str]:
    """What a person has said of the headings of this file, now or earlier: what to remember."""
    return {h.heading: h.mapped_to for h in known.headings if h.mapped_to is not None}


def institution_of(texts: list[str], register: Register, chosen: str | None = None) -> str | None:
    """Code of the one institution that a file is from: as chosen, else named in its texts; None for several.

    A code or name in a cell of its own is taken as it is, a title is searched for names.
    """
    if chosen is not None:
        number = register.institution(chosen)
        return register.institution_codes[number] if number else None
    numbers = {register.institution(text) for text in texts} - {None}
    if not numbers:
        numbers = {register.institution(name) for name in names_in(texts, register)} - {None}
    codes = {register.institution_codes[number] for number in numbers if number}
    return codes.pop() if len(codes) == 1 else None
