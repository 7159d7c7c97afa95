"""Two widgets drawn by `helpers.scenes`: the turning plane in 3-D, and a map of codings with thumbnails."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from helpers.autoencoders.pca import scene as scenes
from helpers.plots import curves as plots
from helpers.plots import pixels
from helpers.plots.hourglass import check_plane
from helpers.plots.style import CLASS_COLOURS, as_images, to_unit
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

NEAREST = 12


def plane_explorer(points, mean, axes) -> None:
    """Turn points in 3-D and the plane that PCA found through them by hand.

    points: (n, 3).   mean: (3,).   axes: (2, 3), the plane's unit vectors as rows.
    Raises ValueError for other shapes.
    """
    points, mean, axes = check_plane(points, mean, axes)
    turn, tilt = scenes.angles_towards(axes[0])
    figure = plots.plane_in_3d(points, mean, axes, views=[(22.0, -60.0), (tilt, turn)])
    text = f"{len(points)} points in 3-D and the plane of PCA, from above and along the plane"
    with_twin(lambda: _plane_widget(points, mean, axes), figure, text)


def _plane_widget(points, mean, axes):
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
        panel.show(scenes.plane_scene(points, mean, axes, turn.value, tilt.value, size))

    @shows_errors(errors)
    def redraw(_=None) -> None:
        if not moving[0]:
            draw()

    def from_direction(direction):
        @shows_errors(errors)  # guarded once: a second guard around a failed drawing would wipe its message away
        def move(_) -> None:
            moving[0] = True  # two sliders move, one drawing is enough
            try:
                turn.value, tilt.value = scenes.angles_towards(direction)
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


def selection_map(Z, images, labels, class_names: Sequence[str] | None = None, *, title: str = "") -> None:
    """A map of codings with a cross-hair: the twelve nearest points are shown as images.

    Z: (n, 2), such as a t-SNE map.   images: n images in [0, 1].   labels: (n,) whole numbers from 0 to 9.
    Raises ValueError when the numbers differ.
    """
    figure = plots.image_map(Z, images, labels, class_names, title=title)  # checks the shapes
    Z, labels = np.asarray(Z, dtype=float), np.asarray(labels).astype(int).ravel()
    names = list(class_names) if class_names is not None else [f"class {c}" for c in range(labels.max() + 1)]
    pictures = to_unit(as_images(images))
    text = f"A map of {len(Z)} images in the plane, with some of them drawn in place"
    with_twin(lambda: _map_widget(Z, pictures, labels, names), figure, text)


def _map_widget(Z, pictures, labels, names):
    import ipywidgets as w

    scene = scenes.MapScene(Z, labels)
    present = [int(c) for c in np.unique(labels)]
    pick = w.Dropdown(options=[("all classes", None), *((names[c], c) for c in present)], description="class")
    long = w.Layout(width=f"{scene.size[0]}px")
    low, high = Z.min(0), Z.max(0)
    middle, step = (low + high) / 2, np.maximum(high - low, 1e-9) / 100
    x, y = (
        w.FloatSlider(middle[i], min=low[i], max=low[i] + 100 * step[i], step=step[i], description=name,
                      readout_format=".1f", layout=long)
        for i, name in enumerate(("across", "up"))
    )  # fmt: skip
    board = image_panel((scene.size[1], scene.size[0]), scale=1)
    h, wide = pictures.shape[1:3]
    count, columns = min(NEAREST, len(Z)), min(6, NEAREST, len(Z))
    rows = -(-count // columns)
    scale = scene.size[0] / (columns * (wide + 1))
    thumbs = image_panel((rows * (h + 1) - 1, columns * (wide + 1) - 1), scale=scale)
    words, errors = w.HTML(), error_area()
    chips = " ".join(
        '<span style="white-space: nowrap"><span style="background: white; '
        f'color: {CLASS_COLOURS[c % 10]}">■</span> {html.escape(names[c])}</span>'
        for c in present
    )

    @shows_errors(errors)
    def redraw(_=None) -> None:
        here = np.array([x.value, y.value])
        allowed = np.flatnonzero(labels == pick.value) if pick.value is not None else np.arange(len(Z))
        distance = (((Z[allowed] - here) / scene.span) ** 2).sum(1)
        near = allowed[np.argsort(distance, kind="stable")[:count]]
        board.show(scene.draw(here, near, pick.value))
        found = pictures[near]
        if len(found) < count:  # a small class: the empty places stay grey
            blank = np.full((count - len(found), *found.shape[1:]), pixels.GREY, found.dtype)
            found = np.concatenate([found, blank])
        thumbs.show(pixels.mosaic(found, columns))
        kinds, numbers = np.unique(labels[near], return_counts=True)
        order = np.argsort(-numbers, kind="stable")
        mixture = ", ".join(f"{numbers[i]} × {html.escape(names[kinds[i]])}" for i in order)
        words.value = f"The {len(near)} nearest, row by row from the nearest: {mixture}"

    for control in (pick, x, y):
        control.observe(redraw, "value")
    redraw()
    legend = w.HTML(chips, layout=long)
    box = w.VBox([w.HTML(CRISP), pick, x, y, board, legend, words, thumbs, errors])
    box.pick, box.x, box.y, box.board, box.thumbs = pick, x, y, board, thumbs
    box.words, box.errors = words, errors
    return box
