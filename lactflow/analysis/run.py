"""A run as users hold it: its tables, its days, its events, its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.recording.memory import MemoryTables
from lactflow.recording.reader import StoredRun
from lactflow.recording.tables import RunTables
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    import xarray as xr

    from lactflow.analysis.drawing.plots import RunPlots


class Analysed(RunTables):
    """The tables that are made from the facts of a run, wherever these lie."""

    def daily(self) -> pd.DataFrame:
        """One row a day of every unit of work: `lactflow.analysis.daily.daily`; `attrs["units"]` has the units."""
        from lactflow.analysis.daily import daily
        from lactflow.analysis.in_words import units_of_measures

        days = daily(self)
        days.attrs["units"] = {**units_of_measures(days), "day": "d", "observed_days": "d"}
        return days

    def summary(self, warm_up_days: float = 0.0) -> dict[str, float]:
        """Each measure over the run after a warm-up: `lactflow.analysis.daily.summary`."""
        from lactflow.analysis.daily import summary

        return summary(self, warm_up_days)

    def stages(self, warm_up_days: float = 0.0) -> pd.DataFrame:
        """Measures by stage, from pregnancy to weaning: `lactflow.analysis.stages.stages`."""
        from lactflow.analysis.stages import stages

        return stages(self, warm_up_days)

    def faltering(self) -> pd.DataFrame:
        """Infants that fell below their growth channel: `lactflow.analysis.faltering.faltering`."""
        from lactflow.analysis.faltering import faltering

        return faltering(self)

    def recorded(self) -> pd.DataFrame:
        """Volumes of the feeding log beside the model's: `lactflow.analysis.recorded.recorded`."""
        from lactflow.analysis.recorded import recorded

        return recorded(self)

    def sessions(self) -> pd.DataFrame:
        """Every session with what happened at each breast: `lactflow.analysis.sessions.sessions`."""
        from lactflow.analysis.sessions import sessions

        return sessions(self)

    def markers(self) -> pd.DataFrame:
        """Sodium and potassium of removals, against limits of clinics: `lactflow.analysis.markers.markers`."""
        from lactflow.analysis.markers import markers

        return markers(self)

    def events(self) -> pd.DataFrame:
        """Visits as an event log: `lactflow.analysis.events.events`."""
        from lactflow.analysis.events import events

        return events(self)

    def drugs(self) -> pd.DataFrame:
        """What she takes, what is in milk, what infants get; no medical advice: `lactflow.analysis.drugs.drugs`."""
        from lactflow.analysis.drugs import drugs

        return drugs(self)

    def to_xarray(self, parts: Sequence[str] | None = None) -> xr.Dataset:
        """Samples and daily measures as labelled arrays: `lactflow.analysis.as_xarray.to_xarray`."""
        from lactflow.analysis.as_xarray import to_xarray

        return to_xarray(self, parts)

    @property
    def plot(self) -> RunPlots:
        """Pictures of the run: `run.plot.day(30)`, `run.plot.course("fat_g_per_l")`, `run.plot.growth()`."""
        from lactflow.analysis.drawing.plots import RunPlots

        return RunPlots(self)


class Run(StoredRun, Analysed):
    """A run directory with the tables that are made from its facts; `run["removals"]` is a frame."""

    def _repr_html_(self) -> str:
        """For notebooks: where it is, how it ended, and its measures."""
        from lactflow.analysis.notebook import as_html, measures_of

        warnings = self.manifest.get("warnings") or []
        facts = {
            "status": self.status,
            "days": f"{float(self.manifest.get('simulated_min') or 0.0) / DAY_MIN:.4g}",
            "units of work": self.manifest.get("units", 1),
            "warnings": len(warnings),
        }
        return as_html(self.path.name, facts, measures_of(self))

    def stations(self, warm_up_days: float = 0.0) -> pd.DataFrame:
        """Throughput, times, places and blocking of each station: `lactflow.analysis.stations.stations`."""
        from lactflow.analysis.stations import stations

        return stations(self, warm_up_days)


class MemoryRun(MemoryTables, Analysed):
    """A run in memory with the tables that are made from its facts; `run["removals"]` is a frame."""


def open_run(path: str | Path) -> Run:
    """
    Open a run directory, whether the run ended, goes on or was killed.

    Parameters
    ----------
    path
        The run directory.

    Returns
    -------
    The run as it is now, cut at the last complete flush.

    Raises
    ------
    ArchiveError
        If this is no run directory, or one that this version cannot read.
    DamagedRunError
        If manifest or journal are not what was written.
    """
    return Run(path)
