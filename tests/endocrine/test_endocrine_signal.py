"""Signals that are constant, and those that change."""

from __future__ import annotations

from math import inf

from lactflow.endocrine.signal import Effect, Largest, LevelWindow, Product, Steps, that_change


def test_only_what_changes_is_asked_when_it_next_does():
    """Windows make a signal change, and whatever is made of it; a hormone is always asked."""

    class Hormone:
        def level(self, time_min):
            return time_min

        def next_change(self, time_min):
            return time_min + 7.0

    still, hormone = Steps(2.0), Hormone()
    windowed = Steps(2.0, [LevelWindow(10.0, 20.0, 3.0)])
    constant = [still, Effect(still, abs), Product(still, Effect(still, abs)), Largest(still), Product(), Largest()]
    changing = [windowed, hormone, Effect(windowed, abs), Product(still, windowed), Largest(Effect(hormone, abs))]
    assert that_change([*constant, *changing]) == changing
    assert [each.next_change(0.0) for each in constant] == [inf] * len(constant)
    assert [each.next_change(0.0) for each in changing] == [10.0, 7.0, 10.0, 10.0, 7.0]
