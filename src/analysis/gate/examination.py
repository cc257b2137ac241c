"""Examine a run, or an archive of runs: every scanner over every file; what cannot be read is refused."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from analysis.gate import (
    scan_archive,
    scan_caption,
    scan_counts,
    scan_csv,
    scan_drawn,
    scan_folder,
    scan_notebook,
    scan_order,
    scan_outputs,
    scan_page,
    scan_png,
    scan_record,
    scan_released,
    scan_svg,
    scan_wording,
    scan_words,
    scan_workbook,
)
from analysis.gate.drawing import Alphabet, Drawing, NotDrawn
from analysis.gate.refusal import Refusal, refuse
from analysis.gate.scan_words import Public, Secrets
from analysis.gate.subject import Bundle, Subject, Unreadable
from analysis.gate.tabular import printed
from analysis.layout import Layout
from analysis.record import RUN_FILE

SCANS: Final[tuple[tuple[str, Callable[[Subject], Iterator[Refusal]]], ...]] = (
    ("the folder", scan_folder.scan),
    ("run.json", scan_record.scan),
    ("notebook.ipynb", scan_notebook.scan),
    ("the outputs", scan_outputs.scan),
    ("the tables", scan_csv.scan),
    ("the words of figures", scan_caption.scan),
    ("report.html", scan_page.scan),
    ("disclosure.json", scan_released.scan),
    ("the counts", scan_counts.scan),
    ("the order of rows", scan_order.scan),
    ("the wording", scan_wording.scan),
)


def examine(
    run_dir: Path, store: Secrets | None = None, policy: Any = None, root: Path | None = None
) -> list[Refusal]:
    """Return every reason why a run may not be released; an empty list is a pass.

    Parameters
    ----------
    run_dir
        The folder of a finished run.
    store
        What the store of records must not give away (`analysis.records.telltales.Telltales`); None for a run
        without records.
    policy
        The disclosure policy (`analysis.disclosure.policy.load`); the usual limits if None.
    root
        The checkout that made the run; the one that this package is of if None.

    Returns
    -------
    list of Refusal
        Sorted by file and rule. No value of a cell, a record or a name is in it.
    """
    try:
        run = Subject.read(run_dir, root or Layout.find().root, policy)
    except Unreadable as fault:
        return [refuse("folder-complete", run_dir.name if run_dir.is_dir() else "the run", str(fault))]
    found: set[Refusal] = set()
    for what, scan in SCANS:
        found |= set(_closed(what, lambda scan=scan: scan(run)))  # type: ignore[misc]
    alphabet = Alphabet()
    found |= set(_closed("the images", lambda: _images(run, alphabet)))
    found |= set(_closed("the workbooks", lambda: _workbooks(run)))
    found |= set(_closed("the texts", lambda: scan_words.scan(run, alphabet, store)))
    return sorted(found)


def _closed(what: str, scan: Callable[[], Iterator[Refusal]]) -> Iterator[Refusal]:
    """Yield what a scanner finds; if it fails, that is a refusal: a gate that cannot read stays shut."""
    try:
        yield from scan()
    except Exception as error:  # noqa: BLE001 - whatever a hostile file makes a reader raise
        why = f"the gate cannot read it ({type(error).__name__})"
        yield refuse("folder-complete", what, why)


def _images(run: Subject, alphabet: Alphabet) -> Iterator[Refusal]:
    """Yield what images hold, as files and inside outputs."""
    figures = [bundle for bundle in run.bundles if bundle.kind == "figure"]
    for bundle in figures:
        yield from _exported(run, bundle, alphabet)
    for bundle in figures:
        inside = scan_outputs.drawings(bundle)
        if len(inside) != 2:
            why = f"its HTML holds {len(inside)} drawings, not one for wide and one for narrow"
            yield refuse("output-markup", bundle.name, why)
        for content in inside:
            where = f"the drawing of {bundle.name}"
            yield from scan_svg.scan(content, where, alphabet, exported=False)
            yield from _drawn(run, bundle, content, alphabet, where)


def _exported(run: Subject, bundle: Bundle, alphabet: Alphabet) -> Iterator[Refusal]:
    for name in bundle.files:
        path, where = run.folder / name, run.said_file(name)
        if not path.is_file() or path.is_symlink():
            continue
        if path.suffix == ".png":
            yield from scan_png.scan(path.read_bytes(), where)
        elif path.suffix == ".svg":
            content = path.read_bytes()
            yield from scan_svg.scan(content, where, alphabet, exported=True)
            yield from _drawn(run, bundle, content, alphabet, where)


def _drawn(run: Subject, bundle: Bundle, content: bytes, alphabet: Alphabet, where: str) -> Iterator[Refusal]:
    try:
        drawing = Drawing.read(content)
    except NotDrawn:
        return
    yield from scan_drawn.scan(run, bundle, drawing, alphabet, where)


def _workbooks(run: Subject) -> Iterator[Refusal]:
    for path in sorted(run.folder.rglob("*.xlsx")):
        where = run.said_file(path.relative_to(run.folder).as_posix())
        yield from scan_workbook.scan(path.read_bytes(), where, _shown(run) if run.guarded else None)


def _shown(run: Subject) -> frozenset[float]:
    """Return every number that the tables and figures of a run show."""
    found: set[float] = set()
    for bundle in run.bundles:
        found |= {
            float(v) for row in bundle.payload.get("values", ()) for v in row if isinstance(v, int | float)
        }
        numbers = (printed(cell) for row in bundle.payload.get("cells", ()) for cell in row)
        found |= {number for number in numbers if number is not None}
    return frozenset(found)


def examine_archive(
    path: Path, store: Secrets | None = None, policy: Any = None, root: Path | None = None
) -> list[Refusal]:
    """Return every reason why an archive of runs may not be released: its own, and those of each run in it.

    Parameters
    ----------
    path
        The archive.
    store, policy, root
        As `examine` takes them.
    """
    content = path.read_bytes()
    found = set(_closed(path.name, lambda: scan_archive.scan(content, "the archive")))
    held = dict(scan_archive.members(content))
    runs = sorted(name.removesuffix(RUN_FILE) for name in held if name.rpartition("/")[2] == RUN_FILE)
    checkout = root or Layout.find().root
    with tempfile.TemporaryDirectory() as folder:
        for number, prefix in enumerate(runs, 1):
            place = Path(folder) / f"run {number}" / (Path(prefix).name or "run")
            _unpack({n.removeprefix(prefix): body for n, body in held.items() if n.startswith(prefix)}, place)
            found |= {
                Refusal(f"run {number} of the archive, {one.where}", one.rule, one.why, one.cure)
                for one in examine(place, store, policy, checkout)
            }
    beside = {name: body for name, body in held.items() if not any(name.startswith(run) for run in runs)}
    public = Public(checkout, (), "")
    texts = (
        (f"file {number} of the archive", text)
        for number, (name, body) in enumerate(sorted(beside.items()), 1)
        for text in (name, *(said for _, said in scan_words.of_file(name, body, "", Alphabet())))
    )
    found |= set(_closed("the texts of the archive", lambda: scan_words.check(texts, public, store)))
    return sorted(found)


def examine_package(path: Path, runs: Mapping[str, Path]) -> list[Refusal]:
    """Return every reason why an archive is not plainly what was examined: its tricks, and other bytes.

    Parameters
    ----------
    path
        The archive that is to be handed over.
    runs
        Folders of the runs that were examined, by the name that each has in the archive. The archive may
        leave files of them out, and may hold nothing else.
    """
    content = path.read_bytes()
    found = set(_closed(path.name, lambda: scan_archive.scan(content, "the archive")))
    for number, (name, body) in enumerate(scan_archive.members(content), 1):
        run = next((folder for prefix, folder in runs.items() if name.startswith(f"{prefix}/")), None)
        own = run / name.removeprefix(next(p for p in runs if runs[p] == run)).lstrip("/") if run else None
        if own is None or not own.is_file() or own.read_bytes() != body:
            where = f"the archive, file {number}"
            found.add(refuse("archive", where, "it is no file of a run that was examined"))
    return sorted(found)


def _unpack(files: dict[str, bytes], folder: Path) -> None:
    """Write files below a folder, none of them outside it."""
    for name, body in files.items():
        target = (folder / name).resolve()
        if name and target.is_relative_to(folder.resolve()) and target != folder.resolve():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
