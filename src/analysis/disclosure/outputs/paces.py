"""How long groups stay or wait, compared: mean days out of the first so many, and the pace of leaving.

These rest on the days of single rows, so they are no tables in another form. They are held to the rules of
means and of models: a group is in them only if its size, and how many of it left within the days looked at,
are released; if it bears a percentage; and if as many left as a step of a curve needs. Days are whole ones,
ratios of three digits. Mean days of everybody are not given beside those of groups, so that the group that is
left out cannot be got by subtraction.

References
----------
Griffiths E and others (2019), Handbook on Statistical Disclosure Control for Outputs, Safe Data Access
Professionals, "Means", "Regression" and "Survival analysis".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.outputs.breakdown import Breakdown
from analysis.disclosure.outputs.content import MARKER, Content
from analysis.disclosure.outputs.contrasts import known
from analysis.disclosure.outputs.derived import with_release
from analysis.disclosure.outputs.durations import SEEN, Durations
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.outputs.models import three_digits
from analysis.disclosure.outputs.settled import Settled
from analysis.disclosure.outputs.survival import followed
from analysis.disclosure.policy import Policy
from analysis.disclosure.tables import make_key
from analysis.errors import DataRefused
from analysis.methods.cox import cox
from analysis.methods.logrank import logrank
from analysis.methods.restricted import restricted_mean

CHANGES: Final = "The ratio changes as time goes on: read the difference in days."
NOT_FOLLOWED: Final = "Not enough were followed so long for a mean."
ONE_GROUP: Final = "No other group can be shown to be compared with."
AGAINST: Final = "The others are compared with this."
DAYS: Final = ("mean", "mean_low", "mean_high", "difference", "difference_low", "difference_high")
RATIO: Final = ("ratio", "ratio_low", "ratio_high", "p", "logrank_p", "check_p")
LABELS: Final = {
    "compared_with": "Compared with",
    "mean": "Mean days",
    "mean_low": "Days from",
    "mean_high": "Days to",
    "difference": "Difference",
    "difference_low": "Difference from",
    "difference_high": "Difference to",
    "ratio": "Ratio of the pace",
    "p": "p of the ratio",
    "logrank_p": "p that all leave alike (log-rank)",
    "check_p": "p that the ratio stays the same",
    "note": "What to know",
}


@dataclass(frozen=True, eq=False)
class Pace:
    """Groups of durations compared.

    Attributes
    ----------
    split
        Broken down by one column.
    durations
        What they are computed from.
    horizon
        Days looked at, by place on the grid.
    reference
        The group that the others are compared with; the largest if empty.
    """

    split: Breakdown
    durations: Durations
    horizon: int
    reference: str

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return the mean days and the pace of each group that bears it."""
        (axis,), base = self.split.axes, settled.population.base
        told = [node for node in known(self.split, axis) if self._bears(settled, policy, {axis: node})]
        if not told or (self.reference and self.reference not in told):
            why = "the group to compare with has" if told else "its groups have"
            return Unavailable(
                f"No comparison of how long {base} last is shown: {why} too few people.", (base,)
            )
        rows = self._frame(settled, told)
        reference = self.reference or max(told, key=lambda node: int((rows[axis] == node).sum()))
        found = self._found(rows, axis, reference, settled.terms.confidence)
        lacking = [node for node in known(self.split, axis) if node not in told]
        hidden = [{axis: node, "note": "", MARKER: settled.terms.marker} for node in lacking]
        return self._content(settled, pd.concat([found, pd.DataFrame(hidden)], ignore_index=True))

    def _bears(self, settled: Settled, policy: Policy, at: Mapping[str, str]) -> bool:
        """Say whether a group's size and exits are released, and large enough."""
        stays, size = self.durations.stays, followed(self.split, self.durations.stays).key(at)
        left = make_key([*self.split.key(at), (SEEN, stays.left_name(0, self.horizon))])
        return (
            settled.shown(size)
            and settled.shown(left)
            and int(settled.system.count[settled.system.index(size)]) >= policy.percentage_base
            and settled.people(left) >= policy.survival_events
        )

    def _frame(self, settled: Settled, told: list[str]) -> pd.DataFrame:
        """Return the rows of the groups, followed to the horizon."""
        (axis,), population, stays = self.split.axes, settled.population, self.durations.stays
        label = np.full(population.rows, None, dtype=object)
        for node in told:
            label[population.at(axis, node)] = node
        inside = self.split.rows(population, {}) & stays.known & (label != None)  # noqa: E711  an array
        most = stays.grid[self.horizon]
        inside &= stays.entry < most
        rows = stays.frame(inside, population.codes()).assign(**{axis: label[inside]})
        beyond = rows["days"] > most
        cut = rows.assign(days=rows["days"].clip(upper=most), censored=rows["censored"] | beyond)
        return cut.sort_values([axis, "days", "entry", "censored"], kind="stable", ignore_index=True)

    def _found(self, rows: pd.DataFrame, axis: str, reference: str, confidence: float) -> pd.DataFrame:
        most = self.durations.stays.grid[self.horizon]
        how: dict[str, Any] = {"entry": "entry", "confidence": confidence}
        try:
            means = restricted_mean(rows, most, by=axis, against=reference, **how)
            ratios = cox(rows, [axis], reference={axis: reference}, person="person", **how)
            test = logrank(rows, axis, entry="entry").p
        except DataRefused:
            return pd.DataFrame([{axis: reference, "note": NOT_FOLLOWED}])
        checked = ratios.check.loc[ratios.check["covariate"] == axis, "p"]
        check = float(checked.iloc[0]) if len(checked) else math.nan
        one_by_one = ratios.frame.set_index("level")
        return pd.DataFrame(
            self._row(row, axis, reference, one_by_one.loc[row[axis]], test=test, check=check)
            for row in means.to_dict("records")
        )

    def _row(
        self, mean: Mapping[Any, Any], axis: str, reference: str, ratio: Any, *, test: float, check: float
    ) -> dict[str, Any]:
        node = mean[axis]
        made = {axis: node, "compared_with": "" if node == reference else reference, MARKER: ""}
        made |= {"mean": mean["mean"], "mean_low": mean["low"], "mean_high": mean["high"]}
        made |= {name: mean.get(name, math.nan) for name in DAYS[3:]}
        notes = [NOT_FOLLOWED] if math.isnan(mean["mean"]) else []
        if node == reference:
            return made | {"note": " ".join([AGAINST, *notes])}
        made |= {"ratio": ratio["ratio"], "ratio_low": ratio["low"], "ratio_high": ratio["high"]}
        made |= {"p": ratio["p"], "logrank_p": test, "check_p": check}
        notes += [CHANGES] if check < 0.05 else []
        notes += [ratio["note"]] if math.isnan(ratio["ratio"]) else []
        return made | {"note": " ".join(notes)}

    def _content(self, settled: Settled, found: pd.DataFrame) -> Content:
        made = found.reindex(columns=[*found, *(name for name in (*DAYS, *RATIO) if name not in found)])
        days = {name: made[name].astype(float).round() for name in DAYS}
        ratios = {name: made[name].astype(float).map(three_digits, na_action="ignore") for name in RATIO}
        alone = made["ratio"].isna().all()
        text = {name: made[name].fillna("") for name in ("compared_with", "note", MARKER) if name in made}
        frame = made.assign(**days, **ratios, **text)
        if alone:
            frame = frame.assign(note=ONE_GROUP).drop(columns=["compared_with", *DAYS[3:], *RATIO])
        (axis,) = self.split.axes
        first = [axis, *(name for name in ("compared_with", *DAYS, *RATIO, "note") if name in frame)]
        frame = with_release(frame[[*first, MARKER]], settled.terms.tier, settled.terms.source_id)
        formats = (
            dict.fromkeys(DAYS, "days") | dict.fromkeys(RATIO[:3], "ratio") | dict.fromkeys(RATIO[3:], ".2g")
        )
        return Content(
            frame=frame,
            axes=(axis,),
            cells={},
            nodes={axis: tuple(map(str, frame[axis]))},
            labels={name: words for name, words in LABELS.items() if name in frame},
            formats={name: how for name, how in formats.items() if name in frame},
        )
