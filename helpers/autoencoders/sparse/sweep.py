"""A sweep of sparse autoencoders over target and weight, computed beforehand, and the widget that shows it.

    sheet = Sweep(targets=(0.05, 0.1), weights=(0.0, 1e-4, 1e-3))
    sheet.fill(X, V, epochs=8)                    # trains one model for each pair; `sheet.history` has the figures
    sparsity_explorer(sheet, V[:8])

A Sweep is a Keras model whose weights are pictures and histograms, so that `weights.load_or_train` can ship it.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import numpy as np

from helpers.autoencoders.sparse import measures
from helpers.autoencoders.sparse.figures import sweep_rows
from helpers.autoencoders.sparse.model import KLPenalty, SparseAutoencoder, sparse_halves
from helpers.backend import keras
from helpers.metrics import reconstruction
from helpers.plots import pixels
from helpers.plots.style import COLOURS, as_images
from helpers.training.schedules import WarmupCosine
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

SHOWN = 8  # images whose reconstructions are kept
BINS = 40
FIGURES = ("mse", "mean_activation", "active_share", "hoyer", "dead_units", "on_target")


class Sweep(keras.Model):
    """Figures, histograms and reconstructions for every pair of a target and a weight of the KL penalty.

    targets, weights: the values to try.   units: codings of each model.
    reconstructions: (targets, weights, 8, 28, 28).   unit_means: (targets, weights, units), the mean activation of
    each unit.   activations: (targets, weights, 40), shares of all activations in 40 bins from 0 to 1.
    All are zeros before `fill`.
    """

    def __init__(self, targets: Sequence[float], weights: Sequence[float], units: int = 300, **kwargs):
        super().__init__(**kwargs)
        self.targets, self.trials, self.units = [float(p) for p in targets], [float(w) for w in weights], int(units)
        grid = (len(self.targets), len(self.trials))

        def kept(name, *shape):
            return self.add_weight(shape=(*grid, *shape), initializer="zeros", trainable=False, name=name)

        self.reconstructions = kept("reconstructions", SHOWN, 28, 28)
        self.activations, self.unit_means = kept("activations", BINS), kept("unit_means", self.units)
        self.built = True

    def fill(self, X, V, *, epochs: int, batch_size: int = 64, peak: float = 1e-2, seed: int = 42) -> dict[str, float]:
        """Train a model for every pair and keep what it does on V; returns how much was trained.

        All models start from the same weights and see the same batches. `self.history.history` then has, for each
        of the names in FIGURES, a list of values, target by target and weight by weight.
        """
        model, start_again = _trial(X, self.units, epochs, batch_size, peak, seed)
        found: dict[str, list[float]] = {name: [] for name in FIGURES}
        variables = (self.reconstructions, self.activations, self.unit_means)
        kept = [np.zeros(v.shape, np.float32) for v in variables]
        for i, target in enumerate(self.targets):
            for j, weight in enumerate(self.trials):
                start_again(target, weight)
                model.fit(X, X, batch_size=batch_size, epochs=epochs, verbose=0)
                Z = model.codings(V)
                R = model.decode(Z)
                kept[0][i, j, : min(SHOWN, len(V))] = R[:SHOWN]
                kept[1][i, j], kept[2][i, j] = measures.histogram(Z, BINS)[1], Z.mean(axis=0)
                figures = {**measures.measure(Z, target), "mse": reconstruction.mse(V, R)}
                for name in FIGURES:
                    found[name].append(float(figures[name]))
        for variable, values in zip(variables, kept, strict=True):
            variable.assign(values)
        self.history = keras.callbacks.History()
        self.history.history, self.history.epoch = found, []
        return {"models": len(self.targets) * len(self.trials), "epochs": epochs, "lowest_mse": min(found["mse"])}


def _trial(X, units, epochs, batch_size, peak, seed):
    """(model, start_again(target, weight)): one compiled model for all pairs, set back to its first weights."""
    keras.utils.set_random_seed(seed)
    model = SparseAutoencoder(*sparse_halves(units), KLPenalty(units=units))
    rate = WarmupCosine.for_fit(peak, len(X), batch_size, epochs)
    optimizer = keras.optimizers.Adam(rate, beta_2=0.99)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer, steps_per_execution=8)
    first = [(v, v.numpy().copy()) for v in (*model.variables, *optimizer.variables)]

    def start_again(target: float, weight: float) -> None:
        for variable, value in first:
            variable.assign(value)
        model.penalty.target.assign(target)
        model.weight.assign(weight)
        keras.utils.set_random_seed(seed)  # the same order of batches

    return model, start_again


def figures_at(sweep: Sweep, history: Mapping[str, Sequence[float]], target: float) -> dict[float, dict[str, float]]:
    """{weight: {figure: value}} of the models with this target. Raises ValueError for a target not in the sweep."""
    if target not in sweep.targets:
        raise ValueError(f"The sweep has the targets {sweep.targets}, not {target}.")
    first = sweep.targets.index(target) * len(sweep.trials)
    return {
        weight: {name: float(history[name][first + j]) for name in FIGURES} for j, weight in enumerate(sweep.trials)
    }


def choose_weight(unit_means: Mapping[float, np.ndarray], errors: Mapping[float, float], target: float) -> float:
    """The weight with the smallest error among those that bring at least 90 % of the units to target ± 0.02.

    unit_means: {weight: (units,)}, the mean activation of each unit.   errors: {weight: validation MSE}.
    Raises ValueError when no weight does.
    """
    good = [w for w, means in unit_means.items() if np.mean(np.abs(np.asarray(means) - target) <= 0.02) >= 0.9]
    if not good:
        raise ValueError(f"No weight brings 90 % of the units to {target:g} ± 0.02: try larger ones.")
    return min(good, key=lambda weight: errors[weight])


def sparsity_explorer(sweep: Sweep, history: Mapping[str, Sequence[float]], images) -> None:
    """Choose a target and a weight; see the histograms of activations and unit means, and reconstructions.

    history: figures by name, as `Sweep.fill` keeps them.   images: the originals of the reconstructions, up to 8.
    Raises ValueError when the history does not belong to the sweep.
    """
    pairs = len(sweep.targets) * len(sweep.trials)
    if any(len(history.get(name, ())) != pairs for name in FIGURES):
        raise ValueError(f"The sweep has {pairs} models; the history needs as many values of {', '.join(FIGURES)}.")
    originals = as_images(images)[:SHOWN]
    made = np.asarray(sweep.reconstructions)[:, :, : len(originals)]
    i = min(range(len(sweep.targets)), key=lambda place: abs(sweep.targets[place] - 0.1))
    figure = sweep_rows(
        {f"weight {w:g}": (np.asarray(sweep.activations)[i, j], np.asarray(sweep.unit_means)[i, j], made[i, j])
         for j, w in enumerate(sweep.trials)},
        originals, sweep.targets[i],
    )  # fmt: skip
    tried = ", ".join(f"{w:g}" for w in sweep.trials)
    text = f"Histograms and reconstructions at the target {sweep.targets[i]:g} with the weights {tried}"
    with_twin(lambda: build_sparsity_explorer(sweep, history, originals, made), figure, text)


def build_sparsity_explorer(sweep, history, originals, made):
    import ipywidgets as w

    n, h, wide = originals.shape[:3]
    look = {"layout": w.Layout(width="480px"), "style": {"description_width": "80px"}}
    targets, trials = ([(f"{v:g}", i) for i, v in enumerate(values)] for values in (sweep.targets, sweep.trials))
    target = w.SelectionSlider(options=targets, description="target", **look)
    weight = w.SelectionSlider(options=trials, description="weight", **look)
    target.value = min(range(len(sweep.targets)), key=lambda place: abs(sweep.targets[place] - 0.1))
    weight.value = len(sweep.trials) // 2
    strip = image_panel((2 * h + 1, n * (wide + 1) - 1), scale=min(4, 600 / (n * (wide + 1))))
    bars, words, errors = w.HTML(), w.HTML(), error_area()
    activations = np.asarray(sweep.activations)
    means = [[measures.histogram(one, BINS)[1] for one in row] for row in np.clip(sweep.unit_means, 0, 1)]

    @shows_errors(errors)
    def redraw(_=None) -> None:
        i, j = target.value, weight.value
        f = {name: history[name][i * len(sweep.trials) + j] for name in FIGURES}
        strip.show(pixels.mosaic(np.clip(np.concatenate([originals, made[i, j]]), 0, 1), n))
        right = _bars("mean of each unit", means[i][j], sweep.targets[i])
        bars.value = _bars("all activations", activations[i, j]) + right
        words.value = (
            f"<b>MSE {f['mse']:.4f}</b> · mean activation {f['mean_activation']:.3f} · above 0.1: "
            f"{f['active_share']:.0%} · Hoyer {f['hoyer']:.2f} · dead units {f['dead_units']:.0f} · units at the "
            f"target ± .02: {f['on_target']:.0%}"
        )

    target.observe(redraw, "value")
    weight.observe(redraw, "value")
    redraw()
    note = w.HTML("Originals, and their reconstructions below them")
    box = w.VBox([w.HTML(CRISP), target, weight, words, bars, note, strip, errors])
    box.target, box.weight, box.strip, box.bars, box.words, box.errors = target, weight, strip, bars, words, errors
    return box


def _bars(title: str, shares: np.ndarray, mark: float | None = None, width: int = 290, height: int = 120) -> str:
    """A histogram over 0 to 1 as SVG; heights are square roots of the shares, so that rare values are seen."""
    base, each = height - 18, width / len(shares)
    tall = np.sqrt(np.clip(shares, 0, 1)) * (base - 20)
    out = [f'<svg width="{width}" height="{height}" font-family="sans-serif" font-size="12" fill="currentColor" '
           f'role="img" aria-label="histogram of {html.escape(title)}">'
           f'<text x="4" y="13">{html.escape(title)}</text>']  # fmt: skip
    out += [f'<rect x="{k * each:.1f}" y="{base - t:.1f}" width="{each - 1:.1f}" height="{t:.1f}" '
            f'fill="{COLOURS["blue"]}"/>' for k, t in enumerate(tall)]  # fmt: skip
    if mark is not None:
        out.append(f'<path d="M{mark * width:.1f} 18V{base}" stroke="{COLOURS["vermillion"]}" stroke-dasharray="4 3"/>')
    for place, anchor in ((0, "start"), (0.5, "middle"), (1, "end")):
        out.append(f'<text x="{place * width:.0f}" y="{height - 3}" text-anchor="{anchor}">{place:g}</text>')
    return "".join([*out, "</svg>"])
