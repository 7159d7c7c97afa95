"""The checks of lesson 05, each file named by what it checks."""

from helpers.checks.lesson05 import gradients, phases  # noqa: F401
