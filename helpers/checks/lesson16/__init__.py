"""The checks of lesson 16, each file named by what it checks."""

from helpers.checks.lesson16 import crossovers, layers, mixing, path_length, penalty  # noqa: F401
