"""A comparison as users hold it: its differences, and the runs they come from."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.analysis.run import Run, open_run
from lactflow.errors import DamagedRunError
from lactflow.recording.files import one_line_errors
from lactflow.recording.folder import StoredFolder
from lactflow.recording.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

    from lactflow.experiments.sweep.results import Sweep

KIND = "comparison"
COARSE = "coarse"
"""Folder in a comparison for the sweep of its coarse replicates."""
DIFFERENCES = "differences.parquet"
FIGURE = "differences.svg"
SUBJECTS = "subjects.parquet"
COARSE_SUBJECTS = "coarse_subjects.parquet"
STOPPED_ON, PILOT, PLANNED = "stopped_on", "pilot", "planned"
"""
Keys of the manifest: the interval that decides how many replicates there are, those of the first stage, and those of
both stages once the first has shown how many are needed; None without `--until-ci`.
"""
CACHE, CACHED = "cache", "cached"
"""Keys of the manifest: the folder of `--cache`, None without it; and how many units of work came from there."""


def coarse_within(path: Path) -> Path | None:
    """
    The sweep of the coarse replicates of a comparison; None where there is none, or was none when it was stopped.

    Raises
    ------
    ArchiveError
        If the disk refuses.
    """
    folder = path / COARSE
    with one_line_errors("read", folder):
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        return next((each for each in found if (each / MANIFEST).is_file() and not each.name.startswith(".")), None)


class Comparison(StoredFolder):
    """A folder that `lactflow compare` has made."""

    kind = KIND

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, the baseline first."""
        return tuple(self._places)

    @cached_property
    def runs(self) -> dict[str, Run]:
        """The run of each scenario, by its name."""
        return {name: open_run(self.path / where) for name, where in self._places.items()}

    @cached_property
    def differences(self) -> pd.DataFrame:
        """
        Paired differences from the baseline: `lactflow.analysis.paired.differences`.

        Its `attrs["units"]` has the unit of each measure: that of its means, its difference and the interval of that.
        """
        table = self._table(DIFFERENCES)
        return _with_units(table, table["measure"])

    @cached_property
    def subjects(self) -> pd.DataFrame:
        """
        What was compared: every measure by `scenario` and `subject`, the number of the mother or the replicate.

        Its `attrs["units"]` has the unit of each measure.
        """
        table = self._table(SUBJECTS)
        return _with_units(table, table)

    def in_words(self) -> dict[str, str]:
        """
        How each scenario differs from the baseline: one sentence, by its name.

        Returns
        -------
        As `lactflow.analysis.differences_in_words.sentences` makes them.
        """
        from lactflow.analysis.differences_in_words import sentences

        return sentences(self.differences)

    def plot(self, measure: str | None = None, axes: Axes | None = None) -> Axes:
        """
        Draw the differences from the baseline.

        Parameters
        ----------
        measure
            Draw the pairs of this one, a dot each; a forest of all measures in percent when None.
        axes
            To draw on; a new figure when None.

        Returns
        -------
        The axes: `lactflow.analysis.drawing.comparison`.

        Raises
        ------
        ConfigError
            If there is no such measure, or nothing to draw.
        """
        from lactflow.analysis.drawing.comparison import draw_forest, draw_pairs

        if measure is None:
            return draw_forest(self.differences, axes)
        return draw_pairs(self.differences, self.subjects, measure, axes)

    def write_figure(self) -> Path | None:
        """
        Write the forest of all measures into the folder, as `differences.svg`.

        Returns
        -------
        The file; None where no measure has an interval.

        Raises
        ------
        ArchiveError
            If the disk refuses.
        """
        from lactflow.analysis.drawing.comparison import draw_forest, forest_height, forest_rows
        from lactflow.analysis.drawing.svg import as_file

        rows = forest_rows(self.differences)
        if rows.empty:
            return None
        return self.write(FIGURE, as_file(lambda axes: draw_forest(self.differences, axes), forest_height(rows)))

    @cached_property
    def coarse_sweep(self) -> Sweep | None:
        """The sweep of the coarse replicates, which keeps measures and no tables; None without `--coarse`."""
        from lactflow.experiments.sweep.results import open_sweep

        folder = coarse_within(self.path)
        return None if folder is None else open_sweep(folder)

    @cached_property
    def coarse_subjects(self) -> pd.DataFrame:
        """As `subjects`, of the coarse replicates; there is none without `--coarse`."""
        table = self._table(COARSE_SUBJECTS)
        return _with_units(table, table)

    def to_xarray(self) -> xr.Dataset:
        """
        The measures of all scenarios and their differences as labelled arrays, with units.

        Returns
        -------
        As `lactflow.analysis.as_xarray.compared_to_xarray` makes it.

        Raises
        ------
        ConfigError
            If xarray is not installed.
        """
        from lactflow.analysis.as_xarray import compared_to_xarray

        return compared_to_xarray(self.differences, self.subjects)

    def _repr_html_(self) -> str:
        """For notebooks: a sentence a scenario, and differences of the measures that a run shows, with intervals."""
        from lactflow.analysis.in_words import measure
        from lactflow.analysis.notebook import SHOWN, as_html

        facts = {"status": self.status, "scenarios": ", ".join(self.scenarios)}
        if not (self.path / DIFFERENCES).exists():
            return as_html(self.path.name, facts, note="It has no differences.")
        found = self.differences
        found = found[found["measure"].isin(SHOWN)]
        words = [measure(name) for name in found["measure"]]
        table = found.assign(measure=[each.label for each in words], unit=[each.unit for each in words])
        columns = ["measure", "scenario", "difference", "low", "high", "baseline_mean", "unit"]
        lines = [f"{name}: {sentence}" for name, sentence in self.in_words().items()]
        note = "low and high: 95 % interval of the difference."
        return as_html(self.path.name, facts, table[columns], note, lines)

    @property
    def _places(self) -> dict[str, str]:
        """Where the runs are, by the name of the scenario; none where it died before they were made."""
        places = self.manifest.get("scenarios", {})
        if not (isinstance(places, dict) and all(isinstance(where, str) for where in places.values())):
            raise DamagedRunError(f"{self.path}: its manifest does not say where its runs are")
        return places


def _with_units(table: pd.DataFrame, names: Iterable[object]) -> pd.DataFrame:
    """A table with the units of its measures."""
    from lactflow.analysis.in_words import units_of_measures

    table.attrs["units"] = units_of_measures(names)
    return table


def open_comparison(path: str | Path) -> Comparison:
    """
    Open a folder that `lactflow compare` has made.

    Parameters
    ----------
    path
        The folder.

    Raises
    ------
    ArchiveError
        If it is no comparison.
    """
    return Comparison(path)
