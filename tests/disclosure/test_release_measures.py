"""Quantiles, means and amounts: enough people on each side, nobody who dominates, nothing by subtraction."""

import math
from dataclasses import replace

import numpy as np
import pytest
from rows import coded, referrals, release, spread

from analysis.disclosure.outputs.hidden import Hidden
from analysis.disclosure.outputs.magnitude import Sums, dominated, interval, p_percent, secondary, unsaid
from analysis.disclosure.outputs.measures import mean, quantile
from analysis.disclosure.outputs.presence import Shown, possible
from analysis.errors import UsageError

ALONE = np.arange(200)


def amounts(value, **by):
    """Plan amounts of one column, commit, and return them."""
    frame = referrals(value=value)
    one = release()
    planned = one.magnitude(frame, "value", **by)
    one.commit()
    return planned


@pytest.mark.parametrize(("rows", "told"), [(19, False), (20, True)])
def test_a_median_needs_ten_people_on_each_side(rows, told):
    """Of nineteen people fewer than ten lie on a side."""
    values = np.arange(rows, dtype=float)
    assert math.isnan(quantile(values, ALONE[:rows], 0.5, 10)) is not told


@pytest.mark.parametrize(("at", "least"), [(0.25, 40), (0.75, 40), (0.1, 100)])
def test_outer_quantiles_need_more_people(at, least):
    """A quartile needs forty people: ten are beyond it."""
    values = np.arange(200, dtype=float)
    assert math.isnan(quantile(values[: least - 1], ALONE[: least - 1], at, 10))
    assert not math.isnan(quantile(values[:least], ALONE[:least], at, 10))


def test_people_stand_on_the_sides_and_not_rows():
    """Forty rows of four people are four people."""
    values = np.arange(40, dtype=float)
    assert math.isnan(quantile(values, np.arange(40) % 4, 0.5, 10))
    one_has_half = np.r_[np.zeros(100, dtype=int), np.arange(1, 31)]
    high = np.r_[np.full(100, 50.0), np.arange(30, dtype=float)]
    assert math.isnan(quantile(high, one_has_half, 0.75, 10))


@pytest.mark.parametrize(("value", "shown"), [(3.4, 3), (47.2, 47), (123.0, 120), (0.0, 0), (1987.0, 2000)])
def test_a_quantile_has_two_digits_and_no_part_of_a_unit(value, shown):
    """What is shown is seldom anybody's own value."""
    assert quantile(np.full(40, value), ALONE[:40], 0.5, 10) == shown


def test_quantiles_are_of_released_groups_and_there_are_no_extremes():
    """A group whose size is hidden has no quantile; there is no minimum and no maximum."""
    counts = {("Female", "Accepted"): 200, ("Female", "Declined"): 100, ("Male", "Accepted"): 60}
    counts |= {("Not recorded", "Accepted"): 4}
    days = np.r_[np.arange(200), np.arange(100), np.arange(60), [1, 2, 3, 999]].astype(float)
    one = release()
    waits = one.quantiles(referrals(counts, days=days), "days", by="sex")
    one.commit()
    frame = waits.frame()
    assert isinstance(waits.value("median", sex="Not recorded"), Hidden)
    assert isinstance(waits.count(sex="Not recorded"), Hidden)
    assert {"min", "max", "minimum", "maximum"}.isdisjoint(frame.columns)
    hidden = frame["count"].isna()
    assert frame.loc[hidden, ["lower_quartile", "median", "upper_quartile"]].isna().all(axis=None)
    assert "999" not in frame.to_csv()


def test_who_has_no_number_is_counted_apart_and_protected():
    """Three without a number cannot be found by subtracting those with one from all; the median stays."""
    days = np.r_[np.full(3, np.nan), np.arange(362)].astype(float)
    frame = referrals(days=days)
    one = release()
    waits = one.quantiles(frame, "days")
    one.crosstab(frame, "sex")
    one.commit()
    (told,) = one.published()
    assert told.cells[(("days known", "Not known"),)] is None
    assert told.cells[(("days known", "Known"),)] is None or told.cells[()] is None
    assert waits.value("median") == 180
    assert waits.count() == 365
    assert isinstance(waits.value("known"), Hidden)


def test_a_number_of_a_hidden_size_needs_a_group_that_is_larger_by_far():
    """A median says that twenty people have a value: of fewer than forty that would tell too much."""
    counts = {("Female", "Accepted"): 200, ("Male", "Accepted"): 39, ("Not recorded", "Accepted"): 40}
    days = np.arange(279, dtype=float)
    days[[0, 1, 2, 200, 201, 202, 240, 241, 242]] = np.nan
    one = release()
    waits = one.quantiles(referrals(counts, days=days), "days", by="sex")
    one.commit()
    if not isinstance(waits.count(sex="Male"), Hidden):
        assert isinstance(waits.value("median", sex="Male"), Hidden)
    assert waits.value("median", sex="Female") == 100


def test_a_column_that_is_complete_needs_no_cell_for_the_unknown():
    """With a number for everybody there is nobody to protect, and the total is released."""
    one = release()
    waits = one.quantiles(referrals(days=5.0), "days")
    one.commit()
    assert waits.value("median") == 5
    assert waits.count() == 365


def test_means_allow_for_people_with_several_rows():
    """With one row each the interval is Student's; with two equal rows each it is as wide as with one."""
    values = np.array([3.0, 5.0, 7.0, 9.0, 11.0])
    centre, low, high = mean(values, np.arange(5), 0.95)
    half = 2.7764451 * values.std(ddof=1) / math.sqrt(5)
    assert (centre, low, high) == pytest.approx((7.0, 7.0 - half, 7.0 + half))
    assert mean(np.repeat(values, 2), np.repeat(np.arange(5), 2), 0.95) == pytest.approx((centre, low, high))


def test_a_mean_that_one_person_makes_is_hidden():
    """One survivor with nearly all of a sum is told by the mean and the count."""
    values = np.ones(365)
    values[220] = 1e6
    one = release()
    means = one.means(referrals(value=values), "value", by="sex")
    one.commit()
    assert isinstance(means.value("mean", sex="Male"), Hidden)
    assert means.count(sex="Male") == 82
    assert isinstance(means.value("mean"), Hidden), "the total less the other groups would give it back"


def test_means_and_amounts_of_one_column_are_one_system():
    """A mean and a count give the sum: what the amounts hide, the means of the same column hide too."""
    values = np.ones(365)
    values[220] = 1e6
    frame = referrals(value=values)
    one = release()
    means, totals = one.means(frame, "value", by="sex"), one.magnitude(frame, "value", by="sex")
    one.commit()
    assert list(means.frame()["mean"].isna()) == list(totals.frame()["total"].isna())


def test_a_mean_is_shown_beside_the_number_of_those_it_is_of_or_not_at_all():
    """The means of two groups and of both give the sizes: 62 women and 4 unknown, to within one or two."""
    wait = {"Female": 40.0, "Male": 4.0}
    frame = referrals({("Female", "Accepted"): 66, ("Male", "Accepted"): 90})
    values = np.array([wait[sex] for sex in frame["sex"]]) + np.arange(len(frame)) % 3
    values[:4] = np.nan
    known = (
        152
        * (values[~np.isnan(values)].mean() - values[66:].mean())
        / (values[4:66].mean() - values[66:].mean())
    )
    assert round(known) == 62, "so a reader would know that four are unknown"
    one = release()
    means = one.means(frame.assign(value=values), "value", by="sex")
    totals = one.magnitude(frame.assign(value=values), "value", by="sex")
    one.commit()
    for shown, column in ((means, "mean"), (totals, "total")):
        rows = shown.frame()
        assert rows["known"].isna().any()
        assert rows.loc[rows["known"].isna(), column].isna().all()


LITTLE = (9, 12, 30, 41)
"""Rows of four atoms: two groups beside two others, in two columns; the first is of too few."""


def beside(share, summed):
    """Return two rows of two columns and their margins: counts of the cells are hidden, of margins shown."""
    grid = np.eye(4, dtype=bool)
    margins = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 1, 1]]
    within = np.vstack([grid, np.array(margins, dtype=bool)])
    counted = np.arange(9) > 3
    return Shown(
        within, np.array(LITTLE, dtype=float), np.array(share, dtype=float), counted, np.array(summed)
    )


def test_sums_beside_counts_may_not_say_that_somebody_is_there():
    """Nearly all of a row's sum is of nine, since little is in the other column: so they are not nobody."""
    margins = np.arange(9) > 3
    told = beside((8.5, 0.2, 20.0, 0.3), margins)
    assert not possible(told, 0, 10)
    assert possible(replace(told, summed=margins & False), 0, 10)
    hidden = unsaid(told, [0], 10)
    assert hidden[4:].any()
    assert not hidden.all()
    assert possible(replace(told, summed=~hidden), 0, 10)


def test_sums_that_say_nothing_of_a_small_group_stay():
    """Where amounts are as large in one column as in the other, nobody there would do as well."""
    margins = np.arange(9) > 3
    told = beside((4.0, 6.0, 15.0, 20.0), margins)
    assert possible(told, 0, 10)
    assert not unsaid(told, [0], 10)[4:].any()


def test_an_amount_is_released_with_its_count():
    """Costs of many people, none of whom stands out."""
    totals = amounts(np.full(365, 100.0), by="sex")
    assert totals.value("total", sex="Male") == 8200
    assert totals.count(sex="Male") == 82
    assert totals.value("total") == 36500


def test_amounts_of_a_person_are_added_up_before_she_is_judged():
    """Many small payments to one person are one large amount."""
    rows = [*range(20), *([20] * 180)]
    frame = referrals({("Female", "Accepted"): 200}, people=rows, value=np.ones(200))
    frame = frame.assign(sex=coded(["Female"] * 200, ["Female"]))
    one = release()
    totals = one.magnitude(frame, "value", by="sex")
    one.commit()
    assert (
        totals.absence is not None
        or totals.frame()["total"].isna().all()
        or not dominated([1.0] * 20 + [80.0], 2, 85)
    )


@pytest.mark.parametrize("seed", range(40))
def test_no_hidden_amount_is_known_within_ten_per_cent(seed):
    """For random two-way tables the range that a reader can work out is wide on both sides."""
    draw = np.random.default_rng(seed)
    shape = draw.integers(2, 5, size=2)
    atoms = draw.gamma(1, 100, size=shape.prod())
    grid = np.arange(shape.prod()).reshape(shape)
    within = [*(grid.ravel() == one for one in grid.ravel())]
    within += [*(np.isin(grid.ravel(), line) for line in (*grid, *grid.T)), np.ones(grid.size, dtype=bool)]
    sums = Sums(np.array(within), atoms)
    primary = np.zeros(len(within), dtype=bool)
    primary[draw.choice(grid.size, size=2, replace=False)] = True
    hidden = secondary(sums, primary, 10)
    assert (hidden | ~primary).all()
    for cell in np.flatnonzero(primary):
        low, high = interval(sums, hidden, cell)
        truth = sums.cells[cell]
        assert low <= truth * 0.9 + 1e-6
        assert high >= truth * 1.1 - 1e-6


def test_the_rules_see_negative_amounts_by_their_size():
    """A loss tells as much of somebody as a gain."""
    assert p_percent([-100.0, 3.0, 2.0], 10)
    assert not p_percent([0.0, 0.0], 10)
    assert not p_percent([], 10)
    assert not dominated([], 2, 85)


def test_what_holds_no_numbers_is_refused():
    """A coded column has no mean."""
    with pytest.raises(UsageError, match='"outcome" holds no numbers'):
        release().means(referrals(), "outcome")


def test_a_pivot_table_is_what_pandas_calls_it():
    """Counts, means, medians and sums by rows and columns; no other aggregate is released."""
    frame = referrals(days=np.array(spread({5.0: 200, 9.0: 165})))
    one = release()
    table = one.pivot_table(frame, index="sex", columns="outcome")
    means = one.pivot_table(frame, index="sex", values="days", aggfunc="mean")
    with pytest.raises(UsageError, match='no aggregate "max" is released'):
        one.pivot_table(frame, index="sex", values="days", aggfunc="max")
    with pytest.raises(UsageError, match="no values are named"):
        one.pivot_table(frame, index="sex", aggfunc="sum")
    one.commit()
    assert (table.kind, means.kind) == ("counts", "means")
    assert table.axes == ("sex", "outcome")
