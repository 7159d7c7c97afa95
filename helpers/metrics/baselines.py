"""Floors and simple models beside which the figures of generated images mean something.

    references.load()["floor"]["frechet"]     real images against real images: no generator can be expected
    below references.show()                         a table of all of them

All were measured by `image_quality.judge_images`, 2,000 images against the same 2,000 real ones as every model of
the course, so that they can be set beside any lesson's figures, whether it trains on the full set or on the
shipped subset (`python3 workbook.py train references` measures them anew).
"""

from __future__ import annotations

import functools
from pathlib import Path

from helpers.files import read_json
from helpers.weights import store

NAME = "references"
TITLES = {
    "floor": "real against real",
    "training images": "training images, repeated",
    "PCA-30 + Gaussians of classes": "PCA-30 + one Gaussian per class",
    "PCA-30 + Gaussian": "PCA-30 + one Gaussian",
    "Gaussian in pixel space": "Gaussian of all pixels",
    "mean image": "the mean image, repeated",
    "noise": "uniform noise",
}
SHOWN = (
    *("frechet", "inception_score", "precision", "recall", "coverage"),
    *("sliced_wasserstein", "nearest_ratio", "copies"),
)


class NoReferences(RuntimeError):
    """The references are missing or damaged; the text says what to do."""


def load() -> dict[str, dict[str, float]]:
    """Figures by reference and name, means over three seeds: {"floor": {"frechet": …, "precision": …, …}, …}.

    A line says so if they were measured with another classifier than the one that is there now.
    Raises NoReferences if the file is missing or damaged.
    """
    content = _read(store.folder() / f"{NAME}.json")
    facts = store.manifest("classifier")
    if facts is not None and facts["sha256"] != content["classifier"]:
        print(
            "Note: the references were measured with another classifier and cannot be compared with figures "
            "measured now:  python3 workbook.py train references  renews them."
        )
    return {name: dict(row["mean"]) for name, row in content["rows"].items()}


def about() -> dict:
    """The whole file: count, seeds, data, versions, and for each reference mean, lowest and highest
    figure.
    """
    return _read(store.folder() / f"{NAME}.json")


def show() -> None:
    """Print all references as a table of at most 112 characters, the best first; heads of two words take two lines."""
    rows = load()
    width = max(len(title) for title in TITLES.values())
    heads = [("", *name.split("_"))[-2:] for name in SHOWN]
    sizes = [max(7, *map(len, head)) for head in heads]
    for words in zip(*heads, strict=True):
        print(" " * width + "".join(f"  {word:>{size}}" for word, size in zip(words, sizes, strict=True)))
    for name, row in rows.items():
        cells = (
            f"  {row[figure]:>{size}.3f}" if figure in row else f"  {'–':>{size}}"
            for figure, size in zip(SHOWN, sizes, strict=True)
        )
        print(f"{TITLES.get(name, name):<{width}}" + "".join(cells))


@functools.lru_cache(maxsize=4)
def _read(path: Path) -> dict:
    try:
        content = read_json(path)
        for row in content["rows"].values():
            for part in ("mean", "lowest", "highest"):
                if not all(isinstance(value, int | float) for value in row[part].values()):
                    raise ValueError("a figure is no number")
        if "floor" not in content["rows"] or not isinstance(content["classifier"], str):
            raise KeyError("floor or classifier")
        return content
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoReferences(
            f"The reference figures in {path.name} cannot be used ({type(error).__name__}: {error}). Bring "
            "them back with  git checkout -- helpers/weights/shipped . Models can be judged without them, but "
            "then their figures have nothing beside them."
        ) from None
