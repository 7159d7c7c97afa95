"""Pictures of label curves: accuracy against labels, differences draw by draw, and a widget to compare two methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.metrics.statistics import interval, paired_interval
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin

STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
PALETTE = [colour for name, colour in COLOURS.items() if name != "yellow"]


def label_curves(counts: Sequence[int], panels: Mapping[str, Mapping[str, np.ndarray]]):
    """Mean accuracy of each method over the numbers of labels, with 95 % intervals, its name at its end. A Figure.

    counts: numbers of labels.   panels: {title: {method: (counts, draws)}}, side by side on one scale of accuracy.
    """
    names = ", ".join(name for methods in panels.values() for name in methods)
    figure = new_figure(max(7.4, 5.6 * len(panels)), 4.8, alt=f"accuracy over the number of labels for {names}")
    places = np.arange(len(counts))
    for axes, (title, methods) in zip(_panels(figure, len(panels)), panels.items(), strict=True):
        for k, values in enumerate(methods.values()):
            ends = np.array([interval(row) for row in np.asarray(values, dtype=float)])
            shift = 0.36 / len(methods) * (k - (len(methods) - 1) / 2)  # so that equal methods are seen side by side
            look = {"color": PALETTE[k % 7], "linestyle": STYLES[k % 7], "marker": MARKERS[k % 7], "markersize": 6}
            axes.errorbar(places + shift, ends[:, 0], ends[:, 2] - ends[:, 0], capsize=3, linewidth=1.8, **look)
        axes.set_xticks(places, [f"{n:,}" for n in counts])
        axes.set(xlabel="labels", title=title, xlim=(-0.3, len(counts) + 0.9))
    figure.axes[0].set_ylabel("test accuracy")
    low, high = figure.axes[0].get_ylim()
    for axes, methods in zip(figure.axes, panels.values(), strict=True):
        heights = [float(np.mean(values[-1])) for values in methods.values()]
        texts = _apart(heights, 0.045 * (high - low))
        for k, (name, y, height) in enumerate(zip(methods, texts, heights, strict=True)):
            axes.annotate(name, (len(counts) - 0.9, height), (len(counts) - 0.7, y), color=PALETTE[k % 7], va="center",
                          fontsize=9, arrowprops={"arrowstyle": "-", "color": "0.75", "linewidth": 0.8})  # fmt: skip
    return figure


def _panels(figure, columns: int):
    return figure.subplots(1, columns, sharey=True, squeeze=False)[0]


def _apart(heights: Sequence[float], gap: float) -> list[float]:
    """The heights, moved as little as needed so that neighbours are at least `gap` apart; in the same order."""
    order = np.argsort(heights)
    moved = np.array(heights, dtype=float)
    for _ in range(100):
        for low, high in zip(order[:-1], order[1:], strict=True):
            short = gap - (moved[high] - moved[low])
            if short > 1e-9:
                moved[low], moved[high] = moved[low] - short / 2, moved[high] + short / 2
    return moved.tolist()


def differences(counts: Sequence[int], ours: np.ndarray, others: Mapping[str, np.ndarray], name: str = "ours"):
    """Accuracy of `ours` less that of each other method: a dot for each draw, the 95 % paired interval. A Figure.

    counts: numbers of labels.   ours: (counts, draws).   others: {method: (counts, draws)}, of the same draws.
    """
    columns = len(others)
    figure = new_figure(4.0 * columns, 3.9, alt=f"{name} less {', '.join(others)}, draw by draw, over the labels")
    panels = _panels(figure, columns)
    for k, (axes, (method, values)) in enumerate(zip(panels, others.items(), strict=True)):
        gaps = 100 * (np.asarray(ours, dtype=float) - np.asarray(values, dtype=float))
        axes.axhline(0, color="#555555", linewidth=1.2)
        for place, row in enumerate(gaps):
            mean, low, high = paired_interval(row, np.zeros(len(row)))
            sure = low > 0 or high < 0
            axes.plot(np.full(len(row), place - 0.16), row, ".", color="0.55", markersize=6)
            axes.errorbar([place + 0.08], [mean], yerr=[[mean - low], [high - mean]], color=PALETTE[k % 7], capsize=5,
                          marker="o", markersize=8, mfc=PALETTE[k % 7] if sure else "white", linewidth=2)  # fmt: skip
        axes.set_xticks(range(len(counts)), [f"{n:,}" for n in counts])
        axes.set(xlabel="labels", title=f"against {method}", xlim=(-0.6, len(counts) - 0.4))
    panels[0].set_ylabel("difference, percentage points")
    figure.suptitle(name)
    return figure


def pairs(ours: np.ndarray, other: np.ndarray, names: tuple[str, str], part: str = "test"):
    """Two methods on the same draws, a line for each draw, and beside it the interval of the difference. A Figure.

    ours, other: (draws,) accuracies.   part: of which images, a word for the axis.
    """
    ours, other = np.asarray(ours, dtype=float), np.asarray(other, dtype=float)
    figure = new_figure(8.2, 3.7, alt=f"{names[0]} and {names[1]} on the same {len(ours)} draws, and the difference")
    left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
    for a, b in zip(other, ours, strict=True):
        left.plot([0, 1], [a, b], "-o", color=PALETTE[0], linewidth=1.3, markersize=6)
    for place, values in ((-0.18, other), (1.18, ours)):
        mean, low, high = interval(values)
        left.errorbar([place], [mean], yerr=[[mean - low], [high - mean]], color="#555555", capsize=5, marker="s")
    left.set_xticks([0, 1], [names[1], names[0]])
    left.set(ylabel=f"{part} accuracy", title="each on its own", xlim=(-0.45, 1.45))
    mean, low, high = paired_interval(ours, other)
    right.axhline(0, color="#555555", linewidth=1.2)
    right.plot(np.full(len(ours), -0.1), 100 * (ours - other), ".", color="0.55", markersize=8)
    right.errorbar([0.1], [100 * mean], yerr=[[100 * (mean - low)], [100 * (high - mean)]], color=PALETTE[1], capsize=6,
                   marker="o", markersize=9, linewidth=2.2)  # fmt: skip
    right.set(xlim=(-0.5, 0.5), xticks=[], ylabel="percentage points", title="difference by draw")
    return figure


def label_explorer(counts: Sequence[int], accuracies: Mapping[str, np.ndarray], ours: str, other: str) -> None:
    """Choose two methods and a number of labels: see their draws as pairs, and the interval of the difference.

    counts: numbers of labels.   accuracies: {method: (counts, draws)}.   ours, other: the pair to begin with.
    Raises ValueError when a method is not there or an array does not fit the counts.
    """
    table = {name: np.asarray(values, dtype=float) for name, values in accuracies.items()}
    for name in (ours, other):
        if name not in table:
            raise ValueError(f"There is no method {name!r}; there are {', '.join(table)}.")
    if any(values.ndim != 2 or len(values) != len(counts) for values in table.values()):
        raise ValueError(f"Each method needs an array ({len(counts)}, draws): one row for each number of labels.")
    middle = len(counts) // 2
    figure = pairs(table[ours][middle], table[other][middle], (ours, other))
    figure.suptitle(f"{counts[middle]:,} labels")
    text = f"{ours} and {other} with {counts[middle]:,} labels, draw by draw, and the interval of their difference"
    with_twin(lambda: build_label_explorer(list(counts), table, ours, other), figure, text)


def build_label_explorer(counts, table, ours, other):
    import ipywidgets as w

    names = list(table)
    look = {"layout": w.Layout(width="360px"), "style": {"description_width": "70px"}}
    first = w.Dropdown(options=names, value=ours, description="method", **look)
    second = w.Dropdown(options=names, value=other, description="less", **look)
    labels = w.SelectionSlider(options=[(f"{n:,}", i) for i, n in enumerate(counts)], value=len(counts) // 2,
                               description="labels", layout=w.Layout(width="420px"))  # fmt: skip
    drawing, words, errors = w.HTML(), w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        a, b = table[first.value][labels.value], table[second.value][labels.value]
        drawing.value = _svg(a, b, (first.value, second.value))
        mean, low, high = (100 * value for value in paired_interval(a, b))
        verdict = "better" if low > 0 else "worse" if high < 0 else "not to be told apart"
        words.value = (
            f"<b>{first.value}</b> less <b>{second.value}</b>: {mean:+.1f} percentage points, 95 % interval "
            f"{low:+.1f} to {high:+.1f}: {verdict}"
        )

    for control in (first, second, labels):
        control.observe(redraw, "value")
    redraw()
    box = w.VBox([labels, first, second, words, drawing, errors])
    box.labels, box.first, box.second = labels, first, second
    box.words, box.drawing, box.errors = words, drawing, errors
    return box


def _svg(a: np.ndarray, b: np.ndarray, names: tuple[str, str]) -> str:
    """The draws of two methods as rows of dots on one axis of accuracy, the dots of a draw joined by a line."""
    width, left, right = 560, 150, 20
    low, high = min(a.min(), b.min()) - 0.01, max(a.max(), b.max()) + 0.01

    def at(value: float) -> float:
        return left + (value - low) / (high - low) * (width - left - right)

    out = [f'<svg width="{width}" height="150" font-family="sans-serif" font-size="12" fill="currentColor" role="img" '
           f'aria-label="accuracies of {names[0]} and {names[1]}, draw by draw">']  # fmt: skip
    for y, name in ((35, names[0]), (95, names[1])):
        out.append(f'<path d="M{left} {y}H{width - right}" stroke="#888888" stroke-opacity="0.35"/>'
                   f'<text x="{left - 10}" y="{y + 4}" text-anchor="end">{name}</text>')  # fmt: skip
    for x, z in zip(a, b, strict=True):
        out.append(f'<path d="M{at(x):.1f} 35L{at(z):.1f} 95" stroke="#888888" stroke-opacity="0.7"/>'
                   f'<circle cx="{at(x):.1f}" cy="35" r="5" fill="{PALETTE[0]}"/>'
                   f'<circle cx="{at(z):.1f}" cy="95" r="5" fill="{PALETTE[1]}"/>')  # fmt: skip
    for value in np.linspace(low + 0.01, high - 0.01, 3):
        out.append(f'<text x="{at(value):.1f}" y="130" text-anchor="middle">{value:.3f}</text>')
    return "".join([*out, "</svg>"])
