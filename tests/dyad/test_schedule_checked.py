"""What a kind of schedule from outside answers wrongly is an error with the name of its class."""

from __future__ import annotations

from math import inf, nan
from types import SimpleNamespace

import pytest

from lactflow.dyad.schedule import PlannedSession
from lactflow.dyad.schedule.checked import sessions_of, time_of
from lactflow.errors import DeclarationError

VIEW = SimpleNamespace(now_min=60.0, breasts={"left": None, "right": None}, infants=(None,))


class Odd:
    """An agenda of somebody else."""


def test_a_time_is_a_number():
    """Infinity and the past are times."""
    assert [time_of(lambda _, at=at: at, VIEW, Odd()) for at in (inf, -5, 61.5)] == [inf, -5.0, 61.5]
    for at, shown in ((nan, "nan"), (None, "None"), ("61", "'61'")):
        with pytest.raises(DeclarationError, match=f"Odd: the next session is at {shown} "):
            time_of(lambda _, at=at: at, VIEW, Odd())


def test_what_somebody_elses_class_raises_has_its_name():
    """What the package itself raises is passed on as it is: that is a bug."""
    with pytest.raises(DeclarationError, match="Odd at 60 min: ZeroDivisionError"):
        time_of(lambda _: 1 / 0, VIEW, Odd())
    with pytest.raises(DeclarationError, match="Odd at 60 min: TypeError"):
        sessions_of(lambda _: None, VIEW, Odd())
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
    ],
)
def test_a_session_can_take_place_in_the_run(session, message):
    """Its kind, its breasts, its infant are there."""
    with pytest.raises(DeclarationError, match=f"Odd: .*{message}"):
        sessions_of(lambda _: [session], VIEW, Odd())
    right = PlannedSession(60.0, "pump", (("left", 5.0),), infant=7)
    assert sessions_of(lambda _: iter([right]), VIEW, Odd()) == [right]
