"""Plotly's tool bar: what it offers, in which words, and the name and size of its PNG."""

import re
from typing import Any

from procurement.language import N_, _, current_language

BUTTONS = {
    "Download plot as a PNG": N_("下载为PNG图片"),
    "Download plot": N_("下载图片"),
    "Preparing image - this may take a few seconds": N_("正在生成图片，请稍候"),
    "Image succeeded": N_("图片已生成"),
    "Sorry, there was a problem downloading your snapshot!": N_("图片生成失败"),
    "Snapshot succeeded": N_("图片已生成"),
    "Reset axes": N_("恢复坐标轴"),
    "Double-click to zoom back out": N_("双击恢复"),
    "Double-click on legend to isolate one trace": N_("双击图例只看该系列"),
    "Click on legend to toggle": N_("单击图例可隐藏或显示"),
    "Zoom": N_("框选放大"),
    "Zoom in": N_("放大"),
    "Zoom out": N_("缩小"),
    "Pan": N_("平移"),
}
"""Plotly's own words that our tool bar can show."""

LOCALE = "zh-CN"
REMOVED = ["lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "zoom2d", "pan2d"]
SCALE = 2
"""Pixels of the PNG per pixel on the screen: sharp in a printed report."""


def toolbar(file_name: str) -> dict[str, Any]:
    """Plotly's configuration of one chart; `file_name` (without ending) is what its PNG is saved as."""
    config: dict[str, Any] = {
        "displaylogo": False,
        "modeBarButtonsToRemove": REMOVED,
        "toImageButtonOptions": {"format": "png", "filename": _safe(file_name), "scale": SCALE},
    }
    if current_language() == "zh":
        words = {"dictionary": {english: _(words) for english, words in BUTTONS.items()}}
        config |= {"locale": LOCALE, "locales": {LOCALE: words}}
    return config


def _safe(file_name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "_", file_name).strip("_")
