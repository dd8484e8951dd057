"""Levels of drugs in blood against the matrix exponential of the same system, whatever the doses."""

from __future__ import annotations

from itertools import pairwise, permutations
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from lactflow.pharmacology.disposition import (
    Change,
    Input,
    apart_from,
    as_metabolite,
    changes,
    one_compartment,
    two_compartments,
)
from lactflow.pharmacology.level import DrugLevel, State, steady

CLEARANCES = st.floats(0.5, 100.0)
VOLUMES = st.floats(3.0, 1500.0)
TIMES = st.floats(0.0, 2880.0)


@st.composite
def inputs(draw):
    """One to six doses of all three kinds."""
    doses = []
    for _ in range(draw(st.integers(1, 6))):
        route = draw(st.sampled_from(["bolus", "first_order", "zero_order"]))
        rate = draw(st.floats(0.2, 6.0)) / 60.0 if route == "first_order" else 0.0
        length = draw(st.floats(10.0, 1440.0)) if route == "zero_order" else 0.0
        doses.append(Input(draw(TIMES), draw(st.floats(1.0, 1000.0)), route, rate, length))
    return doses


def by_matrix(body, doses, time_min):
    """The same body as amounts in compartments: central, outer, a gut for each dose; with what runs in."""
    clearance, volume, exchange, outer = body
    count = 2 + len(doses)
    matrix = np.zeros((count + 1, count + 1))  # the last is a constant 1
    matrix[0, 0] = -(clearance + exchange) / 60.0 / volume
    matrix[1, 0] = exchange / 60.0 / volume
    if outer:
        matrix[0, 1] = exchange / 60.0 / outer
        matrix[1, 1] = -exchange / 60.0 / outer
    events = {time_min}
    for each in doses:
        events |= {each.time_min, each.time_min + each.length_min}
    state, now = np.zeros(count + 1), 0.0
    state[-1] = 1.0
    for at in sorted(each for each in events if each <= time_min):
        running = matrix.copy()
        for place, each in enumerate(doses):
            if each.route == "first_order":
                running[2 + place, 2 + place] = -each.rate_per_min
                running[0, 2 + place] = each.rate_per_min
            if each.route == "zero_order" and each.time_min <= now < each.time_min + each.length_min:
                running[0, -1] += each.amount_mg / each.length_min
        state = expm(running * (at - now)) @ state
        for place, each in enumerate(doses):
            if each.time_min == at and each.route != "zero_order":
                state[0 if each.route == "bolus" else 2 + place] += each.amount_mg
        now = at
    return state[0] / volume


def peak_of(doses, volume):
    """What the level never exceeds [mg/L]."""
    return sum(each.amount_mg for each in doses) / volume


@given(CLEARANCES, VOLUMES, inputs(), TIMES)
def test_one_compartment_is_exact(clearance, volume, doses, time_min):
    """Within 1e-9 of the whole dose in the volume."""
    level = DrugLevel(changes(one_compartment(clearance, volume), doses)).level(time_min)
    expected = by_matrix((clearance, volume, 0.0, 0.0), doses, time_min)
    assert level == pytest.approx(expected, abs=1e-9 * peak_of(doses, volume))


@given(st.tuples(CLEARANCES, VOLUMES, CLEARANCES, VOLUMES), inputs(), TIMES)
def test_two_compartments_are_exact(parts, doses, time_min):
    """The same with an outer compartment."""
    body = two_compartments(*parts)
    assert sum(body.weights) == pytest.approx(1.0, abs=1e-12)
    level = DrugLevel(changes(body, doses)).level(time_min)
    expected = by_matrix(parts, doses, time_min)
    assert level == pytest.approx(expected, abs=1e-9 * peak_of(doses, parts[1]))


def test_the_order_of_doses_does_not_matter():
    """Nor how often a level was asked before, nor whether it was brought up in one step."""
    doses = [Input(0.0, 100.0), Input(30.0, 50.0, "first_order", 0.02), Input(60.0, 80.0, "zero_order", 0.0, 90.0)]
    body = two_compartments(18.0, 40.0, 10.0, 60.0)
    levels = {DrugLevel(changes(body, order)).level(500.0) for order in permutations(doses)}
    assert len(levels) == 1
    asked = DrugLevel(changes(body, doses))
    for minute in range(1000):
        asked.level(float(minute % 600))
    assert {asked.level(500.0)} == levels


def test_equal_rates_are_taken_apart():
    """Absorption as fast as elimination: C = D k t exp(-k t) / V."""
    body = one_compartment(60.0, 100.0)
    (rate,) = body.rates_per_min
    level = DrugLevel(changes(body, [Input(0.0, 100.0, "first_order", rate)]))
    for minute in (10.0, 100.0, 300.0):
        assert level.level(minute) == pytest.approx(rate * minute * exp(-rate * minute), rel=1e-5)
    assert apart_from(0.1, [0.1, 0.1 * (1.0 + 1e-6)]) not in (0.1, 0.1 * (1.0 + 1e-6))
    assert apart_from(0.1, [0.2]) == 0.1


def test_a_level_changes_at_doses_and_at_the_ends_of_even_inputs():
    """Before the first dose there is nothing."""
    doses = [Input(10.0, 1.0), Input(20.0, 1.0, "zero_order", 0.0, 5.0)]
    level = DrugLevel(changes(one_compartment(1.0, 1.0), doses))
    times = [-inf]
    while times[-1] < inf:
        times.append(level.next_change(times[-1]))
    assert times[1:] == [10.0, 20.0, 25.0, inf]
    assert level.level(9.0) == 0.0
    assert level.components(9.0) == ()
    assert not level.constant
    nothing = DrugLevel([])
    assert nothing.constant
    assert (nothing.level(5.0), nothing.next_change(0.0)) == (0.0, inf)


def test_components_make_the_level_until_the_next_change():
    """Each decays at its own rate."""
    body = two_compartments(18.0, 40.0, 10.0, 60.0)
    level = DrugLevel(changes(body, [Input(0.0, 100.0, "first_order", 0.02), Input(400.0, 1.0)]))
    parts = level.components(100.0)
    later = sum(amplitude * exp(-rate * 250.0) for amplitude, rate in parts)
    assert later == pytest.approx(level.level(350.0), rel=1e-12)
    assert len(parts) == 3


@given(st.floats(2.0, 100.0), st.floats(3.0, 200.0), inputs())
def test_steady_state_is_what_many_periods_lead_to(clearance, volume, doses):
    """Two hundred days of the same doses, even inputs over midnight among them; the mean level is dose / clearance."""
    daily = [each._replace(time_min=each.time_min % 1440.0) for each in doses]
    body = one_compartment(clearance, volume)
    per_day = changes(body, daily)
    long = [change._replace(time_min=change.time_min + 1440.0 * day) for day in range(-200, 3) for change in per_day]
    ever = DrugLevel(long)
    now = DrugLevel(
        [change._replace(time_min=change.time_min + 1440.0 * day) for day in range(3) for change in per_day],
        steady(per_day, 0.0, 1440.0),
    )
    for minute in (0.0, 300.0, 1439.0, 2000.0):
        assert now.level(minute) == pytest.approx(ever.level(minute), abs=1e-9 * peak_of(doses, volume))


def test_the_mean_at_steady_state_is_dose_over_clearance():
    """500 mg every 8 h with clearance 10 L/h: 6.25 mg/L, by hand."""
    doses = [Input(480.0 * part, 500.0, "first_order", 0.03) for part in range(3)]
    body = two_compartments(10.0, 20.0, 5.0, 30.0)
    level = DrugLevel(changes(body, doses), steady(changes(body, doses), 0.0, 1440.0))
    minutes = np.linspace(0.0, 1440.0, 200_001)
    mean = np.trapezoid([level.level(float(minute)) for minute in minutes[::20]], minutes[::20]) / 1440.0
    assert mean == pytest.approx(500.0 / (10.0 * 8.0), rel=1e-4)
    assert level.level(1440.0 - 1e-9) == pytest.approx(level.level(0.0), rel=0.5)


def test_what_is_not_of_the_period_is_refused():
    """A dose before it, and a release that lasts longer than a period."""
    body = one_compartment(1.0, 1.0)
    with pytest.raises(ValueError, match="a change at -5 min is not of the period from 0 min on"):
        steady(changes(body, [Input(-5.0, 1.0)]), 0.0, 1440.0)
    with pytest.raises(ValueError, match="a change at 2900 min"):
        steady(changes(body, [Input(20.0, 1.0, "zero_order", 0.0, 2880.0)]), 0.0, 1440.0)


def test_a_metabolite_is_made_of_its_drug():
    """Against the matrix exponential of two bodies in a row; the share formed decides the area under its curve."""
    clearance, volume, formed, own_clearance, own_volume = 20.0, 50.0, 8.0, 6.0, 30.0
    drug = changes(one_compartment(clearance, volume), [Input(0.0, 100.0)])
    level = DrugLevel(as_metabolite(drug, formed / 60.0, own_clearance / 60.0, own_volume))
    matrix = np.array([[-clearance / volume, 0.0], [formed / own_volume, -own_clearance / own_volume]]) / 60.0
    for minute in (0.0, 30.0, 200.0, 1000.0):
        expected = (expm(matrix * minute) @ np.array([100.0 / volume, 0.0]))[1]
        assert level.level(minute) == pytest.approx(expected, abs=1e-12)
    minutes = np.linspace(0.0, 12_000.0, 60_001)
    area = np.trapezoid([level.level(float(minute)) for minute in minutes], minutes) / 60.0
    assert area == pytest.approx(100.0 / clearance * formed / own_clearance, rel=1e-4)


def test_a_state_is_read_forward():
    """By hand: 8 mg/L at a half-life of an hour, 2 mg/L two hours later, and a change on top."""
    state = State(0.0, {log(2.0) / 60.0: 8.0})
    assert sum(state.at(120.0).amplitudes.values()) == pytest.approx(2.0)
    after = state.after(Change(120.0, {log(2.0) / 60.0: 1.0, 0.0: 5.0}))
    assert sorted(after.amplitudes.values()) == pytest.approx([3.0, 5.0])


def test_states_follow_each_other_without_a_jump():
    """Just before each change the last state gives what the next begins with, less what was added."""
    doses = [Input(0.0, 100.0), Input(100.0, 100.0, "zero_order", 0.0, 200.0)]
    found = changes(one_compartment(18.0, 40.0), doses)
    level = DrugLevel(found)
    for before, after in pairwise(found):
        jump = sum(after.added.values())
        near = level.level(after.time_min - 1e-6)
        assert level.level(after.time_min) - near == pytest.approx(jump, abs=1e-6)
        assert before.time_min < after.time_min
