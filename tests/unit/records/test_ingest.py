"""From workbooks to the store: what is kept, what is replaced, and what never arrives."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sent import (
    DAY,
    FRONT,
    HEADINGS,
    ROW,
    STAY,
    STAY_HEADINGS,
    UNIT,
    UNIT_HEADINGS,
    Sent,
    moment,
    read,
    referrals,
    row,
    xlsx,
)

from analysis.errors import DataRefused, UsageError
from analysis.records import commands
from analysis.records.accounting import latest
from analysis.records.keyfile import KeyFile
from analysis.records.reading import gather
from analysis.records.reading.screening import band_of
from analysis.records.reading.sheets import month_in
from analysis.records.store import Store


def sums(folder: Path, *files: Path) -> tuple[int, int, int, int, int]:
    """Read files and return what became of their rows."""
    total = read(Sent(list(files)), folder)[0].total
    return total.read, total.accepted, total.refused, total.superseded, total.blank


def test_what_is_kept(tmp_path: Path) -> None:
    """A row is kept as its field's types, with the workbook and row it came from, and no reference."""
    path = xlsx(tmp_path / "a.xlsx", referrals())
    _, store = read(Sent([path]), tmp_path)
    (kept,) = store.read("referrals").to_dict("records")
    assert kept["referred_on"] == pd.Timestamp(DAY)
    assert (kept["outcome"], kept["referred_from"], kept["area"]) == ("accepted", "E07000148", "norfolk")
    assert (kept["provider"], kept["month"]) == ("north-refuge", pd.Timestamp("2022-04-01"))
    assert kept["source_row"] == 2
    assert len(kept["source"]) == 64
    assert "0412" not in kept["case"] + kept["person"]


def test_reading_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    """The same bytes give the same store, however often they are read."""
    path = xlsx(tmp_path / "a.xlsx", referrals(ROW, row(case="NDA-0413")))
    assert sums(tmp_path, path) == sums(tmp_path, path) == (2, 2, 0, 0, 0)
    assert Store(tmp_path / "kept" / "norfolk", KeyFile.open(tmp_path / "secret" / "key")).rows() == {
        "referrals": 2
    }


def test_a_month_sent_again_in_a_later_reading(tmp_path: Path) -> None:
    """The later workbook replaces what was kept; the earlier rows are kept apart."""
    first = xlsx(tmp_path / "a.xlsx", referrals(ROW, row(case="NDA-0413")), saved=moment(2022, 5, 1))
    second = xlsx(tmp_path / "b.xlsx", referrals(row(sex="male")), saved=moment(2022, 5, 9))
    assert sums(tmp_path, first) == (2, 2, 0, 0, 0)
    ledger, store = read(Sent([second]), tmp_path)
    assert ledger.replaced == 2
    assert store.rows() == {"referrals": 1, "superseded-referrals": 2}
    assert list(store.read("referrals")["sex"]) == ["male"]


def test_an_earlier_month_read_after_the_later(tmp_path: Path) -> None:
    """What is latest is told by the workbooks, not by the order of reading them."""
    first = xlsx(tmp_path / "a.xlsx", referrals(), saved=moment(2022, 5, 1))
    second = xlsx(tmp_path / "b.xlsx", referrals(row(sex="male")), saved=moment(2022, 5, 9))
    assert sums(tmp_path, second) == (1, 1, 0, 0, 0)
    assert sums(tmp_path, first) == (1, 0, 0, 1, 0)
    store = Store(tmp_path / "kept" / "norfolk", KeyFile.open(tmp_path / "secret" / "key"))
    assert list(store.read("referrals")["sex"]) == ["male"]
    assert sums(tmp_path, first) == (1, 0, 0, 1, 0)
    assert store.rows() == {"referrals": 1, "superseded-referrals": 1}


def test_a_stay_may_follow_a_referral_of_an_earlier_reading(tmp_path: Path) -> None:
    """What was accepted before counts in the rules across tables, and is not refused itself."""
    april = {**referrals(), "Units": [UNIT_HEADINGS, UNIT]}
    may = {"Front page": [FRONT[0], ["Month", "2022-05"]], "Stays": [STAY_HEADINGS, STAY]}
    assert sums(tmp_path, xlsx(tmp_path / "a.xlsx", april)) == (2, 2, 0, 0, 0)
    assert sums(tmp_path, xlsx(tmp_path / "b.xlsx", may)) == (1, 1, 0, 0, 0)


def test_a_row_that_is_refused_replaces_nothing(tmp_path: Path) -> None:
    """A stay whose later version breaks a rule stays as it was."""
    april = {**referrals(), "Units": [UNIT_HEADINGS, UNIT], "Stays": [STAY_HEADINGS, STAY]}
    wrong = [*STAY[:3], dt.date(2022, 4, 1), "planned"]
    may = {"Front page": [FRONT[0], ["Month", "2022-05"]], "Stays": [STAY_HEADINGS, wrong]}
    _, store = read(Sent([xlsx(tmp_path / "a.xlsx", april), xlsx(tmp_path / "b.xlsx", may)]), tmp_path)
    (kept,) = store.read("stays").to_dict("records")
    assert pd.isna(kept["end_date"])
    assert kept["month"] == pd.Timestamp("2022-04-01")


def test_one_person_at_two_providers(tmp_path: Path) -> None:
    """A shared reference makes rows of two providers one person; the same own reference does not."""
    words = [*HEADINGS, "Shared reference"]

    def sent(name: str, provider: str, shared: str) -> Path:
        sheets = {"Front page": [["Provider", provider], FRONT[1]], "Referrals": [words, [*ROW, shared]]}
        return xlsx(tmp_path / name, sheets)

    files = [sent("a.xlsx", "north", "OT-1"), sent("b.xlsx", "south", "ot 1"), sent("c.xlsx", "east", "")]
    _, store = read(Sent(files), tmp_path)
    kept = store.read("referrals").set_index("provider")
    assert kept["person"]["north"] == kept["person"]["south"] != kept["person"]["east"]
    assert kept["case"].nunique() == 3


def test_a_date_of_birth_becomes_a_band(tmp_path: Path) -> None:
    """The band is worked out for the day of referral; a band that is given stays; the birth is not kept."""
    words = ["Date of birth", *HEADINGS]
    rows = [["15/04/1996", *row(age="")], [dt.date(1950, 1, 1), *row(case="B2", age="26-64")]]
    path = xlsx(tmp_path / "a.xlsx", {"Front page": FRONT, "Referrals": [words, *rows]})
    _, store = read(Sent([path]), tmp_path)
    kept = store.read("referrals")
    assert sorted(kept["age_band"]) == ["16-25", "26-64"]
    assert kept["age"].isna().all()
    assert not any(b"1996" in file.read_bytes() for file in (tmp_path / "kept").rglob("*") if file.is_file())


@pytest.mark.parametrize(
    ("age", "band"), [(16, "16-25"), (25, "16-25"), (26, "26-64"), (65, "65-and-over"), (9, "")]
)
def test_bands(age: int, band: str) -> None:
    """An age lies in the band whose code says so."""
    assert band_of(age, ("16-25", "26-64", "65-and-over", "not-known")) == band


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("north refuge 2022-04", dt.date(2022, 4, 1)),
        ("202204_return", dt.date(2022, 4, 1)),
        ("Return April 2022 v2", dt.date(2022, 4, 1)),
        ("Apr22", dt.date(2022, 4, 1)),
        ("return 20220415", None),
        ("from 2022-04 to 2022-06", None),
        ("return", None),
    ],
)
def test_the_month_in_a_name(name: str, month: dt.date | None) -> None:
    """A file's name states a month if it states one."""
    assert month_in(name) == month


def test_which_files_are_read(tmp_path: Path) -> None:
    """Folders are searched in order; lock files, hidden files and refusals are left out; none twice."""
    for name in ("b.xlsx", "a.CSV", "sub/c.ods", "~$b.xlsx", ".d.xlsx", "norfolk-refusals.xlsx", "e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = gather.files([tmp_path, tmp_path / "b.xlsx"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a.CSV", "b.xlsx", "sub/c.ods"]
    with pytest.raises(UsageError, match="there is no such file"):
        gather.files([tmp_path / "none.xlsx"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no workbook"):
        gather.files([tmp_path / "empty"])
    with pytest.raises(UsageError, match="no workbook is named"):
        gather.files([])


def test_the_refusal_workbook_is_its_owners_and_goes_when_all_is_well(tmp_path: Path) -> None:
    """It lies beside the store, readable by its owner alone, while there is something to mend."""
    wrong = xlsx(tmp_path / "a.xlsx", referrals(row(sex="Femal")))
    ledger, store = read(Sent([wrong]), tmp_path)
    assert ledger.refusals_path == store.folder.parent / "norfolk-refusals.xlsx"
    assert stat.S_IMODE(ledger.refusals_path.stat().st_mode) == 0o600
    right = xlsx(tmp_path / "b.xlsx", referrals())
    ledger, _ = read(Sent([right]), tmp_path)
    assert ledger.refusals_path is None
    assert not (store.folder.parent / "norfolk-refusals.xlsx").exists()


def run(folder: Path, *paths: Path, **options: Path) -> tuple[int, str]:
    """Run the command and return its exit code and what it says."""
    said: list[str] = []
    code = commands.ingest_command(
        paths, "norfolk", folder / "out", folder / "secret" / "key", say=said.append, **options
    )
    return code, "\n".join(said)


def test_the_command(tmp_path: Path) -> None:
    """Refused rows are a normal month; a file that is refused, or nothing accepted, is exit code 3."""
    good = xlsx(tmp_path / "a.xlsx", referrals(ROW, row(case="B", sex="?")))
    code, said = run(tmp_path, good)
    assert code == 0
    assert "a.xlsx: 2 read = 1 accepted + 1 refused + 0 superseded + 0 blank" in said
    assert "north-refuge: not-in-list in 1 rows" in said
    assert "kept: referrals 1" in said
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    code, said = run(tmp_path, good, bad)
    assert code == 3
    assert "bad.xlsx: refused. is damaged" in said
    code, _ = run(tmp_path, xlsx(tmp_path / "c.xlsx", referrals(row(case="C", sex="?"))))
    assert code == 3


def test_an_area_that_is_not_known_makes_no_key(tmp_path: Path) -> None:
    """What cannot be right leaves nothing behind."""
    with pytest.raises(UsageError, match="Did you mean"):
        commands.ingest_command([tmp_path], "norfolkk", tmp_path / "out", tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_another_key(tmp_path: Path) -> None:
    """A store of another key is not added to."""
    path = xlsx(tmp_path / "a.xlsx", referrals())
    _, store = read(Sent([path]), tmp_path)
    other = KeyFile.open(tmp_path / "other" / "key", create=True)
    with pytest.raises(DataRefused, match="another key"):
        commands.ingest_command([path], "norfolk", store.folder.parent, other.path, say=lambda _: None)


def test_nothing_of_a_person_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither references nor what stood in a refused cell reach the terminal."""
    rows = [row(case="SECRET-77", sex="Quasimodo"), row(case="SECRET-78", day="31/02/2022")]
    code, said = run(tmp_path, xlsx(tmp_path / "a.xlsx", referrals(*rows)))
    shown = capfd.readouterr()
    assert code == 3
    for words in ("SECRET", "Quasimodo", "31/02"):
        assert words not in said + shown.out + shown.err


@pytest.fixture
def frame() -> Callable[..., pd.DataFrame]:
    """Makes units with a source and a month."""

    def make(*rows: tuple[str, str, str]) -> pd.DataFrame:
        columns = ["unit", "month", "source"]
        made = pd.DataFrame(list(rows), columns=columns).assign(provider="north")
        return made.assign(month=pd.to_datetime(made["month"]).astype("datetime64[s]"))

    return make


RANKS = {"one": ("", "2022-05-01", "a"), "two": ("", "2022-05-02", "b"), "sent": ("2022-05-03", "", "c")}


def test_which_rows_are_the_latest(frame: Callable[..., pd.DataFrame]) -> None:
    """A month is replaced as a whole if a row is in both; a row by the same of a later month."""
    rows = frame(
        ("A", "2022-04", "one"), ("B", "2022-04", "one"), ("A", "2022-04", "two"), ("A", "2022-05", "one")
    )
    found = latest.settle("units", rows, RANKS)
    assert list(found.superseded) == [0, 1, 2]
    assert found.groups == {("one", "north", pd.Timestamp("2022-04-01"))}
    assert list(found.winners) == [3]


def test_a_stated_date_of_sending_comes_first(frame: Callable[..., pd.DataFrame]) -> None:
    """A workbook that says when it was sent is later than one that does not."""
    found = latest.settle("units", frame(("A", "2022-04", "two"), ("A", "2022-04", "sent")), RANKS)
    assert list(found.superseded) == [0]


def test_two_parts_of_a_month(frame: Callable[..., pd.DataFrame]) -> None:
    """Workbooks of one month without a row in common are both kept, and named."""
    found = latest.settle("units", frame(("A", "2022-04", "one"), ("B", "2022-04", "two")), RANKS)
    assert not len(found.superseded)
    assert found.parts == (("north", pd.Timestamp("2022-04-01")),)


def test_a_row_twice_in_one_workbook_replaces_nothing(frame: Callable[..., pd.DataFrame]) -> None:
    """Which of the two is meant is for the rules to ask."""
    found = latest.settle("units", frame(("A", "2022-04", "one"), ("A", "2022-04", "one")), RANKS)
    assert not len(found.superseded)
