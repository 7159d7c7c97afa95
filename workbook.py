#!/usr/bin/env python3
"""The front door of the workbook: `python3 workbook.py lab` sets everything up once and opens JupyterLab.

Standard library only. This file has to parse on very old Pythons too, so that it can say that they are too
old: no annotations, no f-strings here. Everything newer lives in `tools/`, imported after the version check.
"""

from __future__ import print_function

import os
import subprocess
import sys

OLDEST, NEWEST = (3, 10), (3, 13)
ROOT = os.path.dirname(os.path.abspath(__file__))

HELP = """\
usage: python3 workbook.py COMMAND [options]

  lab       set up the workbook (the first time only) and open it in JupyterLab
              --no-browser, --port N, --ip ADDRESS and all other JupyterLab options are passed on
              (--help-all lists them)
  doctor    look at this machine and say what to mend
  test      prove that everything works (--quick: without notebooks; --lesson NN: one lesson)

For instructors and maintainers:
  build     write both notebooks of every lesson from its source (--check: only compare)
  slides    make slides from the lessons
  classroom make a course for nbgrader: assignments, marks, feedback (classroom 01 02 --to FOLDER)
  guide     the instructor's guide, and the quizzes for Moodle or Canvas (--questions FILE)
  site      make web pages of the solved lessons, to be read without a network
  train     train the models whose weights are shipped (train NN: one lesson)
  bench     compare speeds side by side
  lock      make requirements.lock anew from pyproject.toml (needs uv)
  release   prove that this state can be released, and say what to do next

Options of every command:
  --gpu     Linux with an NVIDIA card: use the CUDA build of TensorFlow from now on (--cpu goes back)

Python {oldest} to {newest} is needed. The packages go to the folder .venv beside this file and nowhere else;
delete that folder to start afresh.
Set WORKBOOK_PYTHON=/path/to/python to use an environment of your own instead (conda, Binder, a server).
""".format(oldest="%d.%d" % OLDEST, newest="%d.%d" % NEWEST)


def wrong_python(version, others=(), arguments=("lab",)):
    """What to tell somebody whose Python is too old or too new; None when it will do.

    version: (major, minor, ...); others: fitting Pythons that this machine has; arguments: what
    was asked for.
    """
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    age = "older" if tuple(version[:2]) < OLDEST else "newer"
    if others:
        mend = "start it with one that fits:  %s workbook.py %s" % (others[0], " ".join(arguments))
    else:
        mend = "install Python 3.12 (from python.org, say), then:  python3.12 workbook.py lab"
    return (
        "workbook: this is Python %d.%d, and the workbook needs %d.%d to %d.%d.\n"
        "  That means: TensorFlow and its companions have no tested packages for %s Pythons.\n"
        "  What to do: %s"
    ) % (tuple(version[:2]) + OLDEST + NEWEST + (age, mend))


def fitting_pythons():
    """Commands on this machine that start a Python from OLDEST to NEWEST, newest first but one."""
    found = []
    for minor in (12, 13, 11, 10):
        for command in (["py", "-3.%d" % minor] if os.name == "nt" else ["python3.%d" % minor],):
            try:
                # A shim may exist for a Python that does not: only one that really starts is named.
                with open(os.devnull, "w") as nowhere:
                    if subprocess.call(command + ["-c", "pass"], stdout=nowhere, stderr=nowhere) == 0:
                        found.append(" ".join(command))
            except OSError:
                pass
    return found


def with_uv(arguments):
    """The exit code of uv with these arguments; 1 when there is no uv."""
    try:
        return subprocess.call(["uv"] + arguments)
    except OSError:
        return 1


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(HELP)
        return 0
    if wrong_python(sys.version_info):
        others = fitting_pythons()
        fetched = ["run", "--no-project", "--python", "3.12", "python"]
        if not others and with_uv(fetched + ["-c", "pass"]) == 0:
            print("workbook: this Python does not fit; uv starts one that does.")
            return with_uv(fetched + [os.path.join(ROOT, "workbook.py")] + arguments)
        sys.stderr.write(wrong_python(sys.version_info, others, arguments) + "\n")
        return 1
    sys.path.insert(0, ROOT)
    from tools import front

    return front.run(arguments, HELP)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
