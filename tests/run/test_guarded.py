"""Real kernels: whatever a report shows, writes or carries besides its own outputs fails the run, exit 5."""

import json

import pytest

GUARD = "from analysis.present import outputs\noutputs.guard_displays('tiny')\nsay()\n"
NAMED = "Jane Example"
LEAKS = {
    "frame": f"import pandas as pd\npd.DataFrame({{'name': ['{NAMED}']}})",
    "array": f"import numpy as np\nnp.array(['{NAMED}'])",
    "figure": "from matplotlib.figure import Figure\nFigure()",
    "display": f"from IPython.display import display\ndisplay('{NAMED}')",
    "print": f"print('{NAMED}')",
    "warning": f"import warnings\nwarnings.warn('{NAMED}')",
    "stderr": f"import sys\nsys.stderr.write('{NAMED}'); None",
    "type": f"from IPython.display import display\ndisplay({{'text/latex': '{NAMED}'}}, raw=True)",
    "script": (
        f"from IPython.display import display\ndisplay({{'application/javascript': '{NAMED}'}}, raw=True)"
    ),
    "metadata": (
        "from IPython.display import display\n"
        "mime = 'application/vnd.deepdive.absence+json'\n"
        "bundle = {mime: {'id': 'x', 'section': 'one'}, 'text/html': 'x', 'text/plain': 'x'}\n"
        f"display(bundle, raw=True, metadata={{'name': '{NAMED}'}})"
    ),
    "file": f"write('notes.txt', '{NAMED}')",
    "handover": f"write('disclosure.json', '{NAMED}')",
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_fails_the_run_without_its_content(checkout, leak):
    """Nothing is put in place, and the note of the failure holds no word of what leaked."""
    checkout.notebook("tiny", GUARD + LEAKS[leak].replace("say()", ""))
    (outcome,) = checkout.run("tiny")
    assert outcome.record is None
    assert not checkout.folder("tiny").exists()
    assert outcome.failure["exit_code"] == 5
    assert outcome.failure["error"] == "DisclosureRefused"
    assert NAMED not in json.dumps({**outcome.failure, "line": ""})
