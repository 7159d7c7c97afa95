"""The toy GANs that are stepped by hand: who moves, what is seen, and the board with its buttons."""

import io

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from helpers.gans.gan import GAN
from helpers.gans.vanilla import figures, measures, playground, playground_board, theory

SMALL = {"units": 8, "batch_size": 32}


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def line():
    return playground.Toy("two hills", **SMALL)


@pytest.fixture(scope="module")
def plane():
    return playground.Toy("ring", **SMALL)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["line", "plane"])
def test_a_step_moves_one_network_and_is_counted(which, request):
    toy = request.getfixturevalue(which)
    toy.reset()
    assert measures.networks_moved(toy.gan, toy.discriminator_step) == {"discriminator"}
    assert toy.steps == (1, 0)
    assert measures.networks_moved(toy.gan, toy.generator_step) == {"generator"}
    assert toy.steps == (1, 1)
    assert measures.networks_moved(toy.gan, lambda: toy.both(3)) == {"generator", "discriminator"}
    assert toy.steps == (4, 4)
    assert measures.networks_moved(toy.gan, toy.state) == set()


@pytest.mark.slow
def test_rounds_are_the_same_as_steps_in_turns(line):
    found = []
    for by_hand in (True, False):
        line.reset("two hills", "non-saturating")
        for _ in range(3 if by_hand else 0):
            line.discriminator_step()
            line.generator_step()
        line.both(0 if by_hand else 3)
        found.append(line.gan.generator.get_weights() + line.gan.discriminator.get_weights())
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.slow
def test_a_reset_begins_again_from_the_same_start(line):
    line.reset("two hills", "non-saturating")
    first = line.state()
    line.both(5)
    after = line.state()
    assert after.steps == (5, 5) and not np.array_equal(first.q, after.q) and len(line.history) == 2
    line.reset()
    again = line.state()
    assert again.steps == (0, 0) and len(line.history) == 1
    np.testing.assert_array_equal(first.q, again.q)
    line.both(5)
    np.testing.assert_allclose(line.state().q, after.q, atol=1e-6)


@pytest.mark.slow
def test_a_training_is_the_same_however_often_one_looks(line):
    found = []
    for moments in ((0, 6), (0, 1, 2, 5, 6)):
        line.reset("two hills", "non-saturating")
        found.append(line.watch(moments)[-1])
        line.real(300)
    assert found[0].steps == found[1].steps == (6, 6)
    np.testing.assert_allclose(found[0].q, found[1].q, atol=1e-6)
    assert found[0].js == pytest.approx(found[1].js, abs=1e-5)


@pytest.mark.slow
def test_each_step_has_real_data_of_its_own(line):
    one, again, other, looked_at = (line.real(8, step) for step in (0, 0, 1, None))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other) and not np.array_equal(one, looked_at)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["line", "plane"])
def test_a_state_says_what_the_theory_says(which, request):
    toy = request.getfixturevalue(which)
    state = toy.state()
    assert state.p.sum() == pytest.approx(1) and state.q.sum() == pytest.approx(1)
    assert state.p.shape == state.q.shape == state.judged.shape == state.best.shape
    assert state.js == theory.js(state.p, state.q)
    assert state.value <= 2 * state.js - theory.LOG4 + 1e-12, "no discriminator beats the best one"
    np.testing.assert_array_equal(state.best, theory.best_discriminator(state.p, state.q))
    assert state.fakes.shape == (400, toy.dimension)
    # D in a cell is the discriminator's own answer at its middle
    middle = theory.middles(state.edges)
    place = [middle[5]] if toy.dimension == 1 else [middle[5], middle[40]]
    logit = float(toy.gan.discriminator(np.array([place], np.float32))[0, 0])
    assert state.judged[5 if toy.dimension == 1 else (5, 40)] == pytest.approx(1 / (1 + np.exp(-logit)), rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("shape", playground.SHAPES)
def test_real_points_lie_where_the_exact_cells_say(shape):
    toy = playground.Toy(shape, **SMALL)
    points = toy.real(20_000)
    assert points.dtype == np.float32 and points.shape == (20_000, toy.dimension)
    if toy.dimension == 1:
        counted = np.histogram(np.clip(points, -3.999, 3.999), toy.edges)[0] / len(points)
    else:
        counted = theory.plane_cells(points, toy.edges)
    assert theory.js(counted, toy.p) < 0.02


@pytest.mark.slow
def test_a_gan_on_the_line_learns():
    toy = playground.Toy("one hill", rates=(2e-3, 1e-3))
    before, *_, after = toy.watch((0, 200, 600))
    assert after.js < 0.4 * before.js and len(toy.history) == 3


@pytest.mark.slow
def test_a_class_of_ones_own_is_used():
    class Lazy(GAN):
        def generator_phase(self, real, labels=None):
            self.note(g_loss=0.0)

    toy = playground.Toy("two hills", model=Lazy, **SMALL)
    assert measures.networks_moved(toy.gan, lambda: toy.both(2)) == {"discriminator"}


@pytest.mark.slow
def test_unknown_shapes_and_losses_are_refused(line):
    with pytest.raises(ValueError, match="There are: two hills"):
        line.reset("cube")
    with pytest.raises(ValueError, match="game"):
        line.reset("two hills", "chess")
    line.reset("two hills", "non-saturating")


@pytest.mark.slow
@pytest.mark.parametrize("which", ["line", "plane"])
def test_the_figure_and_the_board(which, request):
    toy = request.getfixturevalue(which)
    toy.reset()
    figure = playground_board.states_figure(toy.watch((0, 2)), "a title")
    assert "JS divergences" in figure.alt and len(figure.axes) == (4 if which == "line" else 3)
    if which == "plane":  # the third is the bar that names the colours of the ground
        names = [text.get_text() for text in figure.axes[-1].get_yticklabels()]
        assert names == ["0: fake", "½", "1: real"] and figure.axes[0].get_xlabel() == "first coordinate"
    box = playground_board._board(toy)
    assert toy.steps == (0, 0) and not box.errors.value
    seen = _look(box)
    for name, expected in {
        "discriminator step": (1, 0), "generator step": (1, 1), "10 of both": (11, 11), "100 of both": (111, 111),
        "reset": (0, 0),
    }.items():  # fmt: skip
        box.buttons[name].click()
        assert toy.steps == expected and not box.errors.value, name
        new = _look(box)
        assert new != seen, f"{name} changes the picture"
        seen = new
    assert "discriminator <b>0</b> steps" in box.words.value and "JS divergence" in box.words.value
    box.game.value = "saturating"
    assert toy.game == "saturating" and toy.steps == (0, 0)
    other = next(name for name in box.shape.options if name != toy.shape)
    box.shape.value = other
    assert toy.shape == other and not box.errors.value


def _look(box):
    return box.picture.value if box.panel is None else box.panel.value


@pytest.mark.slow
def test_the_ground_of_the_plane_is_the_discriminators_opinion(plane):
    plane.reset("ring", "non-saturating")
    box = playground_board._board(plane)
    picture = np.asarray(Image.open(io.BytesIO(box.panel.value)))
    assert picture.shape[:2] == (64, 64)
    state = playground.State(
        (0, 0), plane.edges, plane.p, plane.p, np.tile(np.linspace(0, 1, 64)[:, None], (1, 64)), plane.p, 0.0, 0.0,
        np.array([[2.95, 2.95]]),
    )  # fmt: skip
    drawn = playground_board._pixels(state, np.array([[-2.95, -2.95]]))
    # x runs to the right, y upwards; D is small on the left (orange: red above blue), large on the right
    assert drawn[32, 2, 0] > drawn[32, 2, 2] and drawn[32, 61, 0] < drawn[32, 61, 2]
    real, fake = drawn[-3, 2], drawn[2, -3]
    assert real[2] > real[0] and fake[0] > fake[2]


@pytest.mark.slow
def test_an_error_in_the_game_is_shown_on_the_board(line):
    line.reset("two hills", "non-saturating")
    box = playground_board._board(line)
    line.generator_step, kept = None, line.generator_step
    try:
        line.discriminator_step = lambda: 1 / 0
        box.buttons["10 of both"].click()
        assert not box.errors.value
        line.state = lambda: 1 / 0
        box.buttons["10 of both"].click()
        assert "ZeroDivisionError" in box.errors.value
    finally:
        line.generator_step = kept
        del line.__dict__["discriminator_step"], line.__dict__["state"]


@pytest.mark.slow
def test_play_shows_a_picture_and_one_line_outside_a_notebook(line, capsys):
    line.reset("two hills", "non-saturating")
    playground_board.play(line, (0, 1))
    assert capsys.readouterr().out.startswith("[widget] A board to train a GAN by hand on two hills")


@pytest.mark.slow
def test_running_averages_are_no_learning_and_a_small_change_is():
    from types import SimpleNamespace

    import keras

    layers = [keras.Input((3,)), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
    judge = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model = SimpleNamespace(generator=keras.Sequential(layers), discriminator=judge)

    def statistics():
        for variable in model.generator.non_trainable_variables:
            variable.assign(variable + 1)

    def hardly():
        bias = model.discriminator.trainable_variables[-1]
        bias.assign(bias + 1e-6)

    assert measures.networks_moved(model, statistics) == set()
    assert measures.networks_moved(model, hardly) == {"discriminator"}


@pytest.mark.slow
def test_the_picture_of_the_two_phases():
    figure = figures.phases_picture()
    words = " ".join(text.get_text() for axes in figure.axes for text in axes.texts)
    assert len(figure.axes) == 2 and words.count("LEARNS") == 2 and words.count("stays") == 2
    assert "real 1, fake 0" in words and "called 1" in words and "labelled 0" in figure.alt
