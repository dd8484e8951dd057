"""Clock times of interventions: doses and lasting ones by hand, and what the loader says of wrong ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from lactflow.config.model import RunConfig, contradictions
from lactflow.dyad.dosing import dose_times
from lactflow.dyad.interventions import AnyIntervention, course_of
from lactflow.dyad.schedule import Period
from lactflow.dyad.schedule.times import first_at
from lactflow.endocrine.course import Dose
from lactflow.endocrine.placenta import PlacentaPart
from lactflow.records import InterventionChange, LetDown
from lactflow.units import DAY_MIN

INTERVENTION = TypeAdapter(AnyIntervention)
AT_NOON = Period(30.0 * DAY_MIN, 33.0 * DAY_MIN, 12 * 60.0)
"""A run of three days from day 31 on, of a mother who gave birth at noon."""


def course(*interventions, run=AT_NOON):
    """What these do."""
    return course_of([INTERVENTION.validate_python(each) for each in interventions], run)


def test_keys_have_the_names_of_schedules_too():
    """`from_day` is `start_day`; `to_day` is the last day, so that one more is where it ends."""
    one = INTERVENTION.validate_python({"kind": "domperidone", "from_day": 31.0, "to_day": 33.0})
    assert one == INTERVENTION.validate_python({"kind": "domperidone", "start_day": 31.0, "end_day": 34.0})
    assert {"from_day", "to_day"}.isdisjoint(one.model_dump())


def test_a_plan_of_doses_is_the_same_from_json():
    """With its times, which JSON has as a list."""
    plan = {"kind": "cabergoline", "from_day": 31.0, "times": ("08:00", "20:00"), "every_days": 2}
    config = RunConfig.model_validate({"format": 1, "interventions": (plan,)})
    assert RunConfig.model_validate_json(config.model_dump_json()) == config


@pytest.mark.parametrize(
    ("given_keys", "message"),
    [
        ({"from_day": 31.0, "start_day": 31.0}, "from_day and start_day exclude each other"),
        ({"start_day": 31.0, "to_day": 33.0, "end_day": 34.0}, "to_day and end_day exclude each other"),
        ({"start_day": 31.0, "to_day": 30.0}, "end_day 31 is not after start_day 31"),
        ({"start_day": 31.0, "to_day": "x"}, "valid number"),
    ],
)
def test_one_key_is_not_written_twice(given_keys, message):
    """Nor does an intervention end before it begins, whatever the key is called."""
    with pytest.raises(ValidationError, match=message):
        INTERVENTION.validate_python({"kind": "domperidone", **given_keys})


def test_a_fast_has_no_last_day():
    """It has hours; a key that its kind does not have is unknown."""
    with pytest.raises(ValidationError, match="to_day"):
        INTERVENTION.validate_python({"kind": "fasting", "start_day": 31.0, "to_day": 33.0, "hours": 20.0})


# -- by hand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock_time", "day", "hours"),
    [
        (None, 31.0, 0), ("12:00", 31.0, 0), ("12:01", 31.0, 1 / 60), ("20:00", 31.0, 8), ("00:00", 31.0, 12),
        ("08:00", 31.0, 20), ("11:59", 31.0, 24 - 1 / 60), ("20:00", 31.5, 8 + 24), ("08:00", 31.5, 20),
    ],
)  # fmt: skip
def test_every_clock_time_comes_once_in_a_day(clock_time, day, hours):
    """A day begins at noon, the time of birth; half a day later it is midnight."""
    assert first_at(clock_time, day, 12 * 60.0) == pytest.approx(30.0 * DAY_MIN + 60.0 * hours, rel=1e-12)


@pytest.mark.parametrize(
    ("about", "hours"),
    [
        ({"times": (), "from_day": 31.25}, [6]),
        ({"times": ("08:00", "20:00"), "from_day": 31.0}, [8, 20, 32, 44, 56, 68]),
        ({"times": ("20:00", "08:00"), "from_day": 31.0}, [8, 20, 32, 44, 56, 68]),
        ({"times": ("08:00", "20:00"), "from_day": 31.0, "doses": 3}, [8, 20, 32]),
        ({"times": ("08:00", "20:00"), "from_day": 31.0, "end_day": 32.0}, [8, 20]),
        ({"times": ("12:00",), "from_day": 31.0, "end_day": 32.0}, [0]),
        ({"times": ("12:00",), "from_day": 31.0}, [0, 24, 48]),
        ({"times": ("08:00",), "from_day": 31.9, "end_day": 60.0}, [44, 68]),
        ({"times": ("08:00",), "from_day": 29.0, "doses": 4}, [-28, -4, 20, 44]),
        ({"times": ("08:00",), "from_day": 40.0}, []),
        ({"times": ("08:00", "20:00"), "from_day": 31.0, "every_days": 2}, [8, 20, 56, 68]),
        ({"times": ("12:00",), "from_day": 29.0, "every_days": 3, "doses": 2}, [-48, 24]),
        ({"times": ("08:00",), "from_day": 31.9, "every_days": 2}, [44]),
    ],
)
def test_doses_by_hand(about, hours):
    """Hours after the start of the run; those before it have been taken, and none is taken after its end."""
    found = dose_times(run=AT_NOON, **about)
    assert found == pytest.approx([30.0 * DAY_MIN + 60.0 * hour for hour in hours], rel=1e-12)


@given(
    st.integers(0, 1439), st.sets(st.integers(0, 1439), min_size=1, max_size=8), st.floats(-30.0, 60.0),
    st.floats(0.1, 9.0),
)  # fmt: skip
@settings(max_examples=60)
def test_doses_are_all_clock_times_of_their_days(birth_min, minutes, day, days):
    """In order, at one of the times, as many a day as there are times."""
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]
    run = Period(-100.0 * DAY_MIN, 100.0 * DAY_MIN, float(birth_min))
    found = dose_times(times, day, run, end_day=day + days)
    assert found == sorted(found)
    assert {round((at + birth_min) % DAY_MIN) % 1440 for at in found} <= minutes
    assert abs(len(found) - days * len(minutes)) <= len(minutes)
    assert all(day * DAY_MIN - 1e-5 <= at + DAY_MIN < (day + days) * DAY_MIN for at in found)
    assert dose_times(times, day, run, doses=2) == dose_times(times, day, run)[:2]


# -- as interventions -------------------------------------------------------------------------------------


def test_each_dose_is_given_and_reported():
    """Twice a day, of two drugs."""
    both = course(
        {"kind": "cabergoline", "start_day": 31.0, "dose_mg": 0.25, "times": ("08:00", "20:00"), "doses": 3},
        {"kind": "oxytocin", "start_day": 31.0, "times": ("10:00",), "end_day": 33.0},
    )
    at = [30.0 * DAY_MIN + 60.0 * hour for hour in (8, 20, 22, 32, 46)]
    assert both.doses_of("cabergoline") == (Dose(at[0], 0.25), Dose(at[1], 0.25), Dose(at[3], 0.25))
    assert both.doses_of("nasal_oxytocin") == (Dose(at[2], 4.0), Dose(at[4], 4.0))
    actions = ["dose of 0.25 mg", "dose of 0.25 mg", "dose of 4 IU", "dose of 0.25 mg", "dose of 4 IU"]
    assert [(change.time_min, change.action) for change in both.changes] == list(zip(at, actions, strict=True))


def test_what_lasts_begins_and_ends_at_clock_times():
    """From 20:00 of day 31, eight hours after noon, to 08:00 of day 32, twenty hours after the next noon."""
    night = course(
        {"kind": "stress", "start_day": 31.0, "start_time": "20:00", "end_day": 32.0, "end_time": "08:00"},
        {"kind": "seal", "side": "left", "start_day": 31.0, "end_day": 31.0, "end_time": "18:00"},
        {"kind": "retained_placenta", "end_day": 9.0, "end_time": "18:00"},
    )
    begin, end = 30.0 * DAY_MIN + 8 * 60.0, 31.0 * DAY_MIN + 20 * 60.0
    stress, seal = night.steps("stress"), night.steps("seal", "left")
    assert [stress.level(time_min) for time_min in (begin - 0.1, begin, end - 0.1, end)] == [0.0, 1.0, 1.0, 0.0]
    assert [seal.next_change(0.0), seal.next_change(30.0 * DAY_MIN)] == [30.0 * DAY_MIN, 30.25 * DAY_MIN]
    assert night.placenta()[1] == PlacentaPart(0.35, 8.25 * DAY_MIN)
    assert InterventionChange(begin, "stress", "start") in night.changes
    assert InterventionChange(end, "stress", "end") in night.changes


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"kind": "cabergoline", "start_day": 3.0, "doses": 2}, "end_day, every_days and doses need times"),
        ({"kind": "oxytocin", "start_day": 3.0, "end_day": 4.0}, "end_day, every_days and doses need times"),
        (
            {"kind": "oxytocin", "start_day": 3.0, "times": ("08:00",), "end_day": 4.0, "doses": 2},
            "end_day and doses exclude each other",
        ),
        (
            {"kind": "oxytocin", "start_day": 3.0, "times": ("08:00",), "end_day": 3.0},
            "end_day 3 is not after start_day 3",
        ),
        ({"kind": "oxytocin", "start_day": 3.0, "times": ("08:00", "08:00")}, "08:00 comes twice in times"),
        ({"kind": "oxytocin", "start_day": 3.0, "times": ("8:00",)}, "'8:00' is not a clock time"),
        ({"kind": "oxytocin", "start_day": 3.0, "times": ("08:00",), "doses": 0}, "greater than or equal to 1"),
        ({"kind": "stress", "start_day": 3.0, "start_time": "25:00"}, "'25:00' is not a clock time"),
        ({"kind": "stress", "start_day": 3.0, "end_time": "20:00"}, "end_time needs end_day"),
        ({"kind": "stress", "start_day": 3.0, "times": ("20:00",)}, "Extra inputs"),
        ({"kind": "retained_placenta", "start_time": "20:00"}, "Extra inputs"),
    ],
)
def test_what_makes_no_sense_is_refused(about, words):
    """With what is wrong."""
    with pytest.raises(ValidationError, match=words):
        INTERVENTION.validate_python(about)


@pytest.mark.parametrize(
    ("intervention", "key", "words"),
    [
        # A day begins at noon: 08:00 comes after 20:00 in it.
        (
            {"kind": "stress", "start_day": 31.0, "start_time": "08:00", "end_day": 31.0, "end_time": "20:00"},
            "end_time", "its end is not after its start (a day begins at 12:00, the time of birth)",
        ),
        (
            {"kind": "stress", "start_day": 31.0, "start_time": "08:00", "end_day": 31.5},
            "end_day", "its end is not after its start (a day begins at 12:00, the time of birth)",
        ),
        (
            {"kind": "oxytocin", "start_day": 31.0, "times": ("08:00",), "end_day": 31.5},
            "times", "no dose is taken from day 31 to day 31.5 (a day begins at 12:00, the time of birth)",
        ),
    ],
)  # fmt: skip
def test_the_time_of_birth_decides(intervention, key, words):
    """What another time of birth allows is reported, with the key to change."""
    config = {"format": 1, "birth_clock": "12:00", "interventions": (intervention,)}
    assert list(contradictions(RunConfig.model_validate(config))) == [(("interventions", 0, key), words)]
    config["birth_clock"] = "00:00"
    assert list(contradictions(RunConfig.model_validate(config))) == []


def test_a_spray_before_each_evening_lets_milk_down_each_evening(play):
    """At 19:30 by the clock, of a mother who gave birth at 06:15; and nowhere else outside sessions."""
    played = play(
        days=2.0, visits=False, gland={"lobes_per_breast": 2}, resolution={"packet_ml": 0.5}, birth_clock="06:15",
        schedule=({"kind": "none"},),
        interventions=({"kind": "oxytocin", "start_day": 29.0, "times": ("19:30",)},),
    )  # fmt: skip
    let_downs = played.table(LetDown)
    assert set(let_downs.trigger) == {"dose"}
    at = [29.0 * DAY_MIN + 795.0, 30.0 * DAY_MIN + 795.0]
    assert sorted(set(let_downs.time_min)) == pytest.approx(at, rel=1e-12)
    assert list(played.table(InterventionChange).time_min) == pytest.approx(at, rel=1e-12)
