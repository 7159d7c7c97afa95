"""Where the data sets may lie, and the proof that what lies there is whole.

A set is four idx files, and all four must come from one folder: a set that is only half right is not used.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from lzma import LZMAError
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from helpers.data.idx import DamagedFile, read_idx
from helpers.files import set_aside

FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
SHIPPED = Path(__file__).parent / "fashion_mnist"
SUMS = "SHA256SUMS"  # beside the shipped files, as `sha256sum -c` reads it; tools/make_subset.py writes it

# what NumPy and zipfile raise for archives that are damaged, encrypted, or of a kind they do not know
BROKEN = (ValueError, KeyError, EOFError, AttributeError, TypeError, RuntimeError, BadZipFile, LZMAError, zlib.error)

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # in the order of FILES, all uint8
Say = Callable[[str], None]


@dataclass(frozen=True)
class Spec:
    """What is known about a data set before it is read."""

    name: str
    title: str
    class_names: tuple[str, ...]
    folders: tuple[str, ...]  # names its folder may have; the first is the one in Keras' cache
    url: str
    grey: tuple[float, float]  # where the mean of the training pixels (0 to 255) must lie
    md5: dict[str, str] = field(default_factory=dict)  # of the official .gz files
    unpacked_sha256: dict[str, str] = field(default_factory=dict)  # of the unpacked official files
    n_train: int = 60_000
    n_test: int = 10_000
    n_valid: int = 5_000


SPECS = {
    "fashion_mnist": Spec(
        "fashion_mnist",
        "Fashion-MNIST",
        ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        ("fashion-mnist", "fashion_mnist"),
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        grey=(65, 81),  # 72.9
        md5=dict(
            zip(
                FILES,
                (
                    "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                    "25c81989df183df01b3e8a0aad5dffbe",
                    "bef4ecab320f06d8554ea6380940ec79",
                    "bb300cfdad3c16e7a12a480ee83cd310",
                ),
                strict=True,
            )
        ),
    ),
    "mnist": Spec(
        "mnist",
        "MNIST",
        tuple("0123456789"),
        ("mnist",),
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        grey=(28, 39),  # 33.3
        unpacked_sha256={FILES[0]: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    ),
}


class DamagedSet(Exception):
    """A data set that must not be used. `faults` is a list of DamagedFile, one for each bad file."""

    def __init__(self, faults: list[DamagedFile]):
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))


def read_set(folder: Path, spec: Spec, n_train: int, n_test: int) -> Arrays:
    """Read and prove the four files in `folder`.

    Returns train images (n_train, 28, 28), train labels (n_train,), test images and test labels, all uint8.
    Raises DamagedSet with every fault found, FileNotFoundError if one of the files is not there.
    """
    parts, faults = [], []
    for file, count in zip(FILES, (n_train, n_train, n_test, n_test), strict=True):
        try:
            part = read_idx(folder / file)
            _prove(folder / file, part, spec, count)
            parts.append(part)
        except DamagedFile as fault:
            faults.append(fault)
    if faults:
        raise DamagedSet(faults)
    return tuple(parts)


def prove_shipped(folder: Path) -> None:
    """Compare the shipped files with their SHA-256 in SHA256SUMS: labels that were shuffled still look like labels.

    Raises DamagedSet with every file that is another one, OSError if one of them is not there.
    """
    lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").split("\n")
    known = {name.strip(): digest for digest, _, name in (line.partition("  ") for line in lines)}
    faults = [
        DamagedFile(folder / file, f"is not the file that the workbook ships (its SHA-256 is not the one in {SUMS})")
        for file in FILES
        if hashlib.sha256((folder / file).read_bytes()).hexdigest() != known.get(file)
    ]
    if faults:
        raise DamagedSet(faults)


def _prove(path: Path, part: np.ndarray, spec: Spec, count: int) -> None:
    """Check one part of a set against what is known of it; the file's name says which part it should be."""
    labels = "labels" in path.name or path.name.startswith("y_")
    if part.ndim != (1 if labels else 3):
        found, wanted = ("images", "labels") if labels else ("labels", "images")
        known = part.ndim in (1, 3)
        raise DamagedFile(
            path,
            f"holds {found}, not {wanted}: were the two swapped?"
            if known
            else f"holds an array with {part.ndim} axes, not {wanted}",
        )
    if len(part) != count:
        raise DamagedFile(path, f"holds {len(part):,} {'labels' if labels else 'images'}, not {count:,}")
    if labels:
        if part.max() > 9:
            raise DamagedFile(path, f"holds the label {part.max()}; labels go from 0 to 9")
        return
    if part.shape[1:] != (28, 28):
        raise DamagedFile(path, f"holds images of {part.shape[1]}×{part.shape[2]} pixels, not 28×28")
    mean = float(part.mean())
    if not spec.grey[0] <= mean <= spec.grey[1]:
        other = [each.title for each in SPECS.values() if each.grey[0] <= mean <= each.grey[1]]
        looks = f"; it looks like {other[0]}" if other else ""
        raise DamagedFile(
            path,
            f"is not {spec.title}: its mean pixel is {mean:.1f}, and should be near {sum(spec.grey) / 2:.0f}{looks}",
        )


def read_npz(path: Path, spec: Spec) -> Arrays:
    """Read and prove a set in Keras' own `.npz` form. Returns and raises as `read_set`."""
    parts = []
    try:
        if path.is_dir():
            raise DamagedFile(path, "is a folder, not a file")
        # opened here, since np.load leaves a broken file open, and an open file cannot be renamed on Windows
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            for key, count in (
                ("x_train", spec.n_train),
                ("y_train", spec.n_train),
                ("x_test", spec.n_test),
                ("y_test", spec.n_test),
            ):
                part = archive[key]
                if part.dtype != np.uint8:
                    raise DamagedFile(path, f"holds {part.dtype} in {key}, not uint8")
                try:
                    _prove(path / key.replace("x_", "images_").replace("y_", "labels_"), part, spec, count)
                except DamagedFile as fault:
                    raise DamagedFile(path, f"{key} {fault.reason}") from None
                parts.append(part)
    except DamagedFile as fault:
        raise DamagedSet([fault]) from None
    except FileNotFoundError:
        raise
    except BROKEN as error:
        reason = f"does not unpack ({type(error).__name__}: {error})"
        raise DamagedSet([DamagedFile(path, reason)]) from None
    return tuple(parts)


def keras_datasets() -> Path:
    """The folder in which Keras keeps downloaded data sets (it may not exist)."""
    return Path(os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")) / "datasets"


def from_user_folder(spec: Spec, say: Say) -> Arrays | None:
    """The set from the folder named by WORKBOOK_DATA, or None, saying why.

    Nothing in that folder is ever renamed or written: it belongs to the user.
    """
    setting = os.environ.get("WORKBOOK_DATA", "").strip()
    if not setting:
        return None
    try:
        home = Path(setting).expanduser()
        if home.is_dir():
            return _from_own_folder(home, spec, say)
        say(f"WORKBOOK_DATA names the folder {home}, which does not exist: it is passed over.")
    except (OSError, RuntimeError, ValueError) as error:  # no right to look, ~nobody, a name that can be none
        say(f"WORKBOOK_DATA names {setting}, which cannot be read ({error}): it is passed over.")
    return None


def _from_own_folder(home: Path, spec: Spec, say: Say) -> Arrays | None:
    best: list[str] = list(FILES)
    for folder in [*(home / name for name in spec.folders), home]:
        missing = [file for file in FILES if not (folder / file).exists()]
        if not missing:
            try:
                return read_set(folder, spec, spec.n_train, spec.n_test)
            except DamagedSet as error:
                for fault in error.faults:
                    say(f"{fault.path} {fault.reason}. Your own folder is left as it is and passed over.")
            except OSError as error:
                say(f"{folder} cannot be read ({error}): it is passed over.")
            return None
        best = min(best, missing, key=len)
    lacks = "no " + spec.title if len(best) == len(FILES) else "not all of " + spec.title
    say(
        f"WORKBOOK_DATA names {home}, which has {lacks} (missing: {', '.join(best)}, "
        f"looked for there and in {' and '.join(spec.folders)}): it is passed over."
    )
    return None


def from_keras_cache(spec: Spec, say: Say) -> Arrays | None:
    """The set from Keras' own cache, or None. A damaged file there is named and set aside."""
    folder = keras_datasets() / spec.folders[0]
    readers = [([folder / file for file in FILES], lambda: read_set(folder, spec, spec.n_train, spec.n_test))]
    if spec.name == "mnist":
        npz = keras_datasets() / "mnist.npz"
        readers.append(([npz], lambda: read_npz(npz, spec)))
    for paths, reader in readers:
        try:
            if not all(path.exists() for path in paths):
                continue  # an empty or half-filled cache is nothing to complain about
            return reader()
        except DamagedSet as error:
            for fault in error.faults:
                say(f"{fault.path} {fault.reason}. {put_aside(fault.path)}")
        except OSError as error:
            say(f"{paths[0].parent} cannot be read ({error}): it is passed over.")
    return None


def put_aside(path: Path) -> str:
    """Move a damaged file in Keras' cache out of the way; returns the sentence that says so."""
    new = set_aside(path)
    return f"It was set aside as {new.name}." if new else "It could not be renamed and is passed over."
