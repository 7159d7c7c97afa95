"""The class explorer: the sliders move what they say, and the class changes nothing but the label."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.gans.dcgan import widgets
from helpers.plots import pixels

rng = np.random.default_rng(6)
K, NAMES = 5, ["boot", "bag", "coat & hat"]
W, SHIFT = rng.normal(size=(K, 784)) / 4, rng.normal(size=(3, 784))
WAYS = np.linalg.qr(rng.normal(size=(K, K)))[0]


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


class Toy:
    """A conditional decoder that keeps its calls, and fails on demand."""

    def __init__(self):
        self.calls, self.broken = [], False

    def __call__(self, z, labels):
        if self.broken:
            raise RuntimeError("the <decoder> is broken")
        self.calls.append((np.array(z), np.array(labels)))
        return (0.5 + 0.5 * np.tanh(z @ W + SHIFT[labels])).reshape(-1, 28, 28)


def widget(decode=None, directions=WAYS[:2]):
    return widgets.build_classes(widgets.ClassStage(decode or Toy(), NAMES, K, directions, 0))


def png(image):
    return pixels.png((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8))


def test_one_coding_in_every_class():
    decode = Toy()
    box = widget(decode)
    z, labels = decode.calls[-1]
    assert z.shape == (3, K) and z.dtype == np.float32 and labels.tolist() == [0, 1, 2]
    assert np.allclose(z, z[0])
    assert box.panel.value == png(Toy()(z, labels)[0])
    box.chosen.value = 2
    assert box.panel.value == png(Toy()(z, labels)[2]) and "coat & hat" in box.words.value
    assert np.allclose(decode.calls[-1][0], z), "another class changes no coding"


def test_a_slider_moves_along_its_direction_only():
    decode = Toy()
    box = widget(decode)
    before = decode.calls[-1][0][0]
    assert np.allclose([s.value for s in box.sliders], WAYS[:2] @ before, atol=0.03)
    box.sliders[1].value = 2.0
    after = decode.calls[-1][0][0]
    assert np.allclose(WAYS @ after, [*(WAYS[:1] @ before), 2.0, *(WAYS[2:] @ before)], atol=0.03)


def test_buttons_draw_once():
    decode = Toy()
    box = widget(decode)
    for button in (box.random, box.middle, box.random):
        calls, before = len(decode.calls), decode.calls[-1][0]
        button.click()
        assert len(decode.calls) == calls + 1 and not np.allclose(decode.calls[-1][0], before)
    box.middle.click()
    assert np.allclose([s.value for s in box.sliders], 0)
    assert np.allclose(WAYS[:2] @ decode.calls[-1][0][0], 0, atol=1e-6)


def test_what_goes_wrong_is_shown():
    decode = Toy()
    box = widget(decode)
    decode.broken = True
    box.chosen.value = 1
    assert "the &lt;decoder&gt; is broken" in box.errors.value
    decode.broken = False
    box.random.click()
    assert box.errors.value == ""


def test_directions_may_be_left_out():
    box = widget(directions=None)
    assert len(box.sliders) == K and box.errors.value == ""


def test_explorer_prints_its_twin(capsys):
    decode = Toy()
    widgets.class_explorer(decode, NAMES, K)
    assert capsys.readouterr().out.startswith("[widget] 4 codings, each as an image of each of the 3 classes")
    assert len(decode.calls) == 4


@pytest.mark.parametrize(
    "more, words",
    [
        (dict(directions=WAYS[:, :3]), "rows of 5 numbers"),
        (dict(directions=2 * WAYS), "orthonormal"),
        (dict(class_names=[]), "at least one class"),
        (dict(decode=lambda z, labels: np.zeros((2, 28, 28))), "2 images from 3 codings"),
    ],
)
def test_explorer_refuses_what_does_not_fit(more, words):
    with pytest.raises(ValueError, match=words):
        widgets.class_explorer(**{"decode": Toy(), "class_names": NAMES, "k": K, **more})
