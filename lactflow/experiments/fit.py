"""
What a mother's log with volumes can tell of her gland.

Virtual mothers keep her log, and what her volumes say of each trait is learned from theirs: see
`lactflow.analysis.traits`. Then a mother with the traits that her log tells keeps it too, as a check.

Simplification: virtual mothers have three lobes a breast and coarser packets, which changes volumes by less than one
per cent and is several times faster.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from math import ceil, exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lactflow.analysis.recorded import recorded
from lactflow.analysis.traits import distance, told_by_volumes
from lactflow.config.cohort import PACKET, TRAITS, finer_packet_ml, scaled
from lactflow.config.feeding_log import LARGEST_BYTES, LONGEST_MIN, FeedingLog, read_feeding_log
from lactflow.config.model import RunConfig
from lactflow.config.overrides import Overrides
from lactflow.config.scenario import Scenario, as_yaml, changed, load_scenario
from lactflow.config.shipped import FILE, kind_of_file
from lactflow.config.text import shown_path
from lactflow.errors import ConfigError, InterruptedRunError, Problem, ScenarioWarning
from lactflow.experiments.fitting import KIND, LOG, MOTHER, TRAITS_FILE, Fit
from lactflow.experiments.run import run_scenario
from lactflow.experiments.unit import ShowProgress
from lactflow.parameters.declaration import declared_quantities
from lactflow.recording.folder import ResultFolder
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.run import Run

USUAL_MOTHERS = 300
FEWEST_MOTHERS = 40
FEWEST_VOLUMES = 8
READING_SD_ML = 3.0
"""Bottles are read off to five or ten millilitres. Ours."""
CHECKS = 8
"""Replicates of the fitted mother."""
RUNS = "runs"
_LAST_SESSION_MIN = 2.0 * LONGEST_MIN + 10.0
"""Room for the longest one: both breasts, and the let-down under way."""
_CHECK_SHARE = 0.1
"""Of the work, for progress."""
_COARSE = (
    "gland.lobes_per_breast=3", "resolution.packet_ml=0.2", "record={visits: false, sample_min: 1440}", "replicates=1",
)  # fmt: skip


def fit(
    log: str | Path,
    *,
    start_day: float | None = None,
    mothers: int = USUAL_MOTHERS,
    settings: str | Sequence[str] = (),
    out: str | Path = "outputs",
    name: str | None = None,
    workers: int | None = None,
    progress: ShowProgress | None = None,
    command: Sequence[str] | None = None,
) -> Fit:
    """
    Find what a log with volumes tells of a mother: what `lactflow fit` does.

    Parameters
    ----------
    log
        CSV file of a feeding log.
    start_day
        Day of its first date; day 1 is the first 24 h after birth, and is meant when None.
    mothers
        Virtual mothers who keep her log, 40 or more.
    settings
        `key.sub=value` of the mother whom virtual mothers are drawn around, as `--set` takes them.
    out, name
        Folder in which the result is made, and the first part of its name.
    workers
        Processes; as many as there are cores when None. The result does not depend on it.
    progress
        Told how far it is; may raise to stop.
    command
        How it was asked for; kept in the manifest.

    Warns
    -----
    ScenarioWarning
        For everything that was repaired in the log or is odd about a setting; the manifest keeps them too.

    Raises
    ------
    ConfigError
        If the log or a setting is wrong, or the log has too few volumes.
    LactflowError
        When a run fails.
    """
    if find_spec("sklearn") is None:
        raise ConfigError("a fit needs scikit-learn: pip install 'lactflow[calibrate]'")
    settings = [settings] if isinstance(settings, str) else list(settings)
    if mothers < FEWEST_MOTHERS:
        raise ConfigError(
            Problem(f"{mothers} is too few to learn from (allowed: {FEWEST_MOTHERS} or more)", "--mothers")
        )
    raw, read = _read(Path(log), shown_path(log))
    data = _her_config(Path(log).stem, read)
    drawn = [*settings, *_COARSE, f"mother.cohort={mothers}", "name=virtual-mothers"]
    virtual = _loaded(data, raw, shown_path(log), drawn, start_day)
    told: dict[str, Any] = {
        "command": list(command or ["lactflow.fit", str(log), *settings]),
        "seed": virtual.config.seed,
        "warnings": list(virtual.warnings),
    }
    for warning in virtual.warnings:
        warnings.warn(warning, ScenarioWarning, stacklevel=2)
    folder = ResultFolder.create(Path(out), name or "fit", KIND, told)
    try:
        data = _laid_over(data, settings, start_day)
        _fit_in(folder, told["command"], data, raw, virtual, workers=workers, progress=progress)
    except InterruptedRunError as error:
        folder.finish("interrupted", error=str(error))
        raise InterruptedRunError(error.signal_number, kept=folder.path) from error
    except BaseException as error:
        folder.finish("failed", error=f"{type(error).__name__}: {error}")
        raise
    return Fit(folder.path)


def _fit_in(
    folder: ResultFolder,
    command: Sequence[str],
    data: dict[str, Any],
    raw: bytes,
    virtual: Scenario,
    *,
    workers: int | None,
    progress: ShowProgress | None,
) -> None:
    """Play virtual mothers, learn from them, play the fitted mother, write."""

    def first(share: float, time_min: float) -> None:
        if progress is not None:
            progress((1.0 - _CHECK_SHARE) * share, time_min)

    def then(share: float, time_min: float) -> None:
        if progress is not None:
            progress(1.0 - _CHECK_SHARE * (1.0 - share), time_min)

    played = run_scenario(virtual, folder.path / RUNS, command, first, workers=workers)
    volumes, traits, hers = _learned_from(played)
    found = told_by_volumes(volumes, traits, hers, READING_SD_ML)
    table, values = _as_quantities(found, virtual.config)
    hers_data = _laid_over(data, [f"{key}={value!r}" for key, value in values.items()], None)
    finer_ml = finer_packet_ml(RunConfig.model_validate(hers_data))
    if finer_ml is not None:
        hers_data = _laid_over(hers_data, [f"{PACKET}={finer_ml!r}"], None)
    folder.write(LOG, raw)
    folder.write(MOTHER, (_header(table) + as_yaml(hers_data)).encode())
    fitted = changed(load_scenario(folder.path / MOTHER, ["record.visits=false"]), replicates=CHECKS)
    check = recorded(run_scenario(fitted, folder.path / RUNS, command, then, workers=workers))
    off_ml = check.groupby(["session", "breast"])["difference_ml"].mean()
    folder.write(TRAITS_FILE, table.to_parquet(index=False))
    folder.finish(
        "complete",
        fed=bool(data["infants"]),
        mothers=len(traits),
        volumes=len(hers),
        recorded_ml=float(hers.mean()),
        bias_ml=float(off_ml.mean()),
        sd_ml=float(off_ml.std()),
        distance=distance(volumes, hers),
    )


def _read(path: Path, shown: str) -> tuple[bytes, FeedingLog]:
    """
    The log, as it is and read.

    Raises
    ------
    ConfigError
        If it cannot be read, or has too few volumes.
    """
    what = kind_of_file(path)
    if what not in (FILE, None):
        raise ConfigError(Problem(f"is {what} (allowed: a CSV file)", shown))
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ConfigError(Problem(f"cannot be read: {error.strerror}", shown)) from None
    read = read_feeding_log(raw, shown)
    volumes = sum(len(each.recorded_sides_ml) or each.recorded_ml is not None for each in read.sessions)
    if volumes < FEWEST_VOLUMES:
        what = f"{volumes or 'no'} volumes of pumpings or weighed feeds"
        message = f"has {what}, too few to tell of a gland (allowed: {FEWEST_VOLUMES} or more)"
        raise ConfigError(Problem(message, shown))
    return raw, read


def _her_config(stem: str, read: FeedingLog) -> dict[str, Any]:
    """Plain data of the config of a mother who keeps the log, to the end of its last session."""
    days = ceil((read.sessions[-1].planned_min + _LAST_SESSION_MIN) / DAY_MIN)
    fed = any(session.kind in ("feed", "bottle") for session in read.sessions)
    return {
        "format": 1,
        "name": "mother",
        "title": f"The mother of {stem}",
        "start_day": 1.0,
        "days": days,
        "infants": ({},) if fed else (),
        "schedule": ({"kind": "log", "file": LOG},),
    }


def _laid_over(data: dict[str, Any], settings: Sequence[str], start_day: float | None) -> dict[str, Any]:
    """Plain data with settings in it that have been loaded with it, and so fit."""
    return Overrides(settings, {"start_day": start_day}).apply(data)


def _loaded(data: dict[str, Any], raw: bytes, shown: str, settings: Sequence[str], start_day: float | None) -> Scenario:
    """
    The scenario of plain data, its log and settings; nothing stays on disk.

    Raises
    ------
    ConfigError
        If a setting is wrong.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy, path = Path(folder) / LOG, Path(folder) / MOTHER
        copy.write_bytes(raw)
        path.write_text(as_yaml(data), encoding="utf-8")
        scenario = load_scenario(path, settings, start_day=start_day)
        told = tuple(warning.replace(shown_path(copy), shown) for warning in scenario.warnings)
        return replace(scenario, warnings=told)


def _learned_from(played: Run) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series[float]]:
    """Volumes and log factors of virtual mothers, a row for each; and the volumes of the log."""
    import numpy as np

    table = recorded(played)
    where = ["session", "breast"]
    volumes = table.pivot_table(index="mother", columns=where, values="simulated_ml")
    hers = table[table["mother"] == table["mother"].iloc[0]].set_index(where)["recorded_ml"]
    drawn = played["mothers"]
    drawn = drawn[drawn["key"].isin(_first_keys(drawn["key"]))]
    drawn = drawn.assign(log_factor=np.log(drawn["factor"]))
    traits = drawn.pivot_table(index="mother", columns="key", values="log_factor", sort=False)
    return volumes, traits.loc[volumes.index], hers


def _first_keys(keys: pd.Series[str]) -> list[str]:
    """One key for each trait, and one for each infant where a trait is an infant's."""
    own = [keys_of[0] for keys_of in TRAITS.values()]
    return [key for key in keys.unique() if key in own or key.startswith("infants.")]


def _as_quantities(found: pd.DataFrame, config: RunConfig) -> tuple[pd.DataFrame, dict[str, float]]:
    """
    The table of traits in the units of their quantities, and values of all quantities.

    Those of traits that are not identified are among them: where a log tells two traits only together, each of them is
    told by itself to be uncertain, and yet both have moved.
    """
    import pandas as pd

    trait_of = {key: trait for trait, keys in TRAITS.items() for key in keys}
    declared = {item.key: item for item in declared_quantities(config)}
    rows: list[tuple[object, ...]] = []
    values: dict[str, float] = {}
    for key, told in found.iterrows():
        quantity = declared[str(key)]
        general = ".".join("*" if part.isdecimal() else part for part in str(key).split("."))
        trait, (lowest, highest) = trait_of[general], quantity.declaration.within
        at = [min(max(quantity.value * exp(told[name]), lowest), highest) for name in ("mean", "low", "high")]
        unit = quantity.declaration.unit
        rows.append((trait, key, unit, quantity.value, *at, told["left"], bool(told["identified"])))
        values |= {str(key): at[0]} if general != key else scaled(config, {trait: exp(told["mean"])})
    names = ["trait", "key", "unit", "reference", "value", "low", "high", "left", "identified"]
    table = pd.DataFrame(rows, columns=names).sort_values("left", ignore_index=True)
    return table, {str(key): float(f"{value:.6g}") for key, value in values.items()}


def _header(table: pd.DataFrame) -> str:
    """What the config rests on, as comments."""
    lines = ["# Made by lactflow fit: the reference mother, with what the log tells. A model; no medical advice."]
    for row in table.to_dict("records"):
        if row["identified"]:
            low, high = row["low"], row["high"]
            lines.append(f"# {row['trait']}: {row['key']} = {row['value']:.4g} {row['unit']} ({low:.4g} to {high:.4g})")
    lines.append("# Other values that are not usual are the most probable ones together; none is told by itself.")
    return "\n".join([*lines, "#", ""])
