"""Crossovers, swaps of layers and what they take over; path length and separability, on spaces that are known."""

import numpy as np
import pytest

from helpers.codings.interpolation import linear, spherical
from helpers.gans.stylegan import mixing
from helpers.metrics import disentanglement

rng = np.random.default_rng(0)


def test_crossovers():
    places = mixing.crossovers(20_000, 5, 0.6, np.random.default_rng(1))
    shares = np.bincount(places, minlength=6) / len(places)
    np.testing.assert_allclose(shares, [0, 0.15, 0.15, 0.15, 0.15, 0.4], atol=0.015)
    assert (mixing.crossovers(50, 5, 0.0, rng) == 5).all()
    assert (mixing.crossovers(50, 5, 1.0, rng) < 5).all()


def test_swapped_changes_these_layers_of_a_copy_only():
    first, second = rng.normal(size=(2, 3, 6, 4))
    mixed = mixing.swapped(first, second, slice(2, 5))
    np.testing.assert_array_equal(mixed, np.concatenate([first[:, :2], second[:, 2:5], first[:, 5:]], axis=1))
    assert not np.array_equal(mixed, first)


def test_taken_over_is_a_share_of_the_way():
    before, donor = rng.normal(size=(2, 7, 3, 3))
    for share in (0.0, 0.3, 1.0):
        assert mixing.taken_over(before, before + share * (donor - before), donor) == pytest.approx(share)
    assert mixing.taken_over(before, before, before) == 0


def test_looks_tell_brightness_from_texture_from_silhouette():
    image = np.zeros((28, 28))
    image[8:20, 8:20] = 0.5
    striped = image.copy()
    striped[8:20:2, 8:20], striped[9:20:2, 8:20] = 0.7, 0.3
    seen = mixing.looks(np.stack([image, striped, 0 * image, np.clip(1.6 * image, 0, 1)]))
    assert seen["silhouette"].sum(axis=(1, 2)).tolist() == [144, 144, 0, 144]
    np.testing.assert_allclose(seen["brightness"], [0.5, 0.5, 0, 0.8], atol=1e-12)
    assert seen["texture"][1] > 2 * seen["texture"][0] and seen["texture"][2] == 0


def test_slerp_and_lerp_are_those_of_interpolation():
    a, b = disentanglement.unit(rng.normal(size=(2, 5, 4)))
    shares = np.linspace(0, 1, 7)
    for i, t in enumerate(shares):
        arcs, lines = (path(a, b, np.full(5, t)) for path in (disentanglement.slerp, disentanglement.lerp))
        np.testing.assert_allclose(arcs, [spherical(*pair, 7)[i] for pair in zip(a, b, strict=True)], atol=1e-9)
        np.testing.assert_allclose(lines, [linear(*pair, 7)[i] for pair in zip(a, b, strict=True)], atol=1e-12)


def test_path_length_of_a_linear_map():
    a, b = rng.normal(size=(2, 40, 4))
    M, t = rng.normal(size=(4, 6)), rng.random(40)
    expected = np.mean(np.sum(((b - a) @ M) ** 2, axis=1))  # on a line, at every t
    assert disentanglement.path_length(lambda p: p @ M, a, b, t) == pytest.approx(expected, rel=1e-6)
    a, b = disentanglement.unit(a), disentanglement.unit(b)
    angles = np.arccos(np.sum(a * b, axis=1))  # along an arc of radius 1 the speed is the angle
    assert disentanglement.path_length(lambda p: p, a, b, t, arc=True) == pytest.approx(np.mean(angles**2), rel=1e-3)


def test_separability_of_parted_and_of_mixed_classes():
    labels = np.arange(600) % 3
    sure = 0.9 * np.eye(3)[labels] + 0.1 / 3
    parted = np.eye(3)[labels] * 5 + rng.normal(size=(600, 3))
    good = disentanglement.separability(parted, sure)
    assert good["accuracy"] > 0.95 and good["bits"] < 0.3
    blind = disentanglement.separability(rng.normal(size=(600, 3)), sure)
    assert blind["accuracy"] < 0.6 and 1.3 < blind["bits"] <= np.log2(3) + 1e-9
    assert np.isnan(disentanglement.separability(parted, sure[:1].repeat(600, axis=0))["bits"])


def test_conditional_entropy_by_hand():
    x, y = np.array([0, 0, 1, 1, 2, 2, 2, 2]), np.array([0, 1, 1, 1, 0, 1, 2, 3])
    assert disentanglement.conditional_entropy(x, y) == pytest.approx(0.25 * 1 + 0.25 * 0 + 0.5 * 2)
