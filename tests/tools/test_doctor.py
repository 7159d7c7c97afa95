"""The doctor tells the truth, in any state of the patient."""

import importlib.metadata
import json
import re
import signal
import subprocess
import sys

import pytest

from tools.doctor import __main__ as doctor
from tools.doctor import symptoms
from tools.install import machine, venv


def lines(check):
    return [(line.state, line.what, line.found) for line in check]


@pytest.fixture
def as_locked():
    """Skips a test where other versions than those of the lock are installed on purpose: `test --with`."""
    for name, wanted in doctor.locked_versions().items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if found != wanted:
            pytest.skip(f"{name} {found} is installed here, not {wanted} of the lock")


def test_the_doctor_finds_this_environment_well(monkeypatch, as_locked):
    monkeypatch.setenv("WORKBOOK_PYTHON", sys.executable)
    for check in (doctor.check_python, doctor.check_packages, symptoms.check_jupyter, symptoms.check_data):
        assert {state for state, _, _ in lines(check())} == {"OK"}, lines(check())


def test_the_doctor_names_what_is_missing_or_different(monkeypatch, as_locked):
    monkeypatch.setenv("WORKBOOK_PYTHON", sys.executable)
    real = doctor.locked_versions()
    monkeypatch.setattr(doctor, "locked_versions", lambda: {**real, "no-such-thing": "1", "keras": "0.1"})
    (missing, different) = doctor.check_packages()
    assert missing.state == "PROBLEM" and "no-such-thing" in missing.found and "workbook.py lab" in missing.mend
    assert different.state == "note" and re.search(r"keras \S+ instead of 0\.1", different.found)
    monkeypatch.delenv("WORKBOOK_PYTHON")
    monkeypatch.setattr(venv, "ready", lambda root, kind=None: True)
    assert [line.state for line in doctor.check_packages()] == ["PROBLEM", "PROBLEM"]


def test_the_doctor_finds_a_package_that_was_cut_short(monkeypatch, tmp_path):
    info = tmp_path / "cut-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cut\nVersion: 1.0\n", encoding="utf-8")
    (info / "RECORD").write_text("cut.py,sha256=x,9\ncut.pyc,,\ncut-1.0.dist-info/RECORD,,\n", encoding="utf-8")
    (tmp_path / "cut.py").write_bytes(b"answer=42")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("WORKBOOK_PYTHON", sys.executable)
    monkeypatch.setattr(doctor, "locked_versions", lambda: {"cut": "1.0"})
    assert lines(doctor.check_packages()) == [("OK", "packages", "all 1 as locked")]
    (tmp_path / "cut.py").write_bytes(b"answ")
    assert lines(doctor.check_packages()) == [("PROBLEM", "packages", "not whole (cut short or changed): cut")]
    (tmp_path / "cut.py").unlink()
    assert "cut" in next(doctor.check_packages()).found


def test_the_doctor_before_the_set_up(monkeypatch, tmp_path):
    monkeypatch.delenv("WORKBOOK_PYTHON", raising=False)
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    monkeypatch.setattr(symptoms, "ROOT", tmp_path)
    assert ("PROBLEM", "environment", "not set up yet") in lines(doctor.check_environment())
    assert [*doctor.check_packages(), *doctor.check_tensorflow(), *symptoms.check_jupyter()] == []
    (tmp_path / ".venv").mkdir()
    assert "half-made" in lines(doctor.check_environment())[0][2]


@pytest.mark.parametrize(
    "probe, said",
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "AVX"),
        ("import time; time.sleep(60)", "did not start within"),
        ("raise ImportError('DLL load failed while importing')", "DLL load failed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "memory is full"),
        ("raise TypeError('Descriptors cannot be created directly.\\nmore\\nMore information: https://x')", "protobuf"),
        ("raise SystemExit(3)", "code 3"),
        ('print(\'["2.21.0", "3.15.1", 4.2, 0]\')', "starts in 4.2 s"),
    ],
)
def test_a_broken_tensorflow_does_not_break_the_doctor(probe, said, monkeypatch):
    if "signal." in probe and not hasattr(signal, "SIGKILL"):
        pytest.skip("Windows has no such signal")
    monkeypatch.setenv("WORKBOOK_PYTHON", sys.executable)
    line = next(doctor.check_tensorflow(timeout=0.5 if "sleep" in probe else 600, probe=probe))
    assert said in line.found and (line.state == "OK") == ("4.2" in said) and bool(line.mend) == (line.state != "OK")


def test_a_missing_tensorflow(monkeypatch):
    monkeypatch.setenv("WORKBOOK_PYTHON", sys.executable)
    monkeypatch.setattr(machine, "has_module", lambda name: False)
    assert lines(doctor.check_tensorflow()) == [("PROBLEM", "TensorFlow", "not installed for this Python")]


def test_widgets(tmp_path, as_locked):
    def seen():
        (line,) = symptoms.check_widgets([str(tmp_path / "a"), str(tmp_path / "b")], [str(tmp_path)])
        return line.state, line.found

    assert seen()[0] == "PROBLEM" and "missing" in seen()[1]
    package = tmp_path / "b" / symptoms.MANAGER / "package.json"
    package.parent.mkdir(parents=True)
    package.write_text('{"version": "5.0.15"}', encoding="utf-8")
    assert seen()[0] == "OK"
    package.write_text('{"version": "3.1.1"}', encoding="utf-8")
    assert seen()[0] == "PROBLEM" and "do not fit" in seen()[1]
    package.write_text('{"version": "5.0.15"}', encoding="utf-8")
    (tmp_path / "labconfig").mkdir()
    for off in ({symptoms.MANAGER: True}, [symptoms.MANAGER], {symptoms.MANAGER: False}, {}):
        page = {"disabledExtensions": off}
        (tmp_path / "labconfig" / "page_config.json").write_text(json.dumps(page), encoding="utf-8")
        assert (seen()[0] == "PROBLEM") == (off in ({symptoms.MANAGER: True}, [symptoms.MANAGER]))


def test_weights(tmp_path):
    def seen():
        (line,) = symptoms.check_weights(tmp_path)
        return line.state, line.found

    assert seen()[0] == "note"
    (tmp_path / "a.npz").write_bytes(b"abc")
    assert seen() == ("PROBLEM", "the .json of a.npz is missing or damaged")
    for text in ("{", "[]", "{}"):
        (tmp_path / "a.json").write_text(text, encoding="utf-8")
        assert seen() == ("PROBLEM", "the .json of a.npz is missing or damaged")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # SHA-256 of abc
    (tmp_path / "a.json").write_text(json.dumps({"sha256": digest}), encoding="utf-8")
    assert seen()[0] == "OK"
    (tmp_path / "a.npz").write_bytes(b"abd")
    assert seen() == ("PROBLEM", "a.npz is not what its .json tells of")


def test_notebooks(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    path = folder / "01_lesson.ipynb"
    path.write_text('{"cells": []}', encoding="utf-8")
    assert [line.state for line in symptoms.check_notebooks(tmp_path)] == ["OK"]
    for text in ("", "[]", '{"cells": 3}', "[" * 100_000):
        path.write_text(text, encoding="utf-8")
        (line,) = symptoms.check_notebooks(tmp_path)
        assert line.state == "PROBLEM" and "notebooks/01_lesson.ipynb" in line.found and "copy it" in line.mend


@pytest.mark.parametrize("way", ["stash", "merge"])
def test_the_doctor_knows_the_way_out_of_a_conflict(way, tmp_path):
    """The command that it names is run here, and the student's own work is there again."""

    def git(*words, check=True):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.invalid"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=check, capture_output=True)

    path = tmp_path / "notebooks" / "01_lesson.ipynb"
    path.parent.mkdir()

    def save(text):
        path.write_text(json.dumps({"cells": [{"source": [text]}]}, indent=1), encoding="utf-8")

    git("init", "-q", "-b", "main")
    save("as it was")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("branch", "mine")
    save("newer")
    git("commit", "-qam", "two")
    if way == "merge":
        git("switch", "-q", "mine")
        save("my own work")
        git("commit", "-qam", "mine")
        git("merge", "main", check=False)
    else:
        git("switch", "-q", "mine")
        save("my own work")
        git("stash")
        git("merge", "-q", "main")
        git("stash", "pop", check=False)
    (line,) = symptoms.check_notebooks(tmp_path)
    assert line.state == "PROBLEM" and "could not join" in line.found
    first, rest = line.mend.split(" keeps yours, ")
    git(*first.split()[1:])
    git("reset", "-q")
    assert "my own work" in path.read_text(encoding="utf-8") and "--" in rest
    assert [line.state for line in symptoms.check_notebooks(tmp_path)] == ["OK"]


def test_where_progress_cannot_be_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path / "new" / "deep"))
    assert next(symptoms.check_state()).state == "OK" and not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("")
    (tmp_path / "file").chmod(0o755)
    monkeypatch.setenv("WORKBOOK_STATE", str(tmp_path / "file" / "below"))
    assert next(symptoms.check_state()).state == "PROBLEM"


def test_little_room(monkeypatch):
    monkeypatch.setattr(symptoms.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1e8}))
    found = {line.what: line for line in symptoms.check_machine()}
    assert found["disk"].state == "PROBLEM" and "0.1 GB" in found["disk"].found and found["disk"].mend


def test_the_doctor_does_not_fall_ill(capsys, monkeypatch):
    def check_cellar():
        raise RuntimeError("flooded")

    def check_roof():
        yield symptoms.Line("OK", "roof", "whole")

    monkeypatch.setattr(doctor, "examine", lambda: examine((check_cellar, check_roof)))
    assert doctor.main([]) == 1
    said = capsys.readouterr().out
    assert re.search(r"PROBLEM +cellar +RuntimeError: flooded\n.*-> ", said) and "1 to mend." in said
    assert re.search(r"OK +roof +whole", said)
    monkeypatch.setattr(doctor, "examine", lambda: examine((check_roof,)))
    assert doctor.main([]) == 0 and "All is well" in capsys.readouterr().out


examine = doctor.examine
