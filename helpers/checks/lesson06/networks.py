"""The checks of lesson 06 that build Keras models: exercises 6.3, 6.4 and 6.6."""

import numpy as np

from helpers.exercises.assertions import NotYet, close, require
from helpers.exercises.models import knows_its_shapes
from helpers.exercises.registry import exercise


@exercise(
    "6.3",
    "The decoder",
    reference="helpers.autoencoders.convolutional.networks:growing_decoder",
    minutes=20,
    difficulty=2,
    hints=(
        "One keras.Sequential that begins with keras.Input((codings,)). First numbers become a small picture of many "
        "maps, then three layers double it.",
        "Dense(3 * 3 * 16) and Reshape((3, 3, 16)); then three Conv2DTranspose with kernel 3 and strides=2. Only one "
        "padding takes 3 to 7: which? At the end the last axis, of one map, has to go.",
        "layers.Conv2DTranspose(32, 3, strides=2, padding='valid', activation='relu'), then 16 maps with 'same' and "
        "'relu', then 1 map with 'same' and 'sigmoid', then layers.Reshape((28, 28)).",
    ),
)
def check_decoder(answer, seed):
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    codings = int(rng.integers(5, 12))
    model = _model(answer(codings), "the decoder")
    _has_shape(model.input_shape, (codings,), "an input", "keras.Input((codings,)), with the argument and not a number")
    found = list(_leaves(model))
    shapes = [tuple(layer.output.shape[1:]) for layer in found]
    ups = [layer for layer in found if type(layer).__name__ == "Conv2DTranspose"]
    require(len(ups) == 3, got=f"{len(ups)} transposed convolution{'s' * (len(ups) != 1)}", expected="three",
            look="3 → 7 → 14 → 28 are three doublings")  # fmt: skip
    require((3, 3, 16) in shapes, got=f"layers of the shapes {_list(shapes)}", expected="first one of (3, 3, 16)",
            look="Dense(3 * 3 * 16), then Reshape((3, 3, 16))")  # fmt: skip
    sides = [layer.output.shape[1] for layer in ups]
    looks = {
        6: "'same' doubles 3 to 6. The way up must meet the 28 of the image: 3 → 7 needs the other padding",
        15: "'valid' gives one pixel too many here: only the first of the three is 'valid'",
        29: "'valid' gives one pixel too many here: only the first of the three is 'valid'",
    }
    for side, wanted, layer in zip(sides, (7, 14, 28), ups, strict=True):
        kernel, stride = int(layer.kernel_size[0]), int(layer.strides[0])
        require(stride == 2, got=f"stride {stride}", expected="stride 2", look="strides=2 in each of the three")
        require(kernel == 3, got=f"kernel {kernel}", expected="kernel 3, as in the table", look="the second argument")
        require(side == wanted, got=f"{side} × {side} pixels, of sizes {' → '.join(map(str, [3, *sides]))}",
                expected="3 → 7 → 14 → 28", look=looks.get(side, "exercise 6.1 tells the padding"))  # fmt: skip
    maps = [int(layer.output.shape[-1]) for layer in ups]
    require(maps == [32, 16, 1], got=f"maps {maps}", expected="[32, 16, 1]", look="the first argument of each layer")
    _has_shape(model.output_shape, (28, 28), "images", "our images have no axis for maps: end with Reshape((28, 28))")

    _randomise(model, rng, 0.4)
    Z = rng.normal(size=(12, codings)).astype("float32")
    for layer in ups[1:]:
        values = np.asarray(keras.Model(model.inputs[0], layer.input)(Z))
        require(values.min() >= 0, got=f"values from {values.min():.2f} to {values.max():.2f} before {layer.name}",
                expected="ReLU after the first two transposed convolutions", look="activation='relu'")  # fmt: skip
        require(values.max() > 1 or values.min() > 0 or np.mean(values == 0) > 0.05, got="no ReLU", expected="ReLU",
                look="activation='relu'")  # fmt: skip
    _as_in_the_table(model, ups, found, Z)
    images = np.asarray(model(Z), dtype=float)
    require(images.min() >= 0 and images.max() <= 1, got=f"pixels from {images.min():.2f} to {images.max():.2f}",
            expected="pixels between 0 and 1, whatever the weights are", look="a sigmoid at the end")  # fmt: skip
    last = keras.Model(model.inputs[0], ups[-1].input)(Z)
    logits = keras.ops.conv_transpose(last, ups[-1].kernel, 2, "same") + ups[-1].bias
    close(images, 1 / (1 + np.exp(-np.asarray(logits, dtype=float)[..., 0])), "the image",
          look="one sigmoid after the last transposed convolution, nothing else", rtol=1e-3, atol=1e-4)  # fmt: skip


def _as_in_the_table(model, ups, found, Z) -> None:
    """NotYet unless the model is a linear dense layer and three transposed convolutions with ReLU, ReLU and sigmoid."""
    from helpers.backend import keras

    ops = keras.ops
    dense = [layer for layer in found if type(layer).__name__ == "Dense"]
    count = sum(layer.count_params() for layer in [*dense, *ups])
    require(len(dense) == 1 and model.count_params() == count, got=f"layers with weights: "
            f"{', '.join(type(layer).__name__ for layer in found if layer.weights)}", expected="one Dense, three "
            "Conv2DTranspose", look="the table, line by line: nothing more has weights")  # fmt: skip
    for layer in [*dense, *ups]:
        require(layer.use_bias, got=f"{layer.name} without a bias", expected="a bias in every layer",
                look="leave use_bias at its default, True")  # fmt: skip

    def run(bend=ops.relu, first=lambda a: a, end=ops.sigmoid):
        h = ops.reshape(first(ops.matmul(Z, dense[0].kernel) + dense[0].bias), (-1, 3, 3, 16))
        for layer, padding, act in zip(ups, ("valid", "same", "same"), (bend, bend, end), strict=True):
            h = act(ops.conv_transpose(h, layer.kernel, 2, padding) + layer.bias)
        return np.asarray(h)[..., 0]

    mistakes = {"the dense layer has an activation (relu); the table gives it none": run(first=ops.relu),
                "the last layer has the activation tanh; pixels in 0 to 1 ask for a sigmoid": run(end=ops.tanh),
                "the last layer has no activation; pixels in 0 to 1 ask for a sigmoid": run(end=lambda a: a),
                "the last layer has the activation relu; pixels in 0 to 1 ask for a "
                "sigmoid": run(end=ops.relu)}  # fmt: skip
    for bend in ("leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid"):
        mistakes[f"the inner layers have the activation {bend}; the table says ReLU"] = run(getattr(ops, bend))
    mistakes["the inner layers have no activation; the table says ReLU"] = run(lambda a: a)
    close(np.asarray(model(Z, training=True)), run(), "the images", "dense without activation, then ReLU, ReLU, "
    "sigmoid, "
          "and nothing else: no normalization, no dropout", 1e-3, 1e-4, mistakes)  # fmt: skip


@exercise(
    "6.4",
    "Without checkerboards",
    reference="helpers.autoencoders.convolutional.networks:smooth_doubling",
    minutes=10,
    difficulty=2,
    hints=(
        "A transposed convolution does two things at once: it makes the picture larger and it applies weights. Do them "
        "one after the other.",
        "Enlarge without weights (keras.layers.UpSampling2D); then an ordinary convolution that keeps the size.",
        "return keras.Sequential([layers.UpSampling2D(2), layers.Conv2D(maps, kernel_size, padding='same')])",
    ),
)
def check_smooth_doubling(answer, seed):
    rng = np.random.default_rng(seed)
    for maps, kernel, given in ((4, 3, 2), (3, 4, 1)):
        model = _model(answer(maps, kernel), "the block", built=False)
        constant = np.ones((1, 9, 11, given), "float32") * rng.uniform(0.5, 1.5, given).astype("float32")
        out = np.asarray(model(constant))
        kinds = [type(layer).__name__ for layer in _leaves(model)]
        require(out.ndim == 4, got=f"an output of shape {out.shape}", expected="(batch, 2 · height, 2 · width, maps)",
                look="no Flatten, no Reshape: maps stay maps")  # fmt: skip
        require(out.shape[1:3] == (18, 22), got=f"{out.shape[1]} × {out.shape[2]} pixels from 9 × 11",
                expected="18 × 22", look="double both sides, once; padding='same' keeps them")  # fmt: skip
        require(out.shape[3] == maps, got=f"{out.shape[3]} maps", expected=f"{maps}, the argument `maps`",
                look="Conv2D(maps, …)")  # fmt: skip
        require(model.weights, got="a block without weights", expected="one that can learn",
                look="after the enlargement comes a convolution")  # fmt: skip
        _randomise(model, rng, 0.7)
        inside = np.asarray(model(constant))[:, kernel:-kernel, kernel:-kernel]
        spread = float(np.ptp(inside, axis=(1, 2)).max())
        if spread > 1e-4:
            look = "enlarge first, without weights; then an ordinary convolution"
            if any("Conv2DTranspose" in kind for kind in kinds):
                look = (
                    "a transposed convolution with a kernel that is no multiple of the stride: strokes are uneven"
                    if kernel % 2
                    else "kernel 4 makes the strokes even in number, but neighbours still get different weights"
                ) + ". Enlarge first, without weights; then an ordinary convolution"
            raise NotYet(
                got=f"a constant image whose inside varies by {spread:.2f} after the block (kernel {kernel})",
                expected="a constant inside, whatever the weights are",
                look=look,
            )
        count = len([w for w in model.weights if len(w.shape) > 1])
        require(count == 1, got=f"{count} kernels", expected="one: an enlargement and one convolution",
                look="a second convolution is not asked for; a separable one has two kernels as well")  # fmt: skip
        acting = np.asarray(model(constant, training=True))
        require(np.allclose(acting, np.asarray(model(constant)), atol=1e-4), got="another image in training",
                expected="the same", look="no dropout, no noise, no normalization here")  # fmt: skip
        X = rng.normal(size=(2, 9, 11, given)).astype("float32")
        R = np.asarray(model(X), dtype=float)
        blocks = R.reshape(2, 9, 2, 11, 2, maps)
        require(np.ptp(blocks, axis=(2, 4)).max() > 1e-4, got="an image of 2 × 2 blocks of equal pixels",
                expected="new pixels that can differ from their neighbours",
                look="the convolution comes after the enlargement; before it, it sees the small picture")  # fmt: skip
        zero, minus = (np.asarray(model(np.float32(factor) * X), dtype=float) for factor in (0, -1))
        close(R + minus, 2 * zero, "f(x) + f(−x) for the block f", look="no activation: the block is only an "
              "enlargement and a convolution", rtol=1e-3, atol=1e-3)  # fmt: skip
        kernels = [tuple(w.shape) for w in model.weights if len(w.shape) == 4]
        # the second order is that of a transposed convolution, which with stride 1 is welcome
        wanted = (kernel, kernel, given, maps), (kernel, kernel, maps, given)
        require(any(shape in wanted for shape in kernels), got=f"kernels of shape {_list(kernels)}",
                expected=f"{wanted[0]}", look="pass kernel_size on to the convolution")  # fmt: skip


@exercise(
    "6.6",
    "Mend the neck",
    reference="helpers.autoencoders.convolutional.networks:with_neck",
    minutes=20,
    difficulty=2,
    seconds=20.0,
    hints=(
        "How many numbers are there for one image where the two halves meet? All of them must become `codings` "
        "numbers, and then as many as the decoder expects.",
        "Encoder: the given one, then Flatten, then Dense(codings). Decoder: Dense(height · width · maps), Reshape, "
        "then the given one. encoder.output_shape[1:] is (height, width, maps).",
        "shape = encoder.output_shape[1:]; narrow = keras.Sequential([encoder, layers.Flatten(), "
        "layers.Dense(codings)]); "
        "wide = keras.Sequential([keras.Input((codings,)), layers.Dense(np.prod(shape)), layers.Reshape(shape), "
        "decoder]); return Autoencoder(narrow, wide).",
    ),
)
def check_with_neck(answer, seed):
    from helpers.autoencoders.autoencoder import Autoencoder
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    layers, codings = keras.layers, int(rng.integers(4, 7))
    encoder = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(3, 3, strides=2, padding="same")])
    decoder = keras.Sequential([keras.Input((3, 3, 3)), layers.Conv2DTranspose(1, 4, strides=2, padding="same")])
    for half in (encoder, decoder):
        _randomise(half, rng, 1.0)
    given = [*encoder.trainable_variables, *decoder.trainable_variables]
    model = answer(encoder, decoder, codings)
    require(isinstance(model, Autoencoder), got=type(model).__name__, expected="an Autoencoder",
            look="return Autoencoder(new_encoder, new_decoder)")  # fmt: skip
    kinds = {type(layer).__name__ for half in (model.encoder, model.decoder) for layer in _leaves(half)}
    require("BatchNormalization" not in kinds, got="a neck with batch normalization",
            expected="Flatten, Dense, Reshape",
            look="not asked for here: leave it away")  # fmt: skip
    frozen = len(model.weights) - len(model.trainable_weights)
    require(encoder.trainable and decoder.trainable and not frozen, got="frozen weights",
            expected="everything trainable",
            look="both halves and the neck learn together: leave trainable at True")  # fmt: skip
    X = rng.normal(size=(90, 6, 6, 1)).astype("float32")
    _randomise(model, rng, 0.5, leave=given)
    Z, R = np.asarray(model.encoder(X), dtype=float), np.asarray(model(X))
    require(Z.ndim == 2, got=f"codings of shape {Z.shape[1:]} for one image, that is {Z[0].size} numbers",
            expected=f"{codings} numbers", look="maps are not numbers: Flatten them, then a Dense layer")  # fmt: skip
    look = "Dense(codings), with the argument; Flatten alone lets every number of the maps through"
    require(Z.shape[1] == codings, got=f"{Z.shape[1]} codings", expected=f"{codings}", look=look)
    require(R.shape == X.shape, got=f"reconstructions {R.shape[1:]}", expected=f"{X.shape[1:]}",
            look="the given decoder comes last")  # fmt: skip
    used = {id(variable) for variable in model.trainable_variables}
    for half, name in ((encoder, "encoder"), (decoder, "decoder")):
        require(all(id(v) in used for v in half.trainable_variables), got=f"a model without the given {name}'s weights",
                expected=f"the given {name} inside it", look="put it into keras.Sequential like a layer")  # fmt: skip
    maps = np.asarray(encoder(X), dtype=float).reshape(len(X), -1)
    design = np.column_stack([maps, np.ones(len(X))])
    weights, *_ = np.linalg.lstsq(design, Z, rcond=None)
    off = np.abs(design @ weights - Z).max() / np.abs(Z).max()
    signs = " (none is negative)" if Z.min() >= 0 else ""
    require(off < 1e-3, got=f"codings that are no straight-line function of the maps{signs}",
            expected="a coding can be any number", look="no activation in the coding layer, no pooling")  # fmt: skip
    by_place = weights[:-1].reshape(9, 3, codings)
    require(np.ptp(by_place, axis=0).max() > 1e-3, got="codings that stay when the pixels of the maps change places",
            expected="codings that know where things are", look="an average over the map (GlobalAveragePooling) "
            "forgets the place: Flatten keeps it")  # fmt: skip
    blind = np.abs(weights[:-1]).max(axis=1) < 1e-4
    require(not blind.any(), got=f"codings that ignore {int(blind.sum())} of the {len(blind)} numbers of the maps",
            expected="every number of the maps counts", look="Flatten, then one Dense layer on all")  # fmt: skip
    close(np.asarray(model(X, training=True)), R, "the reconstructions in training", "Flatten, Dense, Reshape do the "
    "same "
          "in training: no dropout, no noise, no normalization", 1e-3, 1e-4)  # fmt: skip
    dead = [i for i in range(codings) if _still(model.decoder, rng, codings, i)]
    require(not dead, got="a decoder that ignores codings", expected="each coding changes the image",
            look="Dense(height · width · maps) on all the codings, then Reshape")  # fmt: skip


def _still(decoder, rng, codings, i) -> bool:
    """Whether the images stay the same when coding i moves either way."""
    Z = rng.normal(size=(4, codings)).astype("float32")
    moved = [Z.copy(), Z.copy()]
    moved[0][:, i] += 1
    moved[1][:, i] -= 1
    before = np.asarray(decoder(Z))
    return all(np.abs(np.asarray(decoder(each)) - before).max() < 1e-6 for each in moved)


def _model(value, what, built=True):
    """`value`, if it is a Keras model (with known sizes); NotYet otherwise."""
    from helpers.backend import keras

    if isinstance(value, (list, tuple)):
        raise NotYet(got=f"a {type(value).__name__} for {what}", expected="a keras.Model", look="keras.Sequential([…])")
    require(isinstance(value, keras.Model), got=f"{type(value).__name__} for {what}", expected="a keras.Model",
            look="return the model at the end")  # fmt: skip
    if built and value.built:
        knows_its_shapes(value, what)
    require(value.built or not built, got=f"{what} without sizes", expected="a model that knows its input",
            look="begin it with keras.Input(…)")  # fmt: skip
    return value


def _has_shape(found, wanted, what, look):
    require(tuple(found[1:]) == wanted, got=f"{what} of shape {tuple(found[1:])}", expected=f"{wanted}", look=look)


def _leaves(model):
    for layer in model.layers:
        if getattr(layer, "layers", None):
            yield from _leaves(layer)
        elif type(layer).__name__ != "InputLayer":
            yield layer


def _list(shapes) -> str:
    return ", ".join(str(shape) for shape in dict.fromkeys(shapes)) or "none"


def _randomise(model, rng, scale, leave=()):
    """Random weights of this size, biases too, so that no symmetry of a fresh network helps a wrong answer."""
    for variable in model.trainable_variables:
        if not any(variable is other for other in leave):
            variable.assign(rng.normal(0, scale, variable.shape))
