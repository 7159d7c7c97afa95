"""The widgets of codings: what moves, how often the decoder is called, and what is left without a page."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.codings import explorer as codings_explorer
from helpers.codings import sliders
from helpers.plots import pixels

rng = np.random.default_rng(3)
W = rng.normal(size=(20, 784)) / 8
Z = rng.normal(size=(300, 4)) * [1, 2, 0.5, 3] + [0, 1, 2, 3]
LABELS = np.arange(300) % 3
NAMES = ["one", "two & more", "three"]
IMAGES = rng.random((300, 28, 28), dtype=np.float32)


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


class Toy:
    """A decoder of k codings that keeps the shapes of its calls, and fails on demand."""

    def __init__(self, k=4):
        self.k, self.calls, self.broken = k, [], False

    def __call__(self, z):
        self.calls.append(z.shape)
        assert isinstance(z, np.ndarray) and z.dtype == np.float32
        if self.broken:
            raise RuntimeError("the <decoder> is broken")
        return (0.5 + 0.5 * np.tanh(z @ W[: self.k])).reshape(-1, 28, 28)


def explorer(decode=None, codings=Z, images=IMAGES, labels=LABELS, names=NAMES):
    return codings_explorer.build_code_explorer(
        decode or Toy(codings.shape[1]), codings_explorer.Cloud(codings, images, labels, names), (28, 28)
    )


def values(box):
    return np.array([slider.value for slider in box.sliders])


def shown(decode, z):
    """The PNG that a panel must hold for the coding z (k,)."""
    image = decode(np.asarray(z, np.float32)[None])[0]
    return pixels.png((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8))


def test_sliders_have_the_range_of_the_codings_and_start_at_the_median():
    box = explorer()
    for i, slider in enumerate(box.sliders):
        low, middle, high = np.percentile(Z[:, i], [1, 50, 99])
        assert np.allclose([slider.min, slider.value, slider.max], [low, middle, high])
    assert [s.description for s in box.sliders] == ["coding 1 (x)", "coding 2 (y)", "coding 3", "coding 4"]


def test_a_slider_moves_the_image_and_the_cross_hair():
    decode = Toy()
    box = explorer(decode)
    before, cross = box.panel.value, box.pad.value
    box.sliders[3].value = box.sliders[3].max
    assert box.panel.value != before and box.pad.value == cross, "the fourth coding is not on the pad"
    box.sliders[1].value = box.sliders[1].min
    assert box.pad.value != cross and len(decode.calls) == 3 and set(decode.calls) == {(1, 4)}
    assert box.panel.value == shown(decode, values(box))


def test_buttons_move_all_sliders_and_decode_once():
    decode = Toy()
    box = explorer(decode)
    for button in (box.random, box.random, box.snap, box.reset, box.reset):
        decode.calls.clear()
        button.click()
        assert decode.calls == [(1, 4)]
        assert box.panel.value == shown(decode, values(box))
    assert np.allclose(values(box), np.median(Z, axis=0)) and box.errors.value == ""


def test_random_draws_are_like_the_codings_and_within_their_ranges():
    cloud = codings_explorer.Cloud(Z @ rng.normal(size=(4, 4)))
    draws = np.stack([cloud.draw(rng) for _ in range(3000)])
    assert (draws >= cloud.low).all() and (draws <= cloud.high).all()
    assert np.abs(np.corrcoef(draws.T) - np.corrcoef(cloud.Z.T)).max() < 0.1
    assert np.abs((draws.mean(0) - cloud.mean) / cloud.Z.std(0)).max() < 0.1


def test_snap_shows_a_real_image_of_the_class():
    box = explorer()
    grey = box.real.value
    box.chosen.value = 1
    box.snap.click()
    number = int(box.words.value.split("no. ")[1].split(",")[0])
    assert LABELS[number] == 1 and "two &amp; more" in box.words.value
    assert np.allclose(values(box), np.clip(Z[number], *np.percentile(Z, [1, 99], axis=0)))
    assert box.real.value == shown(lambda z: IMAGES[[number]], Z[0])
    box.reset.click()
    assert box.real.value == grey and box.words.value == ""


def test_snap_owns_up_to_codings_outside_the_ranges():
    codings = np.array([[0.0, 0.0]] * 200 + [[9.0, 0.0]]) + 0.01 * rng.normal(size=(201, 2))
    box = explorer(codings=codings, images=None, labels=[0] * 200 + [1], names=["many", "far"])
    box.chosen.value = 1
    box.snap.click()
    assert "lay outside the ranges" in box.words.value and box.real is None and box.errors.value == ""


@pytest.mark.parametrize("button", ["random", "reset", "snap"])
def test_what_goes_wrong_in_decode_is_shown(button):
    decode = Toy()
    box = explorer(decode)
    decode.broken = True
    box.sliders[0].value = box.sliders[0].min
    assert "the &lt;decoder&gt; is broken" in box.errors.value
    getattr(box, button).click()
    assert "the &lt;decoder&gt; is broken" in box.errors.value
    decode.broken = False
    getattr(box, button).click()
    assert box.errors.value == ""


def test_many_one_and_constant_codings():
    many = rng.normal(size=(50, 20)) * 1.8 ** np.arange(20)
    box = explorer(codings=many, images=None, labels=None, names=None)
    assert [s.description.split()[1] for s in box.sliders] == ["1", "2", *map(str, range(7, 21))]
    assert box.snap is None and box.chosen is None and box.real is None
    box.random.click()
    one = explorer(codings=many[:, :1], images=None, labels=None, names=None)
    assert one.pad is None and [s.description for s in one.sliders] == ["coding 1"]
    dead = explorer(codings=np.full((5, 2), 7.0), images=None, labels=None, names=None)
    dead.random.click()
    assert (dead.sliders[0].min, dead.sliders[0].value, dead.sliders[0].max) == (6.5, 7, 7.5)
    assert box.errors.value == one.errors.value == dead.errors.value == ""


def test_explorer_prints_its_twin_and_decodes_it_at_once(capsys):
    decode = Toy(20)
    codings_explorer.code_explorer(decode, rng.normal(size=(50, 20)) * np.arange(1, 21))
    assert capsys.readouterr().out.startswith("[widget] Decoded images as one coding goes")
    assert decode.calls == [(42, 20)]


@pytest.mark.parametrize(
    "more, words",
    [
        (dict(codings=Z[0]), "codings must be"),
        (dict(codings=Z * np.nan), "must be finite"),
        (dict(images=IMAGES[1:]), "300 codings and 299 images"),
        (dict(images=IMAGES[:, :8, :8]), "do not fit the real ones"),
        (dict(labels=LABELS[1:]), "300 codings and 299 labels"),
        (dict(labels=LABELS + 0.5), "whole numbers"),
        (dict(labels=LABELS, class_names=NAMES[:2]), "names for 0 to 1"),
        (dict(decode=lambda z: IMAGES[:3]), "3 images from 28 codings"),
    ],
)
def test_explorer_refuses_what_does_not_fit(more, words):
    with pytest.raises(ValueError, match=words):
        codings_explorer.code_explorer(**{"decode": Toy(), "codings": Z, **more})


# ------------------------------------------------------------------------------------------ interpolation
def test_paths_between_codings():
    a, b = np.array([2.0, 0, 0]), np.array([0, 2.0, 0])
    t = np.linspace(0, 1, 5)
    for path in sliders.PATHS:
        assert np.allclose(sliders.on_path(a, b, t, path)[[0, -1]], [a, b])
    assert np.allclose(np.linalg.norm(sliders.on_path(a, b, t, "spherical"), axis=1), 2)
    assert np.allclose(sliders.on_path(a, b, [0.5]), [[1, 1, 0]])
    for other in (a * 3, -a, a * 0):
        assert np.allclose(sliders.on_path(a, other, t, "spherical"), sliders.on_path(a, other, t))


def test_interpolation_widget():
    decode = Toy()
    strips = {path: decode(sliders.on_path(Z[0], Z[1], np.linspace(0, 1, 5), path).astype(np.float32))
              for path in sliders.PATHS}  # fmt: skip
    decode.calls.clear()
    box = sliders.build_interpolation_slider(decode, Z[0], Z[1], strips)
    assert box.panel.value == shown(decode, Z[0])
    first, strip = box.panel.value, box.strip.value
    box.share.value = 0.5
    straight = box.panel.value
    assert straight != first and box.strip.value == strip and "<b>50 %</b>" in box.words.value
    box.path.value = "spherical"
    assert box.panel.value != straight and box.strip.value != strip and set(decode.calls) == {(1, 4)}
    decode.broken = True
    box.share.value = 0.7
    assert "is broken" in box.errors.value


def test_interpolation_twin_and_mistakes(capsys):
    sliders.interpolation_slider(Toy(), Z[0], Z[1], steps=5)
    assert capsys.readouterr().out.startswith("[widget] 5 images between two codings")
    for start, end, steps, words in (
        (Z[:1], Z[:1], 9, "two codings of one size"),
        (Z[0], Z[0][:2], 9, "two codings of one size"),
        (Z[0], Z[0] * np.inf, 9, "finite"),
        (Z[0], Z[1], 1, "from 2 up"),
    ):
        with pytest.raises(ValueError, match=words):
            sliders.interpolation_slider(Toy(), start, end, steps)


# ----------------------------------------------------------------------------------------------- manifold
def test_plane_of_codings_goes_right_and_up():
    grid = sliders.plane_codings(3, 2.0)
    assert np.allclose(grid[[0, 2, 4, 6]], [[-2, 2], [2, 2], [0, 0], [-2, -2]], atol=1e-9)


def test_manifold_widget_decodes_the_whole_grid_at_once():
    decode = Toy(2)
    box = sliders.build_manifold_view(decode, 5, 2.0, (28, 28))
    before = box.panel.value
    box.reach.value = 3.0
    assert box.panel.value != before and decode.calls == [(25, 2)] * 2 and "to 3.0" in box.words.value
    decode.broken = True
    box.reach.value = 1.0
    assert "is broken" in box.errors.value


def test_manifold_twin_and_mistakes(capsys):
    sliders.manifold_view(Toy(2), size=4)
    assert capsys.readouterr().out.startswith("[widget] A grid of 4 by 4 images")
    with pytest.raises(ValueError, match="the plane of 2 codings, but decode failed.*code_explorer"):
        sliders.manifold_view(Toy(4), size=4)
    with pytest.raises(ValueError, match="size must be"):
        sliders.manifold_view(Toy(2), size=1)
    with pytest.raises(ValueError, match="reach must be"):
        sliders.manifold_view(Toy(2), reach=5)
    with pytest.raises(ValueError, match="3 images from 16 codings"):
        sliders.manifold_view(lambda z: IMAGES[:3], size=4)


# ----------------------------------------------------------------------------------------- reconstruction
def test_reconstruction_widget_has_everything_beforehand():
    box = sliders.build_reconstruction_explorer(IMAGES[:4], np.zeros_like(IMAGES[:4]))
    before = box.panel.value
    box.picked.value = 3
    assert box.panel.value != before and f"{(IMAGES[2] ** 2).mean():.4f}" in box.words.value
    assert box.picked.max == 4 and box.errors.value == ""
    colour = sliders.build_reconstruction_explorer(rng.random((2, 8, 8, 3)), np.zeros((2, 8, 8, 3)))
    assert colour.errors.value == ""


def test_reconstruction_twin_and_mistakes(capsys):
    def encode(images):
        return images.reshape(len(images), -1)[:, :4]

    sliders.reconstruction_explorer(encode, Toy(), IMAGES)
    assert capsys.readouterr().out == "[widget] 10 images and their reconstructions from 4 codings\n"
    with pytest.raises(ValueError, match=r"codings \(n, k\) from 5 images"):
        sliders.reconstruction_explorer(lambda x: np.zeros((3, 5, 4)), Toy(), IMAGES[:5])
    with pytest.raises(ValueError, match="do not fit the originals"):
        sliders.reconstruction_explorer(encode, Toy(), IMAGES[:5, :8, :8])


def test_a_page_that_puts_sliders_on_their_steps_has_moved_nothing():
    decode = Toy()
    box = explorer(decode)
    box.random.click()
    picture, drawn = box.panel.value, len(decode.calls)
    for slider in box.sliders:  # what a page sends back when code has moved its sliders
        slider.value = slider.min + slider.step * round((slider.value - slider.min) / slider.step)
    assert box.panel.value == picture and len(decode.calls) == drawn
    box.sliders[0].value -= box.sliders[0].step if box.sliders[0].value > box.sliders[0].min else -box.sliders[0].step
    assert box.panel.value != picture, "one step by hand must count"
