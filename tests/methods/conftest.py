"""Property tests draw the same examples on every run, and few enough to keep the suite fast."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("repeatable", max_examples=30, deadline=None, derandomize=True)
settings.load_profile("repeatable")
