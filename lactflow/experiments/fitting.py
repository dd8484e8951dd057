"""A fitted mother as users hold her: what her log says, and the config that simulates her."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.errors import ArchiveError
from lactflow.recording.folder import StoredFolder

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.experiments.fit_plots import FitPlots

KIND = "fit"
TRAITS_FILE = "traits.parquet"
VOLUMES_FILE = "volumes.parquet"
FORECAST_FILE = "forecast.parquet"
MOTHER = "mother.yaml"
LOG = "log.csv"


class Fit(StoredFolder):
    """
    A folder that `lactflow fit` has made, from one log or from several.

    The manifest of a fit of one log has `mothers` (virtual ones), `volumes` (used), `left_out`, `cut`, `recorded_ml`
    and `fed` (whether the log has feeds or bottles); of the fitted mother, simulated with random numbers that the fit
    has not used, `bias_ml` and `sd_ml`; `hold_out`, None where nothing is held out. That of a fit of several has
    `logs`: a file and a folder for each, which is a fit of its own.
    """

    kind = KIND

    @property
    def logs(self) -> tuple[str, ...]:
        """Folders of the fits of its logs, by name; none for the fit of one log."""
        return tuple(each["folder"] for each in self.manifest.get("logs", ()))

    def of(self, log: str | int) -> Fit:
        """
        The fit of one of several logs.

        Parameters
        ----------
        log
            The log's file as it was given, its folder, or its number from 0.

        Raises
        ------
        ArchiveError
            If it has no such log.
        """
        listed = self.manifest.get("logs", [])
        for number, each in enumerate(listed):
            if log in (number, each["log"], each["folder"]):
                return Fit(self.path / each["folder"])
        known = ", ".join(each["log"] for each in listed) or "none, it is the fit of one log"
        raise ArchiveError(f"{self.path} has no fit of {log!r} (logs: {known})")

    @property
    def config(self) -> Path:
        """
        The config that simulates her, with her log beside it.

        Raises
        ------
        ArchiveError
            If this is a fit of several logs.
        """
        if "logs" in self.manifest:
            raise ArchiveError(f"{self.path} is a fit of several logs: each has a config of its own, of(LOG).config")
        return self.path / MOTHER

    @property
    def plot(self) -> FitPlots:
        """Pictures: `fit.plot()` of the traits; `fit.plot.volumes()`, `fit.plot.forecast()` and others."""
        from lactflow.experiments.fit_plots import FitPlots

        return FitPlots(self)

    def _repr_html_(self) -> str:
        """For notebooks: what the log shows about each trait."""
        from lactflow.analysis.notebook import as_html

        facts = {"status": self.status}
        if not (self.path / TRAITS_FILE).exists():
            return as_html(self.path.name, facts, note="It has no traits.")
        names = ["trait", "unit", "reference", "value", "low", "high", "left", "identified"]
        traits = self.traits
        table = traits[[name for name in ("log", *names) if name in traits]]
        return as_html(self.path.name, facts, table, "low and high: 95 % interval of the value.")

    @cached_property
    def traits(self) -> pd.DataFrame:
        """
        What her log shows about each trait.

        `trait`, `key` (the first quantity that it is a factor on), `unit`, `reference` (value without the log),
        `value`, `low`, `high` (most probable value, and a 95 % interval), `left` (share of the spread between women
        that the log leaves), `identified`, `at_edge` (whether the value is held at the edge of what nearly all women
        have). Of several logs: `log` first.
        """
        return self._table(TRAITS_FILE)

    @cached_property
    def volumes(self) -> pd.DataFrame:
        """
        Every volume of her log.

        `start` and `line` in the log, `planned_min`, `kind`, `breast` (`left`, `right`, `both`), `recorded_ml`, `use`
        (`used`, `left out`, `cut` by the end of the run, `held out`), `expected_ml` (from her other volumes), `low_ml`
        and `high_ml` (95 % interval of it), `fitted_ml` (of the fitted mother). Of several logs: `log` first.
        """
        return self._table(VOLUMES_FILE)

    @cached_property
    def forecast(self) -> pd.DataFrame:
        """
        The volumes that were held out, with their forecasts.

        `start` and `line` in the log, `planned_min`, `kind`, `breast`, `recorded_ml`; `forecast_ml`, `low_ml`,
        `high_ml` (95 % interval); `yesterday_ml` (the same as on the last day before), `rate_ml` (constant rate times
        interval). Of several logs: `log` first.

        Raises
        ------
        ArchiveError
            If nothing was held out.
        """
        if self.status == "complete" and not (self.path / FORECAST_FILE).exists():
            raise ArchiveError(f"{self.path} has no forecast: nothing was held out (lactflow fit --hold-out 3d)")
        return self._table(FORECAST_FILE)


def open_fit(path: str | Path) -> Fit:
    """
    Open a folder that `lactflow fit` has made.

    Parameters
    ----------
    path
        The folder.

    Raises
    ------
    ArchiveError
        If it is no fit.
    """
    return Fit(path)
