"""What a published table is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Table:
    """A published table: its title, its figure and public name → column of the figure."""

    title: str
    figure: Callable[..., pd.DataFrame]
    columns: Mapping[str, str]
