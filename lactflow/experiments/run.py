"""Runs: all units of work of a scenario, simulated into one run directory."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lactflow.analysis.run import Run, open_run
from lactflow.config.additions import additions_of, plugin_quantities, plugins_of
from lactflow.config.bottles import bottle_names, ways_of_storing
from lactflow.config.cohort import mothers
from lactflow.config.model import RunConfig
from lactflow.config.python import ConfigSource, Settings, python_names, setting_texts, source_in_words
from lactflow.config.resolution import stated
from lactflow.config.scenario import Scenario, load_scenario
from lactflow.config.text import counted
from lactflow.errors import InterruptedRunError, ScenarioWarning, SomeUnitsFailedError
from lactflow.experiments.crew import Crew, cores
from lactflow.experiments.outcome import note_outcome, outcome_warnings
from lactflow.experiments.start import prepare_workers
from lactflow.experiments.taken_up import taken_up_run
from lactflow.experiments.unit import UnitOfWork, run_unit
from lactflow.experiments.work import Failure, Retried, ShowProgress
from lactflow.experiments.worker import message_and_code
from lactflow.recording.archive import Archive
from lactflow.recording.manifest import read_manifest
from lactflow.records import optional_tables


def run_scenario(
    scenario: Scenario,
    out: Path,
    command: Sequence[str],
    progress: ShowProgress | None = None,
    *,
    workers: int | None = None,
) -> Run:
    """
    Simulate all mothers and replicates of a scenario into a new run directory.

    Parameters
    ----------
    scenario
        Loaded and checked.
    out
        Folder in which the run directory is made.
    command
        The command; kept in the manifest.
    progress
        Called with the share that is done and the simulated time; may raise to stop.
    workers
        Processes that share the work; as many as there are cores when None. The tables do not depend on it.

    Returns
    -------
    The finished run.

    Raises
    ------
    SomeUnitsFailedError
        If one of several units of work failed; the others are simulated completely.
    LactflowError
        Of the kind that names the reason; the manifest then says `failed` or `interrupted`.
    """
    config = scenario.config
    workers = workers or cores()
    if workers > 1 and units_in(config) > 1:
        prepare_workers()  # they import while the folder is made
    archive = new_archive(scenario, out, config.name, command=list(command))
    return _through(scenario, archive, workers, progress)


def resume_run(path: Path, progress: ShowProgress | None = None, *, workers: int | None = None) -> Run:
    """
    Resume a run that was killed or interrupted, or failed: what `lactflow run --resume` does.

    Units of work that have ended whole are kept, the others are simulated from their beginning; the tables are those
    of a run that nothing has stopped. One that is complete is left as it is.

    Parameters
    ----------
    path
        The run directory.
    progress, workers
        As `run_scenario` takes them.

    Raises
    ------
    ConfigError
        With every field that is another than when the run was begun: version, model, config, logs, packages.
    DirectoryInUseError
        If another process is writing it.
    SomeUnitsFailedError
        If one of several units of work failed; the others are simulated to their end.
    LactflowError
        Of the kind that names the reason.
    """
    if read_manifest(path)[1] == "complete":
        return open_run(path)
    scenario, archive = taken_up_run(path)
    return _through(scenario, archive, workers or cores(), progress)


def _through(scenario: Scenario, archive: Archive, workers: int, progress: ShowProgress | None) -> Run:
    """Simulate what is missing, and close the run."""
    config, planned = scenario.config, units_of(scenario, archive.path)
    archive.put_together([(unit.mother, unit.replicate) for unit in planned])
    units = []
    for unit in planned:
        if unit.is_done():
            archive.ended(unit.mother, unit.replicate)
        else:
            units.append(unit)
    try:
        _run_units(units, archive, config, workers, progress)
        note_outcome(archive, config)
    except InterruptedRunError as error:
        archive.finish("interrupted", error=str(error))
        raise InterruptedRunError(error.signal_number, kept=archive.path) from error
    except BaseException as error:
        archive.finish("failed", error=f"{type(error).__name__}: {error}")
        raise
    archive.finish("complete")
    return open_run(archive.path)


def retried_entries(retried: Sequence[Retried[Any]]) -> list[dict[str, object]]:
    """
    What was given again, for a manifest.

    Parameters
    ----------
    retried
        As in the crew; units of work, or those of a run in memory.
    """
    return [{"mother": each.work.mother, "replicate": each.work.replicate, "reason": each.reason} for each in retried]


def new_archive(scenario: Scenario, out: Path, name: str, **more: object) -> Archive:
    """
    A new run directory for a scenario, with the tables of what its config adds.

    Parameters
    ----------
    scenario
        What will be run.
    out, name
        Folder in which the run directory is made, and the first part of its name.
    more
        For the manifest, beside seed, resolution, warnings and packages.

    Raises
    ------
    ConfigError
        If a name is not allowed, or what the config adds is no longer there.
    ArchiveError
        If the disk refuses.
    """
    config = scenario.config
    additions = additions_of(config)
    quantities = plugin_quantities(config)
    added = {"plugins": plugins_of(config)} | ({"plugin_quantities": quantities} if quantities else {})
    return Archive.create(
        out,
        name,
        scenario.text,
        scenario.files,
        {
            **more,
            "seed": config.seed,
            "resolution": stated(config),
            "warnings": list(scenario.warnings),
            **added,
        },
        tables=optional_tables(
            analytes=additions.analytes,
            signals=additions.signals,
            bottles=bottle_names(config),
            drugs=config.drugs,
            stored=ways_of_storing(config),
        ),
        units=units_in(config),
    )


def units_in(config: RunConfig) -> int:
    """How many units of work a config has."""
    return len(mothers(config)) * config.replicates


def units_of(scenario: Scenario, directory: Path) -> list[UnitOfWork]:
    """Every unit of work of a scenario."""
    config = scenario.config
    text = config.model_dump_json(by_alias=True)
    return [
        UnitOfWork(text, mother, replicate, str(directory))
        for mother in mothers(config)
        for replicate in range(config.replicates)
    ]


def named_in(config: RunConfig) -> list[tuple[str, str]]:
    """Group and name of every addition that a config names."""
    return [(each["group"], each["name"]) for each in plugins_of(config)]


def _run_units(
    units: Sequence[UnitOfWork], archive: Archive, config: RunConfig, workers: int, progress: ShowProgress | None
) -> None:
    """
    Simulate units of a run: by a crew, or here when there is one unit or one worker.

    Raises
    ------
    SomeUnitsFailedError
        If one of several failed, once all have ended.
    """
    planned = units_in(config)
    if len(units) > 1 and workers > 1:
        with Crew(min(workers, len(units)), named_in(config)) as crew:
            try:
                failures = crew.run(units, progress, lambda unit, _: archive.ended(unit.mother, unit.replicate))
            finally:
                archive.add_retried(retried_entries(crew.retried))
    else:
        failures = _run_here(units, progress, alone=planned == 1)
    if failures:
        failed = [(each.work.mother, each.work.replicate) for each in failures]
        raise SomeUnitsFailedError(failures_message(failures, planned, archive.path), archive.path, failed)


def _run_here(units: Sequence[UnitOfWork], progress: ShowProgress | None, *, alone: bool) -> list[Failure[UnitOfWork]]:
    """Simulate units one after another in this process; the error of one that is `alone` is raised as it is."""
    failures: list[Failure[UnitOfWork]] = []
    for number, unit in enumerate(units):

        def advance(share: float, time_min: float, number: int = number) -> None:
            if progress is not None:
                progress((number + share) / len(units), time_min)

        try:
            run_unit(unit, advance)
        except InterruptedRunError:
            raise
        except Exception as error:
            if alone:
                raise
            failures.append(Failure(unit, *message_and_code(error)))
    return failures


def failures_message(
    failures: Sequence[Failure[UnitOfWork]], units: int, directory: Path, labels: Mapping[str, str] | None = None
) -> str:
    """
    What failed: one line for all, and one for each.

    Parameters
    ----------
    failures
        One or more.
    units
        Of how many.
    directory
        Where the others are.
    labels
        Names of scenarios by their run directories, where there are several.
    """
    lines = [f"{_named(each.work.directory, labels)}{each.work.named}: {each.message}" for each in failures]
    what = "the others are whole" if len(failures) < units else "what was recorded of them is"
    others = f"; {what} in {directory}"
    return "\n".join([f"{len(failures)} of {counted(units, 'run')} failed{others}", *lines])


def _named(directory: str, labels: Mapping[str, str] | None) -> str:
    return "" if labels is None else f"{labels[directory]}: "


def run(
    config: ConfigSource,
    *,
    settings: Settings = (),
    out: str | Path = "outputs",
    progress: ShowProgress | None = None,
    workers: int | None = None,
    **options: object,
) -> Run:
    """
    Simulate a scenario and leave a run directory: what `lactflow run` does.

    Parameters
    ----------
    config
        YAML file, the name of a shipped scenario, or a mapping of keys such as `{"days": 3, "infants": []}`.
    settings
        `key.sub=value`, as `--set` takes them, one or several; or a mapping such as `{"gland.lumen.capacity_ml": 120}`.
    out
        Folder in which the run directory is made.
    progress
        Called with the share that is done and the simulated time.
    workers
        Processes that share the work; as many as there are cores when None.
    options
        Top-level keys of the config: `seed=7`, `days=3.0`, `name="mine"`.

    Warns
    -----
    ScenarioWarning
        For everything unusual about the scenario, and for infants that fell below their growth channels; the manifest
        keeps them too.

    Raises
    ------
    ConfigError
        With every problem of the config.
    LactflowError
        When the run fails.
    """
    with python_names():
        texts = setting_texts(settings)
        scenario = load_scenario(config, texts, **options)
    for warning in scenario.warnings:
        warnings.warn(warning, ScenarioWarning, stacklevel=2)
    command = ["lactflow.run", source_in_words(config), *texts]
    found = run_scenario(scenario, Path(out), command, progress, workers=workers)
    for warning in outcome_warnings(found, scenario):
        warnings.warn(warning, ScenarioWarning, stacklevel=2)
    return found
