"""The checks of lesson 11, each file named by what it checks."""

from helpers.checks.lesson11 import brightness, divergence, losses, phases, which_learned  # noqa: F401
