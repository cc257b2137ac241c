"""What the policy says of subjects that fall under stricter rules, for a report to tell its readers."""

from __future__ import annotations

from typing import Any

from analysis.disclosure.policy import POLICY_FILE, load
from analysis.layout import Layout
from analysis.record import file_sha256


def rules(*names: str, inputs: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the rules that hold for some topics, the strictest of them, beside the rule for all else.

    Parameters
    ----------
    *names
        Topics of ``data/policy.yml``.
    inputs
        Where the policy is noted as an input of the report, by path.

    Returns
    -------
    dict
        ``least`` and ``otherwise``: the smallest count of survivors that is shown of these topics, and of
        others [survivors]; ``ways``: by how many characteristics at most it is broken down; ``reason``.
    """
    if inputs is not None:
        inputs[f"data/{POLICY_FILE}"] = file_sha256(Layout.find().data / POLICY_FILE)
    policy = load()
    found = [topic for topic in policy.topics if topic.name in names]
    return {
        "least": max([policy.threshold, *(topic.threshold for topic in found)]),
        "otherwise": policy.threshold,
        "ways": min([policy.limits().dimensions, *(topic.dimensions for topic in found)]),
        "reason": " ".join(dict.fromkeys(topic.why for topic in found)),
    }
