"""What is handed over: the right kind of thing, callable as the exercise calls it, and careful with its arguments."""

import functools
import inspect

import numpy as np
import pytest

from helpers.backend import keras, tf
from helpers.exercises import assertions, checking, registry
from helpers.exercises.checking import NOT_YET, PASSED

WORDS = "changes its argument"


class Thing:
    """A class as a reference."""

    def __init__(self, size, name="n"):
        self.size = size

    def grow(self, rows, by=1):
        return rows + by


def function(rows, k=2, *, scale=1.0):
    """A function as a reference."""


def judge_function(answer, seed):
    rows = np.arange(6.0).reshape(3, 2)
    assertions.close(answer(rows, 2, scale=3.0), rows * 3.0, "rows")


def judge_class(answer, seed):
    assertions.require(isinstance(answer, type), got="no class")
    assertions.close(answer(3).grow(np.arange(3.0), by=2), np.arange(3.0) + 2, "rows")


def judge_containers(answer, seed):
    answer([1, [2, 3]], {"a": np.zeros(2)}, {4}, np.arange(3))


def judge_swallows(answer, seed):
    try:
        answer([3, 1, 2], None, None, None)
    except Exception:
        return


@pytest.fixture
def register(monkeypatch):
    monkeypatch.setattr(registry, "_registry", dict(registry._registry))

    def add(judge, reference="function", **more):
        registry.exercise("99.1", "T", reference=f"{__name__}:{reference}", minutes=1, difficulty=1, hints=(),
                          **more)(judge)  # fmt: skip
        monkeypatch.setattr(registry.Exercise, "load_reference", lambda self: globals()[reference])
        return "99.1"

    return add


RIGHT = {
    "plain": lambda rows, k=2, *, scale=1.0: rows * scale,
    "other names": lambda X, how_many, scale: X * scale,
    "stars": lambda *args, **kwargs: args[0] * kwargs["scale"],
    "more with defaults": lambda rows, k, extra=4, *, scale, more=None: rows * scale,
    "partial": functools.partial(lambda factor, rows, k, scale: factor * rows * scale, 1.0),
    "a method": type("Own", (), {"f": lambda self, rows, k, scale: rows * scale})().f,
    "an object that can be called": type("Own", (), {"__call__": lambda self, rows, k, scale: rows * scale})(),
    "decorated, narrower than it looks": functools.wraps(lambda rows: None)(lambda rows, k, scale: rows * scale),
    "a copy changed": lambda rows, k, scale: np.multiply(rows.copy(), scale),
    "a compiled one": tf.function(lambda rows, k, scale: rows * scale),
}


@pytest.mark.parametrize("answer", RIGHT.values(), ids=RIGHT)
def test_right_answers_of_any_spelling_pass(register, answer):
    result = checking.verdict(register(judge_function), answer)
    assert result.kind == PASSED, result


UNFIT = {
    "too few": (lambda rows: rows, r"takes \(rows\)", "too few parameters"),
    "too many": (lambda rows, k, scale, more: rows, r"more\)", "more parameters than"),
    "other name": (lambda rows, k, factor: rows, "factor", "names the parameter `scale`"),
    "none at all": (lambda: 1, r"takes \(\)", "too few parameters"),
}


@pytest.mark.parametrize("answer, got, look", UNFIT.values(), ids=UNFIT)
def test_a_call_that_an_answer_cannot_take_is_told_by_parameters(register, answer, got, look):
    import re

    result = checking.verdict(register(judge_function), answer)
    assert result.kind == NOT_YET and re.search(got, result.got) and look in result.look, result
    assert result.expected == "(rows, k, scale)"


def test_a_type_error_inside_an_answer_is_its_own(register):
    result = checking.verdict(register(judge_function), lambda rows, k, scale: len(3))
    assert "stopped with TypeError: object of type 'int' has no len()" in result.got


HANDED = {
    "None": (None, "None in place of your function"),
    "array": (np.ones((3, 2)), "a result (ndarray of shape (3, 2)) in place of the function"),
    "tuple": ((1, 2), "a result (tuple of length 2) in place of the function"),
    "number": (3.0, "a result (float) in place of the function"),
    "tensor": (tf.ones(3), "in place of the function"),
    "text": ("function", "the text 'function' in place of the function"),
    "module": (np, "a module in place of the function"),
    "object": (object(), "in place of the function"),
}


@pytest.mark.parametrize("thing, words", HANDED.values(), ids=HANDED)
def test_what_is_no_function_is_said_to_be_none(register, thing, words):
    result = checking.verdict(register(judge_function), thing)
    assert result.kind == NOT_YET and words in result.got and result.look, result
    if thing is not None:
        assert result.expected == "the function function itself"


def test_an_object_in_place_of_its_class(register):
    task = register(judge_class, "Thing")
    assert checking.verdict(task, Thing).kind == PASSED
    for thing in (Thing(3), keras.layers.Dense(2), keras.Sequential()):
        result = checking.verdict(task, thing)
        assert f"an object of the class {type(thing).__name__} in place of the class" in result.got
        assert "without parentheses" in result.look


def test_a_method_that_cannot_be_called_as_asked(register):
    class Mine:
        def __init__(self, size):
            pass

        def grow(self, rows):
            return rows

    result = checking.verdict(register(judge_class, "Thing"), Mine)
    assert "`grow` takes (self, rows)" in result.got and result.expected == "(self, rows, by)", result


CHANGES = {
    "a list": lambda a, b, c, d: a.append(1),
    "a list reversed": lambda a, b, c, d: a.reverse(),
    "a list in a list": lambda a, b, c, d: a[1].pop(),
    "a dictionary": lambda a, b, c, d: b.update(z=1),
    "an array in a dictionary": lambda a, b, c, d: b["a"].fill(1.0),
    "a set": lambda a, b, c, d: c.clear(),
    "an array": lambda a, b, c, d: d.sort() or d.__setitem__(0, 9),
    "through a view": lambda a, b, c, d: d[::-1].__setitem__(0, 9),
    "by out": lambda a, b, c, d: np.add(d, 1, out=d),
    "by stars": lambda *all: all[0].clear(),
    "by keyword": lambda a, b=None, *rest: b.clear(),
    "its shape": lambda a, b, c, d: setattr(d, "shape", (3, 1)),
}


@pytest.mark.parametrize("answer", CHANGES.values(), ids=CHANGES)
@pytest.mark.filterwarnings("ignore:Setting the shape")
def test_a_changed_argument_is_refused_and_named(register, answer):
    result = checking.verdict(register(judge_containers), answer)
    assert result.kind == NOT_YET and WORDS in result.got and "copy" in result.look, result


def test_an_exercise_can_ask_for_a_change(register):
    task = register(judge_containers, changes=("a",))
    assert checking.verdict(task, CHANGES["a list"]).kind == PASSED
    assert checking.verdict(task, CHANGES["a set"]).kind == NOT_YET


def test_a_change_is_refused_also_when_the_check_swallows_it(register):
    assert checking.verdict(register(judge_swallows), lambda a, b, c, d: a.sort()).kind == NOT_YET


def test_a_method_that_changes_its_argument(register):
    class Mine(Thing):
        def grow(self, rows, by=1):
            rows += by
            return rows

    before = dict(vars(Mine))
    result = checking.verdict(register(judge_class, "Thing"), Mine)
    assert WORDS in result.got and "`rows`" in result.got
    assert dict(vars(Mine)) == before, "the class is as it was"


def judge_networks(answer, seed):
    def network():
        return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1), keras.layers.BatchNormalization()])

    answer(network(), [network(), "name"], keras.Sequential([keras.layers.Dense(1)]))


@pytest.mark.parametrize("asked", [(), ("one",), ("several",)], ids=str)
def test_changed_weights_are_refused_unless_they_are_asked_for(register, asked):
    task = register(judge_networks, changes=asked)

    def trains_one(one, several, unbuilt):
        one.layers[0].kernel.assign_add(np.ones((2, 1)))

    def trains_several(one, several, unbuilt):
        several[0].set_weights([weight + 1 for weight in several[0].get_weights()])

    for answer, name in ((trains_one, "one"), (trains_several, "several")):
        result = checking.verdict(task, answer)
        assert result.kind == (PASSED if name in asked else NOT_YET), result
        assert name in asked or f"`{name}`" in result.got, result
    if not asked:
        assert "weights of its argument `one`" in checking.verdict(task, trains_one).got
        assert "weights of its argument `several`" in checking.verdict(task, trains_several).got
        assert WORDS in checking.verdict(task, lambda one, several, unbuilt: several.reverse()).got


def test_a_network_may_be_used_built_and_changed_for_a_moment(register):
    def answer(one, several, unbuilt):
        one(np.ones((3, 2)), training=True)  # moves the averages of the normalization
        unbuilt(np.ones((3, 2)))
        kept = one.get_weights()
        one.layers[0].kernel.assign_add(np.ones((2, 1)))
        one.set_weights(kept)

    assert checking.verdict(register(judge_networks), answer).kind == PASSED


def test_what_lives_may_change(register):
    def judge(answer, seed):
        answer(tf.Variable(1.0), np.random.default_rng(0), iter([1, 2]))

    def answer(variable, rng, rows):
        variable.assign(3.0)
        rng.random()
        next(rows)

    assert checking.verdict(register(judge), answer).kind == PASSED


def test_a_check_sees_the_answers_own_name_signature_and_class(register):
    seen = []

    def judge(answer, seed):
        seen.append((getattr(answer, "__name__", None), str(inspect.signature(answer)), answer.__doc__, answer))

    def answer(rows, k=2):
        """Mine."""

    class Mine(keras.layers.Layer):
        """Own."""

        def __init__(self, units, **more):
            super().__init__(**more)
            self.units = units

        def build(self, input_shape):
            self.w = self.add_weight(shape=(input_shape[-1], self.units))

        def call(self, x, training=None):
            return x @ self.w

    task = register(judge)
    checking.verdict(task, answer)
    assert seen.pop()[:3] == ("answer", "(rows, k=2)", "Mine.")
    checking.verdict(task, Mine)
    assert seen.pop()[3] is Mine


def test_a_layer_of_the_students_works_as_ever_while_it_is_watched(register):
    def judge(answer, seed):
        layer = answer(4, name="own")
        assertions.shape(layer(tf.ones((2, 3)), training=True), (2, 4))
        assertions.require(type(layer).from_config(layer.get_config()).units == 4, got="another configuration")
        run = tf.function(answer(2).branch, input_signature=[tf.TensorSpec((None,))])
        assertions.close(run(tf.constant([-1.0, -2.0])), [1.0, 2.0], "the branch")

    class Mine(keras.layers.Layer):
        def __init__(self, units, **more):
            super().__init__(**more)
            self.units = units

        def build(self, input_shape):
            self.w = self.add_weight(shape=(input_shape[-1], self.units))

        def call(self, x, training=None):
            assert training or training is None
            return x @ self.w

        def branch(self, x):
            if tf.reduce_sum(x) > 0:
                return x
            return -x

    result = checking.verdict(register(judge, "Thing"), Mine)
    assert result.kind == PASSED, result


def test_a_function_of_the_students_is_translated_as_ever_while_it_is_watched(register):
    def judge(answer, seed):
        run = tf.function(answer, input_signature=[tf.TensorSpec((None,)), tf.TensorSpec((), tf.int32)])
        assertions.close(run(tf.constant([1.0, 2.0]), 3), 3.0, "the loop")
        assertions.close(tf.function(lambda x: answer(x, tf.constant(2)))(tf.constant([-1.0])), -1.0, "the branch")

    def answer(x, n):
        total = tf.zeros(())
        if tf.reduce_sum(x) > 0:
            for _ in tf.range(n):
                total += x[0]
        else:
            total -= 1.0
        return total

    result = checking.verdict(register(judge), answer)
    assert result.kind == PASSED, result


@pytest.mark.parametrize("value", [[[1.0], [1.0, 2.0]], [np.zeros(2), np.zeros((2, 2))], [tf.zeros(2), tf.zeros(3)]])
def test_parts_of_unequal_sizes_are_told_without_the_words_of_numpy(value):
    with pytest.raises(checking.NotYet) as told:
        assertions.array(value, "the distances")
    message = f"{told.value.got} / {told.value.expected}"
    assert "the distances" in message and "array of numbers" in message and "inhomogeneous" not in message
