"""Places of each kind that are enough are enough, however many steps it takes to find them."""

import pandas as pd
import pytest

from analysis.methods import mixed_places

TURN_AWAY = 0.05


@pytest.fixture(scope="module")
def places():
    """Norfolk's places as they are printed, in kinds."""
    by_who = pd.DataFrame(
        {
            "group": ["Women and their children", "Any adult and their children"],
            "count": [65, 19],
            "tier": "published",
            "source_id": "n",
            "figure_ids": "f",
            "footnote": "",
        }
    )
    return mixed_places.kinds(by_who, accessible=7, larger=0.1)


@pytest.mark.parametrize(("women", "men", "stay"), [(120, 6, 125), (189, 13, 144), (218, 16, 191)])
def test_what_is_found_is_enough_for_every_group(places, women, men, stay):
    """The worst off is within the limit, from few requests with short stays to many with long ones."""
    demand = mixed_places.asking(women, men, accessible=0.07, larger=0.1, mean_stay=stay)
    found = mixed_places.enough_for_all(places, demand, turn_away=TURN_AWAY, resting=places)
    assert found["worst"].max() <= TURN_AWAY
    assert (found["gap"] >= 0).all()
    assert (found["places"] - found["now"]).equals(found["gap"])
