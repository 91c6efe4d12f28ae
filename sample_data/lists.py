"""The lists of a set as rows: institutions, batch lists, substitutes."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sample_data.catalogue import Batch, Product, Variety, pairs
from sample_data.city import Institution
from sample_data.exact import yuan
from sample_data.workbooks import Row


@cache
def read_list_layouts() -> dict[str, dict[str, Any]]:
    path = Path(__file__).parent / "names" / "lists.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def institution_rows(city: list[Institution]) -> list[Row]:
    fields = ("code", "name", "kind", "level", "district", "ownership", "chain", "parent")
    return [{field: getattr(row, field) for field in fields} for row in city]


def batch_rows(batches: list[Batch]) -> list[Row]:
    return [
        batch_row(batch, variety, product)
        for batch, variety in pairs(batches)
        for product in variety.products
    ]


def batch_row(batch: Batch, variety: Variety, product: Product) -> Row:
    has_price = product.award4 is not None or product.baseline4 is not None
    return {
        "batch": batch.name,
        "level": batch.level,
        "category": batch.category,
        "variety": variety.name,
        "code": product.code,
        "name": product.name,
        "form": product.form,
        "spec": product.spec,
        "pack": product.pack,
        "unit": product.unit,
        "maker": product.maker,
        "baseline": None if product.baseline4 is None else yuan(product.baseline4, 10_000),
        "basis": product.basis,
        "award": None if product.award4 is None else yuan(product.award4, 10_000),
        "price_unit": ("盒" if product.per_pack else "最小单位") if has_price else None,
        "factor": yuan(product.factor.numerator, product.factor.denominator),
        "area": product.area or batch.area,
        "start": batch.start,
        "end": batch.end,
        "status": product.status,
        "source": product.source,
    }


def substitute_rows(batches: list[Batch]) -> list[Row]:
    fields = ("batch", "variety", "code", "name", "spec", "pack", "unit", "maker", "factor")
    return [
        {field: batch_row(batch, variety, product)[field] for field in fields}
        for batch, variety in pairs(batches)
        for product in variety.substitutes
    ]
