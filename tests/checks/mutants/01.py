"""Wrong and alternative answers to the exercises of lesson 01."""

PCA = "def pca(X, k):\n    m = X.mean(axis=0)\n    U, s, V = np.linalg.svd(X - m, full_matrices=False)\n    return "
ERRORS = "def errors_from_singular_values(s, n, d):\n    e = s**2 / n\n    kept = np.append(0.0, np.cumsum(e))\n    return "
ANGLES = "def principal_angles(A, B):\n    "
RECOVER = "def recover_components(D, Z):\n    k = len(D)\n    R = Z @ D\n    c = R - R.mean(axis=0)\n    return "
LOSS = "def loss_from_covariance(E, D, C):\n    T = ops.transpose\n    CE = ops.matmul(C, E)\n    d = C.shape[0]\n"
OVERLAP = "def overlap(A, B):\n    a, b = np.linalg.qr(A.T)[0], np.linalg.qr(B.T)[0]\n    return "


def model(encoder="Dense(codings, kernel_initializer='zeros')", decoder="Dense(pixels, kernel_initializer='orthogonal')",
          out="self.decoder(self.encoder(inputs))", base="keras.Model"):  # fmt: skip
    """An answer to 1.3 with one thing changed."""
    return (
        f"class LinearAutoencoder({base}):\n    def __init__(self, pixels, codings):\n        super().__init__()\n"
        f"        Dense = keras.layers.Dense\n        self.encoder = {encoder}\n        self.decoder = {decoder}\n\n"
        f"    def call(self, inputs):\n        return {out}\n"
    )


def angles(c="np.linalg.svd(a.T @ b, compute_uv=False)", last="np.degrees(np.arccos(np.clip(c, -1, 1)))",
           bases="np.linalg.qr(A.T)[0], np.linalg.qr(B.T)[0]"):  # fmt: skip
    """An answer to 1.4 with one thing changed."""
    return ANGLES + f"a, b = {bases}\n    c = {c}\n    return {last}\n"


def loss(cross="ops.sum(D * T(CE))", square="ops.sum(ops.matmul(D, T(D)) * ops.matmul(T(E), CE))",
         last="(ops.trace(C) - 2 * cross + square) / d"):  # fmt: skip
    """An answer to 1.5 with one thing changed."""
    return LOSS + f"    cross = {cross}\n    square = {square}\n    return {last}\n"


UNIT = "A / np.linalg.norm(A, axis=1, keepdims=True), B / np.linalg.norm(B, axis=1, keepdims=True)"

WRONG = [
    ("1.1", "not centred", "def pca(X, k):\n    return X.mean(axis=0), np.linalg.svd(X)[2][:k]", "subtract the mean"),
    ("1.1", "rows centred", "def pca(X, k):\n    Y = X - X.mean(axis=1, keepdims=True)\n"
     "    return X.mean(axis=0), np.linalg.svd(Y)[2][:k]", "each example had its own mean"),
    ("1.1", "mean over pixels", "def pca(X, k):\n    m = X.mean(axis=0)\n"
     "    return X.mean(axis=1), np.linalg.svd(X - m)[2][:k]", "axis=0"),
    ("1.1", "columns of V", PCA + "m, V[:, :k].T", "transposed already"),
    ("1.1", "U for V", PCA + "m, U[:, :k]", r"left singular vectors \(U\)"),
    ("1.1", "components as columns", PCA + "m, V[:k].T", "one component should be one row"),
    ("1.1", "weakest by eigh", "def pca(X, k):\n    m = X.mean(axis=0)\n"
     "    return m, np.linalg.eigh((X - m).T @ (X - m))[1].T[:k]", "eigh sorts ascending"),
    ("1.1", "weakest by slice", PCA + "m, V[-k:]", "last k directions"),
    ("1.1", "best one last", PCA + "m, V[:k][::-1]", "best one last"),
    ("1.1", "scaled", PCA + "m, s[:k, None] * V[:k]", "length 1"),
    ("1.1", "standardised", "def pca(X, k):\n    m = X.mean(axis=0)\n"
     "    return m, np.linalg.svd((X - m) / X.std(axis=0), full_matrices=False)[2][:k]", "standard deviation"),
    ("1.1", "codings", PCA + "m, (X - m) @ V[:k].T", "these are codings"),
    ("1.1", "all of them", PCA + "m, V", "keep the first k"),
    ("1.1", "swapped", PCA + "V[:k], m", "components first"),
    ("1.1", "mean forgotten", PCA + "V[:k]", r"\(mean, components\)"),
    ("1.2", "not squared", ERRORS + "(s.sum() - np.append(0.0, np.cumsum(s))) / (n * d)", "must be squared"),
    ("1.2", "n minus 1", ERRORS + "(e.sum() - kept) * n / ((n - 1) * d)", "n − 1"),
    ("1.2", "kept for discarded", ERRORS + "kept / d", "discarded part"),
    ("1.2", "not per pixel", ERRORS + "e.sum() - kept", "divide by d"),
    ("1.2", "not per example", ERRORS + "(e.sum() - kept) * n / d", "s²/n"),
    ("1.2", "begins at one", ERRORS + "((e.sum() - kept) / d)[1:]", "starts at 0"),
    ("1.2", "ends early", ERRORS + "((e.sum() - kept) / d)[:-1]", "last entry is 0"),
    ("1.2", "share", ERRORS + "1 - kept / e.sum()", "share of the variance that is lost"),
    ("1.2", "root", ERRORS + "np.sqrt(np.maximum(e.sum() - kept, 0) / d)", "root"),
    ("1.2", "single eigenvalues", ERRORS + "e / d", "single eigenvalues"),
    ("1.3", "codings returned", model(out="self.encoder(inputs)"), "the codings"),
    ("1.3", "relu codings", model("Dense(codings, 'relu', kernel_initializer='zeros')"), "encoder has an activation"),
    ("1.3", "sigmoid pixels", model(decoder="Dense(pixels, 'sigmoid', kernel_initializer='orthogonal')"),
     "decoder has an activation"),
    ("1.3", "no bias", model("Dense(codings, use_bias=False, kernel_initializer='zeros')"), "without a bias"),
    ("1.3", "encoder not zero", model("Dense(codings)"), "'zeros' for the encoder"),
    ("1.3", "decoder not orthogonal", model(decoder="Dense(pixels)"), "'orthogonal' for the decoder"),
    ("1.3", "fixed sizes", model(decoder="Dense(784, kernel_initializer='orthogonal')"), "one unit for each pixel"),
    ("1.3", "skip connection", model(out="inputs + self.decoder(self.encoder(inputs))"), "added to the output"),
    ("1.3", "wrong neck", model("Dense(2 * codings, kernel_initializer='zeros')"), "`codings` units"),
    ("1.4", "no bases", ANGLES + "c = np.linalg.svd(A @ B.T, compute_uv=False)\n"
     "    return np.degrees(np.arccos(np.clip(c, -1, 1)))", "orthonormal basis first"),
    ("1.4", "unit rows only", angles(bases=UNIT, c="np.linalg.svd(a @ b.T, compute_uv=False)"), "orthogonal to each other"),
    ("1.4", "row with row", angles(bases=UNIT, c="np.sum(a * b, axis=1)"), "row with row"),
    ("1.4", "radians", angles(last="np.arccos(np.clip(c, -1, 1))"), "radians"),
    ("1.4", "largest first", angles(last="np.degrees(np.arccos(np.clip(c, -1, 1)))[::-1]"), "smallest should"),
    ("1.4", "no clip", angles(last="np.degrees(np.arccos(c))"), "np.clip"),
    ("1.4", "cosines", angles(last="c"), "take their arccos"),
    ("1.4", "not transposed", angles(bases="np.linalg.qr(A)[0], np.linalg.qr(B)[0]"), r"A\.T"),
    ("1.4", "largest only", angles(last="np.degrees(np.arccos(np.clip(c, -1, 1)))[-1]"), "largest angle alone"),
    ("1.5", "no division", loss(last="ops.trace(C) - 2 * cross + square"), "number d"),
    ("1.5", "cross once", loss(last="(ops.trace(C) - cross + square) / d"), "counts twice"),
    ("1.5", "plus", loss(last="(ops.trace(C) + 2 * cross + square) / d"), "minus sign"),
    ("1.5", "no trace", loss(last="(square - 2 * cross) / d"), "tr C, is missing"),
    ("1.5", "product of traces", loss(square="ops.trace(ops.matmul(D, T(D))) * ops.trace(ops.matmul(T(E), CE))"),
     "product of the traces"),
    ("1.5", "decoder orthonormal", loss(square="ops.trace(ops.matmul(T(E), CE))"), "lacks D Dᵀ"),
    ("1.5", "no covariance", "def loss_from_covariance(E, D, C):\n"
     "    return ops.sum((ops.eye(C.shape[0]) - ops.matmul(E, D)) ** 2) / C.shape[0]", "white noise"),
    ("1.5", "large product", "def loss_from_covariance(E, D, C):\n    P = ops.eye(C.shape[0]) - ops.matmul(E, D)\n"
     "    return ops.trace(ops.matmul(ops.transpose(P), ops.matmul(C, P))) / C.shape[0]", r"shape \(d, d\)"),
    ("1.6", "decoder rows", "def recover_components(D, Z):\n    return D", "decoder's own rows"),
    ("1.6", "unit rows", "def recover_components(D, Z):\n    return D / np.linalg.norm(D, axis=1, keepdims=True)",
     "at length 1"),
    ("1.6", "svd of the decoder", "def recover_components(D, Z):\n    return np.linalg.svd(D, full_matrices=False)[2]",
     "decoder alone"),
    ("1.6", "not centred", RECOVER + "np.linalg.svd(R)[2][:k]", "not centred"),
    ("1.6", "space of codings", "def recover_components(D, Z):\n    return np.linalg.svd(Z - Z.mean(axis=0))[2]",
     "space of codings"),
    ("1.6", "codings through D", "def recover_components(D, Z):\n    return np.linalg.svd(Z - Z.mean(axis=0))[2] @ D",
     "only if the decoder's rows were orthonormal"),
    ("1.6", "weakest", RECOVER + "np.linalg.eigh(c.T @ c)[1].T[:k]", "weakest directions"),
    ("1.6", "columns", RECOVER + "np.linalg.svd(c)[2][:k].T", "transpose"),
    ("1.7", "as it was", f"def overlap(A, B):\n    a, b = {UNIT}\n    return np.mean(np.abs(np.sum(a * b, axis=1)))",
     "still compares row with row"),
    ("1.7", "best partner", f"def overlap(A, B):\n    a, b = {UNIT}\n    return np.abs(a @ b.T).max(axis=1).mean()",
     "no single partner"),
    ("1.7", "unit rows only", f"def overlap(A, B):\n    a, b = {UNIT}\n    return np.sum((a @ b.T) ** 2) / len(A)",
     "orthogonal to each other"),
    ("1.7", "sum", OVERLAP + "np.sum((a.T @ b) ** 2)", "divide by k"),
    ("1.7", "mean over products", OVERLAP + "np.mean((a.T @ b) ** 2)", "all k × k products"),
    ("1.7", "not squared", OVERLAP + "np.mean(np.linalg.svd(a.T @ b, compute_uv=False))", "not squared"),
    ("1.7", "diagonal", OVERLAP + "np.mean(np.abs(np.diag(a.T @ b)))", "row with row again"),
    ("1.7", "smallest", OVERLAP + "np.linalg.svd(a.T @ b, compute_uv=False)[-1]", "smallest cosine"),
    ("1.1", "rows of eigenvectors", "def pca(X, k):\n    m = X.mean(axis=0)\n    w, v = np.linalg.eigh(np.cov((X - m).T))\n"
     "    return m, v[np.argsort(w)[::-1]][:k]", "as columns"),
    ("1.1", "sorted columns, not transposed", "def pca(X, k):\n    m = X.mean(axis=0)\n    w, v = np.linalg.eigh(np.cov((X - m).T))\n"
     "    return m, v[:, np.argsort(w)[::-1]][:k]", "as columns"),
    ("1.1", "smallest eigenvalues in order", "def pca(X, k):\n    m = X.mean(axis=0)\n    w, v = np.linalg.eigh(np.cov((X - m).T))\n"
     "    return m, v.T[np.argsort(w)][:k]", "sorts ascending"),
    ("1.1", "not in order", PCA + "m, V[np.roll(np.arange(k), 1)]", "another order"),
    ("1.1", "whitened", PCA + "m, V[:k] / s[:k, None]", "whitening"),
    ("1.2", "pixels squared", ERRORS + "(e.sum() - kept) / d**2", "d divides once"),
    ("1.2", "length of s for d", ERRORS + "(e.sum() - kept) / len(s)", "not of singular values"),
    ("1.2", "share kept", ERRORS + "kept / e.sum()", "share of the variance that is kept"),
    ("1.2", "everything summed", ERRORS + "(e.sum() - kept) * n", "sum over everything"),
    ("1.2", "one too early", ERRORS + "np.append((e.sum() - np.cumsum(e)) / d, 0)", "too early"),
    ("1.3", "dropout", model("keras.Sequential([keras.layers.Dropout(0.2), Dense(codings, kernel_initializer='zeros')])"),
     "Dense layer"),
    ("1.3", "noise in training", model(out="self.decoder(self.encoder(keras.layers.GaussianNoise(0.3)(inputs)))"), "in training"),
    ("1.3", "a tuple", model(out="self.decoder(self.encoder(inputs)), self.encoder(inputs)"), "a tuple from call"),
    ("1.3", "a penalty", model("Dense(codings, kernel_initializer='zeros', kernel_regularizer='l2')"), "penalty"),
    ("1.3", "tanh codings", model("Dense(codings, 'tanh', kernel_initializer='zeros')"), "tanh"),
    ("1.4", "eigenvalues", angles(c="np.sort(np.abs(np.linalg.eigvals(a.T @ b)))[::-1]"), "eigenvalues.*singular|complex"),
    ("1.4", "squared cosines", angles(c="np.linalg.eigvalsh((a.T @ b).T @ (a.T @ b))[::-1]"), "squared"),
    ("1.4", "arcsine", angles(last="np.degrees(np.arcsin(np.clip(c, -1, 1)))"), "arcsine"),
    ("1.4", "all pairs", angles(c="a.T @ b"), "every pair"),
    ("1.4", "bases row with row", angles(c="np.sum(a * b, axis=0)"), "after the bases"),
    ("1.4", "SciPy as it comes", ANGLES + "from scipy.linalg import subspace_angles\n    return subspace_angles(A.T, B.T)", "radians.*largest"),
    ("1.5", "NumPy", loss().replace("ops.matmul", "np.matmul").replace("ops.sum", "np.sum").replace("ops.transpose", "np.transpose")
     .replace("ops.trace", "np.trace"), "NumPy"),
    ("1.5", "float", loss(last="float((ops.trace(C) - 2 * cross + square) / d)"), "plain number.*float"),
    ("1.5", "fixed 784", loss(last="(ops.trace(C) - 2 * cross + square) / 784"), "divided by 784"),
    ("1.5", "brackets", loss(last="ops.trace(C) - 2 * cross + square / d"), "brackets"),
    ("1.5", "NumPy in a tensor", loss(cross="ops.convert_to_tensor(np.sum(D.numpy() * T(CE).numpy()))"), "NumPy cuts|no gradient|tf.function|numpy|got"),
    ("1.6", "PCA of the decoder", "def recover_components(D, Z):\n    return np.linalg.svd(D - D.mean(axis=0), full_matrices=False)[2]",
     "decoder's k rows|decoder alone"),
    ("1.6", "codings of the images", RECOVER + "c @ np.linalg.svd(c)[2][:k].T", "codings, one row"),
    ("1.6", "all d", RECOVER + "np.linalg.svd(c, full_matrices=True)[2]", "one direction for each"),
    ("1.6", "scaled", RECOVER + "(lambda s, V: s[:k, None] * V[:k])(*np.linalg.svd(c)[1:])", "singular values"),
    ("1.6", "strongest last", RECOVER + "np.linalg.eigh(c.T @ c)[1].T[-k:]", "strongest last"),
    ("1.7", "root", OVERLAP + "(np.sum((a.T @ b) ** 2) / len(A)) ** 0.5", "leave out the root"),
    ("1.7", "by pixels", OVERLAP + "np.mean((a @ a.T @ b) ** 2) * len(A)", "got"),
    ("1.7", "determinant", OVERLAP + "abs(np.linalg.det(a.T @ b))", "multiplies the cosines"),
    ("1.7", "one minus", OVERLAP + "1 - np.sum((a.T @ b) ** 2) / len(A)", "disagrees"),
    ("1.7", "not transposed", "def overlap(A, B):\n    a, b = np.linalg.qr(A)[0], np.linalg.qr(B)[0]\n"
     "    return np.sum((a.T @ b) ** 2) / len(A)", r"A\.T"),
    ("1.3", "widths exchanged",
     "class LinearAutoencoder(keras.Model):\n    def __init__(self, pixels, codings):\n"
     "        super().__init__()\n"
     "        self.encoder = keras.layers.Dense(pixels, kernel_initializer='zeros')\n"
     "        self.decoder = keras.layers.Dense(codings, kernel_initializer='orthogonal')\n"
     "    def call(self, inputs):\n        return self.decoder(self.encoder(inputs))",
     "decoder of 3 units"),
    ("1.3", "layers made in call",
     "class LinearAutoencoder(keras.Model):\n    def __init__(self, pixels, codings):\n"
     "        super().__init__()\n"
     "        self.encoder = keras.layers.Dense(codings, kernel_initializer='zeros')\n"
     "        self.decoder = keras.layers.Dense(pixels, kernel_initializer='orthogonal')\n"
     "    def call(self, inputs):\n        pixels = inputs.shape[-1]\n"
     "        return keras.layers.Dense(pixels, kernel_initializer='orthogonal')(self.encoder(inputs))",
     "no weights after a call"),
    ("1.4", "Gram-Schmidt only on A",
     "def principal_angles(A, B):\n    a = np.linalg.qr(A.T)[0]\n"
     "    b = (B / np.linalg.norm(B, axis=1, keepdims=True)).T\n"
     "    return np.degrees(np.arccos(np.clip(np.linalg.svd(a.T @ b, compute_uv=False), 0, 1)))",
     "only the first subspace"),
    ("1.5", "square term missing transposition (matmul trace of DD E'CE)",
     "def loss_from_covariance(E, D, C):\n    CE = ops.matmul(C, E)\n"
     "    cross = ops.sum(ops.transpose(D) * CE)\n"
     "    sq = ops.sum(ops.matmul(D, ops.transpose(D))) * ops.sum(ops.matmul(ops.transpose(E), CE))\n"
     "    return (ops.trace(C) - 2 * cross + sq) / C.shape[0]",
     "sums were taken before"),
    ("1.5", "orthonormal case only",
     "def loss_from_covariance(E, D, C):\n    CE = ops.matmul(C, E)\n"
     "    return (ops.trace(C) - ops.sum(D * ops.transpose(CE))) / C.shape[0]",
     "counts once and the last"),
    ("1.5", "mean in place of sum",
     "def loss_from_covariance(E, D, C):\n    CE = ops.matmul(C, E)\n"
     "    cross = ops.mean(D * ops.transpose(CE))\n"
     "    sq = ops.mean(ops.matmul(D, ops.transpose(D)) * ops.matmul(ops.transpose(E), CE))\n"
     "    return ops.mean(ops.diagonal(C)) - 2 * cross + sq",
     "a trace is a sum"),
    ("1.5", "decoder detached",
     "def loss_from_covariance(E, D, C):\n    D = ops.stop_gradient(D)\n    CE = ops.matmul(C, E)\n"
     "    cross = ops.sum(D * ops.transpose(CE))\n"
     "    sq = ops.sum(ops.matmul(D, ops.transpose(D)) * ops.matmul(ops.transpose(E), CE))\n"
     "    return (ops.trace(C) - 2 * cross + sq) / C.shape[0]",
     "stop_gradient"),
    ("1.6", "columns of eigh as rows",
     "def recover_components(D, Z):\n    val, vec = np.linalg.eigh(np.cov((Z @ D).T))\n"
     "    return vec[::-1][:len(D)]",
     "rows of the matrix of eigenvectors"),
    ("1.6", "centred by total mean",
     "def recover_components(D, Z):\n    X = Z @ D\n    X = X - X.mean()\n"
     "    return np.linalg.svd(X, full_matrices=False)[2][:len(D)]",
     "each column"),
    ("1.7", "norm not squared",
     "def overlap(A, B):\n    a = np.linalg.qr(A.T)[0]\n    b = np.linalg.qr(B.T)[0]\n"
     "    return float(np.linalg.norm(a.T @ b) / len(A))",
     "norm is the root"),
    ("1.7", "trace of the product",
     "def overlap(A, B):\n    a = np.linalg.qr(A.T)[0]\n    b = np.linalg.qr(B.T)[0]\n"
     "    return float(np.trace(a.T @ b) ** 2 / len(A) ** 2)",
     "trace adds up"),
    ("1.7", "cosine of the mean angle",
     "def overlap(A, B):\n    from scipy.linalg import subspace_angles\n"
     "    return float(np.cos(np.mean(subspace_angles(A.T, B.T))) ** 2)",
     "mean of the angles"),
    ("1.7", "product of cosines",
     "def overlap(A, B):\n    a = np.linalg.qr(A.T)[0]\n    b = np.linalg.qr(B.T)[0]\n"
     "    return float(np.linalg.det(a.T @ b) ** 2)",
     "here squared"),
]  # fmt: skip

ALTERNATIVES = [
    ("1.1", "eigh of the covariance", "def pca(X, k):\n    m = np.mean(X, 0)\n    C = np.cov(X, rowvar=False)\n"
     "    return m, np.linalg.eigh(C)[1][:, ::-1][:, :k].T"),
    ("1.1", "negative signs", PCA + "m, -V[:k]"),
    ("1.2", "loop", "def errors_from_singular_values(s, n, d):\n"
     "    return [sum(v * v for v in s[k:]) / (n * d) for k in range(len(s) + 1)]"),
    ("1.3", "initializer objects", model("Dense(codings, kernel_initializer=keras.initializers.Zeros())",
                                         "Dense(pixels, kernel_initializer=keras.initializers.Orthogonal(seed=1))")),
    ("1.4", "by projectors", ANGLES + "P, Q = np.linalg.pinv(A) @ A, np.linalg.pinv(B) @ B\n"
     "    c = np.sqrt(np.clip(np.linalg.eigvalsh(P @ Q @ P)[::-1][:len(A)], 0, 1))\n"
     "    s = np.sqrt(np.clip(1 - c**2, 0, 1))\n    return np.degrees(np.arctan2(s, c))"),
    ("1.4", "svd bases", angles(bases="np.linalg.svd(A, full_matrices=False)[2].T, np.linalg.svd(B, full_matrices=False)[2].T")),
    ("1.5", "traces of products", loss("ops.trace(ops.matmul(D, CE))",
                                       "ops.trace(ops.matmul(ops.matmul(D, T(D)), ops.matmul(T(E), CE)))")),
    ("1.5", "einsum", loss("ops.einsum('kd,dk->', D, CE)")),
    ("1.6", "svd", RECOVER + "np.linalg.svd(c, full_matrices=False)[2][:k]"),
    ("1.6", "qr, then the codings", "def recover_components(D, Z):\n    Q, R = np.linalg.qr(D.T)\n    Y = Z @ R.T\n"
     "    return np.linalg.svd(Y - Y.mean(axis=0), full_matrices=False)[2] @ Q.T"),
    ("1.7", "projectors", "def overlap(A, B):\n    P, Q = np.linalg.pinv(A) @ A, np.linalg.pinv(B) @ B\n"
     "    return np.trace(P @ Q) / len(A)"),
    ("1.1", "scikit-learn", "def pca(X, k):\n    from sklearn.decomposition import PCA\n    p = PCA(k, svd_solver='full').fit(X)\n"
     "    return p.mean_, p.components_"),
    ("1.1", "svd of the transpose", "def pca(X, k):\n    m = np.sum(X, axis=0) / len(X)\n"
     "    return m, np.linalg.svd((X - m).T, full_matrices=False)[0][:, :k].T"),
    ("1.1", "eig, sorted", "def pca(X, k):\n    m = X.mean(0)\n    w, v = np.linalg.eig((X - m).T @ (X - m) / (len(X) - 1))\n"
     "    return [m, v.real[:, np.argsort(-w.real)[:k]].T]"),
    ("1.1", "tensors", "def pca(X, k):\n    m = tf.reduce_mean(X, axis=0)\n    s, u, v = tf.linalg.svd(X - m)\n"
     "    return m, tf.transpose(v[:, :k])"),
    ("1.1", "one row at a time", PCA + "m, np.array([V[i] for i in range(k)])"),
    ("1.2", "cumsum from the end", "def errors_from_singular_values(s, n, d):\n"
     "    return np.append(np.cumsum((s**2)[::-1])[::-1], 0.0) / n / d"),
    ("1.2", "a list of sums", "def errors_from_singular_values(s, n, d):\n    out = []\n    for k in range(len(s) + 1):\n"
     "        out.append(np.sum(s[k:] ** 2) / n / d)\n    return np.array(out)"),
    ("1.2", "triangle", "def errors_from_singular_values(s, n, d):\n    m = len(s)\n"
     "    return np.triu(np.ones((m + 1, m))) @ (s * s) / (n * d)"),
    ("1.2", "subtract.accumulate", "def errors_from_singular_values(s, n, d):\n    e = s**2 / (n * d)\n"
     "    return np.subtract.accumulate(np.r_[e.sum(), e])"),
    ("1.2", "ops", "def errors_from_singular_values(s, n, d):\n    e = ops.square(s) / n\n"
     "    kept = ops.concatenate([ops.zeros(1, 'float64'), ops.cumsum(e)])\n    return (ops.sum(e) - kept) / d"),
    ("1.3", "activation by name", model("Dense(codings, activation='linear', kernel_initializer='zeros')")),
    ("1.3", "activation None", model("Dense(codings, activation=None, kernel_initializer='zeros')",
                                     "Dense(units=pixels, activation=None, kernel_initializer=keras.initializers.Orthogonal())")),
    ("1.3", "in two lines", model(out="(lambda z: self.decoder(z))(self.encoder(inputs))")),
    ("1.3", "training in call", model().replace("call(self, inputs)", "call(self, inputs, training=False)")),
    ("1.3", "named layers", model("Dense(codings, kernel_initializer='zeros', name='codings')",
                                  "Dense(pixels, kernel_initializer='orthogonal', bias_initializer='zeros', name='pixels')")),
    ("1.4", "scipy", ANGLES + "from scipy.linalg import subspace_angles\n    return np.rad2deg(np.sort(subspace_angles(A.T, B.T)))"),
    ("1.4", "eigenvalues of the products", angles(c="np.sqrt(np.clip(np.linalg.eigvalsh(a.T @ b @ b.T @ a)[::-1], 0, 1))")),
    ("1.4", "rounded down by where", angles(last="np.arccos(np.where(c > 1, 1, c)) * 180 / np.pi")),
    ("1.4", "scipy orth", angles(bases="__import__('scipy.linalg').linalg.orth(A.T), __import__('scipy.linalg').linalg.orth(B.T)")),
    ("1.5", "operators", "def loss_from_covariance(E, D, C):\n    CE = C @ E\n    return (ops.trace(C) - 2 * ops.trace(D @ CE)"
     " + ops.trace((D @ ops.transpose(D)) @ (ops.transpose(E) @ CE))) / E.shape[0]"),
    ("1.5", "TensorFlow", "def loss_from_covariance(E, D, C):\n    CE = tf.matmul(C, E)\n    cross = tf.linalg.trace(tf.matmul(D, CE))\n"
     "    square = tf.reduce_sum(tf.matmul(D, D, transpose_b=True) * tf.matmul(E, CE, transpose_a=True))\n"
     "    return (tf.linalg.trace(C) - 2.0 * cross + square) / tf.cast(tf.shape(C)[0], C.dtype)"),
    ("1.5", "by the first factor", loss(square="ops.sum(ops.matmul(ops.transpose(D), ops.transpose(CE)) * 0) + "
     "ops.sum(ops.matmul(ops.matmul(ops.transpose(CE), E), D) * D)").replace(
     "ops.sum(ops.matmul(ops.transpose(D), ops.transpose(CE)) * 0) + ", "")),
    ("1.5", "sum of the diagonal", loss(last="(ops.sum(ops.diagonal(C)) - 2 * cross + square) / ops.shape(C)[0]")),
    ("1.6", "scikit-learn", "def recover_components(D, Z):\n    from sklearn.decomposition import PCA\n"
     "    return PCA(len(D), svd_solver='full').fit(Z @ D).components_"),
    ("1.6", "through the covariance of the codings", "def recover_components(D, Z):\n    C = D.T @ np.cov(Z.T) @ D\n"
     "    w, v = np.linalg.eigh(C)\n    return v[:, np.argsort(w)[::-1][:D.shape[0]]].T"),
    ("1.6", "signs turned", RECOVER + "-np.linalg.svd(c)[2][:k]"),
    ("1.6", "svd of the transpose", RECOVER + "np.linalg.svd(c.T, full_matrices=False)[0][:, :k].T"),
    ("1.7", "singular values", OVERLAP + "float(np.mean(np.linalg.svd(a.T @ b, compute_uv=False) ** 2))"),
    ("1.7", "angles", "def overlap(A, B):\n    from scipy.linalg import subspace_angles\n    return np.mean(np.cos(subspace_angles(A.T, B.T)) ** 2)"),
    ("1.7", "norm", OVERLAP + "np.linalg.norm(b.T @ a) ** 2 / A.shape[0]"),
    ("1.7", "loop", OVERLAP + "sum((u @ v) ** 2 for u in a.T for v in b.T) / len(A)"),
    ("1.7", "svd bases", "def overlap(A, B):\n    a, b = (np.linalg.svd(M, full_matrices=False)[2] for M in (A, B))\n"
     "    return np.sum((a @ b.T) ** 2) / len(a)"),
    ("1.5", "the residual of thin matrices",
     "def loss_from_covariance(E, D, C):\n    EtC = ops.matmul(ops.transpose(E), C)\n"
     "    left = ops.sum(ops.diagonal(C)) - ops.sum(D * EtC)\n"
     "    right = ops.sum(ops.matmul(ops.matmul(EtC, E), D) * D) - ops.sum(EtC * D)\n"
     "    return (left + right) / C.shape[-1]"),
    ("1.3", "by hand in call",
     "class LinearAutoencoder(keras.Model):\n    def __init__(self, pixels, codings):\n"
     "        super().__init__()\n"
     "        self.encoder = keras.layers.Dense(codings, kernel_initializer='zeros')\n"
     "        self.decoder = keras.layers.Dense(pixels, kernel_initializer='orthogonal')\n"
     "        self.encoder.build((None, pixels))\n        self.decoder.build((None, codings))\n"
     "    def call(self, inputs):\n"
     "        z = ops.matmul(inputs, self.encoder.kernel) + self.encoder.bias\n"
     "        return ops.add(ops.matmul(z, self.decoder.kernel), self.decoder.bias)"),
    ("1.6", "symmetric root of the Gram of D",
     "def recover_components(D, Z):\n    S = np.cov(Z.T)\n    L = np.linalg.cholesky(S)\n"
     "    return np.linalg.svd(L.T @ D, full_matrices=False)[2]"),
    ("1.7", "solve",
     "def overlap(A, B):\n    G = np.linalg.solve(A @ A.T, A @ B.T) @ np.linalg.solve(B @ B.T, B @ A.T)\n"
     "    return float(np.trace(G)) / len(A)"),
]  # fmt: skip

SURVIVORS = {
    ("1.1", "full_matrices=False -> full_matrices=True"): "slower, but the first k rows of V are the same",
    ("1.4", "np.minimum(cosines, 1.0) -> np.minimum(1.0, cosines)"): "the smaller of two numbers, in either order",
    ("1.5", "0 -> 1"): "C is square: both sides have d entries",
    ("1.1", "np.linalg.svd(X - mean, full_matrices=False) without full_matrices"): "slower, but the first k rows of V are the same",
    ("1.3", "no gradient by: inputs of call"): "the inputs are images, and nothing before them learns",
    ("1.5", "no gradient by: C"): "the covariance is data; the kernels learn",
}
