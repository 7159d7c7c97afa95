"""The arithmetic board: what lies in the slots is what is summed, and mistakes are shown."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.gans.dcgan import latent, widgets
from helpers.plots import pixels

rng = np.random.default_rng(5)
W = rng.normal(size=(4, 784)) / 4
Z = rng.normal(size=(12, 4)).astype(np.float32)
START = ((0, 1, 2), (3, 4, 5), (6, 7, 8))


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


class Toy:
    """A decoder that keeps the codings of its calls, and fails on demand."""

    def __init__(self):
        self.calls, self.broken = [], False

    def __call__(self, z):
        if self.broken:
            raise RuntimeError("the <decoder> is broken")
        self.calls.append(np.array(z))
        return (0.5 + 0.5 * np.tanh(z @ W)).reshape(-1, 28, 28)


def widget(decode=None, combine=latent.arithmetic):
    return widgets.build_arithmetic(widgets.ArithmeticBoard(decode or Toy(), Z, START, combine))


def png(image):
    return pixels.png((np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8))


def test_the_sum_is_that_of_the_means():
    decode = Toy()
    box = widget(decode)
    means = [Z[list(group)].mean(axis=0) for group in START]
    expected = means[0] - means[1] + means[2]
    assert np.allclose(decode.calls[-1], [*means, expected], atol=1e-6)
    assert box.views[3].value == png(Toy()(decode.calls[-1])[3])
    board = Toy()(Z)
    a, b, c = (board[list(group)].mean(axis=0) for group in START)
    assert box.views[4].value == png(a - b + c)
    assert f"{np.linalg.norm(expected):.1f}" in box.words.value and "about 2.0" in box.words.value


def test_chosen_images_go_into_a_slot_and_every_call_has_one_shape():
    decode = Toy()
    box = widget(decode)
    before, strip = box.views[3].value, box.strips[1].value
    for i in (9, 10):
        box.toggles[i].value = True
    box.puts[1].click()
    assert box.views[3].value != before and box.strips[1].value != strip
    assert "images 10, 11" in box.names[1].value and not any(t.value for t in box.toggles)
    assert np.allclose(decode.calls[-1][1], Z[[9, 10]].mean(axis=0), atol=1e-6)
    assert {call.shape for call in decode.calls[1:]} == {(widgets.BATCH, 4)}
    box.reset.click()
    assert box.views[3].value == before and box.strips[1].value == strip


def test_nothing_chosen_and_too_many():
    box = widget()
    before = box.views[3].value
    box.puts[0].click()
    assert box.views[3].value == before and "Choose one to 3 images" in box.words.value
    for i in (2, 4, 6, 8):
        box.toggles[i].value = True
    box.puts[0].click()
    assert "images 3, 5, 7," in box.names[0].value and "You chose 4 images" in box.words.value


def test_what_goes_wrong_is_shown():
    decode = Toy()
    box = widget(decode)
    decode.broken = True
    box.toggles[0].value = True
    box.puts[2].click()
    assert "the &lt;decoder&gt; is broken" in box.errors.value
    decode.broken = False
    box.reset.click()
    assert box.errors.value == ""
    wrong = widget(combine=lambda Z, *groups: 0.0)
    assert "A − B + C should be one coding" in wrong.errors.value


def test_the_students_sum_is_used():
    calls = []

    def mine(codings, first, second, third):
        calls.append((first, second, third))
        return codings[0]

    decode = Toy()
    widget(decode, mine)
    assert calls == [([0, 1, 2], [3, 4, 5], [6, 7, 8])] and np.allclose(decode.calls[-1][3], Z[0])


def test_every_control_has_a_name_for_those_who_cannot_see_it():
    box = widget()
    assert all(c.description and c.tooltip for c in (*box.toggles, *box.puts, box.reset))


def test_board_prints_its_twin(capsys):
    widgets.arithmetic_board(Toy(), Z)
    assert capsys.readouterr().out.startswith("[widget] Images in the slots A, B and C")


@pytest.mark.parametrize(
    "codings, start, words",
    [
        (Z[0], START, "n from 1 to 30"),
        (np.zeros((31, 4)), START, "n from 1 to 30"),
        (Z * np.nan, START, "finite"),
        (Z, START[:2], "three lists"),
        (Z, ((0,), (1,), (12,)), "from 0 to 11"),
        (Z, ((0,), (1,), ()), "1 to 3 images"),
        (Z, ((0, 1, 2, 3), (1,), (2,)), "1 to 3 images"),
    ],
)
def test_board_refuses_what_does_not_fit(codings, start, words):
    with pytest.raises(ValueError, match=words):
        widgets.arithmetic_board(Toy(), codings, start)
