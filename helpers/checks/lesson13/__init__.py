"""The checks of lesson 13, each file named by what it checks."""

from helpers.checks.lesson13 import codings, coverage, inspection, label_planes, networks, phase  # noqa: F401
