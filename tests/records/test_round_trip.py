"""Template, filled by the generator, read, kept: what is in the store is exactly what was generated."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from analysis.records.fields import tables
from analysis.records.ingest import ingest
from analysis.records.keyfile import KeyFile
from analysis.records.pseudonym import pseudonymise
from analysis.records.store import Store
from analysis.records.synthetic.fill import fill
from analysis.records.synthetic.sample import Sample, generate

AREA, PERIOD = "norfolk", "2022-23"
FORMS = ("xlsx", "ods", "csv")


@cache
def made() -> Sample:
    """The sample that has rows in every table."""
    return generate(AREA, PERIOD, scenario="full")


def in_one_month(sample: Sample) -> Sample:
    """Return a sample whose providers send one workbook each, for the last month."""
    last = pd.Timestamp("2023-03-01")
    frames = {name: frame.assign(month=last).astype(frame.dtypes) for name, frame in sample.tables.items()}
    return replace(sample, tables=frames)


@pytest.fixture(scope="module", params=FORMS)
def round_trip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The sample, the store that its workbooks were read into, the account of the reading, and the key."""
    folder = tmp_path_factory.mktemp(request.param)
    sample = in_one_month(made()) if request.param == "xlsx" else made()
    key = KeyFile.open(folder / "key", create=True)
    store = Store(folder / "store", key)
    files = fill(sample, folder / "raw", request.param, monthly=request.param != "csv")
    ledger = ingest([folder / "raw"], AREA, store, key)
    return sample, store, ledger, key, files


def expected(sample: Sample, key: KeyFile) -> dict[str, pd.DataFrame]:
    """Return what must be kept: the sample with pseudonyms for references."""
    return pseudonymise(sample.tables, AREA, key)


@pytest.mark.parametrize("name", list(tables()))
def test_the_store_gives_back_what_was_generated(round_trip, name: str) -> None:
    """Every row and every value of every table comes back, and nothing else does."""
    sample, store, _, key, _ = round_trip
    columns, keys = list(tables()[name].columns), list(tables()[name].key)
    want = expected(sample, key)[name][columns].sort_values(keys, ignore_index=True)
    got = store.read(name)[columns].sort_values(keys, ignore_index=True)
    assert len(want) > 0
    pd.testing.assert_frame_equal(got, want)


def test_every_row_is_accounted_for(round_trip) -> None:
    """All rows that were written were read, all were accepted, and the account of every file adds up."""
    sample, _, ledger, _, files = round_trip
    rows = sum(len(frame) for frame in sample.tables.values())
    assert all(file.balanced and not file.error for file in ledger.files)
    assert len(ledger.files) == len(files)
    assert ledger.total.accepted == rows
    assert ledger.total.refused == ledger.total.superseded == 0


def test_no_reference_is_kept(round_trip) -> None:
    """No file of the store holds a case reference as it was sent."""
    _, store, _, _, _ = round_trip
    kept = b"".join(path.read_bytes() for path in Path(store.folder).rglob("*") if path.is_file())
    assert b"SYNTHETIC-NOR" not in kept


def test_sending_a_month_again_changes_nothing(tmp_path: Path) -> None:
    """The same workbooks read twice leave the store as it was."""
    sample = generate("rutland", PERIOD)
    key = KeyFile.open(tmp_path / "key", create=True)
    store = Store(tmp_path / "store", key)
    fill(sample, tmp_path / "raw", "csv", monthly=False)
    ingest([tmp_path / "raw"], "rutland", store, key)
    first = {name: store.read(name) for name in store.tables()}
    ingest([tmp_path / "raw"], "rutland", store, key)
    for name, frame in first.items():
        pd.testing.assert_frame_equal(store.read(name), frame)
