"""Census, homelessness and headline figures: values, bases, provenance and rules."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.evidence.published import Evidence
from analysis.evidence.reference import PRESS_NOTE, ROUNDED_NOTE, SUMMED_NOTE, SURVEY_NOTE, quarters
from analysis.evidence.tables import PROVENANCE

HOMELESSNESS = "reference/homelessness.csv"


def test_census_counts_shares_and_bases(printed: Evidence) -> None:
    """Norfolk's disabled residents are 20.1% of all, on a base that is said."""
    disabled = printed.census("TS038", "norfolk").loc["disabled"]
    assert (disabled["count"], disabled["base"]) == (184_286, 916_142)
    assert disabled["share"] == pytest.approx(0.2012, abs=5e-5)
    assert disabled["base_words"] == "usual residents"
    assert disabled["figure_ids"] == "census:E10000020:TS038:disabled"
    assert (disabled["tier"], disabled["footnote"]) == ("reference", SUMMED_NOTE)


@pytest.mark.parametrize("table", ["TS021", "TS030", "TS038", "TS077"])
def test_shares_of_a_census_table_add_up(printed: Evidence, table: str) -> None:
    """Categories that do not overlap make up the whole, in every area."""
    for area in (*printed.areas["area"], "england", "E07000148"):
        assert printed.census(table, area)["share"].sum() == pytest.approx(1)


def test_overlapping_census_tables_keep_their_own_bases(printed: Evidence) -> None:
    """Sexes share a base by age; languages nest, and are measured against all who answered."""
    sex = printed.census("TS009", "norfolk")
    assert sex.loc["male", "base"] == 449_247 + 466_869
    assert sex.loc["male-16-to-64", "base"] == 268_495 + 274_832
    language = printed.census("TS029", "norfolk")
    nested = [
        "speaks-english-very-well",
        "speaks-english-well",
        "does-not-speak-english-well",
        "does-not-speak-english",
    ]
    assert language.loc[nested, "count"].sum() == language.loc["main-language-not-english", "count"]
    assert set(language["base"]) == {846_726 + 44_865}


def test_districts_add_up_to_their_county(printed: Evidence) -> None:
    """A county is its districts, within the few units of summing small areas."""
    table = printed.reference.census_table.query("table == 'TS038' and category_code == 'disabled'")
    by_code = table.set_index("area_code")["count"]
    districts = [code for code in by_code.index if "E07000143" <= code <= "E07000149"]
    assert len(districts) == 7
    assert by_code[districts].sum() == pytest.approx(by_code["E10000020"], abs=20)


def test_unknown_census_names_are_refused(printed: Evidence) -> None:
    """A table or an area that is not there is a mistake."""
    with pytest.raises(DataRefused, match='no table "TS039"') as error:
        printed.census("TS039", "norfolk")
    assert "TS038" in error.value.cure
    with pytest.raises(DataRefused, match='no area code "E12000006"'):
        printed.census("TS038", "east-of-england")
    with pytest.raises(UsageError, match='unknown area "suffolk"'):
        printed.census("TS038", "suffolk")


def test_homelessness_by_district_and_quarter(printed: Evidence) -> None:
    """A quarter of a county is one row a district, with a true period and unrounded counts."""
    found = printed.homelessness("support_need_mental_health", "norfolk", "2022Q4", "2023Q1")
    assert isinstance(found["quarter"].dtype, pd.PeriodDtype)
    assert len(found) == 2 * 7
    norwich = found[found["district"] == "Norwich"].set_index("quarter")["value"]
    assert norwich[pd.Period("2022Q4")] == 59
    assert set(PROVENANCE) <= set(found.columns)
    assert "homelessness:E07000148:support_need_mental_health:2022Q4" in set(found["figure_ids"])


def test_missing_and_suppressed_are_told_apart_and_never_numbers(printed: Evidence) -> None:
    """No data and suppressed are statuses; neither is a value, and neither is nought."""
    found = printed.homelessness(
        ["priority_need_domestic_abuse", "owed_relief_total"], "norfolk", "2022Q2", "2022Q2"
    )
    norwich = found[found["district"] == "Norwich"].set_index("measure")
    assert norwich.loc["priority_need_domestic_abuse", "status"] == "suppressed"
    assert norwich.loc["owed_relief_total", "status"] == "no data"
    assert norwich["value"].isna().all()
    everything = printed.reference.homelessness_table
    assert everything["value"].isna().eq(everything["status"] != "ok").all()
    assert (everything["status"].value_counts().to_dict()) == {
        "ok": 13_868,
        "no data": 364,
        "suppressed": 348,
    }


def test_a_unitary_authority_is_its_own_district(printed: Evidence) -> None:
    """Leicester reports for itself."""
    found = printed.homelessness("initial_assessments", "leicester", "2018Q2", "2018Q2")
    assert found[["district", "value"]].to_numpy().tolist() == [["Leicester", 444]]


def test_england_is_rounded_and_says_so(printed: Evidence) -> None:
    """National figures carry the caveat; an authority's do not."""
    england = printed.homelessness("initial_assessments", "england")
    assert (england["value"] % 10 == 0).all()
    assert set(england["footnote"]) == {ROUNDED_NOTE}
    assert set(printed.homelessness("initial_assessments", "norfolk")["footnote"]) == {""}


def test_an_unknown_homelessness_measure_is_refused(printed: Evidence) -> None:
    """The nearest measure is named."""
    with pytest.raises(DataRefused, match='Did you mean "initial_assessments"'):
        printed.homelessness("initial_assesments", "norfolk")


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2022-23", ("2022Q2", "2023Q1")),
        ("2018-20", ("2018Q2", "2020Q1")),
        ("2021-24", ("2021Q2", "2024Q1")),
    ],
)
def test_financial_years_are_quarters_from_april_to_march(period: str, expected: tuple[str, str]) -> None:
    """A financial year starts in the second calendar quarter."""
    assert quarters(period) == expected


def test_men_are_4_7_percent_of_adults_supported_in_england(printed: Evidence) -> None:
    """1,830 of 39,020 adults, with trans adults a category of their own."""
    supported = printed.headlines("safe_accommodation", "individuals supported")
    year = supported[supported["period"] == "2023-24"].set_index("group")["value"]
    assert year[["women", "men", "trans adults"]].tolist() == [36_870, 1_830, 320]
    assert year["men"] / year[["women", "men", "trans adults"]].sum() == pytest.approx(0.047, abs=5e-4)


def test_headlines_say_where_they_are_from(printed: Evidence) -> None:
    """Each has a page and a source in the table of sources; press is marked and footnoted."""
    headlines = printed.headlines()
    assert len(headlines) == 118
    assert headlines["page_url"].str.startswith("http").all()
    assert set(headlines["source_id"]) <= set(printed.sources["source_id"])
    press = headlines[headlines["press"]]
    assert press["footnote"].str.contains(PRESS_NOTE, regex=False).all()
    assert not headlines[~headlines["press"]]["footnote"].str.contains(PRESS_NOTE, regex=False).any()
    assert headlines[headlines["topic"] == "csew"]["footnote"].str.contains(SURVEY_NOTE, regex=False).all()


def test_bases_in_words_have_numbers_where_they_are_published(printed: Evidence) -> None:
    """Marac, SafeLives Insights and the national return state their bases; surveys here do not."""
    headlines = printed.headlines().set_index("headline_id")["base_count"]
    assert headlines["marac-victim-male-share-12m-to-sep-2024"] == 119_985
    assert headlines["safelives-insights-refuge-clients-with-mental-health-issues-all-2015-18"] == 1_016
    assert headlines.filter(like="csew-").isna().all()


def test_an_unknown_topic_is_refused_but_an_empty_combination_is_not(printed: Evidence) -> None:
    """Mistyped names are mistakes; known names that never meet are an absence."""
    with pytest.raises(DataRefused, match='no headline topic "mrac"'):
        printed.headlines("mrac")
    assert printed.headlines("marac", "individuals supported").empty


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (
            HOMELESSNESS,
            ",444,ok",
            ",444,fine",
            'column status: "fine" is not known. Known: no data, ok, suppressed',
        ),
        (HOMELESSNESS, ",444,ok", ",,ok", 'column value: "" and its status disagree'),
        (HOMELESSNESS, ",444,ok", ",444,suppressed", 'column value: "444" and its status disagree'),
        (HOMELESSNESS, ",444,ok", ",-,suppressed", 'column value: "-" is not a number'),
        (HOMELESSNESS, "2018Q2,", "201806,", 'column quarter: "201806" is not a quarter'),
        (HOMELESSNESS, ",A1,", ",A13,", 'column table: "A13" repeats two columns of A12 in every quarter'),
        (
            HOMELESSNESS,
            ",owed_duty_total,440",
            ",initial_assessments,440",
            "stands twice for its place and quarter",
        ),
        ("reference/census.csv", ",female-16-to-64,", ",female,", "stands twice in its area and table"),
        ("reference/census.csv", ",18079284,", ",18079284.x,", "is not a number"),
        ("reference/headlines.csv", ",36550,", ",36 550,", 'column value: "36 550" is not a number'),
        ("reference/headlines.csv", ",false\n", ",FALSE\n", 'Write "true" or "false"'),
        (
            "reference/headlines.csv",
            ",mhclg-safe-accommodation-2023-24,",
            ",mhclg,",
            "data/reference/sources.csv",
        ),
    ],
)
def test_each_broken_rule_of_a_reference_table_is_named(
    broken: Callable[..., Evidence], path: str, old: str, new: str, message: str
) -> None:
    """A reference table is checked when it is first read."""
    evidence = broken(path, (old, new))
    with pytest.raises(DataRefused) as error:
        {
            HOMELESSNESS: lambda: evidence.homelessness("initial_assessments", "norfolk"),
            "reference/census.csv": lambda: evidence.census("TS038", "norfolk"),
            "reference/headlines.csv": evidence.headlines,
        }[path]()
    assert message in str(error.value)
    assert f"data/{path} row " in str(error.value)
