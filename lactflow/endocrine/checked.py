"""Signals from outside, with every answer checked, so that a mistake has the name of the declaration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isfinite, isnan
from typing import Any, Final

from lactflow.endocrine.signal import Signal, components_of
from lactflow.errors import DeclarationError, LactflowError, raised_at
from lactflow.kinetics import plain_sum

_EQUAL: Final = 1e-6
"""Of the largest exponential: by so much a level may differ from their sum."""


class Checked:
    """
    A signal whose levels and times of change are checked whenever it is read.

    Parameters
    ----------
    signal
        As it was declared.
    label
        For messages: `the signal 'insulin'`.
    lowest, highest
        Levels that are allowed; they are finite in any case.

    Attributes
    ----------
    components
        Of a level that is a sum of exponentials: the function that gives them, checked; None for any other.
    """

    def __init__(self, signal: Signal, label: str, lowest: float = -inf, highest: float = inf) -> None:
        self._signal: Any = signal
        self._label = label
        self._level_label, self._change_label = f"the level of {label}", f"next_change of {label}"
        self._lowest, self._highest = lowest, highest
        self._ask: Callable[[float], Any] | None = components_of(signal)
        self.components = None if self._ask is None else self._checked_components

    def at_least(self, lowest: float, label: str) -> Checked:
        """The same signal by another name, whose level is checked once for both, and not to be lower than that."""
        return Checked(self._signal, label, max(lowest, self._lowest), self._highest)

    def level(self, time_min: float) -> float:
        """
        Its level at `time_min`.

        Raises
        ------
        DeclarationError
            If it raises, is no finite number, or is outside what is allowed.
        """
        try:
            level = float(self._signal.level(time_min))
        except Exception as error:
            raise _failed(error, self._signal.level, time_min, self._level_label) from error
        if not (-inf < level < inf and self._lowest <= level <= self._highest):
            msg = f"{self._label} is {level:g} at {time_min:g} min (allowed: {self._allowed()})"
            raise DeclarationError(msg)
        return level

    def next_change(self, time_min: float) -> float:
        """
        When it next leaves its closed form.

        Raises
        ------
        DeclarationError
            If it raises, or is no time after `time_min`.
        """
        try:
            change_min = float(self._signal.next_change(time_min))
        except Exception as error:
            raise _failed(error, self._signal.next_change, time_min, self._change_label) from error
        if isnan(change_min) or change_min <= time_min:
            msg = f"next_change of {self._label} is {change_min:g} at {time_min:g} min (allowed: later, or infinity)"
            raise DeclarationError(msg)
        return change_min

    def _checked_components(self, time_min: float) -> Sequence[tuple[float, float]]:
        """
        The exponentials from `time_min` on.

        Raises
        ------
        DeclarationError
            If asking raises, if they are no pairs of finite numbers with rates of 0 or more, or if their sum is not the
            level.
        """
        label = f"the components of {self._label}"
        assert self._ask is not None
        try:
            said = [(float(amplitude), float(rate)) for amplitude, rate in self._ask(time_min)]
        except LactflowError:
            raise
        except Exception as error:
            place = raised_at(error, getattr(self._ask, "__module__", ""))
            msg = f"{label} at {time_min:g} min: {type(error).__name__}: {error}{place}"
            raise DeclarationError(msg) from error
        if not all(isfinite(amplitude) and 0.0 <= rate < inf for amplitude, rate in said):
            msg = f"{label} are {said} at {time_min:g} min (allowed: pairs of finite numbers, rates of 0 or more)"
            raise DeclarationError(msg)
        level, whole = self.level(time_min), plain_sum([amplitude for amplitude, _ in said])
        largest = max((abs(amplitude) for amplitude, _ in said), default=0.0)
        if abs(whole - level) > _EQUAL * max(largest, abs(level)):
            msg = f"{label} sum to {whole:g} at {time_min:g} min (allowed: its level, {level:g})"
            raise DeclarationError(msg)
        return said

    def _allowed(self) -> str:
        if self._highest < inf:
            return f"{self._lowest:g} to {self._highest:g}"
        return f"{self._lowest:g} or more, finite" if self._lowest > -inf else "finite"


def built(build: Callable[[], Signal], label: str) -> Signal:
    """
    A signal from outside, built.

    Parameters
    ----------
    build
        Gives the signal.
    label
        For messages: `the signal 'insulin'`.

    Raises
    ------
    DeclarationError
        If that raises, or gives something that is no signal.
    """
    try:
        signal = build()
    except LactflowError:
        raise
    except Exception as error:
        place = raised_at(error, getattr(build, "__module__", ""))
        msg = f"{label} cannot be built: {type(error).__name__}: {error}{place}"
        raise DeclarationError(msg) from error
    lacking = [name for name in ("level", "next_change") if not callable(getattr(signal, name, None))]
    if lacking:
        msg = f"{label} is {type(signal).__name__}, which lacks {' and '.join(lacking)}"
        raise DeclarationError(msg)
    return signal


def _failed(error: Exception, question: Any, time_min: float, label: str) -> LactflowError:
    """What is raised where a question to a signal has raised an error."""
    if isinstance(error, LactflowError):
        return error
    place = raised_at(error, getattr(question, "__module__", ""))
    return DeclarationError(f"{label} at {time_min:g} min: {type(error).__name__}: {error}{place}")
