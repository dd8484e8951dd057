"""Drugs, stress and oxytocin: levels by hand, and when each leaves its closed form."""

from __future__ import annotations

from itertools import islice, pairwise
from math import exp, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.chance import Streams
from lactflow.config.drugs.compiled import of_drugs
from lactflow.config.model import RunConfig
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.course import Course, Dose
from lactflow.endocrine.oxytocin import Oxytocin
from lactflow.endocrine.placenta import PlacentaPart
from lactflow.endocrine.signal import Effect, Largest, LevelWindow, Product, Steps, Sum
from lactflow.gland.cell.receptors import Receptors
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.drugs import StressParameters
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland
from lactflow.parameters.oxytocin import OxytocinParameters
from lactflow.records import MemoryRecorder
from lactflow.units import DAY_MIN

# -- steps ------------------------------------------------------------------------------------------------

WINDOWS = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(1, 30), st.floats(-9.0, 9.0)).map(
        lambda drawn: LevelWindow(float(drawn[0]), float(drawn[0] + drawn[1]), drawn[2])
    ),
    max_size=6,
)


@given(WINDOWS, st.floats(-60.0, 90.0))
def test_steps_are_the_last_window_that_holds(windows, time_min):
    """Their usual level where none does; nothing changes before they say so."""
    steps = Steps(0.5, windows)
    holding = [window.level for window in windows if window.from_min <= time_min < window.to_min]
    level = holding[-1] if holding else 0.5
    assert steps.level(time_min) == level
    change_min = steps.next_change(time_min)
    assert change_min > time_min
    between = [*(time for window in windows for time in window[:2] if time_min < time), inf]
    assert change_min == min(between)


def test_steps_without_windows_never_change():
    """A constant."""
    assert (Steps(3.0).level(-inf), Steps(3.0).level(1e9), Steps(3.0).next_change(-1e9)) == (3.0, 3.0, inf)
    endless = Steps(0.0, [LevelWindow(5.0, inf, 1.0)])
    assert (endless.level(1e12), endless.next_change(5.0)) == (1.0, inf)


# -- several signals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("together", "usual", "within", "nothing"),
    [(Product, 2.0, 0.5, 1.0), (Sum, 3.0, 2.25, 0.0), (Largest, 2.0, 2.0, 0.0)],
)
def test_several_signals_together(together, usual, within, nothing):
    """Factors multiply, concentrations add up, of shares the largest counts; they change with the first of them."""
    both = together(Steps(2.0), Steps(1.0, [LevelWindow(5.0, 9.0, 0.25)]))
    assert [both.level(at) for at in (0.0, 5.0, 9.0)] == [usual, within, usual]
    assert [both.next_change(at) for at in (0.0, 5.0, 9.0)] == [5.0, 9.0, inf]
    assert (together().level(0.0), together().next_change(0.0)) == (nothing, inf)


def test_an_effect_is_a_formula_of_a_level():
    """It changes when the signal does."""
    effect = Effect(Steps(2.0, [LevelWindow(5.0, 9.0, 3.0)]), lambda level: level * level)
    assert [effect.level(at) for at in (0.0, 5.0, 9.0)] == [4.0, 9.0, 4.0]
    assert [effect.next_change(at) for at in (0.0, 5.0, 9.0)] == [5.0, 9.0, inf]


# -- oxytocin ---------------------------------------------------------------------------------------------


def oxytocin(time_min=30 * DAY_MIN, *, stress=None, seed=1, pulse_share=0.5, **parameters):
    """Oxytocin of a mother who is not under stress."""
    return Oxytocin(
        OxytocinParameters(**parameters),
        StressParameters(pulse_share=pulse_share),
        stress or Steps(0.0),
        Streams(seed),
        time_min,
    )


def intervals(hormone, latch_min, count=4000):
    """Times from pulse to pulse."""
    return np.diff(list(islice(hormone.train(latch_min), count)))


def test_a_pulse_rises_at_once_and_halves():
    """From the basal level and back to it; pulses add up and are counted."""
    hormone = oxytocin(0.0, pulse_pg_per_ml=12.0, basal_pg_per_ml=2.0, half_life_min=3.0)
    assert hormone.level(5.0) == 2.0
    assert hormone.pulse(10.0) == 14.0
    assert hormone.level(13.0) == pytest.approx(8.0, rel=1e-12)
    assert hormone.pulse(13.0) == pytest.approx(20.0, rel=1e-12)
    assert hormone.level(13.0 + 300.0) == pytest.approx(2.0, rel=1e-9)
    assert hormone.pulse(400.0, 50.0) == pytest.approx(52.0, rel=1e-9)
    assert hormone.pulses == 3


def test_trains_have_the_declared_mean_and_spread():
    """Long after birth; the first pulse a minute after the latch."""
    hormone = oxytocin(400 * DAY_MIN, pulse_interval_min=3.7, pulse_interval_cv=0.4, first_pulse_min=1.0)
    drawn = intervals(hormone, 400 * DAY_MIN)
    assert drawn.mean() == pytest.approx(3.7, abs=5 * 3.7 * 0.4 / np.sqrt(len(drawn)))
    assert drawn.std() / drawn.mean() == pytest.approx(0.4, rel=0.08)
    first = [next(hormone.train(400 * DAY_MIN + 60.0 * hour)) - 400 * DAY_MIN - 60.0 * hour for hour in range(800)]
    assert np.mean(first) == pytest.approx(1.0, abs=5 * 0.5 / np.sqrt(800))
    assert min(first) > 0.0


def test_pulses_come_fast_in_the_first_days():
    """At birth at the first interval; after two weeks most of the way to the usual one."""
    about = {"pulse_interval_min": 3.7, "first_interval_min": 1.9, "early_days": 14.0}
    for day, mean in ((0.0, 1.9), (14.0, 3.7 - 1.8 * exp(-1.0)), (200.0, 3.7)):
        drawn = intervals(oxytocin(day * DAY_MIN, **about), day * DAY_MIN, 400)
        assert drawn.mean() == pytest.approx(mean, rel=0.12)


def test_stress_spaces_pulses_out():
    """While it lasts, by the share that is left of them; its begin and end are told."""
    stressed = Steps(0.0, [LevelWindow(400 * DAY_MIN, 500 * DAY_MIN, 1.0)])
    hormone = oxytocin(400 * DAY_MIN, stress=stressed, pulse_share=0.4, pulse_interval_min=3.7)
    assert intervals(hormone, 400 * DAY_MIN).mean() == pytest.approx(3.7 / 0.4, rel=0.05)
    assert intervals(hormone, 501 * DAY_MIN).mean() == pytest.approx(3.7, rel=0.05)
    assert hormone.next_change(0.0) == 400 * DAY_MIN
    assert hormone.next_change(400 * DAY_MIN) == 500 * DAY_MIN


def test_a_train_belongs_to_its_hour():
    """Whatever came before; the second session of an hour has another one than the first."""
    one, other = oxytocin(), oxytocin()
    list(islice(one.train(29 * DAY_MIN), 50))
    trains = [list(islice(hormone.train(30 * DAY_MIN), 9)) for hormone in (one, other)]
    assert trains[0] == trains[1]
    second = list(islice(other.train(30 * DAY_MIN), 9))
    assert second != trains[1]
    assert all(before < after for before, after in pairwise(second))


# -- all together -----------------------------------------------------------------------------------------


def acting(*kinds):
    """What drugs do that interventions of these kinds give."""
    interventions = tuple({"kind": kind, "start_day": 1.0} for kind in kinds)
    return of_drugs(RunConfig.model_validate({"format": 1, "interventions": interventions})).influences


def test_cells_are_brought_up_when_the_first_of_all_signals_changes():
    """Placenta, doses, windows: each time is reported, in order, and none is missed."""
    course = Course()
    course.retained.append(PlacentaPart(0.3, 900.0))
    course.give("cabergoline", Dose(300.0, 1.0))
    course.give_daily("domperidone", LevelWindow(100.0, 800.0, 30.0))
    course.give_daily("combined_pill", LevelWindow(200.0, inf, 0.03))
    for condition, *window in (("substrate", 400.0, 500.0, 0.5), ("stress", 600.0, 700.0, 1.0)):
        course.hold(condition, LevelWindow(*window))
    course.hold("mastitis", LevelWindow(650.0, 850.0, 1.0), "left")
    drugs = acting("cabergoline", "domperidone", "combined_pill")
    blood = Blood(Endocrine(), Gland(), course, Streams(1), -50.0, influences=drugs)
    receptors = Receptors(blood, Gland(), Mechanisms(), -50.0)
    times = {"blood": [], "cells": []}
    for part, found in zip((blood, receptors), times.values(), strict=True):
        now = -50.0
        while (now := part.next_change(now)) < inf:
            found.append(now)
    assert times["blood"] == [0.0, 100.0, 300.0, 600.0, 700.0, 800.0, 900.0]
    assert times["cells"] == [0.0, *(100.0 * number for number in range(1, 7)), 650.0, 700.0, 800.0, 850.0, 900.0]


def test_a_sample_of_the_blood_is_what_its_signals_say():
    """All five hormones, at any time."""
    blood = Blood(Endocrine(), Gland(), Course(), Streams(1), -DAY_MIN)
    for time_min in (-DAY_MIN, 0.0, 4000.0):
        recorder = MemoryRecorder()
        blood.report(time_min, recorder)
        (sample,) = recorder.facts
        assert sample.time_min == time_min
        assert sample.progesterone_ng_per_ml == blood["progesterone"].level(time_min)
        assert sample.estradiol_pg_per_ml == blood["estradiol"].level(time_min)
        assert sample.placental_lactogen_ug_per_ml == blood["placental_lactogen"].level(time_min)
        assert sample.prolactin_ng_per_ml == blood.prolactin.level(time_min)
        assert sample.oxytocin_pg_per_ml == blood.oxytocin.level(time_min)
