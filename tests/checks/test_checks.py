"""The check itself: its verdicts, its limits, its words, and that it never stops a student."""

import asyncio
import dataclasses
import functools
import hashlib
import io
import linecache
import os
import sys
import time
import types

import numpy as np
import pytest

from helpers.exercises import assertions, checking, limits, progress_log, registry
from helpers.exercises.checking import NOT_ATTEMPTED, NOT_YET, PASSED
from helpers.metrics.reconstruction import mse
from tests.checks import in_lesson, proof


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path))
    monkeypatch.delenv("WORKBOOK_STRICT", raising=False)


@pytest.fixture
def task(monkeypatch):
    """An exercise of a lesson that does not exist: return 2 x."""
    monkeypatch.setattr(registry, "_registry", dict(registry._registry))

    @registry.exercise(
        "99.1",
        "Double",
        reference="helpers.metrics.reconstruction:mse",
        minutes=1,
        difficulty=1,
        hints=("a", "b", "c"),
        seconds=0.5,
    )
    def check_double(answer, seed):
        assertions.close(answer(3.0), 6.0, "twice 3", look="multiply", mistakes={"this is the square": 9.0})

    return "99.1"


def test_three_verdicts_and_what_is_handed_back(task, capsys):
    def right(x):
        return 2 * x

    assert checking.check(task, right) is right
    assert "passed" in capsys.readouterr().out
    assert checking.check(task, lambda x: x**2) is mse
    said = capsys.readouterr().out
    assert "not yet" in said and "this is the square" in said and "workbook's own version" in said

    def blank(x):
        raise NotImplementedError

    assert checking.check(task, blank) is mse
    assert "not attempted" in capsys.readouterr().out


def test_strict_raises(task, monkeypatch):
    monkeypatch.setenv("WORKBOOK_STRICT", "1")
    with pytest.raises(checking.CheckFailed, match="this is the square"):
        checking.check(task, lambda x: x**2)
    with pytest.raises(KeyError):
        checking.check("99.7", lambda x: x)


@pytest.mark.parametrize(
    "line, holds",
    [
        ("name = check(id, name)", "reference"),
        ("name = check(\n    id,\n    name,\n)", "reference"),
        ("name = other = check(id, name)", "answer"),
        ("name = str(check(id, name))", "answer"),
        ("check(id, name)", "answer"),
        ("def inside():\n    global name\n    name = check(id, name)\ninside()", "reference"),
        ("def inside():\n    name = check(id, 1)\ninside()", "answer"),
        ("\n".join(f"a{i} = 0" for i in range(300)) + "\nname = check(id, name)", "reference"),
    ],
)
def test_strict_assigns_before_it_raises(task, monkeypatch, line, holds):
    monkeypatch.setenv("WORKBOOK_STRICT", "1")
    answer = lambda x: x**2  # noqa: E731
    names = {"check": checking.check, "id": task, "name": answer}
    with pytest.raises(checking.CheckFailed):
        exec(line, names)
    assert names["name"] is {"reference": mse, "answer": answer}[holds]


def test_an_unknown_id_is_told_not_raised(capsys):
    assert checking.check("0.7", 5) == 5
    assert "This lesson has 0.1" in capsys.readouterr().out
    checking.hint("nonsense")
    assert "Ids look like" in capsys.readouterr().out


def test_the_students_own_line_is_shown(task):
    source = "def answer(x):\n    y = x + 1\n    return y / 0\n"
    names = {}
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(True), "<cell>")
    exec(compile(source, "<cell>", "exec"), names)
    result = checking.verdict(task, names["answer"])
    assert result.kind == NOT_YET and "ZeroDivisionError" in result.got
    assert "line 3" in result.look and "return y / 0" in result.look and "Traceback" not in repr(result)


@pytest.mark.parametrize("thing", [None, 3, "text", [], object(), dict, lambda: 1, lambda x: None, lambda x: "six",
                                   lambda x: [1, [2]], lambda x: float("nan"), lambda x: object()])  # fmt: skip
def test_odd_answers_are_not_yet(task, thing):
    result = checking.verdict(task, thing)
    assert result.kind == NOT_YET and result.got


def test_a_blank_inside_a_library_call_is_still_a_blank(task):
    def blank(x):
        raise NotImplementedError

    assert checking.verdict(task, lambda x: np.vectorize(blank)(x)).kind == NOT_ATTEMPTED


def test_a_not_implemented_error_of_a_library_is_not_a_blank(task):
    # Keras raises this for a model without `call`; asyncio does so for an abstract method.
    assert checking.verdict(task, lambda x: asyncio.AbstractEventLoop().run_forever()).kind == NOT_YET


def test_endless_loop_ends(task, monkeypatch):
    monkeypatch.setattr(limits, "LEAST_PATIENCE", 10**6)  # a busy machine may need long for half a second of computing

    def answer(x):
        while True:
            x += 1

    result = checking.verdict(task, answer)
    assert result.kind == NOT_YET and "no result after 0.5 seconds of computing" in result.got
    assert checking.verdict(task, lambda x: 2 * x).kind == PASSED, "the limit is gone afterwards"


BEFORE_TRY = "Python 3.10 looks for signals before no `try`: a loop that begins with one and calls nothing never ends"


@pytest.mark.parametrize(
    "first", [pytest.param(False, marks=pytest.mark.skipif(sys.version_info < (3, 11), reason=BEFORE_TRY)), True]
)
def test_endless_loop_that_catches_everything_ends(task, first):
    def begins_with_try(x):
        while True:
            try:
                x += 1
            except Exception:
                x = 0

    def begins_otherwise(x):
        while True:
            x += 1
            try:
                x += 1
            except Exception:
                x = 0

    assert "no result" in checking.verdict(task, begins_otherwise if first else begins_with_try).got


@pytest.mark.skipif(limits._address_space_in_use() is None, reason="this system does not tell its address space")
def test_huge_allocation_ends(task):
    result = checking.verdict(task, lambda x: np.ones((200_000, 200_000)))
    assert result.kind == NOT_YET and "MemoryError" in result.got and "larger than needed" in result.look

    def grows(x):
        parts = []
        while True:
            parts.append(np.ones(2**27))

    result = checking.verdict(task, grows)
    assert result.kind == NOT_YET


def test_random_state_is_left_as_it_was(task):
    np.random.seed(1)
    expected = np.random.RandomState(1).rand(3)
    checking.verdict(task, lambda x: 2 * x + 0 * np.random.rand())
    assert np.array_equal(np.random.rand(3), expected)


def test_solved_stays_solved(task):
    checking.check(task, lambda x: 2 * x)
    checking.check(task, lambda x: x)
    entry = progress_log.read()[task]
    assert entry["verdict"] == "passed" and entry["attempts"] == 2


def test_hints_come_one_by_one(task, capsys):
    checking.hint(task)
    assert "Hint 1 of 3" in capsys.readouterr().out
    checking.hint(task)
    checking.hint(task)
    said = capsys.readouterr().out
    assert "Hint 3 of 3" in said and "last hint" in said
    checking.hint(task)
    assert "Hint 3 of 3" in capsys.readouterr().out


def test_progress_lists_every_exercise(capsys):
    checking.check("0.1", lambda X, R: registry.find("0.1").load_reference()(X, R))
    capsys.readouterr()
    checking.progress()
    said = capsys.readouterr().out
    assert "✓ 0.1" in said and f"1 of {len(registry.every())} exercises solved" in said


def test_a_damaged_ledger_is_set_aside(task, capsys):
    progress_log.path().write_text("{broken", encoding="utf-8")
    checking.check(task, lambda x: 2 * x)
    assert "progress.json.damaged" in capsys.readouterr().out
    assert progress_log.path().with_suffix(".json.damaged").read_text(encoding="utf-8") == "{broken"
    assert progress_log.read()[task]["verdict"] == "passed"


def test_a_check_works_where_nothing_can_be_written(task, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path / "file" / "below"))
    checking.check(task, lambda x: 2 * x)
    said = capsys.readouterr().out
    assert "passed" in said and "could not be saved" in said


def test_verdict_as_html_is_escaped(task):
    result = checking.verdict(task, lambda x: "<script>")
    assert "<script>" not in result._repr_html_() and "&lt;script&gt;" in result._repr_html_()


def test_waiting_is_told_from_computing(task, monkeypatch):
    monkeypatch.setattr(limits, "LEAST_PATIENCE", 0.3)
    monkeypatch.setattr(limits, "PATIENCE", 0.1)
    result = checking.verdict(task, lambda x: time.sleep(10**6))
    assert result.kind == NOT_YET and "spent waiting" in result.got and "sleep" in result.look


def test_a_call_that_cannot_be_stopped_is_told(task, monkeypatch, capsys):
    monkeypatch.setattr(limits, "GRACE", 0.1)
    monkeypatch.setattr(limits, "STEP", 0.1)

    def answer(x):
        return [hashlib.pbkdf2_hmac("sha256", b"a", b"b", 3_000_000) for _ in range(1)]

    result = checking.verdict(task, answer)
    said = capsys.readouterr().out
    assert "cannot be stopped from outside" in said and "Kernel → Restart" in said and "return [hashlib" in said
    assert result.kind == NOT_YET and "of computing" in result.got


class Mute(Exception):
    def __str__(self):
        raise ValueError("no")

    __repr__ = __str__


class Own(BaseException):
    pass


def stops_with(error):
    def answer(x):
        raise error

    return answer


def prints_nowhere(x):
    sys.stdout = None
    return x


def spoils_numpy(x):
    np.random.seed = np.asarray = None
    return x


def takes_the_hooks(x):
    sys.excepthook = sys.unraisablehook = None
    return x


ROUGH = [*map(stops_with, [SystemExit(), SystemExit(3), GeneratorExit(), KeyboardInterrupt(), StopIteration(), Mute(),
                           Own("x"), BaseException(), limits.TimeUp(), type("E", (Exception,), {})()]),
         lambda x: sys.exit("bye"), lambda x: exit(), lambda x: quit(), prints_nowhere, spoils_numpy, takes_the_hooks,
         lambda x: os.chdir("/"), lambda x: sys.setrecursionlimit(60)]  # fmt: skip


@pytest.mark.parametrize("answer", ROUGH)
def test_nothing_gets_out_of_a_check(task, answer, capsys):
    def state():
        return np.random.seed, np.asarray, sys.stdout, sys.excepthook, sys.unraisablehook, os.getcwd()

    kept = state(), sys.getrecursionlimit()
    assert checking.check(task, answer) is mse
    assert "not yet" in capsys.readouterr().out
    assert kept == (state(), sys.getrecursionlimit())


def test_functions_that_a_notebook_has_replaced_change_no_verdict(task, monkeypatch):
    monkeypatch.setattr(np.random, "seed", None)
    monkeypatch.setattr(np, "allclose", lambda *a, **k: False)
    assert checking.verdict(task, lambda x: 2 * x).kind == PASSED
    assert np.random.seed is None and np.allclose(1, 1) is False, "the notebook's own are back"


class Closed:
    encoding = "utf-8"

    def write(self, text):
        raise ValueError("I/O operation on closed file")

    def flush(self):
        pass


@pytest.mark.parametrize("out", [None, Closed(), io.TextIOWrapper(io.BytesIO(), "ascii", write_through=True)])
def test_check_hint_and_progress_go_on_without_an_output(task, monkeypatch, out):
    monkeypatch.setattr(sys, "stdout", out)
    assert checking.check(task, lambda x: 3 * x) is mse
    checking.hint(task)
    checking.hint("nonsense")
    checking.progress()


def test_a_reference_that_cannot_be_loaded_stops_nobody(task, monkeypatch, capsys):
    monkeypatch.setitem(registry._registry, task, dataclasses.replace(registry.find(task), reference="nowhere:f"))
    assert checking.check(task, 3) == 3
    checking.check(task, lambda x: x)


def test_the_version_handed_out_is_no_answer(task, capsys):
    handed = checking.check(task, lambda x: x)
    capsys.readouterr()
    assert checking.check(task, handed) is handed
    said = capsys.readouterr().out
    assert "not attempted" in said and "run the cell with your answer first" in said
    entry = progress_log.read()[task]
    assert entry["verdict"] == "not yet" and entry["attempts"] == 1, "running a cell twice changes no record"


def test_the_version_handed_out_is_known_also_when_each_is_a_new_object(task, monkeypatch):
    fresh = types.ModuleType("workbook_fresh")
    fresh.__getattr__ = lambda name: functools.wraps(mse)(lambda x: 2 * x)  # and one that would pass
    monkeypatch.setitem(sys.modules, "workbook_fresh", fresh)
    monkeypatch.setitem(
        registry._registry, task, dataclasses.replace(registry.find(task), reference="workbook_fresh:double")
    )
    handed = checking.check(task, lambda x: x)
    assert handed is not registry.find(task).load_reference()
    checking.check(task, handed)
    assert progress_log.read()[task]["verdict"] == "not yet"


def test_an_answer_that_does_what_the_reference_does_is_an_answer(capsys):
    reference = registry.find("0.1").load_reference()
    mine = functools.wraps(reference)(lambda X, R: reference(X, R))
    assert checking.check("0.1", mine) is mine
    assert "passed" in capsys.readouterr().out


def test_strict_says_so_too(task, monkeypatch):
    monkeypatch.setenv("WORKBOOK_STRICT", "1")
    with pytest.raises(checking.CheckFailed, match="run the cell with your answer first"):
        checking.check(task, mse)


def test_the_proof_counts_what_its_tables_say():
    lesson, answer = proof.all_answers()[0]
    tables = proof.wrong_answers(lesson)
    numbers = dict(zip(proof.COLUMNS, proof.counts(lesson, answer), strict=True))
    assert numbers["wrong"] == numbers["refused"] == numbers["named"] == sum(r[0] == answer.id for r in tables["WRONG"])
    assert numbers["right"] == numbers["accepted"] > 0
    assert numbers["mutants"] == numbers["caught"] + numbers["explained"]


def test_every_right_answer_has_its_turn_in_its_lesson():
    for lesson in proof.all_lessons():
        shown = {cell for cells in in_lesson.runs(lesson) for cell in cells}
        rows = proof.wrong_answers(lesson)["ALTERNATIVES"]
        assert {row[2] for row in rows} <= shown
        assert not any("### BEGIN SOLUTION" in cell for cell in shown)


def test_a_lesson_that_breaks_after_a_right_answer_is_seen():
    lesson = proof.all_lessons()[0]
    assert in_lesson.run(lesson, ["x = 1", "y = x + 1"]) == ""
    told = in_lesson.run(lesson, ["x = 1", "y = x / 0"])
    assert "y = x / 0" in told and "ZeroDivisionError" in told


@pytest.mark.slow
def test_lesson_05_runs_on_other_right_answers():
    (lesson,) = (one for one in proof.all_lessons() if one.number == "05")
    assert in_lesson.run(lesson, in_lesson.runs(lesson)[-1]) == ""
