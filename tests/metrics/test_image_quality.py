"""The measures of generated images, against independent computations and against what they must notice."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from scipy.linalg import sqrtm
from scipy.stats import wasserstein_distance

from helpers.data import dataset
from helpers.metrics import image_pixels, image_quality
from helpers.metrics.image_pixels import LEVELS, enlarged

pytestmark = pytest.mark.slow  # trains, or judges thousands of images: left out by `test --quick`
seeds = st.integers(0, 2**31)
few = settings(max_examples=20, deadline=None)


@pytest.fixture(scope="module")
def real():
    return image_quality.real_images()


def gaussian(random, n, mean, deviations):
    """n points whose sample mean and covariance are exactly `mean` and diag(deviations²)."""
    X = random.standard_normal((n, len(mean)))
    X -= X.mean(axis=0)
    X = np.linalg.qr(X)[0] * math.sqrt(n - 1)
    return X * deviations + mean


# --- Fréchet distance


@few
@given(seeds, st.integers(2, 6), st.sampled_from([1e-3, 1.0, 1e3]))
def test_frechet_equals_the_matrix_square_root(seed, d, scale):
    random = np.random.default_rng(seed)
    a = scale * random.standard_normal((40, d)) @ random.standard_normal((d, d))
    b = scale * (random.standard_normal((30, d)) @ random.standard_normal((d, d)) + random.standard_normal(d))
    Ca, Cb = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    slow = np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(Ca + Cb - 2 * np.real(sqrtm(Ca @ Cb)))
    assert image_quality.frechet_distance(a, b) == pytest.approx(slow, rel=1e-6, abs=1e-9 * scale**2)


def test_frechet_of_two_gaussians_with_known_moments():
    random = np.random.default_rng(1)
    a = gaussian(random, 60, [0.0, 1.0, -2.0], [1.0, 2.0, 0.5])
    b = gaussian(random, 90, [3.0, 1.0, -2.0], [1.0, 5.0, 0.0])  # one direction is flat
    # commuting covariances: |3|² + (2 − 5)² + (½ − 0)²
    assert image_quality.frechet_distance(a, b) == pytest.approx(9 + 9 + 0.25, rel=1e-9)


def test_frechet_of_equal_sets_is_zero_and_the_order_does_not_count():
    random = np.random.default_rng(2)
    a, b = random.standard_normal((50, 7)), random.standard_normal((50, 7)) * 2
    assert image_quality.frechet_distance(a, a[::-1]) < 1e-12
    assert image_quality.frechet_distance(a, b) == pytest.approx(image_quality.frechet_distance(b, a), rel=1e-9)
    wide = random.standard_normal((5, 30))  # fewer images than features
    assert image_quality.frechet_distance(wide, wide) < 1e-12


def test_frechet_is_too_large_for_few_images():
    random = np.random.default_rng(3)
    floors = [image_quality.frechet_distance(*random.standard_normal((2, n, 20))) for n in (50, 200, 3200)]
    assert floors[0] > 2 * floors[1] > 4 * floors[2] > 0


@pytest.mark.parametrize(
    "a, b, part",
    [
        (np.ones((1, 3)), np.ones((4, 3)), "at least 2 rows"),
        (np.ones((4, 3)), np.ones((4, 2)), "3 and 2 features"),
        (np.full((4, 3), np.nan), np.ones((4, 3)), "features_a holds NaN"),
        (np.ones((4, 3)), np.ones(4), "features_b needs the shape"),
    ],
)
def test_frechet_says_what_does_not_fit(a, b, part):
    with pytest.raises(ValueError, match=part):
        image_quality.frechet_distance(a, b)


# --- Inception score, classes, active units


@few
@given(seeds, st.integers(1, 30), st.integers(2, 10))
def test_inception_score_by_loops(seed, n, classes):
    p = np.random.default_rng(seed).dirichlet(np.full(classes, 0.3), n)
    whole = [sum(row[c] for row in p) / n for c in range(classes)]
    kls = [sum(v * math.log(v / q) for v, q in zip(row, whole, strict=True) if v > 0) for row in p]
    score = image_quality.inception_score(p)
    assert score == pytest.approx(math.exp(sum(kls) / n), rel=1e-9)
    assert 1 - 1e-9 <= score <= classes + 1e-9


def test_inception_score_at_its_two_ends():
    assert image_quality.inception_score(np.full((8, 10), 0.1)) == pytest.approx(1)
    assert image_quality.inception_score(np.eye(10)) == pytest.approx(10)
    assert image_quality.inception_score(np.eye(10)[[3] * 20]) == pytest.approx(1)  # sure, but always the same
    with pytest.raises(ValueError, match="softmax"):
        image_quality.inception_score(np.random.default_rng(0).standard_normal((5, 10)))


def test_classes_are_counted_by_the_first_choice():
    p = np.eye(4)[[0] * 50 + [1] * 49 + [2]]
    np.testing.assert_allclose(image_quality.class_histogram(p), [0.5, 0.49, 0.01, 0])
    assert image_quality.class_coverage(p) == 0.75
    assert image_quality.class_coverage(p, least=0.02) == 0.5


def test_active_units_are_those_whose_mean_varies():
    random = np.random.default_rng(0)
    mu = random.standard_normal((400, 5)) * [1, 0.2, 0.05, 0, 1] + [0, 0, 9, 5, 0]
    assert image_quality.active_units(mu) == 3
    assert image_quality.active_units(mu, threshold=0.5) == 2


# --- precision and recall


@few
@given(seeds, st.integers(5, 25), st.integers(5, 25), st.integers(1, 4), st.integers(1, 30))
def test_precision_and_recall_by_loops(seed, n, m, k, block):
    random = np.random.default_rng(seed)
    real, fake = random.standard_normal((n, 2)), random.standard_normal((m, 2)) + 0.7

    def share(points, centres):
        hits = 0
        for point in points:
            for centre in centres:
                others = sorted(math.dist(centre, other) for other in centres)
                if math.dist(point, centre) <= others[k]:
                    hits += 1
                    break
        return hits / len(points)

    expected = share(fake, real), share(real, fake)
    assert image_quality.precision_recall(real, fake, k, block=block) == pytest.approx(expected)


def test_precision_and_recall_notice_what_they_should():
    random = np.random.default_rng(5)
    left, right = random.standard_normal((200, 3)), random.standard_normal((200, 3)) + 100
    both = np.concatenate([left, right])
    assert image_quality.precision_recall(both, both) == (1, 1)
    assert image_quality.precision_recall(left, right) == (0, 0)
    precision, recall = image_quality.precision_recall(both, random.standard_normal((400, 3)))
    assert precision > 0.9 and 0.4 < recall <= 0.5  # half of the modes were dropped
    precision, recall = image_quality.precision_recall(both, np.repeat(both[:1], 400, axis=0))
    assert precision == 1 and recall == 1 / 400  # one real image for ever: only that one is covered
    with pytest.raises(ValueError, match="between 1 and 9"):
        image_quality.precision_recall(both, both[:10], k=10)


# --- pixels


def test_the_pyramid_adds_up_to_the_image(real):
    pyramid = image_pixels.laplacian_pyramid(real[:5])
    assert [level.shape for level in pyramid] == [(5, side, side) for side in LEVELS]
    X = pyramid[-1]
    for level in pyramid[-2::-1]:
        X = enlarged(X) + level
    np.testing.assert_allclose(X[:, 2:-2, 2:-2], real[:5], atol=1e-6)
    flat = enlarged(np.full((1, 8, 8), 0.3, np.float32))
    np.testing.assert_allclose(flat[:, 2:-2, 2:-2], 0.3, atol=1e-6)  # neither darker nor brighter


def test_sliced_wasserstein_on_a_line_is_the_earth_movers_distance():
    random = np.random.default_rng(0)
    for n, m in ((50, 50), (50, 33)):
        a, b = random.standard_normal((n, 1)), random.standard_normal((m, 1)) * 3
        expected = wasserstein_distance(a[:, 0], b[:, 0])
        assert image_pixels.sliced_wasserstein(a, b, directions=3) == pytest.approx(expected)


def test_sliced_wasserstein_of_a_shift():
    a = np.random.default_rng(0).standard_normal((100, 2))
    shifted = image_pixels.sliced_wasserstein(a, a[::-1] + [3.0, 4.0], directions=4000)
    assert shifted == pytest.approx(5 * 2 / math.pi, rel=0.03)  # |shift| times the mean |cosine| in the plane
    assert image_pixels.sliced_wasserstein(a, a[::-1]) < 1e-12
    with pytest.raises(ValueError, match="2 values, of b 1"):
        image_pixels.sliced_wasserstein(a, a[:, :1])


def test_the_pyramid_distance_tells_where_the_difference_lies(real):
    a, b = real[:200], real[200:400]
    few = {"patches": 8, "directions": 48}
    floor = image_pixels.sliced_wasserstein_pyramid(a, b, **few)
    assert image_pixels.sliced_wasserstein_pyramid(a, a, **few) == {32: 0, 16: 0, 8: 0}
    assert all(0 < value < 120 for value in floor.values())
    blurred = image_pixels.sliced_wasserstein_pyramid(a, ndimage.gaussian_filter(b, (0, 1, 1)), **few)
    assert blurred[32] > 2 * floor[32] and blurred[8] < 2 * floor[8]
    noise = np.random.default_rng(0).random(a.shape)
    noisy = image_pixels.sliced_wasserstein_pyramid(a, noise, **few)
    assert all(noisy[side] > 2 * floor[side] for side in LEVELS)
    paler = image_pixels.sliced_wasserstein_pyramid(a, a * np.float32(0.5), **few)
    assert max(paler.values()) < 0.1  # contrast does not count
    mean = np.repeat(a.mean(axis=0, keepdims=True), 200, axis=0)
    flat = image_pixels.sliced_wasserstein_pyramid(a, mean, **few)
    assert all(math.isfinite(value) for value in flat.values())


def test_the_nearest_training_image_by_loops(real):
    fake, train = real[:7] + np.float32(0.01), real[5:60].reshape(-1, 784)
    indices, distances = image_pixels.nearest_training_images(fake, train, block=3)
    for i, image in enumerate(fake.reshape(-1, 784)):
        every = [float(np.sqrt(np.sum((image.astype(float) - other) ** 2))) for other in train]
        assert indices[i] == int(np.argmin(every))
        assert distances[i] == pytest.approx(min(every), rel=1e-5)
    assert indices[5:].tolist() == [0, 1]
    assert image_pixels.nearest_training_images(real[:50], real)[1].max() == 0  # copies, without rounding


def test_memorisation_tells_copies_from_new_images(real):
    train, fresh, other = real[:1000], real[1000:1500], real[1500:]
    ratio, copies = image_pixels.memorisation(other, fresh, train)
    assert 0.9 < ratio < 1.1 and copies < 0.04
    assert image_pixels.memorisation(train[:500], fresh, train) == (0, 1)
    ratio, copies = image_pixels.memorisation(np.random.default_rng(0).random((50, 28, 28)), fresh, train)
    assert ratio > 1.5 and copies == 0


@pytest.mark.parametrize(
    "X, part",
    [
        (np.zeros((3, 27, 28)), "must have the shape"),
        (np.zeros((0, 28, 28)), "must have the shape"),
        (np.zeros((3, 28, 28), np.uint8), "divide bytes by 255"),
        (np.full((3, 784), np.inf), "NaN or infinite"),
    ],
)
def test_images_that_cannot_be_judged(X, part):
    with pytest.raises(ValueError, match=part):
        image_pixels.checked_images(X)


def test_values_outside_are_clipped_and_said(capsys):
    X = np.zeros((2, 28, 28, 1), np.float32)
    assert image_pixels.checked_images(X).shape == (2, 28, 28)
    assert capsys.readouterr().out == ""
    X[0] = -1
    assert image_pixels.checked_images(X).min() == 0
    said = capsys.readouterr().out
    assert "50.0%" in said and "from -1.00 to 0.00" in said and "(X + 1) / 2" in said


# --- all together


def judge(fake, real, **options):
    return image_quality.judge_images(fake, real, count=400, **options)


def test_the_judge_orders_models_as_an_eye_does(real):
    a, b = real[:400], real[400:800]
    random = np.random.default_rng(0)
    floor = judge(b, a, train=dataset.load(source="shipped", quiet=True).X_train)
    blurred = judge(ndimage.gaussian_filter(b, (0, 1, 1)), a)
    noise = judge(random.random(a.shape), a)
    assert floor["frechet"] < blurred["frechet"] < noise["frechet"]
    assert floor["precision"] > 0.7 and floor["recall"] > 0.7 and noise["recall"] < 0.05
    assert noise["precision"] < 0.5 * floor["precision"]
    assert floor["sliced_wasserstein_32"] < blurred["sliced_wasserstein_32"]
    assert floor["sliced_wasserstein"] < noise["sliced_wasserstein"]
    assert floor["coverage"] == 1 and 5 < floor["inception_score"] <= 10 and noise["inception_score"] < 3
    assert 0.8 < floor["nearest_ratio"] < 1.2 and "copies" not in noise
    assert floor == judge(b.reshape(400, 784), a[..., None], train=dataset.load(quiet=True).take(9000).X_train)
    assert all(type(value) is float for value in floor.values())


def test_the_judge_notices_dropped_classes_and_repetition(real):
    labels = dataset.load(source="shipped", quiet=True).y_test
    five = real[labels < 5][:400]
    dropped = judge(five, real[:400])
    assert dropped["coverage"] <= 0.8 and dropped["recall"] < dropped["precision"]
    repeated = judge(np.repeat(real[1000:1010], 40, axis=0), real[:400])
    assert repeated["recall"] < 0.1 < repeated["precision"]
    floor = judge(real[800:1200], real[:400])
    assert min(dropped["frechet"], repeated["frechet"]) > 2 * floor["frechet"]


def test_the_judge_says_when_there_are_too_few_images(real, capsys):
    figures = image_quality.judge_images(real[500:600], real)
    assert "Judged on 100 images instead of 2,000" in capsys.readouterr().out
    assert figures["frechet"] > 0
    with pytest.raises(ValueError, match="at least 10"):
        image_quality.judge_images(real[:9], real)
