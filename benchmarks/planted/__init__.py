"""What is planted in made-up records, a file a subject; each holds ``STUDIES``. All of it is SYNTHETIC."""
