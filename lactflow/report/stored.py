"""Tables of result folders, as pages need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lactflow.errors import DamagedRunError

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.recording.folder import StoredFolder


def checked(folder: StoredFolder, table: pd.DataFrame, file: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """
    A table of a result folder that has the columns that a page needs.

    Parameters
    ----------
    folder, table, file
        Whose table it is, and where it was read.
    columns
        That are needed.

    Raises
    ------
    DamagedRunError
        If it lacks one.
    """
    missing = [name for name in columns if name not in table]
    if missing:
        raise DamagedRunError(f"{folder.path / file} has no column {missing[0]!r}")
    return table
