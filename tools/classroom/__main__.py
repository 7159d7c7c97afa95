"""`python3 workbook.py classroom NN … --to FOLDER`: a course that nbgrader takes as it is.

    classroom 01 02 --to FOLDER      write a course of these lessons, or add them to the one that is there
    classroom --to FOLDER            all lessons
      --students FILE.csv            with the list of students
      --points difficulty            points of an exercise: difficulty (1 to 3), minutes, or equal (1 each);
               minutes 1.2=5 1.7=0   single ones by name; what has 0 points is not marked
    classroom --install              only bring nbgrader into the workbook's environment

The folder then holds the assignments (source), what students get (release: no solutions, no tests), the kernel in
which hand-ins are marked, nbgrader's settings, and a README with the next commands. docs/teaching/grading.md says more.
"""

import argparse
import sys
from pathlib import Path

from helpers import session
from tools.build.workbook import Workbook
from tools.classroom import grader, roster
from tools.classroom.course import Course, named
from tools.classroom.marked import exercises_of, points
from tools.install.pip import Problem


def main(arguments=None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="workbook.py classroom", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lessons", nargs="*", metavar="NN", help="lesson numbers; all when left out")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="the folder of the course, seen from the workbook")
    parser.add_argument("--students", type=Path, metavar="CSV", help="a list of students with a column of their ids")
    parser.add_argument("--points", nargs="+", default=[], metavar="POINTS", help="see above (difficulty)")
    parser.add_argument("--course", metavar="NAME", help="what nbgrader calls the course (the folder's name)")
    parser.add_argument("--renew", action="store_true", help="write over what differs; copies go to kept_copies")
    parser.add_argument("--install", action="store_true", help="bring nbgrader into the workbook's environment")
    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    except OSError as error:
        print(
            Problem(
                f"{error.filename or options.to} could not be written ({error.strerror or error}).",
                "what was written before is whole; the rest of the course is missing.",
                "make room or take another folder, and start the same command again: it goes on",
            ),
            file=sys.stderr,
        )
        return 1


def _run(options) -> int:
    if options.to is None and not options.install:
        raise Problem(
            "where shall the course be?",
            "classroom writes a folder, and has no usual place for it.",
            "python3 workbook.py classroom 01 --to ../my_course",
        )
    course = None if options.to is None else _course(options)
    if course is not None:
        course.differing()  # says what is wrong before an installation or anything else takes its time
    if options.install and grader.version() is None:
        print(f"installing {grader.WANTED} …", flush=True)
        grader.install()
    if options.install:
        print(f"nbgrader {grader.version()} is there: {grader.program()}")
    if course is not None:
        print("\n".join(course.write(options.renew)))
        print(_next(course))
    return 0


def _course(options) -> Course:
    workbook = Workbook(session.root())
    if workbook.problems:
        raise Problem(
            "the sources of some lessons cannot be read:\n  " + "\n  ".join(workbook.problems),
            "their notebooks cannot be made.",
            "python3 workbook.py build --check",
        )
    folder = (workbook.root / options.to.expanduser()).resolve()
    if folder == workbook.root or folder in workbook.root.parents:
        raise Problem(
            f"{folder} holds the workbook itself.",
            "the course would be mixed with it.",
            "name a folder beside it: --to ../my_course",
        )
    lessons = workbook.chosen(options.lessons)
    worth = points(options.points, [task for lesson in lessons for task in exercises_of(lesson)])
    students = None
    if options.students is not None:
        students, remarks = roster.read((workbook.root / options.students.expanduser()).resolve())
        print("\n".join(f"{options.students.name}: {remark}" for remark in remarks))
    return Course(workbook, folder, options.course or named(folder) or folder.name, lessons, worth, students)


def _next(course: Course) -> str:
    marks = ", ".join(
        f"{lesson.stem} {sum(course.worth[answer.id] for answer in lesson.exercises):g}" for lesson in course.lessons
    )
    said = f"Points: {marks}.\n{course.folder / 'README.md'} has the next commands."
    if grader.version() is None:
        said += "\nnbgrader is not installed here; python3 workbook.py classroom --install brings it."
    return said


if __name__ == "__main__":
    raise SystemExit(main())
