"""A student's own folder of pictures, brought into the form of Fashion-MNIST: 28×28, grey, light on black.

garments = data.from_folder("my_pictures")            # subfolders, if there are any, are the classes
"""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from helpers.data.dataset import DataNotFound, Dataset

SIDE = 28
ENDINGS = (".png", ".jpg", ".jpeg")
OTHER_ENDINGS = (".heic", ".heif", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff")
MOST_CLASSES = 256  # labels are bytes
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, struct.error, UnidentifiedImageError)


def from_folder(path: str | Path, *, light_background: bool | None = None, seed: int = 42) -> Dataset:
    """Read the PNG and JPEG pictures of a folder, print one line on what was done, and return them split three ways.

    path: a folder of pictures of any size and colour; or one of subfolders with pictures, whose names, in the order
        of the alphabet, are the classes. Without subfolders all labels are 0.
    light_background: whether to turn light and dark round, since the sets of the course are light on black. None
        looks at the borders of the pictures: if most of them are lighter than middle grey, all are turned.
    seed: of the order. A tenth of the pictures, at least one, is for validation, and as many for test.

    A picture that is not square gets a border of its background; all are then made 28×28. Damaged files are named
    and left out.   Returns a Dataset as `load` does: float32, (n, 28, 28), 0 (black) to 1, read-only.
    Raises DataNotFound if there is no such folder or if fewer than 3 pictures in it can be read.
    """
    folder = _folder(path)
    found, names = _files(folder)
    images, labels, damaged = [], [], []
    for file, label in found:
        try:
            images.append(_read(file))
            labels.append(label)
        except (*UNREADABLE, Image.DecompressionBombError) as error:
            reason = getattr(error, "strerror", None) or next(iter(str(error).splitlines()), "")[:60]
            damaged.append(f"{file.name} ({reason or type(error).__name__})")
    if len(images) < 3:
        raise DataNotFound(
            f"{folder} holds {len(images)} pictures that can be read, and 3 are the least that can be divided into "
            "training, validation and test images. PNG and JPEG files count, those in subfolders too. "
            f"{_left(damaged)} {_others(folder)}".rstrip()
        )
    X, y = np.stack(images), np.array(labels, np.uint8)
    turned = _light(X) if light_background is None else light_background
    if turned:
        X = 1 - X
    order = np.random.default_rng(seed).permutation(len(X))
    X, y = X[order], y[order]
    X.flags.writeable = y.flags.writeable = False
    part = max(1, len(X) // 10)
    train, valid = slice(0, len(X) - 2 * part), slice(len(X) - 2 * part, len(X) - part)
    test = slice(len(X) - part, len(X))
    made = Dataset(
        X[train], y[train], X[valid], y[valid], X[test], y[test], names, folder.name, "your own pictures", True
    )
    how = "turned to light on black" if turned else "background left dark"
    said = f"{made}; {len(names)} class{'es' * (len(names) != 1)}, made grey, {how}. {_left(damaged)}".rstrip()
    print(f"{said} {_others(folder)}".rstrip())
    return made


def _folder(path: str | Path) -> Path:
    try:
        folder = Path(path).expanduser()
        if folder.is_dir():
            return folder.resolve()
    except (OSError, RuntimeError):  # ~nobody, a folder that may not be read
        folder = path
    except TypeError:
        raise DataNotFound(f"{path!r} is no folder. Give the path of one folder of pictures, as a text.") from None
    raise DataNotFound(f"There is no folder {folder}, or it cannot be read. Give the path of a folder of pictures.")


def _files(folder: Path) -> tuple[list[tuple[Path, int]], tuple[str, ...]]:
    """[(file, label)] and the names of the classes."""

    def pictures(place: Path) -> list[Path]:
        inside = sorted(place.rglob("*") if place != folder else place.iterdir())
        return [each for each in inside if each.suffix.lower() in ENDINGS and not each.name.startswith(".")]

    try:
        classes = [each for each in sorted(folder.iterdir()) if each.is_dir() and not each.name.startswith(".")]
        members = {each.name: files for each in classes if (files := pictures(each))}
        loose = pictures(folder)
    except OSError as error:
        raise DataNotFound(f"{folder} cannot be read ({error.strerror or error}).") from None
    if members and loose:
        raise DataNotFound(
            f"{folder} holds pictures both in itself and in subfolders ({', '.join(members)}). Put all of them into "
            "subfolders, which are then the classes, or all into the folder itself."
        )
    if len(members) > MOST_CLASSES:
        raise DataNotFound(f"{folder} has {len(members)} subfolders with pictures; {MOST_CLASSES} are the most.")
    if not members:
        return [(file, 0) for file in loose], (folder.name,)
    return [(file, label) for label, name in enumerate(members) for file in members[name]], tuple(members)


def _read(file: Path) -> np.ndarray:
    """One picture as (28, 28) float32 in [0, 1], with its light and dark as they are."""
    with warnings.catch_warnings(), Image.open(file) as opened:
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = ImageOps.exif_transpose(opened)  # a telephone notes how it was held
        if "A" in picture.getbands() or "transparency" in picture.info:
            paper = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(paper, picture.convert("RGBA"))
        if picture.mode.startswith(("I", "F")):  # 16 bits for each pixel
            values = np.asarray(picture, np.float32)
            picture = Image.fromarray((values / max(float(values.max()), 1.0) * 255).astype(np.uint8))
        grey = picture.convert("L")
    background = int(np.median(_border(np.asarray(grey)[None])))
    small = ImageOps.pad(grey, (SIDE, SIDE), Image.Resampling.LANCZOS, color=background)
    return np.asarray(small, np.float32) / 255


def _border(images: np.ndarray) -> np.ndarray:
    """The outermost pixels of images (n, h, w), as (n, their number)."""
    edges = images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]
    return np.concatenate(edges, axis=1)


def _light(X: np.ndarray) -> bool:
    return bool(np.mean(np.median(_border(X), axis=1) > 0.5) > 0.5)


def _others(folder: Path) -> str:
    """A sentence on pictures of other kinds, which nobody has looked at."""
    kinds = [each.suffix.lower() for each in (*folder.glob("*"), *folder.glob("*/**/*"))]
    kinds = [kind for kind in kinds if kind in OTHER_ENDINGS]
    if not kinds:
        return ""
    return f"Passed over: {len(kinds)} of another kind ({', '.join(sorted(set(kinds)))}); save them as PNG or JPEG."


def _left(damaged: list[str]) -> str:
    if not damaged:
        return ""
    more = f" and {len(damaged) - 3} more" if len(damaged) > 3 else ""
    return f"Left out, since they cannot be read: {', '.join(damaged[:3])}{more}."
