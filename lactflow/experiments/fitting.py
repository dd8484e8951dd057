"""A fitted mother as users hold her: what her log tells, and the config that plays her."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.errors import DamagedRunError
from lactflow.recording.files import told_in_one_line
from lactflow.recording.folder import read_folder

if TYPE_CHECKING:
    import pandas as pd

KIND = "fit"
TRAITS_FILE = "traits.parquet"
MOTHER = "mother.yaml"
LOG = "log.csv"


class Fit:
    """
    A folder that `lactflow fit` has made.

    Attributes
    ----------
    path
        The folder.
    manifest
        What stands in its `manifest.json`: `volumes`, `recorded_ml` and, of the fitted mother, `bias_ml` and `sd_ml`.
    status
        `running`, `complete`, `interrupted`, `failed` or `crashed`.

    Raises
    ------
    ArchiveError
        If it is no fit.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.manifest, self.status = read_folder(self.path, KIND)

    def __repr__(self) -> str:
        """Where it is and how it ended."""
        return f"{type(self).__name__}({str(self.path)!r}, status={self.status!r})"

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
        import pandas as pd

        path = self.path / TRAITS_FILE
        if not path.is_file():
            raise DamagedRunError(f"{self.path} has no {TRAITS_FILE}: its status is {self.status}")
        with told_in_one_line("read", path):
            return pd.read_parquet(path)


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
