"""The gate: nothing is released before every file of a run was read and found to hide nothing."""
