"""A report without records starts as fast as before: nothing of disclosure control is loaded for it."""

import subprocess
import sys

HEAVY = (
    "analysis.disclosure.release",
    "analysis.disclosure.cells",
    "analysis.disclosure.policy",
    "analysis.records.cohort",
    "highspy",
    "pyarrow.parquet",
    "scipy.optimize",
    "statsmodels",
)
CODE = """
import sys
from analysis import begin, charts
from analysis.present import outputs
outputs.display = lambda *_, **__: None
run = begin("male_survivors", area="norfolk", period="2022-23", sections=["a"])
print(*sorted(sys.modules))
"""


def test_nothing_of_disclosure_control_is_loaded_before_it_is_needed():
    """Opening a report loads neither the solver nor the store."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "analysis.present.session" in loaded
    assert loaded.isdisjoint(HEAVY)
