"""All models of the course side by side: tables and measures for lesson 17, from figures that are stored.

    measures.generators()        one row for each generator whose weights ship, with the figures of five draws
    measures.detected()          one row for each of them, with what three fresh detectives found
    measures.autoencoders()      rows of the scoreboard with an error, each with PCA's error at as many codings

NumPy only; nothing is trained or drawn here. `python3 workbook.py train generators detective` measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.comparison.generators import ALL
from helpers.files import read_json
from helpers.metrics.statistics import interval
from helpers.scoreboard import records
from helpers.weights import store

NAME = "generators"
DETECTIVE = "detective"


class NoFigures(RuntimeError):
    """The stored figures are missing or damaged; the text says what to do."""


@dataclass(frozen=True)
class MeasuredGenerator:
    """A generator as it was measured. draws: {figure: one value for each draw}. seconds: of training.

    images_seen: training images shown, counted every time.   codings: numbers that make an image.
    """

    name: str
    lesson: str
    title: str
    codings: int
    seconds: float
    images_seen: int
    draws: Mapping[str, Sequence[float]]

    def __getitem__(self, figure: str) -> float:
        """The mean of a figure over the draws, such as one["frechet"]."""
        return float(np.mean(self.draws[figure]))

    def interval(self, figure: str) -> tuple[float, float, float]:
        """(mean, low, high): 95 % by Student's t over the draws. They differ in the codings drawn, not in training."""
        return interval(self.draws[figure])


def generators() -> list[MeasuredGenerator]:
    """The rows of all generators that were measured, in the order of the lessons.

    One whose weights are gone, or others than those that were measured, is left out, and a line says so.
    Raises NoFigures if the file of figures is missing or damaged.
    """
    path, found = store.folder() / f"{NAME}.json", []
    try:
        rows = read_json(path)["rows"]
        for one in ALL:
            if one.name not in rows:
                continue
            facts = one.facts
            if facts is None or facts["sha256"] != rows[one.name]["sha256"]:
                print(f"{one.title} is left out: its figures belong to other weights (`workbook.py train {NAME}`).")
                continue
            runs = rows[one.name]["draws"]
            draws = {figure: tuple(float(run[figure]) for run in runs) for figure in runs[0]}
            of_training = facts["seconds"], facts["images_seen"]
            found.append(MeasuredGenerator(one.name, one.lesson, one.title, one.codings, *of_training, draws))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise NoFigures(
            f"The figures in {path.name} cannot be used ({type(error).__name__}: {error}). Bring them back with  "
            "git checkout -- helpers/weights/shipped"
        ) from None
    return found


@dataclass(frozen=True)
class Detected:
    """What fresh detectives found of a generator. accuracy: of each training; .5 is best.   black: share of pixels."""

    name: str
    lesson: str
    title: str
    accuracy: Sequence[float]
    black: float


def detected() -> tuple[list[Detected], dict]:
    """(a row for each generator, the whole file: count, held, seeds, real_black, …), of the two-sample test.

    One whose weights are others than those that were tested is left out, and a line says so. Raises NoFigures if the
    file is missing or damaged.
    """
    path, found = store.folder() / f"{DETECTIVE}.json", []
    try:
        content = read_json(path)
        for one in ALL:
            row, facts = content["rows"].get(one.name), one.facts
            if row is None or facts is None or facts["sha256"] != row["sha256"]:
                print(f"{one.title} is left out: it was not tested yet (`workbook.py train {DETECTIVE}`).")
                continue
            accuracy = tuple(float(value) for value in row["accuracy"])
            found.append(Detected(one.name, one.lesson, one.title, accuracy, float(row["black"])))
        float(content["real_black"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoFigures(
            f"The figures in {path.name} cannot be used ({type(error).__name__}: {error}). Bring them back with  "
            "git checkout -- helpers/weights/shipped"
        ) from None
    return found, content


def autoencoders(rows: Sequence[dict] | None = None) -> list[dict]:
    """Rows of the scoreboard with an `mse`, lowest error against PCA first: {"title", "mse", "pca", "ratio", …}.

    rows: as of `scoreboard.rows()` (default: all). pca: error of PCA with as many codings on the same data; rows for
    which there is none are left out, and so is PCA itself. ratio: mse / pca, below 1 for better than a straight line.
    """
    rows = records.rows() if rows is None else rows
    pca = {(row["codings"], row["data"]): row["figures"]["mse"] for row in rows
           if row["model"].startswith("PCA-") and "+" not in row["model"] and "mse" in row["figures"]}  # fmt: skip
    found = []
    for row in rows:
        key = row["codings"], row["data"]
        if "mse" in row["figures"] and key in pca and not row["model"].startswith("PCA"):
            found.append({
                "title": f"{row['lesson']} {row['model']}", "codings": row["codings"], "mse": row["figures"]["mse"],
                "pca": pca[key], "ratio": row["figures"]["mse"] / pca[key], "seconds": row["seconds"],
                "parameters": row["parameters"], "probe": row["figures"].get("probe_accuracy"),
            })  # fmt: skip
    return sorted(found, key=lambda one: one["ratio"])


def on_equal_terms(features: Mapping[str, np.ndarray], real: np.ndarray) -> dict[str, float]:
    """Fréchet distances to `real` (m, d), each measured with as many images as the smallest of the sets has.

    features: {"a generator": (n, d)} with different n; the first rows are used, and all of `real`.
    Raises ValueError as `metrics.image_quality.frechet_distance` does, and for no set at all.
    """
    from helpers.metrics.image_quality import frechet_distance

    n = min(len(one) for one in features.values())
    return {name: frechet_distance(one[:n], real) for name, one in features.items()}


def front(costs: np.ndarray) -> np.ndarray:
    """Which rows no other row beats: booleans (n,).

    costs: (n, measures), less is better everywhere. Row i is beaten if another row is nowhere worse and somewhere
    better. Equal rows do not beat each other. Raises ValueError unless there are two axes and all numbers are finite.
    Source: Pareto, 1906, Manuale di economia politica.
    """
    costs = np.asarray(costs, dtype=float)
    if costs.ndim != 2 or not np.isfinite(costs).all():
        raise ValueError(f"the front needs finite costs (models, measures), got the shape {costs.shape}")
    no_worse = (costs[:, None] <= costs[None]).all(axis=2)  # [i, j]: i is nowhere worse than j
    better = (costs[:, None] < costs[None]).any(axis=2)
    return ~(no_worse & better).any(axis=0)


def agreement(values: Mapping[str, Sequence[float]]) -> tuple[list[str], np.ndarray]:
    """(names, matrix): Spearman's rank correlation of every two measures over the same models, from −1 to 1.

    values: {"a measure": one value for each model}, better = larger in all of them.
    Raises ValueError for fewer than two models. Source: Spearman, 1904.
    """
    from scipy.stats import spearmanr

    names, table = list(values), np.array(list(values.values()), dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError("ranks need at least two models and one value of each measure for every one of them")
    return names, np.array([[spearmanr(a, b).statistic for b in table] for a in table])
