"""A digest of the code that weights belong to: the same for the same program, however it is written down.

    digest((GAN.training_source, dcgan_pair, 0.5))              # "2:5f0c…"

What counts is what a program does. Comments, docstrings, annotations and formatting do not count, nor do
the names and places of functions, classes and numbers in `helpers`: a call of one of them stands for its own digest,
so a change deep below is noticed, and moving or renaming it is not one.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import importlib
import inspect
import linecache
import sys
import textwrap
import types

import numpy as np

FORM = 2
# Fields of syntax trees that say nothing about what a program does, or that only some Python versions have.
SILENT = {"ctx", "kind", "type_comment", "type_ignores", "annotation", "returns", "type_params"}
# What computes. The rest of `helpers` shows, stores or fetches: a new colour of a plot makes no weights stale.
COMPUTES = (
    *("helpers.autoencoders", "helpers.gans", "helpers.metrics", "helpers.codings", "helpers.backend"),
    *("helpers.training.schedules", "helpers.data.heartbeats", "helpers.data.points"),
)
SHOWS = ("figures", "score_figures", "game_figures", "widgets", "film", "film_player")


class NoSource(ValueError):
    """The code of something cannot be read, so that nobody can tell whether weights belong to it."""


def digest(source) -> str:
    """The form of the digest and 32 hexadecimal digits, for classes, functions, modules and numbers.

    source: a class, function or module; None, a number, text or bool; or a tuple, list, set or dict of these.
    A class of `helpers` stands for its parents, too, and a function for what it calls in `helpers`; names of
    arguments, attributes and local variables count.
    Raises NoSource for anything else, for a lambda, and for code that was typed where no source is kept.
    """
    return f"{FORM}:{_hash(_Reader().text(source))}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]


class _Reader:
    """Turns values and code into text; it knows what it is in the middle of, so that it does not run in circles."""

    def __init__(self):
        self.within: list = []
        self.known: dict[int, str] = {}

    def text(self, value) -> str:
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool | int | float | str):
            return f"{type(value).__name__}:{ascii(value)}"
        if isinstance(value, tuple | list):
            return "(" + ",".join(map(self.text, value)) + ")"
        if isinstance(value, set | frozenset):
            return "{" + ",".join(sorted(map(self.text, value))) + "}"
        if isinstance(value, dict):
            return "{" + ",".join(sorted(f"{self.text(k)}={self.text(v)}" for k, v in value.items())) + "}"
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return "record" + self.text({one.name: getattr(value, one.name) for one in dataclasses.fields(value)})
        value = _plain(value)
        if not isinstance(value, type | types.FunctionType | types.MethodType | types.ModuleType):
            kinds = "classes, functions, modules, numbers, texts, tuples and dictionaries"
            raise NoSource(f"source takes {kinds}, not {type(value).__name__}")
        if getattr(value, "__name__", "") == "<lambda>":
            raise NoSource("source holds a lambda, which has no lines of its own: write it as a function")
        return self.code(value)

    def code(self, item) -> str:
        """The digest of a function, class or module; inside itself, how many levels above it began."""
        for level, outer in enumerate(reversed(self.within)):
            if outer is item:
                return f"above:{level}"
        if id(item) not in self.known:
            self.within.append(item)
            try:
                text = _Code(item, self).text()
            finally:
                self.within.pop()
            if "above:" in text:  # it depends on where it was met
                return text
            self.known[id(item)] = f"code:{_hash(text)}"
        return self.known[id(item)]


class _Code:
    """The program text of one function, class or module, with what it names in `helpers` in place of the names."""

    def __init__(self, item, reader: _Reader):
        self.reader = reader
        self.tree = _class_tree(item) if isinstance(item, type) else _parsed(item)
        self.names = _names_around(item)
        self.ours = _is_ours(getattr(item, "__module__", None) or getattr(item, "__name__", ""))
        self.local = set()
        for node in ast.walk(self.tree):
            if _is_our_import(node):
                for alias in node.names:  # an import inside a body: known by what it brings
                    self.names[alias.asname or alias.name] = _imported(node.module, alias.name)
            elif isinstance(node, ast.arg):
                self.local.add(node.arg)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.local.add(node.id)

    def text(self) -> str:
        """The syntax tree as text, equal in all Python versions for the same program."""
        return self._tree(self.tree)

    def _tree(self, node) -> str:
        if isinstance(node, list):
            return "[" + ",".join(self._tree(item) for item in node if not _is_our_import(item)) + "]"
        if not isinstance(node, ast.AST):
            return f"{type(node).__name__}:{ascii(node)}"
        known = self._known(node)
        if known is not None:
            return known
        fields = dict(ast.iter_fields(node))
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if (named or isinstance(node, ast.Module)) and _docstring(node):
            fields["body"] = node.body[1:]
        if named and node is self.tree:
            del fields["name"]  # what it is called does not change what it does
        kept = [
            f"{name}={self._tree(value)}"
            for name, value in sorted(fields.items())
            if name not in SILENT and value is not None and value != []
        ]
        return f"{type(node).__name__}({','.join(kept)})"

    def _known(self, node) -> str | None:
        """What stands for something of `helpers`: the digest of its code, its value, or else its bare name."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = self._named(node.value.id)
            ours = isinstance(owner, types.ModuleType) and _is_ours(owner.__name__)
            return (
                self._stands_for(getattr(owner, node.attr), node.attr) if ours and hasattr(owner, node.attr) else None
            )
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found = self._named(node.id)
            if found is not None and (self.ours or _is_ours(getattr(found, "__module__", None) or "")):
                return self._stands_for(found, None)
        return None

    def _named(self, name: str):
        return None if name in self.local else self.names.get(name)

    def _stands_for(self, found, name: str | None) -> str | None:
        found = _plain(found)
        if isinstance(found, types.ModuleType):
            return None
        if isinstance(found, type | types.FunctionType):
            if _computes(found.__module__ or ""):
                return self.reader.code(found)
            return f"name:{ascii(found.__name__)}"
        try:
            return f"value:{self.reader.text(found)}"
        except NoSource:  # some object: its name is all that can be told of it
            return None if name is None else f"name:{ascii(name)}"


def _plain(value):
    """What a decorator, or tf.function, has wrapped."""
    return inspect.unwrap(getattr(value, "python_function", value))


def _is_ours(module: str) -> bool:
    return module.split(".")[0] == "helpers"


def _computes(module: str) -> bool:
    inside = any(module == one or module.startswith(one + ".") for one in COMPUTES)
    return inside and module.rpartition(".")[2] not in SHOWS


def _is_our_import(node) -> bool:
    return isinstance(node, ast.ImportFrom) and _is_ours(node.module or "")


def _imported(module: str, name: str):
    owner = importlib.import_module(module)
    return getattr(owner, name) if hasattr(owner, name) else importlib.import_module(f"{module}.{name}")


def _names_around(item) -> dict:
    """The global names that the code of a function, class or module sees."""
    if isinstance(item, types.ModuleType):
        return dict(vars(item))
    function = getattr(item, "__func__", item)
    if isinstance(function, types.FunctionType):
        return dict(function.__globals__)
    methods = (getattr(one, "fget", None) or getattr(one, "__func__", one) for one in vars(item).values())
    found = next((one.__globals__ for one in methods if isinstance(one, types.FunctionType)), None)
    return dict(found if found is not None else vars(sys.modules.get(item.__module__, types.ModuleType("none"))))


def _parsed(item) -> ast.AST:
    """The syntax tree of a function, class or module."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(item)))
    except (OSError, TypeError, SyntaxError) as error:
        raise NoSource(f"the source of {getattr(item, '__qualname__', item)} cannot be read ({error})") from None
    return tree if isinstance(item, types.ModuleType) else tree.body[0]


def _class_tree(cls: type) -> ast.AST:
    """The syntax tree of a class, also of one written in a notebook, which `inspect` does not find."""
    for method in vars(cls).values():
        method = getattr(method, "fget", None) or getattr(method, "__func__", method)
        code = getattr(inspect.unwrap(method) if callable(method) else method, "__code__", None)
        if code is None:
            continue
        lines = linecache.getlines(code.co_filename)
        try:
            tree = ast.parse("".join(lines))
        except SyntaxError:  # a cell with a line of IPython's
            continue
        for node in ast.walk(tree):
            inside = isinstance(node, ast.ClassDef) and node.lineno <= code.co_firstlineno <= node.end_lineno
            if inside and node.name == cls.__name__:
                return node
    return _parsed(cls)


def _docstring(node) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str)
