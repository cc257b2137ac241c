"""What a set of records must keep to: columns, rows, and rules across tables."""
