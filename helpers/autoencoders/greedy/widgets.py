"""A slider over the stages of a training: what the same images look like after each of them."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np

from helpers.plots import grids, pixels
from helpers.plots.style import as_images
from helpers.widgets.display import error_area, shows_errors, with_twin
from helpers.widgets.panel import CRISP, image_panel

MOST = 10  # images in a strip
BLUE = "#0072B2"


def stage_explorer(stages: Mapping[str, object], originals, errors: Mapping[str, float] | None = None) -> None:
    """Slide through the stages of a training and see the reconstructions of the same images at each.

    stages: {"one layer": reconstructions of `originals`, "two layers": …}, in the order of the slider.
    originals: up to ten images in [0, 1], (n, 28, 28) or flat.   errors: {stage: validation MSE}; without it, the
    error of the images shown is printed alone.
    Raises ValueError for no stages, images that do not fit, or a stage without an error.
    """
    film = StageFilm(stages, originals, errors)
    figure = grids.reconstructions(film.images, film.made, errors=True)
    text = f"Images, and their reconstructions at the stages {', '.join(film.made)}"
    with_twin(lambda: build_stage_explorer(film), figure, text)


class StageFilm:
    """The images at every stage, checked, and the error of each."""

    def __init__(self, stages, originals, errors):
        self.images = as_images(originals, "originals")[:MOST]
        self.made = {str(name): as_images(images, str(name))[:MOST] for name, images in stages.items()}
        if not self.made:
            raise ValueError("stage_explorer needs the reconstructions of at least one stage.")
        for name, images in self.made.items():
            if images.shape != self.images.shape:
                raise ValueError(f"{name}: {images.shape} does not fit the originals {self.images.shape}.")
        self.own = {name: float(np.mean((made - self.images) ** 2)) for name, made in self.made.items()}
        self.errors = None if errors is None else {str(name): float(error) for name, error in errors.items()}
        missing = [] if self.errors is None else [name for name in self.made if name not in self.errors]
        if missing:
            raise ValueError(f"There is no error for the stage {missing[0]!r}; errors has {list(self.errors)}.")

    def bars(self, now: str) -> str:
        """The error of every stage as a bar, the present one in colour: HTML."""
        errors = self.errors or self.own
        top = max(errors[name] for name in self.made) or 1.0
        rows = []
        for name in self.made:
            colour, weight = (BLUE, "bold") if name == now else ("#9aa0a6", "normal")
            rows.append(
                f'<div style="display:flex;align-items:center;font-weight:{weight}">'
                f'<span style="width:230px;text-align:right;padding-right:8px">{html.escape(name)}</span>'
                f'<span style="width:{260 * errors[name] / top:.0f}px;height:11px;background:{colour}"></span>'
                f'<span style="padding-left:6px">{errors[name]:.4f}</span></div>'
            )
        return "".join(rows)


def build_stage_explorer(film: StageFilm):
    import ipywidgets as w

    n, height, wide = film.images.shape[:3]
    names = list(film.made)
    stage = w.SelectionSlider(options=names, value=names[0], description="stage", continuous_update=True,
                              layout=w.Layout(width="560px"))  # fmt: skip
    strip = image_panel((3 * height + 2, n * (wide + 1) - 1), scale=min(4, 600 / (n * (wide + 1))))
    words, bars, errors = w.HTML(), w.HTML(), error_area()

    @shows_errors(errors)
    def redraw(_=None) -> None:
        made = film.made[stage.value]
        gone = made - film.images
        gone = gone if gone.ndim == 3 else gone.mean(-1)
        shown = np.clip(np.concatenate([film.images, made]), 0, 1)
        shown = shown[..., None].repeat(3, -1) if shown.ndim == 3 else shown
        strip.show(pixels.mosaic(np.concatenate([shown, pixels.signed_colours(gone, top=0.5)]), n))
        whole = "" if film.errors is None else f"validation MSE {film.errors[stage.value]:.4f} · "
        words.value = f"<b>{html.escape(stage.value)}</b>: {whole}MSE of these images {film.own[stage.value]:.4f}"
        bars.value = film.bars(stage.value)

    stage.observe(redraw, "value")
    redraw()
    legend = w.HTML("Originals · reconstructions · difference (red: too bright, blue: too dark)")
    box = w.VBox([w.HTML(CRISP), stage, words, legend, strip, bars, errors])
    box.stage, box.strip, box.words, box.bars, box.errors = stage, strip, words, bars, errors
    return box
