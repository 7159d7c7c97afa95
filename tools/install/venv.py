"""The workbook's own environment: `.venv`, made once from the lock, mended when it is half-made or outdated.

A stamp inside `.venv`, written last, tells a finished environment from a half-made one and knows which lock
it was made from; a start with a fitting stamp reads two small files and calls no pip.
Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tools.install.machine import has_module, hindrances, look_over, room_problem, venv_problem
from tools.install.others import LOOSE, what
from tools.install.pip import Problem, Tampered, install, install_by_uv
from tools.lock import pins

# kind -> its lock; the room in GB to set it up (packages, pip's cache and temporary files); what to expect
KINDS = {
    "cpu": ("requirements.lock", 4.0, "500 MB to download, 2.3 GB on disk"),
    "gpu": ("requirements-gpu.lock", 14.0, "several GB to download"),
}
ALL = {**KINDS, **LOOSE}
STAMP = "workbook-stamp.json"
# Pages that nbconvert writes keep the descriptions of pictures. JupyterLab's menu and `jupyter nbconvert` read it.
WEB_PAGES = """\
from pathlib import Path

ours = Path(__file__).resolve().parents[3] / "tools" / "install" / "web_page"
get_config().TemplateExporter.extra_template_basedirs = [str(Path.cwd()), str(ours)]
"""
# settings of pip that send packages elsewhere, or let it install nothing
ELSEWHERE = ("TARGET", "PREFIX", "ROOT", "PYTHON", "DRY_RUN", "REQUIRE_VIRTUALENV")
OURS = "made-by-the-workbook"  # in .venv from its first moment: without it, .venv is somebody else's


def folder(root: Path) -> Path:
    """The environment; `test --python` names one beside the usual one."""
    return root / os.environ.get("WORKBOOK_VENV", ".venv")


def python_in(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def digest(lock: Path) -> str:
    """SHA-256 of the lock; line ends do not count, git may change them on Windows."""
    return hashlib.sha256(lock.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def configuration(venv: Path) -> dict[str, str]:
    """pyvenv.cfg as a dictionary; empty when there is none."""
    try:
        lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}


def stamp_for(root: Path, kind: str) -> dict[str, str]:
    """What the stamp of a finished, up-to-date environment says."""
    version = ".".join(configuration(folder(root)).get("version", "").split(".")[:2])
    return {"kind": kind, "lock": digest(root / ALL[kind][0]), "python": version}


def read_stamp(root: Path) -> dict[str, str]:
    """The stamp; empty when there is none or it cannot be read: both mean half-made."""
    try:
        stamp = json.loads((folder(root) / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and stamp.get("kind") in ALL else {}


def ready(root: Path, kind: str | None = None) -> bool:
    """Whether .venv is finished, fits the lock, and its Python still exists. kind None: whichever it is."""
    stamp = read_stamp(root)
    return finished(root, kind) and stamp == stamp_for(root, stamp["kind"])


def finished(root: Path, kind: str | None = None) -> bool:
    """Whether .venv was once finished, and its Python still exists; the lock may have changed since."""
    stamp = read_stamp(root)
    if not stamp or (kind and stamp["kind"] != kind):
        return False
    if stamp.get("python") != stamp_for(root, stamp["kind"])["python"]:
        return False
    python = python_in(folder(root))
    if not python.exists() or not Path(configuration(folder(root)).get("home", "")).is_dir():
        return False
    # A system upgrade may have put another Python behind the link: its name then tells (python3.12).
    behind = re.fullmatch(r"python(\d+\.\d+)", python.resolve().name)
    return behind is None or behind[1] == stamp["python"]


def find(root: Path) -> Path | None:
    """The Python that the commands run with, without making anything; None when there is none yet."""
    own = os.environ.get("WORKBOOK_PYTHON")
    if own:
        own = os.path.expanduser(own)
        return Path(shutil.which(own) or own)
    return python_in(folder(root)) if ready(root) else None


def ensure(root: Path, kind: str | None = None) -> Path:
    """The Python of a finished environment, which is made or mended first if need be. Raises Problem.

    When a newer lock cannot be installed, without a network above all, the environment of before does.
    """
    if os.environ.get("WORKBOOK_PYTHON"):
        return look_over(os.environ["WORKBOOK_PYTHON"])
    if ready(root, kind):
        return python_in(folder(root))
    kind = kind or read_stamp(root).get("kind", "cpu")
    try:
        make(root, kind)
    except Tampered:
        raise
    except Problem as problem:
        if not finished(root, kind):
            raise
        print(
            f"workbook: the packages could not be brought up to date: {problem.happened}\n"
            "  That means: you go on with those of before. Something new in the lessons may miss its package.\n"
            f"  What to do: {problem.todo}; the next start tries again by itself",
            flush=True,
        )
    return python_in(folder(root))


def make(root: Path, kind: str) -> None:
    """Make or mend the environment. Raises Problem, and then it is as it was before."""
    for hindrance in hindrances(root, kind, ALL[kind][1]):
        raise hindrance
    try:
        with alone(root) as hold:
            if not ready(root, kind):  # else another start has made it while this one waited
                build(root, kind, hold)
    except PermissionError as error:
        raise writing_problem(root, error) from error
    except OSError as error:
        if error.errno in (28, 122):  # no space left, quota exceeded
            raise room_problem(root, ALL[kind][1], free=0.0) from error
        raise writing_problem(root, error) from error


def writing_problem(root: Path, error: OSError) -> Problem:
    return Problem(
        f"could not write in {root} ({error.strerror or error}).",
        "the folder is read-only, belongs to somebody else, or .venv is in use by an open JupyterLab.",
        "close JupyterLab if it is open; else copy the workbook to a folder of your own and start it there",
    )


@contextlib.contextmanager
def alone(root: Path):
    """Only one start at a time may make .venv; a second one waits for it and then finds it made.

    Yields the lock's descriptors, which pip is to inherit: should this process be killed, its pip goes on writing for
    a while, and the next start waits for it as well.
    """
    path = folder(root).with_name(folder(root).name + ".lock")
    with contextlib.ExitStack() as opened:
        while True:
            file = opened.enter_context(path.open("a+b"))
            try:
                take(file, wait=False)
            except (BlockingIOError, PermissionError):  # "taken", on Linux and macOS, and on Windows
                print("workbook: another start is setting up the workbook; waiting for it.", flush=True)
                take(file, wait=True)
            except OSError:
                pass  # a file system without locks (some network drives)
            with contextlib.suppress(OSError):
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    break  # else the one before us has removed this file, and a third may hold a new one
        try:
            yield (file.fileno(),) if os.name == "posix" else ()
        finally:
            with contextlib.suppress(OSError):
                path.unlink()
    with contextlib.suppress(OSError):
        path.unlink()  # Windows removes no open file


def take(file, wait: bool) -> None:
    """Lock an open file; the system lets go of it when this process ends, however it ends."""
    if os.name == "nt":
        import msvcrt

        while True:
            try:
                return msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    raise  # LK_LOCK gives up after ten seconds: ask again
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def build(root: Path, kind: str, hold: tuple[int, ...] = ()) -> None:
    """Make .venv from the lock. When that fails, what was there before is there again. Raises Problem."""
    venv, size = folder(root), ALL[kind][2]
    before = venv.with_name(venv.name + ".before")
    if (venv / OURS).exists() or not python_in(venv).exists():
        if read_stamp(root):  # finished once, now outdated: better than nothing should this fail
            remove(before)
            venv.rename(before)
        remove(venv)
    else:
        number = next(n for n in range(1, 1000) if not (root / f"{venv.name}.yours-{n}").exists())
        venv.rename(root / f"{venv.name}.yours-{number}")
        print(f"workbook: {venv.name} was not made by the workbook; it is kept as {venv.name}.yours-{number}.")
    again = "again, since the list of packages has changed" if before.exists() else "this once"
    print(f"workbook: setting up the packages in {venv.name} ({again}): {size}, some minutes.", flush=True)
    earlier = signals(stop)
    try:
        venv.mkdir()
        (venv / OURS).write_text("Delete this folder to set the workbook up afresh.\n", encoding="utf-8")
        fill(root, venv, kind, hold, not before.exists())
        settle(venv)
        write(venv / STAMP, json.dumps(stamp_for(root, kind), indent=1))
    except BaseException:
        remove(venv)
        if before.exists():
            before.rename(venv)
        raise
    finally:
        signals(earlier)
    remove(before)
    print("  done.", flush=True)


def fill(root: Path, venv: Path, kind: str, hold: tuple[int, ...] = (), patient: bool = True) -> None:
    """Create the environment and install the lock into it.

    hold: descriptors that pip inherits.   patient: ask a network that does not answer several times.
    """
    # Not sys.executable: that may be the Python of the very .venv that has just been moved out of the way.
    base = getattr(sys, "_base_executable", None) or sys.executable
    surroundings = for_children(python_in(venv), root)
    if not patient:  # there is an environment to go on with
        surroundings = {"PIP_RETRIES": "1", **surroundings}
    bare = ["--without-pip"] if not has_module("ensurepip") else []
    made = subprocess.run(
        [base, "-m", "venv", *bare, str(venv)],
        env=surroundings,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        pass_fds=hold,
    )
    if made.returncode:
        raise venv_problem(made.returncode, made.stderr + made.stdout, ALL[kind][1])
    inside = [str(python_in(venv)), "-m", "pip"]
    lent = [base, "-m", "pip", "--python", str(python_in(venv))]  # for a Python with pip but no ensurepip
    lock, gigabytes, _ = ALL[kind]
    names = what(root, kind) if kind in LOOSE else None
    if not install_by_uv(python_in(venv), root / lock, surroundings, hold, names):
        install(lent if bare else inside, root / lock, surroundings, gigabytes, hold, names)
    whole(venv, root / lock)


def whole(venv: Path, lock: Path) -> None:
    """Raise Problem when the installer has said that all went well, and the packages are not there."""
    if lock.suffix != ".lock":
        return  # a list of wishes
    names = {pin.name.lower() for pin in pins(lock.read_text(encoding="utf-8")) if not pin.marker}
    if not names:
        return
    code = "import importlib.metadata as m, re; print(*(re.sub('[-_.]+', '-', str(d.name)) for d in m.distributions()))"
    found = subprocess.run([python_in(venv), "-c", code], capture_output=True, encoding="utf-8", errors="replace")
    missing = sorted(names - set(found.stdout.lower().split()))
    if missing:
        some = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more packages" if len(missing) > 3 else "")
        raise Problem(
            f"the installer has ended well, and yet {some} did not come into {venv.name}.",
            "a setting of this machine sends packages elsewhere, or lets pip only say what it would do.",
            "look for such a setting with: python3 -m pip config list   (or in uv.toml), remove it, then start again",
        )


def settle(venv: Path) -> None:
    """Jupyter as a class wants it: no question about news, no look for updates, pictures keep their descriptions."""
    overrides = {"@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"}}
    settings = venv / "share/jupyter/lab/settings"
    settings.mkdir(parents=True, exist_ok=True)
    write(settings / "overrides.json", json.dumps(overrides, indent=1))
    (venv / "etc/jupyter").mkdir(parents=True, exist_ok=True)
    write(venv / "etc/jupyter/jupyter_config.py", WEB_PAGES)


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text + "\n", encoding="utf-8", newline="\n")
    os.replace(part, path)


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def stop(number, frame) -> None:
    raise KeyboardInterrupt  # a closed terminal or a kill tidies up as Ctrl-C does


def signals(handler):
    """Set what SIGTERM and SIGHUP do (a function, or the dictionary an earlier call returned)."""
    earlier = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(ValueError):  # not in the main thread: leave them as they are
                earlier[name] = signal.signal(number, handler[name] if isinstance(handler, dict) else handler)
    return earlier


def for_children(python: Path, root: Path) -> dict[str, str]:
    """The environment variables that a command runs with."""
    surroundings = {**os.environ, "PYTHONUTF8": "1"}
    for name in ("PYTHONIOENCODING", "PYTHONHOME", "PYTHONSAFEPATH", "__PYVENV_LAUNCHER__", "WORKBOOK_VENV"):
        surroundings.pop(name, None)
    if python == python_in(folder(root)):
        # Other Pythons' packages and pip settings that install elsewhere must not leak in.
        for name in ("PYTHONPATH", *(f"PIP_{name}" for name in ELSEWHERE)):
            surroundings.pop(name, None)
        surroundings.update(PIP_USER="0", PYTHONNOUSERSITE="1", JUPYTER_PREFER_ENV_PATH="1")
        surroundings["VIRTUAL_ENV"] = str(folder(root))
        surroundings["PATH"] = str(python.parent) + os.pathsep + os.environ.get("PATH", os.defpath)
    return surroundings
