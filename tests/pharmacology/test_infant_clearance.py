"""What an infant does with a drug: maturation and doses by hand, and levels against a differential equation."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from lactflow.parameters.infant_drugs import InfantClearance
from lactflow.pharmacology.infant import (
    Amounts,
    InfantDrug,
    caffeine_half_life_h,
    conventional_dose_percent,
    elimination_per_min,
    infant_volume_l,
    mark_of,
    matured,
    postmenstrual_weeks,
    relative_dose_percent,
)

CLEARANCE = InfantClearance()
PARACETAMOL = InfantDrug("paracetamol", 18.0, 58.0, "glucuronidation")


def test_relative_doses_of_two_drugs_by_hand():
    """1000 mg in a woman of 70 kg and 10 mg/L in milk; 43.75 F (M/P) / CL of a drug at steady state."""
    assert conventional_dose_percent(10.0, 1000.0 / 70.0) == pytest.approx(10.5, rel=1e-12)
    assert conventional_dose_percent(1.0, 1000.0 / 70.0) == pytest.approx(1.05, rel=1e-12)
    clearance_l_per_h, ratio, bioavailability = 100.0, 1.0, 0.6
    dose_mg_per_day = 240.0
    level = bioavailability * dose_mg_per_day / 24.0 / clearance_l_per_h
    percent = conventional_dose_percent(ratio * level, dose_mg_per_day / 70.0)
    assert percent == pytest.approx(43.75 * bioavailability * ratio / clearance_l_per_h, rel=1e-12)
    assert relative_dose_percent(0.026, 10.0) == pytest.approx(0.26, rel=1e-12)


@pytest.mark.parametrize(
    ("way", "weeks", "share"),
    [
        ("renal", 40.0, 0.3547),  # 1 / (1 + (47.7 / 40)^3.4)
        ("renal", 47.7, 0.5),
        ("glucuronidation", 40.0, 0.2864),  # 1 / (1 + (52.2 / 40)^3.43)
        ("hepatic", 52.2, 0.5),
        ("mature", 30.0, 1.0),
    ],
)
def test_clearance_matures_as_by_hand(way, weeks, share):
    """An infant of 3.5 kg: its clearance is that of the woman by 0.05^0.75, times what has matured."""
    drug = PARACETAMOL._replace(way=way)
    per_min = elimination_per_min(drug, 3.5, weeks, CLEARANCE, 0.75)
    volume_l = infant_volume_l(drug, 3.5)
    assert volume_l == pytest.approx(2.9, rel=1e-12)
    assert per_min * volume_l * 60.0 == pytest.approx(18.0 * 0.05**0.75 * share, rel=2e-4)


def test_a_drug_may_have_a_maturation_of_its_own():
    """Half of it at its own age, whatever the way; CYP1A2 too."""
    for way in ("renal", "hepatic", "cyp1a2"):
        drug = PARACETAMOL._replace(way=way, half_weeks=60.0, steepness=2.0)
        ratio = elimination_per_min(drug, 5.0, 60.0, CLEARANCE, 0.75) / elimination_per_min(
            drug._replace(way="mature"), 5.0, 60.0, CLEARANCE, 0.75
        )
        assert ratio == pytest.approx(0.5, rel=1e-12)
    assert matured(60.0, 30.0, 2.0) == pytest.approx(0.8, rel=1e-12)


def test_a_drug_may_have_kinetics_of_its_own_in_infants():
    """0.9 L/kg and 2.5/h at any age and weight, whatever those of a woman are."""
    drug = InfantDrug("ethanol", 0.0, 0.0, volume_l_per_kg=0.9, elimination_per_h=2.5)
    for weight_kg, weeks in ((3.0, 38.0), (9.0, 90.0)):
        assert infant_volume_l(drug, weight_kg) == pytest.approx(0.9 * weight_kg, rel=1e-12)
        assert elimination_per_min(drug, weight_kg, weeks, CLEARANCE, 0.75) == pytest.approx(2.5 / 60.0, rel=1e-12)


@pytest.mark.parametrize(("weeks", "half_life_h"), [(30.0, 97.6), (38.0, 97.6), (49.0, 24.2), (60.0, 6.0), (99.0, 6.0)])
def test_half_lives_of_caffeine(weeks, half_life_h):
    """Flat, then straight on a scale of logarithms: half-way it is the geometric mean, sqrt(97.6 * 6)."""
    assert caffeine_half_life_h(weeks, CLEARANCE) == pytest.approx(half_life_h, rel=1e-4)
    caffeine = InfantDrug("caffeine", 6.0, 42.0, "cyp1a2")
    adult_per_min = 6.0 / 60.0 / 42.0
    assert elimination_per_min(caffeine, 3.0, weeks, CLEARANCE, 0.75) == pytest.approx(
        adult_per_min * 6.0 / half_life_h, rel=1e-4
    )


def both(amounts):
    """In the gut and in the body."""
    return [amounts.gut_mg, amounts.body_mg]


@given(st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(0.0, 2000.0), st.floats(1e-3, 0.1), st.floats(1e-5, 0.1))
def test_a_step_is_that_of_the_differential_equation(gut_mg, body_mg, step_min, absorption, elimination):
    """Gut to body to nowhere: the exact solution against the matrix exponential."""
    solved = expm(step_min * np.array([[-absorption, 0.0], [absorption, -elimination]])) @ [gut_mg, body_mg]
    after = Amounts(gut_mg, body_mg).after(step_min, absorption, elimination)
    assert both(after) == pytest.approx(list(solved), rel=1e-5, abs=1e-7)


@given(st.floats(1e-4, 0.1), st.floats(1.0, 600.0), st.floats(1.0, 600.0))
def test_steps_compose_where_both_rates_are_equal_too(rate, first_min, second_min):
    """Two steps are one; with equal rates the body has rate * t * exp(-rate t)."""
    start = Amounts(10.0, 1.0)
    twice = start.after(first_min, rate, rate).after(second_min, rate, rate)
    once = start.after(first_min + second_min, rate, rate)
    assert both(twice) == pytest.approx(both(once), rel=1e-9)
    fading = exp(-rate * (first_min + second_min))
    assert once.body_mg == pytest.approx(fading * (1.0 + 10.0 * rate * (first_min + second_min)), rel=1e-9)
    near = start.after(first_min, rate, rate * (1.0 + 1e-6))
    assert both(near) == pytest.approx(both(start.after(first_min, rate, rate)), rel=1e-4)


def test_ages_and_marks():
    """A week after birth at 32 weeks; marks by convention, earlier where caution is asked for."""
    assert postmenstrual_weeks(32.0, 7.0) == 33.0
    term = {"gestation_weeks": 40.0, "age_days": 60.0}
    assert mark_of(9.9, **term) == ""
    assert mark_of(10.1, **term) == "above 10 %, a convention, not a threshold of harm"
    for cautious in ({**term, "age_days": 10.0}, {**term, "gestation_weeks": 30.0}, {**term, "narrow_index": True}):
        assert mark_of(6.0, **cautious).startswith("above 5 %")
    assert log(2.0) / elimination_per_min(PARACETAMOL, 70.0, 1e9, CLEARANCE, 0.75) / 60.0 == pytest.approx(
        58.0 * log(2.0) / 18.0, rel=1e-6
    )
