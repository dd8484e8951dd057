"""What a hormone or a drug is to the rest of the model."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import NamedTuple, Protocol


class Changing(Protocol):
    """Something that changes by itself at times that are known before."""

    def next_change(self, time_min: float) -> float:
        """Next time [min] at which it leaves its closed form by itself; infinity when it never does."""


def first_change(parts: Iterable[Changing], time_min: float) -> float:
    """When the first of several parts next changes; infinity when none does."""
    first_min = inf
    for part in parts:
        change_min = part.next_change(time_min)
        first_min = min(first_min, change_min)
    return first_min


class Signal(Changing, Protocol):
    """
    A concentration in the mother's blood, or another quantity that varies with time.

    Before birth it should stand still, but for what interventions do: a run that starts in pregnancy starts from the
    fixed point of the gland (`gland.history`). Time is minutes since birth; a signal with a rhythm of day and night
    needs the clock at birth besides.

    A level that is a sum of exponentials may say so by a further method, `components(time_min)`: pairs of an amplitude
    at that time and a rate [1/min], up to the next change, which must have been known before. It must answer for any
    time, also of the past. Milk then follows it exactly (`gland.levels`), and its changes need not wake the gland.
    """

    def level(self, time_min: float) -> float:
        """Its level at `time_min`, in the unit of its declaration; not before the last change."""


class LevelWindow(NamedTuple):
    """A level that holds from one time to another [min]."""

    from_min: float
    to_min: float
    level: float


class Steps:
    """
    A signal that is constant but for windows; where they overlap, the last one counts.

    Parameters
    ----------
    usual
        Its level outside all windows.
    windows
        In any order.

    Attributes
    ----------
    constant
        Whether it never changes.
    """

    def __init__(self, usual: float, windows: Iterable[LevelWindow] = ()) -> None:
        windows = tuple(windows)
        self._times = sorted({time for window in windows for time in window[:2]})
        self.constant = not self._times
        self._levels = [usual]
        for time in self._times:
            holding = [window.level for window in windows if window.from_min <= time < window.to_min]
            self._levels.append(holding[-1] if holding else usual)

    def level(self, time_min: float) -> float:
        """Its level at `time_min`."""
        return self._levels[bisect_right(self._times, time_min)]

    def next_change(self, time_min: float) -> float:
        """When the next window begins or ends."""
        next_index = bisect_right(self._times, time_min)
        return self._times[next_index] if next_index < len(self._times) else inf


class Effect:
    """
    What a signal does, as a signal: a formula of its level.

    Parameters
    ----------
    of
        The signal.
    law
        Takes its level, gives the effect; a pure function.

    Attributes
    ----------
    constant
        Whether it never changes.
    """

    def __init__(self, of: Signal, law: Callable[[float], float]) -> None:
        self._of = of
        self._law = law
        self.constant = is_constant(of)
        self._settled = law(of.level(0.0)) if self.constant else 0.0

    def level(self, time_min: float) -> float:
        """The effect at `time_min`."""
        return self._settled if self.constant else self._law(self._of.level(time_min))

    def next_change(self, time_min: float) -> float:
        """When the signal changes."""
        return self._of.next_change(time_min)


class Product:
    """
    The product of several factors; exactly 1 without any.

    Attributes
    ----------
    constant
        Whether it never changes.
    """

    def __init__(self, *factors: Signal) -> None:
        # A factor that is always 1 changes no product, not even in its last bit.
        self._factors = [each for each in factors if not (is_constant(each) and each.level(0.0) == 1.0)]
        self._changing = that_change(factors)
        self.constant = not self._changing

    def level(self, time_min: float) -> float:
        """Product of their levels, multiplied in their order."""
        product = 1.0
        for factor in self._factors:
            product *= factor.level(time_min)
        return product

    def next_change(self, time_min: float) -> float:
        """When the first of them changes."""
        return first_change(self._changing, time_min)


class Sum:
    """
    The sum of several levels; 0 without any.

    Attributes
    ----------
    constant
        Whether it never changes.
    """

    def __init__(self, *parts: Signal) -> None:
        self._parts = parts
        self._changing = that_change(parts)
        self.constant = not self._changing

    def level(self, time_min: float) -> float:
        """Sum of their levels, added in their order."""
        total = 0.0
        for part in self._parts:
            total += part.level(time_min)
        return total

    def next_change(self, time_min: float) -> float:
        """When the first of them changes."""
        return first_change(self._changing, time_min)


class Largest:
    """
    The largest of several shares; 0 without any.

    Attributes
    ----------
    constant
        Whether it never changes.
    """

    def __init__(self, *shares: Signal) -> None:
        self._changing = [share for share in shares if not is_constant(share)]
        self.constant = not self._changing
        settled = [share.level(0.0) for share in shares if is_constant(share)]
        self._least = max(settled, default=-inf if shares else 0.0)

    def level(self, time_min: float) -> float:
        """The largest of their levels."""
        largest = self._least
        for share in self._changing:
            level = share.level(time_min)
            largest = max(largest, level)
        return largest

    def next_change(self, time_min: float) -> float:
        """When the first of them changes."""
        return first_change(self._changing, time_min)


def that_change(parts: Iterable[Changing]) -> list[Changing]:
    """Those of several parts that change at all: most of what can act on a breast is constant in most runs."""
    return [part for part in parts if not is_constant(part)]


def is_constant(part: Changing) -> bool:
    """Whether a part says that it never changes: its `constant` is true."""
    return bool(getattr(part, "constant", False))


def components_of(signal: object) -> Callable[[float], Sequence[tuple[float, float]]] | None:
    """
    What gives the exponentials of a level that is a sum of them; None for any other.

    Parameters
    ----------
    signal
        A signal, perhaps with a method `components`.
    """
    ask = getattr(signal, "components", None)
    return ask if callable(ask) else None
