"""Wrong and alternative answers to the exercises of lesson 05."""

GRADIENTS = "def gradient_sizes(model, X):\n"
PHASE = (
    "def one_phase(rows, units, optimizer, epochs, batch_size, activation='sigmoid', output_activation='sigmoid', "
    "initializer='glorot_uniform'):\n"
)
LOOP = "def layer_by_layer(train_phase, X, X_valid, sizes):\n    phases, rows, valid_rows = [], X, X_valid\n"
SANDWICH = "def sandwich(phases):\n"
TUNE = "def fine_tune(model, X, optimizer, epochs, batch_size):\n"
ENCODE = "def encode_all(encoder, X, batch_size):\n"


def gradients(chosen="len(w.shape) == 2", loss="tf.reduce_mean(tf.square(X - model(X)))", size="tf.sqrt(tf.reduce_mean(tf.square(g)))",
              last="sizes", of="matrices"):  # fmt: skip
    """An answer to 5.1 with one thing changed."""
    return (
        GRADIENTS + f"    matrices = [w for w in model.trainable_weights if {chosen}]\n    with tf.GradientTape() as tape:\n"
        f"        loss = {loss}\n    sizes = [float({size}) for g in tape.gradient(loss, {of})]\n    return {last}\n"
    )


def phase(inner="activation", outer="output_activation", units="units", width="width", loss="'mse'", optimizer="optimizer",
          fit="model.fit(rows, rows, epochs=epochs, batch_size=batch_size, verbose=0)", freeze="model.trainable = False",
          last="model", initializer="initializer", before="pass"):  # fmt: skip
    """An answer to 5.2 with one thing changed."""
    return (
        PHASE + "    width, D, I = rows.shape[1], keras.layers.Dense, keras.Input\n"
        f"    e = keras.Sequential([I((width,)), D({units}, activation={inner}, kernel_initializer={initializer})])\n"
        f"    d = keras.Sequential([I(({units},)), D({width}, activation={outer}, kernel_initializer={initializer})])\n"
        f"    model = Autoencoder(e, d)\n    {before}\n    model.compile(loss={loss}, optimizer={optimizer})\n"
        f"    history = {fit}\n    {freeze}\n    return {last}\n"
    )


def loop(train="train_phase(rows, valid_rows, units)", keep="phases.append(phase)", rows="phase.codings(rows)",
         valid="phase.codings(valid_rows)", last="    return phases", sizes="sizes"):  # fmt: skip
    """An answer to 5.3 with one thing changed."""
    return (
        LOOP + f"    for units in {sizes}:\n        phase = {train}\n        {keep}\n"
        f"        rows, valid_rows = {rows}, {valid}\n{last}\n"
    )


def stack(encoders="p.encoder for p in phases", decoders="p.decoder for p in phases[::-1]", last="Autoencoder(e, d)", before="pass"):
    """An answer to 5.4 with one thing changed."""
    return (
        SANDWICH + f"    {before}\n    e = keras.Sequential([{encoders}])\n    d = keras.Sequential([{decoders}])\n    return {last}\n"
    )


def tune(free="for part in [*model.encoder.layers, *model.decoder.layers]:\n        part.trainable = True", loss="'mse'",
         fit="model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)", optimizer="optimizer", last="history"):  # fmt: skip
    """An answer to 5.5 with one thing changed."""
    return (
        TUNE + f"    {free}\n    model.compile(loss={loss}, optimizer={optimizer})\n    history = {fit}\n    return {last}\n"
    )


def encode(order="range(0, len(X), batch_size)", batch="X[start:start + batch_size]", call="encoder(batch, training=False)",
           last="np.concatenate(parts)", before="pass"):  # fmt: skip
    """An answer to 5.6 with one thing changed."""
    return (
        ENCODE + f"    parts = []\n    {before}\n    for start in {order}:\n        batch = {batch}\n"
        f"        parts.append(np.asarray({call}))\n    return {last}\n"
    )


GRAD = (
    "def gradient_sizes(model, X):\n    w = [v for v in model.trainable_weights if len(v.shape) == 2]\n"
    "    with tf.GradientTape() as tape:\n        loss = {LOSS}\n    g = tape.gradient(loss, w)\n    "
)
MSE = "tf.reduce_mean(tf.square(X - model(X)))"
RMS = "return [float(tf.sqrt(tf.reduce_mean(tf.square(a)))) for a in g]"

WRONG = [
    ("5.1", "biases too", gradients(chosen="True"), "for the matrices alone"),
    ("5.1", "biases instead", gradients(chosen="len(w.shape) == 1"), "belong to the biases"),
    ("5.1", "no root", gradients(size="tf.reduce_mean(tf.square(g))"), "root is missing"),
    ("5.1", "mean", gradients(size="tf.reduce_mean(g)"), "cancel"),
    ("5.1", "mean of absolute values", gradients(size="tf.reduce_mean(tf.abs(g))"), "mean of their absolute values"),
    ("5.1", "norm", gradients(size="tf.norm(g)"), "grows with the matrix"),
    ("5.1", "largest", gradients(size="tf.reduce_max(tf.abs(g))"), "largest entry"),
    ("5.1", "summed loss", gradients(loss="tf.reduce_sum(tf.square(X - model(X)))"), "sum over pixels and images"),
    ("5.1", "summed over pixels", gradients(loss="tf.reduce_mean(tf.reduce_sum(tf.square(X - model(X)), 1))"), "summed over the pixels"),
    ("5.1", "from the output", gradients(last="sizes[::-1]"), "begin at the output"),
    ("5.1", "the weights", gradients(last="[float(np.sqrt(np.mean(np.square(w)))) for w in matrices]"), "weights themselves"),
    ("5.1", "one number", gradients(last="sum(sizes)"), "one number for each matrix"),
    (
        "5.1",
        "trains",
        gradients().replace(
            "    return", "    model.set_weights([w + 1 for w in model.get_weights()])\n    return"
        ),
        "only looked at",
    ),
    ("5.2", "no target", phase(fit="model.fit(rows, epochs=epochs, batch_size=batch_size, verbose=0)"), "your code stopped|targets"),
    ("5.2", "frozen too early", phase(before="model.trainable = False", freeze="pass"), "before you freeze"),
    ("5.2", "not frozen", phase(freeze="pass"), "still be trained"),
    ("5.2", "History", phase(last="history"), "History"),
    ("5.2", "encoder only", phase(last="e"), "an Autoencoder"),
    ("5.2", "bends swapped", phase(inner="output_activation", outer="activation"), "pass `activation` on"),
    ("5.2", "ReLU always", phase(inner="'relu'"), "activation relu"),
    ("5.2", "linear output", phase(outer="None"), "activation none"),
    ("5.2", "fixed width", phase(width="784"), r"does not fit|784|stopped"),
    ("5.2", "absolute error", phase(loss="'mae'"), "absolute"),
    ("5.2", "cross-entropy", phase(loss="'binary_crossentropy'"), "cross-entropy"),
    ("5.2", "epochs forgotten", phase(fit="model.fit(rows, rows, batch_size=batch_size, verbose=0)"), "1 steps for 40"),
    ("5.2", "batch size forgotten", phase(fit="model.fit(rows, rows, epochs=epochs, verbose=0)"), "4 steps for 40"),
    ("5.2", "own optimizer", phase(optimizer="keras.optimizers.Adam()"), "handed in"),
    ("5.2", "initializer forgotten", phase(initializer="'glorot_uniform'"), "initializer that was handed in"),
    ("5.2", "target zero", phase(fit="model.fit(rows, 0 * rows, epochs=epochs, batch_size=batch_size, verbose=0)"), "not the rows themselves"),
    ("5.2", "never fitted", phase(fit="None"), "began with"),
    ("5.3", "images again", loop(rows="X", valid="X_valid"), "trained on the images again"),
    ("5.3", "reconstructions", loop(rows="phase.reconstruct(rows)", valid="phase.reconstruct(valid_rows)"), "whole trip"),
    ("5.3", "codings of the images", loop(rows="phase.codings(X)", valid="phase.codings(X_valid)"), "never trained on images"),
    ("5.3", "validation not encoded", loop(valid="valid_rows"), "never encoded"),
    ("5.3", "validation by its own phases", loop(
        valid="train_phase(valid_rows, valid_rows, units).codings(valid_rows)"), "nothing is trained on them|trainings for three"),
    ("5.3", "validation from the images", loop(valid="phase.codings(X_valid)"), "straight into the encoder"),
    ("5.3", "validation by the first encoder", loop(valid="phases[0].codings(X_valid)"), "first phase only"),
    ("5.3", "swapped", loop(train="train_phase(valid_rows, rows, units)"), "swapped"),
    ("5.3", "last phase only", loop(last="    return phase"), "a list of phases"),
    ("5.3", "codings", loop(last="    return rows"), "the list of the trained phases"),
    ("5.3", "returns too early", loop(last="        return phases"), "inside the loop"),
    ("5.3", "first in front", loop(keep="phases.insert(0, phase)"), "reverse order"),
    ("5.3", "all the same units", loop(train="train_phase(rows, valid_rows, sizes[0])"), "each entry of sizes"),
    ("5.3", "all sizes at once", loop(train="train_phase(rows, valid_rows, sizes)"), "one whole number|one entry"),
    ("5.3", "encoders kept", loop(keep="phases.append(phase.encoder)"), "other things than phases"),
    ("5.3", "one size missing", loop(sizes="sizes[1:]"), "trainings for three sizes"),
    ("5.4", "decoders in encoder order", stack(decoders="p.decoder for p in phases"), "order of the encoders"),
    ("5.4", "encoders reversed", stack(encoders="p.encoder for p in phases[::-1]"), "meets the last phase first"),
    ("5.4", "last decoder only", stack(decoders="phases[-1].decoder"), "not images"),
    ("5.4", "first decoder only", stack(decoders="phases[0].decoder"), "only the first phase's decoder"),
    ("5.4", "last encoder only", stack(encoders="phases[-1].encoder"), "only the last encoder"),
    ("5.4", "fresh layers", stack(encoders="keras.models.clone_model(p.encoder) for p in phases",
                                  decoders="keras.models.clone_model(p.decoder) for p in phases[::-1]"), "that were trained"),
    ("5.4", "fresh decoders", stack(decoders="keras.models.clone_model(p.decoder) for p in phases[::-1]"), "that were trained"),
    ("5.4", "whole phases", stack(encoders="*phases"), "only the encoders belong"),
    ("5.4", "not joined", stack(last="(e, d)"), "an Autoencoder"),
    ("5.4", "one model in a row", stack(last="keras.Sequential([e, d])"), "an Autoencoder"),
    ("5.5", "left frozen", tune(free="pass"), "no layer has moved|stopped"),
    ("5.5", "flag of the model", tune(free="model.trainable = True"), "does not reach them|stopped"),
    ("5.5", "decoder left frozen", tune(free="for part in model.encoder.layers: part.trainable = True"), "layers of the decoder"),
    ("5.5", "encoder left frozen", tune(free="for part in model.decoder.layers: part.trainable = True"), "layers of the encoder"),
    ("5.5", "first layer left frozen", tune(free="for part in [*model.encoder.layers[1:], *model.decoder.layers]: part.trainable = True"),
     "layers of the encoder"),
    ("5.5", "a copy trained", tune(free="model = keras.models.clone_model(model)\n"
     "    for part in [*model.encoder.layers, *model.decoder.layers]:\n        part.trainable = True"), "moved|stopped"),
    ("5.5", "fresh weights", tune(free="for part in [*model.encoder.layers, *model.decoder.layers]:\n        part.trainable = True\n"
     "    model.set_weights([np.random.normal(size=w.shape) for w in model.get_weights()])"), "starting from the weights of the phases"),
    ("5.5", "absolute error", tune(loss="'mae'"), "absolute"),
    ("5.5", "cross-entropy", tune(loss="'binary_crossentropy'"), "cross-entropy"),
    ("5.5", "epochs forgotten", tune(fit="model.fit(X, X, batch_size=batch_size, verbose=0)"), "1 steps for 40"),
    ("5.5", "batch size forgotten", tune(fit="model.fit(X, X, epochs=epochs, verbose=0)"), "4 steps for 40"),
    ("5.5", "target zero", tune(fit="model.fit(X, 0 * X, epochs=epochs, batch_size=batch_size, verbose=0)"), "targets were not the images"),
    ("5.5", "own optimizer", tune(optimizer="'adam'"), "handed in"),
    ("5.5", "model returned", tune(last="model"), "History"),
    ("5.6", "the broken one", ENCODE + "    batches = tf.data.Dataset.from_tensor_slices(X).shuffle(len(X), seed=1).batch(batch_size, "
     "drop_remainder=True)\n    return np.concatenate([encoder(b) for b in batches])", "smaller batch was dropped"),
    ("5.6", "shuffled, nothing dropped", ENCODE + "    batches = tf.data.Dataset.from_tensor_slices(X).shuffle(len(X), seed=1).batch("
     "batch_size)\n    return np.concatenate([encoder(b) for b in batches])", "another order"),
    ("5.6", "last batch dropped", encode(order="range(0, len(X) - batch_size + 1, batch_size)"), "smaller batch was dropped"),
    ("5.6", "training mode", encode(call="encoder(batch, training=True)"), "dropout"),
    ("5.6", "last batch only", encode(last="parts[-1]"), "only the last batch"),
    ("5.6", "first batch only", encode(last="parts[0]"), "only the first batch"),
    ("5.6", "a list", encode(last="parts"), "one array|parts of unequal sizes"),
    ("5.6", "all at once", ENCODE + "    return np.asarray(encoder(X, training=False))", "batch of 11"),
    ("5.6", "drawn at random", encode(batch="X[np.random.randint(0, len(X), min(batch_size, len(X) - start))]"), "encoded twice"),
    ("5.6", "shuffled in place", encode(before="np.random.shuffle(X)"), "changes its argument"),
    ("5.6", "last batch filled up", encode(batch="X[min(start, max(0, len(X) - batch_size)):][:batch_size]"), "counted twice"),
    ("5.6", "batches in reverse order", encode(order="reversed(range(0, len(X), batch_size))"), "another order"),
    ("5.1", "one loss for each image", GRAD.replace("{LOSS}", "tf.reduce_mean(tf.square(X - model(X)), axis=1)") + RMS, "one number for each image"),
    ("5.1", "Keras' loss for each image", GRAD.replace("{LOSS}", "keras.losses.mean_squared_error(X, model(X))") + RMS, "one number for each image"),
    ("5.1", "half", GRAD.replace("{LOSS}", "0.5 * tf.reduce_mean(tf.square(X - model(X)))") + RMS, "no ½"),
    ("5.1", "all together", GRAD.replace("{LOSS}", MSE) + "return [float(tf.sqrt(tf.reduce_mean(tf.square(tf.concat([tf.reshape(a, [-1]) for a in g], 0)))))] * 4",
     "gradients together"),
    ("5.1", "standard deviation", GRAD.replace("{LOSS}", MSE) + "return [float(np.std(a)) for a in g]", "standard deviation"),
    ("5.1", "sum of squares", GRAD.replace("{LOSS}", MSE) + "return [float(tf.reduce_sum(a * a)) for a in g]", "sum of the squares"),
    ("5.4", "clones", "def sandwich(phases):\n    def twin(m):\n        c = keras.models.clone_model(m); c.set_weights(m.get_weights()); return c\n"
     "    return Autoencoder(keras.Sequential([twin(p.encoder) for p in phases]), keras.Sequential([twin(p.decoder) for p in phases[::-1]]))",
     "copies of the trained"),
    ("5.4", "the list turned round", "def sandwich(phases):\n    e = keras.Sequential([p.encoder for p in phases])\n    phases.reverse()\n"
     "    return Autoencoder(e, keras.Sequential([p.decoder for p in phases]))", "changes its argument|turns|list"),
    ("5.4", "one more layer", "def sandwich(phases):\n    e = keras.Sequential([p.encoder for p in phases])\n"
     "    d = keras.Sequential([keras.layers.Dropout(0.5)] + [p.decoder for p in phases[::-1]])\n    return Autoencoder(e, d)", "in training"),
    ("5.5", "another model", "def fine_tune(model, X, optimizer, epochs, batch_size):\n    for p in [*model.encoder.layers, *model.decoder.layers]:\n"
     "        p.trainable = True\n    m = Autoencoder(keras.models.clone_model(model.encoder), keras.models.clone_model(model.decoder))\n"
     "    m.compile(loss='mse', optimizer=optimizer)\n    return m.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)", "another model was trained"),
    ("5.5", "own optimizer", "def fine_tune(model, X, optimizer, epochs, batch_size):\n    for p in [*model.encoder.layers, *model.decoder.layers]:\n"
     "        p.trainable = True\n    model.compile(loss='mse', optimizer='sgd')\n"
     "    return model.fit(X, X, epochs=epochs, batch_size=batch_size, verbose=0)", "handed in"),
    ("5.5", "not fitted", "def fine_tune(model, X, optimizer, epochs, batch_size):\n    for p in [*model.encoder.layers, *model.decoder.layers]:\n"
     "        p.trainable = True\n    model.compile(loss='mse', optimizer=optimizer)\n    return keras.callbacks.History()", "not trained with|model.fit"),
    ("5.6", "predict with a fixed batch", "def encode_all(encoder, X, batch_size):\n    return encoder.predict(X, batch_size=4, verbose=0)", "batch_size"),
    ("5.6", "all at once by predict", "def encode_all(encoder, X, batch_size):\n    return encoder.predict(X, batch_size=len(X), verbose=0)", "at most 4"),
    ("5.6", "in training", "def encode_all(encoder, X, batch_size):\n    return np.concatenate([encoder(X[i:i + batch_size], training=True) "
     "for i in range(0, len(X), batch_size)])", "dropout layer"),
    ("5.1", "every second",
     "def gradient_sizes(model, X):\n    ws = model.trainable_weights[::2]\n    with tf.GradientTape() as tape:\n"
     "        loss = tf.reduce_mean(tf.square(X - model(X)))\n    grads = tape.gradient(loss, ws)\n"
     "    return [float(tf.sqrt(tf.reduce_mean(tf.square(g)))) for g in grads]", "two axes"),
    ("5.1", "first batch",
     "def gradient_sizes(model, X):\n    ws = [v for v in model.trainable_weights if len(v.shape) == 2]\n    with tf.GradientTape() as tape:\n"
     "        loss = tf.reduce_mean(tf.square(X[:32] - model(X[:32])))\n    grads = tape.gradient(loss, ws)\n"
     "    return [float(tf.sqrt(tf.reduce_mean(tf.square(g)))) for g in grads]", "first 32 rows"),
    ("5.1", "rms of rms per column",
     "def gradient_sizes(model, X):\n    ws = [v for v in model.trainable_weights if len(v.shape) == 2]\n    with tf.GradientTape() as tape:\n"
     "        loss = tf.reduce_mean(tf.square(X - model(X)))\n    grads = tape.gradient(loss, ws)\n"
     "    return [float(tf.reduce_mean(tf.sqrt(tf.reduce_mean(tf.square(g), axis=0)))) for g in grads]", "root for each column"),
    ("5.1", "RMSE loss",
     "def gradient_sizes(model, X):\n    ws = [v for v in model.trainable_weights if len(v.shape) == 2]\n    with tf.GradientTape() as tape:\n"
     "        loss = tf.sqrt(tf.reduce_mean(tf.square(X - model(X))))\n    grads = tape.gradient(loss, ws)\n"
     "    return [float(tf.sqrt(tf.reduce_mean(tf.square(g)))) for g in grads]", "root of the mean squared"),
    ("5.2", "validation split",
     "def one_phase(rows, units, optimizer, epochs, batch_size, activation='sigmoid', output_activation='sigmoid', initializer='glorot_uniform'):\n"
     "    width = rows.shape[1]\n"
     "    encoder = keras.Sequential([keras.Input((width,)), keras.layers.Dense(units, activation=activation, kernel_initializer=initializer)])\n"
     "    decoder = keras.Sequential([keras.Input((units,)), keras.layers.Dense(width, activation=output_activation, kernel_initializer=initializer)])\n"
     "    model = Autoencoder(encoder, decoder)\n    model.compile(loss='mse', optimizer=optimizer)\n"
     "    model.fit(rows, rows, epochs=epochs, batch_size=batch_size, validation_split=0.1, verbose=0)\n    model.trainable = False\n    return model", "a tenth of the rows"),
    ("5.3", "encoder units sorted",
     "def layer_by_layer(train_phase, X, X_valid, sizes):\n    phases = []\n    for u in sorted(sizes, reverse=True):\n"
     "        p = train_phase(X, X_valid, u)\n        phases.append(p)\n        X, X_valid = p.codings(X), p.codings(X_valid)\n    return phases", r"\[3, 2\]"),
    ("5.5", "steps per epoch",
     "def fine_tune(model, X, optimizer, epochs, batch_size):\n    for part in [*model.encoder.layers, *model.decoder.layers]:\n"
     "        part.trainable = True\n    model.compile(loss='mse', optimizer=optimizer)\n"
     "    return model.fit(X, X, epochs=epochs, batch_size=batch_size, steps_per_epoch=1, verbose=0)", "steps of a second optimizer for 20 images"),
    ("5.5", "last epoch's history only",
     "def fine_tune(model, X, optimizer, epochs, batch_size):\n    for part in [*model.encoder.layers, *model.decoder.layers]:\n"
     "        part.trainable = True\n    model.compile(loss='mse', optimizer=optimizer)\n    for _ in range(epochs):\n"
     "        h = model.fit(X, X, epochs=1, batch_size=batch_size, verbose=0)\n    return h", "History of 1 epoch"),
    ("5.5", "validation split",
     "def fine_tune(model, X, optimizer, epochs, batch_size):\n    for part in [*model.encoder.layers, *model.decoder.layers]:\n"
     "        part.trainable = True\n    model.compile(loss='mse', optimizer=optimizer)\n"
     "    return model.fit(X, X, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)", "a fifth of the rows"),
    ("5.3", "yield generator",
     "def layer_by_layer(train_phase, X, X_valid, sizes):\n    for u in sizes:\n        p = train_phase(X, X_valid, u)\n"
     "        X, X_valid = p.codings(X), p.codings(X_valid)\n        yield p", "a generator"),
    ("5.3", "codings returned",
     "def layer_by_layer(train_phase, X, X_valid, sizes):\n    out = []\n    for u in sizes:\n        p = train_phase(X, X_valid, u)\n"
     "        X, X_valid = p.codings(X), p.codings(X_valid)\n        out.append(X)\n    return out", "other things than phases"),
    ("5.3", "skips the last",
     "def layer_by_layer(train_phase, X, X_valid, sizes):\n    phases = []\n    for u in sizes[:-1]:\n        p = train_phase(X, X_valid, u)\n"
     "        phases.append(p)\n        X, X_valid = p.codings(X), p.codings(X_valid)\n    return phases", "the last one too"),
    ("5.6", "float16",
     "def encode_all(encoder, X, batch_size):\n"
     "    return np.concatenate([np.asarray(encoder(X[i:i + batch_size], training=False)) for i in range(0, len(X), batch_size)]).astype('float16')", "the codings"),
    ("5.6", "preallocated with range end",
     "def encode_all(encoder, X, batch_size):\n    out = None\n    for i in range(0, len(X) - batch_size, batch_size):\n"
     "        z = np.asarray(encoder(X[i:i + batch_size], training=False))\n        if out is None:\n"
     "            out = np.zeros((len(X), z.shape[1]), z.dtype)\n        out[i:i + batch_size] = z\n    return out", "rows stayed 0"),
]  # fmt: skip

ALTERNATIVES = [
    ("5.1", "Keras' own loss and NumPy", gradients(loss="keras.losses.MeanSquaredError()(X, model(X))",
     size="np.sqrt(np.mean(np.asarray(g) ** 2))")),
    ("5.1", "norm over root of the number", gradients(size="tf.norm(g) / np.sqrt(g.shape[0] * g.shape[1])", last="np.array(sizes)")),
    ("5.2", "functional", PHASE + "    x = keras.Input((rows.shape[1],)); z = keras.Input((units,))\n"
     "    a = keras.layers.Dense(units, activation, kernel_initializer=initializer)(x)\n"
     "    b = keras.layers.Dense(rows.shape[1], output_activation, kernel_initializer=initializer)(z)\n"
     "    m = Autoencoder(keras.Model(x, a), keras.Model(z, b))\n    m.compile(optimizer, keras.losses.MeanSquaredError())\n"
     "    m.fit(x=rows, y=rows, batch_size=batch_size, epochs=epochs, verbose=0, shuffle=False)\n"
     "    for part in (m.encoder, m.decoder):\n        part.trainable = False\n    return m\n"),
    ("5.2", "the library's layers", PHASE + "    m = greedy.shallow_autoencoder(rows.shape[1], units, activation, output_activation, "
     "initializer)\n    m.compile(loss='mse', optimizer=optimizer)\n    m.fit(rows, rows, batch_size, epochs, verbose=0)\n"
     "    m.trainable = False\n    return m\n"),
    ("5.3", "recursion", "def layer_by_layer(train_phase, X, X_valid, sizes):\n    if not len(sizes):\n        return []\n"
     "    p = train_phase(X, X_valid, sizes[0])\n"
     "    return [p] + layer_by_layer(train_phase, p.codings(X), p.codings(X_valid), sizes[1:])\n"),
    ("5.3", "by the encoder", loop(rows="np.asarray(phase.encoder(rows))", valid="phase.encoder.predict(valid_rows, verbose=0)")),
    ("5.4", "functional", SANDWICH + "    x = image = keras.Input(phases[0].encoder.input_shape[1:])\n    for p in phases:\n"
     "        x = p.encoder(x)\n    y = code = keras.Input(x.shape[1:])\n    for p in reversed(phases):\n        y = p.decoder(y)\n"
     "    return Autoencoder(keras.Model(image, x), keras.Model(code, y))\n"),
    ("5.4", "layers instead of models", stack(encoders="layer for p in phases for layer in p.encoder.layers",
                                              decoders="layer for p in phases[::-1] for layer in p.decoder.layers")),
    ("5.5", "off and on", tune(free="model.trainable = False\n    model.trainable = True")),
    ("5.5", "by hand", tune(free="for half in (model.encoder, model.decoder):\n        for part in half.layers:\n"
     "            part.trainable = True\n            for layer in getattr(part, 'layers', ()):\n                layer.trainable = True", last="model.history")),
    ("5.6", "filled array", ENCODE + "    out = None\n    for s in range(0, len(X), batch_size):\n"
     "        Z = np.asarray(encoder(X[s:s + batch_size]))\n        out = np.zeros((len(X), Z.shape[1])) if out is None else out\n"
     "        out[s:s + len(Z)] = Z\n    return out\n"),
    ("5.6", "predict", ENCODE + "    return encoder.predict(X, batch_size=batch_size, verbose=0)\n"),
    ("5.1", "persistent", GRAD.replace("{LOSS}", MSE) + "return [np.sqrt(np.mean(a.numpy() ** 2)) for a in g]"),
    ("5.1", "Keras' loss", GRAD.replace("{LOSS}", "keras.losses.MeanSquaredError()(X, model(X, training=False))") + RMS),
    ("5.1", "norm by the root of the size", GRAD.replace("{LOSS}", MSE) + "return [float(tf.norm(a)) / np.prod(a.shape) ** 0.5 for a in g]"),
    ("5.3", "tensors to arrays", "def layer_by_layer(train_phase, X, X_valid, sizes):\n    phases = []\n    for u in sizes:\n"
     "        phases.append(train_phase(X, X_valid, u))\n        X, X_valid = (phases[-1].encoder(A).numpy() for A in (X, X_valid))\n    return phases"),
    ("5.3", "predict", "def layer_by_layer(train_phase, X, X_valid, sizes):\n    phases = []\n    for u in sizes:\n        p = train_phase(X, X_valid, u)\n"
     "        X, X_valid = p.encoder.predict(X, verbose=0), p.encoder.predict(X_valid, batch_size=8, verbose=0)\n        phases += [p]\n    return phases"),
    ("5.4", "with inputs", stack("keras.Input(phases[0].encoder.input_shape[1:]), *[p.encoder for p in phases]",
                                 "keras.Input(phases[-1].decoder.input_shape[1:]), *[p.decoder for p in phases[::-1]]")),
    ("5.4", "lists first", stack("*halves[0]", "*reversed(halves[1])", before="halves = [p.encoder for p in phases], [p.decoder for p in phases]")),
    ("5.6", "predict_on_batch", encode(call="encoder.predict_on_batch(batch)")),
    ("5.6", "array_split", "def encode_all(encoder, X, batch_size):\n    return np.vstack([encoder(b).numpy() for b in np.array_split(X, range(batch_size, len(X), batch_size))])"),
    ("5.1", "a tape for each matrix", GRADIENTS + "    sizes = []\n    for w in model.trainable_weights:\n        if len(w.shape) == 2:\n"
     "            with tf.GradientTape() as tape:\n                loss = tf.reduce_mean((model(X) - X) ** 2)\n"
     "            sizes.append(float(tf.sqrt(tf.reduce_mean(tape.gradient(loss, w) ** 2))))\n    return sizes"),
    ("5.2", "positional fit", phase(fit="model.fit(rows, rows, batch_size, epochs, verbose=0)")),
    ("5.2", "a loss object", phase(loss="keras.losses.MeanSquaredError()", width="rows.shape[-1]")),
    ("5.2", "both halves frozen", phase(freeze="model.encoder.trainable = model.decoder.trainable = False")),
    ("5.2", "the loss by its long name", phase(loss="'mean_squared_error'")),
    ("5.3", "while", "def layer_by_layer(train_phase, X, X_valid, sizes):\n    phases, left = [], list(sizes)\n    while left:\n"
     "        phases.append(train_phase(X, X_valid, left.pop(0)))\n        X, X_valid = phases[-1].codings(X), phases[-1].codings(X_valid)\n    return phases"),
    ("5.3", "a tuple", loop(last="    return tuple(phases)")),
    ("5.4", "reversed", stack(decoders="p.decoder for p in reversed(phases)")),
    ("5.4", "add", SANDWICH + "    e, d = keras.Sequential(), keras.Sequential()\n    for p in phases:\n        e.add(p.encoder)\n"
     "    for p in phases[::-1]:\n        d.add(p.decoder)\n    return Autoencoder(e, d)\n"),
    ("5.5", "a loss object", tune(loss="keras.losses.MeanSquaredError()")),
    ("5.5", "keyword fit", tune(fit="model.fit(x=X, y=X, epochs=epochs, batch_size=batch_size, verbose=0, shuffle=True)")),
    ("5.5", "halves freed", tune(free="for half in (model.encoder, model.decoder):\n        half.trainable = False\n        half.trainable = True")),
    ("5.5", "positional", tune(fit="model.fit(X, X, batch_size, epochs, 0)")),
    ("5.6", "generator", encode(order="np.arange(0, len(X), batch_size)", last="np.vstack(parts)")),
    ("5.6", "ops", ENCODE + "    parts = [encoder(X[s : s + batch_size], training=False) for s in range(0, len(X), batch_size)]\n"
     "    return ops.convert_to_numpy(ops.concatenate(parts, axis=0))\n"),
]  # fmt: skip

SURVIVORS = {
    ("5.2", "0 -> 1"): "verbose=1 only prints more",
    ("5.5", "0 -> 1"): "verbose=1 only prints more",
    ("5.1", "tf.sqrt -> np.sqrt"): "the gradient is there already, and numbers are made of it",
    ("5.1", "tf.square -> np.square"): "one is inside the tape, where it is refused; the other comes after the gradient",
}
