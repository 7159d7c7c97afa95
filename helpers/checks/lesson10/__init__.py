"""The checks of lesson 10, each file named by what it checks."""

from helpers.checks.lesson10 import bounds, interpolation, sampling, spread_test, train_step  # noqa: F401
