"""A calibration as users hold it, and the config that comes of it."""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lactflow.calibration.findings import AT_LEAST, AT_MOST, DECIDED, Findings
from lactflow.config.keys import with_quantities
from lactflow.config.scenario import Scenario, as_yaml, load_scenario, resolved_text
from lactflow.config.text import nearest, quoted
from lactflow.errors import ConfigError, DamagedRunError
from lactflow.recording.folder import CALIBRATION, StoredFolder

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.config.model import RunConfig

KIND = CALIBRATION
CALIBRATED = "calibrated.yaml"
ABOUT = "calibration"
"""Key of the manifest: what was looked for."""


class Calibration(StoredFolder):
    """
    A folder that `lactflow calibrate` has made.

    The manifest has `calibration` (quantities, targets, numbers of trials, replicates and mothers), and at the end
    `fitted` and `held_out` (ids of targets), `loss`, `failed` (trials), `found` (values by key), `words` (what the
    targets cannot distinguish) and `notes`.
    """

    kind = KIND

    @property
    def config(self) -> Path:
        """
        The config with what was found, which runs.

        Raises
        ------
        DamagedRunError
            If the calibration has not ended.
        """
        if not (self.path / CALIBRATED).exists():
            raise DamagedRunError(f"{self.path} has no {CALIBRATED}: its status is {self.status}")
        return self.path / CALIBRATED

    def plot(self, key: str | None = None, axes: Axes | None = None) -> Axes:
        """
        Draw what was found.

        Parameters
        ----------
        key
            Draw the profile of this quantity; the intervals of all of them within their ranges when None.
        axes
            To draw on; a new figure when None.

        Returns
        -------
        The axes: `lactflow.analysis.drawing.calibrated`.

        Raises
        ------
        ConfigError
            If no such quantity was looked for.
        """
        from lactflow.analysis.drawing.calibrated import draw_intervals, draw_profile

        if key is None:
            return draw_intervals(self.quantities, axes)
        known = self.quantities.set_index("key", drop=False)
        if key not in known.index:
            hint = nearest(key, list(known.index), cutoff=0.0)
            raise ConfigError(f"{quoted(key)} was not looked for (nearest: {hint})")
        return draw_profile(self.profiles[self.profiles["key"] == key], known.loc[key].to_dict(), axes)

    @cached_property
    def quantities(self) -> pd.DataFrame:
        """
        What was found for each quantity.

        `key`, `unit`, `start` (in the config that was calibrated), `value` (of the trial with the smallest loss),
        `low`, `high` (95 % interval), `range_low`, `range_high`, `logarithmic`, `verdict` (`decided`, `at least`, `at
        most`, `not decided`).
        """
        return self._table("quantities.parquet")

    @cached_property
    def targets(self) -> pd.DataFrame:
        """
        The targets beside what the best trial gives.

        `id`, `observable`, `value`, `sd`, `weight`, `use` (`fitted`, `held out`), `model`, `model_error` (its standard
        error by chance), `z` (distance in SDs), `source`.
        """
        return self._table("targets.parquet")

    @cached_property
    def trials(self) -> pd.DataFrame:
        """
        Every trial.

        `trial`, `stage` (`start`, `search`, `surface`), `status` (`complete`, `failed`), `reason`, `loss`, a column for
        each quantity by its key, and one for each target by its id.
        """
        return self._table("trials.parquet")

    @cached_property
    def profiles(self) -> pd.DataFrame:
        """
        The smallest loss that each value of a quantity allows.

        `key`, `value`, `loss`, `above_least` (excluded from 3.84 on), and `at KEY` for each quantity: its value there.
        """
        return self._table("profiles.parquet")

    @cached_property
    def directions(self) -> pd.DataFrame:
        """
        Directions around the best point, the best known first.

        `direction`, `eigenvalue`, `ratio` (to the largest), `half_width` (95 %, in ranges), `decided`, `key`, `part`.
        """
        return self._table("directions.parquet")

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """
        Quantities that the targets cannot distinguish.

        `first`, `second` (keys), `inflation`, `relation`, `factor`, `holds` (what the targets hold).
        """
        return self._table("pairs.parquet")


def open_calibration(path: str | Path) -> Calibration:
    """
    Open a folder that `lactflow calibrate` has made.

    Parameters
    ----------
    path
        The folder.

    Raises
    ------
    ArchiveError
        If it is no calibration.
    """
    return Calibration(path)


def calibrated_text(scenario: Scenario, found: Findings) -> str:
    """
    The config with what was found, as YAML.

    Parameters
    ----------
    scenario
        That was calibrated.
    found
        What the trials say.

    Returns
    -------
    What differs from the reference mother, where that loads to the same config; else every value.
    """
    config = with_quantities(scenario.config, found.values)
    data = {"format": 1, **config.model_dump(by_alias=True, exclude_defaults=True)}
    text = as_yaml(data)
    if not _loads_to(text, config, scenario):
        text = resolved_text(config)
    return _header(found) + text


def _loads_to(text: str, config: RunConfig, scenario: Scenario) -> bool:
    """Whether a text is that of a config."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**scenario.files, CALIBRATED: text.encode()}.items():
            (Path(folder) / name).write_bytes(content)
        try:
            return load_scenario(Path(folder) / CALIBRATED).config == config
        except ConfigError:
            return False


def _header(found: Findings) -> str:
    """What the values rest on, as comments."""
    lines = ["# Made by lactflow calibrate: the config, with the values that were found. A model; no medical advice."]
    lines += [
        f"# {row['key']} = {row['value']:.5g} {row['unit']}".rstrip() + f": {interval_in_words(row)}"
        for row in found.tables["quantities"].to_dict("records")
    ]
    lines += [f"# {line}" for line in (*found.words, *found.notes)]
    return "\n".join([*lines, "#", ""])


def interval_in_words(row: Any) -> str:
    """
    What the targets show about a quantity.

    Parameters
    ----------
    row
        Of the table of quantities.
    """
    low, high = f"{row['low']:.4g}", f"{row['high']:.4g}"
    return {
        DECIDED: f"{low} to {high} (95 %)",
        AT_LEAST: f"at least {low} (95 %), the targets do not bound it above",
        AT_MOST: f"at most {high} (95 %), the targets do not bound it below",
    }.get(row["verdict"], f"not decided by the targets: {low} to {high} all meet them as well")
