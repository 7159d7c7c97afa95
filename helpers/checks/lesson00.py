"""The check of the warm-up in lesson 00."""

import numpy as np

from helpers.exercises.assertions import close, require, shape
from helpers.exercises.registry import exercise


@exercise(
    "0.1",
    "The mean squared error",
    reference="helpers.metrics.reconstruction:mse",
    minutes=5,
    difficulty=1,
    hints=(
        "Three steps: the difference of the two arrays, its square, the mean over every number in it.",
        "np.mean without an axis takes the mean over all axes at once. Think of images stored as whole numbers "
        "from 0 to 255: what is 3 - 5 in an array of type uint8?",
        "Turn both arrays into floats first: np.asarray(images, dtype=float). Then np.mean((a - b) ** 2).",
    ),
)
def check_mse(answer, seed):
    rng = np.random.default_rng(seed)
    images = rng.random((3, 4, 5))
    copies = rng.random((3, 4, 5))
    squares = [(a - b) ** 2 for a, b in zip(images.ravel().tolist(), copies.ravel().tolist(), strict=True)]
    expected = sum(squares) / len(squares)
    per_image = [sum(squares[start : start + 20]) / 20 for start in (0, 20, 40)]
    got = answer(images.copy(), copies.copy())
    if np.shape(got) == (3,) and np.allclose(np.asarray(got, dtype=float), per_image):
        require(False, got="one number for each image", expected="one number for the whole batch",
                look="take the mean over every axis, the first one too")  # fmt: skip
    shape(got, (), "the mean squared error", "the mean over every number of every image is one number")
    close(
        got,
        expected,
        "the mean squared error",
        look="the mean of the squared differences",
        mistakes={
            "this is the sum of the squares, not their mean: it doubles when the batch doubles": sum(squares),
            "this is summed over the pixels of an image: it grows with the size of the image": sum(squares) / 3,
            "this is the root of it (RMSE): leave the square as it is": expected**0.5,
            "this is the mean of the differences, without the square: errors of opposite sign cancel": np.mean(
                images - copies
            ),
            "this is the mean absolute error: square the differences instead": np.mean(np.abs(images - copies)),
            "this is half of it: no ½ is asked for here": expected / 2,
            "the differences were averaged before they were squared: square each one first": np.mean(images - copies)
            ** 2,
            "this is the length of all differences as one vector (np.linalg.norm): square it, and divide by how many "
            "there are": sum(squares) ** 0.5,
            "the root of each image's error, then the mean of the roots: leave the square as it is": np.mean(
                np.sqrt(per_image)
            ),
            "this is divided by the images and by one side of an image only: divide by all pixels": sum(squares) / 12,
            "this is divided by the number of pixels of an image, not by the number of images: divide by both": sum(
                squares
            )
            / 20,
            "this is divided by 784 for each image, whatever its size: count the entries that come": sum(squares)
            / 2352,
            "the length of all differences, divided by how many there are: square the length first": sum(squares) ** 0.5
            / 60,
            "floats were turned into whole numbers, which cuts off all that is behind the point: turn into floats": 0.0,
            "these numbers have the three digits of float16: compute in float64": np.mean(
                (images.astype("float16") - copies.astype("float16")) ** 2
            ),
            "one was subtracted from the number of entries: a mean divides by all of them": sum(squares) / 59,
        },
    )
    whole = np.array([[3, 250]], dtype=np.uint8), np.array([[5, 10]], dtype=np.uint8)
    right = (4 + 240**2) / 2
    close(
        answer(*whole),
        right,
        "for images stored as whole numbers (uint8)",
        look="in uint8 there are no negative numbers: 3 - 5 becomes 254, and squares wrap round too. "
        "Turn the arrays into floats before you subtract",
        mistakes={"whole numbers were divided by 255: measure the arrays as they come": right / 255**2},
    )
    same = float(answer(images, images))
    require(same == 0, got=f"an error of {same:g} for equal images", expected="0", look="the difference")
