"""The account of a reading: the one fate of every row, what was superseded, and what was refused and why."""
