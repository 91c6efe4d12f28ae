"""Colours by meaning: charts on pages, slides and sheets show the same thing in the same colour.

Chosen to differ in lightness as well as in hue, so that they stay apart for colour-blind readers and on
a grey print.
"""

SELECTED = "#1F5FA8"
SELECTED_LIGHT = "#7FA8D6"
NON_SELECTED = "#E08E45"
NON_SELECTED_LIGHT = "#F2C79B"

DRUG = "#1F5FA8"
CONSUMABLE = "#4FA8A0"

AHEAD = "#2E8B6F"
ON_TRACK = "#7DB8A2"
BEHIND = "#C8553D"
AT_RISK = "#E3A93C"
NOT_SET = "#B8C0CC"

ACCENT = "#1F5FA8"
INK = "#1E2A3A"
MUTED = "#6B7788"

STATUS = {"ahead": AHEAD, "on_track": ON_TRACK, "behind": BEHIND, "at_risk": AT_RISK, "not_set": NOT_SET}
"""Colour of a completion status by its code."""

CATEGORY = {"drug": DRUG, "consumable": CONSUMABLE}

BUDGET = "#8FA3BC"
SPENDING = "#C3CEDB"
RETAINED = "#2F7F73"
"""Of the retained surplus: what the fund had planned, what it spent, what the institution keeps."""
