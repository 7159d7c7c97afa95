"""The images of the course: ``load()`` finds them, proves them whole and says in one line which ones it took.

It never touches the network unless it is told to (WORKBOOK_DOWNLOAD=1, or ``python -m helpers.data
fashion_mnist`` once), and needs no set-up: a subset of Fashion-MNIST is part of the workbook.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import numpy as np

from helpers.data import sources
from helpers.data.sources import SPECS, Arrays, DamagedSet, Spec

NAMES = (*SPECS, "digits")
SHIPPED_TRAIN, SHIPPED_TEST, SHIPPED_VALID = 10_000, 2_000, 1_000


class DataNotFound(FileNotFoundError):
    """No data set of that name was found whole; the text lists the ways to get it."""


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Images and labels, split for training, validation and test.

    X_train, X_valid, X_test: float32, (n, 28, 28) (digits: (n, 8, 8)), values 0 (black) to 1.
    y_train, y_valid, y_test: uint8, (n,), 0 to 9, an index into `class_names`.
    name: "fashion_mnist", "mnist", "digits", or that of a student's own folder.
    source: where the images came from, in a few words.
    is_full: whether this came from the whole set (and not from the shipped subset).
    The arrays are read-only, so that no cell can change them for the cells after it: work on a copy,
    ``X = data.X_train.copy()``, to change values in place.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_valid: np.ndarray
    y_valid: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...]
    name: str
    source: str
    is_full: bool

    def take(self, train: int | None = None, valid: int | None = None, test: int | None = None) -> Dataset:
        """The same with only the first `train`, `valid` and `test` images.

        None, or a number beyond the end, keeps all of a part. Nothing is copied.
        Raises ValueError unless each number is a whole number of at least 1.
        """
        changes = {}
        for part, number in (("train", train), ("valid", valid), ("test", test)):
            if number is None:
                continue
            if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 1:
                raise ValueError(f"take needs a whole number of at least 1 for {part}, got {number!r}")
            for letter in "Xy":
                changes[f"{letter}_{part}"] = getattr(self, f"{letter}_{part}")[:number]
        return replace(self, **changes)

    def __repr__(self) -> str:
        title = SPECS[self.name].title if self.name in SPECS else {"digits": "Digits"}.get(self.name, self.name)
        height, width = self.X_train.shape[1:3]
        train, valid, test = (len(X) for X in (self.X_train, self.X_valid, self.X_test))
        return (
            f"{title}: {self.source}, {train:,} training / {valid:,} validation / {test:,} test images "
            f"({height}×{width}, values 0 to 1)"
        )


def flatten(X: np.ndarray) -> np.ndarray:
    """Images as rows: (n, height, width, …) → (n, height·width·…), a view and not a copy where NumPy can.

    Raises ValueError for an array without an axis of values.
    """
    X = np.asarray(X)
    if X.ndim < 2:
        raise ValueError(f"flatten needs images, (n, height, width), got the shape {X.shape}")
    return X.reshape(len(X), int(np.prod(X.shape[1:])))


_loaded: dict[tuple, Dataset] = {}


def load(name: str = "fashion_mnist", *, source: str = "auto", quiet: bool = False) -> Dataset:
    """Load a data set, print one line that says which, and return it split three ways.

    name: "fashion_mnist", "mnist", or "digits" (scikit-learn's 1,797 digits of 8×8 pixels).
    source: "auto" takes the first whole set among the folder named by WORKBOOK_DATA, Keras' own cache, a
        download (only if WORKBOOK_DOWNLOAD=1) and the subset shipped with the workbook;
        "shipped" takes that subset; "full" takes anything but that subset.
    quiet: leave out the line (what is wrong with files is said all the same).

    Splits: the last 5,000 of the 60,000 training images of a full set are for validation, the last 1,000 of
    the 10,000 of the shipped subset. The digits have no official split: the last 20 % are for test, the last
    20 % of the rest for validation.
    Damaged files are named and never used. In Keras' cache they are renamed to ``name.damaged``.
    A set is read once per process; what a later call returns is the same read-only arrays.
    Raises ValueError for an unknown name or source, and DataNotFound, with what to do, if there is no such
    set.
    """
    wanted = str(name).lower().replace("-", "_")
    if wanted not in NAMES:
        raise ValueError(
            f"There is no data set {name!r} here. The names are: {', '.join(NAMES)}. For pictures of your own, PNG or "
            "JPEG files in a folder: data.from_folder('FOLDER')."
        )
    if source not in ("auto", "shipped", "full"):
        raise ValueError(f"source={source!r} is unknown. Use 'auto', 'shipped' or 'full'.")
    settings = tuple(os.environ.get(each) for each in ("WORKBOOK_DATA", "KERAS_HOME", "WORKBOOK_DOWNLOAD"))
    key = (wanted, source, settings)
    if key not in _loaded:
        data = _digits() if wanted == "digits" else _find(SPECS[wanted], source)
        # "auto" and "full" that end at the same files share one copy of up to 220 MB
        twin = (wanted, "full" if data.is_full else "shipped", settings)
        _loaded[key] = _loaded.setdefault(twin, data)
    if not quiet:
        print(_loaded[key])
    return _loaded[key]


def _find(spec: Spec, source: str) -> Dataset:
    if source != "shipped":
        arrays, text = sources.from_user_folder(spec, print), "full set from the WORKBOOK_DATA folder"
        if arrays is None:
            arrays, text = sources.from_keras_cache(spec, print), "full set from the Keras cache"
        if arrays is None and download_allowed():
            from helpers.data.download import download  # here, since a lesson hardly ever needs the network

            arrays, text = download(spec, print), "full set, downloaded into the Keras cache"
        if arrays is not None:
            return _split(spec, arrays, spec.n_valid, text, True)
    if source == "full" or spec.name != "fashion_mnist":
        raise DataNotFound(_ways_to_get(spec, source))
    return _split(spec, _shipped(spec), SHIPPED_VALID, "shipped subset", False)


def download_allowed() -> bool:
    """True when WORKBOOK_DOWNLOAD is set to 1 (or yes, true, on)."""
    return os.environ.get("WORKBOOK_DOWNLOAD", "").strip().lower() in ("1", "yes", "true", "on")


def _ways_to_get(spec: Spec, source: str) -> str:
    """What to tell someone whose set was not found: what happened, and the three mends."""
    if source == "shipped":
        start = f"The workbook ships only a subset of Fashion-MNIST, not {spec.title}"
    elif source == "full":
        start = f"The full {spec.title} set was not found"
    else:
        start = f"{spec.title} was not found, and the workbook ships only a subset of Fashion-MNIST"
    instead = (
        'load(source="auto") goes on with the shipped subset'
        if spec.name == "fashion_mnist"
        else 'load("fashion_mnist") and load("digits") always work'
    )
    return (
        f"{start}. What to do, one of three:\n"
        f"  1. with a network, run  python -m helpers.data {spec.name}  once in the workbook's folder, "
        "or set WORKBOOK_DOWNLOAD=1;\n"
        f"  2. set WORKBOOK_DATA to a folder that holds {spec.folders[0]}/ with its four idx .gz files;\n"
        f"  3. go on without: {instead}."
    )


def _shipped(spec: Spec) -> Arrays:
    try:
        arrays = sources.read_set(sources.SHIPPED, spec, SHIPPED_TRAIN, SHIPPED_TEST)
        sources.prove_shipped(sources.SHIPPED)  # after it, since it cannot say what is wrong with a file
        return arrays
    except (DamagedSet, OSError) as error:
        # Part of the repository, so git has a good copy: nothing is renamed here.
        raise DataNotFound(
            f"The images shipped in helpers/data/fashion_mnist cannot be used: {error}. Bring them back with "
            " git checkout -- helpers/data  or get a fresh copy of the workbook."
        ) from None


def _split(spec: Spec, arrays: Arrays, n_valid: int, text: str, is_full: bool) -> Dataset:
    train, y_train, test, y_test = arrays
    cut = len(train) - n_valid
    X, X_test, y, y_test = _pixels(train, 255), _pixels(test, 255), _locked(y_train), _locked(y_test)
    return Dataset(X[:cut], y[:cut], X[cut:], y[cut:], X_test, y_test, spec.class_names, spec.name, text, is_full)


def _digits() -> Dataset:
    from sklearn.datasets import load_digits

    raw = load_digits()
    X, y = _pixels(raw.images, 16), _locked(raw.target.astype(np.uint8))
    rest = len(X) - len(X) // 5
    cut = rest - rest // 5
    return Dataset(
        X[:cut],
        y[:cut],
        X[cut:rest],
        y[cut:rest],
        X[rest:],
        y[rest:],
        tuple("0123456789"),
        "digits",
        "all of scikit-learn's",
        True,
    )


def _pixels(images: np.ndarray, white: int) -> np.ndarray:
    X = images.astype(np.float32)
    X /= white
    return _locked(X)


def _locked(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
