"""The batches of a city: published rounds, invented ones, and batches that continue an expired one."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

from sample_data.area import Area
from sample_data.catalogue import SYNTHETIC, Batch, Codes, Variety, pairs
from sample_data.companions import add_companions
from sample_data.exact import to_fen
from sample_data.invented import invented_variety, makers, read_names
from sample_data.published import awarded_varieties, named_varieties

Groups = dict[str, Iterator[dict[str, str]]]
Spec = dict[str, Any]  # one [[batches]] entry of an area


def build_batches(area: Area) -> list[Batch]:
    """All batches; the free drops are shifted until the means are those that the city published."""
    shifts = {"药品": 0, "耗材": 0}
    targets = {"药品": area.targets.get("drug_drop"), "耗材": area.targets.get("consumable_drop")}
    for _ in range(12):
        batches = draw_batches(area, shifts)
        misses = {kind: miss(batches, kind, target) for kind, target in targets.items() if target}
        if all(abs(gap) < Fraction(1, 10_000) for gap in misses.values()):
            break
        for kind, gap in misses.items():
            # Named and published varieties do not move, so the free ones move a little further.
            shifts[kind] += round(gap * 13_000)
    add_companions(batches, area.seed)
    return batches


def miss(batches: list[Batch], category: str, target: str) -> Fraction:
    drops = [variety.drop for batch, variety in pairs(batches) if batch.category == category]
    return Fraction(target) - sum(drops, Fraction(0)) / len(drops)


def draw_batches(area: Area, shifts: dict[str, int]) -> list[Batch]:
    codes = Codes([*makers("药品"), *makers("耗材")])
    groups: Groups = {}
    batches: list[Batch] = []
    for spec in area.batches:
        known = {field: spec[field] for field in ("name", "level", "category", "start", "end")}
        batch = Batch(**known, area=area.province)
        rng = Random(f"{area.seed}:{batch.name}")
        batch.varieties = varieties_of(spec, batches, groups, area, shifts[batch.category], codes, rng)
        batches.append(batch)
    return batches


def varieties_of(
    spec: Spec, earlier: list[Batch], groups: Groups, area: Area, shift: int, codes: Codes, rng: Random
) -> list[Variety]:
    category, count = spec["category"], spec["count"]
    if "awards" in spec:
        found = awarded_varieties(spec["awards"], area.province, codes, rng)
    elif "named" in spec:
        found = named_varieties(spec["named"], category, codes)
    elif "succeeds" in spec:
        before = next(batch for batch in earlier if batch.name == spec["succeeds"])
        found = [successor(variety, codes, rng) for variety in before.varieties[:count]]
    else:
        rows = islice(groups.setdefault(spec["group"], rows_of(spec["group"], category)), count)
        found = [invented_variety(row, category, shift, codes, rng) for row in rows]
    if len(found) != count:
        raise ValueError(f"{spec['name']}: {len(found)} varieties, {count} wanted")
    return found


def rows_of(group: str, category: str) -> Iterator[dict[str, str]]:
    """Batches that share a group take its rows one after the other."""
    table = "drugs.csv" if category == "药品" else "consumables.csv"
    return (row for row in read_names(table) if row["group"] == group)


def successor(variety: Variety, codes: Codes, rng: Random) -> Variety:
    """The same variety in the next batch: an old winner at a lower price, or a new one beside the old."""
    old = variety.products[0]
    assert old.award4 is not None
    award4 = Fraction(old.award4 * rng.randint(70, 97), 100)
    lower4 = to_fen(award4) if old.per_pack or award4 > 10_000 else max(1, round(award4))
    if rng.random() < 0.6:
        code, firm = old.code, old.maker
    else:
        firm = rng.choice(makers(variety.category))
        code = codes.issue(variety.category, variety.name, old.form, firm)
    product = replace(
        old, code=code, maker=firm, award4=lower4, source=SYNTHETIC, basis="集采前加权均价", area=""
    )
    return replace(variety, products=[product], substitutes=[])
