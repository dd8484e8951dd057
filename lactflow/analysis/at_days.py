"""
Measures of some days: `sodium_mmol_per_l@5` is that of day 5, `removed_ml_per_day@20:30` that of days 20 to 30.

Days are those of `daily`: day d is the time from 24 (d - 1) h to 24 d h after birth, and days before birth are 0 and
below. Several days weigh as a window of a run does, by time and by occasion. A warm-up leaves nothing of them out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from lactflow.analysis.daily import MEASURES, OF_RUN, by_replicate, divided, is_measure, measures_in
from lactflow.analysis.days import UNIT
from lactflow.analysis.drug_names import DRUG_MEASURES
from lactflow.analysis.tally import tally
from lactflow.config.text import nearest, quoted
from lactflow.errors import ConfigError, Problem

if TYPE_CHECKING:
    from lactflow.analysis.tally import Tallied
    from lactflow.recording.tables import RunTables

_FORM = re.compile(r"([a-z0-9_]+(?:\[[^\[\]@,]+\])?)(?:@(-?[0-9]{1,5})(?::(-?[0-9]{1,5}))?)?")


class AtDays(NamedTuple):
    """
    A measure, maybe of some days.

    Attributes
    ----------
    measure
        Its name.
    first_day, last_day
        Both included; None for the whole run after its warm-up.
    """

    measure: str
    first_day: int | None = None
    last_day: int | None = None

    def __str__(self) -> str:
        """As users write it, in the shorter form for one day."""
        if self.first_day is None:
            return self.measure
        end = "" if self.last_day == self.first_day else f":{self.last_day}"
        return f"{self.measure}@{self.first_day}{end}"


def parsed(text: str) -> AtDays:
    """
    A measure as users write it: `NAME`, `NAME@DAY` or `NAME@FIRST:LAST`.

    Parameters
    ----------
    text
        What the user wrote.

    Raises
    ------
    ConfigError
        If there is no such measure, or the days are none.
    """
    written = text.strip()
    match = _FORM.fullmatch(written)
    name = match[1] if match else written.partition("@")[0]
    if not is_measure(name):
        hint = nearest(name, [*MEASURES, *DRUG_MEASURES], cutoff=0.0)
        raise _wrong(f"there is no measure {quoted(name)} (nearest: {hint})")
    if match is None:
        raise _wrong(f"{quoted(written)} has no days that can be read (allowed: {name}@5, {name}@20:30)")
    if match[2] is None:
        return AtDays(name)
    if name in OF_RUN:
        raise _wrong(f"{quoted(written)}: {name} is of a whole run (allowed: {name})")
    first, last = int(match[2]), int(match[3] or match[2])
    if last < first:
        raise _wrong(f"{quoted(written)}: day {last} is before day {first} (allowed: {name}@{last}:{first})")
    return AtDays(name, first, last)


def _wrong(message: str) -> ConfigError:
    return ConfigError(Problem(message, "--measure"))


def all_parsed(texts: Sequence[str]) -> list[AtDays]:
    """
    Several measures, each once, in order.

    Parameters
    ----------
    texts
        As `parsed` takes them.

    Raises
    ------
    ConfigError
        With every problem.
    """
    found: dict[AtDays, None] = {}
    problems: list[Problem] = []
    for text in texts:
        try:
            found[parsed(text)] = None
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(*problems)
    return list(found)


def by_replicate_at(
    run: RunTables, wanted: Sequence[AtDays], warm_up_days: float = 0.0, tallied: Tallied | None = None
) -> pd.DataFrame:
    """
    Measures of every unit of work over the run after a warm-up, and of some days.

    Parameters
    ----------
    run
        The run.
    wanted
        Measures with days; the warm-up leaves nothing of these out.
    warm_up_days
        Time left out at the start [days], from 0.
    tallied
        Tallies of the run with this warm-up, where they are at hand.

    Returns
    -------
    As `lactflow.analysis.daily.by_replicate`, and a column for each of `wanted`, by its text: NaN where a unit has
    nothing of the days, or no data to compute the measure from.
    """
    measures = by_replicate(run, warm_up_days, tallied)
    if not wanted:
        return measures
    tallies, units = tally(run) if tallied is None else tallied.whole, pd.MultiIndex.from_frame(measures[UNIT])
    found: dict[str, Any] = {}
    for window in dict.fromkeys((each.first_day, each.last_day) for each in wanted):
        of_days = divided(tallies.on_days(*window).added_up(UNIT)).reindex(units)
        of_days = of_days.reindex(columns=measures_in([*of_days, *(each.measure for each in wanted)]))
        found |= {str(each): of_days[each.measure].to_numpy() for each in wanted if each[1:] == window}
    return measures.assign(**{str(each): found[str(each)] for each in wanted})
