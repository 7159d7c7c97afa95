"""What a student meets: check, hint, progress, quiz; and what a check is written with.

checking.py     `check` and its verdicts
quizzes.py      questions with feedback
registry.py     which exercises there are
assertions.py   what checks are written with: shapes, values, NotYet
errors.py       exceptions told by the student's own line
limits.py       limits on time and memory
progress_log.py what is solved, on disk and as a table
"""

from helpers.exercises.checking import check, hint, progress, show, verdict
from helpers.exercises.quizzes import quiz

__all__ = ["check", "hint", "progress", "quiz", "show", "verdict"]
