"""The level of a drug in the mother's blood over time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from math import exp, inf, nan
from typing import NamedTuple

from lactflow.kinetics import plain_sum
from lactflow.pharmacology.disposition import Change


class Component(NamedTuple):
    """One exponential of a level: its amplitude now [mg/L], and its rate [1/min]."""

    amplitude_mg_per_l: float
    rate_per_min: float


class State(NamedTuple):
    """
    A level from a time on, until the next change.

    Attributes
    ----------
    time_min
        The time [min since birth].
    amplitudes
        Of each exponential at that time [mg/L], by its rate [1/min].
    """

    time_min: float
    amplitudes: Mapping[float, float]

    def at(self, time_min: float) -> State:
        """The same later, with no change between."""
        since_min = time_min - self.time_min
        return State(time_min, {rate: level * exp(-rate * since_min) for rate, level in self.amplitudes.items()})

    def after(self, change: Change) -> State:
        """The state once a change has come."""
        amplitudes = dict(self.at(change.time_min).amplitudes)
        for rate, added in change.added.items():
            amplitudes[rate] = amplitudes.get(rate, 0.0) + added
        return State(change.time_min, amplitudes)


class Steady(NamedTuple):
    """
    What regular doses of the past have left.

    Attributes
    ----------
    state
        At the time from which on doses are given one by one.
    pending
        Ends of even inputs that began before it.
    """

    state: State
    pending: Sequence[Change]


class DrugLevel:
    """
    A plasma level, exact for any history of doses: a signal of the blood.

    Nothing in it moves. States after each change are worked out once, and a level is read from the last of them, so
    that it is the same whatever was asked before.

    Parameters
    ----------
    of
        Changes of its amplitudes, in any order.
    before
        What is there before the first of them; an empty body when None.
    usual
        Level before all that is known [mg/L]: the mean of regular doses, for cells that have been through it.

    Attributes
    ----------
    constant
        Whether it never changes: there are no doses, and there were none.
    """

    def __init__(self, of: Iterable[Change], before: Steady | None = None, *, usual: float = 0.0) -> None:
        self._states: list[State] = [] if before is None else [before.state]
        pending = () if before is None else before.pending
        for change in sorted([*pending, *of], key=_time_of):
            last = self._states[-1] if self._states else State(change.time_min, {})
            self._states.append(last.after(change))
        self._times = [state.time_min for state in self._states]
        self._usual = (Component(usual, 0.0),) if usual else ()
        self.constant = not self._states
        self._read_min, self._read = nan, 0.0

    def level(self, time_min: float) -> float:
        """
        Concentration in plasma [mg/L]; not below zero.

        Equation
        --------
        level = sum of amplitude * exp(-rate * (t - t_0)), t_0 the last change before t

        Parameters
        ----------
        time_min
            When [min since birth].

        References
        ----------
        First-order kinetics.
        """
        if time_min != self._read_min:  # two tables have the level of one instant
            self._read_min, self._read = time_min, self._at(time_min)
        return self._read

    def _at(self, time_min: float) -> float:
        place = bisect_right(self._times, time_min)
        if not place:
            return max(0.0, plain_sum([each.amplitude_mg_per_l for each in self.components(time_min)]))
        state = self._states[place - 1]
        since_min, whole = time_min - state.time_min, 0.0
        for rate, level in state.amplitudes.items():
            whole += level * exp(-rate * since_min)
        return max(0.0, whole)

    def components(self, time_min: float) -> Sequence[Component]:
        """The exponentials that the level consists of from `time_min` up to the next change."""
        place = bisect_right(self._times, time_min)
        if not place:
            return self._usual
        now = self._states[place - 1].at(time_min)
        return [Component(level, rate) for rate, level in now.amplitudes.items()]

    def next_change(self, time_min: float) -> float:
        """When amplitudes next change: a dose, the end of its lag or of its release."""
        place = bisect_right(self._times, time_min)
        return self._times[place] if place < len(self._times) else inf


def steady(of: Iterable[Change], from_min: float, period_min: float) -> Steady:
    """
    The state at a time before which doses have been taken the same way for ever.

    Equation
    --------
    amplitude = (what one period leaves in an empty body) / (1 - exp(-rate * period))

    Parameters
    ----------
    of
        Changes by the doses of one period, which begins at `from_min`.
    from_min
        The time [min since birth].
    period_min
        Length of the period [min].

    Returns
    -------
    The state before the first dose of the period; what then still runs in is in the exponential of rate zero, and ends
    in the period.

    Raises
    ------
    ValueError
        If something begins before the period, or ends later than one period after it.

    References
    ----------
    The textbook of Gibaldi and Perrier 1982, chapter 3: the geometric series of equal doses.
    """
    to_min = from_min + period_min
    changes = list(of)
    for change in changes:
        if not from_min <= change.time_min < to_min + period_min:
            raise ValueError(f"a change at {change.time_min:g} min is not of the period from {from_min:g} min on")
    # What ends in the next period ended in this one, too: it began in the last.
    folded = [
        change if change.time_min < to_min else change._replace(time_min=change.time_min - period_min)
        for change in changes
    ]
    state = State(from_min, {})
    for change in sorted(folded, key=_time_of):
        state = state.after(change)
    found = {
        rate: level / (1.0 - exp(-rate * period_min))
        for rate, level in state.at(to_min).amplitudes.items()
        if rate > 0.0
    }
    pending = [folded_one for change, folded_one in zip(changes, folded, strict=True) if change.time_min >= to_min]
    running = -plain_sum([change.added.get(0.0, 0.0) for change in pending])
    return Steady(State(from_min, {**found, 0.0: running} if running else found), pending)


def _time_of(change: Change) -> float:
    return change.time_min
