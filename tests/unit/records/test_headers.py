"""Where a table lies in a sheet, and what a mapping file may say of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.records.fields import tables
from analysis.records.reading import headers, mapping
from analysis.records.reading.mapping import ProviderMapping
from analysis.records.reading.workbook import Sheet

HEADINGS = ["Case reference", "Date of referral", "Outcome", "Sex"]


def sheet(*rows: list[str], name: str = "Referrals") -> Sheet:
    """Return a sheet of text."""
    return Sheet(name, [list(row) for row in rows])


def test_titles_above_the_headings_are_passed_over() -> None:
    """The row with the most headings is the row of headings."""
    found = headers.place(sheet(["North refuge"], ["Outcome"], [], HEADINGS))
    assert found is not None
    assert (found.table, found.header) == ("referrals", 3)
    assert found.columns == {"case_reference": 0, "referred_on": 1, "outcome": 2, "sex": 3}


@pytest.mark.parametrize("table", list(tables()))
def test_every_heading_of_the_template_is_placed(table: str) -> None:
    """Labels, input names and field names are all placed, in any order and any case."""
    spec = tables()[table]
    for words in ([one.label for one in spec.inputs], [one.input for one in spec.inputs]):
        found = headers.place(sheet([f"{word.upper()}*" for word in reversed(words)], name=spec.label))
        assert found is not None
        assert set(found.columns) == {one.input for one in spec.inputs}
        assert not found.twice
        assert not found.lacking


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("Referrals", "referrals"),
        ("1. referrals (Apr)", "referrals"),
        ("STAYS 22-23", "stays"),
        ("Feedback forms", "feedback"),
        ("Examples", "ignore"),
        ("Codes", "ignore"),
        ("Sheet1", ""),
        ("Stays and children", ""),
    ],
)
def test_the_name_of_a_sheet(name: str, table: str) -> None:
    """A name says what a sheet is if it names one table."""
    assert headers.wanted(sheet(name=name)) == table


def test_a_sheet_is_told_by_its_headings() -> None:
    """Without a name that helps, three headings of one table are enough and fewer are not."""
    assert headers.place(sheet([*HEADINGS, "Reason not accepted"], name="Sheet1")) is not None
    assert headers.place(sheet(["Outcome", "Sex"], name="Sheet1")) is None
    assert headers.place(sheet(["Sex", "Trans", "Disability"], name="Sheet1")) is None


def test_what_is_similar_is_suggested_and_not_placed() -> None:
    """A heading that is nearly one is left, and said what it may be."""
    found = headers.place(sheet(["Case ref", *HEADINGS[1:]]))
    assert found is not None
    assert found.unplaced == ((0, "Case ref"),)
    assert found.lacking == ("case_reference",)
    assert headers.suggestion("Case ref", "referrals", found.columns) == "case_reference"
    assert headers.suggestion("Favourite colour", "referrals", found.columns) == ""


def test_two_columns_of_one_heading() -> None:
    """A heading that stands twice is told by its label."""
    found = headers.place(sheet([*HEADINGS, "Sex "]))
    assert found is not None
    assert found.twice == ("Sex",)


def test_a_mapping_places_and_ignores() -> None:
    """Columns are mapped by heading or by letter."""
    own = ProviderMapping(columns={"referrals": {"ref": "case_reference", "column-b": "ignore"}})
    found = headers.place(sheet(["Ref", "Worker", *HEADINGS[1:]]), own)
    assert found is not None
    assert found.columns["case_reference"] == 0
    assert found.unplaced == ()


@pytest.mark.parametrize(("position", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters(position: int, name: str) -> None:
    """Columns have the letters a user sees."""
    assert headers.letter(position) == name


def test_a_mapping_file(tmp_path: Path) -> None:
    """Every part is read; bare yes and no of YAML are the codes."""
    path = tmp_path / "north.yml"
    path.write_text(
        'provider: North Refuge\nmonth: 2022-04\nfiles: "NR*"\nsheets: {Tab 1: referrals, Pivot: ignore}\n'
        "columns: {referrals: {Date rec'd: referred_on, Worker: ignore}}\n"
        "values: {sex: {Woman: female}, pregnant: {Expecting: yes}}\nhidden: read\n",
        "utf-8",
    )
    (found,) = mapping.load(path)
    assert (found.provider, found.month, found.read_hidden) == ("north-refuge", dt.date(2022, 4, 1), True)
    assert found.sheets == {"tab-1": "referrals", "pivot": "ignore"}
    assert found.columns == {"referrals": {"date-recd": "referred_on", "worker": "ignore"}}
    assert found.values == {"sex": {"woman": "female"}, "pregnant": {"expecting": "yes"}}
    assert found.is_for(Path("nr_april.xlsx"))
    assert found.is_for(Path("NRs/april.xlsx"))
    assert not found.is_for(Path("april.xlsx"))


def test_the_mapping_that_names_a_file_comes_first(tmp_path: Path) -> None:
    """Of a folder of mappings, the one whose pattern fits is used; else the general one."""
    (tmp_path / "a.yml").write_text("provider: anyone", "utf-8")
    (tmp_path / "b.yaml").write_text("provider: north\nfiles: [N*]", "utf-8")
    found = mapping.load(tmp_path)
    assert mapping.chosen(found, Path("north.xlsx")).provider == "north"
    assert mapping.chosen(found, Path("south.xlsx")).provider == "anyone"
    assert mapping.chosen([], Path("south.xlsx")) == mapping.NO_MAPPING


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("provder: x", 'Did you mean "provider"?'),
        ("sheets: {A: referals}", 'Did you mean "referrals"?'),
        ("columns: {referrals: {A: refered_on}}", 'Did you mean "referred_on"?'),
        ("values: {sex: {A: femal}}", 'Did you mean "female"?'),
        ("values: {case_reference: {A: x}}", "no coded column"),
        ("hidden: maybe", "no choice for hidden"),
        ("month: soon", "the month is not a month"),
        ("files: {a: b}", "files is not a list"),
        ("- a\n- b", "is not made of"),
        ("a: [", "is not YAML"),
        ("!!python/object/apply:os.system ['true']", "is not YAML"),
    ],
)
def test_a_mapping_that_names_what_is_not_there(tmp_path: Path, content: str, said: str) -> None:
    """A mapping file is refused with the file's name and the nearest that exists."""
    path = tmp_path / "north.yml"
    path.write_text(content, "utf-8")
    with pytest.raises(UsageError) as refused:
        mapping.load(path)
    assert said in str(refused.value)
    assert str(refused.value).startswith("north.yml: ")


def test_no_mapping_file(tmp_path: Path) -> None:
    """A path that is not there, or a folder without one, is said."""
    with pytest.raises(UsageError, match="cannot be opened"):
        mapping.load(tmp_path / "none.yml")
    with pytest.raises(UsageError, match="no mapping file"):
        mapping.load(tmp_path)
    assert mapping.load(None) == []
