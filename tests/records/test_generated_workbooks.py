"""Workbooks that nobody would think of: whatever is in them, every row has one fate and nothing leaks."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sent import FRONT, HEADINGS, Rows, Sent, ods, read, reader, row, table_csv, text, xlsx

from analysis.errors import DataRefused

NAMED = "Jane Dobson"
SECRETS = (NAMED, "zuleika@example.org", "07700 900123", "NR1 3JU", "943 476 5919")

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12
)  # control characters cannot stand in a workbook's XML
cells: st.SearchStrategy[Any] = st.one_of(
    st.just(""),
    words,
    st.sampled_from(["Y", "n", "NK", "Total", "=1+1", "@x", "-", "n/a", "14/04/2022", "31.02.22", "26–64"]),
    st.sampled_from(SECRETS),
    st.integers(-10, 50_000),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(dt.date(2020, 1, 1), dt.date(2024, 12, 31)),
)


@st.composite
def records(draw: st.DrawFn) -> list[Any]:
    """Return a referral with some of its cells replaced."""
    number = draw(st.integers(1, 30))
    made = row(case=f"NDA-{number:04}", day=dt.date(2022, 4, draw(st.integers(1, 30))))
    for at in draw(st.lists(st.integers(0, len(made) - 1), max_size=2, unique=True)):
        made[at] = draw(cells)
    return made


@st.composite
def sheets(draw: st.DrawFn) -> tuple[Rows, list[int]]:
    """Return the rows of a sheet, and an order of its columns."""
    titles = draw(st.lists(st.lists(words, max_size=2), max_size=2))
    body = draw(
        st.lists(
            st.one_of(
                records(),
                records(),
                st.just([]),
                st.just(["Total", 3]),
                st.just(HEADINGS),
                st.lists(cells, max_size=9),
            ),
            max_size=12,
        )
    )
    order = draw(st.permutations(range(len(HEADINGS))))
    return [*titles, HEADINGS, *body], list(order)


def ordered(rows: Rows, order: list[int]) -> Rows:
    """Return rows with the columns of full ones in another order."""
    return [[cells[at] for at in order] if len(cells) == len(order) else cells for cells in rows]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    made=st.lists(sheets(), min_size=1, max_size=3),
    form=st.sampled_from(["xlsx", "ods", "csv"]),
    months=st.lists(st.sampled_from(["2022-04", "2022-05"]), min_size=3, max_size=3),
)
def test_every_row_has_one_fate(made: list[tuple[Rows, list[int]]], form: str, months: list[str]) -> None:
    """Read = accepted + refused + superseded + blank in every file; the store holds what was accepted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [
            _write(folder / f"{number}.{form}", rows, order, month)
            for number, ((rows, order), month) in enumerate(zip(made, months, strict=False))
        ]
        ledger, store = read(Sent(files), folder)
        assert all(one.balanced and not one.error.startswith("could not") for one in ledger.files)
        kept = sum(rows for name, rows in store.rows().items() if not name.startswith("superseded"))
        assert kept == ledger.total.accepted
        told = "\n".join(
            [*ledger.lines(), *(f"{r.problem}{r.cure}{r.value}{r.heading}" for r in ledger.refusals)]
        )
        shown = "\n".join(str(cell) for cells in ledger.rows.values() for cell in cells)
        assert not any(secret in told or secret in shown for secret in SECRETS)
        again, _ = read(Sent(files), folder)
        assert _sums(again) == _sums(ledger)


def _sums(ledger: Any) -> list[tuple[int, ...]]:
    return [(one.read, one.accepted, one.refused, one.superseded, one.blank) for one in ledger.files]


def _write(path: Path, rows: Rows, order: list[int], month: str) -> Path:
    if path.suffix == ".csv":
        body = [cells for cells in rows if len(cells) == len(HEADINGS) and cells != HEADINGS]
        content = table_csv(*body) if body else table_csv()[:1]
        for cells in content[1:]:
            cells[1] = month
        return text(path, content)
    book = {"Front page": [FRONT[0], ["Month", month]], "Referrals": ordered(rows, order)}
    return ods(path, book) if path.suffix == ".ods" else xlsx(path, book)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=600), name=st.sampled_from(["a.xlsx", "a.xls", "a.ods", "a.csv"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    """No file, whatever its bytes, ends in anything but rows or a refusal with a cure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        starts = itertools.cycle([b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")])
        path.write_bytes(next(itertools.islice(starts, len(content) % 3, None)) + content)

        with contextlib.suppress(DataRefused):
            assert reader().read(path).sheets is not None
        told = next(reader().read_all([path]))[1]
        assert not isinstance(told, DataRefused) or (told.where == name and told.cure)
