"""Claims C34, C37 and C38: each says what it requires, and its adversary changes the runs that it is judged by."""

import re

import pandas as pd
import pytest

from lactflow.validation.claims_mothers import _SHUT, CLAIMS, _delivered, _filled
from lactflow.validation.simulated import merged


def test_they_are_those_of_this_module():
    """Three of them."""
    assert [claim.id for claim in CLAIMS] == ["C34", "C37", "C38"]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_has_a_criterion_and_an_adversary(claim):
    """With numbers in it; some run differs without the mechanism."""
    assert claim.text
    assert claim.without
    assert re.search(r"\d", claim.required)
    adverse = claim.adverse()
    assert set(adverse) == set(claim.runs)
    assert any(adverse[name] != merged(config) for name, config in claim.runs.items())


class OneLobe:
    """A run of one lobe whose volume goes 10, 14, 6, 9 at samples an hour apart from day 2 on."""

    lobes = pd.DataFrame(
        {"breast": "left", "lobe": 3, "time_min": [1440.0, 1500.0, 1560.0, 1620.0], "volume_ml": [10.0, 14.0, 6.0, 9.0]}
    )


def test_what_a_lobe_gives_and_what_comes_into_it_are_read_from_its_volume():
    """It fell by 8, and rose by 4 and 3."""
    assert _delivered(OneLobe(), 2.0, 3.0)[3] == 8.0
    assert _filled(OneLobe(), 2.0, 3.0)[3] == 7.0


def test_the_two_lobes_are_different_ones_of_nine():
    """And both are shut in the runs of the claim."""
    assert len(set(_SHUT)) == 2
    lobes = {each["lobe"] for each in CLAIMS[0].runs["both 1"]["interventions"]}
    assert lobes == set(_SHUT) <= set(range(9))
