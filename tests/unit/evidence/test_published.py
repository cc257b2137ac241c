"""The published figures: what is in them, how they are selected, and every rule they keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.evidence.corrected import apply_corrections
from analysis.evidence.published import Evidence, load
from analysis.evidence.tables import PROVENANCE
from analysis.layout import Layout

FIGURES = "published/figures.csv"
MEN = "norfolk-men-supported,norfolk-refresh-2023"
"""How the row of a known figure begins."""


def value(evidence: Evidence, figure_id: str) -> float:
    """Return a printed figure by its id."""
    return float(evidence.figures.set_index("figure_id").loc[figure_id, "value"])


def test_there_are_567_figures_with_ids_of_their_own(printed: Evidence) -> None:
    """All figures of the five documents are there, once each, and each has a quote."""
    assert len(printed.figures) == 567
    assert printed.figures["figure_id"].is_unique
    assert printed.figures["quote"].str.len().min() > 0
    assert int(printed.figures["repeat"].sum()) == 40


@pytest.mark.parametrize(
    ("figure_id", "expected"),
    [
        ("norfolk-bedspaces", 84),
        ("norfolk-bedspaces-flexible", 19),
        ("norfolk-women-supported", 225),
        ("norfolk-men-supported", 0),
        ("norfolk-new-referrals", 189),
        ("leics-board-freeva-male-supported", 99),
        ("hope-uava-mental-health-share", 42),
        ("notts-strategy-male-refuge-provision", 0),
        ("norfolk-refuge-utilisation-change", -1.26),
        ("norfolk-carry-forward-2022-23", 10_224_400),
    ],
)
def test_known_figures_are_as_printed(printed: Evidence, figure_id: str, expected: float) -> None:
    """Figures that the reports lean on are those of the documents, errors included."""
    assert value(printed, figure_id) == expected


def test_every_figure_has_a_citable_source(printed: Evidence) -> None:
    """Each figure's source has a title, a publisher, a date and a licence."""
    cited = printed.sources.set_index("source_id").loc[printed.figures["source_id"].unique()]
    assert set(cited["tier"]) == {"published"}
    assert (cited[["title", "publisher", "date", "licence"]] != "").all(axis=None)


def test_sources_hold_published_and_reference(printed: Evidence) -> None:
    """One table cites both tiers, and what is assumed under a name that says so."""
    assert set(printed.sources["tier"]) == {"published", "reference", "assumption"}
    assert printed.sources.set_index("source_id")["tier"]["assumptions"] == "assumption"
    assert printed.sources["source_id"].is_unique


def test_a_report_uses_every_source_up_to_its_period(printed: Evidence) -> None:
    """A later period of an area adds its sources to the earlier, latest first."""
    assert printed.sources_of("leicestershire", "2018-20") == ("leicestershire-hope-bid-2018",)
    assert printed.sources_of("leicestershire", "2023-24") == (
        "leicestershire-board-2023-09",
        "leicestershire-hope-bid-2018",
    )
    assert printed.sources_of("norfolk", "2021-22") == ()
    assert printed.sources_of("rutland", "2023-24") == ()


def test_selection_keeps_to_the_area_and_leaves_repeats_out(printed: Evidence) -> None:
    """Repeats are dropped unless asked for; other areas' figures never appear."""
    once = printed.select("norfolk", "2022-23", measure="safe_accommodation_bedspaces", breakdown="")
    twice = printed.select(
        "norfolk", "2022-23", measure="safe_accommodation_bedspaces", breakdown="", repeats=True
    )
    assert list(once["figure_id"]) == ["norfolk-bedspaces"]
    assert len(twice) == 3
    assert set(printed.select("norfolk", "2022-23")["source_id"]) == {"norfolk-refresh-2023"}


def test_selection_takes_several_names(printed: Evidence) -> None:
    """A list of names selects the figures that have any of them."""
    both = printed.select(
        "norfolk", "2022-23", measure=["people_supported"], breakdown="sex", category=["women", "men"]
    )
    assert dict(zip(both["category"], both["value"], strict=True)) == {"women": 225, "men": 0}


def test_every_selection_has_provenance(printed: Evidence) -> None:
    """Tier, source, ids and footnote travel with each figure, even when none is found."""
    found = printed.select("nottinghamshire", "2021-24")
    none = printed.select("nottingham", "2021-22", measure="people_supported")
    assert set(PROVENANCE) <= set(found.columns) <= set(none.columns)
    assert none.empty
    assert set(found["tier"]) == {"published"}
    assert list(found["figure_ids"]) == list(found["figure_id"])


def test_an_unknown_measure_is_refused_with_the_nearest(printed: Evidence) -> None:
    """A measure that no figure has is a mistake, not an absence."""
    with pytest.raises(DataRefused, match=r'no figure has measure "people_suported"') as error:
        printed.select("norfolk", "2022-23", measure="people_suported")
    assert error.value.cure == 'Did you mean "people_supported"?'


def test_an_unknown_area_or_period_is_a_usage_error(printed: Evidence) -> None:
    """Areas and periods are checked before anything is selected."""
    with pytest.raises(UsageError, match='Did you mean "norfolk"'):
        printed.select("norflok", "2022-23")
    with pytest.raises(UsageError, match="Write it as 2022-23"):
        printed.select("norfolk", "2022")


def test_files_read_are_on_record(printed: Evidence) -> None:
    """Each file read is known by its path in the checkout and its sha256."""
    content = (Layout.find().data / FIGURES).read_bytes()
    assert printed.inputs[f"data/{FIGURES}"] == hashlib.sha256(content).hexdigest()


def test_reference_files_are_on_record_once_read() -> None:
    """A file joins the record when it is first used, not before."""
    evidence = load(
        corrections=pd.DataFrame(columns=["figure_id", "field", "printed", "corrected", "footnote"])
    )
    assert "data/reference/census.csv" not in evidence.inputs
    evidence.census("TS038", "norfolk")
    assert "data/reference/census.csv" in evidence.inputs


def test_a_checkout_is_read_once_a_process() -> None:
    """Asking again gives the same evidence."""
    assert load() is load()


def correction(**changes: object) -> pd.DataFrame:
    """Return one corrected reading of the carry-forward printed ten-fold."""
    row = {
        "figure_id": "norfolk-carry-forward-2022-23",
        "field": "value",
        "printed": 10_224_400,
        "corrected": 1_002_400,
        "footnote": "Read as £1,002,400.",
    }
    return pd.DataFrame([row | changes])


def test_corrected_readings_replace_what_is_printed_and_leave_a_footnote() -> None:
    """Corrections are on by default, can be left off, and never touch the printed table."""
    evidence = load(corrections=correction())
    asked = {"area": "norfolk", "period": "2022-23", "measure": "da_duty_carry_forward_in"}
    corrected = evidence.select(**asked).set_index("figure_id").loc["norfolk-carry-forward-2022-23"]
    as_printed = evidence.select(**asked, corrected=False).set_index("figure_id")
    assert (corrected["value"], corrected["footnote"]) == (1_002_400, "Read as £1,002,400.")
    assert as_printed.loc["norfolk-carry-forward-2022-23", "value"] == 10_224_400
    assert value(evidence, "norfolk-carry-forward-2022-23") == 10_224_400


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"figure_id": "norfolk-none"}, "corrected reading of norfolk-none: no figure has this id"),
        ({"field": "quote"}, 'no figure has this id and a field "quote". A figure has the fields value'),
        ({"printed": 1}, 'value is printed "10224400.0", not "1.0". Audit the figure again'),
    ],
)
def test_a_correction_that_fits_no_figure_is_refused(
    printed: Evidence, changes: dict[str, object], message: str
) -> None:
    """A correction must name a figure, a field, and what is printed there."""
    with pytest.raises(DataRefused) as error:
        apply_corrections(printed.figures, correction(**changes))
    assert message in str(error.value)


def test_two_corrections_of_one_figure_keep_both_footnotes(printed: Evidence) -> None:
    """Footnotes add up."""
    two = pd.concat(
        [correction(), correction(field="unit", printed="gbp", corrected="count", footnote="Units.")]
    )
    row = apply_corrections(printed.figures, two).set_index("figure_id").loc["norfolk-carry-forward-2022-23"]
    assert (row["unit"], row["footnote"]) == ("count", "Read as £1,002,400. Units.")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1,gbp,,", "1,pounds,,", 'column unit: "pounds" is not known. Known: count, days, gbp'),
        (",1811177,", ",1.811.177,", 'column value: "1.811.177" is not a number. Write digits'),
        (
            "norfolk-nb-allocation-2022-23,",
            "norfolk-nb-allocation-2021-22,",
            'row 3, column figure_id: "norfolk-nb-allocation-2021-22" stands twice',
        ),
        (
            "percent,norfolk-na2021-independence-sample,",
            "percent,norfolk-na2021-sample,",
            'column denominator_figure_id: "norfolk-na2021-sample" is not known. Did you mean "norfolk-',
        ),
        (MEN, "norfolk-men-supported,norfolk-refresh", 'column source_id: "norfolk-refresh" is not known'),
        (",,false,\n", ",,no,\n", 'column repeat: "no" is not known. Write "true" or "false"'),
        (
            ",Background,Norfolk,",
            ",Background,Norfolkshire,",
            'column area: "Norfolkshire" is not known. Did you mean "Norfolk"? Add it to',
        ),
        (
            ",Background,Norfolk,2021-22,",
            ",Background,Norfolk,,",
            'column period: "" is blank. Every row needs a',
        ),
    ],
)
def test_each_broken_rule_is_named_by_row_column_value_and_cure(
    broken: Callable[..., Evidence], old: str, new: str, message: str
) -> None:
    """A fault is found where it is, with what to do about it."""
    with pytest.raises(DataRefused) as error:
        broken(FIGURES, (old, new))
    assert str(error.value).startswith("data/published/figures.csv row ")
    assert message in str(error.value)


def test_all_faults_are_reported_in_one_pass(broken: Callable[..., Evidence]) -> None:
    """Three broken rules are three lines of one refusal."""
    with pytest.raises(DataRefused) as error:
        broken(
            FIGURES,
            ("1,gbp,,", "1,pounds,,"),
            (MEN, "norfolk-men-supported,nobody"),
            (",,false,\n", ",,no,\n"),
        )
    lines = str(error.value).splitlines()
    assert lines[0] == "data: 3 rules are broken"
    assert [("unit" in line, "source_id" in line, "repeat" in line) for line in lines[1:]] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_columns_must_be_those_of_the_table(broken: Callable[..., Evidence]) -> None:
    """A renamed column is missing under one name and unknown under the other."""
    with pytest.raises(DataRefused, match="no column source_id; unknown column source"):
        broken(FIGURES, ("figure_id,source_id,", "figure_id,source,"))


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (
            "published/periods.csv",
            ",norfolk-refresh-2023\n",
            ",norfolk-refresh\n",
            'column sources: "norfolk-refresh" names an unknown source',
        ),
        ("published/periods.csv", "norfolk,2022-23", "norflok,2022-23", 'Did you mean "norfolk"?'),
        ("published/areas.csv", "Rutland,Rutland\n", "Rutland;Norfolk,Rutland\n", "an earlier area claims"),
        ("published/areas.csv", "rutland,Rutland,E06000017", "rutland,Rutland,", 'column code: "" is blank'),
        (
            "published/sources.csv",
            ",2023,not stated,published",
            ",2023,,published",
            'column licence: "" is blank',
        ),
        ("published/sources.csv", "not stated,published,", "not stated,public,", 'Did you mean "published"?'),
        ("reference/sources.csv", ",reference,", ",references,", 'Did you mean "reference"?'),
    ],
)
def test_the_tables_beside_the_figures_keep_rules_too(
    broken: Callable[..., Evidence], path: str, old: str, new: str, message: str
) -> None:
    """Sources, areas and periods are checked in the same pass."""
    with pytest.raises(DataRefused) as error:
        broken(path, (old, new))
    assert message in str(error.value)


def test_a_source_without_a_period_is_refused(broken: Callable[..., Evidence]) -> None:
    """A source that no report could reach would be lost silently."""
    with pytest.raises(DataRefused, match='source "leicestershire-hope-bid-2018" belongs to no period'):
        broken("published/periods.csv", ("leicestershire-hope-bid-2018", "leicestershire-board-2023-09"))


def test_a_missing_table_is_named(broken: Callable[..., Evidence]) -> None:
    """The message names the file that is not there."""
    evidence = broken(FIGURES)
    (evidence.layout.data / FIGURES).unlink()
    with pytest.raises(DataRefused, match="the table is missing"):
        load(evidence.layout, corrections=evidence.corrections)
