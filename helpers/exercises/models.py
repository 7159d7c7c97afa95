"""What a Keras model that is handed over must be, so that the rest of a notebook can use it."""

from helpers.exercises.assertions import require


def knows_its_shapes(model, what: str) -> None:
    """NotYet unless the model has one input and one output of known shapes, as keras.Sequential and functional models
    have. A model of a class of its own has none, and Autoencoder, for one, asks for them. what: "the encoder".
    """
    shapes = [getattr(model, name, None) for name in ("input_shape", "output_shape")]
    known = all(isinstance(shape, tuple) for shape in shapes)
    require(known or type(model).__module__.startswith("keras."), got=f"{what} as an object of the class "
            f"{type(model).__name__}, which does not tell the shapes of its input and output",
            expected="a model that does", look="keras.Sequential([keras.Input(…), …]) or keras.Model(inputs, outputs): "
            "later cells ask for input_shape and output_shape")  # fmt: skip
    require(known, got=f"{what} without sizes yet", expected="a built model with one input and one output",
            look="begin it with keras.Input((…,)), which tells the sizes")  # fmt: skip
