"""Several infants with schedules of their own: whom a phase is about, when another takes over, who is warned of."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from lactflow.config.model import RunConfig, contradictions
from lactflow.config.oddities import oddities
from lactflow.dyad.schedule import Plan, PlannedSession, SchedulePhase
from lactflow.dyad.schedule.plan import tracks_of
from lactflow.records import InfantSample, Session
from lactflow.units import DAY_MIN

PHASE = TypeAdapter(SchedulePhase)
COARSE = {"gland": {"lobes_per_breast": 3}, "resolution": {"packet_ml": 0.3}}
TWO = ({}, {"born_day": -300.0})


def planned(*phases, days=2.0, logs=None):
    """The plan of these phases for two infants, from day 1."""
    members = [PHASE.validate_python(phase) for phase in phases]
    return Plan(members, 1.0, days, "00:00", logs=logs or {}, infants=2)


def feeds(plan, infant):
    """Hours since birth at which an infant is fed."""
    return [session.planned_min / 60.0 for session in plan.sessions() if session.infant == infant]


def test_a_phase_that_names_an_infant_is_about_that_one_alone():
    """Six-hourly feeds of the first, one at noon of the second."""
    plan = planned({"kind": "every", "hours": 6}, {"kind": "clock", "times": ("12:00",), "infant": 1}, days=1.0)
    assert feeds(plan, 0) == [0.0, 6.0, 12.0, 18.0]
    assert feeds(plan, 1) == [12.0]
    assert [lane.name for lane in plan.lanes] == ["feeding", "feeding of infant 1"]


def test_a_phase_holds_for_all_until_another_names_one_of_them():
    """Both are fed six-hourly on the first day; on the second the second one is fed at noon only."""
    plan = planned(
        {"kind": "every", "hours": 6}, {"kind": "clock", "times": ("12:00",), "infant": 1, "from_day": 2.0},
    )  # fmt: skip
    assert feeds(plan, 0) == [6.0 * number for number in range(8)]
    assert feeds(plan, 1) == [0.0, 6.0, 12.0, 18.0, 36.0]


def test_later_phases_of_all_do_not_take_over_from_one_that_names_an_infant():
    """The first one changes to eight hours on the second day; the second one does not."""
    plan = planned(
        {"kind": "every", "hours": 6}, {"kind": "clock", "times": ("12:00",), "infant": 1},
        {"kind": "every", "hours": 8, "from_day": 2.0},
    )  # fmt: skip
    assert feeds(plan, 0) == [0.0, 6.0, 12.0, 18.0, 24.0, 32.0, 40.0]
    assert feeds(plan, 1) == [12.0, 36.0]


def test_what_is_no_infants_is_not_done_twice():
    """A pumping and a bottle of a log belong to the lane of all, also where another lane begins with the log."""
    log = (
        PlannedSession(60.0, "pump", (("left", 10.0),), source="log"),
        PlannedSession(120.0, "bottle", volume_ml=50.0, content="formula", source="log"),
        PlannedSession(180.0, "feed", (("left", 10.0),), source="log"),
    )
    plan = planned(
        {"kind": "log", "file": "a.csv", "gaps": "nobody"},
        {"kind": "clock", "times": ("12:00",), "infant": 1, "from_day": 2.0},
        logs={"a.csv": log},
    )
    assert [(each.planned_min, each.kind, each.infant) for each in plan.sessions()] == [
        (60.0, "pump", 0), (120.0, "bottle", 0), (180.0, "feed", 0), (180.0, "feed", 1), (2160.0, "feed", 1),
    ]  # fmt: skip


def test_one_asks_and_the_other_is_fed_by_the_clock():
    """Each infant that is fed on demand is asked; the other one is not."""
    plan = planned({"kind": "on_demand", "infant": 0}, {"kind": "clock", "times": ("12:00",), "infant": 1})
    assert [lane.asked_for() for lane in plan.lanes] == [[0], []]
    tracks = tracks_of([PHASE.validate_python({"kind": "on_demand"})], 1.0, 2)
    assert [(track.name, list(track.infants)) for track in tracks] == [("feeding", [0, 1])]


def config(*schedule, infants=TWO, **keys):
    """A config of two infants."""
    return RunConfig.model_validate({"format": 1, "start_day": 1, "infants": infants, "schedule": schedule, **keys})


def test_an_infant_that_is_not_there_is_refused():
    """At its key, with how many there are."""
    found = dict(contradictions(config({"kind": "on_demand", "infant": 2})))
    assert found["schedule", 0, "infant"] == "there is no infant 2 (infants are numbered from 0; 2 here)"


@pytest.mark.parametrize(
    ("schedule", "hungry"),
    [
        (({"kind": "on_demand"},), []),
        (({"kind": "on_demand", "infant": 0},), [1]),
        (({"kind": "on_demand"}, {"kind": "wean", "days": 3.0, "infant": 1, "from_day": 3.0}), []),
    ],
)
def test_an_infant_that_nobody_feeds_draws_a_warning(schedule, hungry):
    """One line for each."""
    lines = [line for line in oddities(config(*schedule), {}) if line.startswith("nobody feeds")]
    assert lines == [f"nobody feeds infant {each}: every phase of feeding names another one" for each in hungry]


def test_a_newborn_and_an_elder_child_are_fed_in_tandem(play):
    """The newborn asks, the child of ten months has three feeds a day, bottles after feeds are the child's alone."""
    played = play(
        start_day=5.0, days=3.0, infants=TWO, **COARSE,
        schedule=(
            {"kind": "on_demand", "infant": 0},
            {"kind": "clock", "times": ("07:00", "13:00", "19:00"), "infant": 1},
            {"kind": "bottle", "after_feeds": True, "infant": 1},
        ),
    )  # fmt: skip
    sessions = played.table(Session)
    counted = sessions.groupby(["infant", "kind"]).size()
    assert counted[1, "feed"] == 9
    assert counted[1, "bottle"] == 9
    assert counted[0, "feed"] >= 18
    assert (0, "bottle") not in counted.index
    weights = played.table(InfantSample).groupby("infant")["weight_kg"].first()
    assert weights[0] < 4.0
    assert weights[1] > 7.0
    assert sessions["start_min"].min() >= 4.0 * DAY_MIN
