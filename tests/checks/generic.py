"""Generic mutants: small changes of a lesson's own solution that its check has to notice.

Each kind is a function from a solution to (description, source). The first kind changes one node of the syntax tree, in
the ways listed at the end of the file; the others look at the whole answer: its parameters, its libraries, its chance.
"""

import ast
import contextlib
import copy
from typing import NamedTuple

import numpy as np

from tools.build import source as build_source

NETWORKS = ("Model", "Autoencoder", "Layer", "Dense")  # parts of the annotations of networks
LAST_AXIS = ("axis=1", "axis=-1")  # the last axis of a matrix
DEFAULTS = {  # what a keyword says that is so without it, too
    None: ("padding='valid'", "training=False", "epochs=1"),
    "argsort": LAST_AXIS,
    "sort": LAST_AXIS,
    "take_along_axis": LAST_AXIS,
}
# Keywords that change what a thing is called, what is printed or refused, or how fast it goes; and **options.
OF_NO_EFFECT = ("name", "verbose", "strict", "seed", "unroll", None)

NO_HOOKS = ("add_weight", "note")  # methods of the base class that nobody replaces


class Mutant(NamedTuple):
    """One changed solution: its kind, what was changed, and the changed source."""

    kind: str
    description: str
    source: str


def generic_mutants(source: str, changes=(), few=False) -> list[Mutant]:
    """The generic mutants of a solution, each text once.

    changes: the arguments that it is asked to change. few: for a check that takes long, all of the first kind, and of
    each other kind the first and the last one only.
    """
    answer = _Solution(source, changes)
    seen, found = {ast.unparse(answer.tree)}, []
    for kind, make in KINDS.items():
        new = []
        for description, text in make(answer):
            if text not in seen:
                seen.add(text)
                new.append(Mutant(kind, description, text))
        found += [new[0], new[-1]] if few and make is not changed_nodes and len(new) > 2 else new
    return found


class _Solution:
    """A solution as a tree, with the parts that mutants ask for."""

    def __init__(self, source, changes=()):
        self.source, self.tree, self.changes = source, ast.parse(source), changes
        self.inside = _blank_lines(source)
        self.answer = next(node for node in self.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
        self.is_class = isinstance(self.answer, ast.ClassDef)
        self.functions = [
            node for node in (self.answer.body if self.is_class else [self.answer]) if isinstance(node, ast.FunctionDef)
        ]

    def blanks(self):
        """The functions and methods with something between the markers."""
        return [one for one in self.functions if any(one.lineno <= line <= one.end_lineno for line in self.inside)]

    def parameters(self, functions):
        """(function, name, annotation, what it is called in a description) of every parameter but self and **."""
        for function in functions:
            for item in function.args.args:
                if item.arg != "self":
                    words = item.arg if not self.is_class else f"{item.arg} of {function.name}"
                    yield function, item.arg, ast.unparse(item.annotation) if item.annotation else "", words

    def nodes(self):
        """(path, node) of every node between the markers."""
        return [pair for pair in _nodes(self.tree) if getattr(pair[1], "lineno", None) in self.inside]

    def text(self, node) -> str:
        return " ".join(ast.unparse(node).split())

    def spoilt(self, how: str, function, name: str) -> str:
        """The solution with one of its functions spoilt by `how` of tests/checks/spoilt.py."""
        place = f"{self.answer.name}.{function.name}" if self.is_class else self.answer.name
        return f"from tests.checks import spoilt\n\n{self.source}\n{place} = spoilt.{how}({place}, {name!r})\n"

    def replaced(self, path, new) -> str:
        return ast.unparse(_replace(self.tree, path, new))


def changed_arguments(answer):
    """The right result, and then an argument is changed in place."""
    writable = ("ndarray", "list", "dict", "Sequence", *NETWORKS)
    for function, name, annotation, words in answer.parameters(answer.functions):
        if name not in answer.changes and any(kind in annotation for kind in writable):
            yield f"changed in place: {words}", answer.spoilt("changed_after", function, name)


def numpy_for_ops(answer):
    """NumPy in place of keras.ops or TensorFlow, in one call, and in all: no gradient, no compiled step."""

    def is_meant(node):
        return (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) in ("ops", "keras.ops", "tf")
            and hasattr(np, node.attr)
        )

    class Everywhere(ast.NodeTransformer):
        def visit_Attribute(self, node):
            self.generic_visit(node)
            return _attribute("np", node.attr) if is_meant(node) else node

    found = [(path, node) for path, node in answer.nodes() if is_meant(node)]
    for path, node in found:
        yield f"{ast.unparse(node)} -> np.{node.attr}", answer.replaced(path, _attribute("np", node.attr))
    if found:
        everywhere = Everywhere().visit(copy.deepcopy(answer.tree))
        yield "NumPy for all ops", ast.unparse(ast.fix_missing_locations(everywhere))


def gradients_cut(answer):
    """The right result, without a gradient by one of the tensors."""
    functions = [one for one in answer.functions if one.name == "call"] if answer.is_class else answer.functions
    for function, name, annotation, words in answer.parameters(functions):
        if "Tensor" in annotation or (answer.is_class and annotation == "list"):
            yield f"no gradient by: {words}", answer.spoilt("detached", function, name)


def ignored_parameters(answer):
    """What a parameter is in the first call it stays for ever."""
    simple = ("int", "float", "str", "bool", "tuple", "Callable", "Generator", "list")
    for function, name, annotation, words in answer.parameters(answer.functions):
        if annotation.split("[")[0].split(" | ")[0].split(".")[-1] in simple and name not in ("input_shape", "inputs"):
            yield f"as in the first call: {words}", answer.spoilt("first_kept", function, name)


def ignored_hooks(answer):
    """The base class's own method, whatever a subclass says; or an attribute for ever as it is at first."""
    stored = {node.attr for _, node in _nodes(answer.tree) if isinstance(node, ast.Attribute) and _is_store(node.ctx)}
    found = {}
    for path, node in answer.nodes():
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) == "self"
            and node.attr not in (*stored, *NO_HOOKS)
        ):
            found.setdefault(node.attr, (path, node))
    for name, (path, node) in found.items():
        if path[-1][0] == "func":
            yield f"super().{name} for self.{name}", answer.replaced(path, _attribute("super()", name))
        else:
            first = "from tests.checks import spoilt\n_first = spoilt.first_of()\n"
            kept = ast.Call(ast.Name("_first"), [ast.Constant(name), node], [])
            yield f"as in the first call: self.{name}", first + answer.replaced(path, kept)


def copied_networks(answer):
    """A copy with equal weights where the network itself is to be used or trained."""
    for function, name, annotation, words in answer.parameters(answer.blanks()):
        returns = ast.unparse(function.returns) if function.returns else ""
        handed_on = any(kind in returns for kind in ("Sequential", "None", "History", *NETWORKS))
        if handed_on and any(kind in annotation for kind in ("list", *NETWORKS)):
            yield f"a copy of: {words}", answer.spoilt("copied", function, name)


def frozen_chance(answer):
    """The same random numbers at every call."""
    fresh = _expression("np.random.default_rng(0)")
    stored = {node.id for _, node in answer.nodes() if isinstance(node, ast.Name) and _is_store(node.ctx)}
    for path, node in answer.nodes():
        text = answer.text(node)
        if isinstance(node, ast.Call) and text.startswith("np.random.default_rng("):
            yield f"{text} -> seed 0", answer.replaced(path, fresh)
        elif text in ("rng", "self.rng") and text not in stored and not isinstance(node, ast.arg):
            yield f"{answer.text(_parent(answer.tree, path))} with seed 0", answer.replaced(path, fresh)
        elif isinstance(node, ast.Call) and text.startswith("keras.random."):
            keywords = [item for item in node.keywords if item.arg != "seed"]
            seeded = ast.Call(node.func, node.args, [*keywords, ast.keyword("seed", ast.Constant(0))])
            yield f"{text} -> seed=0", answer.replaced(path, seeded)
    for function in answer.blanks():
        text = ast.unparse(function)
        if "keras.random." in text and "self.generator" not in text:  # a generator of its own is not touched by it
            changed = copy.deepcopy(function)
            changed.body.insert(1 if ast.get_docstring(function) else 0, _statement("keras.utils.set_random_seed(0)"))
            path = next(path for path, node in _nodes(answer.tree) if node is function)
            yield f"keras.utils.set_random_seed(0) in {function.name}", answer.replaced(path, changed)


def added_dropout(answer):
    """Dropout between layers, or behind the result of a layer or model."""
    dropout = _expression("keras.layers.Dropout(0.5)")
    for path, node in answer.nodes():
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "keras.Sequential" and node.args:
            layers = getattr(node.args[0], "elts", ())
            for place in range(1, len(layers) + 1):
                before = layers[place - 1]
                changed = copy.deepcopy(node)
                changed.args[0].elts.insert(place, dropout)
                yield f"dropout after {answer.text(before)}", answer.replaced(path, changed)
        elif isinstance(node, ast.Expr) and ".add(keras.layers" in ast.unparse(node):
            both = [node, _statement(f"{ast.unparse(node.value.func)}(keras.layers.Dropout(0.5))")]
            yield f"dropout after {answer.text(node)}", answer.replaced(path, ast.If(ast.Constant(True), both, []))
        elif (
            isinstance(node, ast.Return)
            and not isinstance(node.value, ast.Name)  # an input that is handed back, as outside of training
            and any(one.name == "call" and one.lineno <= node.lineno <= one.end_lineno for one in answer.blanks())
        ):
            call = ast.Call(_attribute("spoilt", "in_training"), [node.value], [])
            text = answer.replaced(path, ast.Return(call))
            yield f"dropout after {answer.text(node)}", f"from tests.checks import spoilt\n{text}"


def edges(answer):
    """≥ for >, ≤ for <, and the other way round."""
    swaps = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
    for path, node in answer.nodes():
        if isinstance(node, ast.Compare) and type(node.ops[0]) in swaps:
            changed = ast.Compare(node.left, [swaps[type(node.ops[0])](), *node.ops[1:]], node.comparators)
            yield f"{answer.text(node)} -> {answer.text(changed)}", answer.replaced(path, changed)


def dropped_keywords(answer):
    """A keyword is forgotten, where that makes a difference."""
    for path, node in answer.nodes():
        if isinstance(node, ast.Call):
            for index, item in enumerate(node.keywords):
                called = ast.unparse(node.func).split(".")[-1]
                if item.arg in OF_NO_EFFECT or ast.unparse(item) in DEFAULTS.get(called, DEFAULTS[None]):
                    continue
                rest = [*node.keywords[:index], *node.keywords[index + 1 :]]
                changed = ast.Call(node.func, node.args, rest)
                yield f"{answer.text(node)} without {item.arg}", answer.replaced(path, changed)


def other_parameters(answer):
    """In one place another parameter of the same type; not where only a size is asked for, which is often the same."""
    for function in answer.blanks():
        kinds = {name: annotation for _, name, annotation, _ in answer.parameters([function])}
        for path, node in answer.nodes():
            if not (isinstance(node, ast.Name) and node.id in kinds and not _is_store(node.ctx)):
                continue
            if not function.lineno <= node.lineno <= function.end_lineno:
                continue
            for other, annotation in kinds.items():
                if other != node.id and annotation == kinds[node.id]:
                    parent = answer.text(_parent(answer.tree, path))
                    if parent in (f"{node.id}.shape", f"len({node.id})", f"ops.shape({node.id})"):
                        continue
                    yield f"{node.id} -> {other} in {parent}", answer.replaced(path, ast.Name(other))


def changed_nodes(answer):
    """An operator, an axis, a term, a constant, the order of two arguments …"""
    for path, node in answer.nodes():
        for changed in _changes(node):
            before, after = answer.text(node), answer.text(changed)
            if before != after:
                yield f"{before} -> {after}", answer.replaced(path, changed)


KINDS = {
    "node": changed_nodes,
    "argument": changed_arguments,
    "numpy": numpy_for_ops,
    "gradient": gradients_cut,
    "parameter": ignored_parameters,
    "hook": ignored_hooks,
    "copy": copied_networks,
    "chance": frozen_chance,
    "dropout": added_dropout,
    "edge": edges,
    "keyword": dropped_keywords,
    "other": other_parameters,
}
OVER_SEEDS = ("parameter", "hook", "chance")  # checks draw arguments of their own from each seed


def _blank_lines(source) -> set[int]:
    inside, lines = False, set()
    for place, line in enumerate(source.splitlines(), start=1):
        if line.strip() in (build_source.BEGIN, build_source.END):
            inside = line.strip() == build_source.BEGIN
        elif inside:
            lines.add(place)
    return lines


def _nodes(node, path=()):
    """Every node with its path of (field, index) from the root."""
    yield path, node
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from _nodes(value, (*path, (name, None)))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield from _nodes(item, (*path, (name, index)))


def _parent(tree, path):
    for name, index in path[:-1]:
        tree = getattr(tree, name) if index is None else getattr(tree, name)[index]
    return tree


def _replace(tree, path, new):
    tree = copy.deepcopy(tree)
    parent = _parent(tree, path)
    name, index = path[-1]
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new
    return ast.fix_missing_locations(tree)


def _is_store(context) -> bool:
    return isinstance(context, ast.Store)


def _expression(text):
    return ast.parse(text, mode="eval").body


def _statement(text):
    return ast.parse(text).body[0]


def _attribute(owner, name):
    return ast.Attribute(_expression(owner), name)


_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_COMPARISONS = {ast.Lt: ast.GtE, ast.Gt: ast.LtE, ast.Eq: ast.NotEq}
_COMPARISONS.update({new: old for old, new in _COMPARISONS.items()})


def _changes(node):
    """The changed versions of one node."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in _OPERATORS:
            yield ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right)
        if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow):
            yield node.left
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        yield ast.Compare(node.left, [_COMPARISONS[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant | ast.UnaryOp):
        yield from (ast.keyword(node.arg, value) for value in _other_values(node.arg, node.value))
    elif isinstance(node, ast.Call) and len(node.args) >= 2:
        yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    elif isinstance(node, ast.Slice) and node.step is not None:
        yield ast.Slice(node.lower, node.upper, None)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) and not (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ):
        yield ast.Pass()
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value


def _other_values(name, node):
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif name == "axis":
        with contextlib.suppress(ValueError, TypeError):
            yield ast.Constant(1 if ast.literal_eval(node) == 0 else 0)
