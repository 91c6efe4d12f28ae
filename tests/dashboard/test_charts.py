"""Charts: what is drawn adds up to the frame that it is drawn from."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import views
from dashboard.charts import canvas, palette
from dashboard.charts.completion import rate_map, status_by, status_counts
from dashboard.charts.prices import drop_distribution, paid_price_history
from dashboard.charts.retention import ranked_retention, surplus_steps
from dashboard.charts.savings import monthly_saving, ranked_saving
from dashboard.charts.toolbar import toolbar
from procurement import figures
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.language import in_language
from procurement.measures.completion import met_share
from procurement.measures.retention import retention_totals

YUAN = 10_000


@pytest.fixture(scope="module")
def connection(sample_ledger):
    with reading(open_database(sample_ledger)) as connection:
        yield connection


def drawn(figure: go.Figure, axis: str) -> float:
    """Everything that the bars of a figure show."""
    return sum(value or 0 for trace in figure.data for value in trace[axis])


def test_months_add_up_to_the_saving(connection):
    rows = views.monthly_savings(connection, Filters())
    figure = monthly_saving(rows)
    assert "万元" in figure.layout.title.text
    assert drawn(figure, "y") == pytest.approx(rows["saving_amount"].sum() / YUAN / 10_000)


def test_a_ranking_of_all_adds_up_to_the_saving(connection):
    rows = views.savings_by(connection, Filters(), "batch")
    figure = ranked_saving(rows, "batch", "批次", most=len(rows))
    assert "亿元" in figure.layout.title.text
    assert drawn(figure, "x") == pytest.approx(rows["saving_amount"].sum() / YUAN / 1e8)


def test_a_ranking_has_the_largest_on_top(connection):
    rows = views.savings_by(connection, Filters(), "district")
    figure = ranked_saving(rows, "district", "区县", most=3)
    totals = rows.groupby("district")["saving_amount"].sum().sort_values(ascending=False)
    assert list(figure.layout.yaxis.ticktext)[::-1] == list(totals.index[:3])


def test_a_negative_saving_is_drawn_below_zero():
    rows = pd.DataFrame(
        {
            "month": pd.to_datetime(["2022-01-01"]),
            "category": ["drug"],
            "is_selected": [True],
            "saving_amount": [-5 * YUAN],
        }
    )
    assert monthly_saving(rows).data[0].y == (-5,)


def test_statuses_add_up_to_the_rows(connection):
    rows = views.current_completion(connection, Filters())
    assert drawn(status_counts(rows), "x") == len(rows)
    assert drawn(status_by(rows, "batch", "批次", most=1000), "x") == len(rows)


def test_a_status_has_one_colour_everywhere(connection):
    rows = views.current_completion(connection, Filters())
    stacked = {trace.name: trace.marker.color for trace in status_by(rows, "batch", "批次").data}
    alone = status_counts(rows).data[0]
    assert dict(zip(alone.y, alone.marker.color, strict=True)) == stacked
    assert set(stacked.values()) == set(palette.STATUS.values())


def test_every_variety_with_a_drop_is_counted_once(connection):
    rows = figures.prices(connection)
    known = rows.dropna(subset=["drop"]).drop_duplicates("variety_id")
    assert drawn(drop_distribution(rows), "y") == len(known)


def test_retained_amounts_add_up(connection):
    rows = views.settlements(connection, Filters(), "agreed")
    figure = ranked_retention(rows, "institution_name", "机构", most=1000)
    totals = retention_totals(rows)
    divisor = 1e8 if "亿元" in figure.layout.title.text else 1e4
    assert drawn(figure, "x") == pytest.approx(totals["retained"] / YUAN / divisor)
    steps = surplus_steps({f"{name}_amount": amount for name, amount in totals.items()})
    assert list(steps.data[0].x)[::-1] == [
        pytest.approx(totals[name] / YUAN / 1e8)
        for name in ("budget", "spending", "surplus_base", "retained")
    ]


def test_a_heat_map_names_every_batch(connection):
    rows = views.current_completion(connection, Filters())
    batches = rows.dropna(subset=["agreed_equivalent"])["batch"].nunique()
    figure = rate_map(rows)
    assert len(figure.layout.xaxis.ticktext) == batches
    cells = figure.data[0]
    assert all(len(row) == batches for row in cells.z)
    # What has a colour has a figure: behind the time progress is negative.
    assert [[z is None for z in row] for row in cells.z] == [[not text for text in row] for row in cells.text]
    one = rows[rows["institution_name"] == list(figure.layout.yaxis.ticktext)[-1]].dropna(
        subset=["agreed_equivalent"]
    )
    part = one[one["batch"] == one["batch"].iloc[0]]
    at = list(figure.layout.xaxis.ticktext).index(canvas.shortened(part["batch"].iloc[0], 14))
    assert cells.z[-1][at] == pytest.approx((met_share(part) - part["time_progress"].iloc[0]) * 100, abs=0.06)


def test_a_variety_shows_baseline_award_and_execution_date(connection):
    batch, variety = "国家组织冠脉支架", "冠脉支架系统"
    listed = views.variety_listings(connection, Filters(), batch, variety)
    paid = views.paid_prices(listed, views.product_months(connection, Filters()))
    first = listed.iloc[0]
    figure = paid_price_history(
        paid, int(first["variety_baseline"]), int(first["variety_awarded"]), first["execution_date"], variety
    )
    named = {trace.name.split(" ")[0]: trace for trace in figure.data}
    assert set(named) == {"集采前单价", "中选单价", "中选产品采购均价", "非中选产品采购均价"}
    assert named["集采前单价"].y[0] == first["variety_baseline"] / 1e6
    assert figure.layout.shapes[0].x0 == first["execution_date"]
    # From the first full month on, selected stents cost about the awarded price: a twentieth of the baseline.
    assert max(named["中选产品采购均价"].y[1:]) < named["集采前单价"].y[0] / 10


EMPTY = pd.DataFrame(
    columns=["month", "category", "is_selected", "saving_amount", "status", "batch", "batch_id", "institution_name",
             "agreed_equivalent", "drop", "variety_id", "retained_amount", "staff_amount", "development_amount"]
)  # fmt: skip


@pytest.mark.parametrize(
    "draw",
    [
        monthly_saving,
        drop_distribution,
        status_counts,
        rate_map,
        lambda rows: ranked_saving(rows, "batch", "批次"),
        lambda rows: status_by(rows, "batch", "批次"),
        lambda rows: ranked_retention(rows, "batch", "批次"),
        lambda _rows: surplus_steps(
            dict.fromkeys(["budget_amount", "spending_amount", "surplus_base_amount", "retained_amount"])
        ),
        lambda rows: paid_price_history(rows, None, None, pd.Timestamp(2022, 1, 1), "品种"),
    ],
)
def test_an_empty_frame_gives_a_figure_that_says_so(draw):
    figure = draw(EMPTY)
    assert figure.layout.annotations[0].text.endswith("。")


def test_months_read_as_in_a_chinese_report():
    months = pd.Series(pd.date_range("2021-11-01", "2022-02-01", freq="MS"))
    assert list(canvas.month_axis(months)["ticktext"]) == ["11月<br>2021年", "12月", "1月<br>2022年", "2月"]


@pytest.mark.parametrize(
    ("yuan", "unit"),
    [(5, "元"), (9_999, "元"), (10_000, "万元"), (99_999_999, "万元"), (100_000_000, "亿元")],
)
def test_amounts_are_drawn_in_the_unit_they_read_best_in(yuan, unit):
    assert canvas.money_unit([yuan * YUAN, -3 * YUAN])[1] == unit


def test_the_tool_bar_saves_a_sharp_png_under_a_safe_name():
    config = toolbar("节约金额（万元）/ 按:机构")
    image = config["toImageButtonOptions"]
    assert image["format"] == "png" and image["scale"] == 2
    assert image["filename"] == "节约金额（万元）_按_机构"
    assert config["locales"]["zh-CN"]["dictionary"]["Download plot as a PNG"] == "下载为PNG图片"
    with in_language("en"):
        assert "locales" not in toolbar("x")
