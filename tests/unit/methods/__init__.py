"""Tests of the pure statistics, one file a module."""
