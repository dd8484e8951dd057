"""
Which quantities decide a measure: a screening is a sweep, and any sweep can be ranked.

A screening moves one quantity at a time (Morris), on common random numbers. That a sweep is one is seen by its points:
most of them differ from the one before in one key. All other sweeps are ranked by indices of the sample as it is.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from lactflow.analysis.at_days import all_parsed
from lactflow.analysis.sensitivity.chance import chance_of
from lactflow.analysis.sensitivity.given_data import Method, given_data_indices
from lactflow.analysis.sensitivity.morris import elementary_effects, morris_design
from lactflow.analysis.sensitivity.ranges import Range, plausible_ranges
from lactflow.config.model import contradictions
from lactflow.config.python import ConfigSource, Settings, python_names, setting_texts, source_in_words
from lactflow.config.scenario import load_scenario
from lactflow.config.text import counted
from lactflow.config.tree import Key
from lactflow.errors import ConfigError, Problem, ScenarioWarning
from lactflow.experiments.ranking import RANKING
from lactflow.experiments.sweep.campaign import run_sweep
from lactflow.experiments.sweep.design import Design, path_of
from lactflow.experiments.sweep.keys import measures_of_level
from lactflow.experiments.sweep.plan import Planned
from lactflow.experiments.sweep.points import Base, resolve, with_values
from lactflow.experiments.sweep.results import Sweep, open_sweep
from lactflow.experiments.sweep.sweep import engine_for, plan_sweep
from lactflow.experiments.work import ShowProgress

if TYPE_CHECKING:
    import pandas as pd

USUAL_MEASURES = ("removed_ml_per_day", "stored_ml", "infant_weight_kg", "fat_g_per_l", "sodium_mmol_per_l")
USUAL_TRAJECTORIES = 10
_MORRIS = 0.5
"""Share of points that differ from the one before in one key, from which on a sweep is a screening."""


class Sensitivity(NamedTuple):
    """
    What a sweep shows about its quantities.

    Attributes
    ----------
    sweep
        The sweep.
    method
        `morris`, or the index.
    ranking
        As `elementary_effects` or `given_data_indices` gives it, with `unit` of the quantity, and `method`.
    chance
        As `chance_shares` gives it; None with one replicate.
    notes
        What was left out, one line each.
    """

    sweep: Sweep
    method: str
    ranking: pd.DataFrame
    chance: pd.DataFrame | None
    notes: tuple[str, ...]


def screen(
    config: ConfigSource,
    *,
    quantities: str | Sequence[str] = (),
    measures: Sequence[str] = USUAL_MEASURES,
    trajectories: int = USUAL_TRAJECTORIES,
    settings: Settings = (),
    executor: str | Executor | None = None,
    workers: int | None = None,
    cache: str | Path | None = None,
    out: str | Path = "outputs",
    progress: ShowProgress | None = None,
    command: Sequence[str] | None = None,
    **options: object,
) -> Sensitivity:
    """
    Move quantities one at a time within their plausible ranges, and rank them: what `lactflow sensitivity` does.

    Parameters
    ----------
    config
        YAML file, or the name of a shipped scenario.
    quantities
        Keys of declared quantities, or parts of keys with `*`; all of them when left out.
    measures
        What to rank by; a measure of some days as `sodium_mmol_per_l@5` or `removed_ml_per_day@20:30`.
    trajectories
        How often each quantity is moved, 2 or more.
    settings, executor, workers, cache, out, progress, options
        As `sweep` takes them.
    command
        The command; kept in the manifest.

    Warns
    -----
    ScenarioWarning
        For points that no scenario can have, which are left out, and for quantities that have no range.

    Raises
    ------
    ConfigError
        With every problem; if SALib is not installed.
    SomeUnitsFailedError
        If some units failed; `sensitivity_of` ranks the others.
    """
    names = [str(each) for each in all_parsed(measures)]
    patterns = [quantities] if isinstance(quantities, str) else list(quantities)
    with python_names(from_python=command is None):
        engine = engine_for(executor, workers)
        plan, notes = plan_screening(config, patterns, names, trajectories, setting_texts(settings), **options)
    for note in plan.warnings:
        warnings.warn(note, ScenarioWarning, stacklevel=2)
    place = None if cache is None else Path(cache)
    found = run_sweep(
        plan, Path(out), command or ["lactflow.screen", source_in_words(config)], engine, cache=place, progress=progress
    )
    ranked = sensitivity_of(found, names)
    return ranked._replace(notes=(*notes, *ranked.notes))


def plan_screening(
    config: ConfigSource,
    patterns: Sequence[str],
    measures: Sequence[str],
    trajectories: int,
    settings: Sequence[str] = (),
    **options: object,
) -> tuple[Planned, list[str]]:
    """
    Check everything about a screening, and plan the sweep that it is; nothing is written.

    Parameters
    ----------
    config, measures, trajectories, settings, options
        As `screen` takes them.
    patterns
        Its `quantities`.

    Returns
    -------
    The plan, and what was left out, one line each; its warnings have these too.

    Raises
    ------
    ConfigError
        With every problem.
    """
    all_parsed(measures)
    points, notes = screening_points(config, patterns, trajectories, settings, **options)
    how: dict[str, Any] = {"points": points, "measures": measures, "settings": settings, **options}
    plan = plan_sweep(config, **how)
    return plan._replace(warnings=[*notes, *plan.warnings]), notes


def screening_points(
    config: ConfigSource, patterns: Sequence[str], trajectories: int, settings: Sequence[str] = (), **options: object
) -> tuple[pd.DataFrame, list[str]]:
    """
    The points of a screening.

    Parameters
    ----------
    config, trajectories, settings, options
        As `screen` takes them.
    patterns
        Its `quantities`.

    Returns
    -------
    A column for each key; and what was left out, one line each.

    Raises
    ------
    ConfigError
        With every problem, also where no point is a scenario; if SALib is not installed.
    """
    import pandas as pd

    base = load_scenario(config, settings, **options)
    ranges, single = plausible_ranges(base.config, patterns)
    design = morris_design(ranges, trajectories, seed=base.config.seed)
    keys = [each.key for each in ranges]
    points = [tuple(map(float, row)) for row in design[keys].itertuples(index=False)]
    wrong = _wrong_points(config, settings, options, keys, points)
    if len(wrong) == len(points):
        resolve(config, settings, options, Design(tuple(keys), points[:1], _options(keys)))  # raises, with the reasons
    kept = pd.DataFrame([point for number, point in enumerate(points) if number not in wrong], columns=keys)
    return kept, [*_left_out(wrong, len(points)), *_without_range(single if patterns else [])]


def sensitivity_of(found: Sweep | str | Path, measures: Sequence[str] = (), index: Method = "delta") -> Sensitivity:
    """
    Rank the quantities of a sweep, whole or not; the ranking is written into its folder.

    Parameters
    ----------
    found
        The sweep, or its folder.
    measures
        What to rank by; when left out, measures of days where the sweep has some, else the usual ones.
    index
        Of a sample that is no screening: `delta`, `pawn`, `rbd_fast`.

    Raises
    ------
    ConfigError
        If it varies no numbers, has too few points, or a measure is unknown; if SALib is not installed.
    ArchiveError
        If it is no sweep.
    """
    swept = found if isinstance(found, Sweep) else open_sweep(found)
    measures = _measures_of(swept, measures)
    results = swept.results
    words = without_numbers(swept)
    keys = [key for key in swept.plan.varied if key not in words]
    if not keys or results.empty:
        raise ConfigError(f"{swept.path} varies no number: there is nothing to rank")
    notes = [f"{key} is no number, and is not ranked" for key in words]
    left = swept.counts
    if left.complete < left.units:
        notes.append(f"{left.units - left.complete:,} of {counted(left.units, 'unit')} are not there")
    by = ["point", *keys]
    unknown = [measure for measure in measures if measure not in results or not results[measure].notna().any()]
    measures = [measure for measure in measures if measure not in unknown]
    if not measures:
        raise ConfigError(f"{swept.path}: {', '.join(unknown)}: known of no unit, so there is nothing to rank")
    notes += [f"{measure} is known of no unit, and is not ranked" for measure in unknown]
    chance, without = chance_of(results, measures)
    notes += without
    chains = chained(results.drop_duplicates("point")[by], keys)
    if (chains["step"] > 0).mean() >= _MORRIS:
        method, ranking = (
            "morris",
            elementary_effects(results.merge(chains, on="point"), _ranges(swept, results, keys), measures),
        )
    else:
        method, ranking = index, given_data_indices(results, keys, measures, index)
    units = {each.key: each.unit for each in _ranges(swept, results, keys)}
    ranking = ranking.assign(unit=ranking["key"].map(units), method=method)
    swept.write(RANKING, ranking.to_parquet(index=False))
    return Sensitivity(swept, method, ranking, chance, tuple(notes))


def without_numbers(swept: Sweep) -> list[str]:
    """Keys of a sweep that have words, which cannot be ranked."""
    plan = swept.plan.frame()
    return [key for key in swept.plan.varied if plan[key].dtype.kind not in "fiu"]


def chained(points: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """
    Trajectories in points: each continues as long as a point moves one key that has not been moved in it.

    Parameters
    ----------
    points
        In their order: `point`, keys.
    keys
        That vary.

    Returns
    -------
    `point`, `trajectory`, `step`, from 0.
    """
    import numpy as np

    values = points[list(keys)].to_numpy(dtype=float)
    moved = values[1:] != values[:-1]
    alone, which = moved.sum(axis=1) == 1, moved.argmax(axis=1)
    trajectories, steps, so_far = [0], [0], set[int]()
    for one, key in zip(alone.tolist(), which.tolist(), strict=True):
        goes_on = one and key not in so_far
        so_far = {*so_far, key} if goes_on else set()
        trajectories.append(trajectories[-1] + (not goes_on))
        steps.append(steps[-1] + 1 if goes_on else 0)
    return points[["point"]].assign(trajectory=np.array(trajectories), step=np.array(steps))


def _measures_of(swept: Sweep, measures: Sequence[str]) -> list[str]:
    """
    What a sweep is ranked by.

    Raises
    ------
    ConfigError
        If there is no such measure, or the sweep does not have its days.
    """
    at_days = [str(each) for each in measures_of_level(swept.plan.level)]
    if not measures:
        return at_days or list(USUAL_MEASURES)
    wanted = all_parsed(measures)
    missing = [str(each) for each in wanted if each.first_day is not None and str(each) not in at_days]
    if missing:
        there = f"has {', '.join(at_days)}" if at_days else "has measures of the whole run only"
        raise ConfigError(
            *(
                Problem(f"{swept.path} {there}; another sweep with --measure {each} has this", "--measure")
                for each in missing
            )
        )
    return [str(each) for each in wanted]


def _ranges(swept: Sweep, results: pd.DataFrame, keys: Sequence[str]) -> list[Range]:
    """Plausible ranges of declared quantities; of other keys what the sweep has."""
    declared = {each.key: each for each in plausible_ranges(load_scenario(swept.path / "config.yaml").config)[0]}
    return [
        declared[key] if key in declared else Range(key, float(results[key].min()), float(results[key].max()))
        for key in keys
    ]


def _wrong_points(
    config: ConfigSource,
    settings: Sequence[str],
    options: dict[str, object],
    keys: Sequence[str],
    points: Sequence[tuple[float, ...]],
) -> set[int]:
    """
    Numbers of points that no scenario can have.

    Most are found by putting their values into the data of the scenario, one by one; whatever only a scenario that is
    loaded shows, by halves of the rest.
    """
    base = Base.of(load_scenario(config, settings, **options))
    paths = [path_of(key) for key in keys]
    wrong = {number for number, point in enumerate(points) if not _is_right(base, paths, point)}
    rest = [number for number in range(len(points)) if number not in wrong]
    parts = [rest] if rest else []
    while parts:
        numbers = parts.pop()
        try:
            resolve(config, settings, options, Design(tuple(keys), [points[each] for each in numbers], _options(keys)))
        except ConfigError:
            if len(numbers) == 1:
                wrong.update(numbers)
            else:
                parts += [numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]]
    return wrong


def _is_right(base: Base, paths: Sequence[Key], point: Sequence[float]) -> bool:
    """Whether the data of a scenario may have these values; True where that cannot be seen by the data."""
    try:
        found = with_values(base, paths, point)
    except ValidationError:
        return False
    except (LookupError, TypeError):
        return True
    return next(iter(contradictions(found)), None) is None


def _options(keys: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(keys, "--quantity")


def _left_out(wrong: set[int], points: int) -> list[str]:
    if not wrong:
        return []
    return [
        f"{len(wrong)} of {counted(points, 'point')} are no scenario (quantities that contradict one another): left out"
    ]


def _without_range(single: Sequence[str]) -> list[str]:
    return [f"{', '.join(single)}: no plausible range but one value, so not moved"] if single else []
