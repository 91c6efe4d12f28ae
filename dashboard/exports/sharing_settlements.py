"""What a 总额包干清算表 tells: one settlement with its members, the years before it and its policy."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.formats import word_text
from procurement.language import _
from procurement.policies import InForce, PolicyBook, PolicyError
from procurement.policies.sharing import sharing_terms


@dataclass(frozen=True)
class SharingSettlement:
    """`row` of procurement.sharing.sharing, its `members` (sharing_members), the `years` of the same
    institution and scheme up to it, oldest first, and the `terms` of the policy in force."""

    row: Any
    members: pd.DataFrame
    years: pd.DataFrame
    terms: Mapping[str, InForce]

    @property
    def title(self) -> str:
        """The name of its file, without an ending."""
        return _("{institution} {year}年 {scheme} 总额包干清算表").format(
            institution=self.row.institution_name, year=self.row.year, scheme=word_text(self.row.scheme)
        )


def sharing_settlements(
    chosen: pd.DataFrame, rows: pd.DataFrame, members: pd.DataFrame, book: PolicyBook
) -> Iterator[SharingSettlement]:
    """The settlements of the `chosen` rows; `rows` are all years that may be told."""
    for row in chosen.itertuples(index=False):
        same = (rows["institution_id"] == row.institution_id) & (rows["scheme"] == row.scheme)
        years = rows[same & (rows["year"] <= row.year)].sort_values("year", ignore_index=True)
        own = (members["settling_id"] == row.institution_id) & (members["scheme"] == row.scheme)
        terms: dict[str, InForce] = {}
        with suppress(PolicyError):
            terms = sharing_terms(book, int(row.year), str(row.scheme))
        yield SharingSettlement(row, members[own & (members["year"] == row.year)], years, terms)
