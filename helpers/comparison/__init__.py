"""Lesson 17: all models side by side.

measures.py   rows of autoencoders and generators, agreement of yardsticks
generators.py every generator that ships, ready to draw
figures.py    the pictures
"""

from helpers.comparison import figures, generators, measures

__all__ = ["figures", "generators", "measures"]
