"""Which runs are meant, what their folders are called, and why each is stale."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from analysis.errors import UsageError
from analysis.record import RUN_FILE, file_sha256
from analysis.runner.plan import PlannedRun, as_typed, environment, folder_name, plan

HEAVY = "{'pandas', 'numpy', 'matplotlib', 'papermill', 'nbclient', 'nbformat', 'jupyter_client', 'jinja2'}"


def planned(desk, *names, **rest):
    """Return the plan of a tiny checkout."""
    return plan(names, layout=desk.layout, **rest)


def record(desk, run, **changes):
    """Write the record that a fresh run would have left, with some fields changed."""
    run.folder.mkdir(parents=True)
    (run.folder / "notebook.ipynb").write_text("{}")
    stored = {
        "notebook": {"name": "tiny", "path": "notebooks/tiny.ipynb", "sha256": file_sha256(run.source)},
        "name": run.folder.name,
        "title": "T",
        "area": run.area,
        "area_name": "Norfolk",
        "period": run.period,
        "parameters": {"given": {}, "typed": run.parameters},
        "inputs": [],
        "tiers": [],
        "code": {"sha256": "", "modules": {}},
        "environment": environment(desk.layout),
        "page": None,
        "started": "",
        "seconds": 7.5,
        "verdict": "succeeded",
        "outputs": {"notebook.ipynb": file_sha256(run.folder / "notebook.ipynb")},
        "values": {},
    }
    (run.folder / RUN_FILE).write_text(json.dumps({**stored, **changes}))


def test_a_plain_plan_is_every_report_for_every_published_period_and_its_variants(desk):
    """One folder for each, sorted by area, period and name."""
    desk.write("b", variants=[{"confidence": 0.9}])
    desk.write("a")
    runs = planned(desk)
    names = [run.folder.relative_to(desk.layout.reports).as_posix() for run in runs]
    assert names == ["norfolk/2022-23/a", "norfolk/2022-23/b", "norfolk/2022-23/b--confidence-0.9"]
    assert runs[2].parameters == {"area": "norfolk", "period": "2022-23", "confidence": 0.9}
    assert {run.why for run in runs} == {"never run"}


def test_parameters_make_their_own_folder_and_leave_the_variants_out(desk):
    """What was asked for is run, and nothing else; a default that is spelt out changes nothing."""
    desk.write(variants=[{"confidence": 0.8}])
    (run,) = planned(desk, parameters={"confidence": "0.9"})
    assert run.folder.name == "tiny--confidence-0.9"
    assert run.given == {"confidence": "0.9"}
    (run,) = planned(desk, parameters={"confidence": "0.95"})
    assert (run.folder.name, run.given) == ("tiny", {})


def test_area_and_period_may_be_given_either_way_but_not_two_ways(desk):
    """``-p area=norfolk`` is ``--area norfolk``."""
    desk.write()
    (run,) = planned(desk, parameters={"area": "rutland", "period": "2022-23"})
    assert (run.area, run.parameters["area"]) == ("rutland", "rutland")
    assert len(planned(desk, areas=["norfolk"], parameters={"area": "norfolk"})) == 1
    with pytest.raises(UsageError, match="-p area=norfolk contradicts --area"):
        planned(desk, areas=["rutland"], parameters={"area": "norfolk"})


@pytest.mark.parametrize(
    ("filters", "pairs"),
    [
        ({"areas": ["norfolk"]}, [("norfolk", "2022-23")]),
        ({"periods": ["2022-23"]}, [("norfolk", "2022-23")]),
        (
            {"areas": ["rutland", "norfolk"], "periods": ["2019-20", "2019-20"]},
            [("norfolk", "2019-20"), ("rutland", "2019-20")],
        ),
    ],
)
def test_filters_choose_published_pairs_or_exactly_what_both_name(desk, filters, pairs):
    """Both together may name a year for which only the reference statistics exist."""
    desk.write()
    assert [(run.area, run.period) for run in planned(desk, **filters)] == pairs


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"areas": ["norfok"]}, 'Did you mean "norfolk"'),
        ({"areas": ["rutland"]}, "nothing is published for rutland yet. Give --period as well."),
        ({"periods": ["2019-20"]}, "Published evidence: norfolk 2022-23."),
        ({"areas": ["norfolk"], "periods": ["1990-91"]}, "norfolk has published evidence for 2022-23."),
        ({"parameters": {"aera": "norfolk"}}, 'Did you mean "area"? It takes: area, period, confidence.'),
        ({"parameters": {"confidence": "high"}}, "takes a number (float)"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_could(desk, filters, said):
    """Usage errors, before anything is looked at on disk."""
    desk.write()
    with pytest.raises(UsageError) as refused:
        planned(desk, **filters)
    assert said in str(refused.value)
    assert refused.value.exit_code == 2


def test_a_fresh_run_is_skipped_and_remembers_how_long_it_took(desk):
    """Nothing to do and why empty; the seconds order a later schedule."""
    desk.write()
    (run,) = planned(desk, page="")
    record(desk, run)
    (again,) = planned(desk, page="")
    assert (again.action, again.why, again.seconds) == ("skip", "", 7.5)
    assert planned(desk, page="", force=True)[0].why == "forced"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"parameters": {"given": {}, "typed": {"area": "x"}}}, "parameters changed"),
        ({"notebook": {"sha256": "0"}}, "notebook changed"),
        (
            {"code": {"sha256": "", "modules": {"analysis.methods.proportions": "0", "analysis.gone": "0"}}},
            "code changed: analysis.gone, analysis.methods.proportions",
        ),
        (
            {"inputs": [{"path": "data/published/areas.csv", "sha256": "0", "tier": "published"}]},
            "data changed: data/published/areas.csv",
        ),
        ({"outputs": {"tables/x.csv": "0"}}, "output missing or changed: tables/x.csv"),
        (
            {"outputs": {f"tables/{n}.csv": "0" for n in "abcde"}},
            "output missing or changed: tables/a.csv, tables/b.csv, tables/c.csv and 2 more",
        ),
    ],
    ids=["parameters", "notebook", "code", "data", "output", "outputs"],
)
def test_each_reason_names_what_changed(desk, changes, why):
    """A reader knows what to look at."""
    desk.write()
    (run,) = planned(desk, page="")
    record(desk, run, **changes)
    (again,) = planned(desk, page="")
    assert (again.action, again.why) == ("run", why)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ({"lock": "0"}, "environment changed: requirements.lock"),
        ({"python": "3.10.0"}, "environment changed: Python 3.10.0 is now 3.11"),
        ({"packages": {}}, "environment changed: matplotlib, numpy, pandas and 3 more"),
    ],
)
def test_another_environment_is_a_reason(desk, now, why):
    """The lock, Python and what is really installed each count."""
    desk.write()
    (run,) = planned(desk, page="")
    record(desk, run, environment={**environment(desk.layout), **now})
    assert planned(desk, page="")[0].why.startswith(why)


def test_a_stale_page_is_rendered_without_a_run(desk):
    """Never made, lost, or made by other code: the results stand."""
    desk.write()
    (run,) = planned(desk, page="")
    record(desk, run)
    assert [(one.action, one.why) for one in planned(desk)] == [("render", "page never made")]
    stored = json.loads((run.folder / RUN_FILE).read_text())
    stored["page"] = {"sha256": "", "modules": {"present/style.css": "0"}}
    (run.folder / RUN_FILE).write_text(json.dumps(stored))
    assert [(one.action, one.why) for one in planned(desk)] == [
        ("render", "output missing or changed: report.html")
    ]
    (run.folder / "report.html").write_text("<p>")
    stored["outputs"]["report.html"] = file_sha256(run.folder / "report.html")
    (run.folder / RUN_FILE).write_text(json.dumps(stored))
    assert [(one.action, one.why) for one in planned(desk)] == [("render", "page changed: present/style.css")]


def test_a_broken_record_is_no_record(desk):
    """A file that is not JSON, or lacks a field, means never run."""
    desk.write()
    (run,) = planned(desk)
    run.folder.mkdir(parents=True)
    for text in ("{", "[]", "{}"):
        (run.folder / RUN_FILE).write_text(text)
        assert planned(desk)[0].why == "never run"


def test_folder_names_are_safe_and_never_shared():
    """Different values never share a folder, whatever has to be left out of the name."""
    assert folder_name("n", {"b": "x", "a": "0.9"}) == "n--a-0.9--b-x"
    odd = {folder_name("n", {"a": value}) for value in ("a/b", "a b", "a-b", "../b", "", "x" * 50, "x" * 51)}
    assert len(odd) == 7
    assert all("/" not in name and ".." not in name for name in odd)


def test_values_are_written_as_they_would_be_typed():
    """Lists with commas, truth in lower case."""
    assert [as_typed(value) for value in (0.9, True, ["a", "b"], "x")] == ["0.9", "true", "a,b", "x"]


def test_a_planned_run_survives_json(desk):
    """What a child process reads is what was planned."""
    desk.write()
    (run,) = planned(desk)
    assert PlannedRun.from_json(json.loads(json.dumps(run.as_json()))) == run


def test_planning_imports_nothing_heavy():
    """Asking what would run costs no import of a kernel's libraries, nor of papermill's."""
    code = f"import sys, analysis.runner.plan; print(sorted(set(sys.modules) & {HEAVY}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
