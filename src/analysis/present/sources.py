"""The sources of a report: what each output rests on, and the list of all that were used."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.present import clearance, provenance


class Sources:
    """The table of sources, and which of them the outputs of a report rest on.

    Parameters
    ----------
    known
        source_id, title, publisher, date, tier: one row a source.
    """

    def __init__(self, known: pd.DataFrame) -> None:
        self._known = known
        self._used: dict[str, None] = {}

    def basis(self, source: Any, where: str) -> tuple[provenance.Basis, clearance.Given]:
        """Return what an output rests on, and what it was given as its source.

        Raises
        ------
        UsageError
            If it is no source.
        DisclosureRefused
            If it may not be displayed.
        """
        given = clearance.given(source, where=where)
        basis = provenance.gather(given.public, self._known, where=where, released=given.frames)
        self._used |= dict.fromkeys(citation.source_id for citation in basis.citations)
        return basis, given

    def used(self, where: str) -> tuple[pd.DataFrame, provenance.Basis]:
        """Return the rows of the sources that were used, and what they rest on."""
        frame = self._known[self._known["source_id"].isin(list(self._used))]
        return frame, provenance.gather([], self._known, where=where, released=[frame])
