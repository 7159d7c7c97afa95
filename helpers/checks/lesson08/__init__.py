"""The checks of lesson 08, each file named by what it checks."""

from helpers.checks.lesson08 import descent, layers, measures, training  # noqa: F401
