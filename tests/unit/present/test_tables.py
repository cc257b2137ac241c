"""Tables can be read by everybody: caption, scope, units, footnotes, sources; and nothing is blank."""

import re
from html.parser import HTMLParser

import pytest

from analysis.errors import UsageError
from analysis.present import provenance, tables

WHERE = "male_survivors, visibility"


@pytest.fixture
def basis(ladder, evidence):
    """What the ladder rests on."""
    return provenance.gather([ladder], evidence.sources, where=WHERE)


def test_body_shows_and_computes(ladder, basis):
    """Cells are what is read, raw values what was computed; a corrected reading bears its note."""
    look = tables.Look(columns=("label", "count", "share"), units={"count": "men"})
    body = tables.body(ladder, look, basis, where=WHERE)
    assert [column["label"] for column in body.columns] == ["Group", "Count", "Share", "Source"]
    assert body.cells == [
        ["Survey", "not published", "34.0%", "A"],
        ["Marac [note 1]", "83", "6.4%", "B"],
        ["Supported", "0", "0.0%", "B"],
    ]
    assert body.raw[1] == ["Marac", 83.0, 83 / 1296, "B"]
    assert body.raw[0][1] is None


def test_printed_share_stands_in(ladder, basis):
    """A share printed without its base is shown as the share, unless the printed column is shown itself."""
    ladder = ladder.assign(share=[float("nan"), 0.064, 0.0], printed=[34.1, float("nan"), float("nan")])
    shown = tables.body(ladder, tables.Look(columns=("label", "share")), basis, where=WHERE)
    assert shown.cells[0][1] == "34.1%"
    both = tables.body(ladder, tables.Look(columns=("label", "share", "printed")), basis, where=WHERE)
    assert both.cells[0][1:3] == ["not published", "34.1%"]


def test_status_says_why_a_number_is_missing(ladder, basis):
    """The homelessness statistics say themselves whether a number is suppressed or was not returned."""
    frame = ladder.assign(value=[float("nan"), float("nan"), 3], status=["suppressed", "no data", "ok"])
    body = tables.body(frame, tables.Look(columns=("label", "value")), basis, where=WHERE)
    assert [row[1] for row in body.cells] == ["suppressed", "no data", "3"]


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (tables.Look(columns=("label", "cuont")), 'no column "cuont"'),
        (tables.Look(columns=("label", "odd")), 'column "odd" holds decimals'),
        (tables.Look(formats={"share": "count"}), "cannot be printed as count"),
    ],
)
def test_what_cannot_be_shown_is_refused(ladder, basis, look, said):
    """Unknown columns and formats that do not fit are refused with the column's name."""
    frame = ladder.assign(odd=0.5)
    with pytest.raises(UsageError, match=re.escape(said)):
        tables.body(frame.drop(columns=[] if "odd" in look.columns else ["odd"]), look, basis, where=WHERE)


def test_empty_table_is_refused(ladder, basis):
    """A table without rows points to run.absent."""
    with pytest.raises(UsageError, match=r"run\.absent"):
        tables.body(ladder.iloc[:0], tables.Look(), basis, where=WHERE)


class Rows(HTMLParser):
    """Collects header cells, their scope, and ids and links."""

    def __init__(self) -> None:
        super().__init__()
        self.scopes: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        """Read one tag."""
        found = dict(attrs)
        if tag == "th":
            self.scopes.append(found["scope"])
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"].removeprefix("#"))


def test_html_is_accessible(ladder, basis):
    """Every header has a scope, the caption names the scroll region, and every marker leads to its note."""
    body = tables.body(ladder, tables.Look(), basis, where=WHERE)
    table = {
        "id": "visibility",
        "section": "visibility",
        "title": "Men <b>at</b> each rung",
        "columns": body.columns,
        "cells": body.cells,
        "values": body.raw,
        "notes": ["Wilson intervals."],
        "provenance": basis.payload(),
    }
    html = tables.table_html(table, basis, "table-visibility")
    read = Rows()
    read.feed(html)
    assert read.scopes == ["col"] * 7 + ["row"] * 3
    assert len(set(read.ids)) == len(read.ids)
    assert read.links == ["table-visibility-note-1"]
    assert set(read.links) <= set(read.ids)
    assert '<caption id="table-visibility-caption">Men &lt;b&gt;at&lt;/b&gt; each rung</caption>' in html
    assert 'aria-labelledby="table-visibility-caption"' in html
    assert html.count("dd-tier-published") == html.count("dd-tier-reference") == 1


def test_csv_keeps_every_decimal_and_the_provenance(ladder):
    """The file beside a table holds unrounded values and says where each row is from."""
    lines = tables.csv_text(ladder, tables.Look(columns=("label", "share"))).splitlines()
    assert lines[0] == "label,share,tier,source_id,figure_ids,footnote"
    assert lines[2] == f"Marac,{83 / 1296!r},published,norfolk,n-1 n-2,Printed as 6.1%."
