"""What a trial is made of: the units of work that are simulated for it, and how targets are read from their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan, sqrt
from statistics import fmean, stdev
from typing import NamedTuple, Protocol

from lactflow.calibration.targets import Target
from lactflow.experiments.tables import TablesOfUnit
from lactflow.recording.memory import UnitTables


class Reading(NamedTuple):
    """
    What the model gives for one target.

    Attributes
    ----------
    value
        As in the target; NaN where there is nothing to read it from.
    error
        Standard error of it by chance, of the simulation or of the mothers of the cohort; NaN where it is not known.
    """

    value: float
    error: float = nan


class Objective(Protocol):
    """Where the targets come from, and what is simulated for a trial."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """Those that are fitted to first."""

    @property
    def named(self) -> Sequence[tuple[str, str]]:
        """Group and name of every addition that its configs name."""

    def units(self, values: Mapping[str, float], label: str) -> list[TablesOfUnit]:
        """
        What is simulated for a trial; the same random numbers for every trial.

        Parameters
        ----------
        values
            Of the quantities, by key.
        label
            Of the trial, for messages.

        Raises
        ------
        ConfigError
            If no scenario can have these values.
        """

    def readings(self, units: Sequence[UnitTables]) -> list[Reading]:
        """
        What the units of a trial give for each target.

        Parameters
        ----------
        units
            Their tables, in the order of `units`.
        """


def over_replicates(values: Sequence[float]) -> Reading:
    """
    The mean of what replicates give, and its standard error.

    Parameters
    ----------
    values
        One for each replicate.
    """
    return Reading(fmean(values), stdev(values) / sqrt(len(values)) if len(values) > 1 else nan)
