"""Wrong and alternative answers to the exercises of lesson 11."""

BEST = "def optimal_discriminator(p, q):\n    "
JS = (
    "def js_divergence(p, q):\n    def kl(a, b):\n        some = {some}\n        return {each}\n"
    "    m = {middle}\n    return {result}\n"
)
D_LOSS = "def discriminator_loss(real_logits, fake_logits):\n    r, f = real_logits, fake_logits\n    "
G_LOSS = "def generator_loss(fake_logits):\n    f = fake_logits\n    "
BRIGHT = "def brightness_detective(real, fake):\n"


def js(some="a > 0", each="np.sum(a[some] * np.log(a[some] / b[some]))", middle="(p + q) / 2",
       result="float(0.5 * kl(p, m) + 0.5 * kl(q, m))"):  # fmt: skip
    """An answer to 11.2 with one thing changed."""
    return JS.format(some=some, each=each, middle=middle, result=result)


def phases(codings="self.draw_codings(ops.shape(real)[0])", fake="self.generate(z, training=True)", outside=True,
           judged="self.judge(real), self.judge(fake)", loss="self.game.discriminator(r, f)",
           network="self.discriminator", optimizer="self.discriminator_optimizer", step="{o}.apply(tape.gradient(loss, v), v)",
           note="self.note(d_loss=loss, real_accuracy=r > 0, fake_accuracy=f < 0)",
           codings_2="self.draw_codings(ops.shape(real)[0])", fake_2="self.generate(z, training=True)", inside=True,
           judged_2="self.judge(fake)", loss_2="self.game.generator(f)", network_2="self.generator",
           optimizer_2="self.generator_optimizer", step_2="{o}.apply(tape.gradient(loss, v), v)",
           note_2="self.note(g_loss=loss)", average="self.average()"):  # fmt: skip
    """An answer to 11.5 with one thing changed."""
    made, made_2 = f"            fake = {fake}\n", f"            fake = {fake_2}\n"
    return (
        "class GAN(gans.GAN):\n    def discriminator_phase(self, real, labels=None):\n"
        f"        z = {codings}\n" + ("" if not outside else made[4:]) + "        with tf.GradientTape() as tape:\n"
        + ("" if outside else made) + f"            r, f = {judged}\n            loss = {loss}\n"
        f"        v = {network}.trainable_variables\n        {step.format(o=optimizer)}\n        {note}\n\n"
        "    def generator_phase(self, real, labels=None):\n"
        f"        z = {codings_2}\n" + ("" if inside else made_2[4:]) + "        with tf.GradientTape() as tape:\n"
        + (made_2 if inside else "") + f"            f = {judged_2}\n            loss = {loss_2}\n"
        f"        v = {network_2}.trainable_variables\n        {step_2.format(o=optimizer_2)}\n        {note_2}\n"
        f"        {average}\n"
    )  # fmt: skip


def moved(weights="network.trainable_variables", copy="v.numpy()", differ="any(np.any(old != v.numpy()) for old, v in pairs)",
          call="phase()", result="names", early=False, networks="{'generator': model.generator, 'discriminator': model.discriminator}"):  # fmt: skip
    """An answer to 11.6 with one thing changed."""
    first = f"    {call}\n" if early else ""
    return (
        f"def networks_moved(model, phase):\n    networks = {networks}\n{first}"
        f"    before = {{n: [{copy} for v in {weights}] for n, network in networks.items()}}\n"
        + ("" if early else f"    {call}\n") + "    names = set()\n    for n, network in networks.items():\n"
        f"        pairs = list(zip(before[n], {weights}))\n        if {differ}:\n            names.add(n)\n    return {result}\n"
    )  # fmt: skip


def bright(means="np.concatenate([real, fake]).mean(axis=(1, 2))", thresholds="np.unique(means)", is_real="np.arange(len(means)) < len(real)",
           right="np.mean((means > t) == is_real)", best="max(best, right, 1 - right)", start="0.5", result="float(best)"):  # fmt: skip
    """An answer to 11.7 with one thing changed."""
    return (
        f"{BRIGHT}    means = {means}\n    is_real = {is_real}\n    best = {start}\n"
        f"    for t in {thresholds}:\n        right = {right}\n        best = {best}\n    return {result}\n"
    )


WRONG = [
    ("11.1", "fake's probability", BEST + "return q / (p + q)", "probability of a fake"),
    ("11.1", "ratio", BEST + "return p / q", "ratio of the densities"),
    ("11.1", "difference", BEST + "return p - q", "p − q"),
    ("11.1", "verdict", BEST + "return (p > q).astype(float)", "not a verdict"),
    ("11.1", "logit", BEST + "return np.log(p / q)", "logit of the best D"),
    ("11.1", "mixture", BEST + "return (p + q) / 2", "mixture"),
    ("11.1", "whole sum", BEST + "return p / np.sum(p + q)", "place by place"),
    ("11.1", "normalised first", BEST + "p, q = p / p.sum(), q / q.sum()\n    return p / (p + q)", "used as they are"),
    ("11.1", "in place", BEST + "p /= p + q\n    return p", "changes its argument"),
    ("11.1", "nan at 0/0", BEST + "return p / (p + q)", "0/0 is NaN"),
    ("11.1", "0 at 0/0", BEST + "return np.nan_to_num(p / (p + q))", "½ is asked for"),
    ("11.1", "epsilon", BEST + "return np.where(p + q > 0, p / (p + q + 1e-8), 0.5)", "spoils"),
    ("11.1", "warning", BEST + "return np.where(p + q > 0, p / (p + q), 0.5)", "with a warning"),
    ("11.2", "KL", js(result="kl(p, q)"), "not symmetric"),
    ("11.2", "symmetric KL", js(result="(kl(p, q) + kl(q, p)) / 2"), "compare each with the mixture"),
    ("11.2", "no halves", js(result="kl(p, m) + kl(q, m)"), "factors ½ are missing"),
    ("11.2", "one side", js(result="kl(p, m)"), "KL\\(p ‖ m\\) alone"),
    ("11.2", "root", js(result="np.sqrt(0.5 * kl(p, m) + 0.5 * kl(q, m))"), "square root"),
    ("11.2", "bits", js(result="(kl(p, m) + kl(q, m)) / 2 / np.log(2)"), "in bits"),
    ("11.2", "mixture not halved", js(middle="p + q"), "JSD − log 2"),
    ("11.2", "other way round", js(result="(kl(m, p) + kl(m, q)) / 2"), "other way round"),
    ("11.2", "value", js(result="-np.log(4) + kl(p, m) + kl(q, m)"), "value −log 4"),
    ("11.2", "each cell", js(each="a * np.log(a / b)", result="0.5 * kl(p, m) + 0.5 * kl(q, m)"), "one number for each cell"),
    ("11.2", "nan with zeros", js(each="np.sum(a * np.log(a / b))"), "contributes 0"),
    ("11.2", "drops cells of either", js(some="(p > 0) & (q > 0)"), "left out altogether"),
    ("11.2", "one axis", js(some="...", each="np.sum(np.sum(np.atleast_2d(a * np.log(a / b)), axis=1)[:1])"), "sum over every axis"),
    ("11.3", "swapped", D_LOSS + "return ops.mean(ops.softplus(r)) + ops.mean(ops.softplus(-f))", "swapped"),
    ("11.3", "halved", D_LOSS + "return (ops.mean(ops.softplus(-r)) + ops.mean(ops.softplus(f))) / 2", "added, not averaged"),
    ("11.3", "no fakes", D_LOSS + "return ops.mean(ops.softplus(-r))", "part of the fakes is missing"),
    ("11.3", "value", D_LOSS + "return -ops.mean(ops.softplus(-r)) - ops.mean(ops.softplus(f))", "maximises"),
    ("11.3", "sum", D_LOSS + "return ops.sum(ops.softplus(-r)) + ops.sum(ops.softplus(f))", "sum over the batch"),
    ("11.3", "one mean", D_LOSS + "return ops.mean(ops.softplus(ops.concatenate([-r, f])))", "mean of its own"),
    ("11.3", "fakes called real", D_LOSS + "return ops.mean(ops.softplus(-r)) + ops.mean(ops.softplus(-f))", "calls the fakes real"),
    ("11.3", "sigmoid first", D_LOSS + "return ops.mean(ops.softplus(-ops.sigmoid(r))) + ops.mean(ops.softplus(ops.sigmoid(f)))",
     "before softplus"),
    ("11.3", "log of sigmoid", D_LOSS + "return -ops.mean(ops.log(ops.sigmoid(r))) - ops.mean(ops.log(1 - ops.sigmoid(f)))",
     r"logits of -1000|logits of \+1000"),
    ("11.3", "exp overflows", D_LOSS + "return ops.mean(ops.log(1 + ops.exp(-r))) + ops.mean(ops.log(1 + ops.exp(f)))", "1000"),
    ("11.3", "clipped", D_LOSS + "d = lambda x: ops.clip(ops.sigmoid(x), 1e-7, 1 - 1e-7)\n"
     "    return -ops.mean(ops.log(d(r))) - ops.mean(ops.log(1 - d(f)))", "1000"),
    ("11.3", "numpy", D_LOSS + "return np.mean(np.logaddexp(0, -r.numpy())) + np.mean(np.logaddexp(0, f.numpy()))", "no gradient passes"),
    ("11.3", "not averaged", D_LOSS + "return ops.softplus(-r[:5]) + ops.softplus(f[:5])", "one number"),
    ("11.4", "saturating", G_LOSS + "return -ops.mean(ops.softplus(f))", "saturating loss"),
    ("11.4", "detective's", G_LOSS + "return ops.mean(ops.softplus(f))", "discriminator pays"),
    ("11.4", "sign", G_LOSS + "return -ops.mean(ops.softplus(-f))", "sign is wrong"),
    ("11.4", "sum", G_LOSS + "return ops.sum(ops.softplus(-f))", "sum over the batch"),
    ("11.4", "no logarithm", G_LOSS + "return 1 - ops.mean(ops.sigmoid(f))", "without the logarithm"),
    ("11.4", "logit", G_LOSS + "return -ops.mean(f)", "another game"),
    ("11.4", "log of sigmoid", G_LOSS + "return -ops.mean(ops.log(ops.sigmoid(f)))", "-1000"),
    ("11.4", "epsilon", G_LOSS + "return -ops.mean(ops.log(ops.sigmoid(f) + 1e-8))", "-1000"),
    ("11.4", "mean first", G_LOSS + "return ops.softplus(-ops.mean(f))", "before the softplus"),
    ("11.4", "each", G_LOSS + "return ops.softplus(-f)", "one number"),
    ("11.5", "inference mode in phase 1", phases(fake="self.generator(z)"), "inference mode.*another generator"),
    ("11.5", "inference mode in phase 1, spelt out", phases(fake="self.generator(z, training=False)"), "inference mode"),
    ("11.5", "inference mode in phase 2", phases(fake_2="self.generator(z)"), "made in inference mode"),
    ("11.5", "discriminator in inference mode", phases(judged_2="self.discriminator(fake)"), "use self.judge"),
    ("11.5", "swapped", phases(loss="self.game.discriminator(f, r)"), "swapped"),
    ("11.5", "generator's loss in phase 1", phases(loss="self.game.generator(f)"), "generator's loss"),
    ("11.5", "real twice", phases(judged="self.judge(real), self.judge(real)"), "fakes never"),
    ("11.5", "fake twice", phases(judged="self.judge(fake), self.judge(fake)"), "real images never"),
    ("11.5", "generator learns in phase 1", phases(network="self.generator", outside=False), "not its own"),
    ("11.5", "both learn in phase 1", phases(outside=False, network="self", step="self.generator_optimizer.apply(tape.gradient(loss, "
     "self.generator.trainable_variables), self.generator.trainable_variables)").replace("tf.GradientTape() as tape", "tf.GradientTape(persistent=True) as tape", 1)
     .replace("        self.note(d", "        w = self.discriminator.trainable_variables\n        self.discriminator_optimizer.apply(tape.gradient(loss, w), w)\n        self.note(d", 1),
     "generator moves as well"),
    ("11.5", "discriminator learns in phase 2", phases(network_2="self.discriminator", optimizer_2="self.discriminator_optimizer"),
     "in which the discriminator learns"),
    ("11.5", "frozen discriminator", phases(step="self.discriminator.trainable = False"), "freezes a network"),
    ("11.5", "fakes outside the tape", phases(inside=False), "made there as well"),
    ("11.5", "fakes labelled fake", phases(loss_2="ops.mean(ops.softplus(f))"), "seen through"),
    ("11.5", "saturating", phases(loss_2="-ops.mean(ops.softplus(f))"), "saturating"),
    ("11.5", "uphill", phases(loss="-self.game.discriminator(r, f)"), "uphill"),
    ("11.5", "summed", phases(loss="self.game.discriminator(r, f) * ops.cast(ops.shape(real)[0], 'float32')"), "sum over the batch"),
    ("11.5", "other optimizer", phases(optimizer="self.generator_optimizer"), "not its own"),
    ("11.5", "stopped gradient", phases(judged_2="ops.stop_gradient(self.judge(fake))"), "no gradient"),
    ("11.5", "numpy inside", phases(loss="self.game.discriminator(r, f) + 0 * float(ops.mean(r))"), "not inside fit"),
    ("11.5", "fixed count", phases(codings="self.draw_codings(4)"), "codings"),
    ("11.5", "length", phases(codings="self.draw_codings(len(real))"), "not inside fit|codings drawn"),
    ("11.5", "nothing noted", phases(note="pass"), "no d_loss noted"),
    ("11.5", "accuracies swapped", phases(note="self.note(d_loss=loss, real_accuracy=r < 0, fake_accuracy=f > 0)"), "above 0|below 0"),
    ("11.5", "no average", phases(average="pass"), "running average"),
    ("11.6", "no copies", moved(copy="v"), "copied before"),
    ("11.6", "too late", moved(early=True), "copied before"),
    ("11.6", "running averages too", moved(weights="network.weights"), "running averages are no learning"),
    ("11.6", "first weight only", moved(weights="network.trainable_variables[:1]"), "all weights"),
    ("11.6", "last weight only", moved(weights="network.trainable_variables[-1:]"), "every weight counts"),
    ("11.6", "sums", moved(differ="any(np.sum(old) != np.sum(v.numpy()) for old, v in pairs)"), "cancel out|compare"),
    ("11.6", "tolerance", moved(differ="any(not np.allclose(old, v.numpy(), atol=1e-3) for old, v in pairs)"), "any change counts"),
    ("11.6", "all must move", moved(differ="all(np.any(old != v.numpy()) for old, v in pairs)"), "weights"),
    ("11.6", "phase not called", moved(call="phase"), "not called"),
    ("11.6", "phase twice", moved(call="phase(); phase()"), "2 calls"),
    ("11.6", "one network", moved(networks="{'generator': model.generator}"), "no network"),
    ("11.6", "exchanged", moved(networks="{'generator': model.discriminator, 'discriminator': model.generator}"), "apart"),
    ("11.6", "Keras names", moved(networks="{net.name: net for net in (model.generator, model.discriminator)}"), "names of the attributes"),
    ("11.6", "a number", moved(result="len(names)"), "a set of names"),
    ("11.6", "unmoved", moved(differ="not any(np.any(old != v.numpy()) for old, v in pairs)"), "nothing has changed"),
    ("11.7", "real is brighter", bright(best="max(best, right)"), "brighter side"),
    ("11.7", "real is darker", bright(best="max(best, 1 - right)"), "darker side"),
    ("11.7", "half-way", bright(thresholds="[(real.mean() + fake.mean()) / 2]"), "half-way"),
    ("11.7", "at zero", bright(thresholds="[0.0]"), "at 0"),
    ("11.7", "pixels", bright(means="np.concatenate([real, fake]).ravel()", is_real="np.arange(len(means)) < real.size"), "single pixels"),
    ("11.7", "spread", bright(means="np.concatenate([real, fake]).std(axis=(1, 2))"), "spread of the pixels"),
    ("11.7", "distance", bright(result="2 * float(best) - 1"), "Kolmogorov"),
    ("11.7", "wrong share", bright(result="1 - float(best)"), "gets wrong"),
    ("11.7", "a count", bright(result="float(best) * len(means)"), "not a share"),
    ("11.7", "one axis", bright(means="np.concatenate([real, fake]).mean(axis=1)"), "."),
    ("11.5", "the same step twice", "class GAN(gans.GAN):\n    def discriminator_phase(self, real, labels=None):\n        real_count = ops.shape(real)[0]\n"
     "        fake = self.generate(self.draw_codings(real_count), training=True)\n        with tf.GradientTape() as tape:\n            real_logits = self.judge(real)\n"
     "            fake_logits = self.judge(fake)\n            loss = self.game.discriminator(real_logits, fake_logits)\n"
     "        variables = self.discriminator.trainable_variables\n        gradients = tape.gradient(loss, variables)\n"
     "        self.discriminator_optimizer.apply(gradients, variables)\n        self.discriminator_optimizer.apply(gradients, variables)\n"
     "        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)\n\n    def generator_phase(self, real, labels=None):\n"
     "        codings = self.draw_codings(ops.shape(real)[0])\n        with tf.GradientTape() as tape:\n"
     "            fake_logits = self.judge(self.generate(codings, training=True))\n            loss = self.game.generator(fake_logits)\n"
     "        variables = self.generator.trainable_variables\n        gradients = tape.gradient(loss, variables)\n"
     "        self.generator_optimizer.apply(gradients, variables)\n        self.note(g_loss=loss)\n        self.average()", "with the same gradient"),
    ("11.6", "all entries", "def networks_moved(model, phase):\n    nets = {\"generator\": model.generator, \"discriminator\": model.discriminator}\n"
     "    before = {n: [np.array(v) for v in net.trainable_variables] for n, net in nets.items()}\n    phase()\n    moved = set()\n    for n, net in nets.items():\n"
     "        for old, new in zip(before[n], net.trainable_variables):\n            if np.all(old != np.array(new)):\n                moved.add(n)\n    return moved", "`any`, and not `all`"),
    ("11.6", "all variables", "def networks_moved(model, phase):\n    nets = {\"generator\": model.generator, \"discriminator\": model.discriminator}\n"
     "    before = {n: [np.array(v) for v in net.trainable_variables] for n, net in nets.items()}\n    phase()\n"
     "    return {n for n, net in nets.items() if all(np.any(o != np.array(v)) for o, v in zip(before[n], net.trainable_variables))}", "`any`, and not `all`"),
    ("11.6", "a list", "def networks_moved(model, phase):\n    nets = {\"generator\": model.generator, \"discriminator\": model.discriminator}\n"
     "    before = {n: [np.array(v) for v in net.trainable_variables] for n, net in nets.items()}\n    phase()\n    moved = set()\n    for n, net in nets.items():\n"
     "        for old, new in zip(before[n], net.trainable_variables):\n            if not np.array_equal(old, np.array(new)):\n                moved.add(n)\n"
     "    return sorted(moved)", "a set of names"),
    ("11.7", "mean over the images", "def brightness_detective(real, fake):\n    r, f = real.mean(axis=0).ravel(), fake.mean(axis=0).ravel()\n    best = 0.5\n    for t in np.concatenate([r, f]):\n"
     "        a = (np.mean(r > t) + np.mean(f <= t)) / 2\n        best = max(best, a, 1 - a)\n    return float(best)", "one for each pixel"),
    ("11.7", "means of columns", "def brightness_detective(real, fake):\n    r, f = real.mean(axis=1).ravel(), fake.mean(axis=1).ravel()\n    best = 0.5\n    for t in np.concatenate([r, f]):\n"
     "        a = (np.mean(r > t) + np.mean(f <= t)) / 2\n        best = max(best, a, 1 - a)\n    return float(best)", "down each column"),
    ("11.7", "the threshold itself", "def brightness_detective(real, fake):\n    r, f = real.mean(axis=(1, 2)), fake.mean(axis=(1, 2))\n    ts = np.unique(np.concatenate([r, f]))\n"
     "    acc = [max(a, 1 - a) for a in ((np.mean(r > t) + np.mean(f <= t)) / 2 for t in ts)]\n    return float(ts[int(np.argmax(acc))])", "this is a threshold"),
    ("11.7", "in pairs", "def brightness_detective(real, fake):\n    r, f = real.mean(axis=(1, 2)), fake.mean(axis=(1, 2))\n    a = np.mean(r > f)\n    return float(max(a, 1 - a))", "pairs of a real image and a fake"),
]  # fmt: skip

ALTERNATIVES = [
    ("11.1", "np.divide", BEST + "both = p + q\n    return np.divide(p, both, out=np.full(p.shape, 0.5), where=both > 0)"),
    ("11.1", "silenced", BEST + "with np.errstate(all='ignore'):\n        d = p / (p + q)\n    return np.where(np.isnan(d), 0.5, d)"),
    ("11.2", "loop", "def js_divergence(p, q):\n    total = 0.0\n    for a, b in zip(np.ravel(p), np.ravel(q)):\n"
     "        for x in (a, b):\n            if x > 0:\n                total += 0.5 * x * np.log(2 * x / (a + b))\n    return total"),
    ("11.2", "entropies", "def js_divergence(p, q):\n    def h(a):\n        a = a[a > 0]\n        return -np.sum(a * np.log(a))\n"
     "    return h((p + q) / 2) - (h(p) + h(q)) / 2"),
    ("11.3", "Keras' cross-entropy", D_LOSS + "bce = keras.losses.BinaryCrossentropy(from_logits=True)\n"
     "    return bce(ops.ones_like(r), r) + bce(ops.zeros_like(f), f)"),
    ("11.3", "log sigmoid", D_LOSS + "return -ops.mean(ops.log_sigmoid(r)) - ops.mean(ops.log_sigmoid(-f))"),
    ("11.4", "Keras' cross-entropy", G_LOSS + "return keras.losses.BinaryCrossentropy(from_logits=True)(ops.ones_like(f), f)"),
    ("11.5", "the engine's own pieces", "class GAN(gans.GAN):\n    pass\n"),
    ("11.5", "fakes inside the tape", phases(outside=False)),
    ("11.5", "apply_gradients", phases(step="{o}.apply_gradients(zip(tape.gradient(loss, v), v))")),
    ("11.5", "both judged at once", phases(judged="tf.split(self.judge(ops.concatenate([real, fake])), 2)")),
    ("11.6", "get_weights of trainable", "def networks_moved(model, phase):\n    def all_of(name):\n"
     "        return np.concatenate([v.numpy().ravel() for v in getattr(model, name).trainable_variables])\n"
     "    names = ('generator', 'discriminator')\n    before = [all_of(name) for name in names]\n    phase()\n"
     "    return {name for name, old in zip(names, before) if not np.array_equal(old, all_of(name))}"),
    ("11.7", "sorted", BRIGHT + "    a, b = (np.sort(x.reshape(len(x), -1).mean(axis=1)) for x in (real, fake))\n"
     "    t = np.concatenate([a, b])\n    gap = np.searchsorted(a, t, 'right') - np.searchsorted(b, t, 'right')\n"
     "    return float(0.5 + np.abs(gap).max() / len(a) / 2)"),
]  # fmt: skip

OWN_D = {
    "half a cross-entropy": "(ops.mean(ops.softplus(-r)) + ops.mean(ops.softplus(f))) / 2",
    "least squares": "ops.mean((r - 1) ** 2) + ops.mean(f**2)",
    "no from_logits": "keras.losses.BinaryCrossentropy()(ops.ones_like(r), r) + keras.losses.BinaryCrossentropy()(ops.zeros_like(f), f)",
    "0.9": "keras.losses.BinaryCrossentropy(True)(0.9 * ops.ones_like(r), r) + keras.losses.BinaryCrossentropy(True)(ops.zeros_like(f), f)",
}
WRONG += [
    ("11.1", "small everywhere", BEST + "return np.where(p + q > 1e-10, p / np.maximum(p + q, 1e-300), 0.5)", "chosen wherever p"),
    ("11.1", "1e-12 below", BEST + "return p / (p + q + 1e-12)", "½ is asked for only where both"),
    ("11.1", "1e-6 below", BEST + "return np.where(p + q > 0, p / (p + q + 1e-6), 0.5)", "spoils the values|spoils tiny"),
    ("11.1", "tanh", BEST + "return (p - q) / (p + q)", "from −1 to 1"),
    ("11.2", "SciPy's distance", "def js_divergence(p, q):\n    from scipy.spatial.distance import jensenshannon\n    return jensenshannon(np.ravel(p), np.ravel(q))", "square root"),
    ("11.2", "total variation", "def js_divergence(p, q):\n    return 0.5 * np.abs(p - q).sum()", "total variation"),
    ("11.3", "no from_logits", D_LOSS + "b = keras.losses.BinaryCrossentropy()\n    return b(ops.ones_like(r), r) + b(ops.zeros_like(f), f)", "from_logits=True is missing"),
    ("11.3", "swapped arguments", D_LOSS + "b = keras.losses.BinaryCrossentropy(from_logits=True)\n    return b(r, ops.ones_like(r)) + b(f, ops.zeros_like(f))", "arguments of the cross-entropy"),
    ("11.3", "0.9", D_LOSS + "b = keras.losses.BinaryCrossentropy(from_logits=True)\n    return b(0.9 * ops.ones_like(r), r) + b(ops.zeros_like(f), f)", "labels of real images are 0.9"),
    ("11.3", "label smoothing", D_LOSS + "b = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)\n    return b(ops.ones_like(r), r) + b(ops.zeros_like(f), f)", "0.95 and 0.05"),
    ("11.3", "least squares", D_LOSS + "return ops.mean((r - 1) ** 2) + ops.mean(f**2)", "without its ½"),
    ("11.3", "NumPy, wrapped", D_LOSS + "return ops.convert_to_tensor(np.mean(np.logaddexp(0, -r)) + np.mean(np.logaddexp(0, f)), 'float32')", "no gradient"),
    ("11.3", "a Python if", D_LOSS + "loss = ops.mean(ops.softplus(-r)) + ops.mean(ops.softplus(f))\n    return loss if loss > 0 else 0 * loss", "once compiled"),
    ("11.4", "no from_logits", G_LOSS + "return keras.losses.BinaryCrossentropy()(ops.ones_like(f), f)", "from_logits=True is missing"),
    ("11.4", "swapped arguments", G_LOSS + "return keras.losses.BinaryCrossentropy(from_logits=True)(f, ops.ones_like(f))", "arguments of the cross-entropy"),
    ("11.4", "0.9", G_LOSS + "return keras.losses.BinaryCrossentropy(from_logits=True)(0.9 * ops.ones_like(f), f)", "label is 0.9"),
    ("11.4", "NumPy", G_LOSS + "return np.logaddexp(0, -f).mean()", "no gradient"),
    *(("11.5", f"own loss: {name}", phases(loss=loss), "use self.game.discriminator") for name, loss in OWN_D.items()),
    ("11.5", "own loss of the game's name", phases(loss="ops.mean(ops.softplus(-r)) + ops.mean(ops.softplus(f))"), "of your own.*self.game"),
    ("11.5", "own generator's loss", phases(loss_2="ops.mean(ops.softplus(-f))"), "of your own.*self.game.generator"),
    ("11.5", "least squares in phase 2", phases(loss_2="ops.mean((f - 1) ** 2)"), "least-squares"),
    ("11.6", "allclose", moved(differ="any(not np.allclose(old, v.numpy()) for old, v in pairs)"), "not with np.allclose"),
    ("11.6", "norms", moved(differ="any(np.linalg.norm(old) != np.linalg.norm(v.numpy()) for old, v in pairs)"), "compare"),
    ("11.7", "medians", bright(means="np.median(np.concatenate([real, fake]), axis=(1, 2))"), "median of the pixels"),
    ("11.7", "largest pixels", bright(means="np.concatenate([real, fake]).max(axis=(1, 2))"), "largest pixel"),
    ("11.7", "at the median", bright(thresholds="[np.median(means)]"), "median of all means"),
    ("11.1", "p by p + p", BEST + "return p / (p + p)", "½ everywhere"),
    ("11.1", "1e-20 below", BEST + "return np.where(p + q > 0, p / (p + q + 1e-20), 0.5)", "here 1e-20"),
    ("11.2", "the larger", js(result="max(kl(p, m), kl(q, m))"), "larger of the two"),
    ("11.2", "the other side", js(result="kl(q, m)"), "KL\\(q ‖ m\\) alone"),
    ("11.5", "the fakes' accuracy for both", phases(note="self.note(d_loss=loss, real_accuracy=f < 0, fake_accuracy=f < 0)"), "these are the fakes"),
    ("11.7", "area under the curve", BRIGHT + "    a, b = (x.mean(axis=(1, 2)) for x in (real, fake))\n    area = (a[:, None] > b).mean()\n    return float(max(area, 1 - area))\n", "area under the ROC"),
    ("11.7", "scikit-learn's area", BRIGHT + "    from sklearn.metrics import roc_auc_score\n    means = np.concatenate([real, fake]).mean(axis=(1, 2))\n"
     "    return roc_auc_score(np.arange(len(means)) < len(real), means)\n", "area under the ROC"),
    ("11.7", "at real means", bright(thresholds="means[: len(real)]"), "real images were tried"),
]  # fmt: skip

ALTERNATIVES += [
    ("11.1", "errstate", BEST + "with np.errstate(invalid='ignore', divide='ignore'):\n        return np.where((p == 0) & (q == 0), 0.5, p / (p + q))"),
    ("11.1", "masked", BEST + "d = np.full(np.shape(p), 0.5)\n    some = (p > 0) | (q > 0)\n    d[some] = p[some] / (p[some] + q[some])\n    return d"),
    ("11.1", "zeros filled", BEST + "nothing = (p + q) == 0\n    return (p + 0.5 * nothing) / (p + q + nothing)"),
    ("11.1", "place by place", BEST + "return np.vectorize(lambda a, b: a / (a + b) if a + b > 0 else 0.5)(p, q)"),
    ("11.2", "SciPy", "def js_divergence(p, q):\n    from scipy.spatial.distance import jensenshannon\n    return jensenshannon(np.ravel(p), np.ravel(q)) ** 2"),
    ("11.2", "rel_entr", "def js_divergence(p, q):\n    from scipy.special import rel_entr\n    m = (p + q) / 2\n    return 0.5 * np.sum(rel_entr(p, m) + rel_entr(q, m))"),
    ("11.2", "where", js(some="...", each="np.sum(np.where(a > 0, a * np.log(np.where(a > 0, a, 1) / np.where(b > 0, b, 1)), 0))")),
    ("11.2", "xlogy", "def js_divergence(p, q):\n    from scipy.special import xlogy\n    m = (p + q) / 2\n    return float(0.5 * (xlogy(p, p) + xlogy(q, q)).sum() - xlogy(m, m).sum())"),
    ("11.3", "TensorFlow", D_LOSS + "s = tf.nn.sigmoid_cross_entropy_with_logits\n    return tf.reduce_mean(s(labels=tf.ones_like(r), logits=r)) + tf.reduce_mean(s(labels=tf.zeros_like(f), logits=f))"),
    ("11.3", "two means in one", D_LOSS + "return ops.mean(ops.softplus(-r)) - ops.mean(ops.log_sigmoid(-f))"),
    ("11.3", "ops' cross-entropy", D_LOSS + "return ops.mean(ops.binary_crossentropy(ops.ones_like(r), r, from_logits=True)) + ops.mean(ops.binary_crossentropy(ops.zeros_like(f), f, from_logits=True))"),
    ("11.3", "logaddexp", D_LOSS + "return ops.mean(ops.logaddexp(ops.zeros_like(r), -r)) + ops.mean(ops.logaddexp(ops.zeros_like(f), f))"),
    ("11.4", "log sigmoid", G_LOSS + "return -ops.mean(ops.log_sigmoid(f))"),
    ("11.4", "TensorFlow", G_LOSS + "return tf.reduce_mean(tf.nn.softplus(-f))"),
    ("11.4", "identity", G_LOSS + "return ops.mean(ops.softplus(f) - f)"),
    ("11.4", "sum over size", G_LOSS + "return ops.sum(ops.softplus(-f)) / ops.cast(ops.size(f), 'float32')"),
    ("11.4", "sigmoid cross-entropy", G_LOSS + "return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.ones_like(f), logits=f))"),
    ("11.5", "trainable_weights", phases(network="self.discriminator", network_2="self.generator").replace("trainable_variables", "trainable_weights")),
    ("11.5", "the networks themselves", phases(fake="self.generator(z, training=True)", judged="self.discriminator(real, training=True), self.discriminator(fake, training=True)")),
    ("11.6", "tensors", moved(copy="tf.identity(v.value)", differ="any(bool(ops.any(old != v.value)) for old, v in pairs)")),
    ("11.6", "lists", moved(copy="v.numpy().tolist()", differ="any(old != v.numpy().tolist() for old, v in pairs)")),
    ("11.6", "bytes", moved(copy="v.numpy().tobytes()", differ="any(old != v.numpy().tobytes() for old, v in pairs)")),
    ("11.6", "largest difference", moved(differ="max(np.abs(old - v.numpy()).max() for old, v in pairs) > 0")),
    ("11.6", "array_equal", moved(copy="np.array(v)", differ="not all(np.array_equal(old, np.array(v)) for old, v in pairs)")),
    ("11.7", "all thresholds at once", BRIGHT + "    a, b = real.mean((1, 2)), fake.mean((1, 2))\n    t = np.concatenate([a, b])[:, None]\n"
     "    share = ((a > t).sum(1) + (b <= t).sum(1)) / (2 * len(a))\n    return max(0.5, share.max(), 1 - share.min())"),
    ("11.7", "Kolmogorov–Smirnov", BRIGHT + "    from scipy.stats import ks_2samp\n    return 0.5 + ks_2samp(real.mean((1, 2)), fake.mean((1, 2)), method='asymp').statistic / 2"),
    ("11.7", "between the means", bright(thresholds="np.concatenate([[-1e9], np.convolve(np.sort(means), [0.5, 0.5], 'valid')])")),
    ("11.7", "running sums", BRIGHT + "    m = np.concatenate([real, fake]).reshape(2 * len(real), -1).mean(1)\n    order = np.argsort(m, kind='stable')\n"
     "    s = np.cumsum(np.where(order < len(real), 1, -1))\n    ends = np.append(np.diff(m[order]) > 0, True)\n    return 0.5 + np.abs(s[ends]).max() / len(m)"),
    ("11.7", "as real from below", bright(right="np.mean((means <= t) == is_real)")),
]  # fmt: skip

SIDES = "she may call either side real, so exchanging the two sides changes nothing"
SURVIVORS = {
    ("11.1", "1 -> 2"): "the number stands where p + q is 0, and what comes of it is not used",
    ("11.7", "np.arange(len(means)) < len(real) -> np.arange(len(means)) >= len(real)"): SIDES,
    ("11.7", "(means > threshold) == is_real -> (means > threshold) != is_real"): SIDES,
    ("11.7", "means > threshold -> means <= threshold"): SIDES,
    ("11.7", "max(best, right, 1 - right) -> max(right, best, 1 - right)"): "the order of the arguments of max does not matter",
    ("11.5", "real_logits > 0 -> real_logits >= 0"): "a logit of exactly 0 takes no side, and does not happen",
    ("11.5", "fake_logits < 0 -> fake_logits <= 0"): "a logit of exactly 0 takes no side, and does not happen",
    ("11.7", "means > threshold -> means >= threshold"): "each threshold is one of the means: both ways make all the cuts between them",
    ("11.5", "super().generate for self.generate"): "in this lesson the base class's `generate` is the only one",
    ("11.5", "super().average for self.average"): "in this lesson the base class's `average` is the only one",
}
