"""Pictures for comparing all models of the course (lesson 17), and a widget to choose what is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, NullLocator
from matplotlib.transforms import Bbox

from helpers.plots.style import COLOURS, close, new_figure, png_bytes
from helpers.scoreboard.tables import FIGURES
from helpers.widgets.display import error_area, shows_errors, with_twin

BETTER = {"↓": "lower is better", "↑": "higher is better"}
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))  # where a name may stand: right, up
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


def intervals(
    rows: Mapping[str, tuple[float, float, float]], label: str, references: Mapping | None = None, log: bool = True
) -> Figure:
    """Dots with intervals: {"a name": (mean, low, high)}, the smallest mean on top.

    references: {"a name": value}, dashed lines.   log: a logarithmic axis.
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
    axes.set(xscale="log" if log else "linear", yticks=range(len(order)), yticklabels=order, xlabel=label)
    axes.set_ylim(len(order) - 0.5, -0.5)
    if log:
        _plain_numbers(axes.xaxis)
    if references:
        figure.legend(loc="outside upper center", ncols=len(references))
    return figure


def plane(
    points: Mapping[str, tuple[float, float]], across: str, up: str, front: Sequence[bool] | None = None,
    title: str = "",
) -> Figure:  # fmt: skip
    """Models as points of two measures, each with its name beside it.

    points: {"a name": (across, up)}.   across, up: names of measures.   front: which of them no other one beats; they
    are filled, and a staircase shows what they beat: everything above it and to its right.
    """
    figure = new_figure(9.2, 5.6, alt=title or f"{words(up)} against {words(across)} of {', '.join(points)}")
    axes = figure.add_subplot()
    scales = {f"{side}scale": "log" if name in LOGARITHMIC else "linear" for side, name in (("x", across), ("y", up))}
    axes.set(xlabel=words(across), ylabel=words(up), title=title, **scales)
    chosen = [True] * len(points) if front is None else list(front)
    for (x, y), on in zip(points.values(), chosen, strict=True):
        ink = COLOURS["vermillion" if front is not None and on else "blue"]
        axes.plot(x, y, "o", color=ink, markersize=9, fillstyle="full" if on else "none", zorder=3)
    axes.margins(x=0.18, y=0.1)
    stairs = None
    if front is not None and any(chosen):
        edge = sorted(point for point, on in zip(points.values(), chosen, strict=True) if on)
        axes.autoscale_view()
        right, top = axes.get_xlim()[1], axes.get_ylim()[1]
        x, y = zip(*edge, strict=True)
        stairs = [x[0], *x, right], [top, *y, y[-1]]
        axes.step(*stairs, where="post", color="0.45", linewidth=1.4, zorder=1)
        axes.set(xlim=(None, right), ylim=(None, top))
    for axis, name in ((axes.xaxis, across), (axes.yaxis, up)):
        if name in LOGARITHMIC:
            _plain_numbers(axis)
    _names_beside(axes, points, stairs)
    return figure


def _names_beside(axes, points: Mapping[str, tuple[float, float]], stairs: tuple | None, size: float = 9.5) -> None:
    """Write each name beside its point, where it meets no other name, no point and no stair, if there is such a place.

    stairs: (x, y) of a line that is drawn in steps, first across and then up or down; None for no line.
    """
    axes.figure.draw_without_rendering()  # only now the scales stand
    frame = axes.get_window_extent()
    dots = {name: axes.transData.transform(point) for name, point in points.items()}
    taken = [Bbox.from_bounds(x - 8, y - 8, 16, 16) for x, y in dots.values()]
    if stairs is not None:
        corners = axes.transData.transform(np.transpose(stairs))
        for (x0, y0), (x1, y1) in zip(corners, corners[1:], strict=False):
            taken += [Bbox([[x0, y0 - 2], [x1, y0 + 2]]), Bbox([[x1 - 2, min(y0, y1)], [x1 + 2, max(y0, y1)]])]
    for name in sorted(dots, key=lambda name: -dots[name][1]):
        tries = []
        for far in (9, 20, 34, 50, 70):
            for right, above in SIDES:
                text = axes.annotate(
                    name, points[name], (far * right, far * above), textcoords="offset points", fontsize=size,
                    ha=("right", "center", "left")[right + 1], va=("top", "center", "bottom")[above + 1],
                    arrowprops={"arrowstyle": "-", "color": "0.7", "linewidth": 0.8} if far > 9 else None,
                )  # fmt: skip
                text.set_in_layout(False)  # names do not push the axes aside
                text.get_window_extent()  # puts the text where it belongs
                box = Text.get_window_extent(text)  # and this is the text without the line to its point
                meets = sum(box.overlaps(other) for other in taken)
                outside = not (frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1)
                tries.append((meets + 3 * outside, len(tries), text, box))
        best = min(tries, key=lambda one: one[:2])
        for *_, text, _ in tries:
            if text is not best[2]:
                text.remove()
        taken.append(best[3])


def floor(by_count: Mapping[int, float]) -> Figure:
    """Fréchet distance of real images from other real ones, by the number of images in each set."""
    counts, values = list(by_count), list(by_count.values())
    figure = new_figure(7.6, 3.8, alt="The Fréchet distance of real images from real images falls with their number")
    axes = figure.add_subplot()
    axes.plot(counts, values, "o-", color=COLOURS["blue"], linewidth=2.2, markersize=8)
    for count, value in by_count.items():
        axes.annotate(f"{value:.2g}", (count, value), (6, 8), textcoords="offset points", fontsize=10)
    axes.set(xscale="log", yscale="log", xlabel="images in each set", ylabel="Fréchet distance")
    axes.set_xticks(counts, [f"{count:,}" for count in counts])
    axes.xaxis.set_minor_locator(NullLocator())
    _plain_numbers(axes.yaxis)
    axes.margins(y=0.2)
    return figure


def heat(names: Sequence[str], columns: Sequence[str], values: np.ndarray, title: str, form: str = ".2f") -> Figure:
    """A table as colours with the numbers in it: values (rows, columns), dark for large."""
    values = np.asarray(values, dtype=float)
    width = max(3.2 + 1.25 * len(columns), 0.11 * len(title) + 0.5)
    figure = new_figure(width, 0.5 * len(names) + 1.4, alt=f"{title}: {', '.join(names)}")
    axes = figure.add_subplot()
    axes.imshow(values, cmap="Greys", aspect="auto")
    middle = (values.min() + values.max()) / 2
    for place, number in np.ndenumerate(values):
        axes.text(*place[::-1], format(number, form), ha="center", va="center", color="w" if number > middle else "k")
    axes.set(xticks=range(len(columns)), yticks=range(len(names)))
    figure.suptitle(title)
    axes.set_xticklabels(columns)
    axes.set_yticklabels(names)
    axes.grid(False)
    return figure


def _plain_numbers(axis) -> None:
    """Ticks of a logarithmic axis at 1, 2, 5, 10, 20, …, as plain numbers; more of them on one below a decade."""
    low, high = axis.get_view_interval()
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high > 10 * low else (1, 1.2, 1.5, 2, 3, 4, 5, 6, 8)))
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
