"""The check of lesson 08 on training: exercise 8.4, what a denoiser is shown and what it is asked for."""

import numpy as np

from helpers.exercises.assertions import NotYet, require
from helpers.exercises.registry import exercise

N, EPOCHS, BATCH = 14, 3, 4


@exercise(
    "8.4",
    "Noisy in, clean out",
    reference="helpers.autoencoders.denoising.networks:fit_denoiser",
    changes=("model",),
    minutes=15,
    difficulty=2,
    seconds=20.0,
    hints=(
        "One epoch is easy: model.fit(noisy, …). What is the input, what the target? And the next epoch?",
        "A loop over the epochs. In each turn call corrupt(X, rng) anew, and fit for one epoch on the result.",
        "for epoch in range(epochs): model.fit(corrupt(X, rng), X, batch_size=batch_size, epochs=1, verbose=0).",
    ),
)
def check_fit_denoiser(answer, seed):
    rng = np.random.default_rng(seed)
    X = rng.random((N, 3, 2)).astype("float32")
    model, drawn, passed = _watched(X), [], np.random.default_rng(seed + 1)

    def corrupt(images, generator=None):
        images = np.asarray(images)
        require(isinstance(generator, np.random.Generator), got=f"{type(generator).__name__} as the second argument of "
                "corrupt", expected="the generator rng", look="corrupt(X, rng)")  # fmt: skip
        require(generator is passed, got="another generator than rng", expected="corrupt(X, rng)", look="hand on the "
                "generator that you were given: a new one with a fixed seed gives the same noise each time"
                )  # fmt: skip
        noisy = images + generator.normal(0, 0.4, images.shape).astype("float32")
        drawn.extend(zip(images.copy(), noisy.copy(), strict=True))
        return noisy

    optimizer = model.optimizer
    answer(model, X.copy(), corrupt, EPOCHS, BATCH, passed)
    require(model.optimizer is optimizer, got="a model compiled anew", expected="the compiled model that was handed in",
            look="do not compile here: it comes with its loss and its optimizer")  # fmt: skip
    require(model.seen, got="a model that was not trained", expected=f"{EPOCHS} epochs of training",
            look="model.fit(noisy images, clean images, …)")  # fmt: skip
    inputs = np.concatenate([x for x, _ in model.seen])
    targets = np.concatenate([y for _, y in model.seen])
    _pairs(inputs, targets, X, drawn)
    require(len(inputs) != N // BATCH * BATCH * EPOCHS, got=f"{len(inputs)} images shown in all",
            expected=f"{EPOCHS} epochs of {N} images",
            look=f"the last batch of an epoch has {N % BATCH} images only; it counts too")  # fmt: skip
    require(len(inputs) == N * EPOCHS, got=f"{len(inputs)} images shown in all",
            expected=f"{EPOCHS} epochs of {N} images",
            look="each turn of the loop is one epoch: epochs=1 inside it, and all images in each")  # fmt: skip
    _fresh_noise(inputs, targets, X)
    counts = {_which(y, X) for y in targets}
    require(len(counts) == N, got=f"only {len(counts)} of {N} images were shown", expected="all of them",
            look="pass all of X")  # fmt: skip
    largest = max(len(x) for x, _ in model.seen)
    require(largest == BATCH, got=f"batches of {largest}", expected=f"batches of {BATCH}",
            look="pass batch_size on to fit")  # fmt: skip
    model.seen.clear()
    answer(model, X.copy(), corrupt, 1, 6, passed)
    shown, largest = sum(len(x) for x, _ in model.seen), max(len(x) for x, _ in model.seen)
    require((shown, largest) == (N, 6), got=f"{shown} images in batches of up to {largest}, in a second call with 1 "
            "epoch and batch_size 6", expected=f"{N}, in batches of 6", look="take the arguments of this call"
            )  # fmt: skip


def _pairs(inputs, targets, X, drawn):
    """NotYet unless inputs are noisy and targets clean and of the same images, naming what they are instead."""
    clean_in = all(_which(x, X) is not None for x in inputs)
    clean_out = all(_which(y, X) is not None for y in targets)
    require(not (clean_in and not clean_out), got="clean images as inputs, noisy ones as targets",
            expected="the other way round", look="fit(inputs, targets): noisy in, clean out")  # fmt: skip
    never = "" if drawn else "; corrupt was never called"
    require(not clean_in and drawn, got="clean images as inputs" + never, expected="noisy images as inputs",
            look="corrupt(X, rng) returns noisy images; X itself stays as it is")  # fmt: skip
    require(not np.allclose(inputs, targets), got="the noisy images as their own targets", expected="clean targets",
            look="fit(noisy, noisy) asks for a copy of the noise as well: the target is X")  # fmt: skip
    require(clean_out, got="targets that are not the clean images", expected="X itself as the target",
            look="fit(corrupt(X, rng), X). X = corrupt(X, rng) overwrites the clean images")  # fmt: skip
    made = np.stack([noisy for _, noisy in drawn])
    for x, y in zip(inputs, targets, strict=True):
        place = _which(x, made)
        if place is not None:
            require(_which(drawn[place][0], X) is not None, got="noise on top of noise",
                    expected="one noise on the clean "
                    "images in each epoch",
                    look="corrupt(X, rng) of the clean X each time: X = corrupt(X, rng) piles the "
                    "noise up")  # fmt: skip
        require(place is not None, got="inputs that corrupt has not made", expected="what corrupt(X, rng) returns, as "
                "it is", look="no clipping and no second noise")  # fmt: skip
        require(np.allclose(drawn[place][0], y), got="noisy images beside the clean version of another image",
                expected="each beside its own", look="shuffle both alike, or leave the shuffling to fit")  # fmt: skip


def _fresh_noise(inputs, targets, X):
    noise = {}
    for x, y in zip(inputs, targets, strict=True):
        noise.setdefault(_which(y, X), []).append(x - y)
    each = [np.ptp(np.stack(rows), axis=0).max() for rows in noise.values() if len(rows) > 1]
    require(not each or max(each) > 1e-6, got="the same noise on an image in every epoch",
            expected="fresh noise each time", look="call corrupt inside the loop over the epochs, with the generator "
            "you were given: noise that comes again can be learned by heart")  # fmt: skip
    first = [rows[0] for rows in noise.values()]
    require(np.ptp(np.stack(first), axis=0).max() > 1e-6, got="the same noise on all images",
            expected="noise of its own for each", look="corrupt all images at once: corrupt(X, rng)")  # fmt: skip


def _which(image, X):
    """The number of the clean image that `image` is, or None."""
    hits = np.flatnonzero(np.abs(X - image).reshape(len(X), -1).max(axis=1) < 1e-6)
    return int(hits[0]) if len(hits) else None


def _watched(X):
    """A small model that keeps every batch it is trained on; a class in a function, since Keras is slow to import."""
    import keras

    class Watched(keras.Model):
        def __init__(self):
            super().__init__()
            self.inner = keras.Sequential([keras.Input(X.shape[1:]), keras.layers.Dense(2)])
            self.seen = []

        def call(self, inputs, training=None):
            return self.inner(inputs)

        def compile(self, *things, **options):
            require(getattr(self, "optimizer", None) is None, got="a model compiled anew",
                    expected="the compiled model that was handed in",
                    look="do not compile here: it comes with its loss and its optimizer")  # fmt: skip
            super().compile(*things, **options)

        def train_step(self, data):
            images, targets, _ = keras.utils.unpack_x_y_sample_weight(data)
            if targets is None:
                raise NotYet(got="fit without a target", expected="fit(noisy, clean)", look="the target is X")
            self.seen.append((np.array(images), np.array(targets)))
            return super().train_step(data)

    model = Watched()
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.01), run_eagerly=True)
    return model
