"""The kernel in which hand-ins are marked: `nbgrader_config.py` names it, and nothing else starts it.

It imports the helpers of this course, whatever lies beside a hand-in, and keeps its notes (progress, scores) in a
folder of its own, which goes when the kernel ends. So no student meets the notes of another, and nobody's own change.
"""

import os
import sys
import tempfile
from pathlib import Path

COURSE = Path(__file__).resolve().parents[3]
OWN_SETTINGS = ("WORKBOOK_DATA", "WORKBOOK_DOWNLOAD")  # of whoever marks

if __name__ == "__main__":
    sys.path[0] = str(COURSE / "release")
    for name in OWN_SETTINGS:
        os.environ.pop(name, None)
    os.environ.update(WORKBOOK_STRICT="1", WORKBOOK_PROFILE="smoke")
    with tempfile.TemporaryDirectory(prefix="workbook-marking-", ignore_cleanup_errors=True) as notes:
        os.environ["WORKBOOK_STATE"] = notes
        from ipykernel.kernelapp import launch_new_instance

        import helpers.exercises  # noqa: F401  (now: what lies beside a hand-in under this name is no longer found)

        launch_new_instance()
