"""What is measured while GANs grow: scores at the moment of growth, paces, curves of the three ways; weights kept."""

import types

import keras
import numpy as np
import pytest

from helpers.gans.progan import ablation, networks, transition
from helpers.gans.progan import callbacks as progan_callbacks
from helpers.gans.progan.gan import Grow, Plan

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
        callbacks = [lead, progan_callbacks.Pace(2), progan_callbacks.Quality(20), seen]
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
    assert progan_callbacks.frechet(np.full((4, 8, 8), np.nan), np.zeros((4, 64))) == float("inf")
