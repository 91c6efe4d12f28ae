"""The institutions of a city. Every one of them is invented and carries 示例 in its name."""

from dataclasses import dataclass
from random import Random

from sample_data.area import Area

NUMERALS = "一二三四五六七八九十"


@dataclass(eq=False)
class Institution:
    """One row of the register. `size` is its demand, as a share of the largest hospital's."""

    code: str
    name: str
    kind: str
    level: str
    district: str
    ownership: str
    chain: str = ""
    parent: str = ""
    size: float = 0.0
    is_big: bool = False


class Register:
    """Issues the codes: H (pharmacies: P), six digits of the district, five that count inside it."""

    def __init__(self) -> None:
        self.rows: list[Institution] = []
        self.counts: dict[str, int] = {}

    def add(self, letter: str, district: list[str], **fields: object) -> Institution:
        prefix = letter + district[1]
        self.counts[prefix] = self.counts.get(prefix, 0) + 1
        row = Institution(code=f"{prefix}{self.counts[prefix]:05d}", district=district[0], **fields)  # type: ignore[arg-type]
        self.rows.append(row)
        return row


def build_city(area: Area) -> list[Institution]:
    register, rng = Register(), Random(f"{area.seed}:institutions")
    districts = {name: [name, code] for name, code in area.districts}
    for name, level, district, size in area.big_hospitals:
        fields = {"kind": "医院", "level": level, "ownership": "公立", "size": size, "is_big": True}
        register.add("H", districts[district], name=name, **fields)
    for district in area.districts:
        add_small_hospitals(register, area, district, rng)
        add_primary_care(register, area, district, rng)
    add_pharmacies(register, area, rng)
    return register.rows


def add_small_hospitals(register: Register, area: Area, district: list[str], rng: Random) -> None:
    for kind in area.small_hospitals:
        private = kind in ("康复医院", "骨科医院")
        register.add(
            "H", district, name=f"{district[0]}示例{kind}", kind="医院",
            level="一级" if private else "二级", ownership="民营" if private else "公立",
            size=rng.uniform(*area.small_hospital_size),
        )  # fmt: skip


def add_primary_care(register: Register, area: Area, district: list[str], rng: Random) -> None:
    """Three fifths are health centres; the rest are clinics or stations that point to one as parent."""
    urban = district[0].endswith("区")
    centre, branch = ("社区卫生服务中心", "社区卫生服务站") if urban else ("镇卫生院", "村卫生室")
    total = area.primary_per_district
    centres = [
        register.add(
            "H", district, name=f"{district[0]}示例第{numeral(n)}{centre}", kind="基层医疗机构",
            level="一级", ownership="公立", size=rng.uniform(0.006, 0.02),
        )
        for n in range(1, total - total * 2 // 5 + 1)
    ]  # fmt: skip
    for n in range(1, total * 2 // 5 + 1):
        register.add(
            "H", district, name=f"{district[0]}示例第{numeral(n)}{branch}", kind="基层医疗机构",
            level="未定级", ownership="集体", parent=centres[n % len(centres)].code,
            size=rng.uniform(0.001, 0.004),
        )  # fmt: skip


def add_pharmacies(register: Register, area: Area, rng: Random) -> None:
    for chain, stores in area.chains:
        for n in range(1, stores + 1):
            district = area.districts[rng.randrange(len(area.districts))]
            register.add(
                "P", district, name=f"{chain}第{numeral(n)}店", kind="零售药店", level="未定级",
                ownership="民营", chain=f"{chain}连锁有限公司", size=rng.uniform(0.001, 0.004),
            )  # fmt: skip


def numeral(n: int) -> str:
    """1 → 一, 12 → 十二, 24 → 二十四."""
    tens, ones = divmod(n, 10)
    front = "" if tens == 0 else "十" if tens == 1 else numeral(tens) + "十"
    return front + (NUMERALS[ones - 1] if ones else "")
