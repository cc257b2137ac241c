"""Published durations that several tests use, two of them worked by hand."""

from __future__ import annotations

import pandas as pd

SIX_MP = [6, 6, 6, 7, 10, 13, 16, 22, 23]
SIX_MP_CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

PREGNANCIES = {
    # week: (seen for the first time after the week before, terminations, births, losses)
    4: (18, 0, 0, 0), 6: (99, 0, 0, 4), 7: (148, 2, 0, 7), 8: (122, 3, 0, 15), 9: (102, 6, 0, 7),
    10: (70, 4, 0, 10), 11: (60, 3, 0, 8), 12: (60, 0, 0, 7), 13: (42, 1, 0, 1), 14: (30, 1, 0, 2),
    15: (26, 0, 0, 0), 16: (18, 0, 0, 0), 17: (26, 0, 0, 1), 18: (20, 0, 0, 0), 19: (22, 0, 0, 2),
    20: (7, 0, 0, 0), 21: (13, 0, 0, 1), 22: (12, 0, 0, 0), 23: (9, 0, 0, 0), 24: (11, 0, 0, 1),
    25: (12, 0, 0, 1), 26: (6, 0, 0, 1), 27: (8, 0, 0, 0), 28: (7, 0, 0, 0), 29: (10, 0, 0, 0),
    30: (5, 0, 4, 0), 31: (9, 0, 3, 0), 32: (3, 0, 2, 0), 33: (7, 0, 6, 0), 34: (6, 0, 11, 0),
    35: (6, 0, 9, 0), 36: (5, 0, 25, 1), 37: (7, 0, 36, 0), 38: (2, 0, 109, 0), 39: (2, 0, 165, 0),
    40: (3, 0, 280, 0), 41: (0, 0, 208, 0), 42: (0, 0, 60, 0), 43: (0, 0, 6, 0),
}  # fmt: skip


def leukaemia() -> pd.DataFrame:
    """Weeks of remission of 42 children with leukaemia (Freireich et al. 1963)."""
    return pd.DataFrame(
        {
            "days": SIX_MP + SIX_MP_CENSORED + PLACEBO,
            "censored": [False] * 9 + [True] * 12 + [False] * 21,
            "group": ["6-MP"] * 21 + ["placebo"] * 21,
            "person": range(42),
        }
    )


def maintenance() -> pd.DataFrame:
    """Weeks of remission of 23 patients with acute myelogenous leukaemia (Miller 1981)."""
    kept = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
    other = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
    censored = {2, 5, 8, 10, 16}
    return pd.DataFrame(
        {
            "days": kept + other,
            "censored": [at in censored for at in range(23)],
            "group": ["maintained"] * 11 + ["not maintained"] * 12,
        }
    )


def pregnancies() -> pd.DataFrame:
    """Return the 1,013 pregnancies of the control group of Meister and Schaefer (2008).

    They are counted from the at-risk sets and probabilities that the R package etm prints; who came in
    first is taken to end first, which changes no at-risk set.
    """
    waiting: list[int] = []
    rows = []
    for week, (come, *ends) in PREGNANCIES.items():
        waiting += [week - 1] * come
        for kind, number in zip(("termination", "birth", "loss"), ends, strict=True):
            rows += [(waiting.pop(0), week, kind) for _ in range(number)]
    return pd.DataFrame(rows, columns=["entry", "days", "exit"]).assign(censored=False)


def ovarian() -> pd.DataFrame:
    """Days of 26 patients with ovarian cancer (Edmunson et al. 1979), as in the R package survival."""
    days = [59, 115, 156, 421, 431, 448, 464, 475, 477, 563, 638, 744, 769, 770, 803, 855, 1040, 1106, 1129]
    died = [0, 1, 2, 4, 6, 7, 9, 10, 21, 22, 23, 24]
    age = [72.3315, 74.4932, 66.4658, 53.3644, 50.3397, 56.4301, 56.937, 59.8548, 64.1753, 55.1781, 56.7562]
    age += [50.1096, 59.6301, 57.0521, 39.2712, 43.1233, 38.8932, 44.6, 53.9068, 44.2055, 59.589, 74.5041]
    return pd.DataFrame(
        {
            "days": [*days, 1206, 1227, 268, 329, 353, 365, 377],
            "censored": [at not in died for at in range(26)],
            "age": [*age, 43.137, 63.2192, 64.4247, 58.3096],
            "ecog": [1, 1, 2, 1, 1, 2, 2, 2, 1, 2, 2, 1, 2, 1, 1, 2, 2, 1, 1, 1, 2, 2, 1, 2, 1, 1],
        }
    )


def late_entries() -> pd.DataFrame:
    """Test data 2 of Therneau and Grambsch (2000), appendix E: ten rows with entry, worked by hand."""
    return pd.DataFrame(
        {
            "entry": [1, 2, 5, 2, 1, 7, 3, 4, 8, 8],
            "days": [2, 3, 6, 7, 8, 9, 9, 9, 14, 17],
            "censored": [False] * 7 + [True] * 3,
            "x": [1.0, 0, 0, 1, 0, 1, 1, 1, 0, 0],
        }
    )


def ties() -> pd.DataFrame:
    """Test data 1 of Therneau and Grambsch (2000), appendix E: six rows with a tie, worked by hand."""
    return pd.DataFrame(
        {
            "days": [1, 1, 6, 6, 8, 9],
            "censored": [False, True, False, False, True, False],
            "x": [1.0, 1, 1, 0, 0, 0],
        }
    )
