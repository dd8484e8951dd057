"""
Sums and weights of the measures, by mother, replicate and day.

Samples become intervals, intervals are cut at midnights (multiples of 24 h after birth), and what they say is
added up with their length as the weight. Sums over days are then sums over any window of days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lactflow.records import BREASTS
from lactflow.units import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy.typing as npt

    from lactflow.recording.reader import StoredRun

UNIT = ["mother", "replicate"]
TALLIED = ("removals", "sessions", "lobes", "breasts", "infants")
"""Tables that measures are made of: all that `tally` and `onset.onsets` read."""
_DAILY = [*UNIT, "day"]
_HOURS_PER_DAY = 24.0
_FULL = 0.8
_CONCENTRATIONS = ["fat_g_per_l", "lactose_g_per_l", "protein_g_per_l", "sodium_mmol_per_l"]


@dataclass(frozen=True)
class Tallies:
    """
    What measures are made of; a row for each group, a column for each measure.

    Attributes
    ----------
    sums, weights
        Numerators and denominators of the measures.
    observed_days
        Time that was simulated [days].
    """

    sums: pd.DataFrame
    weights: pd.DataFrame
    observed_days: pd.Series[float]

    def added_up(self, by: Sequence[str]) -> Tallies:
        """Tallies of larger groups, by some of the levels, or of everything in one row."""
        if not by:
            everything = pd.Index([0])
            return Tallies(
                self.sums.sum().to_frame().T.set_axis(everything),
                self.weights.sum().to_frame().T.set_axis(everything),
                pd.Series([self.observed_days.sum()], index=everything),
            )
        levels = list(by)
        return Tallies(
            self.sums.groupby(level=levels).sum(),
            self.weights.groupby(level=levels).sum(),
            self.observed_days.groupby(level=levels).sum(),
        )

    def with_level(self, name: str, of_day: Mapping[int, str]) -> Tallies:
        """Tallies by mother, replicate and day with one more level, which goes by the day."""
        index = self.sums.index
        levels = [index.get_level_values(level) for level in _DAILY]
        labels = pd.Index([of_day[int(day)] for day in index.get_level_values("day")], dtype=object)
        return self._indexed(pd.MultiIndex.from_arrays([*levels, labels], names=[*_DAILY, name]))

    def where(self, level: str, label: str) -> Tallies:
        """Rows with one label of a level."""
        return self._kept(self.sums.index.get_level_values(level) == label)

    def of_units(self, units: Collection[tuple[int, int]]) -> Tallies:
        """Rows of some units of work: of these pairs of mother and replicate."""
        pairs = zip(*(self.sums.index.get_level_values(level) for level in UNIT), strict=True)
        kept = {(int(mother), int(replicate)) for mother, replicate in units}
        return self._kept(np.array([(int(mother), int(replicate)) in kept for mother, replicate in pairs], dtype=bool))

    def _indexed(self, index: pd.MultiIndex) -> Tallies:
        return Tallies(self.sums.set_axis(index), self.weights.set_axis(index), self.observed_days.set_axis(index))

    def _kept(self, rows: npt.NDArray[np.bool_]) -> Tallies:
        return Tallies(self.sums[rows], self.weights[rows], self.observed_days[rows])


def tally(run: StoredRun, warm_up_min: float = 0.0) -> Tallies:
    """
    Sums and weights of every measure, by mother, replicate and day.

    Parameters
    ----------
    run
        The run; a unit of work without facts has no row.
    warm_up_min
        Time left out at the start of every unit of work [min].
    """
    units = windows(run, warm_up_min)
    days = _by_day(units.rename(columns={"from_min": "start", "to_min": "end"}))
    observed_days = (days.groupby(_DAILY)["weight"].sum() / DAY_MIN).rename("observed_days")
    parts = [
        *_breasts(run, units),
        *_lobes(run, units),
        *_infants(run, units),
        *_removals(run, units, observed_days),
        *_sessions(run, units, observed_days),
    ]
    sums = pd.concat([part.sums for part in parts], axis=1).reindex(observed_days.index).fillna(0.0)
    weights = pd.concat([part.weights for part in parts], axis=1).reindex(observed_days.index).fillna(0.0)
    return Tallies(sums, weights, observed_days)


@dataclass(frozen=True)
class _Part:
    """Sums and weights that one table tells; days without rows may be missing."""

    sums: pd.DataFrame
    weights: pd.DataFrame


def windows(run: StoredRun, warm_up_min: float = 0.0) -> pd.DataFrame:
    """
    Time that was simulated of each unit of work.

    Parameters
    ----------
    warm_up_min
        Time left out at the start [min].

    Returns
    -------
    `mother`, `replicate`, `from_min`, `to_min`; no row for a unit of which nothing is left.
    """
    spans = [(*unit, start + warm_up_min, end) for unit, (start, end) in run.spans_min.items()]
    units = pd.DataFrame(spans, columns=[*UNIT, "from_min", "to_min"])
    units = units.astype({"mother": np.int32, "replicate": np.int32, "from_min": float, "to_min": float})
    return units[units["from_min"] < units["to_min"]].reset_index(drop=True)


def _by_day(intervals: pd.DataFrame) -> pd.DataFrame:
    """
    Intervals cut at midnights.

    Parameters
    ----------
    intervals
        `start` and `end` [min since birth], and whatever else each row says.

    Returns
    -------
    The rows, repeated for each day they touch, with `day` and `weight` (the time on that day [min]).
    """
    intervals = intervals[intervals["start"] < intervals["end"]]
    first = np.floor(intervals["start"].to_numpy() / DAY_MIN).astype(np.int64)
    touched = np.ceil(intervals["end"].to_numpy() / DAY_MIN).astype(np.int64) - first
    rows = np.repeat(np.arange(len(intervals)), touched)
    midnights = first[rows] + np.arange(len(rows)) - (np.cumsum(touched) - touched)[rows]
    cut = intervals.take(rows).reset_index(drop=True)
    start = np.maximum(cut["start"].to_numpy(), midnights * DAY_MIN)
    end = np.minimum(cut["end"].to_numpy(), (midnights + 1) * DAY_MIN)
    cut["day"], cut["weight"] = midnights + 1, end - start
    return cut


def held(samples: pd.DataFrame, whose: list[str], units: pd.DataFrame) -> pd.DataFrame:
    """
    Samples as intervals: each holds until the next one of the same `whose`, the last one to the end.

    Parameters
    ----------
    samples
        With `mother`, `replicate`, `time_min`.
    whose
        Columns that tell what was sampled.
    units
        As `windows` gives them.

    Returns
    -------
    The samples, cut at midnights and at the edges of the windows, with `day` and `weight` (how long [min]).
    """
    rows = samples.merge(units, on=UNIT)
    until = rows.groupby([*UNIT, *whose], observed=True)["time_min"].shift(-1)
    rows["start"] = np.maximum(rows["time_min"], rows["from_min"])
    rows["end"] = np.minimum(until.fillna(rows["to_min"]), rows["to_min"])
    return _by_day(rows)


def _since_before(samples: pd.DataFrame, whose: list[str], units: pd.DataFrame) -> pd.DataFrame:
    """Samples as intervals: each tells of the time since the one before, the first of nothing."""
    told = samples.merge(units, on=UNIT)
    before = told.groupby([*UNIT, *whose], observed=True)["time_min"].shift(1)
    told["start"] = np.maximum(before, told["from_min"])
    told["end"] = np.minimum(told["time_min"], told["to_min"])
    return _by_day(told)


def _average(rows: pd.DataFrame, measures: dict[str, str], weight: str, scale: float = 1.0) -> _Part:
    """
    Weighted sums of columns, and the weights of their values that are not null.

    Parameters
    ----------
    rows
        With `mother`, `replicate`, `day`.
    measures
        Column of each measure.
    weight
        Column of the weights.
    scale
        What a value of 1 throughout counts as.
    """
    values = rows[list(measures.values())].astype(float).set_axis(list(measures), axis=1)
    weights = values.notna().mul(rows[weight], axis=0)
    keys = [rows[key] for key in _DAILY]
    return _Part(values.mul(rows[weight] * scale, axis=0).groupby(keys).sum(), weights.groupby(keys).sum())


def _breasts(run: StoredRun, units: pd.DataFrame) -> list[_Part]:
    samples = run["breasts"]
    samples["fullness"] = samples["volume_ml"] / samples["capacity_ml"]
    samples["above"] = (samples["fullness"] > _FULL).where(samples["fullness"].notna())
    kept = held(samples, ["breast"], units)
    stored = samples.groupby([*UNIT, "time_min"])["volume_ml"].sum().reset_index()
    parts = [
        _average(kept, {"fullness": "fullness"}, "weight"),
        _average(kept, {"hours_above_80_percent_full_per_day": "above"}, "weight", _HOURS_PER_DAY),
        _average(held(stored, [], units), {"stored_ml": "volume_ml"}, "weight"),
    ]
    secreted = _since_before(samples, ["breast"], units)
    for breast in BREASTS:
        measures = {f"made_ml_per_day_{breast}": "secretion_ml_per_h"}
        parts.append(_average(secreted[secreted["breast"] == breast], measures, "weight", _HOURS_PER_DAY))
    return parts


def _lobes(run: StoredRun, units: pd.DataFrame) -> list[_Part]:
    told = ["inhibitor", "active_cells", "upr_adaptive"]
    kept = held(run.read("lobes", ["time_min", "breast", "lobe", *told, *UNIT]), ["breast", "lobe"], units)
    return [
        _average(kept, {"inhibitor": "inhibitor", "active_cells_fraction": "active_cells"}, "weight"),
        _average(kept, {"upr_exposure_h_per_day": "upr_adaptive"}, "weight", _HOURS_PER_DAY),
    ]


def _infants(run: StoredRun, units: pd.DataFrame) -> list[_Part]:
    kept = held(run["infants"], ["infant"], units)
    return [_average(kept, {"infant_weight_kg": "weight_kg"}, "weight")]


def _started(rows: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Rows that start in the window of their unit of work, with their day."""
    rows = rows.merge(units, on=UNIT)
    rows = rows[(rows["start_min"] >= rows["from_min"]) & (rows["start_min"] < rows["to_min"])].copy()
    rows["day"] = np.floor(rows["start_min"].to_numpy() / DAY_MIN).astype(np.int64) + 1
    rows["one"] = 1.0
    return rows


def _per_day(rows: pd.DataFrame, measure: str, column: str, observed_days: pd.Series[float]) -> _Part:
    """Sum of a column; a day without rows counts as 0, not as unknown."""
    sums = rows.groupby(_DAILY)[column].sum().reindex(observed_days.index).fillna(0.0)
    return _Part(sums.to_frame(measure), observed_days.to_frame(measure))


def _removals(run: StoredRun, units: pd.DataFrame, observed_days: pd.Series[float]) -> list[_Part]:
    removals = _started(run["removals"], units)
    available_ml = removals["available_ml"]
    removals["emptied"] = removals["removed_ml"] / available_ml.where(available_ml > 0.0)
    parts = [
        _per_day(removals[removals["breast"] == breast], f"removed_ml_per_day_{breast}", "removed_ml", observed_days)
        for breast in BREASTS
    ]
    parts.append(_average(removals, {"emptied_fraction": "emptied"}, "one"))
    parts.append(_average(removals, {name: name for name in _CONCENTRATIONS}, "removed_ml"))
    return parts


def _sessions(run: StoredRun, units: pd.DataFrame, observed_days: pd.Series[float]) -> list[_Part]:
    sessions = _started(run["sessions"], units)
    # What a pump takes is no infant's intake.
    fed = sessions[sessions["kind"].isin(["feed", "bottle"])]
    let_downs = run["removals"].groupby([*UNIT, "session"], as_index=False)["let_downs"].sum()
    feeds = sessions[sessions["kind"] == "feed"].merge(let_downs, on=[*UNIT, "session"], how="left")
    return [
        _per_day(fed, "intake_ml_per_day", "intake_ml", observed_days),
        _per_day(sessions, "sessions_per_day", "one", observed_days),
        _average(feeds, {"let_downs_per_feed": "let_downs"}, "one"),
    ]
