"""The checks of lesson 15, each file named by what it checks."""

from helpers.checks.lesson15 import deviation, fade_in, layers, networks  # noqa: F401
