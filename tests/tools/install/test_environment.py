"""The locks fit pyproject.toml, environment.yml and the front door, on every system and Python."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import workbook
from tools import lock as tools_lock
from tools.install import venv

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = tools_lock.ROOT
BINDER = ".binder/requirements.txt"
MACHINES = {
    "Linux x86-64": ("linux", "x86_64", "posix", "Linux"),
    "Linux ARM64": ("linux", "aarch64", "posix", "Linux"),
    "macOS ARM64": ("darwin", "arm64", "posix", "Darwin"),
    "Windows x86-64": ("win32", "AMD64", "nt", "Windows"),
}
REQUIRED = (  # what the lessons, the tools and the tests import or run
    *("jupyterlab", "ipywidgets", "tensorflow", "keras", "numpy", "matplotlib", "scikit-learn", "pillow", "tqdm"),
    *("psutil", "jupytext", "nbformat", "nbclient", "nbconvert", "nbval", "pytest", "hypothesis", "playwright"),
    "pyyaml",
)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]


def places():
    """(words, marker environment) of every supported system and Python."""
    for system, (platform, architecture, os_name, kernel) in MACHINES.items():
        for version in tools_lock.PYTHONS:
            yield (
                f"{system}, Python {version}",
                {
                    "sys_platform": platform,
                    "platform_machine": architecture,
                    "os_name": os_name,
                    "platform_system": kernel,
                    "python_version": version,
                    "python_full_version": f"{version}.9",
                    "implementation_name": "cpython",
                    "platform_python_implementation": "CPython",
                    "extra": "",
                },
            )


def locked(lock, place):
    """name -> version that a lock's text names there. Raises AssertionError when it names one twice."""
    found = {}
    for pin in tools_lock.pins(lock):
        if not pin.marker or Marker(pin.marker).evaluate(place):
            assert found.setdefault(pin.name, pin.version) == pin.version, f"{pin.name} is there twice"
    return found


def disagreements(pyproject, lock, conda):
    """What the three files say differently, one line each; all are given as text."""
    project = tomllib.loads(pyproject)["project"]
    pythons = SpecifierSet(project["requires-python"])
    wanted = [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["test"]]
    found = []
    for words, place in places():
        here = locked(lock, place)
        for requirement in wanted:
            if requirement.marker and not requirement.marker.evaluate(place):
                continue
            version = here.get(canonicalize_name(requirement.name))
            if version is None:
                found.append(f"{requirement.name}: in pyproject.toml, not in requirements.lock ({words})")
            elif not requirement.specifier.contains(version):
                found.append(f"{requirement}: requirements.lock has {version} ({words})")
        if not pythons.contains(place["python_full_version"]):
            found.append(f"requires-python {pythons} leaves out {words}")
    packages = yaml.safe_load(conda)["dependencies"]
    by_pip = [line for item in packages if isinstance(item, dict) for line in item["pip"]]
    by_conda = [item for item in packages if isinstance(item, str)]
    if by_pip != ["-r requirements.lock"]:
        found.append(f"environment.yml: pip installs {by_pip}, not requirements.lock alone")
    if {re.split("[=<> ]", item)[0] for item in by_conda} != {"python", "pip"}:
        found.append(f"environment.yml: conda installs {by_conda}, which the lock does not know")
    python = next((item.partition("=")[2].strip("=") for item in by_conda if item.startswith("python=")), "none")
    if python not in tools_lock.PYTHONS:
        found.append(f"environment.yml: Python {python} is not one of {', '.join(tools_lock.PYTHONS)}")
    return found


def test_pyproject_lock_and_environment_agree():
    assert disagreements(read("pyproject.toml"), read("requirements.lock"), read("environment.yml")) == []


@pytest.mark.parametrize(
    "file, old, new, said",
    [
        ("pyproject.toml", '"tqdm>=4.66"', '"tqdm>=999"', "tqdm>=999: requirements.lock has"),
        ("pyproject.toml", '"tqdm>=4.66"', '"quite-new"', "quite-new: in pyproject.toml, not in"),
        ("pyproject.toml", ">=3.10,<3.14", ">=3.11,<3.14", "leaves out Linux x86-64, Python 3.10"),
        ("requirements.lock", "nbval==0", "nbvax==0", "nbval: in pyproject.toml, not in"),
        ("requirements.lock", "\ntensorflow==2", "\ntensorflaw==2", "tensorflow: in pyproject.toml, not in"),
        ("environment.yml", "python=3.12", "python=3.9", "Python 3.9 is not one of"),
        ("environment.yml", "- pip\n", "- pip\n  - numpy=1.26\n", "conda installs ['python=3.12', 'pip', 'numpy"),
        ("environment.yml", "-r requirements.lock\n", "keras\n", "pip installs ['keras']"),
    ],
)
def test_a_disagreement_is_named(file, old, new, said):
    texts = {name: read(name) for name in ("pyproject.toml", "requirements.lock", "environment.yml")}
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new)
    assert any(said in line for line in disagreements(*texts.values()))


def test_the_front_door_and_the_locks_know_the_same_pythons():
    assert [f"3.{minor}" for minor in range(workbook.OLDEST[1], workbook.NEWEST[1] + 1)] == list(tools_lock.PYTHONS)
    pythons = SpecifierSet(tomllib.loads(read("pyproject.toml"))["project"]["requires-python"])
    for version in [workbook.OLDEST, workbook.NEWEST]:
        assert pythons.contains("{}.{}.0".format(*version))
    for version in [(workbook.OLDEST[1] - 1), (workbook.NEWEST[1] + 1)]:
        assert not pythons.contains(f"3.{version}.0")
    assert {lock for lock, *_ in venv.KINDS.values()} == set(tools_lock.LOCKS) - {BINDER}


@pytest.mark.parametrize("name", tools_lock.LOCKS)
def test_a_lock_is_whole_and_names_no_host(name):
    text = read(name)
    pins = list(tools_lock.pins(text))  # raises for any line that is neither pin, hash nor comment
    assert len(pins) > 100
    assert not [pin.name for pin in pins if not pin.hashes]
    assert text.count("--hash=") == sum(len(pin.hashes) for pin in pins)
    assert not re.search(r"://|https?:|--(index|extra|find|trusted)|\blocalhost\b|\.(org|com|net|io)\b|@ ", text)
    assert not re.search(r"^#.*(/|\\)", text.replace("`python3 workbook.py lock`", ""), re.MULTILINE)  # no path


def test_nothing_that_is_needed_is_missing_anywhere():
    for words, place in places():
        here = locked(read("requirements.lock"), place)
        have = {*here, "tensorflow"} if "tensorflow-cpu" in here else set(here)
        assert not set(REQUIRED) - have, words
        small = place["sys_platform"] == "linux" and place["platform_machine"] == "x86_64"
        assert ("tensorflow-cpu" in here, "tensorflow" in here) == (small, not small), words


def test_the_lock_for_graphics_cards_differs_in_tensorflow_only():
    words, place = next(places())
    here, there = locked(read("requirements.lock"), place), locked(read("requirements-gpu.lock"), place)
    assert here.pop("tensorflow-cpu") == there.pop("tensorflow")
    extra = {name for name in there if name.startswith("nvidia-")}
    assert "nvidia-cudnn-cu12" in extra
    assert {name: version for name, version in there.items() if name not in extra} == here


def test_binder_has_what_a_guest_needs_and_no_tests():
    words, place = next(places())
    here, there = locked(read("requirements.lock"), place), locked(read(BINDER), place)
    tests = [Requirement(each).name for each in PROJECT["optional-dependencies"]["test"]]
    assert "playwright" in tests and not set(tests) - {"packaging"} & set(there)  # JupyterLab itself wants packaging
    assert "nbgitpuller" in there
    assert {name: version for name, version in there.items() if name in here} == {
        name: here[name] for name in there if name != "nbgitpuller"
    }
    assert read(".binder/runtime.txt").strip().removeprefix("python-") in tools_lock.PYTHONS
    start = read(".binder/start").splitlines()
    assert start[0].startswith("#!") and start[-1] == 'exec "$@"'
    assert {"OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"} <= set(re.findall(r"(\w+)=\d", read(".binder/start")))


def test_binders_start_keeps_threads_few_and_starts_what_it_is_given():
    if os.name != "posix":
        pytest.skip("Binder runs on Linux")
    code = "import os; print(os.environ['OMP_NUM_THREADS'])"
    done = subprocess.run([ROOT / ".binder/start", sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "2\n", done.stderr


def test_the_container_installs_a_lock_that_is_there():
    container = json.loads(read(".devcontainer/devcontainer.json"))
    assert container["image"].rpartition(":")[2] in tools_lock.PYTHONS
    assert container["postCreateCommand"].split()[-2:] == ["-r", "requirements.lock"]
    assert container["containerEnv"] == {"WORKBOOK_PYTHON": "python"}


def test_locking_needs_uv(monkeypatch, capsys):
    monkeypatch.setattr(tools_lock.shutil, "which", lambda name: None)
    before = read("requirements.lock")
    assert tools_lock.main([]) == 1
    assert "uv is not on the PATH" in capsys.readouterr().err and read("requirements.lock") == before


def test_pins_refuse_what_is_no_pin():
    assert [pin.name for pin in tools_lock.pins("# a note\na==1 ; os_name == 'nt' \\\n    --hash=sha256:" + "0" * 64)]
    for line in ("a>=1", "-i somewhere", "a==1 --hash=sha256:12", "./a.whl"):
        with pytest.raises(ValueError, match="not a pin"):
            list(tools_lock.pins(line))


@pytest.mark.kernels
def test_a_kernel_is_this_environment():
    """What JupyterLab calls python3 is the Python that has the packages, wherever a user's own kernels point."""
    import nbclient
    import nbformat

    code = 'import sys; sys.path.insert(0, ".."); import helpers; print(sys.executable, "tensorflow" in sys.modules)'
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    folder = {"metadata": {"path": str(ROOT / "tests")}}
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=600, resources=folder).execute()
    python, has_tensorflow = notebook.cells[0].outputs[0].text.rsplit(maxsplit=1)  # the path may have spaces
    assert Path(python).parent == Path(sys.executable).parent and has_tensorflow == "False"
