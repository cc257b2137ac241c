"""Who gets in: outcomes of referrals by group, crude and adjusted, with errors clustered by person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.errors import DataRefused, UsageError, one_of
from analysis.methods.characteristic import NOT_RECORDED, Asked, Characteristic
from analysis.methods.comparison import FILLED
from analysis.methods.inputs import level, require_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTES: Final = {
    "estimated": "",
    "reference": "The group that the others are compared with.",
    "sparse": (
        f"Fewer than {FILLED} people with or without the outcome, or outcomes separated: compared by Firth's"
        " penalised likelihood."
    ),
    "no event": "Nobody in either group had this outcome, so no odds and no test can be given.",
    "all events": "Everybody in both groups had this outcome, so no odds and no test can be given.",
    "too few": "Too few people for a comparison.",
    "too few to adjust": "Fewer people had, or had not, the outcome than there are terms to adjust for.",
    NOT_RECORDED: "The characteristic is not recorded for these referrals; they are in no comparison.",
    "nobody recorded": "The characteristic is recorded for nobody, so no groups can be compared.",
    "one group": "Everybody of whom this is recorded is in one group, so there is nothing to compare.",
    "no reference": "The reference group has too few people, so nothing can be compared with it.",
    "no referral": "No referral has a recorded outcome.",
}
"""What each status says to a reader; none of them holds a count."""

_COMPARED: Final = [
    f"{name}{end}" for name in ("odds_ratio", "difference") for end in ("", "_low", "_high", "_method")
] + ["p", "pattern_p"]
_COLUMNS: Final = [
    *("characteristic", "group", "reference", "outcome", "count", "base", "people", "people_with"),
    *("share", "low", "high", "method"),
    *_COMPARED,
    *(f"adjusted_{name}" for name in _COMPARED),
    *("adjusted_base", "adjusted_status", "status", "note"),
]
_OTHER: Final = "any other outcome"


def contrasts(
    frame: pd.DataFrame,
    outcome: str,
    event: str,
    characteristics: Sequence[str],
    *,
    person: str,
    adjust: Sequence[str] = (),
    references: Mapping[str, str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare groups on one outcome against all others.

    Parameters
    ----------
    frame
        One row a referral.
    outcome
        Column of outcomes; rows without one are left out.
    event
        The outcome asked about.
    characteristics
        Columns of groups, each compared in its turn.
    person
        Column that says whose referral it is; never missing.
    adjust
        Columns adjusted for: numbers enter as they are, anything else by category, with categories of fewer
        than 5 people counted to the largest. Referrals for which one is missing are in the crude comparison
        only.
    references
        Group to compare with, by characteristic; else the group with the most people.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        One row a group: ``characteristic``, ``group``, ``reference``, ``outcome``; ``count`` and ``base``
        [referrals], ``people`` and ``people_with`` [people]; ``share`` with ``low``, ``high`` and ``method``;
        ``odds_ratio``, ``difference`` (each with ``_low``, ``_high``, ``_method``) and ``p`` against the
        reference; the same under ``adjusted_``, with ``adjusted_base`` [referrals of both groups];
        ``status`` and ``note``, a sentence that holds no count, and ``adjusted_status``. The reference
        comes first, referrals that do not record the characteristic last. What cannot be said is NaN.

    Raises
    ------
    UsageError
        If a column is absent, or nothing has the event's name.
    DataRefused
        If a referral has no person.

    Notes
    -----
    Differences are average marginal effects: the mean change of the model's share if every referral were of
    the group and not of the reference, its error by the delta method from the covariance clustered by
    person; not adjusted, that is the raw difference. ``p`` tests the difference, or where the comparison is
    sparse the odds ratio by the penalised likelihood ratio. All comparisons come back; declare their family
    with `analysis.methods.multiplicity.with_family`.

    Counts, and every status that follows from them ("too few", "no event"), are as seen: disclosure control
    comes between this frame and any display of it.

    References
    ----------
    As for `analysis.methods.logistic`, `analysis.methods.sparse` and `analysis.methods.clusters`.
    """
    require_columns(frame, [outcome, person, *characteristics, *adjust], where="contrasts")
    known = frame[outcome].dropna().astype(str)
    if event not in set(known) and not known.empty:
        raise UsageError(
            f'no referral has the outcome "{event}"', where="contrasts", cure=one_of(event, known.unique())
        )
    told = known.where(known == event, _OTHER)
    asked = Asked((_OTHER, event), (event,), person, tuple(adjust), level(confidence))
    found = _all(frame, told, characteristics, references or {}, asked)
    return found.drop(columns=["pattern_p", "adjusted_pattern_p"])


def outcomes_by_group(
    frame: pd.DataFrame,
    outcome: str,
    characteristics: Sequence[str],
    *,
    person: str,
    outcomes: Sequence[str] | None = None,
    adjust: Sequence[str] = (),
    references: Mapping[str, str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare groups on all outcomes of a referral at once.

    Parameters
    ----------
    frame, outcome, characteristics, person, adjust, references, confidence
        As for `contrasts`.
    outcomes
        All outcomes in order; odds ratios are against the first. Else those that occur, the most frequent
        first.

    Returns
    -------
    DataFrame
        One row a group and outcome, with the columns of `contrasts` and ``pattern_p`` (with
        ``adjusted_pattern_p``), the p-value that the group's outcomes are spread as the reference's are. The
        odds ratio is of this outcome against the first one; it is NaN for the first.

    Raises
    ------
    UsageError
        If a column is absent, or an outcome occurs that is not listed.
    DataRefused
        If a referral has no person.

    References
    ----------
    As for `contrasts`. McFadden D (1974). Conditional logit analysis of qualitative choice behavior. In:
    Zarembka P (ed.), Frontiers in econometrics. Academic Press, 105-142.
    """
    require_columns(frame, [outcome, person, *characteristics, *adjust], where="outcomes_by_group")
    known = frame[outcome].dropna().astype(str)
    seen = list(known.value_counts().index)
    listed = tuple(outcomes) if outcomes is not None else tuple(seen)
    for one in seen:
        if one not in listed:
            raise UsageError(
                f'"{one}" is not one of the outcomes', where="outcomes_by_group", cure=one_of(one, listed)
            )
    asked = Asked(listed, listed, person, tuple(adjust), level(confidence))
    return _all(frame, known, characteristics, references or {}, asked)


def _all(
    frame: pd.DataFrame,
    outcome: pd.Series,
    characteristics: Sequence[str],
    references: Mapping[str, str],
    asked: Asked,
) -> pd.DataFrame:
    if frame[asked.person].isna().any():
        raise DataRefused(
            f'"{asked.person}" is missing for some referrals',
            where="access",
            cure="Give each referral the pseudonym of its person; errors are clustered by it.",
        )
    known = frame.loc[outcome.index]
    rows = [
        row | {"note": NOTES[str(row["status"])]}
        for name in characteristics
        for row in Characteristic(known, outcome, name, references.get(name), asked).rows()
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)
