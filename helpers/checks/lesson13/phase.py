"""The check of exercise 13.8: the discriminator's phase of a conditional GAN."""

import numpy as np

from helpers.exercises.assertions import NotYet, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting
from helpers.exercises.stand_ins import its_own_step


@exercise(
    "13.8",
    "The detective's phase",
    reference="helpers.gans.gan:GAN",
    minutes=25,
    difficulty=3,
    seconds=60.0,
    hints=(
        "The forger makes fakes of the classes that the real images have. The detective gets each image together with "
        "its label, real or fake. Only the detective learns.",
        "Fakes in training mode: self.generate(codings, labels, training=True). Both judgements and the loss belong "
        "inside the tape; then self.improve(self.discriminator, self.discriminator_optimizer, tape, loss).",
        "fake = self.generate(self.draw_codings(ops.shape(real)[0]), labels, training=True); with tf.GradientTape() as "
        "tape: real_logits = self.judge(real, labels); fake_logits = self.judge(fake, labels); loss = "
        "self.discriminator_loss(real_logits, fake_logits)",
    ),
)
def check_phase(answer, seed):
    from helpers.gans.gan import GAN

    require(
        isinstance(answer, type) and issubclass(answer, GAN),
        got=f"{answer.__name__ if isinstance(answer, type) else type(answer).__name__}",
        expected="the class ConditionalGAN, a kind of GAN",
        look="class ConditionalGAN(GAN)",
    )
    case = _Case(answer, np.random.default_rng(seed))
    case.judge_phase()
    case.judge_fit()


LOUD, SMOOTHING = 1.5, 0.2  # what the discriminator multiplies by in training; how far real targets are below 1


class _Case:
    """A tiny conditional GAN of which everything is known: dense layers, a normalization, codings fixed beforehand."""

    RATE = 0.1

    def __init__(self, answer, rng):
        import keras
        import tensorflow as tf

        self.keras, self.tf, self.answer, self.rng = keras, tf, answer, rng
        self.images = rng.normal(size=(6, 4)).astype("float32")
        self.labels = np.array([0, 0, 1, 2, 1, 2], "int32")
        self.codings = rng.normal(size=(6, 3)).astype("float32")
        self.older = rng.normal(size=(3, 4)).astype("float32"), np.array([2, 0, 1], "int32")

    def gan(self, kind=None):
        """A GAN of this class, with codings that are fixed and calls that are written down."""
        keras, rng, case = self.keras, self.rng, self
        z, x, label = keras.Input((3,)), keras.Input((4,)), keras.Input((), dtype="int32")
        flags = keras.ops.one_hot(label, 3)
        h = keras.layers.Dense(4)(keras.layers.Concatenate()([z, flags]))
        generator = keras.Model([z, label], keras.layers.BatchNormalization(momentum=0.9)(h))

        class Loud(keras.layers.Layer):  # so that the mode shows
            def call(self, x, training=False):
                return x * LOUD if training else x

        h = keras.layers.Dense(5, activation="tanh")(keras.layers.Concatenate()([x, flags]))
        discriminator = keras.Model([x, label], Loud()(keras.layers.Dense(1)(h)))
        told_apart = False
        while not told_apart:  # so many real images and fakes on either side that no two shares are equal
            for network in (generator, discriminator):
                network.set_weights([rng.normal(0, 0.7, w.shape) if w.ndim > 1 else w for w in network.get_weights()])
            # A logit of real images between 0 and ½, so that a border at ½ (as for probabilities) shows.
            logits = np.sort(np.asarray(discriminator([self.images, self.labels], training=True)), axis=None)
            bias = discriminator.layers[-2].bias
            bias.assign(bias + (0.25 - logits[2]) / LOUD)
            fake, of_fake = self.mixed(generator([self.codings, self.labels], training=True), self.labels)
            real_low, fake_low = (
                int(np.sum(np.asarray(discriminator(pair, training=True)) < 0))
                for pair in ([self.images, self.labels], [fake, of_fake])
            )
            told_apart = len({real_low, 6 - real_low, fake_low, 6 - fake_low}) == 4
        generator.layers[-1].set_weights([np.full(4, v) for v in (1.3, 0.2, 0.6, 2.5)])

        class Watched(kind or self.answer):
            def draw_codings(self, count):
                case.asked += 1
                if case.watching and int(count) != len(case.images):
                    raise NotYet(
                        got=f"{int(count)} codings drawn for {len(case.images)} real images",
                        expected=f"{len(case.images)}",
                        look="self.draw_codings(ops.shape(real)[0])",
                    )
                return keras.ops.convert_to_tensor(case.codings)[:count]

            def remember(self, fake, labels):
                case.remembered += 1
                return case.mixed(fake, labels) if self.replay is None else super().remember(fake, labels)

            def generate(self, codings, labels=None, training=False):
                case.made_of.append(labels)
                return super().generate(codings, labels, training=training)

            def judge(self, images, labels=None):
                case.judged.append((images, labels))
                return super().judge(images, labels)

            def improve(self, network, optimizer, tape, loss):
                if case.watching:
                    its_own_step(self, network, optimizer, "discriminator")
                return super().improve(network, optimizer, tape, loss)

        self.asked = self.remembered = 0
        self.made_of, self.judged, self.watching = [], [], False
        gan = Watched(generator, discriminator, 3, conditional=True, smoothing=SMOOTHING)
        gan.compile(keras.optimizers.SGD(self.RATE), keras.optimizers.SGD(self.RATE))
        return gan

    def mixed(self, fake, labels):
        """What `remember` gives back here: the first three of the fakes are older ones, with labels of their own."""
        fake = self.tf.concat([self.older[0], fake[3:]], axis=0)
        return fake, self.tf.concat([self.older[1], self.tf.cast(labels, "int32")[3:]], axis=0)

    def forward(
        self,
        gan,
        *,
        training=True,
        judged=True,
        smoothing=SMOOTHING,
        fake_labels=None,
        real_labels=None,
        gen_labels=None,
        remembered=True,
    ):
        """(loss, real logits, fake logits) of the discriminator, computed by hand from the networks."""
        tf, softplus = self.tf, self.tf.math.softplus
        made, of_real = (tf.constant(self.labels if given is None else given) for given in (gen_labels, real_labels))
        fake, of_fake = gan.generator([tf.constant(self.codings), made], training=training), made
        if remembered:
            fake, of_fake = self.mixed(fake, made)
        of_fake = of_fake if fake_labels is None else tf.constant(fake_labels)
        real_logits = gan.discriminator([tf.constant(self.images), of_real], training=judged)
        fake_logits = gan.discriminator([fake, of_fake], training=judged)
        loss = tf.reduce_mean(softplus(-real_logits) + smoothing * real_logits) + tf.reduce_mean(softplus(fake_logits))
        return loss, real_logits, fake_logits

    def step(self, gan, loss_of):
        """The change of each discriminator weight that a step on this loss would make."""
        with self.tf.GradientTape() as tape:
            loss = loss_of()
        gradients = tape.gradient(loss, gan.discriminator.trainable_variables)
        return [np.zeros(v.shape) if g is None else -self.RATE * np.asarray(g)
                for g, v in zip(gradients, gan.discriminator.trainable_variables, strict=True)]  # fmt: skip

    def judge_phase(self):
        tf = self.tf
        gan = self.gan()
        saved = [network.get_weights() for network in (gan.generator, gan.discriminator)]

        def back():
            gan.generator.set_weights(saved[0])
            gan.discriminator.set_weights(saved[1])

        losses = {
            "right": lambda: self.forward(gan)[0],
            "the fakes were made in inference mode, with the moving statistics: in a training step give "
            "training=True, so that the discriminator meets the fakes that the generator is trained on": lambda: (
                self.forward(gan, training=False)[0]
            ),
            "the discriminator was asked in inference mode: use self.judge(images, labels)": lambda: self.forward(
                gan, judged=False
            )[0],
            "both networks were used in inference mode: training=True, and self.judge": lambda: self.forward(
                gan, training=False, judged=False
            )[0],
            "this is the plain cross-entropy: self.discriminator_loss(real_logits, fake_logits) also knows the "
            "smoothing and the game": lambda: self.forward(gan, smoothing=0.0)[0],
            "half the plain cross-entropy: use self.discriminator_loss(real_logits, fake_logits)": lambda: (
                self.forward(gan, smoothing=0.0)[0] / 2
            ),
            "this is half of the loss; use it as self.discriminator_loss gives it": lambda: self.forward(gan)[0] / 2,
            "real and fake are swapped, and this is the plain cross-entropy: use self.discriminator_loss": lambda: (
                self._swapped(gan, 0.0)
            ),
            "this is a sum over the batch; self.discriminator_loss is a mean already": lambda: 6 * self.forward(gan)[0],
            "real and fake are swapped: softplus(−logit) belongs to the real ones": lambda: self._swapped(gan),
            "the real images do not count in this loss": lambda: tf.reduce_mean(tf.math.softplus(self.forward(gan)[2])),
            "the fakes do not count in this loss": lambda: self._real_only(gan),
            "this is the generator's loss": lambda: tf.reduce_mean(tf.math.softplus(-self.forward(gan)[2])),
            "the gradient goes uphill: the loss is to be made smaller": lambda: -self.forward(gan)[0],
            "the fakes are judged with other labels than they were made for: remember gives back fakes and their "
            "labels": lambda: self.forward(gan, fake_labels=self.labels)[0],
            "the fresh fakes are judged, not those that remember gives back: fake, fake_labels = self.remember(fake, "
            "labels)": lambda: self.forward(gan, remembered=False)[0],
            "all fakes are made or judged as class 0: hand the labels on": lambda: self.forward(
                gan, gen_labels=0 * self.labels, fake_labels=0 * self.labels
            )[0],
        }
        right = self.step(gan, losses.pop("right"))
        back()
        loss, real_logits, fake_logits = (np.asarray(part) for part in self.forward(gan))
        back()
        self.asked, self.remembered, self.made_of, self.judged, self.watching = 0, 0, [], [], True
        try:
            result = gan.discriminator_phase(tf.constant(self.images), tf.constant(self.labels))
        except ValueError as error:
            if "No gradients" not in str(error):
                raise
            raise NotYet(
                got="a loss without a gradient by the discriminator's weights",
                expected="both judgements and the loss inside the tape",
                look="self.judge(…) and self.discriminator_loss(…) belong inside `with tf.GradientTape() as tape:`",
            ) from None
        self.watching = False
        require(
            result is None,
            got=f"{type(result).__name__} from discriminator_phase",
            expected="nothing: it moves weights and notes figures",
            look="no return in this method",
        )
        require(
            self.remembered <= 1,
            got=f"{self.remembered} calls of remember",
            expected="one: each call puts the fakes into the buffer and mixes older ones in",
            look="fake, fake_labels = self.remember(fake, labels), once",
        )
        self.judge_labels()
        require(
            self.remembered == 1,
            got="fakes that were never handed to the replay buffer",
            expected="fake, fake_labels = self.remember(fake, labels)",
            look="without a buffer remember gives both back as they are; with one, half of them are older fakes",
        )
        pairs = zip(gan.generator.trainable_variables, self._trainable(gan, saved[0]), strict=True)
        moved = [new - old for new, old in pairs]
        require(
            all(np.abs(np.asarray(m)).max() < 1e-7 for m in moved),
            got="a generator that moved",
            expected="only the discriminator learns in its phase",
            look="self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)",
        )
        changes = [np.asarray(new) - old for new, old in zip(gan.discriminator.weights, saved[1], strict=True)]

        def same(wanted):
            return all(np.allclose(a, b, rtol=1e-3, atol=1e-6) for a, b in zip(changes, wanted, strict=True))

        require(
            any(np.abs(c).max() > 0 for c in changes),
            got="a discriminator that did not move",
            expected="one step of its optimizer",
            look="self.improve at the end; and both judgements inside the tape, which records only what is "
            "computed there",
        )

        def steps():
            for meaning, loss_of in losses.items():
                back()
                yield meaning, self.step(gan, loss_of)

        meaning = first_fitting(changes, right, steps, rtol=1e-3, atol=1e-6)
        if meaning:
            wanted = "minus the rate times the gradient of the discriminator's loss"
            raise NotYet(got="a step in another direction", expected=wanted, look=meaning)
        require(
            not same([2 * c for c in right]), got="a step of twice the size", expected="one step", look="improve once"
        )
        require(
            same(right),
            got="a step in another direction (or of another size)",
            expected="minus the rate times the gradient of the discriminator's loss",
            look="fakes of the real images' labels, both judged with these labels, the loss of both",
        )
        require(
            self.asked == 1,
            got=f"{self.asked} draws of codings",
            expected="one, of as many codings as there are real images",
            look="self.draw_codings(ops.shape(real)[0])",
        )
        logs = {mean.name: float(mean.result()) for mean in gan.metrics}
        wanted = {"d_loss": loss, "real_accuracy": (real_logits > 0).mean(), "fake_accuracy": (fake_logits < 0).mean()}
        named = {
            "real_accuracy": {
                "a logit of 0 is the border, not ½: logits are no probabilities": (real_logits > 0.5).mean(),
                "the mean logit was compared with 0; compare each one, and let note take the mean": float(
                    real_logits.mean() > 0
                ),
                "real images are recognised where their logit is above 0": (real_logits < 0).mean(),
                "these are the fakes": (fake_logits < 0).mean(),
            },
            "fake_accuracy": {
                "fakes are recognised where their logit is below 0": (fake_logits > 0).mean(),
                "these are the real images": (real_logits > 0).mean(),
            },
        }
        for mean in gan.metrics:
            require(
                mean.name not in wanted or float(mean.count) > 0, got=f"no {mean.name} noted",
                expected=", ".join(wanted), look=f"self.note({mean.name}=…)",
            )  # fmt: skip
        for name, value in wanted.items():
            close(
                logs[name],
                float(value),
                f"{name} in the logs",
                rtol=1e-3,
                atol=1e-4,
                look="self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)",
                mistakes=named.get(name),
            )

    def judge_labels(self):
        """Of what was handed to `generate` and `judge`: the labels, as far as they belong to known images."""

        def own(labels):
            return labels is None or np.array_equal(np.asarray(labels), self.labels)

        require(
            all(own(labels) for labels in self.made_of),
            got="fakes of other labels than those of the real images",
            expected="fakes of the same labels",
            look="self.generate(codings, labels, training=True), with the labels that were handed over",
        )
        require(
            all(own(labels) for images, labels in self.judged if np.array_equal(np.asarray(images), self.images)),
            got="real images that are judged with labels that are not theirs",
            expected="each real image with its own label",
            look="self.judge(real, labels)",
        )

    def _trainable(self, gan, weights):
        """Of saved weights of the generator those that are trainable, in the order of trainable_variables."""
        trainable = {id(v) for v in gan.generator.trainable_variables}
        return [w for v, w in zip(gan.generator.weights, weights, strict=True) if id(v) in trainable]

    def _real_only(self, gan):
        real_logits = self.forward(gan)[1]
        return self.tf.reduce_mean(self.tf.math.softplus(-real_logits) + SMOOTHING * real_logits)

    def _swapped(self, gan, smoothing=SMOOTHING):
        _, real_logits, fake_logits = self.forward(gan)
        softplus, mean = self.tf.math.softplus, self.tf.reduce_mean
        return mean(softplus(real_logits)) + mean(softplus(-fake_logits) + smoothing * fake_logits)

    def judge_fit(self):
        from helpers.gans.stability.replay import Replay

        gan = self.gan()
        gan.replay = Replay(8, (4,), labels=True, seed=1)
        before = [w.copy() for w in gan.discriminator.get_weights()]
        try:
            history = gan.fit(self.images, self.labels, batch_size=4, epochs=2, verbose=0).history  # 4, then 2
        except (TypeError, ValueError, AttributeError) as error:
            raise NotYet(
                got=f"an error inside fit, with a replay buffer: {' '.join(str(error).split())[:160]}",
                expected="a phase that works there, too",
                look="keras.ops instead of NumPy; and the labels that remember gives back belong to its fakes",
            ) from None
        require(
            np.isfinite(history["d_loss"]).all()
            and any(np.any(a != b) for a, b in zip(before, gan.discriminator.get_weights(), strict=True)),
            got="a training with a replay buffer in which nothing was learnt",
            expected="a discriminator that moves",
            look="judge the fakes and the labels that remember gave back",
        )
