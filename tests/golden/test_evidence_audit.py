"""What the audit report says of each authority, read from its own outputs."""

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
    ("norfolk", "2019-20"),
]


@cache
def cells() -> list[str]:
    """Return the code of the notebook, without its parameters."""
    path = Layout.find().notebooks / "evidence_audit.ipynb"
    content = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(c["source"]) for c in content if c["cell_type"] == "code" and c["id"] != "parameters"]


@pytest.fixture(scope="module")
def report() -> Callable[[str, str], Outputs]:
    """Return what makes the report of an area and a period, once, and returns its outputs by kind."""

    @cache
    def made(area: str, period: str) -> Outputs:
        shown: Outputs = {mime: [] for mime in (FINDING_MIME, TABLE_MIME, FIGURE_MIME, ABSENCE_MIME)}

        def keep(bundle: dict[str, Any], **_: Any) -> None:
            for mime in shown.keys() & bundle.keys():
                shown[mime].append(bundle[mime])

        names = {"area": area, "period": period, "confidence": 0.95, "largest": 12}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(outputs, "display", keep)
            for source in cells():
                exec(source, names)  # noqa: S102  the notebook's own cells
        return shown

    return made


def headlines(made: Outputs) -> list[str]:
    """Return the sentences of the first screen."""
    return [finding["text"] for finding in made[FINDING_MIME] if finding["headline"]]


def rows(made: Outputs, key: str) -> list[list[str]]:
    """Return the cells of a table."""
    (table,) = [one for one in made[TABLE_MIME] if one["id"] == key]
    return table["cells"]


@pytest.mark.parametrize(("area", "period"), PAIRS)
def test_every_report_is_whole(report: Callable[[str, str], Outputs], area: str, period: str) -> None:
    """Three to five headlines, each with how sure it is and what it means, for every kind of authority."""
    first = [finding for finding in report(area, period)[FINDING_MIME] if finding["headline"]]
    assert 3 <= len(first) <= 5
    assert all(finding["uncertainty"] and finding["meaning"] for finding in first)


def test_norfolk_says_how_much_agrees_before_what_does_not(report: Callable[[str, str], Outputs]) -> None:
    """235 of 260 checks agree; money, a share, a standard and a balance follow."""
    agree, money, share, standard, balance = headlines(report("norfolk", "2022-23"))
    assert agree.startswith("**235 of 260 checks agree.** 20 do not")
    assert "printed as £10,224,400, read as **£1,002,400**" in money
    assert "36.9% is printed as a share of 189 (new referrals)" in share
    assert "**225** (people supported, women)" in share
    assert "printed as 100,000, read as **10,000**" in standard
    assert "leaves **£1,466,211** unspent at the end of 2024-25" in balance


def test_norfolk_lists_seven_corrected_readings(report: Callable[[str, str], Outputs]) -> None:
    """Two shares printed three times, one balance, one standard twice, one change in points."""
    read = [row[3] for row in rows(report("norfolk", "2022-23"), "summary.corrected")]
    assert sorted(read) == sorted(
        [
            *["36.9% of 225 (people supported, women)"] * 2,
            "23.6% of 225 (people supported, women)",
            "£1,002,400",
            *["10,000"] * 2,
            "9.1 points",
        ]
    )


def test_norfolk_money_arrives_in_the_next_year_but_once(report: Callable[[str, str], Outputs]) -> None:
    """Of six steps of money carried on, five agree."""
    outcomes = [row[-1] for row in rows(report("norfolk", "2022-23"), "money.steps")]
    assert (outcomes.count("agrees"), outcomes.count("does not follow")) == (5, 1)


def test_the_hope_bid_prints_costs_of_a_year_beside_seventeen_months(
    report: Callable[[str, str], Outputs],
) -> None:
    """£16,522 a bedspace is for a year; over the bid it is £23,407, and 11 more costs are like it."""
    first = headlines(report("leicestershire", "2018-20"))
    assert first[0].startswith("**89 of 115 checks agree.**")
    assert "£16,522 is printed, and that is for one year" in first[1]
    assert "**£23,407**" in first[1]
    money = rows(report("leicestershire", "2018-20"), "money")
    assert sum("17" in row[-1] and "year" in row[-1] for row in money) >= 11


def test_the_board_pack_counts_less_to_date_than_in_a_quarter(report: Callable[[str, str], Outputs]) -> None:
    """68 people since the contract began, 133 referrals in one quarter; 96 referrals for an empty post."""
    text = " ".join(headlines(report("leicestershire", "2023-24")))
    assert "119 of 151 checks agree" in text
    assert "68 people supported since the contract began is fewer than the **133** referrals" in text
    assert "nobody is in post, yet 96 referrals" in text


def test_nottinghamshire_is_not_praised_for_printing_little(report: Callable[[str, str], Outputs]) -> None:
    """Nothing contradicts, 4 of 14 figures can be compared, and the report says what that is worth."""
    made = report("nottinghamshire", "2021-24")
    agree, compared, _ = headlines(made)
    assert "**2 of 2 checks agree**: nothing contradictory" in agree
    assert compared.startswith("**4 of 14 printed figures**")
    assert len(rows(made, "gaps.alone")) == 10


def test_an_area_without_documents_is_told_so(report: Callable[[str, str], Outputs]) -> None:
    """No figure of a neighbour stands in, every section says why it is empty, and no number is said."""
    made = report("leicester", "2022-23")
    assert "no document in this evidence" in headlines(made)[0]
    assert {one["id"] for one in made[ABSENCE_MIME]} >= {"money", "shares", "sums", "standards", "repeats"}
    assert made[FIGURE_MIME] == []


def test_no_headline_counts_one_to_nine_people(report: Callable[[str, str], Outputs]) -> None:
    """Small printed counts are in the tables, never on the first screen in bold."""
    for area, period in PAIRS:
        for text in headlines(report(area, period)):
            small = [bold for bold in text.split("**")[1::2] if bold.isdigit() and int(bold) < 10]
            assert small == []
