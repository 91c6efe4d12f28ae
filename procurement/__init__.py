"""The subject: volume-based procurement, true without Excel and without Streamlit.

Read in this order:

    tables/        what is kept, by subject; each class says what a row is and what it lacks
    money          integers of 1/10000 yuan, unit prices of 10⁻⁶ yuan, one rounding
    periods        days, months, agreement years
    policies/      dated policy values with their sources (TOML), the policy in force on a day
    queries/       ledger → frames of a stated grain, filtered and scoped in one place
    measures/      frame → frame, pure: attribution, grain, prices, agreements, savings, completion, retention
    ledger         keeps the lowest grain true at every import; rollups its small sums, shaped like the pages
    figures        the front doors: ledger + filters → the frame behind page, command line, sheet and slide
    sharing        the same for yearly budgets shared with the fund, and for its prepayment
    advice         front doors of what if: a settlement with other purchases, volumes, score; ranked switches
    guidance       front doors of the volume guidance for the next agreement year
    summary        the headline figures
    published      the tables that leave the house, with their public names
    columns        label, unit and meaning of every column
    language       Chinese source texts and their translations
"""
