"""The checks of lesson 07, each file named by what it checks."""

from helpers.checks.lesson07 import free_run, networks, sequences, threshold  # noqa: F401
