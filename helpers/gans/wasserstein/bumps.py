"""Two equal bumps that part: what KL, Jensen–Shannon and the earth mover's distance say of it, and their slopes.

    at(0.5, "Gaussian")      → Distances(kl=…, js=…, earth=…)
    slopes(0.5, "Gaussian")  → the same for the derivatives by the shift: what a generator would feel

NumPy only. The shift θ moves the second bump to the right; the first stays at 0.
Source: Arjovsky, Chintala and Bottou, 2017, arXiv 1701.07875, example 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from helpers.gans.vanilla import theory
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin

SHAPES = ("hill with edges", "Gaussian")
SPREAD = 0.4  # standard deviation of the Gaussian
EDGES = theory.line(-4, 8, 2400)
MOST = 4.0  # shifts go from 0 to here


class Distances(NamedTuple):
    """kl: KL(real ‖ fake) in nats, may be infinite.   js: in nats, 0 to log 2.   earth: in the unit of the line."""

    kl: float
    js: float
    earth: float


def density(x, shape: str, shift: float = 0.0) -> np.ndarray:
    """The bump's density at x: a hill on [−1, 1] that is 0 outside, or a Gaussian that is 0 nowhere."""
    x = np.asarray(x, dtype=float) - shift
    if shape == "Gaussian":
        return np.exp(-0.5 * (x / SPREAD) ** 2) / (SPREAD * np.sqrt(2 * np.pi))
    return np.where(np.abs(x) < 1, (1 + np.cos(np.pi * np.clip(x, -1, 1))) / 2, 0.0)


def cells(shape: str, shift: float = 0.0) -> np.ndarray:
    """Probabilities of the cells between EDGES; no random number is used."""
    if shape == "Gaussian":
        return theory.normal_cells(EDGES, [shift], [SPREAD])
    if shape != SHAPES[0]:
        raise ValueError(f"There is no bump {shape!r}. There are: {', '.join(SHAPES)}.")
    x = np.clip(EDGES - shift, -1, 1)
    return np.maximum(np.diff((1 + x + np.sin(np.pi * x) / np.pi) / 2), 0.0)  # rounding goes below 0


def at(shift: float, shape: str) -> Distances:
    """The three distances between the bump at 0 and the same bump at `shift`."""
    p, q = cells(shape), cells(shape, shift)
    # in its closed form; with edges, real numbers turn up where the fake's density is 0
    kl = shift**2 / (2 * SPREAD**2) if shape == "Gaussian" else (np.inf if shift else 0.0)
    width = EDGES[1] - EDGES[0]
    # the earth that must cross each edge, times the way to the next one
    earth = float(np.abs(np.cumsum(p - q)).sum() * width)
    return Distances(float(kl), theory.js(p, q), earth)


def slopes(shift: float, shape: str, tiny: float = 0.01) -> Distances:
    """Derivatives of the three by the shift, by differences over `tiny` on each side; NaN where a value is infinite."""
    low, high = max(shift - tiny, 0.0), shift + tiny
    pairs = zip(at(low, shape), at(high, shape), strict=True)
    return Distances(*((b - a) / (high - low) if np.isfinite([a, b]).all() else float("nan") for a, b in pairs))


NAMES = ("KL(real ‖ fake)", "Jensen–Shannon", "earth mover’s distance")
TOPS = (6.0, 0.8, 4.0)  # of the three panels
INKS = {"hill with edges": (COLOURS["vermillion"], "-"), "Gaussian": (COLOURS["blue"], "--")}
SEEN = (-1.6, 5.4)  # the part of the line that is drawn


def parting_figure(shift: float = 1.2, points: int = 41):
    """The two bumps at one shift, and over all shifts the three distances (middle) and their slopes (below)."""
    alt = "Two bumps part: KL is infinite or grows without end, JS stays at log 2, the earth mover's distance is a line"
    figure = new_figure(10, 7.6, alt=alt)
    grid = figure.add_gridspec(3, 3, height_ratios=(0.8, 1, 1))
    x = np.linspace(*SEEN, 400)
    for place, shape in enumerate(SHAPES):
        axes = figure.add_subplot(grid[0, place])
        axes.fill_between(x, density(x, shape), color="0.75", label="real")
        ink, style = INKS[shape]
        axes.plot(x, density(x, shape, shift), color=ink, linestyle=style, label=f"fake, θ = {shift:g}")
        axes.set(title=shape, yticks=[], ylim=(0, 1.5), xlabel="x")
        axes.legend(fontsize=8)
    words = figure.add_subplot(grid[0, 2])
    words.axis("off")
    key = "over θ, the shift:\n\nmiddle: the distance\nbelow: its slope,\nwhat a generator feels"
    words.text(0, 0.5, key, va="center")

    shifts = np.linspace(0, MOST, points)
    curves = {shape: np.array([at(t, shape) for t in shifts]) for shape in SHAPES}
    steepness = {shape: np.array([slopes(t, shape) for t in shifts]) for shape in SHAPES}
    for column, (name, top) in enumerate(zip(NAMES, TOPS, strict=True)):
        value, slope = figure.add_subplot(grid[1, column]), figure.add_subplot(grid[2, column])
        for shape, (ink, style) in INKS.items():
            value.plot(shifts, np.minimum(curves[shape][:, column], 2 * top), color=ink, linestyle=style, label=shape)
            slope.plot(shifts, steepness[shape][:, column], color=ink, linestyle=style)
        value.set(title=name, ylim=(0, top), xticklabels=[])
        slope.set(xlabel="shift θ", ylim=(-0.05, (10, 0.8, 1.25)[column]))
    first = figure.axes[3]
    first.annotate("∞ for every θ > 0", (0.06, 5.6), (1.55, 2.2), color=INKS[SHAPES[0]][0], fontsize=9,
                   arrowprops={"arrowstyle": "->", "color": INKS[SHAPES[0]][0]})  # fmt: skip
    figure.axes[5].axhline(np.log(2), color="0.5", linewidth=1, linestyle=":")
    figure.axes[5].text(2.2, 0.715, "log 2", color="0.35", fontsize=9)
    figure.axes[3].set_ylabel("distance")
    figure.axes[4].set_ylabel("slope")
    return figure


def parting_explorer(shift: float = 1.2) -> None:
    """Pull two bumps apart with a slider, and read the three distances and what a generator would feel of each."""
    text = "Two bumps that a slider pulls apart: KL, Jensen–Shannon and the earth mover's distance with their slopes"
    with_twin(lambda: build_parting_explorer(shift), parting_figure(shift), text)


def reading(shift: float, shape: str) -> str:
    """The three distances and their slopes at this shift, as an HTML table."""
    rows = zip(NAMES, at(shift, shape), slopes(shift, shape), strict=True)
    cells = "".join(
        f"<tr><td>{name}</td><td style='text-align:right'><b>{_number(value)}</b></td>"
        f"<td style='text-align:right'>{_number(slope)}</td></tr>"
        for name, value, slope in rows
    )
    return f"<table><tr><th>of real and fake</th><th>distance</th><th>slope</th></tr>{cells}</table>"


def _number(value: float) -> str:
    if np.isnan(value):
        return "none"
    return "∞" if np.isinf(value) else f"{value:.3f}"


def build_parting_explorer(shift: float):
    import ipywidgets as w

    shape = w.ToggleButtons(options=list(SHAPES), description="bump", style={"description_width": "60px"})
    slider = w.FloatSlider(
        shift, min=0, max=MOST, step=0.05, description="shift θ", readout_format=".2f",
        style={"description_width": "60px"}, layout=w.Layout(width="480px"),
    )  # fmt: skip
    picture, words, errors = w.HTML(), w.HTML(), error_area()
    curves: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    @shows_errors(errors)
    def redraw(_=None) -> None:
        if shape.value not in curves:
            shifts = np.linspace(0, MOST, 41)
            curves[shape.value] = shifts, np.array([at(t, shape.value) for t in shifts])
        picture.value = _svg(slider.value, shape.value, *curves[shape.value])
        words.value = reading(slider.value, shape.value)

    shape.observe(redraw, "value")
    slider.observe(redraw, "value")
    redraw()
    box = w.VBox([shape, slider, picture, words, errors])
    box.shape, box.slider, box.picture, box.words, box.errors = shape, slider, picture, words, errors
    return box


def _svg(shift: float, shape: str, shifts: np.ndarray, curves: np.ndarray, width: int = 620, height: int = 320) -> str:
    """Both bumps above; below the three curves with a dot at the present shift, on white paper."""
    x = np.linspace(*SEEN, 300)
    across, base = (x - SEEN[0]) / (SEEN[1] - SEEN[0]) * width, 140

    def line(values):
        return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, base - 85 * values, strict=True))

    ink = INKS[shape][0]
    parts = [
        f'<polygon points="0,{base} {line(density(x, shape))} {width},{base}" fill="#bbb"/>',
        f'<polyline points="{line(density(x, shape, shift))}" fill="none" stroke="{ink}" stroke-width="2.5"/>',
        f'<line x1="0" x2="{width}" y1="{base}" y2="{base}" stroke="#000"/>',
        '<text x="8" y="16" font-size="12">grey: real · line: fake</text>',
    ]
    now = at(shift, shape)
    for column, (name, top) in enumerate(zip(NAMES, TOPS, strict=True)):
        left, size, foot, room = 12 + column * width / 3, width / 3 - 24, height - 10, 120
        ys = foot - room * np.minimum(curves[:, column] / top, 1.0)
        xs = left + size * shifts / MOST
        way = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(xs, ys, strict=True))
        dot = left + size * shift / MOST, foot - room * min(now[column] / top, 1.0)
        parts.append(
            f'<text x="{left:.0f}" y="{foot - room - 10:.0f}" font-size="12">{name}: {_number(now[column])}</text>'
            f'<path d="M{left:.0f} {foot - room:.0f}V{foot}H{left + size:.0f}" fill="none" stroke="#777"/>'
            f'<polyline points="{way}" fill="none" stroke="{ink}" stroke-width="2"/>'
            f'<circle cx="{dot[0]:.1f}" cy="{dot[1]:.1f}" r="5" fill="#000"/>'
        )
    return (
        f'<svg width="{width}" height="{height}" role="img" style="background:#fff;color:#000" aria-label="Two bumps '
        f'{shift:g} apart, and three curves of their distance over the shift">{"".join(parts)}</svg>'
    )
