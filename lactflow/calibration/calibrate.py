"""`lactflow calibrate` from Python: planned, carried out trial by trial, resumed after any kind of death."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lactflow.calibration.findings import findings_of
from lactflow.calibration.plan import (
    TARGETS,
    USUAL_TRIALS,
    VALIDATE,
    Planned,
    Quantities,
    libraries,
    needs_libraries,
    plan_calibration,
    planned_again,
)
from lactflow.calibration.result import ABOUT, CALIBRATED, KIND, Calibration, calibrated_text, open_calibration
from lactflow.calibration.search import BATCH, carry_on, refuse_all_failed
from lactflow.calibration.trying import Hands, trying
from lactflow.config.additions import plugins_of
from lactflow.config.python import ConfigSource, Settings, python_names, setting_texts, source_in_words
from lactflow.config.scenario import load_scenario
from lactflow.errors import InterruptedRunError, Problem, ScenarioWarning
from lactflow.experiments.crew import cores
from lactflow.experiments.tables import TablesOfUnit
from lactflow.experiments.taken_up import refuse, warn_of_libraries
from lactflow.experiments.work import Retried, ShowProgress
from lactflow.recording.files import write_files
from lactflow.recording.folder import ResultFolder, read_folder
from lactflow.recording.kept import FILES, hashes, kept_problems, read_kept
from lactflow.recording.manifest import CONFIG, MANIFEST, RETRIED, changes
from lactflow.recording.trials import LEDGER, Ledger


def calibrate(
    config: ConfigSource,
    quantities: Quantities,
    targets: str | Path,
    *,
    target: str | Sequence[str] = (),
    held_out: str | Sequence[str] = (),
    trials: int = USUAL_TRIALS,
    replicates: int | None = None,
    mothers: int | None = None,
    batch: int = BATCH,
    settings: Settings = (),
    workers: int | None = None,
    out: str | Path = "outputs",
    progress: ShowProgress | None = None,
    **options: object,
) -> Calibration:
    """
    Look for values of quantities with which the model meets targets: what `lactflow calibrate` does.

    Parameters
    ----------
    config
        YAML file, or the name of a shipped scenario.
    quantities
        `key`, `key=low:high` or `key=low:high:log`; or by key None, `(low, high)` or `(low, high, "log")`. Without a
        range the plausible one of `lactflow parameters` is taken.
    targets
        CSV file, see `lactflow.calibration.targets`; `validate` for the table of `lactflow validate`.
    target
        Ids of targets to fit to; all when left out.
    held_out
        Ids of targets that are not fitted to, and reported beside the result.
    trials
        How many points are tried.
    replicates, mothers
        Runs of each trial: with other random numbers, and of a cohort of so many. Those of the config when None.
    batch
        Trials that are proposed at once: the points depend on it, and not on the number of workers.
    settings, workers, out, progress, options
        As `lactflow.run` takes them.

    Warns
    -----
    ScenarioWarning
        For everything unusual about the scenario.

    Raises
    ------
    ConfigError
        With every problem; if Optuna or scikit-learn is not installed.
    SomeUnitsFailedError
        If all trials failed.
    LactflowError
        Of the kind that names the reason.
    """
    listed = [[each] if isinstance(each, str) else list(each) for each in (target, held_out)]
    with python_names():
        planned = plan_calibration(
            config,
            quantities,
            targets,
            target=listed[0],
            held_out=listed[1],
            trials=trials,
            replicates=replicates,
            mothers=mothers,
            batch=batch,
            settings=setting_texts(settings),
            **options,
        )
    for warning in planned.warnings:
        warnings.warn(warning, ScenarioWarning, stacklevel=2)
    return run_calibration(planned, Path(out), ["lactflow.calibrate", source_in_words(config)], workers, progress)


def run_calibration(
    planned: Planned,
    out: Path,
    command: Sequence[str],
    workers: int | None = None,
    progress: ShowProgress | None = None,
) -> Calibration:
    """
    Make the folder of a calibration, and carry it out.

    Parameters
    ----------
    planned
        What it is to do.
    out
        Folder in which its own is made.
    command
        The command; kept in the manifest.
    workers, progress
        As `calibrate` takes them.

    Raises
    ------
    SomeUnitsFailedError
        If all trials failed.
    LactflowError
        Of the kind that names the reason.
    """
    scenario = planned.scenario
    files = {CONFIG: scenario.text.encode(), **scenario.files}
    if planned.about["targets"] != VALIDATE:
        files[TARGETS] = planned.table
    described: dict[str, object] = {
        "command": list(command),
        "seed": scenario.config.seed,
        "warnings": planned.warnings,
        "plugins": plugins_of(scenario.config),
        ABOUT: planned.about,
        RETRIED: [],
    }

    def fill(built: Path) -> dict[str, object]:
        write_files((built / name, content) for name, content in files.items())
        return {FILES: hashes(files)}

    folder = ResultFolder.create(out, scenario.config.name, KIND, described, fill)
    return _carried_out(folder, planned, workers, progress)


def resume_calibration(
    directory: str | Path, workers: int | None = None, progress: ShowProgress | None = None
) -> Calibration:
    """
    Resume a calibration: trials that have ended are kept, and the others are those of one that nothing has stopped.

    Parameters
    ----------
    directory
        The calibration. One that is complete is left as it is.
    workers, progress
        As `calibrate` takes them.

    Raises
    ------
    ConfigError
        With every field that is another than when it was begun: versions, model, config, targets, packages.
    ArchiveError
        If it is no calibration, or the disk refuses.
    """
    path = Path(directory)
    if read_folder(path, KIND)[1] == "complete":
        return open_calibration(path)

    needs_libraries()

    def check(manifest: dict[str, Any]) -> None:
        refuse(_changes(path, manifest))
        Ledger(path)  # a damaged one is refused before anything is changed
        warn_of_libraries(path, manifest)

    folder = ResultFolder.reopen(path, KIND, check)
    try:
        about = folder.manifest[ABOUT]
        table = b"" if about["targets"] == VALIDATE else read_kept(path, folder.manifest, TARGETS)
        planned = planned_again(load_scenario(path / CONFIG), about, table)
    except BaseException as error:
        folder.finish("failed", error=f"{type(error).__name__}: {error}")
        raise
    return _carried_out(folder, planned, workers, progress)


def _changes(path: Path, manifest: dict[str, Any]) -> list[Problem]:
    """Why a calibration cannot be resumed: a problem for each thing that is another than when it was begun."""
    file = path / MANIFEST
    found = changes(manifest, file) + [Problem(problem) for problem in kept_problems(path, manifest)]
    was, now = manifest.get(ABOUT, {}).get("libraries", {}), libraries()
    found += [
        Problem(f"was {was.get(name)} when it was begun, and is {version} now (allowed: the same)", str(file), key=name)
        for name, version in now.items()
        if was.get(name) != version
    ]
    if not found and manifest.get("plugins") != plugins_of(load_scenario(path / CONFIG).config):
        found.append(Problem("are others than when it was begun (allowed: the same)", str(file), key="plugins"))
    return found


def _carried_out(
    folder: ResultFolder, planned: Planned, workers: int | None, progress: ShowProgress | None
) -> Calibration:
    """Try what was not tried, look at all of it, write; whatever happens, the manifest states how it ended."""
    try:
        ledger = Ledger(folder.path)
        before = list(folder.manifest.get(RETRIED, []))

        def note(retried: Sequence[Retried[TablesOfUnit]]) -> None:
            described = [{"run": each.work.named, "reason": each.reason} for each in retried]
            folder.update(**{RETRIED: [*before, *described]})

        with Hands(workers or cores(), planned.objective.named, note) as hands:
            carry_on(planned.plan, ledger, trying(planned.plan, planned.objective, hands, ledger, progress))
        refuse_all_failed(ledger.in_order())
        _write(folder, planned, ledger)
    except InterruptedRunError as error:
        folder.finish("interrupted", error=str(error))
        raise InterruptedRunError(error.signal_number, kept=folder.path) from error
    except BaseException as error:
        folder.finish("failed", error=f"{type(error).__name__}: {error}")
        raise
    return open_calibration(folder.path)


def _write(folder: ResultFolder, planned: Planned, ledger: Ledger) -> None:
    """What the trials say, and the last manifest."""
    trials = ledger.in_order()
    found = findings_of(planned.plan, planned.objective.targets, trials)
    folder.write(LEDGER, ledger.content())
    for name, table in found.tables.items():
        folder.write(f"{name}.parquet", table.to_parquet(index=False))
    folder.write(CALIBRATED, calibrated_text(planned.scenario, found).encode())
    folder.finish(
        "complete",
        fitted=[each.id for each in planned.objective.targets if each.fitted],
        held_out=[each.id for each in planned.objective.targets if not each.fitted],
        loss=found.loss,
        failed=len([trial for trial in trials if trial.failed]),
        found=found.values,
        words=found.words,
        notes=found.notes,
    )


def summary_of(calibration: Calibration) -> Mapping[str, Any]:
    """
    What a calibration found, as plain data: what `lactflow calibrate --json` prints.

    Parameters
    ----------
    calibration
        That is complete.
    """

    def plain(name: str) -> Any:
        return json.loads(getattr(calibration, name).to_json(orient="records", double_precision=15))

    manifest = calibration.manifest
    return {
        "calibration_dir": str(calibration.path),
        "status": calibration.status,
        "trials": manifest[ABOUT]["trials"],
        "failed": manifest["failed"],
        "loss": manifest["loss"],
        "quantities": plain("quantities"),
        "targets": plain("targets"),
        "pairs": plain("pairs") if (calibration.path / "pairs.parquet").exists() else [],
        "words": manifest["words"],
        "notes": manifest["notes"],
        "config": str(calibration.config),
    }
