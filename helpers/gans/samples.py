"""Images from a GAN for looking at: drawn, decoded from chosen codings, always in [0, 1].

All of it uses `gan.generate` in inference mode, so the averaged generator if there is one, and leaves the
random numbers of the training where they are: a training goes the same way whether it is watched or not.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable

import numpy as np

from helpers.backend import keras, tf
from helpers.gans.compiled import for_any_number

MOST = 250  # codings that go through the generator at once
SIDE = 28  # pixels of the images that everything is measured on
# For each GAN its compiled generators, one for each stage of a growing GAN; they hold no reference to the GAN and so
# do not keep it in memory.
_compiled: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def fixed_codings(gan, n: int, seed: int = 0) -> np.ndarray:
    """n codings (n, k), float32, from the GAN's own distribution; the same for the same seed."""
    state = gan.random.state
    before = np.asarray(state)
    try:
        state.assign(np.array([seed, 0], dtype=before.dtype))
        return np.asarray(gan.draw_codings(n), dtype=np.float32)
    finally:
        state.assign(before)


def draw(gan, n: int, seed: int = 0, labels=None) -> np.ndarray:
    """n images (n, 28, 28), float32 in [0, 1], from random codings; the same for the same seed.

    labels: for a conditional GAN, one whole number for all images or n of them.
    A generator of points gives its points (n, 2) as they are.
    Raises ValueError when labels are missing, superfluous, or not n.
    """
    return images(gan, fixed_codings(gan, n, seed), labels)


def decoder(gan, label: int | None = None) -> Callable[[np.ndarray], np.ndarray]:
    """A function, codings (n, k) → images (n, 28, 28) in [0, 1], for the widgets of `code_widgets`.

    label: for a conditional GAN, the class of all its images. Raises ValueError as `draw` does.
    """
    _labels(gan, label, 1)  # now, not at the first move of a slider
    return lambda codings: images(gan, codings, label)


def images(gan, codings, labels=None) -> np.ndarray:
    """The images of these codings: (n, k) → (n, 28, 28), float32 in [0, 1]; points (n, 2) stay as they are.

    labels: as in `draw`. Raises ValueError for codings of another shape, and as `draw` does.
    """
    codings = np.asarray(codings, dtype=np.float32)
    if codings.ndim != 2 or codings.shape[1] != gan.codings or not len(codings):
        raise ValueError(f"This GAN makes images from codings (n, {gan.codings}), n at least 1; got {codings.shape}.")
    labels = _labels(gan, labels, len(codings))
    run, parts = _function(gan), []
    for start in range(0, len(codings), MOST):
        piece = slice(start, start + MOST)
        batch = (codings[piece],) if labels is None else (codings[piece], labels[piece])
        parts.append(run(*map(tf.constant, batch)).numpy())
    made = np.concatenate(parts)
    if made.ndim == 2:
        return made
    made = made[..., 0] if made.ndim == 4 and made.shape[-1] == 1 else made
    return np.clip((unframe(made) + 1) / 2, 0, 1)


def frame(images, size: int = 32) -> np.ndarray:
    """Images (n, 28, 28) in [0, 1] for a growing GAN: (n, size, size, 1), float32 in [−1, 1], with a black margin.

    `images` and `draw` cut the margin off again. Raises ValueError unless size − 28 is even and 0 or more.
    """
    images = np.asarray(images, dtype=np.float32)
    margin, odd = divmod(size - images.shape[-1], 2)
    if odd or margin < 0:
        raise ValueError(f"A margin of equal width cannot make {images.shape[-1]} pixels to {size}.")
    return np.pad(2 * images - 1, ((0, 0), (margin, margin), (margin, margin)), constant_values=-1)[..., None]


def unframe(images) -> np.ndarray:
    """The middle 28 × 28 pixels of images (n, h, w) or (n, h, w, channels); smaller ones stay as they are."""
    top, left = (max(0, (side - SIDE) // 2) for side in images.shape[1:3])
    return images[:, top : top + SIDE, left : left + SIDE]


def _labels(gan, labels, n: int) -> np.ndarray | None:
    """One label for each of n images as int32, or None for a GAN without labels."""
    if labels is None:
        if gan.conditional:
            raise ValueError("This GAN is conditional: say of which class its images shall be (labels=…, or label=…).")
        return None
    if not gan.conditional:
        raise ValueError("This GAN knows no labels: it was made without conditional=True.")
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu" or labels.shape not in ((), (n,)):
        raise ValueError(f"labels must be one whole number, or {n} of them; got {labels.dtype} of {labels.shape}.")
    return np.broadcast_to(labels, (n,)).astype(np.int32)


def _function(gan):
    """gan.generate compiled, for batches of any size if that can be, made at its first use (at this stage)."""
    functions, stage = _compiled.setdefault(gan, {}), getattr(gan, "stage", None)
    if stage not in functions:
        weak = weakref.ref(gan)
        signature = [tf.TensorSpec((None, gan.codings), tf.float32)]
        if gan.conditional:
            signature.append(tf.TensorSpec((None,), tf.int32))

        def paint(codings, labels=None):
            return keras.ops.cast(weak().generate(codings, labels), "float32")

        functions[stage] = for_any_number(paint, *signature)
    return functions[stage]


def at_28(images: np.ndarray) -> np.ndarray:
    """Images (n, s, s) of a stage as the measures need them: enlarged to 32 pixels, then the middle 28: (n, 28, 28).

    s: 4, 8, 16 or 32; images of 28 pixels stay as they are. Raises ValueError for other sizes.
    """
    images = np.asarray(images)
    side = images.shape[1]
    if side == 28:
        return images
    if side not in (4, 8, 16, 32) or images.shape[2] != side:
        raise ValueError(f"Images of a stage have 4, 8, 16 or 32 pixels a side, not {images.shape[1:]}.")
    return images.repeat(32 // side, axis=1).repeat(32 // side, axis=2)[:, 2:30, 2:30]


def at_size(images: np.ndarray, size: int) -> np.ndarray:
    """Images (n, 28, 28) in [0, 1] for a growing GAN of this size: (n, size, size, 1), float32 in [−1, 1].

    They get a black margin up to 32 pixels and are then halved, each pixel the mean of four, as often as needed.
    size: 4, 8, 16 or 32; raises ValueError for others.
    """
    if size not in (4, 8, 16, 32):
        raise ValueError(f"A stage has 4, 8, 16 or 32 pixels a side, not {size}.")
    X = frame(images, 32)
    while X.shape[1] > size:
        half = X.shape[1] // 2
        X = X.reshape(len(X), half, 2, half, 2, 1).mean(axis=(2, 4))
    return X
