"""The students of a course: a CSV file from anywhere, made into the one that nbgrader imports."""

import csv
import io
from pathlib import Path

from tools.install.pip import Problem

COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")  # nbgrader's, of a student
# what exports of learning platforms and universities call them, in small letters without signs
ALSO = {
    "id": ("id", "studentid", "username", "user", "login", "sisloginid", "idnumber", "student", "matriculationnumber"),
    "first_name": ("firstname", "givenname", "forename"),
    "last_name": ("lastname", "surname", "familyname"),
    "email": ("email", "emailaddress", "mail"),
    "lms_user_id": ("lmsuserid", "userid", "canvasid"),
}
UNFIT = set('/\\:*?"<>|+,{}[]')  # a name of a folder on every system, and a word of nbgrader's own patterns


def read(path: Path) -> tuple[str, list[str]]:
    """(the text of nbgrader's CSV file, remarks). Raises Problem, naming the line, for a list that cannot be used.

    Commas, semicolons and tabs all do, and so does a list of ids without a first line that names columns.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _problem(path, f"it cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise _problem(path, "it is not written in UTF-8", "save it as CSV in UTF-8, then start again") from error
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise _problem(path, "it is empty")
    rows = list(csv.reader(lines, delimiter=max(",;\t", key=lines[0].count)))
    columns = [_column(name) for name in rows[0]]
    if len(rows[0]) == 1 and columns == [None]:  # ids alone
        rows, columns = [["id"], *rows], ["id"]
    if "id" not in columns:
        names = ", ".join(repr(name) for name in rows[0])
        raise _problem(
            path, f"none of its columns ({names}) names the student", "call the column with the students' ids: id"
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise _problem(path, f"two of its columns could be {twice[0]}", "take one of them out")
    students, remarks = [], []
    for number, row in enumerate(rows[1:], start=2):
        student = {name: value.strip() for name, value in zip(columns, row, strict=False) if name}
        _look_at(path, number, student, [one["id"] for one in students])
        for name, value in student.items():
            if "," in value:  # nbgrader writes marks without quotation marks, and all that follows would move
                student[name] = " ".join(value.replace(",", " ").split())
                remarks.append(f"{value!r} is written {student[name]!r}: a comma would move the marks that follow it")
        students.append(student)
    if not students:
        raise _problem(path, "it names no student")
    written = io.StringIO()
    writer = csv.DictWriter(written, [name for name in COLUMNS if name in columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows(students)
    return written.getvalue(), [f"{len(students)} students", *remarks]


def _column(name: str) -> str | None:
    plain = "".join(letter for letter in name.lower() if letter.isalnum())
    return next((column for column, names in ALSO.items() if plain in names), None)


def _look_at(path, number, student, before) -> None:
    id = student.get("id", "")
    if not id:
        raise _problem(path, f"line {number} has no id")
    if set(id) & UNFIT or id != id.strip(". ") or not id.isprintable():
        raise _problem(
            path,
            f"line {number}: the id {id!r} cannot be the name of a folder",
            "letters, digits, points, hyphens and underscores will do; part of an address before the @, say",
        )
    if id.lower() in (one.lower() for one in before):
        raise _problem(path, f"line {number}: the id {id!r} is there twice", "give every student one line")


def _problem(path, what: str, todo: str = "see what is in it, or leave --students out") -> Problem:
    return Problem(f"{path}: {what}.", "nbgrader would have no list of students, or a wrong one.", todo)
