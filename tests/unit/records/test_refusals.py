"""The refusal workbook: each refused row again, and nothing that might be a name or a formula."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sent import FRONT, HEADINGS, Sent, read, referrals, row, xlsx

from analysis.errors import UsageError
from analysis.records.accounting import refusals, showing
from analysis.records.accounting.ledger import FileLedger, Ledger, Refusal
from analysis.records.fields import tables
from analysis.records.reading.workbook import Lost


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The account of a workbook with three wrong rows and a column of names."""
    folder = tmp_path_factory.mktemp("refusals")
    words = ["Client name", *HEADINGS]
    rows = [
        ["Jo Bloggs", *row(sex="Femal", day="31/02/2022")],
        ["Jo Bloggs", *row(case="Jane Smith")],
        ["Jo Bloggs", *row(case="B2", outcome="=1+1")],
        ["Jo Bloggs", *row(case="B3")],
    ]
    path = xlsx(folder / "=april.xlsx", {"Front page": FRONT, "Referrals": [words, *rows]})
    return read(Sent([path]), folder)[0]


@pytest.fixture(scope="module")
def book(ledger: Ledger) -> openpyxl.Workbook:
    """The workbook as openpyxl sees it."""
    assert ledger.refusals_path
    return openpyxl.load_workbook(ledger.refusals_path)


def cells(sheet: Any) -> list[list[Any]]:
    """Return the cells below the headings."""
    return [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)]


def test_a_summary_by_provider_and_rule(book: openpyxl.Workbook) -> None:
    """Rows are counted once a rule."""
    assert sorted(map(tuple, cells(book["Summary"]))) == [
        ("north-refuge", "identifier", 1),
        ("north-refuge", "no-such-day", 1),
        ("north-refuge", "not-in-list", 2),
    ]


def test_what_to_mend(book: openpyxl.Workbook) -> None:
    """Every broken rule has sheet, row, column, value, problem and cure."""
    headings = [cell.value for cell in book["To mend"][2]]
    found = [dict(zip(headings, line, strict=True)) for line in cells(book["To mend"])]
    assert [(one["Row"], one["Column"], one["Value"]) for one in found] == [
        (2, "Date of referral (C)", "31/02/2022"),
        (2, "Sex (E)", "Femal"),
        (3, "Case reference (B)", "[not shown]"),
        (4, "Outcome (D)", "'=1+1"),
    ]
    assert all(one["Sheet"] == "Referrals" and one["Provider"] == "north-refuge" for one in found)
    assert all(one["What is wrong"] and one["What to do"] for one in found)
    assert found[0]["File"] == "'=april.xlsx"


def test_each_refused_row_again(book: openpyxl.Workbook) -> None:
    """The row stands as it was sent, its wrong cells coloured and named; references are not shown."""
    sheet = book["Referrals"]
    headings = {cell.value: cell.column for cell in sheet[2]}
    assert sheet.max_row == 5
    wrong = sheet.cell(3, headings["Sex"])
    right = sheet.cell(3, headings["Outcome"])
    assert (wrong.value, right.value) == ("Femal", "accepted")
    assert wrong.fill.fgColor.rgb == "FFFBE3D6"
    assert right.fill.fgColor.rgb != wrong.fill.fgColor.rgb
    assert "Sex (E)" in sheet.cell(3, headings["What is wrong"]).value
    assert {sheet.cell(line, headings["Case reference"]).value for line in (3, 4, 5)} == {"[not shown]"}


def test_no_formula_and_no_name_is_in_it(book: openpyxl.Workbook) -> None:
    """No cell is a formula, none begins like one, and nothing identifies."""
    found = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert len(found) > 100
    for cell in found:
        assert cell.data_type in {"s", "n"}
        assert not str(cell.value).startswith(("=", "+", "@"))
        assert "Bloggs" not in str(cell.value)
        assert "Jane" not in str(cell.value)


def test_the_account_of_the_file(book: openpyxl.Workbook) -> None:
    """The sheet of files adds up and says what was not read."""
    (line,) = cells(book["Files"])
    assert line[1:6] == [4, 1, 3, 0, 0]
    assert '"Client name" holds a name: it was not read and is not kept' in line[6]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("plain", "plain"),
        ("a\x00b\x1bc", "a b c"),
        ("x" * 5000, "x" * 1000),
    ],
)
def test_escaping(given: str, written: str) -> None:
    """What a spreadsheet program would take for a formula is text, also when it is saved as CSV."""
    assert refusals.escaped(given) == written


def field(table: str, name: str) -> Any:
    """Return a field by its input name."""
    return next(one for one in tables()[table].inputs if one.input == name)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Femal", "Femal"),
        ("too far", "too far"),
        ("31/02/2022", "31/02/2022"),
        ("14 Avril 2022", "[not shown]"),
        ("32nd of April 2022", "[not shown]"),
        ("14 April 22", "14 April 22"),
        (dt.date(2022, 4, 14), "14/04/2022"),
        (44665, 44665),
        (True, "True"),
        ("Quasimodo", "[not shown]"),
        ("Jane", "[removed: looks like a name]"),
        ("07700 900123", "[removed: looks like a telephone number]"),
        ("accepted by the worker Quasimodo", "[not shown]"),
        (Lost("#N/A"), "#N/A"),
        ("  ", ""),
    ],
)
def test_which_values_are_shown(given: Any, shown: Any) -> None:
    """Codes, numbers and dates, and what is nearly one; nothing that might be somebody's name."""
    assert showing.shown(given, field("referrals", "sex")) == shown


@pytest.mark.parametrize("name", ["case_reference", "shared_reference", "origin_authority"])
def test_references_and_text_are_never_shown(name: str) -> None:
    """A reference tells who it is to whoever holds the workbook."""
    assert showing.shown("NDA-0412", field("referrals", name)) == "[not shown]"


def test_a_workbook_of_every_table(tmp_path: Path) -> None:
    """A refusal without a file's rows, and one of each table, can be written."""
    ledger = Ledger(files=[FileLedger(Path("a.xlsx"), notes=["look"])])
    for name, spec in tables().items():
        ledger.refusals.append(Refusal(0, "p", "2022-04", spec.label, 3, name, -1, "", "rule", "x", "Do."))
        ledger.headings[0, spec.label] = [one.label for one in spec.inputs]
        ledger.rows[0, spec.label, 3] = ["" for _ in spec.inputs]
    path = refusals.write(tmp_path / "x-refusals.xlsx", ledger)
    assert path
    assert {spec.label for spec in tables().values()} <= set(openpyxl.load_workbook(path).sheetnames)


def test_where_it_cannot_be_written(tmp_path: Path) -> None:
    """A folder in its place is said."""
    (tmp_path / "x").mkdir()
    ledger = Ledger(files=[FileLedger(Path("a.xlsx"), notes=["look"])])
    with pytest.raises(UsageError, match="cannot be written"):
        refusals.write(tmp_path / "x", ledger)


def test_the_usual_workbook_has_no_refusals(tmp_path: Path) -> None:
    """Nothing to mend is no file."""
    found, _ = read(Sent([xlsx(tmp_path / "a.xlsx", referrals())]), tmp_path)
    assert found.refusals_path is None
