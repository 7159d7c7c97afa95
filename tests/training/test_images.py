"""What models with a training step of their own say before they train, instead of failing late or in silence."""

import copy

import numpy as np
import pytest

from helpers import training
from helpers.autoencoders.vae import model as vae_model
from helpers.backend import keras, tf
from helpers.gans import samples
from helpers.gans.dcgan.networks import dcgan_pair
from helpers.gans.gan import GAN
from helpers.gans.vanilla.networks import dense_pair
from helpers.gans.wasserstein.gan import WGANGP, wgan_pair
from helpers.training import images as looks

rng = np.random.default_rng(0)
IMAGES = rng.uniform(0, 1, (12, 4, 5)).astype("float32")
SIGNED = 2 * IMAGES - 1
ONCE = {"batch_size": 12, "verbose": 0}


def vae(**options):
    keras.utils.set_random_seed(0)
    parts = vae_model.Sampling(seed=1), vae_model.kl_to_standard_normal, vae_model.cross_entropy
    model = vae_model.VAE(*vae_model.dense_halves(3, (8,), (4, 5), **options), *parts)
    model.compile(optimizer="adam", run_eagerly=True)
    return model


def gan(networks=None, cls=GAN, codings=3, **options):
    keras.utils.set_random_seed(0)
    model = cls(*(networks or dense_pair(codings=3, hidden=(4,), shape=(4, 5))), codings, seed=0, **options)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), run_eagerly=True)
    return model


# -------------------------------------------------------------------------------------- images, and targets
def test_a_vae_takes_its_images_as_their_own_targets():
    alone = vae().fit(IMAGES, validation_data=IMAGES, **ONCE).history
    for given in (
        {"x": IMAGES, "y": IMAGES, "validation_data": (IMAGES, IMAGES)},
        {"x": IMAGES, "y": IMAGES.copy(), "validation_data": (IMAGES, IMAGES.copy())},
    ):
        assert vae().fit(**given, **ONCE).history == alone
    pairs = tf.data.Dataset.from_tensor_slices((IMAGES, IMAGES)).batch(12)
    assert vae().fit(pairs, validation_data=pairs, verbose=0).history.keys() == alone.keys()
    assert vae().evaluate(IMAGES, IMAGES, verbose=0) == vae().evaluate(IMAGES, verbose=0)


def test_a_vae_says_that_it_learns_from_images_alone():
    for given in ({"y": np.arange(12)}, {"y": IMAGES[::-1]}, {"validation_data": (IMAGES, np.arange(12))}):
        with pytest.raises(ValueError, match=r"images alone.*fit\(X\)"):
            vae().fit(IMAGES, **given, **ONCE)


def test_a_gan_ignores_targets_and_refuses_validation():
    assert gan().fit(SIGNED, SIGNED, **ONCE).history == gan().fit(SIGNED, **ONCE).history
    with pytest.raises(ValueError, match="no loss on validation images"):
        gan().fit(SIGNED, validation_data=SIGNED, **ONCE)


# ----------------------------------------------------------------------------------------- pixels and labels
@pytest.mark.parametrize(
    ("images", "cure"), [(255 * IMAGES, "X / 255"), (SIGNED, r"\(X \+ 1\) / 2"), (IMAGES * 3, "X / 2.9")]
)
def test_a_vae_says_what_range_its_pixels_must_have(images, cure):
    with pytest.raises(ValueError, match=f"pixels run from .* to .*{cure}"):
        vae().fit(images, **ONCE)
    with pytest.raises(ValueError, match=cure):
        vae().fit(IMAGES, validation_data=images, **ONCE)


def test_a_gan_refuses_bytes_and_remarks_on_another_range(capsys):
    for images in (255 * IMAGES, (255 * IMAGES).astype("uint8")):
        with pytest.raises(ValueError, match=r"X / 127.5 - 1"):
            gan().fit(images, **ONCE)
    gan().fit(IMAGES, **ONCE)
    assert capsys.readouterr().out == "", "verbose=0 is silent"
    training.fit(gan(), IMAGES, batch_size=12)
    assert "Better: 2 * X - 1\n" in capsys.readouterr().out
    training.fit(gan(), SIGNED, batch_size=12)
    assert "Better" not in capsys.readouterr().out


def test_a_dataset_is_looked_at_by_its_first_batch():
    for model, pixels in ((vae(), 255 * IMAGES), (gan(), 255 * IMAGES)):
        for given in (pixels, (pixels, np.arange(12))):
            with pytest.raises(ValueError, match="The pixels run from"):
                model.fit(tf.data.Dataset.from_tensor_slices(given).batch(12), verbose=0)
    for bad, words in ((tf.data.Dataset.from_tensor_slices(IMAGES), r"batch\(32\)"), (IMAGES[:0], "no images")):
        with pytest.raises(ValueError, match=words):
            vae().fit(bad, verbose=0)


# ---------------------------------------------------------------------------------------- their kind and shape
@pytest.mark.parametrize("kind", ["bool", "uint8", "int64"])
def test_black_and_white_of_any_kind_of_numbers_is_trained_on(kind):
    binary = (IMAGES > 0.5).astype("float32")
    wanted = vae().fit(binary, validation_data=binary, **ONCE).history
    other = binary.astype(kind)
    assert vae().fit(other, other, validation_data=other, **ONCE).history == wanted
    assert vae().fit(tf.constant(other), validation_data=(other,), **ONCE).history == wanted
    assert vae().evaluate(other, verbose=0) == vae().evaluate(binary, verbose=0)
    assert gan().fit(other, **ONCE).history == gan().fit(binary, **ONCE).history


def test_a_list_of_images_is_an_array_of_them():
    wanted = vae().fit(IMAGES, **ONCE).history
    for given in (list(IMAGES), IMAGES.tolist(), (IMAGES, IMAGES, None)):
        assert vae().fit(given, **ONCE).history == wanted
    with pytest.raises(ValueError, match="differ in size"):
        vae().fit([IMAGES[0], IMAGES[1][:2], IMAGES[2], IMAGES[3]], **ONCE)
    with pytest.raises(ValueError, match="no numbers but"):
        vae().fit(np.full((3, 4, 5), "a"), **ONCE)


@pytest.mark.parametrize(
    ("images", "cure"),
    [
        (IMAGES.reshape(12, 20), r"fit\(X.reshape\(-1, 4, 5\)\)"),
        (IMAGES[..., None], r"fit\(X.reshape\(-1, 4, 5\)\)"),
        (IMAGES[0], r"X\[None\]"),
        (IMAGES.transpose(0, 2, 1), "bring the images to this shape"),
        (np.zeros((12, 8, 8), "float32"), "bring the images to this shape"),
        (np.arange(12), "bring the images to this shape"),
        (IMAGES[:0], "no images to train on"),
        (None, "no images to train on"),
    ],
)
def test_images_of_another_shape_come_with_a_cure(images, cure):
    with pytest.raises(ValueError, match=cure):
        vae().fit(images, **ONCE)
    if np.ndim(images) < 4:
        with pytest.raises(ValueError, match=cure):
            gan().fit(images, **ONCE)
    if images is not None:
        with pytest.raises(ValueError, match=cure):
            vae().fit(IMAGES, validation_data=images, **ONCE)


def test_weights_of_single_images_are_refused():
    for name, value in (("sample_weight", np.ones(12)), ("class_weight", {0: 1.0})):
        with pytest.raises(ValueError, match=f"takes no {name}"):
            vae().fit(IMAGES, **{name: value}, **ONCE)


def test_pixels_that_are_no_numbers_are_named():
    broken = np.where(np.arange(5) == 3, np.nan, IMAGES).astype("float32")
    for model in (vae(), gan()):
        with pytest.raises(ValueError, match="not finite"):
            model.fit(broken, **ONCE)


def test_a_growing_gan_refuses_bytes_although_its_last_layer_tells_no_range():
    from helpers.gans.progan.gan import GrowingGAN
    from helpers.gans.progan.networks import Discriminator, Generator

    keras.utils.set_random_seed(0)
    model = GrowingGAN(Generator(3, (2, 2), 1), Discriminator((2, 2), 1), 3, seed=0)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), run_eagerly=True)
    images = rng.normal(size=(4, 8, 8, 1)).astype("float32")
    with pytest.raises(ValueError, match=r"X / 127.5 - 1"):
        model.fit(255 * np.abs(images), batch_size=4, verbose=0)
    model.fit(images, batch_size=4, verbose=0)


def test_data_that_are_no_images_go_through():
    """Points, whose network ends without an activation, have any range."""
    layers = keras.layers
    networks = (
        keras.Sequential([keras.Input((3,)), layers.Dense(2)]),
        keras.Sequential([keras.Input((2,)), layers.Dense(1)]),
    )
    gan(networks).fit(30 * rng.normal(size=(12, 2)).astype("float32"), **ONCE)


@pytest.mark.parametrize("labels", [np.arange(12) % 10 + 1, np.arange(12) - 1, np.arange(12) / 2, np.eye(12)])
def test_labels_of_classes_that_there_are_not(labels):
    model = gan(dcgan_pair(3, 1, classes=10), conditional=True)
    with pytest.raises(ValueError, match="[Ll]abels are .*whole number"):
        model.fit(np.zeros((12, 28, 28, 1), "float32"), labels, **ONCE)


# --------------------------------------------------------------------------------------------------- saving
@pytest.mark.parametrize("make", [vae, gan])
def test_saving_says_how_before_the_training(make, tmp_path):
    whole = keras.callbacks.ModelCheckpoint(tmp_path / "model.keras")
    for attempt in (
        lambda: make().save(tmp_path / "model.keras"),
        lambda: make().fit(IMAGES, callbacks=[whole], **ONCE),
        lambda: make().fit(IMAGES, callbacks=whole, **ONCE),
        lambda: keras.saving.save_model(make(), tmp_path / "model.keras"),
        lambda: keras.models.clone_model(make()),
        lambda: copy.deepcopy(make()),
        lambda: make().to_json(),
    ):
        with pytest.raises((NotImplementedError, ValueError), match=r"save_weights\('NAME.weights.h5'\)"):
            attempt()
    file = tmp_path / "c.weights.h5"
    trained, other = make(), make()
    trained.fit(IMAGES, callbacks=[keras.callbacks.ModelCheckpoint(file, save_weights_only=True)], **ONCE)
    other.load_weights(file)
    for one, same in zip(trained.weights, other.weights, strict=True):
        assert np.array_equal(one, same)


# ------------------------------------------------------------------------------- numbers of 16 and of 64 bits
@pytest.mark.parametrize(
    "make",
    [vae, gan, lambda: gan(noise=0.1), lambda: gan(wgan_pair(3, 1), WGANGP)],
    ids=["VAE", "GAN", "GAN with noise", "WGAN-GP"],
)
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_numbers_of_other_sizes_are_refused_in_words(make, policy):
    try:
        keras.config.set_dtype_policy(policy)
        model = make()
    finally:
        keras.config.set_dtype_policy("float32")
    with pytest.raises(ValueError, match=r"set_dtype_policy\('float32'\)"):
        model.fit(IMAGES, **ONCE)


# ------------------------------------------------------------------------------------------------- its parts
def test_the_range_of_a_network_is_that_of_its_last_activation():
    def network(activation, *after):
        return keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, activation=activation), *after])

    reshape = keras.layers.Reshape((2, 2))
    assert looks.pixel_range(network("sigmoid", reshape)) == (0, 1)
    assert looks.pixel_range(network("tanh")) == (-1, 1)
    assert looks.pixel_range(network(None)) is None and looks.pixel_range(object()) is None
    nested = keras.Sequential([keras.Input((2,)), network("tanh")])
    assert looks.pixel_range(nested) == (-1, 1)


# ------------------------------------------------------------------------------------- how many images a batch has
class Counting(keras.layers.Layer):
    """A layer that must know how many rows it has, as x.reshape(x.shape[0], …) must; symbolic ones it lets through."""

    def call(self, x):
        if isinstance(x, keras.KerasTensor):
            return x
        return tf.stack([x[row] for row in range(x.shape[0])])

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)


@pytest.mark.parametrize(("cls", "steps"), [(GAN, 1), (WGANGP, 2)])
def test_a_layer_may_ask_how_many_images_a_batch_has_in_training_too(cls, steps):
    generator, discriminator = dense_pair(codings=3, hidden=(4,), shape=(4, 5))
    generator = keras.Sequential([keras.Input((3,)), Counting(), generator])
    discriminator = keras.Sequential([keras.Input((4, 5)), Counting(), discriminator])
    model = gan((generator, discriminator), cls, critic_steps=steps)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    for size in (4, 6, 4):  # each its own compiled step
        model.fit(SIGNED, batch_size=size, verbose=0)
    for count in (1, 3, 300):
        assert samples.draw(model, count).shape == (count, 4, 5)


def test_a_last_batch_may_be_smaller():
    model = gan()
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    for size in (4, 5, 6, 32):
        assert len(model.fit(SIGNED, batch_size=size, verbose=0).history["d_loss"]) == 1
