"""Melatonin, cortisol and tryptophan: by the clock in blood, by minutes later in milk, and nothing of them unasked."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lactflow.config.scenario import load_scenario
from lactflow.endocrine.rhythms import ByClock, morning_peak, night_peak
from lactflow.records import Balance, LevelSample, MemoryRecorder, Removal, RemovalContent, Session
from lactflow.simulation import simulate
from lactflow.units import HOUR_MIN

TEXT = """
format: 1
start_day: 31
days: 1.0
birth_clock: "06:00"
resolution: {packet_ml: 1.0}
gland: {lobes_per_breast: 1}
record: {visits: false}
schedule: [{kind: pump, times: ["03:00", "07:00", "15:00"]}]
"""
NAMES = ["melatonin", "cortisol", "tryptophan"]


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """A day with all of them, and the same one without."""
    path = tmp_path_factory.mktemp("clock") / "day.yaml"
    path.write_text(TEXT)
    recorded = {}
    for named in (NAMES, []):
        recorder = MemoryRecorder(visits=False)
        simulate(load_scenario(path, analytes=named).config, recorder)
        recorded[bool(named)] = recorder.facts
    return recorded


def of(kind, facts):
    """Facts of one table."""
    return [fact for fact in facts if isinstance(fact, kind)]


def test_a_level_by_the_clock_follows_the_time_of_day_at_birth():
    """Born at 06:00: the clock shows 03:00 21 h later, and every day again; nothing ever jumps."""
    level = ByClock(360.0, lambda clock_h: clock_h)
    assert [level.level(hours * HOUR_MIN) for hours in (0.0, 17.5, 21.0, 45.0, -3.0)] == [6.0, 23.5, 3.0, 3.0, 3.0]
    assert level.next_change(0.0) == float("inf")


@pytest.mark.parametrize(
    "law", [lambda h: night_peak(h, 1.0, 9.0, 22.0, 9.0), lambda h: morning_peak(h, 7.0, 1.7, 0.8)]
)
def test_rhythms_are_without_jumps(law):
    """Minute by minute, over midnight too."""
    levels = [law(minute / 60.0 % 24.0) for minute in range(1441)]
    steps = [abs(one - other) for one, other in pairwise(levels)]
    assert levels[0] == pytest.approx(levels[-1])
    assert max(steps) < 0.02 * max(levels)


def test_milk_follows_blood(facts):
    """High at night, in the morning and at night; milk over blood as declared, but for the minutes that it lags."""
    plasma = {(each.signal, each.time_min % 1440.0): each.level for each in of(LevelSample, facts[True])}
    assert plasma["melatonin_in_plasma", 21 * 60.0] == pytest.approx(280.0)  # 03:00
    assert plasma["cortisol_in_plasma", 60.0] == pytest.approx(6.1)  # 07:00
    assert plasma["tryptophan_in_plasma", 21 * 60.0] == pytest.approx(60.0)
    starts = {each.session: each.start_min for each in of(Session, facts[True])}
    hours = {number: round((start / 60.0 + 6.0) % 24.0) for number, start in starts.items()}
    milk = {(each.analyte, hours[each.session]): each.mean_per_l for each in of(RemovalContent, facts[True])}
    assert milk["melatonin", 3] == pytest.approx(0.35 * 280.0, rel=0.25)
    assert milk["melatonin", 3] > 5.0 * milk["melatonin", 15]
    assert milk["cortisol", 7] == pytest.approx(1.7 * 6.1, rel=0.35)  # rising by 1.77 an hour, and milk lags
    assert milk["cortisol", 7] > 2.0 * milk["cortisol", 15]
    assert milk["tryptophan", 3] > 1.2 * milk["tryptophan", 15]


def test_what_comes_from_blood_closes_its_balance(facts):
    """Nothing is made by the gland; what came in is in milk or went back."""
    balances = {each.quantity: each for each in of(Balance, facts[True])}
    for name in NAMES:
        assert abs(balances[name].residual) <= 1e-9
        assert balances[name].made == 0.0
        assert balances[name].removed > 0.0


def test_a_run_that_names_none_has_the_same_milk_and_no_row_of_them(facts):
    """Every removal to the last bit."""
    assert of(Removal, facts[True]) == of(Removal, facts[False])
    assert not of(RemovalContent, facts[False])
    assert not of(LevelSample, facts[False])
