"""
What a clinic would read of a virtual mother: each observation of a record, by the same instrument and on its scale.

A scale is one on which women spread evenly to both sides: logarithms of concentrations and levels, roots of volumes,
weight over birth weight. Errors of instruments are those that kinds of facts declare; what is below a limit of an assay
reads as the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from lactflow.chance import Streams
from lactflow.config.logs.joining import JOIN_MIN
from lactflow.diagnosis.kinds import KINDS
from lactflow.diagnosis.record import Fact, Record
from lactflow.kinetics import plain_sum
from lactflow.records import BREASTS
from lactflow.units import DAY_MIN, HOUR_MIN

if TYPE_CHECKING:
    import numpy.typing as npt

    from lactflow.diagnosis.virtual import Cohort

    Array = npt.NDArray[np.float64]

Scale = Literal["log", "root", "even"]
FEWEST_FEEDS: Final = 4
"""Rows of feeds on one day from which on they are taken for all feeds of that day. Ours."""
USUAL_FEED_MIN: Final = 15.0
"""At one breast, where the record does not say how long. Ours."""
MOST_OF_ONE: Final = 4
"""Observations of one kind and breast; more are taken together, by time. Ours."""
_NOT_OBSERVED: Final = ("birth", "feed", "bottle_formula", "bottle_own_milk")
"""Kinds that say what was done; the first is what time and weights are counted from."""


@dataclass(frozen=True)
class Observation:
    """
    One thing that was, or could be, observed.

    Attributes
    ----------
    kind
        Key of `KINDS`.
    breast
        `left` or `right`; empty for both together, or where there is none.
    time_min
        Since birth.
    value
        Hers, in the unit of the kind; None for what has not been measured.
    note
        Of the fact: it decides which instrument it was.
    below, above
        Whether the value is a limit that the reading was below, or above.
    lines
        Of the record.
    times_min
        Of the facts whose mean it is; empty for a single one.
    """

    kind: str
    breast: str
    time_min: float
    value: float | None
    note: str = ""
    below: bool = False
    above: bool = False
    lines: tuple[int, ...] = ()
    times_min: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """`sodium, left breast, day 5`: days count from 1, as everywhere."""
        side = f", {self.breast} breast" if self.breast else ""
        days = [1 + int(time_min // DAY_MIN) for time_min in (self.times_min or (self.time_min,))]
        when = f", day {days[0]}" if days[0] == days[-1] else f", mean of days {days[0]} to {days[-1]}"
        return f"{self.kind}{side}{'' if self.kind == 'felt_onset' else when}"

    @property
    def scale(self) -> Scale:
        """On which women spread evenly to both sides."""
        if self.kind in ("test_weigh", "pump"):
            return "root"
        return "even" if self.kind in ("weight", "feeds_per_day", "felt_onset") else "log"


class Readings:
    """
    Observations of a record in virtual mothers.

    Parameters
    ----------
    observations
        Which, hers among them or not.
    birth_weight_kg
        Of her infant; None where it is not known.
    """

    def __init__(self, observations: Sequence[Observation], birth_weight_kg: float | None) -> None:
        self.observations = tuple(observations)
        self._birth_weight_kg = birth_weight_kg

    def hers(self) -> Array:
        """Her values, on their scales."""
        return np.array([self._scaled(each, np.array([each.value or 0.0]))[0] for each in self.observations])

    def true(self, cohort: Cohort) -> Array:
        """
        What was true in virtual mothers, a row for each and a column an observation, in units of the kinds.

        NaN where there was nothing to observe: no milk near that time.
        """
        columns = [cohort.truth.of(each) for each in self.observations]
        return np.array(columns, dtype=float).T.reshape(len(cohort.numbers), len(self.observations))

    def read(self, true: Array, streams: Callable[[int], Streams], repeats: int) -> Array:
        """
        What instruments read of it, on the scales.

        Parameters
        ----------
        true
            As `true` gives it.
        streams
            Random numbers of each row.
        repeats
            How often each is read, with other errors.

        Returns
        -------
        An array of repeats, rows and columns.
        """
        out = np.empty((repeats, *true.shape))
        of_rows = [streams(row) for row in range(true.shape[0])]
        for column, each in enumerate(self.observations):
            declared = KINDS[each.kind].error(each.note)
            sd = 0.0 if declared is None else declared.value / (1000.0 if each.kind == "weight" else 1.0)
            sd /= max(1, len(each.times_min)) ** 0.5
            relative = declared is not None and each.scale == "log"
            name, address = f"instrument {each.kind} {each.breast}", round(each.time_min)
            noise = np.array([of_row.at(name, address).standard_normal(repeats) for of_row in of_rows])
            value = true[:, column, np.newaxis]
            read = value * np.exp(sd * noise) if relative else value + sd * noise
            if each.below or each.above:
                limit = float(each.value or 0.0)
                read = np.maximum(read, limit) if each.below else np.minimum(read, limit)
            out[:, :, column] = self._scaled(each, read).T
        return out

    def _scaled(self, each: Observation, values: Array) -> Array:
        """Values on the scale of an observation."""
        if each.kind == "weight" and self._birth_weight_kg is not None:
            return values / self._birth_weight_kg
        if each.scale == "root":
            return np.sign(values) * np.sqrt(np.abs(values))
        return np.log(np.maximum(values, 1e-9)) if each.scale == "log" else values


def observations_of(record: Record) -> tuple[tuple[Observation, ...], tuple[str, ...]]:
    """
    What a record has observed, and what of it is not used, one line each.

    Feeds that stand there one by one are counted by day, on days with four and more between the first and the last.

    Parameters
    ----------
    record
        That was read.
    """
    found, again = _once([_observation(fact) for fact in record.facts if fact.kind not in _NOT_OBSERVED])
    feeds = record.of("feed")
    days = [] if record.of("feeds_per_day") else _counted(feeds)
    found += days
    left = len(feeds) - len([line for each in days for line in each.lines])
    unused = [f"{each.name}: each breast was measured at that time, and both together are no more" for each in again]
    unused += [f"feeds of single rows, {left} of {len(feeds)}: {_why_not(record)}"] if left else []
    stretches = [stretch for of_one in _by_kind(found) for stretch in _few(of_one)]
    kept = [_of_one_side(stretch) for stretch in stretches]
    unused += [_on_both_sides(*pair) for pair in zip(stretches, kept, strict=True) if len(pair[0]) > len(pair[1])]
    found = [_mean(several) for several in kept if several]
    return tuple(sorted(found, key=lambda each: (each.time_min, each.kind, each.breast))), tuple(unused)


def _once(found: Sequence[Observation]) -> tuple[list[Observation], list[Observation]]:
    """Observations, and apart from them those of both breasts together where each of them was measured at that time."""
    sides: dict[tuple[str, float], set[str]] = {}
    for each in found:
        sides.setdefault((each.kind, each.time_min), set()).add(each.breast)
    twice = [not each.breast and sides[each.kind, each.time_min] >= {*BREASTS} for each in found]
    once, again = (
        [each for each, is_so in zip(found, twice, strict=True) if is_so is which] for which in (False, True)
    )
    return once, again


def _why_not(record: Record) -> str:
    """Why rows of feeds are not counted."""
    if record.of("feeds_per_day"):
        return "the record says how many there were a day"
    number = f"fewer than {FEWEST_FEEDS} or more than {KINDS['feeds_per_day'].within[1]:g}"
    return f"they are of the first or the last day that has some, or of days with {number}"


def _by_kind(found: Sequence[Observation]) -> list[list[Observation]]:
    """Observations of one kind and breast together, by time."""
    groups: dict[tuple[str, str], list[Observation]] = {}
    for each in sorted(found, key=lambda each: each.time_min):
        groups.setdefault((each.kind, each.breast), []).append(each)
    return list(groups.values())


def _few(of_one: list[Observation]) -> list[list[Observation]]:
    """Many observations of one kind in `MOST_OF_ONE` stretches, to be means: what a few hundred mothers can teach."""
    if len(of_one) <= MOST_OF_ONE:
        return [[each] for each in of_one]
    ends = [round(part * len(of_one) / MOST_OF_ONE) for part in range(MOST_OF_ONE + 1)]
    return [of_one[start:end] for start, end in pairwise(ends)]


def _of_one_side(several: list[Observation]) -> list[Observation]:
    """Several that have a mean: where some lie below a limit and others above one, those that were read alone."""
    if any(each.below for each in several) and any(each.above for each in several):
        return [each for each in several if not (each.below or each.above)]
    return several


def _on_both_sides(several: list[Observation], kept: list[Observation]) -> str:
    """What is left out of a mean, and why."""
    side = f", {several[0].breast} breast" if several[0].breast else ""
    days = [1 + int(each.time_min // DAY_MIN) for each in several]
    which = f"{several[0].kind}{side}, {len(several) - len(kept)} of {len(several)} of days {days[0]} to {days[-1]}"
    return f"{which}: some lie below a limit and some above one, and together they have no mean"


def _mean(several: Sequence[Observation]) -> Observation:
    """The mean of several; it is itself a limit where one of them is, as the truth of that one lies beyond."""
    if len(several) == 1:
        return several[0]
    times = tuple(each.time_min for each in several)
    return Observation(
        several[0].kind,
        several[0].breast,
        plain_sum(times) / len(times),
        plain_sum([each.value or 0.0 for each in several]) / len(several),
        several[0].note,
        below=any(each.below for each in several),
        above=any(each.above for each in several),
        lines=tuple(line for each in several for line in each.lines),
        times_min=times,
    )


def _observation(fact: Fact) -> Observation:
    value = fact.time_min / HOUR_MIN if fact.kind == "felt_onset" else fact.value
    breast = fact.breast if fact.breast in BREASTS else ""
    return Observation(fact.kind, breast, fact.time_min, value, fact.note, fact.below, fact.above, (fact.line,))


def _counted(feeds: Sequence[Fact]) -> list[Observation]:
    """Feeds of each whole day, from rows of single feeds; the rows of two breasts at one time are one feed."""
    days: dict[int, list[Fact]] = {}
    for feed in feeds:
        days.setdefault(int(feed.time_min // DAY_MIN), []).append(feed)
    found = []
    for day in sorted(days)[1:-1]:
        number = _separate(days[day])
        if FEWEST_FEEDS <= number <= KINDS["feeds_per_day"].within[1]:
            lines = tuple(feed.line for feed in days[day])
            found.append(Observation("feeds_per_day", "", (day + 0.5) * DAY_MIN, float(number), lines=lines))
    return found


def _separate(feeds: Sequence[Fact]) -> int:
    """Feeds among rows in order of time: the other breast right after one is of the same feed, as in a log."""
    second = [
        feed
        for before, feed in pairwise(feeds)
        if {before.breast, feed.breast} == set(BREASTS)
        and feed.time_min - before.time_min - (before.value or USUAL_FEED_MIN) < JOIN_MIN
    ]
    return len(feeds) - len(second)
