"""A digest of the code that weights belong to: the same for the same program, however it is written down."""

from __future__ import annotations

import ast
import hashlib
import inspect
import linecache
import textwrap
import types

import numpy as np

# Fields of syntax trees that say nothing about what a program does, or that only some Python versions have.
SILENT = {"ctx", "kind", "type_comment", "type_ignores"}


class NoSource(ValueError):
    """The code of something cannot be read, so that nobody can tell whether weights belong to it."""


def digest(source) -> str:
    """32 hexadecimal digits that stand for classes, functions, modules and numbers.

    source: a class, function or module; None, a number, text or bool; or a tuple, list, set or dict of these.
    Comments, docstrings and formatting do not count; names, numbers and annotations do. A class stands for
    its own lines and not for those of its parents: name these too, where they may change.
    Raises NoSource for anything else, for a lambda, and for code that was typed where no source is kept.
    """
    return hashlib.sha256(_canonical(source).encode("ascii")).hexdigest()[:32]


def _canonical(value) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return f"{type(value).__name__}:{ascii(value)}"
    if isinstance(value, tuple | list):
        return "(" + ",".join(map(_canonical, value)) + ")"
    if isinstance(value, set | frozenset):
        return "{" + ",".join(sorted(map(_canonical, value))) + "}"
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{_canonical(k)}={_canonical(v)}" for k, v in value.items())) + "}"
    value = inspect.unwrap(getattr(value, "python_function", value))  # the second: what tf.function wraps
    if isinstance(value, type):
        return _tree(_class_tree(value))
    if isinstance(value, types.FunctionType | types.MethodType | types.ModuleType):
        if getattr(value, "__name__", "") == "<lambda>":
            raise NoSource("source holds a lambda, which has no lines of its own: write it as a function")
        return _tree(_parsed(value))
    kinds = "classes, functions, modules, numbers, texts, tuples and dictionaries"
    raise NoSource(f"source takes {kinds}, not {type(value).__name__}")


def _parsed(item) -> ast.AST:
    """The syntax tree of a function, class or module."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(item)))
    except (OSError, TypeError, SyntaxError) as error:
        raise NoSource(
            f"the source of {getattr(item, '__qualname__', item)} cannot be read ({error})"
        ) from None
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


def _tree(node) -> str:
    """A syntax tree as text, equal in all Python versions for the same program."""
    if isinstance(node, list):
        return "[" + ",".join(map(_tree, node)) + "]"
    if not isinstance(node, ast.AST):
        return f"{type(node).__name__}:{ascii(node)}"
    fields = dict(ast.iter_fields(node))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) and _docstring(
        node
    ):
        fields["body"] = node.body[1:]
    kept = [
        f"{name}={_tree(value)}"
        for name, value in sorted(fields.items())
        if name not in SILENT and value is not None and value != []
    ]
    return f"{type(node).__name__}({','.join(kept)})"


def _docstring(node) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str)
