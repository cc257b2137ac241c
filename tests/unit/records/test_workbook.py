"""Workbooks as rows of cells, read in child processes that are held to a time and a size."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import old_excel
import pytest
from sent import ods, text, xlsx

from analysis.errors import DataRefused
from analysis.records.reading import delimited, hostile
from analysis.records.reading.reader import Reader
from analysis.records.reading.workbook import Lost, sheets

ROWS = [["a", "b", "c"], [dt.date(2022, 4, 14), 1.5, True], ["x\u00a0", "", "=1+1"]]


def written(folder: Path, form: str) -> Path:
    """Write the same sheet in a form."""
    path = folder / f"a.{form}"
    if form == "xls":
        path.write_bytes(old_excel.xls({"One": ROWS}))
        return path
    return (ods if form == "ods" else xlsx)(path, {"One": ROWS})


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
def test_the_same_sheet_in_every_form(tmp_path: Path, form: str) -> None:
    """Dates, numbers, truth values and text come as such; text that begins like a formula is text."""
    (sheet,) = sheets(written(tmp_path, form))
    assert sheet.name == "One"
    assert [[cell for cell in row if cell != ""] for row in sheet.rows] == [
        ["a", "b", "c"],
        [dt.date(2022, 4, 14), 1.5, True],
        ["x\u00a0", "=1+1"],
    ]
    assert not sheet.hidden


def test_rows_are_counted_from_the_first_of_the_sheet(tmp_path: Path) -> None:
    """Blank rows and columns before a table stay, those after it go."""
    path = xlsx(tmp_path / "a.xlsx", {"One": [[], [], ["", "", "x"], [], [""]]})
    (sheet,) = sheets(path)
    assert sheet.rows == [[""] * 3, [""] * 3, ["", "", "x"]]


def test_hidden_merged_and_the_1904_system(tmp_path: Path) -> None:
    """What calamine knows of a sheet is passed on."""
    path = xlsx(
        tmp_path / "a.xlsx",
        {"One": [["x"]], "Two": [["y"]]},
        hidden=["Two"],
        merged=[("One", 1, 0, 3, 0, "m")],
        since_1904=True,
    )
    one, two = sheets(path)
    assert (one.hidden, two.hidden) == (False, True)
    assert one.merged == (((1, 0), (3, 0)),)
    assert one.since_1904


def test_lost_values_are_marked(tmp_path: Path) -> None:
    """The error of a formula is not a blank."""
    (sheet,) = sheets(xlsx(tmp_path / "a.xlsx", {"One": [["x", ("=1/0", "#DIV/0!")]]}))
    assert sheet.rows == [["x", "#DIV/0!"]]
    assert isinstance(sheet.rows[0][1], Lost)


def test_a_text_table(tmp_path: Path) -> None:
    """A text table is one sheet named for the file; a cell may hold lines and separators."""
    (sheet,) = sheets(text(tmp_path / "refs.csv", [["a", "b"], ["x, y", 'two\nlines "said"'], ["", ""]]))
    assert (sheet.name, sheet.rows) == ("refs", [["a", "b"], ["x, y", 'two\nlines "said"']])


@pytest.mark.parametrize("separator", delimited.SEPARATORS)
def test_separators(tmp_path: Path, separator: str) -> None:
    """The separator is the mark that stands most often."""
    (sheet,) = sheets(text(tmp_path / "a.csv", [["a", "b", "c"], ["1", "2", "3"]], separator=separator))
    assert sheet.rows == [["a", "b", "c"], ["1", "2", "3"]]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A path without a file is refused with its name alone."""
    with pytest.raises(DataRefused, match=r"^none\.xlsx: cannot be opened"):
        sheets(tmp_path / "none.xlsx")
    with pytest.raises(DataRefused, match="is not a file"):
        sheets(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """What is no plain file is not opened."""
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(DataRefused, match="is not a file"):
        sheets(tmp_path / "a.csv")


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file past the limit is not read at all."""
    monkeypatch.setattr(hostile, "MAX_FILE", 10)
    path = xlsx(tmp_path / "a.xlsx", {"One": [["x"]]})
    with pytest.raises(DataRefused, match="more than the 0 MB"):
        hostile.opened(path)


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """A child that does not answer in time is ended, and the next file is read by another."""
    path = xlsx(tmp_path / "a.xlsx", {"One": [["x"]]})
    start = time.monotonic()
    with Reader(workers=1, seconds=0.001) as reader:
        with pytest.raises(DataRefused, match="could not be read within"):
            reader.read(path)
        reader._seconds = 30
        assert reader.read(path).sheets[0].rows == [["x"]]
    assert time.monotonic() - start < 30


def test_a_child_that_dies_between_two_files(tmp_path: Path) -> None:
    """A child that was ended from outside is replaced."""
    path = xlsx(tmp_path / "a.xlsx", {"One": [["x"]]})
    with Reader(workers=1) as reader:
        reader.read(path)
        reader._children[0]._process.kill()
        reader._children[0]._process.wait()
        with pytest.raises(DataRefused):
            reader.read(path)
        assert reader.read(path).sheets[0].rows == [["x"]]


def test_many_files_come_in_order(tmp_path: Path) -> None:
    """Files are read side by side and given in the order they were named, refused ones among them."""
    paths = [xlsx(tmp_path / f"{number}.xlsx", {"One": [[str(number)]]}) for number in range(12)]
    paths[5].write_bytes(b"PK\x03\x04")
    with Reader() as reader:
        found = list(reader.read_all(paths))
    assert [path for path, _ in found] == paths
    assert [isinstance(book, DataRefused) for _, book in found] == [number == 5 for number in range(12)]
    assert found[7][1].sheets[0].rows == [["7"]]


def test_a_name_as_a_message_shows_it() -> None:
    """Control characters, line breaks and length of a name do not reach a terminal."""
    assert hostile.shown("a\x1b[31m\nb\u202ec") == "a [31m b c"
    assert len(hostile.shown("x" * 500)) == hostile.MAX_SHOWN
