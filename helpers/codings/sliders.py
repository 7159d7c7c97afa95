"""Pictures of what a decoder makes: between two codings, over the plane of two codings, beside the originals.

The explorer of single codings is in `explorer`.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from helpers.codings.interpolation import lerp, slerp
from helpers.plots import grids, pixels
from helpers.plots.style import as_images
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

MOST = 10  # images in the reconstruction explorer
REACH = (0.5, 3.5)
WIDE = 200  # screen pixels of one enlarged image
PATHS = ("linear", "spherical")


def decoded(decode, codings) -> np.ndarray:
    """decode(codings) as images: (n, k) → (n, h, w) or (n, h, w, 3), float32.

    Raises ValueError when decode does not return one finite image for each coding.
    """
    codings = np.asarray(codings, dtype=np.float32)
    images = as_images(decode(codings), "decode(codings)")
    if len(images) != len(codings):
        raise ValueError(f"decode made {len(images)} images from {len(codings)} codings; each coding needs one.")
    return images


def on_path(start, end, t, path: str = "linear") -> np.ndarray:
    """Codings on the way from start to end, both (k,), at the shares t (m,): (m, k).

    path: "linear", or "spherical" (slerp), which keeps to the arc between the two directions and so does not
    pass near the origin. For parallel or zero vectors there is no one arc, and the way is linear.
    """
    start, end = np.asarray(start, float), np.asarray(end, float)
    lengths = np.linalg.norm(start) * np.linalg.norm(end)
    angle = np.arccos(np.clip(start @ end / lengths, -1, 1)) if lengths > 0 else 0.0
    if path == "linear" or np.sin(angle) < 1e-6:
        return lerp(start, end, t)
    return slerp(start, end, t, angle)


def interpolation_slider(decode, start, end, steps: int = 9) -> None:
    """Go from one coding to another by hand, on a straight line or on an arc, and see the decoded images.

    decode: function, codings (n, k) → images (n, 28, 28).   start, end: (k,).   steps: images in the strip.
    Raises ValueError when start and end are not two codings of one size, or steps is below 2.
    """
    start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    if start.ndim != 1 or start.shape != end.shape or not start.size:
        raise ValueError(
            f"start and end must be two codings of one size, (k,); got {start.shape} and {end.shape}. "
            "Of an array of codings (n, k) take one row, such as codings[0]."
        )
    if not (np.isfinite(start).all() and np.isfinite(end).all()):
        raise ValueError("start and end must be finite; there is a nan or inf in them.")
    if int(steps) != steps or steps < 2:
        raise ValueError(f"steps must be a whole number from 2 up, got {steps}.")
    shares = np.linspace(0, 1, int(steps))
    both = decoded(decode, np.concatenate([on_path(start, end, shares, path) for path in PATHS]))
    strips = dict(zip(PATHS, np.split(both, 2), strict=True))
    text = f"{len(shares)} images between two codings, on a straight line and on an arc"
    with_twin(lambda: build_interpolation_slider(decode, start, end, strips), grids.image_rows(strips), text)


def build_interpolation_slider(decode, start, end, strips):
    import ipywidgets as w

    steps, h, wide = strips["linear"].shape[:3]
    share = w.FloatSlider(0, min=0, max=1, step=0.02, description="share", layout=w.Layout(width="480px"))
    path = w.Dropdown(options=PATHS, description="path")
    panel = image_panel((h, wide), scale=WIDE / wide)
    strip = image_panel((h, steps * (wide + 1) - 1), scale=min(4, 640 / (steps * (wide + 1))))
    words, errors = w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        here = on_path(start, end, [share.value], path.value)
        panel.show(decoded(decode, here)[0])
        strip.show(pixels.mosaic(np.clip(strips[path.value], 0, 1), steps))
        words.value = (
            f"<b>{100 * share.value:.0f} %</b> of the way; the length of the coding is {np.linalg.norm(here):.2f} "
            f"(start {np.linalg.norm(start):.2f}, end {np.linalg.norm(end):.2f})"
        )

    share.observe(redraw, "value")
    path.observe(redraw, "value")
    redraw()
    box = w.VBox([w.HTML(CRISP), share, path, panel, words, w.HTML("The whole way, from start to end"), strip, errors])
    box.share, box.path, box.panel, box.strip, box.words, box.errors = share, path, panel, strip, words, errors
    return box


def plane_codings(size: int, reach: float) -> np.ndarray:
    """Codings (size², 2) row by row, the first coding growing to the right and the second upwards.

    They lie at quantiles of the standard normal distribution, equally likely steps from −reach to reach.
    """
    line = norm.ppf(np.linspace(norm.cdf(-reach), norm.cdf(reach), size))
    x, y = np.meshgrid(line, line[::-1])
    return np.stack([x.ravel(), y.ravel()], axis=1)


def manifold_view(decode, size: int = 15, reach: float = 2.0) -> None:
    """The plane of two codings as a grid of decoded images; a slider sets how far it reaches.

    decode: function, codings (n, 2) → images (n, 28, 28).   size: images in one row.
    reach: the grid runs from −reach to reach standard deviations, 0.5 to 3.5.
    Raises ValueError when decode does not take two codings, or size or reach is out of range.
    """
    if int(size) != size or not 2 <= size <= 40:
        raise ValueError(f"size must be a whole number from 2 to 40, got {size}.")
    if not REACH[0] <= reach <= REACH[1]:
        raise ValueError(f"reach must be from {REACH[0]} to {REACH[1]} standard deviations, got {reach}.")
    size, grid = int(size), plane_codings(int(size), reach).astype(np.float32)
    try:
        made = decode(grid)
    except Exception as error:
        last = (str(error).strip().splitlines() or ["no word"])[0]
        raise ValueError(
            f"manifold_view draws the plane of 2 codings, but decode failed for codings of shape {grid.shape} "
            f"({type(error).__name__}: {last}). A decoder of more codings goes into code_explorer."
        ) from error
    images = decoded(lambda _: made, grid)
    figure = grids.image_grid(images, columns=size)
    text = f"A grid of {size} by {size} images decoded from two codings between {-reach:g} and {reach:g}"
    with_twin(lambda: build_manifold_view(decode, size, reach, images.shape[1:3]), figure, text)


def build_manifold_view(decode, size, reach, shape):
    import ipywidgets as w

    h, wide = shape
    far = w.FloatSlider(reach, min=REACH[0], max=REACH[1], step=0.1, description="reach", readout_format=".1f",
                        layout=w.Layout(width="480px"))  # fmt: skip
    panel = image_panel((size * (h + 1) - 1, size * (wide + 1) - 1), scale=min(4, 600 / (size * (wide + 1))))
    words, errors = w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        images = decoded(decode, plane_codings(size, far.value))
        panel.show(pixels.mosaic(np.clip(images, 0, 1), size))
        inside = (2 * norm.cdf(far.value) - 1) ** 2
        words.value = (
            f"Coding 1 grows to the right, coding 2 upwards, both from {-far.value:.1f} to {far.value:.1f}. "
            f"A normal draw falls inside this square in {100 * inside:.0f} % of cases."
        )

    far.observe(redraw, "value")
    redraw()
    box = w.VBox([w.HTML(CRISP), far, panel, words, errors])
    box.reach, box.panel, box.words, box.errors = far, panel, words, errors
    return box


def reconstruction_explorer(encode, decode, images) -> None:
    """Choose an image and see it, its reconstruction, and the difference.

    encode: function, images (n, 28, 28) → codings (n, k).   decode: function, codings (n, k) → images.
    images: at least one, values in [0, 1]; the first ten are used.
    Raises ValueError when the codings are not (n, k) or the reconstructions do not fit the images.
    """
    images = as_images(images)[:MOST]
    codings = np.asarray(encode(images))
    if codings.ndim != 2 or len(codings) != len(images):
        raise ValueError(
            f"encode must make codings (n, k) from {len(images)} images; it made an array of shape "
            f"{codings.shape}. Of an encoder with several outputs pass a function that returns one of them."
        )
    made = decoded(decode, codings)
    if made.shape != images.shape:
        raise ValueError(f"decode makes images of shape {made.shape}, which do not fit the originals {images.shape}.")
    figure = grids.reconstructions(images, {"reconstruction": made}, errors=True)
    text = f"{len(images)} images and their reconstructions from {codings.shape[1]} codings"
    with_twin(lambda: build_reconstruction_explorer(images, made), figure, text)


def build_reconstruction_explorer(images, made):
    import ipywidgets as w

    n, h, wide = images.shape[:3]
    picked = w.IntSlider(1, 1, n, description="image", layout=w.Layout(width="480px"))
    panel = image_panel((h, 3 * wide + 2), scale=WIDE / wide)
    words, errors = w.HTML(), error_area()
    mse = ((made - images) ** 2).reshape(n, -1).mean(1)

    @shows_errors(errors)
    def redraw(_=None) -> None:
        i = picked.value - 1
        pair, gone = np.clip(np.stack([images[i], made[i]]), 0, 1), made[i] - images[i]
        pair = pair[..., None].repeat(3, -1) if pair.ndim == 3 else pair
        gone = gone if gone.ndim == 2 else gone.mean(-1)
        panel.show(pixels.mosaic(np.concatenate([pair, pixels.signed_colours(gone[None], top=0.5)]), 3))
        words.value = f"<b>MSE of this image {mse[i]:.4f}</b>; of the {n} images {mse.mean():.4f}"

    picked.observe(redraw, "value")
    redraw()
    names = w.HTML("Original · reconstruction · difference (red: too bright, blue: too dark)")
    box = w.VBox([w.HTML(CRISP), picked, names, panel, words, errors])
    box.picked, box.panel, box.words, box.errors = picked, panel, words, errors
    return box
