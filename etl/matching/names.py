"""Products as hospitals write them → the key by which two of them are the same, whoever typed them.

    ※(乙10%)阿托伐他汀钙片 | 0.02g×7片×2板/盒 | 示例制药（北京）有限 公司
    阿托伐他汀钙片         | 20mg*14片/盒      | 示例制药(北京)有限公司         → one key

Only what never tells two products apart is levelled: width, spaces, letter case, ornaments, tags of
catalogues, legal forms of a firm, units of a dose, blisters of the same count. A short form of a firm, a
trade name, another salt stay different: a person decides about those (etl.matching.likeness).
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from etl.values.specs import pack_of

CACHED = 100_000

_ORNAMENTS = "※▲△★☆●○◆*#"
_TAG_WORDS = r"(?:[甲乙丙]类?\d*%?|\d+%|国基|省基|基药?|基本药物|医保|自费|国采|集采|带量|国谈|谈判)"
_TAG = rf"(?:\[{_TAG_WORDS}\]|\({_TAG_WORDS}\)|【{_TAG_WORDS}】)"
_LEADING = re.compile(rf"^(?:{_TAG}|[{_ORNAMENTS}]|[xg](?=[\u4e00-\u9fff]))+")
"""Also the bare x and g that some systems put before a Chinese name; no name begins like that."""

_TRAILING = re.compile(rf"(?:{_TAG}|[{_ORNAMENTS}])+$")
_LEGAL_FORM = re.compile(r"(?:股份)?有限(?:责任)?(?:公司)?$|(?<=.)公司$")
_IN_BRACKETS = re.compile(r"\((集团|股份)\)")
_SHARES = re.compile(r"股份(?=有限|公司|$)")

_REMARK = re.compile(r"\((?:以|按)[^()]*计\)")
_CONCENTRATION = re.compile(r"\(\d+(?:\.\d+)?%\)")
_SIGN_OF_TIMES = re.compile(r"[×✕✖∗]|(?<=[\d)a-z\u4e00-\u9fff])x(?=\d)")
_PER_UNIT = re.compile(r"/(?:片|粒|丸|枚|颗|支|瓶|袋|包|贴|盒|板|套|个|只|条|张)$")
_MASS = {"kg": Decimal(10**9), "g": Decimal(10**6), "mg": Decimal(1000), "ug": Decimal(1), "mcg": Decimal(1),
         "ng": Decimal("0.001")}  # fmt: skip
_VOLUME = {"l": Decimal(10**6), "ml": Decimal(1000), "ul": Decimal(1)}
_ACTIVITY = {"万单位": Decimal(10**4), "万iu": Decimal(10**4), "万u": Decimal(10**4), "单位": Decimal(1),
             "iu": Decimal(1), "u": Decimal(1)}  # fmt: skip
_SCALES = {word: (name, factor) for name, words in (("ug", _MASS), ("ul", _VOLUME), ("u", _ACTIVITY))
           for word, factor in words.items()}  # fmt: skip
_UNITS = "|".join(sorted(_SCALES, key=len, reverse=True))
_MEASURED = re.compile(rf"(\d+(?:\.\d+)?)({_UNITS})(?![a-z\u4e00-\u9fff])")

_LEVELLED = re.compile(r"\d(?:ug|ul|u)(?![a-z])")

FORMS = (
    ("oral_solid", ("口服常释",)),
    ("capsule", ("胶囊", "胶丸")),
    ("injection", ("注射", "粉针", "针剂", "输液")),
    ("granule", ("颗粒", "散剂", "干混悬")),
    ("drops", ("滴眼", "滴耳", "滴鼻")),
    ("inhalation", ("吸入", "气雾", "喷雾", "粉雾")),
    ("liquid", ("口服溶液", "口服液", "糖浆", "混悬液", "合剂")),
    ("skin", ("软膏", "乳膏", "凝胶", "贴")),
    ("suppository", ("栓",)),
    ("tablet", ("片",)),
    ("pill", ("丸",)),
)
"""Forms that are never one product, by the words that tell them; the first that is found counts."""

BROAD = {"oral_solid": {"tablet", "capsule", "pill"}}
"""A form that a batch list tenders as one; it may turn out to be any of these."""


def level(text: str | None) -> str:
    """Half width, no spaces, no letter case."""
    if not isinstance(text, str):
        return ""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(CACHED)
def name_key(name: str | None) -> str:
    """A product's name without ornaments and catalogue tags around it."""
    return _TRAILING.sub("", _LEADING.sub("", level(name)))


@lru_cache(CACHED)
def firm_key(name: str | None) -> str:
    """A firm's name without its legal form; which firm of a group it is, or of which place, stays."""
    text = _IN_BRACKETS.sub(r"\1", level(name)).replace("〔", "(").replace("〕", ")")
    return _SHARES.sub("", _LEGAL_FORM.sub("", text))


@lru_cache(CACHED)
def registration_key(number: str | None) -> str:
    """An approval or registration number without the words in front of it (国药准字, 批准文号:)."""
    text = re.sub(r"^.*?[:：]", "", level(number))
    return re.sub(r"^国药准字", "", text)


@lru_cache(CACHED)
def spec_key(spec: str | None) -> tuple[str, int | None]:
    """The dose (or the whole text where no pack is plain) in one notation, and the units in a pack."""
    text = _REMARK.sub("", _SIGN_OF_TIMES.sub("*", level(spec)))
    pack = pack_of(spec) if isinstance(spec, str) else None
    if pack is None:
        return _dose(text), None
    first = text.split("*")[0]
    return (_dose(first) if _MEASURED.search(first) else ""), pack.units


def _dose(text: str) -> str:
    """0.1g:10ml and 10ml:100mg alike: measures in their smallest unit, in one order."""
    text = _PER_UNIT.sub("", text).replace("µ", "u").replace("μ", "u")
    text = _MEASURED.sub(_smallest, text)
    if ":" in text:  # 5ml:5mg says already that it is (0.1%)
        text = _CONCENTRATION.sub("", text)
    return ":".join(sorted(text.split(":")))


def _smallest(measure: re.Match[str]) -> str:
    name, factor = _SCALES[measure[2]]
    return f"{(Decimal(measure[1]) * factor).normalize():f}{name}"


@lru_cache(CACHED)
def form_of(*texts: str | None) -> str | None:
    """The form that the first of the texts (name, form, base unit) tells."""
    for text in texts:
        levelled = level(text)
        for form, words in FORMS:
            if any(word in levelled for word in words):
                return form
    return None


def forms_differ(one: str | None, other: str | None) -> bool:
    """Whether two forms rule out that the products are one; an untold one rules out nothing."""
    if one is None or other is None or one == other:
        return False
    return other not in BROAD.get(one, ()) and one not in BROAD.get(other, ())


@dataclass(frozen=True)
class ProductWords:
    """What a row or the register tells of a product."""

    name: str | None = None
    spec: str | None = None
    units_per_pack: int | None = None
    manufacturer: str | None = None
    form: str | None = None
    base_unit: str | None = None
    registration: str | None = None

    @property
    def name_key(self) -> str:
        return name_key(self.name)

    @property
    def firm_key(self) -> str:
        return firm_key(self.manufacturer)

    @property
    def dose(self) -> str:
        return spec_key(self.spec)[0]

    @property
    def pack(self) -> int | None:
        """As stated beside the spec, else as the spec says it."""
        return self.units_per_pack or spec_key(self.spec)[1]

    @property
    def literal_spec(self) -> str:
        """The spec to the letter but for width and spaces: 7片*2板 is not 14片*1板."""
        return _SIGN_OF_TIMES.sub("*", level(self.spec))

    @property
    def form_key(self) -> str | None:
        return form_of(self.name, self.form)

    @property
    def key(self) -> tuple[str, str, int | None, str, str | None]:
        """Two products of one key are written alike in all that tells products apart."""
        return self.name_key, self.dose, self.pack, self.firm_key, self.form_key

    @property
    def is_telling(self) -> bool:
        """Whether name, spec and manufacturer are all told: less is never an exact match."""
        return bool(self.name_key and level(self.spec) and self.firm_key)

    @property
    def has_dose(self) -> bool:
        return bool(_LEVELLED.search(self.dose))

    def same_pack(self, other: "ProductWords") -> bool:
        """Whether both hold as many units, and both say so; a device of no stated pack is a single one."""
        if not (self.has_dose or other.has_dose):
            return (self.pack or 1) == (other.pack or 1)
        return self.pack is not None and self.pack == other.pack

    def contradicts(self, other: "ProductWords") -> bool:
        """Whether form or base unit rule out that the two are one."""
        units = {self.base_unit, other.base_unit} - {None}
        return len(units) > 1 or forms_differ(self.form_key, other.form_key)

    def is_exactly(self, other: "ProductWords") -> bool:
        """Whether the two are written alike in everything that tells products apart."""
        return (
            self.is_telling
            and self.name_key == other.name_key
            and self.firm_key == other.firm_key
            and self.dose == other.dose
            and self.same_pack(other)
            and not self.contradicts(other)
        )
