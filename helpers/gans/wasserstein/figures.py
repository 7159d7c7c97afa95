"""Pictures of lesson 14: plans of transport, prices, clipped weights, surfaces of critics, and the robustness board."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.ticker import LogLocator, NullLocator

from helpers.gans.wasserstein.robustness import leaders
from helpers.plots.style import COLOURS, new_figure

REAL, FAKE = COLOURS["blue"], COLOURS["vermillion"]


def plans(panels: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]):
    """Where each fake point is carried: a line from every fake to its partner, a panel for each plan.

    panels: {"a title": (fake (n, 2), real (m, 2), partner of each fake (n,))}. Returns a matplotlib Figure.
    """
    figure = new_figure(4.0 * len(panels), 4.1, alt=f"Lines from fakes to the real points: {', '.join(panels)}")
    row = np.atleast_1d(figure.subplots(1, len(panels)))
    for axes, (title, (fake, real, partner)) in zip(row, panels.items(), strict=True):
        for start, end in zip(fake, np.asarray(real)[partner], strict=True):
            axes.plot(*np.stack([start, end]).T, color="0.6", linewidth=0.7, linestyle="-")
        axes.plot(*np.asarray(real).T, "o", color=REAL, markersize=4, label="real")
        axes.plot(*np.asarray(fake).T, "x", color=FAKE, markersize=5, label="fake")
        axes.set(title=title, aspect="equal", xticks=[], yticks=[])
        axes.grid(False)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def prices(places: np.ndarray, there: np.ndarray, wanted: np.ndarray, price: np.ndarray):
    """Two heaps on a line (bars), and the best prices of earth by place (line), whose slope is never beyond ±1.

    places: (n,).   there, wanted: shares of earth.   price: (n,). Returns a matplotlib Figure.
    """
    figure = new_figure(8.6, 4.2, alt="Two heaps of earth as bars, and above them the price of earth at each place")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1, 1))
    shown = price - price.min()
    above.plot(places, shown, color="black", marker=".", linestyle="-", label="price f")
    above.set(ylabel="price f", aspect="auto")
    width = 0.38 * (places[1] - places[0])
    below.bar(places - width / 2, there, width, color=FAKE, label="q: earth that is there")
    below.bar(places + width / 2, wanted, width, color=REAL, label="p: earth that is wanted")
    below.set(xlabel="place", ylabel="share")
    below.legend(fontsize=9)
    return figure


def weight_histograms(weights: Mapping[str, np.ndarray], bins: int = 41):
    """A histogram for each critic's weights, each on its own scale. weights: {"a name": (n,)}."""
    figure = new_figure(3.0 * len(weights), 2.7, alt=f"Histograms of the weights: {', '.join(weights)}")
    for axes, (name, values) in zip(np.atleast_1d(figure.subplots(1, len(weights))), weights.items(), strict=True):
        axes.hist(values, bins=bins, color=REAL)
        axes.set(title=name, xlabel="weight", yticks=[])
    return figure


def surfaces(panels: Mapping[str, tuple[Callable, np.ndarray]], columns: int = 2, reach: float = 3.0):
    """Levels of what a critic says over the plane, with the real points on it; each panel on its own scale.

    panels: {"a title": (points (n, 2) → scores (n,), real points (m, 2))}. Returns a matplotlib Figure.
    """
    rows = -(-len(panels) // columns)
    figure = new_figure(3.7 * columns, 3.7 * rows, alt=f"Levels of critics over the plane: {', '.join(panels)}")
    line = np.linspace(-reach, reach, 61)
    grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    for axes, (title, (score, real)) in zip(np.ravel(figure.subplots(rows, columns)), panels.items(), strict=True):
        levels = np.asarray(score(grid)).reshape(61, 61)
        axes.contourf(line, line, levels, 14, cmap="gray")
        axes.contour(line, line, levels, 14, colors="#888888", linewidths=0.5, linestyles="-")
        axes.plot(*np.asarray(real).T, ".", color=FAKE, markersize=3)
        axes.set(title=title, aspect="equal", xticks=[], yticks=[], xlim=(-reach, reach), ylim=(-reach, reach))
        axes.grid(False)
    return figure


def segments(panels: Mapping[str, np.ndarray], real: np.ndarray, fake: np.ndarray, reach: float = 3.5):
    """Points that are to lie between pairs of a real and a fake point; those that do not are drawn hollow.

    panels: {"a title": points (n, 2)}.   real, fake: (n, 2).   reach: the plane is drawn from −reach to reach; points
    outside are triangles at the edge. Returns a matplotlib Figure.
    """
    alt = f"Points and the segments they belong to: {', '.join(panels)}"
    figure = new_figure(max(6.4, 5.3 * len(panels)), 5.4, alt=alt)
    row = np.atleast_1d(figure.subplots(1, len(panels)))
    for axes, (title, points) in zip(row, panels.items(), strict=True):
        for start, end in zip(fake, real, strict=True):
            axes.plot(*np.stack([start, end]).T, color="0.75", linewidth=0.8, linestyle="-")
        axes.plot(*real.T, "o", color=REAL, markersize=5, label="real")
        axes.plot(*fake.T, "x", color=FAKE, markersize=6, label="fake")
        inside = shares(points, real, fake)
        inside = (inside >= 0) & (inside <= 1)
        ink = {"color": "black", "markersize": 6, "linestyle": ""}
        axes.plot(*points[inside].T, "o", label="between", **ink)
        within = np.abs(points).max(axis=1) <= reach
        axes.plot(*points[~inside & within].T, "o", mfc="white", label="beyond", **ink)
        for place in points[~inside & ~within]:
            axis = np.abs(place).argmax()  # where it lies farthest outside
            mark = ("<>", "v^")[axis][int(place[axis] > 0)]
            edge = np.clip(place, -0.97 * reach, 0.97 * reach)
            axes.plot(*edge, mark, mfc="white", **ink)
        side = 1.04 * reach  # whole marks at the edge
        axes.set(title=title, xticks=[], yticks=[], xlim=(-side, side), ylim=(-side, side))
        axes.set_aspect("equal", adjustable="box")
        axes.grid(False)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def shares(points, real, fake) -> np.ndarray:
    """How far each point lies on the way from its fake to its real partner: 0 at the fake, 1 at the real one."""
    points, real, fake = (np.asarray(each, dtype=float).reshape(len(each), -1) for each in (points, real, fake))
    way = real - fake
    return np.sum((points - fake) * way, axis=1) / np.sum(way**2, axis=1)


def losses_and_distances(runs: Mapping[str, object], label: str = "Fréchet distance"):
    """Losses over the epochs (above) and the distance of the images (below), a column for each training.

    runs: {"a title": `readable.Run`}. All distances have one scale. Returns a matplotlib Figure.
    """
    figure = new_figure(3.6 * len(runs), 4.6, alt=f"Losses over the epochs, and below the {label}: {', '.join(runs)}")
    above, below = figure.subplots(2, len(runs), squeeze=False)
    inks = (COLOURS["blue"], COLOURS["green"], COLOURS["purple"])
    for column, (title, run) in enumerate(runs.items()):
        top, bottom = above[column], below[column]
        for (words, values), ink in zip(run.losses.items(), inks, strict=False):
            epochs = np.arange(len(values)) + 0.5
            top.plot(epochs, values, color=ink, marker=".")
            high = np.mean(values) >= np.mean([np.mean(other) for other in run.losses.values()])
            place = {"xy": (0.97, 0.96 if high else 0.05), "va": "top" if high else "bottom"}
            top.annotate(words, xycoords="axes fraction", color=ink, fontsize=9.5, ha="right", **place)
        low, up = top.get_ylim()
        top.set_ylim(low - 0.18 * (up - low), up + 0.18 * (up - low))  # room for the words
        top.set(title=title, xticklabels=[], xlim=(0, run.epochs[-1] + 0.4))
        bottom.plot(run.epochs, run.distance, color=FAKE, marker=".")
        bottom.set(xlabel="epoch", yscale="log", xlim=top.get_xlim())
        bottom.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        bottom.yaxis.set_major_formatter("{x:g}")  # 20 instead of 2 × 10¹
        bottom.yaxis.set_minor_locator(NullLocator())
    ends = [axes.get_ylim() for axes in below]
    for axes in below:
        axes.set_ylim(min(low for low, _ in ends), max(up for _, up in ends))
    above[0].set_ylabel("loss")
    below[0].set_ylabel(label)
    return figure


def class_shares(film, names: Sequence[str], top: float = 0.3):
    """Which share of the images is of which class, frame by frame, in grey; `top` and more is black.

    film: a Film with a histogram. Returns a matplotlib Figure.
    """
    shares = film.histogram
    figure = new_figure(9.2, 0.32 * len(names) + 1.1, alt="Shares of the classes among new images, frame by frame")
    axes = figure.add_subplot()
    board = axes.imshow(100 * shares.T, aspect="auto", cmap="Greys", vmin=0, vmax=100 * top, interpolation="nearest")
    axes.set_yticks(range(len(names)), names)
    some = np.unique(np.round(np.linspace(0, len(shares) - 1, 10)).astype(int))
    axes.set_xticks(some, [f"{film.steps[i]:,}" for i in some])
    axes.set_xlabel(f"training {film.unit}s at each frame (the intervals grow)")
    axes.grid(False)
    figure.colorbar(board, ax=axes, extend="max", label="share of the images in %")
    return figure


def board(pictures: np.ndarray, rows: Mapping[tuple[str, str], Mapping], columns: Sequence[str], lines: Sequence[str]):
    """Images of each cell of a table of trainings, with its figures above.

    pictures: (lines · columns, n, 28, 28) in [0, 1], line by line.   rows: {(line, column): {"frechet": …, …}}, as by
    `robustness.summary`. Bold: those of a line that share the lead. Lines in which nothing was trained are left out.
    Returns a matplotlib Figure.
    """
    alt = "Images by each game and each pair of networks"
    order = {line: place for place, line in enumerate(lines)}
    lines = [line for line in lines if any((line, column) in rows for column in columns)] or list(lines)
    figure = new_figure(3.3 * len(columns) + 0.6, 1.95 * len(lines) + 0.3, alt=alt)
    grid = figure.subplots(len(lines), len(columns), squeeze=False)
    for i, line in enumerate(lines):
        here = {column: rows[line, column] for column in columns if (line, column) in rows}
        best = leaders(here) if here else []
        grid[i, 0].set_ylabel(line.replace(" ", "\n", 1), fontsize=10)
        for j, column in enumerate(columns):
            axes, its = grid[i, j], rows.get((line, column))
            axes.set(xticks=[], yticks=[])
            axes.grid(False)
            words = "not trained here"
            if its is not None:
                axes.imshow(_mosaic(pictures[order[line] * len(columns) + j]), cmap="gray", vmin=0, vmax=1)
                words = f"{its['frechet']:.1f} · {10 * its['coverage']:.1f} classes · {its['seconds']:.0f} s"
            weight = "bold" if column in best else "normal"
            axes.set_title((f"{column}\n" if i == 0 else "") + words, fontsize=9.5, fontweight=weight)
    return figure


def _mosaic(images: np.ndarray, columns: int = 5) -> np.ndarray:
    """Images (n, h, w) in rows of `columns`, as one picture."""
    n, height, width = images.shape
    lines = -(-n // columns)
    images = np.concatenate([images, np.zeros((lines * columns - n, height, width), images.dtype)])
    return images.reshape(lines, columns, height, width).swapaxes(1, 2).reshape(lines * height, columns * width)
