"""How far characteristics that are counted one by one may overlap in the same people."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import part_of, require_columns, whole
from analysis.methods.rows import PROVENANCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

METHOD: Final = "Boole–Fréchet bounds"


def at_least_one(counts: Sequence[int], total: int) -> Estimate:
    """Least and most people who can have one or more of several characteristics counted separately.

    Parameters
    ----------
    counts
        People with each characteristic [whole numbers].
    total
        All people [whole number].

    Returns
    -------
    Estimate
        Share of all people [fraction]: ``low`` if every smaller group lies within the largest, ``high`` if
        no two overlap; ``value`` is the low bound, all that is certain. ``confidence`` is None.

    Raises
    ------
    DataRefused
        If a count is above the total, or there is none.

    References
    ----------
    Boole G (1854). An investigation of the laws of thought. Walton and Maberly, chapter 19. Fréchet M (1935).
    Généralisation du théorème des probabilités totales. Fundamenta Mathematicae 25, 379-387.
    """
    parts = [part_of(count, total)[0] for count in counts]
    if not parts:
        raise DataRefused("no characteristic is given", where="counts", cure="Give at least one count.")
    least, most = max(parts), min(total, sum(parts))
    return Estimate(least / total, least / total, most / total, None, METHOD, count=least, base=total)


def both(first: int, second: int, total: int) -> tuple[int, int]:
    """Least and most people who can have two characteristics together.

    Parameters
    ----------
    first, second
        People with each [whole numbers].
    total
        All people [whole number].

    Returns
    -------
    tuple of int
        max(0, first + second - total) and min(first, second) [people].

    Raises
    ------
    DataRefused
        If a count is above the total.

    References
    ----------
    Fréchet M (1935), as for `at_least_one`.
    """
    one, other = part_of(first, total)[0], part_of(second, total)[0]
    return max(0, one + other - whole(total, "total")), min(one, other)


def ranges(frame: pd.DataFrame, least: int = 10) -> pd.DataFrame:
    """Set out how many people may have one or more of several characteristics, and both of each pair.

    Parameters
    ----------
    frame
        ``label``, ``count`` and ``base`` [people, one base], provenance.
    least
        Smallest group that is paired [people]; smaller ones count towards the first row alone.

    Returns
    -------
    DataFrame
        A row for all characteristics, keyed ``any``, then one a pair: ``label``, ``fewest``, ``most`` and
        ``base`` [people], ``low`` and ``high`` [fractions], and provenance.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a count is above its base, there is no row, or the bases differ.

    References
    ----------
    As for `at_least_one` and `both`.
    """
    require_columns(frame, ["label", "count", "base", *PROVENANCE], where="ranges")
    rows = frame.to_dict("records")
    if len({row["base"] for row in rows}) > 1:
        cure = "Compare characteristics of the same people only."
        raise DataRefused("the characteristics are out of different bases", where="ranges", cure=cure)
    total = int(rows[0]["base"]) if rows else 1
    any_of = at_least_one([int(row["count"]) for row in rows], total)
    most = round(any_of.high * total)
    made = [_range("At least one of them", (round(any_of.low * total), most), total, rows)]
    for pair in combinations([row for row in rows if row["count"] >= least], 2):
        bounds = both(int(pair[0]["count"]), int(pair[1]["count"]), total)
        made.append(_range(_joined(*(str(row["label"]) for row in pair)), bounds, total, pair))
    keys = ["any", *(f"pair-{number}" for number in range(1, len(made)))]
    return pd.DataFrame(made, index=pd.Index(keys, name="key"))


def _joined(one: str, other: str) -> str:
    return f"{one}, and {other[:1].lower()}{other[1:]}"


def _range(
    label: str, bounds: tuple[int, int], total: int, rows: Sequence[Mapping[Any, Any]]
) -> dict[str, Any]:
    fewest, most = bounds
    shares = {"low": fewest / total, "high": most / total}
    names = {
        name: " ".join(dict.fromkeys(" ".join(str(row[name]) for row in rows).split()))
        for name in PROVENANCE[:3]
    }
    notes = " ".join(dict.fromkeys(str(row["footnote"]) for row in rows if row["footnote"]))
    return {
        "label": label,
        "fewest": fewest,
        "most": most,
        "base": total,
        **shares,
        **names,
        "footnote": notes,
    }


def refused_of(group: int, refused: int, total: int) -> Estimate:
    """Least and greatest refusal rate of a group, when refusals are counted for everyone together.

    Parameters
    ----------
    group
        Referrals of the group [whole number, 1 or more].
    refused, total
        Referrals refused, and all referrals [whole numbers].

    Returns
    -------
    Estimate
        Share of the group's referrals refused [fraction]: ``low`` and ``high`` are certain bounds, ``value``
        the rate of everyone where it lies between them. ``confidence`` is None.

    Raises
    ------
    DataRefused
        If a count is above the total or the group is empty.

    References
    ----------
    Duncan OD, Davis B (1953). An alternative to ecological correlation. American Sociological Review 18,
    665-666.
    """
    fewest, most = both(group, refused, total)
    members = part_of(0, group)[1]
    rate = part_of(refused, total)[0] / total
    low, high = fewest / members, most / members
    return Estimate(min(max(rate, low), high), low, high, None, "Duncan–Davis bounds", base=members)
