"""Frames of person-level rows: they compute like any other, and never show a row.

What a notebook displays, prints or puts into an error of its own goes through ``repr``, ``str`` or one of the
forms that JupyterLab asks an object for. Here each of them says how many rows there are and of what, and no
more. Writing rows somewhere else is refused. This is a guard against a slip, not against intent: whoever runs
a notebook on records holds the key to them. What pandas makes a plain frame of (``pd.crosstab``,
``pd.get_dummies``, a merge into a plain frame, an array) is plain again; a report displays neither, because
it displays only what disclosure control has released.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn, Self

import pandas as pd

from analysis.errors import DisclosureRefused

FEW: Final = 10
"""Fewer rows than this are not even counted in words."""

CURE: Final = "Take counts, shares or summaries of it through run.release."
WRITERS: Final = (
    "to_clipboard",
    "to_csv",
    "to_excel",
    "to_feather",
    "to_hdf",
    "to_html",
    "to_iceberg",
    "to_json",
    "to_latex",
    "to_markdown",
    "to_orc",
    "to_parquet",
    "to_pickle",
    "to_sql",
    "to_stata",
    "to_string",
    "to_xml",
)
DRAWERS: Final = ("plot", "hist", "boxplot", "style")


def sentence(rows: int, what: str) -> str:
    """Return what stands where rows would be shown: ``<128 referrals, person-level: not shown>``."""
    count = f"{rows:,}" if rows >= FEW else f"fewer than {FEW}"
    return f"<{count} {what or 'rows'}, person-level: not shown>"


class _Dates:
    """The ``dt`` of a column of dates; pandas would make plain columns."""

    def __init__(self, accessor: Any) -> None:
        self._accessor = accessor

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._accessor, name)
        if not callable(found):
            return _covered(found)
        return lambda *args, **kwargs: _covered(found(*args, **kwargs))


def _covered(found: Any) -> Any:
    """Return a plain frame or column that was made of rows as one that shows none."""
    if isinstance(found, pd.DataFrame):
        return PersonFrame(found)
    return PersonSeries(found) if isinstance(found, pd.Series) else found


class PersonSeries(pd.Series):
    """One column, one row or one number a group of a `PersonFrame`; it is not shown either."""

    @property
    def _constructor(self) -> Callable[..., PersonSeries]:
        return PersonSeries

    @property
    def _constructor_expanddim(self) -> Callable[..., PersonFrame]:
        return PersonFrame

    @property
    def dt(self) -> Any:  # type: ignore[override]  # the stubs have an attribute
        """Parts of dates, as pandas has them."""
        return _Dates(super().dt)

    def value_counts(self, *args: Any, **kwargs: Any) -> PersonSeries:
        """Count the values; not shown either."""
        return PersonSeries(super().value_counts(*args, **kwargs))

    def describe(self, *args: Any, **kwargs: Any) -> PersonSeries:  # type: ignore[misc]
        """Describe the values; not shown either."""
        return PersonSeries(super().describe(*args, **kwargs))

    def __repr__(self) -> str:
        name = self.name if isinstance(self.name, str) else ""
        return sentence(len(self), f"values of {name}" if name else "values")

    __str__ = __repr__

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, str]:
        return {"text/plain": repr(self)}


class PersonFrame(pd.DataFrame):
    """Rows of records, one a referral, survivor, stay …; the column ``person`` says whose.

    Attributes
    ----------
    what
        What a row is, in the plural: "referrals".
    rows
        Rows of the whole table that this one is made of; a selection keeps the number.
    """

    _metadata = ["what", "rows"]  # noqa: RUF012 - as pandas declares it
    what: str = ""
    rows: int | None = None

    @property
    def _constructor(self) -> Callable[..., PersonFrame]:
        return PersonFrame

    @property
    def _constructor_sliced(self) -> Callable[..., PersonSeries]:
        return PersonSeries

    def __repr__(self) -> str:
        return sentence(len(self), self.what)

    __str__ = __repr__

    def __finalize__(self, other: Any, method: str | None = None, **kwargs: Any) -> Self:
        """Keep what a row is, and how many there were, through merging: those of the first."""
        made: Self = super().__finalize__(other, method, **kwargs)  # type: ignore[misc]
        parts = [*getattr(other, "input_objs", ()), getattr(other, "left", None)]
        named = [part for part in parts if isinstance(part, PersonFrame) and part.what]
        if named and not made.what:
            made.what, made.rows = named[0].what, named[0].rows
        return made

    def value_counts(self, *args: Any, **kwargs: Any) -> PersonSeries:
        """Count the rows that are alike; not shown either."""
        return PersonSeries(super().value_counts(*args, **kwargs))

    def describe(self, *args: Any, **kwargs: Any) -> PersonFrame:  # type: ignore[misc]
        """Describe the columns; not shown either."""
        return PersonFrame(super().describe(*args, **kwargs))

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, str]:
        return {"text/plain": repr(self)}

    def _repr_html_(self) -> None:
        """Give JupyterLab no table."""

    _repr_latex_ = _repr_data_resource_ = _repr_html_

    def info(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: it would print how many values of each column are filled."""
        _refuse("info")


def person_frame(frame: pd.DataFrame, what: str) -> PersonFrame:
    """Return a frame as one that shows no row.

    Parameters
    ----------
    frame
        Any frame.
    what
        What a row is, in the plural.
    """
    made = PersonFrame(frame)
    made.what, made.rows = what, len(made)
    return made


def _refuse(name: str) -> NoReturn:
    raise DisclosureRefused(f"{name} would show or write person-level rows", where="records", cure=CURE)


def _refusing(name: str) -> Any:
    def refused(_: Any, *__: Any, **___: Any) -> NoReturn:
        _refuse(name)

    refused.__name__ = name
    refused.__doc__ = "Refuse: rows are neither written nor drawn."
    return refused


for _name in WRITERS:
    setattr(PersonFrame, _name, _refusing(_name))
    setattr(PersonSeries, _name, _refusing(_name))
for _name in DRAWERS:
    setattr(PersonFrame, _name, property(_refusing(_name)))
    setattr(PersonSeries, _name, property(_refusing(_name)))
