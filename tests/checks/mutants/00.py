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
]

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
]

SURVIVORS = {}
