"""
Which quantities decide a measure: a screening is a sweep, and any sweep can be ranked.

A screening moves one quantity at a time (Morris), on common random numbers. That a sweep is one is seen by its points:
most of them differ from the one before in one key. All other sweeps are ranked by indices of the sample as it is.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lactflow.analysis.daily import MEASURES
from lactflow.analysis.sensitivity.chance import chance_shares
from lactflow.analysis.sensitivity.given_data import Method, given_data_indices
from lactflow.analysis.sensitivity.morris import elementary_effects, morris_design
from lactflow.analysis.sensitivity.ranges import Range, plausible_ranges
from lactflow.config.scenario import load_scenario
from lactflow.config.text import counted, nearest, quoted
from lactflow.errors import ConfigError, Problem, ScenarioWarning
from lactflow.experiments.sweep.design import Design
from lactflow.experiments.sweep.points import resolve
from lactflow.experiments.sweep.results import Sweep, open_sweep
from lactflow.experiments.sweep.sweep import sweep
from lactflow.experiments.work import ShowProgress

if TYPE_CHECKING:
    import pandas as pd

RANKING = "sensitivity.parquet"
"""The ranking, in the folder of the sweep."""
USUAL_MEASURES = ("removed_ml_per_day", "stored_ml", "infant_weight_kg", "fat_g_per_l", "sodium_mmol_per_l")
USUAL_TRAJECTORIES = 10
_MORRIS = 0.5
"""Share of points that differ from the one before in one key, from which on a sweep is a screening."""


class Sensitivity(NamedTuple):
    """
    What a sweep says of its quantities.

    Attributes
    ----------
    sweep
        The sweep.
    method
        `morris`, or the index.
    ranking
        As `elementary_effects` or `given_data_indices` gives it, with `unit` of the quantity.
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
    config: str | Path,
    *,
    quantities: str | Sequence[str] = (),
    measures: Sequence[str] = USUAL_MEASURES,
    trajectories: int = USUAL_TRAJECTORIES,
    settings: str | Sequence[str] = (),
    executor: str | Executor | None = None,
    workers: int | None = None,
    cache: str | Path | None = None,
    out: str | Path = "outputs",
    progress: ShowProgress | None = None,
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
        What to rank by.
    trajectories
        How often each quantity is moved, 2 or more.
    settings, executor, workers, cache, out, progress, options
        As `sweep` takes them.

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
    check_measures(measures)
    settings = [settings] if isinstance(settings, str) else list(settings)
    patterns = [quantities] if isinstance(quantities, str) else list(quantities)
    points, notes = screening_points(config, patterns, trajectories, settings, **options)
    for note in notes:
        warnings.warn(note, ScenarioWarning, stacklevel=2)
    found = sweep(
        config,
        vary=(),
        sample=(),
        points=points,
        n=None,
        design=None,
        cohort=None,
        record="measures",
        settings=settings,
        executor=executor,
        workers=workers,
        cache=cache,
        out=out,
        progress=progress,
        **options,
    )
    ranked = sensitivity_of(found, measures)
    return ranked._replace(notes=(*notes, *ranked.notes))


def screening_points(
    config: str | Path, patterns: Sequence[str], trajectories: int, settings: Sequence[str] = (), **options: object
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


def sensitivity_of(
    found: Sweep | str | Path, measures: Sequence[str] = USUAL_MEASURES, index: Method = "delta"
) -> Sensitivity:
    """
    Rank the quantities of a sweep, whole or not; the ranking is written into its folder.

    Parameters
    ----------
    found
        The sweep, or its folder.
    measures
        What to rank by.
    index
        Of a sample that is no screening: `delta`, `pawn`, `rbd_fast`.

    Raises
    ------
    ConfigError
        If it varies no numbers, has too few points, or a measure is unknown; if SALib is not installed.
    ArchiveError
        If it is no sweep.
    """
    check_measures(measures)
    swept = found if isinstance(found, Sweep) else open_sweep(found)
    results = swept.results
    keys = [key for key in swept.plan.varied if results[key].dtype.kind in "fiu"]
    if not keys or results.empty:
        raise ConfigError(f"{swept.path} varies no number: there is nothing to rank")
    notes = [f"{key} is no number, and is not ranked" for key in swept.plan.varied if key not in keys]
    left = swept.counts
    if left.complete < left.units:
        notes.append(f"{left.units - left.complete:,} of {counted(left.units, 'unit')} are not there")
    by = ["point", *keys]
    chance = None
    if (results["replicate"] != results["replicate"].iloc[0]).any():
        chance = chance_shares(results, by, measures)
    chains = chained(results.drop_duplicates("point")[by], keys)
    if (chains["step"] > 0).mean() >= _MORRIS:
        method, ranking = (
            "morris",
            elementary_effects(results.merge(chains, on="point"), _ranges(swept, results, keys), measures),
        )
    else:
        method, ranking = index, given_data_indices(results, keys, measures, index)
    ranking = ranking.assign(unit=ranking["key"].map({each.key: each.unit for each in _ranges(swept, results, keys)}))
    swept.write(RANKING, ranking.to_parquet(index=False))
    return Sensitivity(swept, method, ranking, chance, tuple(notes))


def chained(points: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """
    Trajectories in points: each goes on as long as a point moves one key that has not been moved in it.

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


def check_measures(measures: Sequence[str]) -> None:
    """
    Check that measures are known.

    Raises
    ------
    ConfigError
        With the nearest names.
    """
    unknown = [measure for measure in measures if measure not in MEASURES]
    if unknown:
        raise ConfigError(
            *(
                Problem(
                    f"there is no measure {quoted(each)} (nearest: {nearest(each, MEASURES, cutoff=0.0)})", "--measure"
                )
                for each in unknown
            )
        )


def _ranges(swept: Sweep, results: pd.DataFrame, keys: Sequence[str]) -> list[Range]:
    """Plausible ranges of declared quantities; of other keys what the sweep has."""
    declared = {each.key: each for each in plausible_ranges(load_scenario(swept.path / "config.yaml").config)[0]}
    return [
        declared[key] if key in declared else Range(key, float(results[key].min()), float(results[key].max()))
        for key in keys
    ]


def _wrong_points(
    config: str | Path,
    settings: Sequence[str],
    options: dict[str, object],
    keys: Sequence[str],
    points: Sequence[tuple[float, ...]],
) -> set[int]:
    """Numbers of points that no scenario can have, found by halves."""
    wrong: set[int] = set()
    parts = [list(range(len(points)))]
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


def in_words(ranking: pd.DataFrame, measure: str, top: int) -> list[tuple[str, str, str, str, str, str]]:
    """
    The first quantities of one measure, as texts: rank, key, size, interval, share of chance or sign.

    Parameters
    ----------
    ranking
        As `Sensitivity` has it.
    measure
        Whose.
    top
        How many.
    """
    rows = ranking[ranking["measure"] == measure].sort_values("rank").head(top)
    size = "mu_star" if "mu_star" in rows else "index"
    found = []
    for row in rows.to_dict("records"):
        chance = row.get("chance_share", float("nan"))
        direction = "" if not row.get("mu") else ("up" if row["mu"] > 0.0 else "down")
        found.append(
            (
                "" if isnan(row["rank"]) else f"{row['rank']:.0f}",
                str(row["key"]),
                f"{row[size]:.3g}",
                f"{row['low']:.3g} to {row['high']:.3g}",
                direction,
                "" if isnan(chance) else f"{100.0 * chance:.0f} %",
            )
        )
    return found
