"""Pictures that any lesson may draw, and the style that all of them share.

style.py           colours, fonts, figures as PNG; workbook.mplstyle
learning_curves.py values over epochs, sizes or shares
grids.py           images in grids, rows, and beside their reconstructions
network_diagram.py the layers of a network, drawn as an hourglass
maps.py            images on a map of their codings
timelines.py       years and families of models
pixels.py          pictures made of pixels, without matplotlib
"""

from helpers.plots.grids import image_grid, image_rows, reconstructions
from helpers.plots.learning_curves import curves
from helpers.plots.maps import image_map
from helpers.plots.network_diagram import hourglass
from helpers.plots.style import CLASS_COLOURS, COLOURS, close, png_bytes, use_style
from helpers.plots.timelines import timeline, tree

__all__ = [
    "CLASS_COLOURS", "COLOURS", "close", "curves", "hourglass", "image_grid", "image_map", "image_rows",
    "png_bytes", "reconstructions", "timeline", "tree", "use_style",
]  # fmt: skip
