"""What a kind of schedule from outside answers wrongly is an error with the name of its class."""

from __future__ import annotations

from math import inf, nan
from types import SimpleNamespace

import pytest

from lactflow.dyad.schedule import PlannedSession
from lactflow.dyad.schedule.checked import planned_of, sessions_of, time_of
from lactflow.errors import DeclarationError

VIEW = SimpleNamespace(now_min=60.0, breasts={"left": None, "right": None}, infants=(None,))


class Odd:
    """An agenda of somebody else."""

    def when(self, view):
        return view.now_min / 0

    def then(self, view):
        return None


def test_a_time_is_a_number():
    """Infinity and the past are times."""
    assert [time_of(lambda _, at=at: at, VIEW, Odd()) for at in (inf, -5, 61.5)] == [inf, -5.0, 61.5]
    for at, shown in ((nan, "nan"), (None, "None"), ("61", "'61'")):
        with pytest.raises(DeclarationError, match=f"Odd: the next session is at {shown} "):
            time_of(lambda _, at=at: at, VIEW, Odd())


def test_what_somebody_elses_class_raises_has_its_name():
    """What the package itself raises is passed on as it is: that is a bug."""
    with pytest.raises(
        DeclarationError, match=r"Odd.when at 60 min: ZeroDivisionError: .*test_schedule_checked.py:\d+\)$"
    ):
        time_of(Odd().when, VIEW, Odd())
    with pytest.raises(DeclarationError, match=r"Odd\.then at 60 min: TypeError"):
        sessions_of(Odd().then, VIEW, Odd())
    with pytest.raises(ZeroDivisionError):
        time_of(lambda _: 1 / 0, VIEW, PlannedSession(0.0, "feed"))


@pytest.mark.parametrize(
    ("session", "message"),
    [
        ("feed", "'feed' is no PlannedSession"),
        (PlannedSession(60.0, "dance", rule="both"), "of kind 'dance'"),
        (PlannedSession(nan, "feed", rule="both"), "planned at nan min"),
        (PlannedSession(60.0, "pump", (("middle", 5.0),)), "at the breast 'middle'"),
        (PlannedSession(60.0, "feed", rule="up"), "the rule 'up'"),
        (PlannedSession(60.0, "feed"), "a feed names no breast"),
        (PlannedSession(60.0, "feed", rule="both", infant=1), "for infant 1 \\(there are 1, counted from 0\\)"),
        (PlannedSession(60.0, "bottle", infant=-1), "a bottle is for infant -1"),
        (
            PlannedSession(75.0, "feed", rule="both"),
            "planned_min: a feed that is due is planned at 75 min .*now, 60 min",
        ),
        (PlannedSession("now", "feed", rule="both"), "planned_min: .* at 'now' min .*a finite number"),
        (PlannedSession(60.0, "pump", ("left", 10.0)), "sides of a pump are \\('left', 10.0\\) .*a tuple of pairs"),
        (PlannedSession(60.0, "pump", "left"), "sides of a pump are 'left' .*a tuple of pairs"),
        (PlannedSession(60.0, "pump", (("left", "10"),)), "sides: .*for '10' min .*above 0, finite, or None"),
        (PlannedSession(60.0, "pump", (("left", nan),)), "sides: .*for nan min"),
        (PlannedSession(60.0, "hand", (("left", inf),)), "sides: .*for inf min"),
        (PlannedSession(60.0, "feed", (("left", -1.0),)), "sides: .*for -1.0 min"),
        (PlannedSession(60.0, "pump", (("left", 5.0), ("left", 5.0))), "sides: a pump is at 'left', 'left' .*once"),
        (PlannedSession(60.0, "bottle", offered_ml=-1.0), "offered_ml of a bottle is -1.0 .*0 or more, finite"),
        (PlannedSession(60.0, "bottle", volume_ml=-1.0), "volume_ml of a bottle is -1.0"),
        (PlannedSession(60.0, "bottle", content="tea"), "content: .*'tea' .*formula, own_milk"),
        (PlannedSession(60.0, "feed", rule="both", instead="tea"), "instead: .*'tea' .*formula, own_milk"),
        (PlannedSession(60.0, "feed", rule="both", source="me"), "source: .*'me' .*schedule, log, filled"),
        (PlannedSession(60.0, "feed", rule="both", source=None), "source: .*None"),
        (PlannedSession(60.0, "pump", (("left", 5.0),), vacuum_mmhg=-5.0), "vacuum_mmhg of a pump is -5.0"),
        (PlannedSession(60.0, "pump", (("left", 5.0),), vacuum_mmhg="high"), "vacuum_mmhg of a pump is 'high'"),
        (PlannedSession(60.0, "feed", rule="both", infant="0"), "infant of a feed is '0' .*counted from 0"),
    ],
)
def test_a_session_can_take_place_in_the_run(session, message):
    """Its kind, its breasts, its infant are there."""
    with pytest.raises(DeclarationError, match=f"Odd: .*{message}"):
        sessions_of(lambda _: [session], VIEW, Odd())
    right = PlannedSession(60.0, "pump", (("left", 5.0),), infant=7)
    assert sessions_of(lambda _: iter([right]), VIEW, Odd()) == [right]


def test_what_follows_may_be_later():
    """Only what is due has to begin now."""
    later = PlannedSession(75.0, "pump", (("left", 5.0), ("right", None)))
    assert sessions_of(lambda _: [later], VIEW, Odd(), due=False) == [later]


def _broken():
    yield PlannedSession(60.0, "pump", (("left", 5.0),))
    raise KeyError("hours")


@pytest.mark.parametrize(
    ("planned", "message"),
    [
        (lambda: 1 / 0, r"Odd.planned: ZeroDivisionError: .*test_schedule_checked.py:\d+\)$"),
        (_broken, r"Odd.planned: KeyError: 'hours' \(.*test_schedule_checked.py:\d+\)$"),
        (lambda: None, "Odd.planned: TypeError"),
        (lambda: ["pump"], "Odd: 'pump' is no PlannedSession"),
        (lambda: [PlannedSession(60.0, "dance")], "Odd: a session is of kind 'dance'"),
        (
            lambda: [PlannedSession(each, "pump", (("left", 5.0),)) for each in (60.0, 60.0, 30.0)],
            r"^Odd.planned: a pump at 30 min comes after one at 60 min \(needed: in order of time\)$",
        ),
    ],
)
def test_sessions_that_are_known_in_advance(planned, message):
    """A kind from outside is named; what the package itself raises is a bug."""
    with pytest.raises(DeclarationError, match=message):
        list(planned_of(planned, Odd()))
    with pytest.raises(ZeroDivisionError):
        list(planned_of(lambda: 1 / 0, PlannedSession(0.0, "feed")))
