"""After a load, what it touched of the monthly purchases is built anew (procurement.ledger)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

import pandas as pd
from sqlalchemy import Connection, func, select
from sqlmodel import col

from procurement import ledger
from procurement.tables import Import


@dataclass
class Grain:
    """Rebuilds what imports touch; from one file of purchases to the next it holds the prices of the lists.

    They are good while the import before is the one they were last read for: then no list came between.
    """

    import_id: int | None = None
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
        self.import_id, self.prices = (import_id, prices) if is_unmoved else (None, None)

    def forget(self) -> None:
        """After a failure the number of the import may be given again."""
        self.import_id = self.prices = None

    def _is_good(self, connection: Connection, import_id: int) -> bool:
        before = select(func.max(col(Import.id))).where(col(Import.id) < import_id)
        return self.import_id is not None and connection.execute(before).scalar_one() == self.import_id
