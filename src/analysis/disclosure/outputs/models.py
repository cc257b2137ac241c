"""Regression models of an outcome on categories: what is fitted, when it may be shown, and what of it.

The tables of outcome by each covariate are sufficient for a main-effects model: a reader who has the
estimates knows no more than one who has those tables. So they are planned as tables of the base, and a
coefficient is shown only if every cell of its category is. Coefficients and their intervals are shown; fitted
values, residuals, leverage and anything else that has a row for each survivor are not kept.

References
----------
Griffiths E and others (2019), Handbook on Statistical Disclosure Control for Outputs, Safe Data Access
Professionals, "Regression": coefficients are safe with ten residual degrees of freedom at least and no
saturated model; residuals and leverage are not. McCullagh P, Nelder JA (1989). Generalized Linear Models, 2nd
ed., section 2.2 (sufficient statistics under the canonical link).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.outputs.breakdown import Bools, Breakdown
from analysis.disclosure.outputs.content import MARKER, Content
from analysis.disclosure.outputs.derived import with_release
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.outputs.repeats import clustered
from analysis.disclosure.outputs.settled import Settled
from analysis.disclosure.policy import Policy
from analysis.disclosure.population import Floats, Population, kinds_of_unknown
from analysis.errors import UsageError
from analysis.methods.inputs import normal_quantile

FAMILIES: Final = {"logistic": "Odds ratio", "poisson": "Ratio of rates", "linear": "Difference"}
"""What a family of models estimates."""


OTHERS: Final = ": all others"


@dataclass(frozen=True)
class Fit:
    """A fitted model, without anything of single rows.

    Attributes
    ----------
    terms
        Names of the parameters, the constant first.
    estimates, errors
        Of each parameter, on the scale of the linear predictor; errors allow for several rows of a survivor
        where enough survivors of each category have them.
    residual
        Observations more than parameters.
    """

    terms: tuple[str, ...]
    estimates: Floats
    errors: Floats
    residual: int


def fit(design: pd.DataFrame, outcome: Floats, people: Any, family: str) -> Fit | None:
    """Fit a generalised linear model with errors clustered by survivor.

    Parameters
    ----------
    design
        One column a parameter.
    outcome
        One a row.
    people
        Survivor of each row.
    family
        One of `FAMILIES`.

    Returns
    -------
    Fit
        None if it has no finite solution, as where an outcome is all or nothing in a category.

    References
    ----------
    McCullagh P, Nelder JA (1989). Generalized Linear Models, 2nd ed., section 2.5. Liang KY, Zeger SL (1986).
    Longitudinal data analysis using generalized linear models. Biometrika 73, 13-22.
    """
    from statsmodels.genmod import families  # noqa: PLC0415  slow to import, and seldom needed
    from statsmodels.genmod.generalized_linear_model import GLM  # noqa: PLC0415

    chosen = {"logistic": families.Binomial, "poisson": families.Poisson, "linear": families.Gaussian}[family]
    if np.linalg.matrix_rank(design.to_numpy()) < design.shape[1]:
        return None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            done = GLM(outcome, design, family=chosen()).fit(
                cov_type="cluster", cov_kwds={"groups": np.asarray(people)}
            )
        except (ValueError, np.linalg.LinAlgError):
            return None
    estimates, errors = np.asarray(done.params), np.asarray(done.bse)
    if not (done.converged and np.isfinite(estimates).all() and np.isfinite(errors).all()):
        return None
    return Fit(tuple(map(str, design.columns)), estimates, errors, len(outcome) - design.shape[1])


@dataclass(frozen=True, eq=False)
class Model:
    """A main-effects model of whether, how often or how much, on categories.

    Attributes
    ----------
    split
        Its rows, without axes: the part of the base that it is fitted to.
    tables
        For each covariate, how it and the outcome break the base down; of its categories, the first that can
        be told is compared with.
    sides
        Categories of the outcome that are compared, if it is one of categories.
    outcome
        One a row [0 or 1, a count, or any number; NaN where not known].
    family
        One of `FAMILIES`.
    repeats
        For each covariate, how it and whether a survivor has several rows break the base down.
    """

    split: Breakdown
    tables: Mapping[str, Breakdown]
    sides: tuple[str, ...]
    outcome: Floats
    family: str
    repeats: Mapping[str, Breakdown] = field(default_factory=dict)

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return coefficients and intervals, or why there are none.

        Categories of too few people are one term together, which is never shown.
        """
        told = {name: told_apart(table, settled, name, self.sides) for name, table in self.tables.items()}
        why = "some of its categories are of too few people"
        if all(len(nodes) > 1 for nodes in told.values()):
            rows = self.split.rows(settled.population, {}) & ~np.isnan(self.outcome)
            design, outcome = _design(settled, rows, told), self.outcome[rows]
            people = settled.population.codes()[rows]
            why = self._refusal(design, outcome, people, policy)
            clusters = people if clustered(settled, self.repeats, told) else np.arange(len(people))
            done = None if why else fit(design, outcome, clusters, self.family)
            if done:
                return self._content(settled, done, told)
        base = settled.population.base
        return Unavailable(f"No model of {base} is shown: {why or 'it has no finite solution'}.", (base,))

    def _refusal(self, design: pd.DataFrame, outcome: Floats, people: Any, policy: Policy) -> str:
        """Return why the model may not be shown, in words that tell no count; "" if it may."""
        terms, patterns = design.shape[1], len(design.drop_duplicates())
        if patterns < terms + (len(self.tables) > 1):
            return "it has as many terms as there are kinds of survivor"
        if len(outcome) - terms < policy.model_min_residual:
            return "it has too few rows for its terms"
        if self.family != "logistic":
            return ""
        fewest = min(len(np.unique(people[outcome == value])) for value in (0.0, 1.0))
        return (
            "too few people had the outcome, or had not" if fewest < policy.model_min_events * terms else ""
        )

    def _content(self, settled: Settled, done: Fit, told: Mapping[str, Sequence[str]]) -> Content:
        wide = normal_quantile(settled.terms.confidence) * done.errors
        ends = np.stack([done.estimates, done.estimates - wide, done.estimates + wide])
        value, low, high = ends if self.family == "linear" else np.exp(ends)
        shown = [place for place, term in enumerate(done.terms) if place and not term.endswith(OTHERS)]
        terms = tuple(done.terms[place] for place in shown)
        name = "difference" if self.family == "linear" else "ratio"
        frame = pd.DataFrame(
            {
                "term": terms,
                "compared_with": [told[term.partition(": ")[0]][0] for term in terms],
                name: [three_digits(one) for one in value[shown]],
                f"{name}_low": [three_digits(one) for one in low[shown]],
                f"{name}_high": [three_digits(one) for one in high[shown]],
                MARKER: "",
            }
        )
        form = ".3g" if self.family == "linear" else "ratio"
        return Content(
            frame=with_release(frame, settled.terms.tier, settled.terms.source_id),
            axes=("term",),
            cells={(): settled.count(self.split.key({}))},
            nodes={"term": terms},
            labels={
                "term": "Category",
                "compared_with": "Compared with",
                name: FAMILIES[self.family].capitalize(),
            },
            formats=dict.fromkeys((name, f"{name}_low", f"{name}_high"), form),
        )


def three_digits(value: float) -> float:
    """Return a number to three digits: more would serve only to work tables back."""
    if value == 0 or not math.isfinite(value):
        return value
    return float(round(value, 2 - math.floor(math.log10(abs(value)))))


@dataclass(frozen=True)
class Outcome:
    """A yes-or-no outcome: which categories count, which do not, and which are unknown and left out.

    Attributes
    ----------
    column
        The dimension.
    groups
        What those that count are called, and those that do not, with their categories.
    coded
        1, 0 or NaN for each row.
    """

    column: str
    groups: Mapping[str, tuple[str, ...]]
    coded: Floats

    @property
    def sides(self) -> tuple[str, ...]:
        """What is compared."""
        return tuple(self.groups)


def outcome_of(population: Population, column: str, positive: str | Sequence[str] | None) -> Outcome:
    """Return an outcome of categories; a kind of unknown is neither yes nor no.

    Raises
    ------
    UsageError
        If no category counts, one is unknown, or none is left that does not count.
    """
    where = f"release of {population.base}, {column}"
    wanted = (positive,) if isinstance(positive, str) else tuple(positive or ())
    leaves = [leaf for leaf in population.leaves(column) if leaf not in kinds_of_unknown()]
    others = tuple(leaf for leaf in leaves if leaf not in wanted)
    if not wanted or not others or not set(wanted) <= set(leaves):
        cure = f"Pass positive= one or more of: {', '.join(leaves)}; not all."
        raise UsageError("the outcome has no yes and no", where=where, cure=cure)
    yes = " or ".join(wanted)
    groups = {yes: wanted, others[0] if len(others) == 1 else f"not {yes}": others}
    said = population.of(column)
    values = [1.0 if one in wanted else 0.0 if one in others else math.nan for one in said]
    return Outcome(column, groups, np.array(values))


def told_apart(table: Breakdown, settled: Settled, name: str, sides: Sequence[str]) -> tuple[str, ...]:
    """Return the categories of a column whose cells are all released, with the outcome and without it.

    Parameters
    ----------
    table
        Breaks the base down by the column, and by the outcome if it is one of categories.
    sides
        The categories of the outcome that are compared; none for one of numbers.
    """
    other = [axis for axis in table.axes if axis != name]
    cells = [{other[0]: side} for side in sides] if other else [{}]
    return tuple(
        node
        for node in table.nodes[name]
        if all(settled.shown(key) for key in (table.key({name: node, **cell}) for cell in cells))
    )


def _design(settled: Settled, rows: Bools, told: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return a constant, a column for each category but the first, and one for all not told apart."""
    columns: dict[str, Floats] = {"constant": np.ones(int(rows.sum()))}
    for name, nodes in told.items():
        each = {node: settled.population.at(name, node)[rows].astype(np.float64) for node in nodes}
        columns |= {f"{name}: {node}": column for node, column in list(each.items())[1:]}
        others = 1 - sum(each.values(), np.zeros(int(rows.sum())))
        if others.any():
            columns[f"{name}{OTHERS}"] = others
    return pd.DataFrame(columns)
