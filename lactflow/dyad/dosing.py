"""
When interventions take place: days of the model and clock times, brought to minutes since birth.

Day 1 begins at birth, so a day begins at the clock time of birth, and every clock time comes once in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from lactflow.dyad.schedule.times import Period, at_clock_times, clock_minutes, day_begins
from lactflow.units import DAY_MIN


def dose_times(
    times: Sequence[str],
    from_day: float,
    run: Period,
    *,
    end_day: float | None = None,
    every_days: int = 1,
    doses: int | None = None,
) -> list[float]:
    """
    When each dose of a plan is taken.

    Parameters
    ----------
    times
        Clock times, `HH:MM`; empty for one dose when `from_day` begins.
    from_day
        Day from whose beginning on doses are taken.
    run
        The run; doses before it have been taken, and none is taken after it.
    end_day
        Day from whose beginning on no more are taken; None for no limit.
    every_days
        Of how many days one has doses, the first being `from_day`.
    doses
        Number of doses in all; None for no limit.

    Returns
    -------
    Minutes since birth, in order.
    """
    if not times:
        return [day_begins(from_day)]
    until_min = run.to_min if end_day is None else min(run.to_min, day_begins(end_day))
    first_min = day_begins(from_day)
    window = Period(first_min, until_min, run.birth_clock_min)
    daily = at_clock_times(window, [clock_minutes(text) for text in times])
    due = (time_min for time_min in daily if (time_min - first_min) // DAY_MIN % every_days == 0)
    return list(islice(due, doses))
