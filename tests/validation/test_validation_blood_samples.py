"""Pulses in blood drawn every two minutes: the level between let-downs, and what counts as a pulse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lactflow.parameters.oxytocin import OxytocinParameters
from lactflow.validation import blood_samples
from lactflow.validation.blood_samples import counts_of, level_at, pulses_counted
from lactflow.validation.runs import SEVEN_TIMES, pumped
from lactflow.validation.simulated import simulated

PARAMETERS = OxytocinParameters(basal_pg_per_ml=2.0, half_life_min=3.0)


def test_the_level_falls_from_the_last_peak_to_basal():
    """Basal before the first pulse; half of what is above after a half-life; the next peak counts from its time on."""
    pulses = pd.DataFrame({"time_min": [10.0, 20.0], "oxytocin_pg_per_ml": [14.0, 15.0]})
    levels = level_at(np.array([9.0, 10.0, 13.0, 16.0, 20.0, 23.0]), pulses, PARAMETERS)
    assert levels.tolist() == pytest.approx([2.0, 14.0, 8.0, 5.0, 15.0, 8.5])


@pytest.mark.parametrize(
    ("levels", "count"),
    [
        ([2.0, 2.1, 1.9, 2.2, 2.0], 0),  # nothing but the assay
        ([2.0, 14.0, 9.0, 6.0, 4.0], 1),
        ([2.0, 9.0, 15.0, 14.0, 9.0], 1),  # a rise over two samples is one pulse
        ([2.0, 14.0, 6.0, 13.0, 5.0], 2),
        ([2.0, 14.0, 12.0, 14.0, 13.0], 1),  # two that run together
        ([14.0, 9.0, 6.0, 4.0, 3.0], 0),  # one that came before the first sample
    ],
)
def test_a_pulse_is_a_rise_that_the_assay_cannot_make(levels, count):
    """Three SD above the lowest sample before it, and a fall by as much before the next."""
    assert pulses_counted(levels, 0.1) == count


def test_a_model_level_is_that_of_the_run():
    """What let-downs give is what the run itself sampled, hour by hour."""
    run = simulated(pumped(SEVEN_TIMES, 20.0, start_day=60, days=1.0, record={"sample_min": 7.0}))
    let_downs = run["let_downs"].drop_duplicates("let_down").sort_values("time_min")
    hormones = run.hormones
    worked_out = level_at(hormones["time_min"].to_numpy(), let_downs, OxytocinParameters())
    assert worked_out == pytest.approx(hormones["oxytocin_pg_per_ml"].to_numpy(), rel=1e-9)


def test_samples_of_two_minutes_miss_pulses(monkeypatch):
    """Fewer are counted than there were, every time alike; without errors of the assay nearly none is missed twice."""
    run = simulated(pumped(SEVEN_TIMES, 20.0, start_day=60, days=3.0))
    counts = counts_of(run)
    assert counts == counts_of(run)
    assert len(counts) == 21
    there = run["let_downs"]["let_down"].nunique() / len(counts)
    assert 1.0 < np.mean(counts) < 0.75 * there
    monkeypatch.setattr(blood_samples, "EVERY_MIN", 0.1)
    assert np.mean(counts_of(run, cv=0.01)) > np.mean(counts)
