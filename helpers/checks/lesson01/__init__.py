"""The checks of lesson 01, each file named by what it checks."""

from helpers.checks.lesson01 import components, linear, subspaces  # noqa: F401
