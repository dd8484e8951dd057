"""
The unit of work: one replicate of one mother, played into a run directory by one writer.

A unit is data (a resolved config, two numbers, a directory), so that it can be played by another process or
another machine just as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from lactflow.analysis.run import Run, open_run
from lactflow.config.model import RunConfig
from lactflow.config.scenario import Scenario, load_scenario, logs_beside
from lactflow.errors import InterruptedRunError, NoProgressError
from lactflow.pipeline import StillClockError
from lactflow.recording.archive import Archive, RunRecorder
from lactflow.simulation import simulate
from lactflow.units import DAY_MIN

ShowProgress = Callable[[float, float], None]
"""Told the share of the work that is done and the simulated time [min]; may raise to stop."""


class UnitOfWork(NamedTuple):
    """
    One replicate of one mother.

    Attributes
    ----------
    config
        The resolved config, as JSON.
    mother, replicate
        Numbers that address all chance.
    directory
        The run directory; the feeding logs that the config names lie in it.
    """

    config: str
    mother: int
    replicate: int
    directory: str


def play_unit(unit: UnitOfWork, recorder: RunRecorder, progress: Callable[[float], None] | None = None) -> None:
    """
    Play one unit; whatever stops it, what was told until then is flushed.

    Parameters
    ----------
    unit
        What to play.
    recorder
        Of this unit; closed at the end.
    progress
        Told the simulated time [min] now and then; may raise to stop.

    Raises
    ------
    NoProgressError
        If the simulated clock stands still.
    BalanceError
        If a quantity was made or lost out of nothing; the tables hold the balance all the same.
    InterruptedRunError
        If `progress` raised it.
    """
    config = RunConfig.model_validate_json(unit.config)
    logs = logs_beside(config, Path(unit.directory))
    reached_min = (config.start_day - 1.0) * DAY_MIN

    def advance(time_min: float) -> None:
        nonlocal reached_min
        reached_min = time_min
        if progress is not None:
            progress(time_min)

    try:
        simulate(config, recorder, logs=logs, mother=unit.mother, replicate=unit.replicate, progress=advance)
    except StillClockError as error:
        raise NoProgressError(str(error)) from error
    finally:
        recorder.close(reached_min)


def run_scenario(scenario: Scenario, out: Path, command: Sequence[str], progress: ShowProgress | None = None) -> Run:
    """
    Play all replicates of a scenario into a new run directory.

    Parameters
    ----------
    scenario
        Loaded and checked.
    out
        Folder in which the run directory is made.
    command
        How the run was asked for; kept in the manifest.
    progress
        Told how far it is; may raise to stop.

    Returns
    -------
    The finished run.

    Raises
    ------
    LactflowError
        Of the kind that names the reason; the manifest then says `failed` or `interrupted`.
    """
    config = scenario.config
    archive = Archive.create(
        out, config.name, scenario.text, scenario.files, {"command": list(command), "seed": config.seed}
    )
    start_min, length_min = (config.start_day - 1.0) * DAY_MIN, config.days * DAY_MIN
    try:
        for replicate in range(config.replicates):
            unit = UnitOfWork(
                config.model_dump_json(by_alias=True), mother=0, replicate=replicate, directory=str(archive.path)
            )
            recorder = archive.writer(unit.mother, unit.replicate, visits=config.record.visits)

            def advance(time_min: float, replicate: int = replicate) -> None:
                if progress is not None:
                    done = (replicate + (time_min - start_min) / length_min) / config.replicates
                    progress(done, time_min)

            play_unit(unit, recorder, advance)
    except InterruptedRunError as error:
        archive.finish("interrupted", error=str(error))
        raise
    except BaseException as error:
        archive.finish("failed", error=f"{type(error).__name__}: {error}")
        raise
    archive.finish("complete")
    return open_run(archive.path)


def run(
    config: str | Path,
    *,
    settings: Sequence[str] = (),
    out: str | Path = "outputs",
    progress: ShowProgress | None = None,
    **options: object,
) -> Run:
    """
    Play a scenario and leave a run directory: what `lactflow run` does.

    Parameters
    ----------
    config
        YAML file, or the name of a shipped scenario.
    settings
        `key.sub=value`, as `--set` takes them.
    out
        Folder in which the run directory is made.
    progress
        Told how far it is.
    options
        Top-level keys of the config: `seed=7`, `days=3.0`, `name="mine"`.

    Raises
    ------
    ConfigError
        With every problem of the config.
    LactflowError
        When the run fails.
    """
    scenario = load_scenario(config, settings, **options)
    return run_scenario(scenario, Path(out), ["lactflow.run", str(config), *settings], progress)
