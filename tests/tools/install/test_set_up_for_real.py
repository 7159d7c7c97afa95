"""The set-up with a real pip, in a path with a space: from nothing to a command, and what goes wrong on the way.

The packages come from a folder, the index is a silent or closed port of this machine: no network is used.
"""

import os
import signal
import socket
import subprocess
import sys
import textwrap

import pytest

from tests.tools.install.front_door import names, wheel
from tools.install import venv
from tools.install.pip import Unequipped


@pytest.mark.slow
def test_the_whole_way(house):
    """From nothing to a running command and its exit code, with a real pip, in a path with a space."""
    root, run = house
    (root / "wheels").mkdir()
    lock = wheel(root / "wheels") + "other==1 ; sys_platform == 'nowhere' \\\n    --hash=sha256:" + "0" * 64 + "\n"
    (root / "requirements.lock").write_text(lock, encoding="utf-8")
    (root / "tools" / "bench" / "__main__.py").write_text(
        textwrap.dedent("""
            import os, sys, tiny
            print(tiny.answer, sys.argv[1:], os.getcwd(), sys.prefix, sys.flags.utf8_mode)
            sys.exit(7)
        """),
        encoding="utf-8",
    )
    local = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": (root / "wheels").as_uri(), "PYTHONPATH": str(root / "wheels")}
    code, out, err = run("bench", "--seconds", "3", **local)
    assert code == 7, err
    assert "unpacking 1 packages" in out and "[  1/1]" in out  # the other one is not for this machine
    assert f"42 ['--seconds', '3'] {root} {root / '.venv'} 1" in out
    code, out, err = run("bench")
    assert code == 7 and not err and out.startswith("42 []")  # nothing is said the second time

    # The same lock with another hash: refused, and the environment of before is there again.
    wrong = lock.splitlines()[1].strip()[-64:]
    (root / "requirements.lock").write_text(lock.replace(wrong, "0" * 64), encoding="utf-8")
    code, out, err = run("bench", **local)
    assert code == 1 and "its hash differs" in err and "That means" in err and "What to do" in err
    assert "42" not in out and (root / ".venv").is_dir() and not venv.ready(root)
    assert not [name for name in names(root) if name.startswith(".venv.")]


@pytest.mark.slow
def test_a_python_without_ensurepip_lends_its_pip(house, monkeypatch):
    """As on Debian, where ensurepip is a package of its own that few have."""
    if subprocess.run([sys._base_executable, "-m", "pip", "--python", sys.executable, "list"]).returncode:
        pytest.skip("the Python behind this environment has no pip to lend")
    root, _ = house
    (root / "requirements.lock").write_text(wheel(root), encoding="utf-8")
    monkeypatch.setattr(venv, "has_module", lambda name: name != "ensurepip")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", root.as_uri())
    python = venv.ensure(root)
    asked = "import tiny, importlib.util as u; print(tiny.answer, tiny.__file__, u.find_spec('pip'))"
    said = subprocess.run([python, "-c", asked], capture_output=True, encoding="utf-8", check=True).stdout
    assert said.startswith(f"42 {root / '.venv'}") and said.strip().endswith("None")


@pytest.mark.slow
def test_no_network_at_the_first_start(house):
    root, run = house
    (root / "requirements.lock").write_text("tiny==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    with socket.socket() as closed:  # bound, so nobody else gets the port; not listening, so it refuses
        closed.bind(("127.0.0.1", 0))
        code, out, err = run("bench", PIP_INDEX_URL=f"http://127.0.0.1:{closed.getsockname()[1]}/simple")
    assert code == Unequipped.code and "could not be downloaded" in err and "first start only" in err
    assert "Traceback" not in err and ".venv" not in names(root)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_during_the_install(number, house):
    root, run = house
    lock = "tiny==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"
    (root / "requirements.lock").write_text(lock, encoding="utf-8")
    with socket.socket() as silent:  # takes the connection and never answers: pip waits
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(600)
        child = run.start("bench", PIP_INDEX_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/simple")
        connection, _ = silent.accept()
        with connection:
            connection.settimeout(600)
            # A terminal sends Ctrl-C to all of its programs, a task manager ends the one it sees.
            (os.killpg if number == signal.SIGINT else os.kill)(child.pid, number)
            out, err = child.communicate(timeout=1800)
            while connection.recv(1000):
                pass  # the end of its request: pip has gone as well
    assert child.returncode == 130 and "stopped" in err and "Traceback" not in err
    assert not [name for name in names(root) if name.startswith(".venv")]
