"""In a report being built nothing is displayed but what the session made; the refusal repeats no value."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from matplotlib.figure import Figure

from analysis.errors import DisclosureRefused
from analysis.present import outputs, report
from analysis.records.personframe import person_frame

NAMED = "Jane Example"


@pytest.fixture
def shell():
    """A shell as a kernel has one, with the guard in place."""
    made = InteractiveShell.instance()
    outputs.one_line_errors((DisclosureRefused,))
    outputs.guard_displays("male_survivors")
    yield made
    InteractiveShell.clear_instance()


THINGS = {
    "DataFrame": pd.DataFrame({"name": [NAMED]}),
    "Series": pd.Series([NAMED]),
    "ndarray": np.array([NAMED]),
    "str": NAMED,
    "int": 3,
    "list": [NAMED],
    "Figure": Figure(),
    "Axes": Figure().add_subplot(title=NAMED),
    "PersonFrame": person_frame(pd.DataFrame({"name": [NAMED]}), "referrals"),
    "ValueError": ValueError(NAMED),
}


@pytest.mark.parametrize("kind", THINGS)
@pytest.mark.parametrize("code", ["thing", "from IPython.display import display\ndisplay(thing)"])
def test_a_thing_of_any_kind_is_refused_by_its_kind(shell, capsys, kind, code):
    """As the last expression of a cell and by display: what and where, never the value."""
    shell.user_ns["thing"] = THINGS[kind]
    result = shell.run_cell(code)
    assert isinstance(result.error_in_exec, DisclosureRefused)
    shown = capsys.readouterr()
    said = f"male_survivors: a {kind} was about to be displayed. A report shows only what run.say,"
    assert said in str(result.error_in_exec)
    assert NAMED not in shown.out + shown.err


def test_what_the_session_makes_is_displayed(shell, capsys):
    """Ready bundles pass: the session's own door is the only one left open."""
    shell.user_ns["outputs"] = outputs
    result = shell.run_cell("outputs.show('application/x', {'id': 'one'}, '<p>', 'said by the session')")
    assert result.success
    assert "said by the session" in capsys.readouterr().out


def test_a_cell_that_shows_nothing_runs(shell):
    """Statements, and expressions that return nothing, are no displays."""
    assert shell.run_cell("x = 3").success
    assert shell.run_cell("None").success


@pytest.mark.parametrize("recording", [True, False])
def test_the_guard_stands_in_a_build_alone(monkeypatch, tmp_path, recording):
    """In JupyterLab a notebook's author sees what she likes; a frame of rows shows none by itself."""
    monkeypatch.delenv("DEEPDIVE_RUN_DIR", raising=False)
    if recording:
        monkeypatch.setenv("DEEPDIVE_RUN_DIR", str(tmp_path))
    monkeypatch.setattr(outputs, "display", lambda *_, **__: None)
    guarded = []
    monkeypatch.setattr(outputs, "guard_displays", guarded.append)
    report.begin("male_survivors", area="norfolk", period="2022-23", sections=["a"])
    assert guarded == (["male_survivors"] if recording else [])


def test_display_without_a_notebook_is_left_alone(capsys):
    """Outside IPython there is nothing to guard."""
    outputs.guard_displays("male_survivors")
    display("plain")
    assert "plain" in capsys.readouterr().out
    assert mpl.get_backend()
