"""What a reader looks at: the same filters for the command line, the pages and the exports."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Filters:
    """An empty filter lets everything through; `scope` is what the reader may see at all (None: all).

    `first_day` … `last_day` bound the days of purchase, `as_of` is the measuring day: purchases after it
    are not counted, completion and agreement years are told as they stood on it. Being hashable and
    holding the scope, filters are a safe key of a cache.
    """

    batches: tuple[str, ...] = ()
    category: str | None = None
    institutions: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    varieties: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    as_of: date | None = None
    scope: tuple[str, ...] | None = None

    def on(self, as_of: date) -> "Filters":
        """The same filters with the measuring day set where none was asked for."""
        return self if self.as_of else replace(self, as_of=as_of)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the measuring day is chosen: figures then do not speak for the whole city."""
        return replace(self, as_of=None) != Filters()

    @property
    def latest_day(self) -> date | None:
        """The last day whose purchases count."""
        days = [day for day in (self.last_day, self.as_of) if day]
        return min(days) if days else None
