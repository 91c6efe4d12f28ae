"""Workbooks in: each stage hands values to the next, and collects problems instead of raising.

workbook    bytes → sheets, rows numbered as Excel numbers them; formats: one module per format
layout      which kind of workbook, which sheet, which row is the heading; table: its data rows
reading_process  all of the above in a process of its own, within the limits of limits.toml
reading_ahead    the same begun while the rest of the program is still being loaded
cells       one cell → a code, a name, a number, a day (dates, specs, units, hints beside it)
rows        whole columns, each distinct cell read once; problems with their place
sources     per kind: headings (TOML), read, check, load
matching    rows without a code → products (catalogue); likeness, proposals, matches: what a person decides
checks      across rows and against what the ledger knows (register); control_totals: its own sums
checking    a recognised file → checked rows, or the report that ends it
standing    purchase lines: new, changed, unchanged or withdrawn, by mode; journal: images of lists' rows
recording   checked rows → tables, history, preview (differences of lists, effects on each month)
undoing     one import taken back, by what standing and journal kept
marked      their own workbook back, with the problems in it; templates: empty or filled ones
importing   the front door: one file, one transaction, one report
"""
