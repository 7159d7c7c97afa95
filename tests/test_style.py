"""The code as the linter and the formatter of the lock want it."""

import importlib.util
import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_nothing_to_say(command, root):
    if importlib.util.find_spec("ruff") is None:
        pytest.skip("ruff is not installed here; `python3 workbook.py test` brings it")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--quiet", "."], cwd=root, capture_output=True, text=True
    )
    assert not done.returncode, done.stdout + done.stderr
