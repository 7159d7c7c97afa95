"""Weights on disk: NAME.npz with the arrays, NAME.json with what they are. Read whole, or not at all.

A file from the network or from a stick may be cut short, stale or foreign. So it is read only when its SHA-256 is the
one in its manifest, no Python object is ever loaded, and the caller gets either every array or a reason.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import zipfile
import zlib
from pathlib import Path

import numpy as np

from helpers.files import atomic_write_bytes, atomic_write_json, read_json

FORMAT = 1
# the first labels of the official training files, to tell whether a full set has their order
LABELS = {"fashion_mnist": (9, 0, 0, 3, 0, 2, 7, 2, 5, 5), "mnist": (5, 0, 4, 1, 9, 2, 1, 3, 1, 4)}
REQUIRED = (
    *("format", "name", "lesson", "source", "data", "seconds", "images_seen", "figures", "history", "versions"),
    *("bytes", "sha256", "weights"),
)


# what zipfile and NumPy raise for a broken archive (the last: a kind of packing, or a password)
BROKEN = (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError)


class Unfit(Exception):
    """Weights that must not be used; the text completes the sentence "Weights NAME: …"."""


def write(folder: Path, name: str, arrays: dict[str, np.ndarray], manifest: dict) -> dict:
    """Write both files, each in one step, the manifest last; returns the manifest as it was written.

    In between, the old manifest does not fit the new arrays, so that nobody takes one for the other.
    """
    buffer = io.BytesIO()
    save_arrays(buffer, arrays)
    content = buffer.getvalue()
    weights = [{"key": k, "shape": list(a.shape), "dtype": str(a.dtype)} for k, a in arrays.items()]
    proof = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "weights": weights}
    manifest = {"format": FORMAT, "name": name, **manifest, **proof}
    text = json.dumps(manifest, allow_nan=False)  # now, since it raises for what JSON does not have
    atomic_write_bytes(folder / f"{name}.npz", content)
    atomic_write_json(folder / f"{name}.json", manifest)
    return json.loads(text)


def read_manifest(folder: Path, name: str) -> dict:
    """The manifest of these weights, proven to have its form. Raises Unfit."""
    path = folder / f"{name}.json"
    try:
        manifest = read_json(path)
        missing = [key for key in REQUIRED if key not in manifest]
        if missing or manifest["format"] != FORMAT or manifest["name"] != name:
            raise ValueError(f"it lacks {', '.join(missing)}" if missing else "it is of another form or name")
        for one in manifest["weights"]:
            if not isinstance(one["key"], str) or np.dtype(one["dtype"]).kind not in "fiub":
                raise ValueError("it describes something other than numbers")
            if not all(isinstance(side, int) and side >= 0 for side in one["shape"]):
                raise ValueError("it holds a shape that is none")
        numbers = [manifest["bytes"], manifest["seconds"], *manifest["figures"].values()]
        if not all(isinstance(number, int | float) for number in numbers):
            raise ValueError("it holds a figure that is no number")
    except FileNotFoundError:
        if (folder / f"{name}.npz").exists():
            raise Unfit(f"their manifest {path.name} is missing") from None
        raise Unfit("there are none yet") from None
    except OSError as error:
        raise Unfit(f"their manifest {path.name} cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unfit(f"their manifest {path.name} is damaged ({error})") from None
    return manifest


def read(folder: Path, name: str, shapes: list[tuple[int, ...]], source: str) -> tuple[list[np.ndarray], dict]:
    """(arrays in order, manifest) of the weights `name`, if they fit these shapes and this source.

    Raises Unfit, with the reason, if anything at all is wrong.
    """
    manifest = read_manifest(folder, name)
    if manifest["source"] != source:
        raise Unfit("they were made by other code than this")
    _prove_shapes(manifest["weights"], shapes)
    path = folder / f"{name}.npz"
    try:
        size = path.stat().st_size
        if size != manifest["bytes"]:
            raise Unfit(f"{path.name} has {size:,} bytes instead of {manifest['bytes']:,}: it is damaged")
        content = path.read_bytes()
    except FileNotFoundError:
        raise Unfit(f"{path.name} is missing") from None
    except OSError as error:
        raise Unfit(f"{path.name} cannot be read ({error.strerror})") from None
    if hashlib.sha256(content).hexdigest() != manifest["sha256"]:
        raise Unfit(f"{path.name} is damaged: its SHA-256 is not the one in its manifest")
    try:
        return _unpack(content, manifest["weights"]), manifest
    except Unfit as error:
        raise Unfit(f"{path.name} {error}") from None
    except BROKEN as error:
        raise Unfit(f"{path.name} is damaged ({error})") from None


def save_arrays(file, arrays: dict[str, np.ndarray]) -> None:
    """The arrays as a .npz file. Raises ValueError for Python objects, which only a pickle could hold.

    `np.savez` can be told so itself, but that of NumPy 2.0 takes `allow_pickle` for one more array.
    """
    objects = [key for key, array in arrays.items() if np.asarray(array).dtype.hasobject]
    if objects:
        raise ValueError(f"Python objects cannot be saved: {', '.join(objects)}.")
    np.savez(file, **arrays)


def _prove_shapes(described: list[dict], shapes: list[tuple[int, ...]]) -> None:
    if len(described) != len(shapes):
        raise Unfit(f"they are {len(described)} arrays and this model has {len(shapes)}: another model's")
    for place, (one, shape) in enumerate(zip(described, shapes, strict=True)):
        if tuple(one["shape"]) != tuple(shape):
            raise Unfit(
                f"array {place} ({one['key']}) has the shape {tuple(one['shape'])} and this model needs "
                f"{tuple(shape)}: another model's"
            )


def _unpack(content: bytes, described: list[dict]) -> list[np.ndarray]:
    """The arrays in a .npz file whose SHA-256 is that of the manifest; Python objects are never loaded."""
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        if sorted(archive.files) != sorted(one["key"] for one in described):
            raise Unfit("does not hold the arrays that its manifest names")
        arrays = [archive[one["key"]] for one in described]
    # NumPy hands out a member without an array's header as bytes, without a word.
    if not all(isinstance(array, np.ndarray) for array in arrays):
        raise Unfit("is damaged (a member of it is no array)")
    for one, array in zip(described, arrays, strict=True):
        if array.shape != tuple(one["shape"]) or array.dtype != np.dtype(one["dtype"]):
            raise Unfit(f"holds {one['key']} as {array.dtype} of {array.shape}, unlike its manifest")
        if not np.isfinite(array).all():
            raise Unfit(f"holds NaN or infinite values in {one['key']}")
    return arrays


def data_text(data) -> str:
    """A text as it is; a Dataset as what it is, without the place where it lay on some machine.

    A full set whose first labels are not those of the official files says so, since its figures may differ.
    """
    if isinstance(data, str):
        return data
    own = ""
    official = LABELS.get(data.name)
    if data.is_full and official and tuple(data.y_train[: len(official)].tolist()) != official:
        own = " (order and division into training and test images differ from the official files)"
    kind = "full set" if data.is_full else data.source
    return f"{str(data).split(':')[0]}, {kind}, {len(data.X_train):,} images{own}"


def short(value) -> float | None:
    """Six digits are enough for a figure; None for what JSON does not have."""
    return float(f"{float(value):.6g}") if np.isfinite(value) else None


def versions() -> dict[str, str]:
    """The versions of what trained."""
    from helpers.backend import keras, tf  # here: looking at a manifest needs neither

    return {"numpy": np.__version__, "keras": keras.__version__, "tensorflow": tf.__version__}
