"""Everything that a ledger says, without ids, history and provenance: to compare before with after."""

from sqlalchemy import Engine, text

from procurement.database import reading

LINES = """select i.code, p.code, l.bought_on, l.is_whole_month, l.quantity, l.is_pack, l.base_units, l.unit_price,
    l.paid_amount, l.invoice, l.import_id, l.row_number
    from purchase l join institution i on i.id = l.institution_id join product p on p.id = l.product_id"""
GRAIN = """select i.code, p.code, g.month, b.name, v.name, g.agreement_year, g.is_selected, g.lines, g.base_units,
    g.equivalent_units, g.paid_amount, g.baseline_amount, g.missed_amount
    from monthly_purchase g join institution i on i.id = g.institution_id join product p on p.id = g.product_id
    left join batch b on b.id = g.batch_id left join variety v on v.id = g.variety_id"""
LISTS = """select b.name, v.name, p.code, x.status, x.starts_on, x.ends_on, x.awarded_unit_price, x.baseline_unit_price,
    p.units_per_pack, p.name, p.category, x.import_id
    from listing x join batch b on b.id = x.batch_id join variety v on v.id = x.variety_id join product p on p.id = x.product_id"""
VOLUMES = """select i.code, b.name, v.name, a.product_id, a.agreement_year, a.agreed_units, a.reported_units, a.import_id
    from agreed_volume a join institution i on i.id = a.institution_id join batch b on b.id = a.batch_id
    join variety v on v.id = a.variety_id"""
SIMPLE = (
    "select code, name, kind, level, district, import_id from institution",
    "select name, level, category, execution_date, end_date, import_id from batch",
    # A product that only a withdrawn line names stays with it.
    "select code, name, spec, units_per_pack, category, import_id from product p where exists "
    "(select 1 from purchase where product_id = p.id) or exists (select 1 from listing where product_id = p.id)",
    "select sum(lines), sum(paid_amount), sum(base_units) from variety_month",
    "select sum(lines), sum(paid_amount), sum(base_units) from institution_month",
    "select sum(lines), sum(paid_amount), sum(base_units) from institution_year",
)


def image(engine: Engine) -> dict[str, list[tuple]]:
    with reading(engine) as connection:
        return {
            query: sorted(map(tuple, connection.execute(text(query))), key=repr)
            for query in (LINES, GRAIN, LISTS, VOLUMES, *SIMPLE)
        }


def difference(before: dict[str, list[tuple]], after: dict[str, list[tuple]]) -> dict[str, tuple]:
    """Rows that only one of two images has, by query; empty where they are equal."""
    return {
        query: (
            sorted(set(before[query]) - set(after[query]), key=repr),
            sorted(set(after[query]) - set(before[query]), key=repr),
        )
        for query in before
        if before[query] != after[query]
    }
