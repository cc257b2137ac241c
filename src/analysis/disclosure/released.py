"""Released objects: what a notebook holds of records, pending until all tables are protected together.

An object never holds rows. Once released it holds numbers that passed protection and attack, and markers in
place of those that did not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, Final

import pandas as pd

from analysis.disclosure.outputs.content import MARKER, PROVENANCE, Content, Terms, crossed, marked, typed
from analysis.disclosure.outputs.derived import permitted, released_in, with_release
from analysis.disclosure.outputs.hidden import Hidden, Unavailable
from analysis.disclosure.tables import TOTAL, Key, make_key
from analysis.errors import DisclosureRefused, UsageError, one_of
from analysis.methods.estimate import Estimate

SHARE_COLUMNS: Final = {"share": "value", "low": "low", "high": "high"}
SHARE_LABELS: Final = {"count": "Count", "base": "Out of", "share": "Share"}


class Released:
    """One output of a report: planned, then released or not available.

    Parameters
    ----------
    name
        What the checker's page calls it.
    kind
        One of `analysis.disclosure.commitment.RULES`, or ``shares`` or ``derived`` of what was released.
    about
        Its base and breakdown, in words.
    terms
        What it says of itself.

    Attributes
    ----------
    sources
        Names of all that it is made of: its own, and of what was handed to a method beside it.
    exceptions
        Exceptions to the policy that hold for any of them.
    """

    def __init__(self, name: str, kind: str, about: str, terms: Terms) -> None:
        self.name, self.kind, self.about, self.terms = name, kind, about, terms
        self.exceptions: tuple[str, ...] = ()
        self.sources: tuple[str, ...] = (name,)
        self._content: Content | None = None
        self._absence: Unavailable | None = None

    def __repr__(self) -> str:
        if self._absence is not None:
            return f"<{self.kind} of {self.about}: not available, {self._absence.why}>"
        if self._content is None:
            return f"<{self.kind} of {self.about}: pending>"
        shown = self.table().drop(columns=list(PROVENANCE))
        return f"<{self.kind} of {self.about}>\n{shown.to_string(index=False)}"

    def settle(self, outcome: Content | Unavailable) -> None:
        """Take what was released, or why nothing was; a release does so once."""
        if isinstance(outcome, Unavailable):
            self._absence = outcome
        else:
            self._content = outcome

    @property
    def pending(self) -> bool:
        """Whether it waits for the commit."""
        return self._content is None and self._absence is None

    @property
    def absence(self) -> Unavailable | None:
        """Why it is not available, if it is not."""
        return self._absence

    @property
    def content(self) -> Content:
        """What was released.

        Raises
        ------
        DisclosureRefused
            If it is only planned.
        """
        if self._content is None:
            cure = "Plan everything first, then call release.commit(), then show it."
            raise DisclosureRefused(
                f"the {self.kind} of {self.about} are pending", where=self.name, cure=cure
            )
        return self._content

    @property
    def hides(self) -> bool:
        """Whether a number of it is hidden."""
        return self._content is not None and self.terms.marker in set(self._content.frame[MARKER])

    @property
    def axes(self) -> tuple[str, ...]:
        """Columns of labels."""
        return self.content.axes

    def frame(self) -> Any:
        """Return a copy of the numbers, hidden ones missing, with the marker of each row.

        Returns
        -------
        DataFrame
            One row a category or combination; totals are left out. `Unavailable` if there is nothing.
        """
        return self.content.frame.copy() if self._absence is None else self._absence

    def table(self) -> Any:
        """Return the numbers as a table shows them, with the marker in place of each hidden one."""
        if self._absence is not None:
            return self._absence
        return crossed(self.content, self.terms) if self.content.wide else marked(self.content.frame)

    def count(self, **at: str) -> Any:
        """Return the rows counted in a cell [whole number].

        Parameters
        ----------
        **at
            A category by axis; all of an axis that is not named.

        Returns
        -------
        int
            `Hidden` if the number is not released, `Unavailable` if there is nothing.

        Raises
        ------
        UsageError
            If an axis or a category is not one of the object.
        """
        return self._cell(at) if self._absence is None else self._absence

    def share(self, of: str | Iterable[str] = (), **at: str) -> Any:
        """Return the share that a cell is of the same cell over all other axes, with its interval.

        Parameters
        ----------
        of
            Axes that the base keeps: ``share("sex", sex="Male", outcome="Accepted")`` is of all men.
        **at
            A category by axis.

        Returns
        -------
        Estimate
            A fraction with the interval of `analysis.methods.proportions.proportion`, from released counts
            alone. `Hidden` if a count is hidden or the base smaller than the policy allows, `Unavailable` if
            there is nothing.

        Raises
        ------
        UsageError
            If an axis or a category is not one of the object.
        """
        if self._absence is not None:
            return self._absence
        kept = {of} if isinstance(of, str) else set(of)
        base = {axis: node for axis, node in at.items() if axis in kept}
        return self._share(self.count(**at), self.count(**base), self._key(at))

    def _share(self, count: Any, base: Any, key: Key) -> Any:
        """Return a share of two counts; all of a group is never said but where nothing else can be."""
        if isinstance(count, Hidden) or isinstance(base, Hidden) or base < self.terms.percentage_base:
            return self.terms.hidden
        if count in {0, base} and key not in self.content.impossible and not self._rest_impossible(key):
            return self.terms.hidden
        from analysis.methods.proportions import proportion  # noqa: PLC0415  scipy, when it is needed

        return proportion(count, base, self.terms.confidence)

    def _rest_impossible(self, key: Key) -> bool:
        """Say whether everyone knows that all of the group is in this cell: nothing else can be."""
        axes = dict(key)
        for axis in self.axes:
            others = [node for node in self.content.nodes[axis] if node not in {axes.get(axis), TOTAL}]
            cells = [make_key({**axes, axis: node}.items()) for node in others]
            if axis in axes and all(cell in self.content.impossible for cell in cells):
                return True
        return False

    def shares(self, of: str | Iterable[str] | None = None) -> Any:
        """Return the share of each category, with its interval, as an object of its own.

        Parameters
        ----------
        of
            Axes that each base keeps: ``shares(of="sex")`` of sex by outcome gives the outcomes of men and of
            women. All axes but the last unless given.

        Returns
        -------
        Released
            With ``count``, ``base`` [rows], ``share``, ``low`` and ``high`` [fractions], all from released
            counts. A share is hidden if a count is, or if its base is smaller than the policy allows.

        Raises
        ------
        UsageError
            If an axis is not one of the object, or all are kept.
        """
        if self._absence is not None:
            return self._absence
        kept = list(self.axes[:-1]) if of is None else [of] if isinstance(of, str) else list(of)
        for axis in kept:
            self._axis(axis)
        if set(kept) >= set(self.axes):
            raise UsageError("the base keeps every axis", where=self.name, cure="Leave one out of of=.")
        rows = [self._share_row(dict(zip(self.axes, nodes, strict=True)), kept) for nodes in self._leaves()]
        frame = with_release(pd.DataFrame(rows), self.terms.tier, self.terms.source_id)
        labels = {**self.content.labels, **SHARE_LABELS}
        formats = {"count": "count", "base": "count", **dict.fromkeys(("share", "low", "high"), "percent")}
        content = replace(self.content, frame=typed(frame), labels=labels, formats=formats, wide=False)
        return self._child("shares", f"{self.about}, as shares", content)

    def _share_row(self, at: dict[str, str], kept: list[str]) -> dict[str, Any]:
        count, base = self.count(**at), self.count(**{axis: at[axis] for axis in kept})
        key = self._key(at)
        share = self._share(count, base, key)
        cannot = key in self.content.impossible
        found = share if isinstance(share, Estimate) and not cannot else None
        said: dict[str, Any] = {"count": None if cannot else _number(count), "base": _number(base)}
        said |= {name: getattr(found, attribute, None) for name, attribute in SHARE_COLUMNS.items()}
        mark = self.terms.structural if cannot else self.terms.marker if None in said.values() else ""
        return {**at, **said, MARKER: mark}

    def value(self, column: str, **at: str) -> Any:
        """Return one number of the frame.

        Parameters
        ----------
        column
            A column of numbers.
        **at
            A category by axis; all of an axis that is not named.

        Returns
        -------
        float or int
            `Hidden` if it is not released, `Unavailable` if there is nothing.

        Raises
        ------
        UsageError
            If there is no such column or row.
        """
        if self._absence is not None:
            return self._absence
        if column not in self.content.frame or column in {*self.axes, *PROVENANCE, MARKER}:
            cure = one_of(column, [str(name) for name in self.content.frame.columns])
            raise UsageError(f'it has no numbers "{column}"', where=self.name, cure=cure)
        found = self._row(at)[column]
        return self.terms.hidden if pd.isna(found) else found.item() if hasattr(found, "item") else found

    def estimate(self, column: str = "share", *, unit: str = "proportion", **at: str) -> Any:
        """Return one estimate of the frame with its interval: the columns ``low`` and ``high`` beside it."""
        if self._absence is not None:
            return self._absence
        value, low, high = (self.value(name, **at) for name in (column, "low", "high"))
        if any(isinstance(one, Hidden) for one in (value, low, high)):
            return self.terms.hidden
        return Estimate(value, low, high, self.terms.confidence, unit=unit)

    def derive(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Apply a method to the released numbers.

        Parameters
        ----------
        function
            A function of `analysis.methods`; it is handed the frame first.
        *args, **named
            Plain values, released objects, and frames of published or reference evidence; nothing else, so
            that no person-level number can enter here.

        Returns
        -------
        Released, or the number or estimate that the method returns
            `Unavailable` if there is nothing.

        Raises
        ------
        DisclosureRefused
            If the function is no method, or something not released is handed to it.
        """
        given = [permitted(one, where=self.name) for one in args]
        also = {name: permitted(one, where=self.name) for name, one in named.items()}
        lacking = next((one for one in [*given, *also.values()] if isinstance(one, Unavailable)), None)
        if self._absence is not None or lacking is not None:
            return lacking if self._absence is None else self._absence
        if not str(getattr(function, "__module__", "")).startswith("analysis.methods."):
            cure = "Hand it a function of analysis.methods."
            raise DisclosureRefused(
                "only a method is applied to released numbers", where=self.name, cure=cure
            )
        result = function(self.frame(), *given, **also)
        if not isinstance(result, pd.DataFrame):
            return result
        frame = with_release(result, self.terms.tier, self.terms.source_id)
        frame = frame if MARKER in frame else frame.assign(**{MARKER: self._missing(frame)})
        content = replace(
            self.content, frame=frame, axes=tuple(axis for axis in self.axes if axis in frame), wide=False
        )
        child = self._child(
            "derived", f"{self.about}, by {getattr(function, '__name__', 'a method')}", content
        )
        for one in released_in((args, named)):
            child.sources = tuple(dict.fromkeys((*child.sources, *one.sources)))
            child.exceptions = tuple(dict.fromkeys((*child.exceptions, *one.exceptions)))
        return child

    def _missing(self, frame: pd.DataFrame) -> list[str]:
        lacking = frame.select_dtypes("number").isna().any(axis=1)
        return [self.terms.marker if one else "" for one in lacking]

    def _child(self, kind: str, about: str, content: Content) -> Released:
        child = Released(self.name, kind, about, self.terms)
        child.exceptions, child.sources = self.exceptions, self.sources
        child.settle(content)
        return child

    def _cell(self, at: Mapping[str, str]) -> int | Hidden:
        key = self._key(at)
        if key not in self.content.cells:
            cure = "Ask for a cell of its axes of categories."
            raise UsageError("no rows are counted there", where=self.name, cure=cure)
        return self.content.cells[key]

    def _axis(self, axis: str) -> tuple[str, ...]:
        if axis not in self.axes:
            raise UsageError(f'"{axis}" is not an axis', where=self.name, cure=one_of(axis, self.axes))
        return tuple(self.content.nodes[axis])

    def _key(self, at: Mapping[str, str]) -> Key:
        for axis, node in at.items():
            if node != TOTAL and node not in self._axis(axis):
                cure = one_of(str(node), self._axis(axis))
                raise UsageError(f'"{axis}" has no category "{node}"', where=self.name, cure=cure)
        return make_key(at.items())

    def _leaves(self) -> Iterable[tuple[str, ...]]:
        return product(*([n for n in self.content.nodes[axis] if n != TOTAL] for axis in self.axes))

    def _row(self, at: Mapping[str, str]) -> pd.Series[Any]:
        frame = self.content.frame
        for axis, node in at.items():
            self._key({axis: node})
            frame = frame.loc[frame[axis].astype(str) == node]
        for axis in set(self.axes) - set(at):
            frame = frame.loc[frame[axis].astype(str) == TOTAL] if TOTAL in set(frame[axis]) else frame
        if len(frame) != 1:
            cure = f"Name a category of each of: {', '.join(self.axes)}."
            raise UsageError(f"{len(frame)} rows are meant", where=self.name, cure=cure)
        return frame.iloc[0]


def _number(value: Any) -> int | None:
    return None if isinstance(value, Hidden) else int(value)
