"""Claims C35 and C36: what they require, their adversaries, and how hours from the second birth are read."""

from __future__ import annotations

import re
from math import isnan

import pandas as pd
import pytest

from lactflow.config.additions import config_from_json
from lactflow.config.model import contradictions
from lactflow.units import DAY_MIN
from lactflow.validation.claims_pregnancies import _BIRTH_DAY, CLAIMS, _hours_to_milk
from lactflow.validation.simulated import _text_of, merged


def test_they_are_those_of_this_module():
    """Two of them."""
    assert [claim.id for claim in CLAIMS] == ["C35", "C36"]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_has_a_criterion_and_adversaries(claim):
    """With numbers in it; every run is a config without contradictions, and differs without the mechanism."""
    assert claim.text
    assert claim.without
    assert re.search(r"\d", claim.required)
    for adversary in claim.adversaries:
        adverse = claim.under(adversary)
        assert set(adverse) == set(claim.runs)
        assert any(adverse[name] != merged(config) for name, config in claim.runs.items())
    for config in claim.runs.values():
        assert list(contradictions(config_from_json(_text_of(config)))) == []


class SecondBirth:
    """A run whose breasts make nothing for 50 h after the second birth, and 20 mL/h from then on."""

    def __init__(self, ml_per_h):
        """With what each breast makes from then on."""
        hours = range(-72, 120)
        rows = [(_BIRTH_DAY - 1.0) * DAY_MIN + 60.0 * hour for hour in hours]
        made = [ml_per_h if hour >= 50 else 0.5 for hour in hours]
        sides = [pd.DataFrame({"time_min": rows, "breast": side, "secretion_ml_per_h": made}) for side in ("l", "r")]
        self.breasts = pd.concat(sides)


def test_hours_are_counted_from_the_second_birth():
    """Averaged over six hours, so about 50; never, where there is too little."""
    assert _hours_to_milk(SecondBirth(10.0)) == pytest.approx(50.0, abs=3.0)
    assert isnan(_hours_to_milk(SecondBirth(5.0)))
