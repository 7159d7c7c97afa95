"""Wrong and alternative answers to the exercise of lesson 00."""

HEAD = "def mean_squared_error(images, reconstructions):\n    "

WRONG = [
    ("0.1", "sum", HEAD + "return np.sum((np.asarray(images, float) - reconstructions) ** 2)", "sum of the squares"),
    (
        "0.1",
        "sum over pixels",
        HEAD + "d = np.asarray(images, float) - reconstructions\n    return np.sum(d ** 2) / len(d)",
        "summed over the pixels",
    ),
    ("0.1", "root", HEAD + "return np.sqrt(np.mean((np.asarray(images, float) - reconstructions) ** 2))", "RMSE"),
    ("0.1", "no square", HEAD + "return np.mean(np.asarray(images, float) - reconstructions)", "without the square"),
    ("0.1", "absolute", HEAD + "return np.mean(np.abs(np.asarray(images, float) - reconstructions))", "absolute"),
    ("0.1", "half", HEAD + "return np.mean((np.asarray(images, float) - reconstructions) ** 2) / 2", "no ½"),
    ("0.1", "wraps round", HEAD + "return np.mean((images - reconstructions) ** 2)", "uint8.*254"),
    (
        "0.1",
        "per image",
        HEAD + "d = np.asarray(images, float) - reconstructions\n    return np.mean(d ** 2, axis=(1, 2))",
        "one number for each image",
    ),
    ("0.1", "misspelt", HEAD + "return np.mean((image - reconstructions) ** 2)", "NameError.*misspelt"),
    ("0.1", "squares of the mean", HEAD + "return np.mean(np.asarray(images, float) - reconstructions) ** 2", "averaged before"),
    ("0.1", "norm", HEAD + "return np.linalg.norm(np.asarray(images, float) - reconstructions)", "length of all differences"),
    ("0.1", "mean of the roots", HEAD + "d = np.asarray(images, float) - reconstructions\n"
     "    return np.mean([np.sqrt(np.mean(e ** 2)) for e in d])", "root of each image"),
    ("0.1", "two of three axes", HEAD + "d = np.asarray(images, float) - reconstructions\n"
     "    return np.sum(d ** 2) / (d.shape[0] * d.shape[1])", "one side"),
    ("0.1", "pixels only", HEAD + "d = np.asarray(images, float) - reconstructions\n    return np.sum(d ** 2) / d[0].size",
     "not by the number of images"),
    ("0.1", "n minus 1", HEAD + "d = np.asarray(images, float) - reconstructions\n    return np.sum(d ** 2) / (d.size - 1)",
     "divides by all of them"),
    ("0.1", "divided by 255", HEAD + "s = 255 if images.dtype == np.uint8 else 1\n"
     "    return np.mean(((np.asarray(images, float) - reconstructions) / s) ** 2)", "divided by 255"),
    ("0.1", "int8", HEAD + "return np.mean((images.astype('int8') - reconstructions.astype('int8')) ** 2)", "one number|got"),
    ("0.1", "printed only", HEAD + "print(np.mean((np.asarray(images, float) - reconstructions) ** 2))", "got: +None"),
    ("0.1", "divided by rows times columns of 28",
     "def mean_squared_error(images, reconstructions):\n"
     "    d = images.astype(float) - reconstructions.astype(float)\n"
     "    return float(np.sum(d**2) / (len(images) * 784))",
     "divided by 784"),
    ("0.1", "int16",
     "def mean_squared_error(images, reconstructions):\n"
     "    d = images.astype(np.int16) - reconstructions.astype(np.int16)\n"
     "    return float(np.mean(d * d))",
     "whole numbers, which cuts"),
    ("0.1", "metrics in float16",
     "def mean_squared_error(images, reconstructions):\n"
     "    return float(np.mean((images.astype('float16') - reconstructions.astype('float16')) ** 2))",
     "float16"),
    ("0.1", "np.linalg.norm over all",
     "def mean_squared_error(images, reconstructions):\n"
     "    return float(np.linalg.norm(images.astype(float) - reconstructions.astype(float)) / images.size)",
     "square the length"),
]  # fmt: skip

ALTERNATIVES = [
    (
        "0.1",
        "by the dot product",
        HEAD
        + "d = np.asarray(images, float).ravel() - np.asarray(reconstructions, float).ravel()\n    return d @ d / d.size",
    ),
    (
        "0.1",
        "scikit-learn",
        HEAD
        + "from sklearn.metrics import mean_squared_error as mse\n"
        + "    return mse(np.ravel(images).astype(float), np.ravel(reconstructions).astype(float))",
    ),
    ("0.1", "a loop", HEAD + "total, count = 0.0, 0\n    for a, b in zip(images, reconstructions):\n"
     "        d = a.astype('float64') - b\n        total += (d * d).sum(); count += d.size\n    return total / count"),
    ("0.1", "subtract in floats", HEAD + "return np.square(np.subtract(images, reconstructions, dtype='float64')).mean()"),
    ("0.1", "image by image", HEAD + "d = images.astype(float) - reconstructions.astype(float)\n"
     "    return np.mean(np.mean(d ** 2, axis=tuple(range(1, d.ndim))))"),
    ("0.1", "the norm squared", HEAD + "d = np.subtract(images, reconstructions, dtype=float)\n    return np.linalg.norm(d) ** 2 / d.size"),
    ("0.1", "the squares written out", HEAD + "a, b = images.astype(float), reconstructions.astype(float)\n"
     "    return np.mean(a**2) - 2 * np.mean(a * b) + np.mean(b**2)"),
]  # fmt: skip

SURVIVORS = {
    ("0.1", "np.asarray(images, dtype=float) without dtype"): "the other array is of floats, and so is the difference",
    ("0.1", "np.asarray(reconstructions, dtype=float) without dtype"): "the other array is of floats, and so is the difference",
}
