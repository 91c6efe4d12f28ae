"""Volumes that are stated for an area, against what its institutions agreed to.

    difference = stated for the area − Σ agreed volumes of its institutions

A volume stated for a variety is compared with all that is agreed of it, one stated for a product with what
is agreed for that product; both in equivalent units. No other figure counts what is stated for an area.
"""

import pandas as pd

from procurement.language import N_

WHOLE_AREA = N_("全市")
"""The area that stands for the whole pooling area; any other is one of its districts."""


def add_institutions_total(
    areas: pd.DataFrame, agreed: pd.DataFrame, institutions: pd.DataFrame
) -> pd.DataFrame:
    """Add institutions_equivalent and difference_equivalent to each volume of an area.

    `areas`: area, variety_id, product_id (or none), agreement_year, stated_equivalent; `agreed`:
    institution_id, variety_id, product_id, agreement_year, agreed_equivalent; `institutions`:
    institution_id, district. Empty where no institution of the area has agreed to anything of it.
    """
    volumes = agreed.merge(institutions[["institution_id", "district"]], on="institution_id", how="left")
    volumes = pd.concat([volumes.assign(area=volumes["district"]), volumes.assign(area=WHOLE_AREA)])
    of_variety = ["area", "variety_id", "agreement_year"]
    totals = _total(areas, volumes, of_variety)
    of_product = _total(areas, volumes, [*of_variety, "product_id"])
    total = totals.where(areas["product_id"].isna(), of_product)
    return areas.assign(
        institutions_equivalent=total, difference_equivalent=areas["stated_equivalent"] - total
    )


def _total(areas: pd.DataFrame, volumes: pd.DataFrame, key: list[str]) -> pd.Series:
    """What is agreed with the same key, beside each area's volume."""
    sums = volumes.groupby(key)["agreed_equivalent"].sum(min_count=1).rename("total").reset_index()
    found = areas[key].merge(sums, on=key, how="left")["total"]
    return found.astype("Int64").set_axis(areas.index)
