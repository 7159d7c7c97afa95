"""The check of exercise 15.2: the last step of a generator while a stage fades in."""

import numpy as np

from helpers.exercises.assertions import NotYet, close
from helpers.exercises.compiled import compiled, trains
from helpers.exercises.registry import exercise


def laid(x, layer, padding="constant"):
    """What a convolution of stride 1 makes of x: (n, h, w, maps) → (n, h, w, filters), by NumPy.

    padding: what np.pad puts beyond the edges; zeros if nothing else is said.
    """
    kernel, bias = (np.asarray(part, dtype=float) for part in layer.get_weights())
    k, h, w = kernel.shape[0], x.shape[1], x.shape[2]
    edge = (k - 1) // 2
    padded = np.pad(x, ((0, 0), (edge, edge), (edge, edge), (0, 0)), mode=padding)
    return sum(padded[:, i : i + h, j : j + w] @ kernel[i, j] for i in range(k) for j in range(k)) + bias


def leaky(x, slope=0.2):
    return np.where(x > 0, x, slope * x)


def normal(x):
    return x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + 1e-8)


def squares(x):
    return x.repeat(2, axis=1).repeat(2, axis=2)


@exercise(
    "15.2",
    "A stage more",
    reference="helpers.gans.progan.networks:grown_image",
    minutes=20,
    difficulty=2,
    seconds=20.0,
    hints=(
        "Two ways from the same maps to an image of the new size; at the end the two images are mixed.",
        "New way: x = progan.upsample(maps); for each layer x = norm(progan.activate(layer(x))); "
        "then new_layer(x). Old way: old_layer(maps).",
        "The old way is old_layer(maps), a small image; fade enlarges it. return fade(old_layer(maps), new_layer(x), "
        "alpha)",
    ),
)
def check_grown_image(answer, seed):
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(seed)

    def layer(inputs, filters, size):
        made = keras.layers.Conv2D(filters, size, padding="same")
        made.build((None, None, None, inputs))
        spread = {4: 1 / (size * np.sqrt(inputs)), 1: 1.0}  # of the kernel, of the bias
        made.set_weights([rng.normal(0, spread[w.ndim], w.shape) for w in made.get_weights()])
        return made

    for inputs, filters in ((3, 3), (4, 2)):
        maps = rng.normal(size=(2, 3, 2, inputs)).astype("float32")
        one, two = layer(inputs, filters, 3), layer(filters, filters, 3)
        before, after = layer(inputs, 1, 1), layer(filters, 1, 1)
        alpha = float(rng.uniform(0.15, 0.4))
        new_image, old_image = laid(_block(maps, one, two), after), squares(laid(maps, before))
        right = (1 - alpha) * old_image + alpha * new_image

        def mixed(new, old=old_image, alpha=alpha):
            return (1 - alpha) * old + alpha * new

        large = squares(maps)
        bare = laid(laid(large, one), two)
        mistakes = {
            "α is the wrong way round: at α = 0 it must be the old image": alpha * old_image + (1 - alpha) * new_image,
            "this is the new way alone": new_image,
            "this is the old way alone": old_image,
            "the images are added up without weights": old_image + new_image,
            "pixel normalization is missing behind the new layers": mixed(
                laid(leaky(laid(leaky(laid(large, one)), two)), after)
            ),
            "first the activation, then the normalization": mixed(laid(_block(maps, one, two, norm_first=True), after)),
            "the normalization comes once, at the end; it belongs behind each of the two layers": mixed(
                laid(normal(leaky(laid(leaky(laid(large, one)), two))), after)
            ),
            "the activation is missing": mixed(laid(normal(laid(normal(laid(large, one)), two)), after)),
            "neither activation nor normalization": mixed(laid(bare, after)),
            "this is ReLU; the networks use leaky ReLU with slope 0.2": mixed(
                laid(_block(maps, one, two, slope=0.0), after)
            ),
            "this is leaky ReLU with slope 0.3, Keras' default; progan.activate has slope 0.2": mixed(
                laid(_block(maps, one, two, slope=0.3), after)
            ),
            "this is leaky ReLU with slope 0.01; progan.activate has slope 0.2": mixed(
                laid(_block(maps, one, two, slope=0.01), after)
            ),
            "this is leaky ReLU with slope 0.1; progan.activate has slope 0.2": mixed(
                laid(_block(maps, one, two, slope=0.1), after)
            ),
            "a half of each image, whatever α is": (old_image + new_image) / 2,
            "the old image keeps its full weight; it is 1 − α": old_image + alpha * new_image,
            "the image went through the activation: only the maps do": mixed(leaky(new_image)),
            "the images went through tanh: their layers have no activation": mixed(
                np.tanh(new_image), np.tanh(old_image)
            ),
            "the maps are enlarged behind the new layers; they must be enlarged before them": mixed(
                squares(laid(_block(maps, one, two, enlarged=False), after))
            ),
            "only the first layer of the block is used": mixed(laid(normal(leaky(laid(large, one))), after)),
            "the maps are repeated as a whole, like tiles": mixed(
                laid(_block(np.tile(maps, (1, 2, 2, 1)), one, two, enlarged=False), after),
                np.tile(laid(maps, before), (1, 2, 2, 1)),
            ),
            "the images are no maps: no activation and no normalization behind the image layers": mixed(
                leaky(new_image), leaky(old_image)
            ),
        }  # fmt: skip
        if inputs == filters:
            new_maps = _block(maps, one, two)
            mistakes |= {
                "both images are made by the new image layer (or the maps were mixed before it: the same): mix "
                "two images, each made by its own layer": mixed(new_image, squares(laid(maps, after))),
                "both images are made by the old image layer (or the maps were mixed before it: the same): mix "
                "two images, each made by its own layer": mixed(laid(new_maps, before)),
                "the two image layers have changed places": mixed(laid(new_maps, before), squares(laid(maps, after))),
                "the old image was made of the new maps: it comes from `maps`, past the new layers": mixed(
                    new_image, laid(new_maps, before)
                ),
                "the two layers of the block have changed places": mixed(laid(_block(maps, two, one), after)),
                "only the second layer of the block is used": mixed(laid(normal(leaky(laid(large, two))), after)),
            }  # fmt: skip
        what = f"the image for α = {alpha:.2f}, {inputs} maps before and {filters} after"
        look = "follow both ways in the picture above: the new one through the block, the old one past it"
        given = tf.constant(maps)
        close(answer(given, [one, two], before, after, alpha), right, what, look, 1e-4, 1e-5, mistakes)
        for end, image in ((0.0, old_image), (1.0, new_image)):
            close(answer(given, [one, two], before, after, end), image, f"the image for α = {end:g}", look, 1e-4, 1e-5)
        three = [one, two, layer(filters, filters, 3)]
        x = normal(leaky(laid(_block(maps, one, two), three[2])))
        close(
            answer(given, three, before, after, 1.0), laid(x, after), "the image with three layers in the block",
            "for layer in block: …, however many there are", 1e-4, 1e-5,
        )  # fmt: skip
    _handed_over(answer, given, (one, two, before, after))
    trains(
        lambda x: answer(x, [one, two], before, after, 0.25), [maps],
        lambda x: 0.75 * squares(laid(x, before)) + 0.25 * laid(_block(x, one, two), after), "the image",
    )  # fmt: skip
    share = keras.Variable(0.25, dtype="float32")
    step = compiled(lambda x: answer(x, [one, two], before, after, share), given, unknown_batch=True)
    right = 0.75 * old_image + 0.25 * new_image
    close(step(given), right, "the image inside a compiled step", "α is a variable there: compute with it", 1e-4, 1e-5)


def _handed_over(answer, maps, layers):
    """With functions of the student's own as `norm` and `fade`; this fade-in enlarges whatever comes first."""
    import tensorflow as tf

    from helpers.gans.progan.layers import pixel_norm, upsample

    def fade(smaller, larger, alpha):
        return (1 - alpha) * upsample(smaller) + alpha * larger

    one, two, before, after = layers
    look = "fade(smaller, larger, alpha) enlarges the smaller image itself: hand it over as it is"
    try:
        image = answer(maps, [one, two], before, after, 0.25, norm=pixel_norm, fade=fade)
    except (tf.errors.InvalidArgumentError, ValueError):
        raise NotYet(
            got="two images of different sizes, with the fade-in of exercise 15.1",
            expected="two images of one size",
            look=look,
        ) from None
    right = 0.75 * squares(laid(maps.numpy(), before)) + 0.25 * laid(_block(maps.numpy(), one, two), after)
    close(image, right, "the image with the functions handed over as norm and fade", look, 1e-4, 1e-5)


def _block(x, one, two, slope=0.2, enlarged=True, norm_first=False):
    """The new maps, by NumPy; the options are ways to get it wrong."""
    x = squares(x) if enlarged else x
    for layer in (one, two):
        x = leaky(normal(laid(x, layer)), slope) if norm_first else normal(leaky(laid(x, layer), slope))
    return x
