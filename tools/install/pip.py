"""One run of pip from the lock: its progress on one line, and its failures in plain words.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path


class Problem(Exception):
    """Something a person can mend: what happened, what it means, what to do."""

    code = 1  # the exit code of a command that ends with it

    def __init__(self, happened: str, meaning: str, todo: str):
        super().__init__(happened, meaning, todo)
        self.happened, self.meaning, self.todo = happened, meaning, todo

    def __str__(self) -> str:
        return f"workbook: {self.happened}\n  That means: {self.meaning}\n  What to do: {self.todo}"


class Tampered(Problem):
    """What came is not what the lock names: no reason to go on with anything."""


class Unequipped(Problem):
    """This machine has no network or no room for more packages: that says nothing about the workbook."""

    code = 75  # "try again later" among the exit codes of sendmail, which nothing else here uses


# What pip writes -> what happened, what it means, what to do. The first that fits counts: a full disk or a
# missing network makes pip complain about other things as well, further down.
MISHAPS = (
    (
        r"DO NOT MATCH THE HASHES",
        "a downloaded package is not the one that the lock names (its hash differs).",
        "the download was damaged or changed on its way, so nothing of it was installed.",
        "try again; if it comes back, empty pip's cache (python3 -m pip cache purge), try another network, "
        "and ask whoever runs your package index",
    ),
    (
        r"No space left on device|Errno 28\b|There is not enough space on the disk|Disk quota exceeded",
        "the disk is full.",
        "the packages did not fit, neither here nor in pip's cache and temporary folder.",
        "make room (about {gigabytes:.0f} GB), then start again",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|certificate verify failed",
        "the package index could not be trusted (its certificate was refused).",
        "a company or school proxy may stand between you and the index, or your clock is wrong.",
        "check the date of this computer; behind a proxy set PIP_CERT to its certificate file",
    ),
    (
        r"NewConnectionError|NameResolutionError|name resolution|getaddrinfo failed|ConnectTimeout|"
        r"ReadTimeout|Read timed out|ProxyError|Network is unreachable|ConnectionResetError|"
        r"Connection broken|Remote end closed connection",
        "the packages could not be downloaded.",
        "there is no connection to the package index. The network is needed for this first start only.",
        "connect to the internet (behind a proxy: set HTTPS_PROXY), then start again; what was already "
        "downloaded is kept by pip",
    ),
    (
        r"WinError 206|file name or extension is too long|Windows Long Path",
        "the path of a file has become too long for Windows.",
        "the workbook lies too deep in folders.",
        r"move it to a short path such as C:\workbook, then start again",
    ),
    (
        r"Permission denied|Errno 13\b|Access is denied|WinError 5\b",
        "a file could not be written.",
        "you may not write here, or a program (a virus scanner, an open JupyterLab) holds the file.",
        "close other programs that use this folder, or move the workbook to a folder of your own",
    ),
    (
        r"No matching distribution found for (?P<package>\S+)",
        "there is no {package} for this machine.",
        "your system or Python is older or rarer than what the packages are made for (or your package index "
        "is not whole).",
        "use a 64-bit Python 3.12 on a current Linux, macOS or Windows, or open the workbook on Binder or "
        "Colab (README)",
    ),
)


def explain(output: str, gigabytes: float = 4) -> Problem:
    """The Problem that pip's output tells of, with pip's own last words when none of the known ones fits."""
    for pattern, happened, meaning, todo in MISHAPS:
        found = re.search(pattern, output)
        if found:
            words = {"gigabytes": gigabytes, **{k: v.rstrip(":") for k, v in found.groupdict().items()}}
            kinds = {"HASHES": Tampered, "NameResolutionError": Unequipped, "No space left": Unequipped}
            kind = next((kinds[word] for word in kinds if word in pattern), Problem)
            return kind(happened.format(**words), meaning, todo.format(**words))
    errors = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in errors if line.startswith("ERROR")] or errors
    said = "\n      ".join(errors[-6:]) or "(nothing)"
    return Problem(
        f"pip could not install the packages. It said:\n      {said}",
        "the workbook has not been set up; nothing half-made was left.",
        "try again; if it comes back, show these lines to whoever teaches the course",
    )


class Progress:
    """One line on a terminal, redrawn each second with the time passed; a few plain lines elsewhere."""

    def __init__(self, total: int, stream=None):
        self.total, self.done, self.what = total, 0, "looking for the packages"
        self.stream = stream or sys.stdout
        self.terminal = self.stream.isatty()
        self.began = time.monotonic()
        self.over = threading.Event()

    def __enter__(self) -> Progress:
        if self.terminal:
            threading.Thread(target=self.tick, daemon=True).start()
        return self

    def __exit__(self, *exception) -> None:
        self.over.set()
        if self.terminal:
            print(file=self.stream)

    def line(self) -> str:
        seconds = int(time.monotonic() - self.began)
        return f"  {seconds // 60}:{seconds % 60:02d}  [{self.done:3d}/{self.total}] {self.what}"

    def tick(self) -> None:
        while not self.over.wait(1):
            self.draw()

    def draw(self) -> None:
        # Short enough for a narrow terminal, and padded so that a longer line before it is wiped out.
        print("\r" + self.line()[:76].ljust(76), end="", file=self.stream, flush=True)

    def read(self, line: str) -> None:
        """Take one line of pip's output."""
        big = False
        if line.startswith("Ignoring "):
            self.total -= 1  # made for another system or Python
        elif line.startswith(("Collecting ", "Processing ")):
            self.done = min(self.done + 1, self.total)
            self.what = re.split(r"[\\/]", line.split(" (from")[0].split(maxsplit=1)[1])[-1]
        elif found := re.match(r"\s+(Downloading|Using cached) (\S+?)-\S+ \((.+)\)", line):
            self.what = f"{found[1].lower()} {found[2]} ({found[3]})"
            big = "MB" in found[3] and float(re.sub(r"[^\d.].*", "", found[3])) >= 50
        elif line.startswith("Installing collected packages"):
            self.what, big = f"unpacking {self.done} packages; this takes a minute or two", True
        else:
            return
        if self.terminal:
            self.draw()
        elif big or (line.startswith("Collecting") and self.done % 25 == 0):
            print(self.line(), file=self.stream, flush=True)


def killed() -> Problem:
    """What a SIGKILL means that nobody has sent."""
    return Problem(
        "the system has ended the set-up by force.",
        "that is what it does when the memory is full (in a container: the memory that it was given).",
        "close other programs, or give the container 4 GB of memory, then start again",
    )


# Settings of pip that say where packages come from, and by which way.
WHERE = (
    *("INDEX_URL", "EXTRA_INDEX_URL", "NO_INDEX", "FIND_LINKS", "CONFIG_FILE", "CONSTRAINT"),
    *("CERT", "CLIENT_CERT", "TRUSTED_HOST", "PROXY"),
)


def install_by_uv(
    python: Path, lock: Path, surroundings: dict[str, str], hold: tuple[int, ...] = (), what: list[str] | None = None
) -> bool:
    """Install the lock with uv, where there is one, which takes a fraction of pip's time; whether that worked.

    what: in the place of the lock, as for `install`.
    When it did not, pip tries, which knows the settings of this machine and whose words are known.
    """
    uv = shutil.which("uv")
    if uv is None or any(f"PIP_{name}" in surroundings for name in WHERE):
        return False  # whoever has told pip where its packages are has not told uv
    print("  with uv, which shows no progress", flush=True)
    locked = ["--require-hashes", "--no-deps", "-r", str(lock)]
    command = [uv, "pip", "install", "--python", str(python), "--only-binary=:all:", "--quiet", *(what or locked)]
    done = subprocess.run(
        command, env=surroundings, pass_fds=hold, capture_output=True, encoding="utf-8", errors="replace"
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["(nothing)"])[-1].strip()
        print(f"  uv could not do it ({said[:200]}); pip tries", flush=True)
    return done.returncode == 0


def install(
    command: list[str], lock: Path, surroundings: dict[str, str], gigabytes: float, hold: tuple[int, ...] = (),
    what: list[str] | None = None,
) -> None:  # fmt: skip
    """Install exactly what the lock names, each file checked against its hash; wheels only, nothing is built.

    command: what starts pip for the environment, up to and without `install`.   hold: descriptors that it inherits.
    what: names of packages to install in the place of the lock, whose hashes and versions then do not count.
    Raises Problem.
    """
    locked = ["--require-hashes", "--no-deps", "-r", str(lock)]  # a complete lock: no search for what belongs together
    lines = what or lock.read_text(encoding="utf-8").splitlines()
    total = sum(1 for line in lines if re.match(r"[A-Za-z0-9]", line))
    child = subprocess.Popen(
        [
            *command,
            "install",
            "--only-binary=:all:",
            "--no-input",
            "--no-warn-script-location",
            "--disable-pip-version-check",
            *(what or locked),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**surroundings, "PYTHONUNBUFFERED": "1"},
        pass_fds=hold,
    )
    output = []
    try:
        with child.stdout, Progress(total) as progress:
            for line in child.stdout:
                output.append(line)
                progress.read(line.rstrip("\n"))
        code = child.wait()
    except BaseException:  # Ctrl-C above all: no pip may go on writing behind our back
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        raise
    if code == -9:
        raise killed()
    if code:
        raise explain("".join(output), gigabytes)
