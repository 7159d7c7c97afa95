"""A JupyterLab of its own and a headless browser that works in it: for the browser tests and the bench of sliders.

    with lab(folder, scratch) as address, chromium() as browser:
        page = LabPage(browser, address)
        page.open("solutions/10_variational_autoencoder.ipynb")
        page.run_all()

Everything stays on this machine: the server listens on 127.0.0.1, and the browser can reach nothing else.
Playwright is imported only when a browser is wanted, so that whoever has none can be told in plain words.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.front import LABEXTENSIONS, ROOT
from tools.test.__main__ import surroundings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
HOW_TO_GET_ONE = (
    "Debian: apt-get install chromium; Fedora: dnf install chromium; Ubuntu, macOS and Windows: Google Chrome, or "
    "python -m playwright install chromium"
)
FLAGS = (
    *("--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--no-proxy-server"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
# The settings of the person who opens the page: all cells are in it at once, and no news are fetched.
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}
PATIENCE = 900  # seconds for a server, a page or a kernel to start

READY = """path => {
    const panel = window.jupyterapp?.shell.currentWidget, session = panel?.sessionContext;
    return panel?.context?.path === path && panel.context.isReady && session.isReady
        && session.session?.kernel?.status === "idle";
}"""
STATE = """() => {
    const panel = window.jupyterapp?.shell.currentWidget, context = panel?.sessionContext;
    const inside = query => [...(panel?.node.querySelectorAll(query) ?? [])].map(node => node.textContent.trim());
    const prompts = inside(".jp-CodeCell .jp-InputPrompt"), output = ".jp-OutputArea-output[data-mime-type='";
    return {
        open: panel?.context?.path ?? document.title,
        kernel: context?.session?.kernel?.status ?? "none",
        done: prompts.filter(text => /\\d/.test(text)).length,
        waiting: prompts.filter(text => text.includes("*")).length,
        never_run: prompts.filter(text => !/[\\d*]/.test(text)).length,
        errors: inside(output + "application/vnd.jupyter.error']").map(text => text.slice(-500)),
        stderr: inside(output + "application/vnd.jupyter.stderr']").map(text => text.slice(-500)),
    };
}"""
ROUND_TRIP = (
    "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestKernelInfo().then(() => 0)"
)
CELL = """source => {
    const cells = window.jupyterapp.shell.currentWidget.content.widgets;
    cells.forEach((cell, i) => { cell.node.dataset.place = i; });
    return cells.findIndex(cell => cell.model.type === "code" && cell.model.sharedModel.getSource().includes(source));
}"""


CLEAR = "() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')"
# Without waiting for the end of the run, which a command promises.
RUN_AT = """([place, command]) => {
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = place;
    window.jupyterapp.commands.execute(command);
}"""


class NoBrowser(RuntimeError):
    """This machine has no browser, or no Playwright, to drive; the message says what to install."""


@contextmanager
def chromium():
    """A headless Chromium, as Playwright's Browser.

    The first that is there: one on the PATH, Playwright's own, the Chrome or Edge that is installed.
    Raises NoBrowser when there is none, RuntimeError when those that are there do not start.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise NoBrowser("Playwright is not installed: python -m pip install playwright") from error
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # root has no sandbox to be in
    with sync_playwright() as playwright:
        paths = {path for path in map(shutil.which, BROWSERS) if path}
        own = playwright.chromium.executable_path
        choices = [{"executable_path": path} for path in sorted(paths)]
        choices += [{"executable_path": own}] if Path(own).exists() else []
        choices += [{"channel": "chrome"}, {"channel": "msedge"}]
        browser, failures = None, []
        for choice in choices:
            try:
                browser = playwright.chromium.launch(headless=True, args=[*FLAGS, *root], **choice)
                break
            except Error as error:
                if "executable_path" in choice:  # of a channel it may only mean that it is not installed
                    failures.append(f"{choice['executable_path']}: {str(error).strip()[-600:]}")
        if browser is None and failures:
            raise RuntimeError("There is a browser, but it does not start.\n" + "\n".join(failures))
        if browser is None:
            raise NoBrowser(f"There is no Chromium, Chrome or Edge on this machine. {HOW_TO_GET_ONE}")
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def lab(folder: Path, scratch: Path, profile: str = "smoke", base: str = "/") -> Iterator[str]:
    """A JupyterLab on `folder`, as its address with the token; it ends with the block.

    scratch: an empty folder for its settings, the kernels' files, its log and the student's state.
    base: the path under which everything lies, as on a JupyterHub ("/user/name/").
    Kernels run this very Python. Raises RuntimeError, with the end of the log, when the server does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token, log = secrets.token_hex(16), scratch / "lab.log"
    server_root = f"http://127.0.0.1:{port}{base}"
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        f"--LabApp.extra_labextensions_path={ROOT / LABEXTENSIONS}",
        *(f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}", f"--ServerApp.base_url={base}"),
    ]
    with open(log, "wb") as lines:
        server = subprocess.Popen(
            command, cwd=folder, env=_own_places(scratch, profile), stdout=lines, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(server, f"{server_root}api?token={token}", log)
        yield f"{server_root}lab?token={token}"
    finally:
        _stop(server, f"{server_root}api/shutdown?token={token}")


def _own_places(scratch: Path, profile: str) -> dict[str, str]:
    """The environment of a server that reads and writes nobody's own settings; writes SETTINGS and a kernel."""
    wanted = {"WORKBOOK_PROFILE": profile, "IPYTHONDIR": str(scratch / "ipython"), "JUPYTER_PREFER_ENV_PATH": "0"}
    for place in ("config", "data", "runtime"):
        wanted[f"JUPYTER_{place.upper()}_DIR"] = str(scratch / place)
    wanted["JUPYTERLAB_SETTINGS_DIR"] = str(scratch / "settings")
    wanted["JUPYTERLAB_WORKSPACES_DIR"] = str(scratch / "workspaces")
    for name, values in SETTINGS.items():
        _write_json(scratch / "settings" / f"{name}.jupyterlab-settings", values)
    launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel = {"argv": launch, "display_name": "Python 3", "language": "python", "metadata": {"debugger": False}}
    _write_json(scratch / "data" / "kernels" / "python3" / "kernel.json", kernel)
    kept = {name: value for name, value in surroundings(scratch, wanted).items() if name != "JUPYTER_PATH"}
    return kept


def _write_json(path: Path, values: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values), encoding="utf-8", newline="\n")


def _ask(url: str, method: str = "GET", seconds: float = 5) -> None:
    """One request that no proxy sees. Raises OSError when there is no good answer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(urllib.request.Request(url, method=method), timeout=seconds).close()


def _wait_for(server: subprocess.Popen, url: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return _ask(url)
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise RuntimeError(f"JupyterLab did not start. The end of what it said:\n{end}") from None
            time.sleep(0.2)


def _stop(server: subprocess.Popen, url: str) -> None:
    """Ask the server to go, with its kernels (the same on every system); insist if it does not."""
    try:
        _ask(url, "POST")
        server.wait(15)
    except (OSError, subprocess.TimeoutExpired):
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


class LabPage:
    """One browser window with JupyterLab in it, and what a person does there."""

    def __init__(self, browser, address: str):
        """browser: Playwright's Browser.   address: what `lab` yields."""
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(1000 * PATIENCE)
        self.address, self.elsewhere = address, []
        self.page.on("request", self._note)

    def _note(self, request) -> None:
        """Keep the address of whatever is asked of another machine; an attachment lies in the notebook itself."""
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "attachment:")):
            self.elsewhere.append(request.url)

    def open(self, notebook: str) -> None:
        """Open a notebook, named from the server's folder, in an empty workspace, and wait for its kernel."""
        place, token = self.address.split("?")
        self.page.goto(f"{place}/tree/{notebook}?{token}&reset")
        try:
            self.page.wait_for_function(READY, arg=notebook, timeout=1000 * PATIENCE)
        except Exception as error:
            raise RuntimeError(f"{notebook} did not open with a kernel that is ready: {self.state()}") from error

    def state(self) -> dict:
        """What the notebook is doing: the kernel's status, cells done and still to do, the first error."""
        return self.page.evaluate(STATE)

    def run_all(self, seconds: float = 1800) -> dict:
        """Run all cells, from the menu, and return the notebook's state once none is left to run.

        The stored outputs are cleared first: what is there afterwards was made here and now. A cell that fails
        ends the run, as for everybody. Raises RuntimeError, with the state, when it takes longer than `seconds`.
        """
        self.page.evaluate(CLEAR)
        self.page.locator(".lm-MenuBar-itemLabel").get_by_text("Run", exact=True).click()
        self.page.locator(".lm-Menu-itemLabel").get_by_text("Run All Cells", exact=True).click()
        return self._done(seconds, lambda state: state["errors"] or not state["never_run"])

    def run_to(self, source: str, seconds: float = 1800) -> dict:
        """Run all cells down to the one whose code contains `source`; returns the notebook's state then.

        Raises RuntimeError when one of them fails, and when it takes longer than `seconds`.
        """
        place = self.page.evaluate(CELL, source)
        if place < 0:
            raise RuntimeError(f"No cell of this notebook contains {source!r}.")
        self.page.evaluate(CLEAR)
        for command in ("notebook:run-all-above", "notebook:run-cell"):
            self.page.evaluate(RUN_AT, [place, command])
        prompt = self.page.locator(f".jp-Notebook .jp-Cell[data-place='{place}'] .jp-InputPrompt")
        state = self._done(seconds, lambda state: state["errors"] or any(map(str.isdecimal, prompt.inner_text())))
        if state["errors"]:
            raise RuntimeError(f"The notebook did not run to {source!r}: {state}")
        return state

    def _done(self, seconds: float, enough) -> dict:
        """The notebook's state once nothing is left to run and enough(state) holds. Raises RuntimeError when late."""
        until = time.monotonic() + seconds
        while True:
            state = self.state()
            if state["done"] and not state["waiting"] and state["kernel"] == "idle" and enough(state):
                return state
            if time.monotonic() > until:
                raise RuntimeError(f"The notebook was not done after {seconds:.0f} s: {state}")
            time.sleep(0.25)

    def settle(self) -> None:
        """Wait until the kernel has answered all that the page has sent, and the page shows it."""
        quiet = 0
        until = time.monotonic() + PATIENCE
        while quiet < 3:
            # Messages are answered in their order: when this one is, so are those that the page has sent before.
            self.page.evaluate(ROUND_TRIP)
            quiet = quiet + 1 if self.state()["kernel"] == "idle" else 0
            if time.monotonic() > until:
                raise RuntimeError(f"The kernel is still busy after {PATIENCE} s: {self.state()}")
            self.page.wait_for_timeout(50)

    def cell(self, source: str):
        """The cell whose code contains `source`, scrolled into view, as a Playwright Locator."""
        index = self.page.evaluate(CELL, source)
        if index < 0:
            raise RuntimeError(f"No cell of this notebook contains {source!r}.")
        cell = self.page.locator(f".jp-Notebook .jp-Cell[data-place='{index}']")
        cell.scroll_into_view_if_needed()
        return cell

    def theme(self, name: str) -> None:
        """Change JupyterLab's theme: "JupyterLab Light" or "JupyterLab Dark"."""
        self.page.evaluate("name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)
