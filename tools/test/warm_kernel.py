"""Kernels for testing many notebooks: TensorFlow is imported once, and each notebook gets a copy of that process.

    with warm_kernels(folder, environment) as more:     # more: settings with which Jupyter finds the kernel "warm"
        pytest --nbval-kernel-name=warm …

To import the libraries takes longer than most lessons do in the smoke profile. A notebook's process begins as a copy
(`fork`) of one that has imported them and nothing else: no lesson, no helper, no device of TensorFlow. Other
systems than Linux get ordinary kernels.

    Jupyter ── starts ──> stand-in (this file, with a connection file) ── asks ──> waiting process ── forks ──> kernel
The stand-in lives as long as the kernel and hands signals on; whichever ends, the other one does so, too.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

NAME = "warm"
LIBRARIES = ("ipykernel.kernelapp", "ipywidgets", "matplotlib.pyplot", "scipy.stats", "sklearn.decomposition",
             "sklearn.manifold", "tensorflow", "keras")  # fmt: skip
PATIENCE = 600  # seconds for the libraries to be imported
PARENT = "JPY_PARENT_PID"  # a kernel ends when this process does; a copy has another parent


def possible() -> bool:
    """Whether this system can copy a process that has imported all this: Linux can, macOS can at its own risk."""
    return sys.platform == "linux" and hasattr(socket, "send_fds")


@contextlib.contextmanager
def warm_kernels(
    folder: Path, environment: Mapping[str, str], libraries: Sequence[str] = LIBRARIES
) -> Iterator[dict[str, str]]:
    """A waiting process with its kernel specification in `folder`; gives the settings that Jupyter needs.

    environment: of the notebooks.   libraries: modules to import beforehand.
    Raises RuntimeError, with what it said, if the libraries cannot be imported.
    """
    place = folder / "s"  # the path of a socket must be short
    spec = folder / "jupyter" / "kernels" / NAME
    spec.mkdir(parents=True)
    program = [sys.executable, str(Path(__file__).resolve())]
    argv = [*program, "stand-in", str(place), "{connection_file}"]
    content = {"argv": argv, "display_name": NAME, "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(content), encoding="utf-8")
    command = [*program, "serve", str(place), *libraries]
    waiting = subprocess.Popen(command, env=dict(environment), stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True)  # fmt: skip
    try:
        end = time.monotonic() + PATIENCE
        while not place.exists():
            if waiting.poll() is not None or time.monotonic() > end:
                waiting.kill()
                said = waiting.communicate()[1].decode(errors="replace")
                raise RuntimeError(f"The process that notebooks are copied from did not start:\n{said}")
            time.sleep(0.05)
        yield {"JUPYTER_PATH": str(folder / "jupyter")}
    finally:
        waiting.stdin.close()  # it ends when nobody holds the other end any more, however the tests ended
        waiting.stderr.close()
        waiting.wait()


def serve(place: str, *libraries: str) -> None:
    """Import the libraries, then make a copy of this process for each request."""
    import importlib

    for library in libraries:
        importlib.import_module(library)
    threading.Thread(target=_end_with, args=(sys.stdin.fileno(),), daemon=True).start()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # copies that have ended leave nothing behind
    server = socket.socket(socket.AF_UNIX)
    server.bind(place + "-")
    server.listen()
    os.rename(place + "-", place)  # only now can anybody see it
    while True:
        line, _ = server.accept()
        message, channels, *_ = socket.recv_fds(line, 1 << 20, 3)
        if os.fork() == 0:
            server.close()
            become_kernel(line, json.loads(message), channels)
        for each in (*channels, line.fileno()):
            os.close(each)
        line.detach()


def become_kernel(line: socket.socket, request: dict, channels: list[int]) -> None:
    """Turn this copy into the kernel that was asked for; does not return."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, channel in enumerate(channels):
        os.dup2(channel, number)
        os.close(channel)
    os.environ.clear()
    os.environ.update({name: value for name, value in request["environment"].items() if name != PARENT})
    os.chdir(request["folder"])
    sys.path[0] = ""  # as in an ordinary kernel: the folder of the notebook, not that of this file
    line.sendall(str(os.getpid()).encode())
    threading.Thread(target=_end_with, args=(line.fileno(),), daemon=True).start()
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    np.random.seed()  # a copy would have the random numbers of all others
    IPKernelApp.launch_instance(argv=["-f", request["connection"]])
    os._exit(0)


def _end_with(channel: int) -> None:
    """End this process when the other end of the channel is closed."""
    while os.read(channel, 1):
        pass
    os._exit(0)


def stand_in(place: str, connection: str) -> None:
    """Ask for a kernel and live as long as it does; what Jupyter does to this process happens to the kernel."""
    line = socket.socket(socket.AF_UNIX)
    line.connect(place)
    request = {"environment": dict(os.environ), "folder": os.getcwd(), "connection": connection}
    socket.send_fds(line, [json.dumps(request).encode()], [0, 1, 2])
    kernel = int(line.recv(32))
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda number, frame: os.kill(kernel, number))
    while line.recv(1):
        pass


if __name__ == "__main__":
    {"serve": serve, "stand-in": stand_in}[sys.argv[1]](*sys.argv[2:])
