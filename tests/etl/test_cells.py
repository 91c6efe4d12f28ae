"""One cell → a value, nothing, or the kind of trouble."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.values import cells
from etl.values.hints import NO_HINT, Hint

NOTHING = ["", "-", "/", "—", "－", "——", " ", "\u200b", "无", "NULL", "'", None]
ERRORS = ["#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "Err:502", "######"]


def trouble(read: cells.Read) -> str | None:
    return read.trouble.code if read.trouble else None


@pytest.mark.parametrize("cell", NOTHING)
def test_every_way_of_writing_nothing_is_empty(cell):
    for parse in (
        cells.amount,
        cells.price,
        cells.quantity,
        cells.code,
        cells.text,
        cells.share,
        cells.whole_number,
    ):
        assert parse(cell, NO_HINT) == cells.NOTHING


@pytest.mark.parametrize("cell", ERRORS)
def test_a_failed_formula_is_never_empty(cell):
    for parse in (
        cells.amount,
        cells.price,
        cells.quantity,
        cells.code,
        cells.text,
        cells.share,
        cells.whole_number,
    ):
        assert trouble(parse(cell, NO_HINT)) == "error-cell"


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        (1234.5, "1234.5"),
        ("1234.50", "1234.5"),
        ("1,234.50", "1234.5"),
        ("￥1,234.50元", "1234.5"),
        ("¥ 1234.5", "1234.5"),
        ("１，２３４．５０", "1234.5"),
        ("'1234.5", "1234.5"),
        ("1 234.50", "1234.5"),
        ("-12.34", "-12.34"),
        ("\u221212.34", "-12.34"),
        ("－12.34", "-12.34"),
        ("(12.34)", "-12.34"),
        ("-￥12.34", "-12.34"),
        ("1.2E+3", "1200"),
        (".5", "0.5"),
        (0.1 + 0.2, "0.3"),  # 0.30000000000000004 is shown as 0.3
        (3.1800000000000002, "3.18"),
    ],
)
def test_an_amount_reads_as_it_is_meant(cell, yuan):
    assert cells.amount(cell, NO_HINT).value == int(Decimal(yuan) * 10_000)


@pytest.mark.parametrize(
    "cell", ["12个", "面议", "1,23", "1.234,56", "12-13", "1..2", date(2022, 3, 1), True, "∞", "１二"]
)
def test_a_number_is_never_guessed(cell):
    assert trouble(cells.amount(cell, NO_HINT)) == "not-a-number"


decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False, allow_infinity=False)
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


def notations(value: Decimal) -> list[str | float]:
    plain = f"{value:f}"
    grouped = f"{value:,f}"
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    return [
        plain, grouped, f"'{plain}", f" {plain} ", f"{grouped}元", f"{sign}￥{digits}", plain.translate(WIDE),
        grouped.translate(WIDE), float(value) if len(plain.replace(".", "").lstrip("-0")) <= 15 else plain,
    ]  # fmt: skip


@given(decimals)
def test_an_amount_reads_back_in_every_notation(value):
    for cell in notations(value):
        assert cells.amount(cell, NO_HINT).value == int(value * 10_000), cell


@pytest.mark.parametrize(
    ("cell", "fine"),
    [(0.12345678, 12_345_678), (4.99999999999999, 500_000_000), ("0.1234", 12_340_000), (-2.0, -200_000_000)],
)
def test_a_quantity_is_exact(cell, fine):
    assert cells.quantity(cell, NO_HINT).value == fine


@pytest.mark.parametrize("cell", [1 / 3, "0.000000001", "1.123456789"])
def test_a_quantity_finer_than_any_count_is_a_fraction(cell):
    assert trouble(cells.quantity(cell, NO_HINT)) == "fraction-of-unit"


def test_the_heading_scales_an_amount():
    assert cells.amount(1.2345, Hint(money=10_000)).value == 123_450_000  # 1.2345 万元 = 12 345 yuan


@pytest.mark.parametrize(
    ("parse", "limit"),
    [(cells.quantity, 10**9), (cells.price, 10**7), (cells.amount, 10**10)],
)
def test_figures_beyond_reason_are_refused(parse, limit):
    assert parse(float(limit), NO_HINT).trouble is None
    assert trouble(parse(str(Decimal(limit) + Decimal("0.01")), NO_HINT)) == "number-too-large"
    assert trouble(parse("1E+300", NO_HINT)) == "number-too-large"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("XA01BA00123", "XA01BA00123"),
        ("xa01", "XA01"),
        (" XA 01\n", "XA01"),
        ("ＸＡ０１", "XA01"),
        ("'00123", "00123"),
        (86901234.0, "86901234"),
        (999_999_999_999_999.0, "999999999999999"),  # 15 digits are all there
        (69, "69"),
    ],
)
def test_a_code_keeps_all_its_signs(cell, code):
    assert cells.code(cell, NO_HINT).value == code


@pytest.mark.parametrize("cell", ["8.69E+13", "8.69e13", 1e15, 8.69e19])
def test_a_code_that_lost_digits_is_reported(cell):
    assert trouble(cells.code(cell, NO_HINT)) == "code-lost-digits"


@pytest.mark.parametrize("cell", ["A1・A2", "A1、A2", "A1;A2", 12.5, -3.0, date(2022, 1, 2), timedelta(1)])
def test_what_is_not_one_code_is_reported(cell):
    assert trouble(cells.code(cell, NO_HINT)) == "not-a-code"


@pytest.mark.parametrize(
    ("cell", "percent", "millionths"),
    [
        ("70%", False, 700_000),
        ("７０％", False, 700_000),
        ("6.5 %", False, 65_000),
        (0.7, False, 700_000),
        ("0.065", False, 65_000),
        (1.0, False, 1_000_000),
        (70.0, True, 700_000),
        (100.0, True, 1_000_000),
        (0.7, True, 700_000),  # a cell shown as 70 %
    ],
)
def test_a_share_is_read_by_its_own_and_its_headings_per_cent(cell, percent, millionths):
    assert cells.share(cell, Hint(percent=percent)).value == millionths


@pytest.mark.parametrize(
    ("cell", "percent"),
    [(70.0, False), (1.01, False), (100.5, True), (0.0, False), ("-5%", False), ("七成", False)],
)
def test_a_share_beyond_one_is_a_problem(cell, percent):
    assert trouble(cells.share(cell, Hint(percent=percent))) == "not-a-share"


@pytest.mark.parametrize(
    ("cell", "units"), [(14.0, 14), ("14", 14), ("14片/盒", 14), ("7片*2板", 14), ("１４", 14)]
)
def test_a_pack_size_may_be_a_number_or_a_plain_text(cell, units):
    assert cells.pack_size(cell, NO_HINT).value == units


@pytest.mark.parametrize("cell", [0.0, -1.0, 1.5, "几片"])
def test_a_pack_size_is_a_whole_number(cell):
    assert trouble(cells.pack_size(cell, NO_HINT)) == "not-whole"


@pytest.mark.parametrize(
    ("cell", "year"), [(1.0, 1), ("2", 2), ("第一年", 1), ("首年", 1), ("第3协议年度", 3), ("第二协议年", 2)]
)
def test_an_agreement_year_is_a_number_in_any_words(cell, year):
    assert cells.agreement_year(cell, NO_HINT).value == year


def test_ornaments_before_a_name_are_dropped():
    assert cells.text("※▲阿司匹林\n肠溶片 ", NO_HINT).value == "阿司匹林肠溶片"
    assert cells.key_of("※ 阿司匹林（ 肠溶 ）") == cells.key_of("阿司匹林(肠溶)")


@given(st.floats(-1e8, 1e8) | decimals.map(float))
def test_the_short_way_through_a_float_gives_what_its_decimal_gives(number):
    assert cells.amount(number, NO_HINT) == cells.amount(f"{number:.15g}", NO_HINT)
