"""What a student meets: check, hint, progress, quiz; and what a check is written with.

checking.py     `check` and its verdicts
quizzes.py      questions with feedback
registry.py     which exercises there are
assertions.py   what checks are written with: shapes, values, NotYet
relations.py    how wrong numbers are related to the right ones, in a few words
unread.py       parameters that an answer never looks at
answers.py      what kind of thing was handed over, and whether it leaves its arguments alone
errors.py       exceptions told by the student's own line
models.py       what a Keras model must tell about itself
compiled.py     whether an answer works inside a training step
several.py      mistakes that must explain the results on all inputs
stand_ins.py    what an answer gets in place of networks
wording.py      texts of machines made fit to be read
limits.py       limits on time and memory
surroundings.py global settings and random streams, the usual ones during a check and untouched after it
progress_log.py what is solved, on disk and as a table
"""

from helpers.exercises.checking import check, hint, progress, show, verdict
from helpers.exercises.quizzes import quiz
from helpers.exercises.stand_ins import model_like

__all__ = ["check", "hint", "model_like", "progress", "quiz", "show", "verdict"]
