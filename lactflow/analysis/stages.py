"""
Stages of lactation: one mean over pregnancy, lactation and weaning together says little about any of them.

A day belongs to one of four stages, by the calendar and the schedule of its config alone:

- *pregnancy*: before birth.
- *onset*: days 1 to 5, the secretory activation. Infants take 37 mL on day 1 (Saint 1984) and 500 to 700 mL on day 5
  (Neville 1988, Saint 1984), not much less than later; sodium, lactose and citrate of day 5 are close to those of
  mature milk (Cregan 2002). It is a stretch of the calendar, whether or not copious milk has come: see `onset_h`.
- *weaning*: phases of kind `wean`, and the time after the last removal of milk; not where milk is expressed meanwhile.
- *established*: all other days.

A mother who has not been pregnant has neither of the first two: her days are established, or weaning. The calendar is
that of the first birth: a later one begins no onset of its own.

A day counts whole: what holds in the middle of its simulated part decides. A mother whose milk nobody takes at all is
in her onset up to day 5, and then weaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf, nan
from typing import TYPE_CHECKING, Any, NamedTuple

from lactflow.errors import PluginError
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.tally import Tallied, Tallies
    from lactflow.dyad.schedule import Phase
    from lactflow.recording.tables import RunTables

STAGES = ("pregnancy", "onset", "established", "weaning")
"""In the order of time."""
BIRTH_DAY = 1.0
ONSET_DAYS = 5.0
"""Length of the secretory activation (Saint 1984, Neville 1988, Cregan 2002)."""
_FEEDING = "feeding"


@dataclass(frozen=True)
class StageMeasures:
    """
    Measures over one stretch of a run.

    Attributes
    ----------
    stage
        One of `STAGES`; None for the whole run.
    from_day, to_day
        First and last day of it, whole or in part.
    observed_days
        Its length, of one unit of work [days].
    measures
        All units of work together; NaN where there was nothing to compute one from.
    sd
        Standard deviation of each measure between women, or between the replicates of the only one; NaN for fewer than
        two.
    """

    stage: str | None
    from_day: int
    to_day: int
    observed_days: float
    measures: Mapping[str, float]
    sd: Mapping[str, float]


class Overview(NamedTuple):
    """
    What a summary says: the whole run, and each of its stages in the order of time.

    Attributes
    ----------
    women, replicates
        How many have something recorded.
    onsets
        Units of work in which copious milk began within the run.
    """

    women: int
    replicates: int
    onsets: int
    whole: StageMeasures
    stages: tuple[StageMeasures, ...]


def stages(run: RunTables, warm_up_days: float = 0.0) -> pd.DataFrame:
    """
    Measures of every unit of work, stage by stage: pregnancy, onset, established, weaning.

    Pregnancy ends with birth. Onset is days 1 to 5, the secretory activation. Weaning is the phases of kind `wean`, and
    the time after the last removal of milk, unless milk is expressed meanwhile. All other days are established
    lactation. A day counts whole.

    Parameters
    ----------
    run
        The run.
    warm_up_days
        Time left out at the start [days], from 0.

    Returns
    -------
    `stage`, `from_day`, `to_day` (first and last day of it, whole or in part), `mother`, `replicate`, `observed_days`
    (its length [days]), then the measures. `onset_h` and `activation_h` stand in the rows of the onset.

    Raises
    ------
    ValueError
        If `warm_up_days` is negative.
    DamagedRunError
        If a part is missing or not what was written.

    References
    ----------
    Saint L, Smith M, Hartmann PE 1984, Br J Nutr 52:87-95. Neville MC et al. 1988, Am J Clin Nutr 48:1375-1386. Cregan
    MD et al. 2002, Acta Obstet Gynecol Scand 81:870-877.
    """
    import pandas as pd

    from lactflow.analysis.days import UNIT

    tallies, of_run, days_of = _tallied(run, warm_up_days)
    added = tallies.added_up(["stage", *UNIT])
    table = _measured(added, of_run)
    table.insert(0, "to_day", [days_of[stage][-1] for stage in table.index.get_level_values("stage")])
    table.insert(0, "from_day", [days_of[stage][0] for stage in table.index.get_level_values("stage")])
    table = pd.concat([table.loc[[stage]] for stage in days_of]) if days_of else table
    order = ["stage", "from_day", "to_day", *UNIT, "observed_days"]
    table = table.reset_index()
    return table[[*order, *(name for name in table.columns if name not in order)]]


def overview(
    run: RunTables,
    warm_up_days: float = 0.0,
    units: Sequence[tuple[int, int]] | None = None,
    config: Mapping[str, Any] | None = None,
    tallied: Tallied | None = None,
) -> Overview | None:
    """
    The whole run and its stages, with the spread between women or replicates.

    Parameters
    ----------
    run
        The run.
    warm_up_days
        Time left out at the start [days], from 0.
    units
        Mothers and replicates that count; all of them when None.
    config
        Plain data of the config of the run, where that is at hand; it is read from the run when None.
    tallied
        Tallies of the run with this warm-up, where they are at hand.

    Returns
    -------
    None where nothing is left after the warm-up.

    Raises
    ------
    ValueError
        If `warm_up_days` is negative.
    DamagedRunError
        If a part is missing or not what was written.
    """
    from lactflow.analysis.days import UNIT

    tallies, of_run, days_of = _tallied(run, warm_up_days, units, config, tallied)
    if not days_of:
        return None
    by_unit = tallies.added_up(UNIT)
    women, replicates = (by_unit.sums.index.unique(level).size for level in UNIT)
    windows = [
        _window(stage, (days[0], days[-1]), tallies.where("stage", stage), of_run) for stage, days in days_of.items()
    ]
    every = [day for days in days_of.values() for day in days]
    whole = _window(None, (min(every), max(every)), tallies, of_run)
    onsets = int(of_run["onset_h"].reindex(by_unit.sums.index).count())
    return Overview(women, replicates, onsets, whole, tuple(windows))


def _window(stage: str | None, days: tuple[int, int], tallies: Tallies, of_run: pd.DataFrame) -> StageMeasures:
    from lactflow.analysis.daily import divided
    from lactflow.analysis.days import UNIT

    with_onset = stage in (None, "onset")
    by_unit = tallies.added_up(UNIT)
    table = divided(by_unit)
    for name in of_run:
        table[name] = of_run[name].reindex(table.index) if with_onset else nan
    subject = "mother" if table.index.unique("mother").size > 1 else "replicate"
    measures = divided(tallies.added_up([])).iloc[0].astype(float)
    measures.update(table[list(of_run)].astype(float).mean())
    spread = table.groupby(level=subject).mean().std(ddof=1)
    return StageMeasures(
        stage,
        *days,
        float(by_unit.observed_days.mean()),
        {str(name): float(value) for name, value in measures.items()},
        {str(name): float(value) for name, value in spread.items()},
    )


def _tallied(
    run: RunTables,
    warm_up_days: float,
    units: Sequence[tuple[int, int]] | None = None,
    config: Mapping[str, Any] | None = None,
    tallied: Tallied | None = None,
) -> tuple[Tallies, pd.DataFrame, dict[str, list[int]]]:
    """Tallies with the stage of their days, measures of whole runs by unit of work, and the days of each stage."""
    from lactflow.analysis.daily import checked, of_whole_runs
    from lactflow.analysis.tally import tally

    tallies = tally(run, checked(warm_up_days) * DAY_MIN) if tallied is None else tallied.after
    if units is not None:
        tallies = tallies.of_units(units)
    days = sorted({int(day) for day in tallies.sums.index.get_level_values("day")})
    config = _config_of(run) if config is None else config
    stage_of = _stages_of(run, days, config)
    tallies = tallies.with_level("stage", stage_of)
    days_of = {stage: [day for day in days if stage_of[day] == stage] for stage in STAGES}
    of_run = of_whole_runs(run)
    of_run = of_run if _gave_birth(config) else of_run * nan
    return tallies, of_run, {stage: its for stage, its in days_of.items() if its}


def _config_of(run: RunTables) -> Mapping[str, Any]:
    """Plain data of the config of a run."""
    from lactflow.config.yaml_source import parse_yaml

    return parse_yaml(run.config_text.encode()).data or {}


def _gave_birth(config: Mapping[str, Any]) -> bool:
    """Whether there was the birth from which days are counted."""
    return (config.get("mother") or {}).get("pregnant") is not False


def _measured(added: Tallies, of_run: pd.DataFrame) -> pd.DataFrame:
    """Measures of groups of stage, mother and replicate."""
    from lactflow.analysis.daily import divided

    table = divided(added)
    of_unit = of_run.reindex(table.reset_index("stage").index)
    in_onset = table.index.get_level_values("stage") == "onset"
    for name in of_run:
        table[name] = of_unit[name].where(in_onset).to_numpy()
    table.insert(0, "observed_days", added.observed_days)
    return table


def _stages_of(run: RunTables, days: Sequence[int], config: Mapping[str, Any]) -> dict[int, str]:
    """The stage of each of some days."""
    from lactflow.config.additions import kinds_of

    starts, ends = zip(*run.spans_min.values(), strict=True) if run.spans_min else ((0.0,), (0.0,))
    stage_at = staging(config, lambda: _last_removal_day(run), kinds_of(config))
    simulated_min = {day: (max((day - 1) * DAY_MIN, min(starts)), min(day * DAY_MIN, max(ends))) for day in days}
    return {day: stage_at(_day_at((start + end) / 2.0)) for day, (start, end) in simulated_min.items()}


def _day_at(time_min: float) -> float:
    """Minutes since birth as a day with its fraction; day 1 begins with birth."""
    return time_min / DAY_MIN + BIRTH_DAY


def _last_removal_day(run: RunTables) -> float:
    """When milk was taken for the last time, in any unit of work."""
    sessions = run.read("sessions", ["kind", "start_min"])
    taken_min = sessions["start_min"][sessions["kind"] != "bottle"]
    return _day_at(float(taken_min.max())) if len(taken_min) else -inf


@dataclass(frozen=True)
class _Phase:
    """What stages need of a phase."""

    lane: str
    infant: int | None
    from_day: float
    removes: bool
    weans: bool
    ends_with_log: bool


def staging(
    config: Mapping[str, Any],
    last_removal_day: Callable[[], float] | None = None,
    extra_kinds: Iterable[type[Phase]] = (),
) -> Callable[[float], str]:
    """
    The rule that gives the stage at a time.

    Parameters
    ----------
    config
        Plain data of a config; `start_day`, `schedule` and `mother` are read.
    last_removal_day
        Called for a log after which nobody removes milk (`gaps: nobody`): the day of its last removal, with its
        fraction. When None, such a log continues.
    extra_kinds
        Kinds of schedule from outside that the config uses.

    Returns
    -------
    Takes a day with its fraction (day 1 begins with birth), gives one of `STAGES`.

    Raises
    ------
    PluginError
        If the config has a kind of schedule that is neither of the package nor among `extra_kinds`.
    """
    phases = _phases(config, extra_kinds)
    born = _gave_birth(config)
    last_day = cache(last_removal_day) if last_removal_day is not None else None

    def stage(day: float) -> str:
        if day < BIRTH_DAY:
            return "pregnancy"
        onset = born and day < BIRTH_DAY + ONSET_DAYS
        current = {each.infant: each for each in phases if each.lane == _FEEDING and each.from_day <= day}.values()
        expressed = any(each.lane != _FEEDING and each.removes and each.from_day <= day for each in phases)
        removed = expressed or any(each.removes for each in current)
        if removed and last_day is not None and not expressed:
            removed = not all(each.ends_with_log for each in current if each.removes) or day <= last_day()
        if removed:
            return "onset" if onset else "established"
        if any(each.weans for each in current):
            return "weaning"
        if any(each.removes and each.from_day > day for each in phases):
            return "onset" if onset else "established"  # a pause
        began = any(each.removes and each.from_day <= day for each in phases)
        return "onset" if onset and not began else "weaning"

    return stage


def _phases(config: Mapping[str, Any], extra: Iterable[type[Phase]]) -> list[_Phase]:
    """The phases of a config, in order of time."""
    from lactflow.dyad.schedule import LogPhase, kinds_by_word

    start_day = config.get("start_day", 30.0)
    kinds = kinds_by_word(extra)
    found = []
    for entry in config.get("schedule", ()):
        if entry["kind"] not in kinds:
            known = ", ".join(kinds)
            raise PluginError(
                f"schedule kind {entry['kind']!r} is unknown, and no package here adds it (known: {known})"
            )
        kind = kinds[entry["kind"]]
        # What follows feeds alone ends with them, and single sessions keep nothing going.
        follows = entry.get("after_feeds", False) and not entry.get("times") and entry.get("per_day") is None
        removes = kind.takes_milk and not kind.weans and not kind.single and not follows
        from_day = entry.get("from_day")
        ends = issubclass(kind, LogPhase) and entry.get("gaps", "nobody") == "nobody"
        begins = start_day if from_day is None else from_day
        found.append(_Phase(kind.lane, entry.get("infant"), begins, removes, kind.weans, ends))
    return sorted(found, key=lambda each: each.from_day)
