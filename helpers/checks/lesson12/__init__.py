"""The checks of lesson 12, each file named by what it checks."""

from helpers.checks.lesson12 import collapse, losses, minibatch, replay  # noqa: F401
