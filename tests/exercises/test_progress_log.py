"""What is solved is noted for good: by two notebooks at once, beside a damaged file, where nothing can be written."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.exercises import checking, progress_log, registry


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path))
    monkeypatch.delenv("WORKBOOK_STRICT", raising=False)
    monkeypatch.setattr(progress_log, "_unsaved", {})


def test_two_notebooks_lose_nothing(root, tmp_path):
    code = (
        "import sys, time, pathlib\n"
        "from helpers.exercises import progress_log\n"
        "which, place = sys.argv[1], pathlib.Path(sys.argv[2])\n"
        "(place / f'ready{which}').touch()\n"
        "while not (place / 'go').exists(): time.sleep(0.01)\n"
        "for number in range(60):\n"
        "    progress_log.note_verdict(f'{which}.{number}', 'passed')\n"
        "    progress_log.note_hint('50.1')\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(n), str(tmp_path)], cwd=root) for n in (1, 2)]
    while not all((tmp_path / f"ready{n}").exists() for n in (1, 2)):
        assert all(run.poll() is None for run in runs)
        time.sleep(0.02)
    (tmp_path / "go").touch()
    assert [run.wait() for run in runs] == [0, 0]
    entries = progress_log.read()
    assert len(entries) == 121 and entries["50.1"]["hints"] == 120


@pytest.mark.parametrize(
    "text",
    [
        "{broken",
        "[]",
        '{"0.1": 3}',
        "[" * 100_000,
        '{"0.1": {"verdict": [], "attempts": null, "hints": "many"}, "0.9": {}}',
        '{"0.1": {"verdict": "passed", "attempts": -1, "hints": 1e400}}',
    ],
)
def test_no_file_stops_a_check_a_hint_or_the_progress(text, capsys):
    for damage in range(3):
        progress_log.path().write_text(text, encoding="utf-8")
        (lambda: checking.check("0.1", lambda X, R: 3), lambda: checking.hint("0.1"), checking.progress)[damage]()
    assert "while showing or noting" not in capsys.readouterr().out


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path):
    for text in ("{first", "{second"):
        progress_log.path().write_text(text, encoding="utf-8")
        assert progress_log.read() == {}
    kept = {path.read_text(encoding="utf-8") for path in progress_log.path().parent.glob("*.damaged*")}
    assert kept == {"{first", "{second"}


def test_a_file_that_an_editor_has_marked_is_no_damaged_one(capsys):
    """Some editors of Windows begin each file with a mark of its encoding."""
    progress_log.path().write_text('{"0.1": {"verdict": "passed", "attempts": 1, "hints": 0}}', encoding="utf-8-sig")
    assert progress_log.read()["0.1"]["verdict"] == "passed" and not capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders are guarded otherwise here")
def test_a_damaged_file_in_a_folder_that_cannot_be_written(tmp_path, monkeypatch, capsys):
    progress_log.path().write_text("{broken", encoding="utf-8")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)  # root may write everywhere, so the folder alone proves nothing
    monkeypatch.setattr(progress_log, "locked", refuse)
    assert checking.check("0.1", lambda X, R: 3) is registry.find("0.1").load_reference()
    checking.progress()
    assert "could not be read" in capsys.readouterr().out
    assert progress_log.path().read_text(encoding="utf-8") == "{broken"


def test_hints_go_on_where_nothing_can_be_noted(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path / "file" / "below"))
    checking.hint("0.1")
    checking.hint("0.1")
    assert "Hint 2 of" in capsys.readouterr().out


def test_what_others_have_written_into_the_file_is_made_fit():
    progress_log.path().write_text(json.dumps({"0.1": {"verdict": "passed", "hints": True}}), encoding="utf-8")
    assert progress_log.read() == {"0.1": {"verdict": "passed", "attempts": 0, "hints": 0}}


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_progress_is_printed_where_the_page_has_few_letters(encoding, tmp_path, root):
    """As in a Windows window, or in a file to which the output goes."""
    surroundings = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding, "WORKBOOK_STATE": str(tmp_path)}
    code = "from helpers.exercises import progress; progress()"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, env=surroundings, capture_output=True)
    assert done.returncode == 0 and b"Traceback" not in done.stderr and b"10.3" in done.stdout
    assert b"while showing" not in done.stdout
