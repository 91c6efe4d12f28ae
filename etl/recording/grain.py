"""After a load, what it touched of the monthly purchases is built anew (procurement.ledger)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

import pandas as pd
from sqlalchemy import Connection, func, select
from sqlmodel import col

from procurement import ledger
from procurement.queries.register import data_version, parts_of_version
from procurement.tables import Import


@dataclass
class Grain:
    """Rebuilds what imports touch; from one file of purchases to the next it holds the prices of the lists.

    They are good while the version of the data is the one that the last import left: then no list and no
    decision about a product came between.
    """

    version: int | None = None
    prices: ledger.PriceBasis | None = None

    def rebuild(
        self,
        connection: Connection,
        kind: str,
        import_id: int,
        touched: Iterable[ledger.Touched],
        lines: pd.DataFrame | None = None,
    ) -> None:
        """`lines`, if given, are all purchase lines of the first part: they need not be read back."""
        parts = list(touched)
        if not parts:
            return
        prices = self.prices if self._is_good(connection, import_id) else None
        prices = prices or ledger.price_basis(connection)
        for part, told in zip_longest(parts, [lines] if lines is not None else []):
            ledger.rebuild(connection, part, prices, told)
        # A second part means that a product's pack moved.
        is_unmoved = kind == "purchases" and len(parts) == 1
        self.version, self.prices = (data_version(connection), prices) if is_unmoved else (None, None)

    def forget(self) -> None:
        """After a failure the number of the import may be given again."""
        self.version = self.prices = None

    def _is_good(self, connection: Connection, import_id: int) -> bool:
        """Whether nothing but this import, which is entered already, has changed the data."""
        if self.version is None:
            return False
        before = select(func.max(col(Import.id))).where(col(Import.id) < import_id)
        last, decided = parts_of_version(self.version)
        now = parts_of_version(data_version(connection))[1]
        return (connection.execute(before).scalar_one(), now) == (last, decided)
