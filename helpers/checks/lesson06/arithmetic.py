"""The checks of lesson 06, the convolutional autoencoder: sizes, the transposed convolution, shifting."""

import numpy as np

from helpers.exercises.assertions import array, close, require, shape
from helpers.exercises.registry import exercise
from helpers.exercises.several import first_fitting


@exercise(
    "6.1",
    "The size arithmetic",
    reference="helpers.autoencoders.convolutional.arithmetic:output_size",
    minutes=15,
    difficulty=1,
    hints=(
        "Draw 7 pixels on paper and put a window of 3 on them, in steps of 2. How many places are there? Then turn it "
        "round: three strokes of length 3 begin at pixels 0, 2 and 4. Where does the last one end?",
        "Down: 'same' counts the steps that begin inside the image, rounded up; 'valid' counts the windows that lie "
        "inside it. Up: 'valid' keeps all from the first stroke to the end of the last; 'same' is size · stride.",
        "Transposed: size * stride for 'same', (size - 1) * stride + kernel for 'valid'. Otherwise: "
        "-(-size // stride) for 'same' (that rounds up), (size - kernel) // stride + 1 for 'valid'.",
    ),
)
def check_output_size(answer, seed):
    rng = np.random.default_rng(seed)
    cases = [(7, 2, 2), (28, 3, 1), (28, 3, 2), (7, 3, 2), (5, 3, 2), (8, 3, 2), (3, 3, 2), (9, 4, 3), (10, 4, 3)]
    for _ in range(8):
        stride = int(rng.integers(1, 4))
        kernel = stride + int(rng.integers(0, 3))
        cases.append((kernel + int(rng.integers(0, 12)), kernel, stride))
    n, k, s = np.array(cases).T

    def got(padding, transposed):
        values = [answer(size, kernel, stride, padding, transposed) for size, kernel, stride in cases]
        return shape(values, (len(cases),), "the sizes", "one whole number for each call")

    def judge(padding, transposed, expected, mistakes):
        name = f"padding='{padding}', transposed={transposed}"
        values = got(padding, transposed)
        look = first_fitting(values, expected, lambda: mistakes) or _drawn(cases, values, expected, padding, transposed)
        require(np.allclose(values, expected), got=f"{_first(cases, values, expected)} with {name}",
                expected=_first(cases, expected, values), look=look)  # fmt: skip

    # Counted, not computed: the places where a window begins, or the last pixel that a stroke reaches.
    begins = np.array([len(range(0, size, stride)) for size, _, stride in cases])
    inside = np.array([len(range(0, size - kernel + 1, stride)) for size, kernel, stride in cases])
    reached = np.array([1 + max(i * stride + kernel - 1 for i in range(size)) for size, kernel, stride in cases])
    exact = {"a size is a whole number of pixels: no half windows. Round": (n - k) / s + 1}
    judge("valid", False, inside, {
        "one too few: (size − kernel) // stride counts the steps, and there is one more place than steps": (n - k) // s,
        "this is what 'same' gives; without padding the window must lie inside the image": begins,
        "rounded up: a window that does not fit in any more is left out": -(-(n - k) // s) + 1,
        "the stride was forgotten": n - k + 1,
        "the kernel was forgotten: it must fit into the image": n // s,
        "this is the size of a transposed convolution": reached,
        **exact,
    })  # fmt: skip
    judge("same", False, begins, {
        "rounded down: with 'same' the image is padded until the last step fits, too": n // s,
        "the stride was forgotten: 'same' keeps the size only at stride 1": n,
        "this is what 'valid' gives: 'same' pads the image, so the kernel does not matter": inside,
        "a size is a whole number of pixels: round up": n / s,
        "this is the size of a transposed convolution": n * s,
    })  # fmt: skip
    judge("valid", True, reached, {
        "this is what 'same' gives; 'valid' keeps the whole of the last stroke": n * s,
        "the last stroke begins at (size − 1) · stride, not at size · stride": n * s + k,
        "this ends where the last stroke begins: add its length": (n - 1) * s + 1,
        "the last stroke adds `kernel` pixels from where it begins": (n - 1) * s,
        "this is the size of an ordinary convolution": inside,
        "the strokes do not lie end to end: they begin `stride` pixels apart": n * k,
    })  # fmt: skip
    judge("same", True, n * s, {
        "this is what 'valid' gives; 'same' cuts it to size · stride": reached,
        "this is the size of an ordinary convolution: transposed goes up": begins,
        "one stride too few: 'same' gives every input pixel `stride` output pixels": (n - 1) * s,
        "the stride was forgotten": n,
    })  # fmt: skip


def _drawn(cases, values, expected, padding, transposed):
    """What one would see on paper for the first size that is wrong."""
    size, kernel, stride = cases[int(np.argmax(~np.isclose(values, expected)))]
    last = (size - 1) * stride
    if transposed:
        begin = f"{size} strokes of {kernel} begin at pixels 0, {stride}, … and {last}" if size > 1 else "one stroke"
        end = "count to the end of the last one" if padding == "valid" else "'same' keeps `stride` pixels for each"
        return f"draw this one: {begin}; {end}"
    places = range(0, size - kernel + 1 if padding == "valid" else size, stride)
    begin = ", ".join(map(str, places[:6])) + (", …" if len(places) > 6 else "")
    rule = "lies inside the image" if padding == "valid" else "begins inside the image, as the rest is padded"
    return f"draw this one: pixels 0 to {size - 1}, windows of {kernel} that begin at {begin}. Count each that {rule}"


def _first(cases, values, others) -> str:
    """The first case in which two lists of sizes differ, in words."""
    at = int(np.argmax(~np.isclose(values, others)))
    size, kernel, stride = cases[at]
    return f"{float(values[at]):g} pixels from {size} with kernel {kernel} and stride {stride}"


@exercise(
    "6.2",
    "A transposed convolution by hand",
    reference="helpers.autoencoders.convolutional.arithmetic:transposed_convolution",
    minutes=25,
    difficulty=3,
    hints=(
        "A sheet of zeros, large enough for all strokes. Each input pixel adds its stroke to what is already there.",
        "Input pixel (i, j) paints on rows i * stride to i * stride + k and columns j * stride to j * stride + k. What "
        "it paints is kernel @ x[i, j]: for each of the k × k places, maps out × maps in times maps in.",
        "sheet = np.zeros(((h - 1) * stride + k, (w - 1) * stride + k, kernel.shape[2])); in two loops "
        "sheet[i * stride:i * stride + k, j * stride:j * stride + k] += kernel @ x[i, j]; for 'same' "
        "cut = (k - stride) // 2 and return sheet[cut:cut + h * stride, cut:cut + w * stride].",
    ),
)
def check_transposed_convolution(answer, seed):
    from helpers.backend import keras

    rng = np.random.default_rng(seed)
    # (5, 2, "same") before the others: there no two ways to cut the sheet are the same.
    layers = (3, 2, "valid"), (5, 2, "same"), (4, 2, "same"), (3, 2, "same"), (2, 2, "valid"), (5, 3, "valid")
    for k, stride, padding in layers:
        x, kernel = rng.normal(size=(3, 4, 2)), rng.normal(size=(k, k, 3, 2))
        expected = np.asarray(
            keras.ops.conv_transpose(x[None].astype("float32"), kernel.astype("float32"), stride, padding)
        )[0]
        value = array(answer(x.copy(), kernel.copy(), stride, padding), "the painted maps", "return the sheet")
        whole, final = _paint(x, kernel, stride), expected.shape
        cut = (k - stride) // 2
        mistakes = {
            "strokes that overlap must add up; here the later one paints over the earlier one": _cut(
                _paint(x, kernel, stride, overwrite=True), cut * (padding == "same"), final
            ),
            "the kernel is turned by 180°: stroke pixel [0, 0] belongs to the stroke's upper left corner": _cut(
                _paint(x, kernel[::-1, ::-1], stride), cut * (padding == "same"), final
            ),
            "height and width of the kernel are exchanged": _cut(
                _paint(x, kernel.transpose(1, 0, 2, 3), stride), cut * (padding == "same"), final
            ),
            "the strokes lie on each other: pixel (i, j) paints from (i · stride, j · stride) on": _cut(
                _paint(x, kernel, 1), 0, final
            ),
        }
        if padding == "same":
            mistakes |= {
                "this is the whole sheet, as for 'valid'; 'same' cuts it to h · stride × w · stride": whole,
                "all of the cut was made at the lower and right edge; half of it belongs to the upper and left": _cut(
                    whole, 0, final
                ),
                "too much was cut at the upper and left edge: half of k − stride, rounded down, belongs there": _cut(
                    whole, -(-(k - stride) // 2), final
                ),
                "all of the cut was made at the upper and left edge; half of it, rounded down, belongs there": _cut(
                    whole, k - stride, final
                ),
            }
        else:
            mistakes["this is cut as for 'same'; 'valid' keeps all that was painted"] = _cut(
                whole, cut, (3 * stride, 4 * stride, 3)
            )
        close(
            value,
            expected,
            f"the maps for kernel {k}, stride {stride}, padding '{padding}'",
            look="the shape is that of exercise 6.1; one step at a time: where does the stroke begin, what is "
            "in it, what is cut off?",
            rtol=1e-4,
            atol=1e-4,
            mistakes=mistakes,
        )


def _paint(x, kernel, stride, overwrite=False):
    """The whole sheet, pixel by pixel."""
    (h, w, _), k = x.shape, len(kernel)
    sheet = np.zeros(((h - 1) * stride + k, (w - 1) * stride + k, kernel.shape[2]))
    for i in range(h):
        for j in range(w):
            for a in range(k):
                for b in range(k):
                    paint = kernel[a, b] @ x[i, j]
                    place = i * stride + a, j * stride + b
                    sheet[place] = paint if overwrite else sheet[place] + paint
    return sheet


def _cut(sheet, start, final):
    return sheet[start : start + final[0], start : start + final[1]]


@exercise(
    "6.5",
    "Shift an image",
    reference="helpers.autoencoders.convolutional.shifting:shifted",
    minutes=10,
    difficulty=2,
    hints=(
        "Begin with black images of the same shape. Which rectangle of the old image ends up in which of the new one?",
        "Moved down by 2: old rows 0 … h−3 become rows 2 … h−1. Moved up by 2: old rows 2 … h−1 become rows 0 … h−3.",
        "One spelling for all signs: pad each side with enough black pixels (np.pad with abs(down) rows and abs(right) "
        "columns), then cut out the window of h × w that begins at row abs(down) − down and column abs(right) − right.",
    ),
)
def check_shifted(answer, seed):
    rng = np.random.default_rng(seed)
    images = rng.uniform(0.1, 1, size=(3, 6, 8)).astype("float32")
    moves = [(1, 2), (-2, 3), (2, -1), (-1, -3), (0, 2), (0, -2), (2, 0), (-3, 0), (0, 0)]
    for down, right in moves:
        given = images.copy()
        value = array(answer(given, down, right), "the moved images", "return the moved images")
        require(np.array_equal(given, images), got="the given images have changed", expected="new images",
                look="begin with np.zeros_like(images), and leave `images` as it is")  # fmt: skip
        expected = _moved(images, down, right)
        close(
            value,
            expected,
            f"the images moved by down={down}, right={right}",
            look="draw a small image with one white pixel: where should it go?",
            mistakes={"a slice that ends at −0 is empty: a move by 0 rows or columns needs care": np.zeros_like(images)}
            if 0 in (down, right)
            else {
                "what leaves at one side comes in at the other (np.roll does that); it should be lost, and black come "
                "in": np.roll(images, (down, right), axis=(1, 2)),
                "down and right are exchanged: rows first, then columns": _moved(images, right, down),
                "moved the wrong way: a positive number moves down, or to the right": _moved(images, -down, -right),
                "this has moved in one direction only": _moved(images, down, 0),
                "this has moved sideways only": _moved(images, 0, right),
                "the images themselves were moved along the batch: axis 0 counts images": np.roll(images, down, axis=0),
                "the edge is drawn out; black (0) should come in": _moved(images, down, right, edge=True),
                "a slice such as [down:] counts from the end when the number is negative: the signs need care": _sliced(
                    images, down, right
                ),
                "nothing moved": images,
            },
        )
    kept = images.copy()
    still = array(answer(kept, 0, 0), "the images moved by nothing")
    require(not np.shares_memory(kept, still), got="the given array itself for a move by nothing",
            expected="new images", look="whoever changes the result must not change the given images: images.copy()"
            )  # fmt: skip
    far = array(answer(images.copy(), 0, 8), "the images moved by their whole width")
    close(far, np.zeros_like(images), "the images moved by their whole width", look="then nothing of them is left")


def _sliced(images, down, right):
    """What slices that were made for positive numbers give (of the images' shape only if they fit at all)."""
    result, part = np.zeros_like(images), images[:, : -down or None, : -right or None]
    target = result[:, down:, right:]
    if target.shape != part.shape:
        return np.zeros(0)
    target[:] = part
    return result


def _moved(images, down, right, edge=False):
    """Moved images, pixel by pixel."""
    n, h, w = images.shape
    result = np.zeros_like(images)
    for i in range(h):
        for j in range(w):
            row, column = i - down, j - right
            if edge:
                row, column = min(max(row, 0), h - 1), min(max(column, 0), w - 1)
            if 0 <= row < h and 0 <= column < w:
                result[:, i, j] = images[:, row, column]
    return result
