"""The one picture of lesson 11: a step of a GAN in two phases, who is shown what, and who learns."""

from __future__ import annotations

from matplotlib.patches import FancyBboxPatch

from helpers.plots.style import COLOURS, new_figure

LEARNS, STAYS, REAL, FAKE = COLOURS["green"], "#8a8a8a", COLOURS["blue"], COLOURS["vermillion"]


def phases_picture():
    """Both phases of a training step, one above the other. Returns a matplotlib Figure."""
    figure = new_figure(10, 4.9, alt="Phase 1: the discriminator learns from real images labelled 1 and fakes labelled "
                        "0, the generator stays. Phase 2: the generator learns through the discriminator, which stays, "
                        "to have its fakes called real")  # fmt: skip
    top, bottom = figure.subplots(2, 1)
    _phase(top, "Phase 1: the detective learns", learns="D")
    _phase(bottom, "Phase 2: the forger learns", learns="G")
    return figure


def _phase(axes, title: str, learns: str) -> None:
    axes.set(xlim=(0, 10), ylim=(0, 2.7))
    axes.set_title(title, loc="left")
    axes.axis("off")
    first = learns == "D"
    row = 0.8 if first else 1.3
    _box(axes, 0.1, row, 1.3, "random\ncodings z", "#444444")
    _box(axes, 2.2, row, 1.7, "generator G" + ("\nstays" if first else "\nLEARNS"), STAYS if first else LEARNS)
    _box(axes, 4.6, row, 1.2, "fakes", FAKE)
    if first:
        _box(axes, 4.6, 2.1, 1.2, "real\nimages", REAL)
        _arrow(axes, (5.8, 2.1), (6.5, 1.65), REAL)
        _arrow(axes, (5.8, 0.8), (6.5, 1.25), FAKE)
    else:
        _arrow(axes, (5.8, 1.3), (6.5, 1.3), FAKE)
    middle = 1.45 if first else 1.3
    _box(axes, 6.5, middle, 1.7, "discriminator D" + ("\nLEARNS" if first else "\nstays"), LEARNS if first else STAYS)
    _arrow(axes, (1.4, row), (2.2, row), "#444444")
    _arrow(axes, (3.9, row), (4.6, row), FAKE)
    _arrow(axes, (8.2, middle), (8.7, middle), "#444444")
    labels = "labels:\nreal 1, fake 0" if first else "label:\nfake, called 1"
    axes.text(9.3, middle, "loss\n" + labels, ha="center", va="center", fontsize=10)
    end = 7.35 if first else 3.05
    axes.annotate(
        "", (end, middle - 0.45), (9.3, middle - 0.62),
        arrowprops={"arrowstyle": "-|>", "color": LEARNS, "lw": 2, "ls": "--",
                    "connectionstyle": f"arc3,rad={-0.25 if first else -0.16}"},
    )  # fmt: skip
    axes.text((end + 9.3) / 2, 0.28 if first else 0.52, "gradients", color=LEARNS, ha="center", fontsize=10)


def _box(axes, left, middle, width, text, colour) -> None:
    shape = FancyBboxPatch((left + 0.06, middle - 0.34), width - 0.12, 0.68, boxstyle="round,pad=0.06",
                           facecolor=colour, alpha=0.18, edgecolor="none")  # fmt: skip
    axes.add_patch(shape)
    axes.add_patch(FancyBboxPatch((left + 0.06, middle - 0.34), width - 0.12, 0.68, boxstyle="round,pad=0.06",
                                  facecolor="none", edgecolor=colour, linewidth=1.6))  # fmt: skip
    axes.text(left + width / 2, middle, text, ha="center", va="center", fontsize=10)


def _arrow(axes, start, end, colour) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.8})
