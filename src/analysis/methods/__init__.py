"""Pure statistics: numbers and frames in, estimates and frames out; no row and no column is ever lost."""
