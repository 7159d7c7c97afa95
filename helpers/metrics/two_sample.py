"""The two-sample test by a fresh detective: can a network that is trained for it alone tell real from made?

    found = two_sample(real, made, held_real, held_made, seed=42)      # {"accuracy": .5 is perfect, 1 hopeless, …}
    found["real"], found["made"]                                       # how real each held-back image looks

Where no network does better than tossing a coin, nothing gives the made images away. Unlike the discriminator of a
GAN, the detective has never played against the generator, and unlike the Fréchet distance it has not chosen in
advance what it looks at. Source: Lopez-Paz and Oquab, 2017, arXiv 1610.06545.
"""

from __future__ import annotations

import numpy as np
from keras import layers

from helpers.backend import keras

EPOCHS = 8
BATCH = 64
HALF_A_BYTE = 0.5 / 255


def detective(seed: int = 42) -> keras.Model:
    """The untrained network, from images (n, h, w, 1) in [0, 1] to logits (n, 1), high for real ones.

    Three 3 × 3 convolutions of stride 2, with 16, 32 and 64 maps, and a dense layer of 64 units.
    """
    start = (keras.initializers.HeNormal(seed=seed + place) for place in range(5))
    convolutions = [
        layers.Conv2D(maps, 3, strides=2, padding="same", activation="relu", kernel_initializer=next(start))
        for maps in (16, 32, 64)
    ]
    return keras.Sequential([
        *convolutions,
        layers.Flatten(),
        layers.Dropout(0.3, seed=seed),
        layers.Dense(64, activation="relu", kernel_initializer=next(start)),
        layers.Dropout(0.3, seed=seed + 1),
        layers.Dense(1, kernel_initializer=next(start)),
    ], name="detective")  # fmt: skip


def two_sample(
    real, made, held_real, held_made, *, seed: int = 42, epochs: int = EPOCHS, batch_size: int = BATCH
) -> dict:
    """Train a detective on `real` and `made`, and test it on the images that were held back.

    All are images (n, h, w) in [0, 1]; real and made of equal number, and so those held back: then .5 is chance.
    Everything is rounded to bytes first, as real images are, so that nobody is given away by what no eye can see.
    Returns {"accuracy": share of the held-back images that it judges rightly, "real": (n,) and "made": (n,), the
    probabilities that it gives to the held-back ones of being real}.
    The same seed gives the same network, order and dropout. Raises ValueError for unequal numbers, other shapes, and
    images that `image_pixels` refuses.
    """
    sets = [as_bytes(images) for images in (real, made, held_real, held_made)]
    if len(sets[0]) != len(sets[1]) or len(sets[2]) != len(sets[3]):
        numbers = ", ".join(f"{len(images):,}" for images in sets)
        raise ValueError(f"As many made images as real ones are needed, in training and in the test; got {numbers}.")
    X, y = np.concatenate(sets[:2]), np.repeat([1.0, 0.0], len(sets[0])).astype(np.float32)
    random, network = np.random.default_rng(seed), detective(seed)
    network.compile(keras.optimizers.Adam(1e-3), keras.losses.BinaryCrossentropy(from_logits=True))
    whole = len(X) - len(X) % batch_size or len(X)  # batches of one size only: another one is compiled anew
    for _ in range(epochs):
        order = random.permutation(len(X))[:whole]
        network.fit(X[order], y[order], batch_size=batch_size, epochs=1, shuffle=False, verbose=0)
    seen = [1 / (1 + np.exp(-network.predict(images, batch_size=500, verbose=0)[:, 0])) for images in sets[2:]]
    right = np.concatenate([seen[0] > 0.5, seen[1] <= 0.5])
    return {"accuracy": float(right.mean()), "real": seen[0], "made": seen[1]}


def as_bytes(images) -> np.ndarray:
    """Images (n, h, w) in [0, 1] as they would come out of a file: (n, h, w, 1), whole numbers of 255ths."""
    images = np.asarray(images, dtype=np.float32)
    if images.ndim != 3:
        raise ValueError(f"The detective looks at images (n, h, w), got {images.shape}.")
    return (np.round(255 * np.clip(images, 0, 1)) / 255).astype(np.float32)[..., None]


def black_share(images) -> float:
    """Share of the pixels that are exactly black once they are rounded to bytes; images in [0, 1]."""
    return float(np.mean(np.asarray(images) < HALF_A_BYTE))
