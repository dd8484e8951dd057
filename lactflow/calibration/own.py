"""
Trials on the runs of a config: all its mothers and replicates, with the quantities set in it.

A target is read from each unit of work, and the mean over the replicates of a mother is hers. The mean over mothers,
their standard deviation or their coefficient of variation is what the model gives for the target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import isfinite, nan, sqrt
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from pydantic import ValidationError

from lactflow.analysis.daily import OF_RUN, divided, of_whole_runs
from lactflow.analysis.days import UNIT
from lactflow.analysis.run import MemoryRun
from lactflow.analysis.tally import TALLIED, Tallies, tally
from lactflow.calibration.objective import Reading, over_replicates
from lactflow.calibration.targets import Target
from lactflow.config.cohort import mothers
from lactflow.config.messages import problems_of
from lactflow.config.model import RunConfig, contradictions
from lactflow.config.scenario import Scenario
from lactflow.config.text import dotted
from lactflow.config.tree import Key
from lactflow.errors import ConfigError, Problem
from lactflow.experiments.run import named_in
from lactflow.experiments.sweep.design import path_of
from lactflow.experiments.sweep.points import Base, with_values
from lactflow.experiments.tables import TablesOfUnit, shared_text
from lactflow.recording.memory import UnitTables

if TYPE_CHECKING:
    import pandas as pd


def config_with(base: Base, values: Mapping[str, float]) -> RunConfig:
    """
    A config with other values of some quantities, checked.

    Parameters
    ----------
    base
        A scenario that has been loaded.
    values
        By dotted key.

    Raises
    ------
    ConfigError
        If a value is not allowed, or values contradict one another.
    """
    paths = [path_of(key) for key in values]
    try:
        config = with_values(base, paths, list(values.values()))
    except ValidationError as error:
        raise ConfigError(*problems_of(error, _nowhere)) from error
    except (LookupError, TypeError) as error:
        raise ConfigError(f"there is no place for {', '.join(values)}") from error
    if found := list(contradictions(config)):
        raise ConfigError(*(Problem(message, key=dotted(key)) for key, message in found))
    return config


def _nowhere(path: Key, of_key: bool = False) -> tuple[str | None, int | None, int | None]:
    """Values of a trial stand in no file."""
    del path, of_key
    return None, None, None


def with_cohort(scenario: Scenario, replicates: int | None, cohort: int | None) -> Scenario:
    """
    A scenario with other numbers of replicates and mothers.

    Parameters
    ----------
    scenario
        Loaded and checked.
    replicates, cohort
        How many; None for those of the scenario.

    Raises
    ------
    ConfigError
        If it cannot have so many.
    """
    given = {"replicates": replicates, "mother.cohort": cohort}
    config = config_with(Base.of(scenario), {key: many for key, many in given.items() if many is not None})
    return Scenario(config, scenario.logs, scenario.files, scenario.warnings)


class OfConfig:
    """
    Trials on the runs of a config.

    Parameters
    ----------
    scenario
        With its replicates and its cohort.
    targets
        As `read_targets` gives them.
    """

    def __init__(self, scenario: Scenario, targets: tuple[Target, ...]) -> None:
        record = scenario.config.record.model_copy(update={"visits": False})
        config = scenario.config.model_copy(update={"record": record})
        self._base = Base.of(Scenario(config, scenario.logs, scenario.files, ()))
        self._files = scenario.files
        self.targets = targets

    @cached_property
    def named(self) -> Sequence[tuple[str, str]]:
        """Group and name of every addition that the config names."""
        return named_in(self._base.scenario.config)

    def units(self, values: Mapping[str, float], label: str) -> list[TablesOfUnit]:
        """Every mother and replicate: see `Objective.units`."""
        config = config_with(self._base, values)
        shared = shared_text(config.model_dump_json(by_alias=True), self._files)
        return [
            TablesOfUnit(shared, mother, replicate, tuple(TALLIED), f"{label}, mother {mother}, replicate {replicate}")
            for mother in mothers(config)
            for replicate in range(config.replicates)
        ]

    def readings(self, units: Sequence[UnitTables]) -> list[Reading]:
        """What they give: see `Objective.readings`."""
        return readings_of(MemoryRun(list(units), lambda: ""), self.targets)


def readings_of(run: MemoryRun, targets: Sequence[Target]) -> list[Reading]:
    """
    What a run gives for targets.

    Parameters
    ----------
    run
        All mothers and replicates.
    targets
        Of a table of a user.
    """
    tallies = tally(run)
    of_runs = of_whole_runs(run) if any(target.measure in OF_RUN for target in targets) else None
    found = []
    for target in targets:
        whole = of_runs is not None and target.measure in of_runs
        values = of_runs[target.measure] if of_runs is not None and whole else _within(tallies, target)
        of_mothers: dict[int, list[float]] = {}
        for mother, value in zip(values.index.get_level_values("mother"), values.tolist(), strict=True):
            of_mothers.setdefault(int(mother), []).append(float(value))
        found.append(_reading(list(of_mothers.values()), target.statistic))
    return found


def _within(tallies: Tallies, target: Target) -> pd.Series[float]:
    """A measure over the days of a target, of each unit of work."""
    if target.first_day is not None and target.last_day is not None:
        tallies = tallies.of_days(target.first_day, target.last_day)
    return divided(tallies.added_up(UNIT))[target.measure]


def _reading(of_mothers: Sequence[Sequence[float]], statistic: str) -> Reading:
    """The statistic over mothers, each by the mean over her replicates."""
    if not of_mothers or not all(isfinite(value) for values in of_mothers for value in values):
        return Reading(nan)
    means = [fmean(values) for values in of_mothers]
    many = len(means)
    if statistic == "mean":
        return over_replicates(of_mothers[0]) if many == 1 else over_replicates(means)
    sd = stdev(means)
    share = 1.0 / sqrt(2.0 * (many - 1))
    if statistic == "sd":
        return Reading(sd, sd * share)
    cv = sd / fmean(means) if fmean(means) else nan
    # Of a normal distribution: Ahn and Fessler 2003, standard errors of mean, variance, and standard deviation.
    return Reading(cv, cv * share * sqrt(1.0 + 2.0 * cv**2))
