"""Faults of real workbooks: what was sent, what becomes of its rows, and what is said.

Counts are read, accepted, refused, superseded, blank.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import old_excel
from openpyxl import Workbook as OpenpyxlWorkbook
from sent import (
    DAY,
    FRONT,
    HEADINGS,
    ROW,
    STAY,
    STAY_HEADINGS,
    UNIT,
    UNIT_HEADINGS,
    Rows,
    Sent,
    mapping,
    moment,
    ods,
    referrals,
    row,
    table_csv,
    text,
    xlsx,
)

Counts = tuple[int, int, int, int, int]
ONE: Counts = (1, 1, 0, 0, 0)
NONE: Counts = (1, 0, 1, 0, 0)
NOTHING: Counts = (0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, or that only looks wrong.

    Attributes
    ----------
    name
        What it is.
    make
        Writes the files into a folder.
    counts
        What becomes of the rows of all files together.
    says
        What the account or the refusals must say.
    never
        What neither may repeat.
    """

    name: str
    make: Callable[[Path], Sent]
    counts: Counts
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


FAULTS: list[Fault] = []


def fault(name: str, counts: Counts, *says: str, never: tuple[str, ...] = ()) -> Callable[..., Any]:
    """Add a fault to the library."""

    def add(make: Callable[[Path], Any]) -> Callable[[Path], Any]:
        def sent(folder: Path) -> Sent:
            made = make(folder)
            return made if isinstance(made, Sent) else Sent([made])

        FAULTS.append(Fault(name, sent, counts, says, never))
        return make

    return add


def cell(name: str, counts: Counts, *says: str, never: tuple[str, ...] = (), **changes: Any) -> None:
    """Add a fault of one cell of the usual referral."""
    fault(name, counts, *says, never=never)(lambda f: xlsx(f / "a.xlsx", referrals(row(**changes))))


def with_sheet(sheet: str, rows: Rows, **how: Any) -> Callable[[Path], Path]:
    """Return a maker of a workbook with a front page and one sheet."""
    return lambda folder: xlsx(folder / "a.xlsx", {"Front page": FRONT, sheet: rows}, **how)


# How a sheet is laid out -------------------------------------------------------------------------------

fault("titles above the headings", ONE)(
    with_sheet("Referrals", [["North refuge"], ["Return for April"], [], HEADINGS, ROW])
)
fault("columns in another order", ONE)(with_sheet("Referrals", [HEADINGS[::-1], ROW[::-1]]))
fault("headings in capitals, with stars and spaces", ONE)(
    with_sheet("Referrals", [[f" {word.upper()} *" for word in HEADINGS], ROW])
)
fault("a table that starts in column C", ONE)(with_sheet("Referrals", [["", "", *HEADINGS], ["", "", *ROW]]))
fault("blank rows between records", (4, 2, 0, 0, 2))(
    with_sheet("Referrals", [HEADINGS, ROW, [], ["  ", "\u00a0"], row(case="NDA-0413")])
)
fault("a row of totals", (3, 1, 0, 0, 2))(
    with_sheet("Referrals", [HEADINGS, ROW, ["Total", "", "", "", "", 1], ["Grand total", 1]])
)
fault("the headings again in the middle", (3, 2, 0, 0, 1))(
    with_sheet("Referrals", [HEADINGS, ROW, HEADINGS, row(case="NDA-0413")])
)
fault("a note below the table", (2, 1, 1, 0, 0), "Date of referral")(
    with_sheet("Referrals", [HEADINGS, ROW, ["as at 30 April"]])
)
fault("a heading set across the row", (2, 1, 0, 0, 1))(
    with_sheet("Referrals", [HEADINGS, [], ROW], merged=[("Referrals", 1, 0, 1, 5, "Week one")])
)
fault("a cell merged down over two records", (2, 2, 0, 0, 0))(
    with_sheet(
        "Referrals",
        [HEADINGS, ROW, [*row(case="NDA-0413")[:2], *row()[2:6], "", "no"]],
        merged=[("Referrals", 1, 6, 2, 6, "Norwich")],
    )
)
fault("no row of headings", (1, 0, 1, 0, 0), "no row of headings of referrals", "template's headings")(
    with_sheet("Referrals", [["a", "b", "c", "d"]])
)
fault("two columns of one heading", NONE, 'two columns are headed "Outcome"')(
    with_sheet("Referrals", [[*HEADINGS, "Outcome"], [*ROW, "accepted"]])
)
fault("a column renamed", NONE, 'no column is headed "Outcome"', 'Is it the column "Outcomes"?')(
    with_sheet("Referrals", [["Outcomes" if word == "Outcome" else word for word in HEADINGS], ROW])
)
fault("a column that is no field", ONE, 'column "Key worker role" was not read (1 cells)')(
    with_sheet("Referrals", [[*HEADINGS, "Key worker role"], [*ROW, "manager"]])
)
fault("a column without a heading", ONE, "column I, which has no heading")(
    with_sheet("Referrals", [[*HEADINGS, ""], [*ROW, "x"]])
)
fault("a sheet that is no table", (4, 1, 3, 0, 0), "the sheet is not recognised as a table")(
    lambda f: xlsx(f / "a.xlsx", {**referrals(), "Rota": [["who", "when", "what"]] * 3})
)
fault("a summary", ONE, 'the sheet "Summary" holds no table that is known and was not read')(
    lambda f: xlsx(f / "a.xlsx", {**referrals(), "Summary": [["April", 27, 3, 4]]})
)
fault("a hidden sheet with records", ONE, 'the hidden sheet "Stays" looks like stays and was not read')(
    lambda f: xlsx(f / "a.xlsx", {**referrals(), "Stays": [STAY_HEADINGS, STAY]}, hidden=["Stays"])
)
fault("a sheet under another name", ONE)(with_sheet("Apr 22 refs", [HEADINGS, ROW]))
fault("a sheet named for a person", ONE, 'sheet "sheet 2": the column', never=("Jane", "Smith"))(
    with_sheet("Jane Smith", [[*HEADINGS, "Key worker role"], [*ROW, "manager"]])
)
fault("a letter on a sheet", ONE, 'the sheet "To whom it may concern" holds no table')(
    lambda f: xlsx(f / "a.xlsx", {**referrals(), "To whom it may concern": [["Dear council"], ["x"]]})
)
fault("only pictures and instructions", NOTHING, "holds no sheet that is a table of records")(
    lambda f: xlsx(f / "a.xlsx", {"Instructions": [["Fill this in"]]})
)
fault("a formula with a saved result", ONE)(
    with_sheet("Referrals", [HEADINGS, row(outcome=('="accep"&"ted"', "accepted"))])
)


@fault("formulas that were never calculated", NONE, "a formula without a saved result", "Calculate it again")
def _uncalculated(folder: Path) -> Path:
    book = OpenpyxlWorkbook()
    sheet = book.active
    sheet.title = "Referrals"
    for cells in [*FRONT, [], HEADINGS, row(outcome='="accepted"')]:
        sheet.append(cells)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


fault("a formula that ended in an error", NONE, "the error value of a formula")(
    with_sheet("Referrals", [HEADINGS, row(age=("=NA()", "#N/A"))])
)


@fault("an error in an old workbook", NONE, "the error value of a formula")
def _old_error(folder: Path) -> Path:
    path = folder / "a.xls"
    cells = row(age=old_excel.Error(0x2A))
    path.write_bytes(old_excel.xls({"Front page": FRONT, "Referrals": [HEADINGS, cells]}))
    return path


# What a provider's mapping file mends -------------------------------------------------------------------


@fault("renamed sheets, columns and values, mapped", ONE)
def _mapped(folder: Path) -> Sent:
    words = ["Ref", "Date rec'd", "Result", "M/F", *HEADINGS[4:]]
    path = xlsx(folder / "a.xlsx", {"Front page": FRONT, "Tab 1": [words, row(sex="Woman")]})
    columns = dict(zip(words[:4], ["case_reference", "referred_on", "outcome", "sex"], strict=True))
    own = mapping(
        folder / "north.yml",
        sheets={"Tab 1": "referrals"},
        columns={"referrals": columns},
        values={"sex": {"Woman": "female"}},
    )
    return Sent([path], own)


@fault("a hidden sheet that is meant, mapped", (2, 2, 0, 0, 0))
def _hidden_read(folder: Path) -> Sent:
    sheets = {**referrals(), "Units": [UNIT_HEADINGS, UNIT]}
    path = xlsx(folder / "a.xlsx", sheets, hidden=["Units"])
    return Sent([path], mapping(folder / "north.yml", hidden="read"))


@fault("no front page, mapped", ONE)
def _front_mapped(folder: Path) -> Sent:
    path = xlsx(folder / "nr april.xlsx", {"Referrals": [HEADINGS, ROW]})
    own = mapping(folder / "north.yml", files=["NR*"], provider="north-refuge", month="2022-04")
    return Sent([path], own)


@fault("a column of names mapped to the reference", NONE, "looks like a name", never=("Jo Bloggs",))
def _names_mapped(folder: Path) -> Sent:
    words = ["Client name", *HEADINGS[1:]]
    path = xlsx(folder / "a.xlsx", {"Front page": FRONT, "Referrals": [words, row(case="Jo Bloggs")]})
    return Sent([path], mapping(folder / "m.yml", columns={"referrals": {"Client name": "case_reference"}}))


# Dates, numbers and codes -------------------------------------------------------------------------------

cell("a date as text, day first", ONE, day="14/04/2022")
cell("a date as text, two figures of the year", ONE, day="14.4.22")
cell("a date as text, with the month's name", ONE, day="Thursday 14th April 2022")
cell("a date as text, year first, with a time", ONE, day="2022-04-14T09:30:00")
cell("a date with spaces that do not break", ONE, day="\u00a014/04/2022 ")
cell("a date with look-alike dashes", ONE, day="14‑04–2022")
cell("a date as the number behind it", ONE, day=44665)
cell("a date and a time in a cell", ONE, day=moment(2022, 4, 14, 9, 30))
cell("an American date", NONE, "Write the day before the month", day="04/14/2022")
cell("the 31st of February", NONE, "is not a day of the calendar", day="31/02/2022")
cell("a date in words", NONE, "is not a date", "Write day/month/year", day="last Tuesday")
cell("a date after the month", NONE, "month", day=dt.date(2022, 6, 1))
cell("no date", NONE, "Date of referral", day="")
cell("Y and N", ONE, outside="N", pregnant="Y")
cell("true and false", ONE, outside=False, pregnant=True)
cell("labels with spaces after them", ONE, outcome="Accepted: a place was offered and taken up \n")
cell("labels in capitals", ONE, sex="FEMALE", outcome="ACCEPTED")
cell("a code with a look-alike dash", ONE, age="26–64")
cell("an age band in words", ONE, age="65+")
cell("unknown, in a provider's words", ONE, sex="NK", pregnant="prefers not to say")
cell("not applicable", ONE, pregnant="n/a", sex=" - ")
cell("a code that is nearly one", NONE, 'Did you mean "female"?', "Sex (D)", sex="Femal")
cell("a code that is none", NONE, "is not in the list", "Write one of: accepted", outcome="pending")
cell("neither yes nor no", NONE, "is neither yes, no nor a kind of unknown", pregnant="maybe")
cell("no reference", NONE, "Case reference", case="")
cell("a reference of dashes alone", NONE, "Case reference", case="///")
cell("a reason that is asked for is not given", NONE, "Reason not accepted", outcome="inappropriate")
cell("a novel in a cell", NONE, "more than 2,000 characters", never=("xxxxxxxxxx",), district="x" * 3000)
for mark in "=+-@":
    cell(
        f"text that begins with {mark}",
        NONE,
        "is not in the list",
        never=("cmd",),
        outcome=f"{mark}cmd|' /C calc'!A0",
    )


def children(band: Any, number: Any = 1) -> dict[str, Rows]:
    """Return a workbook of one family in one unit."""
    words = ["case_reference", "stay_start", "child_number", "age_band"]
    return {
        **referrals(),
        "Units": [UNIT_HEADINGS, UNIT],
        "Stays": [STAY_HEADINGS, STAY],
        "Children": [words, ["NDA-0412", dt.date(2022, 4, 16), number, band]],
    }


FAMILY: Counts = (4, 4, 0, 0, 0)
CHILD_REFUSED: Counts = (4, 3, 1, 0, 0)
for name, value in {
    "an age band that became a date": dt.date(2026, 10, 5),
    "an age band that became a month": dt.date(2016, 11, 1),
    "an age band as typed": "5 - 10",
}.items():
    fault(name, FAMILY)(lambda f, value=value: xlsx(f / "a.xlsx", children(value)))
fault("a number as text", FAMILY)(lambda f: xlsx(f / "a.xlsx", children("5-10", " 1 ")))
fault("a number in words", CHILD_REFUSED, "is not a number")(
    lambda f: xlsx(f / "a.xlsx", children("5-10", "two"))
)
fault("a part of a child", CHILD_REFUSED, "is not a whole number")(
    lambda f: xlsx(f / "a.xlsx", children("5-10", 1.5))
)
fault("a child out of bounds", CHILD_REFUSED, "Child number")(
    lambda f: xlsx(f / "a.xlsx", children("5-10", 99))
)
fault("dates of the 1904 system", ONE)(lambda f: xlsx(f / "a.xlsx", referrals(row(day=DAY)), since_1904=True))
fault("numbers of the 1904 system", ONE)(
    lambda f: xlsx(f / "a.xlsx", referrals(row(day=44665 - 1462)), since_1904=True)
)

# Months, providers, files -------------------------------------------------------------------------------


@fault("a month sent again", (3, 2, 0, 1, 0))
def _again(folder: Path) -> Sent:
    later = [row(outcome="inappropriate", sex="male"), row(case="NDA-0413")]
    first = xlsx(folder / "april.xlsx", referrals())
    front = {"Front page": [*FRONT, ["Date sent", "12/05/2022"]]}
    later[0][2] = "accepted"
    second = xlsx(folder / "an earlier name.xlsx", {**referrals(*later), **front})
    return Sent([first, second])


@fault("a month sent again, told by when it was saved", (2, 1, 0, 1, 0))
def _saved_again(folder: Path) -> Sent:
    first = xlsx(folder / "b.xlsx", referrals(), saved=moment(2022, 5, 1))
    return Sent([first, xlsx(folder / "a.xlsx", referrals(), saved=moment(2022, 5, 9))])


@fault("a month sent again with every row wrong", (3, 1, 2, 0, 0), "is not in the list")
def _again_wrong(folder: Path) -> Sent:
    wrong = referrals(row(outcome="?!"), row(case="NDA-0413", outcome="?!"))
    first = xlsx(folder / "a.xlsx", referrals(), saved=moment(2022, 5, 1))
    return Sent([first, xlsx(folder / "b.xlsx", wrong, saved=moment(2022, 5, 9))])


@fault("a month in two parts", (2, 2, 0, 0, 0), "came in two workbooks without a row in common")
def _parts(folder: Path) -> Sent:
    return Sent(
        [
            xlsx(folder / "house one.xlsx", referrals()),
            xlsx(folder / "house two.xlsx", referrals(row(case="NDA-0999"))),
        ]
    )


@fault("a stay told again in the month it ends", (4, 3, 0, 1, 0))
def _stay_again(folder: Path) -> Sent:
    april = {**referrals(), "Units": [UNIT_HEADINGS, UNIT], "Stays": [STAY_HEADINGS, STAY]}
    ended = [*STAY[:3], dt.date(2022, 5, 3), "planned"]
    words = [*STAY_HEADINGS, "Destination", "Independent, no further support"]
    may = {"Front page": [FRONT[0], ["Month", "May 2022"]]}
    may["Stays"] = [words, [*ended, "social-housing", "yes"]]
    return Sent([xlsx(folder / "april.xlsx", april), xlsx(folder / "may.xlsx", may)])


@fault("the later row is wrong, the earlier stays", (4, 3, 1, 0, 0), "End of stay")
def _stay_wrong(folder: Path) -> Sent:
    april = {**referrals(), "Units": [UNIT_HEADINGS, UNIT], "Stays": [STAY_HEADINGS, STAY]}
    wrong = [*STAY[:3], dt.date(2022, 4, 1), "planned"]
    may = {"Front page": [FRONT[0], ["Month", "May 2022"]], "Stays": [STAY_HEADINGS, wrong]}
    return Sent([xlsx(folder / "april.xlsx", april), xlsx(folder / "may.xlsx", may)])


fault("a row twice in a month", (2, 1, 1, 0, 0), "Another row has the same")(
    lambda f: xlsx(f / "a.xlsx", referrals(ROW, ROW))
)


@fault("the same person at two providers", (2, 2, 0, 0, 0))
def _two_providers(folder: Path) -> Sent:
    words = [*HEADINGS, "Shared reference"]
    one = {"Front page": FRONT, "Referrals": [words, [*ROW, "OT-1"]]}
    other = {
        "Front page": [["Provider", "South House"], FRONT[1]],
        "Referrals": [words, [*row(case="S1", outcome="accepted"), "ot 1"]],
    }
    return Sent([xlsx(folder / "a.xlsx", one), xlsx(folder / "b.xlsx", other)])


@fault("one file under two names", ONE, "is the same file as another of this reading")
def _same_file(folder: Path) -> Sent:
    path = xlsx(folder / "a.xlsx", referrals())
    copy = folder / "copy of a.xlsx"
    copy.write_bytes(path.read_bytes())
    return Sent([path, copy])


fault("nothing says which provider", NONE, "nothing says which provider the row is of")(
    lambda f: xlsx(f / "2022-04.xlsx", {"Referrals": [HEADINGS, ROW]})
)
fault("nothing says which month", NONE, "nothing says which month the row is of")(
    lambda f: xlsx(f / "a.xlsx", {"Front page": FRONT[:1], "Referrals": [HEADINGS, ROW]})
)
fault("the month in the file's name alone", ONE)(
    lambda f: xlsx(f / "return Apr-22.xlsx", {"Front page": FRONT[:1], "Referrals": [HEADINGS, ROW]})
)
fault("another month in the file's name", ONE, "the month in the file's name is not the one inside")(
    lambda f: xlsx(f / "return 2022-05.xlsx", referrals())
)
fault("a provider's name that is a path", NONE, "is not a short name", never=("etc/passwd",))(
    lambda f: xlsx(f / "a.xlsx", {**referrals(), "Front page": [["Provider", "../../etc/passwd"], FRONT[1]]})
)

# Identifiers --------------------------------------------------------------------------------------------

cell("a name for a reference", NONE, "looks like a name", never=("Jane", "Smith"), case="Jane Smith")
cell("a telephone number", NONE, "a telephone number", never=("900123",), case="07700 900123")
cell("an e-mail address", NONE, "an e-mail address", never=("@example",), sex="jo@example.org")
cell("a postcode", NONE, "a postcode", "Give the district", never=("NR1 3JU",), district="NR1 3JU")
cell("an NHS number", NONE, "an NHS number", never=("9434765919",), case="943 476 5919")
cell(
    "a National Insurance number",
    NONE,
    "a National Insurance",
    never=("123456",),
    case="AB123456C",
)
cell("an address", NONE, "an address", never=("Rose",), district="12 Rose Lane")
fault("a column of names", ONE, '"Client name" holds a name: it was not read', never=("Jo Bloggs",))(
    with_sheet("Referrals", [["Client name", *HEADINGS], ["Jo Bloggs", *ROW]])
)
fault("a column of postcodes", ONE, '"Post code" holds a postcode', never=("NR1",))(
    with_sheet("Referrals", [["Post code", *HEADINGS], ["NR1 3JU", *ROW]])
)
fault("dates of birth", ONE, "none is kept; 1 age bands were worked out", never=("1990",))(
    with_sheet("Referrals", [["DOB", *HEADINGS], ["01/02/1990", *row(age="")]])
)

# Text tables and other forms ----------------------------------------------------------------------------

fault("commas", ONE)(lambda f: text(f / "a.csv", table_csv()))
fault("semicolons", ONE)(lambda f: text(f / "a.csv", table_csv(), separator=";"))
fault("tabs and UTF-16", ONE)(lambda f: text(f / "a.csv", table_csv(), separator="\t", encoding="utf-16"))
fault("the line that Excel writes first", ONE)(
    lambda f: text(f / "a.csv", table_csv(), separator=";", first="sep=;\n")
)
fault("letters as Windows writes them", ONE)(
    lambda f: text(f / "a.csv", table_csv(row(district="King’s Lynn and West Norfolk")), encoding="cp1252")
)
fault("a byte order mark", ONE)(lambda f: text(f / "a.csv", table_csv(), encoding="utf-8-sig"))
fault("more cells than headings", NONE, "more cells than there are headings")(
    lambda f: text(f / "a.csv", table_csv([*ROW, "x"]))
)
fault("an old workbook", ONE)(
    lambda f: _bytes(f / "a.xls", old_excel.xls({"Front page": FRONT, "Referrals": [HEADINGS, ROW]}))
)
fault("an old workbook under a new name", ONE)(
    lambda f: _bytes(f / "a.xlsx", old_excel.xls({"Front page": FRONT, "Referrals": [HEADINGS, ROW]}))
)
fault("an old workbook of the 1904 system", ONE)(
    lambda f: _bytes(
        f / "a.xls",
        old_excel.xls({"Front page": FRONT, "Referrals": [HEADINGS, row(day=44665 - 1462)]}, since_1904=True),
    )
)
fault("an OpenDocument sheet", ONE)(lambda f: ods(f / "a.ods", referrals()))


def _bytes(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
