"""The generic mutants: which there are for a solution, and that each goes wrong in the way it says."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.checks import generic, spoilt

FUNCTION = '''
def shares(X: np.ndarray, Y: np.ndarray, k: int, rng: np.random.Generator, model: keras.Model) -> None:
    """Text."""
    ### BEGIN SOLUTION
    noise = rng.random(X.shape) >= k
    mean = ops.mean(ops.square(X), axis=0)
    return np.mean(noise > mean, axis=1), len(X), keras.random.normal((2,), seed=7), np.argsort(Y, axis=1)
    ### END SOLUTION
'''
CLASS = '''
class Layer(Base):
    """Text."""

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate

    def call(self, inputs: tf.Tensor):
        """Text."""
        ### BEGIN SOLUTION
        return self.game(self.rate * inputs, self.weight)
        ### END SOLUTION
'''
NETWORK = '''
def network(codings: int) -> keras.Model:
    """Text."""
    ### BEGIN SOLUTION
    model = keras.Sequential([keras.Input((codings,)), keras.layers.Dense(3, name="one")])
    model.add(keras.layers.Dense(2, activation="relu"))
    return model
    ### END SOLUTION
'''
PARAMETERS = '''
def total(a: int, b: int, c: int, d: int, e: int) -> int:
    """Text."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION
'''


def described(source, kind, **more):
    return [one.description for one in generic.generic_mutants(source, **more) if one.kind == kind]


def test_each_kind_finds_its_places_in_a_function():
    assert described(FUNCTION, "argument") == [f"changed in place: {name}" for name in ("X", "Y", "model")]
    assert described(FUNCTION, "argument", changes=("model", "X")) == ["changed in place: Y"]
    assert described(FUNCTION, "numpy") == ["ops.mean -> np.mean", "ops.square -> np.square", "NumPy for all ops"]
    assert described(FUNCTION, "parameter") == ["as in the first call: k", "as in the first call: rng"]
    assert described(FUNCTION, "copy") == ["a copy of: model"]
    assert described(FUNCTION, "chance") == [
        "rng.random with seed 0",
        "keras.random.normal((2,), seed=7) -> seed=0",
        "keras.utils.set_random_seed(0) in shares",
    ]
    assert described(FUNCTION, "edge") == ["rng.random(X.shape) >= k -> rng.random(X.shape) > k",
                                           "noise > mean -> noise >= mean"]  # fmt: skip
    assert described(FUNCTION, "keyword") == ["ops.mean(ops.square(X), axis=0) without axis",
                                              "np.mean(noise > mean, axis=1) without axis"]  # fmt: skip
    assert described(FUNCTION, "other") == ["X -> Y in ops.square(X)", "Y -> X in np.argsort(Y, axis=1)"]


def test_each_kind_finds_its_places_in_a_class():
    assert described(CLASS, "parameter") == ["as in the first call: rate of __init__"]
    assert described(CLASS, "hook") == ["super().game for self.game", "as in the first call: self.weight"]
    assert described(CLASS, "gradient") == ["no gradient by: inputs of call"]
    assert described(CLASS, "dropout") == ["dropout after return self.game(self.rate * inputs, self.weight)"]


def test_dropout_comes_between_layers():
    first, second, third = (one for one in generic.generic_mutants(NETWORK) if one.kind == "dropout")
    assert "keras.Input((codings,)), keras.layers.Dropout(0.5), keras.layers.Dense" in first.source
    assert "name='one'), keras.layers.Dropout(0.5)])" in second.source
    model = run(third.source, "network")(4)
    assert [type(layer).__name__ for layer in model.layers] == ["Dense", "Dense", "Dropout"]


def test_few_of_each_kind_are_the_same_few_each_time():
    most = [one for one in generic.generic_mutants(NETWORK) if one.kind == "node"]
    few = generic.generic_mutants(PARAMETERS, few=True)
    assert [one.description[-1] for one in few if one.kind == "parameter"] == ["a", "e"]
    assert [one for one in generic.generic_mutants(NETWORK, few=True) if one.kind == "node"] == most


def test_no_text_comes_twice_and_none_is_the_solution():
    for source in (FUNCTION, CLASS, NETWORK):
        texts = [one.source for one in generic.generic_mutants(source)]
        assert len(texts) == len(set(texts)) and source not in texts
        for text in texts:
            compile(text, "<mutant>", "exec")


def run(source, name):
    names = {"np": np, "keras": keras, "tf": tf, "ops": keras.ops}
    exec(source, names)
    return names[name]


def double(x, by=2):
    return [2 * one for one in x] if isinstance(x, list) else by * x


@pytest.mark.parametrize("given", [np.ones(3), np.array([True, False]), [1, 2], [1], {"a": 1}, {3}], ids=str)
def test_changed_after_gives_the_right_result_and_changes(given):
    def right(thing):
        return str(thing)

    before = str(given)
    assert spoilt.changed_after(right, "thing")(given) == before != str(given)


def test_changed_after_moves_the_weights_of_a_network():
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    before = network.get_weights()
    spoilt.changed_after(lambda model: None, "model")(network)
    assert all(np.all(old + 1 == new) for old, new in zip(before, network.get_weights(), strict=True))


def test_first_kept_knows_the_first_value_only():
    kept = spoilt.first_kept(double, "by")
    assert [kept(5), kept(5, 3), kept(5, by=7), double(5, 3)] == [10, 10, 10, 15]
    assert inspect.signature(kept) == inspect.signature(double)


def test_first_of_keeps_a_value_for_each_name():
    first = spoilt.first_of()
    assert [first("a", 1), first("b", 2), first("a", 3), spoilt.first_of()("a", 4)] == [1, 2, 1, 4]


def test_detached_is_right_and_has_no_gradient():
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        right, cut = double(x), spoilt.detached(double, "x")(x)
    assert np.array_equal(right, cut) and tape.gradient(right, x) is not None and tape.gradient(cut, x) is None


def test_copied_gives_another_network_with_equal_weights():
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    for given, pick in ((network, lambda got: got), ([network, 3], lambda got: got[0])):
        copy = pick(spoilt.copied(lambda model: model, "model")(given))
        assert copy is not network and copy.weights[0] is not network.weights[0]
        assert np.array_equal(copy.get_weights()[0], network.get_weights()[0])


def test_in_training_is_felt_in_training_only():
    class Mine(keras.layers.Layer):
        def call(self, x):
            return spoilt.in_training(x)

    x = np.ones((10, 10), "float32")
    assert np.all(Mine()(x) == 1) and np.any(Mine()(x, training=True) == 0)
