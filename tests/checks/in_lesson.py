"""Right answers in the lessons that they belong to: whoever passes a check can run the rest of the notebook.

`python -m tests.checks.in_lesson 05 10` runs these lessons (all when none is named) in the smoke profile, once for each
right answer that tests/checks/mutants has: in run k every exercise is solved by its answer number k.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.checks import proof


def runs(lesson) -> list[list[str]]:
    """For each run the code cells of the lesson, solved by other right answers than the maintainer's."""
    tables = proof.wrong_answers(lesson)
    answers = {one.id: [row[2] for row in tables["ALTERNATIVES"] if row[0] == one.id] for one in lesson.exercises}
    place = {one.cell: one.id for one in lesson.exercises}
    count = max((len(found) for found in answers.values()), default=0)
    return [
        [
            answers[place[i]][k % len(answers[place[i]])] if i in place else cell.source
            for i, cell in enumerate(lesson.cells)
            if cell.cell_type == "code"
        ]
        for k in range(count)
    ]


def run(lesson, cells: list[str]) -> str:
    """Run the cells one after the other in a process of their own; what went wrong, "" when nothing did."""
    program = "\n".join(
        [
            "import traceback",
            f"cells = {cells!r}",
            "names = {'__name__': '__main__'}",
            "for number, cell in enumerate(cells):",
            "    try:",
            "        exec(compile(cell, f'<cell {number}>', 'exec'), names)",
            "    except BaseException:",
            "        print(cell)",
            "        traceback.print_exc()",
            "        raise SystemExit(1)",
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "lesson.py"
        script.write_text(program, encoding="utf-8")
        settings = {"WORKBOOK_PROFILE": "smoke", "WORKBOOK_STRICT": "1", "WORKBOOK_STATE": folder, "MPLBACKEND": "Agg"}
        ended = subprocess.run(
            [sys.executable, str(script)],
            cwd=proof.ROOT / "notebooks",
            env={**os.environ, **settings, "PYTHONPATH": str(proof.ROOT)},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
    return "" if ended.returncode == 0 else f"{ended.stdout[-1500:]}\n{ended.stderr[-3000:]}"


def main(numbers: list[str]) -> int:
    """Run the lessons and say how each run ended; 1 when one of them broke."""
    broken = 0
    for lesson in proof.all_lessons():
        if numbers and lesson.number not in numbers:
            continue
        for k, cells in enumerate(runs(lesson)):
            wrong = run(lesson, cells)
            broken += bool(wrong)
            print(
                f"{lesson.number}, right answers number {k + 1}: {'broken' if wrong else 'runs to its end'}", flush=True
            )
            print(wrong, end="", flush=True)
    return int(broken > 0)


if __name__ == "__main__":
    raise SystemExit(main([text.zfill(2) for text in sys.argv[1:]]))
