"""
Levels that milk follows, over the steps by which lobes are brought up.

All lobes are brought up at the same instants, so that what a level does between two of them is worked out once and
shared. A level that is a sum of exponentials (`endocrine.signal.components_of`) is exact over any step, and a step is
cut where it changes: nobody has to be woken for it. Any other level is a straight line between the two instants, or
what it was at the first of them where it has jumped meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Final

from lactflow.endocrine.checked import Checked
from lactflow.endocrine.signal import Signal, components_of
from lactflow.gland.routes import Level
from lactflow.kinetics import plain_sum
from lactflow.pharmacology.passage import Exponential, LevelOver, gone_after, over_exponentials

_NOTHING: Final = LevelOver(0.0)
"""A level that is none."""


class Instant:
    """
    An instant at which levels were read.

    Attributes
    ----------
    time_min
        The time [min since birth].
    levels, changes
        Of each level that is read: what it was, and when it was to change next [min].
    """

    __slots__ = ("changes", "levels", "time_min")

    def __init__(self, time_min: float, levels: list[float], changes: list[float]) -> None:
        self.time_min, self.levels, self.changes = time_min, levels, changes


class Piece:
    """
    A part of a step over which no level changes.

    Attributes
    ----------
    length_min
        Of it [min].
    over
        Each level over it.
    """

    __slots__ = ("length_min", "over")

    def __init__(self, length_min: float, over: list[LevelOver]) -> None:
        self.length_min, self.over = length_min, over


class _Said:
    """What a sum of exponentials was said to be at a time, up to its next change: nothing is asked again meanwhile."""

    __slots__ = ("change_min", "components", "time_min")

    def __init__(self, time_min: float, change_min: float, components: list[Exponential]) -> None:
        self.time_min, self.change_min, self.components = time_min, change_min, components


class _Mean:
    """The mean of a level between two instants: all lobes ask for the same."""

    __slots__ = ("since", "until", "value")

    def __init__(self, instant: Instant) -> None:
        self.since = self.until = instant
        self.value = 0.0


class _Exponentials:
    """A level that is a sum of exponentials, by the last two of its changes: breasts are behind by different times."""

    __slots__ = ("_ask", "_before", "_over_first", "_said", "_signal")

    def __init__(self, signal: Signal, ask: Callable[[float], Sequence[tuple[float, float]]]) -> None:
        self._signal, self._ask = signal, ask
        self._over_first = LevelOver(0.0)
        self._said = self._before = _Said(inf, -inf, [])

    def said(self, time_min: float) -> _Said:
        """What it is at a time."""
        said = self._said
        if said.time_min <= time_min < said.change_min:
            return said
        if self._before.time_min <= time_min < self._before.change_min:
            return self._before
        components = [Exponential(amplitude, rate) for amplitude, rate in self._ask(time_min)]
        now = _Said(time_min, self._signal.next_change(time_min), components)
        if said.time_min == inf or time_min > said.time_min:
            self._before, self._said = said, now
        else:
            self._before = now
        return now

    def over(self, from_min: float, length_min: float) -> LevelOver:
        """From a time on, for some time without a change."""
        said = self.said(from_min)
        return over_exponentials(said.components, from_min - said.time_min, length_min)

    def over_first(self, from_min: float, length_min: float) -> LevelOver:
        """The same in one object, which holds what was asked last: for the first piece of a step."""
        said = self.said(from_min)
        self._over_first.follow(said.components, from_min - said.time_min, length_min)
        return self._over_first

    def mean(self, from_min: float, to_min: float) -> float:
        """Between two times, across its changes."""
        parts: list[float] = []
        begin_min = from_min
        while begin_min < to_min:
            end_min = min(self.said(begin_min).change_min, to_min)
            parts.append(self.over(begin_min, end_min - begin_min).mean * (end_min - begin_min))
            begin_min = end_min
        return plain_sum(parts) / (to_min - from_min)


class Levels:
    """
    All levels that milk of one run follows, each by its number.

    Parameters
    ----------
    signals
        Signals of the mother's blood by name.
    """

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        self._signals = signals
        self._constant: list[LevelOver | None] = []
        self._exponentials: list[_Exponentials | None] = []
        self._read: list[Signal] = []
        self._reads: list[int] = []
        self._numbers: dict[Level, int] = {}
        self._changing: list[_Exponentials] = []
        self._now = Instant(-inf, [], [])
        self._from = self._until = self._now
        self._first = Piece(0.0, [])
        self._pieces = [self._first]
        self._means: list[_Mean] = []

    def follow(self, level: Level) -> int:
        """
        Number of a level from now on; the same level has the same number.

        Parameters
        ----------
        level
            A concentration that does not change, or the name of a signal.
        """
        if level in self._numbers:
            return self._numbers[level]
        number = self._numbers[level] = len(self._constant)
        self._constant.append(None)
        self._exponentials.append(None)
        self._means.append(_Mean(self._now))
        self._reads.append(-1)
        if not isinstance(level, str):
            self._constant[number] = LevelOver(float(level))
            return number
        signal = self._signals[level]
        label = f"the signal {level!r}, a level of milk,"
        checked = signal.at_least(0.0, label) if isinstance(signal, Checked) else Checked(signal, label, lowest=0.0)
        # One of the blood that comes from outside is checked already, and is there as long as its exponentials are.
        ask = components_of(signal if isinstance(signal, Checked) else checked)
        if ask is not None:
            exponentials = self._exponentials[number] = _Exponentials(signal, ask)
            self._changing.append(exponentials)
        else:
            self._reads[number] = len(self._read)
            self._read.append(checked)
        return number

    def read(self, signal: Signal) -> int:
        """Number of a signal that is no level of the blood: what acts on a breast."""
        number = len(self._constant)
        self._constant.append(None)
        self._exponentials.append(None)
        self._means.append(_Mean(self._now))
        self._reads.append(len(self._read))
        self._read.append(signal)
        return number

    def at(self, time_min: float) -> Instant:
        """An instant, which is now; levels are read once for all who ask."""
        if time_min != self._now.time_min:
            levels = [signal.level(time_min) for signal in self._read]
            self._now = Instant(time_min, levels, [signal.next_change(time_min) for signal in self._read])
        return self._now

    def over(self, since: Instant, now: Instant) -> list[Piece]:
        """All levels between two instants, in pieces over which none changes; worked out once for all who ask."""
        if since is not self._from or now is not self._until:
            self._pieces = self._worked_out(since, now)
            self._from, self._until = since, now
        return self._pieces

    def mean(self, number: int, since: Instant, now: Instant) -> float:
        """Mean of a level between two instants; at one and the same, the level."""
        if since.time_min >= now.time_min:
            return self.level(number, now)
        known = self._means[number]
        if known.since is not since or known.until is not now:
            exponentials = self._exponentials[number]
            if exponentials is None:
                known.value = self._line(number, since, now).mean
            else:
                known.value = exponentials.mean(since.time_min, now.time_min)
            known.since, known.until = since, now
        return known.value

    def met(self, number: int, since: Instant, now: Instant) -> float:
        """What fluid that came now and then between two instants had: the mean of exponentials, else the level now."""
        return self.level(number, now) if self._exponentials[number] is None else self.mean(number, since, now)

    def level(self, number: int, now: Instant) -> float:
        """A level at an instant."""
        constant, exponentials = self._constant[number], self._exponentials[number]
        if constant is not None:
            return constant.begin
        if exponentials is not None:
            return exponentials.over(now.time_min, 0.0).mean
        return now.levels[self._reads[number]]

    def settled(self, number: int, now: Instant, per_min: float, past_min: float) -> float:
        """
        What milk has felt of a level until now, which forgets at a rate: its past, weighed by what is left of it.

        Equation
        --------
        gone = 1 - exp(-rate * step), a step from one change of the level to the next
        felt after a step = felt * (1 - gone) + gone * (what the step felt)

        Parameters
        ----------
        number
            Of the level.
        now
            The instant.
        per_min
            Rate at which what came leaves [1/min].
        past_min
            How far back to look [min]; as before that it was just there. The past of a level that is no sum of
            exponentials is not known: it counts as it is now.

        References
        ----------
        First-order kinetics.
        """
        exponentials = self._exponentials[number]
        if exponentials is None or per_min <= 0.0:
            return self.level(number, now)
        from_min = now.time_min - past_min
        felt = exponentials.over(from_min, 0.0).mean
        while from_min < now.time_min:
            to_min = min(exponentials.said(from_min).change_min, now.time_min)
            decays = per_min * (to_min - from_min)
            gone = gone_after(decays)
            step = exponentials.over(from_min, to_min - from_min)
            felt = felt * (1.0 - gone) + gone * step.felt(decays, gone)
            from_min = to_min
        return felt

    def _worked_out(self, since: Instant, now: Instant) -> list[Piece]:
        """The first piece, nearly always the only one, is one object for all steps: nobody keeps it."""
        whole_min = now.time_min - since.time_min
        piece = self._first
        pieces = [piece]
        from_min = since.time_min
        while True:
            to_min = now.time_min
            for exponentials in self._changing:
                change_min = exponentials.said(from_min).change_min
                to_min = min(to_min, change_min)
            length_min = piece.length_min = to_min - from_min
            begun, share = (from_min - since.time_min) / whole_min, length_min / whole_min
            over = piece.over
            over.clear()
            for number in range(len(self._constant)):
                said = self._exponentials[number]
                if said is None:
                    line = self._line(number, since, now)
                    over.append(line if share >= 1.0 else line.part(begun, share))
                elif piece is self._first:
                    over.append(said.over_first(from_min, length_min))
                else:
                    over.append(said.over(from_min, length_min))
            if to_min >= now.time_min:
                return pieces
            from_min = to_min
            piece = Piece(0.0, [])
            pieces.append(piece)

    def _line(self, number: int, since: Instant, now: Instant) -> LevelOver:
        """A level that is no sum of exponentials over a whole step."""
        constant, read = self._constant[number], self._reads[number]
        if constant is not None:
            return constant
        if read < 0:
            return _NOTHING
        before = since.levels[read]
        return LevelOver(before, 0.0 if since.changes[read] <= now.time_min else now.levels[read] - before)
