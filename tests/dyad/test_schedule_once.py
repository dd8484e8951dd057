"""Single sessions: when each takes place, what it is, what it goes beside, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_day import Day, PunctualInfant
from pydantic import TypeAdapter, ValidationError
from small_days import ON_DEMAND, TWINS, in_turn

from lactflow.config.model import RunConfig, contradictions
from lactflow.config.oddities import oddities
from lactflow.dyad.schedule import Plan, PlannedSession, SchedulePhase, clock_minutes
from lactflow.records import MemoryRecorder, Session
from lactflow.records.bottles import BottleBalance, BottleContent
from lactflow.report.moments import Moment, planned_moments
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN

PHASE = TypeAdapter(SchedulePhase)
SMALL = {"format": 1, "gland": {"lobes_per_breast": 2}, "resolution": {"packet_ml": 0.5}}


def once(*sessions, **keys):
    """A phase of these sessions."""
    return {"kind": "once", "sessions": sessions, **keys}


def plan(*phases, start_day=1.0, days=4.0, birth_clock="00:00", infants=1):
    """The plan of these phases."""
    members = [PHASE.validate_python(phase) for phase in phases]
    return Plan(members, start_day, days, birth_clock, logs={}, infants=infants)


def planned(*phases, **about):
    """All its sessions that are known in advance."""
    return list(plan(*phases, **about).sessions())


def wrong(*phases, **keys):
    """What a config with these phases contradicts: the key below its phase, and the message."""
    config = RunConfig.model_validate({**SMALL, "start_day": 4.0, "days": 3.0, "schedule": phases, **keys})
    return [(".".join(map(str, key[1:])), message) for key, message in contradictions(config)]


def facts_of(**keys):
    """Everything that a run records."""
    recorder = MemoryRecorder(visits=False)
    simulate(RunConfig.model_validate({**SMALL, **keys}), recorder)
    return recorder.facts


# -- what is planned --------------------------------------------------------------------------------------


def test_each_session_is_what_it_says():
    """By hand: born at 10:00, noon of day 2 is two hours into it; the breast of each has its minutes."""
    found = planned(
        once(
            {"day": 3.5, "what": "pump", "minutes": 10, "vacuum_mmhg": 120},
            {"day": 2, "time": "12:00", "what": "bottle", "volume_ml": 30},
            {"day": 3, "what": "hand", "minutes": 16},
            {"day": 3.25, "what": "hand", "side": "right"},
        ),
        birth_clock="10:00",
    )
    assert found == [
        PlannedSession(1560.0, "bottle", offered_ml=30.0, content="formula"),
        PlannedSession(2880.0, "hand", (("left", 8.0), ("right", 8.0))),
        PlannedSession(3240.0, "hand", (("right", 20.0),)),
        PlannedSession(3600.0, "pump", (("left", 10.0), ("right", 10.0)), vacuum_mmhg=120.0),
    ]


@given(st.lists(st.floats(1.0, 4.99), min_size=1, max_size=12), st.sampled_from(["00:00", "13:37"]))
def test_sessions_come_in_order_of_time_each_once(days, birth_clock):
    """Whatever the order in which they are written."""
    found = planned(once(*({"day": day, "what": "bottle"} for day in days)), birth_clock=birth_clock)
    assert [session.planned_min for session in found] == sorted((day - 1.0) * DAY_MIN for day in days)


@pytest.mark.parametrize("birth_clock", ["00:00", "10:00", "23:59"])
def test_a_clock_time_comes_within_its_day(birth_clock):
    """A day begins at the clock time of birth, and a clock time comes once in it."""
    (found,) = planned(once({"day": 2, "time": "09:30", "what": "pump"}), birth_clock=birth_clock)
    assert DAY_MIN <= found.planned_min < 2.0 * DAY_MIN
    assert (found.planned_min + clock_minutes(birth_clock)) % DAY_MIN == 570.0


def test_a_session_at_the_end_of_the_run_is_none():
    """One at its very start is."""
    phase = once({"day": 3, "what": "pump"}, {"day": 5, "what": "pump"})
    assert [session.planned_min for session in planned(phase, start_day=3.0, days=2.0)] == [2.0 * DAY_MIN]


def test_no_phase_takes_over_from_another():
    """Neither from those beside the feeds nor from one of single sessions."""
    pump = {"kind": "pump", "times": ("12:00",)}
    single = once({"day": 2, "what": "pump"}), once({"day": 3.25, "what": "pump"}, {"day": 1.25, "what": "hand"})
    found = [session.planned_min for session in planned(pump, *single, days=3.0)]
    assert found == [360.0, 720.0, 1440.0, 2160.0, 3240.0, 3600.0]
    assert wrong(*(once({"day": day, "what": "pump"}) for day in (4.0, 5.0, 5.0))) == []


def test_bottles_are_for_each_infant_or_for_one():
    """A pumping is the mother's, once."""
    phase = once(
        {"day": 1.25, "what": "bottle"}, {"day": 1.5, "what": "bottle", "infant": 1}, {"day": 1.75, "what": "pump"}
    )
    found = planned(phase, infants=2)
    assert [(session.kind, session.infant) for session in found] == [
        ("bottle", 0),
        ("bottle", 1),
        ("bottle", 1),
        ("pump", 0),
    ]


def test_bottles_have_the_names_of_their_phase():
    """Formula comes from none."""
    phase = once(
        {"day": 1.25, "what": "pump"},
        {"day": 1.5, "what": "bottle", "content": "own_milk"},
        {"day": 1.75, "what": "bottle"},
        **{"into": "spare", "from": "spare"},
    )
    assert [session.bottle for session in planned(phase)] == ["spare", "spare", None]


def test_one_pumping_makes_no_mother_used_to_it():
    """Pumping every day before the run does."""
    assert not plan(once({"day": 30, "what": "pump"}), start_day=30.0).practised
    assert plan({"kind": "pump", "times": ("12:00",)}, start_day=30.0).practised


# -- what takes place -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hungry_min", "expected"),
    [
        (70.0, [("pump", 60.0), ("feed", 90.0)]),
        (50.0, [("feed", 55.0), ("pump", 65.0)]),
    ],
)
def test_she_has_one_session_at_a_time(hungry_min, expected):
    """
    A pumping of 30 min is planned at 60 min.

    An infant that is hungry at 70 is fed when it is over; one that is hungry at 50 calls for 5 min, and feeds
    for 10.
    """
    pump = once({"day": 1.0 + 60.0 / DAY_MIN, "what": "pump", "minutes": 30})
    took = Day(*ON_DEMAND, pump, infants=[PunctualInfant(0, first_min=hungry_min)]).over()
    assert [(each.kind, pytest.approx(each.start_min)) for each in took] == expected


@pytest.mark.parametrize("what", ["pump", "hand"])
def test_it_is_the_session_of_a_phase_by_the_clock(what):
    """A run of one day has the same facts to the bit, whichever way it is written."""
    about = {"start_day": 30.0, "days": 1.0, "birth_clock": "06:00"}
    more = {"minutes": 12.0, "side": "left"}
    single = once({"day": 30, "time": "15:00", "what": what, **more})
    daily = {"kind": what, "times": ("15:00",), "from_day": 30.25, **more}
    facts = facts_of(schedule=(*ON_DEMAND, single), **about)
    assert facts == facts_of(schedule=(*ON_DEMAND, daily), **about)
    (session,) = [fact for fact in facts if type(fact) is Session and fact.kind == what]
    assert session.planned_min == 29.0 * DAY_MIN + 540.0


def test_an_infant_on_demand_meets_a_pumping_and_a_bottle(small):
    """One session at a time, first come first served; the infant feeds on before and after."""
    single = once({"day": 31.25, "what": "pump"}, {"day": 31.5, "what": "bottle", "volume_ml": 40})
    sessions = in_turn(small(schedule=(*ON_DEMAND, single)))
    assert sessions.kind.value_counts().drop("feed").to_dict() == {"pump": 1, "bottle": 1}
    (bottle,) = sessions[sessions.kind == "bottle"].itertuples()
    assert 0.0 < bottle.intake_ml <= 40.0
    feeds = sessions[sessions.kind == "feed"].start_min
    assert feeds.min() < 30.25 * DAY_MIN < 30.5 * DAY_MIN < feeds.max()


def test_own_milk_comes_oldest_first():
    """30 mL of the first pumping; then the rest of it, and of the second one what more the infant wants."""
    phase = once(
        {"day": 61.3, "what": "bottle", "content": "own_milk", "volume_ml": 30},
        {"day": 61.5, "what": "bottle", "content": "own_milk"},
        {"day": 60.9, "what": "pump", "side": "left"},
        {"day": 60.3, "what": "pump", "side": "right"},
        **{"into": "spare", "from": "spare"},
    )
    facts = facts_of(start_day=60.0, days=2.0, schedule=(phase,))
    first, second = (fact for fact in facts if type(fact) is Session and fact.kind == "pump")
    one, other = (fact for fact in facts if type(fact) is BottleContent and fact.analyte == "fat")
    assert (one.expressed_from_min, one.expressed_to_min) == (first.end_min, first.end_min)
    assert (other.expressed_from_min, other.expressed_to_min) == (first.end_min, second.end_min)
    balances = [fact for fact in facts if type(fact) is BottleBalance]
    assert max(abs(fact.residual) for fact in balances) <= 1e-9
    assert {fact.bottle for fact in balances if fact.given > 0.0} == {"spare"}


# -- what is refused, and what is reported ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "message"),
    [
        (once(), "at least 1 item"),
        (once({"day": 4, "what": "pump", "volume_ml": 30}), r"pump\.volume_ml\n +Extra inputs"),
        (once({"day": 4, "what": "hand", "vacuum_mmhg": 100}), r"hand\.vacuum_mmhg\n +Extra inputs"),
        (once({"day": 4, "what": "bottle", "side": "left"}), r"bottle\.side\n +Extra inputs"),
        (once({"what": "pump"}), r"day\n +Field required"),
        (once({"day": 4, "what": "pump", "side": "alternate"}), "'left', 'right' or 'both'"),
        (once({"day": 4, "what": "pump"}, from_day=0.0), "from_day does not go with once: each session says when"),
        (once({"day": 4, "what": "pump"}, night_gap={"from": "22:00", "to": "06:00"}), "night_gap does not go"),
        (once({"day": 4, "what": "pump"}, miss=({"days": (4,)},)), "miss does not go with once"),
        (once({"day": 4, "what": "bottle"}, into="spare"), "no session expresses milk"),
        (once({"day": 4, "what": "bottle"}, **{"from": "spare"}), "no session is a bottle of own milk"),
    ],
)
def test_keys_that_do_not_go_together_are_refused(phase, message):
    """By name."""
    with pytest.raises(ValidationError, match=message):
        PHASE.validate_python(phase)


def test_sessions_that_overlap_are_refused():
    """At the same breast or at the other one, in whatever order they are written; one right after another is fine."""
    at = 4.5 + 15.0 / DAY_MIN
    assert wrong(once({"day": 4.5, "what": "pump"}, {"day": at, "what": "hand"})) == []
    for side in ("left", "right"):
        late = {"day": at - 1.0 / DAY_MIN, "what": "hand", "side": side, "minutes": 5}
        ((key, message),) = wrong(once(late, {"day": 4.5, "what": "pump", "side": "left"}))
        assert key == "0.sessions.0"
        assert message.startswith(
            "an expression by hand on day 4.5097222 begins before sessions.1 is over, on day 4.51"
        )
    long = {"day": 4.5, "what": "pump", "minutes": 60}
    short = ({"day": 4.5 + minutes / DAY_MIN, "what": "pump", "minutes": 5} for minutes in (30, 50))
    assert [key for key, _ in wrong(once(long, *short))] == ["0.sessions.1", "0.sessions.2"]


def test_two_bottles_at_once_are_refused_for_one_infant():
    """Not for two; a bottle without a number is for each."""
    at_noon = {"day": 4.5, "what": "bottle"}
    one, other = ({**at_noon, "infant": infant} for infant in (0, 1))
    assert wrong(once(one, other), infants=TWINS) == []
    ((key, message),) = wrong(once(one, at_noon), infants=TWINS)
    assert (key, "1 min apart" in message) == ("0.sessions.1", True)
    assert wrong(once(at_noon, {"day": 4.5, "what": "pump"})) == []


@pytest.mark.parametrize(
    ("session", "about", "key", "message"),
    [
        ({"day": 3.9, "what": "pump"}, {}, "day", "day 3.9 is before the run begins (allowed: start_day 4 or later)"),
        ({"day": 5, "what": "bottle", "infant": 1}, {}, "infant", "there is no infant 1 (infants are numbered from 0;"),
        ({"day": 5, "what": "bottle"}, {"infants": ()}, "", "there is no infant for the bottle"),
        (
            {"day": 0.5, "what": "bottle"},
            {"start_day": 0.0},
            "day",
            "would feed infant 0 on day 0.5, and it is born on day 1",
        ),
    ],
)
def test_what_cannot_be_is_refused(session, about, key, message):
    """At the key to change."""
    ((found, said),) = wrong(once({"day": 6, "what": "hand"}, session), **about)
    assert found == ".".join(filter(None, ("0.sessions.1", key)))
    assert said.startswith(message)


def test_a_clock_time_may_lie_after_the_start_of_a_run_that_begins_in_its_day():
    """The day begins before the run, the session does not."""
    session = {"day": 4, "time": "20:00", "what": "pump"}
    assert wrong(once(session), start_day=4.5) == []
    assert len(wrong(once(session), start_day=4.9)) == 1
    (found,) = planned(once(session), start_day=4.5, days=1.0)
    assert found.planned_min == 3.0 * DAY_MIN + 1200.0


def test_she_may_express_before_birth():
    """A mother who expects has a pump, and no infant."""
    assert wrong(once({"day": -1, "what": "hand"}), start_day=-2.0) == []


def test_sessions_after_the_run_are_reported():
    """One warning each; the others take place."""
    phase = once({"day": 6.99, "what": "pump"}, {"day": 7, "what": "pump"}, {"day": 9, "what": "bottle"})
    config = RunConfig.model_validate({**SMALL, "start_day": 4.0, "days": 3.0, "schedule": (*ON_DEMAND, phase)})
    assert [text for text in oddities(config, {}) if "over on day" in text] == [
        "schedule.1.sessions.1 (pump): is on day 7, the run is over on day 7",
        "schedule.1.sessions.2 (bottle): is on day 9, the run is over on day 7",
    ]


# -- what else looks at a schedule ------------------------------------------------------------------------


def test_a_resolved_config_says_the_same():
    """Written out and read again."""
    phase = once({"day": 5, "what": "bottle", "content": "own_milk"}, {"day": 4.5, "what": "hand"}, **{"from": "a"})
    config = RunConfig.model_validate({**SMALL, "start_day": 4.0, "schedule": (phase,)})
    assert RunConfig.model_validate_json(config.model_dump_json(by_alias=True)) == config


def test_it_begins_with_its_first_session():
    """Where charts mark phases."""
    phase = once({"day": 36, "what": "pump"}, {"day": 33.5, "what": "pump"})
    config = RunConfig.model_validate({**SMALL, "schedule": (*ON_DEMAND, phase)})
    assert Moment(32.5 * DAY_MIN, "once") in planned_moments(config)
