"""What a run leaves for `deepdive release`: one JSON file that tells no more than the report does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from analysis.disclosure.commitment import Commitment, Output
from analysis.disclosure.earlier.from_rows import FromRows
from analysis.disclosure.published import Published
from analysis.errors import DataRefused
from analysis.record import DISCLOSURE_FILE, canonical_json

FORM: Final = "deepdive-disclosure-1"


@dataclass(frozen=True)
class Handover:
    """The contents of the file.

    Attributes
    ----------
    tier
        ``records`` or ``synthetic``.
    policy
        Digest of the policy.
    marker, structural
        What stands for a hidden number, and for one that cannot be.
    exceptions
        Exceptions to the policy, as the report prints them.
    keys
        Key of each table, figure and finding that shows something of records, to the outputs that it is of.
    outputs
        Every planned output with its rule, verdict and reason.
    published
        What a reader learns of each base, for the ledger.
    from_rows
        Which numbers of single rows are shown beside it, as digests.
    """

    tier: str
    policy: str
    marker: str
    structural: str
    exceptions: tuple[str, ...]
    keys: Mapping[str, tuple[str, ...]]
    outputs: tuple[Output, ...]
    published: tuple[Published, ...]
    from_rows: tuple[FromRows, ...] = ()

    def to_json(self) -> str:
        """Return canonical JSON."""
        body = asdict(self) | {
            "form": FORM,
            "published": [json.loads(one.to_json()) for one in self.published],
            "from_rows": [one.body() for one in self.from_rows],
        }
        return canonical_json(body)

    @classmethod
    def from_json(cls, text: str) -> Handover:
        """Return what `to_json` wrote.

        Raises
        ------
        DataRefused
            If it is something else.
        """
        try:
            body: dict[str, Any] = json.loads(text)
            if body.pop("form") != FORM:
                raise _unreadable()
            body["published"] = tuple(Published.from_json(json.dumps(one)) for one in body["published"])
            body["from_rows"] = tuple(map(FromRows.of, body["from_rows"]))
            body["outputs"] = tuple(Output(**one) for one in body["outputs"])
            body["exceptions"] = tuple(body["exceptions"])
            body["keys"] = {key: tuple(names) for key, names in body["keys"].items()}
            return cls(**body)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise _unreadable() from None


def handover(release: Commitment, keys: Mapping[str, Sequence[str]]) -> Handover:
    """Return what a committed release hands over.

    Parameters
    ----------
    release
        The release of the run.
    keys
        Key of each output of the report to the names of what it shows.
    """
    return Handover(
        tier=release.terms.tier,
        policy=release.policy.digest,
        marker=release.terms.marker,
        structural=release.terms.structural,
        exceptions=release.exceptions(),
        keys={key: tuple(names) for key, names in sorted(keys.items())},
        outputs=release.outputs(),
        published=release.published(),
        from_rows=release.from_rows(),
    )


def _unreadable() -> DataRefused:
    return DataRefused("it cannot be read", where=DISCLOSURE_FILE, cure="Run the notebook again.")
