"""One row for each model of the course.

records.py noting, reading and showing rows
tables.py  rows as a table, in text and HTML
"""

from helpers.scoreboard.records import record, rows, show
from helpers.scoreboard.tables import trained_on

__all__ = ["record", "rows", "show", "trained_on"]
