"""What one does with codings, the latent space: interpolate, map, explore.

interpolation.py lines, arcs and directions
sliders.py       widgets on the way between two codings and over a plane of two
explorer.py      a slider for each coding
map.py           a map on which images are selected
tsne.py          maps by t-SNE, and how far they can be trusted
"""

from helpers.codings.explorer import code_explorer
from helpers.codings.map import selection_map
from helpers.codings.sliders import interpolation_slider, manifold_view, reconstruction_explorer
from helpers.codings.tsne import map_accuracy, side_by_side, tsne_map

__all__ = [
    "code_explorer", "interpolation_slider", "manifold_view", "map_accuracy", "reconstruction_explorer",
    "selection_map", "side_by_side", "tsne_map",
]  # fmt: skip
