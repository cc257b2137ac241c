"""Where printed figures cannot all hold of the same people: proofs by whole numbers.

Each `Bound` is one thing that printed figures imply or exclude, with the numbers that prove it. Where two
cannot hold together, the sample keeps the counts and its notes say so. Whether a share fits a base is asked
as in the GRIM test (Brown and Heathers 2017): is there a whole number of the base that prints as the share?
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import Final

import numpy as np

from analysis.records.synthetic.margins import MODEL, OUT_OF_COUNTY, Printed, Targets, printed
from analysis.records.synthetic.stays import nights_used

NORWICH: Final = "E07000148"


@dataclass(frozen=True)
class Bound:
    """One thing that printed figures imply or exclude.

    Attributes
    ----------
    name
        The measure it is about.
    holds
        Whether the printed figures can hold together.
    least, most
        What the arithmetic leaves open, inclusive.
    words
        The proof, and what the sample does.
    """

    name: str
    holds: bool
    least: int
    most: int
    words: str


def whole_numbers(percent: float, base: int, decimals: int) -> list[int]:
    """Return every whole number of a base that prints as a percentage with so many decimals."""
    half = 0.5 * 10**-decimals + 1e-9
    counts = np.arange(base + 1)
    return [int(one) for one in counts[np.abs(100 * counts / base - percent) <= half]]


def bounds(targets: Targets) -> tuple[Bound, ...]:
    """Return what the printed figures imply of each other; nothing where no count of people is printed."""
    if not targets.own:
        return ()
    found = printed(*MODEL)
    outside = found.value("out_of_county_share_of_referrals") or 0.0
    disabled = found.value("disability_share_of_referrals", "disability", "disabled") or 0.0
    return (
        _share(targets, "out_of_county_share_of_referrals", outside, targets.traits["origin"][OUT_OF_COUNTY]),
        _share(targets, "disability_share_of_referrals", disabled, targets.traits["disability"]["disabled"]),
        _norwich(found, targets),
        _new_places(targets),
        _children_in_bedspaces(targets),
        _nights(targets, "refuge"),
        _nights(targets, "dispersed"),
        _people_and_nights(targets),
        _independent(targets),
    )


def _share(targets: Targets, measure: str, percent: float, count: int) -> Bound:
    """Compare a share printed of referrals with whole numbers of them, and of those supported."""
    fits = whole_numbers(percent, targets.referrals, 1)
    near = percent * targets.referrals / 100
    words = (
        f"{percent:g} % is printed as a share of {targets.referrals} referrals, and no whole number of"
        f" them prints so; {count} of {targets.supported} supported does. The sample keeps the count."
    )
    return Bound(measure, bool(fits), floor(near), ceil(near), words)


def _norwich(found: Printed, targets: Targets) -> Bound:
    """Compare a share of Norwich's referrals with those supported from Norwich."""
    measure = "disability_or_multiple_disadvantage_share_of_council_referrals"
    percent, base = found.value(measure) or 0.0, targets.traits["origin"][NORWICH]
    near = percent * base / 100
    words = (
        f"{percent:g} % of Norwich's council referrals had a disability or multiple disadvantage, and no"
        f" whole number of the {base} supported from Norwich prints so. Its base is not published: the"
        " sample leaves it out."
    )
    return Bound(measure, bool(whole_numbers(percent, base, 1)), floor(near), ceil(near), words)


def _new_places(targets: Targets) -> Bound:
    """Show that some places printed as new in the year were lived in before it began."""
    refuge, new = targets.flows["refuge"].places, targets.flows["dispersed"].places
    early = targets.at_start - refuge
    words = (
        f"{targets.supported} supported less {targets.accepted} accepted in the year leave"
        f" {targets.at_start} who were there when it began, and the refuges hold {refuge}: at least {early}"
        f" of the {new} places printed as new in the year were lived in before it. The sample takes the"
        f" fewest, {early}, and opens the others through the year."
    )
    return Bound("new_bedspaces", early <= 0, early, new, words)


def _children_in_bedspaces(targets: Targets) -> Bound:
    """Show how few children could have a bedspace of their own when the year ended."""
    places = sum(flow.places for flow in targets.flows.values())
    left = places - targets.at_end
    words = (
        f"{targets.supported} supported less {targets.departures} departures leave {targets.at_end} at the"
        f" end in {places} bedspaces: {left} at most are left for children, of whom {targets.children} were"
        " supported in the year. Bedspaces are read as family places."
    )
    return Bound("safe_accommodation_bedspaces", True, 0, left, words)


def _nights(targets: Targets, kind: str) -> Bound:
    """Return the whole numbers of nights that print as the occupancy, of the places as they open."""
    flow = targets.flows[kind]
    window = sum(targets.days - day for day in flow.opens)
    percent = f"{100 * flow.occupancy:g}"
    fits = whole_numbers(float(percent), window, len(percent.partition(".")[2]))
    words = (
        f"{percent} % of {window:,} nights of {kind} places is {fits[0]:,} to {fits[-1]:,} nights;"
        f" the sample has {nights_used(flow, targets.days):,}."
    )
    return Bound(f"capacity_utilisation/{kind}", bool(fits), fits[0], fits[-1], words)


def _people_and_nights(targets: Targets) -> Bound:
    """Compare nights used with the most that the people and the mean stays can come to.

    Those who left stayed no longer in all than the longest mean for each; those still there were there for
    the whole period at most.
    """
    used = sum(nights_used(flow, targets.days) for flow in targets.flows.values())
    longest = max(cell.mean for cell in targets.cells)
    most = floor(targets.departures * longest + targets.at_end * targets.days)
    words = (
        f"{used:,} nights were used; {targets.departures} who left and {targets.at_end} still there could"
        f" have used {most:,} at most. Occupancy, places, people and mean stays can hold together, and do in"
        " the sample: how many left each district is not printed, and is chosen so."
    )
    return Bound("nights", used <= most, used, most, words)


def _independent(targets: Targets) -> Bound:
    """Show how many of the independent went to a place that is not described."""
    settled = targets.destinations["social-housing"] + targets.destinations["private-rented"]
    outside = targets.independent - settled
    words = (
        f"{targets.independent} achieved independence and {settled} moved to social or private rented"
        f" housing: at least {outside} of the independent went somewhere that is not described. The sample"
        " takes them from other accommodation and all other."
    )
    room = targets.destinations["other-accommodation"] + targets.destinations["all-other"]
    return Bound("independent_living", outside <= room, outside, targets.independent, words)
