"""Training that grows: a GAN with stages, and the callback that leads it through them (lessons 15 and 16).

    plan = Plan(stages=4, fade=1, steady=1)             # epochs: 4 pixels 1, then for each size 1 fading and 1 steady
    gan = GrowingGAN(Generator(…), Discriminator(…), codings=128, game="Wasserstein")
    gan.compile(Adam(1e-3, 0, 0.99), Adam(1e-3, 0, 0.99))
    gan.fit(images, epochs=plan.epochs, callbacks=[Grow(plan)])

Images are always handed over at their full size, (n, size, size, channels) in [−1, 1]; each stage halves them.
Source: Karras, Aila, Laine and Lehtinen, 2018, arXiv 1710.10196, section 2 and appendix A.
"""

from __future__ import annotations

from dataclasses import dataclass

import tensorflow as tf

from helpers.backend import keras
from helpers.gans.gan import GAN
from helpers.gans.penalties import gradient_penalty
from helpers.gans.progan.layers import downsample, fade_in, upsample

ops = keras.ops


class GrowingGAN(GAN):
    """A GAN whose networks have stages, as those of `progan`: `stage` and `alpha` say where the training is.

    generator, discriminator: called with (inputs, stage=, alpha=).   codings, game, averaging, seed: as for a GAN.
    penalty_weight: λ of the gradient penalty; 0 for none.   drift: weight of the mean squared score of real images,
    which keeps scores near 0. `generate` gives images of the full size, whatever the stage.
    Source: the settings are those of arXiv 1710.10196, appendix A.1.
    """

    def __init__(
        self, generator, discriminator, codings: int, game="Wasserstein", *, penalty_weight: float = 10.0,
        drift: float = 1e-3, **kwargs,
    ):  # fmt: skip
        super().__init__(generator, discriminator, codings, game, **kwargs)
        self.penalty_weight, self.drift = penalty_weight, drift
        self.stage = 0
        self.alpha = keras.Variable(1.0, trainable=False, dtype="float32", name="alpha")

    @property
    def last_stage(self) -> int:
        return self.generator.last_stage

    def set_stage(self, stage: int, alpha: float = 1.0) -> None:
        """Work at this stage from the next step on. Weights and optimizers stay as they are.

        Raises ValueError for a stage that there is not.
        """
        if self.generator.chosen(stage) != self.stage:
            self.stage = stage
            if self.train_function is not None:  # it was compiled for the stage before
                self.make_train_function(force=True)
        self.alpha.assign(alpha)

    def grow(self) -> None:
        """One stage more: old weights go on as they are, the new ones are at α = 0 without any influence yet.

        Both optimizers start afresh, as the paper's program does: their averages belong to the smaller images, and
        new weights would meet Adam's correction for the first steps when it has long faded.
        """
        self.set_stage(self.stage + 1, alpha=0.0)
        for optimizer in (self.generator_optimizer, self.discriminator_optimizer):
            for variable in optimizer.variables:
                if variable is not optimizer._learning_rate:
                    variable.assign(ops.zeros_like(variable))

    # -- one step ------------------------------------------------------------------------------------------

    def unpack(self, data):
        real, labels = super().unpack(data)
        return self.shrink(real), labels

    def shrink(self, images):
        """Full-size images as the discriminator of this stage sees them; while it fades in, as soft as the fakes."""
        for _ in range(self.last_stage - self.stage):
            images = downsample(images)
        return images if self.stage == 0 else fade_in(downsample(images), images, self.alpha)

    def generate(self, codings, labels=None, training: bool = False):
        """Images of the present stage in training; else of full size, enlarged if the stage is smaller."""
        network = self.generator if training else self.averaged
        images = network(self.join(codings, labels), stage=self.stage, alpha=self.alpha, training=training)
        return images if training else self.enlarge(images)

    def enlarge(self, images):
        """Images of the present stage at full size, each pixel as a square."""
        for _ in range(self.last_stage - self.stage):
            images = upsample(images)
        return images

    def judge(self, images, labels=None):
        return self.discriminator(self.join(images, labels), stage=self.stage, alpha=self.alpha, training=True)

    def discriminator_loss(self, real_logits, fake_logits):
        loss = super().discriminator_loss(real_logits, fake_logits)
        return loss + self.drift * ops.mean(ops.square(real_logits)) if self.drift else loss

    def penalty(self, real, fake, labels=None):
        if not self.penalty_weight:
            return 0.0
        shares = keras.random.uniform((ops.shape(real)[0],), seed=self.random)
        return self.penalty_weight * gradient_penalty(lambda x: self.judge(x, labels), real, fake, shares)

    def improve(self, network, optimizer, tape, loss) -> None:
        """As in every GAN, but only the weights of the present stage take part."""
        variables = network.active_variables(self.stage)
        gradients, devices = tape.gradient(loss, variables), tf.distribute.get_strategy().num_replicas_in_sync
        # without noise, say, the noise layers of a StyleGAN have no part in the images and so no gradient
        known = [(g / devices, v) for g, v in zip(gradients, variables, strict=True) if g is not None]
        optimizer.apply(*zip(*known, strict=True))

    training_source = (*GAN.training_source, penalty, shrink, enlarge, grow, improve)


GrowingGAN.pixels = (-1.0, 1.0)  # of the images: the generator's last layer, without an activation, does not tell


@dataclass(frozen=True)
class Plan:
    """How many epochs each stage takes: first `steady` ones at 4 × 4, then `fade` and `steady` ones for each size.

    last: steady epochs of the last stage, if they are to be more.   Raises ValueError for lengths below 1.
    """

    stages: int
    fade: int = 1
    steady: int = 1
    last: int | None = None

    def __post_init__(self):
        if min(self.stages, self.fade, self.steady, self.steady if self.last is None else self.last) < 1:
            raise ValueError(f"Stages and epochs must be 1 or more: {self}.")

    @property
    def parts(self) -> list[tuple[int, bool, int]]:
        """(stage, whether it fades in, epochs), in their order."""
        steady = [self.steady] * self.stages
        steady[-1] = self.steady if self.last is None else self.last
        parts = [(0, False, steady[0])]
        for stage in range(1, self.stages):
            parts += [(stage, True, self.fade), (stage, False, steady[stage])]
        return parts

    @property
    def epochs(self) -> int:
        return sum(epochs for _, _, epochs in self.parts)

    def at(self, epoch: float) -> tuple[int, float]:
        """(stage, α) after so many epochs, whole or not; at the end, and after it, (last stage, 1)."""
        for stage, fades, epochs in self.parts:
            if epoch < epochs:
                return stage, epoch / epochs if fades else 1.0
            epoch -= epochs
        return self.stages - 1, 1.0


class Grow(keras.callbacks.Callback):
    """Leads a GrowingGAN through a plan during `fit`; a training that was interrupted goes on where it was."""

    def __init__(self, plan: Plan):
        super().__init__()
        self.plan, self.epoch = plan, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        stage, alpha = self.plan.at(epoch)
        if stage == self.model.stage + 1 and self.plan.at(epoch - 1)[0] < stage:
            self.model.grow()
        else:  # the usual case; or a process that has just taken over from one that was stopped
            self.model.set_stage(stage, alpha)

    def on_train_batch_begin(self, batch, logs=None):
        self.model.alpha.assign(self.plan.at(self.epoch + batch / self.params["steps"])[1])

    def on_train_end(self, logs=None):
        if self.epoch + 1 == self.params["epochs"]:
            self.model.alpha.assign(self.plan.at(self.epoch + 1)[1])


def stage_at(epoch: float, stages: int, fade: int, steady: int) -> tuple[int, float]:
    """(stage, α) after so many epochs: 4 × 4 for `steady` of them, then each size for `fade` and `steady` ones.

    After the end it is (stages − 1, 1). Raises ValueError for lengths below 1.
    """
    return Plan(stages, fade, steady).at(epoch)
