"""Every report on records, made of them and of a twin, says and draws the same.

The twin agrees with the records on what is released, and differs in hidden counts, pseudonyms, order of rows
and columns that no view uses. Both are protected by a rule of thumb here, so that all reports take a minute:
what is tested is what a report makes of what it is given. ``deepdive release --twin`` does it with the whole
of protection, through the runner.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure import commitment, exchange
from analysis.disclosure.cells import CellSystem
from analysis.disclosure.exchange import Base
from analysis.disclosure.twin import Twin, Watched, twin_of
from analysis.disclosure.views import declared_by_all
from analysis.layout import RECORDS_VARIABLE, Layout
from analysis.present import outputs
from analysis.present.records import Records
from analysis.records.cohort import Cohort, current
from analysis.records.keyfile import KEY_VARIABLE, KeyFile
from analysis.records.pseudonym import pseudonymise
from analysis.records.store import Store
from analysis.records.synthetic.sample import generate

AREA, PERIOD = "norfolk", "2022-23"
VIEWS = declared_by_all()
REPORTS = tuple(dict.fromkeys(view.report for view in VIEWS))


@dataclass(frozen=True, eq=False)
class Made:
    """One set of records, with everything that all reports show of it."""

    cohort: Cohort
    release: Watched
    shown: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Both:
    """Records and their twin."""

    one: Made
    other: Made
    twin: Twin


def roughly(system: CellSystem, *, threshold: int, earlier: Any = ()) -> Any:  # noqa: ARG001
    """Hide what is sensitive, and the smallest other cell of each line with one hidden cell."""
    hidden = system.sensitive(threshold) | system.silent
    for _ in range(3):
        for table in system.tables:
            places = system.cells_of(table)
            for axis in range(places.ndim):
                for line in np.moveaxis(places, axis, -1).reshape(-1, places.shape[axis]):
                    if hidden[line].sum() == 1 and len(line) > 1:
                        hidden[min(line[~hidden[line]], key=lambda cell: (system.count[cell], cell))] = True
    return SimpleNamespace(hidden=hidden & ~system.structural, attack=SimpleNamespace(safe=True))


@pytest.fixture(scope="module")
def patch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    """A store of the full synthetic sample, supplied to whatever runs here."""
    key = KeyFile.open(tmp_path_factory.mktemp("key") / "key", create=True)
    store = tmp_path_factory.mktemp("stores") / AREA
    Store(store, key).write(pseudonymise(generate(AREA, PERIOD, scenario="full").tables, AREA, key), {})
    with pytest.MonkeyPatch.context() as made:
        made.setenv(KEY_VARIABLE, str(key.path))
        made.setenv(RECORDS_VARIABLE, str(store))
        made.setattr(commitment, "protect", roughly)
        made.setattr(Records, "_kept", lambda _: None)
        made.setattr(exchange, "PROPOSALS", 600)
        yield made


@pytest.fixture(scope="module")
def both(patch: pytest.MonkeyPatch) -> Both:  # noqa: ARG001
    """The records and their twin, released once for all reports."""
    known: dict[str, Base] = {}
    made: list[Made] = []
    records = Records(AREA, AREA, PERIOD, 0.95)

    def released(cohort: Any) -> tuple[Watched, dict[str, Any]]:
        release = records._release(cohort, partial(Watched, known=known))
        shown = {view.label: view.plan(release, cohort) for view in VIEWS}
        release.commit()
        made.append(Made(cohort, release, shown))
        return release, shown

    twin = twin_of(current(AREA, PERIOD), released, VIEWS)
    assert made[-1].cohort is twin.cohort
    return Both(made[0], made[-1], twin)


def report(name: str, made: Made, patch: pytest.MonkeyPatch) -> list[str]:
    """Return everything that a report displays of some records, in order."""
    content = json.loads((Layout.find().notebooks / f"{name}.ipynb").read_text("utf-8"))["cells"]
    own = {view.name: made.shown[view.label] for view in VIEWS if view.report == name}
    found: list[str] = []
    names: dict[str, Any] = {}
    with patch.context() as inside:
        inside.setattr(outputs, "display", lambda bundle, **_: found.append(json.dumps(bundle, default=str)))
        for attribute, value in (("cohort", made.cohort), ("release", made.release), ("views", own)):
            inside.setattr(Records, attribute, value)
        for cell in content:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)  # noqa: S102  the notebook's own cells
                if cell["id"] == "parameters":
                    names |= {"area": AREA, "period": PERIOD}
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_of_the_twin_is_the_same(name: str, both: Both, patch: pytest.MonkeyPatch) -> None:
    """Whatever differs would be made of what is not released."""
    one, other = (report(name, made, patch) for made in (both.one, both.other))
    assert any(" synthetic" in said or '"synthetic"' in said for said in one), "it shows nothing of records"
    different = [at for at, (mine, theirs) in enumerate(zip(one, other, strict=True)) if mine != theirs]
    assert not different


def test_the_twin_is_another_in_what_is_hidden(both: Both) -> None:
    """Hidden counts differ, so that the comparison can fail, and every row is somebody else's."""
    assert both.twin.changed > 10
    moved = [
        name
        for name, base in both.one.release.bases.items()
        if not np.array_equal(base.system.count, both.other.release.bases[name].system.count)
    ]
    assert len(moved) > 1
    frame, twin = (pd.DataFrame(made.cohort.referrals) for made in (both.one, both.other))
    assert not set(frame["person"]) & set(twin["person"])
