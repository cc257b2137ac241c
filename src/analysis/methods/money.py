"""What authorities print of money, put together: years of funding, units of a project, and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.methods.inputs import positive, require_columns, share
from analysis.methods.prices import months_of
from analysis.methods.rows import PROVENANCE, resting_on
from analysis.methods.value import unit_cost, with_unit_costs

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS: Final = ("received", "carried", "available", "spent")
WHO: Final = {
    "adults": ("An adult, as planned", "the number printed", ("adults",)),
    "engaged": (
        "An adult, of those who would engage",
        "the share printed of the number printed, which is not the number planned for",
        ("waiting", "engaging"),
    ),
    "children": (
        "An adult or child",
        "two thirds of adults with children, which is what the printed cost needs",
        ("adults", "parents", "children_each"),
    ),
    "unborn": (
        "An adult, child or unborn child",
        "one person in ten of those planned for is pregnant",
        ("adults", "parents", "children_each", "unborn"),
    ),
}
"""Who may be counted as a person that a project supports: words, what to know, and the figures needed."""


def by_year(view: pd.DataFrame) -> pd.DataFrame:
    """Return one row a year of money received, carried in, available and spent, and what is left.

    Parameters
    ----------
    view
        One printed figure a row: ``group`` (one of `STEPS`), ``value`` [GBP], ``period`` (a financial year),
        and provenance; keys that begin with "predicted" are marked.

    Returns
    -------
    DataFrame
        Indexed by year, earliest first: ``label``, the four steps [GBP, NaN where nothing is printed],
        ``left`` (available less spent), ``left_share`` (of the money received), ``printed_next`` (what is
        printed as carried into the next year, NaN if nothing is), ``note`` and provenance. Empty if the view
        is.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: a change of shape, and subtraction.
    """
    require_columns(view, ["group", "value", "period", *PROVENANCE], where="by_year")
    years = [_year(str(year), rows) for year, rows in view.groupby("period", sort=True)]
    columns = ["label", *STEPS, "left", "left_share", "printed_next", "note", *PROVENANCE]
    frame = pd.DataFrame(years, columns=["label", *STEPS, "note", *PROVENANCE])
    left = frame["available"] - frame["spent"]
    found = frame.assign(
        left=left, left_share=left / frame["received"], printed_next=frame["carried"].shift(-1)
    )
    return found[columns].set_index(pd.Index(frame["label"], name="key"))


def _year(year: str, rows: pd.DataFrame) -> dict[str, Any]:
    amounts = rows.set_index("group")["value"]
    predicted = rows.index.astype(str).str.startswith("predicted").any()
    basis = resting_on(rows.iloc[[0]], rows).iloc[0]
    return {
        "label": year,
        **{step: amounts.get(step, float("nan")) for step in STEPS},
        "note": "partly predicted" if predicted else "",
        **{name: basis[name] for name in PROVENANCE},
    }


def in_long(frame: pd.DataFrame, parts: Mapping[str, str]) -> pd.DataFrame:
    """Return several amounts of each row below each other, for a chart that groups them.

    Parameters
    ----------
    frame
        With the columns named, and provenance.
    parts
        Column of amounts to its words, in order.

    Returns
    -------
    DataFrame
        The rows of ``frame`` once for each part that it has, row by row: its columns, ``part`` (words) and
        ``amount``.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: a change of shape.
    """
    require_columns(frame, [*parts, *PROVENANCE], where="in_long")
    placed = frame.assign(place=range(len(frame)))
    laid = pd.concat([placed.assign(part=words, amount=placed[name]) for name, words in parts.items()])
    kept = laid[laid["amount"].notna()].sort_values("place", kind="stable")
    return kept.drop(columns="place").reset_index(drop=True)


def with_each(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what each person, place or event costs.

    Parameters
    ----------
    frame
        With ``count`` [GBP] and ``base`` [people, places or events above 0].

    Returns
    -------
    DataFrame
        All rows and columns, the two named ``money`` and ``number``, then ``each`` [GBP].

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a number is impossible.

    References
    ----------
    As for `analysis.methods.value.unit_cost`.
    """
    require_columns(frame, ["count", "base"], where="with_each")
    each = [unit_cost(cost, units) for cost, units in zip(frame["count"], frame["base"], strict=True)]
    named = frame.rename(columns={"count": "money", "base": "number"})
    return named.assign(each=pd.Series(each, frame.index, dtype=float))


def with_units_at_fill(units: pd.DataFrame, fill: float) -> pd.DataFrame:
    """Add to each unit of a project its cost over the project, a year, and a year and unit filled.

    Parameters
    ----------
    units
        With ``label``, ``cost`` [GBP over the project], ``units``, ``printed`` [GBP], ``period`` and
        provenance.
    fill
        Share of the units that is filled [fraction above 0].

    Returns
    -------
    DataFrame
        All rows and columns, then ``months``, ``fill``, ``cost_per_unit``, ``cost_per_unit_year`` and
        ``cost_per_unit_delivered`` [GBP].

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a number is impossible, or a period cannot be read.

    References
    ----------
    As for `analysis.methods.value.unit_cost`.
    """
    require_columns(units, ["cost", "units", "period"], where="with_units_at_fill")
    timed = units.assign(
        months=[len(months_of(period)) for period in units["period"]],
        fill=positive(share(fill, "fill"), "fill"),
    )
    return with_unit_costs(timed, price_basis="as printed", months="months", fill="fill").drop(
        columns="price_basis"
    )


def people_costs(view: pd.DataFrame) -> pd.DataFrame:
    """Return what a project costs a person, by whom one counts.

    Parameters
    ----------
    view
        Indexed by key: ``cost``, ``adults``, ``waiting`` [a year], ``engaging`` and ``parents`` [percent],
        ``children_each``, ``unborn``, and ``printed_adults``, ``printed_children``, ``printed_unborn`` [GBP];
        with ``value``, ``period`` and provenance.

    Returns
    -------
    DataFrame
        Indexed by ``adults``, ``engaged``, ``children`` and ``unborn``: ``label``, ``people``, ``each``
        [GBP], ``printed`` [GBP, NaN where nothing is], ``period``, ``note`` and provenance. Empty if the view
        lacks a part.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: division.
    """
    require_columns(view, ["value", "period", *PROVENANCE], where="people_costs")
    columns = ["label", "people", "each", "printed", "period", "note", *PROVENANCE]
    needed = {"cost", *(part for _, _, parts in WHO.values() for part in parts)}
    if not needed <= set(view.index):
        return pd.DataFrame(columns=columns)
    of = view["value"].astype(float)
    children = of["adults"] * of["parents"] / 100 * of["children_each"]
    people = {
        "adults": of["adults"],
        "engaged": of["waiting"] * of["engaging"] / 100,
        "children": of["adults"] + children,
        "unborn": of["adults"] + children + of["unborn"],
    }
    rows = {key: _person(view, key, count) for key, count in people.items()}
    return pd.DataFrame(rows.values(), pd.Index(list(rows), name="key"), columns)


def _person(view: pd.DataFrame, key: str, people: float) -> dict[str, Any]:
    label, note, parts = WHO[key]
    basis = resting_on(view.loc[["cost"]], view.loc[list(parts)]).iloc[0]
    return {
        "label": label,
        "people": people,
        "each": float(view["value"]["cost"]) / positive(people, "people"),
        "printed": view["value"].get(f"printed_{key}", float("nan")),
        "period": view["period"]["cost"],
        "note": note,
        **{name: basis[name] for name in PROVENANCE},
    }
