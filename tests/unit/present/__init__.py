"""Tests of what a notebook talks to."""
