"""Whether awards of other supply areas count as selected here, by the policy in force when each begins."""

import pandas as pd

from procurement.policies import EARLIEST, PolicyBook


def elsewhere_counts(listings: pd.DataFrame, book: PolicyBook) -> pd.Series:
    """Per listing (status, starts_on, category): whether the policy counts it as selected here.

    Only awards of other supply areas are asked about; a period that began before the first entry is read
    by that entry.
    """
    elsewhere = listings["status"] == "elsewhere"
    counts = pd.Series(False, index=listings.index)
    periods = listings.loc[elsewhere, ["starts_on", "category"]].drop_duplicates()
    for starts_on, category in periods.itertuples(index=False):
        day = max(starts_on.date(), EARLIEST)
        if book.value("awards_elsewhere", day, category) == "selected":
            same = (listings["starts_on"] == starts_on) & (listings["category"] == category)
            counts |= elsewhere & same
    return counts
