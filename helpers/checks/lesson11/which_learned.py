"""The check of exercise 11.6: a test that says which networks a phase has changed."""

from collections.abc import Set
from types import SimpleNamespace

import numpy as np

from helpers.exercises.assertions import NotYet, require
from helpers.exercises.registry import exercise


@exercise(
    "11.6",
    "Who moved?",
    reference="helpers.gans.vanilla.measures:networks_moved",
    changes=("model",),
    minutes=15,
    difficulty=2,
    seconds=30.0,
    hints=(
        "Three parts: remember all weights of both networks, call phase(), compare.",
        "What you remember must be values, variable.numpy(): the variables themselves change under your hands. "
        "And every "
        "weight counts: a phase may have moved the last one only.",
        "before = {name: [v.numpy() for v in network.trainable_variables] for …}; phase(); then for each name: "
        "any(np.any(old "
        "!= v.numpy()) for old, v in zip(before[name], network.trainable_variables)).",
    ),
)
def check_networks_moved(answer, seed):
    import keras

    rng = np.random.default_rng(seed)

    def network(name, inputs, outputs):
        layers = [keras.layers.Dense(3), keras.layers.BatchNormalization(), keras.layers.Dense(outputs)]
        return keras.Sequential([keras.Input((inputs,)), *layers], name=name)

    model = SimpleNamespace(generator=network("first", 2, 4), discriminator=network("second", 4, 1))
    calls = []

    def moving(*changes):
        """A phase that adds to some entry of weight number `place` of a network (None: as little as there can be)."""

        def phase():
            calls.append(1)
            for which, place, amount in changes:
                variable = getattr(model, which).trainable_variables[place]
                new = variable.numpy().copy()
                entry = rng.integers(new.size)
                new.flat[entry] = (
                    np.nextafter(new.flat[entry], np.float32(9)) if amount is None else new.flat[entry] + amount
                )
                variable.assign(new)

        return phase

    def all_of(which):
        """A phase that moves every entry of every weight of a network."""

        def phase():
            calls.append(1)
            for variable in getattr(model, which).trainable_variables:
                variable.assign(variable.numpy() + 0.25)

        return phase

    def statistics():
        calls.append(1)
        for network_ in vars(model).values():
            for variable in network_.non_trainable_variables:
                variable.assign(variable.numpy().copy() + 1)

    g, d = "generator", "discriminator"
    last = len(model.generator.trainable_variables) - 1
    _judge(answer, model, moving(), set(), "a phase that does nothing", calls)
    _judge(answer, model, all_of(d), {d}, "a phase in which the discriminator learns", calls)
    _judge(answer, model, all_of(g), {g}, "a phase in which the generator learns", calls)
    few = (
        "a network has learned as soon as one entry of one of its weights has changed: `any`, and not `all`; and "
        "every weight counts, from the first to the last"
    )
    _judge(answer, model, moving((d, 0, 0.5)), {d}, "a phase that moves one entry of the discriminator", calls, few)
    _judge(answer, model, moving((g, 0, 0.5)), {g}, "a phase that moves one entry of the generator", calls, few)
    _judge(answer, model, moving((g, 0, 0.5), (d, 0, 0.5)), {g, d}, "a phase in which both learn", calls)
    every = "compare all weights of each network, from the first to the last; a fall is a change as well as a rise"
    for place in (1, last - 1, last):
        for which in (g, d):
            what = f"a phase that moves weight {place + 1} of {last + 1} of the {which}"
            _judge(answer, model, moving((which, place, -0.5)), {which}, what, calls, every)
    small = "any change counts, also a small one: compare for equality, and not with np.allclose"
    _judge(answer, model, moving((g, last, 1e-5)), {g}, "a phase with a change of 0.00001", calls, small)
    for which in (g, d):
        _judge(
            answer, model, moving((which, 0, None)), {which}, "a phase with the smallest change there is", calls, small
        )
    both = "changes that cancel out are changes: compare entry by entry, not the sums"
    for which in (g, d):

        def cancel(which=which):
            calls.append(1)
            variable = getattr(model, which).trainable_variables[0]
            new = variable.numpy().copy()
            new[0, 0] += 1
            new[1, 1] -= 1
            variable.assign(new)

        _judge(answer, model, cancel, {which}, "a phase whose changes add up to 0", calls, both)
    kept = "batch normalization's running averages are no learning: look at trainable_variables only"
    _judge(answer, model, statistics, set(), "a phase that moves only running averages", calls, kept)


def _judge(answer, model, phase, expected, what, calls, look=""):
    calls.clear()
    got = answer(model, phase)
    if got is None or isinstance(got, str) or not hasattr(got, "__iter__") or isinstance(got, dict):
        raise NotYet(
            got=f"{'a dictionary' if isinstance(got, dict) else repr(got)} for {what}",
            expected='a set of names, such as {"generator"}',
            look="is there a `return` at the end? A set may be empty: set()",
        )
    require(
        isinstance(got, Set), got=f"a {type(got).__name__} for {what}", expected='a set of names: {"generator"}',
        look="a set has no order and no doubles, and is equal to another with the same names: set(names)",
    )  # fmt: skip
    require(
        len(calls) == 1,
        got=f"{len(calls)} calls of phase()" if calls else "phase was not called",
        expected="exactly one call",
        look="remember the weights, phase(), compare",
    )
    names = {str(name) for name in got}
    strange = sorted(names - {"generator", "discriminator"})
    require(
        not strange, got=f"the name {strange[0] if strange else ''}", expected='"generator" and "discriminator"',
        look="the names of the attributes, not those that the Keras models give themselves",
    )  # fmt: skip
    if names != expected:
        unseen = expected and not names
        raise NotYet(
            got=f"{_said(names)} for {what}",
            expected=_said(expected),
            look=look
            or (
                "nothing was noticed: were the weights copied before phase() ran? The same variables, looked at "
                "twice, are "
                "always equal; variable.numpy() gives the values of this moment"
                if unseen
                else "keep the two networks apart: each with its own weights before and after"
                if expected
                else "nothing has changed here; compare values, not objects"
            ),
        )


def _said(names):
    return "{" + ", ".join(f'"{name}"' for name in sorted(names)) + "}" if names else "no network"
