"""The table that `progress()` shows."""

from dataclasses import dataclass

SIGN = {"passed": "✓", "not yet": "✗", "not attempted": "○"}


@dataclass
class ProgressTable:
    """Exercises by lesson with their state, as text and as HTML."""

    exercises: list
    entries: dict

    def rows(self) -> list[tuple]:
        """(id, title, minutes, verdict, attempts, hints seen) of each exercise."""
        found = []
        for task in self.exercises:
            entry = self.entries.get(task.id, {})
            state = entry.get("verdict", "not attempted")
            seen = f"{min(entry.get('hints', 0), len(task.hints))}/{len(task.hints)}"
            found.append((task.id, task.title, task.minutes, state, entry.get("attempts", 0), seen))
        return found

    def summary(self) -> str:
        """How many are solved, and how long the open ones should take."""
        rows = self.rows()
        solved = sum(row[3] == "passed" for row in rows)
        left = sum(row[2] for row in rows if row[3] != "passed")
        return f"{solved} of {len(rows)} exercises solved; about {left} minutes to go."

    def __repr__(self):
        lines = [
            f"{SIGN[state]} {id:<5} {title:<44} {minutes:>3} min  {state:<14} attempts {attempts:>2}  hints {seen}"
            for id, title, minutes, state, attempts, seen in self.rows()
        ]
        return "\n".join([*lines, self.summary()])

    def _repr_html_(self):
        from html import escape

        left, right = 'style="text-align:left"', 'style="text-align:right"'
        head = "".join(
            f"<th {left}>{name}</th>" for name in ("", "exercise", "title", "min", "state", "attempts", "hints seen")
        )
        body = "".join(
            f"<tr><td>{SIGN[state]}</td><td {left}>{id}</td><td {left}>{escape(title)}</td><td {right}>{minutes}</td>"
            f"<td {left}>{state}</td><td {right}>{attempts}</td><td {right}>{seen}</td></tr>"
            for id, title, minutes, state, attempts, seen in self.rows()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{self.summary()}</p>"
