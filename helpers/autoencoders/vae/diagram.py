"""The drawing of lesson 10: an image's way through a VAE, with both heads of the encoder and the noise."""

from __future__ import annotations

from matplotlib.patches import Circle, FancyArrowPatch, Polygon

from helpers.plots.style import COLOURS, new_figure

GREY, BLUE, RED, GREEN = "#777777", COLOURS["blue"], COLOURS["vermillion"], COLOURS["green"]
TALL, WIDE = 2.6, 0.24  # inches: height of 784 values, width of a bar


def vae_diagram(codings: int = 10, hidden: tuple[int, int] = (200, 100), pixels: int = 784):
    """Encoder, two heads μ and γ, noise ε, the coding z, decoder, and where each part of the loss is taken.

    codings, hidden, pixels: the numbers of values to write above the bars. A bar's height grows with the
    square root of its number. Returns a matplotlib Figure.
    """
    figure = new_figure(
        11, 4.3, layout="none",
        alt=f"A VAE: {pixels} pixels, encoder {hidden[0]} and {hidden[1]}, two heads of {codings}: mean and "
        "log-variance; the coding z = mean + exp(log-variance / 2) times noise; a decoder back to the pixels",
    )  # fmt: skip
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 11), ylim=(-2.35, 1.95))
    axes.set_axis_off()
    half = {n: max(TALL * (n / pixels) ** 0.5, 0.5) / 2 for n in (pixels, *hidden, codings)}
    bars = [  # middle x, middle y, values, colour, name below
        (0.6, 0, pixels, GREY, "image x"), (1.7, 0, hidden[0], BLUE, ""), (2.7, 0, hidden[1], BLUE, ""),
        (4.0, 0.62, codings, RED, ""), (4.0, -0.62, codings, RED, ""), (6.7, 0, codings, RED, ""),
        (8.0, 0, hidden[1], BLUE, ""), (9.0, 0, hidden[0], BLUE, ""),
        (10.3, 0, pixels, GREY, "reconstruction"),
    ]  # fmt: skip
    for first, last in ((0, 1), (1, 2), (2, 3), (2, 4), (5, 6), (6, 7), (7, 8)):
        _funnel(axes, bars[first], bars[last], half)
    for x, y, n, colour, name in bars:
        corners = [(x - WIDE / 2, y - half[n]), (x + WIDE / 2, y - half[n]),
                   (x + WIDE / 2, y + half[n]), (x - WIDE / 2, y + half[n])]  # fmt: skip
        axes.add_patch(Polygon(corners, facecolor=colour, edgecolor="none"))
        axes.text(x, y + half[n] + 0.08, str(n), ha="center", va="bottom", size=11, weight="bold",
                  color=colour)  # fmt: skip
        axes.text(x, -half[pixels] - 0.1, name, ha="center", va="top", size=11, color="#444444")
    axes.text(4.22, 0.62, "mean μ", va="center", size=12, color=RED)
    axes.text(4.22, -0.62, "log-variance γ", va="center", size=12, color=RED)
    _arrow(axes, (5.0, 0.55), (6.5, 0.08), RED)
    _arrow(axes, (5.55, -0.52), (6.5, -0.08), RED)
    axes.add_patch(Circle((5.75, 1.3), 0.2, facecolor="#D5EFE6", edgecolor=GREEN, linewidth=1.6))
    axes.text(5.75, 1.3, "ε", ha="center", va="center", size=13, color=GREEN)
    axes.text(6.05, 1.3, "noise from N(0, I)", va="center", size=11, color=GREEN)
    _arrow(axes, (5.83, 1.1), (6.55, 0.2), GREEN)
    axes.text(6.7, -0.42, "coding\nz = μ + exp(γ/2) ⊙ ε", ha="center", va="top", size=11, color=RED)
    for x, name in ((1.65, "encoder"), (9.15, "decoder")):
        axes.text(x, 1.72, name, ha="center", va="center", size=13, weight="bold")
    _bracket(axes, 3.75, 5.6, "KL to the prior N(0, I)")
    _bracket(axes, 0.45, 10.45, "reconstruction: how likely is x, given z?", down=0.42)
    return figure


def _funnel(axes, first, last, half) -> None:
    (a, low, m, *_), (b, high, n, *_) = first, last
    a, b = a + WIDE / 2, b - WIDE / 2
    corners = [(a, low + half[m]), (b, high + half[n]), (b, high - half[n]), (a, low - half[m])]
    axes.add_patch(Polygon(corners, facecolor="#ECEFF2", edgecolor="none", zorder=0))


def _arrow(axes, start, end, colour) -> None:
    arrow = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13, color=colour, linewidth=1.6)
    axes.add_patch(arrow)


def _bracket(axes, left: float, right: float, text: str, down: float = 0.0) -> None:
    """A part of the loss, under what it is computed from."""
    y = -1.58 - down
    xs, ys = [left, left, right, right], [y + 0.1, y, y, y + 0.1]
    axes.plot(xs, ys, color="#444444", linestyle="-", linewidth=1.3)
    axes.text((left + right) / 2, y - 0.05, text, ha="center", va="top", size=11, color="#222222")
