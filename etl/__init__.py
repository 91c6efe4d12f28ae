"""Workbooks in: each stage hands values to the next, and collects problems instead of raising.

sheets      bytes → sheets, rows numbered as Excel numbers them (formats: one module each) → which kind, which
            row is the heading (headings) → the columns of the tables
reading     all of that in a process of its own, within limits.toml, begun while the rest is being loaded
values      one cell → a code, a name, a number, a day, a unit, a spec
rows        whole columns, each distinct cell read once; problems with their place
sources     per kind: headings (TOML), read, check, load; answers: what a file lacks and a person says
matching    rows without a code → products; what is only near a person decides
checks      across rows and against what the ledger knows (register); control_totals: the file's own sums
checking    a recognised file → checked rows, or the report that ends it
recording   checked rows → tables, by mode, with history, images of what they change, and a preview
undoing     one import taken back
marked      their own workbook back, with the problems in it; templates: empty or filled ones
importing   the front door: one file, one transaction, one report
"""
