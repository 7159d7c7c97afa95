"""Pictures of the small GANs of `ensembles`: their points over time, and their figures side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill

import numpy as np

from helpers.data import points
from helpers.gans.stability.ensembles import Run
from helpers.metrics.statistics import interval
from helpers.plots.style import COLOURS, new_figure

WINDOW = 3.0  # the plane is drawn from −WINDOW to WINDOW
INKS = ("blue", "vermillion", "green", "purple", "black")
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)))


def points_over_time(runs: Mapping[str, tuple[Run, int]], columns: int = 6):
    """A row of small scatter plots for each run: what the generator makes, at up to `columns` times.

    runs: {"a name": (run, which member)}. The crosses are the eight centres. Returns a matplotlib Figure.
    """
    columns = min([columns, *(len(run.steps) for run, _ in runs.values())])
    names = ", ".join(runs)
    figure = new_figure(1.45 * columns + 1.2, 1.5 * len(runs), alt=f"Generated points at {columns} times: {names}")
    axes = figure.subplots(len(runs), columns, squeeze=False, sharex=True, sharey=True)
    for place_of_row, (row, (name, (run, member))) in enumerate(zip(axes, runs.items(), strict=True)):
        row[0].set_ylabel(fill(name, 14), fontsize=9, rotation=0, ha="right", va="center")
        for ax, place in zip(row, np.linspace(0, len(run.steps) - 1, columns).round().astype(int), strict=True):
            ax.plot(*points.ring_centres().T, "+", color="0.6", markersize=6)
            ax.plot(*run.points[place, member, :500].T, ".", color=COLOURS["blue"], markersize=2)
            ax.set(xlim=(-WINDOW, WINDOW), ylim=(-WINDOW, WINDOW), aspect="equal", xticks=[], yticks=[])
            ax.grid(False)
            if place_of_row == 0:
                ax.set_title(f"step {run.steps[place]:,}", fontsize=9)
    return figure


def loss_curves(runs: Mapping[str, tuple[Run, int]], upto: int | None = None):
    """The losses of both players and what the discriminator recognises, one column for each run.

    runs: {"a name": (run, which member)}. upto: how many frames are drawn. Returns a matplotlib Figure.
    """
    figure = new_figure(2.4 * len(runs) + 2.0, 4.4, alt=f"Losses and recognition over the steps: {', '.join(runs)}")
    axes = figure.subplots(2, len(runs), squeeze=False, sharex=True, sharey="row")
    for (top, bottom), (name, (run, member)) in zip(axes.T, runs.items(), strict=True):
        curves = {key: values[1:upto, member] for key, values in run.curves.items()}
        losses = {"d_loss": "discriminator", "g_loss": "generator"}
        shares = {"real_accuracy": "real points", "fake_accuracy": "fakes"}
        for ax, names in ((top, losses), (bottom, shares)):
            for (key, label), ink, style in zip(names.items(), INKS, STYLES, strict=False):
                values = np.minimum(curves[key], 12)
                ax.plot(run.steps[1:upto], values, color=COLOURS[ink], linestyle=style, label=label)
        top.axhline(np.log(4), color="0.4", linewidth=1, linestyle=":", label="log 4: guessing")
        top.set(title=name, yscale="symlog", ylim=(0, 13), yticks=[0, 0.5, 1, 2, 4, 8])
        top.set_yticklabels(["0", ".5", "1", "2", "4", "8"])
        bottom.set(xlabel="step", ylim=(-0.03, 1.03))
    axes[0, 0].set_ylabel("loss (nats)")
    axes[1, 0].set_ylabel("share recognised")
    for ax in axes[:, -1]:  # beside the panel, where no curve runs
        ax.legend(fontsize=9, loc="center left", bbox_to_anchor=(1.03, 0.5), frameon=False)
    return figure


def shares_over_time(runs: Mapping[str, tuple[Run, int]]):
    """A heat map for each run: which share of the points each of the eight modes gets, frame by frame.

    White: none; an even share of an eighth is a middle grey; 25 % and more: black.
    """
    figure = new_figure(2.4 * len(runs) + 1.4, 2.4, alt=f"Share of each mode over the steps: {', '.join(runs)}")
    axes = figure.subplots(1, len(runs), squeeze=False, sharey=True)[0]
    for ax, (name, (run, member)) in zip(axes, runs.items(), strict=True):
        edges = np.append(run.steps, 2 * run.steps[-1] - run.steps[-2])
        board = ax.pcolormesh(edges, np.arange(9) + 0.5, 100 * run.shares[:, member].T, cmap="Greys", vmin=0, vmax=25)
        ax.set(title=name, xlabel="step", yticks=range(1, 9))
        ax.spines[:].set_visible(True)  # an empty panel is white: it needs its frame
        ax.grid(False)
    axes[0].set_ylabel("mode")
    figure.colorbar(board, ax=axes, label="share in %")
    return figure


def rate_map(rates: Sequence[float], modes: np.ndarray, good: np.ndarray):
    """Outcomes of a grid of learning rates, generator down, discriminator across: colour and text say what came out.

    modes, good: (rates, rates), row i for generator rate i. Returns a matplotlib Figure.
    """
    figure = new_figure(1.25 * len(rates) + 2.2, 0.85 * len(rates) + 1.3, alt="Modes covered for each pair of rates")
    axes = figure.add_subplot()
    board = axes.imshow(modes, cmap="Greys", vmin=0, vmax=8)
    axes.spines[:].set_visible(True)
    for i in range(len(rates)):
        for j in range(len(rates)):
            ink = "white" if modes[i, j] > 4 else "black"
            words = f"{modes[i, j]} of 8\n{good[i, j]:.0%} good"
            axes.text(j, i, words, ha="center", va="center", color=ink, fontsize=9)
    names = [f"{rate:g}" for rate in rates]
    axes.set_xticks(range(len(rates)), names)
    axes.set_yticks(range(len(rates)), names)
    axes.set(xlabel="learning rate of the discriminator", ylabel="learning rate of the generator")
    axes.grid(False)
    figure.colorbar(board, ax=axes, label="modes covered")
    return figure


def contest(rows: Mapping[str, tuple[Sequence[float], Sequence[float]]]):
    """Two figures of several contestants over seeds: a dot for each seed, and the mean with its 95 % interval.

    rows: {"a name": (modes covered, shares of good points)}, one number for each seed. Returns a matplotlib Figure.
    """
    figure = new_figure(9.4, 0.42 * len(rows) + 1.2, alt=f"Modes covered and good points by seed: {', '.join(rows)}")
    left, right = figure.subplots(1, 2, sharey=True)
    for ax, part, limit, title in ((left, 0, 8, "modes covered, of 8"), (right, 1, 1, "share of good points")):
        for place, values in enumerate(rows.values()):
            seeds = np.asarray(values[part], dtype=float)
            ax.plot(seeds, np.full(len(seeds), place), "o", color=COLOURS["orange"], markersize=7, alpha=0.8)
            if len(seeds) > 1:
                mean, _, high = interval(seeds)
                half = high - mean
                low, high = np.clip([mean - half, mean + half], 0, limit)
                ax.plot([low, high], [place, place], color=COLOURS["blue"], linewidth=2, linestyle="-")
                ax.plot(mean, place, "|", color=COLOURS["blue"], markersize=14, markeredgewidth=3)
        ax.set(xlim=(-0.03 * limit, 1.03 * limit), xlabel=title, ylim=(len(rows) - 0.5, -0.5))
    left.set_yticks(range(len(rows)), list(rows))
    return figure
