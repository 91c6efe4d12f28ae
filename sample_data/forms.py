"""Forms of drugs: base unit, name of the variety, name of the product, usual packs."""

import re
from fractions import Fraction
from random import Random

UNITS = {
    "片": "片", "分散片": "片", "肠溶片": "片", "缓释片": "片", "咀嚼片": "片", "口腔崩解片": "片",
    "胶囊": "粒", "缓释胶囊": "粒", "吸入剂": "粒",
    "注射液": "支", "粉针": "支", "吸入溶液": "支", "滴眼液": "支", "口服液": "支", "乳膏": "支",
    "输液": "袋", "颗粒": "袋", "散": "袋", "混悬液": "袋", "丸": "丸", "口服溶液": "瓶", "贴剂": "贴",
}  # fmt: skip

CLASSES = {
    "片": "口服常释剂型", "分散片": "口服常释剂型", "肠溶片": "口服常释剂型", "胶囊": "口服常释剂型",
    "缓释片": "缓释控释剂型", "缓释胶囊": "缓释控释剂型",
    "注射液": "注射剂", "粉针": "注射剂", "输液": "注射剂",
    "颗粒": "颗粒剂", "滴眼液": "滴眼剂", "口服溶液": "口服液体剂",
}  # fmt: skip

# The ending of a published variety → its form; the first that fits.
ENDINGS = (
    ("缓释控释剂型", "缓释片"), ("注射用浓溶液", "注射液"), ("注射剂", "注射液"),
    ("注射液", "注射液"), ("颗粒剂", "颗粒"), ("口服散剂", "散"), ("口服液体剂", "口服溶液"),
    ("咀嚼片", "咀嚼片"), ("口腔崩解片", "口腔崩解片"), ("口服常释剂型", "片"), ("片", "片"),
)  # fmt: skip

CAPSULES = (
    "奥美拉唑", "塞来昔布", "度洛西汀", "氟西汀", "普瑞巴林", "加巴喷丁", "替吉奥", "阿莫西林", "头孢拉定",
    "头孢氨苄", "头孢地尼", "头孢克洛", "克林霉素", "替莫唑胺", "诺氟沙星", "埃索美拉唑", "羟苯磺酸",
)  # fmt: skip


def form_of_published(variety: str) -> tuple[str, str]:
    """A published variety → form and name of a product: 塞来昔布口服常释剂型 → 胶囊, 塞来昔布胶囊."""
    if variety.startswith("注射用"):
        return "粉针", variety
    if "滴眼剂" in variety:
        return "滴眼液", variety.split("滴眼剂")[0] + "滴眼液"
    if variety.endswith("溶液") and variety.startswith("吸入用"):
        return "吸入溶液", variety
    if variety.endswith("氯化钠注射剂"):
        return "输液", variety.replace("注射剂", "注射液")
    for ending, form in ENDINGS:
        if ending in variety:
            stem = variety.split(ending)[0]
            form = "胶囊" if form == "片" and stem.startswith(CAPSULES) else form
            return form, product_name(stem.split("（")[0], form)
    raise ValueError(f"no form for {variety}")


def product_name(generic: str, form: str) -> str:
    if form == "粉针":
        return f"注射用{generic}"
    if form == "吸入溶液":
        return f"吸入用{generic}溶液"
    return generic + ("注射液" if form == "输液" else form)


def variety_name(generic: str, form: str) -> str:
    return generic + CLASSES[form] if form in CLASSES else product_name(generic, form)


def usual_pack(form: str, price4: int, rng: Random) -> int:
    """Base units per pack: published awards are per base unit, so the pack size is ours."""
    if form in ("注射液", "粉针", "吸入溶液"):
        return 1 if price4 > 1_000_000 else rng.choice((1, 5, 6, 10))
    if form in ("颗粒", "散"):
        return rng.choice((9, 10, 12, 15))
    if UNITS[form] not in ("片", "粒"):
        return 1
    if price4 > 50_000:
        return rng.choice((7, 10, 14, 30))
    return rng.choice((12, 14, 20, 24, 28, 30) if price4 > 5_000 else (24, 28, 30, 48, 60, 100))


def spec_text(strength: str, pack: int, unit: str, rng: Random) -> str:
    """As packs are written: 20mg*14片/盒, or in two boards 20mg×7片×2板/盒."""
    if unit in ("片", "粒") and pack % 2 == 0 and 14 <= pack <= 30 and rng.random() < 0.3:
        return f"{strength}×{pack // 2}{unit}×2板/盒"
    return f"{strength}*{pack}{unit}/盒"


def other_strength(spec: str, factor: Fraction) -> str | None:
    """The spec with its strength multiplied: 10mg*14片/盒 → 20mg*14片/盒; None for compounds and liquids."""
    found = re.match(r"(\d+(?:\.\d+)?)(mg|ug|g)(?=[*×])", spec)
    if found is None or not re.search("[片粒]", spec):
        return None
    return f"{float(found[1]) * float(factor):g}{found[2]}{spec[found.end() :]}"
