"""What the pages of the lessons do not show: a module for each, with its settings by profile and its questions.

LECTURE, SMOKE and FULL are the numbers that `session.start` gives; those worth a look stand on the page instead.
QUIZZES holds for each `quiz` its question, the right option and the wrong ones, each with its feedback.
"""
