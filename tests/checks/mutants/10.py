"""Wrong and alternative answers to the exercises of lesson 10."""

LAYER = (
    "class Sampling(keras.layers.Layer):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
    "        self.generator = keras.random.SeedGenerator()\n\n    def call(self, inputs):\n        mean, log_var = inputs\n"
)
KL = "def kl_to_standard_normal(mean, log_var):\n    "
GRID = "def interpolation_grid(encode, decode, images, size):\n    z = encode(images)\n    t = np.linspace(0, 1, size)\n"
ATTRIBUTE = "def attribute_vector(codings, present):\n    mask = np.asarray(present, dtype=bool)\n    "
BOUND = "def importance_weighted_bound(log_likelihood, log_prior, log_q):\n    w = log_likelihood + log_prior - log_q\n    "
TEST = "def spread_is_right(sampling):\n"
BETA = "def hidden_beta(pixels, codings, reconstruction, kl, weight):\n    "


def layer(result, noise="keras.random.normal(ops.shape(mean), seed=self.generator)"):
    """An answer to 10.1 with one thing changed."""
    return LAYER + f"        noise = {noise}\n        return {result}\n"


def model(encode="self.encoder(images)", codings="self.sampling([mean, log_var])", back="self.distance(images, self.decoder(z)), "
          "self.kl(mean, log_var)", loss="ops.mean(reconstruction + self.beta * kl)", variables="self.trainable_variables",
          update="self.optimizer.apply(gradients, variables)", note="self.note(reconstruction, kl)"):  # fmt: skip
    """An answer to 10.3 with one thing changed."""
    return (
        "class VAE(vae.BaseVAE):\n    def terms(self, images):\n"
        f"        mean, log_var = {encode}\n        z = {codings}\n        return {back}\n\n"
        "    def train_step(self, images):\n        with tf.GradientTape() as tape:\n"
        f"            reconstruction, kl = self.terms(images)\n            loss = {loss}\n"
        f"        variables = {variables}\n        gradients = tape.gradient(loss, variables)\n"
        f"        {update}\n        return {note}\n"
    )


def grid(cells="(1-r) * ((1-d) * z[0] + d * z[2]) + r * ((1-d) * z[1] + d * z[3]) for d in t for r in t", head=GRID,
         back="decode(np.array(cells))"):  # fmt: skip
    """An answer to 10.4 with one thing changed."""
    return head + f"    cells = [{cells}]\n    return {back}\n"


def spread(gammas="(-2.0, 0.0, 1.4)", draws=50_000, tolerance=0.05, right="np.exp(g / 2)", every="all"):
    """An answer to 10.7 with one thing changed."""
    return (
        TEST + f"    def fits(g):\n        z = np.asarray(sampling([np.zeros(({draws}, 1), 'float32'), np.full(({draws}, 1), g, "
        f"'float32')]))\n        return abs(z.std() / {right} - 1) < {tolerance}\n"
        f"    return {every}(fits(g) for g in {gammas})\n"
    )


WRONG = [
    ("10.1", "variance as spread", layer("mean + ops.exp(log_var) * noise"), "variance σ⁴.*at γ = ln 4 the spread is 4, expected 2"),
    ("10.1", "log-variance as spread", layer("mean + log_var * noise"), "γ itself"),
    ("10.1", "half without exp", layer("mean + log_var / 2 * noise"), "half of γ"),
    ("10.1", "sign", layer("mean + ops.exp(-log_var / 2) * noise"), "large variances have become small"),
    ("10.1", "exp(γ)/2", layer("mean + ops.exp(log_var) / 2 * noise"), r"exp\(γ\)/2 instead of exp\(γ/2\)"),
    ("10.1", "no noise", layer("mean", "None"), "noise from N\\(0, 1\\) is missing"),
    ("10.1", "no spread", layer("mean + noise"), "spread does not depend on γ"),
    ("10.1", "no mean", layer("ops.exp(log_var / 2) * noise"), "the mean is missing"),
    ("10.1", "uniform", layer("mean + ops.exp(log_var / 2) * noise", "keras.random.uniform(ops.shape(mean))"), "uniform"),
    (
        "10.1",
        "one noise per image",
        layer("mean + ops.exp(log_var / 2) * noise", "keras.random.normal((ops.shape(mean)[0], 1), seed=self.generator)"),
        "same noise for all codings",
    ),
    (
        "10.1",
        "one noise per batch",
        layer("mean + ops.exp(log_var / 2) * noise", "keras.random.normal((1, ops.shape(mean)[1]), seed=self.generator)"),
        "same codings for every image",
    ),
    ("10.1", "fixed seed", layer("mean + ops.exp(log_var / 2) * noise", "keras.random.normal(ops.shape(mean), seed=7)"), "fresh noise"),
    (
        "10.1",
        "NumPy noise",
        layer("mean + ops.exp(log_var / 2) * noise", "np.random.normal(size=mean.shape).astype('float32')"),
        "not known beforehand",
    ),
    (
        "10.1",
        "static shape",
        layer("mean + ops.exp(log_var / 2) * noise", "keras.random.normal(mean.shape, seed=self.generator)"),
        "not known beforehand",
    ),
    (
        "10.1",
        "cut off",
        layer("ops.stop_gradient(mean + ops.exp(log_var / 2) * noise)"),
        "no gradient",
    ),
    ("10.2", "mean over codings", KL + "return 0.5 * ops.mean(ops.exp(log_var) + mean**2 - 1 - log_var, axis=-1)", "mean over the codings"),
    ("10.2", "one number", KL + "return 0.5 * ops.sum(ops.exp(log_var) + mean**2 - 1 - log_var)", "one number for the whole batch"),
    ("10.2", "mean over all", KL + "return 0.5 * ops.mean(ops.exp(log_var) + mean**2 - 1 - log_var)", "mean over everything"),
    ("10.2", "wrong axis", KL + "return 0.5 * ops.sum(ops.exp(log_var) + mean**2 - 1 - log_var, axis=0)", "summed over the images"),
    ("10.2", "sign", KL + "return 0.5 * ops.sum(1 + log_var - ops.exp(log_var) - mean**2, axis=-1)", "never negative"),
    ("10.2", "exp(−γ)", KL + "return 0.5 * ops.sum(ops.exp(-log_var) + mean**2 - 1 - log_var, axis=-1)", "exp\\(−γ\\) where"),
    ("10.2", "no half", KL + "return ops.sum(ops.exp(log_var) + mean**2 - 1 - log_var, axis=-1)", "½ is missing"),
    ("10.2", "no square", KL + "return 0.5 * ops.sum(ops.exp(log_var) + mean - 1 - log_var, axis=-1)", "not squared"),
    ("10.2", "γ as log σ", KL + "return 0.5 * ops.sum(ops.exp(2 * log_var) + mean**2 - 1 - 2 * log_var, axis=-1)", "taken for log σ"),
    ("10.2", "−1 once", KL + "return 0.5 * (ops.sum(ops.exp(log_var) + mean**2 - log_var, axis=-1) - 1)", "for every coding, not once"),
    (
        "10.2",
        "log of exp",
        KL + "v = ops.exp(log_var)\n    return 0.5 * ops.sum(v + mean**2 - 1 - ops.log(v + 1e-7), axis=-1)",
        "γ = −40",
    ),
    ("10.3", "KL without weight", model(loss="ops.mean(reconstruction + kl)"), "KL has no weight"),
    ("10.3", "no KL", model(loss="ops.mean(reconstruction)"), "KL is not part"),
    ("10.3", "no reconstruction", model(loss="ops.mean(self.beta * kl)"), "decoder where it was|reconstruction is not part"),
    ("10.3", "KL subtracted", model(loss="ops.mean(reconstruction - self.beta * kl)"), "KL is subtracted"),
    ("10.3", "ELBO minimised", model(loss="-ops.mean(reconstruction + self.beta * kl)"), "uphill"),
    ("10.3", "sum over the batch", model(loss="ops.sum(reconstruction + self.beta * kl)"), "sum over the batch"),
    ("10.3", "β on the wrong part", model(loss="ops.mean(self.beta * reconstruction + kl)"), "instead of the KL"),
    ("10.3", "mean decoded", model(codings="mean"), "mean was decoded"),
    ("10.3", "swapped parts", model(back="self.kl(mean, log_var), self.distance(images, self.decoder(z))"), "swapped"),
    ("10.3", "swapped arguments", model(back="self.distance(self.decoder(z), images), self.kl(mean, log_var)"), "arguments of distance"),
    ("10.3", "means too early", model(back="ops.mean(self.distance(images, self.decoder(z))), ops.mean(self.kl(mean, log_var))"), "one for each image"),
    ("10.3", "decoder only", model(variables="self.decoder.trainable_variables"), "encoder where it was"),
    ("10.3", "encoder only", model(variables="self.encoder.trainable_variables"), "decoder where it was"),
    ("10.3", "no step", model(update="pass"), "did not move"),
    ("10.3", "gradient cut", model(codings="ops.stop_gradient(self.sampling([mean, log_var]))"), "do not reach the encoder"),
    ("10.3", "weighted KL noted", model(note="self.note(reconstruction, self.beta * kl)"), "weighted by β"),
    ("10.3", "nothing returned", model(note="None"), "NoneType from train_step"),
    ("10.3", "terms outside the tape", model().replace("        with tf.GradientTape() as tape:\n            reconstruction, kl = self.terms(images)\n",
     "        reconstruction, kl = self.terms(images)\n        with tf.GradientTape() as tape:\n"), "records only what is computed inside"),
    ("10.4", "pixels mixed", grid(head=GRID.replace("encode(images)", "images"), back="np.array(cells)"), "double exposure"),
    ("10.4", "pixels mixed, then coded", grid(head=GRID.replace("encode(images)", "images"), back="decode(encode(np.array(cells)))"), "mix the codings instead"),
    ("10.4", "not decoded", grid(back="np.array(cells)"), "these are codings"),
    ("10.4", "transposed", grid("(1-r) * ((1-d) * z[0] + d * z[2]) + r * ((1-d) * z[1] + d * z[3]) for r in t for d in t"), "rows and columns"),
    ("10.4", "clockwise", grid("(1-r) * ((1-d) * z[0] + d * z[3]) + r * ((1-d) * z[1] + d * z[2]) for d in t for r in t"), "another order"),
    ("10.4", "end missing", grid(head=GRID.replace("np.linspace(0, 1, size)", "np.arange(size) / size")), "do not arrive"),
    ("10.4", "corners missing", grid(head=GRID.replace("np.linspace(0, 1, size)", "np.linspace(0, 1, size + 2)[1:-1]")), "corners themselves"),
    ("10.4", "diagonal", grid("(1-d) * z[0] + d * z[3] for d in np.linspace(0, 1, size * size)"), "diagonal"),
    ("10.4", "square kept", grid(back="decode(np.array(cells)).reshape(size, size, *images.shape[1:])"), "row by row"),
    ("10.5", "sign", ATTRIBUTE + "return codings[~mask].mean(0) - codings[mask].mean(0)", "other way"),
    ("10.5", "sums", ATTRIBUTE + "return codings[mask].sum(0) - codings[~mask].sum(0)", "take means"),
    ("10.5", "against all", ATTRIBUTE + "return codings[mask].mean(0) - codings.mean(0)", "mean of all images"),
    ("10.5", "only with", ATTRIBUTE + "return codings[mask].mean(0)", "subtract the mean without"),
    ("10.5", "length 1", ATTRIBUTE + "v = codings[mask].mean(0) - codings[~mask].mean(0)\n    return v / np.linalg.norm(v)", "length was made 1"),
    ("10.5", "one number", ATTRIBUTE + "return codings[mask].mean() - codings[~mask].mean()", "mean was taken over the codings|shape"),
    (
        "10.5",
        "mask of numbers",
        "def attribute_vector(codings, present):\n    return codings[present].mean(0) - codings[~present].mean(0)",
        "whole numbers picks rows",
    ),
    ("10.6", "ELBO", BOUND + "return w.mean(0)", "that is the ELBO"),
    ("10.6", "no mean", BOUND + "return logsumexp(w, axis=0)", "log K is missing"),
    ("10.6", "underflow", BOUND + "return np.log(np.mean(np.exp(w), axis=0))", "logsumexp"),
    ("10.6", "wrong axis", BOUND + "return logsumexp(w, axis=1) - np.log(w.shape[1])", "draws are axis 0"),
    ("10.6", "q added", BOUND.replace("- log_q", "+ log_q") + "return logsumexp(w, axis=0) - np.log(len(w))", "q was added"),
    ("10.6", "no prior", BOUND.replace("+ log_prior ", "") + "return logsumexp(w, axis=0) - np.log(len(w))", "prior p\\(z\\) is missing"),
    ("10.6", "no q", BOUND.replace(" - log_q", "") + "return logsumexp(w, axis=0) - np.log(len(w))", "q is missing"),
    ("10.6", "one number", BOUND + "return logsumexp(w) - np.log(w.size)", "one number for everything"),
    ("10.7", "only γ = 0", spread("(0.0,)"), "at γ = 0, where your test looks"),
    ("10.7", "only positive γ", spread("(0.0, 1.4)"), "negative γ"),
    ("10.7", "only negative γ", spread("(-2.0, 0.0)"), "positive γ"),
    ("10.7", "too strict", spread(tolerance=1e-4), "False for"),
    ("10.7", "few draws", spread(draws=20), "depends on luck"),
    ("10.7", "too lax", spread(tolerance=0.5), "a third too large"),
    ("10.7", "the bug itself", spread(right="np.exp(g)"), "False for"),
    ("10.7", "any", spread(every="any"), "let it pass"),
    ("10.7", "a number", TEST + "    return float(np.std(sampling([np.zeros((9, 1), 'float32')] * 2)))", "True or False"),
    ("10.8", "weight only", BETA + "return weight", "as it was given"),
    ("10.8", "divided by pixels", BETA + "return weight / (pixels if reconstruction == 'mean' else 1) / (codings if kl == 'mean' else 1)", "more, not less"),
    ("10.8", "times codings", BETA + "return weight * (pixels if reconstruction == 'mean' else 1) * (codings if kl == 'mean' else 1)", "divide by the number of codings"),
    ("10.8", "weight left out", BETA + "return (pixels if reconstruction == 'mean' else 1) / (codings if kl == 'mean' else 1)", "weight was left out"),
    ("10.8", "KL ignored", BETA + "return weight * (pixels if reconstruction == 'mean' else 1)", "how the KL was reduced"),
    ("10.1", "noise in training only", "class Sampling(keras.layers.Layer):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n        self.generator = keras.random.SeedGenerator()\n\n"
     "    def call(self, inputs, training=False):\n        mean, log_var = inputs\n        if not training:\n            return mean\n"
     "        return mean + ops.exp(0.5 * log_var) * keras.random.normal(ops.shape(mean), seed=self.generator)", "in training only"),
    ("10.1", "noise of a tenth", "class Sampling(keras.layers.Layer):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n        self.generator = keras.random.SeedGenerator()\n\n"
     "    def call(self, inputs):\n        mean, log_var = inputs\n        eps = keras.random.normal(ops.shape(mean), stddev=0.1, seed=self.generator)\n"
     "        return mean + ops.exp(0.5 * log_var) * eps", "0.10 times the right one"),
    ("10.1", "noise kept from the first call", "class Sampling(keras.layers.Layer):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n        self.generator = keras.random.SeedGenerator()\n"
     "        self.eps = None\n\n    def call(self, inputs):\n        mean, log_var = inputs\n        if self.eps is None:\n"
     "            self.eps = keras.random.normal(ops.shape(mean), seed=self.generator)\n        return mean + ops.exp(0.5 * log_var) * self.eps", "stops when it is given"),
    ("10.2", "square of the sum", "def kl_to_standard_normal(mean, log_var):\n    return 0.5 * (ops.sum(ops.exp(log_var) - 1 - log_var, axis=-1) + ops.square(ops.sum(mean, axis=-1)))", "added up before they were squared"),
    ("10.3", "sampling with exchanged inputs", "class VAE(vae.BaseVAE):\n    def terms(self, images):\n        mean, log_var = self.encoder(images)\n        codings = self.sampling([log_var, mean])\n"
     "        return self.distance(images, self.decoder(codings)), self.kl(mean, log_var)\n\n    def train_step(self, images):\n        with tf.GradientTape() as tape:\n"
     "            reconstruction, kl = self.terms(images)\n            loss = ops.mean(reconstruction + self.beta * kl)\n"
     "        gradients = tape.gradient(loss, self.trainable_variables)\n        self.optimizer.apply(gradients, self.trainable_variables)\n"
     "        return self.note(reconstruction, kl)", "two inputs in the wrong order"),
    ("10.3", "the KL alone", "class VAE(vae.BaseVAE):\n    def terms(self, images):\n        mean, log_var = self.encoder(images)\n        codings = self.sampling([mean, log_var])\n"
     "        return self.distance(images, self.decoder(codings)), self.kl(mean, log_var)\n\n    def train_step(self, images):\n        with tf.GradientTape() as tape:\n"
     "            reconstruction, kl = self.terms(images)\n            loss = ops.mean(self.beta * kl)\n        gradients = tape.gradient(loss, self.trainable_variables)\n"
     "        self.optimizer.apply(gradients, self.trainable_variables)\n        return self.note(reconstruction, kl)", "is the reconstruction part of the loss"),
    ("10.3", "mean of two draws", "class VAE(vae.BaseVAE):\n    def terms(self, images):\n        mean, log_var = self.encoder(images)\n"
     "        codings = (self.sampling([mean, log_var]) + self.sampling([mean, log_var])) / 2\n"
     "        return self.distance(images, self.decoder(codings)), self.kl(mean, log_var)\n\n    def train_step(self, images):\n        with tf.GradientTape() as tape:\n"
     "            reconstruction, kl = self.terms(images)\n            loss = ops.mean(reconstruction + self.beta * kl)\n"
     "        gradients = tape.gradient(loss, self.trainable_variables)\n        self.optimizer.apply(gradients, self.trainable_variables)\n"
     "        return self.note(reconstruction, kl)", "one draw of codings"),
    ("10.3", "terms once more for the logs", "class VAE(vae.BaseVAE):\n    def terms(self, images):\n        mean, log_var = self.encoder(images)\n        codings = self.sampling([mean, log_var])\n"
     "        return self.distance(images, self.decoder(codings)), self.kl(mean, log_var)\n\n    def train_step(self, images):\n        with tf.GradientTape() as tape:\n"
     "            reconstruction, kl = self.terms(images)\n            loss = ops.mean(reconstruction + self.beta * kl)\n"
     "        gradients = tape.gradient(loss, self.trainable_variables)\n        self.optimizer.apply(gradients, self.trainable_variables)\n"
     "        return self.note(*self.terms(images))", "once more for the logs"),
    ("10.4", "along arcs", "def interpolation_grid(encode, decode, images, size):\n    z = np.asarray(encode(images))\n    def slerp(a, b, t):\n"
     "        o = np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1))\n        return (np.sin((1 - t) * o) * a + np.sin(t * o) * b) / np.sin(o)\n"
     "    rows = []\n    for s in np.linspace(0, 1, size):\n        l, r = slerp(z[0], z[2], s), slerp(z[1], z[3], s)\n        for t in np.linspace(0, 1, size):\n"
     "            rows.append(slerp(l, r, t))\n    return decode(np.array(rows))", "mixed along arcs"),
    ("10.4", "size replaced", "def interpolation_grid(encode, decode, images, size):\n    size = 10\n    z = np.asarray(encode(images))\n    rows = []\n    for s in np.linspace(0, 1, size):\n"
     "        for t in np.linspace(0, 1, size):\n            rows.append((1 - s) * (1 - t) * z[0] + (1 - s) * t * z[1] + s * (1 - t) * z[2] + s * t * z[3])\n"
     "    return decode(np.array(rows))", "gives `size` a value of its own"),
    ("10.5", "covariance", "def attribute_vector(codings, present):\n    p = np.asarray(present, float)\n    return (p - p.mean()) @ codings / len(p)", "vary together"),
    ("10.6", "one largest weight for all images", "def importance_weighted_bound(log_likelihood, log_prior, log_q):\n    w = log_likelihood + log_prior - log_q\n    m = w.max()\n"
     "    return m + np.log(np.mean(np.exp(w - m), axis=0))", "largest log weight of its own"),
    ("10.6", "divided inside the exponential", "def importance_weighted_bound(log_likelihood, log_prior, log_q):\n    w = log_likelihood + log_prior - log_q\n    return logsumexp(w / len(w), axis=0)", "inside the exponential"),
    ("10.6", "largest weight not added back", "def importance_weighted_bound(log_likelihood, log_prior, log_q):\n    w = log_likelihood + log_prior - log_q\n    m = w.max(axis=0)\n"
     "    return np.log(np.mean(np.exp(w - m), axis=0))", "not added back"),
    ("10.6", "means of the three parts", "def importance_weighted_bound(log_likelihood, log_prior, log_q):\n    k = np.log(len(log_q))\n"
     "    return (logsumexp(log_likelihood, axis=0) - k) + (logsumexp(log_prior, axis=0) - k) - (logsumexp(log_q, axis=0) - k)", "each of the three parts"),
    ("10.8", "only one correction", "def hidden_beta(pixels, codings, reconstruction, kl, weight):\n    if reconstruction == 'mean':\n        return weight * pixels\n    elif kl == 'mean':\n"
     "        return weight / codings\n    return weight", "both corrections are needed"),
    ("10.8", "equal reductions taken to cancel", "def hidden_beta(pixels, codings, reconstruction, kl, weight):\n    if reconstruction == kl:\n        return weight\n"
     "    return weight * pixels if reconstruction == 'mean' else weight / codings", "do not cancel"),
    ("10.8", "whole-number division", "def hidden_beta(pixels, codings, reconstruction, kl, weight):\n    beta = weight\n    if reconstruction == 'mean':\n        beta *= pixels\n    if kl == 'mean':\n"
     "        beta //= codings\n    return beta", "cuts off"),
]  # fmt: skip

ALTERNATIVES = [
    ("10.1", "square root", layer("ops.sqrt(ops.exp(log_var)) * noise + mean")),
    (
        "10.1",
        "TensorFlow",
        LAYER + "        return mean + tf.exp(0.5 * log_var) * tf.random.normal(tf.shape(log_var))\n",
    ),
    (
        "10.1",
        "no generator",
        "class Sampling(keras.layers.Layer):\n    def call(self, inputs):\n"
        "        noise = keras.random.normal(ops.shape(inputs[1]))\n        return inputs[0] + noise * ops.exp(0.5 * inputs[1])\n",
    ),
    ("10.2", "as in the paper", KL + "return -0.5 * ops.sum(1 + log_var - mean**2 - ops.exp(log_var), axis=1)"),
    ("10.2", "coding by coding", KL + "parts = [ops.exp(log_var[:, j]) / 2 + mean[:, j] ** 2 / 2 - 0.5 - log_var[:, j] / 2 for j in range(mean.shape[1])]\n    return sum(parts)"),
    ("10.3", "two means", model(loss="ops.mean(reconstruction) + self.beta * ops.mean(kl)")),
    ("10.3", "apply_gradients", model(update="self.optimizer.apply_gradients(zip(gradients, variables))")),
    ("10.3", "own list of variables", model(variables="self.encoder.trainable_variables + self.decoder.trainable_variables")),
    ("10.4", "matrix of weights", GRID + "    w = np.array([[(1-d)*(1-r), (1-d)*r, d*(1-r), d*r] for d in t for r in t])\n    return decode(w @ z)"),
    ("10.4", "row by row", GRID + "    rows = []\n    for d in t:\n        a, b = z[0] + d * (z[2] - z[0]), z[1] + d * (z[3] - z[1])\n"
     "        rows.append(decode(a + t[:, None] * (b - a)))\n    return np.concatenate(rows)"),
    ("10.5", "dot product", ATTRIBUTE + "return mask @ codings / mask.sum() - (1 - mask) @ codings / (1 - mask).sum()"),
    ("10.5", "lists", ATTRIBUTE + "yes = [z for z, p in zip(codings, mask) if p]\n    no = [z for z, p in zip(codings, mask) if not p]\n    return np.mean(yes, axis=0) - np.mean(no, axis=0)"),
    ("10.6", "by hand", BOUND + "top = w.max(axis=0)\n    return top + np.log(np.mean(np.exp(w - top), axis=0))"),
    ("10.6", "weights inside", BOUND + "return logsumexp(w, axis=0, b=1 / len(w))"),
    ("10.7", "variances", TEST + "    ok = True\n    for g in (-3, -1, 1, 2):\n        z = ops.convert_to_numpy(sampling([ops.ones((40_000, 2)), "
     "ops.full((40_000, 2), float(g))]))\n        ok = ok and np.allclose(np.var(z, axis=0), np.exp(g), rtol=0.1)\n    return bool(ok)"),
    ("10.8", "as a ratio", BETA + "a = 1 / pixels if reconstruction == 'mean' else 1\n    b = weight / codings if kl == 'mean' else weight\n    return b / a"),
]  # fmt: skip

WRONG += [
    ("10.1", "exchanged", LAYER + "        log_var, mean = inputs\n        return mean + ops.exp(log_var / 2) * keras.random.normal(ops.shape(mean), seed=self.generator)\n",
     "are exchanged: inputs is"),
    ("10.1", "mean stretched", layer("(mean + noise) * ops.exp(log_var / 2)"), "stretched as well"),
    ("10.1", "softplus", layer("mean + ops.softplus(log_var) * noise"), "softplus"),
    ("10.1", "TensorFlow with a seed", layer("mean + ops.exp(log_var / 2) * noise", "tf.random.stateless_normal(ops.shape(mean), (1, 2))"), "fresh noise"),
    ("10.1", "truncated", layer("mean + ops.exp(log_var / 2) * noise", "keras.random.truncated_normal(ops.shape(mean), seed=self.generator)"), "not normal|spread"),
    ("10.2", "pixels", KL + "return 0.5 * ops.sum(ops.exp(log_var) + mean**2 - 1 - log_var, axis=-1) / 784", "divided by 784"),
    ("10.2", "NumPy", KL + "m, g = np.asarray(mean), np.asarray(log_var)\n    return 0.5 * np.sum(np.exp(g) + m**2 - 1 - g, axis=-1)", "no gradient"),
    ("10.2", "NumPy, wrapped", KL + "m, g = np.asarray(mean), np.asarray(log_var)\n    return ops.convert_to_tensor(0.5 * np.sum(np.exp(g) + m**2 - 1 - g, axis=-1))", "no gradient"),
    ("10.2", "half wrapped", KL + "return 0.5 * ops.sum(np.exp(log_var) + mean**2 - 1 - log_var, axis=-1)", "slope of the KL|no gradient|once compiled"),
    ("10.2", "keepdims", KL + "return 0.5 * ops.sum(ops.exp(log_var) + mean**2 - 1 - log_var, axis=-1, keepdims=True)", "one axis too many"),
    ("10.3", "a KL of one's own", model(back="self.distance(images, self.decoder(z)), 0.5 * ops.sum(ops.exp(log_var) + mean**2 - 1 - log_var, axis=1)"), "KL of your own"),
    ("10.3", "MSE of one's own", model(back="ops.mean(ops.square(images - self.decoder(z)), axis=1), self.kl(mean, log_var)"), "mean squared error of your own"),
    ("10.3", "half a reconstruction", model(loss="ops.mean(0.5 * reconstruction + self.beta * kl)"), "0.5 · reconstruction \\+ 2.5 · KL"),
    ("10.3", "β squared", model(loss="ops.mean(reconstruction + self.beta**2 * kl)"), "1 · reconstruction \\+ 6.25 · KL"),
    ("10.3", "β fixed", model(loss="ops.mean(reconstruction + 0.5 * kl)"), "0.5 · KL"),
    ("10.4", "right to left", grid("(1-r) * ((1-d) * z[1] + d * z[3]) + r * ((1-d) * z[0] + d * z[2]) for d in t for r in t"), "right to left"),
    ("10.4", "four weights", grid("(1-d) * z[0] + d * z[2] + (1-r) * z[1] + r * z[3] for d in t for r in t"), "add up to 1"),
    ("10.4", "size of its own", grid(head=GRID.replace("size):\n    z", "size):\n    size = 4\n    z")), "size 2"),
    ("10.5", "medians", ATTRIBUTE + "return np.median(codings[mask], axis=0) - np.median(codings[~mask], axis=0)", "medians"),
    ("10.5", "both by all", ATTRIBUTE + "return (codings[mask].sum(0) - codings[~mask].sum(0)) / len(codings)", "divided by the number of all"),
    ("10.5", "halfway", ATTRIBUTE + "return (codings[mask].mean(0) + codings[~mask].mean(0)) / 2", "halfway"),
    ("10.5", "scaled", ATTRIBUTE + "return (codings[mask].mean(0) - codings[~mask].mean(0)) / codings.std(0)", "spread was divided out"),
    ("10.6", "log K added", BOUND + "return logsumexp(w, axis=0) + np.log(len(w))", "log K is added"),
    ("10.6", "divided by K", BOUND + "return logsumexp(w, axis=0) / len(w)", "divided by K"),
    ("10.6", "number of images", BOUND + "return logsumexp(w, axis=0) - np.log(w.shape[1])", "number of images"),
    ("10.6", "largest", BOUND + "return w.max(axis=0)", "largest log weight"),
    ("10.7", "exact", spread(tolerance=1e-9), "False for.*what do you compare|False for.*a few percent"),
    ("10.7", "no call", TEST + "    return True\n", "without a call"),
    ("10.7", "variance for spread", spread(right="np.exp(g)"), "codings are enough: what do you compare"),
    ("10.7", "always False", TEST + "    return False\n", "without a call"),
    ("10.8", "both the wrong way", BETA + "return weight / (pixels if reconstruction == 'mean' else 1) * (codings if kl == 'mean' else 1)", "both effects"),
    ("10.8", "for sums", BETA + "return weight * (pixels if reconstruction == 'sum' else 1) / (codings if kl == 'sum' else 1)", "it is a mean that needs"),
    ("10.8", "always", BETA + "return weight * pixels / codings", "whatever the reductions are"),
    ("10.8", "exchanged", BETA + "return weight * (codings if reconstruction == 'mean' else 1) / (pixels if kl == 'mean' else 1)", "exchanged"),
    ("10.8", "inverse", BETA + "return (codings if kl == 'mean' else 1) / weight / (pixels if reconstruction == 'mean' else 1)", "1/β"),
]  # fmt: skip

ALTERNATIVES += [
    ("10.1", "power", layer("mean + ops.power(ops.exp(log_var), 0.5) * noise")),
    ("10.1", "noise like the mean", layer("mean + ops.exp(0.5 * log_var) * noise", "tf.random.normal(tf.shape(mean))")),
    ("10.1", "reparametrised by a helper", "class Sampling(keras.layers.Layer):\n    def stretch(self, g):\n        return ops.exp(g * 0.5)\n\n    def call(self, inputs, training=None):\n"
     "        m, g = inputs\n        e = keras.random.normal(shape=ops.shape(g), mean=0.0, stddev=1.0)\n        return ops.add(m, ops.multiply(self.stretch(g), e))\n"),
    ("10.2", "TensorFlow", KL + "return -0.5 * tf.reduce_sum(1 + log_var - tf.square(mean) - tf.exp(log_var), axis=1)"),
    ("10.2", "mean times codings", KL + "return 0.5 * mean.shape[-1] * ops.mean(ops.exp(log_var) + mean**2 - 1 - log_var, axis=-1)"),
    ("10.2", "expm1", KL + "return ops.sum((tf.math.expm1(log_var) - log_var + mean * mean) / 2, axis=-1)"),
    ("10.2", "three sums", KL + "return 0.5 * (ops.sum(ops.exp(log_var), -1) + ops.sum(ops.square(mean), -1) - ops.sum(1 + log_var, -1))"),
    ("10.3", "trainable_weights", model(variables="self.trainable_weights")),
    ("10.3", "sum over the batch size", model(loss="ops.sum(reconstruction + self.beta * kl) / ops.cast(ops.shape(images)[0], 'float32')")),
    ("10.3", "tf", model(loss="tf.reduce_mean(reconstruction + self.beta * kl)")),
    ("10.4", "outer product", GRID + "    d, r = np.meshgrid(t, t, indexing='ij')\n    w = np.stack([(1-d)*(1-r), (1-d)*r, d*(1-r), d*r], axis=-1).reshape(-1, 4)\n    return decode(w.dot(np.asarray(z)))"),
    ("10.4", "linspace of edges", GRID + "    left, right = np.linspace(z[0], z[2], size), np.linspace(z[1], z[3], size)\n    return decode(np.concatenate([np.linspace(a, b, size) for a, b in zip(left, right)]))"),
    ("10.4", "predict and numpy", GRID.replace("encode(images)", "encode(images).numpy()") + "    rows = np.array([[(1-r) * ((1-d) * z[0] + d * z[2]) + r * ((1-d) * z[1] + d * z[3]) for r in t] for d in t])\n"
     "    return decode(rows.reshape(size * size, -1)).numpy()"),
    ("10.4", "einsum", GRID + "    a = np.stack([1 - t, t])\n    grid = np.einsum('ad,br,abk->drk', a, a, np.reshape(z, (2, 2, -1)))\n    return decode(grid.reshape(size**2, -1))"),
    ("10.5", "where", ATTRIBUTE + "return np.mean(codings[np.where(mask)[0]], axis=0) - np.mean(codings[np.where(~mask)[0]], axis=0)"),
    ("10.5", "comparison", "def attribute_vector(codings, present):\n    return codings[present == 1].mean(axis=0) - codings[present == 0].mean(axis=0)"),
    ("10.5", "average", ATTRIBUTE + "return np.average(codings, axis=0, weights=mask) - np.average(codings, axis=0, weights=~mask)"),
    ("10.5", "delete", ATTRIBUTE + "yes = np.flatnonzero(mask)\n    return codings[yes].mean(0) - np.delete(codings, yes, axis=0).mean(0)"),
    ("10.6", "SciPy by name", BOUND + "import scipy\n    return scipy.special.logsumexp(w - np.log(w.shape[0]), axis=0)"),
    ("10.6", "logaddexp", BOUND + "return np.logaddexp.reduce(w, axis=0) - np.log(w.shape[0])"),
    ("10.6", "image by image", BOUND + "return np.array([logsumexp(column) - np.log(len(column)) for column in w.T])"),
    ("10.6", "TensorFlow", BOUND + "return tf.reduce_logsumexp(tf.constant(w), axis=0).numpy() - np.log(len(w))"),
    ("10.7", "ten thousand", spread(draws=10_000)),
    ("10.7", "all at once", TEST + "    g = np.tile(np.array([-3, -1, 0, 1, 2], 'float32'), (20_000, 1))\n    z = np.asarray(sampling([np.zeros_like(g), g]))\n"
     "    return bool(np.all(np.abs(z.std(axis=0) / np.exp(g[0] / 2) - 1) < 0.08))"),
    ("10.7", "logarithms", TEST + "    ok = []\n    for g in (-1.5, 1.5):\n        z = sampling([np.ones((30_000, 1), 'float32'), np.full((30_000, 1), g, 'float32')])\n"
     "        ok.append(abs(2 * np.log(np.std(np.asarray(z)) + 1e-12) - g) < 0.15)\n    return all(ok)"),
    ("10.7", "quantiles", TEST + "    for g in (-2, 2):\n        z = np.asarray(sampling([np.zeros((40_000, 1), 'float32'), np.full((40_000, 1), g, 'float32')]))\n"
     "        low, high = np.quantile(z, [0.1587, 0.8413])\n        if not np.isclose((high - low) / 2, np.exp(g / 2), rtol=0.08):\n            return False\n    return True"),
    ("10.7", "mean distances", TEST + "    for g in (-2.0, 2.0):\n        z = np.asarray(sampling([np.full((50_000, 1), 3.0, 'float32'), np.full((50_000, 1), g, 'float32')]))\n"
     "        sigma = np.abs(z - 3).mean() * np.sqrt(np.pi / 2)\n        if not 0.93 < sigma / np.exp(g / 2) < 1.07:\n            return False\n    return True"),
    ("10.8", "a table", BETA + "return {('sum', 'sum'): weight, ('mean', 'sum'): weight * pixels, ('sum', 'mean'): weight / codings, ('mean', 'mean'): weight * pixels / codings}[reconstruction, kl]"),
    ("10.8", "powers", BETA + "return weight * pixels ** (reconstruction == 'mean') / codings ** (kl == 'mean')"),
    ("10.8", "early return", BETA + "scale = pixels if reconstruction == 'mean' else 1\n    if kl == 'sum':\n        return weight * scale\n    return weight * scale / codings"),
    ("10.8", "NumPy", BETA + "return np.float64(weight) * np.where(reconstruction == 'mean', pixels, 1) / np.where(kl == 'mean', codings, 1)"),
    ("10.8", "unequal to sum", BETA + "if reconstruction != 'sum':\n        weight *= pixels\n    if kl != 'sum':\n        weight /= codings\n    return weight"),
]  # fmt: skip

SURVIVORS = {
    ("10.1", "mean + ops.exp(log_var / 2) * noise -> mean - ops.exp(log_var / 2) * noise"): "the noise is symmetric about 0",
    ("10.7", "2.0 -> 3.0"): "another negative log-variance tests as well",
    ("10.7", "0.0 -> 1.0"): "another log-variance tests as well",
    ("10.7", "4 -> 5"): "another positive log-variance tests as well",
    ("10.7", "50000 -> 50001"): "one draw more",
    ("10.7", "1 -> 2"): "two codings in each row instead of one",
    ("10.2", "-1 -> 1"): "the arrays have two axes, so axis 1 is the last one",
    ("10.7", "abs(codings.std() / np.exp(gamma / 2) - 1) > 0.05 -> abs(codings.std() / np.exp(gamma / 2) - 1) >= 0.05"): "a deviation that is off by exactly 5 % does not happen",
}
