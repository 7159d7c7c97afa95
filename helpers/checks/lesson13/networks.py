"""The checks of exercises 13.3 and 13.4: a generator and a discriminator that obey the guidelines of DCGAN.

A network is judged by what it does and by what comes in front of each layer with weights, so that any spelling of
the same network passes: activations as layers or as arguments, Sequential or functional.
"""

import numpy as np

from helpers.checks.lesson13.inspection import Seen, stride_of
from helpers.exercises.assertions import require
from helpers.exercises.registry import exercise


@exercise(
    "13.3",
    "The generator",
    reference="helpers.gans.dcgan.networks:generator",
    minutes=20,
    difficulty=2,
    seconds=30.0,
    hints=(
        "Work from the picture backwards: 28 × 28 from 14 × 14 from 7 × 7, each step a transposed convolution of "
        "stride "
        "2 with padding 'same'. Codings become 7 × 7 × 2·maps by one dense layer and a Reshape.",
        "Each hidden layer: weights without activation, then BatchNormalization, then ReLU. The last: weights and "
        "tanh, "
        "nothing else. Kernel 4 is divisible by stride 2.",
        "start = keras.initializers.RandomNormal(stddev=0.02); keras.Sequential([keras.Input((codings,)), Dense(7 * 7 "
        "* 2 "
        "* maps), Reshape((7, 7, 2 * maps)), BatchNormalization(), ReLU(), Conv2DTranspose(maps, 4, 2, "
        "padding='same'), "
        "BatchNormalization(), ReLU(), Conv2DTranspose(1, 4, 2, padding='same', activation='tanh')]), each with "
        "weights "
        "and kernel_initializer=start",
    ),
)
def check_generator(answer, seed):
    rng = np.random.default_rng(seed)
    codings, maps = int(rng.integers(20, 30)), int(rng.integers(5, 9))
    model = Seen(answer(codings, maps), (codings,), "generator")
    wanted = [(7, 7, 2 * maps), (14, 14, maps), (28, 28, 1)]
    model.no_other_size("UpSampling", "transposed convolutions of stride 2")
    ups = [layer for layer in model.weighted if "Transpose" in type(layer).__name__]
    require(
        len(ups) >= 2,
        got=f"{len(ups)} transposed convolution{'s' * (len(ups) != 1)}",
        expected="two of stride 2: from 7 × 7 to 14 × 14 to 28 × 28",
        look="layers.Conv2DTranspose(maps, kernel, strides=2, padding='same')",
    )
    model.right_shape((28, 28, 1), "images")
    model.divisible()
    model.no_dense_inside(1, "the one that makes 7 × 7 × 2·maps of the codings")
    for shape in wanted:
        require(
            shape in model.shapes,
            got=f"layers of the sizes {', '.join(str(s) for s in dict.fromkeys(model.shapes) if len(s) == 3)}",
            expected=f"one of {shape}, for maps = {maps}",
            look="7 × 7 with 2·maps maps, 14 × 14 with maps maps, 28 × 28 with one",
        )
    model.only_these(3)
    last = model.weighted[-1]
    require(
        not any("Normalization" in type(layer).__name__ for layer in model.after(last)),
        got="batch normalization at the generator's output",
        expected="none there",
        look="it would give every batch of fakes the same brightness and contrast, whatever is in the pictures",
    )
    out = model.excited(rng)
    require(
        out.min() >= -1 and out.max() <= 1,
        got=f"values from {out.min():.2f} to {out.max():.2f} with strong weights",
        expected="images between −1 and 1",
        look="the output needs tanh",
    )
    require(
        out.min() < -0.5,
        got=f"no value below {out.min():.2f}, even with strong weights",
        expected="images between −1 and 1, like the real ones",
        look="a sigmoid or a ReLU at the output? Take tanh",
    )
    model.ends_with(np.tanh, "tanh of what the last transposed convolution gives", rng)
    model.normalised_inside(model.weighted[:-1])
    model.rectified(model.weighted[1:], 0.0, "ReLU", rng)
    model.exactly(model.weighted[1:], 0.0, "ReLU", rng)
    model.normalised_first(model.weighted[:-1], "ReLU", rng)
    model.started()


@exercise(
    "13.4",
    "The discriminator",
    reference="helpers.gans.dcgan.networks:discriminator",
    minutes=15,
    difficulty=2,
    seconds=30.0,
    hints=(
        "It is the generator in a mirror: convolutions of stride 2 halve 28 × 28 to 14 × 14 to 7 × 7, the maps double.",
        "No normalization at the input layer (the first convolution), one after the second; no pooling, no dense "
        "hidden "
        "layer; and the output is a logit, any number.",
        "Conv2D(maps, 4, 2, padding='same'), LeakyReLU(0.2), Conv2D(2 * maps, 4, 2, padding='same'), "
        "BatchNormalization(), LeakyReLU(0.2), Flatten(), Dense(1); all weights from N(0, .02)",
    ),
)
def check_discriminator(answer, seed):
    rng = np.random.default_rng(seed)
    maps = int(rng.integers(5, 9))
    model = Seen(answer(maps), (28, 28, 1), "discriminator")
    model.no_other_size("Pooling", "convolutions of stride 2")
    model.right_shape((1,), "logits")
    steps = [layer for layer in model.weighted if stride_of(layer) == 2]
    require(
        len(steps) >= 2,
        got=f"{len(steps)} convolution{'s' * (len(steps) != 1)} of stride 2",
        expected="two: from 28 × 28 to 14 × 14 to 7 × 7",
        look="layers.Conv2D(maps, kernel, strides=2, padding='same')",
    )
    model.divisible()
    for shape in ((14, 14, maps), (7, 7, 2 * maps)):
        require(
            shape in model.shapes,
            got=f"layers of the sizes {', '.join(str(s) for s in dict.fromkeys(model.shapes) if len(s) == 3)}",
            expected=f"one of {shape}, for maps = {maps}",
            look="14 × 14 with maps maps, 7 × 7 with 2·maps maps",
        )
    model.no_dense_inside(1, "the one that makes the logit")
    first = model.weighted[0]
    require(
        not model.normalised_between(None, first) and not model.normalised_between(first, model.weighted[1]),
        got="batch normalization at the discriminator's input layer",
        expected="none before or right after the first convolution",
        look="this is the half of the guideline that summaries get wrong",
    )
    model.only_these(3)
    out = model.excited(rng)
    require(
        out.min() < -1 and out.max() > 1,
        got=f"answers from {out.min():.2f} to {out.max():.2f} with strong weights",
        expected="logits: any number, below 0 for fakes",
        look="no activation at the output; the loss of our engine takes logits",
    )
    require(
        not any("Normalization" in type(layer).__name__ for layer in model.after(model.weighted[-1])),
        got="batch normalization behind the logit",
        expected="none there",
        look="it would tell the discriminator what the rest of the batch looks like, and nothing of this image alone",
    )
    model.ends_with(lambda raw: raw, "what the last dense unit gives, a logit", rng)
    model.normalised_inside(model.weighted[1:-1])
    model.rectified(model.weighted[1:], 0.2, "leaky ReLU with slope 0.2", rng)
    model.exactly(model.weighted[1:], 0.2, "leaky ReLU with slope 0.2", rng)
    model.normalised_first(model.weighted[1:-1], "leaky ReLU with slope 0.2", rng)
    model.started()
