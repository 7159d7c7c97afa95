"""`workbook.py train detective`: three trainings for each generator, and none for what was measured already."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.comparison import generators
from helpers.metrics import two_sample
from helpers.weights import store
from tools.train import detective

calls = []


def stub(real, made, held_real, held_made, *, seed):
    """In the place of the test: writes down its seed and the numbers of images."""
    calls.append((seed, len(real), len(made), len(held_real), len(held_made)))
    return {"accuracy": 0.5 + seed / 1000}


def toy(name, sha256="a"):
    return SimpleNamespace(name=name, title=name, facts={"sha256": sha256}, load=lambda: draw)


def draw(n, seed=0):
    return np.full((n, 28, 28), 0.0 if seed == 44 else 1.0, np.float32)


@pytest.fixture(autouse=True)
def _stubs(tmp_path, monkeypatch):
    calls.clear()
    monkeypatch.setattr(two_sample, "two_sample", stub)
    monkeypatch.setattr(store, "folder", lambda: tmp_path)
    monkeypatch.setattr(detective, "COUNT", 10)


def stored(tmp_path):
    return json.loads((tmp_path / "detective.json").read_text(encoding="utf-8"))


def test_it_writes_a_row_for_each_and_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(generators, "available", lambda: [toy("one"), toy("two")])
    detective.run(most=1)
    assert [call[0] for call in calls] == [42, 43, 44] and set(calls[0][1:3]) == {10} and calls[0][3] == calls[0][4]
    content = stored(tmp_path)
    assert list(content["rows"]) == ["one"] and 0.4 < content["real_black"] < 0.6
    assert content["rows"]["one"] == {"sha256": "a", "accuracy": [0.542, 0.543, 0.544], "black": 1.0}
    detective.run()
    assert len(calls) == 6 and list(stored(tmp_path)["rows"]) == ["one", "two"]
    monkeypatch.setattr(generators, "available", lambda: [toy("one", "other weights"), toy("two")])
    detective.run()
    assert len(calls) == 9 and stored(tmp_path)["rows"]["one"]["sha256"] == "other weights"
    monkeypatch.setattr(detective, "COUNT", 20)  # measured in another way: all of it again
    detective.run()
    assert len(calls) == 15
