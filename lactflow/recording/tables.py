"""What a run offers to whoever makes tables from its facts, wherever the facts lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd


class RunTables(Protocol):
    """A run directory (`lactflow.recording.reader.StoredRun`), or a run in memory (`lactflow.recording.memory`)."""

    @property
    def config_text(self) -> str:
        """The resolved config, as YAML."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that the run has."""

    @property
    def spans_min(self) -> dict[tuple[int, int], tuple[float, float]]:
        """First and last recorded instant [min since birth] by (mother, replicate); only units with rows."""

    def read(self, table: str, names: Sequence[str] | None = None) -> pd.DataFrame:
        """Rows of one table, by mother, replicate and time of writing; all columns, or those that are named."""

    def read_in_parts(self, table: str, names: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The rows that `read` gives, a part at a time, each of one mother and one replicate."""

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Rows of one table as a frame; see `read`."""
