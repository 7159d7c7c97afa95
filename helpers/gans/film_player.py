"""Looking at the films of `helpers.gans.film`: a slider over the frames, and which classes are made when.

Each view has a static twin: a strip of frames, or a heat map of all of them.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib import colormaps

from helpers.plots import grids, pixels
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

STRIP = 7  # frames in a strip
COLUMNS = 10  # images in a row
SIDE = 400  # screen pixels of a picture of points
PER_SECOND = 2  # frames, when played


def film_view(film, real=None) -> None:
    """Go through the frames of a film by hand, or play it; the static twin is a strip of seven frames.

    film: a Film of images or of points.   real: points (n, 2) to show behind those of a film of points.
    Raises ValueError for a film without frames, or of another kind.
    """
    frames = film.images
    _refuse_empty(film)
    few = np.unique(np.round(np.linspace(0, len(frames) - 1, STRIP)).astype(int))
    when = [_when(film, i) for i in few]
    text = f"{len(frames)} frames of a training, from {when[0]} to {when[-1]}: the same codings each time"
    if frames.ndim == 3 and frames.shape[2] == 2:
        real = None if real is None else np.asarray(real, dtype=float)
        limits = _limits(frames, real)
        figure = _clouds({word: frames[i] for i, word in zip(few, when, strict=True)}, real, limits, text)
        with_twin(lambda: build_point_player(film, real, limits), figure, text)
        return
    if frames.ndim not in (4, 5):
        raise ValueError(f"film_view shows images (frames, n, 28, 28) or points (frames, n, 2); got {frames.shape}.")
    figure = grids.image_rows({word: frames[i, :COLUMNS] / 255 for i, word in zip(few, when, strict=True)})
    with_twin(lambda: build_image_player(film), figure, text)


def histogram_view(film, class_names: Sequence[str]) -> None:
    """Which share of the generated images is of which class, frame by frame; the static twin shows all frames.

    film: a Film with a histogram.   class_names: the name of each class.
    Raises ValueError for a film without one, or when the number of names differs.
    """
    _refuse_empty(film)
    shares, names = film.histogram, [str(name) for name in class_names]
    if shares is None:
        raise ValueError("This film has no histogram: its images were not classified (judged=0, or points).")
    if shares.shape[1] != len(names):
        raise ValueError(f"The film knows {shares.shape[1]} classes, and there are {len(names)} names.")
    text = (
        f"Shares of {len(names)} classes among generated images in {len(shares)} frames of a training; "
        f"at the end from {100 * shares[-1].min():.0f} % to {100 * shares[-1].max():.0f} %"
    )
    with_twin(lambda: build_histogram_player(film, names), _heat_map(film, names, text), text)


def _refuse_empty(film) -> None:
    if not len(film.steps):
        raise ValueError("This film has no frames yet: give it to fit first, callbacks=[film].")


def _when(film, i: int) -> str:
    return f"{film.unit} {film.steps[i]:,}"


def _player(film, show: Callable[[int], None], *parts):
    """A slider and a Play control over the frames, above `parts`; `show(i)` is called for frame i."""
    import ipywidgets as w

    last = len(film.steps) - 1
    frame = w.IntSlider(last + 1, 1, last + 1, description="frame", layout=w.Layout(width="480px"))
    play = w.Play(value=last + 1, min=1, max=last + 1, interval=1000 // PER_SECOND, tooltip="Play the film")
    w.jslink((play, "value"), (frame, "value"))
    words, errors = w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        i = frame.value - 1
        show(i)
        done = film.steps[i] / max(film.steps[-1], 1)
        words.value = f"<b>{_when(film, i)}</b> of {film.steps[-1]:,}: {100 * done:.0f} % of the training"

    frame.observe(redraw, "value")
    redraw()
    box = w.VBox([w.HTML(CRISP), w.HBox([frame, play]), words, *parts, errors])
    box.frame, box.play, box.words, box.errors = frame, play, words, errors
    return box


def build_image_player(film):
    frames = film.images
    boards = [pixels.mosaic(f / 255, COLUMNS) for f in frames]
    panel = image_panel(boards[0].shape[:2], scale=min(4, 640 / boards[0].shape[1]))
    box = _player(film, lambda i: panel.show(boards[i]), panel)
    box.panel = panel
    return box


# -- points in the plane -----------------------------------------------------------------------------------


def _limits(frames: np.ndarray, real) -> tuple[float, float]:
    """A square (low, high) for both axes that holds the real points, or else most of the last frame's."""
    points = frames[-1] if real is None else real
    low, high = np.percentile(points, 1), np.percentile(points, 99)
    middle, half = (low + high) / 2, 0.75 * max(high - low, 1e-3)
    return float(middle - half), float(middle + half)


def _clouds(clouds: dict, real, limits, alt: str):
    """Small scatter plots side by side."""
    figure = new_figure(1.5 * len(clouds), 1.75, alt=alt)
    for place, (title, points) in enumerate(clouds.items(), 1):
        axes = figure.add_subplot(1, len(clouds), place, xlim=limits, ylim=limits, aspect="equal")
        if real is not None:
            axes.scatter(*real[:1000].T, s=2, color="#BBBBBB", linewidths=0)
        axes.scatter(*points.T, s=3, color=COLOURS["vermillion"], linewidths=0)
        axes.set_title(title, fontsize=9)
        axes.set(xticks=[], yticks=[])
    return figure


def build_point_player(film, real, limits):
    import ipywidgets as w

    frames, panel = film.images, w.HTML()
    ground = "" if real is None else _dots(real[:1000], limits, "#999999", 3)

    def show(i: int) -> None:
        label = html.escape(f"{frames.shape[1]} generated points after {_when(film, i)}", quote=True)
        panel.value = (
            f'<svg width="{SIDE}" height="{SIDE}" role="img" aria-label="{label}">'
            f'<rect width="{SIDE}" height="{SIDE}" fill="none" stroke="#888888"/>'
            f"{ground}{_dots(frames[i], limits, COLOURS['vermillion'], 4)}</svg>"
        )

    box = _player(film, show, panel)
    box.panel = panel
    return box


def _dots(points, limits, colour: str, size: int) -> str:
    """Points as one SVG path of dots; those outside the limits are left out."""
    low, high = limits
    places = SIDE * (np.asarray(points, dtype=float) - low) / (high - low)
    inside = places[((places >= 0) & (places <= SIDE)).all(axis=1)]
    path = "".join(f"M{x:.1f} {SIDE - y:.1f}h0" for x, y in inside)
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{size}" stroke-linecap="round"/>'


# -- shares of classes -------------------------------------------------------------------------------------


def _heat_map(film, names: list[str], alt: str):
    shares = film.histogram
    figure = new_figure(9.2, 0.32 * len(names) + 1.1, alt=alt)
    axes = figure.add_subplot()
    top = min(max(float(shares.max()), 2 / len(names)), 0.5)  # a frame of noise would set the scale for all
    board = axes.imshow(100 * shares.T, aspect="auto", cmap="Greys", vmin=0, vmax=100 * top, interpolation="nearest")
    axes.set_yticks(range(len(names)), names)
    some = np.unique(np.round(np.linspace(0, len(shares) - 1, 10)).astype(int))
    axes.set_xticks(some, [f"{film.steps[i]:,}" for i in some])
    axes.set_xlabel(f"training {film.unit}s at each frame (the intervals grow)")
    axes.grid(False)
    figure.colorbar(board, ax=axes, label="share of the images in %", extend="max" if shares.max() > top else "neither")
    return figure


def build_histogram_player(film, names: list[str]):
    import ipywidgets as w

    shares, bars = film.histogram, w.HTML()
    top = max(float(shares.max()), 2 / len(names))
    box = _player(film, lambda i: setattr(bars, "value", _bars(shares, i, names, top)), bars)
    box.bars = bars
    return box


def _bars(shares: np.ndarray, i: int, names: list[str], top: float) -> str:
    """A bar for each class at frame i, and beside it all frames as a strip with a mark at this one."""
    row, left, wide, strip = 22, 110, 260, 220
    height, step = row * len(names) + 22, strip / len(shares)
    even, start = left + wide / len(names) / top, left + wide + 60
    label = "; ".join(f"{name} {100 * share:.0f} %" for name, share in zip(names, shares[i], strict=True))
    out = [
        f'<svg width="{start + strip + 4}" height="{height}" font-family="sans-serif" font-size="12" '
        f'fill="currentColor" role="img" aria-label="{html.escape(label, quote=True)}">'
    ]
    for c, (name, share) in enumerate(zip(names, shares[i], strict=True)):
        y = row * c
        out.append(f'<text x="{left - 6}" y="{y + 15}" text-anchor="end">{html.escape(name)}</text>')
        out.append(f'<rect x="{left}" y="{y + 3}" width="{wide * share / top:.1f}" height="{row - 6}" fill="#1E88C9"/>')
        out.append(f'<text x="{left + wide + 44}" y="{y + 15}" text-anchor="end">{100 * share:.0f} %</text>')
        for f, value in enumerate(shares[:, c]):
            r, g, b, _ = colormaps["Greys"](min(value / top, 1.0), bytes=True)
            out.append(f'<rect x="{start + f * step:.1f}" y="{y}" width="{step + 0.5:.1f}" height="{row}" '
                       f'fill="rgb({r},{g},{b})"/>')  # fmt: skip
    base = row * len(names)
    out.append(f'<path d="M{even:.1f} 0V{base}" stroke="#888888" stroke-dasharray="3 3"/>')
    out.append(f'<text x="{even:.1f}" y="{base + 15}" text-anchor="middle">even</text>')
    here = start + i * step
    out.append(f'<rect x="{here:.1f}" y="1" width="{step:.1f}" height="{base - 2}" fill="none" stroke="#E0670B" '
               f'stroke-width="2"/><text x="{start}" y="{base + 15}">all frames</text></svg>')  # fmt: skip
    return "".join(out)
