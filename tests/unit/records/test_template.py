"""The workbook that a provider fills: what it asks is what is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from analysis.errors import UsageError
from analysis.records import template
from analysis.records.fields import tables
from analysis.records.reading import headers, values
from analysis.records.reading.values import Problem
from analysis.records.reading.workbook import sheets


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    """The template as openpyxl sees it."""
    return openpyxl.load_workbook(template.write(tmp_path_factory.mktemp("t") / "template.xlsx"))


def asked(name: str) -> list[str]:
    """Return the headings of a table that stand in its sheet."""
    return [one.label for one in tables()[name].inputs if one.given == "row"]


def test_a_sheet_for_every_table(book: openpyxl.Workbook) -> None:
    """Instructions and front page come first, then the tables, then what is for reading."""
    labels = [spec.label for spec in tables().values()]
    assert book.sheetnames == ["Instructions", "Front page", *labels, "Examples", "Codes"]


@pytest.mark.parametrize("name", list(tables()))
def test_headings_and_what_is_frozen(book: openpyxl.Workbook, name: str) -> None:
    """Every field that a provider gives has a column; headings are frozen, locked and not merged."""
    sheet = book[tables()[name].label]
    row = sheet[template.HEADER_ROW]
    assert [cell.value for cell in row] == asked(name)
    assert len(set(asked(name))) == len(asked(name))
    assert sheet.freeze_panes == "B3"
    assert sheet.protection.sheet
    assert all(cell.protection.locked for cell in row)
    assert not sheet.merged_cells.ranges
    assert {one.protection.locked for one in sheet.column_dimensions.values()} == {False}


@pytest.mark.parametrize("name", list(tables()))
def test_dropdowns_are_the_code_lists(book: openpyxl.Workbook, name: str) -> None:
    """The dropdown of each coded column holds the labels of its list, and each is read as its code."""
    sheet, codes = book[tables()[name].label], book["Codes"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    checked = 0
    for position, one in enumerate(one for one in tables()[name].inputs if one.given == "row"):
        rule = rules[f"{headers.letter(position)}{template.HEADER_ROW + 1}"]
        assert rule.prompt
        if one.codes:
            cells = codes[rule.formula1.replace("$", "").partition("!")[2]]
            given = [cell.value for (cell,) in cells]
            assert given == list(one.labels)
            assert [values.read(label, one) for label in given] == list(one.codes)
            checked += 1
    assert checked > 0


def test_every_example_is_read() -> None:
    """What stands in the declaration as an example can be read for its field."""
    for spec in tables().values():
        for one in (one for one in spec.inputs if one.example):
            assert not isinstance(values.read(one.example, one), Problem), (spec.table, one.field)


def test_what_the_file_says_of_itself(book: openpyxl.Workbook) -> None:
    """A title, a subject and what must not be written stand in the document's properties."""
    assert "Monthly workbook" in book.properties.title
    assert "No names" in book.properties.description
    assert book.properties.subject


def test_the_same_template_is_the_same_file(tmp_path: Path) -> None:
    """Nothing of the moment is in it."""
    one, two = (template.write(tmp_path / name).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert one == two


def test_an_empty_template_is_no_record(tmp_path: Path) -> None:
    """Its tables are found and have no row; its examples are no records."""
    found = [headers.place(sheet) for sheet in sheets(template.write(tmp_path / "a.xlsx"))]
    assert [one.table for one in found if one] == list(tables())
    assert all(not one.unplaced and not one.twice and not one.lacking for one in found if one)


def test_a_filled_template(tmp_path: Path) -> None:
    """Rows, the front page and the mark stand where they are read; text stays text."""
    rows = [{"case_reference": "=A1", "referred_on": dt.date(2022, 4, 14), "age": 34, "sex": ""}]
    path = template.write(
        tmp_path / "a.xlsx",
        provider="north-refuge",
        month="2022-04",
        sent="12/05/2022",
        rows={"referrals": rows},
        mark="SYNTHETIC",
    )
    found = {sheet.name: sheet for sheet in sheets(path)}
    assert all(str(sheet.rows[0][0]).startswith("SYNTHETIC") for sheet in found.values())
    assert [row[1] for row in found["Front page"].rows[2:]] == ["north-refuge", "2022-04", "12/05/2022"]
    filled = dict(zip(asked("referrals"), found["Referrals"].rows[2], strict=True))
    assert filled["Case reference"] == "=A1"
    assert filled["Date of referral"] == dt.date(2022, 4, 14)
    assert filled["Age in years"] == 34
    assert openpyxl.load_workbook(path)["Referrals"]["A3"].data_type == "s"


def test_where_a_template_cannot_be_written(tmp_path: Path) -> None:
    """Another ending, or a folder that is not there, is said."""
    with pytest.raises(UsageError, match=r"is an \.xlsx"):
        template.write(tmp_path / "a.ods")
    with pytest.raises(UsageError, match="cannot be written"):
        template.write(tmp_path / "none" / "a.xlsx")


def test_the_columns_of_a_text_table() -> None:
    """A .csv has provider and month in columns of their own."""
    assert list(template.columns("stays"))[:3] == ["provider", "month", "case_reference"]
