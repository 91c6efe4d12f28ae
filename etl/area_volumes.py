"""Agreed volumes that are stated for an area instead of an institution.

A row that names no institution but an area, or 全市 or a district in the place of the institution, is the
area's total: it is kept beside the institutions' volumes and never added to them. Their sum is checked
against it.
"""

import pandas as pd
from sqlalchemy import Connection, select
from sqlmodel import col

from etl.checks import rows_name_institutions, whose_rows
from etl.problem_kinds.mention import AREA_TOTAL_DIFFERS, AREA_TOTALS_KEPT
from etl.register import Context
from etl.rows import Rows
from etl.values.cells import key_of
from procurement import figures
from procurement.filters import Filters
from procurement.frames import read_frame
from procurement.language import _
from procurement.measures.agreements import price_agreements
from procurement.measures.areas import WHOLE_AREA, add_institutions_total
from procurement.money import UNIT_SCALE
from procurement.queries import agreement, register
from procurement.tables import AgreedVolume, AreaVolume, Institution

WHOLE = frozenset(
    {"全市", "全区域", "全市范围", "全统筹区", "全统筹地区", "统筹地区", "统筹区", "本市", "全地区", "市合计"}
)
"""Words for the whole pooling area."""

OF_INSTITUTION = ["institution_id", "batch_id", "variety_id", "product_id", "agreement_year"]
OF_AREA = ["area", *OF_INSTITUTION[1:]]


def areas_of_rows(rows: Rows, frame: pd.DataFrame, context: Context, own: str | None) -> pd.Series:
    """The area whose total a row states; missing where the row is an institution's.

    `own` is what the file calls the whole pooling area. Where the importer named an institution, or the
    title does, all rows are that one's.
    """
    nothing = pd.Series(None, index=frame.index, dtype="object")
    is_named = rows_name_institutions(rows)
    if context.institution or (not is_named and whose_rows(rows, context.register)):
        return nothing
    districts = _districts(context.connection)
    names = frame["institution_name"].map(lambda name: _named(name, own, districts), na_action="ignore")
    by_name = names.mask(frame["institution_code"].notna() | _are_registered(frame, context))
    unnamed = frame["institution_code"].isna() & frame["institution_name"].isna()
    stated = frame["area"].map(lambda area: _named(area, own, districts) or area, na_action="ignore")
    areas = by_name.where(by_name.notna(), stated.where(unnamed)).astype("object")
    if areas.notna().any() and areas.isna().any():
        names = _("、").join(dict.fromkeys(areas.dropna()))
        rows.mention(AREA_TOTALS_KEPT, "area", count=int(areas.notna().sum()), areas=names)
    return areas


def _are_registered(frame: pd.DataFrame, context: Context) -> pd.Series:
    return frame["institution_name"].map(
        lambda name: isinstance(name, str) and context.register.institution(name) is not None
    )


def _named(text: str, own: str | None, districts: dict[str, str]) -> str | None:
    """The area that a text names: the whole one, or a district of the register; None for any other."""
    key = key_of(text)
    if key in WHOLE or (own is not None and key == key_of(own)):
        return WHOLE_AREA
    return districts.get(key)


def _districts(connection: Connection) -> dict[str, str]:
    found = connection.execute(select(col(Institution.district)).distinct()).scalars()
    return {key_of(name): name for name in found if name}


def check_area_totals(rows: Rows, frame: pd.DataFrame, context: Context) -> None:
    """Mention areas whose stated total is not the sum of their institutions, as it is once this is loaded.

    Only what the file is about: areas, varieties and years that a row of it moves.
    """
    good = frame[~rows.bad & frame["variety_id"].notna()]
    stated, agreed = _once_loaded(good, context)
    if stated.empty:
        return
    told = _compared(context.connection, stated, agreed)
    told = told[(told["difference_equivalent"] != 0).fillna(False)]
    known = context.register.variety_names
    for row in told.itertuples():
        own = (good["variety_id"] == row.variety_id) & (good["agreement_year"] == row.agreement_year)
        if not own.any():
            continue
        place = int((own & (good["area"] == row.area)).where(own).idxmax())
        rows.report(
            AREA_TOTAL_DIFFERS,
            frame.index == place,
            "agreed_volume",
            area=row.area,
            variety=known[row.variety_id],
            year=row.agreement_year,
            stated=_units(row.stated_equivalent),
            total=_units(row.institutions_equivalent),
            difference=_units(row.difference_equivalent),
        )


def _units(millionths: int) -> str:
    whole, rest = divmod(int(millionths), UNIT_SCALE)
    return f"{whole:,}" if not rest else f"{int(millionths) / UNIT_SCALE:,.2f}"


def _once_loaded(good: pd.DataFrame, context: Context) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Areas' and institutions' volumes of the file's varieties, with the file's own in place of theirs."""
    batches = tuple(context.register.batch_name(int(number)) for number in good["batch_id"].unique())
    stated = agreement.area_volumes(context.connection, Filters(batches=batches))
    agreed = agreement.agreed_volumes(context.connection, Filters(batches=batches))
    is_area = good["area"].notna()
    return _updated(stated, good[is_area], OF_AREA), _updated(agreed, good[~is_area], OF_INSTITUTION)


def _updated(present: pd.DataFrame, new: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    columns = [*key, "agreed_units"]
    both = pd.concat([present[columns], new[columns]], ignore_index=True)
    both = both.drop_duplicates(key, keep="last").reset_index(drop=True)
    return both.assign(reported_units=pd.Series(pd.NA, index=both.index, dtype="Int64"))


def _compared(connection: Connection, stated: pd.DataFrame, agreed: pd.DataFrame) -> pd.DataFrame:
    resolved = figures.resolved_listings(connection)
    priced = price_agreements(stated, resolved).rename(columns={"agreed_equivalent": "stated_equivalent"})
    return add_institutions_total(
        priced, price_agreements(agreed, resolved), register.institutions(connection)
    )


def volumes_not_in_file(
    connection: Connection, frame: pd.DataFrame
) -> list[tuple[type[AgreedVolume] | type[AreaVolume], pd.DataFrame]]:
    """What is loaded for the file's institutions (or areas), batches and agreement years and not in it.

    Per table: id and variety_id. Another agreement year of the same batch is another list.
    """
    found: list[tuple[type[AgreedVolume] | type[AreaVolume], pd.DataFrame]] = []
    is_area = frame["area"].notna()
    for table, key, part in (
        (AgreedVolume, OF_INSTITUTION, frame[~is_area]),
        (AreaVolume, OF_AREA, frame[is_area]),
    ):
        columns = table.__table__.c  # type: ignore[union-attr]
        present = read_frame(connection, select(columns.id, *(columns[name] for name in key)))
        whose = [key[0], "batch_id", "agreement_year"]
        covered = present.merge(part[whose].drop_duplicates(), on=whose)
        kept = covered.merge(part[key], on=key)["id"]
        found.append((table, covered[~covered["id"].isin(kept)]))
    return found
