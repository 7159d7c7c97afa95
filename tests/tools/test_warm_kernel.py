"""Kernels copied from one warm process behave as ordinary ones, and leave nothing behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from tools.test import __main__ as testing
from tools.test import warm_kernel

pytestmark = [
    pytest.mark.kernels,
    pytest.mark.skipif(not warm_kernel.possible(), reason="this system cannot copy a process"),
]
FEW = ("ipykernel.kernelapp", "json.tool")


@pytest.fixture
def warm(tmp_path, monkeypatch):
    """Settings as in the test command; Jupyter finds the kernel."""
    environment = {**testing.surroundings(tmp_path / "state"), "COLOUR": "green"}
    with warm_kernel.warm_kernels(tmp_path / "k", environment, FEW) as more:
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        yield {**environment, **more}


def run(cells, folder, environment):
    """What each cell printed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, kernel_name=warm_kernel.NAME, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    return ["".join(output.get("text", "") for output in cell.outputs).strip() for cell in notebook.cells]


def test_a_copy_is_a_kernel_of_its_own(warm, tmp_path):
    (tmp_path / "place").mkdir()
    cells = [
        "import sys, os; print('json.tool' in sys.modules, 'tools' in sys.modules, os.environ['COLOUR'])",
        "print(os.getcwd()); kept = 1",
        "import subprocess as s; print(s.check_output([sys.executable, '-c', 'print(7)'], text=True))",
        "import numpy; print(numpy.random.random())",
    ]
    one, two = (run(cells, tmp_path / "place", warm) for _ in range(2))
    assert one[0] == "True False green" and one[1] == str(tmp_path / "place") and one[2] == "7"
    assert one[3] != two[3], "not the same random numbers in each copy"
    assert run(["print('kept' in globals())"], tmp_path, {**warm, "COLOUR": "red"}) == ["False"]
    assert run(["import os; print(os.environ['COLOUR'])"], tmp_path, {**warm, "COLOUR": "red"}) == ["red"]


def test_an_error_is_the_notebooks_own_and_a_lost_kernel_is_noticed(warm, tmp_path):
    with pytest.raises(Exception, match="ZeroDivisionError"):
        run(["1 / 0"], tmp_path, warm)
    with pytest.raises(Exception, match="died"):
        run(["import os; os._exit(3)"], tmp_path, warm)


def test_interrupt_and_kill_reach_the_copy(warm, tmp_path):
    manager = KernelManager(kernel_name=warm_kernel.NAME)
    manager.start_kernel(env=warm, cwd=str(tmp_path))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=600)
    shown = []
    client.execute_interactive("import os; print(os.getpid())", output_hook=lambda said: shown.append(said["content"]))
    kernel = int(next(content["text"] for content in shown if "text" in content))
    waits = client.execute("import time; time.sleep(60)")
    time.sleep(0.5)
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=300)
    while reply["parent_header"]["msg_id"] != waits:
        reply = client.get_shell_msg(timeout=300)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    end = time.monotonic() + 300
    while alive(kernel) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(kernel)


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_nothing_is_left_when_the_tests_are_killed(tmp_path):
    program = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path; from tools.test import warm_kernel as w\n"
        "with w.warm_kernels(Path(sys.argv[2]), os.environ, ['json']) as more: print('ready', flush=True); input()"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(testing.ROOT), str(tmp_path / "k")],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert child.stdout.readline().strip() == "ready"
    mine = str(tmp_path / "k" / "s").encode()
    lines = {int(one.parent.name): one.read_bytes() for one in Path("/proc").glob("[0-9]*/cmdline")}
    others = [number for number, line in lines.items() if mine in line.split(b"\0")]
    assert len(others) == 1
    child.kill()
    child.communicate()
    end = time.monotonic() + 300
    while alive(others[0]) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(others[0])


def test_libraries_that_cannot_be_imported_are_named(tmp_path):
    context = warm_kernel.warm_kernels(tmp_path / "k", os.environ, ["no_such_library"])
    with pytest.raises(RuntimeError, match="no_such_library"), context:
        pass
