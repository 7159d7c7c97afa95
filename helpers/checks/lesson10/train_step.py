"""The check of exercise 10.3, the train step of a variational autoencoder."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting


@exercise(
    "10.3",
    "The train step",
    reference="helpers.autoencoders.vae.model:VAE",
    minutes=25,
    difficulty=3,
    seconds=60.0,
    hints=(
        "terms: encode, sample, decode, and measure twice. train_step: compute the loss inside a tf.GradientTape, ask "
        "it for gradients, hand them to self.optimizer.",
        "The loss is one number: ops.mean(reconstruction + self.beta * kl). Everything from the encoder to the "
        "loss must "
        "happen inside the `with`. tape.gradient(loss, variables) and self.optimizer.apply(gradients, variables).",
        "with tf.GradientTape() as tape: reconstruction, kl = self.terms(images); loss = ops.mean(reconstruction + "
        "self.beta * kl). Then gradients = tape.gradient(loss, self.trainable_variables); "
        "self.optimizer.apply(gradients, "
        "self.trainable_variables); return self.note(reconstruction, kl).",
    ),
)
def check_train_step(answer, seed):
    require(
        isinstance(answer, type),
        got=f"{type(answer).__name__}, which is no class",
        expected="the class VAE",
        look="hand check the class itself, without brackets",
    )
    rng = np.random.default_rng(seed)
    case = _Case(answer, rng)
    case.judge_terms()
    case.judge_step()
    case.judge_fit()


class _Case:
    """A tiny VAE on which everything is known: linear networks, and noise that is fixed beforehand."""

    BETA, RATE = 2.5, 0.05

    def __init__(self, answer, rng):
        import keras
        import tensorflow as tf

        self.tf, self.keras, self.answer, self.rng = tf, keras, answer, rng
        self.images = rng.uniform(0.1, 0.9, (6, 5)).astype("float32")
        self.noise = rng.normal(size=(6, 2)).astype("float32")

    def model(self, sampling, beta=None):
        keras, rng = self.keras, self.rng
        x = keras.Input((5,))
        encoder = keras.Model(x, [keras.layers.Dense(2)(x), keras.layers.Dense(2)(x)])
        z = keras.Input((2,))
        decoder = keras.Model(z, keras.layers.Dense(5)(z))
        for half in (encoder, decoder):
            half.set_weights([rng.normal(0, 0.4, w.shape).astype("float32") for w in half.get_weights()])
        return self.answer(encoder, decoder, sampling, self.kl, self.distance, beta=self.BETA if beta is None else beta)

    def sampling(self, inputs):
        return inputs[0] + self.tf.exp(inputs[1] / 2) * self.noise

    def fresh(self, inputs):
        return inputs[0] + self.tf.exp(inputs[1] / 2) * self.tf.random.normal(self.tf.shape(inputs[0]))

    def kl(self, mean, log_var):  # to another prior than N(0, 1), so that a formula of one's own shows
        tf = self.tf
        return 0.5 * tf.reduce_sum(tf.exp(log_var) + 1.5 * (mean - 0.4) ** 2 - 1 - log_var, axis=1)

    def usual_kl(self, weights):
        wm, bm, wv, bv, _, _ = weights
        mean, log_var = self.images @ wm + bm, self.images @ wv + bv
        return 0.5 * np.sum(np.exp(log_var) + mean**2 - 1 - log_var, axis=1)

    def distance(self, images, copies):  # not symmetric, so that swapped arguments show
        return self.tf.reduce_sum((images - copies) ** 2 * (1 + images), axis=1)

    def forward(self, weights, cut=None):
        """(reconstruction, kl) from a list of weights; `cut`: where gradients are stopped, or noise left out."""
        tf = self.tf
        wm, bm, wv, bv, wd, bd = weights
        mean, log_var = self.images @ wm + bm, self.images @ wv + bv
        z = mean if cut == "noise" else self.sampling([mean, log_var])
        z = tf.stop_gradient(z) if cut == "codings" else z
        return self.distance(self.images, z @ wd + bd), self.kl(mean, log_var)

    def judge_terms(self):
        draws = []
        model = self.model(lambda inputs: draws.append(None) or self.sampling(inputs))
        result = model.terms(self.tf.constant(self.images))
        fits = isinstance(result, (tuple, list)) and len(result) == 2
        require(
            fits,
            got=f"{type(result).__name__} from terms",
            expected="two values: reconstruction and KL",
            look="return self.distance(…), self.kl(…)",
        )
        reconstruction, kl = (
            array(part, name) for part, name in zip(result, ("the reconstruction", "the KL"), strict=True)
        )
        right, right_kl = (part.numpy() for part in self.forward(_weights(model)))
        for part, name in ((reconstruction, "reconstruction"), (kl, "KL")):
            require(
                part.shape == (6,),
                got=f"{name} of shape {part.shape} for 6 images",
                expected="(6,), one for each image",
                look="terms gives one number for each image; the mean over the batch belongs into train_step",
            )
        copies = self.forward(_weights(model), "noise")[0].numpy()
        close(
            reconstruction,
            right,
            "the reconstruction",
            look="encode, sample, decode, then self.distance(images, …)",
            rtol=1e-4,
            mistakes={
                "KL and reconstruction are swapped: the reconstruction comes first": right_kl,
                "the mean was decoded: codings must go through self.sampling, or γ learns nothing": copies,
                "the arguments of distance are swapped: the images come first": self.swapped(model).numpy(),
                "this is reconstruction and KL together: keep them apart": right + right_kl,
                "the sampling layer got its two inputs in the wrong order: [mean, log_var]": self.crossed(model),
                "this is a squared error of your own: use self.distance(images, …), in nats": self.plain(model, np.sum),
                "this is a mean squared error of your own: use self.distance(images, …), in nats": self.plain(
                    model, np.mean
                ),
                "the sign is wrong: a distance is what should become small": -right,
            },
        )
        weighted = {
            "β is not asked for in terms: it belongs into the loss": self.BETA * right_kl,
            "this is a KL of your own: use self.kl(mean, log_var), which knows the prior": self.usual_kl(
                _weights(model)
            ),
            "the sign is wrong: a KL is never negative": -right_kl,
            "the arguments of kl are swapped: the mean comes first": self.swapped_kl(model),
        }
        close(kl, right_kl, "the KL", look="self.kl(mean, log_var)", rtol=1e-4, mistakes=weighted)
        require(
            len(draws) == 1,
            got=f"{len(draws)} calls of self.sampling in terms",
            expected="one: one draw of codings for each image",
            look="a mean of several draws spreads less than the KL pays for",
        )

    def plain(self, model, reduce):
        wm, bm, wv, bv, wd, bd = _weights(model)
        z = np.asarray(self.sampling([self.images @ wm + bm, self.images @ wv + bv]))
        return reduce((self.images - (z @ wd + bd)) ** 2, axis=1)

    def crossed(self, model):
        """The reconstruction with mean and log-variance exchanged on their way to the sampling layer."""
        wm, bm, wv, bv, wd, bd = _weights(model)
        z = self.sampling([self.images @ wv + bv, self.images @ wm + bm])
        return self.distance(self.images, z @ wd + bd).numpy()

    def swapped_kl(self, model):
        wm, bm, wv, bv, _, _ = _weights(model)
        return self.kl(self.images @ wv + bv, self.images @ wm + bm).numpy()

    def swapped(self, model):
        wm, bm, wv, bv, wd, bd = _weights(model)
        z = self.sampling([self.images @ wm + bm, self.images @ wv + bv])
        return self.distance(z @ wd + bd, self.images)

    def judge_step(self):
        tf, images = self.tf, self.tf.constant(self.images)
        model = self.model(self.sampling)
        model.compile(optimizer=self.keras.optimizers.SGD(self.RATE), run_eagerly=True)
        before = _weights(model)
        try:
            logs = model.train_step(images)
        except ValueError as error:
            if "gradient" not in str(error):
                raise
            raise NotYet(
                got="a loss without any gradient",
                expected="gradients for both networks",
                look="the tape records only what is computed inside the `with`: terms and the mean belong there",
            ) from None
        moved = [new - old for new, old in zip(_weights(model), before, strict=True)]
        variables = [tf.Variable(w) for w in before]

        def step(loss, cut=None):
            with tf.GradientTape() as tape:
                total = loss(*self.forward(variables, cut))
            slopes = tape.gradient(total, variables)
            return [
                np.zeros(v.shape) if s is None else -self.RATE * s.numpy()
                for s, v in zip(slopes, variables, strict=True)
            ]

        b, mean = self.BETA, tf.reduce_mean
        right = step(lambda r, k: mean(r + b * k))

        def same(steps, some=slice(None)):
            return all(np.allclose(a, w, rtol=2e-3, atol=1e-5) for a, w in zip(moved[some], steps[some], strict=True))

        def still(some):
            return not any(np.any(np.abs(m) > 1e-9) for m in moved[some])

        require(
            not still(slice(None)),
            got="weights that did not move in a step",
            expected="one step of the optimizer",
            look="self.optimizer.apply(gradients, self.trainable_variables)",
        )
        require(
            not still(slice(0, 4)),
            got="a step that left the encoder where it was",
            expected="both networks learn",
            look="self.trainable_variables holds the weights of both networks",
        )
        require(
            not still(slice(4, 6)),
            got="a step that left the decoder where it was",
            expected="both networks learn",
            look="is the reconstruction part of the loss, and computed from self.decoder(codings), not by predict or "
            "in NumPy? And self.trainable_variables holds the weights of both networks",
        )

        def named():
            return {
                "the KL has no weight here: reconstruction + β · KL": step(lambda r, k: mean(r + k)),
                "the KL is not part of the loss": step(lambda r, k: mean(r)),
                "the reconstruction is not part of the loss": step(lambda r, k: mean(b * k)),
                "β weighs the reconstruction instead of the KL": step(lambda r, k: mean(b * r + k)),
                "β weighs both parts": step(lambda r, k: mean(b * (r + k))),
                "the KL is divided by β": step(lambda r, k: mean(r + k / b)),
                "the KL is subtracted: the loss is the negative ELBO, so both parts are added": step(
                    lambda r, k: mean(r - b * k)
                ),
                "the step goes uphill: the loss is to become small": step(lambda r, k: -mean(r + b * k)),
                "this is the sum over the batch; with the mean, the step does not depend on the batch size": step(
                    lambda r, k: tf.reduce_sum(r + b * k)
                ),
                "the gradients do not reach the encoder through the codings: the whole way from the encoder to the "
                "loss must "
                "lie inside the tape, in keras.ops": step(lambda r, k: mean(r + b * k), "codings"),
                "the step was taken twice": [2 * s for s in right],
            }

        meaning = first_fitting(moved, right, named, rtol=2e-3, atol=1e-5)
        require(
            not meaning and same(right),
            got="a step in another direction (or of another size)",
            look=meaning
            or _weighed(moved, step(lambda r, k: mean(r)), step(lambda r, k: mean(k)), b)
            or "the whole loss, computed inside the tape",
            expected="minus the rate times the gradient of mean(reconstruction + β · KL)",
        )
        self.judge_logs(logs, before, _weights(model))

    def judge_logs(self, logs, weights, moved):
        r, k = (part.numpy().mean() for part in self.forward(weights))
        right = {"reconstruction": r, "kl": k, "loss": r + self.BETA * k}
        later = (part.numpy().mean() for part in self.forward(moved))
        after = dict(zip(("reconstruction", "kl"), later, strict=True))
        require(
            isinstance(logs, dict),
            got=f"{type(logs).__name__} from train_step",
            expected="the logs, a dictionary",
            look="return self.note(reconstruction, kl)",
        )
        missing = sorted(set(right) - set(logs))
        require(
            not missing,
            got=f"logs without {', '.join(missing)}",
            expected="loss, reconstruction and kl, apart",
            look="return self.note(reconstruction, kl)",
        )
        for name, expected in right.items():
            close(
                float(logs[name]),
                expected,
                f"{name} in the logs",
                rtol=1e-3,
                look="self.note takes the two parts as terms gave "
                "them, one number for each image, the reconstruction first",
                mistakes={
                    "reconstruction and KL are swapped": k if name == "reconstruction" else r,
                    "the KL in the logs is weighted by β; note it as it is": self.BETA * k,
                    **(
                        {"the terms were computed once more for the logs, after the step": after[name]}
                        if name != "loss"
                        else {}
                    ),
                },
            )

    def judge_fit(self):
        images = self.rng.uniform(0.1, 0.9, (24, 5)).astype("float32")
        model = self.model(self.fresh, beta=1.0)
        model.compile(optimizer=self.keras.optimizers.SGD(0.02), jit_compile=False)
        encoder = [w.copy() for w in model.encoder.get_weights()]
        model.optimizer.build(model.trainable_variables)  # or the step would be traced twice
        history = model.fit(images, batch_size=8, epochs=3, verbose=0).history
        for name in ("loss", "reconstruction", "kl"):
            values = np.asarray(history.get(name, []), dtype=float)
            require(
                len(values) == 3 and np.isfinite(values).all(),
                got=f"{name} after three epochs of fit: {values.tolist()}",
                expected="three finite numbers",
                look="what train_step returns",
            )
        require(
            any(np.any(a != b) for a, b in zip(encoder, model.encoder.get_weights(), strict=True)),
            got="an encoder that fit did not move",
            expected="both networks learn",
            look="self.trainable_variables",
        )


def _weighed(moved, one, other, beta) -> str:
    """Words for a step that comes of a · reconstruction + b · KL with wrong numbers a and b; '' for any other step."""
    flat = [np.concatenate([np.ravel(part) for part in step]) for step in (moved, one, other)]
    (a, b), *_ = np.linalg.lstsq(np.stack(flat[1:], axis=1), flat[0], rcond=None)
    if not np.allclose(a * flat[1] + b * flat[2], flat[0], rtol=2e-3, atol=1e-5):
        return ""
    return (
        f"this is the step of {a:.3g} · reconstruction + {b:.3g} · KL, each a mean over the images; asked for are "
        f"1 · reconstruction + {beta:g} · KL, with self.beta = {beta:g}"
    )


def _weights(model):
    return [w.copy() for half in (model.encoder, model.decoder) for w in half.get_weights()]
