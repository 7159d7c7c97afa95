"""Wrong and alternative answers to the exercises of lesson 12."""

COVER = "def mode_coverage(points, centres, spread=0.1, reach=3.0, least=0.01):\n    "
STEP = "def bilinear_step(x, y, step, alternate):\n    "
COLLAPSE = "def collapse_step(steps, shares, least=0.02):\n    "
SMOOTH = "def discriminator_loss(real_logits, fake_logits, smoothing):\n    "
HINGE = "def hinge_loss(real_logits, fake_logits):\n    "


def cover(distances="np.linalg.norm(points[:, None] - centres, axis=2)", good="d.min(axis=1) <= reach * spread",
          counted="d.argmin(axis=1)[good]", enough="counts >= least * len(points)", result="int(np.sum(enough)), float(good.mean())"):  # fmt: skip
    """An answer to 12.1 with one thing changed."""
    return (
        COVER + f"d = {distances}\n    good = {good}\n    counts = np.bincount({counted}, minlength=len(centres))\n"
        f"    enough = {enough}\n    return {result}\n"
    )


def collapse(alive="(shares >= least).sum(axis=1)", few="alive < shares.shape[1] / 2", answer="int(steps[sound[-1] + 1]) if len(sound) else int(steps[0])"):
    """An answer to 12.3 with one thing changed."""
    return (
        COLLAPSE + f"alive = {alive}\n    few = {few}\n    if not few[-1]:\n        return None\n"
        f"    sound = np.flatnonzero(~few)\n    return {answer}\n"
    )


def buffer(add="self.images += [np.array(image) for image in batch]", forget="del self.images[: -self.capacity]",
           places="self.rng.integers(len(self.images), size=count)", back="np.stack([self.images[place] for place in places])",
           begin="self.images = []"):  # fmt: skip
    """An answer to 12.4 with one thing changed."""
    return (
        "class ReplayBuffer:\n    def __init__(self, capacity, seed=0):\n"
        f"        self.capacity, self.rng = capacity, np.random.default_rng(seed)\n        {begin}\n\n"
        f"    def add(self, batch):\n        {add}\n        {forget}\n\n"
        f"    def draw(self, count):\n        places = {places}\n        return {back}\n"
    )


def rulers(M="ops.reshape(ops.matmul(features, self.T), (-1, self.rulers, self.size))", apart="ops.abs(M[:, None] - M[None, :])",
           distances="ops.sum(apart, axis=3)", result="ops.sum(ops.exp(-distances), axis=1) - 1"):  # fmt: skip
    """An answer to 12.5 with one thing changed."""
    return (
        "class MinibatchDiscrimination(stability.BaseMinibatchDiscrimination):\n    def call(self, features):\n"
        f"        M = {M}\n        apart = {apart}\n        distances = {distances}\n        return {result}\n"
    )


WRONG = [
    ("12.1", "any point is enough", cover(enough="counts > 0"), "a single good point"),
    ("12.1", "bad points count", cover(counted="d.argmin(axis=1)"), "bad points are counted"),
    ("12.1", "share of the good ones", cover(enough="counts >= least * good.sum()"), "of the good points; it is one of all"),
    ("12.1", "more than", cover(enough="counts > least * len(points)"), "just enough is enough"),
    ("12.1", "no reach", cover(good="d.min(axis=1) <= spread"), "`reach` is not used"),
    ("12.1", "squared distances", cover("np.square(points[:, None] - centres).sum(axis=2)"), "distances are squared"),
    ("12.1", "bad share", cover(result="int(np.sum(enough)), float(1 - good.mean())"), "share of bad points"),
    ("12.1", "number of good ones", cover(result="int(np.sum(enough)), int(good.sum())"), "number of good points"),
    ("12.1", "exchanged", cover(result="float(good.mean()), int(np.sum(enough))"), "exchanged"),
    ("12.1", "share of modes", cover(result="enough.mean(), good.mean()"), "share of the modes"),
    ("12.1", "one number", cover(result="int(np.sum(enough))"), "two numbers"),
    ("12.2", "old x in turn", STEP + "return x - step * y, y + step * x", "in turn, y sees where x has just gone"),
    ("12.2", "new x at once", STEP + "x = x - step * y\n    return x, y + step * x", "both slopes are taken before"),
    ("12.2", "x uphill", STEP + "return x + step * y, y + step * x", "x wants x·y small"),
    ("12.2", "y downhill", STEP + "new = x - step * y\n    return new, y - step * (new if alternate else x)", "y wants x·y large"),
    ("12.2", "own number", STEP + "return x - step * x, y + step * y", "own number"),
    ("12.2", "y first", STEP + "new = y + step * x\n    return x - step * (new if alternate else y), new", "y moved first"),
    ("12.2", "exchanged", STEP + "new = x - step * y\n    return y + step * (new if alternate else x), new", "return x first"),
    ("12.2", "no step size", STEP + "new = x - y\n    return new, y + (new if alternate else x)", "size of the step is missing"),
    ("12.2", "way only", STEP + "new = x - step * y\n    return -step * y, step * (new if alternate else x)", "add where the players were"),
    ("12.3", "first few", collapse(answer="int(steps[np.flatnonzero(few)[0]])"), "Every training begins like that"),
    ("12.3", "index", collapse(answer="int(sound[-1] + 1) if len(sound) else 0"), "index of the frame"),
    ("12.3", "last sound", collapse(answer="int(steps[sound[-1]]) if len(sound) else int(steps[0])"), "last frame that was sound"),
    ("12.3", "half is few", collapse(few="alive <= shares.shape[1] / 2"), "half of the classes is still sound"),
    ("12.3", "last frame", collapse(answer="int(steps[-1])"), "collapse began earlier"),
    ("12.3", "strictly more", collapse("(shares > least).sum(axis=1)"), "exactly the share `least`"),
    ("12.3", "above zero", collapse("(shares > 0).sum(axis=1)"), "from the share `least` on"),
    ("12.3", "never sound", collapse(answer="int(steps[sound[-1] + 1]) if len(sound) else None"), "never had half of its classes"),
    (
        "12.3",
        "no way back to None",
        collapse().replace("    if not few[-1]:\n        return None\n", "    steps = np.append(steps, steps[-1] + 1)\n"),
        "expected: *None",
    ),
    ("12.4", "newest turned away", buffer(forget="del self.images[self.capacity :]"), "turns new images away"),
    ("12.4", "nothing forgotten", buffer(forget="pass"), "nothing is forgotten"),
    ("12.4", "emptied when full", buffer(forget="self.images = self.images if len(self.images) <= self.capacity else self.images[-3:]"), "more is thrown away"),
    (
        "12.4",
        "unfilled places",
        buffer(
            begin="self.images, self.seen = np.zeros((capacity, 2, 3), 'float32'), 0",
            add="self.images[np.arange(self.seen, self.seen + len(batch)) % self.capacity] = batch",
            forget="self.seen += len(batch)",
            back="self.images[places]",
        ),
        "images of zeros.*draw from what was filled",
    ),
    ("12.4", "references", buffer("self.images += list(batch)"), "keeps a reference"),
    ("12.4", "references by slices", buffer("self.images += [image for image in batch]"), "keeps a reference"),
    (
        "12.4",
        "hands out its own",
        buffer(
            begin="self.images = np.zeros((0, 2, 3), 'float32')",
            add="self.images = np.concatenate([self.images, batch])",
            forget="self.images = self.images[-self.capacity :]",
            places="self.rng.permutation(len(self.images))[:1]",
            back="np.broadcast_to(self.images[0], (count, 2, 3))",
        ),
        "equal chance|read-only|draw",
    ),
    ("12.4", "newest only", buffer(back="np.stack(self.images[-1:] * count)"), "equal chance"),
    ("12.4", "one for all", buffer(places="[self.rng.integers(len(self.images))] * count"), "each of the three|each image"),
    ("12.4", "no repeats", buffer(places="self.rng.permutation(len(self.images))[:count]"), "draw with replacement"),
    ("12.4", "generator anew", buffer(places="np.random.default_rng(0).integers(len(self.images), size=count)"), "generator made anew"),
    ("12.4", "last never", buffer(places="self.rng.integers(len(self.images) - 1, size=count)"), "the first and the last one"),
    ("12.4", "a list", buffer(back="[self.images[place] for place in places][: count - 1]"), "np.stack"),
    ("12.4", "an object", "ReplayBuffer = 7\n", "in place of the class"),
    ("12.5", "itself included", rulers(result="ops.sum(ops.exp(-distances), axis=1)"), "compared with itself"),
    ("12.5", "no exponential", rulers(result="ops.sum(distances, axis=1)"), "these are distances"),
    ("12.5", "growing exponential", rulers(result="ops.sum(ops.exp(distances), axis=1) - 1"), "grows with unlikeness"),
    ("12.5", "L2", rulers(distances="ops.sqrt(ops.sum(ops.square(apart), axis=3))"), "straight distance"),
    ("12.5", "L2 squared", rulers(distances="ops.sum(ops.square(apart), axis=3)"), "squared distance"),
    ("12.5", "sum over rulers", rulers(distances="ops.sum(apart, axis=2)"), "sums over the rulers"),
    ("12.5", "shape exchanged", rulers("ops.transpose(ops.reshape(ops.matmul(features, self.T), (-1, self.size, self.rulers)), (0, 2, 1))"), "exchanged in the shape"),
    ("12.5", "no absolute values", rulers(apart="M[:, None] - M[None, :]"), "absolute values are missing"),
    ("12.5", "early exponential", rulers(distances="apart", result="ops.sum(ops.exp(-distances), axis=(1, 3)) - self.size"), "before the sum over the numbers"),
    ("12.5", "mean over the batch", rulers(result="ops.mean(ops.exp(-distances), axis=1)"), "mean over the batch"),
    ("12.5", "pairs", rulers(result="ops.exp(-distances)"), "all pairs"),
    ("12.5", "rulers added up", rulers(result="ops.sum(ops.sum(ops.exp(-distances), axis=1) - 1, axis=1)"), "one for each ruler"),
    ("12.5", "images added up", rulers(result="ops.sum(ops.sum(ops.exp(-distances), axis=1) - 1, axis=0)"), "summed over the images"),
    ("12.5", "NumPy", rulers(result="np.exp(-np.asarray(distances)).sum(axis=1) - 1"), "NumPy"),
    ("12.5", "static batch", rulers("ops.reshape(ops.matmul(features, self.T), (features.shape[0], self.rulers, self.size))"), "not known beforehand"),
    ("12.6", "both sides", SMOOTH + "r = (1 - smoothing) * ops.softplus(-real_logits) + smoothing * ops.softplus(real_logits)\n    "
     "f = (1 - smoothing) * ops.softplus(fake_logits) + smoothing * ops.softplus(-fake_logits)\n    return ops.mean(r) + ops.mean(f)", "one-sided means real images only"),
    ("12.6", "fakes only", SMOOTH + "f = (1 - smoothing) * ops.softplus(fake_logits) + smoothing * ops.softplus(-fake_logits)\n    "
     "return ops.mean(ops.softplus(-real_logits)) + ops.mean(f)", "only the fakes"),
    ("12.6", "not smoothed", SMOOTH + "return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))", "nothing is smoothed"),
    ("12.6", "half a target", SMOOTH + "return (1 - smoothing) * ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))", "second term"),
    ("12.6", "sum", SMOOTH + "r = ops.softplus(-real_logits) + smoothing * real_logits\n    return ops.sum(r) + ops.sum(ops.softplus(fake_logits))", "doubles with the batch"),
    ("12.6", "with logarithms", SMOOTH + "p, q = ops.sigmoid(real_logits), ops.sigmoid(fake_logits)\n    "
     "return -ops.mean((1 - smoothing) * ops.log(p) + smoothing * ops.log(1 - p)) - ops.mean(ops.log(1 - q))", "±1000"),
    ("12.6", "logit shifted", SMOOTH + "return ops.mean(ops.softplus(smoothing - real_logits)) + ops.mean(ops.softplus(fake_logits))", "taken off the logit"),
    ("12.6", "NumPy", SMOOTH + "r = np.logaddexp(0, -np.asarray(real_logits)) + smoothing * np.asarray(real_logits)\n    "
     "return r.mean() + np.logaddexp(0, np.asarray(fake_logits)).mean()", "no gradient"),
    ("12.7", "product", HINGE + "return ops.mean(ops.relu(1 - real_logits * fake_logits))", "multiplies the two outputs"),
    ("12.7", "product of hinges", HINGE + "return ops.mean(ops.relu(1 - real_logits)) * ops.mean(ops.relu(1 + fake_logits))", "multiplies the two hinges"),
    ("12.7", "difference", HINGE + "return ops.mean(ops.relu(1 - (real_logits - fake_logits)))", "difference of the two"),
    ("12.7", "sign of fakes", HINGE + "return ops.mean(ops.relu(1 - real_logits)) + ops.mean(ops.relu(1 - fake_logits))", "sign of the fakes"),
    ("12.7", "sign of real", HINGE + "return ops.mean(ops.relu(1 + real_logits)) + ops.mean(ops.relu(1 + fake_logits))", "sign of the real"),
    ("12.7", "no margin", HINGE + "return ops.mean(ops.relu(-real_logits)) + ops.mean(ops.relu(fake_logits))", "margin is missing"),
    ("12.7", "hinge on the means", HINGE + "return ops.relu(1 - ops.mean(real_logits)) + ops.relu(1 + ops.mean(fake_logits))", "hinge was put on the means"),
    ("12.7", "no hinge", HINGE + "return ops.mean(1 - real_logits) + ops.mean(1 + fake_logits)", "no hinge"),
    ("12.7", "sum", HINGE + "return ops.sum(ops.relu(1 - real_logits)) + ops.sum(ops.relu(1 + fake_logits))", "sums over the batch"),
    ("12.7", "pairs", HINGE + "return ops.mean(ops.relu(1 - real_logits) * ops.relu(1 + fake_logits))", "each pair"),
    ("12.1", "in percent", "def mode_coverage(points, centres, spread=0.1, reach=3.0, least=0.01):\n    d = np.sqrt(((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2))\n"
     "    near = d.argmin(axis=1)\n    good = d.min(axis=1) <= reach * spread\n    covered = 0\n    for m in range(len(centres)):\n"
     "        if np.sum(good & (near == m)) >= least * len(points):\n            covered += 1\n    return covered, 100 * float(np.mean(good))", "in percent"),
    ("12.1", "spread ignored", "def mode_coverage(points, centres, spread=0.1, reach=3.0, least=0.01):\n    d = np.sqrt(((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2))\n"
     "    near = d.argmin(axis=1)\n    good = d.min(axis=1) <= reach * 0.1\n    covered = 0\n    for m in range(len(centres)):\n"
     "        if np.sum(good & (near == m)) >= least * len(points):\n            covered += 1\n    return covered, float(np.mean(good))", "never uses `spread`"),
    ("12.2", "only x moves in turn", "def bilinear_step(x, y, step, alternate):\n    if alternate:\n        return x - step * y, y\n    return x - step * y, y + step * x", "only x has moved"),
    ("12.2", "roles exchanged", "def bilinear_step(x, y, step, alternate):\n    nx = x + step * y\n    return nx, y - step * (nx if alternate else x)", "signs turned round"),
    ("12.3", "a float", "def collapse_step(steps, shares, least=0.02):\n    alive = (shares >= least).sum(axis=1)\n    bad = alive < shares.shape[1] / 2\n    found = None\n"
     "    for s, b in zip(steps[::-1], bad[::-1]):\n        if not b:\n            break\n        found = np.float64(s)\n    return found", "a float64"),
    ("12.4", "a list of images", "class ReplayBuffer:\n    def __init__(self, capacity, seed=0):\n        self.capacity, self.rng = capacity, np.random.default_rng(seed)\n        self.images = []\n\n"
     "    def add(self, batch):\n        for image in batch:\n            self.images.append(np.copy(image))\n        self.images = self.images[-self.capacity:]\n\n"
     "    def draw(self, count):\n        places = self.rng.integers(len(self.images), size=count)\n        return [self.images[i] for i in places]", "np.stack"),
    ("12.4", "drawn images are gone", "class ReplayBuffer:\n    def __init__(self, capacity, seed=0):\n        self.capacity, self.rng = capacity, np.random.default_rng(seed)\n        self.images = []\n\n"
     "    def add(self, batch):\n        for image in batch:\n            self.images.append(np.copy(image))\n        self.images = self.images[-self.capacity:]\n\n"
     "    def draw(self, count):\n        places = self.rng.integers(len(self.images), size=count)\n        out = np.array([self.images[i] for i in places])\n"
     "        for i in sorted(set(places.tolist()), reverse=True):\n            del self.images[i]\n        return out", "draw only looks"),
    ("12.5", "rulers and size exchanged in the reshape", "class MinibatchDiscrimination(stability.BaseMinibatchDiscrimination):\n    def call(self, features):\n"
     "        M = ops.reshape(ops.matmul(features, self.T), (-1, self.size, self.rulers))\n        distance = ops.sum(ops.abs(M[:, None] - M[None]), axis=3)\n"
     "        return ops.sum(ops.exp(-distance), axis=1) - 1", "exchanged in the shape"),
    ("12.6", "plain loss times 1 − s", "def discriminator_loss(real_logits, fake_logits, smoothing):\n    s = smoothing\n    sp = ops.softplus\n"
     "    return (1 - s) * (ops.mean(sp(-real_logits)) + ops.mean(sp(fake_logits)))", "multiplied by 1 − s"),
    ("12.7", "soft hinge", "def hinge_loss(real_logits, fake_logits):\n    return ops.mean(ops.softplus(1 - real_logits)) + ops.mean(ops.softplus(1 + fake_logits))", "soft hinge"),
    ("12.7", "leaky hinge", "def hinge_loss(real_logits, fake_logits):\n    return ops.mean(ops.leaky_relu(1 - real_logits)) + ops.mean(ops.leaky_relu(1 + fake_logits))", "leaky hinge"),
    ("12.7", "ReLU of the outputs", "def hinge_loss(real_logits, fake_logits):\n    return ops.mean(1 - ops.relu(real_logits)) + ops.mean(1 + ops.relu(fake_logits))", "of the outputs themselves"),
    ("12.7", "generator's part too", "def hinge_loss(real_logits, fake_logits):\n    return ops.mean(ops.relu(1 - real_logits)) + ops.mean(ops.relu(1 + fake_logits)) - ops.mean(fake_logits)", "generator's part"),
]  # fmt: skip

ALTERNATIVES = [
    ("12.1", "mode by mode", COVER + "near = np.array([np.hypot(*(points - c).T) <= reach * spread for c in centres])\n    "
     "return int((near.mean(axis=1) >= least).sum()), near.any(axis=0).mean()"),
    ("12.2", "as a matrix", STEP + "h = step\n    M = np.array([[1, -h], [h, 1 - h * h if alternate else 1]])\n    return tuple(M @ [x, y])"),
    ("12.2", "two branches", STEP + "old, x = x, x - step * y\n    if alternate:\n        return x, y + step * x\n    return x, y + step * old"),
    ("12.3", "backwards", COLLAPSE + "first = None\n    for step, frame in zip(steps[::-1], shares[::-1]):\n        if 2 * np.sum(frame >= least) >= len(frame):\n"
     "            break\n        first = int(step)\n    return first"),
    ("12.4", "a ring of places", "class ReplayBuffer:\n    def __init__(self, capacity, seed=0):\n        self.capacity, self.rng, self.seen = capacity, np.random.default_rng(seed), 0\n\n"
     "    def add(self, batch):\n        if not self.seen:\n            self.images = np.zeros((self.capacity, *batch.shape[1:]), batch.dtype)\n"
     "        for image in batch:\n            self.images[self.seen % self.capacity] = image\n            self.seen += 1\n\n"
     "    def draw(self, count):\n        return self.images[self.rng.choice(min(self.seen, self.capacity), count)]\n"),
    ("12.4", "one array", buffer(begin="self.images = None", add="self.images = np.array(batch) if self.images is None else np.concatenate([self.images, batch])",
     forget="self.images = self.images[-self.capacity :]", back="self.images[places]")),
    ("12.4", "a deque", "class ReplayBuffer:\n    def __init__(self, capacity, seed=0):\n        from collections import deque\n"
     "        self.images, self.rng = deque(maxlen=capacity), np.random.default_rng(seed)\n\n    def add(self, batch):\n"
     "        self.images.extend(np.array(batch))\n\n    def draw(self, count):\n        return np.array([self.images[i] for i in self.rng.integers(0, len(self.images), count)])\n"),
    ("12.5", "einsum", "class MinibatchDiscrimination(stability.BaseMinibatchDiscrimination):\n    def call(self, features):\n"
     "        T = ops.reshape(self.T, (-1, self.rulers, self.size))\n        M = ops.einsum('na,abc->nbc', features, T)\n"
     "        apart = ops.expand_dims(M, 0) - ops.expand_dims(M, 1)\n        alike = ops.exp(-ops.sum(ops.abs(apart), axis=-1))\n"
     "        return ops.sum(alike, axis=0) - 1.0\n"),
    ("12.6", "a line instead", SMOOTH + "real = ops.softplus(-real_logits) + smoothing * real_logits\n    return ops.mean(real) + ops.mean(ops.softplus(fake_logits))"),
    ("12.6", "Keras' own", SMOOTH + "bce = lambda t, l: ops.mean(ops.binary_crossentropy(t, l, from_logits=True))\n    "
     "return bce(ops.ones_like(real_logits) - smoothing, real_logits) + bce(ops.zeros_like(fake_logits), fake_logits)"),
    ("12.7", "maximum", HINGE + "return ops.mean(ops.maximum(0.0, 1 - real_logits)) + ops.mean(ops.maximum(0.0, fake_logits + 1))"),
]  # fmt: skip

WRONG += [
    ("12.1", "axis by axis", cover("np.abs(points[:, None] - centres).max(axis=2)"), "each axis was compared by itself"),
    ("12.1", "taxi", cover("np.abs(points[:, None] - centres).sum(axis=2)"), "along the axes"),
    ("12.1", "no rim", cover(good="d.min(axis=1) < reach * spread"), "includes the rim"),
    ("12.1", "one coordinate", cover("np.abs(points[:, None, 0] - centres[:, 0])"), "first coordinate"),
    ("12.2", "step squared", STEP + "new = x - step**2 * y\n    return new, y + step**2 * (new if alternate else x)", "step is squared"),
    ("12.2", "divided", STEP + "new = x - y / step\n    return new, y + (new if alternate else x) / step", "divided by the step"),
    ("12.3", "rounded half", collapse(few="alive < shares.shape[1] // 2"), "with //"),
    ("12.3", "ten classes", collapse(few="alive < 5"), "half of the classes is still sound|4 of 9|."),
    ("12.4", "NumPy's global lot", buffer(places="np.random.randint(len(self.images), size=count)"), "same seed"),
    ("12.4", "no repetition when there are enough", buffer(places="self.rng.choice(len(self.images), count, replace=count > len(self.images))"), "with repetition"),
    ("12.4", "neighbours", buffer(places="(self.rng.integers(len(self.images)) + np.arange(count)) % len(self.images)"), "independent|equal chance|with repetition"),
    ("12.4", "newest first", buffer(places="np.append(len(self.images) - 1, self.rng.integers(len(self.images), size=count - 1))"), "one end|equal chance"),
    ("12.5", "mean of absolute values", rulers(distances="ops.mean(apart, axis=3)"), "mean of absolute values"),
    ("12.5", "with the features", rulers(result="ops.concatenate([features, ops.sum(ops.exp(-distances), axis=1) - 1], axis=1)"), "features come in front"),
    ("12.5", "NumPy, wrapped", rulers(result="ops.convert_to_tensor(np.exp(-np.asarray(distances)).sum(axis=1) - 1)"), "no gradient"),
    ("12.5", "fixed rulers", rulers("ops.reshape(ops.matmul(features, self.T), (-1, 4, 3))"), "."),
    ("12.6", "Keras' label smoothing", SMOOTH + "b = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=smoothing)\n"
     "    return b(ops.ones_like(real_logits), real_logits) + keras.losses.BinaryCrossentropy(from_logits=True)(ops.zeros_like(fake_logits), fake_logits)", "1 − s/2, not 1 − s"),
    ("12.6", "Keras' label smoothing, both", SMOOTH + "b = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=smoothing)\n"
     "    return b(ops.ones_like(real_logits), real_logits) + b(ops.zeros_like(fake_logits), fake_logits)", "moves both targets"),
    ("12.6", "no from_logits", SMOOTH + "b = keras.losses.BinaryCrossentropy()\n"
     "    return b((1 - smoothing) * ops.ones_like(real_logits), real_logits) + b(ops.zeros_like(fake_logits), fake_logits)", "from_logits=True is missing"),
    ("12.6", "0.9", SMOOTH + "b = keras.losses.BinaryCrossentropy(from_logits=True)\n"
     "    return b(0.9 * ops.ones_like(real_logits), real_logits) + b(ops.zeros_like(fake_logits), fake_logits)", "whatever `smoothing` says"),
    ("12.6", "NumPy, wrapped", SMOOTH + "r, f = np.asarray(real_logits), np.asarray(fake_logits)\n"
     "    return ops.convert_to_tensor((np.logaddexp(0, r) - (1 - smoothing) * r).mean() + np.logaddexp(0, f).mean())", "no gradient"),
    ("12.7", "least squares", HINGE + "return ops.mean((real_logits - 1) ** 2) + ops.mean((fake_logits + 1) ** 2)", "least-squares"),
    ("12.7", "squared hinges", HINGE + "return ops.mean(ops.relu(1 - real_logits) ** 2) + ops.mean(ops.relu(1 + fake_logits) ** 2)", "squared hinges"),
    ("12.7", "cross-entropy", HINGE + "return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))", "cross-entropy"),
    ("12.7", "NumPy, wrapped", HINGE + "r, f = np.asarray(real_logits), np.asarray(fake_logits)\n    return tf.constant(np.maximum(0, 1 - r).mean() + np.maximum(0, 1 + f).mean())", "no gradient"),
    ("12.1", "missed modes", cover(result="len(centres) - int(np.sum(enough)), float(good.mean())"), "modes that are missed"),
    ("12.5", "largest distance", rulers(distances="ops.max(apart, axis=3)"), "largest of the absolute"),
    ("12.6", "swapped arguments", SMOOTH + "b = keras.losses.BinaryCrossentropy(from_logits=True)\n"
     "    return b(real_logits, (1 - smoothing) * ops.ones_like(real_logits)) + b(fake_logits, ops.zeros_like(fake_logits))", "arguments of the cross-entropy"),
]  # fmt: skip

ALTERNATIVES += [
    ("12.1", "cdist", COVER + "from scipy.spatial.distance import cdist\n    d = cdist(points, centres)\n    near = (d == d.min(axis=1, keepdims=True)) & (d <= reach * spread)\n"
     "    return int(np.sum(near.mean(axis=0) >= least)), near.any(axis=1).mean()"),
    ("12.1", "squares", cover("np.square(points[:, None] - centres).sum(axis=2)", good="d.min(axis=1) <= (reach * spread) ** 2")),
    ("12.1", "unique", COVER + "d = np.sqrt(((points[:, None, :] - centres[None]) ** 2).sum(-1))\n    good = d.min(1) <= reach * spread\n"
     "    _, counts = np.unique(d.argmin(1)[good], return_counts=True)\n    return int((counts >= least * len(points)).sum()), good.sum() / len(points)"),
    ("12.1", "a loop", COVER + "from collections import Counter\n    found = Counter()\n    for p in points:\n        d = [np.hypot(*(p - c)) for c in centres]\n        if min(d) <= reach * spread:\n"
     "            found[int(np.argmin(d))] += 1\n    return sum(v >= least * len(points) for v in found.values()), sum(found.values()) / len(points)"),
    ("12.1", "an array", cover(result="np.array([np.sum(enough), good.mean()])")),
    ("12.2", "slopes first", STEP + "slope_x, slope_y = y, x\n    x = x - step * slope_x\n    if alternate:\n        slope_y = x\n    return x, y + step * slope_y"),
    ("12.2", "a list", STEP + "return [x - step * y, y + step * (x - alternate * step * y)]"),
    ("12.2", "in place", STEP + "before = x\n    x -= step * y\n    y += step * (x if alternate else before)\n    return (x, y)"),
    ("12.2", "NumPy", STEP + "z = np.array([x, y])\n    z[0] -= step * y\n    z[1] += step * (z[0] if alternate else x)\n    return z"),
    ("12.3", "reversed accumulate", COLLAPSE + "few = 2 * (shares >= least).sum(1) < shares.shape[1]\n    ends = np.logical_and.accumulate(few[::-1])[::-1]\n"
     "    return int(steps[ends.argmax()]) if ends.any() else None"),
    ("12.3", "while", COLLAPSE + "i = len(steps)\n    while i > 0 and np.mean(shares[i - 1] >= least) < 0.5:\n        i -= 1\n    return int(steps[i]) if i < len(steps) else None"),
    ("12.3", "all frames", COLLAPSE + "few = np.mean(shares >= least, axis=1) < 0.5\n    return next((int(s) for i, s in enumerate(steps) if few[i:].all()), None)"),
    ("12.3", "a state", COLLAPSE + "start = None\n    for step, frame in zip(steps, shares):\n        if (frame >= least).sum() < len(frame) / 2:\n            start = step if start is None else start\n"
     "        else:\n            start = None\n    return None if start is None else int(start)"),
    ("12.3", "groups", COLLAPSE + "import itertools\n    few = ((shares >= least).sum(1) < shares.shape[1] / 2).tolist()\n    length = next((len(list(g)) for k, g in itertools.groupby(few[::-1]) if True), 0)\n"
     "    return int(steps[-length]) if few[-1] else None"),
    ("12.4", "choice of places", buffer(places="self.rng.choice(len(self.images), size=count)")),
    ("12.4", "random times n", buffer(places="(self.rng.random(count) * len(self.images)).astype(int)")),
    ("12.4", "images by choice", buffer(places="None", back="self.rng.choice(np.array(self.images), size=count)")),
    ("12.5", "TensorFlow", "class MinibatchDiscrimination(stability.BaseMinibatchDiscrimination):\n    def call(self, features):\n        M = tf.reshape(tf.matmul(features, self.T), [-1, self.rulers, self.size])\n"
     "        d = tf.reduce_sum(tf.abs(tf.expand_dims(M, 3) - tf.expand_dims(tf.transpose(M, [1, 2, 0]), 0)), 2)\n        return tf.reduce_sum(tf.exp(-d), 2) - 1.0\n"),
    ("12.5", "ruler by ruler", "class MinibatchDiscrimination(stability.BaseMinibatchDiscrimination):\n    def call(self, features):\n        M = ops.reshape(features @ self.T, (-1, self.rulers, self.size))\n"
     "        rows = []\n        for b in range(self.rulers):\n            m = M[:, b]\n            rows.append(ops.sum(ops.exp(-ops.sum(ops.abs(m[:, None] - m[None]), axis=-1)), axis=0) - 1)\n        return ops.stack(rows, axis=1)\n"),
    ("12.5", "minus the eye", rulers(result="ops.sum(ops.exp(-distances) * (1 - ops.eye(ops.shape(features)[0]))[:, :, None], axis=1)")),
    ("12.5", "last axis", rulers(distances="ops.sum(apart, axis=-1)", result="ops.sum(ops.exp(-distances), axis=0) - 1")),
    ("12.5", "einsum", rulers("ops.einsum('na,abc->nbc', features, ops.reshape(self.T, (-1, self.rulers, self.size)))")),
    ("12.6", "Keras' loss object", SMOOTH + "b = keras.losses.BinaryCrossentropy(from_logits=True)\n    return b((1.0 - smoothing) * ops.ones_like(real_logits), real_logits) + b(ops.zeros_like(fake_logits), fake_logits)"),
    ("12.6", "TensorFlow", SMOOTH + "s = tf.nn.sigmoid_cross_entropy_with_logits\n    return tf.reduce_mean(s(tf.ones_like(real_logits) * (1 - smoothing), real_logits)) + tf.reduce_mean(s(tf.zeros_like(fake_logits), fake_logits))"),
    ("12.6", "twice the smoothing", SMOOTH + "b = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=2 * smoothing)\n    return b(ops.ones_like(real_logits), real_logits) + ops.mean(ops.softplus(fake_logits))"),
    ("12.6", "from above", SMOOTH + "return ops.mean(ops.softplus(real_logits)) - (1 - smoothing) * ops.mean(real_logits) + ops.mean(ops.softplus(fake_logits))"),
    ("12.7", "Keras' hinge", HINGE + "h = keras.losses.Hinge()\n    return h(ops.ones_like(real_logits), real_logits) + h(-ops.ones_like(fake_logits), fake_logits)"),
    ("12.7", "TensorFlow", HINGE + "return tf.reduce_mean(tf.nn.relu(1.0 - real_logits)) + tf.reduce_mean(tf.nn.relu(1.0 + fake_logits))"),
    ("12.7", "minimum", HINGE + "return -ops.mean(ops.minimum(0.0, real_logits - 1)) - ops.mean(ops.minimum(0.0, -fake_logits - 1))"),
    ("12.7", "where", HINGE + "r, f = 1 - real_logits, 1 + fake_logits\n    return ops.mean(ops.where(r > 0, r, 0.0)) + ops.mean(ops.where(f > 0, f, 0.0))"),
    ("12.7", "clip", HINGE + "return 2.0 - ops.mean(ops.minimum(real_logits, 1.0)) + ops.mean(ops.maximum(fake_logits, -1.0))"),
]  # fmt: skip

SURVIVORS = {
    ("12.5", "axis=1 -> axis=0"): "likeness is symmetric: that of i to j is that of j to i",
    ("12.1", "np.bincount(distances.argmin(axis=1)[good], minlength=len(centres)) without minlength"): "modes beyond the last one that was met have no points, and are not covered either way",
}
