"""The checks of lesson 02, the stacked autoencoder."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, close, require, shape, short
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting


@exercise(
    "2.3",
    "Rounded accuracy",
    reference="helpers.metrics.reconstruction:rounded_accuracy",
    minutes=5,
    difficulty=1,
    hints=(
        "Turn both arrays into black and white first. Then count where they agree.",
        "`X > 0.5` is an array of True and False; comparing two such arrays with == gives a third one.",
        "The mean of an array of True and False is the share of True: np.mean((X > 0.5) == (R > 0.5)).",
    ),
)
def check_rounded_accuracy(answer, seed):
    rng = np.random.default_rng(seed)
    X = rng.random((6, 5, 4)) * (rng.random((6, 5, 4)) < 0.6)
    R = np.clip(X + rng.normal(0, 0.3, X.shape), 0.01, 0.99)
    X[0], R[0] = X[0] * 0.4, R[0] * 0.4  # one image that is black throughout, and reproduced as black
    R[1] = X[1]  # and one that is reproduced exactly
    white_x, white_r = X > 0.5, R > 0.5
    agree = sum(a == b for a, b in zip(white_x.ravel().tolist(), white_r.ravel().tolist(), strict=True))
    expected = agree / X.size
    got = answer(X.copy(), R.copy())
    if np.shape(got) == (6,):
        require(False, got="one number for each image", expected="one number for all pixels of all images",
                look="take the mean over every axis")  # fmt: skip
    shape(got, (), "the rounded accuracy", "the mean over every pixel of every image is one number")
    close(
        float(got),
        expected,
        "the rounded accuracy",
        look="round both arrays at 0.5, then take the share of pixels that agree",
        mistakes={
            "the originals were not rounded: a grey pixel of 0.7 then never counts as right": np.mean(white_r == X),
            "the reconstructions were not rounded: they are hardly ever exactly 0 or 1": np.mean(white_x == R),
            "neither was rounded: exact equality of floats is hardly ever met": np.mean(X == R),
            "this is the share of pixels that disagree": 1 - expected,
            "this is in percent; a share from 0 to 1 is asked for": 100 * expected,
            "this is the number of pixels that agree, which doubles with the data: divide by their number": agree,
            "this is the share of whole images without a single wrong pixel": np.mean(
                (white_x == white_r).all(axis=(1, 2))
            ),
            "this asks whether a pixel is off by less than 0.5, not whether both fall on the same side of it": np.mean(
                np.abs(X - R) < 0.5
            ),
            "only white pixels were counted: agreement on black counts too": np.mean(white_x & white_r),
            "only black pixels were counted: agreement on white counts too": np.mean(~white_x & ~white_r),
            "this is the share among the white pixels of the original; all pixels count": white_r[white_x].mean(),
            "the threshold is 0 here; a pixel above 0.5 counts as white": np.mean((X > 0) == (R > 0)),
            "this is divided by the pixels of one image, not by all pixels": agree / 20,
            "this is divided by the number of images, not by all pixels": agree / 6,
            "this is divided by 784 for each image, whatever its size": agree / (6 * 784),
            "what is behind the point was cut off: 0.7 became 0; compare with 0.5": np.mean(
                X.astype(int) == R.astype(int)
            ),
            "the share of white was compared as a whole; compare pixel with pixel": float(
                np.mean(white_x) == np.mean(white_r)
            ),
            "each array was cut at its own mean; both are cut at 0.5": np.mean((X.mean() < X) == (R.mean() < R)),
        },
    )
    # So many of each kind that >= in one of the two, or in both, gives another share each time.
    edge = np.array([[0.2] * 4 + [0.7] + [0.5] * 3]), np.array([[0.5] * 5 + [0.2, 0.2, 0.8]])
    close(
        float(answer(*edge)),
        0.75,
        "with pixels of exactly 0.5",
        look="a pixel is white above 0.5, so 0.5 itself is black: > and not >=",
    )
    flat = float(answer(X.reshape(6, -1), R.reshape(6, -1)))
    close(flat, expected, "for flat images (6, 20)", look="nothing may depend on the number of axes")


@exercise(
    "2.5",
    "Outliers by reconstruction error",
    reference="helpers.metrics.reconstruction:most_unusual",
    minutes=10,
    difficulty=2,
    hints=(
        "First one number per image, its own mean squared error. Then sort the images by it.",
        "Flatten each image (reshape to (n, -1)), and take the mean over axis 1, so that n numbers remain. "
        "np.argsort gives indices, the smallest error first.",
        "errors = np.mean((X - R).reshape(len(X), -1) ** 2, axis=1), then np.argsort(-errors)[:k].",
    ),
)
def check_most_unusual(answer, seed):
    rng = np.random.default_rng(seed)
    n, k = 1500, 600  # so many that np.argpartition leaves them unsorted
    X = rng.random((n, 3, 5))
    spread = rng.permutation(np.linspace(0.02, 0.3, n))  # each image its own size of error
    signs = rng.choice([-1.0, 1.0], X.shape)
    R = X + signs * spread[:, None, None] * rng.uniform(0.9, 1.1, X.shape)
    R[int(np.argmin(spread)), 0, 0] += 0.45  # one bad pixel in a good image: not an unusual image
    few = int(np.argsort(spread)[n // 2])
    R[few] = X[few]
    R[few, 1:, 2] += [0.9, -0.9]  # two bad pixels: a large mean square, a small mean absolute error
    errors = np.array([np.mean([d * d for d in (X[i] - R[i]).ravel()]) for i in range(n)])
    order = sorted(range(n), key=lambda i: -errors[i])
    got = array(answer(X.copy(), R.copy(), k), "the indices", "return the indices of the images")
    signed = np.argsort(-np.mean(X - R, axis=(1, 2)))[:k]
    wrong_axis = np.argsort(-np.mean((X - R).reshape(n, -1) ** 2, axis=0))[:k]
    worst_pixel = np.argsort(-np.max(np.abs(X - R), axis=(1, 2)))[:k]
    named = {
        "these are the k most usual images: argsort puts the smallest first": np.array(order[::-1][:k]),
        "the right images, but the worst one comes last: turn the order round": np.array(order[:k][::-1]),
        "these are the errors; their indices are asked for": errors[order[:k]],
        "the mean was taken over the images (axis 0): these are indices of pixels": wrong_axis,
        "without the square, errors of opposite sign cancel": signed,
        "the differences were averaged before they were squared: errors of opposite sign cancel":
            np.argsort(-np.mean(X - R, axis=(1, 2)) ** 2)[:k],
        "this ranks by the worst single pixel; the mean over the image is asked for": worst_pixel,
        "k was forgotten: these are all images": np.array(order),
        "this ranks by the absolute error; the mean of the squares is asked for":
            np.argsort(-np.mean(np.abs(X - R), axis=(1, 2)))[:k],
        "these are single pixels, counted through all images; one error for each image is asked for":
            np.argsort(-((X - R) ** 2).ravel())[:k],
        "this is a mask over all images; the indices are asked for": np.isin(np.arange(n), order[:k]),
        "these are the k most usual images, the worst of them first: cut off after the order is turned round":
            np.array(order[-k:]),
        "this is the same image each time: np.argmax gives one only": np.full(k, order[0]),
        "the error was divided by the image's own mean square; the error itself is asked for":
            np.argsort(-errors / np.mean(X**2, axis=(1, 2)))[:k],
        "the mean was taken over one axis of the images only: flatten them first":
            np.argsort(-np.mean((X - R) ** 2, axis=1))[:k],
        "these are the images in the order of their place, not of their error: the worst first":
            np.array(sorted(order[:k])),
        "these are the images themselves; their indices are asked for": X[order[:k]],
    }  # fmt: skip
    right_set = got.shape == (k,) and sorted(got.tolist()) == sorted(order[:k])
    close_to_named(got, named, np.array(order[:k]))
    shape(got, (k,), "the indices", "one index for each of the k images")
    if not np.issubdtype(got.dtype, np.integer):
        whole = np.all(got == got.astype(int))
        require(whole, got=f"numbers such as {got[0]:.4g}", expected="indices", look="np.argsort gives indices")
    require(
        not right_set or list(got) == order[:k],
        got=f"the right images in the order {short([int(i) for i in got])}",
        expected=short(order[:k]),
        look="the worst image first: np.argpartition finds the largest, but does not sort them",
    )
    require(
        list(got) == order[:k],
        got=f"images {short([int(i) for i in got])}",
        expected=f"images {short(order[:k])}",
        look="the mean squared error of each image, sorted with the largest first",
    )
    alone = array(answer(X.reshape(n, -1), R.reshape(n, -1), 1), "the indices for k = 1", "an array, for k = 1 too")
    shape(alone, (1,), "the indices for flat images and k = 1", "an array of one index")
    require(int(alone[0]) == order[0], got=f"image {int(alone[0])} for flat images and k = 1",
            expected=f"image {order[0]}", look="images may come flat: reshape(len(X), -1) fits both")  # fmt: skip


def close_to_named(got, named, right):
    """NotYet with its name when `got` is one of the named wrong arrays (and that one is not right by chance)."""
    meaning = first_fitting(got, right, lambda: named)
    if meaning:
        raise NotYet(got=short(np.round(got, 4).tolist()), expected=short(right.tolist()), look=meaning)


@exercise(
    "2.6",
    "Trustworthiness by hand",
    reference="helpers.metrics.probes:trustworthiness",
    minutes=20,
    difficulty=3,
    hints=(
        "Two tables of who is near whom: the order of the neighbours in the map, and the ranks in the data. "
        "pairwise_distances(A) gives all distances at once.",
        "A double argsort turns distances into ranks: distances.argsort(axis=1).argsort(axis=1) is 0 for the "
        "point itself, 1 for its nearest neighbour. np.take_along_axis picks the ranks of the map's neighbours.",
        "nearest = pairwise_distances(Z).argsort(axis=1)[:, 1:k + 1]; r = np.take_along_axis(ranks, nearest, "
        "axis=1); the sum is np.maximum(r - k, 0).sum(); then 1 minus 2 / (n k (2n - 3k - 1)) times it.",
    ),
)
def check_trustworthiness(answer, seed):
    from sklearn.manifold import trustworthiness as trusted

    rng = np.random.default_rng(seed)
    n, k = 40, 5
    X = rng.normal(size=(n, 6))
    Z = X[:, :2] + 0.3 * rng.normal(size=(n, 2))
    expected = trusted(X, Z, n_neighbors=k)
    got = answer(X.copy(), Z.copy(), k)
    shape(got, (), "the trustworthiness", "one number for the whole map")

    def chosen(A=X, B=Z, near=slice(1, k + 1), sorts=2, sign=1):
        ranks = _distances(A).argsort(axis=1)
        ranks = ranks.argsort(axis=1) if sorts == 2 else ranks
        return np.take_along_axis(ranks, (sign * _distances(B)).argsort(axis=1)[:, near], axis=1)

    def penalty(near=slice(1, k + 1), minus=k, **options):
        ranks = chosen(near=near, **options)
        return np.where(ranks > k, ranks - minus, 0).sum()

    scale = 2 / (n * k * (2 * n - 3 * k - 1))
    sets = [set(_distances(A).argsort(axis=1)[i, 1 : k + 1]) for A in (X, Z) for i in range(n)]
    overlap = np.mean([len(sets[i] & sets[n + i]) / k for i in range(n)])
    close(
        float(got),
        expected,
        "the trustworthiness",
        look="the formula, piece by piece: ranks in X, neighbours in Z, the penalty r − k, the factor before the sum",
        rtol=1e-6,
        mistakes={
            "X and Z are swapped: this is the continuity (which neighbours of the data got lost)": trusted(
                Z, X, n_neighbors=k
            ),
            "only k − 1 neighbours count: [:k] holds the point itself, its own nearest neighbour, and [1:k] one point "
            "too few; [1 : k + 1] holds k others": 1 - scale * penalty(slice(1, k)),
            "the penalty is r itself here; it should be r − k": 1 - scale * penalty(minus=0),
            "the ranks count from 0 here; the nearest neighbour has rank 1": 1 - scale * penalty_from_zero(X, Z, k),
            "this is the penalty alone: subtract it from 1": 1 - expected,
            "this is the share of neighbours kept, where a near miss costs as much as a far one": overlap,
            "the factor is off: it is 2 / (n k (2n − 3k − 1))": 1 - penalty() / (n * k),
            "the 2 in the factor is missing": 1 - scale / 2 * penalty(),
            "the factor is off: 2n − 3k − 1, with a minus before the 1": 1
            - 2 / (n * k * (2 * n - 3 * k + 1)) * penalty(),
            "the factor is off: the sum is divided by n k (2n − 3k − 1), all three": 1 - 2 / (n * k) * penalty(),
            "the factor is off: a division by n is missing": 1 - 2 / (k * (2 * n - 3 * k - 1)) * penalty(),
            "the factor is off: a division by k is missing": 1 - 2 / (n * (2 * n - 3 * k - 1)) * penalty(),
            "argsort once gives who is where in line, not the rank of each point: a second argsort turns one into "
            "the other": 1 - scale * np.maximum(chosen(sorts=1) - k, 0).sum(),
            "the factor is off: 2n − 3k − 1, with 3k": 1 - 2 / (n * k * (2 * n - 2 * k - 1)) * penalty(),
            "these distances are cosines (metric='cosine'); Euclidean ones are asked for": trusted(
                X, Z, n_neighbors=k, metric="cosine"
            ),
            "the ranks were taken down the columns; each row ranks the neighbours of one point: axis=1": 1
            - scale * np.maximum(_along_columns(X, Z, k) - k, 0).sum(),
            "the slice [1 : k + 2] holds k + 1 neighbours; [1 : k + 1] holds k": 1 - scale * penalty(slice(1, k + 2)),
            "the slice [2 : k + 2] leaves the nearest neighbour out": 1 - scale * penalty(slice(2, k + 2)),
            "every neighbour that is not one in the data costs 1 here; it should cost r − k": 1
            - scale * np.sum(chosen() > k),
            "the ranks count from 2 here; the nearest neighbour has rank 1": 1
            - scale * np.maximum(chosen() + 1 - k, 0).sum(),
            "negative penalties are left in: a neighbour within the first k costs 0, not less": 1
            - scale * (chosen() - k).sum(),
            "these are the farthest points of the map: argsort of the distances, not of their negatives": 1
            - scale * penalty(slice(0, k), sign=-1),
        },
    )
    other = trusted(X[:23], Z[:23], n_neighbors=3)
    close(float(answer(X[:23], Z[:23], 3)), other, "the trustworthiness of 23 points with k = 3",
          look="take n and k from the arguments", rtol=1e-6)  # fmt: skip
    perfect = float(answer(X, 3 * X + 1, k))
    close(perfect, 1.0, "for a map that is the data itself, only scaled and moved", look="then no neighbour is wrong")
    images = X.reshape(n, 2, 3)
    close(float(answer(images, Z, k)), expected, "for images (n, height, width)", look="flatten them: reshape(n, -1)")


def penalty_from_zero(X, Z, k):
    """The sum when ranks begin at 0 for the nearest neighbour."""
    ranks = _distances(X).argsort(axis=1).argsort(axis=1) - 1
    near = _distances(Z).argsort(axis=1)[:, 1 : k + 1]
    return np.maximum(np.take_along_axis(ranks, near, axis=1) - k, 0).sum()


def _along_columns(X, Z, k):
    """The ranks of the map's neighbours when each point is ranked among the neighbours of the others."""
    ranks = _distances(X).argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(ranks, _distances(Z).argsort(axis=1)[:, 1 : k + 1], axis=1)


def _distances(A):
    return np.sqrt(((A[:, None] - A[None]) ** 2).sum(axis=-1))


@exercise(
    "2.7",
    "Mend the loss",
    reference="helpers.metrics.reconstruction:mean_loss",
    minutes=10,
    difficulty=2,
    hints=(
        "Run the broken function on one half of the data and on all of it. What should not change, and does?",
        "A mean is a sum divided by how many things were summed. And is the last batch as large as the others?",
        "Weight the mean of each batch with its number of images: total += batch_mean * len(batch), and divide by "
        "len(X) at the end.",
    ),
)
def check_mean_loss(answer, seed):
    rng = np.random.default_rng(seed)
    X = rng.random((11, 4, 3))
    X[8:] *= 3  # the last, smaller batch is the hardest: a mean of the batches' means gives it too much weight

    asked = []

    def reconstruct(batch):
        asked.append(len(batch))
        require(len(batch) > 0, got="an empty batch", expected="at least one image", look="where the loop ends")
        require(np.shape(batch)[1:] == (4, 3), got=f"a batch of shape {np.shape(batch)}",
                expected="images, with the batch first", look="X[start : start + batch_size]")  # fmt: skip
        return 0.5 * np.asarray(batch)

    squares = [[(v - 0.5 * v) ** 2 for v in image.ravel()] for image in X]
    per_image = [sum(row) / 12 for row in squares]
    expected = sum(per_image) / 11
    batches = [per_image[start : start + 4] for start in (0, 4, 8)]
    means = [sum(batch) / len(batch) for batch in batches]
    got = answer(reconstruct, X.copy(), 4)
    shape(got, (), "the loss", "one number for the whole data set")
    close(
        float(got),
        expected,
        "the mean loss of 11 images in batches of 4",
        look="every image counts once and equally: a sum over all of them, divided by their number",
        mistakes={
            "this is still the sum of the batches' losses: it doubles when the data doubles": sum(means),
            "the mean of the batches' means: the last one has 3 images and counts as much as one of 4": sum(means) / 3,
            "divided by the batch size, a fixed number: it still grows with the data": sum(means) / 4,
            "divided by the number of images, while the sum is over batches": sum(means) / 11,
            "the last, smaller batch was left out": (sum(batches[0]) + sum(batches[1])) / 8,
            "the last, smaller batch was left out of the sum": (sum(batches[0]) + sum(batches[1])) / 11,
            "this is summed over the pixels: divide by them too": 12 * expected,
            "this is the sum over all images and pixels": 12 * 11 * expected,
            "every batch was given the full batch size as weight, the smaller last one too": 4 * sum(means) / 11,
            "this is the last batch alone: add up inside the loop, with +=": means[-1],
            "this is the first batch alone: the return line stands inside the loop": means[0],
            "the root of the mean squared error; leave the square as it is": expected**0.5,
            "divided by one batch too few: the last, smaller one is a batch too": sum(means) / 2,
            "the weight of each batch is its share of the batch size; a mean divides by the number of images": sum(
                mean * len(batch) / 4 for mean, batch in zip(means, batches, strict=True)
            ),
            "this is divided by 784 for each image, whatever its size": 12 * expected / 784,
            "this is the median of the images' errors; the mean is asked for": np.median(per_image),
            "this is the mean absolute error; square the differences instead": np.mean(X) / 2,
            "the last batch was filled up with images that came before: they count twice, and the sum is too large": (
                sum(per_image) + per_image[7]
            )
            / 11,
            "the weights of the batches are missing their end: divide by len(X)": sum(
                mean * len(batch) for mean, batch in zip(means, batches, strict=True)
            ),
        },
    )
    require(
        max(asked) <= 4,
        got=f"the right number, with {max(asked)} images given to reconstruct at once",
        expected="at most batch_size = 4 in a batch",
        look="large data do not fit into one batch: X[start : start + batch_size]",
    )
    asked.clear()
    odd = float(answer(reconstruct, X.copy(), 3))
    require(max(asked) <= 3, got=f"{max(asked)} images in a batch for batch_size=3", expected="at most 3",
            look="take the batch size from the arguments")  # fmt: skip
    close(
        odd,
        expected,
        "for batches of 3",
        look="the result must not depend on the batch size",
        mistakes={"the batch size is fixed at some number here; take the argument": sum(means) / 3},
    )
    for size in (1, 5, 11, 100):
        close(float(answer(reconstruct, X.copy(), size)), expected, f"for batches of {size}",
              look="the result must not depend on the batch size")  # fmt: skip
    faint = float(answer(lambda batch: 0.25 * np.asarray(batch), X.copy(), 4))
    close(faint, 2.25 * expected, "the mean loss of another model", look="call the `reconstruct` that is handed over")
    twice = float(answer(reconstruct, np.concatenate([X, X]), 4))
    close(twice, expected, "for the same images given twice", look="a mean does not change when the data doubles")
