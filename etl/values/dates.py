"""Days and months in every style that workbooks hold; an impossible one is a problem, never a guess."""

import re
from datetime import date, datetime, timedelta

from etl.problem_kinds.mention import WRONG_WEEKDAY
from etl.problem_kinds.skip import AMBIGUOUS_MONTH, ERROR_CELL, IMPOSSIBLE_DATE, NOT_A_DATE
from etl.values.cells import NOTHING, Read, is_error, plain
from etl.values.hints import Hint
from procurement.language import N_, _
from procurement.periods import last_of_month

EARLIEST_YEAR, LATEST_YEAR = 1990, 2099
FIRST_SERIAL, LAST_SERIAL = 32_874, 73_050
"""Excel's day numbers of 1990-01-01 and 2099-12-31."""

_EXCEL_DAY_ZERO = date(1899, 12, 30)
_DAYS = (
    re.compile(r"(\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})"),
    re.compile(r"(\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?"),
    re.compile(r"(\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
)
_MONTHS = (
    re.compile(r"(\d{4})[-/.](?P<m>\d{1,2})"),
    re.compile(r"(\d{4})年(?P<m>\d{1,2})月份?"),
    re.compile(r"(\d{4})(?P<m>\d{2})"),
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|礼拜|周)([一二三四五六日天])\)?\s*")
_TIME = re.compile(r"[T\s]+(?:[上下]午\s*)?\d{1,2}(:\d{2}){1,2}(\.\d+)?Z?$")

WEEKDAYS = (
    N_("星期一"),
    N_("星期二"),
    N_("星期三"),
    N_("星期四"),
    N_("星期五"),
    N_("星期六"),
    N_("星期日"),
)


def day(cell: object, hint: Hint) -> Read:
    """The day that a cell names; the 1st where it names a month only."""
    return _read(cell)[0]


def is_whole_month(cell: object, hint: Hint) -> Read:
    """Whether a cell names a month and no day."""
    return Read(_read(cell)[1])


def last_day(cell: object, hint: Hint) -> Read:
    """Like `day`, but a month stands for its last day: an end date of 2024年4月 includes April."""
    read, whole_month = _read(cell)
    if read.value is not None and whole_month:
        return Read(last_of_month(read.value), note=read.note, params=read.params)
    return read


def _read(cell: object) -> tuple[Read, bool]:
    """The day, and whether the cell names its month only."""
    if isinstance(cell, bool | timedelta):
        return Read(trouble=NOT_A_DATE), False
    if isinstance(cell, datetime):
        return _within_reason(cell.date()), False
    if isinstance(cell, date):
        return _within_reason(cell), False
    return _of_text(plain(cell), is_number=isinstance(cell, float))


def _of_text(text: str, is_number: bool) -> tuple[Read, bool]:
    if not text:
        return NOTHING, False
    if is_error(text):
        return Read(trouble=ERROR_CELL), False
    if is_number and re.fullmatch(r"\d{4}\.1", text):
        return Read(trouble=AMBIGUOUS_MONTH), True
    if _SERIAL.fullmatch(text):
        return _of_serial(int(float(text))), False
    weekday = _WEEKDAY.search(text)
    bare = _TIME.sub("", _WEEKDAY.sub(" ", text).strip())
    bare = re.sub(r"\s*([-/.年月日])\s*", r"\1", bare)
    read, whole_month = _of_digits(bare)
    if weekday and read.value is not None:
        read = _with_weekday(read, weekday[1])
    return read, whole_month


def _of_digits(text: str) -> tuple[Read, bool]:
    for pattern in _DAYS:
        if found := pattern.fullmatch(text):
            return _dated(int(found[1]), int(found["m"]), int(found["d"])), False
    for pattern in _MONTHS:
        if found := pattern.fullmatch(text):
            return _dated(int(found[1]), int(found["m"]), 1), True
    return Read(trouble=NOT_A_DATE), False


def _dated(year: int, month: int, number: int) -> Read:
    try:
        return _within_reason(date(year, month, number))
    except ValueError:
        return Read(trouble=IMPOSSIBLE_DATE)


def _of_serial(serial: int) -> Read:
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        return Read(trouble=NOT_A_DATE)
    return Read(_EXCEL_DAY_ZERO + timedelta(days=serial))


def _within_reason(value: date) -> Read:
    """A quantity that Excel shows as a date lies in 1900; it is no date of ours."""
    return Read(value) if EARLIEST_YEAR <= value.year <= LATEST_YEAR else Read(trouble=NOT_A_DATE)


def _with_weekday(read: Read, stated: str) -> Read:
    number = "一二三四五六日".index("日" if stated == "天" else stated)
    if read.value.weekday() == number:
        return read
    actual = _(WEEKDAYS[read.value.weekday()])
    return Read(read.value, note=WRONG_WEEKDAY, params={"day": read.value, "weekday": actual})
