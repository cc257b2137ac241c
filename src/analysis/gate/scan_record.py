"""run.json: the declared fields, saying of the run what the notebook shows, in the one form it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, cast

from analysis.errors import UsageError
from analysis.gate.refusal import Refusal, refuse
from analysis.gate.shape import faults
from analysis.gate.subject import Json, Subject
from analysis.layout import Layout
from analysis.parameters import Areas
from analysis.record import FINDING_MIME, PUBLIC, REPORT_MIME, RUN_FILE, TIERS, canonical_json
from analysis.runner.history import RunRecord
from analysis.runner.notebook import SUBJECT, Notebook
from analysis.runner.plan import folder_name

PUBLIC_INPUT: Final = re.compile(r"data/(?:[a-z]+/)?[a-z0-9_.-]+")
STORE_INPUT: Final = re.compile(r"(?:records|synthetic)/[a-z0-9-]+")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
MODULE: Final = re.compile(r"analysis(?:\.\w+)*|[\w/.-]+\.(?:css|html|js|md|yml|csv|json|txt)")
PACKAGE: Final = re.compile(r"[a-z0-9_.-]+")
VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+]*")
STARTED: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
LONGEST: Final = 86_400.0
"""A day [seconds]: no run takes longer, and a number that may be anything can say anything."""


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield what is wrong with the record of a run."""
    wrong = list(faults(run.record, RunRecord))
    yield from (refuse("record-shape", _at(path), f"it {fault}") for path, fault in wrong)
    if wrong:
        return
    if (run.folder / RUN_FILE).read_text("utf-8") != canonical_json(run.record):
        yield refuse("record-shape", RUN_FILE, "it is not written in the one form that a record has")
    yield from _plain(run.record)
    yield from _true(run)
    yield from _parameters(run)


def _at(path: str) -> str:
    return f"{RUN_FILE}, {path}" if path else RUN_FILE


def _plain(record: Json) -> Iterator[Refusal]:
    """Yield fields whose text is not of the one form that it has."""
    code, about = record["code"], record["environment"]
    forms = [
        ("started", STARTED, [record["started"]]),
        ("code", DIGEST, [code["sha256"], *code["modules"].values()]),
        ("code.modules", MODULE, list(code["modules"])),
        ("environment.lock", re.compile(r"[0-9a-f]{64}|"), [about["lock"]]),
        ("environment.packages", PACKAGE, list(about["packages"])),
        ("environment", VERSION, [about["python"], *about["packages"].values()]),
        ("inputs", DIGEST, [row["sha256"] for row in record["inputs"]]),
        ("outputs", DIGEST, list(record["outputs"].values())),
    ]
    if page := record["page"]:
        forms += [("page", DIGEST, [page["sha256"], *page["modules"].values()])]
        forms += [("page.modules", MODULE, list(page["modules"]))]
    for name, form, texts in forms:
        if not all(form.fullmatch(one) for one in texts):
            yield refuse("record-shape", _at(name), "it holds text of another form than it has")
    for row in record["inputs"]:
        form = PUBLIC_INPUT if row["tier"] in PUBLIC else STORE_INPUT
        if not form.fullmatch(row["path"]):
            yield refuse("record-shape", _at("inputs"), "it names an input that no run reads")
    if not 0 <= record["seconds"] <= LONGEST or record["verdict"] != "succeeded":
        yield refuse("record-shape", RUN_FILE, "it is the record of no finished run")


def _true(run: Subject) -> Iterator[Refusal]:
    """Yield fields that say something else than the notebook shows."""
    reports = [bundle.payload for bundle in run.bundles if bundle.mime == REPORT_MIME]
    if len(reports) != 1:
        yield refuse("record-true", RUN_FILE, "the notebook does not begin one report")
        return
    for name in ("title", "area", "area_name", "period"):
        if run.record[name] != reports[0].get(name):
            yield refuse("record-true", _at(name), "it is not what the notebook shows")
    findings = [bundle for bundle in run.bundles if bundle.mime == FINDING_MIME]
    if run.record["values"] != {bundle.id: bundle.payload.get("values") for bundle in findings}:
        yield refuse("record-true", _at("values"), "they are not the numbers that the findings say")
    if run.record["tiers"] != _tiers(run):
        yield refuse("record-true", _at("tiers"), "they are not those of the outputs and inputs")
    yield from _place(run)


def _tiers(run: Subject) -> list[str]:
    shown = {tier for bundle in run.bundles for tier in bundle.payload.get("provenance", {}).get("tiers", ())}
    used = shown | {row["tier"] for row in run.record["inputs"]}
    return [tier for tier in TIERS if tier in used]


def _place(run: Subject) -> Iterator[Refusal]:
    """Yield an area or a period that the checkout does not know."""
    try:
        areas = Areas.load(Layout(run.root))
        areas.check_area(run.record["area"])
        areas.check_period(run.record["area"], run.record["period"])
        known = areas.name(run.record["area"]) == run.record["area_name"]
    except (UsageError, OSError):
        known = False
    if not known:
        yield refuse("record-true", _at("area"), "area, period or name is none that the checkout knows")


def _parameters(run: Subject) -> Iterator[Refusal]:
    """Yield parameters that the committed notebook does not foresee."""
    notebook = committed(run)
    where, given = _at("parameters"), run.record["parameters"]["given"]
    typed: dict[str, Any] = run.record["parameters"]["typed"]
    if notebook is None:
        yield refuse("record-parameters", where, "its notebook is not in the repository")
        return
    if run.record["name"] != folder_name(notebook.name, given):
        yield refuse("record-true", _at("name"), "it is not made from the notebook and its parameters")
    if set(typed) != set(notebook.parameters) or not set(given) <= set(typed) - set(SUBJECT):
        yield refuse("record-parameters", where, "there is one that the notebook does not declare")
        return
    try:
        wanted: Json = {**notebook.defaults, **notebook.resolve(given)}
    except UsageError:
        yield refuse("record-parameters", where, "there is a value that its declaration does not foresee")
        return
    wanted |= dict(zip(SUBJECT, (run.record["area"], run.record["period"]), strict=True))
    if typed != wanted:
        yield refuse("record-parameters", where, "a value is not the one that was given")
    for name in given:
        parameter = notebook.parameters[name]
        if parameter.kind == "str" and not parameter.choices:
            yield refuse("record-parameters", where, f'"{name}" may be any text, and was given one')
    yield from _begun(run, typed)


def _begun(run: Subject, typed: Json) -> Iterator[Refusal]:
    """Yield a report that was begun with other parameters than those recorded."""
    begun = next(bundle.payload for bundle in run.bundles if bundle.mime == REPORT_MIME)
    said = cast("Json", begun.get("parameters", {}))
    if any(name not in typed or typed[name] != value for name, value in said.items()):
        yield refuse("record-parameters", _at("parameters"), "the report was begun with others")


def committed(run: Subject) -> Notebook | None:
    """Return the notebook of the repository that the run says it is from, if it is still the same."""
    said = run.record.get("notebook")
    name = said.get("name") if isinstance(said, dict) else None
    if not isinstance(name, str) or not re.fullmatch(r"\w+", name):
        return None
    path = Layout(run.root).notebooks / f"{name}.ipynb"
    try:
        notebook = Notebook.read(path)
    except UsageError:
        return None
    same = said == {"name": name, "path": f"notebooks/{name}.ipynb", "sha256": notebook.digest}
    return notebook if same else None
