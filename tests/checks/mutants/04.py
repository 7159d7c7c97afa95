"""Wrong and alternative answers to the exercises of lesson 04."""

COUNT = (
    "def parameters(sizes, tied):\n    k = sum(a * b for a, b in zip(sizes[:-1], sizes[1:]))\n"
    "    out, home = sum(sizes[1:]), sum(sizes[:-1])\n    return "
)
GRADIENT = (
    "def tied_gradient(X, W):\n    n, d = X.shape\n    R = X - X @ W @ W.T\n"
    "    e, g = X.T @ R @ W, (W.T @ X.T @ R).T\n    return "
)
DEPARTURE = "def departure(W):\n    d, k = W.shape\n    G, norm = W.T @ W - np.eye(k), np.linalg.norm\n    return "
STACK = "def tied_decoder(dense_layers, activation, output_activation):\n    D, I = tied_layers.DenseTranspose, keras.Input\n"
STILL = "def still_tied(dense, transposed):\n    probe = np.ones((1, dense.units), 'float32')\n    kept = dense.get_weights()\n"


def layer(
    bias="self.add_weight(shape=(self.kernel.shape[0],), initializer='zeros', name='bias')",
    out="self.activation(ops.matmul(inputs, ops.transpose(self.kernel)) + self.bias)", more="pass", base="Tied",
):  # fmt: skip
    """An answer to 4.2 with one thing changed."""
    return (
        f"class DenseTranspose({base}):\n    def build(self, input_shape):\n        self.bias = {bias}\n        {more}\n\n"
        f"    def call(self, inputs):\n        return {out}\n"
    )


def conv(
    bias="self.add_weight(shape=(self.kernel.shape[2],), initializer='zeros', name='bias')", kernel="self.kernel",
    strides="self.source.strides", last="self.activation(y + self.bias)", more="pass", padding="'same'",
):  # fmt: skip
    """An answer to 4.6 with one thing changed."""
    return (
        f"class Conv2DTransposeTied(Tied):\n    def build(self, input_shape):\n        self.bias = {bias}\n        {more}\n\n"
        f"    def call(self, inputs):\n        y = ops.conv_transpose(inputs, {kernel}, strides={strides}, padding={padding})\n"
        f"        return {last}\n"
    )


def stack(order="dense_layers[::-1]", inner="activation", last="output_activation", start="dense_layers[-1].units", make="D"):
    """An answer to 4.5 with one thing changed."""
    return (
        STACK + f"    order = list({order})\n    m = keras.Sequential([I(({start},))])\n    for layer in order[:-1]:\n"
        f"        m.add({make}(layer, activation={inner}))\n    m.add({make}(order[-1], activation={last}))\n    return m\n"
    )


NEW_BIAS = "self.add_weight(shape=(self.kernel.shape[{}],), initializer='zeros', name='bias')"

WRONG = [
    ("4.1", "all halved", COUNT + "(2 * k + out + home) / (2 if tied else 1)", "biases were halved"),
    ("4.1", "all halved, whole", COUNT + "(2 * k + out + home) // (2 if tied else 1)", "biases were halved"),
    ("4.1", "tying forgotten", COUNT + "2 * k + out + home", "none of its own"),
    ("4.1", "always tied", COUNT + "k + out + home", "two kernels for each pair"),
    ("4.1", "no decoder biases", COUNT + "k * (2 - tied) + out", "decoder's biases are missing"),
    ("4.1", "no encoder biases", COUNT + "k * (2 - tied) + home", "encoder's biases are missing"),
    ("4.1", "no biases", COUNT + "k * (2 - tied)", "every layer has one"),
    ("4.1", "encoder's biases twice", COUNT + "k * (2 - tied) + 2 * out", r"make sizes\[:-1\]"),
    ("4.1", "codings twice", COUNT + "k * (2 - tied) + out + home + sizes[-1]", "counted twice"),
    ("4.1", "input biased", COUNT + "k * (2 - tied) + out + home + sizes[0]", "no layer"),
    ("4.2", "not transposed", layer(out="self.activation(ops.matmul(inputs, self.kernel) + self.bias)"), "not transposed"),
    ("4.2", "copied in build", layer(more="self.t = ops.transpose(self.kernel)",
     out="self.activation(ops.matmul(inputs, self.t) + self.bias)"), "copied"),
    ("4.2", "copied as numbers", layer(more="self.t = ops.convert_to_numpy(self.kernel).T",
     out="self.activation(ops.matmul(inputs, self.t) + self.bias)"), "copied"),
    ("4.2", "assigned to an own kernel", layer(
        more="self.k = self.add_weight(shape=self.kernel.shape[::-1]); self.k.assign(ops.transpose(self.kernel))",
        out="self.activation(ops.matmul(inputs, self.k) + self.bias)"), "make no kernel"),
    ("4.2", "encoder's bias", layer(bias="self.source.bias"), "encoder's bias"),
    ("4.2", "encoder's bias added", layer(bias=NEW_BIAS.format(0), out=(
        "self.activation(ops.matmul(inputs, ops.transpose(self.kernel)) + self.source.bias)")),
     "encoder's bias|axes|dims|shape"),
    ("4.2", "bias of the wrong size", layer(bias=NEW_BIAS.format(1)), "shape|axis|broadcast|Incompatible"),
    ("4.2", "kernel counted twice", layer(more="self.mine = self.source.kernel"), "counted twice"),
    ("4.2", "source counted twice", layer(more="self.dense = self.source"), "counted twice"),
    ("4.2", "no activation", layer(out="ops.matmul(inputs, ops.transpose(self.kernel)) + self.bias"), "activation is not used"),
    ("4.2", "bias outside", layer(out="self.activation(ops.matmul(inputs, ops.transpose(self.kernel))) + self.bias"),
     "inside the activation"),
    ("4.2", "no bias", layer(out="self.activation(ops.matmul(inputs, ops.transpose(self.kernel)))"), "bias is not used"),
    ("4.2", "no bias at all", layer(bias="None", out="self.activation(ops.matmul(inputs, ops.transpose(self.kernel)))"),
     "self.bias"),
    ("4.2", "gradient cut", layer(out=(
        "self.activation(ops.matmul(inputs, ops.stop_gradient(ops.transpose(self.kernel))) + self.bias)")), "gradient"),
    ("4.2", "another base", layer(base="keras.layers.Layer"), "based on Tied"),
    ("4.2", "random bias", layer(bias="self.add_weight(shape=(self.kernel.shape[0],), initializer='uniform', name='bias')"),
     "zeros"),
    ("4.2", "frozen bias", layer(bias="self.add_weight(shape=(self.kernel.shape[0],), initializer='zeros', trainable=False)"),
     "trainable"),
    ("4.3", "encoder only", GRADIENT + "-2 / (n * d) * e", "only the encoder's part"),
    ("4.3", "decoder only", GRADIENT + "-2 / (n * d) * g", "only the decoder's part"),
    ("4.3", "encoder twice", GRADIENT + "-4 / (n * d) * e", "encoder's part twice"),
    ("4.3", "averaged", GRADIENT + "-2 / (n * d) * (e + g) / 2", "not averaged"),
    ("4.3", "difference", GRADIENT + "-2 / (n * d) * (e - g)", "add up"),
    ("4.3", "sign", GRADIENT + "2 / (n * d) * (e + g)", "uphill"),
    ("4.3", "sum", GRADIENT + "-2 * (e + g)", "gradient of a sum"),
    ("4.3", "mean over examples", GRADIENT + "-2 / n * (e + g)", "sum over the pixels"),
    ("4.3", "not turned round", GRADIENT + "-2 / (n * d) * g.T", "turn it round"),
    ("4.4", "W Wt", DEPARTURE + "norm(W @ W.T - np.eye(d)) / np.sqrt(k)", "d × d"),
    ("4.4", "not divided", DEPARTURE + "norm(G)", "divide by the root of k"),
    ("4.4", "divided by k", DEPARTURE + "norm(G) / k", "not by k"),
    ("4.4", "squared", DEPARTURE + "norm(G) ** 2 / k", "root is missing"),
    ("4.4", "identity forgotten", DEPARTURE + "norm(W.T @ W) / np.sqrt(k)", "not subtracted"),
    ("4.4", "lengths only", DEPARTURE + "norm(np.diag(G)) / np.sqrt(k)", "right angles"),
    ("4.4", "angles only", DEPARTURE + "norm(G - np.diag(np.diag(G))) / np.sqrt(k)", "lengths matter"),
    ("4.4", "columns normalised", "def departure(W):\n    W = W / np.linalg.norm(W, axis=0)\n    k = W.shape[1]\n"
     "    return np.linalg.norm(W.T @ W - np.eye(k)) / np.sqrt(k)", "part of the question"),
    ("4.4", "spectral", DEPARTURE + "norm(G, 2) / np.sqrt(k)", "spectral"),
    ("4.4", "all ones", DEPARTURE + "norm(W.T @ W - 1) / np.sqrt(k)", "diagonal only"),
    ("4.4", "largest", DEPARTURE + "np.abs(G).max()", "largest entry"),
    ("4.5", "not reversed", stack(order="dense_layers"), "encoder's order"),
    ("4.5", "output activation everywhere", stack(inner="output_activation"), "in every layer"),
    ("4.5", "activation everywhere", stack(last="activation"), "output_activation"),
    ("4.5", "no output activation", stack(last="None"), "no activation"),
    ("4.5", "no inner activation", stack(inner="None"), "no activation"),
    ("4.5", "exchanged", stack(inner="output_activation", last="activation"), "changed places"),
    ("4.5", "one layer missing", stack(order="dense_layers[:0:-1]"), "every layer|output for sizes|a bias for each"),
    ("4.5", "own kernels", STACK + "    m = keras.Sequential([I((dense_layers[-1].units,))])\n"
     "    for i, l in enumerate(dense_layers[::-1]):\n        last = i == len(dense_layers) - 1\n"
     "        m.add(layers.Dense(l.kernel.shape[0], output_activation if last else activation))\n    return m", "own"),
    ("4.5", "list turned round", STACK + "    dense_layers.reverse()\n    m = keras.Sequential([I((dense_layers[0].units,))])\n"
     "    for l in dense_layers[:-1]:\n        m.add(D(l, activation))\n    m.add(D(dense_layers[-1], output_activation))\n"
     "    return m", "changes its argument|turns the list"),
    ("4.5", "no Input", STACK + "    return keras.Sequential([D(l, activation) for l in dense_layers[::-1]])", "keras.Input"),
    ("4.5", "a list", STACK + "    return [D(l, activation) for l in dense_layers[::-1]]", "keras.Sequential"),
    ("4.6", "axes exchanged", conv(kernel="ops.transpose(self.kernel, (0, 1, 3, 2))"), "changed their roles already"),
    ("4.6", "flipped", conv(kernel="self.kernel[::-1, ::-1]"), "180 degrees"),
    ("4.6", "all axes", conv(kernel="ops.transpose(self.kernel)"), "all axes"),
    ("4.6", "no stride", conv(strides="1"), "strides"),
    ("4.6", "fixed stride", conv(strides="2"), "strides"),
    ("4.6", "valid", conv(padding="'valid'"), "strides"),
    ("4.6", "copied", conv(more="self.k = ops.convert_to_numpy(self.kernel)", kernel="self.k"), "copied"),
    ("4.6", "encoder's bias", conv(bias="self.source.bias"), "encoder's bias"),
    ("4.6", "bias for filters", conv(bias=NEW_BIAS.format(3)), "shape|axis|broadcast|Incompatible"),
    ("4.6", "no bias", conv(last="self.activation(y)"), "bias is not used"),
    ("4.6", "no activation", conv(last="y + self.bias"), "activation is not used"),
    ("4.6", "kernel counted twice", conv(more="self.mine = self.source.kernel"), "counted twice"),
    ("4.7", "compares values", STILL + "    K = np.asarray(dense.kernel)\n    return bool(np.allclose(transposed(np.eye(dense.units)), "
     "transposed(0 * np.eye(dense.units)) + K.T))", "equal values prove nothing"),
    ("4.7", "compares shapes", STILL + "    return transposed(probe).shape[-1] == dense.kernel.shape[0]", "equal values prove nothing"),
    ("4.7", "leaves the change", STILL + "    a = np.array(transposed(probe))\n    dense.kernel.assign(dense.kernel + 1.0)\n"
     "    return not np.allclose(a, np.array(transposed(probe)))", "as they were"),
    ("4.7", "upside down", STILL + "    a = np.array(transposed(probe))\n    dense.kernel.assign(dense.kernel + 1.0)\n"
     "    b = np.array(transposed(probe))\n    dense.set_weights(kept)\n    return bool(np.allclose(a, b))", "before and after"),
    ("4.7", "an array", STILL + "    a = np.array(transposed(probe))\n    dense.kernel.assign(dense.kernel + 1.0)\n"
     "    b = np.array(transposed(probe))\n    dense.set_weights(kept)\n    return a != b", "True or False"),
    ("4.7", "always", STILL + "    return True", "equal values prove nothing"),
    ("4.7", "counts weights", STILL + "    return len(transposed.weights) == 1", "equal values prove nothing"),
    ("4.7", "looks too late", STILL + "    a = np.array(transposed(probe))\n    dense.kernel.assign(dense.kernel + 1.0)\n"
     "    dense.set_weights(kept)\n    return not np.allclose(a, np.array(transposed(probe)))", "before and after"),
    ("4.1", "biases tied too", COUNT + "k + sum(sizes) if tied else 2 * k + out + home", "biases were tied too"),
    ("4.2", "input_shape", layer(bias="self.add_weight(shape=(self.source.input_shape[-1],), initializer='zeros', name='bias')"),
     "no input_shape"),
    ("4.2", "NumPy in call", layer(out="self.activation(ops.convert_to_tensor(inputs @ np.array(self.kernel).T) + self.bias)"), "gradient|NumPy"),
    ("4.3", "half", GRADIENT + "-1 / (n * d) * (e + g)", "factor 2"),
    ("4.3", "no residual", "def tied_gradient(X, W):\n    return -4 / X.size * X.T @ X @ W", "not the residual"),
    ("4.3", "by n k", GRADIENT + "-2 / (n * W.shape[1]) * (e + g)", "n · k"),
    ("4.3", "reconstruction for residual", GRADIENT.replace("R = X - X @ W @ W.T", "R = X @ W @ W.T") + "-2 / (n * d) * (e + g)", "image minus"),
    ("4.4", "times the root", DEPARTURE + "norm(G) * np.sqrt(k)", "upside down"),
    ("4.4", "fixed k", DEPARTURE + "norm(G) / np.sqrt(3)", "two columns"),
    ("4.5", "dropout", stack().replace("    m.add(D(order[-1]", "    m.add(layers.Dropout(0.5))\n    m.add(D(order[-1]"), "in training"),
    ("4.5", "no activation at all", stack(inner="None", last="None"), "no layer has an activation"),
    ("4.7", "zeros as a probe", STILL.replace("np.ones", "np.zeros") + "    a = np.array(transposed(probe))\n"
     "    dense.kernel.assign(dense.kernel + 1.0)\n    b = np.array(transposed(probe))\n    dense.set_weights(kept)\n"
     "    return not np.allclose(a, b)", "input of zeros"),
    ("4.7", "never", STILL + "    return False", "before and after|change of dense"),
    ("4.7", "leaves zeros", STILL + "    a = np.array(transposed(probe))\n    dense.set_weights([0 * w for w in kept])\n"
     "    return not np.allclose(a, np.array(transposed(probe)))", "as they were"),
    ("4.1", "coding layer counted with mirrored list",
     "def parameters(sizes, tied):\n    full = sizes + sizes[::-1]\n    k = sum(a * b for a, b in zip(full, full[1:]))\n    return k + sum(full[1:])", "codings to the codings"),
    ("4.3", "centred",
     "def tied_gradient(X, W):\n    n, d = X.shape\n    X = X - X.mean(0)\n    R = X - X @ W @ W.T\n    return -2 / (n * d) * (X.T @ R @ W + R.T @ X @ W)", "centred first"),
    ("4.3", "batch mean of one",
     "def tied_gradient(X, W):\n    n, d = X.shape\n    x = X.mean(0, keepdims=True)\n    R = x - x @ W @ W.T\n"
     "    return -2 / d * (x.T @ R @ W + R.T @ x @ W)", "mean image alone"),
    ("4.4", "mean square", "def departure(W):\n    k = W.shape[1]\n    return float(np.mean((W.T @ W - np.eye(k)) ** 2))", "mean of the squared entries"),
    ("4.4", "nuclear norm", "def departure(W):\n    k = W.shape[1]\n    return float(np.linalg.norm(W.T @ W - np.eye(k), 'nuc') / np.sqrt(k))", "nuclear norm"),
    ("4.5", "activation in one for all with an Activation layer behind",
     "def tied_decoder(dense_layers, activation, output_activation):\n    decoder = keras.Sequential([keras.Input((dense_layers[-1].units,))])\n"
     "    for l in reversed(dense_layers):\n        decoder.add(tied_layers.DenseTranspose(l, activation=activation))\n"
     "    decoder.add(keras.layers.Activation(output_activation))\n    return decoder", "both activations"),
    ("4.5", "skips the codings layer",
     "def tied_decoder(dense_layers, activation, output_activation):\n    decoder = keras.Sequential([keras.Input((dense_layers[-2].units,))])\n"
     "    for l in reversed(dense_layers[1:-1]):\n        decoder.add(tied_layers.DenseTranspose(l, activation=activation))\n"
     "    decoder.add(tied_layers.DenseTranspose(dense_layers[0], activation=output_activation))\n    return decoder", "a layer is missing"),
    ("4.6", "bias of filters",
     "class Conv2DTransposeTied(Tied):\n    def build(self, input_shape):\n"
     "        self.bias = self.add_weight(shape=(self.kernel.shape[3],), initializer='zeros', name='bias')\n\n    def call(self, inputs):\n"
     "        x = ops.conv_transpose(inputs, self.kernel, strides=self.source.strides, padding='same')\n        return self.activation(x + self.bias)", r"weights of shapes \[\(2,\)\]"),
    ("4.6", "bias per pixel",
     "class Conv2DTransposeTied(Tied):\n    def build(self, input_shape):\n"
     "        h, w_ = input_shape[1] * self.source.strides[0], input_shape[2] * self.source.strides[1]\n"
     "        self.bias = self.add_weight(shape=(h, w_, self.kernel.shape[2]), initializer='zeros', name='bias')\n\n    def call(self, inputs):\n"
     "        x = ops.conv_transpose(inputs, self.kernel, strides=self.source.strides, padding='same')\n        return self.activation(x + self.bias)", r"weights of shapes \[\(6, 6, 3\)\]"),
]  # fmt: skip

ALTERNATIVES = [
    ("4.1", "layer by layer", "def parameters(sizes, tied):\n    total = 0\n    for a, b in zip(sizes, sizes[1:]):\n"
     "        total += a * b + b + a + (0 if tied else a * b)\n    return total"),
    ("4.2", "einsum", layer(out="self.activation(ops.einsum('bu,fu->bf', inputs, self.kernel) + self.bias)")),
    ("4.2", "through the source", layer(
        bias="self.add_weight(shape=(int(self.source.kernel.shape[0]),), initializer=keras.initializers.Zeros())",
        out="self.activation(inputs @ ops.swapaxes(self.source.kernel, 0, 1) + self.bias)")),
    ("4.3", "einsum", "def tied_gradient(X, W):\n    R = X - X @ W @ W.T\n    S = X.T @ R\n    return -2 * (S + S.T) @ W / X.size"),
    ("4.4", "sums", "def departure(W):\n    k = len(W[0])\n    G = np.einsum('di,dj->ij', W, W) - np.identity(k)\n"
     "    return np.sqrt(np.mean(G**2) * k)"),
    ("4.5", "one list", STACK + "    back = dense_layers[::-1]\n    acts = [activation] * (len(back) - 1) + [output_activation]\n"
     "    return keras.Sequential([I((back[0].units,)), *[D(l, a) for l, a in zip(back, acts)]])"),
    ("4.6", "strides from the source, bias by name", conv(
        bias="self.add_weight(shape=(self.source.kernel.shape[-2],), initializer='zeros')", kernel="self.source.kernel",
        last="self.activation(ops.add(y, self.bias))", padding="self.source.padding")),
    ("4.7", "by its gradient", STILL + "    with backend.tf.GradientTape() as tape:\n        out = ops.sum(transposed(probe))\n"
     "    return tape.gradient(out, dense.kernel) is not None"),
    ("4.7", "zeros", STILL + "    a = ops.convert_to_numpy(transposed(probe))\n    dense.set_weights([0 * w for w in kept])\n"
     "    b = ops.convert_to_numpy(transposed(probe))\n    dense.set_weights(kept)\n    return bool(np.abs(a - b).max() > 1e-6)"),
    ("4.1", "products", "def parameters(sizes, tied):\n    a = np.array(sizes)\n    k = int(a[:-1] @ a[1:])\n"
     "    return k * (1 if tied else 2) + 2 * sum(sizes) - sizes[0] - sizes[-1]"),
    ("4.1", "by two halves", "def parameters(sizes, tied):\n    e = sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))\n"
     "    d = sum(a if tied else (b + 1) * a for a, b in zip(sizes, sizes[1:]))\n    return e + d"),
    ("4.2", "TensorFlow", layer(out="self.activation(tf.matmul(inputs, self.kernel, transpose_b=True) + self.bias)")),
    ("4.2", "bias_add", layer(out="self.activation(tf.nn.bias_add(tf.matmul(inputs, tf.transpose(self.kernel)), self.bias))")),
    ("4.2", "tensordot", layer(out="self.activation(ops.tensordot(inputs, self.kernel, axes=[[1], [1]]) + self.bias)")),
    ("4.3", "tape", "def tied_gradient(X, W):\n    V = tf.Variable(W)\n    with tf.GradientTape() as tape:\n"
     "        loss = tf.reduce_mean((X - tf.matmul(tf.matmul(X, V), V, transpose_b=True)) ** 2)\n    return tape.gradient(loss, V).numpy()"),
    ("4.3", "in two parts", GRADIENT + "-2 * e / X.size - 2 * g / X.size"),
    ("4.4", "trace", "def departure(W):\n    G = W.T @ W - np.eye(W.shape[1])\n    return (np.trace(G @ G.T) / len(G)) ** 0.5"),
    ("4.4", "ops", "def departure(W):\n    k = W.shape[1]\n    return ops.norm(ops.matmul(ops.transpose(W), W) - ops.eye(k)) / k ** 0.5"),
    ("4.6", "TensorFlow", conv().replace("ops.conv_transpose(inputs, self.kernel, strides=self.source.strides, padding='same')",
     "tf.nn.conv2d_transpose(inputs, self.kernel, [tf.shape(inputs)[0], inputs.shape[1] * self.source.strides[0], "
     "inputs.shape[2] * self.source.strides[1], self.kernel.shape[2]], self.source.strides, 'SAME')")),
    ("4.7", "random probe", STILL.replace("np.ones", "np.random.rand").replace("rand((1, dense.units), 'float32')", "rand(4, dense.units)")
     + "    a = transposed(probe).numpy()\n    dense.kernel.assign(2.0 * kept[0])\n    b = transposed(probe).numpy()\n"
     "    dense.kernel.assign(kept[0])\n    return not np.array_equal(a, b)"),
    ("4.1", "arrays", "def parameters(sizes, tied):\n    s = np.asarray(sizes)\n"
     "    return int((1 if tied else 2) * np.sum(s[1:] * s[:-1]) + s[1:].sum() + s[:-1].sum())"),
    ("4.1", "indices", "def parameters(sizes, tied):\n    n = 0\n    for i in range(len(sizes) - 1):\n"
     "        n += sizes[i] * sizes[i + 1] * (2 - int(tied)) + sizes[i] + sizes[i + 1]\n    return n"),
    ("4.1", "recursion", "def parameters(sizes, tied):\n    if len(sizes) < 2:\n        return 0\n    a, b = sizes[:2]\n"
     "    return (1 if tied else 2) * a * b + a + b + parameters(sizes[1:], tied)"),
    ("4.2", "dot", layer(out="self.activation(ops.add(ops.dot(inputs, ops.transpose(self.kernel)), self.bias))")),
    ("4.3", "one factor for both", GRADIENT + "-2 / X.size * (e + g)"),
    ("4.3", "by the covariance", "def tied_gradient(X, W):\n    C, P = X.T @ X, W @ W.T\n    return -2 * (2 * C - C @ P - P @ C) @ W / X.size"),
    ("4.3", "image by image", "def tied_gradient(X, W):\n    G = np.zeros_like(W)\n    for x in X:\n        z = W.T @ x\n        r = x - W @ z\n"
     "        G -= 2 * (np.outer(r, z) + np.outer(x, W.T @ r))\n    return G / X.size"),
    ("4.4", "norm", DEPARTURE + "norm(G) / np.sqrt(k)"),
    ("4.4", "singular values", "def departure(W):\n    s = np.linalg.svd(W, compute_uv=False)\n    return np.sqrt(np.mean((s**2 - 1) ** 2))"),
    ("4.4", "column by column", "def departure(W):\n    k, total = W.shape[1], 0.0\n    for i in range(k):\n        for j in range(k):\n"
     "            total += (W[:, i] @ W[:, j] - (i == j)) ** 2\n    return (total / k) ** 0.5"),
    ("4.5", "reversed and enumerated", STACK + "    m = keras.Sequential()\n    m.add(I((dense_layers[-1].units,)))\n    for i, layer in enumerate(reversed(dense_layers)):\n"
     "        m.add(D(layer, activation=activation if i < len(dense_layers) - 1 else output_activation))\n    return m"),
    ("4.5", "by index", STACK + "    last = len(dense_layers) - 1\n    inner = [D(dense_layers[k], activation=activation) for k in range(last, 0, -1)]\n"
     "    return keras.Sequential([I((dense_layers[last].units,)), *inner, D(dense_layers[0], activation=output_activation)])"),
    ("4.5", "taken from the end", STACK + "    todo = list(dense_layers)\n    m = keras.Sequential([I((todo[-1].units,))])\n    while todo:\n"
     "        layer = todo.pop()\n        m.add(D(layer, activation if todo else output_activation))\n    return m"),
    ("4.5", "size of the kernel", stack(start="dense_layers[-1].kernel.shape[-1]")),
    ("4.5", "built at the end", STACK + "    m = keras.Sequential([*[D(x, activation=activation) for x in dense_layers[:0:-1]], D(dense_layers[0], activation=output_activation)])\n"
     "    m.build((None, dense_layers[-1].units))\n    return m"),
    ("4.6", "a slice of the shape", conv(bias="self.add_weight(shape=self.kernel.shape[2:3], initializer='zeros', name='bias')")),
    ("4.6", "bias as a picture", conv(last="self.activation(ops.add(y, ops.reshape(self.bias, (1, 1, 1, -1))))")),
    ("4.6", "bias_add", conv(last="self.activation(tf.nn.bias_add(y, self.bias))")),
    ("4.6", "data format", conv(padding="'same', data_format='channels_last'")),
    ("4.7", "multiplied and shifted", STILL + "    a = np.array(transposed(probe))\n    dense.kernel.assign(dense.kernel * 2 + 1)\n"
     "    b = np.array(transposed(probe))\n    dense.set_weights(kept)\n    return not np.allclose(a, b)"),
    ("4.7", "set_weights", STILL + "    a = np.asarray(transposed(probe))\n    dense.set_weights([kept[0] + 0.5, *kept[1:]])\n"
     "    moved = np.abs(np.asarray(transposed(probe)) - a).max() > 1e-6\n    dense.set_weights(kept)\n    return bool(moved)"),
    ("4.7", "try and finally", STILL + "    a = np.array(transposed(probe))\n    try:\n        dense.kernel.assign_add(ops.ones_like(dense.kernel))\n"
     "        return not np.allclose(a, transposed(probe))\n    finally:\n        dense.set_weights(kept)"),
]  # fmt: skip

SURVIVORS = {
    ("4.1", "zip(sizes[:-1], sizes[1:], strict=True) -> zip(sizes[1:], sizes[:-1], strict=True)"): "a product is symmetric",
    ("4.1", "strict=True -> strict=False"): "the two lists have the same length",
    ("4.7", "1 -> 2"): "two equal inputs instead of one",
    ("4.7", "dense.kernel + 1.0 -> dense.kernel - 1.0"): "any change will do",
    ("4.7", "1.0 -> 2.0"): "any change will do",
    ("4.7", "np.allclose(before, after) -> np.allclose(after, before)"): "symmetric but for the last digits of a tolerance",
    ("4.7", "np.ones((1, dense.units), dtype='float32') without dtype"): "the layer turns it into its own kind of numbers",
}
