"""How the dashboard looks: Streamlit's theme, from the colours that charts, sheets and slides share."""

from html import escape
from pathlib import Path

from dashboard.charts.palette import ACCENT, AHEAD, AT_RISK, BEHIND, INK, NON_SELECTED, NOT_SET

ICON = Path(__file__).parent / "assets" / "icon.png"

# Fonts that the readers' machines have: Windows offices, then Linux with Noto. Nothing is fetched.
FONT = '"Microsoft YaHei", "Noto Sans CJK SC", "PingFang SC", "Source Han Sans SC", sans-serif'

BACKGROUND = "#FFFFFF"
SIDEBAR = "#F4F6F9"
RULE = "#DCE3EB"

THEME = {
    "theme.base": "light",
    "theme.primaryColor": ACCENT,
    "theme.backgroundColor": BACKGROUND,
    "theme.secondaryBackgroundColor": SIDEBAR,
    "theme.textColor": INK,
    "theme.linkColor": ACCENT,
    "theme.borderColor": RULE,
    "theme.dataframeBorderColor": RULE,
    "theme.dataframeHeaderBackgroundColor": "#EDF1F6",
    "theme.font": FONT,
    "theme.headingFont": FONT,
    "theme.baseFontSize": 15,
    "theme.headingFontSizes": ["1.6rem", "1.2rem", "1.05rem", "1rem", "0.95rem", "0.9rem"],
    "theme.headingFontWeights": [650, 600, 600, 600, 600, 600],
    "theme.metricValueFontSize": "1.4rem",
    "theme.metricValueFontWeight": 600,
    "theme.baseRadius": "0.4rem",
    "theme.paddingTop": "0.25rem",
    "theme.paddingBottom": "2rem",
    "theme.greenColor": AHEAD,
    "theme.redColor": BEHIND,
    "theme.orangeColor": AT_RISK,
    "theme.grayColor": NOT_SET,
}


def wordmark(name: str) -> str:
    """The name of the dashboard beside rising bars, as an SVG for the head of the sidebar."""
    bars = "".join(
        f'<rect x="{x}" y="{32 - height}" width="6" height="{height}" rx="1" fill="{colour}"/>'
        for x, height, colour in ((2, 26, ACCENT), (11, 19, ACCENT), (20, 11, NON_SELECTED))
    )
    text = f'<text x="36" y="26" font-family="{escape(FONT)}" font-size="21" font-weight="600" fill="{INK}">'
    width = 40 + sum(22 if ord(letter) > 255 else 12 for letter in name)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="36" viewBox="0 0 {width} 36">'
    return f"{head}{bars}{text}{escape(name)}</text></svg>"
