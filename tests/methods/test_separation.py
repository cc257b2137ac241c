"""Separation: found where there is no finite estimate, and only there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published_logistic import endometrial

from analysis.methods.separation import separated

TWO = np.array([[1.0, 0.0], [1.0, 1.0]])


@given(st.integers(0, 6), st.integers(0, 6))
def test_two_groups_are_separated_when_a_cell_is_empty(first, other):
    """With one term, the estimate is finite if and only if all four cells hold somebody."""
    expected = first in (0, 6) or other in (0, 6)
    assert separated(np.array([first, other]), np.array([6, 6]), TWO) == expected


@pytest.mark.parametrize(
    ("terms", "expected"), [(["NV"], True), (["PI", "EH"], False), (["NV", "PI", "EH"], True)]
)
def test_a_published_example_is_separated_by_one_of_its_terms(terms, expected):
    """Endometrial cancer: every tumour with neovasculisation is of high grade."""
    frame = endometrial()
    design = np.column_stack([np.ones(len(frame)), frame[terms]])
    assert separated(frame["HG"].to_numpy(), np.ones(len(frame)), design) == expected


def test_a_line_that_parts_two_columns_together_is_found():
    """Neither column separates alone; their sum does."""
    a, b = np.array([0, 3, 1, 4, 2.0]), np.array([4, 0, 4, 1, 3.0])
    event = (a + b > 4).astype(float)
    design = np.column_stack([np.ones(5), a, b])
    assert not separated(event, np.ones(5), design[:, :2])
    assert separated(event, np.ones(5), design)


def test_a_scale_changes_nothing():
    """Pounds or millions of pounds separate alike."""
    frame = endometrial()
    design = np.column_stack([np.ones(len(frame)), frame["PI"] * 1e9, frame["EH"] * 1e-9])
    assert not separated(frame["HG"].to_numpy(), np.ones(len(frame)), design)
