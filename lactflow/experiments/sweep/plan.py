"""
The plan of a sweep: what is to be simulated, as data in its folder, written once and never changed.

    plan.parquet     a row for each unit: unit, key, point, mother, replicate, then the keys that vary
    points.parquet   a row for each point: its base, and the values that are put into that, as JSON
    bases.parquet    a row for each base: a resolved config as JSON, and the names of its logs
    config.yaml      the resolved config of the first point, for people

The logs lie beside it. A worker needs the folder and the numbers of its units, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lactflow.config.cohort import mothers
from lactflow.config.model import RunConfig
from lactflow.config.scenario import logs_beside
from lactflow.errors import ConfigError, DamagedRunError
from lactflow.experiments.sweep.design import Design, path_of
from lactflow.experiments.sweep.keys import about_plugin, plugin_sources, point_digest, shared_part, unit_key
from lactflow.experiments.sweep.points import Base, Resolved, base_from_json, with_values
from lactflow.recording.kept import read_kept
from lactflow.recording.manifest import CONFIG
from lactflow.version import MODEL, __version__

if TYPE_CHECKING:
    import pandas as pd

SWEEP = "sweep"
"""Kind of the folder, and the key of its manifest that describes it."""
PLAN, POINTS, BASES = "plan.parquet", "points.parquet", "bases.parquet"
UNIT_COLUMNS = ("unit", "key", "point", "mother", "replicate")
MOST_UNITS = 50_000_000
MOST_NAMED = 8
"""Keys whose values are named with a unit."""
_MOST_BASES = 32
"""Bases that are kept in memory: units come by the point, or by mother and replicate with few points for each."""


class Planned(NamedTuple):
    """
    A sweep that has been planned and not been written.

    Attributes
    ----------
    name
        First part of the name of its folder.
    files
        Contents of its files, by name.
    about
        For the manifest, below `sweep`.
    seed
        Of the scenario.
    plan
        The table of `plan.parquet`.
    warnings
        What is unusual but not wrong.
    """

    name: str
    files: dict[str, bytes]
    about: dict[str, Any]
    seed: int
    plan: Any
    warnings: list[str]


def planned(resolved: Resolved, design: Design, level: str) -> Planned:
    """
    Plan a sweep: keys of all units, and everything that a worker needs.

    Parameters
    ----------
    resolved
        Its points, checked.
    design
        As they were given.
    level
        What is recorded.

    Raises
    ------
    ConfigError
        If two of its logs have one name, or there are too many units.
    """
    first = resolved.bases[0].scenario
    files = _logs(resolved.bases)
    plugins = [plugin_sources(base.scenario.config) for base in resolved.bases]
    shared = [shared_part(used, base.scenario.files, level) for used, base in zip(plugins, resolved.bases, strict=True)]
    points, women, repeats = [], [], []
    for base, config in zip(resolved.base_of, resolved.configs(design), strict=True):
        points.append(point_digest(config, shared[base], level))
        women.append(len(mothers(config)))
        repeats.append(config.replicates)
    total = sum(each * times for each, times in zip(women, repeats, strict=True))
    if total > MOST_UNITS:
        raise ConfigError(f"{total:,} units (allowed: {MOST_UNITS:,})")
    plan = _plan_table(points, women, repeats, design)
    files |= {
        PLAN: _parquet(plan),
        POINTS: _parquet(_points_table(resolved, design)),
        BASES: _parquet(_bases_table(resolved.bases)),
        CONFIG: _config_text(resolved, design),
    }
    about = {
        "units": total,
        "points": len(design.points),
        "record": level,
        "keys": [{"key": key, "from": design.options[key]} for key in design.keys],
        "quick": [design.keys[number] for number in resolved.quick],
        "model": MODEL,
        "lactflow": __version__,
        "plugins": list({(each["group"], each["name"]): each for used in plugins for each in used}.values()),
    }
    return Planned(first.config.name, files, about, first.config.seed, plan, resolved.warnings)


def _config_text(resolved: Resolved, design: Design) -> bytes:
    from lactflow.config.scenario import resolved_text

    return resolved_text(next(iter(resolved.configs(design)))).encode()


def _logs(bases: Sequence[Base]) -> dict[str, bytes]:
    """Logs of all bases, by name."""
    files: dict[str, bytes] = {}
    for base in bases:
        for name, content in base.scenario.files.items():
            if files.setdefault(name, content) != content:
                raise ConfigError(f"two logs that differ are both called {name} (allowed: other names)")
    return files


def _plan_table(points: Sequence[bytes], women: Sequence[int], repeats: Sequence[int], design: Design) -> Any:
    point_of, mother_of, replicate_of, keys = [], [], [], []
    for number, digest in enumerate(points):
        for mother in range(women[number]):
            for replicate in range(repeats[number]):
                point_of.append(number)
                mother_of.append(mother)
                replicate_of.append(replicate)
                keys.append(unit_key(digest, mother, replicate))
    point_numbers = np.array(point_of, dtype=np.int32)
    columns = {
        "unit": pa.array(np.arange(len(keys), dtype=np.int32)),
        "key": pa.array(keys, pa.string()),
        "point": pa.array(point_numbers),
        "mother": pa.array(np.array(mother_of, dtype=np.int32)),
        "replicate": pa.array(np.array(replicate_of, dtype=np.int32)),
    }
    for number, key in enumerate(design.keys):
        columns[key] = column_of([point[number] for point in design.points]).take(columns["point"])
    return pa.table(columns)


def column_of(values: Sequence[Any]) -> Any:
    """Values of a key as an Arrow column: numbers or words as they are, anything else as JSON."""
    kinds = {type(value) for value in values}
    if kinds <= {int} and all(-(2**63) <= value < 2**63 for value in values):
        return pa.array(values, pa.int64())
    if kinds <= {int, float}:
        return pa.array([float(value) for value in values], pa.float64())
    if kinds <= {bool}:
        return pa.array(values, pa.bool_())
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    return pa.array(texts, pa.string())


def _points_table(resolved: Resolved, design: Design) -> Any:
    values = [json.dumps([point[number] for number in resolved.quick]) for point in design.points]
    return pa.table({"base": pa.array(resolved.base_of, pa.int32()), "values": pa.array(values, pa.string())})


def _bases_table(bases: Sequence[Base]) -> Any:
    configs = [base.scenario.config.model_dump_json(by_alias=True) for base in bases]
    logs = [json.dumps(sorted(base.scenario.files)) for base in bases]
    return pa.table({"config": pa.array(configs, pa.large_string()), "logs": pa.array(logs, pa.string())})


def _parquet(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    content: bytes = sink.getvalue().to_pybytes()
    return content


class Plan:
    """
    The plan of a sweep, read from its folder.

    Parameters
    ----------
    folder
        The sweep.
    manifest
        What stands in its manifest.

    Attributes
    ----------
    about
        What the manifest states about the sweep.
    keys
        Key of each unit.

    Raises
    ------
    DamagedRunError
        If it is not what was written, or was never written.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        self.folder, self._manifest = folder, manifest
        about = manifest.get(SWEEP)
        if not isinstance(about, dict) or PLAN not in manifest.get("files", {}):
            raise DamagedRunError(f"{folder} has no plan: it was stopped before that was written (begin a new sweep)")
        self.about: dict[str, Any] = about
        self.table = self._read(PLAN)
        self.keys: list[str] = self.table["key"].to_pylist()
        self._columns: dict[str, list[Any]] = {}
        self._bases: dict[int, Base] = {}

    def _read(self, name: str) -> Any:
        content = read_kept(self.folder, self._manifest, name)
        try:
            # `read_table` has threads that may outlive the interpreter, which aborts then.
            return pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise DamagedRunError(f"{self.folder / name} is damaged: {str(error).splitlines()[0]}") from error

    @property
    def level(self) -> str:
        """What is recorded."""
        return str(self.about["record"])

    @property
    def varied(self) -> list[str]:
        """The keys that vary."""
        return [each["key"] for each in self.about["keys"]]

    def column(self, name: str) -> list[Any]:
        """A column of the table of units."""
        if name not in self._columns:
            self._columns[name] = self.table[name].to_pylist()
        return self._columns[name]

    @cached_property
    def _points(self) -> Any:
        return self._read(POINTS)

    @cached_property
    def _base_rows(self) -> Any:
        return self._read(BASES)

    def first_units(self) -> dict[str, int]:
        """The first unit with each key; others with the same key have its result."""
        found: dict[str, int] = {}
        for unit, key in enumerate(self.keys):
            found.setdefault(key, unit)
        return found

    def address(self, unit: int) -> tuple[int, int]:
        """Mother and replicate of a unit."""
        return self.column("mother")[unit], self.column("replicate")[unit]

    def point(self, unit: int) -> int:
        """Number of the point of a unit."""
        return int(self.column("point")[unit])

    def named(self, unit: int) -> str:
        """A unit in words, for messages: its number, the values that vary (its point, where many do), its mother."""
        row = self.table.slice(unit, 1).to_pylist()[0]
        few = len(self.varied) <= MOST_NAMED
        values = [f"{key}={row[key]}" for key in self.varied] if few else [f"point {row['point']}"]
        return ", ".join([f"unit {unit}", *values, f"mother {row['mother']}", f"replicate {row['replicate']}"])

    def config(self, unit: int) -> tuple[RunConfig, Base]:
        """
        The config of a unit, and the base with the logs that it names.

        Raises
        ------
        ConfigError
            If something that it uses is no longer there.
        """
        point = self.point(unit)
        number = self._points["base"][point].as_py()
        if number not in self._bases:
            if len(self._bases) >= _MOST_BASES:
                self._bases.pop(next(iter(self._bases)))
            self._bases[number] = self._base(number)
        base = self._bases[number]
        values = json.loads(self._points["values"][point].as_py())
        return with_values(base, [path_of(key) for key in self.about["quick"]], values), base

    def _base(self, number: int) -> Base:
        row = self._base_rows.slice(number, 1).to_pylist()[0]
        for name in json.loads(row["logs"]):
            read_kept(self.folder, self._manifest, name)
        base = base_from_json(row["config"], {})
        logs = logs_beside(base.scenario.config, self.folder)
        return Base(base.scenario.__class__(base.scenario.config, logs, {}, ()), base.data)

    def base_configs(self) -> Iterator[RunConfig]:
        """
        The configs that those of all units are made from by putting in numbers.

        Raises
        ------
        ConfigError
            If something that one uses is no longer there.
        """
        return (self._base(number).scenario.config for number in range(self._base_rows.num_rows))

    def frame(self) -> pd.DataFrame:
        """The plan as a frame."""
        return self.table.to_pandas(use_threads=False)  # type: ignore[no-any-return]

    def changed_field(self) -> str | None:
        """
        What is not as it was when the sweep was planned, in words; None where nothing is.

        Raises
        ------
        ConfigError
            If something that it uses is no longer there.
        """
        if (changed := changed_field(self.about)) is not None:
            return changed
        return next(filter(None, map(_changed_plugin, self.about["plugins"])), None)


def changed_field(about: Mapping[str, Any]) -> str | None:
    """
    What of lactflow is another one than when a sweep was planned, in words; None where nothing is.

    Parameters
    ----------
    about
        What the manifest states about the sweep.
    """
    now: dict[str, Any] = {"lactflow": __version__, "model": MODEL}
    for name, value in now.items():
        if about.get(name) != value:
            return f"{name} is {value} here, and was {about.get(name)} when the sweep was planned"
    return None


def _changed_plugin(before: Mapping[str, str]) -> str | None:
    """What of a plug-in is another one than when a sweep was planned."""
    now = about_plugin(before["group"], before["name"])
    fields = (field for field in now if now[field] != before[field])
    return next(
        (f"{field} of the plug-in {now['name']!r} is {now[field]} here, and was {before[field]}" for field in fields),
        None,
    )
