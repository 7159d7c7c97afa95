"""What is kept of a StyleGAN once it is trained.

    kept = Kept(gan)                                     # as a model for helpers.weights: a third of the gan's size
    weights.load_or_train(kept, "stylegan_16", train, …)
    kept.settle()                                        # the last stage, and the generator as its average
"""

from __future__ import annotations


class Kept:
    """The averaged generator of a StyleGAN and its mean style: all that painting needs.

    The discriminator and the newest generator are left out, so a training cannot go on from here.
    """

    def __init__(self, gan):
        self.gan = gan

    @property
    def weights(self) -> list:
        """Those of the averaged generator, then the mean style."""
        return [*self.gan.averaged.weights, self.gan.mean_style]

    @property
    def history(self):
        """The History of the gan's last `fit`, or None."""
        return getattr(self.gan, "history", None)

    def settle(self):
        """Put the gan into its last stage, fully faded in, with the average as its generator; returns the gan."""
        self.gan.set_stage(self.gan.last_stage)
        self.gan.generator.set_weights(self.gan.averaged.get_weights())
        return self.gan
