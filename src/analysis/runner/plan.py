"""What would run, and why: every report notebook, area, period and variant against what is on disk.

Imports neither pandas nor papermill, and hashes only files that an earlier run recorded, so that asking is
cheap enough to do before every run.
"""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from analysis.errors import UsageError
from analysis.layout import Layout
from analysis.parameters import Areas
from analysis.record import file_sha256, sha256
from analysis.runner.digest import PAGE_MODULE, Package
from analysis.runner.history import PAGE_FILE, failure_path, read, stores
from analysis.runner.notebook import SUBJECT, Notebook, Typed, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from analysis.runner.history import Environment, RunRecord

Action = Literal["run", "render", "skip"]
PACKAGES: Final = ("matplotlib", "numpy", "pandas", "papermill", "scipy", "statsmodels")
"""Installed versions compared as well as the lock: an environment need not be what the lock says."""


@dataclass(frozen=True)
class PlannedRun:
    """One report: what makes it, where it goes, and what has to be done for it.

    Attributes
    ----------
    notebook, source
        Name and path of the committed notebook.
    area, period
        What it is about.
    parameters
        Every parameter, typed.
    given
        Those that are not the notebook's own defaults, area and period excepted, as they would be typed.
    out, folder
        The reports folder, and the run's own folder in it.
    action
        "run", "render" (the results stand, the page does not) or "skip".
    why
        Why, in a few words; empty if there is nothing to do.
    page
        Dotted name of the module whose ``render`` makes the page; empty for none.
    seconds
        How long it took last time, if it ever succeeded.
    records, store
        The store of person-level records that it may read, and the fingerprint of its tables; empty for none.
    """

    notebook: str
    source: Path
    area: str
    period: str
    parameters: Typed
    given: dict[str, str]
    out: Path
    folder: Path
    action: Action = "run"
    why: str = ""
    page: str = PAGE_MODULE
    seconds: float | None = None
    records: str = ""
    store: str = ""

    @property
    def label(self) -> str:
        """How a message names the run: ``male_survivors norfolk 2022-23``."""
        return f"{self.folder.name} {self.area} {self.period}"

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON, for a child process or a machine that reads the plan."""
        paths = {"source": str(self.source), "out": str(self.out), "folder": str(self.folder)}
        return {**self.__dict__, **paths}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PlannedRun:
        """Return what `as_json` wrote."""
        paths = {name: Path(stored[name]) for name in ("source", "out", "folder")}
        return cls(**{**stored, **paths})


def plan(
    notebooks: Sequence[str] = (),
    areas: Sequence[str] = (),
    periods: Sequence[str] = (),
    parameters: Mapping[str, str] | None = None,
    out: Path | None = None,
    *,
    force: bool = False,
    page: str = PAGE_MODULE,
    layout: Layout | None = None,
    records: Callable[[str, str], tuple[Path, str]] | None = None,
) -> list[PlannedRun]:
    """Return every run that was asked for, fresh ones included, sorted by area, period and name.

    Parameters
    ----------
    notebooks
        Names; none means every report notebook.
    areas, periods
        Neither means every (area, period) with published evidence; areas alone, all of their published
        periods; periods alone, all areas with published evidence for them; both, every combination.
    parameters
        ``-p NAME=VALUE``. With any beside ``area`` and ``period``, the notebooks' variants are left out.
    out
        The reports folder.
    force
        Run even what is fresh.
    page
        Module whose ``render`` makes the page; empty leaves pages alone.
    records
        Takes an area and a period and returns the store of person-level records for them, with the
        fingerprint of its tables; None for runs without records.

    Raises
    ------
    UsageError
        If a notebook, area, period or parameter is not known.
    DataRefused
        If ``records`` refuses an area or period.
    """
    layout = layout or Layout.find()
    asked = dict(parameters or {})
    areas, periods = _subject("area", areas, asked), _subject("period", periods, asked)
    pairs = _pairs(Areas.load(layout), areas, periods)
    out = (out or layout.reports).absolute()
    supplied = {pair: records(*pair) for pair in pairs} if records else {}
    wanted = [
        _with_records(_wanted(notebook, pair, given, out, page), supplied.get(pair))
        for notebook, pair in product(load(layout, notebooks), pairs)
        for given in _parameter_sets(notebook, asked)
    ]
    judge = Judge(layout, force=force)
    return sorted(
        (judge.judged(run) for run in wanted), key=lambda run: (run.area, run.period, run.folder.name)
    )


def _subject(name: str, option: Sequence[str], asked: dict[str, str]) -> Sequence[str]:
    """Let ``-p area=norfolk`` mean ``--area norfolk``; take it out of what was asked."""
    value = asked.pop(name, None)
    if value is None:
        return option
    if option and list(option) != [value]:
        raise UsageError(f"-p {name}={value} contradicts --{name}", where=name, cure="Give one of them.")
    return [value]


def _pairs(known: Areas, areas: Sequence[str], periods: Sequence[str]) -> list[tuple[str, str]]:
    """Return the (area, period) pairs that two filters mean."""
    areas, periods = list(dict.fromkeys(areas)), list(dict.fromkeys(periods))
    for area in areas:
        known.check_area(area)
    if areas and periods:
        return [(area, known.check_period(area, period)) for area, period in product(areas, periods)]
    published = known.default_pairs()
    for area in areas:
        if not known.published_periods(area):
            raise _no_evidence(f"nothing is published for {area} yet", published, "Give --period as well.")
    for period in periods:
        if period not in {pair[1] for pair in published}:
            raise _no_evidence(f'no area has published evidence for period "{period}"', published)
    return [
        pair for pair in published if pair[0] in (areas or [pair[0]]) and pair[1] in (periods or [pair[1]])
    ]


def _no_evidence(what: str, published: Sequence[tuple[str, str]], more: str = "") -> UsageError:
    known = ", ".join(f"{area} {period}" for area, period in published)
    return UsageError(what, where="period", cure=f"{more} Published evidence: {known}.".strip())


def _parameter_sets(notebook: Notebook, asked: Mapping[str, str]) -> Iterator[Typed]:
    """Yield what differs from the defaults: what was asked for, or nothing and then each variant."""
    if asked:
        yield notebook.resolve(asked)
        return
    yield {}
    yield from notebook.variants


def _wanted(notebook: Notebook, pair: tuple[str, str], changed: Typed, out: Path, page: str) -> PlannedRun:
    """Return the run of one notebook for one area, period and parameter set, not yet judged."""
    defaults = notebook.defaults
    different = {name: value for name, value in changed.items() if value != defaults[name]}
    given = {name: as_typed(value) for name, value in sorted(different.items())}
    typed = {**defaults, **different, **dict(zip(SUBJECT, pair, strict=True))}
    folder = out / pair[0] / pair[1] / folder_name(notebook.name, given)
    return PlannedRun(notebook.name, notebook.path, *pair, typed, given, out, folder, page=page)


def _with_records(run: PlannedRun, supplied: tuple[Path, str] | None) -> PlannedRun:
    """Return the run with the store that it may read and the fingerprint of its tables, if there is one."""
    return replace(run, records=str(supplied[0]), store=supplied[1]) if supplied else run


def as_typed(value: Any) -> str:
    """Return a typed value as it would be typed after ``-p NAME=``."""
    if isinstance(value, list):
        return ",".join(as_typed(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def folder_name(notebook: str, given: Mapping[str, str]) -> str:
    """Return ``male_survivors--scope-women``: one folder per parameter set, never two sets in one."""
    return "--".join([notebook, *(f"{name}-{_slug(value)}" for name, value in sorted(given.items()))])


def _slug(value: str) -> str:
    """Return text that is safe in a file name; a digest is added if something had to be left out."""
    plain = re.sub(r"[^A-Za-z0-9._]+", "-", value)[:40].strip("-.")
    return plain if plain == value else f"{plain}-{sha256(value.encode())[:8]}".strip("-")


def environment(layout: Layout) -> Environment:
    """Return what code would run on now."""
    lock = file_sha256(layout.lock) if layout.lock.is_file() else ""
    return {"lock": lock, "python": platform.python_version(), "packages": _packages()}


def _packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


class Judge:
    """Compares planned runs with what is on disk; every file is hashed at most once."""

    def __init__(self, layout: Layout, *, force: bool = False) -> None:
        self.layout, self.force = layout, force
        self.package = Package()
        self._files: dict[Path, str] = {}

    @cached_property
    def environment(self) -> Environment:
        """What code would run on now."""
        return environment(self.layout)

    def judged(self, run: PlannedRun) -> PlannedRun:
        """Return the run with what has to be done for it, and why."""
        record = read(run.folder)
        action: Action = "run"
        why = "forced" if self.force else self.results_stale(run, record)
        if not why and record and run.page and (why := self.page_stale(run, record)):
            action = "render"
        seconds = record["seconds"] if record else None
        changes = {"action": action if why else "skip", "why": why, "seconds": seconds}
        return PlannedRun(**{**run.__dict__, **changes})

    def results_stale(self, run: PlannedRun, record: RunRecord | None) -> str:
        """Return why the results cannot stand, or nothing."""
        if failure_path(run.out, run.folder).exists():
            return "last run failed"
        if record is None:
            return "never run"
        return (
            ("parameters changed" if record["parameters"]["typed"] != run.parameters else "")
            or ("notebook changed" if record["notebook"]["sha256"] != self.digest(run.source) else "")
            or _listed("code changed", self.package.changed(record["code"]["modules"]))
            or records_changed(run, record)
            or _listed("data changed", self.changed_inputs(record))
            or self.environment_changed(record["environment"])
            or _listed("output missing or changed", self.changed_outputs(run, record))
        )

    def page_stale(self, run: PlannedRun, record: RunRecord) -> str:
        """Return why the page cannot stand although the results do, or nothing."""
        if record["page"] is None:
            return "page never made"
        if self.digest(run.folder / PAGE_FILE) != record["outputs"].get(PAGE_FILE):
            return f"output missing or changed: {PAGE_FILE}"
        return _listed("page changed", self.package.changed(record["page"]["modules"]))

    def changed_inputs(self, record: RunRecord) -> list[str]:
        """Return the data files that are gone or differ."""
        root, apart = self.layout.root, stores(record["inputs"])
        files = [row for row in record["inputs"] if row not in apart]
        return [row["path"] for row in files if self.digest(root / row["path"]) != row["sha256"]]

    def changed_outputs(self, run: PlannedRun, record: RunRecord) -> list[str]:
        """Return the outputs, the page excepted, that are gone or differ."""
        results = ((name, digest) for name, digest in record["outputs"].items() if name != PAGE_FILE)
        return [name for name, digest in results if self.digest(run.folder / name) != digest]

    def environment_changed(self, recorded: Environment) -> str:
        """Return what the code would run on that it did not run on, or nothing."""
        now = self.environment
        if recorded["lock"] != now["lock"]:
            return f"environment changed: {self.layout.lock.name}"
        if recorded["python"] != now["python"]:
            return f"environment changed: Python {recorded['python']} is now {now['python']}"
        moved = [name for name, found in now["packages"].items() if recorded["packages"].get(name) != found]
        return _listed("environment changed", moved)

    def digest(self, path: Path) -> str:
        """Return a file's fingerprint, or an empty string if it is gone."""
        if path not in self._files:
            self._files[path] = file_sha256(path) if path.is_file() else ""
        return self._files[path]


def records_changed(run: PlannedRun, record: RunRecord) -> str:
    """Return how the person-level records differ from those that were read, or nothing.

    A report made with records is never taken for one made without them, nor the other way round.
    """
    read_then = [row["sha256"] for row in stores(record["inputs"])]
    if not run.store:
        return "made with records" if read_then else ""
    if not read_then:
        return "made without records"
    return "" if read_then == [run.store] else "records changed"


def _listed(what: str, names: Sequence[str]) -> str:
    """Return ``code changed: a, b and 3 more``, or nothing if there are no names."""
    if not names:
        return ""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{what}: {', '.join(names[:3])}{more}"
