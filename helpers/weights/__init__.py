"""Weights that ship, and those of a training under way. `shipped/` holds the files.

store.py   `load_or_train`: shipped weights if they fit, else a training
archive.py the files on disk, read whole or not at all
digest.py  a fingerprint of the code that weights belong to
backup.py  a training that was killed goes on
"""

from helpers.weights.archive import data_text
from helpers.weights.store import load, load_or_train, manifest

__all__ = ["data_text", "load", "load_or_train", "manifest"]
