"""When doses of drugs are taken: days, clock times, missed ones, and what was taken for ever."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from lactflow.dyad.drug_doses import DrugDoses, daily_dose, doses_of, regimens_of, spread_doses
from lactflow.dyad.schedule.times import Period
from lactflow.pharmacology.declared import Drug
from lactflow.units import DAY_MIN

RUN = Period(29 * DAY_MIN, 33 * DAY_MIN, 0.0)
"""Days 30 to 33, birth at midnight."""


def drug(**keys):
    """A drug with two forms."""
    return Drug.model_validate(
        {
            "format": 1,
            "drug": "some",
            "kinetics": {"clearance_l_per_h": 8.0, "volume_l": 60.0},
            "forms": {"fast": {}, "slow": {"release_h": 30.0}},
            "sources": {"kinetics": {"cite": "abc"}},
            **keys,
        }
    )


def taken(**keys):
    """Doses of it, as a config has them."""
    return DrugDoses.model_validate_json(json.dumps({"drug": "some", "dose_mg": 5.0, **keys}))


def due(entry, run=RUN):
    """Days and hours of the doses of an entry; missed ones with a minus."""
    found = doses_of([entry], {"some": drug()}, run)
    return [
        (each.time_min // DAY_MIN + 1, each.time_min % DAY_MIN / 60.0 * (1 if each.taken else -1)) for each in found
    ]


def test_the_last_day_has_doses():
    """`to_day` is the last one; the next has none."""
    assert due(taken(times=["08:00", "20:00"], from_day=31, to_day=32)) == [(31, 8), (31, 20), (32, 8), (32, 20)]
    assert due(taken(times=["19:30"], from_day=30, to_day=30)) == [(30, 19.5)]


def test_doses_before_the_run_count_and_none_is_after_it():
    """From the first day of doses to the end of the run."""
    assert due(taken(times=["08:00"], from_day=28)) == [(day, 8) for day in range(28, 34)]
    assert due(taken(from_day=31)) == [(31, 0)]
    assert due(taken(from_day=40)) == []


def test_every_so_many_days():
    """Counted from the first day; for ever, from the first day of the run both ways."""
    assert [day for day, _ in due(taken(times=["08:00"], from_day=27, every_days=3))] == [27, 30, 33]
    assert [day for day, _ in due(taken(times=["08:00"], every_days=3))] == [24, 27, 30, 33]


def test_a_missed_dose_is_due_but_not_taken():
    """By day and hours, as sessions are missed."""
    entry = taken(times=["08:00", "20:00"], from_day=31, to_day=31, miss=[{"days": [31], "from": "12:00"}])
    assert due(entry) == [(31, 8), (31, -20)]
    (regimen,) = regimens_of([entry], drug(), RUN)
    assert regimen.times_min == (30 * DAY_MIN + 480.0,)


def test_a_day_begins_at_birth():
    """Born at 14:00: day 31 has its morning after midnight, which is ten hours after it begins."""
    born = RUN._replace(birth_clock_min=840.0)
    assert due(taken(times=["08:00"], from_day=31, to_day=31), born) == [(31, 18.0)]


def test_for_ever_has_one_period_before_all_that_counts():
    """As many days as a dose needs to come in; each dose from then on counts."""
    (regimen,) = regimens_of([taken(times=["08:00"])], drug(), RUN)
    before = regimen.before
    assert before.from_min == RUN.from_min - 7 * DAY_MIN
    assert before.period_min == DAY_MIN
    assert before.times_min == (before.from_min + 480.0,)
    assert regimen.times_min == tuple(before.from_min + 480.0 + day * DAY_MIN for day in range(11))
    (slow,) = regimens_of([taken(times=["08:00"], form="slow")], drug(), RUN)
    assert slow.before.period_min == 2 * DAY_MIN
    assert len(slow.before.times_min) == 2


def test_a_dose_that_was_missed_long_ago_counts():
    """What was for ever ends before it; the period has it all the same."""
    (regimen,) = regimens_of([taken(times=["08:00"], miss=[{"days": [10]}])], drug(), RUN)
    assert regimen.before.from_min == 9 * DAY_MIN
    assert regimen.before.times_min == (9 * DAY_MIN + 480.0,)
    assert regimen.times_min[0] == 10 * DAY_MIN + 480.0


def test_all_regimens_of_a_drug_are_known_from_one_time():
    """One from a day long before the run, one for ever, one that ended before the run."""
    entries = [
        taken(times=["08:00"]),
        taken(times=["20:00"], from_day=5, to_day=6, form="slow"),
        taken(times=["22:00"], to_day=3),
    ]
    always, early, ended = regimens_of(entries, drug(), RUN)
    assert always.before.from_min == ended.before.from_min == 3 * DAY_MIN
    assert always.times_min[0] == 3 * DAY_MIN + 480.0
    assert early.before is None
    assert early.times_min == (4 * DAY_MIN + 1200.0, 5 * DAY_MIN + 1200.0)
    assert ended.times_min == ()
    assert ended.before.times_min == (3 * DAY_MIN + 1320.0,)


def test_drinks_are_so_many_grams():
    """Of the drug's own drink."""
    ethanol = drug(kinetics={"elimination_g_per_l_h": 0.15, "drink_g": 14.0}, forms={"immediate": {}})
    (dose,) = doses_of([taken(dose_mg=None, drinks=2, times=["19:00"], from_day=31, to_day=31)], {"some": ethanol}, RUN)
    assert dose.dose_mg == 28_000.0
    assert dose.form == "immediate"


def test_the_daily_dose_of_several_entries():
    """They add up while they hold; what has no first day was there before."""
    steps = drug(kinetics="daily_steps", forms={"tablet": {}})
    level = daily_dose([taken(times=["08:00", "20:00"]), taken(times=["12:00"], from_day=31, to_day=31)], steps)
    days = (1.5, 30.5, 31.5, 32.5)
    assert [level.level((day - 1.0) * DAY_MIN) for day in days] == [10.0, 10.0, 15.0, 10.0]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"dose_mg": None}, "dose_mg is missing"),
        ({"drinks": 2}, "exclude each other"),
        ({}, "times is missing"),
        ({"from_day": 3, "to_day": 5}, "need times"),
        ({"times": ["08:00"], "from_day": 3, "to_day": 2}, "before from_day"),
        ({"times": ["08:00", "08:00"]}, "comes twice"),
        ({"times": ["8:00"]}, "is not a clock time"),
        ({"times": ["08:00"], "dose_mg": 0}, "greater than 0"),
    ],
)
def test_plans_that_contradict_themselves(keys, message):
    """One line each."""
    with pytest.raises(ValidationError, match=message):
        taken(**keys)


def spread(*entries):
    """What is taken in a day, from which day on."""
    return [(time_min / DAY_MIN + 1.0, mg) for time_min, mg in spread_doses(entries, drug(), RUN)]


def test_doses_are_spread_over_the_days_that_they_are_for():
    """For ever: always the same. From a day on: from its dose, over as many days as the last one is for."""
    assert spread(taken(times=["08:00"], every_days=14)) == [(30.0, pytest.approx(5.0 / 14.0))]
    assert spread(taken(times=["08:00", "20:00"], every_days=2)) == [(30.0, 5.0)]
    some = spread(taken(times=["12:00"], every_days=2, from_day=31, to_day=31))
    assert some == [(30.0, 0.0), (31.5, 2.5), (33.5, 0.0)]
    assert spread(taken(times=["12:00"], every_days=10, from_day=24)) == [(30.0, 0.5)]
    assert spread(taken(times=["12:00"], every_days=2, from_day=20, to_day=22)) == [(30.0, 0.0)]


def test_a_dose_that_is_missed_is_for_no_day():
    """From when it was due until the next one."""
    missed = taken(times=["00:00"], every_days=2, from_day=28, miss=[{"days": [30]}])
    assert spread(missed) == [(30.0, 0.0), (32.0, 2.5)]
    both = spread(taken(times=["00:00"]), missed)
    assert both == [(30.0, 5.0), (32.0, 7.5)]
