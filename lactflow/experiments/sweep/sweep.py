"""`lactflow sweep` from Python: a sweep is planned, and an engine is chosen."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import ceil, floor
from pathlib import Path

from lactflow.analysis.at_days import all_parsed
from lactflow.config.python import ConfigSource, Settings, python_names, setting_texts, source_in_words
from lactflow.config.scenario import load_scenario
from lactflow.config.text import choices, nearest, quoted
from lactflow.errors import ConfigError, Problem, ScenarioWarning
from lactflow.experiments.crew import Crew, cores
from lactflow.experiments.sweep.campaign import EngineFor, run_sweep
from lactflow.experiments.sweep.design import Design, make_design
from lactflow.experiments.sweep.engines import Engine, OfCrew, OfExecutor, Pool, dask
from lactflow.experiments.sweep.keys import EVERYTHING, MEASURES_ONLY, measures_of_level
from lactflow.experiments.sweep.plan import Planned, planned
from lactflow.experiments.sweep.points import Resolved, resolve
from lactflow.experiments.sweep.results import Sweep
from lactflow.experiments.work import ShowProgress
from lactflow.records import TABLES


def level_of(record: str, measures: Sequence[str] = ()) -> str:
    """
    What is recorded, in the one form of keys.

    Parameters
    ----------
    record
        `measures`, `full`, or names of tables with commas between them.
    measures
        Measures of some days: `sodium_mmol_per_l@5`, `removed_ml_per_day@20:30`; those without days are always there.

    Raises
    ------
    ConfigError
        If there is no such table, or no such measure.
    """
    at_days = sorted({str(each) for each in all_parsed(measures) if each.first_day is not None})
    return ",".join([_tables(record), *at_days])


def _tables(record: str) -> str:
    names = [name.strip() for name in record.split(",")]
    if names in ([MEASURES_ONLY], [EVERYTHING]):
        return names[0]
    for name in names:
        if name not in TABLES:
            near = nearest(name, [*TABLES, MEASURES_ONLY, EVERYTHING])
            hint = f"nearest: {near}; " if near else ""
            allowed = f"{MEASURES_ONLY}, {EVERYTHING}, or tables: {choices(list(TABLES))}"
            raise ConfigError(Problem(f"{quoted(name)} is no table ({hint}allowed: {allowed})", "--record"))
    return ",".join(table for table in TABLES if table in names)


def plan_sweep(
    config: ConfigSource,
    *,
    vary: Sequence[str] | Mapping[str, Sequence[object]] = (),
    sample: Sequence[str] | Mapping[str, object] = (),
    points: object = None,
    n: int | None = None,
    design: str | None = None,
    cohort: int | None = None,
    record: str = MEASURES_ONLY,
    measures: Sequence[str] = (),
    settings: Sequence[str] = (),
    **options: object,
) -> Planned:
    """
    Check everything about a sweep, and plan it; nothing is written.

    Parameters
    ----------
    config, settings, options
        As `lactflow.run` takes them.
    vary, sample, points, n, design, cohort, record, measures
        As `sweep` takes them.

    Raises
    ------
    ConfigError
        With every problem.
    """
    level = level_of(record, measures)
    settings = [*settings, *([] if cohort is None else [f"mother.cohort={cohort}"])]
    seed = options.get("seed")
    if not isinstance(seed, int):
        seed = load_scenario(config, settings, **options).config.seed if sample else 1
    wanted = make_design(vary, sample, points, n=n, design=design, seed=seed)
    found = resolve(config, settings, options, wanted)
    _check_days(found, wanted, level)
    return planned(found, wanted, level)


def _check_days(found: Resolved, wanted: Design, level: str) -> None:
    """
    Refuse days that no point simulates.

    Raises
    ------
    ConfigError
        With the days of the first point.
    """
    if {"start_day", "days"} & {key.partition(".")[0] for key in wanted.keys}:
        return  # a point that has not the days has no such measure
    config = next(found.configs(wanted))
    first, last = floor(config.start_day), ceil(config.start_day - 1.0 + config.days)
    outside = [
        each for each in measures_of_level(level) if not {each.first_day, each.last_day} <= {*range(first, last + 1)}
    ]
    if outside:
        days = f"the scenario has days {first} to {last}"
        raise ConfigError(*(Problem(f"{each}: {days} (allowed: some of these)", "--measure") for each in outside))


PoolFor = Callable[[], AbstractContextManager[Pool]]
"""Gives an executor or Dask, for as long as it is needed."""


def engine_for(executor: str | Executor | None, workers: int | None = None) -> EngineFor:
    """
    The engine that hands out the work.

    Parameters
    ----------
    executor
        `local`, `local:N`, `none`, `dask`, `dask://host:port`, or an executor of `concurrent.futures`; None is `local`.
    workers
        Processes; as many as there are cores when None.

    Raises
    ------
    ConfigError
        If it is none of these, or workers are given twice.
    """
    if executor == "none":
        return lambda _named: nullcontext()
    hired = crew_or_pool(executor, workers, ("none",))
    if isinstance(hired, int):
        return lambda named: _local(hired, named)
    return lambda _named: hired()


def crew_or_pool(executor: str | Executor | None, workers: int | None, more: Sequence[str] = ()) -> int | PoolFor:
    """
    How many processes of this machine do the work, or else what gives an executor or Dask.

    Parameters
    ----------
    executor
        `local`, `local:N`, `dask`, `dask://host:port`, or an executor of `concurrent.futures`; None is `local`.
    workers
        Processes; as many as there are cores when None.
    more
        What else is allowed, for messages.

    Raises
    ------
    ConfigError
        If it is none of these, or workers are given twice.
    """
    if executor is not None and not isinstance(executor, str):
        given = executor
        return lambda: nullcontext(OfExecutor(given, workers))
    kind, _, rest = (executor or "local").partition(":")
    if kind == "local" and rest:
        if workers is not None:
            raise ConfigError(Problem(f"{executor} says how many already (allowed: one of them)", "--workers"))
        if not (rest.isdecimal() and 0 < int(rest) <= 256):
            raise ConfigError(Problem(f"{quoted(rest)} is no number of workers (allowed: 1 to 256)", "--executor"))
        workers = int(rest)
    if kind == "local":
        return workers or cores()
    if executor == "dask" or (executor or "").startswith("dask://"):
        address = None if executor == "dask" else executor
        if address is not None and workers is not None:
            raise ConfigError(Problem("the scheduler has its own workers (allowed: without --workers)", "--workers"))
        return lambda: dask(address, workers)
    allowed = ", ".join(["local", "local:N", *more, "dask", "dask://host:port"])
    raise ConfigError(Problem(f"{quoted(executor or '')} is unknown (allowed: {allowed})", "--executor"))


@contextmanager
def _local(workers: int, named: Sequence[tuple[str, str]]) -> Iterator[Engine]:
    with Crew(workers, named) as crew:
        yield OfCrew(crew, workers)


def sweep(
    config: ConfigSource,
    *,
    vary: Sequence[str] | Mapping[str, Sequence[object]] = (),
    sample: Sequence[str] | Mapping[str, object] = (),
    points: object = None,
    n: int | None = None,
    design: str | None = None,
    cohort: int | None = None,
    record: str = MEASURES_ONLY,
    measures: str | Sequence[str] = (),
    settings: Settings = (),
    executor: str | Executor | None = None,
    workers: int | None = None,
    cache: str | Path | None = None,
    out: str | Path = "outputs",
    progress: ShowProgress | None = None,
    **options: object,
) -> Sweep:
    """
    Simulate a scenario at many points, resumably: what `lactflow sweep` does.

    Parameters
    ----------
    config
        YAML file, or the name of a shipped scenario.
    vary
        Values by key, of which every combination is a point; or `key=A,B,C`, as `--vary` takes it.
    sample
        `(low, high)` or `(low, high, "log")` by key; or `key=low:high[:log]`, as `--sample` takes it.
    points
        A CSV file whose columns are keys, or a frame like it.
    n, design
        How many points to draw from the ranges of `sample`, and how: `lhs`, `sobol`, `random`.
    cohort
        Mothers of a virtual cohort at each point.
    record
        `measures`, `full`, or names of tables with commas between them.
    measures
        Measures of some days, which the results have beside those over the whole run: `sodium_mmol_per_l@5` is that of
        day 5, `removed_ml_per_day@20:30` that of days 20 to 30. One or several.
    settings
        `key.sub=value`, as `--set` takes them; one or several.
    executor
        Any executor of `concurrent.futures`, or `local[:N]`, `none`, `dask`, `dask://host:port`.
    workers
        Processes of this machine; as many as there are cores when None.
    cache
        Folder that keeps results for other sweeps; what it has is not simulated again.
    out
        Folder in which that of the sweep is made.
    progress
        Called with the share that is done, and the simulated time; may raise to stop.
    options
        Top-level keys of the config: `seed=7`, `replicates=10`.

    Warns
    -----
    ScenarioWarning
        For everything unusual about it; the manifest keeps them too.

    Raises
    ------
    ConfigError
        With every problem.
    SomeUnitsFailedError
        If some units failed; `lactflow.open_sweep` reads the others.
    """
    with python_names():
        engine = engine_for(executor, workers)
        plan = plan_sweep(
            config,
            vary=vary,
            sample=sample,
            points=points,
            n=n,
            design=design,
            cohort=cohort,
            record=record,
            measures=[measures] if isinstance(measures, str) else measures,
            settings=setting_texts(settings),
            **options,
        )
    for warning in plan.warnings:
        warnings.warn(warning, ScenarioWarning, stacklevel=2)
    place = None if cache is None else Path(cache)
    command = ["lactflow.sweep", source_in_words(config)]
    return run_sweep(plan, Path(out), command, engine, cache=place, progress=progress)
