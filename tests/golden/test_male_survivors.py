"""What the report on male survivors says of each authority, read from its own outputs."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from analysis.layout import Layout
from analysis.present import outputs
from analysis.record import ABSENCE_MIME, FIGURE_MIME, FINDING_MIME, TABLE_MIME

Outputs = dict[str, list[dict[str, Any]]]
PAIRS = [
    ("norfolk", "2022-23"),
    ("leicestershire", "2018-20"),
    ("leicestershire", "2023-24"),
    ("nottinghamshire", "2021-24"),
    ("leicester", "2022-23"),
    ("rutland", "2023-24"),
    ("norfolk", "2019-20"),
]
SECTIONS = ["visibility", "none_supported", "pathway", "needs", "places", "stays", "options", "gaps"]


@cache
def cells() -> list[tuple[str, str]]:
    """Return the code cells of the notebook by id."""
    path = Layout.find().notebooks / "male_survivors.ipynb"
    content = json.loads(path.read_text("utf-8"))["cells"]
    return [(c["id"], "".join(c["source"])) for c in content if c["cell_type"] == "code"]


@pytest.fixture(scope="module")
def report() -> Callable[..., Outputs]:
    """Return what makes the report of an area and a period, once, and returns its outputs by kind."""

    @cache
    def made(area: str, period: str, **parameters: Any) -> Outputs:
        shown: Outputs = {mime: [] for mime in (FINDING_MIME, TABLE_MIME, FIGURE_MIME, ABSENCE_MIME)}

        def keep(bundle: dict[str, Any], **_: Any) -> None:
            for mime in shown.keys() & bundle.keys():
                shown[mime].append(bundle[mime])

        names: dict[str, Any] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(outputs, "display", keep)
            for name, source in cells():
                exec(source, names)  # noqa: S102  the notebook's own cells
                if name == "parameters":
                    names |= {"area": area, "period": period, **parameters}
        return shown

    return made


def one(made: Outputs, mime: str, key: str) -> dict[str, Any]:
    """Return the output of a kind with an id."""
    return next(shown for shown in made[mime] if shown["id"] == key)


def column(table: dict[str, Any], name: str, *, raw: bool = True) -> dict[str, Any]:
    """Return a column of a table or figure by the words that head each row, without notes."""
    at = [head["name"] for head in table["columns"]].index(name)
    rows = table["values"] if raw else table["cells"]
    return {str(row[0]): row[at] for row in rows}


def headlines(made: Outputs) -> list[str]:
    """Return the sentences of the first screen with how sure they are."""
    return [f"{said['text']} {said['uncertainty']}" for said in made[FINDING_MIME] if said["headline"]]


@pytest.mark.parametrize(("area", "period"), PAIRS)
def test_every_report_is_whole(report, area, period):
    """Each area has three to five headlines, every section, and three figures or more with their words."""
    made = report(area, period)
    assert 3 <= len(headlines(made)) <= 5
    shown = {entry["section"] for mime in made for entry in made[mime]}
    assert shown >= set(SECTIONS)
    assert len(made[FIGURE_MIME]) >= 3
    words = " ".join(
        [said["text"] for said in made[FINDING_MIME]] + [drawn["alt"] for drawn in made[FIGURE_MIME]]
    )
    assert "nan" not in words.split()


def test_norfolk_supported_none_of_225(report):
    """Zero is a result: one-sided 1.32%, two-sided 1.63%, and not chance at any yardstick."""
    said = headlines(report("norfolk", "2022-23"))
    assert said[1].startswith("**None of the 225 adults supported in Norfolk was a man.**")
    assert "One-sided 95% bound: at most 1.32%." in said[1]
    assert "Exact two-sided 95% interval: 0.00% to 1.63%." in said[1]
    assert "If men were 4.7% of adults supported" in said[2]
    assert "about 11 of the 225" in said[2]
    assert "the chance of none is about 1 in 49,000" in said[2]
    assert "At the police share (25.9%) it is less than 1 in a million." in said[2]
    assert "would see 5 to 17 men" in said[2]


def test_norfolk_s_chances_under_each_rung(report):
    """What 225 adults would hold at each share of the ladder, in a range and in words."""
    table = one(report("norfolk", "2022-23"), TABLE_MIME, "none_supported.chance")
    expected, chance = column(table, "expected"), column(table, "chance")
    assert len(table["values"]) == 10
    assert expected["Police-recorded domestic abuse crimes and incidents"] == pytest.approx(56.25)
    assert expected["High-risk cases discussed at Marac, United Kingdom"] == pytest.approx(14.4)
    assert set(chance.values()) == {"less than 1 in a million", "about 1 in 49,000"}
    low, high = column(table, "expected_low"), column(table, "expected_high")
    national = "Adults supported in safe accommodation, England"
    assert (low[national], high[national]) == (5, 17)


def test_norfolk_s_ladder_has_every_denominator(report):
    """Shares, bases and intervals side by side; a printed share without a base has no interval."""
    figure = one(report("norfolk", "2022-23"), FIGURE_MIME, "visibility")
    share, low = column(figure, "share"), column(figure, "low")
    count, base = column(figure, "count"), column(figure, "base")
    assert len(share) == 15
    wanted = {
        "Crime survey, people abused in the last year, England and Wales": 0.4054,
        "Crime survey with its old questions, people abused in the last year, England and Wales": 0.3303,
        "Police-recorded domestic abuse crimes, England and Wales": 0.259,
        "High-risk cases discussed at Marac, United Kingdom": 0.064,
        "Housing referrals because of domestic abuse, the lowest district": 0.0857,
        "Housing referrals because of domestic abuse, the highest district": 0.1625,
        "Single men among households owed a homelessness duty for any reason": 0.3996,
        "Adults supported in safe accommodation, England": 0.0469,
        "New referrals to safe accommodation": 0,
        "Adults supported in the area": 0,
        "Bedspaces that men may use": 0.2262,
    }
    assert {name: round(share[name], 4) for name in wanted} == wanted
    supported = "Adults supported in the area"
    assert (count[supported], base[supported], low[supported]) == (0, 225, 0)
    assert low["Police-recorded domestic abuse crimes and incidents"] is None
    assert low["Bedspaces that men may use"] is None


def test_the_denominator_moves_the_share_about_six_to_nine_fold(report):
    """From safe accommodation to police records five and a half times, to the survey nearly nine."""
    for area, period in PAIRS:
        said = report(area, period)[FINDING_MIME][0]
        assert "about 6- to 9-fold" in said["text"]
        assert said["values"]["least"]["value"] == pytest.approx(5.5225, abs=1e-3)
        assert said["values"]["times"]["value"] == pytest.approx(8.6442, abs=1e-3)


def test_norfolk_s_places_men_may_use(report):
    """19 of 84 now, 23 of 92 with what is required, 36 of 101 with every scheme; counted, so no interval."""
    made = report("norfolk", "2022-23")
    said = headlines(made)[3]
    assert "19 of 84 places now: 22.6%." in said
    assert "23 of 92 (25.0%)" in said
    assert "36 of 101 (35.6%)" in said
    assert "Counted, not sampled." in said
    figure = one(made, FIGURE_MIME, "places")
    assert [row[2] for row in figure["values"]] == [19, 65, 23, 69, 36, 65]


def test_norfolk_s_places_for_an_accepted_share_turned_away(report):
    """Requests implied by women's 189, at the mean of ten printed stays, by Erlang B."""
    made = report("norfolk", "2022-23")
    table = one(made, TABLE_MIME, "places.needed")
    names = ("requests", "places_short", "places", "places_long", "places_strict")
    rows = {label: [column(table, name)[label] for name in names] for label in column(table, "label")}
    assert rows["Adults supported in safe accommodation, England"][1:] == [5, 7, 12, 9]
    assert rows["High-risk cases discussed at Marac, United Kingdom"][1:] == [6, 9, 16, 11]
    assert rows["Police-recorded domestic abuse crimes and incidents"] == [pytest.approx(63), 16, 31, 58, 36]
    assert "Usual stay 144 days, shortest 66, longest 302" in table["notes"][0]
    said = headlines(made)[4]
    assert "about 9 a year would ask, and 7 places would turn away no more than 1 in 20" in said
    assert "about 66 would ask, and it would take 32" in said


def test_the_options_are_priced_as_printed_and_the_tornado_starts_with_who_asks(report):
    """Nine places at £11,000, £12,635 and £16,522; two options have no unit cost."""
    made = report("norfolk", "2022-23")
    table = one(made, TABLE_MIME, "options")
    low, high = column(table, "year_low"), column(table, "year_high")
    assert low["Dispersed accommodation, support in one unit"] == 99000
    assert low["Refuge for multiple needs, one bedspace"] == pytest.approx(9 * 12635)
    assert high["Refuge for multiple needs, one bedspace"] == pytest.approx(9 * 16522)
    assert column(table, "place_low", raw=False)["Sanctuary scheme: the home made safer"] == "not published"
    assert column(table, "place_low", raw=False)["Floating support: visits at home"] == "not published"
    assert any("pounds a year" in note for note in table["provenance"]["footnotes"])
    figure = one(made, FIGURE_MIME, "options")
    assert figure["values"][0][:3] == ["Men asking in a year, 9 to 129", 77000.0, 627000.0]
    assert len(figure["values"]) == 4


def test_leicestershire_counts_men_where_a_worker_is_for_them(report):
    """32 of 406 referrals with an interval, 99 men without a share, two services without activity."""
    made = report("leicestershire", "2023-24")
    said = headlines(made)
    assert "**32 of 406 referrals in the quarter were to the worker for men: 7.9%.**" in said[1]
    assert "95% interval 5.6% to 10.9%" in said[1]
    assert "it would have been about 105" in said[1]
    assert said[2].startswith("**99 men have been supported by the worker for men")
    assert "there is no share" in said[2]
    notes = column(one(made, TABLE_MIME, "pathway.services"), "note")
    assert notes["Community support for men, contract"].startswith("no referrals")
    assert notes["Helpline for men, contract"].startswith("no calls")
    posts = one(made, FIGURE_MIME, "pathway")
    assert min(column(posts, "count").values()) >= 10
    needs = one(made, ABSENCE_MIME, "places.now")["needs"]
    assert any("Lot 2" in need for need in needs)


def test_nottinghamshire_has_no_refuge_unit_for_men_and_no_count(report):
    """None of 40 is counted and has no interval; the missing count is itself a headline."""
    made = report("nottinghamshire", "2021-24")
    said = headlines(made)
    assert "publishes no count of people supported by sex" in said[1]
    assert "From 63 adults supported" in said[1]
    assert "**None of the 40 refuge units in Nottinghamshire is for men.**" in said[3]
    assert "Counted, not sampled" in said[3]


def test_an_area_without_evidence_says_so_in_place(report):
    """On reference figures alone the sections stay, and say what would have to be recorded."""
    made = report("rutland", "2023-24")
    absent = {gone["id"] for gone in made[ABSENCE_MIME]}
    wanted = {"visibility.own", "pathway.men", "pathway", "needs.recorded", "places.now", "places.requests"}
    assert absent >= wanted | {"stays"}
    assert all(gone["needs"] for gone in made[ABSENCE_MIME])


def test_parameters_move_the_result(report):
    """A stricter accepted share, a chosen stay and another yardstick all change the places."""
    made = report("norfolk", "2022-23", turn_away=0.01, stay_days=60, planning_rung="police_national")
    table = one(made, TABLE_MIME, "places.needed")
    label = "Police-recorded domestic abuse crimes, England and Wales"
    assert column(table, "places")[label] == column(table, "places_strict")[label] == 19
    assert "no more than 1 in 100 men asking" in table["title"]
    assert column(one(made, TABLE_MIME, "options"), "year_low")[
        "Dispersed accommodation, support in one unit"
    ] == pytest.approx(19 * 11000)
