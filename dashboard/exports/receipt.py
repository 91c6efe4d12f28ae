"""The receipt of an import as a page that prints: what was loaded, when, by whom, under which number."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from dashboard.exports.cells import heading
from dashboard.formats import count_text, word_text, yuan_text
from procurement.columns import COLUMNS
from procurement.language import _, current_language

RIGHT = ("count", "amount")
STYLE = """
body { font: 11pt "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1c2733; margin: 2em; }
h1 { font-size: 16pt; margin: 0 0 .4em; }
p { margin: .2em 0; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; font-size: 9.5pt; }
th, td { border: 1px solid #9aa7b5; padding: .35em .5em; text-align: left; vertical-align: top; }
th { background: #edf1f6; }
.figure { text-align: right; white-space: nowrap; }
.signed { margin-top: 2.5em; display: flex; gap: 6em; }
@page { size: A4 landscape; margin: 14mm; }
@media print { body { margin: 0; } }
"""


def receipt_html(
    rows: pd.DataFrame,
    columns: Sequence[str],
    facts: Sequence[tuple[str, str]],
    notes: Sequence[str] = (),
    title: str = "",
) -> bytes:
    """A page of its own, in the current language; `facts` are labels with their texts."""
    title = title or _("导入回执")
    said = [_("{name}：{text}").format(name=name, text=text) for name, text in facts]
    head = "".join(f"<p>{escape(text)}</p>" for text in said)
    foot = "".join(f"<p>{escape(note)}</p>" for note in notes)
    lines = [
        _("{name}：{text}").format(name=word, text="____________") for word in (_("经办人"), _("复核人"))
    ]
    signed = "".join(f"<span>{escape(line)}</span>" for line in lines)
    body = f"<h1>{escape(title)}</h1>{head}{_table(rows, columns)}{foot}<p class=signed>{signed}</p>"
    language = "zh-CN" if current_language() == "zh" else "en"
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )
    return page.encode()


def _table(rows: pd.DataFrame, columns: Sequence[str]) -> str:
    heads = "".join(f"<th>{escape(heading(column))}</th>" for column in columns)
    lines = "".join(
        f"<tr>{''.join(_cell(value, column) for value, column in zip(values, columns, strict=True))}</tr>"
        for values in rows[list(columns)].itertuples(index=False)
    )
    return f"<table><tr>{heads}</tr>{lines}</table>"


def _cell(value: object, column: str) -> str:
    style = " class=figure" if COLUMNS[column].unit in RIGHT else ""
    return f"<td{style}>{escape(_text(value, column))}</td>"


def _text(value: object, column: str) -> str:
    if value is None or pd.isna(value) or value == "":  # type: ignore[call-overload]
        return ""
    unit = COLUMNS[column].unit
    if column == "import_id":
        return str(value)
    if unit == "amount":
        return yuan_text(value)
    if unit == "count":
        return count_text(value)
    return word_text(value) if unit == "word" else str(value)
