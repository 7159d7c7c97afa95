"""Wrong and alternative answers to the exercises of lesson 02."""

HOURGLASS = "def hourglass(pixels, hidden, codings):\n"
CHOICES = "def autoencoder_for_images(image_shape, hidden, codings, learning_rate):\n"
ACCURACY = "def rounded_accuracy(images, reconstructions):\n    "
CURVE = "def error_curve(sizes, build, X, V, epochs, batch_size):\n"
UNUSUAL = "def most_unusual(images, reconstructions, k):\n"
TRUST = "def trustworthiness(X, Z, k):\n    n = len(X)\n"
LOSS = "def mean_loss(reconstruct, X, batch_size):\n    total, count = 0.0, 0\n"
LOOP = "    for start in range(0, len(X), batch_size):\n        batch = X[start:start + batch_size]\n"


def halves(
    encoder_hidden="hidden", decoder_hidden="hidden[::-1]", inner="'relu'", code_act="None", out_act="None",
    last="D(codings, activation=code_act), ", final="D(pixels, activation=out_act)", start="(codings,)",
    back="return e, d", first="(pixels,)",
):  # fmt: skip
    """An answer to 2.1 with one thing changed."""
    return (
        HOURGLASS
        + f"    D, I = keras.layers.Dense, keras.Input\n    code_act, out_act = {code_act}, {out_act}\n"
        + f"    e = keras.Sequential([I({first}), *[D(u, activation={inner}) for u in {encoder_hidden}], {last}])\n"
        + f"    d = keras.Sequential([I({start}), *[D(u, activation={inner}) for u in {decoder_hidden}], {final}])\n"
        + f"    {back}\n"
    )


def chosen(activation="'relu'", coding="None", output="'sigmoid'", loss="'mse'", optimizer="keras.optimizers.Adam(learning_rate)"):
    """An answer to 2.2 from five choices."""
    return (
        CHOICES
        + f"    m = dense_hourglass(image_shape, hidden, codings, activation={activation}, "
        + f"coding_activation={coding}, output_activation={output})\n"
        + f"    m.compile(loss={loss}, optimizer={optimizer})\n    return m\n"
    )


def curve(model="build(size)", fit="model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)",
          error="metrics.mse(V, model.reconstruct(V))", before="", back="return errors"):  # fmt: skip
    """An answer to 2.4 with one thing changed."""
    return (
        CURVE + f"    errors = {{}}\n    {before or 'pass'}\n    for size in sizes:\n        model = {model}\n"
        f"        {fit}\n        errors[size] = {error}\n    {back}\n"
    )


def trust(ranks="pairwise_distances(X.reshape(n, -1)).argsort(1).argsort(1)", near="pairwise_distances(Z).argsort(1)[:, 1:k + 1]",
          each="np.maximum(r - k, 0)", last="1 - 2 / (n * k * (2 * n - 3 * k - 1)) * total"):  # fmt: skip
    """An answer to 2.6 with one thing changed."""
    return (
        TRUST + f"    ranks = {ranks}\n    near = {near}\n    r = np.take_along_axis(ranks, near, axis=1)\n"
        f"    total = np.sum({each})\n    return float({last})\n"
    )


WRONG = [
    ("2.1", "decoder not reversed", halves(decoder_hidden="hidden"), "reversed.hidden"),
    ("2.1", "coding layer missing", halves(last=""), "last hidden layer"),
    ("2.1", "pixel layer missing", halves(final=""), "last hidden layer"),
    ("2.1", "halves swapped", halves(back="return d, e"), r"\(encoder, decoder\)"),
    ("2.1", "one model", halves(back="return keras.Sequential([e, d])"), "one model"),
    ("2.1", "no activation", halves(inner="None"), "straight-line"),
    ("2.1", "ReLU codings", halves(code_act="'relu'"), "no activation"),
    ("2.1", "sigmoid output", halves(out_act="'sigmoid'"), "no activation"),
    ("2.1", "fixed numbers", halves(first="(784,)", final="D(784)"), "fixed numbers"),
    ("2.1", "decoder takes images", halves(start="(pixels,)"), "Input of its own"),
    ("2.1", "one hidden layer only", halves(encoder_hidden="hidden[:1]"), "one Dense layer for each entry"),
    ("2.1", "codings twice", halves(encoder_hidden="(*hidden, codings)"), "too many"),
    (
        "2.1",
        "no Input",
        HOURGLASS
        + "    e = keras.Sequential([keras.layers.Dense(u, activation='relu') for u in hidden])\n"
        + "    return e, keras.Sequential([keras.layers.Dense(pixels)])\n",
        "keras.Input",
    ),
    ("2.2", "ReLU codings", chosen(coding="'relu'"), "half of every axis"),
    ("2.2", "sigmoid codings", chosen(coding="'sigmoid'"), "squeezes"),
    ("2.2", "tanh codings", chosen(coding="'tanh'"), "tanh"),
    ("2.2", "softmax codings", chosen(coding="'softmax'"), "shares of a whole"),
    ("2.2", "ReLU output", chosen(output="'relu'"), "dead"),
    ("2.2", "linear output", chosen(output="None"), "linear output"),
    ("2.2", "tanh output", chosen(output="'tanh'"), "tanh output"),
    ("2.2", "softmax output", chosen(output="'softmax'"), "one choice out of many"),
    ("2.2", "no hidden activation", chosen(activation="None"), "straight-line"),
    ("2.2", "cross-entropy", chosen(loss="'binary_crossentropy'"), "binary cross-entropy"),
    ("2.2", "sigmoid twice", chosen(loss="keras.losses.BinaryCrossentropy(from_logits=True)"), "from_logits"),
    ("2.2", "absolute error", chosen(loss="'mae'"), "absolute"),
    ("2.2", "rate forgotten", chosen(optimizer="'adam'"), "learning_rate"),
    ("2.2", "not compiled", chosen().replace("    m.compile", "    0 and m.compile"), "not compiled"),
    ("2.2", "compile returned", chosen().replace("    return m", "    return m.compile()"), r"\.encoder and \.decoder"),
    ("2.3", "originals not rounded", ACCURACY + "return np.mean(images == (reconstructions > 0.5))", "originals were not"),
    ("2.3", "copies not rounded", ACCURACY + "return np.mean((images > 0.5) == reconstructions)", "reconstructions were not"),
    ("2.3", "neither rounded", ACCURACY + "return np.mean(images == reconstructions)", "neither"),
    ("2.3", "disagreement", ACCURACY + "return np.mean((images > 0.5) != (reconstructions > 0.5))", "disagree"),
    ("2.3", "percent", ACCURACY + "return 100 * np.mean((images > 0.5) == (reconstructions > 0.5))", "percent"),
    ("2.3", "count", ACCURACY + "return np.sum((images > 0.5) == (reconstructions > 0.5))", "divide by their number"),
    ("2.3", "small difference", ACCURACY + "return np.mean(np.abs(images - reconstructions) < 0.5)", "off by less"),
    (
        "2.3",
        "per image",
        ACCURACY + "return np.mean((images > 0.5) == (reconstructions > 0.5), axis=tuple(range(1, images.ndim)))",
        "for each image",
    ),
    ("2.3", "white only", ACCURACY + "return np.mean((images > 0.5) & (reconstructions > 0.5))", "agreement on black"),
    (
        "2.3",
        "whole images",
        ACCURACY + "return np.mean(((images > 0.5) == (reconstructions > 0.5)).reshape(len(images), -1).all(axis=1))",
        "whole images",
    ),
    ("2.4", "error on training images", curve(error="metrics.mse(X, model.reconstruct(X))"), "on the training images"),
    ("2.4", "trained on V", curve(fit="model.fit(V, V, epochs=epochs, batch_size=batch_size, verbose=0)"), "judged on V"),
    ("2.4", "no target", curve(fit="model.fit(X, epochs=epochs, batch_size=batch_size, verbose=0)"), r"fit\(X, X\)"),
    ("2.4", "one model", curve(before="model = build(sizes[0])", model="model"), "inside the loop"),
    ("2.4", "not trained", curve(fit="pass"), "trained model"),
    ("2.4", "a list", curve(back="return list(errors.values())"), "dictionary"),
    ("2.4", "returns too early", curve(back="    return errors"), "return line inside the loop"),
    ("2.4", "epochs forgotten", curve(fit="model.fit(X, X, batch_size=batch_size, verbose=0)"), "1 epoch of training"),
    ("2.4", "root", curve(error="metrics.mse(V, model.reconstruct(V)) ** 0.5"), "root"),
    ("2.4", "sum", curve(error="np.sum((V - model.reconstruct(V)) ** 2)"), "a sum over all"),
    (
        "2.4",
        "measured before",
        curve(
            fit="error = metrics.mse(V, model.reconstruct(V)); model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)",
            error="error",
        ),
        "before the training",
    ),
    ("2.4", "pixels to 255", curve(fit="model.fit(255 * X, 255 * X, epochs=epochs, batch_size=batch_size)"), "0 to 255"),
    ("2.5", "most usual", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1) ** 2, axis=1)\n"
     "    return np.argsort(e)[:k]", "most usual"),
    ("2.5", "worst last", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1) ** 2, axis=1)\n"
     "    return np.argsort(e)[-k:]", "worst one comes last"),
    ("2.5", "wrong axis", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1) ** 2, axis=0)\n"
     "    return np.argsort(-e)[:k]", "indices of pixels"),
    ("2.5", "errors", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1) ** 2, axis=1)\n"
     "    return np.sort(e)[::-1][:k]", "these are the errors"),
    ("2.5", "no square", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1), axis=1)\n"
     "    return np.argsort(-e)[:k]", "opposite sign"),
    ("2.5", "worst pixel", UNUSUAL + "    e = np.max(np.abs(images - reconstructions).reshape(len(images), -1), axis=1)\n"
     "    return np.argsort(-e)[:k]", "single pixel"),
    ("2.5", "k forgotten", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1) ** 2, axis=1)\n"
     "    return np.argsort(-e)", "k was forgotten"),
    ("2.5", "images only", UNUSUAL + "    e = np.mean((images - reconstructions) ** 2, axis=(1, 2))\n"
     "    return np.argsort(-e)[:k]", "axis 2 is out of bounds|flat"),
    ("2.6", "swapped", trust().replace("def trustworthiness(X, Z, k)", "def trustworthiness(Z, X, k)").replace(
        "X.reshape(n, -1)", "X"), "continuity"),
    ("2.6", "own neighbour", trust(near="pairwise_distances(Z).argsort(1)[:, :k]"), "own nearest neighbour"),
    ("2.6", "ranks from zero", trust(ranks="pairwise_distances(X.reshape(n, -1)).argsort(1).argsort(1) - 1"), "from 0"),
    ("2.6", "r instead of r - k", trust(each="np.where(r > k, r, 0)"), "r − k"),
    ("2.6", "penalty alone", trust(last="2 / (n * k * (2 * n - 3 * k - 1)) * total"), "subtract it from 1"),
    ("2.6", "factor", trust(last="1 - total / (n * k)"), "factor is off"),
    ("2.6", "no 2", trust(last="1 - 1 / (n * k * (2 * n - 3 * k - 1)) * total"), "the 2 in the factor"),
    ("2.6", "overlap", trust(last="np.mean(r <= k)"), "near miss"),
    ("2.6", "not flattened", trust(ranks="pairwise_distances(X).argsort(1).argsort(1)"), "dim|flatten"),
    ("2.7", "the broken one", LOSS + LOOP + "        total += np.mean((batch - reconstruct(batch)) ** 2)\n    return total", "still the sum"),
    ("2.7", "mean of means", LOSS + LOOP + "        total += np.mean((batch - reconstruct(batch)) ** 2); count += 1\n"
     "    return total / count", "mean of the batches' means"),
    ("2.7", "by batch size", LOSS + LOOP + "        total += np.mean((batch - reconstruct(batch)) ** 2)\n    return total / batch_size",
     "fixed number"),
    ("2.7", "by images", LOSS + LOOP + "        total += np.mean((batch - reconstruct(batch)) ** 2)\n    return total / len(X)",
     "while the sum is over batches"),
    ("2.7", "last batch lost", LOSS + LOOP.replace("range(0, len(X),", "range(0, len(X) - batch_size + 1,")
     + "        total += np.mean((batch - reconstruct(batch)) ** 2) * len(batch); count += len(batch)\n    return total / count",
     "left out"),
    ("2.7", "pixels summed", LOSS + LOOP + "        total += np.sum((batch - reconstruct(batch)) ** 2)\n    return total / len(X)",
     "over the pixels"),
    ("2.7", "all summed", LOSS + LOOP + "        total += np.sum((batch - reconstruct(batch)) ** 2)\n    return total", "all images and pixels"),
    ("2.7", "full weight for all", LOSS + LOOP + "        total += np.mean((batch - reconstruct(batch)) ** 2) * batch_size\n"
     "    return total / len(X)", "as weight"),
    ("2.1", "sigmoid inside", halves(inner="'sigmoid'"), "'sigmoid'; 'relu' is asked"),
    ("2.1", "another bend", halves(inner="'gelu'"), "'gelu'; 'relu' is asked"),
    ("2.1", "no biases", halves(last="D(codings, use_bias=False), "), "bias in every layer"),
    ("2.1", "batch normalization", halves(last="keras.layers.BatchNormalization(), D(codings), "), "batch normalization"),
    ("2.1", "dropout", halves(last="keras.layers.Dropout(0.2), D(codings), "), "dropout"),
    ("2.1", "leaky codings", halves(code_act="'leaky_relu'"), "last layer has the activation 'leaky_relu'"),
    ("2.2", "softplus codings", chosen(coding="'softplus'"), "softplus"),
    ("2.2", "leaky codings", chosen(coding="'leaky_relu'"), "leaky ReLU"),
    ("2.2", "softmax inside", chosen(activation="'softmax'"), "softmax in the hidden"),
    ("2.2", "SGD", chosen(optimizer="keras.optimizers.SGD(learning_rate)"), "SGD.*Adam"),
    ("2.2", "softplus output", chosen(output="'softplus'"), "softplus"),
    ("2.2", "Nadam", chosen(optimizer="keras.optimizers.Nadam(learning_rate)"), "Nadam.*Adam"),
    ("2.2", "Huber", chosen(loss="keras.losses.Huber()"), "Huber"),
    ("2.2", "one hidden layer lost", chosen().replace("image_shape, hidden,", "image_shape, hidden[:1],", 2).replace(
        "def autoencoder_for_images(image_shape, hidden[:1],", "def autoencoder_for_images(image_shape, hidden,"), "one Dense layer for each"),
    ("2.3", "at least", ACCURACY + "return np.mean((images >= 0.5) == (reconstructions >= 0.5))", "exactly 0.5"),
    ("2.3", "by signs of products", ACCURACY + "return np.mean((images - 0.5) * (reconstructions - 0.5) > 0)", "exactly 0.5"),
    ("2.3", "black only", ACCURACY + "return np.mean((images <= 0.5) & (reconstructions <= 0.5))", "agreement on white"),
    ("2.3", "threshold 0", ACCURACY + "return np.mean((images > 0) == (reconstructions > 0))", "threshold is 0"),
    ("2.3", "recall", ACCURACY + "w = images > 0.5\n    return np.mean(reconstructions[w] > 0.5)", "among the white"),
    ("2.4", "X permuted", curve(fit="model.fit(X, np.random.permutation(X), epochs=epochs, batch_size=batch_size, verbose=0)"),
     "row by row"),
    ("2.4", "X and V", curve(before="A = np.concatenate([X, V])", fit="model.fit(A, A, epochs=epochs, batch_size=batch_size, verbose=0)"),
     "X and V together"),
    ("2.4", "batch size forgotten", curve(fit="model.fit(X, X, epochs=epochs, verbose=0)"), "batch_size on to fit"),
    ("2.4", "changed places", curve(fit="model.fit(X, X, epochs=batch_size, batch_size=epochs, verbose=0)"), "changed places"),
    ("2.4", "validation split", curve(fit="model.fit(X, X, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)"),
     "validation_split"),
    ("2.4", "noisy", curve(fit="model.fit(X + 0.1, X + 0.1, epochs=epochs, batch_size=batch_size, verbose=0)"), "no noise"),
    ("2.4", "absolute", curve(error="float(np.mean(np.abs(V - model.reconstruct(V))))"), "absolute"),
    ("2.5", "absolute error", UNUSUAL + "    e = np.mean(np.abs(images - reconstructions).reshape(len(images), -1), axis=1)\n"
     "    return np.argsort(-e)[:k]", "absolute error"),
    ("2.5", "argpartition", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1) ** 2, axis=1)\n"
     "    return np.argpartition(-e, k)[:k]", "does not sort"),
    ("2.5", "by place", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1) ** 2, axis=1)\n"
     "    return np.flatnonzero(e >= np.sort(e)[-k])", "order of their place"),
    ("2.5", "single pixels", UNUSUAL + "    return np.argsort(-((images - reconstructions) ** 2).ravel())[:k]", "single pixels"),
    ("2.5", "the images", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1) ** 2, axis=1)\n"
     "    return images[np.argsort(-e)[:k]]", "images themselves"),
    ("2.6", "single argsort", trust(ranks="pairwise_distances(X.reshape(n, -1)).argsort(1)"), "second argsort"),
    ("2.6", "one too few", trust(near="pairwise_distances(Z).argsort(1)[:, 1:k]"), r"\[1 : k \+ 1\] holds k"),
    ("2.6", "plus one", trust(last="1 - 2 / (n * k * (2 * n - 3 * k + 1)) * total"), "minus before the 1"),
    ("2.6", "not clipped", trust(each="r - k"), "negative penalties"),
    ("2.6", "count", trust(each="r > k"), "costs 1 here"),
    ("2.6", "fixed k", trust(near="pairwise_distances(Z).argsort(1)[:, 1:6]").replace("n = len(X)\n", "n, k = len(X), 5\n"), "from the arguments"),
    ("2.7", "last batch", LOSS + LOOP + "        total = np.mean((batch - reconstruct(batch)) ** 2)\n    return total", "last batch alone"),
    ("2.7", "first batch", LOSS + LOOP + "        return np.mean((batch - reconstruct(batch)) ** 2)", "first batch alone"),
    ("2.7", "all at once", "def mean_loss(reconstruct, X, batch_size):\n    return np.mean((X - reconstruct(X)) ** 2)", "at most batch_size"),
    ("2.7", "fixed size", LOSS + LOOP.replace("batch_size", "4") + "        total += np.sum((batch - reconstruct(batch)) ** 2)\n"
     "    return total / X.size", "batch"),
    ("2.7", "batches rounded down", LOSS + LOOP + "        total += np.mean((batch - reconstruct(batch)) ** 2)\n"
     "    return total / (len(X) // batch_size)", "too few"),
    ("2.7", "root", LOSS + LOOP + "        total += np.sum((batch - reconstruct(batch)) ** 2)\n    return (total / X.size) ** 0.5", "root"),
    ("2.1", "hidden.reverse on a list copy lost",
     "def hourglass(pixels, hidden, codings):\n    encoder = keras.Sequential([keras.Input((pixels,))])\n    for units in hidden:\n"
     "        encoder.add(keras.layers.Dense(units, activation='relu'))\n    encoder.add(keras.layers.Dense(codings, activation=None))\n"
     "    decoder = keras.Sequential([keras.Input((codings,))])\n    for units in sorted(hidden):\n"
     "        decoder.add(keras.layers.Dense(units, activation='relu'))\n    decoder.add(keras.layers.Dense(pixels, activation=None))\n"
     "    return encoder, decoder", "in another order"),
    ("2.2", "hard wired shape",
     "def autoencoder_for_images(image_shape, hidden, codings, learning_rate):\n"
     "    model = dense_hourglass((28, 28), hidden, codings, activation='relu', coding_activation=None, output_activation='sigmoid')\n"
     "    model.compile(loss='mse', optimizer=keras.optimizers.Adam(learning_rate))\n    return model", "encoder for images of shape"),
    ("2.2", "metric in place of loss",
     "def autoencoder_for_images(image_shape, hidden, codings, learning_rate):\n"
     "    model = dense_hourglass(image_shape, hidden, codings, activation='relu', coding_activation=None, output_activation='sigmoid')\n"
     "    model.compile(metrics=['mse'], optimizer=keras.optimizers.Adam(learning_rate))\n    return model", "compiled without a loss"),
    ("2.3", "one edge differs", "def rounded_accuracy(images, reconstructions):\n    return float(np.mean((images > 0.5) == (reconstructions >= 0.5)))", "exactly 0.5"),
    ("2.3", "mean of both", "def rounded_accuracy(images, reconstructions):\n    return float(np.mean(images > 0.5) == np.mean(reconstructions > 0.5))", "pixel with pixel"),
    ("2.3", "threshold of its own mean",
     "def rounded_accuracy(images, reconstructions):\n    return float(np.mean((images > images.mean()) == (reconstructions > reconstructions.mean())))", "own mean"),
    ("2.3", "astype int truncation", "def rounded_accuracy(images, reconstructions):\n    return float(np.mean(images.astype(int) == reconstructions.astype(int)))", "cut off"),
    ("2.4", "early stopping",
     "def error_curve(sizes, build, X, V, epochs, batch_size):\n    errors = {}\n    for size in sizes:\n        model = build(size)\n"
     "        model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0, validation_data=(V, V), callbacks=[keras.callbacks.EarlyStopping(patience=0, min_delta=1e9)])\n"
     "        errors[size] = metrics.mse(V, model.reconstruct(V))\n    return errors", "EarlyStopping"),
    ("2.4", "best validation loss over epochs",
     "def error_curve(sizes, build, X, V, epochs, batch_size):\n    errors = {}\n    for size in sizes:\n        model = build(size)\n"
     "        h = model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0, validation_data=(V, V))\n"
     "        errors[size] = min(h.history['val_loss'])\n    return errors", "lowest val_loss"),
    ("2.5", "reversed before cut",
     "def most_unusual(images, reconstructions, k):\n    e = np.mean(((images - reconstructions) ** 2).reshape(len(images), -1), axis=1)\n"
     "    return np.argsort(e)[:k][::-1]", "after the order is turned"),
    ("2.5", "argmax k times without removing",
     "def most_unusual(images, reconstructions, k):\n    e = np.mean(((images - reconstructions) ** 2).reshape(len(images), -1), axis=1)\n"
     "    return np.array([np.argmax(e)] * k)", "same image each time"),
    ("2.5", "signed differences",
     "def most_unusual(images, reconstructions, k):\n    e = np.mean((images - reconstructions).reshape(len(images), -1), axis=1) ** 2\n"
     "    return np.argsort(-e)[:k]", "averaged before"),
    ("2.6", "cosine metric",
     "def trustworthiness(X, Z, k):\n    from sklearn.manifold import trustworthiness as t\n"
     "    return float(t(X.reshape(len(X), -1), Z, n_neighbors=k, metric='cosine'))", "cosines"),
    ("2.7", "784",
     "def mean_loss(reconstruct, X, batch_size):\n    total = 0.0\n    for i in range(0, len(X), batch_size):\n        batch = X[i:i + batch_size]\n"
     "        R = np.asarray(reconstruct(batch))\n        total += np.sum((batch - R) ** 2)\n    return float(total / (len(X) * 784))", "divided by 784"),
]  # fmt: skip

ALTERNATIVES = [
    (
        "2.1",
        "functional",
        HOURGLASS
        + "    x = image = keras.Input((pixels,))\n    for units in hidden:\n"
        + "        x = keras.layers.Dense(units, 'relu')(x)\n"
        + "    encoder = keras.Model(image, keras.layers.Dense(codings)(x))\n"
        + "    x = code = keras.Input((codings,))\n    for units in hidden[::-1]:\n"
        + "        x = keras.layers.ReLU()(keras.layers.Dense(units)(x))\n"
        + "    return [encoder, keras.Model(code, keras.layers.Dense(pixels)(x))]\n",
    ),
    ("2.2", "SiLU and a loss object", chosen(activation="'silu'", loss="keras.losses.MeanSquaredError()")),
    ("2.2", "linear by name", chosen(coding="'linear'", optimizer="keras.optimizers.Adam(learning_rate=learning_rate)")),
    (
        "2.2",
        "by hand",
        CHOICES
        + "    d = int(np.prod(image_shape))\n    L = keras.layers\n"
        + "    e = keras.Sequential([keras.Input(image_shape), L.Flatten(), *[L.Dense(u, 'elu') for u in hidden], L.Dense(codings)])\n"
        + "    f = keras.Sequential([keras.Input((codings,)), *[L.Dense(u, 'elu') for u in hidden[::-1]], "
        + "L.Dense(d, 'sigmoid'), L.Reshape(image_shape)])\n    m = Autoencoder(e, f)\n"
        + "    m.compile(keras.optimizers.Adam(learning_rate), 'mean_squared_error')\n    return m\n",
    ),
    ("2.3", "rounded", ACCURACY + "return 1 - np.mean(np.abs(np.round(images) - np.round(reconstructions)))"),
    ("2.3", "by metric", ACCURACY + "return float(keras.metrics.BinaryAccuracy()(np.round(images), reconstructions))"),
    ("2.4", "evaluate", curve(error="model.evaluate(V, V, verbose=0)")),
    ("2.4", "predict and mean", curve(error="float(np.mean((V - model.predict(V, verbose=0)) ** 2))")),
    (
        "2.4",
        "two loops",
        CURVE + "    models = {s: build(s) for s in sizes}\n    for m in models.values():\n"
        "        m.fit(x=X, y=X, validation_data=(V, V), epochs=epochs, batch_size=batch_size, verbose=0)\n"
        "    return {s: metrics.mse(V, m.reconstruct(V)) for s, m in models.items()}\n",
    ),
    ("2.5", "sums and reversed order", UNUSUAL + "    n = len(images)\n"
     "    e = np.sum(np.square(images.reshape(n, -1) - reconstructions.reshape(n, -1)), axis=1)\n    return np.argsort(e)[::-1][:k]"),
    ("2.5", "loop", UNUSUAL + "    e = [float(np.mean((a - b) ** 2)) for a, b in zip(images, reconstructions)]\n"
     "    return np.array(sorted(range(len(e)), key=e.__getitem__, reverse=True)[:k])"),
    (
        "2.6",
        "loops",
        TRUST + "    X = X.reshape(n, -1)\n    total = 0\n    for i in range(n):\n"
        "        by_x = [j for j in np.argsort(((X - X[i]) ** 2).sum(1)) if j != i]\n"
        "        by_z = [j for j in np.argsort(((Z - Z[i]) ** 2).sum(1)) if j != i]\n"
        "        total += sum(by_x.index(j) + 1 - k for j in by_z[:k] if j not in by_x[:k])\n"
        "    return 1 - 2 * total / (n * k * (2 * n - 3 * k - 1))\n",
    ),
    ("2.6", "scikit-learn", TRUST + "    from sklearn.manifold import trustworthiness as t\n    return t(X.reshape(n, -1), Z, n_neighbors=k)\n"),
    ("2.7", "count the numbers", LOSS + LOOP + "        d = batch - reconstruct(batch)\n        total += np.sum(d * d); count += d.size\n"
     "    return total / count"),
    ("2.7", "weighted average", "def mean_loss(reconstruct, X, batch_size):\n"
     "    parts = [X[i:i + batch_size] for i in range(0, len(X), batch_size)]\n"
     "    return np.average([np.mean((p - reconstruct(p)) ** 2) for p in parts], weights=[len(p) for p in parts])"),
    ("2.1", "add", HOURGLASS + "    e, d = keras.Sequential(), keras.Sequential()\n    e.add(keras.Input(shape=(pixels,)))\n"
     "    for u in hidden:\n        e.add(keras.layers.Dense(u, activation=keras.activations.relu))\n    e.add(keras.layers.Dense(codings))\n"
     "    d.add(keras.layers.InputLayer(shape=(codings,)))\n    for u in reversed(hidden):\n        d.add(keras.layers.Dense(u, activation='relu'))\n"
     "    d.add(keras.layers.Dense(pixels))\n    return e, d"),
    ("2.1", "linear by name", halves(code_act="'linear'", out_act="'linear'")),
    ("2.1", "activation layers", halves(inner="None").replace("activation=None) for u", "activation=None), keras.layers.ReLU()) for u")
     .replace("*[D(u", "*sum([(D(u").replace("keras.layers.ReLU()) for u in hidden]", "keras.layers.ReLU()) for u in hidden], ())")
     .replace("keras.layers.ReLU()) for u in hidden[::-1]]", "keras.layers.ReLU()) for u in hidden[::-1]], ())")),
    ("2.1", "He's start", halves(inner="'relu', kernel_initializer='he_normal'")),
    ("2.1", "built by build", HOURGLASS + "    D = keras.layers.Dense\n    e = keras.Sequential([D(u, 'relu') for u in hidden] + [D(codings)])\n"
     "    d = keras.Sequential([D(u, 'relu') for u in hidden[::-1]] + [D(pixels)])\n    e.build((None, pixels)); d.build((None, codings))\n"
     "    return e, d"),
    ("2.2", "ReLU object", chosen(activation="keras.activations.relu", output="keras.activations.sigmoid")),
    ("2.2", "tanh inside", chosen(activation="'tanh'")),
    ("2.2", "a loss function", chosen(loss="keras.losses.mean_squared_error")),
    ("2.2", "with a metric", chosen().replace("m.compile(loss", "m.compile(metrics=['mae'], loss")),
    ("2.3", "by where", ACCURACY + "a, b = np.where(images > 0.5, 1, 0), np.where(reconstructions > 0.5, 1, 0)\n    return (a == b).mean()"),
    ("2.3", "exclusive or", ACCURACY + "return 1 - np.logical_xor(images > 0.5, reconstructions > 0.5).mean()"),
    ("2.3", "ops", ACCURACY + "import tensorflow as tf\n    same = tf.equal(tf.greater(images, 0.5), tf.greater(reconstructions, 0.5))\n"
     "    return tf.reduce_mean(tf.cast(same, 'float32'))"),
    ("2.3", "scikit-learn", ACCURACY + "from sklearn.metrics import accuracy_score\n"
     "    return accuracy_score(np.ravel(images) > 0.5, np.ravel(reconstructions) > 0.5)"),
    ("2.3", "count", ACCURACY + "return np.count_nonzero((images > 0.5) == (reconstructions > 0.5)) / images.size"),
    ("2.4", "batch by batch", curve(fit="for _ in range(epochs):\n            for i in range(0, len(X), batch_size):\n"
     "                model.train_on_batch(X[i:i + batch_size], X[i:i + batch_size])")),
    ("2.4", "comprehension", CURVE + "    def one(s):\n        m = build(s)\n        m.fit(X, X, batch_size, epochs, 0)\n"
     "        return metrics.mse(V, m.reconstruct(V))\n    return {s: one(s) for s in sizes}"),
    ("2.4", "tensors", curve(fit="model.fit(keras.ops.convert_to_tensor(X), keras.ops.convert_to_tensor(X), epochs=epochs, "
     "batch_size=batch_size, verbose=0)", error="float(keras.ops.mean((V - model(V)) ** 2))")),
    ("2.5", "by enumerate", UNUSUAL + "    e = np.square(images - reconstructions).reshape(len(images), -1).sum(1)\n"
     "    return np.array([i for _, i in sorted(((-v, i) for i, v in enumerate(e)))[:k]])"),
    ("2.5", "norm", UNUSUAL + "    e = np.linalg.norm((images - reconstructions).reshape(len(images), -1), axis=1)\n    return e.argsort()[::-1][:k]"),
    ("2.5", "all axes but the first", UNUSUAL + "    e = np.mean((images - reconstructions) ** 2, axis=tuple(range(1, images.ndim)))\n"
     "    return np.argsort(e)[-k:][::-1]"),
    ("2.5", "top_k", UNUSUAL + "    e = np.mean((images - reconstructions).reshape(len(images), -1) ** 2, axis=1)\n"
     "    return keras.ops.convert_to_numpy(keras.ops.top_k(e, k)[1])"),
    ("2.6", "squared distances", trust(ranks="((X.reshape(n, 1, -1) - X.reshape(1, n, -1)) ** 2).sum(-1).argsort(1).argsort(1)",
                                       near="((Z[:, None] - Z[None]) ** 2).sum(-1).argsort(1)[:, 1:k + 1]")),
    ("2.6", "diagonal at infinity", TRUST + "    DX, DZ = pairwise_distances(X.reshape(n, -1)), pairwise_distances(Z)\n"
     "    np.fill_diagonal(DX, np.inf); np.fill_diagonal(DZ, np.inf)\n    r = DX.argsort(1).argsort(1) + 1\n    near = DZ.argsort(1)[:, :k]\n"
     "    p = np.take_along_axis(r, near, 1) - k\n    return 1 - 2 * p[p > 0].sum() / (n * k * (2 * n - 3 * k - 1))"),
    ("2.6", "ranks by comparison", TRUST + "    D = pairwise_distances(X.reshape(n, -1))\n    near = np.argsort(pairwise_distances(Z))[:, 1:k + 1]\n"
     "    total = sum(max((D[i] < D[i, j]).sum() - k, 0) for i in range(n) for j in near[i])\n"
     "    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * total"),
    ("2.6", "rankdata", TRUST + "    from scipy.stats import rankdata\n    r = rankdata(pairwise_distances(X.reshape(n, -1)), axis=1) - 1\n"
     "    near = pairwise_distances(Z).argsort(1)[:, 1:k + 1]\n    p = np.maximum(np.take_along_axis(r, near, 1) - k, 0)\n"
     "    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * p.sum()"),
    ("2.7", "one by one", "def mean_loss(reconstruct, X, batch_size):\n    return np.mean([np.mean((X[i:i + 1] - reconstruct(X[i:i + 1])) ** 2) for i in range(len(X))])"),
    ("2.7", "put together", "def mean_loss(reconstruct, X, batch_size):\n"
     "    R = np.concatenate([reconstruct(X[i:i + batch_size]) for i in range(0, len(X), batch_size)])\n    return np.square(X - R).mean()"),
    ("2.7", "array_split", "def mean_loss(reconstruct, X, batch_size):\n    parts = np.array_split(X, range(batch_size, len(X), batch_size))\n"
     "    return sum(((p - reconstruct(p)) ** 2).sum() for p in parts) / X.size"),
    ("2.7", "a while loop", "def mean_loss(reconstruct, X, batch_size):\n    i, total = 0, 0.0\n    while i < len(X):\n        b = X[i:i + batch_size]\n"
     "        total += np.mean((b - reconstruct(b)) ** 2) * len(b) / len(X)\n        i += batch_size\n    return total"),
]  # fmt: skip

SURVIVORS = {
    ("2.4", "0 -> 1"): "verbose=1 only prints more",
    ("2.4", "metrics.mse(V, model.reconstruct(V)) -> metrics.mse(model.reconstruct(V), V)"): "the MSE is symmetric",
    ("2.5", "1 -> 2"): "in reshape(n, -1): NumPy takes any negative size as the one to work out",
    ("2.6", "1 -> 2"): "in reshape(n, -1): NumPy takes any negative size as the one to work out",
    (
        "2.6",
        "np.maximum(np.take_along_axis(ranks, nearest, axis=1) - k, 0) -> "
        "np.maximum(0, np.take_along_axis(ranks, nearest, axis=1) - k)",
    ): "the maximum is symmetric",
}
