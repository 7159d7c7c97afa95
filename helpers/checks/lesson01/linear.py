"""The checks of lesson 01 that use Keras: exercises 1.3 and 1.5."""

import numpy as np

from helpers.exercises.assertions import array, close, require, shape
from helpers.exercises.registry import exercise


@exercise(
    "1.3",
    "Build the linear autoencoder",
    reference="helpers.autoencoders.pca.linear:LinearAutoencoder",
    minutes=10,
    difficulty=1,
    hints=(
        "Two Dense layers, kept as self.encoder and self.decoder. How many units has each?",
        "The encoder has as many units as there are codings, the decoder as many as there are pixels; neither has an "
        "activation. kernel_initializer takes the names 'zeros' and 'orthogonal'.",
        "self.encoder = keras.layers.Dense(codings, kernel_initializer='zeros'); self.decoder = "
        "keras.layers.Dense(pixels, kernel_initializer='orthogonal'); and call returns "
        "self.decoder(self.encoder(inputs)).",
    ),
)
def check_linear_autoencoder(answer, seed):
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    d, k = 12, 3
    model = answer(d, k)
    require(isinstance(model, keras.Model), got=type(model).__name__, expected="a keras.Model",
            look="class LinearAutoencoder(keras.Model)")  # fmt: skip
    for part in ("encoder", "decoder"):
        require(isinstance(getattr(model, part, None), keras.layers.Layer), got=f"no layer self.{part}",
                expected="a Dense layer", look=f"self.{part} = keras.layers.Dense(…) in __init__")  # fmt: skip
    x = rng.normal(size=(5, d)).astype("float32")
    raw = model(x)
    require(not isinstance(raw, tuple | list | dict), got=f"a {type(raw).__name__} from call",
            expected="the reconstructions alone", look="return self.decoder(self.encoder(inputs)) and nothing beside it"
            )  # fmt: skip
    first = _output(raw)
    if first.shape == (5, k):
        units = getattr(model.decoder, "units", d)
        require(units == d, got=f"a decoder of {units} units", expected=f"{d}: one for each pixel",
                look="the encoder has `codings` units, the decoder `pixels` units")  # fmt: skip
    require(first.shape != (5, k), got=f"{k} numbers for each example: the codings",
            expected=f"reconstructions of {d} pixels", look="call runs the encoder and then the decoder")  # fmt: skip
    shape(first, (5, d), "the reconstructions", "the decoder has one unit for each pixel")
    E, D = (_kernel(model, part, size) for part, size in (("encoder", (d, k)), ("decoder", (k, d))))
    require(model.encoder is not model.decoder, got="one layer used twice", expected="two layers",
            look="self.encoder and self.decoder are separate Dense layers")  # fmt: skip
    for part in (model.encoder, model.decoder):
        require(getattr(part, "bias", None) is not None, got=f"the {part.name} layer without a bias",
                expected="kernel and bias", look="leave use_bias at its default, True")  # fmt: skip
    require(len(model.trainable_variables) == 4, got=f"{len(model.trainable_variables)} trainable variables",
            expected="4: two kernels and two biases", look="exactly two Dense layers")  # fmt: skip
    close(E, np.zeros((d, k)), "the encoder's first kernel", "kernel_initializer='zeros' for the encoder", atol=1e-7)
    close(D @ D.T, np.eye(k), "the products of the decoder's first rows",
          "kernel_initializer='orthogonal' for the decoder", atol=1e-4)  # fmt: skip
    E, D, b, c = (rng.normal(size=size).astype("float32") for size in ((d, k), (k, d), (k,), (d,)))
    model.encoder.set_weights([E, b])
    model.decoder.set_weights([D, c])
    z = x @ E + b
    relu = np.maximum(z, 0)
    expected = z @ D + c
    close(_output(model(x)), expected, "the reconstruction with other weights", "decoder(encoder(x)), no activation",
          1e-3, 1e-3, {  # fmt: skip
              "the encoder has an activation (relu); without one the model is linear": relu @ D + c,
              "the decoder has an activation (relu); without one the model is linear": np.maximum(expected, 0),
              "both layers have an activation (relu); without one the model is linear": np.maximum(relu @ D + c, 0),
              "the decoder has an activation (sigmoid); without one the model is linear": _sigmoid(expected),
              "the encoder has an activation (sigmoid); without one the model is linear": _sigmoid(z) @ D + c,
              "the encoder has an activation (tanh); without one the model is linear": np.tanh(z) @ D + c,
              "the encoder has an activation (leaky_relu); without one the model is linear":
                  np.where(z > 0, z, 0.2 * z) @ D + c,
              "the decoder has an activation (tanh); without one the model is linear": np.tanh(expected),
              "the codings were made length 1; leave them as they are":
                  z / np.linalg.norm(z, axis=1, keepdims=True) @ D + c,
              "the encoder ran twice or its output was doubled; decoder(encoder(x)) is all": 2 * z @ D + c,
              "the input was added to the output; the codings must carry everything": expected + x,
          })  # fmt: skip
    in_training = _output(model(x, training=True))
    close(in_training, expected, "the reconstruction in training", "two Dense layers do the same in training as "
          "afterwards: no dropout, no noise, no batch normalization", 1e-3, 1e-3)  # fmt: skip
    require(not model.losses, got="a penalty on the weights or the codings", expected="no regularizer",
            look="leave kernel_regularizer and activity_regularizer away: the loss is the squared error alone"
            )  # fmt: skip
    other = answer(7, 2)
    shape(_output(other(np.zeros((1, 7), "float32"))), (1, 7), "the reconstruction for 7 pixels",
          "use the arguments pixels and codings, not fixed numbers")  # fmt: skip
    _kernel(other, "encoder", (7, 2))


def _kernel(model, part, size):
    layer = getattr(model, part)
    require(layer.built, got=f"self.{part}, which has no weights after a call", expected="a layer that call runs",
            look="call makes no layers: return self.decoder(self.encoder(inputs))")  # fmt: skip
    require(hasattr(layer, "kernel"), got=f"self.{part} is a {type(layer).__name__}", expected="a Dense layer",
            look=f"self.{part} = keras.layers.Dense(…)")  # fmt: skip
    kernel = layer.get_weights()[0]
    require(kernel.shape == size, got=f"a kernel of shape {kernel.shape} in the {part}", expected=f"shape {size}",
            look="the encoder has `codings` units, the decoder `pixels` units")  # fmt: skip
    return kernel


@exercise(
    "1.5",
    "The loss without the images",
    reference="helpers.autoencoders.pca.linear:loss_from_covariance",
    minutes=15,
    difficulty=3,
    hints=(
        "Three terms, as in (a − b)² = a² − 2ab + b². Each of them is a trace. Compute C @ E once: all but the first "
        "need it.",
        "tr(A B) is the sum of A times the transpose of B, entry by entry: ops.sum(A * ops.transpose(B)). That gives "
        "tr(D C E) from D (k, d) and C E (d, k) at once.",
        "CE = ops.matmul(C, E); cross = ops.sum(D * ops.transpose(CE)); square = ops.sum(ops.matmul(D, "
        "ops.transpose(D)) * ops.matmul(ops.transpose(E), CE)); "
        "return (ops.trace(C) - 2 * cross + square) / C.shape[0].",
    ),
)
def check_loss_from_covariance(answer, seed):
    from helpers.backend import keras, tf

    rng = np.random.default_rng(seed)
    n, d, k = 50, 7, 2
    X = rng.normal(size=(n, d)) @ rng.normal(size=(d, d))
    X = X - X.mean(axis=0)
    C = X.T @ X / n
    E, D = rng.normal(size=(d, k)) * 0.3, rng.normal(size=(k, d)) * 0.3
    tensors = [keras.ops.convert_to_tensor(A.astype("float32")) for A in (E, D, C)]
    expected = sum(np.sum((x - x @ E @ D) ** 2) for x in X) / (n * d)  # the slow way: image by image
    total, cross = np.trace(C), np.trace(D @ C @ E)
    square = np.trace(D @ D.T @ E.T @ C @ E)
    got = answer(*tensors)
    require(keras.ops.is_tensor(got) or got is None or not np.isscalar(got),
            got=f"a plain number ({type(got).__name__})",
            expected="a scalar tensor", look="float(…), .item() and NumPy's functions leave the tensors, and with them "
            "the gradient: keep to keras.ops, and return what they give")  # fmt: skip
    require(keras.ops.is_tensor(got) or not isinstance(got, np.ndarray), got="a NumPy array",
            expected="a scalar tensor",
            look="NumPy's functions cut the gradient off: use keras.ops throughout (ops.matmul, ops.trace, ops.sum)"
            )  # fmt: skip
    got = _output(got)
    shape(got, (), "the loss", "one number for the whole data set")
    close(got, expected, "the loss", "tr C − 2 tr(D C E) + tr(D Dᵀ Eᵀ C E), divided by d", 1e-4, 1e-5, {
        "this is the sum over the pixels; divide by their number d": expected * d,
        "the cross term counts twice: −2 tr(D C E)": (total - cross + square) / d,
        "the cross term has a minus sign": (total + 2 * cross + square) / d,
        "the first term, tr C, is missing": (square - 2 * cross) / d,
        "the last term is missing": (total - 2 * cross) / d,
        "the last term is added, not subtracted": (total - 2 * cross - square) / d,
        "the trace of a product is not the product of the traces": (
            total - 2 * cross + np.trace(D @ D.T) * np.trace(E.T @ C @ E)) / d,
        "the last term lacks D Dᵀ: the decoder's rows need not be orthonormal": (
            total - 2 * cross + np.trace(E.T @ C @ E)) / d,
        "the covariance is missing: this is the error on white noise": np.sum((np.eye(d) - E @ D) ** 2) / d,
        "this is divided by the number of codings; divide by the number of pixels d": expected * d / k,
        "this is divided by d twice": expected / d,
        "the last term lacks the covariance": (total - 2 * cross + np.trace(D @ D.T @ E.T @ E)) / d,
        "this is divided by 784; divide by the d of the arguments, C.shape[0]": expected * d / 784,
        "the last term counts once: no 2 there": (total - 2 * cross + 2 * square) / d,
        "the cross term lacks the covariance: tr(D C E)": (total - 2 * np.trace(D @ E) + square) / d,
        "the first term is a sum over all of C; the trace adds up its diagonal":
            (C.sum() - 2 * cross + square) / d,
        "the sums were taken before the product: the trace of A B is the sum of A times Bᵀ, entry by entry":
            (total - 2 * cross + np.sum(D @ D.T) * np.sum(E.T @ C @ E)) / d,
        "the cross term counts once and the last term is missing: true only for codings that reconstruct best":
            (total - cross) / d,
        "each term is a mean over entries: a trace is a sum; divide once, by d, at the end":
            total / d - 2 * cross / (d * k) + square / k**2,
        "only the first term is divided by d: brackets around all three": total / d - 2 * cross + square,
        "only the last term is divided by d: brackets around all three": total - 2 * cross + square / d,
    })  # fmt: skip
    with tf.GradientTape() as tape:
        tape.watch(tensors[:2])
        value = answer(*tensors)
    gradients = tape.gradient(value, tensors[:2])
    right = [-2 * C @ (np.eye(d) - E @ D) @ D.T / d, -2 * E.T @ C @ (np.eye(d) - E @ D) / d]
    for name, found, wanted in zip(("E", "D"), gradients, right, strict=True):
        require(found is not None, got=f"no gradient for {name}", expected="a gradient for E and for D",
                look="compute with keras.ops throughout; NumPy and stop_gradient cut the gradient off")  # fmt: skip
        close(_output(found), wanted, f"the gradient for {name}", "compute with keras.ops throughout", 1e-3, 1e-4)
    graph = tf.function(answer, autograph=False).get_concrete_function(*tensors).graph
    large = [op for op in graph.get_operations() if "MatMul" in op.type or op.type == "Einsum"]
    large = [op for op in large if any(tuple(out.shape) == (d, d) for out in op.outputs)]
    require(not large, got="the right number, by way of a product of shape (d, d)",
            expected="no product of two matrices larger than (d, k)",
            look="E D is a (784, 784) matrix, and a product with it costs 784³. Multiply C by the thin E first; "
            "traces let you turn factors round: tr(A B) = tr(B A)")  # fmt: skip


def _output(tensor) -> np.ndarray:
    """A tensor or an array as NumPy; NotYet for anything else."""
    from helpers.backend import keras

    return array(keras.ops.convert_to_numpy(tensor) if keras.ops.is_tensor(tensor) else tensor, "the result")


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))
