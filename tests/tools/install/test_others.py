"""The tests under another Python and with other versions: what is started, where, and with which packages."""

import os
import subprocess
import sys

import pytest

from tests.tools.install.front_door import is_told, names
from tools import front
from tools.install import machine as machines
from tools.install import others, pip, venv
from tools.install.pip import Problem, Unequipped
from tools.test import __main__ as testing


def test_the_arguments_are_taken_apart():
    assert others.wanted(["--python", "3.10", "-k", "pca"]) == ("3.10", None, ["-k", "pca"])
    assert others.wanted(["--with", "colab", "--quick"]) == (None, "colab", ["--quick"])
    assert others.wanted(["--lesson", "02"]) == (None, None, ["--lesson", "02"])
    assert others.folder_name("3.10", None) == ".venv-3.10" and others.folder_name(None, "newest") == ".venv-newest"


def test_a_python_is_found_by_its_answer(tmp_path, monkeypatch):
    assert others.other_python(f"{sys.version_info[0]}.{sys.version_info[1]}") == [sys.executable]
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    for version in ("3.99", "3.1"):
        with pytest.raises(Problem) as caught:
            others.other_python(version)
        assert f"no Python {version}" in is_told(caught.value)
    with pytest.raises(Problem) as caught:
        others.other_python("newest")
    is_told(caught.value)


@pytest.mark.parametrize("error", [PermissionError(13, "no"), RuntimeError("Could not determine home directory.")])
def test_a_home_that_cannot_be_looked_at_is_passed_over(error, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setattr(others.Path, "home", lambda: (_ for _ in ()).throw(error))
    with pytest.raises(Problem) as caught:
        others.other_python("3.99")
    is_told(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="writes a shell script")
def test_a_python_of_pyenv_is_found_and_a_shim_that_lies_is_not(tmp_path, monkeypatch):
    def script(path, answer):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho {answer}\n")
        path.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path / "shims"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    script(tmp_path / "shims" / "python3.99", "3.11")
    python = tmp_path / "versions" / "3.99.1" / "bin" / "python"
    script(python, "3.99")
    assert others.other_python("3.99") == [str(python)]


def test_another_python_runs_the_front_door_with_an_environment_of_its_own(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(others, "other_python", lambda version: ["python-of", version])
    monkeypatch.setattr(subprocess, "run", lambda command, env: seen.append((command, env)) or sys.implementation)
    monkeypatch.setattr(sys.implementation, "returncode", 5, raising=False)
    monkeypatch.setenv("WORKBOOK_PYTHON", "/mine")
    assert front.run(["test", "--python", "3.10", "--with", "colab", "-k", "pca"]) == 5
    ((command, env),) = seen
    assert command[:3] == ["python-of", "3.10", front.ROOT / "workbook.py"]
    assert command[3:] == ["test", "--some", "--with", "colab", "-k", "pca"]
    assert env["WORKBOOK_VENV"] == ".venv-3.10-colab" and "WORKBOOK_PYTHON" not in env


@pytest.fixture
def machine(monkeypatch):
    """A machine with these Pythons; returns the set of them and what the tests under each end with."""
    pythons, codes = {"3.11"}, {}

    def other_python(version, own, fetch):
        assert not fetch, "nobody has asked for another Python"
        if version not in pythons:
            raise Problem("none", "", "")

    monkeypatch.setattr(others, "other_python", other_python)
    monkeypatch.setattr(others, "under", lambda root, version, *_: codes.setdefault(version, 0))
    return pythons, codes


@pytest.mark.parametrize(
    "there, tried, missing",
    [
        ({"3.11"}, [], "3.10, 3.12, 3.13"),
        ({"3.10", "3.11", "3.12", "3.13"}, ["3.10", "3.13"], ""),
        ({"3.11", "3.12"}, ["3.12"], "3.10, 3.13"),
        ({"3.10", "3.11"}, ["3.10"], "3.12, 3.13"),
    ],
)
def test_the_oldest_and_the_newest_other_python(machine, there, tried, missing, root, capsys):
    pythons, codes = machine
    pythons |= there
    assert others.ends(root, None, [], own=(3, 11)) == 0 and list(codes) == tried
    said = capsys.readouterr().out
    assert (f"not on this machine: Python {missing}.\n" in said) if missing else ("not on this" not in said)
    assert (f"to try besides: {', '.join(tried)}." if tried else "there is no other") in said


def test_a_python_that_fails_is_named_and_one_without_packages_is_not_a_failure(machine, root, capsys):
    pythons, codes = machine
    pythons |= {"3.10", "3.13"}
    codes["3.10"] = Unequipped.code
    assert others.ends(root, None, [], own=(3, 11)) == 0
    assert "3.10 was not tried" in capsys.readouterr().out
    codes["3.13"] = 1
    assert others.ends(root, None, [], own=(3, 11)) == 1
    assert "not in order under Python 3.13." in capsys.readouterr().out


def test_a_machine_without_network_or_room_is_no_fault_of_the_workbook(root):
    for said in ("NameResolutionError: no", "No space left on device"):
        assert pip.explain(said).code == Unequipped.code
    assert machines.room_problem(root, 4.0, free=1.0).code == Unequipped.code
    for said in ("DO NOT MATCH THE HASHES", "No matching distribution found for numpy", "ERROR: what?"):
        assert pip.explain(said).code == 1


def test_uv_fetches_no_python_that_nobody_asked_for(monkeypatch, tmp_path):
    calls = []
    monkeypatch.setattr(others.shutil, "which", lambda name: name)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    no = subprocess.CompletedProcess([], 1, "")
    monkeypatch.setattr(others.subprocess, "run", lambda command, **_: calls.append(command) or no)
    for fetch in (True, False):
        with pytest.raises(Problem):
            others.other_python("3.99", fetch=fetch)
    by_uv = [command for command in calls if command[0] == "uv"]
    assert ["--no-python-downloads" in command for command in by_uv] == [False, True]


def test_an_environment_beside_the_usual_one(quick, monkeypatch):
    root, calls = quick
    usual = venv.ensure(root)
    monkeypatch.setenv("WORKBOOK_VENV", ".venv-3.10")
    python = venv.ensure(root)
    assert python == venv.python_in(root / ".venv-3.10") != usual and len(calls) == 2
    assert "WORKBOOK_VENV" not in venv.for_children(python, root), "the tests make environments of their own"
    monkeypatch.delenv("WORKBOOK_VENV")
    assert venv.ensure(root) == usual and venv.ready(root)
    assert [name for name in names(root) if name.startswith(".venv")] == [".venv", ".venv-3.10"]


def test_other_versions_are_asked_for_by_name(root):
    asked = others.what(root, "newest")
    assert asked[0] == "--upgrade" and {"numpy>=2.0,<3", "keras>=3.12,<4", "tqdm>=4.66", "packaging>=24"} <= set(asked)
    assert any(word.startswith("tensorflow-cpu>=2.21,<2.22 ; sys_platform") for word in asked)
    colab = others.what(root, "colab")
    assert colab[-2:] == ["-c", str(root / "tools" / "test" / "colab.txt")] and {"keras", "numpy", "pytest"} <= set(
        colab
    )
    assert not [word for word in colab if any(sign in word.split(";")[0] for sign in "<>=")]
    assert any(word.startswith("tensorflow-cpu ; sys_platform") for word in colab)


def test_other_versions_get_no_hashes_and_a_stamp_of_their_own(quick, monkeypatch):
    root, _ = quick
    seen = []
    (root / "pyproject.toml").write_text('dependencies = [\n    "numpy>=2",\n]\n', encoding="utf-8")
    monkeypatch.setattr(venv, "install", lambda *given: seen.append(given))
    monkeypatch.setenv("WORKBOOK_VENV", ".venv-newest")
    venv.ensure(root, "newest")
    assert seen[0][-1] == ["--upgrade", "numpy>=2"] and venv.read_stamp(root)["kind"] == "newest"
    assert venv.ready(root, "newest")


def test_some_are_the_quick_tests_and_two_notebooks(root):
    (quick,), (notebooks,) = testing.plan(root, some=True)
    assert quick.name == "quick" and [word for word in notebooks.arguments if word.endswith(".ipynb")] == [
        "solutions/10_variational_autoencoder.ipynb",
        "solutions/13_dcgan.ipynb",
    ]


# --- uv, where there is one


@pytest.fixture
def uv(tmp_path, monkeypatch):
    """Pretend to have uv; returns the commands it gets and what it answers."""
    calls, answer = [], {"code": 0}

    def run(command, **options):
        calls.append(command)
        return subprocess.CompletedProcess(command, answer["code"], "", "error: nothing found\n")

    monkeypatch.setattr(pip.shutil, "which", lambda name: "/bin/uv" if name == "uv" else None)
    monkeypatch.setattr(pip.subprocess, "run", run)
    return calls, answer


def test_uv_installs_the_lock_with_its_hashes(uv, tmp_path):
    calls, _ = uv
    assert pip.install_by_uv(tmp_path / "python", tmp_path / "lock", {"PIP_USER": "0"})
    (command,) = calls
    assert command[:3] == ["/bin/uv", "pip", "install"] and command[-2:] == ["-r", str(tmp_path / "lock")]
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(command)


def test_uv_installs_names_in_the_place_of_the_lock(uv, tmp_path):
    calls, _ = uv
    assert pip.install_by_uv(tmp_path / "python", tmp_path / "lock", {}, (), ["keras", "-c", "versions.txt"])
    (command,) = calls
    assert command[-3:] == ["keras", "-c", "versions.txt"] and "--only-binary=:all:" in command
    assert not {"--require-hashes", "--no-deps", "-r"} & set(command)


def test_when_uv_fails_pip_tries(uv, tmp_path, capsys):
    uv[1]["code"] = 2
    assert not pip.install_by_uv(tmp_path / "python", tmp_path / "lock", {})
    assert "nothing found" in capsys.readouterr().out


def test_who_has_told_pip_where_to_look_gets_pip(uv, tmp_path):
    for name in ("PIP_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONFIG_FILE", "PIP_CERT"):
        assert not pip.install_by_uv(tmp_path / "python", tmp_path / "lock", {name: "x"})
    assert uv[0] == []
    other = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_CACHE_DIR": "1"}
    assert pip.install_by_uv(tmp_path / "python", tmp_path / "lock", other), "these say nothing of it"


def test_without_uv_nothing_is_different(tmp_path, monkeypatch):
    monkeypatch.setattr(pip.shutil, "which", lambda name: None)
    assert not pip.install_by_uv(tmp_path / "python", tmp_path / "lock", {})
