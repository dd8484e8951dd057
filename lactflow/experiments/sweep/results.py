"""A sweep as users hold it: its results, its recorded tables, how far it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lactflow.analysis.drug_names import drug_measures_in
from lactflow.errors import DamagedRunError, LactflowError
from lactflow.experiments.sweep.keys import tables_of_level
from lactflow.experiments.sweep.plan import PLAN, SWEEP, Plan
from lactflow.experiments.sweep.status import Counts, counts_of
from lactflow.experiments.sweep.store import ROWS, Ledgers, Line, read_part, together
from lactflow.experiments.sweep.writer import KEY
from lactflow.recording.folder import StoredFolder
from lactflow.recording.kept import read_kept
from lactflow.recording.manifest import CONFIG
from lactflow.recording.reader import check_known

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from lactflow.analysis.drawing.key_axis import KeyAxis

_TRIES = 5


class Sweep(StoredFolder):
    """A sweep; `results` is a frame, `dataset` has its recorded tables, `counts` says how far it is."""

    kind = SWEEP

    def __init__(self, path: str | Path) -> None:
        super().__init__(path)
        self._status = self.status
        self.status = self.counts.status

    def _repr_html_(self) -> str:
        """For notebooks: how far it is, and its first results."""
        from lactflow.analysis.notebook import as_html

        counts = self.counts
        facts = {"status": self.status, "units": f"{counts.complete:,} of {counts.units:,}", "failed": counts.failed}
        return as_html(self.path.name, facts, self.results.drop(columns=KEY))

    def axes_of_keys(self) -> dict[str, KeyAxis]:
        """
        How pictures show the keys of the plan.

        Returns
        -------
        By the key; with the units of those that are declared quantities, where the config can be read.
        """
        from lactflow.analysis.drawing.key_axis import KeyAxis
        from lactflow.parameters.declaration import declared_quantities

        plan = self.plan.frame()
        try:
            config = self.plan.config(0)[0]
        except (LactflowError, OSError):
            units = {}
        else:
            units = {item.key: item.declaration.unit for item in declared_quantities(config)}
        return {key: KeyAxis(key, plan[key], units.get(key, "")) for key in self.plan.varied}

    def plot(self, measure: str = "removed_ml_per_day", axes: Axes | None = None) -> Axes:
        """
        Draw a measure over the keys that vary.

        Parameters
        ----------
        measure
            A column of `results`.
        axes
            To draw on; a new figure when None.

        Returns
        -------
        The axes: `lactflow.analysis.drawing.swept.draw_swept`.

        Raises
        ------
        ConfigError
            If there is no such measure, or no unit has it.
        """
        from lactflow.analysis.drawing.swept import draw_swept

        return draw_swept(self.results, measure, self.axes_of_keys(), axes)

    @cached_property
    def plan(self) -> Plan:
        """What is to be simulated."""
        return Plan(self.path, self.manifest)

    @property
    def config_text(self) -> str:
        """The resolved config of the first point, as YAML."""
        return read_kept(self.path, self.manifest, CONFIG).decode()

    @property
    def counts(self) -> Counts:
        """How far it is now."""
        return counts_of(self.plan, self._ledgers(), self._status)

    @property
    def cached(self) -> int:
        """Results that came from a cache."""
        return sum(len(line.keys) for line in self._ledgers().lines if line.cached)

    def _ledgers(self) -> Ledgers:
        ledgers = Ledgers(self.path)
        ledgers.refresh()
        return ledgers

    @property
    def results(self) -> pd.DataFrame:
        """
        A row for each unit that is complete, in the order of the plan.

        Returns
        -------
        `unit`, `point`, the keys that vary, `mother`, `replicate`, `observed_days` and the measures, and `key`.

        Raises
        ------
        DamagedRunError
            If a part is not what was written.
        """
        plan = self.plan.frame()
        rows = self._rows()
        if rows is None:
            return plan.iloc[:0]
        measures = rows.drop(columns=["mother", "replicate"]).drop_duplicates(KEY, keep="first")
        found = plan.merge(measures, on=KEY, how="inner", sort=False).sort_values("unit", ignore_index=True)
        drugs = drug_measures_in(map(str, measures))
        last = [*(name for name in measures if name != KEY and name not in drugs), *drugs]
        return found[["unit", "point", *self.plan.varied, "mother", "replicate", *last, KEY]]

    @property
    def failures(self) -> pd.DataFrame:
        """
        A row for each unit that failed and is not done, in the order of the plan.

        Returns
        -------
        `unit`, `point`, the keys that vary, `mother`, `replicate`, `message` and `exit_code`.
        """
        plan, ledgers = self.plan.frame(), self._ledgers()
        failed = ledgers.failures(ledgers.claimed())
        found = plan[plan[KEY].isin(failed)].reset_index(drop=True)
        entries = [failed[key] for key in found[KEY]]
        reasons = {name: [each[name] for each in entries] for name in ("message", "exit_code")}
        return found[["unit", "point", *self.plan.varied, "mother", "replicate"]].assign(**reasons)

    def _rows(self) -> pd.DataFrame | None:
        """Measures of all that is done, the first of each key first; None where nothing is."""
        for _ in range(_TRIES):
            lines = self._lines(ROWS)
            try:
                parts = [read_part(self.path, ROWS, line) for line in lines]
            except FileNotFoundError:
                continue  # merged while they were read
            return together(parts).to_pandas(use_threads=False) if parts else None
        raise DamagedRunError(f"{self.path}: parts go away while they are read")

    def _lines(self, table: str) -> list[Line]:
        """Lines that count for some key, in order, and have this table."""
        claimed = self._ledgers().claimed()
        lines = {id(line): line for line in claimed.values() if table in line.files}
        return list(lines.values())

    @property
    def dataset(self) -> Tables:
        """Recorded tables by name, each a `pyarrow.dataset.Dataset` over all units; `rows` and `plan` as well."""
        return Tables(self)

    def table_dataset(self, table: str) -> Any:
        """
        One recorded table as a PyArrow dataset: rows of each unit once, with its `key`.

        Parameters
        ----------
        table
            Recorded, or `rows`, or `plan`.

        Raises
        ------
        UnknownTableError
            If there is no such table.
        KeyError
            If it was not recorded.
        """
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.dataset as ds

        if table == PLAN.removesuffix(".parquet"):
            return ds.dataset(self.path / PLAN)
        if table != ROWS:
            check_known(table)
            if table not in tables_of_level(self.plan.level):
                raise KeyError(f"{table} was not recorded (recorded: {self.plan.level})")
        claimed = self._ledgers().claimed()
        owned: dict[int, tuple[Line, list[str]]] = {}
        for key, line in claimed.items():
            owned.setdefault(id(line), (line, []))[1].append(key)
        whole, cut = [], []
        for line, keys in owned.values():
            if table not in line.files:
                continue
            if len(keys) == len(line.keys):
                whole.append(str(self.path / line.files[table]))
                continue
            rows = read_part(self.path, table, line)
            mine = pc.is_in(pc.cast(rows[KEY], pa.string()), value_set=pa.array(keys, pa.string()))
            cut.append(rows.filter(mine))
        known = _schema_of_rows(whole, cut) if table == ROWS and (whole or cut) else None
        sets = [ds.dataset(whole, schema=known)] if whole else []
        if cut:
            held = together(cut if known is None else [known.empty_table(), *cut]).unify_dictionaries()
            sets.append(ds.dataset(held if not sets else held.cast(sets[0].schema)))
        return sets[0] if len(sets) == 1 else ds.dataset(sets) if sets else ds.dataset(self._empty(table))

    def _empty(self, table: str) -> Any:
        from lactflow.experiments.sweep.writer import rows_table, with_key
        from lactflow.recording import columns

        return rows_table([], {}) if table == ROWS else with_key(columns.from_facts(table, [], 0, 0), "")


def _schema_of_rows(files: Sequence[str], parts: Sequence[Any]) -> Any:
    """Columns that any part of `rows` has: units that take other drugs have other measures."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pa.unify_schemas([*(pq.read_schema(file) for file in files), *(part.schema for part in parts)])


class Tables(Mapping[str, Any]):
    """
    Recorded tables of a sweep by name.

    Parameters
    ----------
    sweep
        Whose.
    """

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep

    def __getitem__(self, table: str) -> Any:
        """One table as a PyArrow dataset."""
        return self._sweep.table_dataset(table)

    def __iter__(self) -> Iterator[str]:
        """Names of the tables."""
        return iter(("plan", ROWS, *tables_of_level(self._sweep.plan.level)))

    def __len__(self) -> int:
        """How many there are."""
        return 2 + len(tables_of_level(self._sweep.plan.level))


def open_sweep(path: str | Path) -> Sweep:
    """
    Open a sweep, whatever is done of it.

    Parameters
    ----------
    path
        The sweep.

    Raises
    ------
    ArchiveError
        If it is no sweep.
    DamagedRunError
        If its manifest or its plan is not what was written.
    """
    return Sweep(path)
