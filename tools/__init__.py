"""What maintainers and the front door run: set-up, build, slides, test, doctor, train, bench, lock."""
