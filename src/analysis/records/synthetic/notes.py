"""What a reader of a synthetic sample must know before anything is made of it."""

from __future__ import annotations

from typing import Final

from analysis.records.synthetic.bounds import bounds
from analysis.records.synthetic.declined import split
from analysis.records.synthetic.margins import Targets

MADE_UP: Final = "SYNTHETIC: every row is made by a seeded generator. Nobody's record was used."
ASSUMED: Final = (
    "Whoever is in no printed count of a characteristic is not recorded, never a no.",
    (
        "Traits are dealt out independently of each other but for two rules: nobody of 65 and over is"
        " pregnant or has children along, and children of 11 and over have a parent of 26 or over where"
        " that can be."
    ),
    "Every stay is one household in one place, and nobody has two stays.",
    "A place is a family place: a bedspace is printed without saying whether a child takes one.",
)
OWN: Final = (
    "A district that is printed without a type of accommodation has its one refuge alone.",
    (
        "Places open to any adult are among the dispersed; those printed once as for women only are among"
        " those printed as for women and children."
    ),
    "Destinations are those of Appendix 3; the text folds all other into other accommodation.",
    "Departures printed with no kind are not recorded, but those to independence, which are planned.",
)
SERVICES: Final = (
    (
        "Services beyond accommodation are as the board pack prints them, up to September 2023; nothing is"
        " known of the rest of the year."
    ),
    "Contracts are taken to have begun a year before the period; the pack does not say when.",
    (
        "A post with more referrals in the quarter than people supported in all the time has no other"
        " referral: at least the difference was not supported."
    ),
    (
        "Children of Living Without Abuse are taken to be of two posts: the high-risk of the young persons'"
        " adviser, the others of the family support workers."
    ),
    "Whom the pack counts as BAME is not printed: their ethnic group is not recorded.",
)
FULL: Final = (
    "Scenario full: men, trans and non-binary adults, recorded characteristics, more referrals, attempts,"
    " therapy and feedback are made up and printed by nobody. What is printed of women still holds of"
    " the survivors whose reference has no letter."
)


def notes_of(targets: Targets, *, services: bool, full: bool) -> tuple[str, ...]:
    """Return that the sample is of nobody, what was assumed, and which printed figures cannot hold together.

    Parameters
    ----------
    services
        Whether printed services beyond accommodation are in it.
    full
        Whether it is the scenario in which everything is recorded.
    """
    notes = [MADE_UP, _split(targets), *ASSUMED]
    notes += _own(targets) if targets.own else [_borrowed(targets)]
    notes += [bound.words for bound in bounds(targets)]
    notes += list(SERVICES) if services else []
    return tuple(notes + ([FULL] if full else []))


def _split(targets: Targets) -> str:
    by_provider, by_survivor = split(targets)
    return (
        f"{targets.declined} referrals were declined by the provider or the survivor, printed as one number:"
        f" {by_provider} and {by_survivor} here, by the shares of Women's Aid's On Track data without those"
        " for lack of space (none is printed) and the inappropriate (not printed). About a third are of"
        " survivors whom another provider accepted later."
    )


def _own(targets: Targets) -> list[str]:
    used = (
        f"{targets.previous_use} of {targets.referrals} referrals had used a service before: the whole number"
        " nearest to the printed share."
    )
    return [used, *OWN]


def _borrowed(targets: Targets) -> str:
    return (
        f"{targets.area} prints no count of people in safe accommodation for {targets.period}: referrals,"
        " stays and children have the proportions that Norfolk prints, over this authority's places. They"
        " are no estimate of it."
    )
