"""Wrong and alternative answers to the exercises of lesson 14."""

EARTH = "def earth_movers_distance(a, b):\n    "
LOSS = "def critic_loss(real_scores, fake_scores):\n    "
CLIP = "def clip_weights(network, limit):\n    "
BETWEEN = "def interpolate(real, fake):\n    "


def between(shape="(ops.shape(real)[0], *[1] * (len(real.shape) - 1))", draw="keras.random.uniform", result="e * real + (1 - e) * fake"):
    """An answer to 14.4 with one thing changed."""
    return BETWEEN + f"e = {draw}({shape})\n    return {result}\n"


def penalty(axes="tuple(range(1, len(points.shape)))", lengths="ops.sqrt(ops.sum(ops.square(g), axis=axes) + 1e-12)",
            result="ops.mean(ops.square(lengths - 1))", scores="critic(points)", g="tape.gradient(scores, points)"):  # fmt: skip
    """An answer to 14.5 with one thing changed."""
    return (
        "def gradient_penalty(critic, points):\n    with tf.GradientTape() as tape:\n        tape.watch(points)\n"
        f"        scores = {scores}\n    g = {g}\n    axes = {axes}\n    lengths = {lengths}\n    return {result}\n"
    )


def phase(fake="self.generate(self.draw_codings(count), training=True)", points="self.interpolate(real, fake)",
          estimate="ops.mean(self.judge(real)) - ops.mean(self.judge(fake))",
          pay="self.gradient_penalty(self.judge, points)", loss="self.penalty_weight * pay - estimate",
          improve="self.discriminator, self.discriminator_optimizer, tape, loss", note="d_loss=loss, estimate=estimate, penalty=pay",
          count="ops.shape(real)[0]"):  # fmt: skip
    """An answer to 14.6 with one thing changed."""
    return (
        "class PenalisedWGAN(wasserstein.BaseWGANGP):\n    def discriminator_phase(self, real, labels=None):\n"
        f"        count = {count}\n        fake = {fake}\n        points = {points}\n        with tf.GradientTape() as tape:\n"
        f"            estimate = {estimate}\n            pay = {pay}\n            loss = {loss}\n"
        f"        self.improve({improve})\n        self.note({note})\n"
    )


WRONG = [
    ("14.1", "not sorted", EARTH + "return np.mean(np.abs(a - b))", "paired as they came"),
    ("14.1", "one sorted", EARTH + "return np.mean(np.abs(np.sort(a) - b))", "only the first sample"),
    ("14.1", "other sorted", EARTH + "return np.mean(np.abs(a - np.sort(b)))", "only the second sample"),
    ("14.1", "worst plan", EARTH + "return np.mean(np.abs(np.sort(a) - np.sort(b)[::-1]))", "worst plan"),
    ("14.1", "signed", EARTH + "return np.mean(np.sort(a) - np.sort(b))", "negative"),
    ("14.1", "means", EARTH + "return abs(np.mean(a) - np.mean(b))", "distance of the two means"),
    ("14.1", "sum", EARTH + "return np.sum(np.abs(np.sort(a) - np.sort(b)))", "sum of all ways"),
    ("14.1", "squared", EARTH + "return np.mean((np.sort(a) - np.sort(b)) ** 2)", "squared ways"),
    ("14.1", "Wasserstein-2", EARTH + "return np.sqrt(np.mean((np.sort(a) - np.sort(b)) ** 2))", "Wasserstein-2"),
    ("14.1", "longest", EARTH + "return np.max(np.abs(np.sort(a) - np.sort(b)))", "longest way"),
    ("14.1", "nearest", EARTH + "return np.abs(a[:, None] - b).min(axis=1).mean()", "no plan"),
    ("14.1", "all pairs", EARTH + "return np.abs(a[:, None] - b).mean()", "all pairs"),
    ("14.1", "in place", EARTH + "a.sort()\n    b.sort()\n    return np.mean(np.abs(a - b))", "changes its argument"),
    ("14.2", "sign", LOSS + "return ops.mean(real_scores) - ops.mean(fake_scores)", "sign is wrong"),
    ("14.2", "sums", LOSS + "return ops.sum(fake_scores) - ops.sum(real_scores)", "sums over the batch"),
    ("14.2", "cross-entropy", LOSS + "return ops.mean(ops.softplus(-real_scores)) + ops.mean(ops.softplus(fake_scores))", "no logits"),
    ("14.2", "sigmoid", LOSS + "return ops.mean(ops.sigmoid(fake_scores)) - ops.mean(ops.sigmoid(real_scores))", "sigmoid"),
    ("14.2", "hinge", LOSS + "return ops.mean(ops.relu(1 - real_scores)) + ops.mean(ops.relu(1 + fake_scores))", "hinge"),
    ("14.2", "product", LOSS + "return ops.mean(real_scores * fake_scores)", "multiplies"),
    ("14.2", "absolute", LOSS + "return ops.abs(ops.mean(fake_scores) - ops.mean(real_scores))", "the size of the difference"),
    ("14.2", "minus absolute", LOSS + "return -ops.abs(ops.mean(fake_scores) - ops.mean(real_scores))", "minus the size of the difference"),
    ("14.2", "pairs", LOSS + "return ops.mean(fake_scores - real_scores)", "fewer|3 fakes|Incompatible|shapes|mismatch"),
    ("14.2", "NumPy", LOSS + "return np.mean(np.asarray(fake_scores)) - np.mean(np.asarray(real_scores))", "no gradient"),
    ("14.3", "upper end", CLIP + "for w in network.trainable_variables:\n        w.assign(ops.minimum(w, limit))", "only the upper end"),
    ("14.3", "not assigned", CLIP + "for w in network.trainable_variables:\n        w = ops.clip(w, -limit, limit)", "as they were"),
    ("14.3", "copies", CLIP + "for w in network.get_weights():\n        np.clip(w, -limit, limit, out=w)", "as they were"),
    ("14.3", "all weights", CLIP + "for w in network.weights:\n        w.assign(ops.clip(w, -limit, limit))", "not trained"),
    ("14.3", "get_weights", CLIP + "network.set_weights([np.clip(w, -limit, limit) for w in network.get_weights()])", "not trained"),
    ("14.3", "signs", CLIP + "for w in network.trainable_variables:\n        w.assign(limit * ops.sign(w))", "one of the two ends"),
    ("14.3", "scaled", CLIP + "for w in network.trainable_variables:\n        w.assign(w * limit / ops.max(ops.abs(w)))", "scaled down together"),
    ("14.3", "length", CLIP + "for w in network.trainable_variables:\n        w.assign(w * ops.minimum(1.0, limit / ops.norm(w)))", "scaled by their length"),
    ("14.3", "set to zero", CLIP + "for w in network.trainable_variables:\n        w.assign(ops.where(ops.abs(w) > limit, 0.0, w))", "became 0"),
    ("14.3", "above zero", CLIP + "for w in network.trainable_variables:\n        w.assign(ops.clip(w, 0, limit))", "down to −limit"),
    ("14.3", "kernels only", CLIP + "for w in network.trainable_variables:\n        if len(w.shape) > 1:\n            w.assign(ops.clip(w, -limit, limit))", "not clipped"),
    ("14.3", "own limit", CLIP + "for w in network.trainable_variables:\n        w.assign(ops.clip(w, -0.01, 0.01))", "limit itself"),
    ("14.4", "normal", between(draw="keras.random.normal"), "normal distribution"),
    ("14.4", "one for the batch", between("()"), "whole batch"),
    ("14.4", "one for the batch, in brackets", between("(1,)"), "whole batch"),
    ("14.4", "each pixel", between("ops.shape(real)"), "of its own for each pixel"),
    ("14.4", "one axis", between("(ops.shape(real)[0],)"), "Incompatible|shape|axis"),
    ("14.4", "two axes", between("(ops.shape(real)[0], 1)"), "Incompatible|shape|axis"),
    ("14.4", "middle", BETWEEN + "return (real + fake) / 2", "middle between"),
    ("14.4", "one of the two", between(result="ops.where(e < 0.5, real, fake)"), "not uniform"),
    ("14.4", "from −1 to 1", between(result="(2 * e - 1) * real + (2 - 2 * e) * fake"), "beyond their two images"),
    ("14.4", "squared", between(result="e**2 * real + (1 - e**2) * fake"), "not uniform"),
    ("14.4", "fixed seed", between(draw="(lambda s: keras.random.uniform(s, seed=1))"), "second call"),
    ("14.4", "NumPy", BETWEEN + "e = np.random.random((real.shape[0] or 6, *[1] * (len(real.shape) - 1))).astype('float32')\n    return e * real + (1 - e) * fake",
     "compiled training|NumPy draws once"),
    ("14.4", "static batch", between("(real.shape[0], *[1] * (len(real.shape) - 1))"), "inside fit"),
    ("14.4", "no way", between(result="fake + e * real"), "no point between"),
    ("14.4", "minus", between(result="e * real - (1 - e) * fake"), "signs are mixed up"),
    ("14.4", "way only", between(result="e * (real - fake)"), "add where it starts"),
    ("14.5", "over the batch", penalty(lengths="ops.sqrt(ops.sum(ops.square(g)) + 1e-12)"), "leave out the first axis"),
    ("14.5", "axis 0", penalty(axes="0"), "over the batch only"),
    ("14.5", "each pixel", penalty(lengths="ops.sqrt(ops.square(g) + 1e-12)"), "each pixel"),
    ("14.5", "no length", penalty(lengths="g"), "each number"),
    ("14.5", "last axis", penalty(axes="-1"), "last axis"),
    ("14.5", "axis 1", penalty(axes="1"), "only one axis"),
    ("14.5", "no root", penalty(lengths="ops.sum(ops.square(g), axis=axes)"), "root is missing"),
    ("14.5", "mean for the sum", penalty(lengths="ops.sqrt(ops.mean(ops.square(g), axis=axes) + 1e-12)"), "sum was left out"),
    ("14.5", "absolute values", penalty(lengths="ops.sum(ops.abs(g), axis=axes)"), "absolute values"),
    ("14.5", "no 1", penalty(result="ops.mean(ops.square(lengths))"), "1 is missing"),
    ("14.5", "no square", penalty(result="ops.mean(lengths - 1)"), "square is missing"),
    ("14.5", "no square, size", penalty(result="ops.mean(ops.abs(lengths - 1))"), "square is missing"),
    ("14.5", "mean length", penalty(result="ops.square(ops.mean(lengths) - 1)"), "mean length"),
    ("14.5", "one-sided", penalty(result="ops.mean(ops.square(ops.relu(lengths - 1)))"), "one-sided"),
    ("14.5", "sum", penalty(result="ops.sum(ops.square(lengths - 1))"), "sums over the batch"),
    ("14.5", "each image", penalty(result="ops.square(lengths - 1)"), "take their mean"),
    ("14.5", "with λ", penalty(result="10 * ops.mean(ops.square(lengths - 1))"), "λ is no part"),
    ("14.5", "NumPy", penalty(g="tf.constant(tape.gradient(scores, points).numpy())"), "do not feel|stay with keras.ops"),
    ("14.5", "nothing under the root", penalty(lengths="ops.sqrt(ops.sum(ops.square(g), axis=axes))"), "no derivative at 0"),
    ("14.6", "sign of the estimate", phase(loss="self.penalty_weight * pay + estimate"), "estimate has the wrong sign"),
    ("14.6", "uphill", phase(loss="estimate - self.penalty_weight * pay"), "goes uphill"),
    ("14.6", "penalty subtracted", phase(loss="-estimate - self.penalty_weight * pay"), "penalty has the wrong sign"),
    ("14.6", "no penalty", phase(loss="-estimate"), "penalty is missing"),
    ("14.6", "no λ", phase(loss="pay - estimate"), "not multiplied"),
    ("14.6", "λ fixed", phase(loss="10 * pay - estimate"), "λ is 10 here"),
    ("14.6", "λ on both", phase(loss="self.penalty_weight * (pay - estimate)"), "multiplied by λ as well"),
    ("14.6", "inference", phase(fake="self.generate(self.draw_codings(count))"), "inference mode"),
    ("14.6", "at the real images", phase(points="real"), "at the real images, not between"),
    ("14.6", "at the fakes", phase(points="fake"), "at the fakes, not between"),
    ("14.6", "slope 0", phase(pay="ops.mean(ops.square(wasserstein.gan.gradient_norms(self.judge, points)))"), "draws the slope to 0"),
    ("14.6", "generator learns", phase(improve="self.generator, self.generator_optimizer, tape, loss"), "another network"),
    ("14.6", "wrong optimizer", phase(improve="self.discriminator, self.generator_optimizer, tape, loss"), "another optimizer"),
    ("14.6", "no step", phase().replace("        self.improve(", "        dict(n=("). replace("tape, loss)", "tape, loss))"), "did not move"),
    ("14.6", "penalty noted with λ", phase(note="d_loss=loss, estimate=estimate, penalty=self.penalty_weight * pay"), "without λ"),
    ("14.6", "nothing noted", phase(note="d_loss=loss"), "noted"),
    ("14.6", "estimate noted with the wrong sign", phase(note="d_loss=loss, estimate=-estimate, penalty=pay"), "real less fake"),
    ("14.6", "static batch", phase(count="len(real)"), "inside fit"),
    ("14.6", "an object", "PenalisedWGAN = 7\n", "in place of the class"),
    ("14.1", "nearest free partner", "def earth_movers_distance(a, b):\n    b = list(b)\n    total = 0.0\n    for x in a:\n        j = int(np.argmin([abs(x - y) for y in b]))\n"
     "        total += abs(x - b.pop(j))\n    return total / len(a)", "pair them place by place"),
    ("14.1", "length over n", "def earth_movers_distance(a, b):\n    return float(np.linalg.norm(np.sort(a) - np.sort(b)) / len(a))", "length of the vector"),
    ("14.1", "places, not numbers", "def earth_movers_distance(a, b):\n    return float(np.mean(np.abs(np.argsort(a) - np.argsort(b))))", "argsort gives places"),
    ("14.4", "beyond one end", "def interpolate(real, fake):\n    shape = (ops.shape(real)[0],) + (1,) * (len(real.shape) - 1)\n    eps = keras.random.uniform(shape)\n"
     "    return real + eps * (real - fake)", "beyond one end"),
    ("14.6", "penalty in inference mode", "class PenalisedWGAN(wasserstein.BaseWGANGP):\n    def discriminator_phase(self, real, labels=None):\n"
     "        fake = self.generate(self.draw_codings(ops.shape(real)[0]), training=True)\n        points = self.interpolate(real, fake)\n"
     "        with tf.GradientTape() as tape:\n            critic = self.critic_loss(self.judge(real), self.judge(fake))\n"
     "            penalty = self.gradient_penalty(self.discriminator, points)\n            loss = critic + self.penalty_weight * penalty\n"
     "        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n        self.note(d_loss=loss, estimate=-critic, penalty=penalty)", "critic in inference mode"),
    ("14.6", "two steps", "class PenalisedWGAN(wasserstein.BaseWGANGP):\n    def discriminator_phase(self, real, labels=None):\n"
     "        fake = self.generate(self.draw_codings(ops.shape(real)[0]), training=True)\n        points = self.interpolate(real, fake)\n"
     "        with tf.GradientTape(persistent=True) as tape:\n            critic = self.critic_loss(self.judge(real), self.judge(fake))\n"
     "            penalty = self.gradient_penalty(self.judge, points)\n            loss = critic + self.penalty_weight * penalty\n        for _ in range(self.critic_steps):\n"
     "            self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n        self.note(d_loss=loss, estimate=-critic, penalty=penalty)", "taken twice"),
    ("14.6", "minus the whole loss", "class PenalisedWGAN(wasserstein.BaseWGANGP):\n    def discriminator_phase(self, real, labels=None):\n"
     "        fake = self.generate(self.draw_codings(ops.shape(real)[0]), training=True)\n        points = self.interpolate(real, fake)\n"
     "        with tf.GradientTape() as tape:\n            critic = self.critic_loss(self.judge(real), self.judge(fake))\n"
     "            penalty = self.gradient_penalty(self.judge, points)\n            loss = critic + self.penalty_weight * penalty\n"
     "        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n        self.note(d_loss=loss, estimate=-loss, penalty=penalty)", "penalty and all"),
]  # fmt: skip

ALTERNATIVES = [
    ("14.1", "by the distribution functions", EARTH + "x = np.sort(np.concatenate([a, b]))\n    F, G = ((s[:, None] <= x[:-1]).mean(axis=0) for s in (a, b))\n"
     "    return float(np.sum(np.abs(F - G) * np.diff(x)))"),
    ("14.1", "a loop", EARTH + "return sum(abs(x - y) for x, y in zip(sorted(a), sorted(b))) / len(a)"),
    ("14.2", "minus the estimate", LOSS + "return -(tf.reduce_mean(real_scores) - tf.reduce_mean(fake_scores))"),
    ("14.3", "trainable_weights", CLIP + "for w in network.trainable_weights:\n        w.assign(ops.maximum(ops.minimum(w, limit), -limit))"),
    ("14.4", "from the fake on", between(result="fake + e * (real - fake)")),
    ("14.4", "the other way round", between(result="real + e * (fake - real)")),
    ("14.4", "TensorFlow", BETWEEN + "e = tf.random.uniform(tf.concat([tf.shape(real)[:1], tf.ones(len(real.shape) - 1, tf.int32)], 0))\n    return e * real + (1 - e) * fake"),
    ("14.5", "TensorFlow's norm", "def gradient_penalty(critic, points):\n    with tf.GradientTape() as tape:\n        tape.watch(points)\n        total = tf.reduce_sum(critic(points))\n"
     "    g = tape.gradient(total, points)\n    s = tf.reduce_sum(g**2, axis=list(range(1, len(g.shape))))\n    return tf.reduce_mean((tf.sqrt(s + 1e-12) - 1) ** 2)\n"),
    ("14.6", "the engine's pieces", phase(pay="wasserstein.gan.gradient_penalty(self.judge, real, fake, shares)", points="real").replace(
        "        points = real\n", "        shares = self.draw_shares(count)\n")),
    ("14.6", "the other end", phase(points="self.interpolate(fake, real)")),
    ("14.6", "one tape more", phase(pay="self.penalty(real, fake) / self.penalty_weight")),
]  # fmt: skip

WRONG += [
    ("14.1", "distribution functions", EARTH + "from scipy.stats import ks_2samp\n    return ks_2samp(a, b, method='asymp').statistic", "Kolmogorov"),
    ("14.1", "half", EARTH + "return np.mean(np.abs(np.sort(a) - np.sort(b))) / 2", "half of it"),
    ("14.2", "one mean over both", LOSS + "return ops.mean(ops.concatenate([fake_scores, -real_scores]))", "one mean over both"),
    ("14.2", "generator's", LOSS + "return -ops.mean(fake_scores)", "loss of the generator"),
    ("14.2", "NumPy, wrapped", LOSS + "return tf.constant(np.mean(fake_scores) - np.mean(real_scores))", "no gradient"),
    ("14.2", "a float", LOSS + "return float(ops.mean(fake_scores)) - float(ops.mean(real_scores))", "no gradient"),
    ("14.3", "tanh", CLIP + "for w in network.trainable_variables:\n        w.assign(limit * ops.tanh(w))", "bent by tanh"),
    ("14.3", "size only", CLIP + "for w in network.trainable_variables:\n        w.assign(ops.minimum(ops.abs(w), limit))", "sign is lost"),
    ("14.3", "by NumPy", CLIP + "for w in network.trainable_variables:\n        w.assign(np.clip(w.numpy(), -limit, limit))", "once compiled"),
    ("14.3", "only those beyond", CLIP + "for w in network.trainable_variables:\n        v = w.numpy()\n        v[v > limit], v[v < -limit] = limit, -limit\n        w.assign(v)", "once compiled"),
    ("14.5", "flattened, static batch", penalty(axes="1", g="ops.reshape(tape.gradient(scores, points), (points.shape[0], -1))"), "once compiled"),
    ("14.5", "no watch", "def gradient_penalty(critic, points):\n    with tf.GradientTape() as tape:\n        s = critic(points)\n    g = tape.gradient(s, points)\n"
     "    return ops.mean((ops.sqrt(ops.sum(g**2, axis=-1) + 1e-12) - 1) ** 2)\n", "tape.watch"),
    ("14.5", "mean of the scores", penalty(scores="ops.mean(critic(points))"), "mean of the scores"),
    ("14.5", "first image", penalty(g="tape.gradient(scores, points)[0]", axes="None"), "first image only"),
    ("14.6", "a loop", phase().replace("        fake =", "        for _ in range(self.critic_steps):\n          fake =").replace("\n        points", "\n          points")
     .replace("\n        with", "\n          with").replace("\n        self", "\n          self").replace("            estimate", "              estimate").replace("            pay", "              pay")
     .replace("            loss =", "              loss ="), "no loop here"),
    ("14.6", "sums", phase(estimate="ops.sum(self.judge(real)) - ops.sum(self.judge(fake))"), "scores were added up"),
    ("14.6", "normal shares", phase(points="fake + keras.random.normal((count, 1)) * (real - fake)"), "do not come from self.interpolate"),
    ("14.6", "own uniform shares", phase(points="fake + keras.random.uniform((count, 1)) * (real - fake)"), "do not come from self.interpolate"),
    ("14.6", "inference", phase(estimate="ops.mean(self.discriminator(real)) - ops.mean(self.discriminator(fake))"), "inference mode"),
    ("14.6", "penalty summed", phase(pay="ops.sum(ops.square(wasserstein.gan.gradient_norms(self.judge, points) - 1))"), "penalty was added up"),
    ("14.1", "means, the other way", EARTH + "return np.mean(np.sort(b) - np.sort(a))", "to the left count as negative"),
    ("14.2", "tanh", LOSS + "return ops.mean(ops.tanh(fake_scores)) - ops.mean(ops.tanh(real_scores))", "through tanh"),
    ("14.5", "mean squared length", penalty(lengths="ops.mean(ops.sum(ops.square(g), axis=axes))"), "1 minus the mean squared length"),
    ("14.5", "squared lengths", penalty(lengths="ops.sum(ops.square(g), axis=axes)"), "squared lengths"),
    ("14.6", "the middle", phase(points="(real + fake) / 2"), "the middle between"),
    ("14.6", "all summed", phase(loss="6 * (self.penalty_weight * pay - estimate)"), "sum over the batch"),
]  # fmt: skip

ALTERNATIVES += [
    ("14.1", "SciPy", EARTH + "from scipy.stats import wasserstein_distance\n    return wasserstein_distance(a, b)"),
    ("14.1", "best assignment", EARTH + "from scipy.optimize import linear_sum_assignment\n    cost = np.abs(a[:, None] - b)\n    i, j = linear_sum_assignment(cost)\n    return cost[i, j].mean()"),
    ("14.1", "quantiles", EARTH + "q = (np.arange(len(a)) + 0.5) / len(a)\n    return np.abs(np.quantile(a, q, method='inverted_cdf') - np.quantile(b, q, method='inverted_cdf')).mean()"),
    ("14.1", "both downwards", EARTH + "return np.sum(np.abs(np.sort(a)[::-1] - np.sort(b)[::-1])) / len(a)"),
    ("14.2", "sums over sizes", LOSS + "m = lambda x: ops.sum(x) / ops.cast(ops.size(x), 'float32')\n    return m(fake_scores) - m(real_scores)"),
    ("14.2", "labels ±1", LOSS + "return ops.mean(fake_scores * 1.0) + ops.mean(real_scores * -1.0)"),
    ("14.2", "squeezed", LOSS + "return tf.reduce_mean(tf.squeeze(fake_scores, 1)) - tf.reduce_mean(tf.squeeze(real_scores, 1))"),
    ("14.2", "average", LOSS + "return ops.subtract(ops.average(fake_scores), ops.average(real_scores))"),
    ("14.2", "NumPy's names on tensors", LOSS + "return ops.mean(fake_scores, axis=(0, 1)) - ops.mean(real_scores, axis=(0, 1))"),
    ("14.3", "TensorFlow", CLIP + "for w in network.trainable_variables:\n        w.assign(tf.clip_by_value(w.value, -limit, limit))"),
    ("14.3", "layer by layer", CLIP + "def clip(layer):\n        for inner in getattr(layer, 'layers', []):\n            clip(inner)\n        if not hasattr(layer, 'layers'):\n"
     "            for w in layer.trainable_weights:\n                w.assign(ops.clip(w, -limit, limit))\n\n    clip(network)"),
    ("14.3", "where", CLIP + "for w in network.trainable_variables:\n        w.assign(ops.where(ops.abs(w) > limit, limit * ops.sign(w), w))"),
    ("14.3", "one side, then the other", CLIP + "for w in network.trainable_variables:\n        w.assign(ops.minimum(w, limit))\n        w.assign(ops.maximum(w, -limit))"),
    ("14.3", "in one line", CLIP + "[w.assign(ops.clip(w, -abs(limit), abs(limit))) for w in network.trainable_variables]"),
    ("14.4", "ones_like", BETWEEN + "shape = (ops.shape(real)[0],) + (1,) * (len(real.shape) - 1)\n"
     "    return fake + keras.random.uniform(shape, 0, 1) * (real - fake)"),
    ("14.4", "reshaped", BETWEEN + "e = ops.reshape(keras.random.uniform((ops.shape(real)[0],)), (-1, *[1] * (real.ndim - 1)))\n    return e * real + (1.0 - e) * fake"),
    ("14.4", "new axes", BETWEEN + "e = keras.random.uniform((tf.shape(real)[0],))\n    while len(e.shape) < len(real.shape):\n        e = ops.expand_dims(e, -1)\n    return real - e * (real - fake)"),
    ("14.5", "flattened, unknown batch", penalty(axes="1", g="ops.reshape(tape.gradient(scores, points), (ops.shape(points)[0], -1))")),
    ("14.5", "a list of sources", penalty(g="tape.gradient(scores, [points])[0]")),
    ("14.5", "in training mode", penalty(scores="critic(points, training=True)")),
    ("14.5", "power", penalty(lengths="ops.power(ops.sum(g * g, axis=axes) + 1e-12, 0.5)", result="ops.mean((lengths - 1.0) ** 2)")),
    ("14.5", "multiplied out", penalty(result="ops.mean(lengths * lengths) - 2 * ops.mean(lengths) + 1")),
    ("14.6", "two means named", phase(estimate="ops.mean(self.judge(real), axis=(0, 1)) - ops.mean(self.judge(fake), axis=(0, 1))")),
    ("14.6", "penalty first", phase(loss="self.penalty_weight * pay + ops.mean(self.judge(fake)) - ops.mean(self.judge(real))")),
    ("14.6", "apply by hand", phase().replace("self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)",
     "v = self.discriminator.trainable_variables\n        self.discriminator_optimizer.apply(tape.gradient(loss, v), v)")),
]  # fmt: skip

SURVIVORS = {
    (
        "14.6",
        "self.interpolate(real, fake) -> self.interpolate(fake, real)",
    ): "ε and 1 − ε have one distribution, so the points are as good from the other end",
    ("14.4", "no gradient by: real"): "the images are data here: nothing learns through the points",
    ("14.4", "no gradient by: fake"): "the critic alone learns from the points, and the fakes come from outside of its tape",
    ("14.5", "no gradient by: points"): "the function takes its own gradient by the points; the critic's weights learn through it",
    ("14.6", "super().generate for self.generate"): "in this lesson the base class's `generate` is the only one",
}
