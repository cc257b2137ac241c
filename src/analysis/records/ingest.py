"""From workbooks to the store: read, pseudonymised, settled, checked, kept; and an account of every row.

References are replaced by pseudonyms before anything is compared or kept. What is accepted joins what was
accepted before, and all of it is checked together, because a stay may be in another month's workbook than
the referral it follows.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.parameters import Areas
from analysis.records.accounting import accounts, latest, refusals
from analysis.records.accounting.ledger import FileLedger, Ledger
from analysis.records.fields import tables
from analysis.records.keyfile import KeyFile
from analysis.records.pseudonym import link, pseudonymise
from analysis.records.reading import gather, mapping, screening
from analysis.records.reading.mapping import ProviderMapping
from analysis.records.reading.reader import Reader
from analysis.records.reading.sheets import Part, Read, Row, read
from analysis.records.schema import validate
from analysis.records.store import SUPERSEDED, Store

KEPT_BEFORE: Final = 1_000_000_000
"""Index of the first row that was in the store before; rows that are read count from 0."""


@dataclass
class Pool:
    """Everything a reading works on.

    Attributes
    ----------
    reads, digests
        What each file gave, or None if it was refused, and its digest.
    origin
        By index of a row that is read: file, part and row.
    frames
        By table, rows of workbooks and of the store, as kept, with their source.
    ranks
        How late each source is.
    gone
        By table, rows that were superseded before.
    """

    ledger: Ledger = field(default_factory=Ledger)
    reads: list[Read | None] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    origin: list[tuple[int, Part, Row]] = field(default_factory=list)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    ranks: dict[str, latest.Rank] = field(default_factory=dict)
    gone: dict[str, pd.DataFrame] = field(default_factory=dict)


@dataclass
class Outcome:
    """What became of the rows of a pool: what is accepted, superseded, refused and to be looked at."""

    accepted: dict[str, pd.DataFrame]
    superseded: dict[str, pd.Index[int]]
    groups: dict[str, frozenset[tuple[str, str, pd.Timestamp]]]
    parts: set[tuple[str, pd.Timestamp]]
    refused: pd.DataFrame
    warnings: pd.DataFrame


def ingest(
    paths: Iterable[Path],
    area: str,
    store: Store,
    key: KeyFile,
    *,
    mapping_path: Path | None = None,
    refusals_path: Path | None = None,
    reader: Reader | None = None,
) -> Ledger:
    """Read workbooks into the store of one authority.

    Parameters
    ----------
    paths
        Workbooks, and folders of them.
    area
        Slug of the authority.
    store, key
        Where rows are kept, and the key of pseudonyms.
    mapping_path
        A mapping file, or a folder of them.
    refusals_path
        Where the refusal workbook goes; beside the store if None. It is written only if there is something
        in it, and an old one is removed.
    reader
        What opens the workbooks; one of its own if None.

    Returns
    -------
    Ledger
        For every file ``read = accepted + refused + superseded + blank``.

    Raises
    ------
    UsageError
        If the area, a path or a mapping is not known.
    DataRefused
        If the store cannot be read with this key. A workbook that cannot be read is a line of the ledger.
    """
    Areas.load().check_area(area)
    files, mappings = gather.files(paths), mapping.load(mapping_path)
    with _one_at_a_time(store.folder):
        with contextlib.nullcontext(reader) if reader else Reader() as opener:
            pool = _read_all(files, mappings, opener)
        before = store.read_all()
        _pool(pool, area, key, before, store.provenance)
        outcome = _settle(pool)
        ledger = accounts.close(pool, outcome)
        _keep(store, pool, outcome)
    place = refusals_path or store.folder.with_name(store.folder.name + gather.REFUSALS_SUFFIX)
    ledger.refusals_path = refusals.write(place, ledger)
    return ledger


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one reading in at a time: what it adds to must not change under it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".reading").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# Reading -----------------------------------------------------------------------------------------------


def _read_all(files: list[Path], mappings: list[ProviderMapping], reader: Reader) -> Pool:
    pool, seen = Pool(), set[str]()
    for path, book in reader.read_all(files):
        account, found = FileLedger(path), None
        pool.ledger.files.append(account)
        if isinstance(book, DataRefused):
            account.error = f"{book.what}. {book.cure}"
        elif book.digest in seen:
            account.notes = ["is the same file as another of this reading: it was read once"]
        else:
            seen.add(book.digest)
            found = _one(path, book, mapping.chosen(mappings, path), account)
        pool.reads.append(found)
        pool.digests.append(account.digest if found else "")
    return pool


def _one(path: Path, book: Any, words: ProviderMapping, account: FileLedger) -> Read | None:
    found = read(path, book, words)
    screening.screen(found)
    account.digest, account.notes = book.digest, [*found.notes, *(n for p in found.parts for n in p.notes)]
    if not found.parts:
        account.error = (
            "holds no sheet that is a table of records. Use the template's sheet names and headings, or a"
            " mapping file."
        )
        return None
    return found


# Bringing together -------------------------------------------------------------------------------------


def _pool(
    pool: Pool, area: str, key: KeyFile, before: dict[str, pd.DataFrame], provenance: dict[str, Any]
) -> None:
    """Bring the rows that can be read together with those that were kept before."""
    for digest, about in provenance.get("sources", {}).items():
        pool.ranks[digest] = (about["sent"], about["saved"], about["name"])
    for found, digest in zip(pool.reads, pool.digests, strict=True):
        if found is not None:
            pool.ranks[digest] = (found.sent, found.saved, found.path.stem.casefold())
    new = pseudonymise(_frames(pool), area, key)
    again, at = set(pool.digests), KEPT_BEFORE
    combined: dict[str, pd.DataFrame] = {}
    for name in tables():
        old, gone = _not_from(before.get(name), again), _not_from(before.get(SUPERSEDED + name), again)
        if gone is not None:
            pool.gone[name] = gone
        fresh = _sourced(new[name], pool) if name in new else None
        if old is not None:
            old = old.set_axis(range(at, at + len(old)))
            at += len(old)
        both = [one for one in (old, fresh) if one is not None and len(one)]
        if both:
            combined[name] = pd.concat(both)
    pool.frames = link(combined)


def _not_from(frame: pd.DataFrame | None, digests: set[str]) -> pd.DataFrame | None:
    """Return the rows that are not of a workbook which is read again."""
    return None if frame is None else frame.loc[~frame[latest.SOURCE].isin(digests)]


def _frames(pool: Pool) -> dict[str, pd.DataFrame]:
    """Return the rows without a problem by table, columns by input name, in their types."""
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for number, found in enumerate(pool.reads):
        for part in found.parts if found else ():
            for row in part.rows:
                if not row.problems:
                    rows.setdefault(part.table, {})[len(pool.origin)] = row.known
                    pool.origin.append((number, part, row))
    return {name: _frame(name, of) for name, of in rows.items()}


def _frame(name: str, rows: dict[int, dict[str, Any]]) -> pd.DataFrame:
    columns = {
        one.input: pd.Series([row.get(one.input) for row in rows.values()], dtype=object)
        for one in tables()[name].inputs
    }
    typed = {one.input: _typed(columns[one.input], one.dtype) for one in tables()[name].inputs}
    return pd.DataFrame(typed).set_axis(list(rows))


def _typed(column: pd.Series[Any], dtype: str) -> Any:
    if dtype.startswith("datetime"):
        return pd.to_datetime(column, errors="coerce").astype("datetime64[s]")
    return column.astype(dtype)  # type: ignore[call-overload]


def _sourced(frame: pd.DataFrame, pool: Pool) -> pd.DataFrame:
    places = [pool.origin[index] for index in frame.index]
    return frame.assign(
        source=pd.Series([pool.digests[file] for file, _, _ in places], index=frame.index, dtype="str"),
        source_row=pd.Series([row.number for _, _, row in places], index=frame.index, dtype="Int64"),
    )


# Settling ----------------------------------------------------------------------------------------------


def _settle(pool: Pool) -> Outcome:
    """Decide which rows are the latest and check those; a row that is refused replaces nothing."""
    frames, earlier = dict(pool.frames), []
    while True:
        settled = {name: latest.settle(name, frame, pool.ranks) for name, frame in frames.items()}
        current = {name: frame.drop(index=settled[name].superseded) for name, frame in frames.items()}
        kept = {name: frame.loc[frame.index >= KEPT_BEFORE] for name, frame in current.items()}
        fresh = {name: frame.loc[frame.index < KEPT_BEFORE] for name, frame in current.items()}
        accepted, refused, warnings = validate(_filled(fresh), _filled(kept))
        culprits = {
            name: settled[name].winners.intersection(pd.Index(_ids(refused, name))) for name in frames
        }
        if not any(len(rows) for rows in culprits.values()):
            break
        for name, rows in culprits.items():
            earlier.append(refused.loc[(refused["table"] == name) & refused["row_id"].isin(rows)])
            frames[name] = frames[name].drop(index=rows)
    return Outcome(
        accepted=_together(kept, accepted),
        superseded={name: one.superseded for name, one in settled.items()},
        groups={name: one.groups for name, one in settled.items()},
        parts={part for one in settled.values() for part in one.parts},
        refused=pd.concat([*earlier, refused], ignore_index=True) if earlier else refused,
        warnings=warnings,
    )


def _filled(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: frame for name, frame in frames.items() if len(frame)}


def _together(kept: dict[str, pd.DataFrame], accepted: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return what was kept before with what is accepted now, people joined over all of it."""
    both = {
        name: [one for one in (frame, accepted.get(name)) if one is not None] for name, frame in kept.items()
    }
    found = {
        name: pd.concat([one for one in parts if len(one)])
        for name, parts in both.items()
        if sum(map(len, parts))
    }
    return link(found)


def _ids(refused: pd.DataFrame, name: str) -> list[int]:
    return [int(row) for row in refused.loc[refused["table"] == name, "row_id"]]


# Keeping -----------------------------------------------------------------------------------------------


def _keep(store: Store, pool: Pool, outcome: Outcome) -> None:
    """Replace the store; what is superseded is kept apart."""
    frames = {name: frame for name, frame in outcome.accepted.items() if len(frame)}
    for name, frame in pool.frames.items():
        rows = [pool.gone.get(name), frame.loc[outcome.superseded[name]]]
        kept = [one for one in rows if one is not None and len(one)]
        if kept:
            frames[SUPERSEDED + name] = pd.concat(kept)
    for name, gone in pool.gone.items():
        if SUPERSEDED + name not in frames and len(gone):
            frames[SUPERSEDED + name] = gone
    store.write(frames, {"sources": _sources(pool, frames)})


def _sources(pool: Pool, frames: dict[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    """Return what is known of every workbook that a kept row is from."""
    used = {str(one) for frame in frames.values() for one in frame[latest.SOURCE].unique()}
    return {
        digest: {"sent": sent, "saved": saved, "name": name}
        for digest, (sent, saved, name) in sorted(pool.ranks.items())
        if digest in used
    }
