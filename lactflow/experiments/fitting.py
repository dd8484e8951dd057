"""A fitted mother as users hold her: what her log tells, and the config that plays her."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.recording.folder import StoredFolder

if TYPE_CHECKING:
    import pandas as pd

KIND = "fit"
TRAITS_FILE = "traits.parquet"
MOTHER = "mother.yaml"
LOG = "log.csv"


class Fit(StoredFolder):
    """
    A folder that `lactflow fit` has made.

    Its manifest has `mothers`, `volumes`, `recorded_ml` and `fed` (whether the log has feeds or bottles); of the fitted
    mother `bias_ml` and `sd_ml`.
    """

    kind = KIND

    @property
    def config(self) -> Path:
        """The config that plays her, with her log beside it."""
        return self.path / MOTHER

    @cached_property
    def traits(self) -> pd.DataFrame:
        """
        What her log tells of each trait.

        `trait`, `key` (the first quantity that it is a factor on), `unit`, `reference` (value without the log),
        `value`, `low`, `high` (most probable value, and a 95 % interval), `left` (share of the spread between women
        that the log leaves), `identified`.
        """
        return self._table(TRAITS_FILE)


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
