"""
What a mother's log with volumes can show about her gland.

Virtual mothers keep her log, and what her volumes show about each trait is learned from theirs: see
`lactflow.analysis.traits`. Volumes that do not go with the others are left out first: see `lactflow.analysis.volumes`.
Then a mother with the traits that her log gives keeps it too, with other random numbers, as a check; her run is kept,
those of virtual mothers are simulated in memory.

Simplification: virtual mothers have three lobes a breast and coarser packets, which changes volumes by less than one
per cent and is several times faster.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lactflow.config.cohort import PACKET, finer_packet_ml
from lactflow.config.model import RunConfig
from lactflow.config.overrides import OPTION, Overrides
from lactflow.config.resolution import with_level
from lactflow.config.scenario import Scenario, as_yaml, load_scenario
from lactflow.config.text import dotted, quoted, shown_path
from lactflow.errors import (
    ConfigError,
    InterruptedRunError,
    LactflowError,
    Problem,
    ScenarioWarning,
    SomeUnitsFailedError,
)
from lactflow.experiments.crew import cores
from lactflow.experiments.fit_about import about, header, misses
from lactflow.experiments.fit_days import Beginning, beginning, start_days
from lactflow.experiments.fit_learning import as_quantities, checked, learn
from lactflow.experiments.fit_log import HerLog, check_hold_out, read_logs
from lactflow.experiments.fitting import FORECAST_FILE, KIND, LOG, MOTHER, TRAITS_FILE, VOLUMES_FILE, Fit
from lactflow.experiments.in_memory import run_in_memory
from lactflow.experiments.run import retried_entries, run_scenario
from lactflow.experiments.work import ShowProgress
from lactflow.recording.folder import RUNS, ResultFolder
from lactflow.recording.manifest import RETRIED

if TYPE_CHECKING:
    import pandas as pd

USUAL_MOTHERS = 300
FEWEST_MOTHERS = 40
LEARNED_FROM = ("removals", "sessions", "hormones", "mothers", "balance")
"""Tables of virtual mothers: `hormones` and `balance` have the first and the last row of a run, which are its span."""
OTHER_SEED = 1_000_003
"""Added to the seed of the virtual mothers: the fitted one has random numbers that her fit has not seen."""
_CHECK_SHARE = 0.03
"""Of the work, for progress."""
_COARSE = (
    "resolution={packet_ml: 0.2}",
    "gland.lobes_per_breast=3",
    "record={visits: false, sample_min: 1440}",
    "replicates=1",
)


@dataclass(frozen=True)
class _Task:
    """One log to be fitted: her config as plain data, the virtual mothers, what is held out."""

    log: HerLog
    data: dict[str, Any]
    virtual: Scenario
    settings: tuple[str, ...]
    start_day: float | None
    hold_out: str | None
    hold_out_min: float | None


def fit(
    log: str | Path | Sequence[str | Path],
    *,
    start_day: float | Sequence[float] | None = None,
    mothers: int = USUAL_MOTHERS,
    settings: str | Sequence[str] = (),
    hold_out: str | None = None,
    unit: str | None = None,
    out: str | Path = "outputs",
    name: str | None = None,
    workers: int | None = None,
    progress: ShowProgress | None = None,
    command: Sequence[str] | None = None,
) -> Fit:
    """
    Find what a log with volumes shows about a mother: what `lactflow fit` does.

    Parameters
    ----------
    log
        CSV file of a feeding log; or several, each of a mother of her own.
    start_day
        Day of its first date; day 1 is the first 24 h after birth. One for all logs, or one for each. None for that of
        the config of the same name beside the log (`lactflow import --init`), else for day 1; a warning says which.
    mothers
        Virtual mothers who keep her log, 40 or more.
    settings
        `key.sub=value` of the mother whom virtual mothers are drawn around, as `--set` takes them.
    hold_out
        `3d` or `72h`: so much of the end of the log is not used, and forecast.
    unit
        `mL` says that volumes are millilitres, though they look like ounces.
    out, name
        Folder in which the result is made, and the first part of its name.
    workers
        Processes; as many as there are cores when None. The result does not depend on it.
    progress
        Called with the share of the work that is done; may raise to stop.
    command
        The command line, for the manifest.

    Returns
    -------
    The fit; of several logs one with all their traits, and a folder for each of them below it.

    Warns
    -----
    ScenarioWarning
        For everything that was repaired in the log or is unusual about a setting; the manifest keeps them too.

    Raises
    ------
    ConfigError
        If a log or a setting is wrong, a log has too few volumes, or they look like ounces or do not go together.
    SomeUnitsFailedError
        If the fits of some of several logs failed; the others are whole.
    LactflowError
        When a run fails.
    """
    files = [log] if isinstance(log, (str, Path)) else list(log)
    settings = (settings,) if isinstance(settings, str) else tuple(settings)
    _check(mothers, unit)
    days = start_days(start_day, len(files))
    tasks = [
        _task(
            her, settings, beginning(Path(file), settings, day), mothers=mothers, hold_out=hold_out, in_ml=unit == "mL"
        )
        for her, file, day in zip(read_logs(Path(file) for file in files), files, days, strict=True)
    ]
    for warning in (each for task in tasks for each in task.virtual.warnings):
        warnings.warn(warning, ScenarioWarning, stacklevel=2)
    typed = list(command or ["lactflow.fit", *map(str, files), *settings])
    if len(tasks) == 1:
        return _alone(tasks[0], Path(out), name or "fit", typed, workers=workers, progress=progress)
    return _together(tasks, Path(out), name or "fit", typed, workers=workers, progress=progress)


def _check(mothers: int, unit: str | None) -> None:
    """
    Refuse what no log can be fitted with.

    Raises
    ------
    ConfigError
        If scikit-learn is not there, there are too few virtual mothers, or the unit is unknown.
    """
    if find_spec("sklearn") is None:
        raise ConfigError("a fit needs scikit-learn: pip install 'lactflow[calibrate]'")
    if mothers < FEWEST_MOTHERS:
        raise ConfigError(
            Problem(f"{mothers} is too few to learn from (allowed: {FEWEST_MOTHERS} or more)", "--mothers")
        )
    if unit not in (None, "mL"):
        raise ConfigError(Problem(f"{quoted(str(unit))} is unknown here (allowed: mL)", "--unit"))


def _task(
    her: HerLog,
    settings: tuple[str, ...],
    begins: Beginning,
    *,
    mothers: int,
    hold_out: str | None,
    in_ml: bool,
) -> _Task:
    """
    One log with its virtual mothers, checked.

    Raises
    ------
    ConfigError
        If a setting is wrong, or the volumes cannot be those of a mother.
    """
    data = {
        "format": 1,
        "name": "mother",
        "title": f"The mother of {her.stem}"[:500],
        "start_day": 1.0,
        "days": her.days,
        "infants": ({},) * her.children if her.fed else (),
        "schedule": ({"kind": "log", "file": LOG},),
    }
    # Her own resolution, which the virtual mothers do not have, is not checked with them.
    _, wrong = with_level(Overrides(settings, {}).apply(data))
    if wrong:
        raise ConfigError(*(Problem(text, OPTION, key=dotted(key)) for key, text in wrong))
    drawn = [*settings, *_COARSE, f"mother.cohort={mothers}", "name=virtual-mothers"]
    virtual = _loaded(data, her, drawn, begins.day)
    her.check_volumes(virtual.config.start_day, in_ml=in_ml)
    virtual = replace(virtual, warnings=(*begins.notes, *virtual.warnings))
    hold_out_min = None if hold_out is None else check_hold_out(her, virtual.config.days, hold_out)
    return _Task(her, data, virtual, settings, begins.day, hold_out, hold_out_min)


@contextmanager
def _kept(folder: ResultFolder) -> Iterator[None]:
    """Whatever stops what is done inside, the manifest states so."""
    try:
        yield
    except InterruptedRunError as error:
        folder.finish("interrupted", error=str(error))
        # Of virtual mothers nothing is kept.
        kept = folder.path if any(each.is_dir() for each in folder.path.iterdir()) else None
        raise InterruptedRunError(error.signal_number, kept) from error
    except BaseException as error:
        folder.finish("failed", error=f"{type(error).__name__}: {error}")
        raise


def _alone(
    task: _Task, out: Path, name: str, command: list[str], *, workers: int | None, progress: ShowProgress | None
) -> Fit:
    """The fit of one log, in a folder of its own."""
    virtual = task.virtual
    about = {"command": command, "seed": virtual.config.seed, "warnings": list(virtual.warnings), RETRIED: []}
    folder = ResultFolder.create(out, name, KIND, about)
    with _kept(folder):
        _fit_in(folder, command, task, workers=workers, progress=progress)
    return Fit(folder.path)


def _together(
    tasks: list[_Task], out: Path, name: str, command: list[str], *, workers: int | None, progress: ShowProgress | None
) -> Fit:
    """
    The fits of several logs, each in a folder below that of all; what can be fitted is, whatever becomes of others.

    Raises
    ------
    SomeUnitsFailedError
        If some failed.
    """
    repaired = [warning for task in tasks for warning in task.virtual.warnings]
    seed = tasks[0].virtual.config.seed
    folder = ResultFolder.create(out, name, KIND, {"command": command, "seed": seed, "warnings": repaired})
    done: list[tuple[HerLog, Fit]] = []
    failures: list[str] = []
    with _kept(folder):
        for number, task in enumerate(tasks):

            def advance(share: float, time_min: float, number: int = number) -> None:
                if progress is not None:
                    progress((number + share) / len(tasks), time_min)

            stem = re.sub(r"[^A-Za-z0-9._-]+", "-", task.log.stem).strip(".-")[:48] or "log"
            try:
                found = _alone(task, folder.path, stem, command, workers=workers, progress=advance)
            except InterruptedRunError:
                raise
            except LactflowError as error:
                failures.append(f"{error}" if isinstance(error, ConfigError) else f"{task.log.file}: {error}")
            else:
                done.append((task.log, found))
        for file in (TRAITS_FILE, VOLUMES_FILE, FORECAST_FILE):
            _write_together(folder, file, done)
        logs = [{"log": her.file, "folder": found.path.name} for her, found in done]
        folder.finish("complete", logs=logs, failures=failures)
    if failures:
        what = f"{len(failures)} of {len(tasks)} fits failed; the others are whole in {folder.path}"
        raise SomeUnitsFailedError("\n".join([what, *failures]))
    return Fit(folder.path)


def _write_together(folder: ResultFolder, file: str, done: list[tuple[HerLog, Fit]]) -> None:
    """One table of all logs, with the log as its first column; none where it is in no log."""
    import pandas as pd

    parts = []
    for her, found in done:
        if (found.path / file).exists():
            part = pd.read_parquet(found.path / file)
            part.insert(0, "log", her.file)
            parts.append(part)
    if parts:
        _write(folder, file, pd.concat(parts, ignore_index=True))


def _write(folder: ResultFolder, file: str, table: pd.DataFrame) -> None:
    """One table of a fit."""
    folder.write(file, table.to_parquet(index=False))


def _fit_in(
    folder: ResultFolder, command: Sequence[str], task: _Task, *, workers: int | None, progress: ShowProgress | None
) -> None:
    """Simulate virtual mothers, learn from them, simulate the fitted mother, write."""

    def first(share: float, time_min: float) -> None:
        if progress is not None:
            progress((1.0 - _CHECK_SHARE) * share, time_min)

    def then(share: float, time_min: float) -> None:
        if progress is not None:
            progress(1.0 - _CHECK_SHARE * (1.0 - share), time_min)

    virtual, path = task.virtual, folder.path
    simulated = run_in_memory(
        virtual,
        LEARNED_FROM,
        workers or cores(),
        first,
        lambda retried: folder.update(**{RETRIED: retried_entries(retried)}),
    )
    learned = learn(simulated, virtual.config, task.log, task.hold_out_min)
    table, values = as_quantities(learned.estimate, virtual.config)
    folder.write(LOG, task.log.raw)
    folder.write(MOTHER, (header(table, learned, task.hold_out) + as_yaml(_her_data(task, values))).encode())
    fitted = load_scenario(path / MOTHER, ["record.visits=false"])
    check = run_scenario(fitted, path / RUNS, command, then, workers=workers)
    agrees, fitted_ml = checked(check, learned.volumes)
    _write(folder, TRAITS_FILE, table)
    _write(folder, VOLUMES_FILE, learned.volumes.assign(fitted_ml=fitted_ml).drop(columns="number"))
    if learned.forecast is not None:
        _write(folder, FORECAST_FILE, learned.forecast)
    facts = about(task.log, learned, task.virtual.config.days, task.hold_out)
    missed = misses(agrees, facts["volumes"], facts["recorded_ml"])
    folder.finish("complete", **facts, **agrees, misses=missed)


def _her_data(task: _Task, values: dict[str, float]) -> dict[str, Any]:
    """Plain data of the config of the fitted mother."""
    data = Overrides(task.settings, {"start_day": task.start_day}).apply(task.data)
    data = _with(data, [f"{key}={value!r}" for key, value in values.items()])
    data = _with(data, ["mother.fitted=true", f"seed={(task.virtual.config.seed + OTHER_SEED) % 2**63}"])
    data, _ = with_level(data)  # which `_task` has checked
    finer_ml = finer_packet_ml(RunConfig.model_validate(data))
    return data if finer_ml is None else _with(data, [f"{PACKET}={finer_ml!r}"])


def _with(data: dict[str, Any], settings: Sequence[str]) -> dict[str, Any]:
    """Plain data with settings in it that are known to be right."""
    return Overrides(settings, {}).apply(data)


def _loaded(data: dict[str, Any], her: HerLog, settings: Sequence[str], start_day: float | None) -> Scenario:
    """
    The scenario of plain data, its log and settings; nothing stays on disk.

    Raises
    ------
    ConfigError
        If a setting is wrong.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy, path = Path(folder) / LOG, Path(folder) / MOTHER
        copy.write_bytes(her.raw)
        path.write_text(as_yaml(data), encoding="utf-8", newline="\n")
        scenario = load_scenario(path, settings, start_day=start_day)
        shown = tuple(warning.replace(shown_path(copy), her.file) for warning in scenario.warnings)
        return replace(scenario, warnings=shown)
