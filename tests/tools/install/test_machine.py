"""What machines and Pythons the workbook takes, and pip's words in plain ones."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.tools.install.front_door import is_told, names
from tools import front
from tools.install import machine, pip, venv
from tools.install.pip import Problem


def test_an_environment_of_ones_own(monkeypatch, tmp_path, house):
    root, _ = house
    monkeypatch.setenv("WORKBOOK_PYTHON", sys.executable)
    assert venv.ensure(root) == Path(sys.executable) == venv.find(root)
    assert ".venv" not in names(root)

    monkeypatch.setenv("HOME", str(Path(sys.executable).parent))  # a shell leaves a quoted ~ as it is
    monkeypatch.setenv("USERPROFILE", str(Path(sys.executable).parent))
    monkeypatch.setenv("WORKBOOK_PYTHON", f"~/{Path(sys.executable).name}")
    assert venv.ensure(root) == Path(sys.executable) == venv.find(root)

    monkeypatch.setenv("WORKBOOK_PYTHON", str(tmp_path / "nothing"))
    with pytest.raises(Problem) as caught:
        venv.ensure(root)
    assert "does not start as a Python" in is_told(caught.value)

    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    monkeypatch.setenv("WORKBOOK_PYTHON", str(venv.python_in(tmp_path / "bare")))
    with pytest.raises(Problem) as caught:
        venv.ensure(root)
    assert "has no" in is_told(caught.value) and "tensorflow" in str(caught.value)


def test_what_children_inherit(monkeypatch, house):
    root, _ = house
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    for name in ("PIP_TARGET", "PIP_PYTHON", "PIP_DRY_RUN"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    python = venv.python_in(venv.folder(root))
    inside = venv.for_children(python, root)
    assert inside["PYTHONUTF8"] == "1" and inside["PATH"].startswith(str(python.parent))
    assert not {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PYTHON", "PIP_DRY_RUN"} & set(inside)
    assert "PYTHONIOENCODING" not in inside, "it would undo PYTHONUTF8"
    outside = venv.for_children(Path(sys.executable), root)
    assert outside["PYTHONUTF8"] == "1" and outside["PYTHONPATH"] == "/elsewhere"
    assert "PYTHONHOME" not in outside


GOOD = {"bits": 64, "implementation": "cpython", "libc": "glibc", "free": False}


@pytest.mark.parametrize(
    "machine_, word",
    [
        ({"system": "darwin", "machine": "x86_64"}, "Intel"),
        ({"system": "win32", "machine": "win-arm64"}, "win-arm64"),
        ({"system": "win32", "machine": "win32", "bits": 32}, "32-bit"),
        ({"system": "linux", "machine": "armv7l", "bits": 32}, "32-bit"),
        ({"system": "linux", "machine": "riscv64"}, "riscv64"),
        ({"system": "linux", "machine": "x86_64", "libc": ""}, "Alpine"),
        ({"system": "linux", "machine": "x86_64", "implementation": "pypy"}, "pypy"),
        ({"system": "linux", "machine": "x86_64", "free": True}, "free-threaded"),
        ({"system": "freebsd14", "machine": "amd64"}, "freebsd14"),
        ({"system": "darwin", "machine": "arm64", "kind": "gpu"}, "--gpu"),
    ],
)
def test_machines_without_tensorflow(machine_, word):
    problem = machine.machine_problem(**{**GOOD, **machine_})
    assert word in is_told(problem)
    if "Intel" in word:
        assert "2.17" in str(problem) and "Binder or Colab" in str(problem)


@pytest.mark.parametrize(
    "system, name", [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "win-amd64")]
)
def test_machines_with_tensorflow(system, name):
    assert machine.machine_problem(system=system, machine=name, **GOOD) is None


def test_a_python_without_its_parts(monkeypatch):
    have = set()
    monkeypatch.setattr(machine, "has_module", lambda name: name in have)
    assert "venv" in is_told(machine.modules_problem())
    have.add("venv")
    assert "pip and ensurepip" in is_told(machine.modules_problem())
    have.add("ensurepip")
    assert machine.modules_problem() is None
    have.remove("ensurepip")
    have.add("pip")  # it lends its own
    assert machine.modules_problem() is None


def test_what_is_in_the_way_is_told_before_anything_is_made(monkeypatch, tmp_path):
    assert "':'" in is_told(machine.path_problem(Path("/home/a:b/workbook"), ":"))
    assert machine.path_problem(Path(r"C:\workbook"), ";") is None
    for value in ("1", "true", "yes"):
        assert "PIP_NO_INDEX" in is_told(machine.index_problem({"PIP_NO_INDEX": value}))
    assert machine.index_problem({"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels"}) is None
    assert machine.index_problem({"PIP_NO_INDEX": "0"}) is None and machine.index_problem({}) is None
    assert "TMPDIR" in is_told(machine.temporary_problem(tmp_path, free=0.2))
    assert machine.temporary_problem(tmp_path, free=2.0) is None
    refuse = FileNotFoundError(2, "No usable temporary directory found")
    monkeypatch.setattr(machine.tempfile, "gettempdir", lambda: (_ for _ in ()).throw(refuse))
    assert "cannot be written" in is_told(machine.temporary_problem(tmp_path))


def test_a_path_that_no_environment_can_have(house, tmp_path):
    root, _ = house
    odd = root.parent / f"a{os.pathsep}b"
    shutil.copytree(root, odd)
    done = subprocess.run([sys.executable, odd / "workbook.py", "bench"], capture_output=True, encoding="utf-8")
    assert done.returncode == 1 and "holds the character" in done.stderr and not (odd / ".venv").exists()


@pytest.mark.parametrize(
    "code, said, word",
    [
        (1, "OSError: [Errno 28] No space left on device: '/tmp/x'", "the disk is full"),
        (-9, "", "memory is full"),
        (1, "Error: ensurepip is not available", "It said: Error: ensurepip is not available"),
    ],
)
def test_what_venv_said(code, said, word):
    assert word in is_told(machine.venv_problem(code, said, 4))


def test_root_is_told_before_the_set_up(tmp_path, house):
    assert front.root_refused([], user=0, places=[tmp_path])
    assert not front.root_refused([], user=1000, places=[tmp_path])
    for option in ("--allow-root", "--ServerApp.allow_root=True"):
        assert not front.root_refused([option], user=0, places=[tmp_path])
    (tmp_path / "jupyter_server_config.py").write_text("c.ServerApp.allow_root = True\n", encoding="utf-8")
    assert not front.root_refused([], user=0, places=[tmp_path])
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        root, run = house
        code, out, err = run("lab", JUPYTER_CONFIG_DIR=str(tmp_path / "none"))
        assert code == 1 and "--allow-root" in err and ".venv" not in names(root)


def test_the_doctor_looks_although_the_chosen_python_does_not_start(house):
    _, run = house
    code, out, err = run("doctor", WORKBOOK_PYTHON="/nope")
    assert code == 1 and "does not start" in out and "Traceback" not in err and "to mend" in out


# --- pip's words, in plain ones


@pytest.mark.parametrize(
    "said, word",
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "hash differs"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "certificate"),
        (
            "WARNING: Retrying: NewConnectionError: Failed to establish a new connection\n"
            "ERROR: Could not find a version\nERROR: No matching distribution found for keras==3.1",
            "could not be downloaded",
        ),
        ("ReadTimeoutError: HTTPSConnectionPool: Read timed out.", "could not be downloaded"),
        ("ERROR: No matching distribution found for tensorflow==2.21.0", "no tensorflow==2.21.0 for this machine"),
        ("OSError: [WinError 206] The filename or extension is too long", "too long"),
        ("ERROR: Could not install: [Errno 13] Permission denied: '/x'", "could not be written"),
        ("Collecting x\nERROR: quite new {braces}", "quite new"),
        ("", "(nothing)"),
    ],
)
def test_what_pip_said(said, word):
    problem = pip.explain(said)
    assert word in str(problem)
    if "{" not in said:
        is_told(problem)


class Screen:
    def __init__(self, terminal):
        self.text, self.terminal = "", terminal

    def write(self, text):
        self.text += text

    def flush(self):
        pass

    def isatty(self):
        return self.terminal


PIP = """\
Ignoring appnope: markers 'sys_platform == "darwin"' don't match your environment
Collecting absl-py==2.5.1 (from -r requirements.lock (line 2))
  Downloading absl_py-2.5.1-py3-none-any.whl (135 kB)
Collecting tensorflow==2.21.0 (from -r requirements.lock (line 9))
  Downloading tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl (273.8 MB)
Installing collected packages: absl-py, tensorflow
"""


def test_progress():
    plain, terminal = Screen(False), Screen(True)
    for screen in (plain, terminal):
        with pip.Progress(3, screen) as progress:
            for line in PIP.splitlines():
                progress.read(line)
    assert "[  2/2] downloading tensorflow (273.8 MB)" in plain.text and "absl" not in plain.text
    assert "unpacking 2 packages" in plain.text and "\r" not in plain.text
    assert terminal.text.count("\r") >= 5 and terminal.text.endswith("\n")
    assert max(map(len, terminal.text.split("\r"))) < 80


def test_progress_goes_on_by_itself():
    screen = Screen(True)
    with pip.Progress(3, screen):
        end = time.monotonic() + 120
        while not screen.text and time.monotonic() < end:
            time.sleep(0.05)
        assert "looking for the packages" in screen.text


def test_a_path_that_the_terminal_cannot_show(house):
    _, run = house
    code, out, _ = run("doctor", PYTHONIOENCODING="ascii", WORKBOOK_PYTHON="/n\u00f6pe")
    assert code == 1 and "/n\\xf6pe, which WORKBOOK_PYTHON names, does not start" in out
