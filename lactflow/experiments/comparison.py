"""A comparison as users hold it: its differences, and the runs they come from."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.analysis.run import Run, open_run
from lactflow.errors import DamagedRunError
from lactflow.recording.files import told_in_one_line
from lactflow.recording.folder import read_folder

if TYPE_CHECKING:
    import pandas as pd

KIND = "comparison"
DIFFERENCES = "differences.parquet"
SUBJECTS = "subjects.parquet"
RUNS = "runs"


class Comparison:
    """
    A folder that `lactflow compare` has made.

    Attributes
    ----------
    path
        The folder.
    manifest
        What stands in its `manifest.json`.
    status
        `running`, `complete`, `interrupted`, `failed` or `crashed`.

    Raises
    ------
    ArchiveError
        If it is no comparison.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.manifest, self.status = read_folder(self.path, KIND)

    def __repr__(self) -> str:
        """Where it is and how it ended."""
        return f"{type(self).__name__}({str(self.path)!r}, status={self.status!r})"

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
        """Paired differences from the baseline: `lactflow.analysis.paired.differences`."""
        return self._table(DIFFERENCES)

    @cached_property
    def subjects(self) -> pd.DataFrame:
        """What was compared: every measure by `scenario` and `subject`, the number of the mother or the replicate."""
        return self._table(SUBJECTS)

    @property
    def _places(self) -> dict[str, str]:
        """Where the runs are, by the name of the scenario; none where it died before they were made."""
        places: dict[str, str] = self.manifest.get("scenarios", {})
        return places

    def _table(self, file: str) -> pd.DataFrame:
        import pandas as pd

        path = self.path / file
        if not path.is_file():
            raise DamagedRunError(f"{self.path} has no {file}: its status is {self.status}")
        with told_in_one_line("read", path):
            return pd.read_parquet(path)


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
