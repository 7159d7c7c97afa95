"""The checks of lesson 05, one autoencoder at a time."""

import inspect

import numpy as np

from helpers.checks.lesson05.phases import gradients
from helpers.exercises.assertions import NotYet, array, close, require, shape
from helpers.exercises.registry import exercise
from helpers.exercises.stand_ins import as_output


@exercise(
    "5.1",
    "How much gradient arrives?",
    reference="helpers.autoencoders.greedy.layerwise:gradient_sizes",
    changes=("model",),  # the check says in its own words that the network is only looked at
    minutes=15,
    difficulty=2,
    hints=(
        "Inside `with tf.GradientTape() as tape:` compute the loss as one number. After it, ask the tape for the "
        "gradient with respect to a list of weights.",
        "The matrices are those of model.trainable_weights with len(weight.shape) == 2. tape.gradient(loss, matrices) "
        "gives one array for each, of its shape.",
        "loss = tf.reduce_mean(tf.square(X - model(X))), and for each gradient "
        "float(tf.sqrt(tf.reduce_mean(tf.square(gradient)))).",
    ),
)
def check_gradient_sizes(answer, seed):
    from helpers.autoencoders.greedy.layerwise import raw_sandwich

    rng = np.random.default_rng(seed)
    model = raw_sandwich(6, (5, 3))
    model.set_weights([rng.normal(0, 1.2, w.shape).astype("float32") for w in model.get_weights()])
    before = [np.array(w) for w in model.get_weights()]
    X = rng.random((40, 6)).astype("float32")  # more than one of Keras' own batches
    got = answer(model, X.copy())
    got = array([float(np.asarray(one)) if np.ndim(one) == 0 else np.nan for one in _listed(got)], "the sizes")
    every = gradients(before, ("sigmoid",) * 4, X, X)
    slopes = every[::2]

    def rms(arrays):
        return np.array([np.sqrt(np.mean(np.square(a))) for a in arrays])

    require(len(got) != 8, got="8 numbers for 4 matrices and 4 biases", expected="4 numbers, for the matrices alone",
            look="a matrix has two axes: len(weight.shape) == 2")  # fmt: skip
    shape(got, (4,), "the sizes", "one number for each weight matrix of the model")
    close(
        got,
        rms(slopes),
        "the sizes of the gradients",
        look="the mean squared error on X, its derivatives for each matrix, the root of the mean of their squares",
        rtol=1e-3,
        atol=1e-9,
        mistakes={
            "these begin at the output; the first number belongs to the first layer": rms(slopes)[::-1],
            "the root is missing: this is the mean of the squares": rms(slopes) ** 2,
            "without the squares, derivatives of opposite sign cancel: this is their mean": [a.mean() for a in slopes],
            "this is the absolute value of their mean; square each first": [abs(a.mean()) for a in slopes],
            "this is the mean of their absolute values; the root of the mean of the squares is asked for": [
                np.abs(a).mean() for a in slopes
            ],
            "this is the norm, the root of the sum of the squares: it grows with the matrix": [
                np.linalg.norm(a) for a in slopes
            ],
            "this is the largest entry of each": [np.abs(a).max() for a in slopes],
            "the loss is a sum over pixels and images, not a mean: it grows with both": rms(slopes) * X.size,
            "the loss is summed over the pixels; it is the mean over images and pixels": rms(slopes) * 6,
            "the loss is one number for each image, not one for all; the tape then adds them up: take the mean": rms(
                slopes
            )
            * 40,
            "this is the gradient on the first 32 rows; all rows of X count": rms(
                gradients(before, ("sigmoid",) * 4, X[:32], X[:32])[::2]
            ),
            "this is a root for each column, then the mean of these roots; one root for each matrix": [
                np.sqrt(np.mean(a**2, axis=0)).mean() for a in slopes
            ],
            "the loss is the root of the mean squared error: leave the square as it is": rms(slopes)
            / (2 * np.sqrt(np.mean((X - np.asarray(model(X))) ** 2))),
            "the loss is half the mean squared error: no ½ is asked for": rms(slopes) / 2,
            "this is the root mean square of all gradients together; one number for each matrix": np.full(
                4, np.sqrt(np.mean(np.concatenate([a.ravel() for a in slopes]) ** 2))
            ),
            "this is the sum of the squares: take the root of their mean": [np.sum(a**2) for a in slopes],
            "this is the standard deviation, which takes the mean away first": [a.std() for a in slopes],
            "this is the sum of the absolute values: it grows with the matrix": [np.abs(a).sum() for a in slopes],
            "these are the sizes of the weights themselves": rms(before[::2]),
            "these belong to the biases; the matrices are asked for": rms(every[1::2]),
        },
    )
    after = model.get_weights()
    require(all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), got="a model with other weights",
            expected="a model that was only looked at", look="no training here: only measure")  # fmt: skip
    _without_biases(answer, X, rng)


def _without_biases(answer, X, rng):
    """NotYet unless matrices are told from biases by what they are, and not by their places in the list."""
    from helpers.autoencoders.autoencoder import Autoencoder
    from helpers.backend import keras

    halves = [
        keras.Sequential([keras.Input((a,)), keras.layers.Dense(b, activation="sigmoid", use_bias=bias)])
        for a, b, bias in ((6, 3, False), (3, 6, True))
    ]
    model = Autoencoder(*halves)
    model.set_weights([rng.normal(size=w.shape).astype("float32") for w in model.get_weights()])
    inner, outer, bias = model.get_weights()
    slopes = gradients([inner, np.zeros(3), outer, bias], ("sigmoid",) * 2, X, X)[::2]
    what = "the sizes in a model whose first layer has no bias"
    got = shape(
        [float(np.asarray(one)) for one in _listed(answer(model, X.copy()))], (2,), what, "a matrix has two axes"
    )
    close(got, [np.sqrt(np.mean(a**2)) for a in slopes], what, "a matrix is known by its two axes, not by its place in "
          "the list", 1e-3, 1e-9)  # fmt: skip


def _listed(value):
    try:
        return list(value)
    except TypeError:
        raise NotYet(got=f"{type(value).__name__}", expected="a list with one number for each matrix",
                     look="[… for gradient in gradients]") from None  # fmt: skip


@exercise(
    "5.3",
    "A loop for any depth",
    reference="helpers.autoencoders.greedy.layerwise:layer_by_layer",
    minutes=15,
    difficulty=2,
    hints=(
        "Two arrays walk inwards with you: the training rows and the validation rows. At first both are images.",
        "Each turn: train a phase on the present rows, keep it in a list, then put the codings in the place of the "
        "rows. phase.codings(A) encodes all rows of A.",
        "for units in sizes: phase = train_phase(rows, valid_rows, units); phases.append(phase); rows, valid_rows = "
        "phase.codings(rows), phase.codings(valid_rows).",
    ),
)
def check_layer_by_layer(answer, seed):
    rng = np.random.default_rng(seed)
    width = 4
    X, V = rng.random((9, width)), rng.random((5, width))
    course = _Course(rng, X, V)
    phases = answer(course.train, X.copy(), V.copy(), (width,) * 3)  # one width: wrong rows then fit as well
    require(not inspect.isgenerator(phases), got="a generator", expected="the list of the trained phases",
            look="yield hands out one phase at a time: append each to a list, and return the list")  # fmt: skip
    require(course.made, got="no phase trained", expected="one for each entry of sizes",
            look="train_phase(rows, valid_rows, units)")  # fmt: skip
    require(not isinstance(phases, np.ndarray), got="an array", expected="the list of the trained phases",
            look="append each phase to a list, and return the list")  # fmt: skip
    require(isinstance(phases, (list, tuple)), got=f"{type(phases).__name__}", expected="a list of phases",
            look="append each phase to a list, and return the list after the loop")  # fmt: skip
    require(not (len(course.made) == 1 and len(phases) == 1), got="one phase for three sizes", expected="three phases",
            look="a return line inside the loop ends it; move it out")  # fmt: skip
    require(len(course.made) >= 3, got=f"{len(course.made)} trainings for three sizes", expected="three",
            look="one phase for each entry of sizes, the last one too, however many there are")  # fmt: skip
    require(len(course.made) == 3, got=f"{len(course.made)} trainings for three sizes", expected="three",
            look="one training for each size: the validation rows are encoded, nothing is trained on them")  # fmt: skip
    course.judge()
    require(all(isinstance(one, _Phase) for one in phases), got="a list of other things than phases",
            expected="the trained phases", look="what train_phase returns goes into the list, not its codings"
            )  # fmt: skip
    require(list(phases) != course.made[::-1], got="the phases in reverse order", expected="the outermost first",
            look="append, in the order of training")  # fmt: skip
    require(list(phases) == course.made, got=f"{len(phases)} entries that are not the three phases in order",
            expected="the three trained phases, the outermost first", look="phases.append(phase)")  # fmt: skip
    narrow = _Course(rng, X, V)
    made = answer(narrow.train, X.copy(), V.copy(), [2, 3])
    narrow.judge()
    require(list(made) == narrow.made, got="phases of an earlier call", expected="those that were trained in this one",
            look="call the `train_phase` that is handed over")  # fmt: skip
    units = [phase.units for phase in made]
    require(units == [2, 3], got=f"phases of {units} units for sizes [2, 3]", expected="[2, 3]",
            look="pass each entry of sizes on to train_phase, in the order in which they come")  # fmt: skip


class _Phase:
    """A stand-in for a trained autoencoder that computes in NumPy."""

    def __init__(self, rng, width, units):
        self.units = units
        self._in, self._out = rng.normal(size=(width, units)), rng.normal(size=(units, width))
        self.encoder, self.decoder = _Half(self._in), _Half(self._out)

    def codings(self, rows, batch_size=None):
        return self.encoder.predict(rows)

    def decode(self, codings, batch_size=None):
        return self.decoder.predict(codings)

    def reconstruct(self, rows, batch_size=None):
        return self.decode(self.codings(rows))

    def predict(self, rows, *sizes, **options):
        return self.reconstruct(rows)

    def __call__(self, rows, training=None):
        return as_output(self.reconstruct(rows))


class _Half:
    def __init__(self, kernel):
        self.kernel = kernel

    def __call__(self, rows, training=None):
        rows = np.asarray(rows)
        if rows.ndim != 2 or rows.shape[1] != len(self.kernel):
            raise NotYet(got=f"rows of shape {rows.shape} for a phase that takes {len(self.kernel)} values",
                         expected=f"(n, {len(self.kernel)})",
                         look="each phase encodes what it was trained on: the codings of the phase before")  # fmt: skip
        return as_output(np.tanh(rows @ self.kernel))

    def predict(self, rows, *sizes, **options):
        return self(rows).numpy()


class _Course:
    """The trainings that an answer asks for, and what each was given."""

    def __init__(self, rng, X, V):
        self.rng, self.X, self.V, self.made, self.given = rng, X, V, [], []

    def train(self, rows, valid_rows, units):
        rows, valid_rows = (array(a, "the rows", "train_phase(rows, valid_rows, units)") for a in (rows, valid_rows))
        require(np.ndim(units) == 0 and units == int(units), got=f"{units!r} as the units of a phase",
                expected="one whole number", look="one entry of sizes for each phase")  # fmt: skip
        require(rows.ndim == 2 and valid_rows.ndim == 2 and rows.shape[1] == valid_rows.shape[1],
                got=f"training rows {rows.shape} and validation rows {valid_rows.shape}", expected="rows of one width",
                look="the validation rows walk inwards together with the training rows: encode both, with the same "
                "encoder")  # fmt: skip
        self.given.append((np.array(rows), np.array(valid_rows)))
        self.made.append(_Phase(self.rng, rows.shape[1], int(units)))
        return self.made[-1]

    def judge(self):
        """Every phase was trained on the codings of the one before it, and watched by those of V."""
        rows, valid_rows = self.X, self.V
        for number, (got, valid) in enumerate(self.given, start=1):
            before = self.made[number - 2] if number > 1 else None
            if got.shape[0] != len(self.X) or valid.shape[0] != len(self.V):
                swapped = got.shape[0] == len(self.V) and valid.shape[0] == len(self.X)
                look = "the two are swapped: train_phase(rows, valid_rows, units)" if swapped else "all rows, each time"
                raise NotYet(got=f"{len(got)} training rows and {len(valid)} validation rows in phase {number}",
                             expected=f"{len(self.X)} and {len(self.V)}", look=look)  # fmt: skip
            mistakes, valid_mistakes = {}, {}
            if number == 2:
                mistakes = {
                    "phase 2 was trained on the images again; it should learn to reconstruct the codings of phase "
                    "1": self.X,
                    "phase 2 was trained on the reconstructions of phase 1: codings(…), not the whole "
                    "trip": before.reconstruct(self.X),
                }
                valid_mistakes = {
                    "the validation images were never encoded; they need the same encoders as the training images":
                        self.V,
                    "these are reconstructions by phase 1, not codings": before.reconstruct(self.V),
                }  # fmt: skip
            elif before is not None:
                mistakes = {
                    f"phase {number} was trained on the images again; it should learn to reconstruct the codings of "
                    f"phase {number - 1}": self.X,
                    f"phase {number} was trained on the reconstructions of phase {number - 1}: codings(…), not the "
                    "whole trip": before.reconstruct(self.given[number - 2][0]),
                    f"phase {number} was trained on what phase {number - 1} makes of the images: it was never trained "
                    "on images, but on codings": before.codings(self.X),
                }
                valid_mistakes = {
                    "the validation images were never encoded; they need the same encoders as the training images":
                        self.V,
                    f"the validation images went straight into the encoder of phase {number - 1}: they must pass "
                    "through all encoders before it, like the training images": before.codings(self.V),
                    "the validation rows were encoded by the first phase only": self.made[0].codings(self.V),
                    f"these are reconstructions by phase {number - 1}, not codings": before.reconstruct(
                        self.given[number - 2][1]
                    ),
                }  # fmt: skip
            close(got, rows, f"the training rows of phase {number}", mistakes=mistakes,
                  look="the codings of all rows of the phase before")  # fmt: skip
            close(valid, valid_rows, f"the validation rows of phase {number}", mistakes=valid_mistakes,
                  look="encoded by the same encoders as the training rows")  # fmt: skip
            rows, valid_rows = self.made[number - 1].codings(rows), self.made[number - 1].codings(valid_rows)


@exercise(
    "5.6",
    "Mend the encoding",
    reference="helpers.autoencoders.greedy.layerwise:encode_all",
    minutes=10,
    difficulty=2,
    hints=(
        "Three things are lost on the way through that pipeline. Compare the numbers of rows; then compare row 0.",
        "Walk through X from the front in slices of batch_size, encode each slice, and join the pieces. The last slice "
        "may be shorter.",
        "np.concatenate([encoder(X[start:start + batch_size], training=False) for start in range(0, len(X), "
        "batch_size)]).",
    ),
)
def check_encode_all(answer, seed):
    import keras

    rng = np.random.default_rng(seed)
    watch = _watching_layer()()
    encoder = keras.Sequential(
        [keras.Input((5,)), watch, keras.layers.Dense(3, activation="tanh"), keras.layers.Dropout(0.5, seed=seed)]
    )
    X = rng.normal(size=(11, 5)).astype("float32")
    kernel, bias = (np.array(w) for w in encoder.get_weights())
    expected = np.tanh(X @ kernel + bias)
    watch.largest.assign(0)
    given = X.copy()
    got = array(answer(encoder, given, 4), "the codings", "return one array: np.concatenate joins the batches")
    require(np.array_equal(given, X), got="other images in X afterwards", expected="X unchanged",
            look="np.random.shuffle works in place, on the caller's own array")  # fmt: skip
    require(got.shape != (8, 3), got="8 codings for 11 images", expected="11",
            look="the last, smaller batch was dropped")  # fmt: skip
    require(got.shape != (3, 3), got="3 codings for 11 images", expected="11",
            look="only the last batch came back: collect the codings of each batch in a list")  # fmt: skip
    require(got.shape != (4, 3), got="4 codings for 11 images", expected="11",
            look="only the first batch came back: is the return line inside the loop?")  # fmt: skip
    require(got.shape != (12, 3), got="12 codings for 11 images", expected="11",
            look="the last batch was filled up, or counted twice: it may be smaller than the others")  # fmt: skip
    shape(got, (11, 3), "the codings", "one row for each image")
    filled = np.any(got, axis=1)
    empty = int(np.sum(~filled))
    others_right = np.allclose(got[filled], expected[filled], rtol=1e-3, atol=1e-4)  # else dropout made the zeros
    require(not (empty and others_right), got=f"zeros in place of the codings of {empty} image{'s' * (empty != 1)}",
            expected="a coding for each image",
            look="the last, smaller batch was left out, and its rows stayed 0")  # fmt: skip
    noisy = [bool(np.isclose(a, 0).any() or np.isclose(a, 2 * b).any()) for a, b in zip(got, expected, strict=True)]
    require(not any(noisy), got="codings that are 0 or doubled in places", expected="the same codings at every call",
            look="the dropout layer of this encoder is at work: training=True is for training; a Keras model called "
            "with training=False, or not told anything, leaves it out")  # fmt: skip
    nearest = [int(np.argmin(((expected - row) ** 2).sum(axis=1))) for row in got]
    there = np.allclose(got, expected[nearest], rtol=1e-4, atol=1e-5)
    if there and nearest != list(range(11)) and sorted(nearest) == list(range(11)):
        raise NotYet(got=f"the right codings in another order: first that of image {nearest[0]}",
                     expected="row i is the coding of image i",
                     look="shuffling is for training batches; here every row must stay in its place")  # fmt: skip
    if there and sorted(nearest) != list(range(11)):
        raise NotYet(got="some images encoded twice and others not at all", expected="each image once, in order",
                     look="sampling is for training; here, walk through X from the front")  # fmt: skip
    close(got, expected, "the codings", look="encoder(batch) for each slice of X, in order", rtol=1e-4, atol=1e-5)
    largest = int(watch.largest)
    require(largest <= 4, got=f"a batch of {largest} for batch_size=4", expected="at most 4 at a time",
            look="X[start : start + batch_size]: the whole set at once may not fit into memory")  # fmt: skip
    watch.largest.assign(0)
    other = array(answer(encoder, X.copy(), 3), "the codings for batches of 3")
    close(
        other, expected, "the codings for batches of 3", look="take batch_size from the arguments", rtol=1e-4, atol=1e-5
    )
    require(int(watch.largest) == 3, got=f"batches of up to {int(watch.largest)} for batch_size=3",
            expected="3 at a time",
            look="take batch_size from the arguments, in predict as well")  # fmt: skip
    for size in (1, 11, 50):
        close(answer(encoder, X.copy(), size), expected, f"the codings for batches of {size}", rtol=1e-4, atol=1e-5,
              look="the result must not depend on the batch size")  # fmt: skip


def _watching_layer():
    """A layer that notes the largest batch that it meets; in a function, since Keras is slow to import."""
    import keras

    from helpers.backend import tf

    class Watch(keras.layers.Layer):
        def __init__(self, **options):
            super().__init__(**options)
            self.largest = tf.Variable(0, trainable=False)

        def call(self, inputs):
            if not isinstance(inputs, keras.KerasTensor):  # a variable sees the batches of compiled calls as well
                self.largest.assign(tf.maximum(self.largest, tf.shape(inputs)[0]))
            return inputs

    return Watch
