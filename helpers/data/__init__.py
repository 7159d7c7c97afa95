"""Images, signals and points: where they lie, the proof that they are whole, and how they are divided.

dataset.py    `load`: a data set with its training, validation and test part
sources.py    where files are looked for, and what proves them
download.py   fetching a full set, when it is allowed
idx.py        the format of MNIST's files
own_images.py `from_folder`: a student's own pictures
points.py     points in the plane: rings, spirals, moons
heartbeats.py signals with and without faults
"""

from helpers.data.dataset import DataNotFound, Dataset, flatten, load
from helpers.data.own_images import from_folder

__all__ = ["DataNotFound", "Dataset", "flatten", "from_folder", "load"]
