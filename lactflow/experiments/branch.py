"""One past and several futures: scenarios that are checked to agree before a day, simulated as one until then."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lactflow.config.branches import earlier_differences, parting_day
from lactflow.config.python import ConfigSource, Settings, python_names, setting_texts
from lactflow.config.scenario import Scenario, load_scenario
from lactflow.errors import ConfigError, Problem, ScenarioWarning
from lactflow.experiments.compare import compare
from lactflow.experiments.compared import loaded
from lactflow.experiments.comparison import Comparison
from lactflow.experiments.forked import can_fork
from lactflow.experiments.work import ShowPhase, ShowProgress


def branch(
    past: ConfigSource,
    futures: Sequence[ConfigSource],
    *,
    at: float,
    settings: Settings = ("record.visits=false",),
    out: str | Path = "outputs",
    name: str | None = None,
    workers: int | None = None,
    progress: ShowProgress | None = None,
    phase: ShowPhase | None = None,
    command: Sequence[str] | None = None,
    **options: object,
) -> Comparison:
    """
    Simulate one past and several futures of it, and compare these: what `lactflow branch` does.

    Every run is the same to the bit as one that was simulated from its beginning.

    Parameters
    ----------
    past
        YAML file or name of a shipped scenario: what all futures do before the day.
    futures
        Whole configs that agree with it before that day, the baseline first; with one, `past` itself is the baseline.
    at
        Day from which on they may differ.
    settings, out, name, workers, progress, phase, command, options
        As `compare` takes them.

    Warns
    -----
    ScenarioWarning
        Where the past has to be simulated for each future, with the reason.

    Raises
    ------
    ConfigError
        With every problem of the configs; a key that acts before the day is one.
    SomeUnitsFailedError
        If some runs failed; the rest is compared, as far as there are pairs.
    """
    with python_names(from_python=command is None):
        scenarios = checked_futures(past, futures, at, setting_texts(settings), **options)
    for warning in reasons_to_repeat(scenarios):
        warnings.warn(warning, ScenarioWarning, stacklevel=2)
    return compare(
        scenarios,
        out=out,
        name=name or f"branch-{next(iter(scenarios))}"[:64],
        workers=workers,
        progress=progress,
        phase=phase,
        command=command or ["lactflow.branch", *scenarios],
        one_past=True,
    )


def checked_futures(
    past: ConfigSource, futures: Sequence[ConfigSource], at: float, settings: Sequence[str] = (), **options: object
) -> dict[str, Scenario]:
    """
    Load a past and its futures, and check that they agree before a day.

    Parameters
    ----------
    past, futures, at, settings, options
        As `branch` takes them.

    Returns
    -------
    The futures by names that distinguish them.

    Raises
    ------
    ConfigError
        With every problem; a key that acts before the day is one.
    """
    alone = {**options, "replicates": None}
    before = load_scenario(past, settings, **alone)
    configs = list(futures) if len(futures) > 1 else [past, *futures]
    problems = [
        replace(problem, file=str(config))
        for config in configs
        for problem in earlier_differences(before.config, load_scenario(config, settings, **alone).config, at)
    ]
    if problems:
        raise ConfigError(*problems)
    found = loaded(configs, settings, None, None, None, **options)
    config = next(iter(found.values())).config
    end = config.start_day + config.days
    if not config.start_day <= at <= end:
        allowed = f"allowed: {config.start_day:g} to {end:g}"
        raise ConfigError(Problem(f"day {at:g} is not within the futures ({allowed})", "--at"))
    return found


def reasons_to_repeat(scenarios: dict[str, Scenario]) -> list[str]:
    """
    Why the past has to be simulated for each of some futures; nothing where it is simulated once.

    Parameters
    ----------
    scenarios
        As `checked_futures` gives them.
    """
    if not can_fork():
        return ["this system cannot fork processes: the past is simulated for each future"]
    (first, base), *others = scenarios.items()
    apart = [label for label, each in others if parting_day([base.config, each.config]) is None]
    if not apart:
        return []
    shared = "it is shared by futures that differ in nothing but their schedules"
    why = f"interventions or durations are not those of {first}, so the past is simulated again ({shared})"
    return [f"{', '.join(apart)}: {why}"]
