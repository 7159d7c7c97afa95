"""Draw the Fashion-MNIST subset that ships with the workbook from a full set.

    python tools/make_subset.py FOLDER           write helpers/data/fashion_mnist from the idx files in FOLDER
    python tools/make_subset.py FOLDER --check   only compare what is shipped with what would be written

The draw is stratified (1,000 training and 200 test images of every class) and seeded. The last 1,000 training images
are the validation set, 100 of every class; they come from the full set's own validation images, its last 5,000, so
that no network trained on its first 55,000 has seen them.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from helpers.data.idx import pack_idx, read_idx  # noqa: E402  (the path comes first)
from helpers.data.sources import FILES, SHIPPED, SPECS, SUMS, DamagedSet, read_set  # noqa: E402
from helpers.files import atomic_write_bytes, atomic_write_text  # noqa: E402

SEED = 42
FULL_VALID = 5_000  # the full set's last images, which no shipped network was trained on
TRAIN_PER_CLASS, VALID_PER_CLASS, TEST_PER_CLASS = 900, 100, 200


def draw(y_train: np.ndarray, y_test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the images to ship: (10,000,) into the training set, validation last, (2,000,) into test.

    y_train: (n,), y_test: (m,), labels 0 to 9. Raises ValueError if a class has too few images.
    """
    # RandomState and not default_rng: its numbers are frozen for all versions of NumPy.
    random = np.random.RandomState(SEED)
    train, _ = _per_class(y_train, (TRAIN_PER_CLASS, VALID_PER_CLASS), random)
    (test,) = _per_class(y_test, (TEST_PER_CLASS,), random)
    unseen = np.setdiff1d(np.arange(len(y_train) - FULL_VALID, len(y_train)), train)
    (valid,) = _per_class(y_train[unseen], (VALID_PER_CLASS,), random)
    return np.concatenate([train, unseen[valid]]), test


def _per_class(y: np.ndarray, sizes: tuple[int, ...], random: np.random.RandomState) -> list[np.ndarray]:
    """Disjoint groups of indices, each shuffled, with sizes[i] indices of every class in group i."""
    groups: list[list[np.ndarray]] = [[] for _ in sizes]
    for label in range(10):
        own = random.permutation(np.flatnonzero(y == label))
        if len(own) < sum(sizes):
            raise ValueError(f"class {label} has {len(own)} images, {sum(sizes)} are needed")
        for group, end, size in zip(groups, np.cumsum(sizes), sizes, strict=True):
            group.append(own[end - size : end])
    return [random.permutation(np.concatenate(group)) for group in groups]


def make(folder: Path) -> dict[str, bytes]:
    """The shipped files, by name, drawn from the full set in `folder`.

    Raises DamagedSet or FileNotFoundError if there is no whole set there.
    """
    spec = SPECS["fashion_mnist"]
    train, y_train, test, y_test = read_set(folder, spec, spec.n_train, spec.n_test)
    chosen, chosen_test = draw(y_train, y_test)
    parts = (train[chosen], y_train[chosen], test[chosen_test], y_test[chosen_test])
    return {file: pack_idx(part) for file, part in zip(FILES, parts, strict=True)}


def source_text(folder: Path, files: dict[str, bytes]) -> str:
    """SOURCE.md: what the shipped files are, where they come from, and their checksums."""
    md5 = SPECS["fashion_mnist"].md5
    official = all(
        hashlib.md5((folder / file).read_bytes(), usedforsecurity=False).hexdigest() == md5.get(file) for file in FILES
    )
    origin = (
        "They were drawn from the official files."
        if official
        else "They were drawn from a copy of the data set whose images and labels are Fashion-MNIST's own,\n"
        "but whose order and division into training and test images differ from the official files. A\n"
        "figure measured here can therefore differ by some per cent from one on the official split."
    )
    rows = "\n".join(
        f"| `{file}` | {len(content):,} | `{hashlib.sha256(content).hexdigest()}` |" for file, content in files.items()
    )
    return f"""# The images in this folder

12,000 real images of Fashion-MNIST, 28×28 grey pixels, ten classes: 10,000 for training (1,000 of every
class; the last 1,000 images, 100 of every class, serve as the validation set) and 2,000 for test (200 of
every class). The validation images come from the last 5,000 training images of the full set; the shipped
networks were trained on its first 55,000.

{origin}

Fashion-MNIST was made by Zalando Research and is under the MIT licence, see LICENSE.txt:
Han Xiao, Kashif Rasul, Roland Vollgraf, *Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
Learning Algorithms*, 2017, arXiv 1708.07747.

The files are made by `python tools/make_subset.py FOLDER` (seed {SEED}).

| file | bytes | SHA-256 |
|---|---|---|
{rows}
"""


def sums_text(files: dict[str, bytes]) -> str:
    """SHA256SUMS, in the form of the program sha256sum: what `data.load` compares the shipped files with."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {file}\n" for file, content in files.items())


def differences(folder: Path) -> list[str]:
    """What is shipped otherwise than it would be made from `folder`: a line per file, empty if all is equal.

    Files are compared by what they hold, since another zlib may pack the same contents into other bytes.
    """
    lines = []
    for file, content in make(folder).items():
        shipped = SHIPPED / file
        if not shipped.exists():
            lines.append(f"{file} is not there")
        elif shipped.read_bytes() != content and not _same_contents(shipped, content):
            lines.append(f"{file} holds something else")
    return lines


def _same_contents(shipped: Path, packed: bytes) -> bool:
    read_idx(shipped)
    return gzip.decompress(shipped.read_bytes()) == gzip.decompress(packed)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the subset. Returns 0 if all is well, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder with the four idx .gz files of the full set")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            lines = differences(options.folder)
            print("\n".join(lines) or "The shipped images are exactly what this full set gives.")
            return 1 if lines else 0
        files = make(options.folder)
    except (DamagedSet, FileNotFoundError) as error:
        print(f"No full set in {options.folder}: {error}")
        return 1
    for file, content in files.items():
        atomic_write_bytes(SHIPPED / file, content)
    atomic_write_text(SHIPPED / "SOURCE.md", source_text(options.folder, files))
    atomic_write_text(SHIPPED / SUMS, sums_text(files))
    total = sum(map(len, files.values()))
    print(f"Wrote {len(files)} files, {total / 1e6:.1f} MB together, SOURCE.md and {SUMS}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
