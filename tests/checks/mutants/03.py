"""Answers to the exercises of lesson 03: wrong ones with the message they must meet, and other right ones."""

DRAW = "def draw_labels(y, n, seed):\n    rng = np.random.default_rng(seed)\n    kinds = np.unique(y)\n    size = n // len(kinds)\n"
HEAD = "def with_head(encoder, classes):\n    D, I = keras.layers.Dense, keras.Input(encoder.input_shape[1:])\n"
PAIRED = "def difference_interval(a, b):\n    d = np.asarray(a) - np.asarray(b)\n    n = len(d)\n"
WORTH = "def labels_worth(counts, accuracies, accuracy):\n"
COPY = "def fresh_copy(encoder):\n"


def phases(
    freeze="encoder.trainable = False",
    unfreeze="encoder.trainable = True",
    first="model.compile(optimizer=keras.optimizers.Adam(rates[0]), loss=loss)",
    second="model.compile(optimizer=keras.optimizers.Adam(rates[1]), loss=loss)",
    fits=("epochs[0]", "epochs[1]"),
    loss="'sparse_categorical_crossentropy'",
):
    """An answer to 3.3 with one thing changed."""
    return (
        f"def train_in_two_phases(model, encoder, X, y, epochs, rates):\n    loss = {loss}\n"
        f"    {freeze}\n    {first}\n    model.fit(X, y, epochs={fits[0]}, batch_size=50, verbose=0)\n"
        f"    {unfreeze}\n    {second}\n    model.fit(X, y, epochs={fits[1]}, batch_size=50, verbose=0)\n"
    )


def half(quantile="student.ppf(0.975, n - 1)", spread="d.std(ddof=1)", root="n ** 0.5", ends="m, m - h, m + h"):
    """An answer to 3.4 with one thing changed."""
    return PAIRED + f"    m, h = d.mean(), {quantile} * {spread} / {root}\n    return {ends}\n"


INTERP = "np.exp(np.interp(accuracy, accuracies, np.log(counts)))"

WRONG = [
    ("3.1", "from all images", DRAW + "    return rng.choice(len(y), n, replace=False)", "from each class on its own"),
    ("3.1", "with replacement", DRAW + "    return np.concatenate([rng.choice(np.flatnonzero(y == k), size) for k in kinds])",
     "replace=False"),
    ("3.1", "the first ones", DRAW + "    return np.concatenate([np.flatnonzero(y == k)[:size] for k in kinds])",
     "for every seed"),
    ("3.1", "labels", DRAW + "    return y[np.concatenate([rng.choice(np.flatnonzero(y == k), size, replace=False) for k in kinds])]",
     "labels drawn"),
    ("3.1", "places inside a class", DRAW + "    return np.concatenate([rng.choice(np.sum(y == k), size, replace=False) for k in kinds])",
     "inside a class"),
    ("3.1", "n of each class", DRAW.replace("n // len(kinds)", "min(n, 9)")
     + "    return np.concatenate([rng.choice(np.flatnonzero(y == k), size, replace=False) for k in kinds])", "n indices in all"),
    ("3.1", "ten classes from 0", DRAW + "    return np.concatenate([rng.choice(np.flatnonzero(y == k), n // 10, replace=False) "
     "for k in range(10)])", "cannot be empty|sample|larger"),
    ("3.1", "no seed", DRAW.replace("default_rng(seed)", "default_rng()")
     + "    return np.concatenate([rng.choice(np.flatnonzero(y == k), size, replace=False) for k in kinds])", "same seed"),
    ("3.1", "shuffled first ones", DRAW + "    return rng.permutation(np.concatenate([np.flatnonzero(y == k)[:size] for k in kinds]))",
     "always the same few|every seed"),
    ("3.2", "no softmax", HEAD + "    return keras.Sequential([I, encoder, D(classes)])", "softmax"),
    ("3.2", "sigmoid", HEAD + "    return keras.Sequential([I, encoder, D(classes, 'sigmoid')])", "on its own"),
    ("3.2", "a clone", HEAD + "    return keras.Sequential([I, keras.models.clone_model(encoder), D(classes, 'softmax')])",
     "random weights"),
    ("3.2", "no head", HEAD + "    return keras.Sequential([I, encoder])", "head is missing"),
    ("3.2", "ten units", HEAD + "    return keras.Sequential([I, encoder, D(10, 'softmax')])", "`classes` units"),
    ("3.2", "no encoder", HEAD + "    return keras.Sequential([I, keras.layers.Flatten(), D(classes, 'softmax')])", "own weights"),
    ("3.2", "frozen", HEAD + "    encoder.trainable = False\n    return keras.Sequential([I, encoder, D(classes, 'softmax')])",
     "next exercise"),
    ("3.2", "hidden layer", HEAD + "    return keras.Sequential([I, encoder, D(20, 'relu'), D(classes, 'softmax')])", "one Dense"),
    ("3.2", "not returned", HEAD + "    model = keras.Sequential([I, encoder, D(classes, 'softmax')])", "return"),
    ("3.3", "never frozen", phases(freeze="pass"), "moved in the first phase"),
    ("3.3", "not compiled again", phases(second="model.optimizer.learning_rate = rates[1]"), "stood still.*True|compile again"),
    ("3.3", "never unfrozen", phases(unfreeze="pass"), "still frozen"),
    ("3.3", "unfrozen after the compile and the fit", phases().replace("    encoder.trainable = True\n", "")
     + "    encoder.trainable = True\n", "still frozen"),
    ("3.3", "whole model frozen", phases(freeze="model.trainable = False", unfreeze="model.trainable = True"), "head must stay free"),
    ("3.3", "same rate", phases(second="model.compile(optimizer=keras.optimizers.Adam(rates[0]), loss=loss)"), "large learning rate"),
    ("3.3", "default rates", phases(first="model.compile(optimizer='adam', loss=loss)",
                                    second="model.compile(optimizer='adam', loss=loss)"), "rates"),
    ("3.3", "epochs swapped", phases(fits=("epochs[1]", "epochs[0]")), "swapped"),
    ("3.3", "epochs forgotten", phases(fits=("1", "1")), "pass epochs"),
    ("3.3", "same optimizer", phases(first="opt = keras.optimizers.Adam(rates[0]); model.compile(optimizer=opt, loss=loss)",
                                     second="opt.learning_rate = rates[1]; model.compile(optimizer=opt, loss=loss)"), "a new one"),
    ("3.3", "wrong way round", phases(freeze="encoder.trainable = True", unfreeze="encoder.trainable = False"),
     "other way round"),
    ("3.3", "squared error", phases(loss="'mse'"), r"model\.fit"),
    ("3.3", "one phase", "def train_in_two_phases(model, encoder, X, y, epochs, rates):\n"
     "    model.compile(optimizer=keras.optimizers.Adam(rates[0]), loss='sparse_categorical_crossentropy')\n"
     "    model.fit(X, y, epochs=sum(epochs), verbose=0)\n", "two fits"),
    ("3.4", "swapped", half().replace("np.asarray(a) - np.asarray(b)", "np.asarray(b) - np.asarray(a)"), "b − a"),
    ("3.4", "normal", half(quantile="1.96"), "Student"),
    ("3.4", "0.95", half(quantile="student.ppf(0.95, n - 1)"), "leaves 5 %"),
    ("3.4", "n degrees", half(quantile="student.ppf(0.975, n)"), "degrees of freedom"),
    ("3.4", "ddof", half(spread="d.std()"), "ddof=1"),
    ("3.4", "no root", half(root="1"), "√n is missing"),
    ("3.4", "by n", half(root="n"), "not by √n"),
    ("3.4", "variance", half(spread="d.var(ddof=1)"), "not its root"),
    ("3.4", "unpaired", half(spread="(np.var(a, ddof=1) + np.var(b, ddof=1)) ** 0.5"), "luck that both share"),
    ("3.4", "no quantile", half(quantile="1"), "one standard error"),
    ("3.4", "ends swapped", half(ends="m, m + h, m - h"), "swapped"),
    ("3.4", "two numbers", half(ends="m - h, m + h"), "three numbers"),
    ("3.5", "linear", WORTH + "    if accuracy > accuracies[-1]:\n        return float('inf')\n"
     "    return np.interp(accuracy, accuracies, counts)", "logarithm"),
    ("3.5", "no end", WORTH + f"    return {INTERP}", "infinity"),
    ("3.5", "no exp", WORTH + "    return np.interp(accuracy, accuracies, np.log(counts))", "turn it back"),
    ("3.5", "next point", WORTH + "    return float(counts[int(np.searchsorted(accuracies, accuracy))]) "
     "if accuracy <= accuracies[-1] else float('inf')", "the next or the nearest"),
    ("3.5", "axes swapped", WORTH + "    return np.interp(accuracy, counts, accuracies)", "other way round"),
    ("3.5", "bases mixed", WORTH + "    return float('inf') if accuracy > accuracies[-1] else "
     "10 ** np.interp(accuracy, accuracies, np.log(counts))", "base"),
    ("3.5", "nan beyond", WORTH + f"    return float('nan') if accuracy > accuracies[-1] else {INTERP}", "infinity"),
    ("3.6", "another name", COPY + "    return encoder", "another name"),
    ("3.6", "clone only", COPY + "    return keras.models.clone_model(encoder)", "random"),
    ("3.6", "model around the layers", COPY + "    return keras.Sequential([keras.Input(encoder.input_shape[1:]), *encoder.layers])",
     "same layers inside"),
    ("3.6", "the wrong way", COPY + "    copy = keras.models.clone_model(encoder)\n    encoder.set_weights(copy.get_weights())\n"
     "    return copy", "lost its pretrained"),
    ("3.6", "weights only", COPY + "    return encoder.get_weights()", "Keras model"),
    ("3.6", "frozen original", COPY + "    encoder.trainable = False\n    return encoder", "another name"),
    ("3.1", "the first class fixed", DRAW + "    return np.concatenate([rng.choice(np.flatnonzero(y == k), size, replace=False) if k > kinds[0] "
     "else np.flatnonzero(y == k)[:size] for k in kinds])", "always the same few|every draw"),
    ("3.1", "the first never", DRAW + "    return np.concatenate([rng.choice(np.flatnonzero(y == k)[1:], min(size, (y == k).sum() - 1), "
     "replace=False) for k in kinds])", "always the same few|n indices|each of them"),
    ("3.1", "chance in one class", DRAW + "    return np.concatenate([rng.choice(np.flatnonzero(y == k), size, replace=False) if k == kinds[0] "
     "else np.flatnonzero(y == k)[:size] for k in kinds])", "every draw|every class"),
    ("3.1", "five of each", DRAW.replace("n // len(kinds)", "min(5, (y == kinds[0]).sum())")
     + "    return np.concatenate([rng.choice(np.flatnonzero(y == k), size, replace=False) for k in kinds])", "take n from"),
    ("3.2", "encoder.add", "def with_head(encoder, classes):\n    encoder.add(keras.layers.Dense(classes, activation='softmax'))\n    return encoder",
     "encoder.add"),
    ("3.2", "a clone with weights", HEAD + "    c = keras.models.clone_model(encoder); c.set_weights(encoder.get_weights())\n"
     "    return keras.Sequential([I, c, D(classes, 'softmax')])", "copy of the encoder"),
    ("3.2", "compiled", HEAD + "    m = keras.Sequential([I, encoder, D(classes, 'softmax')])\n"
     "    m.compile('adam', 'sparse_categorical_crossentropy')\n    return m", "do not compile"),
    ("3.2", "dropout", HEAD + "    return keras.Sequential([I, encoder, keras.layers.Dropout(0.5), D(classes, 'softmax')])", "in training"),
    ("3.2", "softmax twice", HEAD + "    return keras.Sequential([I, encoder, D(classes, 'softmax'), keras.layers.Softmax()])", "twice"),
    ("3.3", "first layer frozen", phases(freeze="model.layers[0].trainable = False", unfreeze="model.layers[0].trainable = True"),
     "moved in the first phase"),
    ("3.3", "all but the last frozen", phases(freeze="[setattr(l, 'trainable', False) for l in model.layers[:-1]]"), "moved in the first phase"),
    ("3.3", "batches of 32", phases().replace("batch_size=50, ", ""), "batch_size=50"),
    ("3.3", "SGD", phases(first="model.compile(optimizer=keras.optimizers.SGD(rates[0]), loss=loss)",
                          second="model.compile(optimizer=keras.optimizers.SGD(rates[1]), loss=loss)"), "SGD in the first"),
    ("3.3", "weights reset", phases(unfreeze="encoder.trainable = True; model.set_weights([0.5 * w for w in model.get_weights()])"),
     "replaced between"),
    ("3.3", "one-hot", phases(loss="'categorical_crossentropy'").replace("model.fit(X, y,", "model.fit(X, keras.utils.to_categorical(y, 3),"),
     "whole numbers"),
    ("3.4", "low, mean, high", half(ends="m - h, m, m + h"), "low, mean, high; the order"),
    ("3.4", "low, high, mean", half(ends="m - h, m + h, m"), "low, high, mean"),
    ("3.4", "quantiles", PAIRED + "    return d.mean(), np.percentile(d, 2.5), np.percentile(d, 97.5)", "quantiles of the single"),
    ("3.5", "None beyond", WORTH + f"    return None if accuracy > accuracies[-1] else {INTERP}", "None for an accuracy"),
    ("3.5", "drawn on to the left", WORTH + "    if accuracy > accuracies[-1]:\n        return float('inf')\n"
     "    i = max(int(np.searchsorted(accuracies, accuracy)), 1)\n"
     "    s = (accuracy - accuracies[i - 1]) / (accuracies[i] - accuracies[i - 1])\n    return counts[i - 1] * (counts[i] / counts[i - 1]) ** s",
     "nobody measured"),
    ("3.5", "strictly below", WORTH + f"    return float('inf') if accuracy >= accuracies[-1] else {INTERP}", "reached with 2000|got"),
    ("3.5", "a fit", WORTH + "    if accuracy > accuracies[-1]:\n        return float('inf')\n"
     "    return float(np.exp(np.polyval(np.polyfit(accuracies, np.log(counts), 1), accuracy)))", "polyfit"),
    ("3.6", "frozen copy", COPY + "    c = keras.models.clone_model(encoder); c.set_weights(encoder.get_weights()); c.trainable = False\n    return c",
     "trainable"),
    ("3.6", "weights halved", COPY + "    c = keras.models.clone_model(encoder)\n    c.set_weights([w / 2 for w in encoder.get_weights()])\n    return c",
     "encoder's weights"),
    ("3.6", "kernel only", COPY + "    c = keras.models.clone_model(encoder)\n    c.set_weights([encoder.get_weights()[0], c.get_weights()[1]])\n    return c",
     "encoder's weights"),
    ("3.6", "functional around", COPY + "    return keras.Model(encoder.inputs, encoder.outputs)", "same layers inside"),
    ("3.1", "random start, consecutive",
     "def draw_labels(y, n, seed):\n    rng = np.random.default_rng(seed)\n    classes = np.unique(y)\n    k = n // len(classes)\n    out = []\n"
     "    for c in classes:\n        m = np.flatnonzero(y == c)\n        s = rng.integers(0, len(m) - k + 1)\n        out.append(m[s:s + k])\n"
     "    return np.concatenate(out)", "neighbours|every draw"),
    ("3.2", "stop gradient",
     "def with_head(encoder, classes):\n    x = keras.Input(encoder.input_shape[1:])\n    z = keras.layers.Lambda(keras.ops.stop_gradient)(encoder(x))\n"
     "    return keras.Model(x, keras.layers.Dense(classes, activation='softmax')(z))", "no gradient"),
    ("3.4", "99 %",
     "def difference_interval(a, b):\n    d = np.asarray(a) - np.asarray(b)\n    n = len(d)\n"
     "    h = student.ppf(0.995, n - 1) * d.std(ddof=1) / np.sqrt(n)\n    return d.mean(), d.mean() - h, d.mean() + h", r"0\.995"),
    ("3.4", "median",
     "def difference_interval(a, b):\n    d = np.asarray(a) - np.asarray(b)\n    n = len(d)\n"
     "    h = student.ppf(0.975, n - 1) * d.std(ddof=1) / np.sqrt(n)\n    return np.median(d), np.median(d) - h, np.median(d) + h", "median"),
    ("3.4", "sorted first",
     "def difference_interval(a, b):\n    d = np.sort(a) - np.sort(b)\n    n = len(d)\n    h = student.ppf(0.975, n - 1) * d.std(ddof=1) / np.sqrt(n)\n"
     "    return d.mean(), d.mean() - h, d.mean() + h", "sorted first"),
    ("3.5", "rounded",
     "def labels_worth(counts, accuracies, accuracy):\n    if accuracy > accuracies[-1]:\n        return float('inf')\n"
     "    return round(float(np.exp(np.interp(accuracy, accuracies, np.log(counts)))))", "rounded"),
    ("3.5", "first segment only",
     "def labels_worth(counts, accuracies, accuracy):\n    if accuracy > accuracies[-1]:\n        return float('inf')\n    l = np.log(counts)\n"
     "    x = (accuracy - accuracies[0]) / (accuracies[-1] - accuracies[0])\n    return float(np.exp(l[0] + max(x, 0) * (l[-1] - l[0])))", "first point to the last"),
    ("3.6", "first layer only",
     "def fresh_copy(encoder):\n    c = keras.models.clone_model(encoder)\n    for a, b in zip(c.layers[-1:], encoder.layers[-1:]):\n"
     "        a.set_weights(b.get_weights())\n    return c", "every layer"),
    ("3.6", "trainable weights only",
     "def fresh_copy(encoder):\n    c = keras.models.clone_model(encoder)\n    for a, b in zip(c.trainable_weights, encoder.trainable_weights):\n"
     "        a.assign(b)\n    return c", "moving mean"),
]  # fmt: skip

ALTERNATIVES = [
    ("3.1", "shuffled", DRAW + "    order = rng.permutation(len(y))\n"
     "    return rng.permutation(np.concatenate([order[y[order] == k][:size] for k in kinds]))"),
    ("3.1", "scikit-learn", DRAW + "    from sklearn.model_selection import train_test_split\n"
     "    pool = np.concatenate([rng.permutation(np.flatnonzero(y == k))[:size] for k in kinds])\n    return list(pool)"),
    ("3.2", "functional", "def with_head(encoder, classes):\n    x = keras.Input(encoder.input_shape[1:])\n"
     "    return keras.Model(x, keras.layers.Softmax()(keras.layers.Dense(classes)(encoder(x))))\n"),
    ("3.2", "from the encoder's tensors", "def with_head(encoder, classes):\n    z = encoder.outputs[0]\n"
     "    return keras.Model(encoder.inputs[0], keras.layers.Dense(classes, activation='softmax')(z))\n"),
    ("3.3", "frozen after the compile, before the first batch",
     phases(freeze="pass", first="model.compile(optimizer=keras.optimizers.Adam(rates[0]), loss=loss); encoder.trainable = False")),
    ("3.3", "layer by layer", phases(freeze="[setattr(l, 'trainable', False) for l in encoder.layers]",
                                     unfreeze="[setattr(l, 'trainable', True) for l in encoder.layers]")),
    ("3.4", "SciPy", "def difference_interval(a, b):\n    from scipy.stats import ttest_rel\n"
     "    ends = ttest_rel(a, b).confidence_interval(0.95)\n    return np.mean(np.asarray(a) - np.asarray(b)), ends.low, ends.high\n"),
    ("3.4", "by hand", half(spread="(np.sum((d - d.mean()) ** 2) / (n - 1)) ** 0.5")),
    ("3.5", "loop", WORTH + "    if accuracy <= accuracies[0]:\n        return counts[0]\n"
     "    for n, m, a, b in zip(counts, counts[1:], accuracies, accuracies[1:]):\n        if accuracy <= b:\n"
     "            return n * (m / n) ** ((accuracy - a) / (b - a))\n    return float('inf')\n"),
    ("3.5", "base 10", WORTH + "    return 10 ** np.interp(accuracy, accuracies, np.log10(counts), right=np.inf)"),
    ("3.6", "deepcopy", COPY + "    from copy import deepcopy\n    return deepcopy(encoder)"),
    ("3.6", "from_config", COPY + "    twin = type(encoder).from_config(encoder.get_config())\n"
     "    [b.assign(a) for a, b in zip(encoder.weights, twin.weights)]\n    return twin"),
    ("3.1", "a loop over numbers", DRAW + "    out = []\n    for k in kinds:\n        places = np.where(y == k)[0]\n        rng.shuffle(places)\n"
     "        out.extend(places[:size])\n    return np.array(out)"),
    ("3.1", "the old generator", DRAW.replace("np.random.default_rng(seed)", "np.random.RandomState(seed)")
     + "    return np.hstack([rng.choice(np.nonzero(y == k)[0], size, replace=False) for k in kinds])"),
    ("3.2", "activation layer", HEAD + "    return keras.Sequential([I, encoder, D(classes), keras.layers.Activation('softmax')])"),
    ("3.2", "add", HEAD + "    m = keras.Sequential()\n    m.add(I); m.add(encoder); m.add(D(classes, activation=keras.activations.softmax))\n    return m"),
    ("3.3", "by the loop of the weights", phases(loss="keras.losses.SparseCategoricalCrossentropy()")),
    ("3.3", "positional", phases().replace("model.fit(X, y, epochs=epochs[0], batch_size=50, verbose=0)", "model.fit(X, y, 50, epochs[0], 0)")),
    ("3.4", "t.interval", "def difference_interval(a, b):\n    from scipy import stats\n    d = np.subtract(a, b)\n"
     "    low, high = stats.t.interval(0.95, len(d) - 1, loc=d.mean(), scale=stats.sem(d))\n    return (d.mean(), low, high)"),
    ("3.4", "an array", half(ends="m, m - h, m + h").replace("return m, m - h, m + h", "return np.array([m, m - h, m + h])")),
    ("3.5", "log2", WORTH + "    return 2 ** np.interp(accuracy, accuracies, np.log2(counts)) if accuracy <= accuracies[-1] else np.inf"),
    ("3.5", "searchsorted", WORTH + "    if accuracy > accuracies[-1]:\n        return np.inf\n    if accuracy <= accuracies[0]:\n        return float(counts[0])\n"
     "    i = np.searchsorted(accuracies, accuracy)\n    s = (accuracy - accuracies[i - 1]) / (accuracies[i] - accuracies[i - 1])\n"
     "    return counts[i - 1] ** (1 - s) * counts[i] ** s"),
    ("3.6", "layer by layer", COPY + "    c = keras.models.clone_model(encoder)\n    for a, b in zip(encoder.layers, c.layers):\n"
     "        b.set_weights(a.get_weights())\n    return c"),
    ("3.1", "random keys", DRAW + "    keys = rng.random(len(y))\n"
     "    return [i for k in kinds for i in sorted(np.flatnonzero(y == k), key=lambda i: keys[i])[:size]]"),
    ("3.1", "one permutation walked through", DRAW + "    left, chosen = {k: size for k in kinds}, []\n    for i in rng.permutation(len(y)):\n"
     "        if left[y[i]]:\n            chosen.append(i)\n            left[y[i]] -= 1\n    return np.array(chosen)"),
    ("3.2", "softmax by ops", "def with_head(encoder, classes):\n    x = keras.Input(encoder.input_shape[1:])\n"
     "    return keras.Model(x, keras.ops.softmax(keras.layers.Dense(classes)(encoder(x))))\n"),
    ("3.2", "with names", HEAD + "    return keras.Sequential(layers=[I, encoder, D(classes, activation='softmax', name='head')], name='classifier')"),
    ("3.3", "one loop for both", "def train_in_two_phases(model, encoder, X, y, epochs, rates):\n    for free, n, rate in zip((False, True), epochs, rates):\n"
     "        encoder.trainable = free\n        model.compile(loss='sparse_categorical_crossentropy', optimizer=keras.optimizers.Adam(rate))\n"
     "        model.fit(X, y, batch_size=50, epochs=n, verbose=0)\n"),
    ("3.3", "named rates", phases(first="model.compile(keras.optimizers.Adam(learning_rate=rates[0]), loss)",
                                  second="model.compile(keras.optimizers.Adam(learning_rate=rates[1]), loss)")),
    ("3.4", "both tails at once", PAIRED + "    low, high = d.mean() + student.ppf([0.025, 0.975], n - 1) * d.std(ddof=1) / np.sqrt(n)\n    return d.mean(), low, high"),
    ("3.4", "statistics", PAIRED + "    import statistics\n    m = statistics.fmean(d)\n    h = student.isf(0.025, n - 1) * statistics.stdev(d.tolist()) / n ** 0.5\n"
     "    return m, m - h, m + h"),
    ("3.5", "interp1d", WORTH + "    from scipy.interpolate import interp1d\n"
     "    line = interp1d(accuracies, np.log(counts), bounds_error=False, fill_value=(np.log(counts[0]), np.inf))\n    return float(np.exp(line(accuracy)))"),
    ("3.5", "a share of the way", WORTH + "    if accuracy > accuracies[-1]:\n        return float('inf')\n    place = np.interp(accuracy, accuracies, np.arange(len(counts)))\n"
     "    i = min(int(place), len(counts) - 2)\n    return float(counts[i] * (counts[i + 1] / counts[i]) ** (place - i))"),
    ("3.6", "assigned one by one", COPY + "    twin = keras.models.clone_model(encoder)\n    for old, new in zip(encoder.weights, twin.weights):\n"
     "        new.assign(old)\n    return twin"),
    ("3.6", "saved and loaded", COPY + "    import os, tempfile\n    with tempfile.TemporaryDirectory() as folder:\n"
     "        path = os.path.join(folder, 'encoder.keras')\n        encoder.save(path)\n        return keras.models.load_model(path)"),
    ("3.6", "weights through a list", COPY + "    weights = [w.copy() for w in encoder.get_weights()]\n    twin = keras.models.clone_model(encoder)\n"
     "    twin.set_weights(weights)\n    return twin"),
    ("3.3", "epoch by epoch",
     "def train_in_two_phases(model, encoder, X, y, epochs, rates):\n    encoder.trainable = False\n"
     "    model.compile(optimizer=keras.optimizers.Adam(rates[0]), loss='sparse_categorical_crossentropy')\n    for _ in range(epochs[0]):\n"
     "        model.fit(X, y, epochs=1, batch_size=50, verbose=0)\n    encoder.trainable = True\n"
     "    model.compile(optimizer=keras.optimizers.Adam(rates[1]), loss='sparse_categorical_crossentropy')\n"
     "    model.fit(X, y, epochs=epochs[1], batch_size=50, verbose=0)"),
    ("3.1", "argsort of random keys",
     "def draw_labels(y, n, seed):\n    rng = np.random.default_rng(seed)\n    classes = np.unique(y)\n    key = rng.random(len(y))\n"
     "    order = np.lexsort((key, y))\n    _, first = np.unique(y[order], return_index=True)\n"
     "    return np.concatenate([order[f:f + n // len(classes)] for f in first])"),
]  # fmt: skip

SURVIVORS = {
    ("3.3", "strict=True -> strict=False"): "the three rows have two entries each: nothing is left over",
    ("3.3", "0 -> 1"): "verbose=1 only prints more",
    ("3.6", "a copy of: encoder"): "the copy of a copy is a copy",
}
