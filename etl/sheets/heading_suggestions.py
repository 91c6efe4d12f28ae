"""A heading that nobody knows → the field whose heading is nearest; offered to a person, never taken.

采购数里 is one sign away from 采购数量. So is 出库数量 from 入库数量, which means the opposite: what is near
in signs is weighed for its meaning before it is offered.
"""

from collections.abc import Collection, Sequence
from functools import cache

from rapidfuzz.distance import OSA

from etl.headings import IGNORED, keys, source
from etl.values.hints import heading_key

LEAST_SCORE = 0.75
"""One slip in four signs, two in eight. Most headings have four; of three signs with one other nobody knows
what was meant (进价, 单价, 均价)."""

TURNING = (
    "出",
    "销",
    "售",
    "退",
    "非",
    "未",
    "无",
    "不",
    "旧",
    "原",
    "前",
    "上",
    "下",
    "累",
    "计划",
    "预",
    "废",
    "估",
    "赠",
    "欠",
)
"""What makes another thing of a heading: one stands in the unknown heading or the known one, not in both."""

ENDINGS = (
    ("价", "价格", "单价"),
    ("额", "总价", "金额"),
    ("数", "量"),
    ("码", "编号", "代号"),
    ("名", "名称"),
    ("日", "日期", "时间"),
    ("月", "月份", "年月"),
    ("单位",),
    ("企业", "厂家", "厂商", "公司"),
    ("比", "率", "比例"),
    ("人", "员"),
    ("类", "类型", "类别"),
)
"""The last word tells what a column holds; each group means one thing, a typing error belongs to none."""

Suggestion = tuple[str, float]
"""A field, and how near its heading is: 0–1."""


def suggestions(kind: str, headings: Sequence[str], taken: Collection[str]) -> list[Suggestion | None]:
    """For each unknown heading a field of `kind` that is not `taken`; no field is offered to two of them."""
    nearest = [_nearest(kind, heading) for heading in headings]
    best: dict[str, float] = {}
    for found in nearest:
        if found is not None:
            best[found[0]] = max(found[1], best.get(found[0], 0))
    offered: set[str] = set(taken) | {IGNORED}
    result: list[Suggestion | None] = []
    for found in nearest:
        is_offered = found is not None and found[0] not in offered and found[1] == best[found[0]]
        result.append(found if is_offered else None)
        offered |= {found[0]} if is_offered and found else set()
    return result


def _nearest(kind: str, heading: str) -> Suggestion | None:
    """The nearest heading of the kind, also of those that are of no use: one near to such a one is, too.

    采购单介 is as near to 采购单位 as to 采购单价: none is offered.
    """
    scores: dict[str, float] = {}
    for key in keys(heading):
        for known, field in _known(kind):
            score = OSA.normalized_similarity(key, known, score_cutoff=LEAST_SCORE)
            if score > scores.get(field, 0.0) and _may_mean(key, known):
                scores[field] = score
    best = max(scores.values(), default=0.0)
    fields = [field for field, score in scores.items() if score == best]
    return (fields[0], round(best, 2)) if len(fields) == 1 else None


@cache
def _known(kind: str) -> tuple[tuple[str, str], ...]:
    """Every heading of a kind as it is compared, with and without its unit, and its field."""
    known = source(kind)
    named = [(heading, name) for name, about in known.fields.items() for heading in about.all_headings]
    named += [(heading, IGNORED) for heading in known.ignored]
    return tuple(dict.fromkeys((key, name) for heading, name in named for key in keys(heading) if key))


def _may_mean(heading: str, known: str) -> bool:
    """Whether no word turns the meaning of one against the other, and both end in the same thing."""
    if "出入" not in heading:
        known = known.replace("出入", "")  # of both: 出库日期 is only a part of 出入库日期
    if any((word in heading) != (word in known) for word in TURNING):
        return False
    one, other = _ending(heading), _ending(known)
    return one is None or other is None or one == other


def _ending(key: str) -> int | None:
    """The group of the longest known word that a heading ends in."""
    bare = key.rstrip("0123456789")
    found = [
        (len(word), number)
        for number, words in enumerate(ENDINGS)
        for word in words
        if bare.endswith(heading_key(word))
    ]
    return max(found)[1] if found else None
