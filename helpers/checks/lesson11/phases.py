"""The check of exercise 11.5: the two phases of a GAN's step, who learns in each, and from what."""

import numpy as np

from helpers.exercises.assertions import NotYet, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.several import alike, first_fitting

GENERATOR, DISCRIMINATOR = "generator", "discriminator"


@exercise(
    "11.5",
    "The two phases",
    reference="helpers.gans.gan:GAN",
    minutes=25,
    difficulty=3,
    seconds=60.0,
    hints=(
        "Each phase has the same four parts: fakes, a loss inside a tape, gradients for one network's variables, a "
        "step of "
        "that network's optimizer. What lies inside the tape differs: in phase 2 the fakes must be made inside it.",
        "gradients = tape.gradient(loss, self.discriminator.trainable_variables) and "
        "self.discriminator_optimizer.apply(gradients, self.discriminator.trainable_variables); in phase 2 the same "
        "with "
        "generator. Every fake is made with training=True.",
        "Phase 1: fake = self.generate(self.draw_codings(ops.shape(real)[0]), training=True); in the tape: "
        "real_logits, "
        "fake_logits = self.judge(real), self.judge(fake); loss = self.game.discriminator(real_logits, fake_logits). "
        "Phase 2, in the tape: loss = self.game.generator(self.judge(self.generate(codings, training=True))).",
    ),
)
def check_phases(answer, seed):
    require(
        isinstance(answer, type),
        got=f"{type(answer).__name__}, which is no class",
        expected="the class GAN",
        look="hand check the class itself, without brackets",
    )
    case = _Case(answer, np.random.default_rng(seed))
    case.judge_phase(DISCRIMINATOR)
    case.judge_phase(GENERATOR)
    case.judge_fit()


class _Case:
    """A tiny GAN on which everything is known: linear networks, codings fixed beforehand, plain gradient steps."""

    RATE = {DISCRIMINATOR: 0.05, GENERATOR: 0.08}
    LOUD = 1.5  # what a network's output is multiplied by in training mode, so that the mode shows

    def __init__(self, answer, rng):
        import keras
        import tensorflow as tf

        self.keras, self.tf, self.answer, self.rng = keras, tf, answer, rng
        self.real = rng.uniform(-0.9, 0.9, (7, 4)).astype("float32")  # an odd number: no share of them is ½
        self.codings = rng.normal(size=(12, 2)).astype("float32")

    def game(self):
        """A game that is none of the usual ones, so that a loss of one's own shows."""
        from helpers.gans.losses import Losses

        ops = self.keras.ops
        return Losses(
            lambda r, f: ops.mean(ops.softplus(0.4 - r)) + 1.6 * ops.mean(ops.softplus(f)),
            lambda f: ops.mean(ops.softplus(0.7 - 1.3 * f)),
        )

    def model(self, fixed=True, **options):
        keras, rng, case = self.keras, self.rng, self

        class Loud(keras.layers.Layer):
            def call(self, x, training=False):
                return x * case.LOUD if training else x

        networks = [
            keras.Sequential([keras.Input((2,)), keras.layers.Dense(4), Loud()]),
            keras.Sequential([keras.Input((4,)), keras.layers.Dense(1), Loud()]),
        ]
        told_apart = False
        while not told_apart:  # so many real images and fakes on either side that no two shares are equal
            for network in networks:
                network.set_weights([rng.normal(0, 0.5, w.shape).astype("float32") for w in network.get_weights()])
            r, f = self.loss({GENERATOR: _weights(networks[0]), DISCRIMINATOR: _weights(networks[1])})
            told_apart = len({*map(np.mean, (r > 0, r < 0, f > 0, f < 0)), 0.0, 1.0}) == 6
        asked = self.asked = []

        class Known(self.answer):  # the student's phases, with codings that are known
            def draw_codings(self, count):
                if not fixed:
                    return super().draw_codings(count)
                asked.append(int(count))
                return case.tf.constant(case.codings[: int(count)])

        model = Known(*networks, codings=2, game=self.game(), seed=0, **options)
        model.compile(*(keras.optimizers.SGD(self.RATE[name]) for name in (GENERATOR, DISCRIMINATOR)))
        return model

    # -- one phase, beside what it should do ---------------------------------------------------------------------

    def judge_phase(self, who):
        """Run one phase and compare every weight with what the right one, and each classical mistake, makes of it."""
        tf, other = self.tf, {DISCRIMINATOR: GENERATOR, GENERATOR: DISCRIMINATOR}[who]
        model = self.model(averaging=0.9)
        before = {name: _weights(getattr(model, name)) for name in (GENERATOR, DISCRIMINATOR)}
        phase = f"{who}_phase"
        try:
            getattr(model, phase)(tf.constant(self.real))
        except (ValueError, AttributeError, TypeError) as error:
            require(
                "Unknown variable" not in str(error),
                got=f"a {phase} that hands the {who}'s optimizer variables which are not its own",
                expected=f"{who}.trainable_variables for {who}_optimizer",
                look=f"in this phase only the {who} learns",
            )
            self.judge_frozen(model, who)
            if "gradient" not in str(error).lower() and "NoneType" not in str(error):
                raise
            raise NotYet(
                got=f"a {phase} whose loss has no gradient for the {who}",
                expected=f"gradients for the {who}'s weights",
                look="the tape records only what is computed inside the `with`: "
                + (
                    "the fakes must be made there as well, by self.generate(codings, training=True)"
                    if who == GENERATOR
                    else "judge and the loss belong there"
                ),
            ) from None
        self.judge_frozen(model, who)
        require(
            self.asked and sum(self.asked) == len(self.real),
            got=f"{sum(self.asked)} codings drawn for {len(self.real)} real images",
            expected=f"{len(self.real)}, once",
            look="self.draw_codings(ops.shape(real)[0])",
        )
        moved = {
            name: [new - old for new, old in zip(_weights(getattr(model, name)), old_ones, strict=True)]
            for name, old_ones in before.items()
        }
        wrong_one = _still(moved[who]) and not _still(moved[other])
        require(
            not wrong_one,
            got=f"a {phase} in which the {other} learns",
            expected=f"only the {who} learns",
            look=f"gradients of {who}.trainable_variables, and {who}_optimizer",
        )
        require(
            _still(moved[other]),
            got=f"a {phase} in which the {other} moves as well",
            expected=f"only the {who} learns",
            look=f"hand the optimizer {who}.trainable_variables and nothing else",
        )
        require(
            not _still(moved[who]),
            got=f"a {phase} after which nothing has changed",
            expected=f"one step of {who}_optimizer",
            look=f"self.{who}_optimizer.apply(gradients, variables)",
        )
        right, named = (self.discriminator_steps if who == DISCRIMINATOR else self.generator_steps)(before)
        self.compare(moved[who], right, named, who)
        self.judge_logs(model, before, who)

    def judge_frozen(self, model, who):
        require(
            all(network.trainable_variables for network in (model.generator, model.discriminator)),
            got=f"a {who}_phase that freezes a network",
            expected="nothing frozen",
            look="the list of variables that the optimizer is given decides who learns; leave `trainable` as it is",
        )

    def compare(self, moved, right, named, who):
        meaning = first_fitting(moved, right, named, rtol=2e-3, atol=1e-6)
        require(
            alike(moved, right, rtol=2e-3, atol=1e-6),
            got=f"another step of the {who}",
            expected=f"minus the rate times the gradient of the {who}'s loss",
            look=meaning or f"compare with what the task says of {who}_phase",
        )

    def loss(self, weights, fake_mode=True, judge_mode=True):
        """(real logits, fake logits) by hand, in TensorFlow, from lists of weights."""
        (wg, bg), (wd, bd) = weights[GENERATOR], weights[DISCRIMINATOR]
        louder, clearer = self.LOUD if fake_mode else 1.0, self.LOUD if judge_mode else 1.0
        fake = (self.codings[: len(self.real)] @ wg + bg) * louder
        return (self.real @ wd + bd) * clearer, (fake @ wd + bd) * clearer

    def steps(self, before, who, formula, **options):
        """The step that a loss `formula(real logits, fake logits)` gives."""
        tf = self.tf
        variables = {name: [tf.Variable(w) for w in ones] for name, ones in before.items()}
        with tf.GradientTape() as tape:
            loss = formula(*self.loss(variables, **options))
        rate = self.RATE[who]
        return [
            np.zeros(v.shape, "float32") if slope is None else -rate * slope.numpy()
            for slope, v in zip(tape.gradient(loss, variables[who]), variables[who], strict=True)
        ]

    def discriminator_steps(self, before):
        tf = self.tf
        mean, up = tf.reduce_mean, tf.nn.softplus

        def step(formula, **options):
            return self.steps(before, DISCRIMINATOR, formula, **options)

        def full(r, f):
            return mean(up(0.4 - r)) + 1.6 * mean(up(f))

        right = step(full)
        summed = [len(self.real) * s for s in right]
        own = "use self.game.discriminator(real_logits, fake_logits), which knows the game"
        real, fake = (
            f"the detective was shown {own_kind} only, or {other} were judged outside the tape"
            for own_kind, other in (("real images", "the fakes"), ("fakes", "the real images"))
        )
        return right, lambda: {
            "real and fake are swapped: the first argument of game.discriminator are the real logits": step(
                lambda r, f: full(f, r)
            ),
            "the fakes were made in inference mode: pass training=True, as in the other phase, or the detective learns "
            "about another generator": step(full, fake_mode=False),
            "the discriminator was asked in inference mode: use self.judge(images)": step(full, judge_mode=False),
            "both networks were used in inference mode: training=True, and self.judge": step(
                full, fake_mode=False, judge_mode=False
            ),
            fake: step(lambda r, f: 1.6 * mean(up(f))),
            real: step(lambda r, f: mean(up(0.4 - r))),
            "fakes were judged twice and real images never": step(lambda r, f: full(f, f)),
            "real images were judged twice and fakes never": step(lambda r, f: full(r, r)),
            "this is the generator's loss: here the detective learns": step(lambda r, f: mean(up(0.7 - 1.3 * f))),
            "the step goes uphill: the loss is to become small": [-s for s in right],
            "the step was taken with the generator's optimizer": [
                s * self.RATE[GENERATOR] / self.RATE[DISCRIMINATOR] for s in right
            ],
            "the step was taken twice": _twice(self, before, DISCRIMINATOR, full),
            "the step was taken twice, with the same gradient": [2 * s for s in right],
            "this is the sum over the batch; the loss of the game is a mean already": summed,
            "this is half of the loss; use it as the game gives it": [s / 2 for s in right],
            f"real and fake are swapped, in a cross-entropy of your own: {own}": step(
                lambda r, f: mean(up(-f)) + mean(up(r))
            ),
            f"a cross-entropy of your own: {own}": step(lambda r, f: mean(up(-r)) + mean(up(f))),
            f"half a cross-entropy of your own, or one of one batch with one mean: {own}": step(
                lambda r, f: (mean(up(-r)) + mean(up(f))) / 2
            ),
            f"a cross-entropy of your own, with 0.9 for real images: {own}": step(
                lambda r, f: mean(up(r) - 0.9 * r) + mean(up(f))
            ),
            f"a cross-entropy of your own, with a smoothed label on both sides: {own}": step(
                lambda r, f: mean(up(r) - 0.95 * r) + mean(up(f) - 0.05 * f)
            ),
            f"a cross-entropy of your own, with both sides smoothed: {own}": step(
                lambda r, f: mean(up(r) - 0.9 * r) + mean(up(f) - 0.1 * f)
            ),
            f"{fake}, with a loss of your own: {own}": step(lambda r, f: mean(up(f))),
            f"{real}, with a loss of your own: {own}": step(lambda r, f: mean(up(-r))),
            f"a least-squares loss of your own: {own}": step(lambda r, f: mean((r - 1) ** 2) + mean(f**2)),
            f"a least-squares loss of your own, with ½: {own}": step(
                lambda r, f: (mean((r - 1) ** 2) + mean(f**2)) / 2
            ),
            f"a Wasserstein loss of your own: {own}": step(lambda r, f: mean(f) - mean(r)),
            f"a hinge loss of your own: {own}": step(lambda r, f: mean(tf.nn.relu(1 - r)) + mean(tf.nn.relu(1 + f))),
            f"a cross-entropy without from_logits=True: {own}": step(
                lambda r, f: (
                    mean(-tf.math.log(tf.clip_by_value(r, 1e-7, 1 - 1e-7)))
                    + mean(-tf.math.log(1 - tf.clip_by_value(f, 1e-7, 1 - 1e-7)))
                )
            ),
        }

    def generator_steps(self, before):
        tf = self.tf
        mean, up = tf.reduce_mean, tf.nn.softplus

        def step(formula, **options):
            return self.steps(before, GENERATOR, formula, **options)

        def believed(r, f):
            return mean(up(0.7 - 1.3 * f))

        right = step(believed)
        summed = [len(self.real) * s for s in right]
        own = "use self.game.generator(fake_logits), which knows the game"
        return right, lambda: {
            "the fakes were labelled as fakes: this teaches the generator to be seen through. Call them real, and "
            f"{own}": step(lambda r, f: mean(up(f))),
            f"this is the saturating loss; {own}": step(lambda r, f: -mean(up(f))),
            "this is the detective's loss for the fakes: it teaches the generator to be seen through": step(
                lambda r, f: 1.6 * mean(up(f))
            ),
            "this is minus the detective's loss; use self.game.generator": step(lambda r, f: -1.6 * mean(up(f))),
            "the fakes were made in inference mode: pass training=True, as in the other phase": step(
                believed, fake_mode=False
            ),
            "the discriminator was asked in inference mode: use self.judge(images)": step(believed, judge_mode=False),
            "both networks were used in inference mode: training=True, and self.judge": step(
                believed, fake_mode=False, judge_mode=False
            ),
            "the step goes uphill: the loss is to become small": [-s for s in right],
            "the step was taken with the discriminator's optimizer": [
                s * self.RATE[DISCRIMINATOR] / self.RATE[GENERATOR] for s in right
            ],
            "the step was taken twice": _twice(self, before, GENERATOR, believed),
            "the step was taken twice, with the same gradient": [2 * s for s in right],
            "this is the sum over the batch; the loss of the game is a mean already": summed,
            "this is half of the loss; use it as the game gives it": [s / 2 for s in right],
            f"a loss of your own: {own}": step(lambda r, f: mean(up(-f))),
            f"a loss of your own, with the label 0.9: {own}": step(lambda r, f: mean(up(f) - 0.9 * f)),
            f"a loss of your own, with the label 0.95: {own}": step(lambda r, f: mean(up(f) - 0.95 * f)),
            f"a least-squares loss of your own: {own}": step(lambda r, f: mean((f - 1) ** 2)),
            f"a least-squares loss of your own, with ½: {own}": step(lambda r, f: mean((f - 1) ** 2) / 2),
            f"a Wasserstein loss of your own: {own}": step(lambda r, f: -mean(f)),
            f"a cross-entropy without from_logits=True: {own}": step(
                lambda r, f: mean(-tf.math.log(tf.clip_by_value(f, 1e-7, 1 - 1e-7)))
            ),
        }

    # -- what is noted, and that fit works -------------------------------------------------------------------------

    def judge_logs(self, model, before, who):
        logs = {mean.name: float(mean.result()) for mean in model.metrics}
        seen = {mean.name: float(mean.count) for mean in model.metrics}
        r, f = (part.numpy() if hasattr(part, "numpy") else part for part in self.loss(before))

        def up(x):
            return np.log1p(np.exp(x))

        if who == DISCRIMINATOR:
            noted = {
                "d_loss": np.mean(up(0.4 - r)) + 1.6 * np.mean(up(f)),
                "real_accuracy": np.mean(r > 0),
                "fake_accuracy": np.mean(f < 0),
            }
            named = {"real_accuracy": {"real images are recognised where their logit is above 0": np.mean(r < 0),
                                       "these are the fakes": np.mean(f < 0)},
                     "fake_accuracy": {"fakes are recognised where their logit is below 0": np.mean(f > 0),
                                       "these are the real images": np.mean(r > 0)}}  # fmt: skip
        else:
            noted, named = {"g_loss": np.mean(up(0.7 - 1.3 * f))}, {}
        for name, expected in noted.items():
            require(
                seen[name] > 0,
                got=f"no {name} noted in {who}_phase",
                expected=f"{name} among the logs of fit",
                look=f"self.note({name}=…)",
            )
            close(logs[name], expected, f"{name} in the logs", look=f"what {name} stands for", rtol=1e-3,
                  mistakes=named.get(name))  # fmt: skip
        if who == GENERATOR:
            require(
                float(model.updates) == 1,
                got=f"a running average that was brought up to date {int(float(model.updates))} times",
                expected="once in generator_phase",
                look="self.average() at its end",
            )

    def judge_fit(self):
        model = self.model(fixed=False)
        before = {name: _weights(getattr(model, name)) for name in (GENERATOR, DISCRIMINATOR)}
        images = self.rng.uniform(-0.9, 0.9, (11, 4)).astype("float32")
        try:
            model.fit(images, batch_size=4, epochs=2, verbose=0)
        except Exception as error:
            text = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:120]}"
            raise NotYet(
                got=f"phases that work by themselves but not inside fit ({text})",
                expected="phases that fit can compile",
                look="inside fit nothing has a value yet: take the number of images from ops.shape(real)[0], not from "
                "len(real) or real.shape, and use no .numpy() and no float(…)",
            ) from None
        for name, ones in before.items():
            now = _weights(getattr(model, name))
            require(
                all(np.isfinite(w).all() for w in now) and not _still([a - b for a, b in zip(now, ones, strict=True)]),
                got=f"a {name} that did not learn in fit",
                expected="both networks learn",
                look="both phases are called once in each step",
            )


def _weights(network):
    return [w.numpy().copy() for w in network.trainable_variables]


def _still(moves):
    return not any(np.any(np.abs(m) > 1e-9) for m in moves)


def _twice(case, before, who, formula):
    """Where two steps in a row lead."""
    first = case.steps(before, who, formula)
    halfway = {**before, who: [w + s for w, s in zip(before[who], first, strict=True)]}
    return [a + b for a, b in zip(first, case.steps(halfway, who, formula), strict=True)]
