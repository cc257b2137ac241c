"""What is said of a run that failed, without starting one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from analysis.errors import DisclosureRefused, RenderFailed
from analysis.runner import kernels
from analysis.runner.execute import CellFailed, Lifeline, _raised, _source_line, _tier, failure
from analysis.runner.plan import plan


@pytest.fixture
def run(desk):
    """Return one planned run."""
    desk.write()
    return plan(layout=desk.layout)[0]


def test_a_foreign_error_in_the_runner_shows_its_class_alone(run):
    """Its words may hold a value."""
    note = failure(run, KeyError("Jane"), cell="body")
    assert note["message"] == ("tiny norfolk 2022-23: KeyError in the runner itself. Please report it.")
    assert (note["exit_code"], note["error"], note["cell"]) == (4, "KeyError", "body")


def test_our_own_errors_keep_words_and_exit_code(run):
    """On one line, whatever they hold."""
    note = failure(run, RenderFailed("no alt\n  text", where="page"))
    assert note["message"] == "tiny norfolk 2022-23: page: no alt text."
    assert note["exit_code"] == 6


def test_a_refused_disclosure_inside_a_cell_keeps_its_exit_code(run):
    """The class travels by name through the kernel."""
    raised = SimpleNamespace(ename="DisclosureRefused", evalue="no tier.", traceback=[], source="x")
    note = failure(run, _raised(raised, "body"))
    assert note["exit_code"] == DisclosureRefused.exit_code
    assert note["message"] == 'tiny norfolk 2022-23: cell "body": no tier.'


def test_names_of_other_things_in_the_errors_module_are_not_our_errors(run):
    """A class that merely shares a name with a helper of ours keeps its words to itself."""
    raised = SimpleNamespace(ename="did_you_mean", evalue="Jane", traceback=[], source="x")
    assert "Jane" not in failure(run, _raised(raised, "body"))["message"]


def test_the_source_line_is_the_cells_own_as_committed():
    """From a coloured traceback; nothing if the traceback does not say."""
    traceback = ["\x1b[31mCell\x1b[0m In[3], line 2", "File ~/x.py, line 1"]
    assert _source_line([traceback[0].replace("\x1b[31m", "").replace("\x1b[0m", "")], "a\n  b") == "b"
    assert _source_line(traceback, "a\n  b") == "b"
    assert _source_line(["ValueError"], "a") == ""
    assert _source_line(["Cell In[3], line 9"], "a") == ""


@pytest.mark.parametrize(
    ("path", "tier"),
    [
        ("data/published/figures.csv", "published"),
        ("data/reference/census.csv", "reference"),
        ("data/codes/themes.csv", "reference"),
        ("data/assumptions/value_for_money.csv", "assumption"),
        ("data/processed/norfolk/stays.parquet", "records"),
        ("data/synthetic/stays.parquet", "synthetic"),
    ],
)
def test_an_input_has_the_tier_of_its_folder(path, tier):
    """A report that read one row of records says so."""
    assert _tier(path) == tier


def test_a_lifeline_that_was_cut_kills_a_kernel_that_starts_late(monkeypatch):
    """Whoever stops a run between the fork and the first message is not ignored."""
    killed = []
    monkeypatch.setattr(kernels, "kill_group", killed.append)
    lifeline = Lifeline()
    lifeline.cut("deadline")
    lifeline.started(42)
    lifeline.cut("done")
    assert killed == [42, 42]
    assert lifeline.cut_by == "deadline"


def test_a_failed_cell_is_named_in_front():
    """Where, then what, then the cure."""
    assert str(CellFailed("it died", cell="a", cure="Try again.")) == 'cell "a": it died. Try again.'
