"""Pictures of lesson 16: two ways to build a generator, what a style does to maps, who decides what, and the trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import FancyBboxPatch

from helpers.plots.style import COLOURS, new_figure, plain_log_ticks

GREY = "#6b6b6b"


def architecture_figure():
    """The traditional generator beside that of StyleGAN, from the coding below to the image above: a Figure."""
    figure = new_figure(10.2, 5.4, alt="A traditional generator beside a style-based one",
                        layout="none")  # fmt: skip
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 102), ylim=(0, 54))
    axes.set_axis_off()

    def box(x, y, width, text, colour, height=4.2):
        shape = "round,pad=0.1,rounding_size=0.8"
        axes.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=shape, facecolor=colour, edgecolor="none"))
        axes.text(x + width / 2, y + height / 2 - 0.1, text, ha="center", va="center", color="white", size=10)

    def arrow(start, end, colour="#444444"):
        axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.3})

    blue, red, green = COLOURS["blue"], COLOURS["vermillion"], COLOURS["green"]
    axes.text(14.5, 51, "traditional", ha="center", size=13, weight="bold")
    axes.text(64, 51, "style-based", ha="center", size=13, weight="bold")
    rungs = [8, 15, 22, 29, 36, 43]
    names = ["coding z", "dense, 4 × 4", "convolution", "larger, convolution", "convolution", "image"]
    for y, name in zip(rungs, names, strict=True):
        box(5, y, 19, name, red if name == "coding z" else green if name == "image" else GREY)
    for low, high in zip(rungs, rungs[1:], strict=False):
        arrow((14.5, low + 4.2), (14.5, high))
    box(34, 8, 15, "coding z", red)
    box(34, 15, 15, "mapping network\n8 dense layers", GREY, 11.2)
    box(34, 29, 15, "style vector w", red)
    arrow((41.5, 12.2), (41.5, 15))
    arrow((41.5, 26.2), (41.5, 29))
    stack = [(8, "learned constant, 4 × 4", "#222222"), (15, "convolution", GREY), (22, "larger, convolution", GREY),
             (29, "convolution", GREY), (36, "…", GREY), (43, "image", green)]  # fmt: skip
    for y, name, colour in stack:
        box(66, y, 19, name, colour)
    for y in rungs[:-1]:
        arrow((75.5, y + 4.2), (75.5, y + 7))
    for y in rungs[:4]:
        axes.plot([49, 53.5], [31, y + 5.6], color=red, linewidth=1.1, linestyle="-")
        box(53.5, y + 4.3, 7.5, "affine", red, 2.6)
        arrow((61, y + 5.6), (75.2, y + 5.6), red)
        arrow((92.2, y + 5.6), (75.8, y + 5.6), blue)
        box(92.2, y + 4.3, 7.8, "noise", blue, 2.6)
    axes.text(14.5, 3.2, "the coding goes in at the bottom, once", ha="center", size=10)
    axes.text(71, 3.2, "each layer: noise added, then AdaIN with its own style", ha="center", size=10)
    return figure


def maps_figure(rows: Mapping[str, object], top: float | None = None):
    """Feature maps in rows, all on one scale from −top (black) to top (white), each with mean ± deviation above it.

    rows: {"a name": maps (1, h, w, n)}.   top: default the largest value of all.
    """
    rows = {name: np.moveaxis(np.asarray(maps)[0], -1, 0) for name, maps in rows.items()}
    count = max(len(maps) for maps in rows.values())
    top = top or max(float(np.abs(maps).max()) for maps in rows.values())
    figure = new_figure(1.75 * count + 1.7, 1.95 * len(rows), alt=f"Feature maps: {', '.join(rows)}")
    grid = figure.subplots(len(rows), count, squeeze=False)
    for line, (name, maps) in zip(grid, rows.items(), strict=True):
        for axes, one in zip(line, maps, strict=False):
            shown = axes.imshow(one, cmap="gray", vmin=-top, vmax=top, interpolation="nearest")
            # + 0 turns a mean that is rounded to −0 into 0
            axes.set_title(f"{round(float(one.mean()), 1) + 0:.1f} ± {one.std():.1f}", fontsize=10)
            axes.set(xticks=[], yticks=[])
            axes.grid(False)
        line[0].set_ylabel(name, fontsize=10)
    figure.colorbar(shown, ax=grid, shrink=0.6, label="value in the map")
    return figure


def swap_figure(report: Mapping[str, Mapping[str, float]]):
    """How much of each quantity comes from the second image when one level is swapped: bars, a group for each quantity.

    report: as of `stylegan.mixing.swap_report`. NaN leaves a gap.
    """
    names, kinds = list(report), list(next(iter(report.values())))
    figure = new_figure(8.6, 3.9, alt="What comes from the second image, for swaps of three levels")
    axes = figure.add_subplot()
    colours, hatches = (COLOURS["blue"], COLOURS["orange"], COLOURS["vermillion"]), ("", "//", "..")
    for place, level in enumerate(names):
        heights = np.nan_to_num([report[level][kind] for kind in kinds])
        x = np.arange(len(kinds)) + (place - (len(names) - 1) / 2) * 0.27
        look = {"color": colours[place], "hatch": hatches[place], "edgecolor": "white"}
        axes.bar(x, heights, 0.25, label=f"{level} styles", **look)
    axes.set(xticks=range(len(kinds)), xticklabels=kinds, ylabel="share from the second image")
    axes.axhline(0, color="#555555", linewidth=1)
    axes.axhline(1, color="#555555", linewidth=1, linestyle="--")
    axes.legend(title="swapped", loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def trade_figure(psi: Sequence[float], figures: Mapping[str, Sequence[float]]):
    """The Fréchet distance against ψ at the left, precision and recall against ψ at the right.

    figures: {"frechet": …, "precision": …, "recall": …}, a value for each ψ.
    """
    figure = new_figure(9.6, 3.7, alt="Fréchet distance, precision and recall against the truncation ψ")
    left, right = figure.subplots(1, 2)
    left.plot(psi, figures["frechet"], "o-", color=COLOURS["vermillion"], linewidth=2.2)
    left.set(xlabel="ψ", ylabel="Fréchet distance (lower is better)", yscale="log")
    best = int(np.argmin(figures["frechet"]))
    left.annotate(f"{figures['frechet'][best]:.2f} at ψ = {psi[best]:g}", (psi[best], figures["frechet"][best]),
                  xytext=(0, 70), textcoords="offset points", ha="right",
                  arrowprops={"arrowstyle": "-", "color": "0.4"})  # fmt: skip
    plain_log_ticks(left)
    for name, colour, style in (("precision", "blue", "o-"), ("recall", "green", "s--")):
        right.plot(psi, figures[name], style, color=COLOURS[colour], linewidth=2.2, label=name)
    right.set(xlabel="ψ", ylabel="share", ylim=(-0.02, 1.03))
    right.legend()
    return figure
