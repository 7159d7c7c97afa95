"""What was handed over as an answer: the right kind of thing at all? And does it leave its arguments alone?"""

import functools
import inspect
import re
import sys
import types
from contextlib import contextmanager

import numpy as np

from helpers.exercises.assertions import NotYet, short
from helpers.exercises.surroundings import untraced
from helpers.exercises.wording import as_text

_NETWORK = "network"  # what `held` calls the weights of a network
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial, np.ufunc)


def require_kind(answer, load_reference) -> None:
    """Raise NotYet when `answer` is no function or class at all, or an object where a class is asked for.

    load_reference: called only when that is needed to know what is asked for.
    """
    if isinstance(answer, (type, *_FUNCTIONS)):
        return
    if answer is None:
        raise NotYet(
            got="None in place of your function or class",
            expected="the function or class itself",
            look="run the cell that defines it again, then this one. A line such as `name = print(…)` gives None to "
            "a name, and so does a decorator that returns nothing",
        )
    reference = load_reference()
    wanted = "class" if isinstance(reference, type) else "function"
    name = getattr(reference, "__name__", "")
    if callable(answer) and wanted == "function":
        return
    if isinstance(answer, str):
        got, look = f"the text {short(answer)}", "leave out the quotation marks: the name alone"
    elif isinstance(answer, types.ModuleType):
        got, look = "a module", f"name what is in it: the {wanted} alone"
    elif wanted == "class" and (callable(answer) or _is_object_of_own_class(answer)):
        got, look = f"an object of the class {type(answer).__name__}", "the name alone, without parentheses after it"
    else:
        got = f"a result ({_kind(answer)})"
        look = "the name alone, without parentheses after it: the check calls it, with arguments of its own"
    raise NotYet(got=f"{got} in place of the {wanted}", expected=f"the {wanted} {name}".rstrip() + " itself", look=look)


def _is_object_of_own_class(thing) -> bool:
    return type(thing).__module__.split(".")[0] not in ("builtins", "numpy", "tensorflow")


def _kind(thing) -> str:
    kind, size = type(thing).__name__, getattr(thing, "shape", None)
    if size is not None:
        return f"{kind} of shape {as_text(size)}"
    return f"{kind} of length {len(thing)}" if isinstance(thing, list | tuple | dict | set) else kind


class Guard:
    """Stands between a check and an answer, and notes in `miss` what is wrong with how the answer takes arguments."""

    def __init__(self, load_reference, changes=()):
        self.load_reference, self.changes, self.miss = load_reference, tuple(changes), None

    @contextmanager
    def around(self, answer):
        """What the check is to call in place of `answer`.

        A function gets a function around it, with its name and signature. A class stays what it is, so that nothing
        that looks at it can tell; only its methods have functions around them while the block runs.
        """
        if isinstance(answer, type):
            with self._methods(answer):
                yield answer
        elif isinstance(answer, (types.FunctionType, types.MethodType, functools.partial)):
            yield self._stand_in(answer)
        else:
            yield answer

    @contextmanager
    def _methods(self, answer):
        found = {}
        try:
            for name, value in list(vars(answer).items()):
                special = name.startswith("__") and name not in ("__init__", "__call__")
                if isinstance(value, types.FunctionType) and not special and _is_of_a_notebook(answer):
                    setattr(answer, name, self._stand_in(value, method=True))
                    found[name] = value
            yield
        finally:
            for name, value in found.items():
                setattr(answer, name, value)

    def _stand_in(self, function, method=False):
        signature = _signature(function)
        before, after, misfit, unwatched = map(_untranslated, (self._before, self._after, self._misfit, untraced))

        @functools.wraps(function)
        def stand_in(*args, **kwargs):
            kept = before(signature, args, kwargs, method)
            try:
                result = function(*args, **kwargs)
            except TypeError as error:
                misfit(signature, args, kwargs, method, error)
                raise
            finally:
                unwatched()  # the answer may have left a debugger on, which would then watch the check
            after(kept)
            return result

        if signature is not None and (not method or function.__name__ == "__init__"):
            # For those who do not look through wraps. A bound method would show its `self` by it, in Keras' `build`.
            stand_in.__signature__ = signature
        return stand_in

    def _before(self, signature, args, kwargs, method):
        """What the arguments hold now: [(name, the argument, what it holds)]."""
        try:
            bound = signature.bind(*args, **kwargs)
        except (TypeError, AttributeError):  # it does not fit, or nobody knows the signature
            return []
        given = list(bound.arguments.items())[1 if method else 0 :]
        return [(name, value, held(value)) for name, value in given if name not in self.changes]

    def _misfit(self, signature, args, kwargs, method, error):
        """Own words for a call that the answer cannot take; nothing for a TypeError from inside it."""
        if method or error.__traceback__.tb_next is not None:
            return
        words = as_text(error)
        if re.search(r"\(\) (takes|missing|got )|argument", words):
            theirs = _parameters(_signature(self.load_reference()))
            self.refuse(_signature_miss(_parameters(signature), theirs, len(args), list(kwargs), words))

    def _after(self, kept):
        """Compare."""
        for name, value, before in kept:
            now = held(value)
            if same(before, now):
                continue
            if retrained(before, now):
                self.refuse(NotYet(
                    got=f"your function changes the weights of its argument `{name}`",
                    expected=f"`{name}` with the weights that it had before the call",
                    look="nothing is to be trained here: `fit`, `assign` and `set_weights` change the network that was "
                    "handed over. Put back what has to change for a moment",
                ))  # fmt: skip
            self.refuse(NotYet(
                got=f"your function changes its argument `{name}`: the caller's own data",
                expected=f"`{name}` as it was before the call",
                look="work on a copy, or make a new object: `X = X - m` makes one, while `X -= m`, `X[…] = …`, "
                "`list.reverse()`, `.sort()`, `.pop()` and `.append()` change the one that was handed over",
            ))  # fmt: skip

    def refuse(self, miss):
        """Note the first miss, and raise it; somebody on the way may swallow the exception, but not the note."""
        self.miss = self.miss or miss
        raise miss

    def method_miss(self, answer, error):
        """NotYet in place of Python's TypeError for a call that a method (or a function of the answer) cannot take."""
        found = re.search(r"(\w+)\(\) (?:takes|missing|got an unexpected|got multiple|got some positional)", error)
        if not found or not isinstance(answer, type):
            return None
        name = found.group(1)
        mine, theirs = vars(answer).get(name), getattr(self.load_reference(), name, None)
        if not isinstance(mine, types.FunctionType) or not callable(theirs):
            return None
        mine, theirs = _parameters(_signature(mine)), _parameters(_signature(theirs))
        if not theirs or mine == theirs:
            return None
        return NotYet(
            got=f"`{name}` takes ({', '.join(mine)}), and is called otherwise",
            expected=f"({', '.join(theirs)})",
            look=f"the parameters of `{name}`, as the cell gives them",
        )


def _is_of_a_notebook(cls) -> bool:
    return cls.__module__.split(".")[0] not in ("helpers", "keras", "tensorflow", "builtins")


def _untranslated(function):
    """`function`, of which AutoGraph (which turns the code of a ``tf.function`` into a graph) keeps its hands."""

    def plain(*args):
        return function(*args)

    plain.autograph_info__ = {}
    return plain


def _signature_miss(mine, theirs, positional, keywords, error):
    strange = [name for name in keywords if name not in mine]
    stars = any(one.startswith("*") for one in mine)
    if positional + len(keywords) > len(mine) and not stars:
        look = "too few parameters for what the exercise hands over"
    elif strange and not any(one.startswith("**") for one in mine):
        look = f"the exercise names the parameter `{strange[0]}` when it calls: keep the names of the cell"
    elif "missing" in error:
        look = "more parameters than the exercise hands over: leave the others out, or give them a default value"
    else:
        look = f"the first line of the function, as the cell gives it ({error})"
    return NotYet(
        got=f"your function takes ({', '.join(mine)})",
        expected=f"({', '.join(theirs)})" if theirs else f"{positional + len(keywords)} arguments",
        look=look,
    )


def _signature(function):
    """The signature, or None when nobody knows."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def _parameters(signature) -> list[str]:
    """The names of the parameters, stars included."""
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    found = signature.parameters.values() if signature else ()
    return [stars.get(one.kind, "") + one.name for one in found]


def held(value, depth: int = 4):
    """A copy of what an argument holds: arrays, lists, dictionaries and sets, those inside them, a network's weights.

    Of anything else (variables, generators, iterators) only which object it is: these live, and change.
    """
    kind = type(value)
    if kind is np.ndarray and value.dtype != object:
        return np.ndarray, value.copy()
    if depth and kind in (list, tuple):
        return kind, [held(one, depth - 1) for one in value]
    if depth and kind is dict:
        return kind, [(key, held(one, depth - 1)) for key, one in value.items()]
    if kind in (set, bytearray):
        return kind, kind(value)
    weights = _weights(value)
    return (None, value) if weights is None else (_NETWORK, (value, weights))


def _weights(value):
    """Copies of a network's weights, but for the averages that it keeps of what passes; None for anything else.

    None as well inside a compiled function, where no weight has a value to compare.
    """
    keras, tf = sys.modules.get("keras"), sys.modules.get("tensorflow")
    if keras is None or not isinstance(value, keras.layers.Layer) or not tf.executing_eagerly():
        return None
    return [np.array(one.numpy()) for one in value.weights if not one.name.startswith("moving_")]


def same(before, now) -> bool:
    """Whether two results of `held` tell of the same contents."""
    kind, old = before
    if kind is not now[0]:
        return False
    new = now[1]
    if kind is np.ndarray:
        return old.shape == new.shape and old.dtype == new.dtype and old.tobytes() == new.tobytes()
    if kind == _NETWORK:
        pairs = zip(old[1], new[1], strict=False)  # weights that are new come from building it, which is no change
        return old[0] is new[0] and all(a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in pairs)
    if kind in (list, tuple):
        return len(old) == len(new) and all(map(same, old, new))
    if kind is dict:
        return len(old) == len(new) and all(a is b and same(x, y) for (a, x), (b, y) in zip(old, new, strict=True))
    return old == new if kind else old is new


def retrained(before, now) -> bool:
    """Whether two results of `held` that are not the same tell of a network that has other weights now."""
    (kind, old), (other, new) = before, now
    if kind == other == _NETWORK:
        return old[0] is new[0] and not same(before, now)
    return kind in (list, tuple) and kind is other and len(old) == len(new) and any(map(retrained, old, new))
