"""``deepdive release``: the gate over every run, then the ledger over all of them, and only then a package.

Nothing is given out in part. If one run fails, or all together tell too much beside what was released before,
nothing is written but the checker's page, and the ledger keeps that it was refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import DisclosureRefused, UsageError
from analysis.gate import checker, results
from analysis.gate.examination import examine, examine_package
from analysis.gate.verdicts import Judgement, judge
from analysis.record import DISCLOSURE_FILE, RUN_FILE, file_sha256, sha256
from analysis.releases import package

if TYPE_CHECKING:
    from analysis.disclosure.handover import Handover
    from analysis.disclosure.ledger import Ledger, Release
    from analysis.records.telltales import Telltales

DONE: Final = 0
REFUSED: Final = 5
CHECK: Final = "check"
"""Folder of the checker's page and of ``results.json`` in a package."""

NOTHING_TOLD: Final = "Together with everything released before, this tells nothing that is hidden."
TWINS_AGREE: Final = (
    "Each report was made again of records that differ in every way that is not released, and was the same to"
    " the last byte."
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What is to be given out, to whom it is written, and against what it is held.

    Attributes
    ----------
    runs
        Folders of finished runs.
    to
        Folder of the package.
    who
        Who releases it, in their own words.
    label
        What the release is called.
    ledger
        The ledger; None if no run shows anything of records.
    telltales
        Takes an area; gives what its store must not give away. None without records.
    policy
        The disclosure policy.
    twins
        Takes a run; gives where it differs from its twin. None if no twin is run.
    """

    runs: tuple[Path, ...]
    to: Path
    who: str
    label: str
    ledger: Ledger | None
    telltales: Callable[[str], Telltales] | None
    policy: Any
    twins: Callable[[Path], list[str]] | None = None


def runs_below(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Return the runs that folders are, or hold.

    Raises
    ------
    UsageError
        If a folder holds none.
    """
    found: list[Path] = []
    for folder in folders:
        runs = sorted(path.parent for path in folder.rglob(RUN_FILE)) if folder.is_dir() else []
        if not runs:
            raise UsageError(
                "there is no finished run",
                where=str(folder),
                cure="Name a folder below reports/ with run.json.",
            )
        found += runs
    return tuple(dict.fromkeys(found))


def of_records(run_dir: Path) -> bool:
    """Whether a run shows anything of records."""
    return (run_dir / DISCLOSURE_FILE).is_file()


def give_out(asked: Asked, say: Say = print) -> int:
    """Give runs out, or say why not.

    Parameters
    ----------
    asked
        What, to where, and against what.
    say
        Takes one line.

    Returns
    -------
    Exit code: 0, or 5 if the gate or the ledger refuses.

    Raises
    ------
    UsageError
        If the package cannot be written there.
    DataRefused
        If the ledger cannot be read.
    """
    judgements = [_judged(run, asked) for run in asked.runs]
    release = _release(asked)
    with package.staged(asked.to) as folder:
        told = _told(asked, release)
        passed = all(judgement.passed for judgement in judgements) and not told
        _write_check(folder, asked, judgements, told)
        if passed:
            _write_package(folder, asked, release)
        elif asked.ledger is not None:
            asked.ledger.record_refusal(_kept_back(release, [*_refusals_of(judgements), *told]), [])
    for line in _lines(judgements, told):
        say(line)
    say(f"{'Released' if passed else 'Refused'}: {asked.to / CHECK / checker.CHECKER_FILE}")
    return DONE if passed else REFUSED


def _judged(run: Path, asked: Asked) -> Judgement:
    area = str(json.loads((run / RUN_FILE).read_text("utf-8")).get("area", ""))
    telltales = asked.telltales(area) if asked.telltales and of_records(run) else None
    return judge(run, examine(run, telltales, asked.policy), asked.policy)


def _release(asked: Asked) -> Release:
    from analysis.disclosure.ledger import Release  # noqa: PLC0415  numbers are needed from here on

    files = {
        f"{name}/{path.relative_to(run).as_posix()}": file_sha256(path)
        for name, run in package.named(asked.runs).items()
        for path in package.files_of(run)
    }
    handed = [_handed(run) for run in asked.runs if of_records(run)]
    return Release(
        id=asked.label,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        who=asked.who,
        policy=str(getattr(asked.policy, "digest", "")),
        notebooks={name: digest for name, digest in files.items() if name.endswith(".ipynb")},
        reports={name: digest for name, digest in files.items() if not name.endswith(".ipynb")},
        published=tuple(one for told in handed for one in told.published),
        from_rows=tuple(one for told in handed for one in told.from_rows),
    )


def _handed(run: Path) -> Handover:
    from analysis.disclosure.handover import Handover  # noqa: PLC0415

    return Handover.from_json((run / DISCLOSURE_FILE).read_text("utf-8"))


def _told(asked: Asked, release: Release) -> list[str]:
    """Return what the release tells together with earlier ones, and what of it a twin would not say."""
    told = [] if asked.ledger is None else [f"ledger: {one}" for one in asked.ledger.check(release)]
    if asked.twins is not None:
        for name, run in package.named(asked.runs).items():
            if of_records(run):
                told += [f"twin of {name}: {one}" for one in asked.twins(run)]
    return told


def _refusals_of(judgements: Sequence[Judgement]) -> list[str]:
    return [line for judgement in judgements for line in _refusals(judgement)]


def _kept_back(release: Release, lines: Sequence[str]) -> Release:
    return replace(release, published=(), from_rows=(), refused=tuple(lines))


def _write_check(folder: Path, asked: Asked, judgements: Sequence[Judgement], told: Sequence[str]) -> None:
    """Write the checker's page, and what the SACRO viewer reads for each run."""
    said = told or ([] if asked.ledger is None else [NOTHING_TOLD, *([TWINS_AGREE] if asked.twins else [])])
    digest = str(getattr(asked.policy, "digest", ""))
    checker.write(folder / CHECK, judgements, policy=digest, ledger=said)
    for judgement, (name, run) in zip(judgements, package.named(asked.runs).items(), strict=True):
        results.write(judgement, run, folder / CHECK / name)


def _write_package(folder: Path, asked: Asked, release: Release) -> None:
    """Pack what was examined, and let the ledger know last: what it holds was given out, or could be.

    Raises
    ------
    DisclosureRefused
        If the archive holds anything but what was examined.
    """
    runs, path = package.named(asked.runs), folder / "reports.zip"
    package.archive(path, runs)
    if found := examine_package(path, runs):
        raise DisclosureRefused("; ".join(map(str, found)), where=path.name, cure="Release the runs again.")
    if asked.ledger is not None:
        asked.ledger.append(release)
        package.write_chain(folder, asked.ledger.chain())


def _refusals(judgement: Judgement) -> list[str]:
    found = [*judgement.others, *(one for output in judgement.outputs for one in output.refusals)]
    return [str(one) for one in found]


def _lines(judgements: Sequence[Judgement], told: Sequence[str]) -> list[str]:
    lines = []
    for judgement in judgements:
        found = _refusals(judgement)
        lines.append(f"{judgement.name or 'a run'}: {'passes' if judgement.passed else 'is refused'}")
        lines += [f"  {line}" for line in found]
    return [*lines, *told]


def label_of(runs: Sequence[Path]) -> str:
    """Return a name for a release that nobody named: from what is in it, so that the same has the same."""
    files = [file_sha256(run / RUN_FILE) for run in runs]
    return f"release-{sha256(''.join(sorted(files)).encode())[:12]}"
