"""Going on with whatever was killed, interrupted, or failed: `lactflow.resume`."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from lactflow.errors import ConfigError
from lactflow.experiments.work import ShowProgress
from lactflow.recording.folder import RUN, kind_of

if TYPE_CHECKING:
    from lactflow.analysis.run import Run
    from lactflow.calibration.result import Calibration
    from lactflow.experiments.comparison import Comparison
    from lactflow.experiments.sweep.results import Sweep


def resume(
    path: str | Path,
    *,
    workers: int | None = None,
    progress: ShowProgress | None = None,
    executor: str | Executor | None = None,
    cache: str | Path | None = None,
) -> Run | Comparison | Sweep | Calibration:
    """
    Resume a run, a comparison, a sweep or a calibration that did not end: what `--resume` does.

    Units of work and trials that have ended whole are kept, the others are simulated from their beginning; results are
    those of a folder that nothing has stopped. One that is complete is left as it is.

    Parameters
    ----------
    path
        The folder.
    workers
        Processes; as many as there are cores when None. Results do not depend on it.
    progress
        Called with the share that is done, and the simulated time; may raise to stop.
    executor, cache
        As `lactflow.sweep` takes them; of a sweep only.

    Returns
    -------
    What it holds, opened.

    Raises
    ------
    ConfigError
        If it is a folder of another kind, an option does not go with the kind, or something is another than when it
        was begun: version, model, configs, logs, packages.
    DirectoryInUseError
        If another process is writing it.
    SomeUnitsFailedError
        If some units failed; the others are complete.
    ArchiveError
        If lactflow has not made the folder, or the disk refuses.
    """
    folder = Path(path)
    kind = kind_of(folder)
    if kind == "sweep":
        from lactflow.experiments.sweep.campaign import resume_sweep
        from lactflow.experiments.sweep.sweep import engine_for

        place = None if cache is None else Path(cache)
        return resume_sweep(folder, engine_for(executor, workers), cache=place, progress=progress)
    if executor is not None or cache is not None:
        raise ConfigError(f"{folder} is a {kind}: executor and cache are for sweeps")
    if kind == RUN:
        from lactflow.experiments.run import resume_run

        return resume_run(folder, progress, workers=workers)
    if kind == "comparison":
        from lactflow.experiments.compare import resume_comparison

        return resume_comparison(folder, workers=workers, progress=progress)
    if kind == "calibration":
        from lactflow.calibration.calibrate import resume_calibration

        return resume_calibration(folder, workers, progress)
    raise ConfigError(f"{folder} is a {kind} (allowed: a run, a comparison, a sweep or a calibration)")
