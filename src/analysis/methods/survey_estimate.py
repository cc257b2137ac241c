"""A synthetic estimate: what a national survey and national counts would mean for the adults of one area."""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.methods.inputs import positive, require_columns
from analysis.methods.proportions import wilson
from analysis.methods.rows import PROVENANCE, resting_on

PEOPLE: Final = ("people", "people_low", "people_high")


def abused(
    survey: pd.DataFrame, adults: pd.DataFrame, *, answers: int, confidence: float = 0.95
) -> pd.DataFrame:
    """Add to each survey share how many adults of the area it would mean, with the survey's own error.

    Parameters
    ----------
    survey
        With ``printed`` [percent of adults], and provenance.
    adults
        One row with ``base`` [adults in the area], and provenance.
    answers
        Effective number of answers that the share rests on: people asked, over the design effect.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``survey``, then ``share``, ``low``, ``high`` [fractions], ``people``,
        ``people_low``, ``people_high``. The interval is the survey's; that the area may differ from the
        country is not in it.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If there is no answer or no adult.

    References
    ----------
    Gonzalez ME (1973). Use and evaluation of synthetic estimates. Proceedings of the Social Statistics
    Section, American Statistical Association, 33-36. Rao JNK, Molina I (2015). Small area estimation, 2nd
    edition, section 3.2. Wilson's interval as in `analysis.methods.proportions.wilson`.
    """
    require_columns(survey, ["printed", *PROVENANCE], where="abused")
    require_columns(adults, ["base", *PROVENANCE], where="abused")
    asked, people = int(positive(answers, "answers")), positive(adults["base"].iloc[0], "adults")
    found = [wilson(round(asked * share / 100), asked, confidence) for share in survey["printed"]]
    shares = {
        "share": [share / 100 for share in survey["printed"]],
        "low": [one.low for one in found],
        "high": [one.high for one in found],
    }
    counts = {name: [people * one for one in shares[of]] for name, of in zip(PEOPLE, shares, strict=True)}
    return resting_on(survey.assign(**shares, **counts), adults)


def requests_like_england(
    national: pd.DataFrame, local: pd.DataFrame, england: pd.DataFrame, survey: pd.DataFrame
) -> pd.DataFrame:
    """Return the requests an area would have if its survivors asked as often as those of England.

    Parameters
    ----------
    national
        With ``count`` [requests a year in England], and provenance.
    local, england
        One row each with ``count`` [people the requests are of], and provenance.
    survey
        One row of `abused`: its ``low`` and ``high`` over its ``share`` are the error carried through.

    Returns
    -------
    DataFrame
        The rows of ``national`` with a count, with their columns, then ``requests``, ``requests_low`` and
        ``requests_high`` [a year].

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If England has no such people, or the survey share is 0.

    References
    ----------
    As for `abused`. The survey share stands above and below and cancels; its error does not, since it is
    what the area's own share may differ by.
    """
    require_columns(national, ["count"], where="requests_like_england")
    require_columns(survey, ["share", "low", "high"], where="requests_like_england")
    part = float(local["count"].iloc[0]) / positive(england["count"].iloc[0], "people of England")
    middle = positive(survey["share"].iloc[0], "survey share")
    known = national[national["count"].notna()]
    requests = known["count"] * part
    found = known.assign(
        requests=requests,
        requests_low=requests * float(survey["low"].iloc[0]) / middle,
        requests_high=requests * float(survey["high"].iloc[0]) / middle,
    )
    return resting_on(found, local, england, survey)
