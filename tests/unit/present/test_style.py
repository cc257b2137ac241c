"""Colours can be read and told apart; the stylesheet is one file."""

import itertools
import math

import numpy as np
import pytest

from analysis.present import style

# Machado, Oliveira, Fernandes (2009), severity 1.0: how the colours look to people with each deficiency.
SEEN = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.REFERENCE])
def test_text_is_readable(colour):
    """Every colour that text is written in has 4.5:1 on paper."""
    assert style.contrast(colour, style.PAPER) >= 4.5


@pytest.mark.parametrize("colour", [*style.SERIES, style.NAVY, style.QUIET])
def test_marks_are_visible(colour):
    """Every colour that marks are drawn in has 3:1 on paper."""
    assert style.contrast(colour, style.PAPER) >= 3


@pytest.mark.parametrize("shade", style.RAMP)
def test_values_in_cells_are_readable(shade):
    """The text colour chosen for a shaded cell has 4.5:1 on it."""
    assert style.contrast(style.ink_on(shade), shade) >= 4.5


def test_contrast_is_that_of_wcag():
    """Black on white is 21:1, and the grey #767676 is the lightest that passes on white."""
    assert style.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert style.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("deficiency", sorted(SEEN))
def test_first_colours_differ_to_everybody(deficiency):
    """The first three colours of series stay apart under each colour-vision deficiency."""
    seen = [np.array(SEEN[deficiency]) @ linear(colour) for colour in style.SERIES[:3]]
    assert min(math.dist(one, other) for one, other in itertools.combinations(seen, 2)) > 0.1


def linear(colour: str) -> np.ndarray:
    """Return the linear channels of ``#rrggbb``."""
    return np.array([style._linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5)])


def test_series_differ_without_colour():
    """There are as many markers and hatchings as colours, all different."""
    assert len(set(style.MARKERS)) == len(set(style.HATCHES)) == len(set(style.SERIES)) == len(style.SERIES)


def test_stylesheet_loads_nothing():
    """The stylesheet names the classes of every kind of output and fetches nothing."""
    css = style.css()
    assert "url(" not in css
    assert "@import" not in css
    for name in (
        "dd-finding",
        "dd-table",
        "dd-figure",
        "dd-absence",
        "dd-tier-published",
        "dd-tier-synthetic",
    ):
        assert f".{name}" in css
