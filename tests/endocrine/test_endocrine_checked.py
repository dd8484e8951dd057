"""Signals and influences from outside: a wrong answer is an error with the name of the declaration."""

from __future__ import annotations

from math import inf, nan

import pytest

from lactflow.chance import Streams
from lactflow.endocrine.blood import Blood, SignalRow
from lactflow.endocrine.checked import Checked
from lactflow.endocrine.course import Course
from lactflow.endocrine.influences import Influence
from lactflow.endocrine.signal import Steps
from lactflow.errors import DeclarationError
from lactflow.parameters.endocrine import Endocrine
from lactflow.parameters.gland import Gland


class Made:
    """A signal with given answers."""

    def __init__(self, level, change_min=inf):
        self.level = level if callable(level) else lambda _: level
        self.next_change = change_min if callable(change_min) else lambda _: change_min


def blood(build=lambda _: Steps(1.0), influence=None):
    """Blood at day 31 with one more signal, and perhaps something that acts."""
    acting = [Influence("odd", "junctions", influence)] if influence else []
    signals = [SignalRow("odd", "mg/L", "odd", build)]
    return Blood(Endocrine(), Gland(), Course(), Streams(1), 43_200.0, signals=signals, influences=acting)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda _: 1 / 0, "the signal 'odd' cannot be built: ZeroDivisionError"),
        (lambda _: None, "the signal 'odd' is NoneType, which lacks level and next_change"),
        (lambda _: Made(nan), r"the signal 'odd' is nan at 43200 min \(allowed: finite\)"),
        (lambda _: Made(lambda _: {}["x"]), "the level of the signal 'odd' at 43200 min: KeyError"),
        (lambda _: Made(1.0, lambda time_min: time_min), "next_change of the signal 'odd' is 43200 at 43200 min"),
        (lambda _: Made(1.0, nan), "next_change of the signal 'odd' is nan"),
        (lambda _: Made(1.0, lambda _: None), "next_change of the signal 'odd' at 43200 min: TypeError"),
    ],
)
def test_a_signal_that_cannot_work_is_refused_when_the_run_is_built(build, message):
    """By name, whatever it raises."""
    with pytest.raises(DeclarationError, match=message):
        blood(build)


def test_an_influence_that_cannot_work_is_refused_when_it_is_built():
    """It has the limits of its target."""
    with pytest.raises(DeclarationError, match="the influence 'odd' on junctions cannot be built: ZeroDivisionError"):
        blood(influence=lambda _: 1 / 0).acting_on("junctions")
    late = blood(influence=lambda _: Made(lambda time_min: 0.5 if time_min < 43_300.0 else 1.5)).acting_on("junctions")
    assert late.level(43_299.0) == 0.5
    with pytest.raises(DeclarationError, match=r"'odd' on junctions is 1.5 at 43300 min \(allowed: 0 to 1\)"):
        late.level(43_300.0)


def test_levels_are_checked_whenever_they_are_read():
    """Below the lowest; what is right passes unchanged."""
    falling = Checked(Made(lambda time_min: 2.0 - time_min, 7.0), "the signal 'odd'", lowest=0.0)
    assert (falling.level(0.5), falling.next_change(6.0)) == (1.5, 7.0)
    with pytest.raises(DeclarationError, match=r"the signal 'odd' is -1 at 3 min \(allowed: 0 or more, finite\)"):
        falling.level(3.0)
    with pytest.raises(DeclarationError, match="is 7 at 7 min"):
        falling.next_change(7.0)
