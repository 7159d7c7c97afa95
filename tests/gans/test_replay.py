"""The buffer of earlier fakes."""

import numpy as np
import pytest

from helpers.backend import keras, tf
from helpers.gans.stability.replay import Replay


def marked(numbers):
    """Images (n, 2, 2) that hold their own number in every pixel."""
    return np.broadcast_to(np.float32(numbers)[:, None, None], (len(numbers), 2, 2)).copy()


def kept(replay):
    return sorted(np.asarray(replay.store[0])[:, 0, 0].tolist())


def test_the_oldest_give_way():
    replay = Replay(6, (2, 2))
    for start in (1, 5, 9):
        replay.add(marked(range(start, start + 4)))
        newest = range(max(1, start - 2), start + 4)
        assert [n for n in kept(replay) if n] == list(newest)
    assert int(replay.seen) == 12


def test_of_a_batch_larger_than_the_buffer_the_newest_stay():
    replay = Replay(3, (2, 2), labels=True)
    replay.add(marked(range(1, 6)), np.arange(1, 6))
    assert kept(replay) == [3, 4, 5]
    replay.add(marked([6]), np.array([6]))
    assert kept(replay) == [4, 5, 6] and sorted(np.asarray(replay.store[1])) == [4, 5, 6]


def test_draws_come_only_from_what_is_filled_and_reach_all_of_it():
    replay = Replay(1000, (2, 2), seed=1)
    replay.add(marked([3, 4, 5, 6]))
    (drawn,) = replay.draw(4000)
    numbers, counts = np.unique(np.asarray(drawn)[:, 0, 0], return_counts=True)
    assert numbers.tolist() == [3, 4, 5, 6]
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(4000 * 0.25 * 0.75)


def test_labels_stay_with_their_images():
    replay = Replay(5, (2, 2), labels=True, seed=2)
    for start in (0, 3, 6):
        numbers = np.arange(start, start + 3)
        replay.add(marked(numbers), 10 * numbers)
    images, labels = replay.draw(200)
    assert np.array_equal(10 * np.asarray(images)[:, 0, 0], np.asarray(labels)) and labels.dtype == tf.int32
    assert set(np.asarray(labels).tolist()) == {40, 50, 60, 70, 80}


def test_no_gradient_flows_into_the_past():
    replay, source = Replay(4, (2, 2)), tf.Variable(marked([1, 2]))
    with tf.GradientTape() as tape:
        replay.add(source * 2)
        loss = tf.reduce_sum(replay.draw(3)[0])
    assert tape.gradient(loss, source) is None


@pytest.mark.slow
def test_it_works_compiled_and_repeats_itself():
    def run():
        replay = Replay(6, (2, 2), seed=3)

        @tf.function(input_signature=[tf.TensorSpec((None, 2, 2))])
        def step(images):
            replay.add(images)
            return replay.draw(tf.shape(images)[0])[0]

        return [step(tf.constant(marked(range(i, i + n)))).numpy() for i, n in ((1, 4), (5, 3), (8, 9))], replay

    (first, replay), (second, _) = run(), run()
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert kept(replay) == [11, 12, 13, 14, 15, 16]
    assert not np.array_equal(replay.draw(6)[0], replay.draw(6)[0])


def test_what_it_refuses():
    with pytest.raises(ValueError, match="capacity must be 1 or more images, got 0"):
        Replay(0, (2, 2))
    with pytest.raises(ValueError, match="have to be added before"):
        Replay(4, (2, 2)).draw(2)
    with pytest.raises(ValueError, match="images and labels"):
        Replay(4, (2, 2), labels=True).add(marked([1]))
    with pytest.raises(ValueError, match=r"images \(2, 2\).*got \(3, 3\)"):
        Replay(4, (2, 2)).add(np.zeros((1, 3, 3), "float32"))


def test_it_is_saved_with_a_model(tmp_path):
    class Holder(keras.Model):
        def __init__(self, seed):
            super().__init__()
            self.replay, self.built = Replay(4, (2, 2), seed=seed), True

    one, other = Holder(1), Holder(2)
    one.replay.add(marked([1, 2, 3]))
    one.replay.draw(2)
    one.save_weights(tmp_path / "a.weights.h5")
    other.load_weights(tmp_path / "a.weights.h5")
    assert kept(other.replay) == [0, 1, 2, 3] and int(other.replay.seen) == 3
    assert np.array_equal(other.replay.draw(9)[0], one.replay.draw(9)[0]), "the random numbers go on, too"
