"""How one column reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """How a column reads; `label` and `says` are source texts for language._ ."""

    label: str
    unit: str = "text"
    says: str = ""
