"""The options of `vbp import`, and what they say as the importer takes it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from procurement.language import _

Files = Annotated[list[Path], typer.Argument(help=_("工作簿或文件夹。"))]
Kind = Annotated[str | None, typer.Option(help=_("表种；不写则按内容识别。"))]
Institution = Annotated[str | None, typer.Option(help=_("采购记录未写明机构时的机构编码。"))]
Mode = Annotated[
    str | None,
    typer.Option(
        help=_("replace（覆盖，采购记录的默认方式）、add（追加）或 update（更新，其他表的默认方式）。")
    ),
]
Answers = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help=_("文件没有写明的内容，如 --set execution_date=2022-11-01；可重复。"),
        metavar="NAME=VALUE",
    ),
]
Meanings = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help=_("某一列的含义，如 --map 采购数里=数量；等号后留空表示不用；可重复。"),
        metavar="HEADING=FIELD",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("只检查和预览，不写入。"))]
Version = Annotated[
    int | None, typer.Option("--expect-version", help=_("预览时的数据版本；此后台账有变动则不载入。"))
]
Skip = Annotated[bool, typer.Option("--skip-bad-rows", help=_("跳过有问题的行，载入其余各行。"))]
MarkedFolder = Annotated[
    Path | None, typer.Option("--marked", help=_("把标出问题的工作簿写入该文件夹。"), file_okay=False)
]


def check_words(files: Sequence[Path], kind: str | None, mode: str | None) -> None:
    from etl.headings import KINDS
    from procurement.tables.imports import MODES

    for word, words, text in (
        (kind, KINDS, _("表种只能是：{words}")),
        (mode, MODES, _("导入方式只能是：{words}")),
    ):
        if word and word not in words:
            raise typer.BadParameter(text.format(words=_("、").join(words)))
    for file in files:
        if not file.exists():
            raise typer.BadParameter(_("找不到文件“{file}”。").format(file=file))


def pairs(given: Sequence[str] | None, option: str) -> dict[str, str]:
    """name=value, …; the value may hold an equals sign, the name may not."""
    read = {}
    for text in given or ():
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise typer.BadParameter(
                _("{option} 应写成 名称=内容，现为“{text}”。").format(option=option, text=text)
            )
        read[name.strip()] = value.strip()
    return read
