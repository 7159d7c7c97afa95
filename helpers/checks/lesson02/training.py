"""The check of lesson 02 that trains: exercise 2.4."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.registry import exercise


@exercise(
    "2.4",
    "How many codings?",
    reference="helpers.metrics.reconstruction:error_curve",
    minutes=10,
    difficulty=2,
    seconds=20.0,
    hints=(
        "A loop over the sizes. Each turn: build, train, measure, note down.",
        "Build a new model inside the loop. Its input is also its target. Train on X and measure on V.",
        "model = build(size); model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0); "
        "errors[size] = metrics.mse(V, model.reconstruct(V)).",
    ),
)
def check_error_curve(answer, seed):
    watched = _watched_class()
    rng = np.random.default_rng(seed)
    X = rng.random((16, 3, 4)).astype("float32")
    V = (0.6 * rng.random((10, 3, 4))).astype("float32")
    built = []

    def build(size):
        built.append(watched(int(size), X, V))
        return built[-1]

    sizes, epochs, batch_size = [4, 1], 2, 6
    errors = answer(list(sizes), build, X, V, epochs, batch_size)
    require(isinstance(errors, dict), got=f"{type(errors).__name__}", expected="a dictionary {size: error}",
            look="errors = {} before the loop, errors[size] = … inside, return errors after it")  # fmt: skip
    require(not (len(built) == 1 and list(errors) == sizes[:1]), got="an answer after one size",
            expected="an entry for each size", look="the return line inside the loop ends it; move it out")  # fmt: skip
    require(len(built) >= len(sizes), got=f"{len(built)} model{'s' * (len(built) != 1)} for {len(sizes)} sizes",
            expected="a fresh model for each size", look="call build(size) inside the loop")  # fmt: skip
    require(sorted(errors) == sorted(sizes), got=f"the sizes {list(errors)}", expected=f"the sizes {sizes}",
            look="one entry for each size, with the size as its key")  # fmt: skip
    for model in built:
        require(model.trained(), got="a model with the weights it was built with", expected="a trained model",
                look="model.fit(X, X, …) before the error is measured")  # fmt: skip
    models = {model.size: model for model in built}
    right = {size: np.mean((V - models[size].reconstruct(V)) ** 2, dtype=float) for size in sizes}
    on_training = [np.mean((X - models[size].reconstruct(X)) ** 2, dtype=float) for size in sizes]
    values = array([errors[size] for size in sizes], "the errors", "one number for each size")
    expected = np.array([right[size] for size in sizes])
    close(
        values,
        expected,
        "the validation error",
        look="metrics.mse(V, model.reconstruct(V)) after training",
        rtol=1e-4,
        mistakes={
            "this is the error on the training images; V is there to measure on": on_training,
            "this is the root of the mean squared error": np.sqrt(expected),
            "this is a sum over all pixels and images, not a mean": expected * V.size,
            "this is summed over the pixels of an image": expected * 12,
            "this is the lowest val_loss of all epochs; the error after the last one is asked for": [
                models[size].lowest for size in sizes
            ],
            "this is the last loss of the training, on X and while it was still learning; measure on V afterwards": [
                models[size].last_loss for size in sizes
            ],
            "this was measured before the training": [models[size].fresh_error for size in sizes],
            "this is the mean absolute error; the mean squared error is asked for": [
                np.mean(np.abs(V - models[size].reconstruct(V)), dtype=float) for size in sizes
            ],
            "this is the error on training and validation images together; measure on V alone": [
                np.mean((A - models[size].reconstruct(A)) ** 2, dtype=float)
                for A in (np.concatenate([X, V]),)
                for size in sizes
            ],
            "these are percent or another multiple of the error: the error itself is asked for": 100 * expected,
            "the errors belong to the other sizes: errors[size] inside the loop": expected[::-1],
        },
    )
    for model in built:
        if model.calls:  # who trains batch by batch may count epochs as they like
            done = sum(call.get("epochs", 1) - call.get("initial_epoch", 0) for call in model.calls)
            require(done == epochs, got=f"{done} epoch{'s' * (done != 1)} of training", expected=f"{epochs}, as asked",
                    look="pass epochs on to fit")  # fmt: skip
        steps, wanted = int(model.optimizer.iterations), epochs * -(-len(X) // batch_size)
        require(steps == wanted, got=f"{steps} training steps for {len(X)} images and {epochs} epochs",
                expected=f"{wanted}, in batches of batch_size = {batch_size}",
                look="pass batch_size on to fit; its own default is 32")  # fmt: skip
    _once_more(answer, watched, X, V)


def _once_more(answer, watched, X, V) -> None:
    """A second call with other sizes, another `build`, and other numbers."""
    built = []

    def build(size):
        built.append(watched(int(size), X, V))
        return built[-1]

    errors = answer([2], build, X, V, 1, 8)
    require(list(errors) == [2] and [model.size for model in built] == [2],
            got=f"the sizes {list(errors)}, of {len(built)} models, in a second call", expected="[2], of one model",
            look="take `sizes` and `build` of this call")  # fmt: skip
    steps, wanted = int(built[0].optimizer.iterations), -(-len(X) // 8)
    require(steps == wanted, got=f"{steps} training steps in a second call, with 1 epoch and batch_size 8",
            expected=f"{wanted}", look="take `epochs` and `batch_size` of this call")  # fmt: skip
    close(errors[2], np.mean((V - built[0].reconstruct(V)) ** 2, dtype=float), "the validation error in a second call",
          look="measure the model that was built in this call", rtol=1e-4)  # fmt: skip


def _watched_class():
    """An autoencoder that knows how it was trained; a class in a function, since Keras is slow to import."""
    import keras

    from helpers.autoencoders.autoencoder import Autoencoder, dense_hourglass

    class Watched(Autoencoder):
        def __init__(self, size, X, V):
            whole = dense_hourglass(X.shape[1:], (8,), size, activation="relu", coding_activation=None,
                                    output_activation="sigmoid")  # fmt: skip
            super().__init__(whole.encoder, whole.decoder)
            self.size, self.calls, self._images = size, [], (X, V)
            self.lowest = self.last_loss = np.nan
            self.fresh_error = np.mean((V - self.reconstruct(V)) ** 2, dtype=float)
            self.first_weights = [np.array(w) for w in self.get_weights()]
            self.compile(loss="mse", optimizer=keras.optimizers.SGD(0.5), run_eagerly=True)

        def trained(self):
            return any(np.any(a != b) for a, b in zip(self.first_weights, self.get_weights(), strict=True))

        def reconstruct(self, X, batch_size=1024):
            return np.asarray(self(np.asarray(X)))  # not compiled, which would take longer than all else here

        def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose=0, **options):
            options = {**options, "batch_size": batch_size, "epochs": epochs, "verbose": 0}
            self.calls.append(options)
            require((batch_size, epochs) != (2, 6), got="6 epochs in batches of 2", expected="2 epochs in batches of 6",
                    look="epochs and batch_size have changed places")  # fmt: skip
            X, V = self._images
            if y is None and isinstance(x, np.ndarray):
                raise NotYet(got="fit(X), without a target", expected="fit(X, X)",
                             look="the images are their own targets")  # fmt: skip
            for name, given in (("the images", x), ("the targets", y)):
                if isinstance(given, np.ndarray) and given.shape == V.shape and np.allclose(given, V):
                    raise NotYet(got=f"{name} given to fit are the validation images", expected="fit(X, X)",
                                 look="a model that has been trained on V cannot be judged on V")  # fmt: skip
                if isinstance(given, np.ndarray) and len(given) == len(X) + len(V):
                    raise NotYet(got=f"{name} given to fit are X and V together", expected="fit(X, X)",
                                 look="a model that has been trained on V cannot be judged on V")  # fmt: skip
                if isinstance(given, np.ndarray) and given.shape == X.shape and np.allclose(given, 255 * X):
                    raise NotYet(got=f"{name} given to fit run from 0 to 255", expected="pixels in [0, 1]",
                                 look="X is in [0, 1] already")  # fmt: skip
            if isinstance(x, np.ndarray):
                _images_themselves(x, y, X)
            if options.get("validation_split"):
                raise NotYet(got="fit with validation_split, which trains on a part of X", expected="all of X",
                             look="V is there to measure on; leave validation_split away")  # fmt: skip
            early = any("EarlyStopping" in type(one).__name__ for one in options.get("callbacks") or ())
            require(not early, got="fit with EarlyStopping, which may end before its time", expected="all the epochs",
                    look="each model is trained for `epochs` epochs: leave the callback away")  # fmt: skip
            history = super().fit(x, y, **options)
            self.last_loss = history.history["loss"][-1]
            observed = history.history.get("val_loss", [])
            if len(observed) > 1:  # as if the first epoch had been the best: its error is not that of the trained model
                observed[0] *= 0.5
                self.lowest = observed[0]
            return history

    return Watched


def _images_themselves(x, y, X) -> None:
    """NotYet unless x and y are the images of X, in any order, each its own target."""
    x, y = np.asarray(x), np.asarray(y)
    require(x.shape == y.shape == X.shape, got=f"fit with images {x.shape} and targets {y.shape}",
            expected=f"X as both, {X.shape}", look="fit(X, X, …)")  # fmt: skip
    rows, all_rows = (sorted(map(tuple, A.reshape(len(A), -1).tolist())) for A in (x, X))
    require(rows == all_rows, got="other images than X given to fit", expected="X as it is",
            look="no noise, no selection, no scaling here: fit(X, X, …)")  # fmt: skip
    require(np.array_equal(x, y), got="targets that are not the images themselves, row by row", expected="fit(X, X)",
            look="an image is its own target: the same order in both")  # fmt: skip
