"""Numbers worked out of single rows, as the ledger keeps them: which were shown, and whether they changed.

Counts of two releases are held against each other cell by cell (`earlier.history`). Means, sums,
quantiles, curves and paces cannot be, since the ledger holds none of them; and if one survivor's stay is
corrected they change while no count does. Mean times count before, and mean times count after, are then two
sums that differ by what is hers. So a number that was shown is shown again from other records only if it is
the same.

References
----------
Hundepool A and others (2012). Statistical disclosure control. Wiley, chapter 5, disclosure by differencing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import pandas as pd

from analysis.disclosure.earlier.history import LATE, Refusal
from analysis.record import canonical_json, sha256

KINDS: Final = frozenset({"quantiles", "means", "amounts", "survival", "model", "pace", "gain"})
"""Outputs that rest on more than counts of cells."""
WHY: Final = (
    "It rests on single rows, and was released for {area}, {start} to {end} from records that have changed"
    " since: the difference may be one survivor's. Release what was released then, or leave it out."
)


@dataclass(frozen=True)
class FromRows:
    """What a reader of one release learns of one base beside counts.

    Attributes
    ----------
    base, area, start, end, data
        As for `analysis.disclosure.published.Published`.
    numbers
        Output to the SHA-256 of the numbers that it shows.
    """

    base: str
    area: tuple[str, ...]
    start: str
    end: str
    data: str
    numbers: Mapping[str, str]

    def body(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self) | {"area": list(self.area), "numbers": dict(sorted(self.numbers.items()))}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """Return what `body` gave."""
        return cls(**{**body, "area": tuple(body["area"])})

    @property
    def digest(self) -> str:
        """SHA-256 of its canonical JSON."""
        return sha256(canonical_json(self.body()).encode())

    def place(self) -> tuple[Any, ...]:
        """Return of which rows it is: base, place and time."""
        return self.base, self.area, self.start, self.end


def digest_of(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a released frame, each number to ten digits."""
    cells = [[_said(cell) for cell in row] for row in frame.itertuples(index=False)]
    return sha256(canonical_json([list(map(str, frame.columns)), cells]).encode())


def _said(cell: Any) -> str:
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def refusals(new: Sequence[FromRows], earlier: Sequence[FromRows]) -> list[Refusal]:
    """Return the numbers that were shown before and are others now, because the records have changed."""
    return [
        Refusal(LATE, one.base, (("output", name),), (other.digest,), _why(other))
        for one in new
        for other in earlier
        if one.place() == other.place() and one.data != other.data
        for name, digest in one.numbers.items()
        if other.numbers.get(name, digest) != digest
    ]


def _why(earlier: FromRows) -> str:
    return WHY.format(area=", ".join(earlier.area), start=earlier.start, end=earlier.end)
