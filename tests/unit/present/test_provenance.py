"""Nothing is displayed without a tier, and everything displayed says what it rests on."""

import pandas as pd
import pytest

from analysis.errors import DataRefused, DisclosureRefused, UsageError
from analysis.present import provenance

WHERE = "male_survivors, visibility"


def test_basis_keeps_the_order_of_first_use(ladder, evidence):
    """Tiers come in their fixed order, citations, ids and footnotes as they were met."""
    basis = provenance.gather([ladder], evidence.sources, where=WHERE)
    assert basis.payload() == {
        "tiers": ["published", "reference"],
        "sources": [
            "Victim characteristics. Office for National Statistics, 24 November 2023.",
            "Refresh of the strategy. Norfolk County Council, 2023.",
        ],
        "figure_ids": ["ons:men", "n-1", "n-2", "n-3"],
        "footnotes": ["Printed as 6.1%."],
    }


def test_a_row_may_rest_on_two_sources(evidence):
    """A ratio of a published share to a census share names both sources and both tiers."""
    frame = pd.DataFrame({"tier": ["published reference"], "source_id": ["norfolk ons"]})
    basis = provenance.gather([frame], evidence.sources, where=WHERE)
    assert basis.tiers == ("published", "reference")
    assert [basis.letter(name) for name in ("norfolk", "ons")] == ["A", "B"]


@pytest.mark.parametrize("frame", [pd.DataFrame({"n": [1]}), pd.DataFrame({"n": [1], "tier": [None]})])
def test_no_tier_no_display(frame, evidence):
    """A frame, or a single row, without a tier is refused."""
    with pytest.raises(DisclosureRefused, match="nothing without a tier is displayed"):
        provenance.gather([frame], evidence.sources, where=WHERE)


@pytest.mark.parametrize("tier", ["records", "synthetic"])
def test_person_level_tiers_wait(tier, evidence):
    """Person-level tiers are refused until disclosure control passes them, even for one row of many."""
    frame = pd.DataFrame({"tier": ["published", tier], "source_id": "norfolk"})
    with pytest.raises(DisclosureRefused, match=f"the {tier} tier is not displayed"):
        provenance.gather([frame], evidence.sources, where=WHERE)


def test_unknown_tier_and_source_are_refused(evidence):
    """A tier or a source that does not exist is not printed as if it did."""
    with pytest.raises(DisclosureRefused, match='"public" is not a tier'):
        provenance.gather([pd.DataFrame({"tier": ["public"]})], evidence.sources, where=WHERE)
    frame = pd.DataFrame({"tier": ["published"], "source_id": ["nowhere"]})
    with pytest.raises(DataRefused, match='source "nowhere"'):
        provenance.gather([frame], evidence.sources, where=WHERE)


def test_sources_may_be_frames_rows_or_lists(ladder):
    """A finding takes a frame, a row, or a list of either as its source, and nothing else."""
    given = provenance.frames([ladder, [ladder.iloc[0]]], where=WHERE)
    assert [len(frame) for frame in given] == [3, 1]
    with pytest.raises(UsageError, match="a str is not a source"):
        provenance.frames("norfolk", where=WHERE)


def test_letters_go_on_after_z():
    """A table of more than 26 sources still tells them apart."""
    assert [provenance._letter(index) for index in (0, 25, 26)] == ["A", "Z", "AA"]
