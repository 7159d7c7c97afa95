"""What `workbook.py` does once it knows that its Python will do: find the environment, start the command.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import difflib
import errno
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from tools.install import others, venv
from tools.install.pip import Problem

ROOT = Path(__file__).resolve().parent.parent
FIRST_NOTEBOOK = "notebooks/00_start_here.ipynb"
LABEXTENSIONS = "tools/labextensions"
# each a module or a package of tools/, started as `python -m tools.NAME`
TOOLS = ("test", "build", "slides", "site", "guide", "classroom", "doctor", "train", "bench", "lock", "release")
COMMANDS = ("lab", *TOOLS)
# These need no installed package: they start in any state of the environment.
SELF_RELIANT = ("doctor", "lock")


def run(arguments: list[str], help_text: str = "") -> int:
    """Do what the command line says and return the exit code; every known mishap is told in plain words."""
    command, rest = arguments[0], arguments[1:]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a path may hold what this terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    try:
        if command not in COMMANDS:
            raise unknown(command)
        if {"-h", "--help"} & set(rest) and (command == "lab" or venv.find(ROOT) is None):
            print(help_text)  # nobody who asks for help wants gigabytes first
            return 0
        kind = None
        if command == "test":
            python, kind, rest = others.wanted(rest)
            if python == others.ALL:
                return others.ends(ROOT, kind, rest)
            if python:
                return others.under(ROOT, python, kind, rest)
            if kind:
                os.environ.pop("WORKBOOK_PYTHON", None)
                os.environ.setdefault("WORKBOOK_VENV", others.folder_name(None, kind))
                rest = ["--some", *(word for word in rest if word != "--some")]
        for switch in ("gpu", "cpu"):
            if f"--{switch}" in rest:
                kind = switch
                rest = [argument for argument in rest if argument != f"--{switch}"]
        if command == "lab":
            return lab(rest, kind)
        return tool(command, rest, kind)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        print("\nworkbook: stopped. Nothing half-made was left; start again with the same command.", file=sys.stderr)
        return 130


def unknown(command: str) -> Problem:
    near = difflib.get_close_matches(command, COMMANDS, n=1, cutoff=0.5)
    return Problem(
        f"there is no command '{command}'.",
        f"the commands are {', '.join(COMMANDS)}.",
        f"python3 workbook.py {near[0]}" if near else "python3 workbook.py --help",
    )


def tool(command: str, rest: list[str], kind: str | None) -> int:
    """Run tools.<command> in the environment, from the root, with the remaining arguments."""
    if not any((ROOT / "tools" / place).is_file() for place in (f"{command}.py", f"{command}/__main__.py")):
        raise Problem(
            f"tools/{command} is missing.",
            f"this copy of the workbook is not complete, so '{command}' cannot run.",
            "get the workbook anew (git status shows what was deleted; git restore tools brings it back)",
        )
    python = self_reliant() if command in SELF_RELIANT else venv.ensure(ROOT, kind)
    return hand_over([str(python), "-m", f"tools.{command}", *rest], python)


def self_reliant() -> Path:
    """The environment's Python, or this one when there is none or when it does not start."""
    found = venv.find(ROOT)
    if found is not None and shutil.which(found) is None:
        print(f"workbook: {found}, which WORKBOOK_PYTHON names, does not start; this Python looks in its place.")
        found = None
    return found or Path(sys.executable)


def root_refused(rest: list[str], user: int | None = None, places: list[Path] | None = None) -> bool:
    """Whether Jupyter would refuse to start for root, in the end of a long set-up. user, places: for tests."""
    user = os.geteuid() if user is None and hasattr(os, "geteuid") else user
    if user != 0 or any("allow-root" in each or "allow_root" in each for each in rest):
        return False
    if places is None:
        own = os.environ.get("JUPYTER_CONFIG_DIR") or Path.home() / ".jupyter"
        places = [Path(place) for place in (own, "/usr/local/etc/jupyter", "/etc/jupyter")]
    for file in (file for place in places for file in place.glob("jupyter_*config.*")):
        with contextlib.suppress(OSError):
            if "allow_root" in file.read_text(encoding="utf-8", errors="replace"):
                return False
    return True


def lab(rest: list[str], kind: str | None = None) -> int:
    """Open JupyterLab on the first notebook, with the root of the workbook as its root folder."""
    port = option(rest, "port")
    if port is not None:
        check_port(port, option(rest, "ip") or "localhost")
    if root_refused(rest):
        raise Problem(
            "you are root, and Jupyter does not start as root.",
            "whoever reaches its page could do everything on this machine.",
            "start it as an ordinary user; in a container of your own: python3 workbook.py lab --allow-root",
        )
    python = venv.ensure(ROOT, kind)
    return hand_over([str(python), "-m", "jupyterlab", *lab_options(rest)], python)


def lab_options(rest: list[str]) -> list[str]:
    """Our options for JupyterLab, followed by the user's own, which win."""
    # Words for screen readers, which JupyterLab leaves out.
    ours = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.extra_labextensions_path={ROOT / LABEXTENSIONS}"]
    if (ROOT / FIRST_NOTEBOOK).is_file():
        ours.append(f"--LabApp.default_url=/lab/tree/{FIRST_NOTEBOOK}")
    if option(rest, "port") is not None:
        # Somebody who names a port wants that one; without a name Jupyter takes the next that is free.
        ours.append("--ServerApp.port_retries=0")
    return ours + rest


def option(arguments: list[str], name: str) -> str | None:
    """The value of `--name V`, `--name=V`, `--ServerApp.name=V` or `--LabApp.name=V`; None when not given."""
    value = None
    for argument, following in zip(arguments, [*arguments, ""][1:], strict=True):
        if argument == f"--{name}":
            value = following
        for start in (f"--{name}=", f"--ServerApp.{name}=", f"--LabApp.{name}="):
            if argument.startswith(start):
                value = argument[len(start) :]
    return value


def check_port(port: str, ip: str = "localhost") -> None:
    """Raise Problem when JupyterLab could not listen on this port."""
    if not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise Problem(f"'{port}' is not a port.", "a port is a number from 1 to 65535.", "for example: --port 8889")
    try:
        addresses = socket.getaddrinfo(None if ip in ("", "*") else ip, int(port), type=socket.SOCK_STREAM)
    except OSError:
        return  # a name that only Jupyter understands: it will say so itself
    for family, kind, protocol, _, address in addresses:
        try:
            probe = socket.socket(family, kind, protocol)
        except OSError:
            continue  # this machine has no such family (often IPv6)
        with probe:
            if os.name == "posix":
                # As Jupyter does: a port whose last owner has just gone is free. (On Windows the same option
                # would let two programs share one port.)
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                probe.bind(address)
            except PermissionError as error:
                raise Problem(
                    f"port {port} may not be used.",
                    "this system keeps that port for its administrators.",
                    "choose a number above 1024, for example: --port 8889",
                ) from error
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    free = int(port) + 1 if int(port) < 65535 else 8889
                    raise Problem(
                        f"port {port} is already taken.",
                        "another program listens there, most likely a JupyterLab that is still open.",
                        f"use that one, stop it, or choose another port: --port {free} "
                        "(without --port a free one is found)",
                    ) from error


def hand_over(command: list[str], python: Path) -> int:
    """Run the command from the root and return its exit code; on POSIX it takes the place of this process."""
    surroundings = venv.for_children(python, ROOT)
    os.chdir(ROOT)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(command[0], command, surroundings)
    child = subprocess.Popen(command, env=surroundings)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            pass  # the child has had Ctrl-C as well, and decides for itself what it means
