"""Training with a live display that can be stopped; schedules of the learning rate.

fitting.py   `fit`: as Keras' own, shown live, safe to interrupt
live.py      the display as a callback
images.py    what a model with a training step of its own looks at before it trains
live_page.py what the display looks like
schedules.py learning rates over the steps
"""

from helpers.training.fitting import fit
from helpers.training.live import Live
from helpers.training.schedules import WarmupCosine

__all__ = ["Live", "WarmupCosine", "fit"]
