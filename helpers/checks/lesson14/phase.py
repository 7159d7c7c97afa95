"""The check of exercise 14.6: the critic's phase of a WGAN-GP, held against its gradient by hand."""

import numpy as np

from helpers.exercises.assertions import NotYet, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting
from helpers.exercises.stand_ins import its_own_step

RATE, OTHER_RATE, WEIGHT = 0.05, 0.4, 3.0  # of the critic's learning and the generator's; λ
LOUD, CLEAR = 1.5, 1.3  # what generator and critic multiply by in training mode, so that the mode shows


@exercise(
    "14.6",
    "The critic's phase",
    reference="helpers.gans.wasserstein.parts:PenalisedWGAN",
    minutes=25,
    difficulty=3,
    seconds=20.0,
    hints=(
        "The fakes and the points are made before the tape: the generator is not to learn here, and the points are "
        "only places to look at. Two things are computed inside: the critic's loss of the scores, and the penalty.",
        "The loss is self.critic_loss(…) plus self.penalty_weight times the penalty. The estimate of the distance is "
        "minus what self.critic_loss gives.",
        "minus_estimate = self.critic_loss(self.judge(real), self.judge(fake)); penalty = "
        "self.gradient_penalty(self.judge, points); loss = minus_estimate + self.penalty_weight * penalty; "
        "self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)",
    ),
)
def check_phase(answer, seed):
    require(
        isinstance(answer, type),
        got=f"{type(answer).__name__}, which is no class",
        expected="the class PenalisedWGAN",
        look="hand check the class itself, without brackets",
    )
    case = _Case(answer, np.random.default_rng(seed))
    case.judge_step()
    case.judge_fit()


class _Case:
    """A tiny game on which everything is known: the critic is D(x) = w · x + v · x², its gradient w + 2 v x."""

    def __init__(self, answer, rng):
        import keras
        import tensorflow as tf

        self.keras, self.tf, self.answer, self.rng = keras, tf, answer, rng
        self.watching = False  # whether the critic's phase runs, and nothing but it
        self.real = rng.uniform(-0.9, 0.9, (6, 4)).astype("float32")
        self.codings = rng.normal(size=(6, 2)).astype("float32")
        self.shares = rng.uniform(0.1, 0.9, 6).astype("float32")
        self.map = rng.normal(0, 0.5, (2, 4)).astype("float32")
        self.w, self.v = (rng.normal(0, 1, 4).astype("float32") for _ in range(2))

    def model(self, fixed=True):
        keras, case, tf = self.keras, self, self.tf

        class Loud(keras.layers.Layer):
            def __init__(self, factor, **kwargs):
                super().__init__(**kwargs)
                self.factor = factor

            def call(self, x, training=False):
                return x * self.factor if training else x

        class Square(keras.layers.Layer):
            def build(self, shape):
                self.w = self.add_weight(shape=(4,), initializer="zeros", name="w")
                self.v = self.add_weight(shape=(4,), initializer="zeros", name="v")

            def call(self, x):
                return keras.ops.sum(x * self.w + x * x * self.v, axis=1, keepdims=True)

        class Known(self.answer):  # the student's phase, with codings and ε that are known
            def draw_codings(self, count):
                case.asked["codings"] += 1
                if case.watching and int(count) != len(case.real):
                    raise NotYet(
                        got=f"{int(count)} codings drawn for {len(case.real)} real images",
                        expected=f"{len(case.real)}",
                        look="self.draw_codings(ops.shape(real)[0])",
                    )
                return super().draw_codings(count) if not fixed else tf.constant(case.codings[: int(count)])

            def improve(self, network, optimizer, tape, loss):
                if case.watching:
                    its_own_step(self, network, optimizer, "critic")
                return super().improve(network, optimizer, tape, loss)

            def draw_shares(self, count):
                case.asked["shares"] += 1
                return super().draw_shares(count) if not fixed else tf.constant(case.shares[: int(count)])

        generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, use_bias=False), Loud(LOUD)])
        critic = keras.Sequential([keras.Input((4,)), Square(), Loud(CLEAR)])
        generator.set_weights([self.map])
        critic.set_weights([self.w, self.v])
        model = Known(generator, critic, 2, penalty_weight=WEIGHT, critic_steps=2, seed=0)
        if fixed:
            model.interpolate = self.points
        model.compile(keras.optimizers.SGD(OTHER_RATE), keras.optimizers.SGD(RATE))
        return model

    def points(self, real, fake):
        """In place of the student's points between: those of the known ε."""
        self.asked["shares"] += 1
        return fake + self.shares[:, None] * (real - fake)

    # -- one step, beside what it should be ------------------------------------------------------------------------

    def judge_step(self):
        self.asked = {"codings": 0, "shares": 0}
        model = self.model()
        self.watching = True
        try:
            model.discriminator_phase(self.tf.constant(self.real))
        except (ValueError, AttributeError) as error:
            if "None" not in str(error) and "No gradients" not in str(error):
                raise
            raise NotYet(
                got="a loss whose gradient by the critic's weights is not there",
                expected="scores and penalty computed inside the tape, and improve called with that tape",
                look="self.judge(…) belongs inside `with tf.GradientTape() as tape:`",
            ) from None
        require(
            np.array_equal(model.generator.get_weights()[0], self.map),
            got="a generator that has learned in the critic's phase",
            expected="the critic's weights move, and nothing else",
            look="self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)",
        )
        moved = np.concatenate(
            [now - old for now, old in zip(model.discriminator.get_weights(), (self.w, self.v), strict=True)]
        )
        self.judge_draws(moved)
        require(
            np.abs(moved).max() > 0,
            got="a critic whose weights did not move",
            expected="one step of its optimizer",
            look="self.improve(self.discriminator, self.discriminator_optimizer, tape, loss), after the tape",
        )
        # real + ε (fake − real) is as good as fake + ε (real − fake): ε and 1 − ε have one distribution
        other = self.steps(exchanged=True)[0]
        self.exchanged = np.allclose(moved, other, rtol=1e-3, atol=1e-5)
        right, named = self.steps(self.exchanged)
        look = "one step of the critic's optimizer, for λ · penalty − (mean score of real − mean score of fakes)"
        close(moved, right, "the step of the critic's weights", look, rtol=1e-3, atol=1e-5, mistakes=named)
        self.judge_logs(model)

    def judge_draws(self, moved):
        times = self.asked["codings"]  # points may be drawn again: self.penalty draws its own
        require(
            times < 2,
            got=f"{times} draws in one phase",
            expected="one",
            look="the same fakes serve for the scores and for the points between; and no loop here: train_step calls "
            "this phase critic_steps times already, each time with other images",
        )
        require(
            self.asked["codings"] == 1,
            got="fakes of codings that do not come from self.draw_codings",
            expected="self.draw_codings(ops.shape(real)[0])",
            look="the engine draws them from its own generator",
        )
        if not self.asked["shares"]:
            right, named = self.steps(exchanged=False)
            raise NotYet(
                got="points that do not come from self.interpolate",
                expected="points = self.interpolate(real, fake), your function of exercise 14.4",
                look=first_fitting(moved, right, lambda: named, rtol=1e-3, atol=1e-5)
                or "other points are not between the two, or not evenly spread there",
            )

    def parts(self, loud=LOUD, exchanged=False, at=None, clear=CLEAR):
        """Gradients by (w, v) of the mean scores' difference fake − real, and of the penalty at the points."""
        real, fake = self.real.astype(float), (self.codings @ self.map * loud).astype(float)
        shares = 1 - self.shares if exchanged else self.shares
        points = (
            fake + shares[:, None].astype(float) * (real - fake)
            if at is None
            else {"real": real, "fake": fake, "middle": (real + fake) / 2}[at]
        )
        linear = clear * np.concatenate([fake.mean(0) - real.mean(0), (fake**2).mean(0) - (real**2).mean(0)])
        g = clear * (self.w + 2 * self.v * points)
        n = np.linalg.norm(g, axis=1, keepdims=True)
        slope = 2 * (n - 1) * g / n * clear
        return linear, np.concatenate([slope.mean(0), (slope * 2 * points).mean(0)]), n[:, 0]

    def steps(self, exchanged):
        linear, pay, _ = self.parts(exchanged=exchanged)
        quiet, quiet_pay, _ = self.parts(loud=1.0, exchanged=exchanged)
        right = -RATE * (linear + WEIGHT * pay)
        dull, dull_pay, _ = self.parts(exchanged=exchanged, clear=1.0)
        others = {at: self.parts(at=at)[1] for at in ("real", "fake", "middle")}
        named = {
            "the estimate has the wrong sign in the loss: the critic raises the scores of real images and lowers "
            "those of "
            "fakes": -RATE * (-linear + WEIGHT * pay),
            "the penalty has the wrong sign in the loss: it is added": -RATE * (linear - WEIGHT * pay),
            "the step goes uphill: the loss is to become small": -right,
            "the penalty is missing in the loss, or has no way back to the weights: compute it inside the tape": (
                -RATE * linear
            ),
            "the penalty was not multiplied by self.penalty_weight": -RATE * (linear + pay),
            "λ is 10 here, whatever self.penalty_weight says": -RATE * (linear + 10 * pay),
            "only the penalty is in the loss; the estimate is missing": -RATE * WEIGHT * pay,
            "the estimate was multiplied by λ as well": -RATE * WEIGHT * (linear + pay),
            "the fakes were made in inference mode: pass training=True": -RATE * (quiet + WEIGHT * quiet_pay),
            "the critic was asked in inference mode: use self.judge(images)": -RATE * (dull + WEIGHT * dull_pay),
            "the scores are of a critic in inference mode: use self.judge(images)": -RATE * (dull + WEIGHT * pay),
            "the scores were added up over the batch; take their means": -RATE * (6 * linear + WEIGHT * pay),
            "the penalty was added up over the batch; take its mean": -RATE * (linear + 6 * WEIGHT * pay),
            "the estimate was halved: the difference of two means, not one mean over both batches": (
                -RATE * (linear / 2 + WEIGHT * pay)
            ),
            "half of the penalty: leave the ½ out": -RATE * (linear + WEIGHT * pay / 2),
            "the points are the middle between real and fake": -RATE * (linear + WEIGHT * others["middle"]),
            "the real images do not count in the estimate": -RATE * (self.one_side("fake") + WEIGHT * pay),
            "the fakes do not count in the estimate": -RATE * (self.one_side("real") + WEIGHT * pay),
            "the penalty was taken at the real images, not between real and fake": (
                -RATE * (linear + WEIGHT * others["real"])
            ),
            "the penalty was taken at the fakes, not between real and fake": -RATE * (linear + WEIGHT * others["fake"]),
            "the step was taken with the generator's optimizer": right * OTHER_RATE / RATE,
            "this is the sum over the batch; means make the loss": 6 * right,
            "the step was taken twice: improve once, without a loop, for train_step calls this phase critic_steps "
            "times": 2 * right,
            "the penalty is that of a critic in inference mode: self.gradient_penalty(self.judge, points)": -RATE
            * (linear + WEIGHT * dull_pay),
            "the penalty draws the slope to 0; it is (length − 1)²": self._without_one(linear, exchanged),
        }  # fmt: skip
        return right, named

    def one_side(self, which):
        """The gradient of one side's part of the scores: plus that of the fakes, or minus that of the real images."""
        fake = (self.codings @ self.map * LOUD).astype(float)
        x, sign = (fake, 1) if which == "fake" else (self.real.astype(float), -1)
        return sign * CLEAR * np.concatenate([x.mean(0), (x**2).mean(0)])

    def _without_one(self, linear, exchanged):
        real, fake = self.real.astype(float), (self.codings @ self.map * LOUD).astype(float)
        shares = 1 - self.shares if exchanged else self.shares
        points = fake + shares[:, None] * (real - fake)
        slope = 2 * CLEAR**2 * (self.w + 2 * self.v * points)
        return -RATE * (linear + WEIGHT * np.concatenate([slope.mean(0), (slope * 2 * points).mean(0)]))

    def judge_logs(self, model):
        logs = {mean.name: float(mean.result()) for mean in model.metrics}
        counts = {mean.name: float(mean.count) for mean in model.metrics}
        real, fake = self.real.astype(float), (self.codings @ self.map * LOUD).astype(float)

        def score(x):
            return CLEAR * (x @ self.w + (x * x) @ self.v).mean()

        estimate, penalty = score(real) - score(fake), np.square(self.parts(exchanged=self.exchanged)[2] - 1).mean()
        expected = {"d_loss": WEIGHT * penalty - estimate, "estimate": estimate, "penalty": penalty}
        named = {
            "estimate": {
                "this is minus the estimate: real less fake": -estimate,
                "this is the loss": expected["d_loss"],
                "this is minus the loss, penalty and all: the estimate is minus what self.critic_loss gives": (
                    -expected["d_loss"]
                ),
            },
            "penalty": {"this is λ times the penalty; note it without λ": WEIGHT * penalty},
            "d_loss": {"this is the loss without the penalty": -estimate, "this is the estimate": estimate},
        }
        for name, value in expected.items():
            require(
                counts[name] > 0,
                got=f"no {name} noted",
                expected="d_loss, estimate and penalty among the logs of fit",
                look=f"self.note({name}=…)",
            )
            close(
                logs[name],
                value,
                f"{name} in the logs",
                f"what {name} stands for",
                rtol=1e-3,
                atol=1e-4,
                mistakes=named[name],
            )

    def judge_fit(self):
        self.watching, model = False, self.model(fixed=False)
        images = self.rng.uniform(-0.9, 0.9, (11, 4)).astype("float32")
        try:
            model.fit(images, batch_size=4, epochs=1, verbose=0)
        except Exception as error:
            text = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:120]}"
            raise NotYet(
                got=f"a phase that works by itself but not inside fit ({text})",
                expected="a phase that fit can compile",
                look="inside fit nothing has a value yet: ops.shape(real)[0], not len(real) or real.shape[0], and no "
                ".numpy()",
            ) from None
        require(
            all(np.isfinite(w).all() for w in model.get_weights()),
            got="weights that are not finite after a few steps of fit",
            expected="finite ones",
            look="a root of 0, or a division by 0?",
        )
