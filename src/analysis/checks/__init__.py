"""Every rule this repository keeps about itself, run in one pass by ``deepdive check`` and by the tests."""
