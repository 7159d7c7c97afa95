"""Pictures for comparing all models of the course (lesson 17), and a widget to choose what is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from helpers.plots.style import COLOURS, close, new_figure, png_bytes
from helpers.scoreboard.tables import FIGURES
from helpers.widgets.display import error_area, shows_errors, with_twin

BETTER = {"↓": "lower is better", "↑": "higher is better"}
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
INKS = tuple(ink for name, ink in COLOURS.items() if name != "yellow")
RATIO = "error / error of PCA"
LOGARITHMIC = ("seconds", "parameters", "images_seen", "frechet", RATIO)


def words(measure: str) -> str:
    """A measure as the label of an axis: "Fréchet distance (lower is better)"."""
    own = {"seconds": ("seconds of training", "↓"), "images_seen": ("training images shown", "↓")}
    title, better, *_ = (*own[measure], "") if measure in own else FIGURES.get(measure, (measure.replace("_", " "), ""))
    return f"{title.lstrip('… ')} ({BETTER[better]})" if better in BETTER else title


def ratios(models: Sequence[Mapping]) -> Figure:
    """Errors as shares of PCA's with as many codings: one bar for each model, and a line at 1.

    models: as of `comparison.measures.autoencoders`.
    """
    best = f"the lowest is {models[0]['title']} with {models[0]['ratio']:.2f}" if models else "there are none"
    figure = new_figure(9.6, 0.34 * max(1, len(models)) + 1.0, alt=f"Errors as shares of PCA's; {best}")
    axes = figure.add_subplot()
    for place, model in enumerate(models):
        ink = COLOURS["blue" if model["ratio"] < 1 else "vermillion"]
        axes.plot([1, model["ratio"]], [place, place], "-", color=ink, linewidth=2.4)
        axes.plot(model["ratio"], place, "o", color=ink, markersize=8)
        left = model["ratio"] < 1
        axes.annotate(f"{model['ratio']:.2f}", (model["ratio"], place), (-8 if left else 8, 0), va="center",
                      ha="right" if left else "left", textcoords="offset points", fontsize=10)  # fmt: skip
    names = [f"{model['title']} ({model['codings']})" for model in models]
    axes.axvline(1, color="0.2", linestyle="--", linewidth=1.4)
    axes.set(xscale="log", yticks=range(len(models)), yticklabels=names, xlabel=f"{RATIO} with as many codings")
    axes.margins(x=0.12)
    _plain_numbers(axes.xaxis)
    axes.invert_yaxis()
    axes.grid(False, axis="y")
    return figure


def intervals(rows: Mapping[str, tuple[float, float, float]], label: str, references: Mapping | None = None) -> Figure:
    """Dots with intervals on a logarithmic axis: {"a name": (mean, low, high)}, the smallest mean on top.

    references: {"a name": value}, dashed lines.
    """
    order = sorted(rows, key=lambda name: rows[name][0])
    figure = new_figure(9.2, 0.42 * max(1, len(rows)) + 1.3, alt=f"{label} of {', '.join(order)}, with intervals")
    axes = figure.add_subplot()
    for place, name in enumerate(order):
        mean, low, high = rows[name]
        axes.plot([max(low, 1e-3), high], [place, place], "-", color=COLOURS["blue"], linewidth=2.4)
        axes.plot(mean, place, "o", color=COLOURS["blue"], markersize=8)
    for ink, style, (name, value) in zip(INKS[1:], ("--", "-.", ":"), (references or {}).items(), strict=False):
        axes.axvline(value, color=ink, linestyle=style, label=f"{name} ({value:.3g})")
    axes.set(xscale="log", yticks=range(len(order)), yticklabels=order, xlabel=label)
    axes.set_ylim(len(order) - 0.5, -0.5)
    _plain_numbers(axes.xaxis)
    if references:
        figure.legend(loc="outside upper center", ncols=len(references))
    return figure


def plane(
    points: Mapping[str, tuple[float, float]], across: str, up: str, front: Sequence[bool] | None = None,
    title: str = "",
) -> Figure:  # fmt: skip
    """Models as points of two measures, each with a mark of its own.

    points: {"a name": (across, up)}.   across, up: names of measures.   front: which of them no other one beats; they
    are joined by a line.
    """
    figure = new_figure(9.2, 4.8, alt=title or f"{words(up)} against {words(across)} of {', '.join(points)}")
    axes = figure.add_subplot()
    for place, (name, (x, y)) in enumerate(points.items()):
        axes.plot(x, y, MARKS[place % len(MARKS)], color=INKS[place % len(INKS)], markersize=11, label=name, zorder=3)
    if front is not None:
        edge = sorted(point for point, chosen in zip(points.values(), front, strict=True) if chosen)
        axes.plot(*zip(*edge, strict=True), color="0.5", linewidth=1.4, linestyle="--", zorder=1, label="the front")
    scales = {f"{side}scale": "log" if name in LOGARITHMIC else "linear" for side, name in (("x", across), ("y", up))}
    axes.set(xlabel=words(across), ylabel=words(up), title=title, **scales)
    for axis, name in ((axes.xaxis, across), (axes.yaxis, up)):
        if name in LOGARITHMIC:
            _plain_numbers(axis)
    figure.legend(loc="outside right upper", fontsize=10)
    return figure


def heat(names: Sequence[str], columns: Sequence[str], values: np.ndarray, title: str, form: str = ".2f") -> Figure:
    """A table as colours with the numbers in it: values (rows, columns), dark for large."""
    values = np.asarray(values, dtype=float)
    width = max(3.2 + 1.25 * len(columns), 0.11 * len(title) + 0.5)
    figure = new_figure(width, 0.5 * len(names) + 1.4, alt=f"{title}: {', '.join(names)}")
    axes = figure.add_subplot()
    axes.imshow(values, cmap="cividis", aspect="auto")
    middle = (values.min() + values.max()) / 2
    for place, number in np.ndenumerate(values):
        axes.text(*place[::-1], format(number, form), ha="center", va="center", color="w" if number < middle else "k")
    axes.set(xticks=range(len(columns)), yticks=range(len(names)))
    figure.suptitle(title)
    axes.set_xticklabels(columns)
    axes.set_yticklabels(names)
    axes.grid(False)
    return figure


def _plain_numbers(axis) -> None:
    """Ticks of a logarithmic axis at 1, 2, 5, 10, 20, …, as plain numbers."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(lambda value, place: f"{value:,.6g}")
    axis.set_minor_locator(NullLocator())


def explorer(table: Mapping[str, Mapping[str, float]], across: str, up: str) -> None:
    """Choose two measures; see all models that have both.

    table: {"a model": {"a measure": value}}.   across, up: the measures at the beginning.
    """

    def picture(x: str, y: str) -> Figure:
        return plane({name: (row[x], row[y]) for name, row in table.items() if x in row and y in row}, x, y)

    with_twin(lambda: build_explorer(table, picture, across, up), picture(across, up))


def build_explorer(table, picture, across, up):
    import ipywidgets as w

    names = list(dict.fromkeys(name for row in table.values() for name in row))
    options = [(words(name), name) for name in names]
    look = {"layout": w.Layout(width="420px"), "style": {"description_width": "60px"}}
    x = w.Dropdown(options=options, value=across, description="across", **look)
    y = w.Dropdown(options=options, value=up, description="up", **look)
    image, errors = w.Image(format="png"), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        figure = picture(x.value, y.value)
        image.value = png_bytes(figure)
        close(figure)

    x.observe(redraw, "value")
    y.observe(redraw, "value")
    redraw()
    box = w.VBox([x, y, image, errors])
    box.across, box.up, box.image, box.errors = x, y, image, errors
    return box
