"""The networks of the GAN lessons: shapes, sizes counted by hand, and what they promise."""

import numpy as np
import pytest

from helpers.backend import keras, tf
from helpers.gans.dcgan.networks import LabelPlanes, dcgan_pair
from helpers.gans.vanilla.networks import dense_pair


def dense(inputs, units):
    return (inputs + 1) * units


def test_sizes_of_the_dense_pair():
    generator, discriminator = dense_pair()
    assert generator.input_shape == (None, 30) and generator.output_shape == (None, 28, 28)
    assert discriminator.input_shape == (None, 28, 28) and discriminator.output_shape == (None, 1)
    assert generator.count_params() == dense(30, 100) + dense(100, 150) + dense(150, 784)
    assert discriminator.count_params() == dense(784, 150) + dense(150, 100) + dense(100, 1)
    normal, _ = dense_pair(normalise=True)
    assert normal.count_params() == generator.count_params() + 4 * (100 + 150)


def test_options_of_the_dense_pair():
    generator, discriminator = dense_pair(2, (5, 6, 7), (2,), output_activation=None, dropout=0.5)
    assert generator.output_shape == (None, 2)
    assert [layer.units for layer in discriminator.layers if hasattr(layer, "units")] == [7, 6, 5, 1]
    z = 100 * np.random.default_rng(0).normal(size=(50, 2)).astype("float32")
    assert np.abs(generator(z)).max() > 1, "points are free"
    x = np.ones((4, 2), np.float32)
    assert np.array_equal(discriminator(x), discriminator(x))
    assert not np.array_equal(discriminator(x, training=True), discriminator(x, training=True)), "dropout"


def test_the_discriminator_lets_a_little_of_what_is_negative_through():
    _, discriminator = dense_pair(2, (5,), (2,))
    leaky = [layer for layer in discriminator.layers if isinstance(layer, keras.layers.LeakyReLU)]
    assert len(leaky) == 1 and np.allclose(leaky[0](np.float32([-1, 2])), [-0.2, 2])


@pytest.mark.parametrize("classes", [None, 10])
def test_sizes_of_the_dcgan_pair(classes):
    maps, k, c = 8, 4, classes or 0
    generator, discriminator = dcgan_pair(20, maps, classes, k)
    start = (20 + c) * 49 * 2 * maps + 4 * 2 * maps  # dense without bias, normalization
    middle = k * k * 2 * maps * maps + 4 * maps
    assert generator.count_params() == start + middle + k * k * maps + 1
    first = k * k * (1 + c) * maps + maps
    second = k * k * maps * 2 * maps + 4 * 2 * maps
    assert discriminator.count_params() == first + second + 49 * 2 * maps + 1
    z, y = tf.zeros((3, 20)), tf.constant([0, 1, 2])
    images = generator(z if classes is None else [z, y])
    assert images.shape == (3, 28, 28, 1) and np.abs(images).max() <= 1
    assert discriminator(images if classes is None else [images, y]).shape == (3, 1)


def test_images_stay_between_minus_one_and_one():
    for generator in (dense_pair()[0], dcgan_pair(30, 4)[0]):
        z = 5000 * np.random.default_rng(0).normal(size=(20, 30)).astype("float32")
        made = np.asarray(generator(z))
        assert -1 <= made.min() < -0.1 and 0.1 < made.max() <= 1


def test_weights_of_the_dcgan_pair_start_small():
    keras.utils.set_random_seed(0)
    for network in dcgan_pair(100, 16):
        for weight in network.trainable_variables:
            if len(weight.shape) > 1:
                assert np.std(weight.numpy()) == pytest.approx(0.02, rel=0.15), weight.path


def test_label_planes_are_constant_and_of_their_class():
    images = np.random.default_rng(0).normal(size=(4, 5, 6, 2)).astype("float32")
    labels = np.array([2, 0, 1, 2])
    both = np.asarray(LabelPlanes(3)([images, tf.constant(labels)]))
    assert both.shape == (4, 5, 6, 5) and np.array_equal(both[..., :2], images)
    for i, label in enumerate(labels):
        for c in range(3):
            assert np.all(both[i, ..., 2 + c] == (c == label))
    layer = LabelPlanes(3)
    assert layer.compute_output_shape([(None, 5, 6, 2), (None,)]) == (None, 5, 6, 5)
    assert type(layer).from_config(layer.get_config()).classes == 3


def test_labels_change_what_is_made_and_judged():
    keras.utils.set_random_seed(0)
    generator, discriminator = dcgan_pair(5, 4, 3)
    z, x = np.ones((2, 5), "float32"), np.ones((2, 28, 28, 1), "float32")
    made, judged = generator([z, np.array([0, 2])]), discriminator([x, np.array([0, 2])])
    assert not np.allclose(made[0], made[1]) and not np.allclose(judged[0], judged[1], atol=1e-6)


@pytest.mark.parametrize("kernel, even", [(4, True), (2, True), (6, True), (3, False), (5, False)])
def test_a_kernel_divisible_by_the_stride_covers_every_pixel_equally_often(kernel, even):
    """All weights 1 on a constant image: what comes out counts the covers (borders aside)."""
    layer = keras.layers.Conv2DTranspose(1, kernel, 2, padding="same", use_bias=False, kernel_initializer="ones")
    covers = np.asarray(layer(np.ones((1, 14, 14, 1), "float32")))[0, 4:-4, 4:-4, 0]
    assert (np.ptp(covers) == 0) == even
    if even:
        assert covers[0, 0] == (kernel / 2) ** 2
        transposed = [x for x in dcgan_pair(5, 4, kernel=kernel)[0].layers if isinstance(x, type(layer))]
        assert {x.kernel_size for x in transposed} == {(kernel, kernel)} and {x.strides for x in transposed} == {(2, 2)}


def test_the_averaged_generator_is_a_copy_of_either_kind():
    for generator in (dense_pair(normalise=True)[0], dcgan_pair(5, 4, 3)[0]):
        copy = keras.models.clone_model(generator)
        assert [w.shape for w in copy.weights] == [w.shape for w in generator.weights]
        assert not {id(w) for w in copy.weights} & {id(w) for w in generator.weights}
