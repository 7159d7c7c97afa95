"""The front door: its command line, and what it says to an unfit Python or a taken port. No network is used."""

import ast
import os
import socket
import sys

import pytest

import workbook
from tests.tools.install.front_door import ROOT, is_told, names
from tools import front
from tools.install.pip import Problem

BEFORE_INSTALL = (
    *("front", "install/venv", "install/machine", "install/others", "install/pip", "lock"),
    *("doctor/__main__", "doctor/symptoms", "test/__main__"),
)

# --- the Python it is started with


def test_the_front_door_parses_on_old_pythons():
    source = (ROOT / "workbook.py").read_text(encoding="ascii")
    ast.parse(source, feature_version=(3, 6))
    tree = ast.parse(source)
    # Python 2.7 knows neither of these, and is what `python` still starts on old Macs.
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, newer)]
    assert not [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.returns]


@pytest.mark.parametrize("name", BEFORE_INSTALL)
def test_what_runs_before_the_install_needs_the_standard_library_only(name):
    tree = ast.parse((ROOT / "tools" / f"{name}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported = [node.module]
        else:
            continue
        for module in imported:
            assert module.split(".")[0] in {*sys.stdlib_module_names, "tools"}, f"line {node.lineno}: {module}"


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 8, 0), (3, 9, 18), (3, 14, 0), (4, 0, 0)])
def test_an_unfit_python_is_told(version, monkeypatch, capsys):
    monkeypatch.setattr(workbook.sys, "version_info", version)
    monkeypatch.setattr(workbook, "fitting_pythons", lambda: [])
    monkeypatch.setattr(workbook, "with_uv", lambda arguments: 1)
    monkeypatch.setattr(front, "run", lambda *arguments: pytest.fail("it went on"))
    assert workbook.main(["lab"]) == 1
    said = capsys.readouterr().err
    assert f"Python {version[0]}.{version[1]}" in said and "3.10 to 3.13" in said
    assert ("older" in said) == (version < (3, 10)) and ("newer" in said) == (version > (3, 13))
    assert "That means" in said and "What to do: install Python 3.12" in said


@pytest.mark.parametrize("there", [True, False], ids=["uv fetches one", "uv has no network"])
def test_where_uv_is_it_starts_a_fit_python(there, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(workbook.sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(workbook, "fitting_pythons", lambda: [])
    monkeypatch.setattr(workbook.subprocess, "call", lambda command: calls.append(command) or (0 if there else 2))
    assert workbook.main(["lab", "--no-browser"]) == (0 if there else 1)
    start = ["uv", "run", "--no-project", "--python", "3.12", "python"]
    assert calls[0] == [*start, "-c", "pass"]
    assert calls[1:] == ([[*start, str(ROOT / "workbook.py"), "lab", "--no-browser"]] if there else [])
    assert ("install Python 3.12" in capsys.readouterr().err) == (not there)


@pytest.mark.parametrize("minor", [10, 11, 12, 13])
def test_a_fit_python_goes_on(minor):
    assert workbook.wrong_python((3, minor, 1)) is None


def test_another_python_of_this_machine_is_named():
    assert "python3.12 workbook.py lab" in workbook.wrong_python((3, 9, 1), ["python3.12", "python3.10"])


def test_only_pythons_that_start_are_named(tmp_path, monkeypatch):
    if os.name == "nt":
        pytest.skip("a script is no program on Windows")
    for minor, code in ((12, 127), (11, 0)):
        shim = tmp_path / f"python3.{minor}"
        shim.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
        shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert workbook.fitting_pythons() == ["python3.11"]


# --- the command line


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help(arguments, capsys):
    assert workbook.main(arguments) == 0
    said = capsys.readouterr().out
    for word in (*front.COMMANDS, "WORKBOOK_PYTHON", "--gpu", "--no-browser", "3.10 to 3.13", ".venv"):
        assert word in said
    assert max(map(len, said.splitlines())) <= 110


@pytest.mark.parametrize("command", ["lab", "build", "test"])
def test_help_of_a_command_sets_nothing_up(command, house):
    root, run = house
    code, out, err = run(command, "--help")
    assert code == 0 and not err and "usage: python3 workbook.py" in out and ".venv" not in names(root)


def test_every_command_has_its_tool():
    tools = ROOT / "tools"
    missing = [n for n in front.TOOLS if not ((tools / f"{n}.py").is_file() or (tools / n / "__main__.py").is_file())]
    assert not missing


def test_an_unknown_command(house):
    root, run = house
    code, out, err = run("lba")
    assert code == 1 and not out
    assert "no command 'lba'" in err and "python3 workbook.py lab" in err
    assert ".venv" not in names(root)
    assert "workbook.py --help" in front.unknown("xyzzy").todo


def test_a_missing_tool_is_told(house):
    root, run = house
    (root / "tools" / "bench" / "__main__.py").unlink()
    code, _, err = run("bench")
    assert code == 1 and "tools/bench is missing" in err and ".venv" not in names(root)


def test_options_for_jupyterlab():
    assert front.option(["--no-browser"], "port") is None
    for given in (["--port", "1234"], ["--port=1234"], ["--ServerApp.port=1234"], ["-y", "--port", "1234", "-x"]):
        assert front.option(given, "port") == "1234"
        assert "--ServerApp.port_retries=0" in front.lab_options(given)
        assert front.lab_options(given)[-len(given) :] == given  # the user's own come last, and win
    assert "--ServerApp.port_retries=0" not in front.lab_options(["--no-browser"])
    assert f"--ServerApp.root_dir={ROOT}" in front.lab_options([])


@pytest.mark.parametrize("family, ip", [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_taken_port(family, ip, house):
    with socket.socket(family) as taken:
        try:
            taken.bind((ip, 0))
        except OSError:
            pytest.skip(f"this machine has no {ip}")
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(Problem) as caught:
            front.check_port(port, ip)
        assert f"port {port} is already taken" in is_told(caught.value)
        if family == socket.AF_INET:
            root, run = house
            for given in (["--port", port], [f"--port={port}"], [f"--ServerApp.port={port}"]):
                with pytest.raises(Problem):
                    front.check_port(front.option(given, "port"))  # "localhost", as Jupyter has it
            code, _, err = run("lab", "--no-browser", "--port", port)
            assert code == 1 and "already taken" in err
            assert ".venv" not in names(root)  # told at once, not after the set-up
    front.check_port(port, ip)  # free again


@pytest.mark.parametrize("port", ["web", "-1", "65536", "", "8.8"])
def test_what_is_no_port(port):
    with pytest.raises(Problem) as caught:
        front.check_port(port)
    assert "is not a port" in is_told(caught.value)
