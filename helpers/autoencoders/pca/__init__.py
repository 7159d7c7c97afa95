"""Lesson 01: principal component analysis, and the linear autoencoder.

components.py PCA by the singular value decomposition
linear.py     linear autoencoders trained on the covariance alone
figures.py    points in space and their plane; cosines of rows and components
scene.py      the same, drawn quickly for widgets
widgets.py    components one by one, a plane turned by hand
"""

from helpers.autoencoders.pca import components, figures, linear, scene, widgets
from helpers.autoencoders.pca.components import pca
from helpers.autoencoders.pca.figures import plane_in_3d
from helpers.autoencoders.pca.linear import fit_covariance
from helpers.autoencoders.pca.widgets import component_explorer, plane_explorer

__all__ = [
    "component_explorer", "components", "figures", "fit_covariance", "linear", "pca", "plane_explorer",
    "plane_in_3d", "scene", "widgets",
]  # fmt: skip
