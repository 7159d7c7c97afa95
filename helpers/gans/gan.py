"""The adversarial engine of lessons 11 to 16: two networks, two optimizers, two phases in each step.

    gan = GAN(generator, discriminator, codings=30)
    gan.compile(keras.optimizers.Adam(2e-4, 0.5), keras.optimizers.Adam(2e-4, 0.5))
    gan.fit(images, epochs=20, batch_size=128)            # images in [−1, 1], like those of the generator
    gan.generate(gan.draw_codings(10))

Read `train_step` first. A lesson that changes the game overrides one method: `discriminator_phase`,
`generator_phase`, or `penalty`.
"""

from __future__ import annotations

import tensorflow as tf

from helpers.backend import Seeds, keras
from helpers.gans.losses import LOSSES, Losses
from helpers.training.images import cure, extremes, look_first, must_be_classes, must_lie_in, pixel_range, sized

ops = keras.ops


class GAN(keras.Model):
    """A generator and a discriminator that learn from each other.

    generator: a built Keras model, codings (batch, k) → images; with labels, [codings, labels] → images.
    discriminator: a built Keras model, images → logits (batch, 1); with labels, [images, labels] → logits.
    codings: k, how many numbers make an image.   game: a name of `gans.losses.LOSSES`, or a Losses.
    conditional: whether `fit` gets labels, (batch,) whole numbers, as well.
    critic_steps: phases of the discriminator for one of the generator; each sees its own part of the batch.
    smoothing: of real labels, one-sided, for the two logistic games.
    noise: standard deviation of Gaussian noise on all images that the discriminator sees; `gan.noise` is a
        variable, so a callback may let it fade.
    replay: a `stability.Replay`; then half of the fakes that the discriminator sees come from earlier steps.
    averaging: share of the old value in the running average of the generator's weights, such as .999;
        `gan.averaged` is the averaged generator, or the generator itself when averaging is None.
    seed: of codings and noise; None takes the one that keras.utils.set_random_seed has set.
    Logs: d_loss, g_loss, and the share of real images and of fakes that the discriminator recognises.
    Raises ValueError for an unknown game, for smoothing in a game that has no probabilities, and for
    numbers out of range.
    Source: Goodfellow et al., 2014, arXiv 1406.2661.
    """

    def __init__(
        self, generator: keras.Model, discriminator: keras.Model, codings: int,
        game: str | Losses = "non-saturating", *, conditional: bool = False, critic_steps: int = 1,
        smoothing: float = 0.0, noise: float = 0.0, replay=None, averaging: float | None = None,
        seed: int | None = None, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        if isinstance(game, str) and game not in LOSSES:
            raise ValueError(f"There is no game named {game!r}. There are: {', '.join(LOSSES)}.")
        if smoothing and game not in ("non-saturating", "saturating"):
            raise ValueError("smoothing changes the target probability of real images; this game has none.")
        if critic_steps < 1:
            raise ValueError(f"critic_steps must be 1 or more, got {critic_steps}.")
        if noise < 0:
            raise ValueError(f"noise is a standard deviation, so it must be 0 or more, got {noise}.")
        if averaging is not None and not 0 <= averaging < 1:
            raise ValueError(f"averaging is the share of the old value: from 0 to below 1, got {averaging}.")
        self.generator, self.discriminator, self.codings = generator, discriminator, codings
        self.game = LOSSES[game] if isinstance(game, str) else game
        self.conditional, self.critic_steps, self.smoothing = conditional, critic_steps, smoothing
        self.noise = keras.Variable(noise, trainable=False, dtype="float32", name="noise")
        self.noisy = noise > 0  # decided once: without noise the compiled step has no trace of it
        self.replay, self.averaging = replay, averaging
        self.averaged = generator
        if averaging is not None:
            self.averaged = keras.models.clone_model(generator)
            self.averaged.set_weights(generator.get_weights())
            self.averaged.trainable = False
            self.updates = keras.Variable(0, trainable=False, dtype="int32", name="updates")  # exact, however many
        self.random = Seeds(seed)
        self.random_state = self.random.state  # thus a weight: Keras saves weights, but no generators of chance
        self.means = [keras.metrics.Mean(name) for name in ("d_loss", "g_loss", "real_accuracy", "fake_accuracy")]
        self.built = True

    def compile(self, generator_optimizer, discriminator_optimizer, **kwargs) -> None:
        """Give each network its optimizer: two different objects, both built at once."""
        if generator_optimizer is discriminator_optimizer:
            raise ValueError("Each network needs an optimizer of its own; this is one and the same object twice.")
        super().compile(optimizer=None, **kwargs)
        self.generator_optimizer, self.discriminator_optimizer = generator_optimizer, discriminator_optimizer
        # Their slots are variables; a compiled step must find them there and not make them.
        generator_optimizer.build(self.generator.trainable_variables)
        discriminator_optimizer.build(self.discriminator.trainable_variables)

    @property
    def metrics(self) -> list:
        """The running means that `fit` shows and sets back at the start of each epoch."""
        return self.means

    # -- one step ------------------------------------------------------------------------------------------

    def train_step(self, data) -> dict:
        """One step of the game on one batch; returns the running means."""
        real, labels = self.unpack(data)
        for place in range(self.critic_steps):
            self.discriminator_phase(*self.part(real, labels, place))
        self.generator_phase(*self.part(real, labels, 0))
        return {mean.name: mean.result() for mean in self.means}

    def discriminator_phase(self, real, labels=None) -> None:
        """The detective learns: real images should get high logits, fakes low ones. Only its weights move."""
        fake = self.generate(self.draw_codings(ops.shape(real)[0]), labels, training=True)
        fake, fake_labels = self.remember(fake, labels)
        with tf.GradientTape() as tape:
            real_logits = self.judge(real, labels)
            fake_logits = self.judge(fake, fake_labels)
            loss = self.discriminator_loss(real_logits, fake_logits) + self.penalty(real, fake, labels)
        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)
        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)

    def generator_phase(self, real, labels=None) -> None:
        """The forger learns: its fakes should get high logits. It uses no real image, only how many there were."""
        codings = self.draw_codings(ops.shape(real)[0])
        with tf.GradientTape() as tape:
            fake = self.generate(codings, labels, training=True)
            loss = self.game.generator(self.judge(fake, labels))
        self.improve(self.generator, self.generator_optimizer, tape, loss)
        self.note(g_loss=loss)
        self.average()

    # -- its pieces ----------------------------------------------------------------------------------------

    def draw_codings(self, count):
        """Codings (count, k) from N(0, 1)."""
        return keras.random.normal((count, self.codings), seed=self.random)

    def generate(self, codings, labels=None, training: bool = False):
        """Images from codings (n, k), and labels (n,) if the game is conditional.

        In training the newest generator, with the statistics of the batch; otherwise the averaged one.
        """
        network = self.generator if training else self.averaged
        return network(self.join(codings, labels), training=training)

    def judge(self, images, labels=None):
        """The discriminator's logits, always with the statistics of the batch: (batch, 1)."""
        if self.noisy:
            images = images + self.noise * keras.random.normal(ops.shape(images), seed=self.random)
        return self.discriminator(self.join(images, labels), training=True)

    def join(self, inputs, labels):
        """What a network takes: codings or images alone, or with their labels if the game is conditional."""
        if not self.conditional:
            return inputs
        if labels is None:
            raise ValueError("This GAN is conditional: it needs labels, one whole number for each image.")
        return [ops.convert_to_tensor(inputs), ops.convert_to_tensor(labels)]

    def discriminator_loss(self, real_logits, fake_logits):
        """The loss of the detective, with smoothed targets if asked for."""
        options = {"smoothing": self.smoothing} if self.smoothing else {}
        return self.game.discriminator(real_logits, fake_logits, **options)

    def penalty(self, real, fake, labels=None):
        """What is added to the discriminator's loss: nothing here; lessons 14 and 16 put theirs in its place."""
        return 0.0

    def remember(self, fake, labels):
        """Fakes for the discriminator: the fresh ones, or half of them and as many from the replay buffer."""
        if self.replay is None:
            return fake, labels
        half = ops.shape(fake)[0] // 2
        self.replay.add(*((fake, labels) if self.conditional else (fake,)))
        old = self.replay.draw(half)
        mixed = ops.concatenate([fake[half:], old[0]])
        return mixed, ops.concatenate([labels[half:], old[1]]) if self.conditional else None

    def improve(self, network, optimizer, tape, loss) -> None:
        """One step of `optimizer` on the trainable weights of `network`, and of nothing else."""
        variables, devices = network.trainable_variables, tf.distribute.get_strategy().num_replicas_in_sync
        gradients = tape.gradient(loss, variables)
        if devices > 1:  # each device saw a part of the batch, and the optimizer adds their gradients up
            gradients = [None if g is None else g / devices for g in gradients]
        optimizer.apply(gradients, variables)

    def average(self) -> None:
        """Move the averaged generator a little towards the newest one; early on in larger steps."""
        if self.averaging is None:
            return
        self.updates.assign_add(1)
        count = ops.cast(self.updates, "float32")
        share = ops.minimum(self.averaging, count / (10 + count))
        for old, new in zip(self.averaged.weights, self.generator.weights, strict=True):
            if "float" in str(new.dtype):
                old.assign(share * old + (1.0 - share) * new)

    def note(self, **values) -> None:
        """Add values of one batch to the running means of these names."""
        for mean in self.means:
            if mean.name in values:
                mean.update_state(ops.cast(values[mean.name], "float32"))

    def unpack(self, data):
        """(images, labels) of what `fit` hands over; labels are None unless the game is conditional."""
        real, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        if self.conditional and labels is None:
            raise ValueError("A conditional GAN needs labels: fit(images, labels, …).")
        return sized(self, real), sized(self, labels) if self.conditional else None

    def part(self, real, labels, place: int):
        """The part of the batch for phase number `place`: every critic_steps-th image, never none at all."""
        if self.critic_steps == 1:
            return real, labels
        count = ops.shape(real)[0]
        places = tf.range(place, tf.maximum(count, self.critic_steps), self.critic_steps) % count
        if isinstance(count, int) and count % self.critic_steps == 0:
            places = tf.ensure_shape(places, (count // self.critic_steps,))  # known, as the batch's is
        return tf.gather(real, places), None if labels is None else tf.gather(labels, places)

    def call(self, inputs):
        """Images from codings, or from [codings, labels], by the averaged generator."""
        codings, labels = inputs if self.conditional else (inputs, None)
        return self.generate(codings, labels)

    # what weights made by this class belong to, for `weights.load_or_train(source=…)`; a subclass adds its own rules
    training_source = (discriminator_phase, generator_phase, average)


# -- what `fit` looks at before the first step -----------------------------------------------------------------


def _pixels(gan: GAN) -> tuple[float, float] | None:
    """The range of the generator's images, where it is known."""
    return getattr(gan, "pixels", None) or pixel_range(gan.generator)


def _look(gan: GAN, images, labels=None) -> tuple:
    """Images and labels as they are. Raises ValueError for bytes and for labels of classes that there are not."""
    told = pixel_range(gan.generator) is not None  # else the generator could make other ranges as well
    must_lie_in(images, _pixels(gan), slack=1.0 if told else 9.0)
    if gan.conditional:
        steps = [*getattr(gan.generator, "operations", []), *getattr(gan.discriminator, "operations", [])]
        counts = [getattr(step, "num_classes", None) or getattr(step, "classes", None) for step in steps]
        must_be_classes(labels, next((count for count in counts if isinstance(count, int)), None))
    return images, labels


def _refuse_validation(gan: GAN, data):
    raise ValueError(
        "A GAN has no loss on validation images that would tell how good it is: no validation_data, no evaluate. "
        "Judge its samples: helpers.metrics.judge_images."
    )


def _remark(gan: GAN, images) -> str:
    """A line when the images have not the range of the generator's; else nothing."""
    found, wanted = extremes(images), _pixels(gan)
    if not found or not wanted or (found[0] < 0) == (wanted[0] < 0):
        return ""
    return (
        f"The images run from {found[0]:.3g} to {found[1]:.3g}, those of the generator from {wanted[0]:g} to "
        f"{wanted[1]:g}: the discriminator can tell them by their brightness. Better: {cure(found, wanted)}"
    )


look_first(GAN, ("generator", "discriminator"), _look, _refuse_validation, _remark)
