"""The checks of lesson 14, each file named by what it checks."""

from helpers.checks.lesson14 import penalties, phase, transport  # noqa: F401
