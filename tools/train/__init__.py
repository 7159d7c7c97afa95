"""Trainings that belong to no lesson; `python3 workbook.py train NAME` calls `run()` of one of these
modules.
"""
