"""Pictures of tied weights: which layers share a kernel, kernels on their way to orthogonality, two rulers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from helpers.plots import pixels
from helpers.plots.style import COLOURS, new_figure
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

TOP = 1.5  # the entry of a matrix that has full colour
MOMENTS = 6  # columns of the static picture


def tied_pairs(sizes: Sequence[int], *, title: str = ""):
    """An hourglass whose kernels have a colour for each tied pair; returns a matplotlib Figure.

    sizes: from the image to the codings, such as [784, 100, 30].
    """
    there = list(sizes)
    stages = there + there[-2::-1]
    pairs = len(there) - 1
    inks = [COLOURS["blue"], COLOURS["orange"], COLOURS["green"], COLOURS["purple"], COLOURS["sky"]]
    step, tall = 1.75, 2.4
    alt = f"Tied pairs of kernels, layer sizes {stages}"
    figure = new_figure(step * len(stages), tall + 2.05, alt=alt, layout="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-step / 2, step * (len(stages) - 0.5)), ylim=(-tall / 2 - 0.6, tall / 2 + 1.45))
    axes.axis("off")
    half = [tall / 2 * np.sqrt(n / max(stages)) for n in stages]
    for i in range(len(stages) - 1):
        pair = min(i, 2 * pairs - 1 - i)
        a, b = step * i + 0.12, step * (i + 1) - 0.12
        corners = [(a, half[i]), (b, half[i + 1]), (b, -half[i + 1]), (a, -half[i])]
        axes.add_patch(Polygon(corners, facecolor=inks[pair % 5], alpha=0.25, edgecolor=inks[pair % 5]))
        name = f"$W_{pair + 1}$" if i < pairs else rf"$W_{pair + 1}^\top$"
        axes.text((a + b) / 2, 0, name, ha="center", va="center", size=15)
    for i, n in enumerate(stages):
        colour = COLOURS["vermillion"] if i == pairs else "#555555"
        axes.add_patch(Rectangle((step * i - 0.1, -half[i]), 0.2, 2 * half[i], facecolor=colour, edgecolor="none"))
        axes.text(step * i, -tall / 2 - 0.15, f"{n}", ha="center", va="top", weight="bold", color=colour)
        words = "codings, own bias" if i == pairs else "own bias" if i else "image"
        axes.text(step * i, -tall / 2 - 0.38, words, ha="center", va="top", size=9.5, color=colour)
    for pair in range(pairs):
        a, b = step * (pair + 0.5), step * (2 * pairs - pair - 0.5)
        y, rise = tall / 2 + 0.12, 0.32 + 0.42 * (pairs - 1 - pair) / max(1, pairs - 1)
        top, foot = y + rise, (half[pair] + half[pair + 1]) / 2 + 0.08
        axes.plot([a, a, b, b], [foot, top, top, foot], color=inks[pair % 5], linestyle="-", linewidth=2)
        axes.text((a + b) / 2, top + 0.03, "the same numbers", ha="center", va="bottom", size=9.5, color="#444444")
    if title:
        axes.text(-step / 2 + 0.1, tall / 2 + 1.27, title, size=13, weight="bold", va="center")
    return figure


def gram_film(films: Mapping[str, np.ndarray], errors: Mapping[str, Sequence[float]], every: int = 1) -> None:
    """A slider over the steps of a training: small square matrices as colours, and their distance from I.

    films: {"a name": (T, k, k)}, one matrix for each moment; all with the same T and k.   errors: {"a name": (T,)},
    figures to print with each moment.   every: training steps from one moment to the next.
    Static twin: a row for each film, six moments. Raises ValueError when the numbers of moments differ.
    """
    films = {name: np.asarray(film, dtype=np.float64) for name, film in films.items()}
    moments = {len(film) for film in films.values()} | {len(values) for values in errors.values()}
    if len(moments) != 1:
        raise ValueError(f"All films and errors need the same number of moments, got {sorted(moments)}.")
    text = f"Matrices over the steps of a training, red for positive and blue for negative: {', '.join(films)}"
    with_twin(lambda: build_gram_film(films, errors, every), gram_figure(films, every), text)


def gram_figure(films: Mapping[str, np.ndarray], every: int = 1):
    """The static picture of `gram_film`: a matplotlib Figure."""
    last = len(next(iter(films.values()))) - 1
    # More of the beginning than of the end: that is where most happens.
    shown = np.unique((last * np.linspace(0, 1, MOMENTS) ** 1.7).round().astype(int))
    figure = new_figure(1.75 * len(shown) + 1.4, 2.05 * len(films), alt=f"{', '.join(films)} at {len(shown)} moments")
    grid = figure.subplots(len(films), len(shown), squeeze=False)
    picture = None
    for row, (name, film) in enumerate(films.items()):
        for axes, moment in zip(grid[row], shown, strict=True):
            picture = axes.imshow(film[moment], cmap="RdBu_r", vmin=-TOP, vmax=TOP, interpolation="nearest")
            axes.set(xticks=[], yticks=[], xlabel=f"{_distance(film[moment]):.3f} from I")
            axes.grid(False)
            if row == 0:
                axes.set_title(f"step {every * moment:,}", fontsize=11)
        grid[row][0].set_ylabel(name)
    figure.colorbar(picture, ax=grid, shrink=0.8, label="entry")
    return figure


def _distance(matrix) -> float:
    """Distance of a (k, k) matrix from the identity, as in `tied.measures.departure`."""
    return float(np.linalg.norm(matrix - np.eye(len(matrix))) / np.sqrt(len(matrix)))


def build_gram_film(films, errors, every):
    import ipywidgets as w

    count, k, _ = next(iter(films.values())).shape
    step = w.SelectionSlider(options=[(f"{every * i:,}", i) for i in range(count)], value=0, description="step",
                             layout=w.Layout(width="480px"))  # fmt: skip
    panels = {name: image_panel((k, k), scale=190 / k) for name in films}
    captions = {name: w.HTML() for name in films}
    words, area = w.HTML(), error_area()

    @shows_errors(area)
    def redraw(_=None) -> None:
        i = step.value
        for name, film in films.items():
            panels[name].show(pixels.signed_colours(film[i][None], top=TOP)[0])
            captions[name].value = f"<b>{name}</b><br>{_distance(film[i]):.4f} from I"
        words.value = " · ".join(f"{name}: <b>{values[i]:.5f}</b>" for name, values in errors.items())

    step.observe(redraw, "value")
    redraw()
    row = w.HBox([w.VBox([captions[name], panels[name]]) for name in films], layout=w.Layout(flex_flow="row wrap"))
    box = w.VBox([w.HTML(CRISP), step, words, row, area])
    box.step, box.panels, box.captions, box.words, box.errors = step, panels, captions, words, area
    return box


def two_rulers(pairs: Mapping[str, tuple[np.ndarray, np.ndarray]], count: int = 400, seed: int = 0):
    """For random pairs of images: the distance of their codings against that of their reconstructions.

    pairs: {"a model": (codings (n, k), reconstructions (n, …))}. A panel for each; returns a matplotlib Figure.
    """
    figure = new_figure(4.3 * len(pairs), 4.0, alt=f"Distances of codings against reconstructions: {', '.join(pairs)}")
    inks = [COLOURS["blue"], COLOURS["vermillion"], COLOURS["green"]]
    for axes, (name, (Z, R)), ink in zip(np.ravel(figure.subplots(1, len(pairs))), pairs.items(), inks, strict=False):
        rng = np.random.default_rng(seed)
        i, j = rng.integers(len(Z), size=(2, count))
        images = np.linalg.norm(R.reshape(len(R), -1)[i] - R.reshape(len(R), -1)[j], axis=1)
        codes = np.linalg.norm(Z[i] - Z[j], axis=1)
        far = 1.05 * max(images.max(), codes.max())
        axes.plot([0, far], [0, far], color="#888888", linestyle="-", linewidth=1.2, label="equal")
        axes.plot(images, codes, ".", color=ink, markersize=4)
        axes.set(title=name, xlabel="distance of the reconstructions", ylabel="distance of the codings",
                 xlim=(0, far), ylim=(0, far), aspect="equal")  # fmt: skip
        axes.legend()
    return figure
