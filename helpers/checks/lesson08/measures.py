"""The checks of lesson 08, the denoising autoencoder."""

import numpy as np

from helpers.exercises.assertions import close, finite, require, shape
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting
from helpers.exercises.stand_ins import as_output


@exercise(
    "8.3",
    "Peak signal-to-noise ratio",
    reference="helpers.autoencoders.denoising.noise:mean_psnr",
    minutes=10,
    difficulty=1,
    hints=(
        "First one mean squared error for each image, then one number in decibels for each, and only then the mean.",
        "Flatten each image (reshape to (n, -1)) and average over axis 1, so that n errors remain; np.log10 is the "
        "logarithm to base 10.",
        "errors = np.mean((X - R).reshape(len(X), -1) ** 2, axis=1); np.mean(10 * np.log10(peak**2 / errors)).",
    ),
)
def check_mean_psnr(answer, seed):
    rng = np.random.default_rng(seed)
    X = rng.random((5, 4, 3))
    R = X + rng.normal(size=X.shape) * np.array([0.02, 0.05, 0.1, 0.3, 0.6])[:, None, None]
    errors = np.array([sum(float(d) ** 2 for d in (x - r).ravel()) / 12 for x, r in zip(X, R, strict=True)])
    decibels = -10 * np.log10(errors)
    got = answer(X.copy(), R.copy())
    if np.shape(got) == (5,):
        require(False, got="one number for each image", expected="their mean", look="np.mean at the very end")
    shape(got, (), "the mean PSNR", "one number for all images")
    named = {
        "this is the PSNR of the mean error of all images: take the logarithm for each image, then the mean": -10
        * np.log10(errors.mean()),
        "the errors were averaged over the images, one error for each pixel, before the logarithm": np.mean(
            -10 * np.log10(np.mean((X - R) ** 2, axis=0))
        ),
        "the peak is 1 for images in [0, 1]; 255 belongs to images of whole numbers": np.mean(
            decibels + 20 * np.log10(255)
        ),
        "the sign is wrong: a smaller error must give a larger number": -decibels.mean(),
        "natural logarithm: decibels use base 10": np.mean(-10 * np.log(errors)),
        "20 log10 belongs to the root of the mean squared error": 2 * decibels.mean(),
        "10 log10 of the root of the mean squared error: use the error itself": decibels.mean() / 2,
        "the 10 before the logarithm is missing (these are bels)": decibels.mean() / 10,
        "this is the mean absolute error in the place of the squared one": np.mean(
            -10 * np.log10(np.mean(np.abs(X - R), axis=(1, 2)))
        ),
        "this is summed over the pixels of an image, not a mean": np.mean(-10 * np.log10(12 * errors)),
        "the largest pixel of these images was taken for the peak; it is the largest value a pixel can have": np.mean(
            10 * np.log10(X.max(axis=(1, 2)) ** 2 / errors)
        ),
        "the largest pixel of all was taken for the peak; it is the largest value a pixel can have": np.mean(
            10 * np.log10(X.max() ** 2 / errors)
        ),
        "this is the mean absolute error, taken for the root of the squared one": np.mean(
            -20 * np.log10(np.mean(np.abs(X - R), axis=(1, 2)))
        ),
        "something was added to the error (1e-3?); leave it as it is": np.mean(-10 * np.log10(errors + 1e-3)),
        "this is the median of the PSNRs; their mean is asked for": np.median(decibels),
        "R was clipped to 0 and 1 first; judge it as it comes": np.mean(
            -10 * np.log10(np.mean((X - np.clip(R, 0, 1)) ** 2, axis=(1, 2)))
        ),
        "the mean was taken over one axis only, and the logarithm for each row of pixels: flatten each image": np.mean(
            -10 * np.log10(np.mean((X - R) ** 2, axis=1))
        ),
        "this is the signal-to-noise ratio, by the image's own mean square; here the peak counts": np.mean(
            10 * np.log10(np.mean(X**2, axis=(1, 2)) / errors)
        ),
    }
    look = "for each image 10 log10(peak² / its mean squared error), then the mean over the images"
    close(float(got), decibels.mean(), "the mean PSNR", look=look, rtol=1e-6, mistakes=named)
    bright = float(answer(255 * X, 255 * R, 255.0))
    close(bright, decibels.mean(), "the mean PSNR of the same images from 0 to 255 with peak=255",
          look="peak is squared: peak² / error", rtol=1e-6, mistakes={
              "peak was not used": decibels.mean() - 20 * np.log10(255),
              "peak enters squared, as the error does": decibels.mean() - 10 * np.log10(255),
          })  # fmt: skip
    flat = float(answer(X.reshape(5, 12), R.reshape(5, 12)))
    close(flat, decibels.mean(), "the mean PSNR of flat images (5, 12)", look="reshape(len(X), -1) fits both",
          rtol=1e-6)  # fmt: skip


@exercise(
    "8.5",
    "Train here, test there",
    reference="helpers.autoencoders.denoising.networks:level_matrix",
    minutes=10,
    difficulty=2,
    hints=(
        "A table: one row for each denoiser, one column for each level. What may be done once for a whole column?",
        "Draw the noisy images of a level once, and let every denoiser have the same ones. Compare what comes back "
        "with the clean X.",
        "for column, level in enumerate(levels): noisy = corrupt(X, level, rng); for row, denoise in "
        "enumerate(denoisers): table[row, column] = mean_psnr(X, denoise(noisy)).",
    ),
)
def check_level_matrix(answer, seed):
    draw = np.random.default_rng(seed)
    X = draw.random((6, 5, 4)).astype("float32")
    levels, calls, given = [0.4, 0.1], [], {}

    def corrupt(images, level, rng):
        require(isinstance(rng, np.random.Generator), got=f"{type(rng).__name__} as the third argument of corrupt",
                expected="a generator", look="rng = np.random.default_rng(seed); corrupt(X, level, rng)")  # fmt: skip
        images = np.asarray(images)
        require(images.shape == X.shape and np.allclose(images, X), got="noise on images that are noisy already",
                expected="corrupt(X, level, rng) with the clean X",
                look="X = corrupt(X, …) piles the noise up from level "
                "to level: give the noisy images a name of their own")  # fmt: skip
        noisy = images + level * rng.normal(size=images.shape)
        calls.append(level)
        given.setdefault(level, []).append(noisy)
        return noisy

    seen = {}
    weights = (0.9, 0.7, 0.4)

    def denoiser(row):
        def denoise(noisy):
            noisy = np.asarray(noisy)
            seen.setdefault(row, []).append(noisy)
            return as_output(weights[row] * noisy + (1 - weights[row]) * 0.5)

        return denoise

    got = answer([denoiser(row) for row in range(3)], X.copy(), levels, corrupt, seed)
    require(np.shape(got) != (2, 3), got="a table of shape (2, 3), one row for each level",
            expected="one row for each denoiser, (3, 2)", look="table[row, column]: the row is the denoiser",
            )  # fmt: skip
    got = finite(shape(got, (3, 2), "the table", "one row for each denoiser, one column for each level"), "the table")
    drawn = ", ".join(f"{level:g}" for level in sorted(set(calls))) or "none"
    require(set(calls) == set(levels), got=f"noise of level {drawn}", expected="every level in turn",
            look="corrupt(X, level, rng)")  # fmt: skip

    def table(reference=None, which=0):
        """The right answer from the noise that was really drawn (the draw number `which` of each level)."""
        out = np.empty((3, 2))
        for column, level in enumerate(levels):
            noisy = given[level][which % len(given[level])]
            for row, w in enumerate(weights):
                result, clean = w * noisy + (1 - w) * 0.5, X if reference is None else noisy
                errors = np.mean((clean - result) ** 2, axis=(1, 2), dtype=float)
                with np.errstate(divide="ignore"):
                    out[row, column] = np.mean(-10 * np.log10(errors))
        return out

    draws = {level: len(given[level]) for level in levels}
    if any(count > 1 for count in draws.values()):
        first = [given[level][0] for level in levels]
        for level, clean_first in zip(levels, first, strict=True):
            same = all(np.allclose(clean_first, other) for other in given[level])
            require(same, got=f"{draws[level]} different draws of the noise of level {level:g}",
                    expected="the same noisy images for every denoiser", look="call corrupt once for each level, "
                    "outside the loop over the denoisers: then they are compared on equal terms")  # fmt: skip
    right = table()
    with np.errstate(invalid="ignore"):
        to_noisy = table("noisy")
    mse = 10 ** (-right / 10)

    def judged(results, images=slice(None)):
        """The PSNRs of results[level](weight) for these images."""
        return np.array([
            [np.mean(-10 * np.log10(np.mean((X - results(v, row))[images] ** 2, axis=(1, 2)))) for v in levels]
            for row in range(3)
        ])  # fmt: skip

    def chained(level, row):
        out = given[level][0]
        for w in weights[: row + 1]:
            out = w * out + (1 - w) * 0.5
        return out

    def denoised(level, row):
        return weights[row] * given[level][0] + (1 - weights[row]) * 0.5

    spoilt = [np.mean(-10 * np.log10(np.mean((X - given[v][0]) ** 2, axis=(1, 2), dtype=float))) for v in levels]
    close(got, right, "the table", look="mean_psnr(X, denoise(noisy)): clean against denoised", rtol=1e-4, mistakes={
        "this is the likeness to the noisy images; the clean X is what should come back": to_noisy,
        "this is the PSNR of the noisy images, before any denoising": np.tile(spoilt, (3, 1)),
        "these are errors, not decibels": mse,
        "these are mean squared errors; mean_psnr gives decibels": np.array([
            [np.mean((X - denoised(v, row)) ** 2) for v in levels] for row in range(3)]),
        "the denoisers were run one after the other: each gets the noisy images themselves": judged(chained),
        "the clean images were denoised: give each denoiser the noisy ones": judged(
            lambda level, row: weights[row] * X + (1 - weights[row]) * 0.5),
        "this is the first image alone; the mean over all images is asked for": judged(denoised, slice(1)),
        "the results were clipped to 0 and 1; measure them as they come": judged(
            lambda level, row: np.clip(denoised(level, row), 0, 1)),
        "this is the gain over the noisy images; the PSNR itself is asked for": right - np.array(spoilt),
        "the table holds whole numbers only: make it with np.empty or np.zeros of floats": np.trunc(right),
        "only the last level was measured: is the inner loop inside the outer one?": right * [0, 1],
        "both columns are the same level": np.tile(right[:, :1], (1, 2)),
        "the columns are turned round: column j belongs to levels[j]": right[:, ::-1],
        "the rows are turned round: row i belongs to denoisers[i]": right[::-1],
        "the PSNR of all images together was taken; it is the mean over the images": np.array([
            [-10 * np.log10(np.mean((X - (w * given[v][0] + (1 - w) * 0.5)) ** 2)) for v in levels] for w in weights]),
        "the sign is wrong: larger is better": -right,
    })  # fmt: skip
    require(seen.get(0), got="a denoiser that was never called", expected="denoise(noisy)", look="the inner loop")
    before = [n.copy() for n in given[levels[0]]]
    again = answer([denoiser(row) for row in range(3)], X.copy(), levels, corrupt, seed)
    require(np.allclose(np.asarray(again), got) and np.allclose(given[levels[0]][-1], before[0]),
            got="another table from the same seed", expected="the same table",
            look="rng = np.random.default_rng(seed) inside the function")  # fmt: skip
    answer([denoiser(row) for row in range(3)], X.copy(), levels, corrupt, seed + 1)
    require(not np.allclose(given[levels[0]][-1], before[0]), got="the same noise for another seed",
            expected="other noise", look="pass seed to np.random.default_rng")  # fmt: skip
    calls.clear()
    answer([denoiser(row) for row in range(3)], X.copy(), [0.2, 0.3], corrupt, seed)
    require(set(calls) == {0.2, 0.3}, got="noise of other levels", expected="0.2 and 0.3 in a second call",
            look="take the levels of this call")  # fmt: skip


@exercise(
    "8.6",
    "The score from a denoiser",
    reference="helpers.autoencoders.denoising.score:score_from_denoiser",
    minutes=10,
    difficulty=2,
    hints=(
        "Solve r(x) = x + sigma² · score(x) for the score.",
        "The arrow points from the noisy point to where the denoiser sends it. Its length is divided by the variance.",
        "return (denoise(x) - x) / sigma**2.",
    ),
)
def check_score(answer, seed):
    rng = np.random.default_rng(seed)
    sigma, mean, spread = 0.4, np.array([1.0, -0.5]), np.array([0.5, 1.5])  # one Gaussian, its axes along x and y
    x = rng.normal(size=(7, 2))

    def denoise(points):
        points = np.asarray(points)
        require(points.shape[-1:] == (2,), got=f"points of shape {points.shape}", expected="(n, 2)", look="denoise(x)")
        return as_output(mean + spread**2 / (spread**2 + sigma**2) * (points - mean))

    right = np.array([[-(p[i] - mean[i]) / (spread[i] ** 2 + sigma**2) for i in (0, 1)] for p in x])
    step = denoise(x) - x
    look = "the arrow from x to r(x), divided by sigma²"
    close(answer(denoise, x.copy(), sigma), right, "the score", look=look, mistakes={
        "the sign is wrong: the arrow must point from the noisy point to the denoised one": -right,
        "this is the step itself: it has to be divided by sigma²": step,
        "the sign is wrong, and the step has to be divided by sigma²": -step,
        "divided by sigma, which is the standard deviation: the identity has the variance, sigma²": step / sigma,
        "the sign is wrong, and sigma should be sigma²": -step / sigma,
        "multiplied by sigma² where it should be divided": step * sigma**2,
        "multiplied by sigma where it should be divided by sigma²": step * sigma,
        "divided by 2 sigma²: the 2 belongs to the exponent of the Gaussian, not its gradient": step / (2 * sigma**2),
        "divided by the square root of sigma, as if sigma were sigma to the fourth": step / sigma**0.5,
        "this is the denoised point, divided by sigma²: subtract x first": denoise(x) / sigma**2,
        "these arrows are scaled to length 1: their lengths belong to the score": step
        / np.linalg.norm(step, axis=1, keepdims=True),
        "this is the score of the density without noise": -(x - mean) / spread**2,
        "this is the denoised point itself": denoise(x),
        "this is the sum of both coordinates; the score is an arrow, one number for each": right.sum(axis=1),
        "x should be subtracted from the denoised point, not added to it": (denoise(x) + x) / sigma**2,
    })  # fmt: skip
    wide = answer(lambda p: as_output(0.5 * np.asarray(p)), x.copy(), 2.0)
    close(wide, -x / 8, "the score for sigma = 2", look="sigma must be the argument, not a fixed number")


@exercise(
    "8.7",
    "Mend the test",
    reference="helpers.autoencoders.denoising.noise:dropout",
    minutes=10,
    difficulty=2,
    hints=(
        "Look at the largest pixel of what Dropout gives in training, and at the largest of her test images.",
        "Dropout divides every pixel that stays by 1 - rate, so that the mean over the draws is the clean pixel.",
        "kept = rng.random(X.shape) >= rate; return X * kept / (1 - rate).",
    ),
)
def check_dropout(answer, seed):
    rate = 0.3
    X = np.random.default_rng(seed).uniform(0.2, 1, (200, 6, 5)).astype("float32")
    X[:, 0, 0] = 0
    rng = np.random.default_rng(seed + 1)
    before = X.copy()
    got = shape(answer(X, rate, rng), X.shape, "the noisy images", "the noise keeps the shape")
    finite(got, "the noisy images")
    require(np.issubdtype(got.dtype, np.floating), got=f"whole numbers ({got.dtype})", expected="floats, as X has them",
            look="what stays is divided by 1 - rate, which gives no whole numbers")  # fmt: skip
    require(np.array_equal(X, before), got="X itself was changed", expected="a new array", look="X * …, not X *= …")
    bright = X > 0
    factors = (got[bright] / X[bright]).astype(float)
    cut = np.minimum(X / (1 - rate), 1)
    stays = got != 0
    clipped = np.any(stays) and np.allclose(got[stays], cut[stays], atol=1e-6)
    require(not clipped, got=f"no pixel above {got.max():.3g}", expected=f"some up to {X.max() / (1 - rate):.3g}",
            look="these are clipped to 1; Dropout clips nothing, and what it passes on goes above 1")  # fmt: skip
    require(np.allclose(got[~bright], 0), got=f"values up to {got[~bright].max():.3g} in place of black pixels",
            expected="0 stays 0", look="a pixel that is lost becomes 0, and nothing is added to any pixel: "
            "multiply by 0, or by 1 / (1 - rate)")  # fmt: skip
    gone = np.abs(factors) < 1e-6
    require(gone.any(), got="no pixel lost", expected=f"some {rate:.0%}", look="a pixel is lost with probability rate")
    share, factor = float(gone.mean()), float(np.median(factors[~gone]))
    got_text = f"pixels that stay are multiplied by {factor:.4g} at rate {rate}"
    require(np.allclose(factors[~gone], factor, rtol=1e-4), got="pixels that stay, changed by different factors",
            expected=f"all by {1 / (1 - rate):.4g}", look="compare uniform numbers with rate")  # fmt: skip
    named = {
        "this is still her masking: Dropout also divides what stays, by 1 - rate": 1.0,
        "multiplied by 1 - rate where it should be divided": 1 - rate,
        "divided by rate: the share that stays is 1 - rate": 1 / rate,
        "multiplied by 1 + rate; dividing by 1 - rate is more": 1 + rate,
    }
    meaning = first_fitting(factor, 1 / (1 - rate), lambda: named, rtol=0, atol=1e-3)
    if not meaning and abs(factor * (1 - rate) - 1) < 0.05:
        meaning = "this makes up for what was lost in this very draw; divide by 1 - rate, whatever the draw"
    require(abs(factor - 1 / (1 - rate)) < 1e-3, got=got_text, expected=f"by {1 / (1 - rate):.4g}",
            look=meaning or "the mean over many draws should be X again")  # fmt: skip
    require(abs(share - (1 - rate)) > 0.05, got=f"{share:.0%} of the pixels lost", expected=f"{rate:.0%}",
            look="the other way round: `rate` is the share that gets lost")  # fmt: skip
    require(abs(share - rate) < 0.03, got=f"{share:.1%} of the pixels lost", expected=f"{rate:.0%}",
            look="a uniform number lies below rate with probability rate")  # fmt: skip
    mask = (got > 0) | ~bright
    require(np.ptp(mask.astype(int), axis=0).any(), got="the same pixels lost in every image",
            expected="others in each", look="draw for X.shape, not for one image")  # fmt: skip
    require(np.ptp(mask[:, 1:, 1:].astype(int), axis=(1, 2)).any(), got="whole images lost", expected="single pixels",
            look="draw for X.shape")  # fmt: skip
    require(np.ptp(mask[:, 1:, 1:].astype(int), axis=2).any(), got="whole rows lost", expected="single pixels",
            look="draw for X.shape, the last axis too")  # fmt: skip
    numbers = np.sum(np.asarray(answer(np.ones_like(X), rate, rng)) == 0, axis=(1, 2))
    require(np.ptp(numbers) > 0, got=f"exactly {numbers[0]} pixels lost in every image",
            expected="in some more, in some fewer: each pixel is lost on its own",
            look="a draw for each pixel, compared with rate; no fixed number, no shuffling")  # fmt: skip
    for other in (0.6, 0.1):
        more = np.asarray(answer(X, other, rng))
        lost = float(np.mean(more[bright] == 0))
        require(abs(lost - other) < 0.03, got=f"{lost:.1%} of the pixels lost at rate {other}", expected=f"{other:.0%}",
                look="take rate from the arguments, and draw anew at each call")  # fmt: skip
        close(np.median(more[bright & (more != 0)] / X[bright & (more != 0)]), 1 / (1 - other),
              f"the factor of the pixels that stay at rate {other}", "1 / (1 - rate)", 1e-3)  # fmt: skip
    again = np.asarray(answer(X, rate, rng))
    require(not np.array_equal(again, got), got="the same pixels lost in a second call", expected="others",
            look="use the generator rng that you are given")  # fmt: skip
    same = np.asarray(answer(X, rate, np.random.default_rng(seed + 1)))
    require(np.array_equal(same, got), got="other pixels from a generator in the same state", expected="the same",
            look="draw with rng and with nothing else")  # fmt: skip
