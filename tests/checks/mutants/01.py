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
]

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
]  # fmt: skip

SURVIVORS = {
    ("1.1", "full_matrices=False -> full_matrices=True"): "slower, but the first k rows of V are the same",
    ("1.4", "np.minimum(cosines, 1.0) -> np.minimum(1.0, cosines)"): "the smaller of two numbers, in either order",
    ("1.5", "0 -> 1"): "C is square: both sides have d entries",
}
