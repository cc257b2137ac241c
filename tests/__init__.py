"""Tests by room; a package, because a dependency installs one of the same name."""
