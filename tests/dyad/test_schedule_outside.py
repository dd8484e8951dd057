"""Kinds of schedule from outside, what they see, and what is wrong with those that are none."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

import pytest
from infants import STEADY, infant
from made_up_day import Day, EvenBreast, PunctualInfant, view
from pydantic import Field, ValidationError
from small_days import on_the_gland

from lactflow.analysis.stages import staging
from lactflow.config.model import RunConfig, config_type, contradictions
from lactflow.dyad.schedule import (
    KINDS,
    Agenda,
    Phase,
    Plan,
    PlannedSession,
    TimedPhase,
    WatchingPhase,
    check_kind,
    kinds_by_word,
)
from lactflow.dyad.schedule.beside import PumpingPhase
from lactflow.dyad.schedule.times import Period
from lactflow.endocrine.signal import Steps
from lactflow.errors import DeclarationError


class Offer(WatchingPhase):
    """The breast is offered to an infant that has not fed for some hours."""

    kind: Literal["offer"]
    hours: float = Field(default=5.0, gt=0.0, le=24.0, description="Hours since its last meal")

    def when(self, view):
        return max(0.0, min(each.fed_min for each in view.infants)) + self.hours * 60.0

    def then(self, view):
        longest = min(view.infants, key=lambda each: each.fed_min)
        return [PlannedSession(view.now_min, "feed", infant=longest.number, rule="both")]


OFFER = {"kind": "offer"}


def test_a_kind_that_looks_at_the_infant():
    """Offered 5 h after birth, five minutes of getting ready, ten minutes of feeding: then every 315 min."""
    took = Day(OFFER, infants=[PunctualInfant(0)], extra=(Offer,)).over()
    assert [each.start_min for each in took] == [305.0, 620.0, 935.0, 1250.0]


def test_a_meal_that_came_in_between_puts_it_off():
    """A bottle at 04:00: the breast is offered at 09:00."""
    bottle = {"kind": "bottle", "times": ("04:00",)}
    took = Day(OFFER, bottle, days=0.5, infants=[PunctualInfant(0)], extra=(Offer,)).over()
    assert [(each.start_min, each.kind) for each in took] == [(240.0, "bottle"), (545.0, "feed")]


def test_an_offer_that_cannot_be_taken_is_not_made_again_and_again():
    """Both breasts sealed: two kinds try once, and again when rates have changed."""

    class Press(Offer):
        """At the same time, without getting ready."""

        lane = "pressing"
        kind: Literal["press"]

        def then(self, view):
            return [PlannedSession(view.now_min, "pump", (("left", 5.0),))]

    both = {"left": (0.0, 1e9), "right": (0.0, 1e9)}
    infants = [PunctualInfant(0)]
    day = Day(OFFER, {"kind": "press"}, days=2.0, infants=infants, extra=(Offer, Press), sealed=both)
    tried, simulated = [], day.sessions.simulate
    day.sessions.simulate = lambda planned: tried.append((day.env.now, planned.kind)) or simulated(planned)
    day.at(700.0, day.queue.look_again)
    assert day.over() == []
    assert tried == [(300.0, "pump"), (305.0, "feed"), (700.0, "pump"), (705.0, "feed")]


def test_it_runs_on_the_gland():
    """In a config that knows it; the infant is fed five hours after its last meal and a cue, or a little later."""
    took = on_the_gland(Offer, OFFER)
    assert len(took) >= 4
    for before, after in pairwise(took):
        assert 300.0 < after.start_min - before.end_min < 311.0
    config = config_type((Offer,)).model_validate({"format": 1, "schedule": (OFFER,)})
    assert staging(config.model_dump(by_alias=True), None, (Offer,))(31.0) == "established"


def test_it_sees_how_many_feeds_there_were():
    """On the gland, at each offer: none before the first."""
    seen = []

    class Counting(Offer):
        kind: Literal["counting_offer"]

        def then(self, view):
            seen.append((view.sessions, view.feeds))
            return super().then(view)

    facts = on_the_gland(Counting, {"kind": "counting_offer"}, days=0.5)
    assert len(seen) >= 2
    assert seen == [(number, number) for number in range(len(seen))]
    assert len(facts) in (len(seen), len(seen) - 1)


def test_without_it_the_config_does_not_know_it():
    """It has a place in the list of kinds only where it is given; its keys are checked, and it needs an infant."""
    with pytest.raises(ValidationError, match="Input tag 'offer' found using 'kind' does not match"):
        RunConfig.model_validate({"format": 1, "schedule": (OFFER,)})
    assert config_type() is RunConfig
    known = config_type((Offer,))
    assert issubclass(known, RunConfig)
    assert known is config_type((Offer,))
    with pytest.raises(ValidationError, match="less than or equal to 24"):
        known.model_validate({"format": 1, "schedule": ({**OFFER, "hours": 25.0},)})
    alone = known.model_validate({"format": 1, "infants": (), "schedule": (OFFER,)})
    assert [key for key, _ in contradictions(alone)] == [("infants",)]
    assert [kind for kind in kinds_by_word((Offer,)).values() if kind not in KINDS] == [Offer]


# -- what is no kind of schedule --------------------------------------------------------------------------


class WithoutThen(WatchingPhase):
    """A method is missing."""

    kind: Literal["half"]

    def when(self, view):
        return 0.0


class WithoutKind(WatchingPhase):
    """Nobody can name it in a config."""

    def when(self, view):
        return 0.0

    def then(self, view):
        return ()


class Taken(WithoutKind):
    """Its word is that of another."""

    kind: Literal["pump"]


class NoPhase:
    """No phase at all."""


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (WithoutThen, "WithoutThen is no kind of schedule: it lacks then"),
        (Phase, "Phase is no kind of schedule: it lacks agendas"),
        (WithoutKind, "WithoutKind is no kind of schedule: it must declare its word in a config, as `kind: Literal"),
        (NoPhase, "NoPhase is no kind of schedule: it must be a subclass of lactflow.dyad.schedule.Phase"),
    ],
)  # fmt: skip
def test_what_is_no_kind_is_an_error_by_name(kind, words):
    """When it is registered, and when a run is built with it."""
    for register in (check_kind, lambda kind: config_type((kind,)), lambda kind: kinds_by_word([kind])):
        with pytest.raises(TypeError, match=words):
            register(kind)


def test_a_word_names_one_kind():
    """Neither of the two is taken silently."""
    with pytest.raises(ValueError, match="two kinds of schedule are called 'pump': PumpingPhase and Taken"):
        config_type((Taken,))


def test_a_run_checks_the_kinds_of_its_phases():
    """Also those that no config has seen."""
    with pytest.raises(TypeError, match="WithoutKind is no kind"):
        Plan([WithoutKind()], 1.0, 1.0, "00:00", logs={})


def test_a_phase_has_one_agenda_for_each_infant():
    """Two would contradict each other."""

    class Both(Offer):
        kind: Literal["twice"]

        def agendas(self, setting):
            return [*super().agendas(setting), *super().agendas(setting)]

    with pytest.raises(TypeError, match="Both has two agendas for the mother: Watch and Watch"):
        Plan([Both(kind="twice")], 1.0, 1.0, "00:00", logs={})


def test_an_agenda_answers_both_questions():
    """A class that answers one of them is none."""

    class Mute(Agenda):
        def when(self, view):
            return 0.0

    with pytest.raises(TypeError, match=r"abstract method .?then"):
        Mute()


class Pump(TimedPhase):
    """Known in advance; the second session is of no kind."""

    lane = "pumping"
    needs_infant = False
    kind: Literal["odd_pump"]

    def planned(self, period, logs):
        yield PlannedSession(60.0, "pump", (("left", 5.0),))
        yield PlannedSession(120.0, "pumping", (("left", 5.0),))


def test_a_timetable_from_outside_is_checked():
    """The first session takes place, the second is an error with the name of the class."""
    with pytest.raises(DeclarationError, match=r"^Pump: a session is of kind 'pumping' \(allowed: feed, pump"):
        Day({"kind": "odd_pump"}, extra=(Pump,)).over()


def test_what_follows_a_feed_is_checked():
    """The method of the class from outside is named, not the agenda of the package that asks it."""

    class Chest(PumpingPhase):
        kind: Literal["chest"]

        def session(self, time_min, number):
            return {}["minutes"]

    feeds = {"kind": "clock", "times": ("04:00",)}
    day = Day(feeds, {"kind": "chest", "after_feeds": True}, infants=[PunctualInfant(0)], extra=(Chest,))
    with pytest.raises(
        DeclarationError, match=r"^Chest\.session at 250 min: KeyError: 'minutes' \(.*outside\.py:\d+\)"
    ):
        day.over()


def test_a_phase_has_no_memory():
    """Neither a field nor anything else can be set; the message is one line with the method and the place."""

    class Counting(Offer):
        kind: Literal["counting"]
        name: str = "hours"

        def when(self, view):
            setattr(self, self.name, 1.0)
            return 0.0

    for name in ("hours", "count", "_count"):
        with pytest.raises(DeclarationError) as caught:
            Day({"kind": "counting", "name": name}, infants=[PunctualInfant(0)], extra=(Counting,)).over()
        words = rf"Counting\.when at 0 min: AttributeError: Counting\.{name} cannot be set: a phase has no memory .*"
        assert re.fullmatch(words + r" \(.*test_schedule_outside\.py:\d+\)", str(caught.value))


# -- what a schedule sees ---------------------------------------------------------------------------------


class _Stopped:
    now = 30.0


def looked(**infants):
    """A view of a breast of 100 mL with 10 mL/h, half an hour after it was emptied, and of an infant."""
    breast = EvenBreast(_Stopped(), "left", volume_ml=5.0)
    known = {"came_min": {"left": 10.0}, "left_min": {"left": 25.0}, "sealed": {"left": Steps(0.0)}}
    return view(30.0, breasts=[breast], birth_clock_min=1430.0, began=3, feeds=2, **known, **infants)


def test_a_view_shows_what_is_now():
    """5 mL of 100; at 10 mL/h, 0.2 is passed in 90 min; ten to midnight at birth is twenty past at 30 min."""
    seen = looked()
    breast = seen.breasts["left"]
    assert (seen.now_min, seen.clock_min, seen.busy, seen.sessions, seen.feeds) == (30.0, 20.0, False, 3, 2)
    assert (breast.side, breast.volume_ml, breast.capacity_ml, breast.fullness) == ("left", 5.0, 100.0, 0.05)
    assert (breast.came_min, breast.since_removal_min, breast.open_min) == (10.0, 5.0, 30.0)
    assert breast.filling_ml_per_min == pytest.approx(1.0 / 6.0)
    assert [breast.passes_min(level) for level in (0.2, 0.05, 0.01)] == pytest.approx([120.0, 30.0, 30.0])


def test_a_view_is_read_only():
    """No attribute can be set or deleted, none added, no breast put in the place of another."""
    seen = looked(infants=[infant(day=0.01)])
    for part in (seen, seen.breasts["left"], seen.infants[0]):
        names = [name for name in dir(type(part)) if not name.startswith("_")]
        for name in (*names, "more"):
            with pytest.raises(AttributeError, match=f"{type(part).__name__}.{name} cannot be set"):
                setattr(part, name, 1.0)
            with pytest.raises(AttributeError, match="cannot be deleted"):
                delattr(part, name)
    with pytest.raises(TypeError):
        seen.breasts["left"] = None


def state(some) -> dict:
    """All that it holds, also where its class is compiled."""
    names = [name for name in dir(some) if not name.startswith("__")]
    return {name: value for name in names if not callable(value := getattr(some, name))}


def test_to_look_at_an_infant_does_not_change_it():
    """Hunger, weight and next call are those of an infant that is brought up to the clock; the infant itself is not."""
    some, same = (infant(day=10.0, **STEADY) for _ in range(2))
    before = state(some), state(some.body)
    now = 10.0 * 1440.0 + 100.0
    seen = view(now, infants=[some]).infants[0]
    found = (seen.hunger_ml, seen.weight_kg, seen.hungry_min, seen.fed_min, seen.number)
    assert (state(some), state(some.body)) == before
    hungry_min = same.hungry_at(now)
    assert found == (same.hunger_ml, same.weight_kg, hungry_min, same.fed_min, 0)
    assert found[0] > before[0]["hunger_ml"]
    assert seen.age_days == pytest.approx(now / 1440.0)


def test_hours_that_are_left_out_follow_one_another():
    """A missed evening, a night gap and a missed morning: from 20:30 to 09:00 of the next day."""
    phase = Offer(
        kind="offer", night_gap={"from": "22:00", "to": "06:00"},
        miss=({"days": (1,), "from": "20:00", "to": "22:00"}, {"days": (2,), "from": "05:00", "to": "09:00"}),
    )  # fmt: skip
    period = Period(0.0, 1e9, 0.0)
    free = [phase.free_from(hour * 60.0, period) / 60.0 for hour in (19.5, 20.5, 23.0, 32.0, 33.0, 44.5)]
    assert free == pytest.approx([19.5, 33.0, 33.0, 33.0, 33.0, 44.5])


def test_a_missed_day_ends_with_the_day_since_birth():
    """Born at 12:00, day 2 lasts from 24 h to 48 h: 12:00 to 16:00 are its beginning, 08:00 to 12:00 its end."""
    phase = Offer(kind="offer", miss=({"days": (2,), "from": "08:00", "to": "16:00"},))
    period = Period(0.0, 1e9, 720.0)
    free = [phase.free_from(hour * 60.0, period) / 60.0 for hour in (20.0, 25.0, 28.0, 44.0, 47.0, 48.0)]
    assert free == pytest.approx([20.0, 28.0, 28.0, 48.0, 48.0, 48.0])


# -- what is due and never planned ------------------------------------------------------------------------


class Idle(WatchingPhase):
    """Always due; pumps so many times, and then plans nothing more."""

    lane = "idle"
    needs_infant = False
    kind: Literal["idle"]
    sessions: int = 0

    def when(self, view):
        return view.now_min

    def then(self, view):
        return [PlannedSession(view.now_min, "pump", (("left", 5.0),))] if view.sessions < self.sessions else []


@pytest.mark.parametrize(
    ("sessions", "looks", "words"),
    [
        (0, 22, ""),
        (0, 23, r"Idle\.then planned no session in the whole run, though Idle\.when said 24 times that one was due"),
        (2, 166, ""),
        (2, 167, r"Idle\.then planned no session after 5 min, though Idle\.when said 168 times that one was due"),
    ],
)
def test_a_schedule_that_plans_nothing_more_without_saying_so_is_an_error(sessions, looks, words):
    """It is asked once by itself, and again whenever rates change; two sessions of 5 min end at 10 min."""
    day = Day({"kind": "idle", "sessions": sessions}, extra=(Idle,))
    for number in range(looks):
        day.at(20.0 + number, day.queue.look_again)
    took = day.over()
    assert [each.start_min for each in took] == [0.0, 5.0][:sessions]
    if words:
        with pytest.raises(DeclarationError, match=words):
            day.plan.check_over()
    else:
        day.plan.check_over()
