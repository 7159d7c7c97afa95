"""A picture on the page that is redrawn in a millisecond or two: an ipywidgets Image fed with numpy arrays."""

from __future__ import annotations

import functools

import numpy as np

from helpers.plots import pixels

CRISP = "<style>.workbook-pixels img, img.workbook-pixels { image-rendering: pixelated; }</style>"


@functools.cache
def _panel_class():
    import ipywidgets  # here, since a workbook without ipywidgets still has its static pictures

    class Panel(ipywidgets.Image):
        """An image widget that takes arrays. `page` is the HTML that keeps enlarged pixels crisp."""

        def show(self, array) -> None:
            """Show an array (height, width) or (height, width, 3): floats in [0, 1] (clipped) or uint8."""
            array = np.asarray(array)
            if array.shape[:2] != self.shape or array.ndim not in (2, 3):
                raise ValueError(f"This panel shows {self.shape} pixels, got an array of shape {array.shape}.")
            if array.dtype != np.uint8:
                array = (np.clip(np.nan_to_num(array), 0, 1) * 255 + 0.5).astype(np.uint8)
            self.value = pixels.png(array)

    return Panel


def image_panel(shape: tuple[int, int], scale: float = 4):
    """An ipywidgets.Image of shape (height, width) pixels, each `scale` screen pixels wide.

    Feed it with `panel.show(array)`. Raises ImportError where ipywidgets is missing.
    """
    height, width = shape
    panel = _panel_class()(format="png", width=round(width * scale), height=round(height * scale))
    panel.shape = (height, width)
    panel.layout.width, panel.layout.height = f"{round(width * scale)}px", f"{round(height * scale)}px"
    panel.layout.object_fit = "fill"
    panel.add_class("workbook-pixels")
    panel.show(np.full(shape, pixels.GREY))
    return panel
