"""
A run or a comparison as labelled arrays of xarray: sampled tables and measures on their axes.

What is sampled at the same instants shares one axis of time, whichever table it is of. A replicate without a sample at
an instant of another one, a lobe or an infant that a mother does not have, and a column that is null are NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lactflow.analysis.in_words import measure
from lactflow.config.text import choices, nearest, quoted
from lactflow.config.yaml_source import parse_yaml
from lactflow.errors import ConfigError
from lactflow.recording.columns import columns
from lactflow.records import IDENTITY
from lactflow.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr

    from lactflow.analysis.run import Analysed

DAILY = "daily"
"""Name by which the measures of days are asked for."""
AXES = {
    "hormones": (),
    "levels": ("signal",),
    "breasts": ("breast",),
    "lobes": ("breast", "lobe"),
    "queues": ("breast", "lobe", "station"),
    "infants": ("infant",),
}
"""Axes of each sampled table beside mother, replicate and time."""
PARTS = (DAILY, *AXES)
_UNIT = tuple(reversed(IDENTITY))
_ABOUT_AXES = {
    "mother": "number of the mother, from 0",
    "replicate": "number of the replicate, from 0",
    "day": "day d is the time from 24 (d - 1) h to 24 d h after birth",
    "time_min": "time of the sample since birth",
}
_ABOUT_COMPARED = {
    "scenario": "name of the scenario, the baseline first",
    "subject": "number of the mother, or of the replicate where there is one mother",
    "measure": "what was compared",
    "unit": "unit of the measure: of its means, its difference and the interval of that",
}
_UNIT_OF_AXES = {"day": "d", "time_min": "min"}


def to_xarray(run: Analysed, parts: Sequence[str] | None = None) -> xr.Dataset:
    """
    The sampled tables and the daily measures of a run as one dataset.

    Parameters
    ----------
    run
        A run directory or a run in memory.
    parts
        Which of `daily`, `hormones`, `levels`, `breasts`, `lobes`, `queues`, `infants`; all that the run has when None.

    Returns
    -------
    Arrays of floats, `mother` and `replicate` first. Measures have their own names and the axis `day`. Columns of a
    table are named `TABLE_COLUMN`, such as `lobes_fullness`, and have the axis `time_min` [min since birth], then
    `breast`, `lobe`, `station`, `infant` or `signal`, as the table has them. NaN where there is no value. Each array
    has `units` (left out where it has none) and `long_name` in its `attrs`; those of the dataset are the version, the
    name and the seed of the run, and its whole config as YAML.

    Raises
    ------
    ConfigError
        If xarray is not installed, or there is no such part.
    DamagedRunError
        If a part of a table is missing or not what was written.
    """
    xarray = _xarray()
    found = [_of_days(run) if part == DAILY else _of_samples(run, part) for part in _checked(run, parts)]
    together: xr.Dataset = xarray.merge(found, join="outer", compat="no_conflicts")
    for axis in together.coords:
        about = {"long_name": _ABOUT_AXES.get(str(axis), ""), "units": _UNIT_OF_AXES.get(str(axis), "")}
        together[axis].attrs = {name: text for name, text in about.items() if text}
    together.attrs = _about(run)
    return together


def compared_to_xarray(differences: pd.DataFrame, subjects: pd.DataFrame) -> xr.Dataset:
    """
    A comparison as one dataset: what was compared, and the differences from the baseline.

    Parameters
    ----------
    differences
        As `lactflow.analysis.paired.differences` gives them.
    subjects
        Every measure by `scenario` and `subject`, the baseline first.

    Returns
    -------
    Arrays of floats. Measures have their own names and the axes `scenario` and `subject`, the number of the mother or
    of the replicate, and `units` (left out where there is none) and `long_name` in their `attrs`. `difference`, `low`,
    `high` and the other columns of differences have the axes `measure` and `scenario`, and are NaN for the baseline;
    those in the unit of the measure have it in the coordinate `unit`. The `attrs` are the version and the baseline.

    Raises
    ------
    ConfigError
        If xarray is not installed.
    """
    xarray = _xarray()
    scenarios = list(dict.fromkeys(subjects["scenario"]))
    values = _as_floats(subjects.set_index(["scenario", "subject"]))
    found = _as_floats(differences.drop(columns="baseline").set_index(["measure", "scenario"]))
    order = list(dict.fromkeys(differences["measure"]))
    together: xr.Dataset = xarray.merge([values, found], join="outer", compat="no_conflicts")
    together = together.sel(measure=order).reindex(scenario=scenarios)
    for name in values.data_vars:
        together[name].attrs = _attributes(*measure(str(name)))
    together = together.assign_coords(unit=("measure", [measure(name).unit for name in order]))
    for axis, text in _ABOUT_COMPARED.items():
        together[axis].attrs = {"long_name": text}
    together.attrs = {"source": f"lactflow {__version__}", "baseline": scenarios[0] if scenarios else ""}
    return together


def _xarray() -> Any:
    """
    The library, where it is.

    Raises
    ------
    ConfigError
        If it is not.
    """
    try:
        import xarray as xr
    except ImportError:
        raise ConfigError("labelled arrays need xarray (pip install 'lactflow[xarray]')") from None
    return xr


def _checked(run: Analysed, parts: Sequence[str] | None) -> list[str]:
    """The parts that are asked for, in the order of `PARTS`."""
    if parts is None:
        return [part for part in PARTS if part == DAILY or part in run.tables]
    asked = [parts] if isinstance(parts, str) else list(parts)
    for part in asked:
        if part not in PARTS:
            hint = "" if (near := nearest(part, PARTS)) is None else f"; nearest: {near}"
            raise ConfigError(f"there is no part {quoted(part)} (allowed: {choices(PARTS)}{hint})")
    return [part for part in PARTS if part in asked]


def _of_days(run: Analysed) -> xr.Dataset:
    """Measures of days; those of a whole run, which are of no day, have no such axis."""
    from lactflow.analysis.daily import OF_RUN, of_whole_runs

    days = run.daily().drop(columns=list(OF_RUN)).set_index([*_UNIT, "day"])
    found = _as_floats(days)
    of_runs = _as_floats(of_whole_runs(run))
    for of_run in OF_RUN:
        found[of_run] = of_runs[of_run]
    for name in found.data_vars:
        label, unit = measure(str(name))
        found[name].attrs = _attributes(label, unit)
    found["observed_days"].attrs = _attributes("part of the day that was simulated", "d")
    return found


def _of_samples(run: Analysed, table: str) -> xr.Dataset:
    """The columns of one table that are no axis of it."""
    axes = [*_UNIT, "time_min", *AXES[table]]
    rows = run[table]
    # A run that ends at an instant of sampling has the last state of it.
    rows = rows.drop_duplicates(axes, keep="last").set_index(axes)
    units = rows.pop("unit").groupby(level="signal").first() if table == "levels" else None
    found = _as_floats(rows)
    about = {column.name: column.about for column in columns(table)}
    for name in found.data_vars:
        found[name].attrs = _attributes(about[str(name)].description, about[str(name)].unit)
    for axis in {"station", "signal"}.intersection(axes):
        found = found.sel({axis: rows.index.get_level_values(axis).unique()})  # as they are declared
    if units is not None:
        found = found.assign_coords(unit=("signal", units.reindex(found["signal"].to_numpy()).to_list()))
    return found.rename({name: f"{table}_{name}" for name in found.data_vars})


def _as_floats(rows: pd.DataFrame) -> xr.Dataset:
    """Each column on the axes of the index."""
    found: xr.Dataset = rows.astype(float).to_xarray()
    return found


def _attributes(description: str, unit: str) -> dict[str, Any]:
    return {"long_name": description} | ({"units": unit} if unit else {})


def _about(run: Analysed) -> dict[str, Any]:
    text = run.config_text
    config = parse_yaml(text.encode()).data
    return {"source": f"lactflow {__version__}", "name": config["name"], "seed": config["seed"], "config": text}
