"""The recurrent autoencoder: what passes from encoder to decoder, no peeking, and running freely."""

import numpy as np
import pytest

from helpers.autoencoders.autoencoder import Autoencoder
from helpers.autoencoders.recurrent import networks
from helpers.backend import keras

rng = np.random.default_rng(7)
S = rng.random((6, 5, 4), dtype=np.float32)


def test_strips_keep_the_rows_in_order_and_there_is_a_way_back():
    X = rng.random((3, 8, 6), dtype=np.float32)
    strips = networks.strips(X, rows=2)
    assert strips.shape == (3, 4, 12)
    assert np.array_equal(strips[1, 2], np.concatenate([X[1, 4], X[1, 5]]))
    assert np.array_equal(networks.images(strips, (8, 6)), X)
    for rows in (0, 3):
        with pytest.raises(ValueError, match="divisor"):
            networks.strips(X, rows=rows)


def test_only_one_row_of_codings_leaves_the_encoder():
    encoder, decoder = networks.recurrent_halves(5, 4, 8, 3, "sigmoid")
    assert encoder.output_shape == (None, 3) and decoder.output_shape == (None, 5, 4)
    assert networks.numbers_passed_on(encoder, S) == 3, "30 codings at each step would be 28 times as many"
    at_each_step = keras.Sequential([keras.Input((5, 4)), keras.layers.GRU(3, return_sequences=True)])
    assert networks.numbers_passed_on(at_each_step, S) == 15
    assert networks.numbers_passed_on(lambda S: [S[:, 0], S], S) == 24
    out = np.asarray(decoder(np.asarray(encoder(S))))
    assert out.min() >= 0 and out.max() <= 1


def test_the_codings_depend_on_the_first_step_and_on_the_order():
    encoder, _ = networks.recurrent_halves(5, 4, 8, 3)
    usual = np.asarray(encoder(S))
    changed = S.copy()
    changed[:, 0] += 1
    assert np.abs(np.asarray(encoder(changed)) - usual).max() > 1e-4
    assert np.abs(np.asarray(encoder(networks.back_to_front(S))) - usual).max() > 1e-4


def test_a_long_sequence_is_not_written_out_but_gives_the_same():
    short, long = networks.recurrent_halves(5, 4, 8, 3)[0], networks.recurrent_halves(40, 4, 8, 3)[0]
    assert short.layers[0].unroll and not long.layers[0].unroll
    long.set_weights(short.get_weights())
    padded = np.concatenate([S, np.zeros((6, 35, 4), np.float32)], axis=1)
    by_hand = np.zeros((6, 8), np.float32)
    for step in range(40):
        by_hand = np.asarray(long.layers[0].cell(padded[:, step], [by_hand])[0])
    assert np.allclose(np.asarray(long(padded)), np.asarray(long.layers[1](by_hand)), atol=1e-5)


def test_the_model_learns_saves_and_loads(tmp_path):
    keras.utils.set_random_seed(0)
    model = Autoencoder(*networks.recurrent_halves(5, 4, 16, 3, "sigmoid"))
    model.compile(loss="mse", optimizer=keras.optimizers.Adam(0.02), run_eagerly=True)
    before = np.mean((model.reconstruct(S) - S) ** 2)
    model.fit(S, S, epochs=8, batch_size=6, verbose=0)
    assert np.mean((model.reconstruct(S) - S) ** 2) < before
    model.save(tmp_path / "it.keras")
    again = keras.saving.load_model(tmp_path / "it.keras")
    assert np.allclose(again.reconstruct(S), model.reconstruct(S), atol=1e-6)


def test_under_teacher_forcing_nothing_later_is_seen():
    _, decoder = networks.forced_halves(5, 4, 8, 3)
    Z = rng.normal(size=(6, 3)).astype(np.float32)
    usual = np.asarray(decoder([Z, networks.previous_steps(S)]))
    for step in range(5):
        changed = S.copy()
        changed[:, step] += 1
        moved = np.abs(np.asarray(decoder([Z, networks.previous_steps(changed)])) - usual).max(axis=(0, 2))
        assert not moved[: step + 1].any(), f"step {step} is seen before it has been told"
        assert step == 4 or moved[step + 1] > 1e-5


def test_running_freely_feeds_on_its_own_steps():
    encoder, decoder = networks.forced_halves(5, 4, 8, 3)
    Z = np.asarray(encoder(S))
    free = networks.run_freely(decoder, Z, 5, 4)
    assert free.shape == S.shape and free.dtype == np.float32
    assert np.allclose(np.asarray(decoder([Z, networks.previous_steps(free)])), free, atol=1e-5), "a fixed point"
    helped = np.asarray(decoder([Z, networks.previous_steps(S)]))
    assert np.allclose(free[:, 0], helped[:, 0], atol=1e-6) and not np.allclose(free[:, 1:], helped[:, 1:], atol=1e-3)


def test_the_forced_model_is_its_two_halves():
    encoder, decoder = networks.forced_halves(5, 4, 8, 3)
    model = networks.forced_model(encoder, decoder)
    late, Z = networks.previous_steps(S), np.asarray(encoder(S))
    assert np.allclose(np.asarray(model([S, late])), np.asarray(decoder([Z, late])), atol=1e-6)
    assert len(model.trainable_weights) == len(encoder.trainable_weights) + len(decoder.trainable_weights)


def test_small_things_leave_their_argument_alone():
    kept = S.copy()
    late, turned = networks.previous_steps(S), networks.back_to_front(S)
    assert np.array_equal(S, kept) and late.dtype == S.dtype
    assert not late[:, 0].any() and np.array_equal(late[:, 1:], S[:, :-1])
    assert np.array_equal(turned[2, 0], S[2, -1]) and np.array_equal(networks.back_to_front(turned), S)
