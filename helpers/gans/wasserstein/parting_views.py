"""Two bumps part, in pictures: the three distances with their slopes, and a slider that pulls the bumps apart."""

from __future__ import annotations

import numpy as np

from helpers.gans.wasserstein import bumps as parting
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin

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
    for place, shape in enumerate(parting.SHAPES):
        axes = figure.add_subplot(grid[0, place])
        axes.fill_between(x, parting.density(x, shape), color="0.75", label="real")
        ink, style = INKS[shape]
        axes.plot(x, parting.density(x, shape, shift), color=ink, linestyle=style, label=f"fake, θ = {shift:g}")
        axes.set(title=shape, yticks=[], ylim=(0, 1.5), xlabel="x")
        axes.legend(fontsize=8)
    words = figure.add_subplot(grid[0, 2])
    words.axis("off")
    key = "over θ, the shift:\n\nmiddle: the distance\nbelow: its slope,\nwhat a generator feels"
    words.text(0, 0.5, key, va="center")

    shifts = np.linspace(0, parting.MOST, points)
    curves = {shape: np.array([parting.at(t, shape) for t in shifts]) for shape in parting.SHAPES}
    slopes = {shape: np.array([parting.slopes(t, shape) for t in shifts]) for shape in parting.SHAPES}
    for column, (name, top) in enumerate(zip(NAMES, TOPS, strict=True)):
        value, slope = figure.add_subplot(grid[1, column]), figure.add_subplot(grid[2, column])
        for shape, (ink, style) in INKS.items():
            value.plot(shifts, np.minimum(curves[shape][:, column], 2 * top), color=ink, linestyle=style, label=shape)
            slope.plot(shifts, slopes[shape][:, column], color=ink, linestyle=style)
        value.set(title=name, ylim=(0, top), xticklabels=[])
        slope.set(xlabel="shift θ", ylim=(-0.05, (10, 0.8, 1.25)[column]))
    first = figure.axes[3]
    first.annotate("∞ for every θ > 0", (0.06, 5.6), (1.55, 2.2), color=INKS[parting.SHAPES[0]][0], fontsize=9,
                   arrowprops={"arrowstyle": "->", "color": INKS[parting.SHAPES[0]][0]})  # fmt: skip
    figure.axes[5].axhline(np.log(2), color="0.5", linewidth=1, linestyle=":")
    figure.axes[5].text(2.2, 0.715, "log 2", color="0.35", fontsize=9)
    figure.axes[3].set_ylabel("distance")
    figure.axes[4].set_ylabel("slope")
    return figure


def parting_explorer(shift: float = 1.2) -> None:
    """Pull two bumps apart with a slider, and read the three distances and what a generator would feel of each."""
    text = "Two bumps that a slider pulls apart: KL, Jensen–Shannon and the earth mover's distance with their slopes"
    with_twin(lambda: _widget(shift), parting_figure(shift), text)


def reading(shift: float, shape: str) -> str:
    """The three distances and their slopes at this shift, as an HTML table."""
    rows = zip(NAMES, parting.at(shift, shape), parting.slopes(shift, shape), strict=True)
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


def _widget(shift: float):
    import ipywidgets as w

    shape = w.ToggleButtons(options=list(parting.SHAPES), description="bump", style={"description_width": "60px"})
    slider = w.FloatSlider(
        shift, min=0, max=parting.MOST, step=0.05, description="shift θ", readout_format=".2f",
        style={"description_width": "60px"}, layout=w.Layout(width="480px"),
    )  # fmt: skip
    picture, words, errors = w.HTML(), w.HTML(), error_area()
    curves: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    @shows_errors(errors)
    def redraw(_=None) -> None:
        if shape.value not in curves:
            shifts = np.linspace(0, parting.MOST, 41)
            curves[shape.value] = shifts, np.array([parting.at(t, shape.value) for t in shifts])
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
        f'<polygon points="0,{base} {line(parting.density(x, shape))} {width},{base}" fill="#bbb"/>',
        f'<polyline points="{line(parting.density(x, shape, shift))}" fill="none" stroke="{ink}" stroke-width="2.5"/>',
        f'<line x1="0" x2="{width}" y1="{base}" y2="{base}" stroke="#000"/>',
        '<text x="8" y="16" font-size="12">grey: real · line: fake</text>',
    ]
    now = parting.at(shift, shape)
    for column, (name, top) in enumerate(zip(NAMES, TOPS, strict=True)):
        left, size, foot, room = 12 + column * width / 3, width / 3 - 24, height - 10, 120
        ys = foot - room * np.minimum(curves[:, column] / top, 1.0)
        xs = left + size * shifts / parting.MOST
        way = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(xs, ys, strict=True))
        dot = left + size * shift / parting.MOST, foot - room * min(now[column] / top, 1.0)
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
