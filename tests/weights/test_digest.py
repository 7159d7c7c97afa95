"""The digest of code: what counts, what does not, and whether what ships still belongs to its code."""

import dataclasses
import linecache
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from helpers.weights import digest as weights_digest
from helpers.weights.digest import NoSource, digest
from tools.train import sources

PLAIN = '''
class Coder:
    """Codes."""

    size: int = 3

    def code(self, x: int) -> dict:
        return {"a": x * 2.0, 'b': f"{x!r:>{self.size}} px"}
'''
DRESSED = """
class Codec:
    size: "whole number" = 3  # a comment
    def code(self, x):
        "Another docstring."
        # and another comment
        return {
            'a': x * 2.0,
            "b": f"{x!r:>{self.size}} px",
        }
"""
LOWER = """
FACTOR = 2.0

class Base:
    def code(self, x):
        return halved(x)

def halved(x):
    return x / FACTOR
"""
UPPER = """
from helpers.gans.lower import Base
from helpers.gans import lower
from helpers.plots import colours

class Model(Base):
    def train(self, x, lower_bound=0):
        colours.paint(x)
        return lower.halved(x) - lower_bound

def again(x):
    from helpers.gans.lower import halved
    return again(halved(x)) if x else x
"""


def module(name: str, text: str, monkeypatch):
    """A module as if it lay in a file of that name."""
    file = f"/nowhere/{name}.py"
    monkeypatch.setitem(linecache.cache, file, (len(text), None, text.splitlines(keepends=True), file))
    made = types.ModuleType(name)
    made.__file__ = file
    monkeypatch.setitem(sys.modules, name, made)
    parent, _, leaf = name.rpartition(".")
    if parent in sys.modules:
        monkeypatch.setattr(sys.modules[parent], leaf, made, raising=False)
    exec(compile(text, file, "exec"), vars(made))
    return made


def world(monkeypatch, lower=LOWER, upper=UPPER, colours="def paint(x): return 1", place="helpers.gans.lower"):
    """(Model, again) of two small modules, one of which uses the other."""
    module("helpers.plots.colours", colours, monkeypatch)
    module(place, lower, monkeypatch)
    made = module("helpers.gans.upper", upper, monkeypatch)
    return made.Model, made.again


def test_the_digest_looks_at_the_program_and_not_at_its_dress(monkeypatch):
    plain = digest(module("notebook", PLAIN, monkeypatch).Coder)
    assert plain == "2:fa1c3a162a99a0b6c28931ebe123805a"  # the same in every version of Python
    assert digest(module("other", DRESSED, monkeypatch).Codec) == plain
    for a, b in (("2.0", "2"), ("size: int = 3", "size: int = 4"), ("'b'", "'c'"), ("x * 2.0", "2.0 * x")):
        assert a in PLAIN
        assert digest(module(f"changed {b}", PLAIN.replace(a, b), monkeypatch).Coder) != plain


@pytest.mark.parametrize(
    "change",
    [("x / FACTOR", "FACTOR / x"), ("FACTOR = 2.0", "FACTOR = 3.0"), ("return halved(x)", "return -halved(x)")],
    ids=["a function that is called", "a number that is used", "a parent class"],
)
def test_what_lies_below_counts(change, monkeypatch):
    before = digest(world(monkeypatch)[0])
    assert digest(world(monkeypatch, lower=LOWER.replace(*change))[0]) != before


def test_names_and_places_in_helpers_do_not_count(monkeypatch):
    before = [digest(one) for one in world(monkeypatch)]
    renamed = LOWER.replace("halved", "half").replace("FACTOR", "TWO").replace("Base", "Below")
    upper = UPPER.replace("halved", "half").replace("Base", "Below").replace("again", "once_more")
    upper = upper.replace("helpers.gans.lower", "helpers.metrics.depths").replace(
        "helpers.gans import lower", "helpers.metrics import depths"
    )
    upper = upper.replace("lower.half", "depths.half") + "again = once_more"
    after = world(monkeypatch, renamed, upper, place="helpers.metrics.depths")
    assert [digest(one) for one in after] == before


def test_what_only_shows_does_not_count_and_local_names_do(monkeypatch):
    before = digest(world(monkeypatch)[0])
    assert digest(world(monkeypatch, colours="def paint(x): return 2")[0]) == before
    assert digest(world(monkeypatch, upper=UPPER.replace("lower_bound", "floor"))[0]) != before


def test_a_local_variable_is_not_taken_for_a_module(monkeypatch):
    text = "from helpers.gans import lower\ndef f(lower):\n    return lower.halved(1)"
    world(monkeypatch)
    before = digest(module("helpers.gans.shadow", text, monkeypatch).f)
    world(monkeypatch, lower=LOWER.replace("x / FACTOR", "0"))
    assert digest(module("helpers.gans.shadow", text, monkeypatch).f) == before


def test_the_digest_of_numbers_and_of_what_has_no_source():
    assert digest({"a": 1, "b": (2.0, None)}) == digest({"b": [np.float64(2.0), None], "a": np.int64(1)})
    assert digest({"a": 1}) != digest({"a": 1.0}) != digest({"a": "1.0"}) != digest({"a": True})
    assert digest(world) == digest((world,)[0]) != digest(module)
    for thing, part in ((lambda x: x, "lambda"), (object(), "not object"), (eval("type('T', (), {})"), "T ")):
        with pytest.raises(NoSource, match=part):
            digest(thing)


def test_a_record_of_functions_counts_by_what_they_do(monkeypatch):
    @dataclasses.dataclass
    class Pair:
        one: object
        two: object

    _, again = world(monkeypatch)
    assert digest(Pair(again, 1)) == digest(Pair(again, 1)) != digest(Pair(again, 2))


def test_what_computes_is_named_by_folders_that_are_there(root):
    for name in weights_digest.COMPUTES:
        place = root / name.replace(".", "/")
        assert place.is_dir() or place.with_suffix(".py").is_file(), name


def test_all_that_ships_belongs_to_its_code(root):
    counted = [one["name"] for n in range(25) for one in sources.manifests(None, f"{n:02d}")]
    assert len(counted) >= 17 and not sources.stale(solutions=root / "solutions")


def test_stale_weights_are_found(root, tmp_path):
    for path in (root / "helpers" / "weights" / "shipped").glob("vae_*.json"):
        text = path.read_text(encoding="utf-8")
        Path(tmp_path / path.name).write_text(text.replace('"source": "2:', '"source": "2:0'), encoding="utf-8")
    assert sources.stale(tmp_path, root / "solutions") == ["vae_10", "vae_2"]
