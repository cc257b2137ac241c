"""The summary that opens a report: short, and with no number that a finding does not say."""

import pytest

from analysis.errors import UsageError
from analysis.methods.estimate import Estimate
from analysis.present import charts


@pytest.fixture
def told(run, ladder):
    """A report with one finding."""
    run.say(
        "visibility",
        "Of {n} people, {share:value} were men.",
        n=1225,
        share=Estimate(0.226, 0.1, 0.3),
        source=ladder,
    )
    return run


def test_a_summary_repeats_what_findings_said(told, shown):
    """It is a finding of its own, marked, and rests on what the findings that it repeats rest on."""
    told.summarise(
        "About {share:value} of {people} people were men.", share=Estimate(0.226, 0.1, 0.3), people=1225
    )
    assert shown.payload["summary"] is True
    assert shown.payload["headline"] == 0
    assert shown.payload["text"] == "About 22.6% of 1,225 people were men."
    assert shown.payload["provenance"]["tiers"] == ["published", "reference"]
    assert 'class="dd-finding dd-summary"' in shown.html


def test_a_number_that_no_finding_says_is_refused(told):
    """A summary adds nothing, not even a number that was computed."""
    with pytest.raises(UsageError, match='no finding says "k" of the summary'):
        told.summarise("Of them {k} came back.", k=31)


def test_a_number_may_be_rounded_in_a_summary(told, shown):
    """The same number may be printed in plainer words."""
    told.summarise("About {share:percent} were men.", share=0.226)
    assert shown.payload["text"] == "About 22.6% were men."


@pytest.mark.parametrize(("words", "refused"), [(119, False), (120, True)])
def test_a_long_summary_is_refused(told, words, refused):
    """It has fewer than 120 words."""
    text = " ".join(["word"] * words)
    if refused:
        with pytest.raises(UsageError, match="has 120 words"):
            told.summarise(text)
    else:
        told.summarise(text)


def test_there_is_one_summary(open_report, tmp_path, ladder):
    """A report that is recorded has one and no more."""
    run = open_report(tmp_path)
    run.say("visibility", "Of {n} people.", n=9, source=ladder)
    run.summarise("We counted {n} people.", n=9)
    with pytest.raises(UsageError, match="the summary is shown twice"):
        run.summarise("We counted {n} people again.", n=9)


def test_words_travel_beside_a_figure(open_report, tmp_path, ladder):
    """Each figure has a text file with its claim, alt text, caption, sources and how to cite it."""
    run = open_report(tmp_path)
    alt = "Of {n} rungs the highest is the survey and the lowest is support, at none."
    chart = charts.intervals(ladder, xlabel="Men (%)")
    run.figure(
        "visibility",
        chart,
        title="Men vanish on the way",
        alt=alt,
        caption="Read from the top.",
        n=len(ladder),
    )
    lines = (tmp_path / "figures" / "visibility.txt").read_text().splitlines()
    assert lines[0] == "Title: Men vanish on the way"
    assert lines[1].startswith(f"Alternative text: Of {len(ladder)} rungs")
    assert lines[2] == "Caption: Read from the top."
    assert lines[3] == "Evidence: published, reference"
    assert any(line.startswith("Source: ") for line in lines)
    assert (
        lines[-1]
        == "Cite as: Men vanish on the way. Figure in: male_survivors: Norfolk, 2022-23. Deep Dives."
    )
