"""Data of published examples of logistic regression, that several tests use."""

from __future__ import annotations

import numpy as np
import pandas as pd

_ENDOMETRIAL = """
0 13 1.64 0;0 16 2.26 0;0 8 3.14 0;0 34 2.68 0;0 20 1.28 0;0 5 2.31 0;0 17 1.8 0;0 10 1.68 0;0 26 1.56 0;
0 17 2.31 0;0 8 2.01 0;0 7 1.89 0;0 20 3.15 0;0 10 1.23 0;0 18 1.27 0;0 16 1.76 0;0 18 2 0;0 8 2.64 1;
0 29 0.88 1;0 12 1.27 1;0 20 1.37 1;1 38 0.97 1;1 22 1.14 1;1 7 0.88 1;1 25 0.91 1;1 15 0.58 1;0 7 0.97 1;
0 28 1.5 0;0 11 1.33 0;0 19 2.37 0;0 10 1.82 0;0 10 3.13 0;0 18 1.31 0;0 14 1.92 0;0 21 1.64 0;0 11 2.01 0;
0 17 1.88 0;0 25 1.93 0;0 16 2.11 0;0 19 1.29 0;0 15 1.72 0;0 33 0.75 0;0 24 1.92 0;0 48 1.84 1;0 12 1.11 1;
0 19 1.61 1;0 2 1.18 1;1 22 1.44 1;1 40 1.18 1;1 5 0.93 1;1 0 1.17 1;0 21 1.19 1;0 15 1.06 1;0 29 2.02 0;
0 15 2.29 0;0 12 2.33 0;0 3 2.9 0;0 20 1.7 0;0 23 1.41 0;0 12 2.25 0;0 22 1.54 0;0 42 1.97 0;0 15 1.75 0;
0 13 2.16 0;0 14 2.57 0;0 19 1.37 0;0 12 3.61 0;0 13 2.04 0;0 10 2.17 0;0 12 1.69 1;1 49 0.27 1;0 6 1.84 1;
0 5 1.3 1;0 17 0.96 1;1 11 1.01 1;1 21 0.98 1;0 5 0.35 1;1 19 1.02 1;0 33 0.85 1
"""
_CBPP = """
1 2 14 1;1 3 12 2;1 4 9 3;1 0 5 4;2 3 22 1;2 1 18 2;2 1 21 3;3 8 22 1;3 2 16 2;3 0 16 3;3 2 20 4;4 2 10 1;
4 0 10 2;4 2 9 3;4 0 6 4;5 5 18 1;5 0 25 2;5 0 24 3;5 1 4 4;6 3 17 1;6 0 17 2;6 0 18 3;6 1 20 4;7 8 16 1;
7 1 10 2;7 3 9 3;7 0 5 4;8 12 34 1;9 2 9 1;9 0 6 2;9 0 8 3;9 0 6 4;10 1 22 1;10 1 22 2;10 0 18 3;10 2 22 4;
11 0 25 1;11 5 27 2;11 3 22 3;11 1 22 4;12 2 10 1;12 1 8 2;12 0 6 3;12 0 5 4;13 1 21 1;13 2 24 2;13 0 19 3;
13 0 23 4;14 11 19 1;14 0 2 2;14 0 3 3;14 0 2 4;15 1 19 1;15 1 15 2;15 1 15 3;15 0 15 4
"""


def _table(text: str, names: str) -> pd.DataFrame:
    rows = [[float(cell) for cell in row.split()] for row in text.strip().split(";")]
    return pd.DataFrame(rows, columns=names.split())


def endometrial() -> pd.DataFrame:
    """79 women with endometrial cancer: Heinze and Schemper (2002), as kept with R's brglm2 and logistf."""
    return _table(_ENDOMETRIAL, "NV PI EH HG")


def cbpp() -> pd.DataFrame:
    """15 herds of cattle over four periods: Lesnoff and others (2004), as kept with R's lme4."""
    return _table(_CBPP, "herd incidence size period").astype(int)


def binary(rng: np.random.Generator, people: int, odds: np.ndarray, repeat: float) -> pd.DataFrame:
    """SYNTHETIC referrals of people in two groups, whose later ones repeat the first with a probability."""
    group, extra = rng.integers(0, 2, people), rng.integers(0, 2, people)
    chance = 1 / (1 + np.exp(-(odds[0] + odds[1] * group + odds[2] * extra)))
    person = np.repeat(np.arange(people), rng.integers(1, 4, people))
    first = rng.random(people) < chance
    same = rng.random(len(person)) < repeat
    later = np.append(False, person[1:] == person[:-1]) & ~same
    event = np.where(later, rng.random(len(person)) < chance[person], first[person])
    return pd.DataFrame({"person": person, "group": group[person], "extra": extra[person], "event": event})
