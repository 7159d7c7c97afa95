"""The checks of lesson 02 that build Keras models: exercises 2.1, 2.2 and 2.4."""

import itertools

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.registry import exercise


@exercise(
    "2.1",
    "Build the hourglass",
    reference="helpers.autoencoders.autoencoder:hourglass",
    minutes=15,
    difficulty=1,
    hints=(
        "Two models, each a keras.Sequential that begins with a keras.Input. The decoder's input is the codings.",
        "A loop (or *(… for … in …) inside the list) makes one Dense layer for each entry of `hidden`; "
        "the decoder runs through reversed(hidden). The last layer of each half has no activation.",
        "encoder = keras.Sequential([keras.Input((pixels,)), *(keras.layers.Dense(n, activation='relu') for n in "
        "hidden), keras.layers.Dense(codings)]); the decoder alike, from keras.Input((codings,)) over "
        "reversed(hidden) to keras.layers.Dense(pixels). Return both, the encoder first.",
    ),
)
def check_hourglass(answer, seed):
    rng = np.random.default_rng(seed)
    sizes = 20, (9, 6), 4
    encoder, decoder = _two_models(answer(*sizes))
    ins, codes = _width(encoder, "the encoder")
    codes_in, outs = _width(decoder, "the decoder")
    require(not (ins == 4 and outs == 4), got="the decoder first and the encoder second",
            expected="(encoder, decoder)", look="the order in the return line")  # fmt: skip
    require(codes_in != 20, got="a decoder that takes images", expected="a decoder that takes codings", look="the "
            "decoder needs an Input of its own, of shape (codings,), so that it works without the encoder")  # fmt: skip
    require(codes != 6, got="an encoder that ends in 6 units, its last hidden layer", expected="4 codings at its end",
            look="after the hidden layers comes one more Dense layer: the codings")  # fmt: skip
    require((ins, codes) == (20, 4), got=f"an encoder from {ins} to {codes} values", expected="from 20 to 4",
            look="use the arguments pixels and codings, not fixed numbers")  # fmt: skip
    require(outs != 9, got="a decoder that ends in 9 units, its last hidden layer", expected="20 pixels at its end",
            look="after the hidden layers comes one more Dense layer: the pixels")  # fmt: skip
    require((codes_in, outs) == (4, 20), got=f"a decoder from {codes_in} to {outs} values", expected="from 4 to 20",
            look="use the arguments codings and pixels, not fixed numbers")  # fmt: skip
    _kernels(encoder, [(20, 9), (9, 6), (6, 4)], "encoder")
    _kernels(decoder, [(4, 6), (6, 9), (9, 20)], "decoder")
    for half, name, inputs in ((encoder, "an encoder", 20), (decoder, "a decoder", 4)):
        _plain_dense(half, name)
        _randomise(half, rng, 1.0)
        x = rng.normal(size=(64, inputs)).astype("float32")
        out = np.asarray(half(x))
        require(not _is_affine(half, x), got=f"{name} whose output is a straight-line function of its input",
                expected="hidden layers with an activation", look="activation='relu' in the hidden layers: without "
                "it, any number of layers is one matrix, and we are back at PCA")  # fmt: skip
        require(out.min() < 0 and out.max() > 1.5, got=f"{name} whose outputs run from {out.min():.3g} to "
                f"{out.max():.3g}, whatever its weights", expected="any number, positive or negative",
                look="the last layer of each half is linear for now: no activation")  # fmt: skip
        _hidden_relu(half, x, name)
    for hidden in ((5,), (9, 7, 4)):
        first, second = _two_models(answer(12, hidden, 2))
        chain = (12, *hidden, 2)
        _kernels(first, list(itertools.pairwise(chain)), f"encoder for hidden={hidden}")
        _kernels(second, list(itertools.pairwise(chain[::-1])), f"decoder for hidden={hidden}")


def _plain_dense(half, name) -> None:
    """NotYet unless each kernel has a bias, and nothing else has weights or acts in training only."""
    kinds = {type(layer).__name__ for layer in half.layers}
    for kind, word in (("BatchNormalization", "batch normalization"), ("LayerNormalization", "layer normalization"),
                       ("Dropout", "dropout"), ("GaussianNoise", "noise")):  # fmt: skip
        require(kind not in kinds, got=f"{name} with {word}", expected="Dense layers alone",
                look=f"a good thing elsewhere, but not asked for here: leave the {kind} layer away")  # fmt: skip
    kernels = [w for w in half.weights if len(w.shape) == 2]
    require(len(half.weights) >= 2 * len(kernels), got=f"{name} of {len(kernels)} kernels and "
            f"{len(half.weights) - len(kernels)} biases", expected="a bias in every layer",
            look="leave use_bias at its default, True")  # fmt: skip
    require(len(half.weights) == 2 * len(kernels), got=f"{name} with {len(half.weights)} weights",
            expected=f"{2 * len(kernels)}: a kernel and a bias for each Dense layer",
            look="Dense layers alone are asked for")  # fmt: skip
    require(len(half.trainable_weights) == len(half.weights), got=f"{name} that is frozen in part",
            expected="all weights trainable", look="leave trainable as it is")  # fmt: skip
    require(not half.losses, got=f"{name} with a penalty on weights or codings", expected="no regularizer",
            look="leave kernel_regularizer and activity_regularizer away")  # fmt: skip


def _hidden_relu(half, x, name) -> None:
    """NotYet unless `half` is dense layers with ReLU between them and nothing after the last."""
    from helpers.backend import keras

    weights = [np.asarray(w, dtype="float32") for w in half.get_weights()]
    pairs = list(zip(weights[::2], weights[1::2], strict=True))

    def run(bend, end=lambda a: a):
        h = x
        for kernel, bias in pairs[:-1]:
            h = bend(h @ kernel + bias)
        return np.asarray(end(h @ pairs[-1][0] + pairs[-1][1]))

    def relu(a):
        return np.maximum(a, 0)

    known = ("sigmoid", "tanh", "elu", "selu", "gelu", "silu", "softmax", "softplus", "leaky_relu", "relu6")
    mistakes = {f"the hidden layers have the activation {bend!r}; 'relu' is asked for":
                run(lambda a, bend=bend: np.asarray(getattr(keras.activations,
                bend)(a))) for bend in known}  # fmt: skip
    mistakes |= {f"the last layer has the activation {end!r}; it is linear for now: no activation":
                 run(relu, getattr(keras.activations, end)) for end in known}  # fmt: skip
    mistakes["the last layer has the activation 'relu'; it is linear for now: no activation"] = run(relu, relu)
    close(np.asarray(half(x)), run(relu), f"the output of {name}", "Dense layers with activation='relu', the last one "
          "without activation", 1e-3, 1e-3, mistakes)  # fmt: skip
    close(np.asarray(half(x, training=True)), run(relu), f"the output of {name} in training", "nothing here should act "
          "in training only: no dropout, no noise, no normalization", 1e-3, 1e-3)  # fmt: skip


@exercise(
    "2.2",
    "Choose the ends and the loss",
    reference="helpers.autoencoders.autoencoder:stacked_autoencoder",
    minutes=10,
    difficulty=2,
    hints=(
        "Three questions: which numbers can a coding be? Which can a pixel be? What does the yardstick measure?",
        "None means no activation: any number. A sigmoid maps any number into the interval from 0 to 1.",
        "dense_hourglass(image_shape, hidden, codings, activation='relu', coding_activation=None, "
        "output_activation='sigmoid'), then "
        "model.compile(loss='mse', optimizer=keras.optimizers.Adam(learning_rate)).",
    ),
)
def check_choices(answer, seed):
    import keras

    rng = np.random.default_rng(seed)
    model = answer((4, 5), (12, 7), 3, 0.0123)
    require(isinstance(model, keras.Model) and hasattr(model, "encoder") and hasattr(model, "decoder"),
            got=f"{type(model).__name__}", expected="a model with .encoder and .decoder",
            look="build it with dense_hourglass(…), compile it, and return it")  # fmt: skip
    X = rng.random((200, 4, 5)).astype("float32")
    _randomise(model, rng, 3.0)
    Z, R = np.asarray(model.encoder(X)), np.asarray(model(X))
    require(R.shape == X.shape and Z.shape == (200, 3), got=f"codings {Z.shape} and reconstructions {R.shape}",
            expected=f"(200, 3) and {X.shape}", look="pass image_shape, hidden and codings on")  # fmt: skip
    _kernels(model.encoder, [(20, 12), (12, 7), (7, 3)], "encoder")
    _no_softmax_inside(model)
    _randomise(model, rng, 0.3)  # gentle weights: a softplus is small there, and a ReLU exactly 0
    zeros = bool(np.any(np.asarray(model.encoder(X)) == 0)), bool(np.any(np.asarray(model(X)) == 0))
    _randomise(model, rng, 3.0)
    Z, R = np.asarray(model.encoder(X)), np.asarray(model(X))
    _codings_are_free(Z, zeros[0])
    _codings_are_linear(model.encoder, X)
    _pixels_are_shares(R, zeros[1])
    acting = np.asarray(model(X, training=True))
    require(np.allclose(acting, R, atol=1e-5), got="reconstructions that differ in training", expected="the same",
            look="dense_hourglass alone is asked for: no dropout, no noise")  # fmt: skip
    require(not _is_affine(model.encoder, X), got="an encoder without a bend: a straight-line function of the image",
            expected="hidden layers with an activation", look="activation='relu', for one")  # fmt: skip
    require(getattr(model, "compiled", False), got="a model that was not compiled", expected="a loss and an optimizer",
            look="model.compile(loss=…, optimizer=…) before the return line")  # fmt: skip
    _randomise(model, rng, 0.5)
    P = np.asarray(model(X), dtype=float)
    T = np.clip(rng.random(X.shape), 0.02, 0.98).astype("float32")
    loss = float(model.compute_loss(x=X, y=keras.ops.convert_to_tensor(T), y_pred=model(X)))
    squares = (T - P) ** 2
    cross = -np.mean(T * np.log(P) + (1 - T) * np.log(1 - P))
    twice = np.mean(np.log1p(np.exp(P)) - T * P)
    close(
        loss,
        squares.mean(),
        "the loss",
        look="the yardstick of the course is the mean squared error: loss='mse'",
        rtol=1e-4,
        mistakes={
            "this cross-entropy takes the outputs for logits (from_logits=True), but the sigmoid has already been "
            "applied: it would be applied twice": twice,
            "this is the binary cross-entropy. It can train such a model, but its best value is not 0 on grey "
            "pixels, and PCA cannot be measured by it; the mean squared error is asked for": cross,
            "this is the mean absolute error; the yardstick squares": np.mean(np.abs(T - P)),
            "this is Huber's loss, half the square for small errors: loss='mse' is asked for": squares.mean() / 2,
            "this is the logarithm of the cosine (log_cosh): loss='mse' is asked for": np.mean(np.log(np.cosh(T - P))),
            "this is the error of the logarithms: loss='mse' is asked for": np.mean((np.log1p(T) - np.log1p(P)) ** 2),
            "this is the root of the mean squared error: leave the square as it is": squares.mean() ** 0.5,
            "this is the error in percent of the pixel: loss='mse' is asked for": np.mean(100 * np.abs(T - P) / T),
            "this is summed over the pixels: it grows with the image": squares.sum(axis=(1, 2)).mean(),
            "this is the sum over the whole batch: it doubles with the batch": squares.sum(),
        },
    )
    import keras.optimizers as optimizers

    kind = type(model.optimizer)
    require(kind is optimizers.Adam, got=f"the optimizer {kind.__name__}", expected="Adam",
            look="keras.optimizers.Adam(learning_rate)")  # fmt: skip
    rate = getattr(model.optimizer, "learning_rate", np.nan)
    rate = float(np.asarray(rate)) if not callable(rate) else float("nan")
    close(rate, 0.0123, "the learning rate", look="pass learning_rate on to the optimizer", rtol=1e-3, mistakes={
        "this is Adam's default, 0.001: pass learning_rate on, keras.optimizers.Adam(learning_rate)": 0.001
    })  # fmt: skip


def _codings_are_linear(encoder, X) -> None:
    """NotYet unless the codings move with the last bias one to one, which no activation lets them do."""
    before, weights = np.asarray(encoder(X)), encoder.get_weights()
    bias = len(weights) - 1
    for step in (-7.0, 7.0):
        encoder.set_weights([w + step if i == bias else w for i, w in enumerate(weights)])
        moved = np.asarray(encoder(X)) - before
        require(np.allclose(moved, step, atol=1e-2), got=f"codings that move by {moved.min():.3g} to {moved.max():.3g} "
                f"when the last bias moves by {step:g}", expected=f"by {step:g}: no activation after the last layer",
                look="a leaky ReLU, an ELU or the like bends the codings: coding_activation=None")  # fmt: skip
    encoder.set_weights(weights)


def _no_softmax_inside(model) -> None:
    from helpers.backend import keras

    halves = [[layer for layer in half.layers if hasattr(layer, "kernel")] for half in (model.encoder, model.decoder)]
    used = any(layer.activation is keras.activations.softmax for half in halves for layer in half[:-1])
    require(not used, got="a softmax in the hidden layers", expected="an activation for each unit on its own, "
            "such as 'relu'", look="a softmax makes the units of a layer compete for a sum of 1")  # fmt: skip


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
            self.fresh_error = np.mean((V - self.reconstruct(V)) ** 2, dtype=float)
            self.first_weights = [np.array(w) for w in self.get_weights()]
            self.compile(loss="mse", optimizer=keras.optimizers.SGD(0.5), run_eagerly=True)

        def trained(self):
            return any(np.any(a != b) for a, b in zip(self.first_weights, self.get_weights(), strict=True))

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
            return super().fit(x, y, **options)

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


def _two_models(pair):
    import keras

    if isinstance(pair, keras.Model):
        raise NotYet(got="one model", expected="two models: (encoder, decoder)", look="return encoder, decoder")
    fits = isinstance(pair, (tuple, list)) and len(pair) == 2
    if not fits or not all(isinstance(half, keras.Model) for half in pair):
        raise NotYet(got=f"{type(pair).__name__}", expected="two Keras models: (encoder, decoder)",
                     look="return encoder, decoder")  # fmt: skip
    return pair


def _width(model, what):
    """(values in, values out) of a model on flat vectors."""
    if not model.built:
        raise NotYet(got=f"{what} without weights yet", expected="a built model",
                     look="begin it with keras.Input((…,)), which tells the sizes")  # fmt: skip
    return tuple(model.input_shape)[-1], tuple(model.output_shape)[-1]


def _kernels(model, expected, name):
    have = [tuple(w.shape) for w in model.weights if len(w.shape) == 2]
    if have == expected:
        return
    units, wanted = [shape[1] for shape in have], [shape[1] for shape in expected]
    look = "one Dense layer for each entry of hidden, then the last one"
    if units[:-1] == wanted[:-1][::-1] and len(wanted) > 2:
        look = "the decoder mirrors the encoder: its hidden layers come in reverse order, reversed(hidden)"
    elif len(have) > len(expected):
        look = "there are layers too many: each entry of hidden gives one layer, and the last layer is one more"
    raise NotYet(got=f"Dense layers of {units} units in the {name}", expected=f"{wanted}", look=look)


def _randomise(model, rng, scale):
    model.set_weights([rng.normal(0, scale, w.shape).astype("float32") for w in model.get_weights()])


def _is_affine(model, x):
    """Whether f(a) − f(b) = f(a − b + c) − f(c): true of straight-line functions only."""
    a, b, c = x[: len(x) // 3], x[len(x) // 3 : 2 * (len(x) // 3)], x[-(len(x) // 3) :]
    left, right = model(a) - model(b), model(a - b + c) - model(c)
    return bool(np.allclose(left, right, rtol=1e-3, atol=1e-3 * float(np.abs(np.asarray(left)).max())))


def _codings_are_free(Z, exact_zeros):
    low, high = Z.min(), Z.max()
    got = f"codings from {low:.3g} to {high:.3g}, whatever the weights"
    any_number = "codings that can be any number"
    require(not np.allclose(Z.sum(axis=-1), 1, atol=1e-4), got=got + ", which add up to 1", expected=any_number,
            look="a softmax makes the codings shares of a whole: no activation on the codings")  # fmt: skip
    require(not (low >= 0 and high > 1.01), got=got, expected=any_number, look="a ReLU on the codings cuts off half of "
            "the space, and a coding that is 0 for every image never learns: no activation there" if exact_zeros else
            "something keeps the codings positive (a softplus, an exponential?): no activation there")  # fmt: skip
    require(not (low >= 0), got=got, expected=any_number, look="a sigmoid squeezes the codings into 0 to 1, where "
            "far-apart images become equal: no activation on the codings")  # fmt: skip
    require(not (low >= -1.8 and high > 2), got=got, expected=any_number,
            look="something bounds the codings from below "
            "(an ELU, a GELU, a SiLU?): no activation there")  # fmt: skip
    require(low < -1.01 and high > 1.01, got=got, expected=any_number, look="something bounds the codings (a tanh?): "
            "no activation there")  # fmt: skip


def _pixels_are_shares(R, exact_zeros):
    low, high = R.min(), R.max()
    got = f"outputs from {low:.3g} to {high:.3g}"
    wanted = "outputs that lie between 0 and 1 whatever the weights, and use all of that range"
    sums = R.reshape(len(R), -1).sum(axis=1)
    require(not np.allclose(sums, 1, atol=1e-3), got="pixels that add up to 1 in each image", expected=wanted,
            look="a softmax is for one choice out of many; each pixel is a choice of its own: sigmoid")  # fmt: skip
    require(not (low >= 0 and high > 1.01), got=got, expected=wanted, look="a ReLU output has no upper end, and a "
            "pixel that is negative before it for every image is dead: no gradient ever reaches it" if exact_zeros else
            "this output is positive (a softplus, an exponential?), but has no upper end: sigmoid")  # fmt: skip
    require(not (-1.8 <= low < -0.01 and high > 2), got=got, expected=wanted, look="this output is bounded from below "
            "only (an ELU, a GELU, a SiLU?): sigmoid is bounded on both sides")  # fmt: skip
    require(not (low < -0.01 and high > 1.01), got=got, expected=wanted, look="a linear output can be any number; "
            "half of the pixels are exactly 0, and a sigmoid gets there without effort")  # fmt: skip
    require(not (low < -0.01), got=got, expected=wanted,
            look="a tanh output runs from −1 to 1; our pixels run from 0 to 1")  # fmt: skip
    require(low < 0.1 and high > 0.9, got=got, expected=wanted, look="which activation maps any number into 0 to 1?")
