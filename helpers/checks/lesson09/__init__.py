"""The checks of lesson 09, each file named by what it checks."""

from helpers.checks.lesson09 import measures, penalties  # noqa: F401
