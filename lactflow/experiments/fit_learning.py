"""
What a fit learns: volumes of virtual mothers side by side, hers sorted, her traits, her last days forecast.

A volume is known by when its session was planned, of what kind it was, and at which breast: that is the same in all
mothers who keep one log, whatever became of the sessions before.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite, log
from typing import TYPE_CHECKING, Any

from lactflow.analysis.forecasts import Score, simple_forecasts
from lactflow.analysis.recorded import agreement, recorded
from lactflow.analysis.traits import distance, traits_from_volumes
from lactflow.analysis.volumes import MOST_LEFT_OUT, Forecaster, Screened, VolumeModel, few_enough
from lactflow.config.cohort import TRAITS, scaled, seen_in_women
from lactflow.config.logs.believable import LONGEST_MIN
from lactflow.config.text import counted
from lactflow.errors import ConfigError, Problem
from lactflow.experiments.fit_log import HerLog, lines_of
from lactflow.parameters.declaration import declared_quantities
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    import pandas as pd

    from lactflow.analysis.run import MemoryRun, Run
    from lactflow.config.model import RunConfig

READING_SD_ML = 3.0
"""Bottles are read off to five or ten millilitres. Ours."""
USED, LEFT_OUT, CUT, HELD_OUT = "used", "left out", "cut", "held out"
"""What became of a volume: fitted; far from what the others lead to expect; cut by the end of the run; forecast."""
SCATTER_BY_CHANCE = 1.5
"""Times the scatter of virtual mothers that one of them may have: of a hundred about three have more. Ours."""
MOST_SCATTER = 5.0
"""Times the scatter of virtual mothers from which on volumes show nothing about a gland. Ours."""
NORMAL_REACH = 1.96
KEYS = ["planned_min", "kind", "breast", "number"]
_LATE_MIN = 2.0 * LONGEST_MIN
"""Before the end of a run: a session that does not begin any more was planned then."""
_INSIDE = 0.9999
"""Of a range, against the rounding of what is written."""


@dataclass(frozen=True)
class Learned:
    """
    What virtual mothers and her log give.

    Attributes
    ----------
    estimate
        Her traits as the logarithms of their factors: see `lactflow.analysis.traits.Reading.of`.
    volumes
        Her volumes, one row each: `KEYS`, `start` (as in the log), `line`, `recorded_ml`, `expected_ml` (from her other
        volumes), `low_ml`, `high_ml` (95 % interval of it), `use`.
    forecast
        Those held out with their forecasts; None when none is.
    mothers
        Virtual mothers learned from.
    scatter
        How much her volumes scatter, over virtual mothers', 1 or more.
    distance
        Share of them who are nearer to the usual than she is.
    """

    estimate: pd.DataFrame
    volumes: pd.DataFrame
    forecast: pd.DataFrame | None
    mothers: int
    scatter: float
    distance: float


def learn(virtual: Run | MemoryRun, config: RunConfig, her: HerLog, hold_out_min: float | None) -> Learned:
    """
    Learn from virtual mothers who kept a log.

    Parameters
    ----------
    virtual
        Their run.
    config
        Of them all.
    her
        The log.
    hold_out_min
        Length of what is held out at its end [min]; None for nothing.

    Raises
    ------
    ConfigError
        If her volumes do not go together.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):  # small matrices: threads would wait for each other
        return _learn(virtual, config, her, hold_out_min)


def _learn(virtual: Run | MemoryRun, config: RunConfig, her: HerLog, hold_out_min: float | None) -> Learned:
    """Sort her volumes, then learn from those of virtual mothers."""
    import numpy as np

    start_min = (config.start_day - 1.0) * DAY_MIN
    end_min = start_min + config.days * DAY_MIN
    simulated, table = _side_by_side(virtual, end_min)
    table["start"] = [her.clock_at(time_min - start_min) for time_min in table["planned_min"]]
    table["line"] = [
        her.line_at(time_min - start_min, kind)
        for time_min, kind in zip(table["planned_min"], table["kind"], strict=True)
    ]
    table["line"] = table["line"].astype("Int64")
    if hold_out_min is not None:
        later = table["planned_min"] >= end_min - hold_out_min
        table.loc[later & (table["use"] == USED), "use"] = HELD_OUT
    whole = (table["use"] != CUT).to_numpy()
    volumes, hers = simulated.loc[:, whole], table["recorded_ml"][whole]
    volumes.columns = hers.index
    held = (table["use"][whole] == HELD_OUT).to_numpy()
    screened = VolumeModel(volumes.to_numpy(float), READING_SD_ML).screened(hers.to_numpy(float), ~held)
    far = ~held & ~screened.kept
    table.loc[hers.index, "expected_ml"] = screened.expected.ml
    table.loc[hers.index, "low_ml"], table.loc[hers.index, "high_ml"] = screened.expected.between(
        NORMAL_REACH * screened.scatter
    )
    table.loc[hers.index[far], "use"] = LEFT_OUT
    if not few_enough(int(far.sum()), int((~held).sum())) or screened.scatter > MOST_SCATTER:
        raise ConfigError(_do_not_agree(table, her, screened.scatter))
    used = hers.index[screened.kept]
    traits = _traits(virtual).loc[simulated.index]
    return Learned(
        estimate=traits_from_volumes(volumes, traits, hers, _blur_ml(screened), screened.kept),
        volumes=table,
        forecast=_forecast(virtual, volumes, table, held) if np.any(held) else None,
        mothers=len(traits),
        scatter=screened.scatter,
        distance=distance(volumes[used], hers[used]),
    )


def _side_by_side(virtual: Run | MemoryRun, end_min: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Simulated volumes, a row a virtual mother; and the volumes of the log, a row for each of those columns.

    A volume that one of them does not have is of a breast that she did not come to: nothing was taken from it. But just
    before the end of the run it is of a session that did not begin any more.
    """
    import numpy as np

    rows = keyed(recorded(virtual))
    simulated = rows.pivot_table(index="mother", columns=KEYS, values="simulated_ml")
    cut = rows.groupby(KEYS)["cut"].any()
    table = rows.drop_duplicates(KEYS).set_index(KEYS)[["recorded_ml"]].loc[simulated.columns].reset_index()
    lacking = simulated.isna().any().to_numpy() & (table["planned_min"] > end_min - _LATE_MIN).to_numpy()
    table["use"] = np.where(lacking | cut.loc[simulated.columns].to_numpy(bool), CUT, USED)
    return simulated.fillna(0.0), table.assign(expected_ml=np.nan, low_ml=np.nan, high_ml=np.nan)


def keyed(rows: pd.DataFrame) -> pd.DataFrame:
    """
    Rows of `recorded`, each with the keys of its volume.

    Parameters
    ----------
    rows
        As `lactflow.analysis.recorded.recorded` gives them.
    """
    rows = rows.assign(kind=rows["kind"].astype(str), breast=rows["breast"].astype(str))
    rows["planned_min"] = rows["planned_min"].round(6)
    rows["number"] = rows.groupby(["mother", "replicate", *KEYS[:-1]]).cumcount()
    return rows


def _blur_ml(screened: Screened) -> Any:
    """
    With which virtual mothers' volumes are blurred [mL]: as if read off, and so that they scatter as much as hers.

    A scatter within what chance gives counts as 1.
    """
    import numpy as np

    scatter = screened.scatter if screened.scatter > SCATTER_BY_CHANCE else 1.0
    sd_ml = 2.0 * np.sqrt(screened.expected.ml) * screened.expected.sd
    return np.sqrt(READING_SD_ML**2 + (scatter**2 - 1.0) * sd_ml**2)


def _do_not_agree(table: pd.DataFrame, her: HerLog, scatter: float) -> Problem:
    """Too many volumes are far from what the others lead to expect, or all of them scatter."""
    if scatter > MOST_SCATTER:
        return Problem(
            f"its volumes scatter {scatter:.2g} times as much as those of virtual mothers who kept it, more than "
            f"{MOST_SCATTER:g} times: nothing is learned (allowed: volumes of one mother, all in mL)",
            her.file,
        )
    far = table[table["use"] == LEFT_OUT]
    places = lines_of(_places(far))
    return Problem(
        f"{len(far)} of {counted(len(table), 'volume')} are far from what the others lead to expect ({places}), more "
        f"than {MOST_LEFT_OUT:.0%}: nothing is learned (allowed: volumes of one mother, all in mL)",
        her.file,
    )


def _places(rows: pd.DataFrame) -> list[tuple[int | None, str]]:
    import pandas as pd

    return [
        (None if pd.isna(line) else int(line), start) for line, start in zip(rows["line"], rows["start"], strict=True)
    ]


def _traits(virtual: Run | MemoryRun) -> pd.DataFrame:
    """Log factors of virtual mothers, a row for each; one column for each trait, and for each infant that has it."""
    import numpy as np

    drawn = virtual.read("mothers", ["key", "factor", "mother"])
    own = [keys_of[0] for keys_of in TRAITS.values()]
    first = [key for key in drawn["key"].unique() if key in own or key.startswith("infants.")]
    drawn = drawn[drawn["key"].isin(first)]
    drawn = drawn.assign(log_factor=np.log(drawn["factor"]))
    return drawn.pivot_table(index="mother", columns="key", values="log_factor", sort=False)


def _forecast(virtual: Run | MemoryRun, volumes: pd.DataFrame, table: pd.DataFrame, held: Any) -> pd.DataFrame:
    """What is held out beside its forecasts."""
    rows = table.loc[volumes.columns]
    ours = Forecaster(volumes, held, READING_SD_ML).of(rows["recorded_ml"])
    one = virtual.only(0, 0)
    planned = one["sessions"][["session", "planned_min"]]
    emptied = one["removals"][["session", "breast"]].merge(planned, on="session").astype({"breast": str})
    later = rows[held]
    simple = simple_forecasts(rows[(rows["use"] == USED).to_numpy()], later, emptied)
    columns = ["start", "line", *KEYS[:-1], "recorded_ml"]
    found: pd.DataFrame = later[columns].join(ours).join(simple).reset_index(drop=True)
    return found


def as_quantities(estimate: pd.DataFrame, config: RunConfig) -> tuple[pd.DataFrame, dict[str, float]]:
    """
    The table of traits in the units of their quantities, and values of all quantities.

    Those of traits that are not identified are among them: where a log shows two traits only together, each
    of them is uncertain by itself, and yet both have moved. What nearly no woman has is held at the edge of what women
    have: the prediction is linear, and was learned from none like her.

    Parameters
    ----------
    estimate
        Of `Learned`.
    config
        Of the virtual mothers.
    """
    import pandas as pd

    trait_of = {key: trait for trait, keys in TRAITS.items() for key in keys}
    declared = {item.key: item for item in declared_quantities(config)}
    women = seen_in_women(config)
    rows: list[tuple[object, ...]] = []
    values: dict[str, float] = {}
    for key, found in estimate.iterrows():
        quantity = declared[str(key)]
        general = ".".join("*" if part.isdecimal() else part for part in str(key).split("."))
        trait, (lowest, highest) = trait_of[general], quantity.declaration.within
        keys = [str(key)] if general != key else TRAITS[trait]
        factor = _held(found["mean"], [(declared[each].value, women[each]) for each in keys])
        unit, value = quantity.declaration.unit, quantity.value * factor
        low, high = (min(max(quantity.value * exp(found[name]), lowest), highest) for name in ("low", "high"))
        ends = min(low, value), max(high, value)
        at_edge = abs(log(factor) - found["mean"]) > 1e-3
        identified = bool(found["identified"])
        rows.append((trait, key, unit, quantity.value, value, *ends, found["left"], identified, at_edge))
        values |= {str(key): value} if general != key else scaled(config, {trait: factor})
    names = ["trait", "key", "unit", "reference", "value", "low", "high", "left", "identified", "at_edge"]
    table = pd.DataFrame(rows, columns=names).sort_values("left", ignore_index=True)
    return table, {str(key): float(f"{value:.6g}") for key, value in values.items()}


def _held(log_factor: float, quantities: list[tuple[float, tuple[float, float]]]) -> float:
    """A factor on quantities that keeps each in its range, where the factor 1 does."""
    low = max(min(1.0, lowest / _INSIDE / value) for value, (lowest, _) in quantities)
    high = min(max(1.0, highest * _INSIDE / value) for value, (_, highest) in quantities)
    return min(max(exp(log_factor), low), high)


def checked(check: Run, volumes: pd.DataFrame) -> tuple[dict[str, float | None], pd.Series[float]]:
    """
    The fitted mother against her log.

    Parameters
    ----------
    check
        Her run.
    volumes
        Of `Learned`.

    Returns
    -------
    `bias_ml`, `sd_ml` and `correlation` of simulated less recorded over the volumes that the fit used; `all_bias_ml`,
    `all_sd_ml` over all that `lactflow run` compares; None where there are too few. And her volumes [mL], as `volumes`
    is indexed.
    """
    rows = keyed(recorded(check)).set_index(KEYS)
    at = volumes.set_index(KEYS).index
    used = agreement(rows.loc[rows.index.isin(at[(volumes["use"] == USED).to_numpy()])])
    every = agreement(rows)
    found = {
        "bias_ml": used.bias_ml,
        "sd_ml": used.sd_ml,
        "correlation": used.correlation,
        "all_bias_ml": every.bias_ml,
        "all_sd_ml": every.sd_ml,
    }
    hers = rows["simulated_ml"].groupby(level=KEYS).first().reindex(at)
    hers.index = volumes.index
    return {name: value if isfinite(value) else None for name, value in found.items()}, hers


def as_plain(found: Score) -> dict[str, Any]:
    """A score for a manifest: no NaN."""

    def plain(values: dict[str, float]) -> dict[str, float | None]:
        return {name: value if isfinite(value) else None for name, value in values.items()}

    return {**found._asdict(), "mae_ml": plain(found.mae_ml), "bias_ml": plain(found.bias_ml)}
