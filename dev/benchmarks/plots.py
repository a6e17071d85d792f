"""Draws the plots: reads them as JSON, writes SVG. It runs in the environment that has matplotlib.

Text and lines are of colours that stand out from a light and from a dark page; the background is the page's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot

GREY = "#7f8791"
COLOURS = ("#2f81f7", "#e0702c", "#2da160", "#a371f7")
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gpserverless",
    "font.family": "sans-serif",
    "font.size": 11,
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), GREY),
    **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), "none"),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": GREY,
    "grid.alpha": 0.25,
}


def draw(name: str, plot: dict[str, Any], folder: Path) -> None:
    """Draw one plot: logarithmic to the right, and upwards too where values spread more than tenfold."""
    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    heights = [y for series in plot["series"] for _, y in series["points"]]
    for series, colour in zip(plot["series"], COLOURS, strict=False):
        axes.plot(*zip(*series["points"], strict=True), color=colour, marker="o", label=series["name"])
    if plot["limit"] is not None:
        axes.axhline(plot["limit"], color=GREY, linestyle="--", linewidth=1, label="asked")
    axes.set_xscale("log")
    places = sorted({x for series in plot["series"] for x, _ in series["points"]})
    axes.set_xticks(places, [f"{place:,.0f}" for place in places])
    axes.minorticks_off()
    if max(heights) > 10 * min(heights):
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.10g}"))
    else:
        axes.set_ylim(bottom=0)
    axes.set(title=plot["title"], xlabel=plot["x"], ylabel=plot["y"])
    axes.legend(frameon=False)
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
    pyplot.close(figure)


if __name__ == "__main__":
    with mpl.rc_context(STYLE):
        for name, plot in json.load(sys.stdin).items():
            draw(name, plot, Path(sys.argv[1]))
