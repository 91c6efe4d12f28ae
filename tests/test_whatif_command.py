"""`vbp whatif` and the front doors behind it: today's figures, changes, ranked switches, sentences."""

import json
from decimal import Decimal

import pandas as pd
import pytest

from procurement import advice
from procurement.database import open_database, reading
from procurement.figures import retention
from procurement.measures.changes import Changes
from procurement.measures.whatif import compute, whatif
from tests.test_command_line import vbp

CASE = ("--institution", "H41090200001", "--batch", "省际联盟骨科创伤", "--year", 1)
SAME = [
    "budget_amount", "spending_amount", "surplus_base_amount", "score", "maximum_ratio", "ratio", "retained_amount",
    "staff_amount", "development_amount", "reason",
]  # fmt: skip


def asked(sample_ledger, *options):
    done = vbp("whatif", *CASE, *options, "--json", db=sample_ledger)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def settled(sample_ledger):
    with reading(open_database(sample_ledger)) as connection:
        return retention(connection)


def test_without_a_change_every_figure_is_todays(sample_ledger, settled):
    # A sample over all batches and years, with those that are empty or keep nothing
    some = pd.concat([settled.iloc[::500], settled[settled["reason"] != ""].iloc[::60]])
    with reading(open_database(sample_ledger)) as connection:
        for row in some.itertuples(index=False):
            case = advice.case(connection, row.institution_code, row.batch, int(row.agreement_year))
            outcome = whatif(case.inputs, Changes())
            for at in (0, 1):
                now = outcome.settlements.iloc[at]
                wanted = [getattr(row, name) for name in SAME]
                assert [str(now[name]) for name in SAME] == [str(value) for value in wanted]
            assert case.is_running == row.is_running


def test_moving_use_never_lowers_what_a_hospital_of_the_city_keeps(sample_ledger, settled):
    some = settled[settled["retained_amount"].notna()].iloc[::400]
    with reading(open_database(sample_ledger)) as connection:
        for row in some.itertuples(index=False):
            case = advice.case(connection, row.institution_code, row.batch, int(row.agreement_year))
            shares = [Changes(shift=Decimal(at) / 4) for at in range(5)]
            assert compute(case.inputs, shares).settlements["retained_amount"].is_monotonic_increasing


def test_json_tells_now_then_and_the_difference_in_yuan(sample_ledger):
    told = asked(sample_ledger, "--shift", "50%")
    assert list(told) == [
        "institution_code", "institution_name", "batch", "agreement_year", "running", "now", "then", "difference",
        "reason", "moves",
    ]  # fmt: skip
    assert list(told["now"]) == [
        "budget", "spending", "surplus_base", "retained", "staff", "development", "invoice",
    ]  # fmt: skip
    for name, now in told["now"].items():
        assert Decimal(told["then"][name]) - Decimal(now) == Decimal(told["difference"][name])
    assert Decimal(told["difference"]["retained"]) > 0 > Decimal(told["difference"]["invoice"])
    assert {move["variety"] for move in told["moves"]} == {
        "髓内钉系统", "锁定加压接骨板系统", "普通接骨板系统", "空心螺钉系统",
    }  # fmt: skip


def test_one_variety_moves_and_the_rest_follow_what_is_said_for_all(sample_ledger):
    told = asked(sample_ledger, "--shift", "0.5", "--shift", "空心螺钉系统=100%")
    moved = {move["variety"]: move["moved_units"] for move in told["moves"]}
    assert moved["空心螺钉系统"] == 20 and moved["普通接骨板系统"] == 12


def test_volumes_score_ratio_share_and_basis(sample_ledger):
    options = ["--agreed", "空心螺钉系统=100", "--score", "95", "--maximum-ratio", "40%", "--staff-share", "0.65",
               "--basis", "actual"]  # fmt: skip
    told = asked(sample_ledger, *options)["then"]
    retained = Decimal(told["surplus_base"]) * Decimal("0.4")
    assert Decimal(told["retained"]) == retained.quantize(Decimal("0.01"))
    assert Decimal(told["staff"]) == (Decimal(told["retained"]) * Decimal("0.65")).quantize(Decimal("0.01"))


def test_switches_are_ranked_with_all_together_last(sample_ledger):
    told = asked(sample_ledger, "--switches")
    assert told[-1]["switch"] == "together"
    gains = [Decimal(row["gain"]) for row in told[:-1]]
    assert gains == sorted(gains, reverse=True)
    assert told[0] == {
        **dict.fromkeys(told[0]), "switch": "score", "missing_points": 6, "invoice_saving": "0.00",
        "gain": told[0]["gain"], "retained": told[0]["retained"],
    }  # fmt: skip


def test_the_table_reads_now_then_and_difference(sample_ledger):
    done = vbp("whatif", *CASE, "--shift", "50%", db=sample_ledger)
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("现状", "调整后", "变化", "结余留用金额", "改用数量"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--shift", "120%"], "0%至100%之间"),
        (["--shift", "没有=50%"], "没有品种"),
        (["--shift", "多"], "不是数字"),
        (["--agreed", "空心螺钉系统=-1"], "不能是负数"),
        (["--score", "101"], "0至100之间"),
        (["--maximum-ratio", "50.1%"], "不得超过现行上限"),
        (["--staff-share", "59%"], "60%至70%之间"),
        (["--basis", "both"], "agreed 或 actual"),
        (["--switches", "--score", "95"], "单独使用"),
        (["--year", "9"], "第9协议年度"),
        (["--batch", "没有"], "台账中没有"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_exit_code_2(sample_ledger, options, words):
    done = vbp("whatif", *CASE, *options, db=sample_ledger, COLUMNS="200")
    assert done.returncode == 2
    assert words in "".join(done.stderr.replace("│", "").split()) or words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_guidance_table_leaves_the_house(sample_ledger):
    done = vbp("table", "guidance", "--institution", "H41090200001", "--json", db=sample_ledger)
    rows = json.loads(done.stdout)
    assert list(rows[0]) == [
        "institution_code", "institution_name", "batch", "variety", "from", "to", "last_12_months",
        "previous_12_months", "growth", "proposed", "low", "high", "last_reported", "reported_fit", "reason",
    ]  # fmt: skip
    known = [row for row in rows if row["proposed"] is not None]
    assert all(row["low"] <= row["proposed"] <= row["high"] for row in known)
    assert {row["reason"] for row in rows if row["proposed"] is None} <= {
        "使用月数过少，暂无参考值",
        "近12个月没有使用",
    }
