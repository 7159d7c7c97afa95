"""For all tests: a state folder and a Keras cache of their own, nobody's settings, figures off screen."""

import os
import re
import tempfile
from pathlib import Path

import hypothesis
import matplotlib
import pytest

from tests.tools.install.front_door import house, quick  # noqa: F401
from tools.test import __main__ as testing

# At once, not in a fixture: modules read these when they are imported.
_scratch = tempfile.TemporaryDirectory(prefix="workbook-tests-", ignore_cleanup_errors=True)
_clean = testing.surroundings(Path(_scratch.name))
for _name in set(os.environ) - set(_clean):
    del os.environ[_name]
os.environ.update(_clean)
matplotlib.use("Agg")
hypothesis.settings.register_profile("workbook", deadline=None)  # how long a case takes proves nothing
hypothesis.settings.load_profile("workbook")


def pytest_addoption(parser):
    parser.addoption("--lesson", metavar="NN", help="only the tests whose name tells that they touch this lesson")


def pytest_collection_modifyitems(config, items):
    """--lesson 02 keeps the tests with 02, or an exercise 2.x, in their name."""
    lesson = config.getoption("--lesson")
    if lesson is None:
        return
    touches = re.compile(rf"(?<![\d.])({int(lesson):02d}|{int(lesson)}\.\d+)(?!\d)")
    kept = [item for item in items if touches.search(item.nodeid)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(scope="session")
def root() -> Path:
    """The workbook's root folder."""
    return testing.ROOT
