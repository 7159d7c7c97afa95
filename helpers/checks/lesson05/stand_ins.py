"""What stand-ins for Keras models give, so that an answer may treat them as it would treat the model."""

import numpy as np


class Given(np.ndarray):
    """An array that has `.numpy()` too, as the tensors have that a Keras model gives when it is called."""

    def numpy(self) -> np.ndarray:
        """The same numbers as a plain array."""
        return np.array(self)


def as_given(values) -> Given:
    """`values` as what a called model gives: an array with `.numpy()`."""
    return np.asarray(values).view(Given)
