"""A store's tables, made up, with a reference, a unit and words that no report may hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.records.keyfile import KeyFile
from analysis.records.pseudonym import pseudonymise
from analysis.records.telltales import Telltales

REFERENCE = "NDA-0412"
UNIT = "NR-03"
WORDS = "they never asked me whether I wanted to go back there"

KEY = KeyFile(Path("key"), b"not a secret, and long enough!!!")
FRAMES = pseudonymise(
    {
        "referrals": pd.DataFrame(
            [{"provider": "north", "case_reference": REFERENCE, "outcome": "accepted"}]
        ),
        "stays": pd.DataFrame([{"provider": "north", "case_reference": REFERENCE, "unit": UNIT}]),
        "feedback": pd.DataFrame([{"provider": "north", "case_reference": REFERENCE, "words": WORDS}]),
    },
    "norfolk",
    KEY,
)
PSEUDONYM = str(FRAMES["referrals"]["case"].iloc[0])
SECRETS = Telltales(FRAMES, KEY)
