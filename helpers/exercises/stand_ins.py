"""What an answer gets in place of networks and of what they give: used as Keras' own are used."""

import numpy as np

from helpers.exercises.assertions import NotYet


class Output(np.ndarray):
    """An array that also has a tensor's `.numpy()`."""

    def numpy(self) -> np.ndarray:
        return np.asarray(self)


def as_output(values) -> Output:
    """`values` as an array with a tensor's `.numpy()`."""
    return np.asarray(values).view(Output)


def model_like(function):
    """`function` of an array as something that may be called with `training=` and has `.predict`, as a model has.

    What it gives also has a tensor's `.numpy()`. Lessons hand such functions to answers, too: what a check accepts runs
    in the lesson. Further arguments, such as a noise level, are passed on.
    """

    class Model:
        def __call__(self, inputs, *more, training=False):
            return as_output(function(np.asarray(inputs), *more))

        def predict(self, inputs, *more, batch_size=None, verbose=0):
            return np.asarray(function(np.asarray(inputs), *more))

        predict_on_batch = predict
        call = __call__

    return Model()


def its_own_step(gan, network, optimizer, player: str) -> None:
    """NotYet unless a step of a GAN improves its discriminator, with that network's optimizer. player: its name there.

    For the `improve` of a stand-in, while the answer to a discriminator's phase runs.
    """
    if network is not gan.discriminator or optimizer is not gan.discriminator_optimizer:
        raise NotYet(
            got="a step of another network, or with another optimizer",
            expected=f"one step: the {player}'s, with the {player}'s optimizer",
            look="self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)",
        )
