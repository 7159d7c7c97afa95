"""The networks of the GAN lessons: shapes, sizes counted by hand, and what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, ks_2samp, multivariate_normal, norm

from helpers.backend import keras, tf
from helpers.data import points as data_points
from helpers.gans.dcgan.networks import LabelPlanes, dcgan_pair
from helpers.gans.vanilla import measures, theory
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


# --- gan theory


LINE = theory.line(-8, 9, 1700)


def two(seed, n=12, empty=True):
    rng = np.random.default_rng(seed)
    p, q = rng.uniform(0, 1, (2, n)) ** 3
    if empty:
        p[rng.integers(n)] = q[rng.integers(n)] = 0
    return p / p.sum(), q / q.sum()


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_the_value_of_the_best_discriminator_and_the_divergence(seed):
    p, q = two(seed)
    best = theory.best_discriminator(p, q)
    assert theory.value(p, q, best) == pytest.approx(2 * theory.js(p, q) - theory.LOG4, abs=1e-12)
    assert theory.js(p, q) == pytest.approx(jensenshannon(p, q) ** 2, abs=1e-12)
    assert theory.js(p, q) == theory.js(q, p) and 0 <= theory.js(p, q) <= np.log(2)
    other = np.clip(best + 0.05 * np.random.default_rng(seed).normal(size=best.shape), 1e-6, 1 - 1e-6)
    assert theory.value(p, q, other) <= theory.value(p, q, best) + 1e-12


def test_no_discriminator_does_better():
    p, q = two(3, n=5, empty=False)
    found = minimize(lambda logits: -theory.value(p, q, 1 / (1 + np.exp(-logits))), np.zeros(5), tol=1e-9).x
    np.testing.assert_allclose(1 / (1 + np.exp(-found)), theory.best_discriminator(p, q), atol=2e-3)


def test_who_guesses_and_who_is_sure_and_wrong():
    p, q = two(1)
    assert theory.value(p, q, np.full(p.shape, 0.5)) == pytest.approx(-np.log(4))
    assert theory.value(p, q, np.ones(p.shape)) == -np.inf
    apart = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert theory.js(*apart) == pytest.approx(np.log(2)) and theory.kl(*apart) == np.inf
    assert theory.value(*apart, theory.best_discriminator(*apart)) == 0


@pytest.mark.filterwarnings("error")
def test_nothing_and_next_to_nothing():
    tiny = np.array([5e-324, 1.0, 0.0])
    assert theory.js(tiny, tiny) == 0 and theory.js(tiny, np.array([0.0, 1.0, 0.0])) < 1e-300
    assert theory.best_discriminator(tiny, np.zeros(3)).tolist() == [1, 1, 0.5]


@pytest.mark.parametrize("bad", [([1.0], [0.5, 0.5]), ([np.nan, 1], [0.5, 0.5]), ([-0.1, 1.1], [0.5, 0.5]), ([], [])])
def test_what_is_no_pair_is_refused(bad):
    with pytest.raises(ValueError):
        theory.js(*bad)
    with pytest.raises(ValueError):
        theory.best_discriminator(*bad)


def test_a_discriminator_must_be_a_probability():
    p, q = two(0)
    for wrong in (np.full(p.shape, 1.5), np.full(p.shape, -0.1), np.full(3, 0.5)):
        with pytest.raises(ValueError):
            theory.value(p, q, wrong)


def test_divergences_of_gaussians_against_closed_forms():
    p, q = (theory.normal_cells(LINE, [m], [s]) for m, s in ((0.0, 1.0), (1.0, 1.5)))
    assert p.sum() == pytest.approx(1, abs=1e-14)
    assert theory.kl(p, q) == pytest.approx(np.log(1.5) + (1 + 1) / (2 * 1.5**2) - 0.5, abs=1e-4)
    x = np.linspace(-30, 30, 600_001)
    a, b = norm.pdf(x), norm.pdf(x, 1, 1.5)
    m = (a + b) / 2
    some = (a > 0) & (b > 0)
    exact = (0.5 * np.sum((a * np.log(a / m) + b * np.log(b / m))[some])) * (x[1] - x[0])
    assert theory.js(p, q) == pytest.approx(exact, abs=1e-5)
    # far apart: both tails keep their small numbers, so the best D loses nothing by rounding
    far = theory.line(-12, 20, 3200)
    p, q = (theory.normal_cells(far, [m], [1.0]) for m in (0.0, 8.0))
    assert np.isfinite([theory.kl(p, q), theory.kl(q, p)]).all()
    assert theory.kl(q, p) == pytest.approx(32, rel=1e-3)
    best = theory.best_discriminator(p, q)
    assert theory.value(p, q, best) == pytest.approx(2 * theory.js(p, q) - theory.LOG4, abs=1e-9)


def test_coarser_cells_never_make_a_divergence_larger():
    p, q = two(7, n=24)
    pairs = [part.reshape(-1, 2).sum(axis=1) for part in (p, q)]
    assert theory.js(*pairs) <= theory.js(p, q)


def test_pushing_codings_through_a_generator_on_the_line():
    straight = theory.pushed_forward(lambda z: 1 + 1.5 * z, LINE)
    assert theory.js(straight, theory.normal_cells(LINE, [1.0], [1.5])) < 2e-4
    edges = theory.line(0, 9, 90)
    square = theory.pushed_forward(lambda z: z**2, edges)  # not one-to-one: a chi-square of one degree
    np.testing.assert_allclose(square[:-1], np.diff(chi2(1).cdf(edges))[:-1], atol=2e-4)
    point = theory.pushed_forward(lambda z: np.full(len(z), 0.55), theory.line(0, 1, 10))
    assert point.tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    outside = theory.pushed_forward(lambda z: z + 100, theory.line(0, 1, 10))
    assert outside[-1] == 1 and outside.sum() == 1
    with pytest.raises(ValueError, match="finite"):
        theory.pushed_forward(lambda z: z * np.nan, LINE)


def test_pushing_codings_through_a_generator_in_the_plane():
    edges = theory.line(-3.2, 3.2, 64)
    A, b = np.array([[0.8, 0.3], [-0.2, 0.6]]), np.array([0.5, -0.3])
    counted = theory.pushed_to_plane(lambda z: z @ A.T + b, edges)
    fine = theory.middles(theory.line(-3.2, 3.2, 64 * 8))
    density = multivariate_normal(b, A @ A.T).pdf(np.stack(np.meshgrid(fine, fine, indexing="ij"), axis=-1))
    exact = density.reshape(64, 8, 64, 8).sum(axis=(1, 3))
    assert counted.sum() == pytest.approx(1, abs=1e-12)
    assert theory.js(counted, exact / exact.sum()) < 0.003  # what the docstring promises, about .002
    assert theory.js(counted.T, exact / exact.sum()) > 0.003  # x and y are not exchanged


def test_cells_of_the_toy_data_are_those_of_its_points():
    edges = theory.line(-3.2, 3.2, 32)
    for name, cells in theory.SHAPES.items():
        points = getattr(data_points, name)(100_000, np.random.default_rng(0))
        exact = cells(edges)
        assert exact.sum() == pytest.approx(1, abs=1e-12)
        assert theory.js(exact, theory.plane_cells(points, edges)) < 0.002, name
        assert theory.js(exact[::-1], theory.plane_cells(points + 0.2, edges)) > 0.05, name


def test_points_outside_count_at_the_border_and_bad_ones_are_refused():
    edges = theory.line(0, 1, 2)
    cells = theory.plane_cells([[-5, 9], [0.1, 0.6], [0.9, 0.1]], edges)
    np.testing.assert_allclose(cells, [[0, 2 / 3], [1 / 3, 0]])
    for bad in (np.zeros((0, 2)), np.zeros((3, 3)), [[np.nan, 0]]):
        with pytest.raises(ValueError):
            theory.plane_cells(bad, edges)


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_what_brightness_gives_away(seed):
    rng = np.random.default_rng(seed)
    real, fake = rng.integers(0, 4, (2, 15, 2, 2)).astype(float)  # whole numbers: means are often equal
    expected = (1 + ks_2samp(real.mean(axis=(1, 2)), fake.mean(axis=(1, 2)), method="asymp").statistic) / 2
    assert measures.brightness_detective(real, fake) == pytest.approx(expected)
    assert measures.brightness_detective(fake, real) == pytest.approx(expected)
