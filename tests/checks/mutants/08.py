"""Wrong and alternative answers to the exercises of lesson 08."""

PSNR = "def mean_psnr(X, R, peak=1.0):\n    "
FIT = "def fit_denoiser(model, X, corrupt, epochs, batch_size, rng):\n"
MATRIX = "def level_matrix(denoisers, X, levels, corrupt, seed):\n"
SCORE = "def score_from_denoiser(denoise, x, sigma):\n    "
MEND = "def like_dropout(X, rate, rng):\n    "
DOWN = "def descend(denoise, x, sigmas):\n"


def gaussian(call, init="self.sigma = sigma"):
    """An answer to 8.1 with this body of `call`."""
    return (
        "class GaussianNoise(keras.layers.Layer):\n    def __init__(self, sigma, **options):\n"
        f"        super().__init__(**options)\n        {init}\n    def call(self, inputs, training=None):\n"
        + "".join(f"        {line}\n" for line in call.splitlines())
    )


def masking(call, init="self.rate, self.rescale = rate, rescale"):
    """An answer to 8.2 with this body of `call`."""
    return (
        "class MaskingNoise(keras.layers.Layer):\n    def __init__(self, rate, rescale=False, **options):\n"
        f"        super().__init__(**options)\n        {init}\n    def call(self, inputs, training=None):\n"
        + "".join(f"        {line}\n" for line in call.splitlines())
    )


def mask_of(kept="keras.random.uniform(ops.shape(inputs)) >= self.rate", last="out / (1 - self.rate) if self.rescale else out",
            first="if not training: return inputs"):  # fmt: skip
    """An answer to 8.2 with one thing changed."""
    return masking(f"{first}\nout = inputs * ops.cast({kept}, 'float32')\nreturn {last}")


def psnr(errors="np.mean((X - R).reshape(len(X), -1) ** 2, axis=1)", last="np.mean(10 * np.log10(peak**2 / errors))"):
    """An answer to 8.3 with one thing changed."""
    return PSNR + f"errors = {errors}\n    return {last}"


def fit(inside="model.fit(corrupt(X, rng), X, batch_size=batch_size, epochs=1, verbose=0)", before="pass"):
    """An answer to 8.4 with one thing changed."""
    return FIT + f"    {before}\n    for epoch in range(epochs):\n        {inside}\n"


def matrix(
    before="rng = np.random.default_rng(seed)", noisy="corrupt(X, level, rng)", inner="", entry="denoising.noise.mean_psnr(X, denoise(noisy))",
    last="table",
):  # fmt: skip
    """An answer to 8.5 with one thing changed."""
    return (
        MATRIX + f"    {before}\n    table = np.empty((len(denoisers), len(levels)))\n"
        f"    for column, level in enumerate(levels):\n        noisy = {noisy}\n"
        f"        for row, denoise in enumerate(denoisers):\n            {inner or 'pass'}\n"
        f"            table[row, column] = {entry}\n    return {last}\n"
    )


def mend(kept="rng.random(X.shape) >= rate", last="X * kept / (1 - rate)"):
    """An answer to 8.7 with one thing changed."""
    return MEND + f"kept = {kept}\n    return {last}"


def down(move="clean + following / sigma * (path[-1] - clean)", levels="zip(sigmas, [*sigmas[1:], 0])",
         clean="denoise(path[-1], sigma)", path="[x]", last="np.stack(path)"):  # fmt: skip
    """An answer to 8.8 with one thing changed."""
    return (
        DOWN + f"    path = {path}\n    for sigma, following in {levels}:\n        clean = {clean}\n"
        f"        path.append({move})\n    return {last}\n"
    )


NORMAL = "keras.random.normal(ops.shape(inputs))"
GUARD = "if not training: return inputs\n"
WRONG = [
    ("8.1", "at test time too", gaussian(f"return inputs + self.sigma * {NORMAL}"), "for training only"),
    ("8.1", "only at test time", gaussian(f"if training: return inputs\nreturn inputs + self.sigma * {NORMAL}"), "absence to everything"),
    ("8.1", "noise unless told otherwise",
     gaussian(f"if training is False: return inputs\nreturn inputs + self.sigma * {NORMAL}"), "no `training` at all"),
    ("8.1", "variance", gaussian(GUARD + f"return inputs + self.sigma**2 * {NORMAL}"), "sigma squared"),
    ("8.1", "root", gaussian(GUARD + f"return inputs + ops.sqrt(self.sigma) * {NORMAL}"), "square root of sigma"),
    ("8.1", "no sigma", gaussian(GUARD + f"return inputs + {NORMAL}"), "sigma was not used"),
    ("8.1", "one image's noise", gaussian(GUARD + "return inputs + self.sigma * keras.random.normal(ops.shape(inputs)[1:])"),
     "same for all images"),
    ("8.1", "one number an image",
     gaussian(GUARD + "n = ops.shape(inputs)[0]\nreturn inputs + self.sigma * keras.random.normal((n, 1, 1))"), "all pixels of an image"),
    ("8.1", "one number a row",
     gaussian(GUARD + "n = ops.shape(inputs)[0]\nreturn inputs + self.sigma * keras.random.normal((n, 6, 1))"), "along each row"),
    ("8.1", "fixed seed", gaussian(GUARD + "return inputs + self.sigma * keras.random.normal(ops.shape(inputs), seed=1)"), "drawn once"),
    ("8.1", "NumPy", gaussian(GUARD + "return inputs + self.sigma * np.random.normal(size=(240, 6, 5)).astype('float32')"), "frozen"),
    ("8.1", "shape not known", gaussian(GUARD + "return inputs + self.sigma * np.random.normal(size=inputs.shape).astype('float32')"),
     "batch size is not known"),
    ("8.1", "multiplied", gaussian(GUARD + f"return inputs * (1 + self.sigma * {NORMAL})"), "not multiplied"),
    ("8.1", "clipped", gaussian(GUARD + f"return ops.clip(inputs + self.sigma * {NORMAL}, 0, 1)"), "nothing is to be clipped"),
    ("8.1", "uniform", gaussian(GUARD + "return inputs + self.sigma * keras.random.uniform(ops.shape(inputs), -1, 1)"), "uniform, not normal"),
    ("8.1", "uniform from 0", gaussian(GUARD + "return inputs + self.sigma * keras.random.uniform(ops.shape(inputs))"),
     "clipped|from 0 to sigma|both signs"),
    ("8.1", "noise alone", gaussian(GUARD + f"return self.sigma * {NORMAL}"), "."),
    ("8.2", "at test time too", mask_of(first="pass"), "for training only"),
    ("8.2", "share swapped", mask_of(kept="keras.random.uniform(ops.shape(inputs)) < self.rate"), "other way round"),
    ("8.2", "never rescaled", mask_of(last="out"), "self.rescale was not looked at"),
    ("8.2", "always rescaled", mask_of(last="out / (1 - self.rate)"), "keeps its value"),
    ("8.2", "Keras' Dropout", masking("return keras.layers.Dropout(self.rate)(inputs, training=training)"), "keeps its value|own|drawn"),
    ("8.2", "multiplied", mask_of(last="out * (1 - self.rate) if self.rescale else out"), "should be divided"),
    ("8.2", "divided by rate", mask_of(last="out / self.rate if self.rescale else out"), "divided by rate"),
    ("8.2", "one mask", mask_of(kept="keras.random.uniform(ops.shape(inputs)[1:]) >= self.rate"), "same for all images"),
    ("8.2", "whole images", mask_of(kept="keras.random.uniform((ops.shape(inputs)[0], 1, 1)) >= self.rate"), "all pixels of an image"),
    ("8.2", "fixed seed", mask_of(kept="keras.random.uniform(ops.shape(inputs), seed=3) >= self.rate"), "drawn once"),
    ("8.2", "NumPy", mask_of(kept="np.random.uniform(size=(240, 6, 5)) >= self.rate"), "frozen"),
    ("8.2", "normal numbers", mask_of(kept="keras.random.normal(ops.shape(inputs)) >= self.rate"), "of the pixels lost"),
    ("8.2", "not cut", masking(GUARD + "return inputs * keras.random.uniform(ops.shape(inputs))"), "no pixel that became 0|different factors"),
    ("8.3", "pooled", psnr("np.mean((X - R) ** 2)"), "mean error of all images"),
    ("8.3", "peak of 255", psnr(last="np.mean(10 * np.log10(255**2 / errors))"), "255 belongs"),
    ("8.3", "peak not squared", psnr(last="np.mean(10 * np.log10(peak / errors))"), "squared"),
    ("8.3", "peak forgotten", psnr(last="np.mean(-10 * np.log10(errors))"), "peak was not used"),
    ("8.3", "own peak", psnr(last="np.mean(10 * np.log10(X.max()**2 / errors))"), "largest value a pixel can have"),
    ("8.3", "sign", psnr(last="np.mean(10 * np.log10(errors / peak**2))"), "sign is wrong"),
    ("8.3", "natural logarithm", psnr(last="np.mean(10 * np.log(peak**2 / errors))"), "base 10"),
    ("8.3", "twenty", psnr(last="np.mean(20 * np.log10(peak**2 / errors))"), "belongs to the root"),
    ("8.3", "root", psnr(last="np.mean(10 * np.log10(peak / np.sqrt(errors)))"), "root of the mean"),
    ("8.3", "bels", psnr(last="np.mean(np.log10(peak**2 / errors))"), "bels"),
    ("8.3", "each image", psnr(last="10 * np.log10(peak**2 / errors)"), "one number for each image"),
    ("8.3", "wrong axis", psnr("np.mean((X - R).reshape(len(X), -1) ** 2, axis=0)"), "each pixel"),
    ("8.3", "absolute", psnr("np.mean(np.abs(X - R).reshape(len(X), -1), axis=1)"), "absolute"),
    ("8.3", "summed", psnr("np.sum((X - R).reshape(len(X), -1) ** 2, axis=1)"), "summed"),
    ("8.3", "images only", psnr("np.mean((X - R) ** 2, axis=(1, 2))"), "axis|flat"),
    ("8.4", "noisy target", fit("noisy = corrupt(X, rng); model.fit(noisy, noisy, batch_size=batch_size, verbose=0)"), "own targets"),
    ("8.4", "swapped", fit("model.fit(X, corrupt(X, rng), batch_size=batch_size, verbose=0)"), "other way round"),
    ("8.4", "no noise", fit("model.fit(X, X, batch_size=batch_size, verbose=0)"), "clean images as inputs"),
    ("8.4", "noise drawn once", fit("model.fit(noisy, X, batch_size=batch_size, verbose=0)", before="noisy = corrupt(X, rng)"),
     "in every epoch"),
    ("8.4", "one long fit", FIT + "    model.fit(corrupt(X, rng), X, epochs=epochs, batch_size=batch_size, verbose=0)", "in every epoch"),
    ("8.4", "the same seed again",
     fit("model.fit(corrupt(X, np.random.default_rng(0)), X, batch_size=batch_size, verbose=0)"), "another generator"),
    ("8.4", "two draws", fit("model.fit(corrupt(X, rng), corrupt(X, rng), batch_size=batch_size, verbose=0)"), "clean images|not the clean"),
    ("8.4", "epochs squared", fit("model.fit(corrupt(X, rng), X, batch_size=batch_size, epochs=epochs, verbose=0)"), "each turn of the loop"),
    ("8.4", "one epoch", FIT + "    model.fit(corrupt(X, rng), X, batch_size=batch_size, verbose=0)", "14 images shown in all"),
    ("8.4", "no batch size", fit("model.fit(corrupt(X, rng), X, verbose=0)"), "batch_size"),
    ("8.4", "no target", fit("model.fit(corrupt(X, rng), batch_size=batch_size, verbose=0)"), "without a target"),
    ("8.4", "shuffled apart",
     fit("model.fit(corrupt(X, rng), X[rng.permutation(len(X))], batch_size=batch_size, verbose=0)"), "another image"),
    ("8.4", "no generator", fit("model.fit(corrupt(X), X, batch_size=batch_size, verbose=0)"), "second argument"),
    ("8.5", "transposed", matrix(last="table.T"), "the row is the denoiser"),
    ("8.5", "noise for each", matrix(inner="noisy = corrupt(X, level, rng)"), "the same noisy images"),
    ("8.5", "judged by the noisy ones", matrix(entry="denoising.noise.mean_psnr(noisy, denoise(noisy))"), "likeness to the noisy"),
    ("8.5", "not denoised", matrix(entry="denoising.noise.mean_psnr(X, noisy)"), "before any denoising"),
    ("8.5", "errors", matrix(entry="np.mean((X - denoise(noisy)) ** 2)"), "the table|decibels"),
    ("8.5", "one level", matrix(noisy="corrupt(X, levels[0], rng)"), "every level in turn"),
    ("8.5", "seed forgotten", matrix(before="rng = np.random.default_rng()"), "another table"),
    ("8.5", "seed fixed", matrix(before="rng = np.random.default_rng(7)"), "another seed"),
    ("8.5", "clean in", matrix(entry="denoising.noise.mean_psnr(X, denoise(X))"), "."),
    ("8.5", "seed as generator", matrix(before="rng = seed"), "third argument"),
    ("8.6", "sign", SCORE + "return (x - denoise(x)) / sigma**2", "sign is wrong"),
    ("8.6", "step", SCORE + "return denoise(x) - x", "the step itself"),
    ("8.6", "sigma", SCORE + "return (denoise(x) - x) / sigma", "standard deviation"),
    ("8.6", "multiplied", SCORE + "return (denoise(x) - x) * sigma**2", "multiplied by sigma²"),
    ("8.6", "sign and step", SCORE + "return x - denoise(x)", "sign is wrong"),
    ("8.6", "half", SCORE + "return (denoise(x) - x) / (2 * sigma**2)", "belongs to the exponent"),
    ("8.6", "no x", SCORE + "return denoise(x) / sigma**2", "subtract x"),
    ("8.6", "unit length", SCORE + "s = denoise(x) - x\n    return s / np.linalg.norm(s, axis=1, keepdims=True)", "length 1"),
    ("8.6", "fixed sigma", SCORE + "return (denoise(x) - x) / 0.4**2", "fixed number"),
    ("8.7", "still hers", mend(last="X * kept"), "still her masking"),
    ("8.7", "multiplied", mend(last="X * kept * (1 - rate)"), "should be divided"),
    ("8.7", "divided by rate", mend(last="X * kept / rate"), "divided by rate"),
    ("8.7", "one plus", mend(last="X * kept * (1 + rate)"), r"1 \+ rate"),
    ("8.7", "swapped", mend("rng.random(X.shape) < rate"), "other way round"),
    ("8.7", "one mask", mend("rng.random(X.shape[1:]) >= rate"), "in every image"),
    ("8.7", "whole images", mend("rng.random((len(X), 1, 1)) >= rate"), "whole images"),
    ("8.7", "own generator", mend("np.random.default_rng(0).random(X.shape) >= rate"), "generator rng"),
    ("8.7", "global draws", mend("np.random.random(X.shape) >= rate"), "draw with rng"),
    ("8.7", "in place", MEND + "X *= rng.random(X.shape) >= rate\n    X /= 1 - rate\n    return X", "changes its argument"),
    ("8.1", "sigma as the mean", gaussian("if not training: return inputs\nreturn inputs + keras.random.normal(ops.shape(inputs), self.sigma)"),
     "second argument"),
    ("8.1", "absolute", gaussian("if not training: return inputs\nreturn inputs + ops.abs(self.sigma * keras.random.normal(ops.shape(inputs)))"), "never negative"),
    ("8.1", "half of the time", gaussian("if not training: return inputs\nn = inputs + self.sigma * keras.random.normal(ops.shape(inputs))\n"
     "return ops.where(keras.random.uniform(()) < 0.5, n, inputs)"), "every call|as they were|standard deviation"),
    ("8.1", "truncated", gaussian("if not training: return inputs\nreturn inputs + self.sigma * keras.random.truncated_normal(ops.shape(inputs))"), "truncated"),
    ("8.1", "twice", gaussian("if not training: return inputs\nreturn inputs + 2 * self.sigma * keras.random.normal(ops.shape(inputs))"), "twice sigma"),
    ("8.2", "cast to bool", mask_of(kept="ops.cast(keras.random.uniform(ops.shape(inputs)), 'bool')"), "compare them first"),
    ("8.2", "cast to whole numbers", mask_of(kept="ops.cast(keras.random.uniform(ops.shape(inputs)), 'int32')"), "whole number is 0"),
    ("8.2", "bool product", masking("if not training: return inputs\nreturn inputs * (keras.random.uniform(ops.shape(inputs)) >= self.rate)"),
     "true and false"),
    ("8.2", "fixed rate", mask_of(kept="keras.random.uniform(ops.shape(inputs)) >= 0.3"), "65%|factors|pixels"),
    ("8.4", "noise on noise", fit("X = corrupt(X, rng); model.fit(X, X0, batch_size=batch_size, epochs=1, verbose=0)", before="X0 = X"), "noise on top"),
    ("8.4", "own generator", fit("model.fit(corrupt(X, np.random.default_rng(0)), X, batch_size=batch_size, epochs=1, verbose=0)"), "another generator"),
    ("8.4", "compiled anew", fit(before="model.compile(loss='mse', optimizer='adam', run_eagerly=True)"), "compiled anew"),
    ("8.7", "clipped", MEND + "return np.clip(X * (rng.random(X.shape) >= rate) / (1 - rate), 0, 1)", "clipped"),
    ("8.7", "fixed rate", MEND + "return X * (rng.random(X.shape) >= 0.3) / (1 - 0.3)", "take rate"),
    ("8.6", "the denoised point", SCORE + "return denoise(x)", "denoised point itself"),
    ("8.6", "added", SCORE + "return (denoise(x) + x) / sigma**2", "not added"),
    ("8.5", "noise piled up", MATRIX + "    rng = np.random.default_rng(seed)\n    C = X\n    table = np.empty((len(denoisers), len(levels)))\n"
     "    for j, level in enumerate(levels):\n        X = corrupt(X, level, rng)\n        for i, d in enumerate(denoisers):\n"
     "            table[i, j] = denoising.noise.mean_psnr(C, d(X))\n    return table", "noisy already"),
    ("8.5", "columns turned", MATRIX + "    rng = np.random.default_rng(seed)\n    cols = []\n    for level in levels:\n        n = corrupt(X, level, rng)\n"
     "        cols.append([denoising.noise.mean_psnr(X, d(n)) for d in denoisers])\n    return np.array(cols[::-1]).T", "columns are turned"),
    ("8.8", "all at once", down("clean"), "all the noise is taken away at once"),
    ("8.8", "shares swapped", down("path[-1] + following / sigma * (clean - path[-1])"), "the other way round"),
    ("8.8", "upside down", down("clean + (sigma / following if following else 0) * (path[-1] - clean)"), "upside down"),
    ("8.8", "variances", down("clean + (following / sigma) ** 2 * (path[-1] - clean)"), "not their squares"),
    ("8.8", "not divided", down("clean + following * (path[-1] - clean)"), "divide by sigma before"),
    ("8.8", "difference not divided", down("path[-1] + (sigma - following) * (clean - path[-1])"), "divided by sigma it is the share"),
    ("8.8", "sign", down("clean - following / sigma * (path[-1] - clean)"), "sign is wrong"),
    ("8.8", "half way", down("(path[-1] + clean) / 2"), "half of the way"),
    ("8.8", "one step along the score", down("path[-1] + (clean - path[-1]) / sigma**2"), "along the score"),
    ("8.8", "the point scaled", down("path[-1] * following / sigma"), "the point itself is scaled"),
    ("8.8", "fresh noise", down("clean + following * np.random.normal(size=np.shape(x))"), "no fresh noise"),
    ("8.8", "noise left at the end", down(levels="zip(sigmas, [*sigmas[1:], sigmas[-1]])"), "noise is left at the end"),
    ("8.8", "last step forgotten", down(levels="zip(sigmas[:-1], sigmas[1:])"), "last level is missing"),
    ("8.8", "asked at the next level", down(clean="denoise(path[-1], following or sigma)"), "not at the one where it will go"),
    ("8.8", "asked at 0", down(clean="denoise(path[-1], following)"), "at sigma = 0"),
    ("8.8", "from little to much", down(levels="zip(sigmas[::-1], [*sigmas[:-1][::-1], 0])"), "right order already"),
    ("8.8", "one level for all", down(clean="denoise(path[-1], sigmas[0])"), "a level of its own"),
    ("8.8", "all levels at once", down(clean="denoise(path[-1], sigmas)"), "through the levels in a loop"),
    ("8.8", "variance for the denoiser", down(clean="denoise(path[-1], sigma**2)"), "and not its square"),
    ("8.8", "always from the start", down(clean="denoise(x, sigma)"), "path\\[-1\\]"),
    ("8.8", "the end alone", down(last="path[-1]"), "the last points alone"),
    ("8.8", "no start", down(clean="denoise(path[-1] if path else x, sigma)", path="[]",
                             move="clean + following / sigma * ((path[-1] if path else x) - clean)"), "without its start|missing"),
    ("8.8", "points first", down(last="np.stack(path, axis=1)"), "steps come first"),
    ("8.8", "turned round", down(last="np.stack(path[::-1])"), "the start first"),
    ("8.8", "nothing returned", down(last="None"), "return the path"),
    ("8.8", "x overwritten", DOWN + "    path = [x.copy()]\n    for sigma, following in zip(sigmas, [*sigmas[1:], 0]):\n"
     "        clean = denoise(x, sigma)\n        x -= (1 - following / sigma) * (x - clean)\n        path.append(x.copy())\n"
     "    return np.stack(path)", "changes its argument"),
    ("8.1", "sigma scaled by the image",
     "class GaussianNoise(keras.layers.Layer):\n    def __init__(self, sigma, **options):\n        super().__init__(**options)\n        self.sigma = sigma\n"
     "    def call(self, inputs, training=None):\n        if not training:\n            return inputs\n"
     "        return inputs + self.sigma * ops.max(inputs) * keras.random.normal(ops.shape(inputs))", "brightest pixel"),
    ("8.1", "noise only",
     "class GaussianNoise(keras.layers.Layer):\n    def __init__(self, sigma, **options):\n        super().__init__(**options)\n        self.sigma = sigma\n"
     "    def call(self, inputs, training=None):\n        if not training:\n            return inputs\n"
     "        return self.sigma * keras.random.normal(ops.shape(inputs))", "noise alone"),
    ("8.2", "clipped",
     "class MaskingNoise(keras.layers.Layer):\n    def __init__(self, rate, rescale=False, **options):\n        super().__init__(**options)\n"
     "        self.rate, self.rescale = rate, rescale\n\n    def call(self, inputs, training=None):\n        if not training:\n            return inputs\n"
     "        kept = keras.random.uniform(ops.shape(inputs)) >= self.rate\n        out = inputs * ops.cast(kept, inputs.dtype)\n"
     "        return ops.clip(out / (1 - self.rate), 0, 1) if self.rescale else out", "no pixel above 1"),
    ("8.2", "values below the rate",
     "class MaskingNoise(keras.layers.Layer):\n    def __init__(self, rate, rescale=False, **options):\n        super().__init__(**options)\n"
     "        self.rate, self.rescale = rate, rescale\n\n    def call(self, inputs, training=None):\n        if not training:\n            return inputs\n"
     "        kept = inputs >= self.rate\n        out = inputs * ops.cast(kept, inputs.dtype)\n"
     "        return out / (1 - self.rate) if self.rescale else out", "dark pixels"),
    ("8.2", "rescale the batch mean",
     "class MaskingNoise(keras.layers.Layer):\n    def __init__(self, rate, rescale=False, **options):\n        super().__init__(**options)\n"
     "        self.rate, self.rescale = rate, rescale\n\n    def call(self, inputs, training=None):\n        if not training:\n            return inputs\n"
     "        kept = keras.random.uniform(ops.shape(inputs)) >= self.rate\n        out = inputs * ops.cast(kept, inputs.dtype)\n"
     "        return out * ops.sum(inputs) / (ops.sum(out) + 1e-7) if self.rescale else out", "this very draw"),
    ("8.3", "epsilon large",
     "def mean_psnr(X, R, peak=1.0):\n    e = np.mean((X - R).reshape(len(X), -1) ** 2, axis=1)\n"
     "    return float(np.mean(10 * np.log10(peak**2 / (e + 1e-3))))", "added to the error"),
    ("8.3", "clips R",
     "def mean_psnr(X, R, peak=1.0):\n    R = np.clip(R, 0, 1)\n    e = np.mean((X - R).reshape(len(X), -1) ** 2, axis=1)\n"
     "    return float(np.mean(10 * np.log10(peak**2 / e)))", "clipped to 0 and 1"),
    ("8.3", "axis 1 only", "def mean_psnr(X, R, peak=1.0):\n    e = np.mean((X - R) ** 2, axis=1)\n    return float(np.mean(10 * np.log10(peak**2 / e)))", "one axis only"),
    ("8.5", "improvement",
     "def level_matrix(denoisers, X, levels, corrupt, seed):\n    rng = np.random.default_rng(seed)\n    table = np.zeros((len(denoisers), len(levels)))\n"
     "    for j, l in enumerate(levels):\n        noisy = corrupt(X, l, rng)\n        for i, d in enumerate(denoisers):\n"
     "            table[i, j] = denoising.noise.mean_psnr(X, d(noisy)) - denoising.noise.mean_psnr(X, noisy)\n    return table", "gain over"),
    ("8.5", "chained",
     "def level_matrix(denoisers, X, levels, corrupt, seed):\n    rng = np.random.default_rng(seed)\n    table = np.zeros((len(denoisers), len(levels)))\n"
     "    for j, l in enumerate(levels):\n        noisy = corrupt(X, l, rng)\n        for i, d in enumerate(denoisers):\n            noisy = d(noisy)\n"
     "            table[i, j] = denoising.noise.mean_psnr(X, noisy)\n    return table", "one after the other"),
    ("8.5", "ints",
     "def level_matrix(denoisers, X, levels, corrupt, seed):\n    rng = np.random.default_rng(seed)\n"
     "    table = np.zeros((len(denoisers), len(levels)), int)\n    for j, l in enumerate(levels):\n        noisy = corrupt(X, l, rng)\n"
     "        for i, d in enumerate(denoisers):\n            table[i, j] = denoising.noise.mean_psnr(X, d(noisy))\n    return table", "whole numbers"),
    ("8.5", "denoised clean",
     "def level_matrix(denoisers, X, levels, corrupt, seed):\n    rng = np.random.default_rng(seed)\n    table = np.zeros((len(denoisers), len(levels)))\n"
     "    for j, l in enumerate(levels):\n        for i, d in enumerate(denoisers):\n            table[i, j] = denoising.noise.mean_psnr(X, d(X))\n"
     "    return table", "noise of level none"),
    ("8.7", "exact count",
     "def like_dropout(X, rate, rng):\n    flat = X.reshape(len(X), -1).copy()\n    for row in flat:\n"
     "        row[rng.choice(flat.shape[1], int(rate * flat.shape[1]), replace=False)] = 0\n    return flat.reshape(X.shape) / (1 - rate)", "exactly .* pixels lost"),
    ("8.8", "sqrt schedule",
     "def descend(denoise, x, sigmas):\n    path = [x]\n    for sigma, nxt in zip(sigmas, [*sigmas[1:], 0]):\n        clean = denoise(path[-1], sigma)\n"
     "        path.append(clean + np.sqrt(nxt / sigma) * (path[-1] - clean))\n    return np.stack(path)", "without a root"),
    ("8.8", "1 - ratio",
     "def descend(denoise, x, sigmas):\n    path = [x]\n    for sigma, nxt in zip(sigmas, [*sigmas[1:], 0]):\n        clean = denoise(path[-1], sigma)\n"
     "        path.append(clean + (1 - nxt / sigma) * (path[-1] - clean))\n    return np.stack(path)", "other way round"),
    ("8.8", "normalised by first sigma",
     "def descend(denoise, x, sigmas):\n    path = [x]\n    for sigma, nxt in zip(sigmas, [*sigmas[1:], 0]):\n        clean = denoise(path[-1], sigma)\n"
     "        path.append(clean + nxt / sigmas[0] * (path[-1] - clean))\n    return np.stack(path)", "first level"),
    ("8.8", "euler with sigma squared",
     "def descend(denoise, x, sigmas):\n    path = [x]\n    for sigma, nxt in zip(sigmas, [*sigmas[1:], 0]):\n        clean = denoise(path[-1], sigma)\n"
     "        path.append(path[-1] + (nxt - sigma) * (path[-1] - clean) / sigma**2)\n    return np.stack(path)", "a variance"),
    ("8.8", "same array appended",
     "def descend(denoise, x, sigmas):\n    path = [x.copy()]\n    z = x.copy()\n    for sigma, nxt in zip(sigmas, [*sigmas[1:], 0]):\n"
     "        clean = denoise(z, sigma)\n        z[:] = clean + nxt / sigma * (z - clean)\n        path.append(z)\n    return np.stack(path)", "all rows are the last"),
    ("8.4", "manual without remainder",
     "def fit_denoiser(model, X, corrupt, epochs, batch_size, rng):\n    for _ in range(epochs):\n        N = corrupt(X, rng)\n"
     "        for i in range(len(X) // batch_size):\n            s = slice(i * batch_size, (i + 1) * batch_size)\n"
     "            model.train_on_batch(N[s], X[s])", "last batch of an epoch"),
]  # fmt: skip

ALTERNATIVES = [
    ("8.1", "Keras' own", gaussian("return self.own(inputs, training=training)", init="self.own = keras.layers.GaussianNoise(sigma)")),
    ("8.1", "stddev", gaussian("if training:\n    return inputs + keras.random.normal(ops.shape(inputs), stddev=self.sigma)\nreturn inputs")),
    ("8.1", "seed generator", gaussian(
        "if not training: return inputs\nreturn inputs + self.sigma * keras.random.normal(ops.shape(inputs), seed=self.draws)",
        init="self.sigma, self.draws = sigma, keras.random.SeedGenerator(1)")),
    ("8.2", "where", masking(
        "if not training: return inputs\nu = keras.random.uniform(ops.shape(inputs))\n"
        "return ops.where(u < self.rate, 0.0, inputs / (1 - self.rate if self.rescale else 1.0))")),
    ("8.2", "binomial", masking(
        "if not training: return inputs\nkeep = 1 - self.rate\nmask = keras.random.binomial(ops.shape(inputs), 1.0, keep)\n"
        "return inputs * mask * (1 / keep if self.rescale else 1)")),
    ("8.3", "a loop", PSNR + "return float(np.mean([10 * np.log10(peak**2 / np.mean((x - r) ** 2)) for x, r in zip(X, R)]))"),
    ("8.3", "twenty times the root", psnr(last="np.mean(20 * np.log10(peak / np.sqrt(errors)))")),
    ("8.4", "running epochs", fit(
        "model.fit(corrupt(X, rng), X, batch_size=batch_size, initial_epoch=epoch, epochs=epoch + 1, verbose=0)")),
    ("8.4", "batch by batch", FIT + "    for _ in range(epochs):\n        order = rng.permutation(len(X))\n"
     "        for start in range(0, len(X), batch_size):\n            clean = X[order[start:start + batch_size]]\n"
     "            model.train_on_batch(corrupt(clean, rng), clean)\n"),
    ("8.5", "lists", MATRIX + "    rng = np.random.default_rng(seed)\n    drawn = [corrupt(X, level, rng) for level in levels]\n"
     "    return [[denoising.noise.mean_psnr(X, d(n)) for n in drawn] for d in denoisers]"),
    ("8.5", "levels first", MATRIX + "    rng = np.random.default_rng(seed)\n    columns = []\n    for level in levels:\n"
     "        n = corrupt(X, level, rng)\n        columns.append([denoising.noise.mean_psnr(X, d(n)) for d in denoisers])\n"
     "    return np.array(columns).T"),
    ("8.6", "by parts", SCORE + "variance = sigma * sigma\n    return np.asarray(denoise(x)) / variance - x / variance"),
    ("8.6", "minus", SCORE + "return -(x - denoise(x)) * sigma ** -2"),
    ("8.7", "where", MEND + "lost = rng.uniform(size=X.shape) < rate\n    return np.where(lost, 0, X / (1 - rate))"),
    ("8.7", "binomial", MEND + "return X * rng.binomial(1, 1 - rate, X.shape) / (1 - rate)"),
    ("8.1", "named stddev", gaussian("if training:\n    inputs = inputs + keras.random.normal(ops.shape(inputs), stddev=self.sigma)\nreturn inputs")),
    ("8.1", "tf", gaussian("if not training: return inputs\nreturn inputs + tf.random.normal(tf.shape(inputs), stddev=self.sigma)")),
    ("8.2", "not below", mask_of(kept="ops.logical_not(keras.random.uniform(ops.shape(inputs)) < self.rate)")),
    ("8.2", "tf", masking("if not training: return inputs\nkept = tf.cast(tf.random.uniform(tf.shape(inputs)) >= self.rate, inputs.dtype)\n"
     "return inputs * kept / (1 - self.rate if self.rescale else 1.0)")),
    ("8.6", "numpy of it", SCORE + "return (denoise(x).numpy() - x) / np.square(sigma)"),
    ("8.7", "one minus the lost", mend(kept="1 - (rng.uniform(0, 1, X.shape) < rate)")),
    ("8.7", "choice", MEND + "return X * rng.choice([0.0, 1 / (1 - rate)], size=X.shape, p=[rate, 1 - rate])"),
    ("8.1", "added by ops", gaussian("if not training:\n    return inputs\nnoise = keras.random.normal(ops.shape(inputs), 0.0, 1.0, dtype=inputs.dtype)\n"
     "return ops.add(inputs, ops.multiply(noise, self.sigma))")),
    ("8.2", "Keras' dropout", masking("if not training: return inputs\nout = keras.random.dropout(inputs, self.rate)\n"
     "return out if self.rescale else out * (1 - self.rate)")),
    ("8.2", "floor", masking("if not training: return inputs\nkept = ops.floor(keras.random.uniform(ops.shape(inputs)) + 1 - self.rate)\n"
     "return inputs * kept / ((1 - self.rate) if self.rescale else 1.0)")),
    ("8.3", "mean of the array", psnr(errors="((X - R) ** 2).reshape(len(X), -1).mean(1)")),
    ("8.3", "minus", psnr(last="-10 * np.mean(np.log10(errors / peak**2))")),
    ("8.3", "two logarithms", psnr(last="20 * np.log10(peak) - 10 * np.log10(errors).mean()")),
    ("8.3", "natural logarithm", psnr(errors="np.linalg.norm((X - R).reshape(len(X), -1), axis=1) ** 2 / X[0].size", last="np.mean(10 / np.log(10) * np.log(peak**2 / errors))")),
    ("8.4", "noisy first", fit(inside="noisy = corrupt(X, rng)\n        model.fit(noisy, X, batch_size, verbose=0)")),
    ("8.4", "keywords", fit(inside="model.fit(x=corrupt(X, rng), y=X, epochs=1, batch_size=batch_size, verbose=0, shuffle=True)")),
    ("8.4", "while", FIT + "    done = 0\n    while done < epochs:\n        model.fit(corrupt(X, rng), X, batch_size=batch_size, verbose=0)\n        done += 1\n"),
    ("8.4", "comprehension", FIT + "    [model.fit(corrupt(X, rng), X, batch_size=batch_size, verbose=0) for _ in range(epochs)]\n"),
    ("8.5", "columns transposed", MATRIX + "    rng = np.random.default_rng(seed)\n"
     "    columns = [[denoising.noise.mean_psnr(X, d(noisy)) for d in denoisers] for noisy in (corrupt(X, level, rng) for level in levels)]\n    return np.transpose(columns)"),
    ("8.5", "a dictionary", MATRIX + "    rng = np.random.default_rng(seed)\n    noisy = {i: corrupt(X, level, rng) for i, level in enumerate(levels)}\n"
     "    return np.array([[denoising.noise.mean_psnr(X, d(noisy[i])) for i in noisy] for d in denoisers])"),
    ("8.5", "column_stack", MATRIX + "    rng = np.random.default_rng(seed)\n    columns = []\n    for level in levels:\n        noisy = corrupt(X, level, rng)\n"
     "        columns.append(np.array([denoising.noise.mean_psnr(X, d(noisy)) for d in denoisers]))\n    return np.column_stack(columns)"),
    ("8.5", "the cells one by one", matrix(last="table.copy()")),
    ("8.5", "numpy of it", matrix(entry="denoising.noise.mean_psnr(X, denoise(noisy).numpy())")),
    ("8.6", "subtract", SCORE + "return np.subtract(denoise(x), x) / sigma**2"),
    ("8.6", "sigma times sigma", SCORE + "return (denoise(x) - x) / (sigma * sigma)"),
    ("8.6", "a power", SCORE + "residual = denoise(x) - x\n    return residual * np.power(float(sigma), -2)"),
    ("8.7", "cast", mend(kept="(rng.random(X.shape) >= rate).astype(X.dtype)")),
    ("8.7", "wiped", MEND + "out = X / (1 - rate)\n    out[rng.random(X.shape) < rate] = 0\n    return out"),
    ("8.8", "the noise by name", down("clean + following * ((path[-1] - clean) / sigma)")),
    ("8.8", "a share of the way", down("path[-1] + (1 - following / sigma) * (clean - path[-1])")),
    ("8.8", "along the score", down("path[-1] + sigma * (sigma - following) * (clean - path[-1]) / sigma**2")),
    ("8.8", "a mean of two", down("(1 - following / sigma) * clean + following / sigma * path[-1]")),
    ("8.8", "appended", DOWN + "    levels = np.append(sigmas, 0.0)\n    path = [x]\n    for k in range(len(sigmas)):\n"
     "        clean = np.asarray(denoise(path[k], levels[k]))\n"
     "        path.append(clean + (path[k] - clean) * levels[k + 1] / levels[k])\n    return np.array(path)"),
    ("8.8", "an array beforehand", DOWN + "    path = np.empty((len(sigmas) + 1, *x.shape))\n    path[0] = x\n"
     "    for k, sigma in enumerate(sigmas):\n        following = sigmas[k + 1] if k + 1 < len(sigmas) else 0\n"
     "        clean = denoise(path[k], sigma)\n        path[k + 1] = clean + following / sigma * (path[k] - clean)\n"
     "    return path"),
    ("8.8", "the last step apart", DOWN + "    path = [x]\n    for sigma, following in zip(sigmas[:-1], sigmas[1:]):\n"
     "        clean = denoise(path[-1], sigma)\n        path.append(clean + following / sigma * (path[-1] - clean))\n"
     "    path.append(denoise(path[-1], sigmas[-1]))\n    return np.stack(path)"),
    ("8.8", "a list of points", down(last="path")),
    ("8.8", "numpy of it", down(clean="denoise(path[-1], sigma).numpy()")),
    ("8.8", "a new name for the point", DOWN + "    point, path = x, [x]\n    for sigma, following in zip(sigmas, [*sigmas[1:], 0]):\n"
     "        clean = denoise(point, sigma).numpy()\n        noise = (point - clean) / sigma\n"
     "        point = clean + following * noise\n        path.append(point)\n    return np.stack(path)"),
    ("8.2", "bernoulli by floor",
     "class MaskingNoise(keras.layers.Layer):\n    def __init__(self, rate, rescale=False, **options):\n        super().__init__(**options)\n"
     "        self.rate, self.rescale = rate, rescale\n\n    def call(self, inputs, training=None):\n        if not training:\n            return inputs\n"
     "        keep = 1.0 - self.rate\n        mask = ops.floor(keras.random.uniform(ops.shape(inputs)) + keep)\n"
     "        return inputs * mask / keep if self.rescale else inputs * mask"),
    ("8.3", "split logs",
     "def mean_psnr(X, R, peak=1.0):\n    axes = tuple(range(1, X.ndim))\n"
     "    return 20 * np.log10(peak) - np.mean(10 * np.log10(((X - R) ** 2).mean(axis=axes)))"),
    ("8.8", "score form",
     "def descend(denoise, x, sigmas):\n    s = list(sigmas) + [0]\n    z = np.array(x, dtype=float)\n    out = [z]\n    for a, b in zip(s[:-1], s[1:]):\n"
     "        score = (denoise(z, a) - z) / a**2\n        z = z + a * (a - b) * score\n        out.append(z)\n    return np.stack(out, axis=0)"),
]  # fmt: skip

SURVIVORS = {
    (
        "8.1",
        "inputs + self.sigma * keras.random.normal(ops.shape(inputs)) -> inputs - self.sigma * keras.random.normal(ops.shape(inputs))",
    ): "normal numbers of mean 0 are as likely with the other sign",
    ("8.3", "1 -> 2"): "in reshape(n, -1): NumPy takes any negative size as the one to work out",
    ("8.4", "0 -> 1"): "verbose=1 only prints more",
    (
        "8.5",
        "denoising.noise.mean_psnr(X, denoise(noisy)) -> denoising.noise.mean_psnr(denoise(noisy), X)",
    ): "the squared error is symmetric, and the peak is 1 either way",
    ("8.2", "keras.random.uniform(ops.shape(inputs)) >= self.rate -> keras.random.uniform(ops.shape(inputs)) > self.rate"): "a uniform number is hardly ever exactly the rate",
    ("8.7", "rng.random(X.shape) >= rate -> rng.random(X.shape) > rate"): "a uniform number is hardly ever exactly the rate",
}
