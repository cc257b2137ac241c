"""A frame of person-level rows shows none, in any of the forms that Python or JupyterLab asks for."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter

from analysis.errors import DisclosureRefused
from analysis.records.personframe import DRAWERS, WRITERS, PersonFrame, PersonSeries, person_frame

TELLTALE = "ZZ"
ROWS = 128


def referrals() -> PersonFrame:
    """Return 128 referrals of 20 people, every value of which can be told from anything else."""
    made = pd.DataFrame(
        {
            "person": [f"{TELLTALE}{number % 20}" for number in range(ROWS)],
            "sex": pd.Categorical([f"{TELLTALE}f", f"{TELLTALE}m"] * 64),
            "days": np.arange(ROWS) + 777_000.5,
            "on": pd.Timestamp("1777-07-07"),
        }
    )
    return person_frame(made, "referrals")


def people() -> PersonFrame:
    """Return the people."""
    return person_frame(
        pd.DataFrame({"person": [f"{TELLTALE}{n}" for n in range(20)], "x": 777_777}), "people"
    )


OPERATIONS: dict[str, Callable[[PersonFrame], Any]] = {
    "whole": lambda f: f,
    "mask": lambda f: f[f["sex"] == f"{TELLTALE}f"],
    "loc": lambda f: f.loc[:50],
    "iloc": lambda f: f.iloc[3:70],
    "columns": lambda f: f[["person", "days"]],
    "column": lambda f: f["days"],
    "attribute": lambda f: f.sex,
    "row": lambda f: f.iloc[0],
    "head": lambda f: f.head(),
    "sample": lambda f: f.sample(4, random_state=1),
    "assign": lambda f: f.assign(z=1),
    "merge": lambda f: f.merge(people(), on="person"),
    "join": lambda f: f.set_index("person").join(people().set_index("person")),
    "merge_asof": lambda f: pd.merge_asof(f, f, on="days"),
    "concat": lambda f: pd.concat([f, f]),
    "concat sideways": lambda f: pd.concat([f, people()], axis=1),
    "concat columns": lambda f: pd.concat([f["days"], f["days"]]),
    "group mean": lambda f: f.groupby("sex").days.mean(),
    "group size": lambda f: f.groupby("sex").size(),
    "group agg": lambda f: f.groupby("person").agg(m=("days", "max"), k=("sex", "first")),
    "group apply": lambda f: f.groupby("sex").apply(lambda part: part["days"].mean()),
    "transform": lambda f: f.groupby("sex").days.transform("sum"),
    "pivot": lambda f: f.pivot_table(index="sex", columns="person", values="days"),
    "unstack": lambda f: f.groupby(["sex", "person"]).days.sum().unstack(),  # noqa: PD010
    "value counts": lambda f: f["sex"].value_counts(),
    "row counts": lambda f: f[["sex"]].value_counts(),
    "describe": lambda f: f.describe(),
    "describe column": lambda f: f["days"].describe(),
    "transposed": lambda f: f.T,
    "melt": lambda f: f.melt(id_vars="person", value_vars=["days"]),
    "stack": lambda f: f[["days"]].stack(),  # noqa: PD013
    "drop": lambda f: f.drop(columns="days"),
    "sort": lambda f: f.sort_values("days"),
    "distinct": lambda f: f.drop_duplicates("person"),
    "query": lambda f: f.query("days > 777_010"),
    "apply": lambda f: f.apply(lambda row: row["days"], axis=1),
    "sums": lambda f: f.sum(numeric_only=True),
    "arithmetic": lambda f: f["days"] + 1,
    "comparison": lambda f: f["days"] > 777_005,
    "rolling": lambda f: f["days"].rolling(3).mean(),
    "resample": lambda f: f.set_index("on").days.resample("MS").sum(),
    "cut": lambda f: pd.cut(f["days"], 3),
    "text": lambda f: f["person"].str[:3],
    "dates": lambda f: f["on"].dt.year,
    "dates as text": lambda f: f["on"].dt.strftime("%d %Y"),
    "to frame": lambda f: f["days"].to_frame(),
    "astype": lambda f: f.astype({"days": int}),
    "fillna": lambda f: f.fillna({"days": 0}),
    "map": lambda f: f["sex"].map({f"{TELLTALE}f": f"{TELLTALE}x"}),
    "explode": lambda f: f.assign(many=[[1, 2]] * ROWS).explode("many"),
    "items": lambda f: next(iter(f.items()))[1],
    "iterrows": lambda f: next(f.iterrows())[1],
    "correlation": lambda f: f[["days"]].corr(),
    "pickled": lambda f: pickle.loads(pickle.dumps(f)),  # noqa: S301 - our own
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_pandas_makes_of_it_shows_no_row_either(operation: Callable[[PersonFrame], Any]) -> None:
    """One line of plain text, without a value, by every door."""
    made = operation(referrals())
    assert isinstance(made, PersonFrame | PersonSeries)
    forms, metadata = DisplayFormatter().format(made)
    assert set(forms) == {"text/plain"}
    assert metadata == {}
    for shown in (forms["text/plain"], str(made), repr(made), f"{made}", "{}".format(made), "%s" % made):  # noqa: UP031, UP032
        assert shown.endswith("person-level: not shown>")
        assert TELLTALE not in shown
        assert "777" not in shown


def test_it_says_how_many_rows_of_what() -> None:
    """A selection is still of referrals; a few are not counted."""
    found = referrals()
    assert repr(found) == "<128 referrals, person-level: not shown>"
    assert repr(found[found["days"] > 777_010]) == "<118 referrals, person-level: not shown>"
    assert repr(found.head(9)) == "<fewer than 10 referrals, person-level: not shown>"
    assert repr(found["days"]) == "<128 values of days, person-level: not shown>"
    assert repr(found.merge(people(), on="person")) == "<128 referrals, person-level: not shown>"
    assert repr(pd.concat([found, found])) == "<256 referrals, person-level: not shown>"


def test_a_selection_knows_how_many_rows_its_table_has() -> None:
    """So that a part cannot pass for the whole when tables are planned."""
    found = referrals()
    assert found.rows == ROWS
    assert found.head(20).assign(z=1).rows == ROWS
    assert person_frame(pd.DataFrame(found.head(20)), "referrals").rows == 20


@pytest.mark.parametrize("name", WRITERS)
def test_rows_are_not_written(name: str) -> None:
    """Neither a frame nor a column can be put into a file by pandas, and the message has the cure."""
    for made in (referrals(), referrals()["days"]):
        with pytest.raises(DisclosureRefused, match=rf"{name} would show or write .* run\.release"):
            getattr(made, name)()


@pytest.mark.parametrize("name", DRAWERS)
def test_rows_are_not_drawn(name: str) -> None:
    """A plot of rows shows every one of them."""
    for made in (referrals(), referrals()["days"]):
        with pytest.raises(DisclosureRefused, match=r"run\.release"):
            getattr(made, name)


def test_info_would_count_what_is_filled() -> None:
    """It is refused, and prints nothing."""
    with pytest.raises(DisclosureRefused):
        referrals().info()


def test_it_computes_as_pandas_does() -> None:
    """Covering changes no number."""
    found, plain = referrals(), pd.DataFrame(referrals())
    pd.testing.assert_series_equal(
        pd.Series(found.groupby("sex", observed=True)["days"].mean()),
        plain.groupby("sex", observed=True)["days"].mean(),
    )
    pd.testing.assert_frame_equal(pd.DataFrame(found.merge(people())), plain.merge(pd.DataFrame(people())))
    pd.testing.assert_series_equal(pd.Series(found["sex"].value_counts()), plain["sex"].value_counts())
    pd.testing.assert_series_equal(pd.Series(found["on"].dt.year), plain["on"].dt.year)
