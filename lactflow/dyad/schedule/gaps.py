"""
Pauses of a log: times of which nobody wrote anything down, and her own sessions that stand in for them.

A day that was not logged is not a day without milk. A pause is a gap when it is much longer than her usual longest one,
the night; what she does on the days around then takes place at the same clock times.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from math import ceil, inf
from statistics import median, median_low
from typing import NamedTuple

from lactflow.dyad.schedule.times import PlannedSession
from lactflow.kinetics import plain_sum
from lactflow.units import DAY_MIN

LONGEST_PAUSES = 2.0
"""A pause longer than so many times her usual longest one is a gap: one night feed that was slept through is none."""
UNKNOWN_MIN = 720.0
"""
Usual longest pause of a log too short to say. The longest interval between breastfeeds in Kent 2006 is 10 h 58 min.
"""
AROUND_DAYS = 7
"""Days on each side of a pause that say what is usual, and whose sessions stand in."""
_SHORTEST_GAP_MIN = 60.0
"""No pause shorter than this is looked at: infants that feed every half hour have no gaps."""
_FEWEST_DAYS = 2
"""A usual longest pause needs as many days."""
_FEWEST_PAUSES = 6
_RARE = 0.9
_LAST_FEW = 4
"""Sessions at the end of a log of which the longest may end last: two infants, two breasts."""
LATE_MIN = 10.0
"""Time for the change of breast, and for a last session that begins late because the one before was not over."""
_ROUND_OFF_MIN = 1e-6


class Gap(NamedTuple):
    """
    A time of which the log says nothing.

    Attributes
    ----------
    from_min, to_min
        When it begins and ends, on the time scale of the sessions.
    before, after
        Number of the session at each end; None at the ends of the log.
    """

    from_min: float
    to_min: float
    before: int | None
    after: int | None

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.to_min - self.from_min) / 60.0


def gaps_of(sessions: Sequence[PlannedSession], from_min: float, to_min: float) -> list[Gap]:
    """
    Every gap of a log within a phase, in order.

    Parameters
    ----------
    sessions
        Of the log, bottles too, in order of time.
    from_min, to_min
        Where the phase begins and ends, on the time scale of the sessions.
    """
    times = [session.planned_min for session in sessions]
    if not times:
        return []
    longest, found = _longest_of_days(times), []
    rare_min = _rare_pause(times)
    typical = cache(lambda first, last: _usual_longest(longest, first, last, rare_min))
    first, last = int(times[0] // DAY_MIN), int(times[-1] // DAY_MIN)
    usual_min = typical(first, None)
    if times[0] - from_min > usual_min:
        found.append(Gap(from_min, min(times[0], to_min), None, 0))
    for number, (one, other) in enumerate(pairwise(times)):
        pause_min = other - one
        if pause_min > _SHORTEST_GAP_MIN and other > from_min and one < to_min:
            usual_min = typical(int(one // DAY_MIN), int(other // DAY_MIN))
            if pause_min > LONGEST_PAUSES * usual_min + _ROUND_OFF_MIN:
                found.append(Gap(max(one, from_min), min(other, to_min), number, number + 1))
    if to_min - times[-1] > typical(last, None):
        found.append(Gap(max(times[-1], from_min), to_min, len(times) - 1, None))
    return [gap for gap in found if gap.to_min > gap.from_min]


def _longest_of_days(times: Sequence[float]) -> dict[int, float]:
    """Longest pause that begins on each day; the night after the last one is not known."""
    longest: dict[int, float] = {}
    for one, other in pairwise(times):
        day = int(one // DAY_MIN)
        longest[day] = max(longest.get(day, 0.0), other - one)
    longest.pop(int(times[-1] // DAY_MIN), None)
    return longest


def _rare_pause(times: Sequence[float]) -> float:
    """A pause that nine tenths of all pauses do not exceed: what is usual in a log of a day or two."""
    pauses = sorted(other - one for one, other in pairwise(times))
    return pauses[int(_RARE * len(pauses)) - 1] if len(pauses) >= _FEWEST_PAUSES else UNKNOWN_MIN


def _usual_longest(longest: dict[int, float], first: int, last: int | None, rare_min: float) -> float:
    """
    Median of the longest pauses of the days around, without the day on which the pause in question begins.

    `first` and `last` are the days on which that pause begins and ends; None for the beginning or the end of a log.
    """
    own, few = (set(), UNKNOWN_MIN) if last is None else ({first}, rare_min)
    last = first if last is None else last
    days = [*range(first - AROUND_DAYS, first + 1), *range(last, last + AROUND_DAYS + 1)]
    around = [longest[day] for day in sorted(set(days) - own) if day in longest]
    return median_low(around) if len(around) >= _FEWEST_DAYS else few


def last_min(sessions: Sequence[PlannedSession], open_min: float) -> float:
    """
    When a log ends: at the midnight after its last row; with its last session where that day was not kept to its end.

    Parameters
    ----------
    sessions
        Of the log, in order of time; one or more.
    open_min
        Length of a session of which nobody says how long it took.
    """
    last = sessions[-1].planned_min
    midnight = (last // DAY_MIN + 1.0) * DAY_MIN
    kept_to_midnight = not any(gap.after is None for gap in gaps_of(sessions, sessions[0].planned_min, midnight))
    if kept_to_midnight:
        return midnight
    return max(each.planned_min + _length_min(each, open_min) for each in sessions[-_LAST_FEW:]) + LATE_MIN


def _length_min(session: PlannedSession, open_min: float) -> float:
    if session.kind == "bottle":
        return 0.0
    return open_min if session.length_min is None else session.length_min


def filled(sessions: Sequence[PlannedSession], gaps: Sequence[Gap]) -> list[PlannedSession]:
    """
    The sessions of a log with those of the days around in its gaps, in order of time.

    The first missing day is like the last one that was logged, the second like the one before, up to `AROUND_DAYS`;
    the second half of a pause is like the days after it. What would come too close to a logged session is left out.

    Parameters
    ----------
    sessions
        Of the log, in order of time.
    gaps
        As `gaps_of` returns them.
    """
    return stand_ins(sessions, gaps)[0]


def stand_ins(sessions: Sequence[PlannedSession], gaps: Sequence[Gap]) -> tuple[list[PlannedSession], float]:
    """
    What `filled` returns, and for how long in the gaps no day can say what she does [min].

    Parameters
    ----------
    sessions, gaps
        As `filled` takes them.
    """
    if not gaps:
        return list(sessions), 0.0
    times = [session.planned_min for session in sessions]
    apart_min = 0.5 * median([b - a for a, b in pairwise(times)] or [0.0])
    covered = _covered(times, gaps)
    open_min = 0.0
    added: list[PlannedSession] = []
    for gap in gaps:
        found, lacking_min = _found_for(sessions, times, covered, gap)
        added += _spaced(found, gap, apart_min)
        open_min += lacking_min
    return sorted([*sessions, *added], key=lambda session: session.planned_min), open_min


def _covered(times: Sequence[float], gaps: Sequence[Gap]) -> list[tuple[float, float]]:
    """Stretches of the log of which it says everything, the sessions at both ends included."""
    begins = [times[0], *(times[gap.after] for gap in gaps if gap.before is not None and gap.after is not None)]
    ends = [*(times[gap.before] for gap in gaps if gap.before is not None and gap.after is not None), times[-1]]
    return [(begin - _ROUND_OFF_MIN, end + _ROUND_OFF_MIN) for begin, end in zip(begins, ends, strict=True)]


def _found_for(
    sessions: Sequence[PlannedSession], times: Sequence[float], covered: Sequence[tuple[float, float]], gap: Gap
) -> tuple[list[tuple[PlannedSession, int]], float]:
    """Sessions for one gap in order of time, by how many days each is put off; and minutes that no day covers."""
    in_order: list[tuple[PlannedSession, int]] = []
    lacking_min = 0.0
    for begin, end, nearest in _days_of(gap):
        bisect = bisect_right if nearest > 0 else bisect_left  # a day has the session at one of its ends
        missing = [(begin, end)]
        found: list[tuple[PlannedSession, int]] = []
        for shift in [nearest, *_all_days_away(times, begin)]:
            if not missing:
                break
            rest: list[tuple[float, float]] = []
            for piece in missing:
                parts, open_parts = _found_in(piece, shift * DAY_MIN, covered)
                rest += open_parts
                for part_from, part_to in parts:
                    first, until = (bisect(times, each - shift * DAY_MIN) for each in (part_from, part_to))
                    found += [(session, shift) for session in sessions[first:until]]
            missing = rest
        in_order += sorted(found, key=lambda each: each[0].planned_min + each[1] * DAY_MIN)
        lacking_min += plain_sum(end - begin for begin, end in missing)
    return in_order, lacking_min


def _days_of(gap: Gap) -> Iterator[tuple[float, float, int]]:
    """Begin and end of each missing day, and how many days before it the one lies that stands in (below 0: after)."""
    middle = gap.to_min if gap.after is None else gap.from_min
    if gap.before is not None and gap.after is not None:
        middle = min(gap.to_min, gap.from_min + ceil((gap.to_min - gap.from_min) / DAY_MIN / 2.0) * DAY_MIN)
    for day in range(ceil((middle - gap.from_min) / DAY_MIN)):
        begin = gap.from_min + day * DAY_MIN
        yield begin, min(begin + DAY_MIN, middle), day + 1 + day % AROUND_DAYS
    for day in reversed(range(ceil((gap.to_min - middle) / DAY_MIN))):
        end = gap.to_min - day * DAY_MIN
        yield max(end - DAY_MIN, middle), end, -(day + 1 + day % AROUND_DAYS)


def _all_days_away(times: Sequence[float], begin: float) -> Iterator[int]:
    """Every shift that reaches the log, the smallest first."""
    most = int(max(abs(begin - times[0]), abs(times[-1] - begin)) // DAY_MIN) + 2
    for away in range(1, most + 1):
        yield away
        yield -away


def _found_in(
    piece: tuple[float, float], shift_min: float, covered: Sequence[tuple[float, float]]
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Parts of a piece whose time `shift_min` earlier the log covers, and the rest."""
    parts, rest, begin = [], [], piece[0]
    for stretch_from, stretch_to in covered:
        part_from, part_to = max(begin, stretch_from + shift_min), min(piece[1], stretch_to + shift_min)
        if part_from < part_to:
            if begin < part_from:
                rest.append((begin, part_from))
            parts.append((part_from, part_to))
            begin = part_to
    if begin < piece[1] - _ROUND_OFF_MIN:
        rest.append((begin, piece[1]))
    return parts, rest


def _spaced(found: Sequence[tuple[PlannedSession, int]], gap: Gap, apart_min: float) -> Iterator[PlannedSession]:
    """Those that keep their distance from the ends of the gap, and from each other where two days meet."""
    last_min = gap.from_min if gap.before is not None else -inf
    until = gap.to_min - apart_min if gap.after is not None else gap.to_min
    last_shift: int | None = None
    for session, shift in found:
        time_min = session.planned_min + shift * DAY_MIN
        meets_another_day = shift != last_shift
        if time_min > until or (meets_another_day and time_min - last_min < apart_min):
            continue
        last_min, last_shift = time_min, shift
        yield session._replace(planned_min=time_min, source="filled", recorded_ml=None, recorded_sides_ml=())
