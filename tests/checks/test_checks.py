"""The check itself: its verdicts, its limits, its words, and that it never stops a student."""

import asyncio
import linecache
import threading
import time

import numpy as np
import pytest

from helpers.exercises import assertions, checking, limits, progress_log, registry
from helpers.exercises.checking import NOT_ATTEMPTED, NOT_YET, PASSED
from helpers.metrics.reconstruction import mse


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


def test_endless_loop_ends(task):
    def answer(x):
        while True:
            x += 1

    began = time.monotonic()
    result = checking.verdict(task, answer)
    assert result.kind == NOT_YET and "no result after 0.5 seconds" in result.got
    assert time.monotonic() - began < 8
    assert checking.verdict(task, lambda x: 2 * x).kind == PASSED, "the limit is gone afterwards"


def test_endless_loop_that_catches_everything_ends(task):
    def answer(x):
        while True:
            try:
                x += 1
            except Exception:
                x = 0

    assert "no result" in checking.verdict(task, answer).got


def test_time_limit_outside_the_main_thread():
    caught = []

    def work():
        try:
            with limits.time_limit(0.3):
                while True:
                    pass
        except limits.TimeUp:
            caught.append(True)
        time.sleep(0.8)  # a late second shot would hit here
        caught.append("quiet")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert caught == [True, "quiet"]


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
    checking.check("0.1", lambda X, R: np.mean((np.asarray(X) - R) ** 2))
    capsys.readouterr()
    checking.progress()
    said = capsys.readouterr().out
    assert "✓ 0.1" in said and f"1 of {len(registry.every())} exercises solved" in said


def test_a_damaged_ledger_is_set_aside(task, capsys):
    progress_log.path().write_text("{broken", encoding="utf-8")
    checking.check(task, lambda x: 2 * x)
    assert "progress.damaged" in capsys.readouterr().out
    assert progress_log.path().with_suffix(".damaged").read_text(encoding="utf-8") == "{broken"
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
