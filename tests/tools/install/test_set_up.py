"""The environment is made once, mended when half-made or outdated, and never left half-done. No pip is called."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.install.front_door import is_told, names
from tools import front
from tools.install import machine, venv
from tools.install.pip import Problem, Tampered


def test_it_is_made_once(quick):
    root, calls = quick
    assert venv.find(root) is None
    python = venv.ensure(root)
    assert python.exists() and calls == ["requirements.lock"]
    before = names(root)
    assert venv.ensure(root) == python == venv.find(root)
    assert calls == ["requirements.lock"] and names(root) == before
    assert ".venv.lock" not in before and ".venv.before" not in before


def half_made(root):
    (root / ".venv" / venv.STAMP).unlink()


def empty_folder(root):
    shutil.rmtree(root / ".venv")
    (root / ".venv").mkdir()


def a_file(root):
    shutil.rmtree(root / ".venv")
    (root / ".venv").write_text("")


def broken_stamp(root):
    (root / ".venv" / venv.STAMP).write_text("{", encoding="utf-8")


def new_lock(root):
    (root / "requirements.lock").write_text("# another\n", encoding="utf-8")


def no_python(root):
    venv.python_in(root / ".venv").unlink()


def python_uninstalled(root):
    path = root / ".venv" / "pyvenv.cfg"
    text = path.read_text(encoding="utf-8").replace(venv.configuration(path.parent)["home"], "/gone/bin")
    path.write_text(text, encoding="utf-8")


def made_over_by_another_python(root):
    path = root / ".venv" / "pyvenv.cfg"
    path.write_text(path.read_text(encoding="utf-8") + "version = 3.9.1\n", encoding="utf-8")


def another_python_behind_the_link(root):
    link, other = venv.python_in(root / ".venv"), root.parent / "python3.9"
    other.write_text("")
    link.unlink()
    try:
        link.symlink_to(other)
    except OSError:
        pytest.skip("no links here")


@pytest.mark.parametrize(
    "damage",
    [
        half_made,
        empty_folder,
        a_file,
        broken_stamp,
        new_lock,
        no_python,
        python_uninstalled,
        made_over_by_another_python,
        another_python_behind_the_link,
    ],
)
def test_what_is_not_whole_is_mended(damage, quick):
    root, calls = quick
    venv.ensure(root)
    (root / ".venv" / "left over").write_text("")
    damage(root)
    assert not venv.ready(root) and venv.find(root) is None
    python = venv.ensure(root)
    assert calls == ["requirements.lock"] * 2 and venv.ready(root)
    assert not (root / ".venv" / "left over").exists()
    assert subprocess.run([python, "-c", "pass"]).returncode == 0
    assert not [name for name in names(root) if name.startswith(".venv.")]


def test_line_ends_of_the_lock_do_not_count(quick):
    root, calls = quick
    venv.ensure(root)
    (root / "requirements.lock").write_bytes(b"# nothing\r\n")
    venv.ensure(root)
    assert len(calls) == 1


def test_the_graphics_card_switch_lasts(quick, monkeypatch):
    root, calls = quick
    monkeypatch.setattr(machine, "machine_problem", lambda kind: None)
    for kind in (None, "gpu", None, "gpu", "cpu", None):
        venv.ensure(root, kind)
    assert calls == ["requirements.lock", "requirements-gpu.lock", "requirements.lock"]
    venv.ensure(root, "gpu")
    (root / "requirements-gpu.lock").write_text("# another\n", encoding="utf-8")
    venv.ensure(root)
    assert calls[3:] == ["requirements-gpu.lock"] * 2


def test_the_switch_does_not_reach_the_tools(monkeypatch):
    seen = []
    monkeypatch.setattr(venv, "ensure", lambda root, kind=None: seen.append(kind) or Path(sys.executable))
    monkeypatch.setattr(front, "hand_over", lambda command, python: seen.append(command[3:]) or 7)
    assert front.run(["test", "--quick", "--gpu", "-x"]) == 7
    assert seen == ["gpu", ["--quick", "-x"]]


def test_somebody_elses_environment_is_kept(quick):
    root, calls = quick
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(root / ".venv")], check=True)
    (root / ".venv" / "mine").write_text("precious")
    venv.ensure(root)
    assert venv.ready(root) and (root / ".venv.yours-1" / "mine").read_text() == "precious"


@pytest.mark.parametrize("mishap", [KeyboardInterrupt(), Problem("one", "two", "three"), PermissionError(13, "no")])
@pytest.mark.parametrize("state", ["nothing", "outdated", "half-made"])
def test_a_failed_set_up_leaves_nothing_half_done(mishap, state, quick, monkeypatch):
    root, _ = quick
    if state != "nothing":
        venv.ensure(root)
        (half_made if state == "half-made" else new_lock)(root)
        (root / ".venv" / "earlier").write_text("")
    before = [name for name in names(root) if state == "outdated" or name != ".venv"]

    def fail(command, *rest):
        assert (root / ".venv" / "pyvenv.cfg").exists()
        raise mishap

    monkeypatch.setattr(venv, "install", fail)
    with pytest.raises(KeyboardInterrupt if isinstance(mishap, KeyboardInterrupt) else Problem):
        venv.make(root, "cpu")
    assert names(root) == before and not venv.ready(root)
    assert (root / ".venv" / "earlier").exists() == (state == "outdated")  # better the old one than none


@pytest.mark.parametrize("mishap", [Problem("no network", "two", "connect"), OSError(28, "full"), OSError(30, "no")])
def test_when_an_update_fails_the_old_environment_starts(mishap, quick, monkeypatch, capsys):
    """As on a train, after a pull that has changed the lock."""
    root, calls = quick
    python = venv.ensure(root)
    new_lock(root)
    monkeypatch.setattr(venv, "install", lambda *rest: (_ for _ in ()).throw(mishap))
    before = names(root)
    assert venv.ensure(root) == python and python.exists() and names(root) == before
    said = capsys.readouterr().out
    assert "could not be brought up to date" in said and "That means" in said and "What to do" in said
    with pytest.raises(Problem):  # for a graphics card there is none of before
        monkeypatch.setattr(machine, "machine_problem", lambda kind: None)
        venv.ensure(root, "gpu")
    monkeypatch.setattr(venv, "install", lambda command, lock, *rest: calls.append(lock.name))
    assert venv.ensure(root) == python and venv.ready(root), "the next start tries again"


@pytest.mark.parametrize("state", [half_made, no_python, python_uninstalled, another_python_behind_the_link])
def test_what_cannot_start_is_no_environment_of_before(state, quick, monkeypatch):
    root, _ = quick
    venv.ensure(root)
    state(root)
    monkeypatch.setattr(venv, "install", lambda *rest: (_ for _ in ()).throw(Problem("one", "two", "three")))
    with pytest.raises(Problem):
        venv.ensure(root)


def test_nobody_goes_on_after_a_wrong_hash(quick, monkeypatch):
    root, _ = quick
    venv.ensure(root)
    new_lock(root)
    monkeypatch.setattr(venv, "install", lambda *rest: (_ for _ in ()).throw(Tampered("one", "two", "three")))
    with pytest.raises(Tampered):
        venv.ensure(root)


def test_the_old_environment_asks_a_dead_network_only_once(quick, monkeypatch):
    root, _ = quick
    seen = []
    monkeypatch.setattr(
        venv, "install", lambda command, lock, settings, *rest: seen.append(settings.get("PIP_RETRIES"))
    )
    monkeypatch.delenv("PIP_RETRIES", raising=False)
    venv.ensure(root)
    new_lock(root)
    venv.ensure(root)
    assert seen == [None, "1"]


@pytest.mark.skipif(os.name != "posix", reason="Windows hands no descriptors on")
def test_pip_holds_the_lock_when_its_start_has_been_killed(quick):
    """Two starts must never write into one .venv, and the pip of a killed one goes on for a while."""
    root, _ = quick

    def killed(command, lock, settings, gigabytes, hold, *rest):
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(5)"], pass_fds=hold)  # pip
        os._exit(9)

    child = os.fork()
    if child == 0:  # the first start
        venv.install = killed
        try:
            venv.ensure(root)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    with (root / ".venv.lock").open("a+b") as second, pytest.raises(OSError):
        venv.take(second, wait=False)
    venv.ensure(root)  # waits for that pip, and makes all anew
    assert venv.ready(root) and not [name for name in names(root) if name.startswith(".venv.")]


def test_a_start_that_waited_does_not_hold_a_lock_that_is_gone(quick):
    root, _ = quick
    with venv.alone(root):
        (root / ".venv.lock").unlink()
        with venv.alone(root):  # a new file, and a lock of its own
            assert (root / ".venv.lock").exists()


def test_a_second_start_waits_for_the_first(quick):
    root, _ = quick
    with venv.alone(root), (root / ".venv.lock").open("a+b") as second, pytest.raises(OSError):
        venv.take(second, wait=False)
    with venv.alone(root):
        pass


@pytest.mark.skipif(os.name != "posix", reason="Windows locks files by another call")
def test_a_file_system_without_locks_does_not_stop_a_start(quick, monkeypatch, capsys):
    import fcntl

    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    assert venv.ensure(quick[0]).exists() and "another start" not in capsys.readouterr().out


def test_packages_that_went_elsewhere_are_told(quick):
    """A setting in pip.conf or uv.toml may send them to another folder: all went well, and nothing is there."""
    root, _ = quick
    (root / "requirements.lock").write_text("tiny==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    with pytest.raises(Problem) as caught:
        venv.ensure(root)
    assert "tiny did not come into .venv" in is_told(caught.value) and ".venv" not in names(root)


def test_a_full_disk_is_told_before_anything_is_made(quick, monkeypatch):
    root, calls = quick
    before = names(root)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 10**12, 15 * 10**8))
    with pytest.raises(Problem) as caught:
        venv.ensure(root)
    assert "1.5 GB left" in is_told(caught.value) and "4 GB" in str(caught.value)
    assert names(root) == before and not calls


def test_a_disk_that_fills_up_is_told(quick, monkeypatch):
    root, _ = quick
    monkeypatch.setattr(venv, "fill", lambda *rest: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(Problem) as caught:
        venv.ensure(root)
    assert "the disk has 0.0 GB left" in is_told(caught.value) and ".venv" not in names(root)


def test_a_folder_that_cannot_be_written_is_told(quick):
    root, calls = quick
    (root / ".venv.lock").mkdir()  # as good as a read-only folder, also for an administrator
    with pytest.raises(Problem) as caught:
        venv.ensure(root)
    assert "could not write" in is_told(caught.value) and str(root) in str(caught.value) and not calls


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="an administrator may write anywhere")
def test_a_read_only_folder_is_told(quick):
    root, calls = quick
    root.chmod(0o555)
    try:
        with pytest.raises(Problem) as caught:
            venv.ensure(root)
    finally:
        root.chmod(0o755)
    assert "could not write" in is_told(caught.value) and not calls
