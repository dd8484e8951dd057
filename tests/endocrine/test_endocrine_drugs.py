"""Drugs, stress and oxytocin: levels by hand, and when each leaves its closed form."""

from __future__ import annotations

from itertools import islice, pairwise
from math import exp, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lactflow.chance import Streams
from lactflow.endocrine.blood import Blood
from lactflow.endocrine.course import Course, Dose
from lactflow.endocrine.drugs import Cabergoline, Domperidone
from lactflow.endocrine.oxytocin import Oxytocin
from lactflow.endocrine.placenta import PlacentaPart
from lactflow.endocrine.signal import Effect, Largest, LevelWindow, Product, Steps
from lactflow.gland.cell.receptors import Receptors
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.drugs import CabergolineParameters, DomperidoneParameters, StressParameters
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


# -- drugs ------------------------------------------------------------------------------------------------


def test_cabergoline_is_absorbed_and_leaves_slowly():
    """By hand: two halvings of the amount after two half-lives, a Hill function of it on the release."""
    parameters = CabergolineParameters(half_life_days=4.0, absorption_h=1.5, half_effect_mg=0.2, steepness=3.0)
    drug = Cabergoline(parameters, (Dose(100.0, 1.0),))
    assert drug.level(99.0) == drug.level(100.0) == 1.0
    in_body = 0.5 * 2.0 ** (-90.0 / (4.0 * DAY_MIN))
    assert drug.level(190.0) == pytest.approx(1.0 / (1.0 + (in_body / 0.2) ** 3), rel=1e-9)
    assert drug.level(100.0 + 8 * DAY_MIN) == pytest.approx(1.0 / (1.0 + (0.25 / 0.2) ** 3), rel=1e-6)
    assert drug.level(100.0 + 60 * DAY_MIN) > 0.999


def test_doses_add_up():
    """Two at once are one of twice the size; each is told before it is taken."""
    parameters = CabergolineParameters()
    twice = Cabergoline(parameters, (Dose(0.0, 0.5), Dose(0.0, 0.5)))
    once = Cabergoline(parameters, (Dose(0.0, 1.0),))
    assert twice.level(3000.0) == pytest.approx(once.level(3000.0), rel=1e-12)
    later = Cabergoline(parameters, (Dose(500.0, 1.0), Dose(50.0, 1.0)))
    assert [later.next_change(at) for at in (0.0, 50.0, 500.0)] == [50.0, 500.0, inf]


def test_domperidone_saturates():
    """Half of the largest rise at its half effect, none without it, never more than the largest."""
    parameters = DomperidoneParameters(largest_rise=3.0, half_effect_mg_per_day=30.0)
    levels = [
        Domperidone(parameters, Steps(0.0, [LevelWindow(0.0, 10.0, daily_mg)])).level(5.0)
        for daily_mg in (0.0, 30.0, 500.0)
    ]
    assert levels[:2] == [1.0, 2.5]
    assert levels[2] == pytest.approx(1.0 + 3.0 * 500.0 / 530.0, rel=1e-12)
    windowed = Domperidone(parameters, Steps(0.0, [LevelWindow(2.0, 10.0, 30.0)]))
    assert [windowed.next_change(at) for at in (0.0, 2.0, 10.0)] == [2.0, 10.0, inf]


@pytest.mark.parametrize(("together", "within", "nothing"), [(Product, 0.5, 1.0), (Largest, 2.0, 0.0)])
def test_several_signals_together(together, within, nothing):
    """Factors multiply, of shares the largest counts; they change with the first of them."""
    both = together(Steps(2.0), Steps(1.0, [LevelWindow(5.0, 9.0, 0.25)]))
    assert [both.level(at) for at in (0.0, 5.0, 9.0)] == [2.0, within, 2.0]
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


def test_cells_are_brought_up_when_the_first_of_all_signals_changes():
    """Placenta, doses, windows: each time is reported, in order, and none is missed."""
    course = Course()
    course.retained.append(PlacentaPart(0.3, 900.0))
    course.give("cabergoline", Dose(300.0, 1.0))
    for condition, *window in (
        ("domperidone", 100.0, 800.0, 30.0), ("combined_pill", 200.0, inf, 30.0), ("substrate", 400.0, 500.0, 0.5),
        ("stress", 600.0, 700.0, 1.0),
    ):  # fmt: skip
        course.hold(condition, LevelWindow(*window))
    course.hold("mastitis", LevelWindow(650.0, 850.0, 1.0), "left")
    blood = Blood(Endocrine(), Gland(), course, Streams(1), -50.0)
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
