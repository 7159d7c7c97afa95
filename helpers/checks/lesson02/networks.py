"""The checks of lesson 02 that build Keras models: exercises 2.1 and 2.2."""

import itertools

import numpy as np

from helpers.exercises.assertions import NotYet, close, require
from helpers.exercises.models import knows_its_shapes
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
    for hidden in ((5,), (9, 4, 7)):
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
    takes = tuple(model.encoder.input_shape)[1:]
    require(takes == (4, 5), got=f"an encoder for images of shape {takes}", expected="(4, 5), the argument image_shape",
            look="pass image_shape on to dense_hourglass")  # fmt: skip
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
    require(model.loss is not None, got="a model compiled without a loss", expected="the mean squared error as loss",
            look="compile(loss='mse', …): metrics are only shown, the loss is what is made small")  # fmt: skip
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
    _of_another_size(answer((3, 2), (5,), 2, 0.5))


def _of_another_size(model) -> None:
    """NotYet unless a second model follows the arguments of its own call: (3, 2), (5,), 2, 0.5."""
    sizes = tuple(model.encoder.input_shape[1:]), tuple(model.decoder.output_shape[1:])
    look = "take the arguments of this call"
    require(sizes == ((3, 2), (3, 2)), got=f"images {sizes[0]} and reconstructions {sizes[1]} for image_shape (3, 2)",
            expected="(3, 2) for both", look=look)  # fmt: skip
    _kernels(model.encoder, [(6, 5), (5, 2)], "encoder of a second model")
    close(float(np.asarray(model.optimizer.learning_rate)), 0.5, "the learning rate of a second model", look=look,
          rtol=1e-3)  # fmt: skip


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
    knows_its_shapes(model, what)
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
    elif sorted(units) == sorted(wanted):
        look = "the right widths in another order: hidden as it comes for the encoder, reversed(hidden) for the decoder"
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
    if low >= 0 and high > 1.01:
        look = "something keeps the codings positive (a softplus, an exponential?): no activation there"
        if exact_zeros:
            look = (
                "a ReLU on the codings cuts off the negative half of every axis, and a coding that is 0 for every "
                "image never learns: no activation there"
            )
        require(False, got=got, expected=any_number, look=look)
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
