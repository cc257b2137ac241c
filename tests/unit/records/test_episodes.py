"""Episodes lose no night, count none twice, and never take an exit for censoring."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import UsageError
from analysis.records.episodes import COLUMNS, episodes

DAY = pd.Timestamp("2022-04-01")


def stays(*rows: tuple[str, int, int | None], **more: object) -> pd.DataFrame:
    """Stays by person, first and last day after 1 April 2022."""
    frame = pd.DataFrame(rows, columns=["person", "first", "last"]).astype({"first": float, "last": float})
    return pd.DataFrame(
        {
            "person": frame["person"].astype("str"),
            "area": "norfolk",
            "start_date": DAY + pd.to_timedelta(frame["first"], unit="D"),
            "end_date": DAY + pd.to_timedelta(frame["last"], unit="D"),
            "destination": pd.Series([f"d{at}" for at in range(len(frame))], dtype="str"),
            "departure_kind": "planned",
            **more,
        }
    )


def seen(frame: pd.DataFrame, gap: int = 1) -> pd.DataFrame:
    """Episodes of the year from 1 April 2022."""
    return episodes(frame, start="2022-04-01", end="2023-03-31", gap_days=gap)


def test_no_stays_make_no_episodes() -> None:
    """An empty table has the columns of a full one."""
    made = seen(stays())
    assert list(made.columns) == list(COLUMNS)
    assert made.empty


def test_a_stay_within_another_changes_nothing() -> None:
    """The long one decides when the episode ends and how."""
    made = seen(stays(("a", 0, 100), ("a", 10, 20), ("a", 50, 60)))
    assert made[["days", "stays", "exit"]].to_numpy().tolist() == [[100, 3, "d0"]]


def test_moving_on_the_last_day_of_the_window_is_no_exit() -> None:
    """Who leaves one unit and enters another on the day it closes is still there."""
    made = seen(stays(("a", 300, 364), ("a", 364, None)))
    assert made["censored"].tolist() == [True]
    assert made["exit"].isna().all()


def test_an_open_stay_is_known_to_the_month_it_was_reported_in() -> None:
    """A provider that stops reporting does not make stays longer."""
    made = seen(stays(("a", 0, None), month=pd.Timestamp("2022-06-01")))
    assert made[["days", "censored"]].to_numpy().tolist() == [[90, True]]


def test_areas_are_kept_apart() -> None:
    """A person in two authorities has an episode in each."""
    frame = stays(("a", 0, 10), ("a", 11, 20)).assign(area=["norfolk", "leicestershire"])
    assert len(seen(frame)) == 2


@pytest.mark.parametrize(
    ("words", "change", "window"),
    [
        ("no column destination", {"columns": ["destination"]}, {}),
        ("ends before it starts", {}, {"end": "2021-01-01"}),
        ("gap is negative", {}, {"gap_days": -1}),
    ],
)
def test_what_cannot_be_counted_is_refused(words: str, change: dict, window: dict) -> None:
    """A missing column, an impossible window and a negative gap each have their message."""
    frame = stays(("a", 0, 1)).drop(**{"columns": [], **change})
    with pytest.raises(UsageError, match=words):
        episodes(frame, **{"start": "2022-04-01", "end": "2023-03-31", **window})


@settings(deadline=None)  # a busy machine is no fault of the rule
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.integers(-200, 500),
            st.one_of(st.none(), st.integers(0, 300)),
        ),
        max_size=12,
    ),
    st.integers(0, 40),
)
def test_episodes_are_apart_and_cover_every_night_once(
    rows: list[tuple[str, int, int | None]], gap: int
) -> None:
    """Against a count of single nights: same nights, no two episodes of a person within the gap."""
    plain = [(person, first, None if length is None else first + length) for person, first, length in rows]
    made = seen(stays(*plain), gap)
    assert (made["entry"] <= made["days"]).all()
    assert made["truncated"].equals(made["entry"] > 0)
    for person, mine in made.groupby("person"):
        gaps = (mine["start"].shift(-1) - mine["end"]).dt.days.dropna()
        assert (gaps > gap).all()
        nights = {
            night
            for who, first, last in plain
            if who == person
            for night in range(max(first, 0), min(364 if last is None else last, 364))
        }
        covered = {
            night
            for start, end in zip((mine["start"] - DAY).dt.days, (mine["end"] - DAY).dt.days, strict=True)
            for night in range(max(start, 0), end)
        }
        assert nights <= covered
        assert len(covered - nights) <= gap * int(mine["stays"].sum())
