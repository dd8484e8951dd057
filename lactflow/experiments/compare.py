"""
Comparison of scenarios on common random numbers.

Every scenario is simulated for the same mothers with the same random numbers: draws are addressed, so the same hour of
the same replicate has the same noise whatever the schedule. What is left of chance in a difference is what the
schedules themselves bring in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lactflow.config.python import ConfigSource, Settings, python_names, setting_texts
from lactflow.config.scenario import Scenario
from lactflow.experiments.coarse import coarse_of
from lactflow.experiments.compared import Stop, folder_name, loaded
from lactflow.experiments.comparing import Comparing
from lactflow.experiments.comparison import Comparison, open_comparison
from lactflow.experiments.start import prepare_workers
from lactflow.experiments.work import ShowPhase, ShowProgress
from lactflow.recording.files import check_folder


def compare(
    configs: Sequence[ConfigSource] | Mapping[str, Scenario],
    *,
    settings: Settings = ("record.visits=false",),
    out: str | Path = "outputs",
    name: str | None = None,
    stop: Stop | None = None,
    vary: str | None = None,
    coarse: int | None = None,
    workers: int | None = None,
    progress: ShowProgress | None = None,
    phase: ShowPhase | None = None,
    command: Sequence[str] | None = None,
    one_past: bool = False,
    cache: str | Path | None = None,
    **options: object,
) -> Comparison:
    """
    Simulate scenarios on common random numbers and take paired differences from the first, as `lactflow compare` does.

    Parameters
    ----------
    configs
        YAML files, names of shipped scenarios or mappings of keys, two or more, the baseline first; or what `loaded`
        returns.
    settings
        `key.sub=value` for all of them, as `--set` takes them, or a mapping from keys to values; no row for each packet
        when left out.
    out, name
        Folder in which the comparison is made, and the first part of its name.
    stop
        Add replicates until the interval of a measure is narrow enough; those of the first stage are `replicates`.
    vary
        `key.sub=A,B,C`: compare the one config with itself under these values, the first being the baseline.
    coarse
        Simulate so many replicates at the coarsest resolution as well, the first of them with the random numbers of
        `replicates`: milk made and removed are then estimated from all of them. On schedules with set times only.
    workers
        Processes; as many as there are cores when None. The tables do not depend on it.
    progress
        Called with the share that is done and the simulated time; may raise to stop.
    phase
        Called with what begins: `COMPARING`, `SIMULATING` once more; `progress` then restarts from 0.
    command
        The command; kept in the manifest.
    one_past
        Simulate a past that scenarios have in common once, even where some workers then have nothing to do; coarse
        replicates do so where no worker has nothing to do.
    cache
        Folder that keeps results for other comparisons and for sweeps: a unit of work that it has is not simulated.
    options
        Top-level keys of every config: `seed=7`, `days=30.0`, `replicates=20`.

    Raises
    ------
    ConfigError
        With every problem of the configs, or if they cannot be compared.
    SomeUnitsFailedError
        If some runs failed; the rest is compared, as far as there are pairs.
    """
    prepare_workers()
    if isinstance(configs, Mapping):
        scenarios = dict(configs)
    else:
        with python_names(from_python=command is None):
            scenarios = loaded(configs, setting_texts(settings), stop, vary, coarse, **options)
    first = f"compare-{folder_name(next(iter(scenarios)))}"[:64]
    cheap = {} if coarse is None else coarse_of(scenarios, coarse, alone=stop is None)
    typed = command or ["lactflow.compare", *scenarios]
    kept = None if cache is None else Path(cache)
    if kept is not None:
        check_folder(kept)
    comparing = Comparing(scenarios, cheap, stop, one_past=one_past, cache=kept)
    titles = {label: scenario.config.title for label, scenario in scenarios.items()}
    comparing.begin(Path(out), name or first, {"command": list(typed), "vary": vary, "titles": titles})
    return comparing.through(workers, progress, phase)


def resume_comparison(
    path: Path,
    *,
    workers: int | None = None,
    progress: ShowProgress | None = None,
    phase: ShowPhase | None = None,
) -> Comparison:
    """
    Resume a comparison that was killed or interrupted, or failed: what `lactflow compare --resume` does.

    Units of work that have ended whole are kept, the others are simulated from their beginning; results are those of a
    comparison that nothing has stopped. One that is complete is left as it is.

    Parameters
    ----------
    path
        The folder.
    workers, progress, phase
        As `compare` takes them.

    Raises
    ------
    ConfigError
        With every field that is another than when it was begun: version, model, configs, logs, packages.
    DirectoryInUseError
        If another process is writing it.
    SomeUnitsFailedError
        If some runs failed; the rest is compared, as far as there are pairs.
    """
    stored = open_comparison(path)
    if stored.status == "complete":
        return stored
    prepare_workers()
    return Comparing.taken_up(path).through(workers, progress, phase)
