"""What is measured while GANs grow: scores at the moment of growth, paces, curves of the three ways; weights kept."""

import types

import keras
import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.gans import callbacks as gan_callbacks
from helpers.gans.progan import ablation, figures, gan, networks, transition
from helpers.gans.progan import callbacks as progan_callbacks
from helpers.gans.progan.gan import Grow, Plan
from helpers.gans.progan.transition import Scores
from helpers.plots import pixels

rng = np.random.default_rng(1)


def test_curves_and_equal_terms():
    history = {
        "a: 42: images": [10.0, 20.0], "a: 42: seconds": [1.0, 2.0], "a: 42: frechet": [8.0, 4.0],
        "a: 43: images": [10.0, 20.0], "a: 43: seconds": [1.0, 2.5], "a: 43: frechet": [8.0, 2.0],
        "b: 42: images": [10.0, 20.0], "b: 42: seconds": [4.0, 8.0], "b: 42: frechet": [6.0, 1.0],
        "b: 43: images": [10.0, 20.0], "b: 43: seconds": [1.0, 3.0], "b: 43: frechet": [6.0, 2.0],
    }  # fmt: skip
    found = ablation.curves(history)
    assert list(found) == ["a", "b"] and found["a"]["frechet"].shape == (2, 2)
    seconds, rows = ablation.equal_terms(found)
    assert seconds == 2.0
    np.testing.assert_allclose(rows["a"]["by then"], [4.0, 8 - 6 * 1 / 1.5])
    np.testing.assert_allclose(rows["b"]["by then"], [6.0, 4.0])  # not yet at the end of an epoch; half way
    np.testing.assert_allclose(rows["b"]["frechet"], [1.0, 2.0])
    np.testing.assert_allclose(rows["b"]["seconds"], [8.0, 3.0])


def test_pace_counts_images_and_names_the_stage():
    pace, logs = progan_callbacks.Pace(8), {}
    pace.set_params({"steps": 5})
    pace.set_model(types.SimpleNamespace(stage=2, alpha=np.float32(0.5)))
    pace.on_epoch_begin(0)
    for batch in range(5):
        pace.on_train_batch_end(batch)
    pace._start -= 2.0  # as if the four batches after the first had taken two seconds
    pace.on_epoch_end(0, logs)
    assert logs["stage"] == 2 and logs["alpha"] == 0.5 and 14 < logs["images_per_second"] <= 16


def test_steps_over_weights_are_those_of_adam():
    keras.utils.set_random_seed(1)
    critic = networks.Discriminator((6, 4), 1)
    real, fakes = (rng.normal(size=(8, 8, 8, 1)).astype("float32") for _ in range(2))
    before = np.asarray(critic.gather.kernel)
    share = transition.steps_over_weights(critic, real, fakes, rate=1e-3, steps=1, batch_size=4)
    assert "from_image_4" not in share and set(share) >= {"from_image_8", "8x8_1", "compare", "gather", "score"}
    # Adam's first step is the learning rate, up or down, wherever there is a gradient at all
    moved = np.asarray(critic.gather.kernel) - before
    assert np.isclose(share["gather"], np.sqrt(np.mean(moved**2)) / np.sqrt(np.mean(before**2)), rtol=1e-4)
    assert abs(share["gather"] / 1e-3 - 1) < 0.1


@pytest.mark.slow
def test_without_a_fade_in_scores_jump_and_with_it_they_do_not():
    gan = ablation.compiled_gan((6, 4), 5, seed=2, eagerly=True)
    images = rng.normal(size=(16, 8, 8, 1)).astype("float32")
    found = transition.two_ways(gan, images, before=2, after=3, batch_size=8, watched=8)
    faded, leapt = found["faded in"], found["all at once"]
    assert faded.steps == leapt.steps == [-2, -1, 0, 1, 2]
    assert faded.real[:2] == leapt.real[:2] and faded.fake[:2] == leapt.fake[:2]
    assert gan.stage == 1 and float(gan.alpha) == 1.0
    assert leapt.jump("real") + leapt.jump("fake") > 3 * (faded.jump("real") + faded.jump("fake"))


@pytest.mark.slow
def test_a_sheet_is_filled_with_all_three_ways():
    sheet = ablation.GrowthTrials()
    images = rng.uniform(-1, 1, (8, 8, 8, 1)).astype("float32")
    options = {"plan": Plan(2), "widths": (3, 2), "codings": 4, "batch_size": 8, "count": 20, "eagerly": True}
    told = sheet.fill(images, seeds=(1,), **options)
    assert told == {"seeds": 1, "epochs": 3, "images": 24}
    found = ablation.curves(sheet.history.history)
    assert list(found) == list(ablation.WAYS)
    for parts in found.values():
        assert parts["frechet"].shape == (1, 3) and np.all(parts["frechet"] > 0)
        assert np.array_equal(parts["images"], [[8, 16, 24]]) and np.all(np.diff(parts["seconds"]) > 0)
    pictures = np.asarray(sheet.pictures)
    assert pictures.shape == (3, 10, 28, 28) and pictures.min() >= 0 and all(picture.std() > 0 for picture in pictures)
    few = ablation.GrowthTrials()
    few.fill(images, seeds=(1, 2), most=1, **options)
    found = ablation.curves(few.history.history)
    assert list(found) == [ablation.GROWN] and found[ablation.GROWN]["seconds"].shape == (2, 3)
    assert not np.asarray(few.pictures)[1:].any()


class Seen(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.log = []

    def on_train_batch_end(self, batch, logs=None):
        self.log.append((self.model.stage, float(self.model.alpha)))


@pytest.mark.slow
def test_the_ways_go_through_the_stages_that_they_should_and_figures_come_with_each_epoch():
    images, plan = rng.uniform(-1, 1, (4, 8, 8, 1)).astype("float32"), Plan(2)
    logs = {}
    for name, lead in (("leap", ablation.Leap(plan)), ("whole", ablation.Whole()), ("grow", Grow(plan))):
        gan, seen = ablation.compiled_gan((3, 2), 4, seed=1, eagerly=True), Seen()
        callbacks = [lead, progan_callbacks.Pace(2), gan_callbacks.FrechetDistance(20), seen]
        history = gan.fit(images, epochs=plan.epochs, batch_size=2, callbacks=callbacks, verbose=0).history
        logs[name] = seen.log
        assert len(history["frechet"]) == 3 and min(history["frechet"]) > 0
        assert history["stage"] == ([1, 1, 1] if name == "whole" else [0, 1, 1])
    assert logs["leap"] == [(0, 1)] * 2 + [(1, 1)] * 4 and logs["whole"] == [(1, 1)] * 6
    assert logs["grow"] == [(0, 1), (0, 1), (1, 0), (1, 0.5), (1, 1), (1, 1)]


@pytest.mark.slow
def test_kept_weights_bring_back_images_and_scores(tmp_path, monkeypatch):
    from helpers.gans import samples
    from helpers.weights import store

    monkeypatch.setenv("WORKBOOK_CHECKPOINTS", str(tmp_path))
    gan, other = (ablation.compiled_gan((4, 3), 5, seed=seed) for seed in (1, 2))
    kept = progan_callbacks.AveragedPair(gan)
    assert len(kept.weights) == len(gan.averaged.weights) + len(gan.discriminator.weights)
    store.save(kept, "kept", lesson="15", data="noise", seconds=1, source="a text")
    assert store.load(progan_callbacks.AveragedPair(other), "kept", source="a text")
    for network in (gan, other):
        network.set_stage(1)
    z = samples.fixed_codings(gan, 3)
    np.testing.assert_array_equal(samples.images(gan, z), samples.images(other, z))
    x = rng.normal(size=(4, 8, 8, 1)).astype("float32")
    np.testing.assert_array_equal(gan.judge(x), other.judge(x))


def test_images_that_are_no_numbers_are_infinitely_far():
    assert gan_callbacks.frechet(np.full((4, 8, 8), np.nan), np.zeros((4, 64))) == float("inf")


# --- growth views


rng_of_growth_views = np.random.default_rng(0)


PLAN = Plan(3, fade=1, steady=1, last=2)  # 6 epochs


@pytest.fixture(autouse=True)
def _tidy():
    yield
    plt.close("all")


def film(frames=13, total=120):
    steps = np.linspace(0, total, frames).astype(int)
    images = rng_of_growth_views.integers(0, 255, (frames, 12, 16, 16), dtype=np.uint8)
    return types.SimpleNamespace(images=images, steps=steps, unit="step")


def test_words_for_size_and_alpha():
    found = [figures.words(*pair) for pair in ((0, 1.0), (2, 0.4), (1, 0.0), (3, 0.25), (3, 0.999))]
    assert found == ["4 × 4, α = 1", "16 × 16, α = .4", "8 × 8, α = 0", "32 × 32, α = .25", "32 × 32, α = 1"]


def test_each_frame_knows_its_stage():
    tape = film()
    places = [figures.place(tape, PLAN, i) for i in range(13)]
    assert places[0] == (0, 1.0) and places[2] == (1, 0.0) and places[3] == (1, 0.5) and places[4] == (1, 1.0)
    assert places[6] == (2, 0.0) and places[-1] == (2, 1.0)
    assert figures.key_frames(tape, PLAN) == [1, 3, 5, 7, 12]


def test_the_slider_shows_the_frame_that_its_label_names():
    tape = film()
    box = figures.build_growth_film(tape, PLAN)
    assert box.frame.value == 12 and "16 × 16, α = 1" in box.told.value and "100 %" in box.told.value
    box.frame.value = 7
    assert "16 × 16, α = .5" in box.told.value and "step 70" in box.told.value
    assert box.panel.value == pixels.png(pixels.mosaic(tape.images[7] / 255, figures.COLUMNS))
    labels = [label for label, _ in box.frame.options]
    assert len(set(labels)) == len(labels) == 13 and not box.errors.value


def test_a_key_for_each_size_goes_to_its_first_frame():
    box = figures.build_growth_film(film(), PLAN)
    assert [key.description for key in box.sizes] == ["4 × 4", "8 × 8", "16 × 16"]
    found = []
    for key in box.sizes:
        key.click()
        found.append(box.frame.value)
    assert found == [0, 2, 6]


def test_the_twin_has_a_row_for_each_key_frame(capsys):
    figures.growth_film(film(), PLAN)
    out = capsys.readouterr().out
    assert out.startswith("[widget] 13 frames") and "8 × 8, α = .5" in out and "16 × 16, α = 1" in out
    figures.growth_film(film(frames=2), PLAN)
    figures.growth_film(film(frames=1, total=0), PLAN)
    with pytest.raises(ValueError, match="no frames yet"):
        figures.growth_film(film(frames=0), PLAN)


def test_drawings_say_what_they_show():
    assert "4 stages" in figures.growth_figure().alt and "α" in figures.fade_figure().alt


def test_charts_show_their_numbers():
    axes = figures.schedule_figure(gan.stage_at, 3, 1, 1).axes
    line = dict(zip(*axes[0].lines[0].get_data(), strict=True))
    assert line[0.0] == 1 and line[1.0] == 0 and line[1.5] == 0.5 and line[2.0] == 1 and line[3.0] == 0
    assert max(axes[1].lines[0].get_ydata()) == 2

    scores = Scores([-2, -1, 0, 1], [1, 1.5, 0.5, 0.7], [0, 0, 2, 1])
    assert scores.jump("real") == 1.0 and scores.jump("fake") == 2 and list(scores.gap[:2]) == [1, 1.5]
    panels = figures.moment_figure({"faded in": scores, "all at once": scores}).axes
    assert [list(line.get_xdata()) for line in panels[0].lines[:2]] == [[-2, -1], [0, 1]]

    axes = figures.steps_figure({"a": {"x": 1e-3, "y": 2e-3}, "b": {"x": 1e-2, "y": 5e-3}}).axes[0]
    assert list(axes.lines[1].get_xdata()) == [1e-2, 5e-3]

    axes = figures.distance_figure([5, 4, 3, 2.5, 2, 1], PLAN, references={"floor": 0.1}).axes[0]
    assert list(axes.lines[0].get_ydata()) == [5, 4, 3, 2.5, 2, 1] and len(axes.patches) == 5

    found = {
        "grown": {"images": np.array([[1000, 2000]]), "seconds": np.array([[3, 4]]), "frechet": np.array([[9, 5]])}
    }
    left, right = figures.worth_figure(found).axes
    assert list(left.lines[0].get_xdata()) == [1, 2] and list(right.lines[0].get_xdata()) == [3, 4]

    axes = figures.levels_figure({"real": {32: 1, 16: 2, 8: 3}}).axes[0]
    assert list(axes.lines[0].get_ydata()) == [1, 2, 3]
    axes = figures.levels_figure({"made": {32: [1, 3], 16: [2, 2], 8: [3, 7]}}).axes[0]
    assert list(axes.lines[0].get_ydata()) == [2, 2, 5]
    board = figures.pyramid_figure(
        {"real": rng_of_growth_views.random((2, 28, 28)), "made": rng_of_growth_views.random((4, 28, 28))}
    )
    assert len(board.axes) == 18 and sum(len(axes.images) for axes in board.axes) == 15
