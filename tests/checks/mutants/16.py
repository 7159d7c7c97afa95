"""Wrong and alternative answers to the exercises of lesson 16."""


def adain(axes="(1, 2)", centred="x - mean", scaled="/ ops.sqrt(variance + 1e-8)", end="scale[:, None, None, :] * normalized + bias[:, None, None, :]"):
    """An answer to 16.1 with one thing changed."""
    return (
        f"def adain(x, scale, bias):\n    mean = ops.mean(x, axis={axes}, keepdims=True)\n"
        f"    variance = ops.var(x, axis={axes}, keepdims=True)\n    normalized = ({centred}) {scaled}\n    return {end}\n"
    )


def noise(build="self.scales = self.add_weight(shape=(input_shape[-1],), initializer='zeros', name='scales')", call="x + noise * self.scales"):
    """An answer to 16.2 with one thing changed."""
    return (
        f"class ScaledNoise(keras.layers.Layer):\n    def build(self, input_shape):\n        {build}\n\n"
        f"    def call(self, x, noise):\n        return {call}\n"
    )


def r1(end="0.5 * ops.mean(ops.sum(ops.square(gradient), axis=(1, 2, 3)))", asked="logits = discriminator(real)", of="logits, real", watch="tape.watch(real)"):
    """An answer to 16.3 with one thing changed."""
    return (
        f"def r1_penalty(discriminator, real):\n    with tf.GradientTape() as tape:\n        {watch}\n        {asked}\n"
        f"    gradient = tape.gradient({of})\n    return {end}\n"
    )


def mix(end="ops.where(from_first[:, :, None], first, second)", test="layers[None, :] < ops.cast(places, layers.dtype)[:, None]"):
    """An answer to 16.4 with one thing changed."""
    return f"def mix(first, second, places):\n    layers = ops.arange(first.shape[1])\n    from_first = {test}\n    return {end}\n"


def lots(places="rng.integers(1, layers, size=count)", mixes="rng.random(count) < share", end="np.where(mixes, places, layers)"):
    """An answer to 16.5 with one thing changed."""
    return f"def crossovers(count, layers, share, rng):\n    places = {places}\n    mixes = {mixes}\n    return {end}\n"


def path(
    line="(1 - t) * a + t * b", arc="(np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)", column="t = t[:, None]",
    steps="features(point(t + epsilon)) - features(point(t))", end="np.mean(np.sum(difference**2, axis=1)) / epsilon**2", test="not arc",
    angle="np.arccos(np.clip(np.sum(a * b, axis=1), -1, 1))[:, None]",
):  # fmt: skip
    """An answer to 16.6 with one thing changed."""
    return (
        f"def path_length(features, a, b, t, epsilon=1e-3, arc=False):\n    def point(t):\n        {column}\n        if {test}:\n"
        f"            return {line}\n        angle = {angle}\n        return {arc}\n\n    difference = {steps}\n    return float({end})\n"
    )


def pull(pulled="mean + psi * (w - mean)", test="cutoff is None", end="np.concatenate([pulled[:, :cutoff], w[:, cutoff:]], axis=1)"):
    """An answer to 16.7 with one thing changed."""
    return f"def truncate(w, mean, psi, cutoff=None):\n    pulled = {pulled}\n    if {test}:\n        return pulled\n    return {end}\n"


WRONG = [
    ("16.1", "over the batch", adain("(0, 1, 2)"), "must not depend on the others"),
    ("16.1", "over the batch alone", adain("0"), "over the batch only"),
    ("16.1", "over all maps", adain("(1, 2, 3)"), "layer normalization"),
    ("16.1", "over the maps", adain("3"), "pixel normalization"),
    ("16.1", "over the height", adain("1"), "one of the two axes"),
    ("16.1", "over the width", adain("2"), "width only"),
    ("16.1", "no root", adain(scaled="/ (variance + 1e-8)"), "divided by the variance"),
    ("16.1", "scale and bias exchanged", adain(end="bias[:, None, None, :] * normalized + scale[:, None, None, :]"), "exchanged"),
    ("16.1", "no mean", adain(centred="x"), "mean was not subtracted"),
    ("16.1", "no deviation", adain(scaled=""), "deviation is missing"),
    ("16.1", "no bias", adain(end="scale[:, None, None, :] * normalized"), "bias is missing"),
    ("16.1", "1 + scale", adain(end="(1 + scale[:, None, None, :]) * normalized + bias[:, None, None, :]"), "1 \\+ scale"),
    ("16.1", "nothing under the root", adain(scaled="/ ops.sqrt(variance)"), "nothing is added under the root"),
    ("16.1", "a large number under the root", adain(scaled="/ ops.sqrt(variance + 1.0)"), "axis=\\(1, 2\\)"),
    ("16.1", "axes of the style", adain(end="scale[:, :, None, None] * normalized + bias[:, :, None, None]"), ""),
    ("16.2", "starts at 1", noise("self.scales = self.add_weight(shape=(input_shape[-1],), initializer='ones')"), "start at 1"),
    ("16.2", "Keras' usual start", noise("self.scales = self.add_weight(shape=(input_shape[-1],))"), "start at|zeros"),
    ("16.2", "one factor", noise("self.scales = self.add_weight(shape=(), initializer='zeros')"), "one factor for all maps"),
    ("16.2", "one factor in brackets", noise("self.scales = self.add_weight(shape=(1,), initializer='zeros')"), "one factor for all maps"),
    ("16.2", "a factor for each pixel", noise("self.scales = self.add_weight(shape=tuple(input_shape[1:]), initializer='zeros')"), "another size"),
    ("16.2", "not trained", noise("self.scales = self.add_weight(shape=(input_shape[-1],), initializer='zeros', trainable=False)"), "not trained"),
    ("16.2", "a constant", noise("self.scales = ops.zeros((input_shape[-1],))"), "without weights"),
    ("16.2", "other name", noise("self.factor = self.add_weight(shape=(input_shape[-1],), initializer='zeros')", "x + noise * self.factor"), "self.scales"),
    ("16.2", "height", noise("self.scales = self.add_weight(shape=(input_shape[1],), initializer='zeros')", "x + 0 * noise"), "number of maps"),
    ("16.2", "unscaled", noise(call="x + noise"), "multiply it by self.scales"),
    ("16.2", "maps scaled too", noise(call="(x + noise) * self.scales"), "only the noise is|maps are lost"),
    ("16.2", "multiplied", noise(call="x * (1 + noise * self.scales)"), "noise is added"),
    ("16.2", "no noise", noise(call="x + self.scales"), "where is the noise"),
    ("16.2", "its own noise", noise(call="x + keras.random.normal(ops.shape(x)) * self.scales"), "noise that you are given"),
    ("16.2", "the noise lost", noise(call="x"), "factors are not used"),
    ("16.3", "no half", r1("ops.mean(ops.sum(ops.square(gradient), axis=(1, 2, 3)))"), "½ is missing"),
    ("16.3", "not squared", r1("0.5 * ops.mean(ops.sqrt(ops.sum(ops.square(gradient), axis=(1, 2, 3))))"), "not squared"),
    ("16.3", "over the batch", r1("0.5 * ops.sum(ops.square(gradient))"), "sum over the batch"),
    ("16.3", "mean of pixels", r1("0.5 * ops.mean(ops.square(gradient))"), "mean over pixels"),
    ("16.3", "one length for all", r1("0.5 * ops.sqrt(ops.sum(ops.square(gradient)))"), "one number for all images"),
    ("16.3", "mean of the logits", r1(asked="logits = ops.mean(discriminator(real))"), "batch size"),
    ("16.3", "WGAN-GP", r1("ops.mean(ops.square(ops.sqrt(ops.sum(ops.square(gradient), axis=(1, 2, 3))) - 1))"), "lesson 14"),
    ("16.3", "no channels", r1("0.5 * ops.mean(ops.sum(ops.square(gradient), axis=(1, 2)))"), "channels"),
    ("16.3", "one each", r1("0.5 * ops.sum(ops.square(gradient), axis=(1, 2, 3))"), "one number"),
    ("16.3", "probabilities", r1(asked="logits = ops.sigmoid(discriminator(real))"), "slope of the probability"),
    ("16.3", "sum first", r1("0.5 * ops.mean(ops.square(ops.sum(gradient, axis=(1, 2, 3))))"), "opposite ones cancel"),
    ("16.3", "with γ", r1("0.5 * 10 * ops.mean(ops.sum(ops.square(gradient), axis=(1, 2, 3)))"), "γ is not asked"),
    ("16.3", "a float", r1("float(0.5 * ops.mean(ops.sum(ops.square(gradient), axis=(1, 2, 3))))"), "no gradient reaches"),
    ("16.3", "cut", r1("0.5 * ops.mean(ops.sum(ops.square(ops.stop_gradient(gradient)), axis=(1, 2, 3)))"), "no gradient reaches"),
    ("16.3", "logits", r1("0.5 * ops.mean(ops.square(logits)) + 0 * ops.sum(gradient)"), "logits themselves"),
    ("16.3", "not watched", r1(watch="pass"), ""),
    ("16.4", "average", "def mix(first, second, places):\n    return (first + second) / 2", "must not depend on the second"),
    ("16.4", "average if mixed", mix("ops.where((ops.cast(places, 'int32') < first.shape[1])[:, None, None], (first + second) / 2, first)"), "each layer has one style"),
    ("16.4", "average behind", mix("ops.where(from_first[:, :, None], first, (first + second) / 2)"), "second style alone"),
    ("16.4", "exchanged", mix("ops.where(from_first[:, :, None], second, first)"), "exchanged"),
    ("16.4", "one too late", mix(test="layers[None, :] <= ops.cast(places, layers.dtype)[:, None]"), "off by one"),
    ("16.4", "one too early", mix(test="layers[None, :] < ops.cast(places, layers.dtype)[:, None] - 1"), "off by one"),
    ("16.4", "one layer only", mix(test="layers[None, :] != ops.cast(places, layers.dtype)[:, None]"), "only the layer"),
    ("16.4", "one place for all", "def mix(first, second, places):\n    place = int(places[0])\n    return ops.concatenate([first[:, :place], second[:, place:]], axis=1)", "whole batch"),
    ("16.4", "the last place for all", "def mix(first, second, places):\n    place = int(places[-1])\n    return ops.concatenate([first[:, :place], second[:, place:]], axis=1)", "whole batch"),
    ("16.4", "blended", "def mix(first, second, places):\n    share = (ops.cast(places, 'float32') / first.shape[1])[:, None, None]\n    return share * first + (1 - share) * second", "blends"),
    ("16.4", "first only", "def mix(first, second, places):\n    return first", "nothing was mixed"),
    ("16.5", "one lot", lots("rng.integers(1, layers)"), "whole batch"),
    ("16.5", "one lot for mixing", lots(mixes="rng.random() < share"), "unmixed|no image"),
    ("16.5", "from 0", lots("rng.integers(0, layers, size=count)"), "begin with 1"),
    ("16.5", "up to layers", lots("rng.integers(1, layers + 1, size=count)"), "no mixing: draw from 1"),
    ("16.5", "one too few", lots("rng.integers(1, layers - 1, size=count)"), "left out already"),
    ("16.5", "from 2", lots("rng.integers(2, layers, size=count)"), "place 1 is missing"),
    ("16.5", "the other share", lots(mixes="rng.random(count) >= share"), "other way round"),
    ("16.5", "always", lots(end="places"), "no image is left unmixed"),
    ("16.5", "0 for none", lots(end="np.where(mixes, places, 0)"), "second in all"),
    ("16.5", "not whole", lots("rng.uniform(1, layers, size=count)"), "whole numbers"),
    ("16.5", "constant", lots("np.full(count, layers // 2)"), "draw with size=count"),
    ("16.6", "line in Z", path(test="True"), "straight line where an arc"),
    ("16.6", "arc in W", path(test="False"), "arc where a straight line"),
    ("16.6", "no division", path(end="np.mean(np.sum(difference**2, axis=1))"), "not divided by ε²"),
    ("16.6", "by ε", path(end="np.mean(np.sum(difference**2, axis=1)) / epsilon"), "grows like ε²"),
    ("16.6", "not squared", path(end="np.mean(np.linalg.norm(difference, axis=1)) / epsilon"), "not squared"),
    ("16.6", "not squared, by ε²", path(end="np.mean(np.linalg.norm(difference, axis=1)) / epsilon**2"), "not squared"),
    ("16.6", "mean over features", path(end="np.mean(difference**2) / epsilon**2"), "mean over the features"),
    ("16.6", "sum over pairs", path(end="np.sum(difference**2) / epsilon**2"), "sum over the pairs"),
    ("16.6", "one share", path(column="t = np.full((len(t), 1), t[0])"), "each has its own t"),
    ("16.6", "ends", path(steps="features(b) - features(a)", end="np.mean(np.sum(difference**2, axis=1))"), "start of the path to its end"),
    ("16.6", "backwards", path(steps="features(point(t - epsilon)) - features(point(t))"), "backwards"),
    ("16.6", "no step", path(steps="features(point(t)) - features(point(t))"), "nothing changes"),
    ("16.6", "one angle", path(angle="np.arccos(np.clip(np.mean(np.sum(a * b, axis=1)), -1, 1))"), "one mean angle"),
    ("16.6", "no column", path(column="pass"), ""),
    ("16.7", "towards 0", pull("psi * w"), "towards 0"),
    ("16.7", "exchanged", pull("psi * mean + (1 - psi) * w"), "exchanged"),
    ("16.7", "own mean", pull("w.mean(axis=(0, 1)) + psi * (w - w.mean(axis=(0, 1)))"), "handed to you"),
    ("16.7", "own mean of each layer", pull("w.mean(axis=0) + psi * (w - w.mean(axis=0))"), "handed to you"),
    ("16.7", "not subtracted", pull("mean + psi * w"), "not subtracted"),
    ("16.7", "not added", pull("psi * (w - mean)"), "not added"),
    ("16.7", "other way", pull("mean + psi * (mean - w)"), "goes away"),
    ("16.7", "clipped", pull("np.clip(w, mean - psi, mean + psi)"), "does not cut"),
    ("16.7", "cutoff unused", pull(end="pulled"), "cutoff is not used"),
    ("16.7", "the fine layers", pull(end="np.concatenate([w[:, :cutoff], pulled[:, cutoff:]], axis=1)"), "wrong part"),
    ("16.7", "0 for None", pull(test="not cutoff"), "takes 0 for None"),
    ("16.7", "images", pull(end="np.concatenate([pulled[:cutoff], w[cutoff:]])"), "second axis"),
    ("16.7", "in place", "def truncate(w, mean, psi, cutoff=None):\n    w[:, :cutoff] = mean + psi * (w[:, :cutoff] - mean)\n    return w", "changes its argument"),
    ("16.5", "one lot for the batch", "def crossovers(count, layers, share, rng):\n    places = rng.integers(1, layers, size=count)\n    mixed = rng.random() < share\n"
     "    return np.where(mixed, places, layers)", "one lot decides"),
    ("16.5", "one lot for both", "def crossovers(count, layers, share, rng):\n    u = rng.random(count)\n    places = 1 + (u * (layers - 1)).astype(int)\n    mixed = u < share\n"
     "    return np.where(mixed, places, layers)", "one and the same lot"),
    ("16.6", "share cut off at 1", "def path_length(features, a, b, t, epsilon=1e-3, arc=False):\n    def at(s):\n        s = s[:, None]\n        if arc:\n"
     "            th = np.arccos(np.clip((a * b).sum(axis=1, keepdims=True), -1, 1))\n            return (np.sin((1 - s) * th) * a + np.sin(s * th) * b) / np.sin(th)\n"
     "        return (1 - s) * a + s * b\n    d = features(at(np.minimum(t + epsilon, 1))) - features(at(t))\n    return float(np.mean(np.sum(d**2, axis=1)) / epsilon**2)", "cut off at 1"),
    ("16.6", "angle of the first pair", "def path_length(features, a, b, t, epsilon=1e-3, arc=False):\n    def at(s):\n        s = s[:, None]\n        if arc:\n"
     "            th = np.arccos(np.clip((a[0] * b[0]).sum(), -1, 1))\n            return (np.sin((1 - s) * th) * a + np.sin(s * th) * b) / np.sin(th)\n"
     "        return (1 - s) * a + s * b\n    d = features(at(t + epsilon)) - features(at(t))\n    return float(np.mean(np.sum(d**2, axis=1)) / epsilon**2)", "angle of the first pair"),
    ("16.6", "twice the step", "def path_length(features, a, b, t, epsilon=1e-3, arc=False):\n    def at(s):\n        s = s[:, None]\n        if arc:\n"
     "            th = np.arccos(np.clip((a * b).sum(axis=1, keepdims=True), -1, 1))\n            return (np.sin((1 - s) * th) * a + np.sin(s * th) * b) / np.sin(th)\n"
     "        return (1 - s) * a + s * b\n    d = features(at(t + epsilon)) - features(at(t - epsilon))\n    return float(np.mean(np.sum(d**2, axis=1)) / epsilon**2)", "twice the step"),
    ("16.6", "no denominator", "def path_length(features, a, b, t, epsilon=1e-3, arc=False):\n    def at(s):\n        s = s[:, None]\n        if arc:\n"
     "            th = np.arccos(np.clip((a * b).sum(axis=1, keepdims=True), -1, 1))\n            return (np.sin((1 - s) * th) * a + np.sin(s * th) * b)\n"
     "        return (1 - s) * a + s * b\n    d = features(at(t + epsilon)) - features(at(t))\n    return float(np.mean(np.sum(d**2, axis=1)) / epsilon**2)", "denominator is missing"),
    ("16.7", "ψ not above 1", "def truncate(w, mean, psi, cutoff=None):\n    out = np.array(w)\n    n = w.shape[1] if cutoff is None else cutoff\n    psi = min(psi, 1.0)\n"
     "    out[:, :n] = mean + psi * (w[:, :n] - mean)\n    return out", "do not cut it off"),
    ("16.7", "first units", "def truncate(w, mean, psi, cutoff=None):\n    out = np.array(w)\n    n = w.shape[1] if cutoff is None else cutoff\n"
     "    out[..., :n] = mean[:n] + psi * (w[..., :n] - mean[:n])\n    return out", "first `cutoff` units"),
]  # fmt: skip

ALTERNATIVES = [
    ("16.1", "by moments", "def adain(x, scale, bias):\n    mean, variance = ops.moments(x, axes=(1, 2), keepdims=True)\n"
     "    factor = ops.reshape(scale, (-1, 1, 1, x.shape[-1])) * ops.rsqrt(variance + 1e-8)\n"
     "    return factor * x + (ops.reshape(bias, (-1, 1, 1, x.shape[-1])) - factor * mean)"),
    ("16.1", "map by map", "def adain(x, scale, bias):\n    centred = x - ops.mean(ops.mean(x, axis=1, keepdims=True), axis=2, keepdims=True)\n"
     "    spread = (ops.mean(centred**2, axis=[1, 2], keepdims=True) + 1e-8) ** 0.5\n"
     "    return centred / spread * ops.expand_dims(scale, (1, 2)) + ops.expand_dims(bias, (1, 2))"),
    ("16.2", "with einsum", noise("self.scales = self.add_weight(shape=input_shape[-1:], initializer=keras.initializers.Constant(0.0))", "x + ops.einsum('bhwo,m->bhwm', noise, self.scales)")),
    ("16.2", "in the constructor's way", "class ScaledNoise(keras.layers.Layer):\n    def build(self, input_shape):\n        self.scales = self.add_weight(shape=(input_shape[-1],), initializer='zeros')\n        self.built = True\n\n"
     "    def call(self, x, noise):\n        return ops.add(x, ops.multiply(self.scales[None, None, None, :], noise))"),
    ("16.3", "flattened", r1("ops.mean(ops.sum(ops.reshape(gradient, (ops.shape(real)[0], -1)) ** 2, axis=1)) / 2")),
    ("16.3", "the sum of the logits", r1(asked="logits = ops.sum(discriminator(real))", end="ops.sum(gradient * gradient) / (2 * len(real))")),
    ("16.4", "by multiplication", mix("ops.cast(from_first, 'float32')[..., None] * first + (1 - ops.cast(from_first, 'float32')[..., None]) * second")),
    ("16.4", "image by image", "def mix(first, second, places):\n    return ops.stack([ops.concatenate([first[i, : int(p)], second[i, int(p) :]], axis=0) for i, p in enumerate(places)])"),
    ("16.5", "one by one", "def crossovers(count, layers, share, rng):\n    return np.array([rng.integers(1, layers) if rng.random() < share else layers for _ in range(count)])"),
    ("16.5", "by choice", "def crossovers(count, layers, share, rng):\n    chances = [share / (layers - 1)] * (layers - 1) + [1 - share]\n    return rng.choice(np.arange(1, layers + 1), size=count, p=chances)"),
    ("16.6", "turned in the plane", path(arc="np.cos(t * angle) * a + np.sin(t * angle) * (b - np.cos(angle) * a) / np.sin(angle)")),
    ("16.6", "slope first", "def path_length(features, a, b, t, epsilon=1e-3, arc=False):\n    weights = lambda s: (np.stack([1 - s, s]) if not arc else "
     "np.stack([np.sin((1 - s) * np.arccos((a * b).sum(1))), np.sin(s * np.arccos((a * b).sum(1)))]) / np.sin(np.arccos((a * b).sum(1))))[..., None]\n"
     "    one, other = (features(u[0] * a + u[1] * b) for u in (weights(t), weights(t + epsilon)))\n"
     "    return np.square((other - one) / epsilon).sum() / len(a)"),
    ("16.7", "by a mask", "def truncate(w, mean, psi, cutoff=None):\n    factor = np.ones(w.shape[1])\n    factor[:cutoff] = psi\n    return mean + factor[:, None] * (w - mean)"),
    ("16.7", "on a copy", "def truncate(w, mean, psi, cutoff=None):\n    w = w.copy()\n    w[:, :cutoff] = (1 - psi) * mean + psi * w[:, :cutoff]\n    return w"),
    ("16.6", "pair by pair", "def path_length(features, a, b, t, epsilon=1e-3, arc=False):\n    total = 0.0\n    for x, y, s in zip(a, b, t):\n        def p(u):\n            if not arc:\n"
     "                return x + u * (y - x)\n            th = np.arccos(np.clip(x @ y, -1, 1))\n"
     "            return (np.sin((1 - u) * th) * x + np.sin(u * th) * y) / np.sin(th)\n        f = np.asarray(features(np.stack([p(s), p(s + epsilon)])))\n"
     "        total += np.sum((f[1] - f[0]) ** 2) / epsilon**2\n    return total / len(t)"),
    ("16.6", "both ends in one call", "def path_length(features, a, b, t, epsilon=1e-3, arc=False):\n    s = np.concatenate([t, t + epsilon])[:, None]\n    A, C = np.tile(a, (2, 1)), np.tile(b, (2, 1))\n"
     "    if arc:\n        th = np.arccos(np.clip(np.sum(A * C, 1), -1, 1))[:, None]\n        z = (np.sin((1 - s) * th) * A + np.sin(s * th) * C) / np.sin(th)\n    else:\n"
     "        z = A + s * (C - A)\n    f0, f1 = np.split(np.asarray(features(z)), 2)\n    return float((np.linalg.norm((f1 - f0) / epsilon, axis=1) ** 2).mean())"),
]  # fmt: skip

WRONG += [
    ("16.1", "axes 2 and 3", adain("(2, 3)"), "axes \\(2, 3\\)"),
    ("16.1", "ε of Keras", adain(scaled="/ ops.sqrt(variance + 1e-3)"), "0.001 here"),
    ("16.1", "ε 1e-5", adain(scaled="/ ops.sqrt(variance + 1e-5)"), "1e-05 here"),
    ("16.1", "ε beside the root", adain(scaled="/ (ops.sqrt(variance) + 1e-5)"), "added to the deviation"),
    ("16.1", "NumPy", "def adain(x, scale, bias):\n    x, scale, bias = map(np.asarray, (x, scale, bias))\n    n = (x - x.mean((1, 2), keepdims=True)) / np.sqrt(x.var((1, 2), keepdims=True) + 1e-8)\n"
     "    return scale[:, None, None] * n + bias[:, None, None]", "no gradient"),
    ("16.1", "NumPy, wrapped", "def adain(x, scale, bias):\n    x, scale, bias = map(np.asarray, (x, scale, bias))\n    n = (x - x.mean((1, 2), keepdims=True)) / np.sqrt(x.var((1, 2), keepdims=True) + 1e-8)\n"
     "    return ops.convert_to_tensor(scale[:, None, None] * n + bias[:, None, None])", "no gradient"),
    ("16.2", "in training only", "class ScaledNoise(keras.layers.Layer):\n    def build(self, input_shape):\n        self.scales = self.add_weight(shape=(input_shape[-1],), initializer='zeros')\n\n"
     "    def call(self, x, noise, training=True):\n        return x + noise * self.scales if training else x\n", "one mode|in training"),
    ("16.3", "a quarter", r1("0.25 * ops.mean(ops.sum(ops.square(gradient), axis=(1, 2, 3)))"), "½ is there twice"),
    ("16.3", "softplus", r1(asked="logits = ops.softplus(-discriminator(real))"), "softplus\\(−logit\\)"),
    ("16.3", "first image", r1(of="logits, real", end="0.5 * ops.sum(ops.square(gradient[0]))"), "first image only"),
    ("16.4", "NumPy", "def mix(first, second, places):\n    a, b, p = map(np.asarray, (first, second, places))\n    return np.where((np.arange(a.shape[1]) < p[:, None])[..., None], a, b)", "no gradient"),
    ("16.4", "NumPy, wrapped", "def mix(first, second, places):\n    a, b, p = map(np.asarray, (first, second, places))\n    return ops.convert_to_tensor(np.where((np.arange(a.shape[1]) < p[:, None])[..., None], a, b))", "no gradient"),
    ("16.4", "units", mix("ops.where((ops.arange(first.shape[2])[None] < ops.cast(places, 'int32')[:, None])[:, None], first, second)"), "not the layers"),
    ("16.5", "own generator", "def crossovers(count, layers, share, rng):\n    rng = np.random.default_rng()\n    return np.where(rng.random(count) < share, rng.integers(1, layers, size=count), layers)", "same seed"),
    ("16.5", "own seed", "def crossovers(count, layers, share, rng):\n    rng = np.random.default_rng(0)\n    return np.where(rng.random(count) < share, rng.integers(1, layers, size=count), layers)", "two different generators|share"),
    ("16.5", "exact share", "def crossovers(count, layers, share, rng):\n    p = np.full(count, layers)\n    some = rng.permutation(count)[: round(share * count)]\n    p[some] = rng.integers(1, layers, size=len(some))\n    return p", "a lot of its own"),
    ("16.5", "the first ones", "def crossovers(count, layers, share, rng):\n    p = np.full(count, layers)\n    k = rng.binomial(count, share)\n    p[:k] = rng.integers(1, layers, size=k)\n    return p", "first half"),
    ("16.6", "nlerp", path(arc="((1 - t) * a + t * b) / np.linalg.norm((1 - t) * a + t * b, axis=1, keepdims=True)"), "does not turn evenly"),
    ("16.6", "own ε", path(steps="features(point(t + 1e-4)) - features(point(t))", end="np.mean(np.sum(difference**2, axis=1)) / 1e-8"), "whatever `epsilon` says"),
    ("16.6", "no features", path(steps="point(t + epsilon) - point(t)"), "without `features`"),
    ("16.7", "one too many", pull(end="np.concatenate([pulled[:, : cutoff + 1], w[:, cutoff + 1 :]], axis=1)"), "one layer too many"),
    ("16.7", "eight for None", pull(test="False", end="np.concatenate([pulled[:, : 8 if cutoff is None else cutoff], w[:, 8 if cutoff is None else cutoff :]], axis=1)"), "only the first layers"),
    ("16.7", "the others to the mean", pull(end="np.where(np.arange(w.shape[1])[:, None] < cutoff, pulled, mean)"), "are the mean style"),
    ("16.2", "its own noise from a seed", noise(call="x + keras.random.normal(ops.shape(noise), seed=3) * self.scales"), "noise that you are given"),
    ("16.7", "ψ fixed", pull("mean + 0.7 * (w - mean)"), "ψ = 0.7"),
]  # fmt: skip

ALTERNATIVES += [
    ("16.1", "TensorFlow", "def adain(x, scale, bias):\n    m, v = tf.nn.moments(x, axes=[1, 2], keepdims=True)\n    return scale[:, tf.newaxis, tf.newaxis] * (x - m) * tf.math.rsqrt(v + 1e-8) + bias[:, tf.newaxis, tf.newaxis]"),
    ("16.1", "flattened", "def adain(x, scale, bias):\n    b, h, w, c = x.shape\n    y = ops.reshape(x, (b, h * w, c))\n    y = y - ops.mean(y, axis=1, keepdims=True)\n    y = y / ops.sqrt(ops.mean(y * y, axis=1, keepdims=True) + 1e-8)\n"
     "    return ops.reshape(y * scale[:, None] + bias[:, None], (b, h, w, c))"),
    ("16.1", "two moments", "def adain(x, scale, bias):\n    c = x - ops.mean(x, axis=(1, 2), keepdims=True)\n    return ops.einsum('bhwc,bc->bhwc', c / ops.sqrt(ops.mean(ops.square(c), axis=(1, 2), keepdims=True) + 1e-8), scale) + bias[:, None, None]"),
    ("16.1", "new axes by reshape", adain(end="ops.reshape(scale, (x.shape[0], 1, 1, x.shape[3])) * normalized + ops.reshape(bias, (x.shape[0], 1, 1, x.shape[3]))")),
    ("16.2", "zeros object", noise("self.scales = self.add_weight(name='scales', shape=(int(input_shape[-1]),), initializer=keras.initializers.Zeros(), trainable=True)", "x + self.scales * noise")),
    ("16.2", "super's build", noise("super().build(input_shape)\n        self.scales = self.add_weight(shape=(input_shape[-1],), initializer='zeros')", "tf.add(x, tf.multiply(noise, self.scales))")),
    ("16.2", "shape by name", noise("maps = input_shape[3]\n        self.scales = self.add_weight(shape=(maps,), initializer='zeros', dtype='float32')", "x + noise * ops.reshape(self.scales, (1, 1, 1, -1))")),
    ("16.2", "repeated noise", noise(call="x + ops.repeat(noise, x.shape[-1], axis=-1) * self.scales")),
    ("16.3", "in training mode", r1(asked="logits = discriminator(real, training=True)")),
    ("16.3", "TensorFlow", r1("tf.reduce_mean(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3])) / 2")),
    ("16.3", "gradients of a list", "def r1_penalty(discriminator, real):\n    with tf.GradientTape() as tape:\n        tape.watch([real])\n        logits = discriminator(real)\n    (g,) = tape.gradient(logits, [real])\n"
     "    return ops.mean(ops.sum(g**2, axis=tuple(range(1, len(g.shape))))) * 0.5"),
    ("16.3", "over the size of the batch", r1("0.5 * ops.sum(ops.square(gradient)) / ops.cast(ops.shape(real)[0], 'float32')")),
    ("16.3", "vdot of each", r1("0.5 * ops.mean(ops.einsum('bhwc,bhwc->b', gradient, gradient))")),
    ("16.4", "TensorFlow", "def mix(first, second, places):\n    mask = tf.sequence_mask(places, first.shape[1])\n    return tf.where(mask[..., None], first, second)"),
    ("16.4", "difference", mix("second + ops.cast(from_first, 'float32')[..., None] * (first - second)")),
    ("16.4", "layer by layer", "def mix(first, second, places):\n    p = ops.cast(ops.convert_to_tensor(places), 'int32')[:, None]\n    return ops.stack([ops.where(p > k, first[:, k], second[:, k]) for k in range(first.shape[1])], axis=1)"),
    ("16.4", "from the second's side", mix("ops.where(from_first[:, :, None], second, first)", "layers[None, :] >= ops.cast(places, layers.dtype)[:, None]")),
    ("16.5", "in place", "def crossovers(count, layers, share, rng):\n    places = rng.integers(1, layers, count)\n    places[rng.random(count) >= share] = layers\n    return places"),
    ("16.5", "binomial", lots(mixes="rng.binomial(1, share, size=count) == 1")),
    ("16.5", "choice", lots("rng.choice(np.arange(1, layers), size=count)", "rng.choice([True, False], size=count, p=[share, 1 - share])")),
    ("16.5", "one uniform number", "def crossovers(count, layers, share, rng):\n    u = rng.random(count)\n    return np.where(u < share, 1 + np.floor(u / max(share, 1e-12) * (layers - 1)).astype(int), layers)"),
    ("16.6", "numpy of them", path(steps="features(point(t + epsilon)).numpy() - features(point(t)).numpy()")),
    ("16.6", "as arrays", path(steps="np.asarray(features(point(t + epsilon))) - np.asarray(features(point(t)))")),
    ("16.6", "pair by pair", "def path_length(features, a, b, t, epsilon=1e-3, arc=False):\n    def at(s):\n        rows = []\n        for u, v, x in zip(a, b, s):\n            if arc:\n                w = np.arccos(u @ v)\n"
     "                rows.append((np.sin((1 - x) * w) * u + np.sin(x * w) * v) / np.sin(w))\n            else:\n                rows.append(u + x * (v - u))\n        return features(np.array(rows))\n\n"
     "    return np.mean([np.dot(d, d) for d in at(t + epsilon) - at(t)]) / epsilon**2"),
    ("16.6", "norms", path(end="np.mean(np.linalg.norm(difference, axis=1) ** 2) / epsilon**2")),
    ("16.6", "einsum", path(end="np.einsum('nd,nd->', difference, difference) / len(t) / epsilon**2", angle="np.arccos(np.einsum('nk,nk->n', a, b))[:, None]")),
    ("16.7", "where", pull(test="False", end="np.where((np.arange(w.shape[1]) < (w.shape[1] if cutoff is None else cutoff))[:, None], pulled, w)")),
    ("16.7", "None first", "def truncate(w, mean, psi, cutoff=None):\n    cutoff = w.shape[1] if cutoff is None else cutoff\n    out = np.array(w)\n    for k in range(cutoff):\n        out[:, k] = mean + psi * (w[:, k] - mean)\n    return out"),
    ("16.7", "lerp", pull("(1 - psi) * mean + psi * w", end="np.hstack([pulled[:, :cutoff], w[:, cutoff:]])")),
    ("16.7", "slices", "def truncate(w, mean, psi, cutoff=None):\n    result = w.copy()\n    result[:, slice(cutoff)] -= (1 - psi) * (w[:, slice(cutoff)] - mean)\n    return result"),
]  # fmt: skip

SURVIVORS = {
    ("16.6", "np.clip(np.sum(a * b, axis=1), -1, 1) -> np.clip(-1, np.sum(a * b, axis=1), 1)"): "min(max(-1, x), 1) either way",
    ("16.6", "1 -> 2"): "the clip at −1 matters for opposite ends only, that at 1 for equal ones: there is no one arc between either",
    ("16.3", "no gradient by: real"): "the function takes its own gradient by the images; the discriminator's weights learn through it",
    ("16.4", "ops.arange -> np.arange"): "the numbers of the layers are constants",
    ("16.4", "no gradient by: places"): "places are whole numbers",
    ("16.5", "rng.random(count) < share -> rng.random(count) <= share"): "a uniform number is hardly ever exactly the share",
}
