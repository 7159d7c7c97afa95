"""The test command counts right, fails when it must, and touches nothing of a student's own."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tools.test import __main__ as testing

ROOT = testing.ROOT
FAST = ["-n", "0", "-p", "no:nbval"]  # pytest takes the last word: no workers to start for a handful of tests


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A tiny workbook with tests of its own, as (root, write); `testing` takes it for the real one."""
    monkeypatch.setattr(testing, "ROOT", tmp_path)
    marks = '[tool.pytest.ini_options]\nmarkers = ["kernels: k", "browser: b", "slow: s"]\n'
    (tmp_path / "pyproject.toml").write_text(marks, encoding="utf-8")

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    return tmp_path, write


@pytest.mark.slow
def test_the_test_command_counts_and_fails(course, capfd):
    root, write = course
    write(
        "tests/test_a.py",
        """
        import os, pytest
        def test_good(): assert os.environ["WORKBOOK_STATE"] and "WORKBOOK_DATA" not in os.environ
        def test_bad(): assert False
        @pytest.fixture
        def broken(): raise OSError
        def test_error(broken): pass
        @pytest.mark.skip(reason="no moon tonight")
        def test_later(): pass
        @pytest.mark.kernels
        def test_kernel(): assert False
        """,
    )
    assert testing.main(["--quick", *FAST]) == 1
    out = capfd.readouterr().out
    assert out.splitlines()[-1] == "1 passed, 2 failed, 1 skipped" and "not in order: quick" in out
    assert "no moon tonight" in out and "test_bad" in out and "test_kernel" not in out
    assert testing.main(["--quick", *FAST, "-k", "good"]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 0 skipped"


@pytest.mark.slow
def test_the_test_command_notices_that_nothing_ran(course, capfd):
    root, write = course
    write("tests/test_a.py", "")
    assert testing.main(["--quick", *FAST]) == 1
    assert "no tests found" in capfd.readouterr().out
    write("tests/test_a.py", "import no_such_module")
    assert testing.main(["--quick", *FAST]) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"
    assert testing.main(["--quick", *FAST, "--no-such-option"]) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


@pytest.mark.parametrize(
    "second, lenient, code",
    [
        ({"code": 0, "passed": 1}, False, 0),
        ({"code": 5}, False, 1),  # it ran nothing
        ({"code": 5}, True, 0),  # as it may for one lesson
        ({"code": 1, "passed": 1, "failed": 1}, True, 1),
        ({"code": -9}, True, 1),
        ({"code": None}, True, 1),
    ],
)
def test_the_verdict(second, lenient, code, capsys):
    stages = [testing.Stage("one", [], code=0, passed=3, skipped=1), testing.Stage("two", [], **second)]
    assert testing.verdict(stages, lenient) == code
    out = capsys.readouterr().out
    assert ("not in order: two" in out) == bool(code) and ("no tests found" in out) == (second["code"] == 5)
    assert re.fullmatch(r"\d passed, \d failed, 1 skipped", out.splitlines()[-1])
    assert testing.verdict([testing.Stage("one", [], code=5)], lenient=True) == 1


def test_the_plan(course):
    root, write = course
    for name in ("solutions/02_a.ipynb", "solutions/03_b.ipynb", "notebooks/02_a.ipynb"):
        write(name, "{}")
    write("tests/test_a.py", "")
    plan = testing.plan(root)
    assert [[stage.name for stage in group] for group in plan] == [["quick"], ["solutions", "notebooks"], ["slow"]]
    solutions, notebooks = plan[1]
    assert solutions.settings["WORKBOOK_STRICT"] == "1" and "WORKBOOK_STRICT" not in notebooks.settings
    assert solutions.settings["WORKBOOK_PROFILE"] == notebooks.settings["WORKBOOK_PROFILE"] == "smoke"
    assert solutions.arguments[:2] == ["solutions/02_a.ipynb", "solutions/03_b.ipynb"]
    assert notebooks.arguments[0] == "notebooks/02_a.ipynb" and "--nbval-lax" in notebooks.arguments
    write("tests/browser/test_browser.py", "")
    assert [[stage.name for stage in group] for group in testing.plan(root)][-1] == ["slow", "browser"]
    one = testing.plan(root, lesson="03")
    assert one[1][0].arguments[0] == "solutions/03_b.ipynb" and "solutions/02_a.ipynb" not in one[1][0].arguments
    quick = one[0][0].arguments
    assert quick[quick.index("--lesson") + 1] == "03" and one[1][1].arguments[0] == "notebooks"
    assert [group[0].name for group in testing.plan(root, quick=True)] == ["quick"]


def test_tests_never_touch_a_students_own(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_DATA", "/data")
    monkeypatch.setenv("WORKBOOK_STATE", "/mine")
    monkeypatch.setenv("WORKBOOK_STRICT", "1")
    monkeypatch.setenv("WORKBOOK_DOWNLOAD", "1")
    found = testing.surroundings(tmp_path, {"WORKBOOK_PROFILE": "smoke"})
    ours = {name: value for name, value in found.items() if name.startswith(("WORKBOOK_", "KERAS_HOME"))}
    ours.pop("WORKBOOK_PYTHON", None)
    assert ours == {
        "WORKBOOK_PROFILE": "smoke",
        "WORKBOOK_STATE": str(tmp_path / "state"),
        "KERAS_HOME": str(tmp_path / "keras"),
    }


def test_this_very_run_is_kept_apart():
    assert not Path(os.environ["WORKBOOK_STATE"]).is_relative_to(ROOT)
    assert not set(testing.OWN_SETTINGS) & set(os.environ)


def test_stages_side_by_side(capsys):
    talk = testing.Talk(["solutions", "notebooks"])
    talk.say("solutions", "=== start\n")
    talk.say("notebooks", "notebooks/01.ipynb ...\n")
    talk.say("solutions", "solutions/01.ipynb ..F\n")
    assert capsys.readouterr().out == "notebooks/01.ipynb ...\nsolutions/01.ipynb ..F\n"
    talk.end("solutions")
    assert "-- solutions --\n=== start\n" in capsys.readouterr().out


@pytest.mark.slow
def test_one_lesson_of_the_tests(course):
    root, write = course
    (root / "tests").mkdir()
    conftest = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    (root / "tests" / "conftest.py").write_text(conftest, encoding="utf-8")
    write(
        "tests/test_a.py",
        """
        import pytest
        @pytest.mark.parametrize("which", ["02", "2.1", "2.10-seed", "02_slug.py", "12", "12.1", "1.02", "2", "102"])
        def test_it(which): pass
        def test_lesson02(): pass
        def test_general(): pass
        """,
    )
    command = [sys.executable, "-m", "pytest", "tests", "--lesson", "02", "--collect-only", "-q"]
    found = {**os.environ, "PYTHONPATH": str(ROOT)}
    out = subprocess.run(command, cwd=root, env=found, capture_output=True, encoding="utf-8").stdout
    chosen = re.findall(r"::(\S+)", out)
    assert chosen == ["test_it[02]", "test_it[2.1]", "test_it[2.10-seed]", "test_it[02_slug.py]", "test_lesson02"]


def test_ci_runs_the_test_command():
    script = ROOT / ".ci" / "run"
    commands = [line for line in script.read_text(encoding="utf-8").splitlines() if line.startswith("python3")]
    assert commands == ["python3 workbook.py test"]
    assert os.name == "nt" or os.access(script, os.X_OK)
