"""The networks that grow: sizes as published, stages that begin where the last one ended, training that goes on."""

import math

import keras
import numpy as np
import pytest
from scipy.signal import correlate

from helpers.gans import samples
from helpers.gans.progan import gan as growth_pieces_gan
from helpers.gans.progan import gan as progan_gan
from helpers.gans.progan import layers, networks
from helpers.gans.progan import layers as progan_layers
from helpers.gans.progan import networks as progan_networks

RNG = np.random.default_rng(0)
WIDTHS = (12, 8, 6, 4)


def random(*shape):
    return RNG.normal(size=shape).astype("float32")


def small():
    keras.utils.set_random_seed(1)
    return progan_networks.Generator(16, WIDTHS, 1), progan_networks.Discriminator(WIDTHS, 1)


@pytest.mark.slow
def test_at_1024_pixels_in_colour_the_sizes_are_those_of_the_paper():
    generator, discriminator = progan_networks.Generator(), progan_networks.Discriminator()
    assert generator.count_params() == 23_079_115
    assert discriminator.count_params() == 23_087_249
    sizes = {layer.name: layer.count_params() for layer in generator._flatten_layers(include_self=False)}
    # table 2 of the paper: 4.2M, 2.4M, …, 2.3k, 51
    assert sizes["first"] == 4_194_816 and sizes["second"] == sizes["8x8_1"] == sizes["32x32_2"] == 2_359_808
    assert (sizes["64x64_1"], sizes["64x64_2"], sizes["1024x1024_1"]) == (1_179_904, 590_080, 4_624)
    assert (sizes["1024x1024_2"], sizes["to_image_1024"]) == (2_320, 51)
    sizes = {layer.name: layer.count_params() for layer in discriminator._flatten_layers(include_self=False)}
    assert (sizes["from_image_1024"], sizes["1024x1024_1"], sizes["1024x1024_2"]) == (64, 2_320, 4_640)
    assert (sizes["64x64_2"], sizes["compare"]) == (1_180_160, 2_364_416)
    assert (sizes["gather"], sizes["score"]) == (4_194_816, 513)
    one_stage = sum(int(np.prod(v.shape)) for v in generator.active_variables(8))
    assert one_stage == 23_079_115 - sum(1539 for _ in range(4)) - 771 - 387 - 195  # the image layers left behind


@pytest.mark.slow
def test_images_and_scores_have_the_shapes_of_their_stage():
    generator, discriminator = small()
    for stage, size in enumerate((4, 8, 16, 32)):
        images = generator(random(3, 16), stage=stage)
        assert images.shape == (3, size, size, 1) and discriminator(images, stage=stage).shape == (3, 1)
    assert generator(random(2, 16)).shape == generator.compute_output_shape((2, 16)) == (2, 32, 32, 1)
    with pytest.raises(ValueError, match="There is no stage 4"):
        generator(random(2, 16), stage=4)


@pytest.mark.slow
def test_at_alpha_0_a_new_stage_is_the_old_one_enlarged():
    generator, discriminator = small()
    z = random(5, 16)
    for stage in (1, 2, 3):
        old = layers.upsample(generator(z, stage=stage - 1))
        np.testing.assert_allclose(generator(z, stage=stage, alpha=0.0), old, atol=1e-6)
        images = random(5, 4 * 2**stage, 4 * 2**stage, 1)
        old = discriminator(layers.downsample(images), stage=stage - 1)
        np.testing.assert_allclose(discriminator(images, stage=stage, alpha=0.0), old, atol=1e-6)
        half = generator(z, stage=stage, alpha=0.5)
        np.testing.assert_allclose(
            2 * half, generator(z, stage=stage, alpha=0.0) + generator(z, stage=stage, alpha=1.0), atol=1e-5
        )


@pytest.mark.slow
def test_the_discriminator_compares_images_within_groups():
    _, discriminator = small()
    x = random(4, 32, 32, 1)
    alone, together = discriminator(x[:1]), discriminator(x)
    assert abs(float(alone[0, 0] - together[0, 0])) > 1e-4


@pytest.mark.slow
def test_clones_and_saved_files_are_equal(tmp_path):
    z = random(3, 16)
    for network, x in zip(small(), (z, random(3, 32, 32, 1)), strict=True):
        clone = keras.models.clone_model(network)
        clone.set_weights(network.get_weights())
        np.testing.assert_array_equal(clone(x), network(x))
        network.save(tmp_path / "network.keras")
        np.testing.assert_array_equal(keras.models.load_model(tmp_path / "network.keras")(x), network(x))


@pytest.mark.slow
def test_active_variables_are_those_that_a_stage_uses():
    import tensorflow as tf

    generator, discriminator = small()
    for network, x in ((generator, random(2, 16)), (discriminator, None)):
        for stage in range(4):
            inputs = random(2, 4 * 2**stage, 4 * 2**stage, 1) if x is None else x
            with tf.GradientTape() as tape:
                y = tf.reduce_sum(network(inputs, stage=stage, alpha=0.5) ** 2)
            gradients = tape.gradient(y, network.trainable_variables)
            used = {v.path for v, g in zip(network.trainable_variables, gradients, strict=True) if g is not None}
            assert used == {v.path for v in network.active_variables(stage)}


def gan(**options):
    keras.utils.set_random_seed(1)
    networks = progan_networks.Generator(16, WIDTHS[:3], 1), progan_networks.Discriminator(WIDTHS[:3], 1)
    made = progan_gan.GrowingGAN(*networks, 16, seed=3, **{"averaging": 0.9, **options})
    made.compile(keras.optimizers.Adam(1e-3, 0.0, 0.99), keras.optimizers.Adam(1e-3, 0.0, 0.99))
    return made


@pytest.mark.slow
def test_plan_of_stages_and_alpha():
    plan = progan_gan.Plan(3, fade=2, steady=1, last=4)
    assert plan.epochs == 1 + 2 + 1 + 2 + 4
    assert [plan.at(e) for e in (0, 0.99, 1, 2, 3, 3.5, 4, 5, 6, 9.9, 10, 99)] == [
        *((0, 1), (0, 1), (1, 0), (1, 0.5), (1, 1), (1, 1), (2, 0), (2, 0.5), (2, 1), (2, 1), (2, 1), (2, 1))
    ]
    for wrong in ({"stages": 0}, {"stages": 2, "fade": 0}, {"stages": 2, "steady": 0}, {"stages": 2, "last": 0}):
        with pytest.raises(ValueError, match="1 or more"):
            progan_gan.Plan(**wrong)


@pytest.mark.slow
def test_growing_keeps_old_weights_and_starts_the_optimizers_afresh():
    model = gan()
    X = random(16, 16, 16, 1)
    model.fit(X, epochs=1, batch_size=8, verbose=0)
    z = random(2, 16)
    image = np.asarray(model.generate(z))
    before = [w.copy() for w in model.get_weights()]
    places = [i for i, v in enumerate(model.weights) if v is not model.alpha]
    assert int(model.generator_optimizer.iterations) == 2
    model.grow()
    after = model.get_weights()
    assert model.stage == 1 and all(np.array_equal(before[i], after[i]) for i in places)
    np.testing.assert_allclose(model.generate(z), image, atol=1e-6)
    for optimizer in (model.generator_optimizer, model.discriminator_optimizer):
        assert abs(float(optimizer.learning_rate) - 1e-3) < 1e-9
        rest = [v for v in optimizer.variables if v is not optimizer._learning_rate]
        assert rest and not any(np.asarray(v).any() for v in rest)


@pytest.mark.slow
def test_each_stage_moves_its_own_weights_only():
    model = gan()
    X = random(16, 16, 16, 1)
    for stage in (0, 2):
        model.set_stage(stage, 0.5 if stage else 1.0)
        for network in (model.generator, model.discriminator):
            network.old = [v.numpy() for v in network.trainable_variables]
        model.fit(X, epochs=1, batch_size=8, verbose=0)
        for network in (model.generator, model.discriminator):
            pairs = zip(network.trainable_variables, network.old, strict=True)
            moved = {v.path for v, old in pairs if not np.array_equal(v, old)}
            assert moved == {v.path for v in network.active_variables(stage)}


@pytest.mark.slow
def test_real_images_are_halved_and_fade_like_the_fakes():
    model = gan()
    X = random(2, 16, 16, 1)
    assert model.shrink(X).shape == (2, 4, 4, 1)
    np.testing.assert_allclose(model.shrink(X)[0, 0, 0, 0], X[0, :4, :4].mean(), atol=1e-5)
    model.set_stage(2, 0.0)
    blocks = X.reshape(2, 8, 2, 8, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(model.shrink(X)[..., 0], np.kron(blocks, np.ones((1, 2, 2))), atol=1e-6)
    model.set_stage(2, 1.0)
    np.testing.assert_array_equal(model.shrink(X), X)
    model.set_stage(1, 1.0)
    assert model.generate(random(2, 16)).shape == (2, 16, 16, 1)
    assert model.generate(random(2, 16), training=True).shape == (2, 8, 8, 1)


class Seen(keras.callbacks.Callback):
    def __init__(self, until=None):
        super().__init__()
        self.log, self.until = [], until

    def on_train_batch_end(self, batch, logs=None):
        self.log.append((self.model.stage, round(float(self.model.alpha), 3)))

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = epoch == self.until


def plain():
    model = gan(penalty_weight=0, averaging=None)
    model.run_eagerly = True  # the plan is the same, and nothing is compiled for steps that are done once
    return model


@pytest.mark.slow
def test_a_plan_is_followed_and_taken_up_again_in_another_process():
    X, plan = random(16, 16, 16, 1), progan_gan.Plan(2)
    model, seen = plain(), Seen()
    model.fit(X, epochs=plan.epochs, batch_size=8, callbacks=[progan_gan.Grow(plan), seen], verbose=0)
    assert seen.log == [(0, 1), (0, 1), (1, 0), (1, 0.5), (1, 1), (1, 1)]
    assert int(model.generator_optimizer.iterations) == 4  # counted from the growth on

    other, seen = plain(), Seen()
    steps = [progan_gan.Grow(plan), seen]
    other.fit(X, epochs=plan.epochs, initial_epoch=2, batch_size=8, callbacks=steps, verbose=0)
    assert seen.log == [(1, 1), (1, 1)]
    stopped, seen = plain(), Seen(until=1)
    stopped.fit(X, epochs=plan.epochs, batch_size=8, callbacks=[progan_gan.Grow(plan), seen], verbose=0)
    assert seen.log[-1] == (1, 0.5)
    assert stopped.stage == 1 and float(stopped.alpha) == 0.5  # where it was stopped, not where the plan ends


# --- equalized


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_equalized_convolution_by_hand(padding):
    layer = layers.EqualizedConv2D(5, 3, padding)
    x = random(2, 6, 7, 4)
    found = np.asarray(layer(x))
    kernel = np.asarray(layer.kernel) * math.sqrt(2 / (3 * 3 * 4))
    expected = np.stack(
        [[sum(correlate(image[..., i], kernel[..., i, o], padding) for i in range(4)) for o in range(5)] for image in x]
    ).transpose(0, 2, 3, 1)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert layer.compute_output_shape(x.shape) == found.shape


def test_equalized_dense_by_hand_with_its_rate_and_bias():
    layer = layers.EqualizedDense(3, gain=1.0, rate=0.01)
    x = random(4, 50)
    layer.build(x.shape)
    layer.bias.assign(random(3))
    expected = x @ (np.asarray(layer.kernel) * 0.01 / math.sqrt(50)) + np.asarray(layer.bias) * 0.01
    np.testing.assert_allclose(np.asarray(layer(x)), expected, atol=1e-5)
    assert layer.compute_output_shape(x.shape) == (4, 3)
    assert layers.EqualizedDense(3, use_bias=False).get_config()["use_bias"] is False


def test_stored_weights_have_deviation_1_and_signals_keep_their_size():
    keras.utils.set_random_seed(0)
    layer = layers.EqualizedDense(400, use_bias=False)
    out = np.asarray(layer(random(300, 500)))
    assert abs(np.std(layer.kernel) - 1) < 0.01
    # gain √2: the mean square doubles, of which a ReLU leaves half
    assert abs(np.mean(np.square(np.maximum(out, 0))) - 1) < 0.05
    slow = layers.EqualizedDense(400, rate=0.01)
    slow.build((None, 500))
    assert abs(np.std(slow.kernel) - 100) < 1 and abs(np.std(slow.effective_kernel()) - math.sqrt(2 / 500)) < 1e-3


def test_layers_save_and_load(tmp_path):
    model = keras.Sequential(
        [
            keras.Input((4, 4, 2)),
            layers.EqualizedConv2D(3, 1, gain=1.0),
            keras.layers.Flatten(),
            layers.EqualizedDense(2, rate=0.1),
        ]
    )
    x = random(3, 4, 4, 2)
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(model(x), again(x))


def test_he_constant_and_nonsense():
    assert layers.he_constant(8) == 0.5 and layers.he_constant(4, 1) == 0.5
    with pytest.raises(ValueError, match="at least one input"):
        layers.he_constant(0)
    with pytest.raises(ValueError, match="above 0"):
        layers.EqualizedDense(1, rate=0)


def test_pixel_norm_by_hand():
    x = random(2, 3, 3, 5)
    x[0, 1, 1] = 0  # nothing to divide by
    found = np.asarray(layers.pixel_norm(x))
    for place in np.ndindex(2, 3, 3):
        np.testing.assert_allclose(found[place], x[place] / math.sqrt(np.mean(x[place] ** 2) + 1e-8), rtol=1e-5)
    assert not found[0, 1, 1].any()


@pytest.mark.parametrize(("batch", "group"), [(8, 4), (4, 4), (2, 4), (6, 3), (7, 4), (1, 4)])
def test_minibatch_deviation_by_hand(batch, group):
    x = random(batch, 3, 2, 5)
    found = np.asarray(layers.minibatch_deviation(x, group))
    members = min(group, batch)
    groups = -(-batch // members)
    rows = [i % batch for i in range(groups * members)]
    np.testing.assert_array_equal(found[..., :5], x)
    for i in range(batch):
        own = [rows[j] for j in range(len(rows)) if j % groups == i % groups]
        values = [np.sqrt(np.var([x[j, a, b, c] for j in own]) + 1e-8) for a, b, c in np.ndindex(3, 2, 5)]
        np.testing.assert_allclose(found[i, ..., 5], np.mean(values), rtol=1e-4)


def test_minibatch_deviation_of_equal_images_is_0_however_their_maps_differ():
    x = np.broadcast_to(random(1, 3, 3, 6), (4, 3, 3, 6))
    assert np.asarray(layers.minibatch_deviation(x))[..., -1].max() <= 1.001e-4  # the root of ε


def test_scaling_up_and_down():
    x = random(2, 3, 5, 4)
    up = np.asarray(layers.upsample(x))
    np.testing.assert_array_equal(up, np.kron(x, np.ones((1, 2, 2, 1), "float32")))
    np.testing.assert_allclose(np.asarray(layers.downsample(up)), x, atol=1e-6)
    y = random(1, 4, 4, 1)
    np.testing.assert_allclose(layers.downsample(y)[0, 0, 1, 0], y[0, :2, 2:, 0].mean(), rtol=1e-5)


def test_fade_in_is_exact_at_both_ends():
    old, new = random(2, 4, 4, 1), random(2, 4, 4, 1)
    np.testing.assert_array_equal(layers.fade_in(old, new, 0.0), old)
    np.testing.assert_array_equal(layers.fade_in(old, new, 1.0), new)
    np.testing.assert_allclose(layers.fade_in(old, new, 0.25), 0.75 * old + 0.25 * new, rtol=1e-6)


# --- growth pieces


rng = np.random.default_rng(3)


def random_of_growth_pieces(*shape):
    return rng.normal(size=shape).astype("float32")


def test_fade_in_enlarges_and_mixes():
    small, large = random_of_growth_pieces(2, 2, 3, 1), random_of_growth_pieces(2, 4, 6, 1)
    right = 0.7 * np.kron(small, np.ones((1, 2, 2, 1))) + 0.3 * large
    np.testing.assert_allclose(progan_layers.fade_in(small, large, 0.3), right, atol=1e-6)


def test_grown_image_is_what_the_generator_makes():
    keras.utils.set_random_seed(1)
    generator, z = networks.Generator(6, (5, 4, 3), 1), random_of_growth_pieces(3, 6)
    for stage, alpha in ((1, 0.3), (2, 0.0), (2, 0.8)):
        maps, _ = generator.features(z, stage - 1)
        layers = generator.blocks[stage - 1], generator.to_image[stage - 1], generator.to_image[stage]
        made = networks.grown_image(maps, *layers, alpha)
        np.testing.assert_allclose(made, generator(z, stage=stage, alpha=alpha), atol=1e-5)


def test_stage_at_is_the_plan():
    plan = growth_pieces_gan.Plan(3, 2, 1)
    for epoch in np.arange(0, 9, 0.25):
        assert growth_pieces_gan.stage_at(epoch, 3, 2, 1) == plan.at(epoch)


def test_an_unequalized_network_computes_the_same_and_stores_other_weights():
    x = random_of_growth_pieces(4, 16, 16, 1)
    keras.utils.set_random_seed(1)
    critic = networks.Discriminator((6, 5, 4), 1)
    before = np.asarray(critic(x, stage=2, alpha=0.5))
    stored = float(np.std(critic.gather.kernel))
    networks.unequalized(critic)
    np.testing.assert_allclose(critic(x, stage=2, alpha=0.5), before, atol=1e-5)
    assert abs(stored - 1) < 0.1
    assert np.isclose(np.std(critic.gather.kernel), stored * progan_layers.he_constant(4 * 4 * 6), rtol=1e-4)


def test_images_of_every_size_come_to_28_and_back():
    images = rng.random((3, 28, 28)).astype("float32")
    for size in (4, 8, 16, 32):
        X = samples.at_size(images, size)
        assert X.shape == (3, size, size, 1) and X.dtype == np.float32 and X.min() >= -1 and X.max() <= 1
        framed = samples.frame(images, 32)
        side = 32 // size
        np.testing.assert_allclose(X[1, 1, 2, 0], framed[1, side : 2 * side, 2 * side : 3 * side].mean(), atol=1e-5)
        shown = samples.at_28(X[..., 0])
        assert shown.shape == (3, 28, 28)
        np.testing.assert_array_equal(shown[0, 0, 0], X[0, 2 // side, 2 // side, 0])
    whole = samples.at_28(samples.at_size(images, 32)[..., 0])
    np.testing.assert_allclose(whole, 2 * images - 1, atol=1e-6)
    assert samples.at_28(images) is images
    for wrong in (5, 64):
        with pytest.raises(ValueError, match="4, 8, 16 or 32"):
            samples.at_size(images, wrong)
        with pytest.raises(ValueError, match="4, 8, 16 or 32"):
            samples.at_28(np.zeros((1, wrong, wrong)))
