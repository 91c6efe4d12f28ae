"""The subject: volume-based procurement, true without Excel and without Streamlit.

Read in this order:

    tables/        what is kept, by subject; each class says what a row is and what it lacks
    money          integers of 1/10000 yuan, unit prices of 10⁻⁶ yuan, one rounding
    periods        days, months, agreement years
    policies/      dated policy values with sources (TOML), levels and limits, the policy in force on a day
    database       reading, writing, one writer at a time; frames out of it and into it; kept what is shared
    queries/       ledger → frames of a stated grain, filtered and scoped in one place
    measures/      frame → frame, pure: attribution, grain, prices, agreements, savings, completion,
                   retention, assessment, what if, guidance, sharing, prepayment
    ledger         keeps the lowest grain true at every import; rollups its small sums, shaped like the pages
    figures        the front doors: ledger + filters → the frame behind page, command line, sheet and slide
    sharing        the same for yearly budgets shared with the fund, and for its prepayment
    advice         front doors of what if: a settlement with other purchases, volumes, score; ranked switches
    guidance       front doors of the volume guidance for the next agreement year
    assessments    the same for the score that counts and its indicators
    working        everything behind one settlement, down to the rows of the files; frozen keeps it as text
    settling       draft → reviewed → confirmed → paid, and corrections; settled is what is kept of it
    reporting      months: open → submitted → closed, reminders; replies on settlements; shortfalls (reasons)
    peers          a place among unnamed peers; findings: what an institution has to do next
    people/        accounts, sign-ins, roles, scope, the audit trail; scoped: reading as somebody may see it
    known_at/      the ledger as it was known at a moment
    keeping/       backup and restore; checking/: whether a ledger is sound
    migrating      a ledger of an earlier version (ledger_version, migrations/) becomes one of this one
    policy_changes what a province and a city add to the policies, and take back
    summary        the headline figures
    published      the tables that leave the house, with their public names
    columns        label, unit and meaning of every column
    language       Chinese source texts and their translations
"""
