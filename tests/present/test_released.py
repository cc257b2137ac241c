"""A report shows released objects with their markers, their tier and their notes; nothing else of records."""

import dataclasses
import json

import pandas as pd
import pytest
from bundles import payload
from rows import RULES, episodes, referrals

from analysis.disclosure.policy import Departure
from analysis.errors import DisclosureRefused, RunFailed, UsageError
from analysis.present import charts
from analysis.present.canvas import Chart
from analysis.record import ABSENCE_MIME, FIGURE_MIME, FINDING_MIME, TABLE_MIME

ALT = "Of {n} referrals the most were accepted, and numbers of too few people are not shown."
SMALL = {
    ("Female", "Accepted"): 120,
    ("Female", "Declined"): 60,
    ("Female", "Withdrew"): 40,
    ("Female", "Not recorded"): 31,
    ("Male", "Accepted"): 53,
    ("Male", "Declined"): 37,
    ("Male", "Withdrew"): 3,
    ("Male", "Not recorded"): 12,
    ("Not recorded", "Accepted"): 44,
    ("Not recorded", "Declined"): 43,
    ("Not recorded", "Withdrew"): 42,
    ("Not recorded", "Not recorded"): 41,
}


def outcomes(run):
    """Plan a table with a small cell, commit, and return it."""
    table = run.release.crosstab(referrals(SMALL), "sex", "outcome", name="outcomes")
    run.release.commit()
    return table


def test_a_table_shows_markers_tier_and_what_the_marker_means(open_report, shown):
    """Cells, values, note and provenance; the marker is the only thing that stands for a hidden number."""
    run = open_report()
    run.table("pathway.outcomes", outcomes(run), title="Outcomes of referrals")
    table = payload(shown[-1])
    assert shown[-1].keys() == {"text/html", TABLE_MIME, "text/plain"}
    assert table["columns"][0]["label"] == "Sex"
    assert {column["kind"] for column in table["columns"][1:]} == {"number"}
    cells = [cell for row in table["cells"] for cell in row[1:]]
    values = [value for row in table["values"] for value in row[1:]]
    assert "[c]" in cells
    assert [cell == "[c]" for cell in cells] == [value == "[c]" for value in values]
    assert None not in values
    assert table["provenance"]["tiers"] == ["records"]
    assert table["provenance"]["sources"] == ["Person-level records. Norfolk, 2023."]
    assert len(table["notes"]) == 1
    assert table["notes"][0].startswith("[c] stands for a number that is not shown: it is of too few people")
    assert "not published" not in shown[-1]["text/html"]


def test_a_table_may_choose_columns_of_the_long_form(open_report, shown):
    """Shares with their bases, one row a category."""
    run = open_report()
    shares = outcomes(run).shares(of="sex")
    run.table("pathway", shares, title="Shares", columns=["sex", "outcome", "share", "low", "high"])
    table = payload(shown[-1])
    assert [column["name"] for column in table["columns"]] == ["sex", "outcome", "share", "low", "high"]
    assert {cell for row in table["cells"] for cell in row if "%" in cell}
    assert len(table["cells"]) == 12


@pytest.mark.parametrize(
    "draw",
    [
        lambda table: charts.shares(table.shares(of="sex"), xlabel="Share of referrals"),
        lambda table: charts.stacked(table, "sex", "outcome", xlabel="Referrals"),
        lambda table: charts.stacked(table, "sex", "outcome", xlabel="Referrals", share=False),
        lambda table: charts.heatmap(table, "sex", "outcome", "count", xlabel="Referrals", unit="count"),
        lambda table: charts.bars(table, "outcome", group="sex", xlabel="Referrals"),
    ],
    ids=["shares", "stacked", "counts", "heatmap", "bars"],
)
def test_a_chart_says_the_marker_where_a_number_is_hidden(open_report, shown, draw):
    """In what is written beside the marks, in its data, and in the file of its data."""
    run = open_report()
    table = outcomes(run)
    chart = draw(table)
    texts = [text.get_text() for axes in chart.figure.axes for text in axes.texts]
    run.figure("pathway", chart, title="Most are accepted", alt=ALT, n=table.count())
    figure = payload(shown[-1])
    assert any("[c]" in text for text in texts)
    assert not any("not published" in text for text in texts)
    assert "[c]" in [cell for row in figure["cells"] for cell in row]
    assert figure["caption"].startswith("[c] stands for a number that is not shown")
    assert figure["provenance"]["tiers"] == ["records"]


def test_a_bar_of_a_small_base_says_counts_and_no_percentage(open_report):
    """Of forty-nine people no percentage is printed, in a chart either."""
    few = {**SMALL, ("Not recorded", "Accepted"): 15, ("Not recorded", "Declined"): 13}
    few |= {("Not recorded", "Withdrew"): 11, ("Not recorded", "Not recorded"): 10, ("Male", "Withdrew"): 23}
    run = open_report()
    table = run.release.crosstab(referrals(few), "sex", "outcome")
    run.release.commit()
    assert table.count(sex="Not recorded") == 49
    frame = table.shares(of="sex").frame()
    small = charts.stacked(frame[frame["sex"] == "Not recorded"], "sex", "outcome", xlabel="Referrals")
    texts = [text.get_text() for axes in small.figure.axes for text in axes.texts]
    assert "49 in all" in texts
    assert not any("%" in text for text in texts)


def test_a_curve_is_drawn_at_released_points_alone(open_report, shown):
    """As many points as there are numbers in its table, each inside the axes."""
    run = open_report()
    curve = run.release.survival(episodes(600), by="sex")
    run.release.commit()
    chart = charts.survival(curve, series="sex", xlabel="Days", ylabel="Still there")
    known = curve.frame()["remaining"].notna().sum()
    drawn = sum(len(line.get_xdata()) for line in chart.figure.axes[0].lines if line.get_marker() in "osD^vP")
    assert drawn >= known
    run.figure("stays", chart, title="Half have left", alt=ALT, n=curve.count())
    assert len(payload(shown[-1])["cells"]) == len(curve.frame())


def test_a_sentence_says_the_marker(open_report, shown):
    """Whatever format the template asks for."""
    run = open_report()
    table = outcomes(run)
    few = table.count(sex="Male", outcome="Withdrew")
    share = table.share(of="sex", sex="Male", outcome="Withdrew")
    text = "Of {n} referrals {few:count} were of men who withdrew: {share:interval}."
    run.say("pathway", text, n=table.count(), few=few, share=share, source=table)
    finding = payload(shown[-1])
    assert finding["text"] == "Of 526 referrals [c] were of men who withdrew: [c]."
    assert finding["values"]["few"] == {"value": "[c]", "low": None, "high": None, "text": "[c]"}
    assert finding["provenance"]["tiers"] == ["records"]


def test_records_and_evidence_may_stand_together(open_report, shown, printed):
    """A sentence rests on both, and says so."""
    run = open_report()
    table = outcomes(run)
    run.say("pathway", "{n} and {m}.", n=table.count(), m=225, source=[printed, table])
    assert payload(shown[-1])["provenance"]["tiers"] == ["published", "records"]


def test_nothing_is_shown_before_the_commit(open_report, shown):
    """A pending object is refused by every way of showing it."""
    run = open_report()
    table = run.release.crosstab(referrals(SMALL), "sex", "outcome")
    for show in (
        lambda: run.table("pathway", table, title="Outcomes"),
        lambda: run.figure("pathway", charts.bars(table, "sex", xlabel="Referrals"), title="T", alt=ALT, n=1),
        lambda: run.say("pathway", "Of {n}.", n=3, source=table),
    ):
        with pytest.raises(DisclosureRefused, match="pending"):
            show()
    assert shown == []


@pytest.mark.parametrize("tier", ["records", "synthetic", "published records"])
@pytest.mark.parametrize("how", ["table", "figure", "say", "list", "row"])
def test_a_frame_made_by_hand_is_refused_whatever_it_says(open_report, shown, printed, tier, how):
    """The tier of a released frame cannot be had by writing it into a column."""
    run = open_report()
    outcomes(run)
    frame = printed.assign(tier=tier)
    chart = charts.bars(frame, xlabel="People")
    with pytest.raises(DisclosureRefused, match="not displayed before disclosure control has released it"):
        {
            "table": lambda: run.table("pathway", frame, title="Men"),
            "figure": lambda: run.figure("pathway", chart, title="Men", alt=ALT, n=3),
            "say": lambda: run.say("pathway", "Of {n}.", n=3, source=frame),
            "list": lambda: run.say("pathway", "Of {n}.", n=3, source=[printed, frame]),
            "row": lambda: run.say("pathway", "Of {n}.", n=3, source=frame.iloc[0]),
        }[how]()
    assert shown == []


def test_a_copy_of_a_released_frame_is_only_a_frame(open_report, shown):
    """What a notebook has changed is no longer what was released."""
    run = open_report()
    frame = outcomes(run).frame()
    with pytest.raises(DisclosureRefused):
        run.table("pathway", frame.assign(count=3), title="Outcomes")
    with pytest.raises(DisclosureRefused):
        run.figure("pathway", charts.bars(frame, "sex", xlabel="People"), title="T", alt=ALT, n=3)
    assert shown == []


def test_a_chart_that_lost_its_markers_is_refused(open_report):
    """A chart may not claim to be drawn from a release that its frame is not of."""
    run = open_report()
    table = outcomes(run)
    chart = charts.bars(table, "sex", xlabel="People")
    forged = Chart(chart.draw, chart.frame.drop(columns="marker"), chart.columns, released=(table,))
    with pytest.raises(DisclosureRefused, match="lost its markers"):
        run.figure("pathway", forged, title="T", alt=ALT, n=3)


def test_synthetic_numbers_say_so_everywhere(open_report, shown, tmp_path):
    """Title, sentence, alt text, file and drawing."""
    run = open_report("synthetic", recording=tmp_path)
    table = outcomes(run)
    run.table("pathway", table, title="Outcomes")
    run.say("pathway", "Of {n}.", n=table.count(), source=table)
    chart = charts.stacked(table, "sex", "outcome", xlabel="Referrals")
    run.figure("pathway", chart, title="Outcomes", alt=ALT, n=table.count())
    told, said, drawn = (payload(bundle) for bundle in shown)
    assert told["title"] == "SYNTHETIC: Outcomes"
    assert said["text"] == "SYNTHETIC: Of 526."
    assert drawn["title"] == "SYNTHETIC: Outcomes"
    assert drawn["alt"].startswith("SYNTHETIC: Of 526 referrals")
    assert "synthetic" in (tmp_path / "tables/pathway.csv").read_text()
    plain = open_report("records", recording=tmp_path / "other")
    other = outcomes(plain)
    again = charts.stacked(other, "sex", "outcome", xlabel="Referrals")
    plain.figure("pathway", again, title="Outcomes", alt=ALT, n=other.count())
    folders = (tmp_path, tmp_path / "other")
    marked, unmarked = ((folder / "figures/pathway.svg").read_text() for folder in folders)
    assert len(marked) > len(unmarked)
    assert "opacity: 0.16" in marked
    assert "opacity: 0.16" not in unmarked


def test_without_records_each_section_says_what_it_needs_once(open_report, shown, printed):
    """Tables, figures and sentences of records give way to one absence; the rest of the report is as ever."""
    run = open_report(None)
    frame = referrals(SMALL).iloc[:0]
    table, curve = run.release.crosstab(frame, "sex", "outcome"), run.release.survival(episodes(10).iloc[:0])
    run.release.commit()
    run.table("pathway.outcomes", table, title="Outcomes of {n}", n=table.count())
    chart = charts.shares(table.shares(of="sex"), xlabel="Share")
    run.figure("pathway.outcomes", chart, title="Outcomes", alt=ALT, n=table.count())
    run.know(men=table.count(sex="Male"))
    run.say("pathway", "{men} men.", source=table)
    run.say("pathway", "{men} men, {n} in all.", n=225, source=printed)
    run.table("stays", curve, title="Stays")
    assert [list(bundle)[1] for bundle in shown] == [ABSENCE_MIME, ABSENCE_MIME]
    assert payload(shown[0]) == {
        "id": "pathway.1",
        "section": "pathway",
        "why": "This needs person-level records, and this report was made without any.",
        "needs": ["person-level records: referrals"],
    }
    assert payload(shown[1])["needs"] == ["person-level records: episodes"]
    for i in range(3):
        text = f"{'abc'[i]} {{n}}"
        run.say("gaps", text, headline=1, uncertainty="Sure.", meaning="Act.", n=i, source=printed)
    run.summarise("Few men are reached.")
    run.finish()


def test_what_the_records_do_not_hold_is_said_in_its_place(open_report, shown):
    """A column that is absent gives the sentence, and the other outputs of the section stay."""
    run = open_report()
    frame = referrals(SMALL)
    lacking = run.release.crosstab(frame, "religion")
    table = run.release.crosstab(frame, "sex")
    run.release.commit()
    run.table("pathway.religion", lacking, title="Religion")
    run.table("pathway.sex", table, title="Sex")
    assert [list(bundle)[1] for bundle in shown] == [ABSENCE_MIME, TABLE_MIME]
    assert payload(shown[0])["why"] == "The records do not hold religion."
    assert payload(shown[0])["needs"] == []


def test_a_report_that_planned_and_never_committed_fails(open_report):
    """Whatever else is wrong, this is said first."""
    run = open_report()
    run.release.crosstab(referrals(SMALL), "sex")
    with pytest.raises(RunFailed, match="planned and never committed"):
        run.finish()


def finished(run, table, printed):
    """Finish a report that shows a released table and three findings."""
    run.table("pathway.outcomes", table, title="Outcomes")
    run.figure("stays", charts.shares(table.shares(of="sex"), xlabel="Share"), title="T", alt=ALT, n=3)
    for i in range(3):
        text = f"{'abc'[i]} {{n}}"
        run.say("gaps", text, headline=1, uncertainty="Sure.", meaning="Act.", n=i, source=printed)
    run.summarise("Few men are reached.")
    run.finish()


def test_a_recorded_run_leaves_what_its_release_needs(open_report, printed, tmp_path, shown):
    """disclosure.json names keys and objects; inputs name the store; the sources name the records."""
    run = open_report(recording=tmp_path)
    finished(run, outcomes(run), printed)
    body = json.loads((tmp_path / "disclosure.json").read_text())
    assert body["keys"] == {"pathway.outcomes": ["outcomes"], "stays": ["outcomes"]}
    assert body["tier"] == "records"
    assert body["published"][0]["base"] == "referrals"
    assert json.loads((tmp_path / "inputs.json").read_text())["records/norfolk"] == "0" * 64
    listed = [row[0] for row in payload(shown[-1])["cells"]]
    assert listed == ["Refresh of the strategy", "Person-level records"]
    data = pd.read_csv(tmp_path / "figures/stays.csv", dtype=str, keep_default_na=False)
    assert "" not in set(data["count"])
    assert "[c]" in set(data["count"])
    assert {FINDING_MIME, FIGURE_MIME} <= {mime for bundle in shown for mime in bundle}


def test_two_runs_of_the_same_records_leave_the_same_bytes(open_report, printed, tmp_path):
    """Nothing depends on the order of sets, on identities or on the time."""
    for name in ("one", "two"):
        run = open_report(recording=tmp_path / name)
        finished(run, outcomes(run), printed)
    first = tmp_path / "one"
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(files) >= 7
    for file in files:
        assert (first / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_an_exception_is_printed_with_its_output_and_at_the_end(open_report, printed, shown):
    """A reader sees that a rule was departed from, by whom and why."""
    allowed = Departure("percentage_base", "outcomes", 40, "agreed in May", "the officer", "2999-01-01")
    run = open_report(policy=dataclasses.replace(RULES, exceptions=(allowed,)))
    finished(run, outcomes(run), printed)
    words = (
        "Exception for outcomes: percentage_base is 40. Reason: agreed in May. Approved by the officer, until"
    )
    words += " 2999-01-01."
    assert words in payload(shown[0])["notes"]
    assert words in payload(shown[1])["caption"]
    assert payload(shown[-1])["notes"] == [words]


def test_a_slip_in_a_column_is_still_told(open_report):
    """Columns, labels and formats of a released table are checked like any other's."""
    run = open_report()
    with pytest.raises(UsageError, match='no column "share"'):
        run.table("pathway", outcomes(run), title="T", columns=["sex", "share"])
