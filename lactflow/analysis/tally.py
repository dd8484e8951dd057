"""
Sums and weights of the measures, by mother, replicate and day.

Samples become intervals that end at midnight at the latest (`lactflow.analysis.days`), and what they say is added up
with their length as the weight. Sums over days are then sums over any window of days.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from lactflow.analysis.days import DAILY, UNIT, Days, Part, windows
from lactflow.analysis.drug_tally import READ, drug_parts
from lactflow.records import BREASTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from lactflow.analysis.days import Floats, Whole
    from lactflow.recording.tables import RunTables

_HOURS_PER_DAY = 24.0
_ML_PER_L = 1000.0
_FULL = 0.8
_CONCENTRATIONS = ("fat_g_per_l", "lactose_g_per_l", "protein_g_per_l", "sodium_mmol_per_l")
_IONS = ("sodium_mmol_per_l", "potassium_mmol_per_l")
_CARRIED = {"siga_g_per_day": "siga", "lactoferrin_g_per_day": "lactoferrin"}
"""Measures of what a run adds to milk, each with the name of its analyte."""
_OF_LOBES = ("inhibitor", "active_cells", "upr_adaptive")
TALLIED: Mapping[str, Sequence[str]] = {
    "removals": (
        *("session", "breast", "start_min", "available_ml", "removed_ml", "let_downs"),
        *(*_CONCENTRATIONS, _IONS[1], *UNIT),
    ),
    "sessions": ("session", "kind", "start_min", "intake_ml", *UNIT),
    "lobes": ("time_min", "breast", "lobe", *_OF_LOBES, *UNIT),
    "breasts": ("time_min", "breast", "volume_ml", "capacity_ml", "secretion_ml_per_h", *UNIT),
    "infants": ("time_min", "infant", "weight_kg", *UNIT),
    "removal_contents": ("session", "analyte", "amount", *UNIT),
    **READ,
}
"""Tables that measures are made of, with the columns: all that `tally`, `onsets` and `activations` read."""


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
            self.sums.copy().groupby(level=levels).sum(),  # a copy is one block of memory, much faster to group
            self.weights.copy().groupby(level=levels).sum(),
            self.observed_days.groupby(level=levels).sum(),
        )

    def with_level(self, name: str, of_day: Mapping[int, str]) -> Tallies:
        """Tallies by mother, replicate and day with one more level, which goes by the day."""
        index = self.sums.index
        levels = [index.get_level_values(level) for level in DAILY]
        labels = pd.Index([of_day[int(day)] for day in index.get_level_values("day")], dtype=object)
        return self._indexed(pd.MultiIndex.from_arrays([*levels, labels], names=[*DAILY, name]))

    def where(self, level: str, label: str) -> Tallies:
        """Rows with one label of a level."""
        return self._kept(self.sums.index.get_level_values(level) == label)

    def on_days(self, first: int | None, last: int | None) -> Tallies:
        """Rows of some days, both ends included; all of them where there is no first one."""
        if first is None or last is None:
            return self
        day = self.sums.index.get_level_values("day").to_numpy()
        return self._kept((day >= first) & (day <= last))

    def of_units(self, units: Collection[tuple[int, int]]) -> Tallies:
        """Rows of some units of work: of these pairs of mother and replicate."""
        pairs = zip(*(self.sums.index.get_level_values(level) for level in UNIT), strict=True)
        kept = {(int(mother), int(replicate)) for mother, replicate in units}
        return self._kept(np.array([(int(mother), int(replicate)) in kept for mother, replicate in pairs], dtype=bool))

    def of_days(self, first: int, last: int) -> Tallies:
        """Rows of some days, the first and the last among them."""
        days = self.sums.index.get_level_values("day").to_numpy()
        return self._kept((days >= first) & (days <= last))

    def _indexed(self, index: pd.MultiIndex) -> Tallies:
        return Tallies(self.sums.set_axis(index), self.weights.set_axis(index), self.observed_days.set_axis(index))

    def _kept(self, rows: npt.NDArray[np.bool_]) -> Tallies:
        return Tallies(self.sums[rows], self.weights[rows], self.observed_days[rows])


class Tallied(NamedTuple):
    """
    Tallies of one run, for whoever makes several things of them.

    Attributes
    ----------
    whole
        Of every day.
    after
        Of the time after the warm-up.
    """

    whole: Tallies
    after: Tallies


def tallied(run: RunTables, warm_up_min: float = 0.0) -> Tallied:
    """
    Tallies with and without the warm-up, which are the same where there is none.

    Parameters
    ----------
    run
        The run.
    warm_up_min
        Time left out at the start of every unit of work [min].
    """
    whole = tally(run)
    return Tallied(whole, tally(run, warm_up_min) if warm_up_min else whole)


def tally(run: RunTables, warm_up_min: float = 0.0) -> Tallies:
    """
    Sums and weights of every measure, by mother, replicate and day.

    Parameters
    ----------
    run
        The run; a unit of work without facts has no row.
    warm_up_min
        Time left out at the start of every unit of work [min].
    """
    days = Days(windows(run, warm_up_min))
    removals, infants = (run.read(table, TALLIED[table]) for table in ("removals", "infants"))
    table = "removal_contents"
    contents = run.read(table, TALLIED[table]) if table in run.tables else None
    parts = [
        *_breasts(run, days),
        *_lobes(run, days),
        *_infants(infants, days),
        *_removals(removals, days),
        *_sessions(run, removals, days),
        *_carried(contents, removals, days),
        *drug_parts(run, removals, contents, infants, days),
    ]
    sums, weights = (pd.concat([part[n] for part in parts], axis=1).set_axis(days.index) for n in (0, 1))
    return Tallies(sums, weights, days.observed.set_axis(days.index))


def _floats(table: pd.DataFrame, names: Sequence[str], rows: Whole | None = None) -> list[Floats]:
    """Columns of a table, or of some of its rows; NaN for null."""
    columns = (table[name].to_numpy(float, na_value=nan) for name in names)
    return [column if rows is None else column[rows] for column in columns]


def _breasts(run: RunTables, days: Days) -> Iterator[Part]:
    samples = run.read("breasts", TALLIED["breasts"])
    of, rows, minutes = days.held(samples, ["breast"])
    volume_ml, capacity_ml = _floats(samples, ["volume_ml", "capacity_ml"], of)
    fullness = volume_ml / capacity_ml
    above = np.where(np.isnan(fullness), nan, fullness > _FULL)
    yield days.average(rows, {"fullness": fullness}, minutes)
    yield days.average(rows, {"hours_above_80_percent_full_per_day": above}, minutes, _HOURS_PER_DAY)
    stored = samples.groupby([*UNIT, "time_min"])["volume_ml"].sum().reset_index()
    of, rows, minutes = days.held(stored, [])
    yield days.average(rows, {"stored_ml": _floats(stored, ["volume_ml"], of)[0]}, minutes)
    for breast in BREASTS:
        own = samples[samples["breast"] == breast]
        of, rows, minutes = days.since_before(own, [])
        (made,) = _floats(own, ["secretion_ml_per_h"], of)
        yield days.average(rows, {f"made_ml_per_day_{breast}": made}, minutes, _HOURS_PER_DAY)


def _lobes(run: RunTables, days: Days) -> Iterator[Part]:
    samples = run.read("lobes", TALLIED["lobes"])
    of, rows, minutes = days.held(samples, ["breast", "lobe"])
    inhibitor, active, adaptive = _floats(samples, _OF_LOBES, of)
    yield days.average(rows, {"inhibitor": inhibitor, "active_cells_fraction": active}, minutes)
    yield days.average(rows, {"upr_exposure_h_per_day": adaptive}, minutes, _HOURS_PER_DAY)


def _infants(samples: pd.DataFrame, days: Days) -> Iterator[Part]:
    of, rows, minutes = days.held(samples, ["infant"])
    yield days.average(rows, {"infant_weight_kg": _floats(samples, ["weight_kg"], of)[0]}, minutes)


def _removals(removals: pd.DataFrame, days: Days) -> Iterator[Part]:
    removals, rows = days.started(removals)
    available_ml, removed_ml, *concentrations = _floats(removals, ["available_ml", "removed_ml", *_CONCENTRATIONS])
    for breast in BREASTS:
        own = (removals["breast"] == breast).to_numpy()
        yield days.per_day(rows[own], f"removed_ml_per_day_{breast}", removed_ml[own])
    emptied = removed_ml / np.where(available_ml > 0.0, available_ml, nan)
    yield days.average(rows, {"emptied_fraction": emptied}, np.ones(len(rows)))
    yield days.average(rows, dict(zip(_CONCENTRATIONS, concentrations, strict=True)), removed_ml)
    sodium, potassium = _floats(removals, _IONS)
    yield days.average(rows, {"na_k_ratio": sodium / potassium}, potassium * removed_ml)
    # Where nothing was removed there is no concentration, and no fat.
    fat_g = np.where(removed_ml > 0.0, concentrations[0] * removed_ml / _ML_PER_L, 0.0)
    yield days.per_day(rows, "fat_g_per_day", fat_g)


def _sessions(run: RunTables, removals: pd.DataFrame, days: Days) -> Iterator[Part]:
    sessions, rows = days.started(run.read("sessions", TALLIED["sessions"]))
    # What a pump takes is no infant's intake.
    fed, feeds = (sessions["kind"].isin(kinds).to_numpy() for kinds in (["feed", "bottle"], ["feed"]))
    yield days.per_day(rows[fed], "intake_ml_per_day", _floats(sessions, ["intake_ml"])[0][fed])
    yield days.per_day(rows, "sessions_per_day", np.ones(len(rows)))
    let_downs = removals.groupby([*UNIT, "session"])["let_downs"].sum()
    of_feed = let_downs.reindex(pd.MultiIndex.from_frame(sessions.loc[feeds, [*UNIT, "session"]])).to_numpy(float)
    yield days.average(rows[feeds], {"let_downs_per_feed": of_feed}, np.ones(len(of_feed)))


def _carried(contents: pd.DataFrame | None, removals: pd.DataFrame, days: Days) -> Iterator[Part]:
    """What a run adds to milk; unknown, not 0, of a unit whose milk does not carry it."""
    sessions = removals.drop_duplicates([*UNIT, "session"])[[*UNIT, "session", "start_min"]]
    for measure, analyte in _CARRIED.items():
        own = None if contents is None else contents[contents["analyte"] == analyte]
        if own is None or own.empty:
            nothing = pd.DataFrame({measure: np.zeros(len(days.index))}, index=days.observed.index)
            yield Part(nothing, nothing)
            continue
        own, rows = days.started(own[[*UNIT, "session", "amount"]].merge(sessions, on=[*UNIT, "session"]))
        part = days.per_day(rows, measure, *_floats(own, ["amount"]))
        units = pd.MultiIndex.from_frame(own[UNIT].drop_duplicates())
        carries = days.index.droplevel("day").isin(units)
        yield Part(part.sums, part.weights.mul(carries.astype(float), axis=0))
