"""What money spent would have to bring about: the question before any ratio, and the ratio with its ranges.

The table of assumptions is completed with what is published: the money and the people it supported. What each
pound brings back then needs assumptions; what it would take to bring back just a pound needs far fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.inputs import amount, positive, require_columns
from analysis.methods.prices import price_level
from analysis.methods.rows import PROVENANCE, resting_on
from analysis.methods.social_return import break_even, checked, drawn, tornado

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDS: Final = ("low", "likely", "high")
NOTHING_OFF: Final = {"reached": 1.0, "deadweight": 0.0, "displacement": 0.0, "attribution": 1.0}
"""What is assumed of an outcome that the service alone brought about, for everybody counted."""
MONEY: Final = {
    "spent": "Money spent",
    "planned": "Money planned",
    "received": "Money received for the duty",
    "example": "Money, as an example",
}
"""What the money that is appraised is called, by its kind."""
AS_SHARE: Final = ("reached", "deadweight", "displacement", "attribution", "drop_off", "discount")


def appraised(
    years: pd.DataFrame, people: pd.DataFrame, period: str, *, example: float, price_year: str
) -> pd.DataFrame:
    """Return the money that is appraised, and whom it supported if that is published.

    Parameters
    ----------
    years
        As `analysis.methods.money.by_year` returns it.
    people
        One row an outcome, the first the people supported: ``label``, ``money`` [GBP], ``number`` [people],
        ``period`` and provenance.
    period
        Of the report: "2022-23", "2021-24".
    example, price_year
        An amount to show where nothing is published [GBP], and the financial year of its prices.

    Returns
    -------
    DataFrame
        One row: ``label``, ``cost`` [GBP], ``people`` [NaN if not published], ``period`` (whose prices the
        money is in), ``kind`` ("spent", "planned", "received" or "example") and provenance.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: a choice. The money of the report's own year is taken before that of an older project.
    """
    require_columns(people, ["label", "money", "number", "period", *PROVENANCE], where="appraised")
    own = years[[str(year) >= period[:4] for year in years.index]].head(1)
    of_year = people[people["period"].isin(list(own.index))].head(1)
    if len(of_year):
        return _subject(of_year, "spent", "money", "number")
    if len(own):
        return _subject(
            own.assign(label="Money received for the duty", period=own.index), "received", "received"
        )
    if len(planned := people[people.index == "planned"]):
        return _subject(planned, "planned", "money", "number")
    shown = {"label": "An example", "money": amount(example, "example"), "period": price_year}
    blank = dict.fromkeys(PROVENANCE, "") | {"tier": "assumption", "source_id": "assumptions"}
    return _subject(pd.DataFrame([shown | blank], ["example"]), "example", "money")


def _subject(row: pd.DataFrame, kind: str, cost: str, people: str = "") -> pd.DataFrame:
    number = row[people] if people else float("nan")
    named = row.assign(cost=row[cost].astype(float), people=number, kind=kind)
    return named[["label", "cost", "people", "period", "kind", *PROVENANCE]]


def completed(assumptions: pd.DataFrame, subject: pd.DataFrame, deflators: pd.DataFrame) -> pd.DataFrame:
    """Return the assumptions with the published money and people, all money in the prices of the spending.

    Parameters
    ----------
    assumptions
        As `analysis.evidence.assumptions.read` returns it.
    subject
        As `appraised` returns it; a cost or a quantity that the assumptions give is used in its place.
    deflators
        As for `analysis.methods.prices.price_level`, with provenance.

    Returns
    -------
    DataFrame
        The rows of ``assumptions``, money brought to the prices of the spending, then rows for the cost and
        for the quantity of each outcome that lacks one; without a quantity where none is published.

    Raises
    ------
    DataRefused
        If there is no price level for the period of the spending or for a price year.
    """
    period = str(subject["period"].iloc[0])
    money = assumptions["price_year"].ne("")
    uplift = [_uplift(year, period, deflators) if year else 1.0 for year in assumptions["price_year"]]
    scaled = assumptions.assign(**{end: assumptions[end] * uplift for end in ENDS})
    basis = resting_on(scaled, deflators.assign(figure_ids="", footnote=""))
    held = scaled.assign(**{name: basis[name].where(money, scaled[name]) for name in PROVENANCE})
    return pd.concat([held, *_published(held, subject)], ignore_index=True)


def _uplift(year: str, period: str, deflators: pd.DataFrame) -> float:
    factor = price_level(period, deflators) / price_level(year, deflators)
    if np.isnan(factor):
        cure = "Choose a period and a price year that data/reference/deflator.csv has every quarter of."
        raise DataRefused(f"prices of {year} cannot be brought to {period}", where="completed", cure=cure)
    return float(factor)


def _published(held: pd.DataFrame, subject: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of cost and quantities that the assumptions lack and the evidence has."""
    row = subject.iloc[0]
    given = set(zip(held["outcome"], held["assumption"], strict=True))
    added = [("", "cost", float(row["cost"]), "GBP")] if ("", "cost") not in given else []
    if not np.isnan(row["people"]):
        lacking = [
            name for name in dict.fromkeys(held["outcome"]) if name and (name, "quantity") not in given
        ]
        added += [(name, "quantity", float(row["people"]), "people") for name in lacking]
    columns = ["outcome", "assumption", *ENDS, "unit"]
    rows = pd.DataFrame([(*names, *[number] * 3, unit) for *names, number, unit in added], columns=columns)
    words = {"cost": MONEY[str(row["kind"])], "quantity": row["label"]}
    reason = "An example" if row["kind"] == "example" else "As published"
    told: dict[str, Any] = {"kind": "evidence", "reason": reason, "price_year": ""}
    told["label"] = rows["assumption"].map(words)
    return [rows.assign(**told, **{name: row[name] for name in PROVENANCE})] if len(rows) else []


def spared_needed(table: pd.DataFrame, end: str = "likely") -> float:
    """Return for how many survivors the service must make the whole difference, for a pound back a pound.

    Parameters
    ----------
    table
        As `completed` returns it, with one outcome; its quantity is not used.
    end
        Which of the value's ends to take: "low", "likely" or "high".

    Returns
    -------
    float
        Survivors [not rounded].

    Raises
    ------
    DataRefused, UsageError
        As `analysis.methods.social_return.checked`.

    References
    ----------
    HM Treasury (2022). The Green Book, chapter 5: switching values.
    """
    outcome = _outcome(table)
    return break_even(_nothing_off(table, outcome, end), outcome, "quantity")


def pound_back(
    table: pd.DataFrame, most: float, *, ends: Mapping[str, str], points: int = 40
) -> pd.DataFrame:
    """Return what a pound brings back by how many survivors the service makes the whole difference for.

    Parameters
    ----------
    table
        As for `spared_needed`.
    most
        Largest number of survivors shown [above 0].
    ends
        Words of a line to the end of the value that it takes.
    points
        How many numbers of survivors at most; they are whole.

    Returns
    -------
    DataFrame
        ``label``, ``survivors``, ``back`` [GBP for each pound] and provenance of the whole table.

    Raises
    ------
    DataRefused, UsageError
        As `spared_needed`.

    References
    ----------
    As for `spared_needed`.
    """
    numbers = np.unique(np.ceil(np.linspace(0, positive(most, "survivors"), points)))
    needed = {words: spared_needed(table, end) for words, end in ends.items()}
    rows = [
        {"label": words, "survivors": float(number), "back": float(number) / all_of_it}
        for words, all_of_it in needed.items()
        for number in numbers
    ]
    used = table[table["assumption"].isin(["value", "cost", "discount"])]
    return _resting(pd.DataFrame(rows), used)


def worth_each(people: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Add to each outcome what it would have to be worth for a pound back for each pound.

    Parameters
    ----------
    people
        With ``each`` [GBP: money by number of outcomes] and provenance.
    table
        As `completed` returns it: its deadweight, displacement and attribution are used.

    Returns
    -------
    DataFrame
        All rows and columns, then ``needed`` (each, if only the share that is likely is owed to the service),
        ``needed_low`` and ``needed_high`` (at the most and the least
        favourable ends together); every row rests on the assumptions too.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If nothing is owed to the service.

    References
    ----------
    HM Treasury (2022). The Green Book, chapter 5: switching values.
    """
    require_columns(people, ["each", *PROVENANCE], where="worth_each")
    outcome = _outcome(table)
    used = table[
        table["outcome"].eq(outcome) & table["assumption"].isin(["deadweight", "displacement", "attribution"])
    ]
    of = {row["assumption"]: {end: float(row[end]) for end in ENDS} for row in _rows(used)}
    ends = {"needed": ("likely", "likely"), "needed_low": ("low", "high"), "needed_high": ("high", "low")}
    owed = {
        name: positive(_owed(of, lost, kept), "share owed to the service")
        for name, (lost, kept) in ends.items()
    }
    found = people.assign(**{name: people["each"] / part for name, part in owed.items()})
    return resting_on(found, used) if len(used) else found


def _owed(of: Mapping[str, Mapping[str, float]], lost: str, kept: str) -> float:
    off = [1 - of[name][lost] for name in ("deadweight", "displacement") if name in of]
    return float(np.prod([*off, of["attribution"][kept] if "attribution" in of else 1.0]))


def distribution(table: pd.DataFrame, *, draws: int, seed: int = 1, points: int = 60) -> pd.DataFrame:
    """Return the share of the draws in which a pound brings at least so much back.

    Parameters
    ----------
    table
        As `completed` returns it, with a quantity.
    draws, seed
        As for `analysis.methods.social_return.social_return`.
    points
        How many amounts, from nothing to what 1 draw in 100 is above.

    Returns
    -------
    DataFrame
        ``back`` [GBP for each pound], ``share`` [fraction of draws] and provenance of the whole table.

    Raises
    ------
    DataRefused, UsageError
        As `analysis.methods.social_return.checked`.

    References
    ----------
    As for `analysis.methods.social_return.social_return`.
    """
    found = drawn(checked(table), draws, seed)
    amounts = np.linspace(0, float(np.quantile(found, 0.99)), points)
    rows = pd.DataFrame({"back": amounts, "share": [float((found >= one).mean()) for one in amounts]})
    return _resting(rows, table)


def drivers(table: pd.DataFrame) -> pd.DataFrame:
    """Return how far the ratio moves with each assumption alone, widest first, in words a board reads.

    Parameters
    ----------
    table
        As `completed` returns it, with a quantity.

    Returns
    -------
    DataFrame
        ``label`` (the assumption with its ends), ``low`` and ``high`` [GBP for each pound], ``planned`` and
        provenance.

    Raises
    ------
    DataRefused, UsageError
        As `analysis.methods.social_return.checked`.

    References
    ----------
    Howard RA (1988). Decision analysis: practice and promise. Management Science 34, 679-695, for the chart.
    """
    wide = tornado(table)
    labels = [f"{row['label']}, {_end(row, 'low')} to {_end(row, 'high')}" for row in _rows(wide)]
    shown = wide.assign(label=labels, low=wide["ratio_low"], high=wide["ratio_high"])
    return resting_on(shown[["label", "low", "high", "planned", *PROVENANCE]], table)


def as_listed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the assumptions as a table shows them: numbers with their units as text, evidence marked.

    Parameters
    ----------
    table
        As `completed` returns it.

    Returns
    -------
    DataFrame
        ``label``, ``likely`` and ``range`` [text], ``rests`` ("Evidence" or "Assumption"), ``reason`` and
        provenance, without the common footnote.
    """
    rows = _rows(table)
    shown: dict[str, Any] = {
        "likely": [_end(row, "likely") for row in rows],
        "range": [
            f"{_end(row, 'low')} to {_end(row, 'high')}" if row["low"] < row["high"] else "no range"
            for row in rows
        ],
        "rests": table["kind"].map({"evidence": "Evidence", "assumption": "Assumption"}),
        "footnote": "",
    }
    return table.assign(**shown)[["label", "likely", "range", "rests", "reason", *PROVENANCE]]


def _end(row: Mapping[str, Any], end: str) -> str:
    number = float(row[end])
    if row["assumption"] in AS_SHARE:
        return f"{number:.1%}" if number * 100 % 1 else f"{number:.0%}"
    return f"£{number:,.0f}" if row["unit"] == "GBP" else f"{number:,.0f}"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries by column."""
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def _outcome(table: pd.DataFrame) -> str:
    """Return the first outcome of a table."""
    return next((str(name) for name in table["outcome"] if name), "")


def _nothing_off(table: pd.DataFrame, outcome: str, end: str) -> pd.DataFrame:
    """Return the table of one outcome with nothing taken off, its value at one end, and a quantity of one."""
    kept = table[table["outcome"].isin(["", outcome]) & ~table["assumption"].isin([*NOTHING_OFF, "quantity"])]
    value = kept["assumption"].eq("value")
    chosen = kept.assign(**{one: kept[end].where(value, kept["likely"]) for one in ENDS})
    one = {"outcome": outcome, "assumption": "quantity", **dict.fromkeys(ENDS, 1.0)}
    return pd.concat([chosen, pd.DataFrame([one])], ignore_index=True)


def _resting(rows: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    blank = rows.assign(**dict.fromkeys(PROVENANCE, ""))
    return resting_on(blank, used)
