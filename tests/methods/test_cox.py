"""Log-rank and Cox against printed examples, fractions worked by hand, and what cannot be said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from published_durations import late_entries, leukaemia, maintenance, ovarian, ties
from statsmodels.duration.hazard_regression import PHReg

from analysis.errors import DataRefused, UsageError
from analysis.methods.cox import covariance, cox
from analysis.methods.followup import follow_up
from analysis.methods.logrank import logrank
from analysis.methods.partial_likelihood import maximum, partial_likelihood


def seen_in(frame):
    """Return the durations of a frame and its covariate."""
    entry = "entry" if "entry" in frame else None
    seen = follow_up(frame, days="days", censored="censored", entry=entry, where="test")
    return frame[["x"]].to_numpy(dtype=float), seen


def log_ratio(model, level):
    """Return the log ratio of a level and its standard error."""
    row = model.frame.loc[model.frame["level"] == level].iloc[0]
    return np.log(row["ratio"]), np.log(row["high"] / row["low"]) / 2 / 1.959963984540054


def test_the_log_rank_test_of_six_mp_is_as_printed():
    """16.79 on 1 degree of freedom, p 4.17e-05; 19.3 and 10.7 expected (R, survdiff)."""
    found = logrank(leukaemia(), "group")
    assert (round(found.statistic, 2), found.df) == (16.79, 1)
    assert found.p == pytest.approx(4.17e-05, abs=5e-8)
    assert found.frame["exits"].to_list() == [9, 21]
    assert found.frame["expected"].round(1).to_list() == [19.3, 10.7]


def test_the_log_rank_test_of_maintenance_is_as_printed():
    """Miller's data: 10.69 and 7.31 expected, p 0.0653 (R, survdiff)."""
    found = logrank(maintenance(), "group")
    assert found.frame["expected"].round(2).to_list() == [10.69, 7.31]
    assert round(found.p, 4) == 0.0653


def test_the_log_rank_test_with_entry_is_the_sum_worked_by_hand():
    """Exits less expected is the score -2/15 of test data 2; variances by hypergeometric fractions."""
    frame = late_entries().assign(group=late_entries()["x"])
    found = logrank(frame, "group", entry="entry")
    treated = found.frame.set_index("group").loc[1.0]
    assert treated["exits"] - treated["expected"] == pytest.approx(-2 / 15)
    variance = 1 / 4 + 2 / 9 + 6 / 25 + 3 / 16 + 3 / 16 + 2 * (3 / 4) * (6 / 25)
    assert found.statistic == pytest.approx((2 / 15) ** 2 / variance)


def test_three_groups_have_two_degrees_of_freedom():
    """And the order of groups does not matter."""
    frame = leukaemia()
    frame.loc[::3, "group"] = "third"
    found, other = logrank(frame, "group"), logrank(frame.iloc[::-1], "group")
    assert found.df == 2
    assert found.statistic == pytest.approx(other.statistic)


def test_no_log_rank_test_without_exits_or_groups():
    """A sentence in place of the test."""
    frame = leukaemia()
    assert logrank(frame.assign(censored=True), "group").status == "no exit"
    alone = logrank(frame.assign(group="all"), "group")
    assert (alone.status, alone.note) == ("one group", "There is only one group.")
    apart = pd.DataFrame(
        {"days": [2, 3, 8, 9], "censored": False, "entry": [0, 0, 5, 5], "group": ["a", "a", "b", "b"]}
    )
    found = logrank(apart, "group", entry="entry")
    assert found.status == "never together"
    assert np.isnan(found.p)


def test_six_mp_and_maintenance_are_as_printed():
    """R, coxph with Efron's ties: 1.5721 (0.4124) for placebo, 0.916 (0.512) for no maintenance."""
    value, error = log_ratio(cox(leukaemia(), ["group"], reference={"group": "6-MP"}), "placebo")
    assert (round(value, 4), round(error, 4)) == (1.5721, 0.4124)
    model = cox(maintenance(), ["group"], reference={"group": "maintained"})
    value, error = log_ratio(model, "not maintained")
    assert (round(value, 3), round(error, 3)) == (0.916, 0.512)


def test_ties_are_as_worked_by_hand():
    """Test data 1: likelihood, score 52/48, information 83/144 and each row's share of the score at 0."""
    x, seen = seen_in(ties())
    at_zero = partial_likelihood(x, seen, np.zeros(1))
    assert at_zero.loglik == pytest.approx(-4.276666, abs=5e-7)
    assert at_zero.score[0] == pytest.approx(52 / 48)
    assert at_zero.information[0, 0] == pytest.approx(83 / 144)
    assert at_zero.per_row.ravel() * 144 == pytest.approx([60, -12, 55, -5, 29, 29])
    beta, best = maximum(x, seen)
    assert beta[0] == pytest.approx(1.676857, abs=1e-5)
    assert best.loglik == pytest.approx(-3.358979, abs=5e-6)


def test_entry_is_as_worked_by_hand():
    """Test data 2: -0.02111 (0.79518) with Efron's ties; score and residuals at ratio 2 are fractions."""
    value, error = log_ratio(cox(late_entries(), ["x"], entry="entry"), "")
    assert (round(value, 5), round(error, 5)) == (-0.02111, 0.79518)
    x, seen = seen_in(late_entries())
    at_two = partial_likelihood(x, seen, np.log([2.0]))
    assert at_two.per_row.ravel()[:5] == pytest.approx([1 / 9, -3 / 8, -21 / 32, -165 / 784, -2417 / 14112])
    tied = 1 / 8 + 1 / 6
    assert at_two.schoenfeld.ravel() == pytest.approx([1 / 3, -1 / 2, -3 / 4, 1 / 7, -6 / 7, tied, tied])
    assert at_two.per_row.sum() == pytest.approx(at_two.score[0])


def test_who_comes_on_the_day_of_an_exit_is_not_at_risk_on_it():
    """Entry is the day after which somebody is under observation."""
    frame = pd.DataFrame({"days": [5, 9, 9], "censored": False, "entry": [0, 5, 0], "x": [1.0, 0, 0]})
    x, seen = seen_in(frame)
    assert seen.at_risk(np.array([5.0])).tolist() == [2]
    assert partial_likelihood(x, seen, np.zeros(1)).schoenfeld[0, 0] == pytest.approx(1 / 2)


def test_it_agrees_with_statsmodels():
    """Two covariates, ties, no entry: coefficients and errors of PHReg with Efron's ties."""
    frame = ovarian()
    model = cox(frame, ["age", "ecog"])
    theirs = PHReg(frame["days"], frame[["age", "ecog"]], status=~frame["censored"], ties="efron").fit()
    assert np.log(model.frame["ratio"]).to_numpy() == pytest.approx(theirs.params, abs=1e-6)
    half = np.log(model.frame["high"] / model.frame["low"]) / 2 / 1.959963984540054
    assert half.to_numpy() == pytest.approx(theirs.bse, rel=1e-5)


def test_it_agrees_with_statsmodels_with_entry_moved_past_the_day():
    """Which counts who comes on a day as at risk on it: half a day later it gives the printed value too."""
    frame = late_entries()
    args = {"status": ~frame["censored"], "ties": "efron"}
    late = PHReg(frame["days"], frame[["x"]], entry=frame["entry"] + 0.5, **args).fit()
    assert late.params[0] == pytest.approx(-0.0211052, abs=1e-6)
    value, _ = log_ratio(cox(frame, ["x"], entry="entry"), "")
    assert value == pytest.approx(late.params[0], abs=1e-6)


def test_the_check_of_proportional_hazards_is_as_printed():
    """Ovarian cancer (R, cox.zph): 0.698, 2.371, and 3.633 on 2 degrees of freedom; p 0.40, 0.12, 0.16."""
    check = cox(ovarian(), ["age", "ecog"]).check.set_index("covariate")
    assert check["statistic"].round(3).to_dict() == {"age": 0.698, "ecog": 2.371, "all together": 3.633}
    assert check["p"].round(2).to_list() == [0.40, 0.12, 0.16]
    assert check["df"].to_list() == [1, 1, 2]


def test_the_scaled_residuals_average_to_the_log_ratio():
    """Grambsch and Therneau (1994): the coefficient, where it stays the same."""
    model = cox(ovarian(), ["age", "ecog"])
    means = model.residuals.groupby("covariate")["ratio"].mean()
    assert means.to_numpy() == pytest.approx(np.log(model.frame["ratio"].to_numpy()), abs=1e-6)
    assert len(model.residuals) == 2 * model.exits


def test_the_check_sees_a_ratio_that_changes():
    """In all of 10 samples where it turns round; in at most 3 of 20 where it stays."""
    random, turned, stayed = np.random.default_rng(4), 0, 0
    for seed in range(20):
        group = np.repeat(["a", "b"], 100)
        u = random.exponential(1, 200)
        late = np.where(u < 0.5, u / 2, 0.25 + (u - 0.5) * 2)
        same = pd.DataFrame({"days": np.where(group == "a", u, u / 2), "censored": False, "group": group})
        stayed += cox(same, ["group"]).check["p"].iloc[0] < 0.05
        if seed < 10:
            frame = same.assign(days=np.where(group == "a", u, late))
            turned += cox(frame, ["group"]).check["p"].iloc[0] < 0.05
    assert turned == 10
    assert stayed <= 3


def test_errors_are_clustered_by_person():
    """Every person twice: as wide as once, where the plain error is narrower by the root of 2."""
    frame = pd.concat([leukaemia()] * 2, ignore_index=True).assign(days=lambda f: f["days"] + f.index / 1e4)
    _, plain = log_ratio(cox(frame, ["group"], reference={"group": "6-MP"}), "placebo")
    _, robust = log_ratio(cox(frame, ["group"], reference={"group": "6-MP"}, person="person"), "placebo")
    alone = leukaemia().assign(days=lambda f: f["days"] + f.index / 1e4)
    _, once = log_ratio(cox(alone, ["group"], reference={"group": "6-MP"}, person="person"), "placebo")
    assert plain == pytest.approx(0.29, abs=0.01)
    assert robust == pytest.approx(once, rel=0.02)
    x, seen = seen_in(ties())
    beta, best = maximum(x, seen)
    each = best.per_row.ravel() / best.information[0, 0]
    assert covariance(best, np.arange(6))[0, 0] == pytest.approx((each**2).sum())
    assert beta.shape == (1,)


def test_a_level_nobody_left_from_has_no_ratio_and_leaves_the_others_alone():
    """Its rows are left out of the fit, and said to be."""
    frame = leukaemia()
    extra = pd.DataFrame({"days": [9, 30], "censored": True, "group": "third", "person": [90, 91]})
    model = cox(pd.concat([frame, extra]), ["group"], reference={"group": "6-MP"})
    assert log_ratio(model, "placebo")[0] == pytest.approx(1.5721, abs=5e-5)
    third = model.frame.set_index("level").loc["third"]
    assert np.isnan(third["ratio"])
    assert (third["status"], third["people"], third["exits"]) == ("no exit", 2, 0)
    assert model.people == 42


def test_what_cannot_be_told_apart_is_said():
    """No exits at all, one person, the same column twice, and one group that always leaves first."""
    frame = leukaemia()
    none = cox(frame.assign(censored=True), ["group"])
    assert none.frame["ratio"].isna().sum() == 1
    assert none.check["status"].eq("no estimate").all()
    same = cox(frame.assign(copy=frame["group"]), ["group", "copy"])
    assert same.frame.loc[same.frame["status"] != "reference", "ratio"].isna().all()
    assert cox(frame.iloc[[0]], ["group"]).frame["ratio"].to_list() == [1]
    apart = pd.DataFrame({"days": [1, 2, 3, 7, 8, 9], "censored": False, "group": list("aaabbb")})
    found = cox(apart, ["group"])
    assert found.frame.loc[found.frame["level"] == "b", "status"].item() == "no estimate"


def test_a_missing_level_is_a_level_and_a_missing_number_is_refused():
    """Unknown is never the reference by chance, and never dropped."""
    frame = leukaemia().assign(age=1.0)
    frame.loc[30:, "group"] = None
    assert "not recorded" in set(cox(frame, ["group"]).frame["level"])
    frame.loc[3, "age"] = np.nan
    with pytest.raises(DataRefused, match='"age" is missing in 1 of 42 rows'):
        cox(frame, ["age"])
    with pytest.raises(UsageError, match="there is no covariate"):
        cox(frame, [])
    with pytest.raises(UsageError, match='"women" is no level of "group"'):
        cox(frame, ["group"], reference={"group": "women"})


def test_one_level_and_nobody_are_said():
    """A reference without a comparison; a check without a test."""
    alone = cox(leukaemia().assign(group="all"), ["group"])
    assert alone.frame["status"].to_list() == ["reference"]
    assert alone.check["status"].to_list() == ["no estimate"]
    nobody = cox(leukaemia().iloc[:0], ["group"])
    assert (nobody.people, nobody.exits) == (0, 0)
    assert logrank(leukaemia().iloc[:0], "group").status == "one group"
