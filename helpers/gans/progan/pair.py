"""What a growing network needs besides its layers and its `call`, which a lesson writes.

    class Critic(GrowingNetwork):
        def __init__(self, widths): …; self.make_weights(lambda stage: zeros of its images)
        def call(self, images, stage=None, alpha=1.0, training=None): …

`Generator` and `Discriminator` in networks.py are the same with everything built in; their weights ship.
"""

from __future__ import annotations

from collections.abc import Callable

from helpers.gans.progan.networks import Growing


class GrowingNetwork(Growing):
    """A growing network that is written elsewhere.

    A subclass makes its layers in `__init__` and calls `make_weights` at the end. `blocks` has a list of layers for
    each stage but the first, `images` a layer from or to an image for each stage; all others work at every stage.
    """

    def make_weights(self, example: Callable) -> None:
        """Run the network once at each stage, so that all its layers make their weights. example: stage → input."""
        self.built = True
        for stage in range(self.last_stage + 1):
            self.call(example(stage), stage=stage, alpha=0.5)

    def active_layers(self, stage: int) -> list:
        later = [layer for block in self.blocks[stage:] for layer in block]
        images = [layer for place, layer in enumerate(self.images) if place not in (stage - 1, stage)]
        idle = {id(layer) for layer in (*later, *images)}
        return [layer for layer in self._flatten_layers(include_self=False, recursive=False) if id(layer) not in idle]
