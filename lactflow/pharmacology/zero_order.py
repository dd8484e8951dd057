"""
The level of what is eliminated at a constant rate, as ethanol is: it falls along a straight line to zero.

While it is above zero the level is `c + g (1 - exp(-ka x)) - beta x`, of what was there, what is still to be absorbed,
and what is eliminated. The time at which it reaches zero is a root of that, found once for each drink.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import exp, expm1, inf, log
from typing import NamedTuple

from lactflow.pharmacology.level import Component

_SLOW_PER_MIN = 1e-6
"""Rate of the exponential that stands for a straight line: over an hour it is off by less than a millionth."""
_NEXT_TO_NOTHING = 1e-12
"""Level [mg/L] that is taken for zero."""
_HALVINGS = 200


class Drink(NamedTuple):
    """
    A dose of what is eliminated by zero order.

    Attributes
    ----------
    time_min
        When it begins to be absorbed [min since birth].
    level_mg_per_l
        Level that all of it would make at once [mg/L].
    """

    time_min: float
    level_mg_per_l: float


class _Span(NamedTuple):
    """From a time on: the level, what is still to be absorbed [both mg/L], and whether any is in the blood."""

    time_min: float
    level: float
    waiting: float
    present: bool


class ZeroOrderLevel:
    """
    A level that falls at a constant rate while it is above zero; a signal of the blood, exact at any time.

    Parameters
    ----------
    drinks
        In any order.
    elimination_mg_per_l_min
        Fall of the level [mg/L/min], above zero.
    absorption_per_min
        First-order rate of absorption [1/min]; None for all at once.

    Attributes
    ----------
    constant
        Whether it is always zero.
    """

    def __init__(
        self, drinks: Iterable[Drink], elimination_mg_per_l_min: float, absorption_per_min: float | None
    ) -> None:
        self._falls = elimination_mg_per_l_min
        self._absorption = absorption_per_min
        self._spans: list[_Span] = []
        for drink in sorted(drinks):
            self._drink(drink)
        self._times = [span.time_min for span in self._spans]
        self.constant = not self._spans

    def _drink(self, drink: Drink) -> None:
        level, waiting = self._at(drink.time_min)
        if self._absorption is None:
            level += drink.level_mg_per_l
        else:
            waiting += drink.level_mg_per_l
        present = level > _NEXT_TO_NOTHING or (
            self._absorption is not None and waiting * self._absorption > self._falls
        )
        while self._spans and self._spans[-1].time_min >= drink.time_min:
            self._spans.pop()
        self._spans.append(_Span(drink.time_min, level, waiting, present))
        if present:
            gone_min = self._gone(self._spans[-1])
            left = waiting * self._left(gone_min - drink.time_min)
            self._spans.append(_Span(gone_min, 0.0, left, present=False))

    def _left(self, since_min: float) -> float:
        """Share that is still to be absorbed after a while."""
        return 0.0 if self._absorption is None else exp(-self._absorption * since_min)

    def _of(self, span: _Span, since_min: float) -> float:
        """Level a while after the beginning of a span in which there is any."""
        absorbed = 0.0 if self._absorption is None else -span.waiting * expm1(-self._absorption * since_min)
        return span.level + absorbed - self._falls * since_min

    def _gone(self, span: _Span) -> float:
        """When the level is zero again: the root after its peak, by halving."""
        low, high = 0.0, (span.level + span.waiting) / self._falls
        if self._absorption is not None and span.waiting * self._absorption > self._falls:
            # At its peak as much comes as goes; the level is above zero there.
            low = log(span.waiting * self._absorption / self._falls) / self._absorption
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            if middle in (low, high):
                break
            if self._of(span, middle) > 0.0:
                low = middle
            else:
                high = middle
        return span.time_min + high

    def _at(self, time_min: float) -> tuple[float, float]:
        """The level, and what is still to be absorbed [mg/L]."""
        place = bisect_right(self._spans, time_min, key=_time_of)
        if not place:
            return 0.0, 0.0
        span = self._spans[place - 1]
        since_min = time_min - span.time_min
        waiting = span.waiting * self._left(since_min)
        return (max(0.0, self._of(span, since_min)) if span.present else 0.0), waiting

    def level(self, time_min: float) -> float:
        """
        Concentration in plasma [mg/L].

        Equation
        --------
        level = level_0 + waiting * (1 - exp(-absorption * (t - t_0))) - fall * (t - t_0), while it is above 0

        Parameters
        ----------
        time_min
            When [min since birth].

        References
        ----------
        The form is ours: elimination at a constant rate, absorption by first order.
        """
        return self._at(time_min)[0]

    def components(self, time_min: float) -> Sequence[Component]:
        """
        The exponentials that the level consists of from `time_min` up to the next change.

        A straight line stands there as a very slow exponential less a constant.
        """
        place = bisect_right(self._times, time_min)
        if not place or not self._spans[place - 1].present:
            return ()
        level, waiting = self._at(time_min)
        line = self._falls / _SLOW_PER_MIN
        found = [Component(level + waiting - line, 0.0), Component(line, _SLOW_PER_MIN)]
        return found if self._absorption is None else [*found, Component(-waiting, self._absorption)]

    def next_change(self, time_min: float) -> float:
        """When it next leaves its closed form: a drink, or the moment at which it is zero again."""
        place = bisect_right(self._times, time_min)
        return self._times[place] if place < len(self._times) else inf


def _time_of(span: _Span) -> float:
    return span.time_min
