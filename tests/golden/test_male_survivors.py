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
    figure = one(report("norfolk", "2022-23"), FIGURE_MIME, "none_supported")
    expected, chance = column(figure, "expected"), column(figure, "likely")
    assert len(figure["values"]) == 10
    assert expected["Police-recorded domestic abuse crimes and incidents, Norfolk"] == 56
    assert expected["High-risk cases discussed at Marac, United Kingdom"] == 14
    words = {"chance: less than 1 in a million", "chance: about 1 in 49,000"}
    assert set(chance.values()) == words
    low, high = column(figure, "expected_low"), column(figure, "expected_high")
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
    assert low["Police-recorded domestic abuse crimes and incidents, Norfolk"] is None
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
    """Requests implied by women's 189, at the mean of ten printed stays, by Erlang B; limits carried."""
    made = report("norfolk", "2022-23")
    table = one(made, TABLE_MIME, "places.needed")
    names = ("requests", "places", "places_range", "strict", "strict_range", "stays_range", "places_unseen")
    rows = {label: [column(table, name)[label] for name in names] for label in column(table, "label")}
    assert len(rows) == 10
    national = rows["Adults supported in safe accommodation, England"]
    assert national[1:] == [7, "7 to 8", 9, "9 to 10", "5 to 12", 9]
    marac = rows["High-risk cases discussed at Marac, United Kingdom"]
    assert marac[1:] == [9, "8 to 10", 11, "10 to 13", "6 to 16", 11]
    police = rows["Police-recorded domestic abuse crimes and incidents, Norfolk"]
    assert police == [pytest.approx(63), 31, "27 to 34", 36, "32 to 40", "16 to 58", 39]
    under_each = {label[:40]: tuple(row[1:5]) for label, row in rows.items()}
    assert under_each == {
        "Crime survey, people abused in the last ": (57, "50 to 64", 65, "57 to 73"),
        "Crime survey with its old questions, peo": (43, "38 to 48", 49, "44 to 55"),
        "Police-recorded domestic abuse crimes, E": (32, "28 to 36", 37, "33 to 42"),
        "Police-recorded domestic abuse crimes an": (36, "31 to 40", 41, "37 to 47"),
        "All victim-survivors, in the earlier nee": (31, "27 to 34", 36, "32 to 40"),
        "High-risk cases discussed at Marac, Unit": (9, "8 to 10", 11, "10 to 13"),
        "Housing referrals because of domestic ab": (20, "18 to 22", 23, "21 to 26"),
        "Adults supported in safe accommodation, ": (7, "7 to 8", 9, "9 to 10"),
    }
    lowest = rows["Housing referrals because of domestic abuse, the lowest district"]
    assert lowest[1:5] == [11, "10 to 13", 14, "13 to 15"]
    assert "Usual stay 144 days, shortest 66, longest 302" in table["notes"][0]
    said = headlines(made)[4]
    assert "no more than 1 in 20 men, Norfolk would need 7 places kept for men" in said
    assert "(4.7%, about 9 a year), and 32 at the police share (25.9%, about 66)" in said
    assert "For no more than 1 in 100: 9 and 37." in said
    assert "their 95% intervals hold: 7 to 8 places, and 28 to 36." in said
    assert "move the first from 5 to 12; were 25% of requests never recorded it would be 9." in said


def test_norfolk_s_places_are_drawn_under_each_rung_for_both_accepted_shares(report):
    """Two rows a rung, fewest requests first, each with the limits of its requests."""
    made = report("norfolk", "2022-23")
    figure = one(made, FIGURE_MIME, "places.needed")
    assert "takes 7 places if about 9 men ask in a year, and 32 if about 66 do" in figure["title"]
    names = [head["name"] for head in figure["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in figure["values"]]
    assert len(rows) == 20
    first = rows[0]
    assert first["label"] == "Adults supported in safe accommodation, England: about 9 a year"
    assert [first[name] for name in ("accepted", "places", "low", "high")] == ["1 in 20 turned away", 7, 7, 8]
    assert [rows[1][name] for name in ("accepted", "places")] == ["1 in 100 turned away", 9]
    assert rows[-1]["places"] == 65


def test_norfolk_s_shared_places_are_no_places_kept_for_men(report):
    """Of 19 open to any adult, women leave too few: a tenth of 9 men a year, nearly half of 66."""
    made = report("norfolk", "2022-23")
    table = one(made, TABLE_MIME, "places.shared")
    names = [head["name"] for head in table["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in table["values"]]
    assert [row["places"] for row in rows[::2]] == ["19 of 84 places", "23 of 92 places", "36 of 101 places"]
    now, crowded = rows[:2]
    assert now["low"] <= now["share"] <= now["high"]
    assert now["share"] == pytest.approx(0.10, abs=0.02)
    assert crowded["share"] == pytest.approx(0.47, abs=0.02)
    assert now["kept"] < 1e-6
    assert crowded["kept"] == pytest.approx(0.3334, abs=1e-4)
    assert [row["share"] for row in rows[::2]] == sorted((row["share"] for row in rows[::2]), reverse=True)
    said = next(one["text"] for one in made[FINDING_MIME] if "stay shared" in one["text"])
    assert "it takes 23 of them, beside the 65 for women, to turn away no more than 1 in 20 of 9 men" in said
    assert "2.8% would find every place taken if no man asked, 4.0% if 9 men did and 11.4% if 66 did" in said


def test_the_options_are_priced_as_printed_and_the_tornado_starts_with_who_asks(report):
    """Nine places at £11,000, £12,635 and £16,522; what is there already first; one has no unit cost."""
    made = report("norfolk", "2022-23")
    table = one(made, TABLE_MIME, "options")
    year, real, away = column(table, "year"), column(table, "real"), column(table, "turned_away")
    assert list(year) == [
        "No new place: those open to any adult now",
        "Dispersed accommodation, support in one unit",
        "Refuge for multiple needs, one bedspace",
        "Floating support: visits at home, 3 hours a week",
        "Sanctuary scheme: the home made safer",
    ]
    assert list(year.values()) == [
        "nothing more",
        "£99,000",
        "£113,715 to £148,698",
        "£20,400 to £31,487",
        "not published",
    ]
    assert list(away.values())[:3] == ["1 in 10", "1 in 25", "1 in 25"]
    assert set(list(away.values())[3:]) == {"no place to be full"}
    assert real["Dispersed accommodation, support in one unit"] == "price year not printed"
    low, high = (float(end.strip("£").replace(",", "")) for end in
                 real["Refuge for multiple needs, one bedspace"].split(" to "))  # fmt: skip
    assert low / 113715 == pytest.approx(high / 148698, rel=1e-4)
    assert 1.05 < low / 113715 < 1.25
    assert "In 2022-23 prices" in [head["label"] for head in table["columns"]]
    assert any("pounds a year" in note for note in table["provenance"]["footnotes"])
    figure = one(made, FIGURE_MIME, "options")
    assert figure["values"][0][:3] == ["Men asking in a year, 9 to 129", 77000.0, 627000.0]
    assert len(figure["values"]) == 5


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
    assert absent >= wanted | {"stays", "places.shared"}
    assert all(gone["needs"] for gone in made[ABSENCE_MIME])
    figure, table = one(made, FIGURE_MIME, "places.needed"), one(made, TABLE_MIME, "places.needed")
    names = [head["name"] for head in figure["columns"]]
    assert all(dict(zip(names, row, strict=True))["low"] is None for row in figure["values"])
    assert "places_range" not in [head["name"] for head in table["columns"]]


def test_parameters_move_the_result(report):
    """A stricter accepted share, a chosen stay and another yardstick all change the places."""
    made = report("norfolk", "2022-23", turn_away=0.01, stay_days=60, planning_rung="police_national")
    table = one(made, TABLE_MIME, "places.needed")
    label = "Police-recorded domestic abuse crimes, England and Wales"
    assert column(table, "places")[label] == column(table, "strict")[label] == 19
    assert "no more than 1 in 100 turned away" in table["title"]
    options = column(one(made, TABLE_MIME, "options"), "year")
    assert options["Dispersed accommodation, support in one unit"] == f"£{19 * 11000:,}"
