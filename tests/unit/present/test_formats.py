"""Values are printed alike in prose, tables and charts."""

import numpy as np
import pandas as pd
import pytest

from analysis.present import formats


@pytest.mark.parametrize(
    ("value", "how", "printed"),
    [
        (1234, "count", "1,234"),
        (225.0, "count", "225"),
        (0.226, "percent", "22.6%"),
        (0.0001, "percent", "under 0.1%"),
        (28.6, "printed", "28.6%"),
        (40.540541, "printed", "40.5%"),
        (-0.021, "points", "−2.1 points"),
        (1.294, "ratio", "1.29"),
        (-1634.4, "gbp", "−£1,634"),
        (28, "days", "28"),
        (2.25, ".2f", "2.25"),
        (-2.25, ".2f", "−2.25"),
        ("2022-23", "text", "2022-23"),
        ("", "text", "–"),
        (np.nan, "count", "not published"),
        (None, "text", "not published"),
        (pd.NA, "percent", "not published"),
    ],
)
def test_show(value, how, printed):
    """Each named format prints its kind of value; nothing is ever blank."""
    assert formats.show(value, how) == printed


@pytest.mark.parametrize(
    ("name", "values", "how"),
    [("share", [0.1], "percent"), ("anything", [1.0, np.nan], "count"), ("label", ["a"], "text")],
)
def test_infer(name, values, how):
    """A column's format follows from its name or its values."""
    assert formats.infer(name, pd.Series(values)) == how


def test_decimals_need_a_format():
    """A column of decimals that nothing explains is not guessed."""
    with pytest.raises(ValueError, match="holds decimals"):
        formats.infer("anything", pd.Series([0.5]))


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (np.bool_(True), True),
        (np.nan, None),
        (np.inf, None),
        (pd.NaT, None),
        (pd.Period("2024Q1"), "2024Q1"),
    ],
)
def test_plain(value, plain):
    """Values become what JSON knows."""
    assert formats.plain(value) == plain
    assert type(formats.plain(value)) is type(plain)
