"""The glossary's last section follows procurement.columns: `make words` rewrites it, a test compares it."""

from pathlib import Path

from procurement.columns import COLUMNS

GLOSSARY = Path(__file__).parent.parent / "GLOSSARY.md"
HEAD = "| 列 | In code | Unit | 含义 |\n|---|---|---|---|\n"


def column_table() -> str:
    return HEAD + "".join(f"| {c.label} | `{name}` | {c.unit} | {c.says} |\n" for name, c in COLUMNS.items())


def main() -> None:
    text = GLOSSARY.read_text(encoding="utf-8")
    GLOSSARY.write_text(text[: text.index(HEAD)] + column_table(), encoding="utf-8")


if __name__ == "__main__":
    main()
