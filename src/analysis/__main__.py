"""``python -m analysis`` is ``deepdive``."""

from analysis.cli import main

main()
