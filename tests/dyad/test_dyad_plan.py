"""The plan of removals: every kind of phase, what modifies it, and how phases follow one another."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import inf
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_up_day import view
from pydantic import TypeAdapter, ValidationError

from lactflow.dyad.schedule import Plan, PlannedSession, SchedulePhase, clock_minutes
from lactflow.units import DAY_MIN

OF_TWINS = {"breasts": [SimpleNamespace(side=side) for side in ("left", "right")], "infants": (None, None)}
"""Whom a view is of, as far as a plan looks."""

PHASE = TypeAdapter(SchedulePhase)
BOTH = (("left", None), ("right", None))


def planned(*phases, start_day=1.0, days=2.0, birth_clock="00:00", logs=None, infants=1):
    """The plan of these phases."""
    members = [PHASE.validate_python(phase) for phase in phases]
    return Plan(members, start_day, days, birth_clock, logs=logs or {}, infants=infants)


def times(*phases, **about):
    """Minutes since birth of all its sessions."""
    return [session.planned_min for session in planned(*phases, **about).sessions()]


def held(plan, time_min):
    """The phase in which the first infant asks at a time, and when it holds; None where it does not ask."""
    agenda = plan.lanes[0].agendas(time_min).get(0)
    return agenda and (agenda._phase, agenda._period)


def clocks(*phases, birth_clock="00:00", **about):
    """Hours after midnight of all its sessions."""
    begin_min = clock_minutes(birth_clock)
    return [(time + begin_min) % DAY_MIN / 60.0 for time in times(*phases, birth_clock=birth_clock, **about)]


# -- kinds ------------------------------------------------------------------------------------------------


def test_every_begins_with_its_phase_and_ends_before_the_run_does():
    """A session at the very end is not played."""
    assert times({"kind": "every", "hours": 6}, days=1.0) == [0.0, 360.0, 720.0, 1080.0]
    assert times({"kind": "every", "hours": 6, "from_day": 1.5}, days=1.0) == [720.0, 1080.0]


def test_clock_follows_the_clock_at_birth():
    """Born at 13:37, the first 07:00 comes 17 h 23 min later."""
    assert times({"kind": "clock", "times": ("19:00", "07:00")}, birth_clock="13:37", days=1.0) == [323.0, 1043.0]
    assert clocks({"kind": "clock", "times": ("07:00", "19:00")}, birth_clock="13:37", days=3.0) == [19.0, 7.0] * 3


def test_a_clock_time_at_the_edges_of_a_window_counts_once():
    """At its beginning, not at its end."""
    about = {"kind": "clock", "times": ("00:00",)}
    assert times(about, days=2.0) == [0.0, 1440.0]
    assert times(about, {**about, "from_day": 2.0}, days=2.0) == [0.0, 1440.0]


@pytest.mark.parametrize(
    ("about", "hours"),
    [
        ({"feeds": 6, "clusters": 2}, [6, 7, 8, 18, 19, 20]),
        ({"feeds": 5, "clusters": 2}, [6, 7, 18, 19, 20]),
        ({"feeds": 4, "clusters": 1, "gap_min": 90.0, "first": "20:00"}, [0.5, 20, 21.5, 23]),
        ({"feeds": 2, "clusters": 3, "first": "00:00"}, [8, 16]),
    ],
)
def test_clusters_have_their_feeds(about, hours):
    """So many a day, so far apart, evenly spread from the first; days that begin within one have its rest."""
    found = clocks({"kind": "cluster", **about}, start_day=3.0, days=4.0)
    assert Counter(found) == dict.fromkeys(map(float, hours), 4)


@given(
    feeds=st.integers(1, 48), clusters=st.integers(1, 12), gap_min=st.floats(15.0, 480.0),
    start_day=st.integers(1440, 72000).map(lambda minute: minute / 1440.0),
    birth=st.sampled_from(["00:00", "13:37", "23:59"]),
)  # fmt: skip
@example(feeds=5, clusters=9, gap_min=15.0, start_day=15880 / 1440.0, birth="00:00")  # a day that is no binary fraction
def test_clusters_either_fit_or_are_refused(*, feeds, clusters, gap_min, start_day, birth):
    """As many feeds a day as told, never closer than the gap; else an error that says how long a cluster is."""
    about = {"kind": "cluster", "feeds": feeds, "clusters": clusters, "gap_min": gap_min}
    longest = -(-feeds // clusters)
    if longest * gap_min > DAY_MIN / clusters:
        with pytest.raises(ValidationError, match=f"clusters overlap: {longest} feeds"):
            PHASE.validate_python(about)
        return
    found = times(about, start_day=start_day, days=3.0, birth_clock=birth)
    assert len(found) == 3 * feeds
    assert all(after - before >= gap_min - 1e-6 for before, after in pairwise(found))


def test_a_log_is_played_from_the_start_of_its_phase():
    """And cut where the next phase begins."""
    logs = {"a.csv": [PlannedSession(60.0, "feed", BOTH[:1]), PlannedSession(2000.0, "bottle", volume_ml=30.0)]}
    log = {"kind": "log", "file": "a.csv", "from_day": 11.0}
    sessions = list(planned(log, start_day=11.0, logs=logs).sessions())
    assert sessions == [
        PlannedSession(14460.0, "feed", BOTH[:1]), PlannedSession(16400.0, "bottle", volume_ml=30.0)
    ]  # fmt: skip
    cut = planned(log, {"kind": "none", "from_day": 12.0}, start_day=11.0, logs=logs)
    assert [session.planned_min for session in cut.sessions()] == [14460.0]


def test_infants_who_ask_have_no_plan():
    """On demand, weaning and nothing leave it to the infant."""
    for phase in ({"kind": "on_demand"}, {"kind": "wean", "days": 3.0}, {"kind": "none"}):
        assert times(phase) == []
        assert held(planned(phase), 100.0)[0].kind == phase["kind"]
        assert held(planned({"kind": "every", "hours": 3}), 100.0) is None


def test_weaning_falls_evenly_to_nothing():
    """From all calls to none within its days, and stays there."""
    phase, period = held(planned({"kind": "wean", "days": 4.0, "from_day": 3.0}, days=20.0), 3.0 * DAY_MIN)
    shares = [phase.at_breast((2.0 + day) * DAY_MIN, period) for day in (0.0, 1.0, 2.0, 3.0, 4.0, 9.0)]
    assert shares == pytest.approx([1.0, 0.75, 0.5, 0.25, 0.0, 0.0], rel=1e-12)


def test_a_call_at_night_waits_for_the_morning():
    """A gap of feeds on demand puts the call off; outside it nothing waits."""
    about = {"kind": "on_demand", "night_gap": {"from": "22:00", "to": "06:00"}}
    phase, period = held(planned(about, birth_clock="13:00"), 0.0)
    waits = {hour: phase.waits_min((hour - 13.0) * 60.0, period) for hour in (13.0, 21.99, 22.0, 24.0, 29.9, 30.0)}
    assert waits == pytest.approx({13.0: 0.0, 21.99: 0.0, 22.0: 480.0, 24.0: 360.0, 29.9: 6.0, 30.0: 0.0}, abs=1e-9)


def test_calls_that_are_missed_get_a_bottle():
    """On the day and in the hours told."""
    about = {"kind": "on_demand", "miss": ({"days": (2,), "from": "08:00", "to": "12:00"},)}
    phase, period = held(planned(about, days=5.0), 0.0)
    shares = {hour: phase.at_breast(hour * 60.0, period) for hour in (8.0, 31.9, 32.0, 35.9, 36.0, 56.0)}
    assert shares == {8.0: 1.0, 31.9: 1.0, 32.0: 0.0, 35.9: 0.0, 36.0: 1.0, 56.0: 1.0}


# -- what does not take place -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "left_out"),
    [("22:00", "06:00", {22, 23, 0, 1, 2, 3, 4, 5}), ("13:00", "15:00", {13, 14}), ("00:00", "01:00", {0})],
)
@pytest.mark.parametrize("birth_clock", ["00:00", "23:00"])
def test_a_night_gap_leaves_its_hours_out(begin, end, left_out, birth_clock):
    """Over midnight too, whatever the clock at birth; its beginning belongs to it, its end does not."""
    phase = {"kind": "every", "hours": 1, "night_gap": {"from": begin, "to": end}}
    found = clocks(phase, birth_clock=birth_clock, days=3.0)
    assert Counter(found) == dict.fromkeys((float(hour) for hour in set(range(24)) - left_out), 3)


def test_missed_sessions_are_those_of_the_days_and_hours():
    """Days since birth, hours of the clock; all day where no hours are told."""
    phase = {
        "kind": "every", "hours": 1, "from_day": 10.0,
        "miss": ({"days": (12,), "from": "08:00", "to": "12:00"}, {"days": (11,)}),
    }  # fmt: skip
    found = times(phase, start_day=10.0, days=3.0)
    assert Counter(time // DAY_MIN + 1 for time in found) == {10: 24, 12: 20}
    assert {time % DAY_MIN / 60.0 for time in found if time >= 11 * DAY_MIN} == set(range(24)) - {8, 9, 10, 11}


def test_hours_of_a_missed_day_are_those_of_the_clock():
    """Born at noon, 08:00 to 12:00 of day 2 are its last hours."""
    phase = {"kind": "every", "hours": 1, "miss": ({"days": (2,), "from": "08:00", "to": "12:00"},)}
    missing = set(range(48)) - {time / 60.0 for time in times(phase, birth_clock="12:00")}
    assert missing == {44, 45, 46, 47}


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ({"kind": "on_demand", "night_gap": {"from": "22:00", "to": "22:00"}}, "has no length"),
        (
            {"kind": "every", "hours": 3, "miss": ({"days": (2,), "from": "12:00", "to": "08:00"},)},
            "end before they begin",
        ),
        ({"kind": "every", "hours": 3, "miss": ({"days": ()},)}, "at least 1 item"),
        ({"kind": "clock", "times": ("07:00", "07:00")}, "07:00 and 07:00 overlap"),
        ({"kind": "pump", "times": ("23:55", "00:05")}, "23:55 and 00:05 overlap"),
        ({"kind": "pump", "times": ("06:00", "06:10"), "minutes": 15.0}, "06:00 and 06:10 overlap"),
        ({"kind": "power_pump", "times": ("06:00", "06:59")}, "06:00 and 06:59 overlap"),
        ({"kind": "pump", "times": ("23:00",), "night_gap": {"from": "22:00", "to": "06:00"}}, "23:00 never takes"),
        ({"kind": "pump"}, "clock times, per_day or after_feeds"),
        ({"kind": "bottle"}, "clock times, per_day or after_feeds"),
        ({"kind": "hand", "times": ("06:00",), "per_day": 3}, "exclude each other"),
        ({"kind": "pump", "per_day": 40, "minutes": 60.0}, "overlap: one takes 60 min"),
        ({"kind": "bottle", "per_day": 2, "content": "juice"}, "formula"),
        ({"kind": "every", "hours": 0.1}, "greater than or equal to 0.25"),
        ({"kind": "wean", "days": 0.0}, "greater than 0"),
    ],
)
def test_phases_that_cannot_be_kept_are_refused(phase, words):
    """With what is wrong."""
    with pytest.raises(ValidationError, match=words):
        PHASE.validate_python(phase)


# -- pumps ------------------------------------------------------------------------------------------------


def test_a_pump_at_clock_times_takes_its_sides():
    """Both at once, for its minutes, at its vacuum."""
    (session,) = planned(
        {"kind": "pump", "times": ("06:00",), "minutes": 20.0, "vacuum_mmhg": 150.0}, days=1
    ).sessions()
    assert session == PlannedSession(360.0, "pump", (("left", 20.0), ("right", 20.0)), vacuum_mmhg=150.0)
    alternate = planned({"kind": "pump", "times": ("06:00", "18:00"), "side": "alternate"}).sessions()
    assert [[side for side, _ in session.sides] for session in alternate] == [["left"], ["right"], ["left"], ["right"]]


def test_a_pump_follows_a_feed_after_its_delay():
    """Where the phase says so, and not in its gap or on a day that is missed."""
    pump = {
        "kind": "pump", "after_feeds": True, "delay_min": 10.0, "side": "alternate", "from_day": 2.0,
        "night_gap": {"from": "22:00", "to": "06:00"}, "miss": ({"days": (4,)},),
    }  # fmt: skip
    plan = planned(pump, days=9.0)
    assert list(plan.sessions()) == []
    noon_min = 12 * 60.0

    def follows(time_min, number=0, plan=plan):
        return list(plan.after(view(time_min, **OF_TWINS, feeds=number + 1), PlannedSession(0.0, "feed")))

    assert not follows(noon_min)  # before the phase
    assert follows(DAY_MIN + noon_min) == [PlannedSession(DAY_MIN + noon_min + 10.0, "pump", (("left", 15.0),))]
    assert follows(DAY_MIN + noon_min, 1)[0].sides == (("right", 15.0),)
    assert follows(DAY_MIN + 21 * 60.0 + 49.0, 2)
    assert not follows(DAY_MIN + 21 * 60.0 + 50.0, 2)  # it would begin at 22:00
    assert not follows(3 * DAY_MIN + noon_min, 2)
    assert not follows(noon_min, plan=planned({"kind": "pump", "times": ("06:00",)}))
    assert not follows(noon_min, plan=planned({"kind": "every", "hours": 3}))


def test_a_hand_takes_one_breast_after_the_other():
    """Half of the minutes each."""
    (session,) = planned({"kind": "hand", "times": ("06:00",), "minutes": 20.0}, days=1).sessions()
    assert session == PlannedSession(360.0, "hand", (("left", 10.0), ("right", 10.0)))


def test_several_things_may_follow_a_feed():
    """A pumping, and a bottle for the infant that was fed."""
    after = ({"kind": "pump", "after_feeds": True}, {"kind": "bottle", "after_feeds": True, "volume_ml": 30.0})
    plan = planned(*after, infants=2)
    pump, bottle = plan.after(view(600.0, **OF_TWINS, feeds=1), PlannedSession(0.0, "feed", infant=1))
    assert pump.kind == "pump"
    assert bottle == PlannedSession(605.0, "bottle", offered_ml=30.0, content="formula", infant=1)


def test_bottles_are_for_every_infant():
    """At clock times, and not before birth."""
    sessions = planned(
        {"kind": "bottle", "times": ("12:00",), "content": "own_milk"}, start_day=-1.0, days=4.0, infants=2
    ).sessions()
    assert [(session.planned_min, session.infant) for session in sessions] == [
        (day * DAY_MIN + 720.0, infant) for day in (0, 1) for infant in (0, 1)
    ]


@given(
    per_day=st.integers(1, 20),
    gap=st.none() | st.sampled_from([("22:00", "06:00"), ("01:30", "05:10")]),
    birth=st.sampled_from(["00:00", "13:37"]),
)
def test_so_many_a_day_are_evenly_spread(*, per_day, gap, birth):
    """Over the whole day, or over the hours without night gap; the same each day."""
    about = {} if gap is None else {"night_gap": {"from": gap[0], "to": gap[1]}}
    phase = {"kind": "pump", "per_day": per_day, **about}
    found = times(phase, days=3.0, birth_clock=birth)
    assert len(found) == 3 * per_day
    awake_min = DAY_MIN if gap is None else (clock_minutes(gap[0]) - clock_minutes(gap[1])) % DAY_MIN
    apart = {round(other - one, 6) for one, other in pairwise(found)}
    expected = {round(awake_min / per_day, 6), round(DAY_MIN - awake_min + awake_min / per_day, 6)}
    assert apart <= expected
    assert found[per_day] == pytest.approx(found[0] + DAY_MIN, abs=1e-6)


def test_power_pumping_is_20_10_10():
    """Twenty minutes, a pause of ten, ten minutes, a pause of ten, ten minutes: an hour in all."""
    sessions = list(planned({"kind": "power_pump", "times": ("21:00",)}, days=1.0).sessions())
    assert [(session.planned_min - 21 * 60.0, session.sides[0][1]) for session in sessions] == [
        (0.0, 20.0), (30.0, 10.0), (50.0, 10.0)
    ]  # fmt: skip
    assert all({side for side, _ in session.sides} == {"left", "right"} for session in sessions)


def test_pumps_run_beside_feeds():
    """Each lane has its own phases; all sessions come in order of time."""
    plan = planned(
        {"kind": "every", "hours": 8}, {"kind": "pump", "times": ("06:00",)}, {"kind": "none", "from_day": 2.0},
        {"kind": "power_pump", "times": ("12:00",), "from_day": 2.5},
    )  # fmt: skip
    found = [(session.planned_min / 60.0, session.kind) for session in plan.sessions()]
    assert found == [
        (0.0, "feed"), (6.0, "pump"), (8.0, "feed"), (16.0, "feed"), (30.0, "pump"),
        (36.0, "pump"), (36.5, "pump"), (36.0 + 50 / 60, "pump"),
    ]  # fmt: skip


# -- phases, infants --------------------------------------------------------------------------------------


def test_a_later_phase_takes_over():
    """From its day on; who asks for the next change is told."""
    plan = planned(
        {"kind": "every", "hours": 12}, {"kind": "on_demand", "from_day": 2.0}, {"kind": "none", "from_day": 3.5},
        start_day=1.0, days=4.0,
    )  # fmt: skip
    assert [session.planned_min for session in plan.sessions()] == [0.0, 720.0]
    assert held(plan, 1439.0) is None
    assert [held(plan, at)[0].kind for at in (1440.0, 3599.0, 3600.0)] == ["on_demand", "on_demand", "none"]
    assert [plan.lanes[0].next_change(at) for at in (0.0, 1440.0, 3600.0)] == [1440.0, 3600.0, inf]


def test_nobody_feeds_before_birth():
    """Phases of a pregnancy begin at birth, the last of them holds; a pump may run before."""
    every, demand = {"kind": "every", "hours": 6}, {"kind": "on_demand", "from_day": 0.0}
    assert times(every, start_day=-3.0, days=5.0) == [0.0, 360.0, 720.0, 1080.0]
    assert times(every, start_day=-9.0, days=5.0) == []
    both = planned(every, demand, start_day=-3.0, days=5.0)
    assert list(both.sessions()) == []
    assert held(both, 0.0)[0].kind == "on_demand"
    assert held(both, -10.0) is None
    assert both.lanes[0].next_change(-10.0) == 0.0
    assert times({"kind": "pump", "times": ("06:00",)}, start_day=-1.0, days=3.0) == [-2520.0, -1080.0, 360.0]


@pytest.mark.parametrize("infants", [1, 2, 3])
def test_every_infant_gets_each_feed(infants):
    """Twins at the same time on different sides, in turns from feed to feed; bottles of a log go to the first."""
    sessions = list(planned({"kind": "every", "hours": 12}, infants=infants).sessions())
    assert len(sessions) == 4 * infants
    for number in range(4):
        together = sessions[number * infants : (number + 1) * infants]
        assert len({session.planned_min for session in together}) == 1
        assert [session.infant for session in together] == list(range(infants))
        begins = [session.sides[0][0] for session in together]
        first = ("left", "right")[number % 2]
        assert begins == [first, ("right", "left")[number % 2], first][:infants]
        assert all({side for side, _ in session.sides} == {"left", "right"} for session in together)
    bottle = {"a.csv": [PlannedSession(60.0, "bottle", volume_ml=30.0)]}
    phase = {"kind": "log", "file": "a.csv", "gaps": "nobody"}
    (only,) = planned(phase, logs=bottle, infants=infants).sessions()
    assert only.infant == 0


def test_a_preferred_side_is_left_to_the_infant():
    """No sides are planned, a rule is."""
    (session,) = planned({"kind": "every", "hours": 24, "side": "preferred"}, days=1.0).sessions()
    assert (session.sides, session.rule) == ((), "preferred")


@settings(max_examples=40)
@given(
    kind=st.sampled_from(["every", "clock", "cluster", "pump", "power_pump"]), start_day=st.floats(-5.0, 60.0),
    days=st.floats(0.1, 4.0), birth=st.integers(0, 1439),
    gap=st.tuples(st.integers(0, 359), st.integers(1, 300)),
    missed=st.sets(st.integers(-5, 64), min_size=1, max_size=9),
)  # fmt: skip
def test_sessions_are_in_order_in_their_window_and_never_where_they_are_left_out(
    *, kind, start_day, days, birth, gap, missed
):
    """Whatever the kind, the clock at birth and the hours left out."""
    about = {
        "every": {"hours": 1.7}, "clock": {"times": ("07:00", "15:59", "23:00")}, "cluster": {"feeds": 7},
        "pump": {"times": ("06:30", "20:00")}, "power_pump": {"times": ("12:00",)},
    }  # fmt: skip
    text = [f"{minute // 60:02}:{minute % 60:02}" for minute in (gap[0], gap[0] + gap[1])]
    if (kind == "clock" and gap[0] <= 420 < gap[0] + gap[1]) or (kind == "pump" and gap[0] <= 390 < gap[0] + gap[1]):
        return  # refused: that session would never take place
    clock = f"{birth // 60:02}:{birth % 60:02}"
    phase = {"kind": kind, **about[kind], "night_gap": {"from": text[0], "to": text[1]}}
    free = times(phase, start_day=start_day, days=days, birth_clock=clock)
    found = times(
        {**phase, "miss": ({"days": tuple(sorted(missed))},)}, start_day=start_day, days=days, birth_clock=clock
    )
    begin_min = (start_day - 1.0) * DAY_MIN
    earliest_min = begin_min if "pump" in kind else max(0.0, begin_min)
    assert free == sorted(free)
    assert all(earliest_min <= time < begin_min + days * DAY_MIN + 50.0 * (kind == "power_pump") for time in free)
    assert not [time for time in free if gap[0] <= (time + birth) % DAY_MIN < gap[0] + gap[1]]
    assert found == [time for time in free if time // DAY_MIN + 1 not in missed]
