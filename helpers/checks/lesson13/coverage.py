"""The checks of lesson 13, DCGAN: coverage and the range of images; those of the others lie beside it."""

import numpy as np

from helpers.exercises.assertions import array, close, require
from helpers.exercises.registry import exercise
from helpers.exercises.several import Case, close_on_all


def coverage_by_loop(size, kernel, stride):
    """How many inputs paint each pixel, pixel by pixel: asks for each pair whether one paints the other."""
    cut = (kernel - stride) // 2
    return np.array([
        sum(0 <= pixel + cut - place * stride < kernel for place in range(size)) for pixel in range(size * stride)
    ])  # fmt: skip


@exercise(
    "13.1",
    "Count the strokes",
    reference="helpers.gans.dcgan.features:coverage",
    minutes=15,
    difficulty=2,
    hints=(
        "Begin with an array of zeros for everything that is painted, before the cut: (size − 1) · stride + kernel "
        "pixels. Input number i paints the pixels from i · stride on, kernel of them.",
        "counts[i * stride : i * stride + kernel] += 1 for each input. Then cut: the first (kernel − stride) // 2 go, "
        "and "
        "size · stride are kept.",
        "counts = np.zeros((size - 1) * stride + kernel, dtype=int); for i in range(size): counts[i * stride : i * "
        "stride "
        "+ kernel] += 1; cut = (kernel - stride) // 2; return counts[cut : cut + size * stride]",
    ),
)
def check_coverage(answer, seed):
    rng = np.random.default_rng(seed)
    cases = [(5, 5, 2), (4, 3, 2), (6, 4, 2), (3, 7, 3), (7, 2, 2), (1, 4, 2), (4, 3, 1)]
    cases += [(int(rng.integers(4, 9)), int(s + rng.integers(1, 5)), int(s)) for s in rng.integers(1, 4, size=4)]
    results = []
    for size, kernel, stride in cases:
        right = coverage_by_loop(size, kernel, stride)
        whole = np.zeros((size - 1) * stride + kernel, dtype=int)
        for place in range(size):
            whole[place * stride : place * stride + kernel] += 1
        n = size * stride
        crowded = np.append(np.convolve(np.ones(size), np.ones(kernel)), np.zeros(n))
        what = f"the coverage for size {size}, kernel {kernel}, stride {stride}"
        named = {
            "nothing was cut off: this is padding 'valid'. 'same' keeps size · stride pixels": whole,
            "all that goes is cut off at the right; half of it belongs to the left": whole[:n],
            "all that goes is cut off at the left; half of it belongs to the right": whole[len(whole) - n :],
            "the odd pixel is cut off at the left ((kernel − stride) is halved and rounded down there), or the counts "
            "are in reverse order": (whole[len(whole) - n - (kernel - stride) // 2 :][:n]),
            "this says whether a pixel is painted, which all are; how often is asked for: add 1 for each stroke, again "
            "where strokes overlap": np.ones(n, dtype=int),
            "the stride is missing: input number i begins at i · stride": crowded[(kernel - stride) // 2 :][:n],
            "too much is cut off, half a kernel at the left; it is half of kernel − stride": whole[kernel // 2 :][:n],
            "(kernel − 1) // 2 is cut off at the left, as for stride 1; it is half of kernel − stride": (
                whole[(kernel - 1) // 2 :][:n]
            ),
            "as many pixels are cut off at the right as at the left; an odd one more goes at the right": whole[
                (kernel - stride) // 2 : len(whole) - (kernel - stride) // 2
            ],
            "the last input does not paint: range(size) has them all": (
                (whole - _stroke(whole, (size - 1) * stride, kernel))[(kernel - stride) // 2 :][:n]
            ),
            "each stroke is one pixel too long": _strokes(size, kernel + 1, stride)[(kernel - stride) // 2 :][:n],
            "each stroke is one pixel too short": _strokes(size, kernel - 1, stride)[(kernel - stride) // 2 :][:n],
            "as many pixels are cut off at the right as at the left, by [cut:-cut], which is empty where nothing is to "
            "be cut: [cut : cut + size * stride]": whole[(kernel - stride) // 2 : -((kernel - stride) // 2)],
            "kernel // stride strokes everywhere: at the ends there are fewer, and where kernel is no multiple of "
            "stride the counts alternate": np.full(n, kernel // stride),
            "strokes that begin before the first pixel come in again at the end (a negative index counts from there)": (
                _wrapped(size, kernel, stride)
            ),
            "this is the coverage of a square; one side of it is asked for": np.outer(right, right),
            "these are shares of the largest count; the counts themselves are asked for": right / right.max(),
            "each stroke should add 1; here the counts start at 1": right + 1,
        }
        results.append(Case(what, array(answer(size, kernel, stride), what), right, named))
    close_on_all(results, "paint with a counter: +1 on `kernel` pixels from i · stride on")


def _strokes(size, kernel, stride):
    """Counts of all pixels that are painted, before anything is cut."""
    whole = np.zeros((size - 1) * stride + max(kernel, 1) + stride, dtype=int)
    for place in range(size):
        whole[place * stride : place * stride + kernel] += 1
    return whole


def _wrapped(size, kernel, stride):
    """The kept pixels, where a place before the first one is counted from the end."""
    counts = np.zeros(size * stride, dtype=int)
    for place in range(size):
        for pixel in range(kernel):
            where = place * stride + pixel - (kernel - stride) // 2
            if -len(counts) <= where < len(counts):
                counts[where] += 1
    return counts


def _stroke(whole, start, kernel):
    """1 where one stroke paints."""
    places = np.arange(len(whole))
    return ((places >= start) & (places < start + kernel)).astype(int)


@exercise(
    "13.2",
    "There and back",
    reference="helpers.gans.dcgan.features:PixelRange",
    minutes=5,
    difficulty=1,
    hints=(
        "0 must become −1, and 1 must stay 1. What happens to ½?",
        "There: stretch first (twice), then shift (by one). Back: the opposite steps in the opposite order.",
        "forward: return (2 * images - 1).astype('float32'); back: return np.clip((images + 1) / 2, 0, "
        "1).astype('float32')",
    ),
)
def check_range(answer, seed):
    require(
        isinstance(answer, type),
        got=f"{type(answer).__name__}, which is no class",
        expected="the class PixelRange",
        look="hand check the class itself, without brackets",
    )
    rng = np.random.default_rng(seed)
    images = rng.random((3, 4, 5, 1))
    images[0, 0, :3, 0] = 0, 1, 0.5
    both = answer()
    kept = images.copy()
    there = array(both.forward(images.astype("float32")), "images brought to [−1, 1]")
    require(
        there.dtype not in (np.float16, np.uint8, np.int8),
        got=f"images of {there.dtype}",
        expected="float32",
        look="so few digits are too coarse for pixels: .astype('float32')",
    )
    close(
        there,
        2 * images - 1,
        "images brought to [−1, 1]",
        look="0 → −1, ½ → 0, 1 → 1",
        mistakes={
            "shifted but not stretched: white would be 0": images - 1,
            "shifted by ½ only: the range is [−½, ½]": images - 0.5,
            "stretched but not shifted: the range is [0, 2]": 2 * images,
            "nothing happened: tanh makes values from −1 on, and [0, 1] holds none below 0": images,
            "this is the way back": (images + 1) / 2,
            "black and white are exchanged": 1 - 2 * images,
            "divided by 255 (or 127.5) as for bytes; these pixels are in [0, 1] already": 2 * images / 255 - 1,
            "standardised by their own mean and deviation; the way is the same for all images": (
                (images - images.mean()) / images.std()
            ),
            "this is tanh; the way is a straight line": np.tanh(images),
            "this is tanh of the stretched pixels; the way is a straight line": np.tanh(2 * images - 1),
        },
    )
    grey = rng.uniform(0.2, 0.7, (2, 3, 3, 1)).astype("float32")
    own = (grey - grey.min()) / np.ptp(grey)
    each = np.stack([(one - one.min()) / np.ptp(one) for one in grey])
    look = "0 → −1, ½ → 0, 1 → 1, whatever else is in the array"
    stretched = "stretched by the smallest and the largest pixel of what is given"
    close(
        array(both.forward(grey.copy()), "grey images brought to [−1, 1]"), 2 * grey - 1, "grey images", look,
        mistakes={
            f"{stretched}: each batch would get a way of its own": 2 * own - 1,
            f"{stretched}, image by image: each would get a way of its own": 2 * each - 1,
        },
    )  # fmt: skip
    require(
        there.dtype == np.float32,
        got=f"images of {there.dtype}",
        expected="float32",
        look="networks work with float32: .astype('float32')",
    )
    given = images.astype("float32")
    both.forward(given)
    require(
        np.array_equal(given, kept.astype("float32")),
        got="the array that was handed in has changed",
        expected="a new array",
        look="2 * images makes a new one; images *= 2 changes the caller's",
    )
    for way, back in ((both.forward, "forward"), (both.back, "back")):
        double = array(way(images.copy()), f"what {back} makes of float64 images")
        require(
            double.dtype == np.float32 and double.shape == images.shape,
            got=f"an array {double.shape} of {double.dtype} from float64 images {images.shape}, by {back}",
            expected="float32, in the same shape", look="at the end: .astype('float32')",
        )  # fmt: skip
    signed = (2 * images - 1).astype("float32")
    home = array(both.back(signed.copy()), "images brought back to [0, 1]")
    close(
        home,
        images,
        "images brought back to [0, 1]",
        look="−1 → 0, 0 → ½, 1 → 1",
        mistakes={
            "shifted after halving: add 1 first, then halve": signed / 2 + 1,
            "shifted by 1 after halving, and clipped: add 1 first, then halve": np.clip(signed / 2 + 1, 0, 1),
            "shifted and clipped, but not halved": np.clip(signed + 1, 0, 1),
            "halved but not shifted": signed / 2,
            "shifted but not halved": signed + 1,
            "nothing happened": signed,
            "this is the way there": 2 * signed - 1,
            "clipped only: everything below ½ is black now": np.clip(signed, 0, 1),
            "the sign is gone: black has become white": np.abs(signed),
            "stretched, and not halved": 2 * signed + 1,
            "brought to [0, 255]; pixels go from 0 to 1 here": (signed + 1) * 127.5,
            "the order is wrong: first clipped to [0, 1], then shifted": np.clip(signed, 0, 1) / 2 + 0.5,
        },
        atol=1e-5,
    )
    require(
        home.dtype == np.float32,
        got=f"images of {home.dtype}",
        expected="float32",
        look="the way back: .astype('float32')",
    )
    dark = (0.5 * signed - 0.3).astype("float32")
    look, own = "−1 → 0, 0 → ½, 1 → 1, whatever else is in the array", (dark - dark.min()) / np.ptp(dark)
    close(array(both.back(dark.copy()), "grey images brought back"), (dark + 1) / 2, "grey images brought back", look,
          mistakes={"stretched by the smallest and the largest pixel of what is given": own}, atol=1e-5)  # fmt: skip
    again = dark.copy()
    both.back(again)
    require(
        np.array_equal(again, dark),
        got="the array that was handed to back has changed",
        expected="a new array",
        look="(images + 1) / 2 makes a new one; images += 1 and out=images change the caller's",
    )
    beyond = array(both.back(np.array([-1.2, 1.4], "float32")), "values a little beyond [−1, 1]")
    close(
        beyond,
        np.array([0.0, 1.0]),
        "values a little beyond [−1, 1]",
        look="what lies outside is clipped: np.clip(…, 0, 1), after the shift",
    )
