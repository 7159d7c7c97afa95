"""PCA by hand: components one after the other, and a plane turned among points."""

from __future__ import annotations

import numpy as np

from helpers.autoencoders.pca import figures, scene
from helpers.autoencoders.pca.figures import check_plane
from helpers.plots import grids, pixels
from helpers.plots.style import as_images
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

MOST = 10  # images in a strip


def plane_explorer(points, mean, axes) -> None:
    """Turn points in 3-D and the plane that PCA found through them by hand.

    points: (n, 3).   mean: (3,).   axes: (2, 3), the plane's unit vectors as rows.
    Raises ValueError for other shapes.
    """
    points, mean, axes = check_plane(points, mean, axes)
    turn, tilt = scene.angles_towards(axes[0])
    figure = figures.plane_in_3d(points, mean, axes, views=[(22.0, -60.0), (tilt, turn)])
    text = f"{len(points)} points in 3-D and the plane of PCA, from above and along the plane"
    with_twin(lambda: build_plane_explorer(points, mean, axes), figure, text)


def build_plane_explorer(points, mean, axes):
    import ipywidgets as w

    look = {"step": 2, "readout_format": ".0f", "layout": w.Layout(width="440px")}
    turn = w.FloatSlider(-60, min=-180, max=180, description="turn (°)", **look)
    tilt = w.FloatSlider(22, min=-90, max=90, description="tilt (°)", **look)
    edge = w.Button(description="Along the plane", tooltip="Look at the plane from its edge")
    face = w.Button(description="Onto the plane", tooltip="Look at the plane from its front")
    size = (440, 400)
    panel, words, errors = image_panel((size[1], size[0]), scale=1), w.HTML(), error_area()
    residual = (points - mean) @ np.cross(axes[0], axes[1])
    moving = [False]

    def draw() -> None:
        panel.show(scene.plane_scene(points, mean, axes, turn.value, tilt.value, size))

    @shows_errors(errors)
    def redraw(_=None) -> None:
        if not moving[0]:
            draw()

    def from_direction(direction):
        @shows_errors(errors)  # guarded once: a second guard around a failed drawing would wipe its message away
        def move(_) -> None:
            moving[0] = True  # two sliders move, one drawing is enough
            try:
                turn.value, tilt.value = scene.angles_towards(direction)
            finally:
                moving[0] = False
            draw()

        return move

    for slider in (turn, tilt):
        slider.observe(redraw, "value")
    edge.on_click(from_direction(axes[0]))
    face.on_click(from_direction(np.cross(axes[0], axes[1])))
    distance = np.sqrt(np.mean(residual**2))
    words.value = f"▲ above the plane, ● below it. Root mean square distance to the plane: {distance:.3f}"
    redraw()
    box = w.VBox([turn, tilt, w.HBox([edge, face]), panel, words, errors])
    box.turn, box.tilt, box.edge, box.face, box.panel, box.errors = turn, tilt, edge, face, panel, errors
    return box


def component_explorer(components, mean, images, errors=None) -> None:
    """Slide the number of principal components and see images return from their mean.

    components: (K, d), one component a row, the strongest first.   mean: (d,).
    images: up to ten images with d pixels each, values in [0, 1].
    errors: (K,) validation MSE with 1, …, K components, printed beside the error of the images shown.
    Raises ValueError when the shapes do not fit.
    """
    steps = Components(components, mean, images, errors)
    shown = sorted({1, *(k for k in (2, 10, 30, 100) if k < steps.K), steps.K})
    shown = shown[-5:]
    figure = grids.reconstructions(
        steps.images,
        {f"k = {k}": steps.reconstruction(k) for k in shown},
        errors=True,
        title="From the first k components",
    )
    text = f"Images and their reconstructions from the first {', '.join(map(str, shown))} components"
    with_twin(lambda: build_component_explorer(steps), figure, text)


class Components:
    """Reconstructions of a few images from k = 0, …, K components, all computed beforehand."""

    def __init__(self, components, mean, images, errors):
        self.images = as_images(images)[:MOST]
        flat = self.images.reshape(len(self.images), -1).astype(np.float64)
        V, mean = np.asarray(components, dtype=float), np.asarray(mean, dtype=float).ravel()
        if V.ndim != 2 or V.shape[1] != flat.shape[1] or mean.size != flat.shape[1]:
            raise ValueError(
                f"The images have {flat.shape[1]} pixels, so components must be (K, {flat.shape[1]}) and mean "
                f"({flat.shape[1]},); got {V.shape} and {mean.shape}. One component is one row."
            )
        self.K = len(V)
        self.errors = None if errors is None else np.asarray(errors, dtype=float).ravel()
        if self.errors is not None and len(self.errors) != self.K:
            raise ValueError(f"{self.K} components need {self.K} errors, got {len(self.errors)}.")
        parts = ((flat - mean) @ V.T).T[:, :, None] * V[:, None, :]  # (K, n, d): what each component adds
        self.all = np.concatenate([np.broadcast_to(mean, (1, *flat.shape)), parts]).cumsum(0, dtype=np.float64)
        self.all = self.all.astype(np.float32)
        self.mse = np.stack([((r - flat) ** 2).mean(1) for r in self.all])  # (K + 1, n)

    def reconstruction(self, k: int) -> np.ndarray:
        return self.all[k].reshape(self.images.shape)


def build_component_explorer(steps: Components):
    import ipywidgets as w

    n, h, wide = steps.images.shape[:3]
    look = {"layout": w.Layout(width="520px"), "style": {"description_width": "100px"}}
    k = w.IntSlider(min(10, steps.K), 1, steps.K, description="components", **look)
    picked = w.IntSlider(1, 1, n, description="image", **look)
    trio = image_panel((h, 3 * wide + 2), scale=150 / wide)
    strip = image_panel((2 * h + 1, n * (wide + 1) - 1), scale=min(4, 560 / (n * (wide + 1))))
    kept = w.FloatProgress(value=0, min=0, max=1, description="variance kept", **look)
    words, errors = w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        i, made = picked.value - 1, steps.reconstruction(k.value)
        grey = np.clip(np.stack([steps.images[i], made[i]]), 0, 1)
        grey = grey[..., None].repeat(3, -1) if grey.ndim == 3 else grey
        gone = made[i] - steps.images[i]
        gone = gone if gone.ndim == 2 else gone.mean(-1)
        difference = pixels.signed_colours(gone[None], top=0.5)
        trio.show(pixels.mosaic(np.concatenate([grey, difference]), 3))
        strip.show(pixels.mosaic(np.clip(np.concatenate([steps.images, made]), 0, 1), n))
        share = 1 - steps.mse[k.value].mean() / max(steps.mse[0].mean(), 1e-12)
        kept.value = share
        average = "" if steps.errors is None else f" · validation MSE {steps.errors[k.value - 1]:.4f}"
        words.value = (
            f"<b>k = {k.value}</b>: MSE of this image {steps.mse[k.value, i]:.4f}, of the {n} images "
            f"{steps.mse[k.value].mean():.4f}{average}<br>"
            f"Variance about the mean that is kept in these images: {100 * share:.1f} %"
        )

    k.observe(redraw, "value")
    picked.observe(redraw, "value")
    redraw()
    names = w.HTML("Original · reconstruction · difference (red: too bright, blue: too dark)")
    box = w.VBox([w.HTML(CRISP), k, picked, names, trio, kept, words, w.HTML("All images, and their "
                  "reconstructions below them"), strip, errors])  # fmt: skip
    box.k, box.picked, box.trio, box.words, box.errors = k, picked, trio, words, errors
    return box
