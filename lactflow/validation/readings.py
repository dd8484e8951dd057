"""
How the measurements of published studies are read from runs.

A published mean over women is held against the mean over the reference mothers; their spread is not that of women,
which comes with a cohort.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.units import DAY_MIN
from lactflow.validation.claim import Runs
from lactflow.validation.runs import HALF_YEARS, MOTHERS, WEANINGS
from lactflow.validation.simulated import Simulated

if TYPE_CHECKING:
    import pandas as pd

Observable = Callable[[Runs], float]
MATURE = (31.0, 181.0)
"""One to six months."""


def mean_of_mothers(runs: Runs, measure: Callable[[Simulated], float]) -> float:
    """Over mothers from birth on."""
    return float(np.nanmean([measure(runs[f"mother {seed}"]) for seed in MOTHERS]))


def mean_of_later(runs: Runs, measure: Callable[[Simulated], float]) -> float:
    """Over mothers in months 1 to 6."""
    return float(np.nanmean([measure(runs[f"half a year {seed}"]) for seed in HALF_YEARS]))


def mature_milk(column: str, scale: float = 1.0) -> Observable:
    """A concentration in the milk of months 1 to 6."""
    return lambda runs: scale * mean_of_later(runs, lambda run: run.concentration(column, *MATURE))


def intake_on(day: float) -> Observable:
    """Intake on one day, over mothers [mL]."""
    return lambda runs: mean_of_mothers(runs, lambda run: run.removed_ml_per_day(day, day + 1.0))


def milk_of(column: str, from_day: float, to_day: float, scale: float = 1.0) -> Observable:
    """A concentration in the milk of some days, over mothers."""
    return lambda runs: scale * mean_of_mothers(runs, lambda run: run.concentration(column, from_day, to_day))


def removed_between(from_day: float, to_day: float) -> Observable:
    """Milk removed a day in months 1 to 6."""
    return lambda runs: mean_of_later(runs, lambda run: run.removed_ml_per_day(from_day, to_day))


def rise_of_preterm(run: Simulated) -> float:
    """Rise of the milk of a mother who pumps, from the days before a treatment in the fifth week to its first week."""
    return run.removed_ml_per_day(36, 40) - run.removed_ml_per_day(29, 33)


def breast_feeds(run: Simulated) -> pd.DataFrame:
    """Feeds at single breasts in established lactation."""
    begin, end = (MATURE[0] - 1.0) * DAY_MIN, (MATURE[1] - 1.0) * DAY_MIN
    removals = run.removals
    return removals[(removals["kind"] == "feed") & removals["start_min"].between(begin, end)]


def mature_sessions(run: Simulated) -> pd.DataFrame:
    """Feeds, both breasts together, in months 1 to 6."""
    begin, end = (MATURE[0] - 1.0) * DAY_MIN, (MATURE[1] - 1.0) * DAY_MIN
    sessions = run.sessions
    return sessions[(sessions["kind"] == "feed") & sessions["start_min"].between(begin, end)]


def of_feeds(measure: Callable[[pd.DataFrame], float]) -> Observable:
    """A measure of feeds at single breasts in months 1 to 6."""
    return lambda runs: mean_of_later(runs, lambda run: measure(breast_feeds(run)))


def of_sessions(measure: Callable[[pd.DataFrame], float]) -> Observable:
    """A measure of whole feeds in months 1 to 6."""
    return lambda runs: mean_of_later(runs, lambda run: measure(mature_sessions(run)))


def share_taken(feeds: pd.DataFrame) -> float:
    """Share of the available milk that was taken [%]."""
    return float(100.0 * (feeds["removed_ml"] / feeds["available_ml"]).mean())


def emptied(feeds: pd.DataFrame) -> float:
    """Degree of emptying after a feed [%]: 100 less fullness, as fullness is zero at the emptiest."""
    return float(100.0 * (1.0 - feeds["fullness_end"]).mean())


def capacity_shown(run: Simulated) -> float:
    """Largest less smallest volume of a breast within a day, before and after feeds [mL]; the mean over days."""
    feeds = breast_feeds(run)
    by_day = feeds.assign(left_ml=feeds["available_ml"] - feeds["removed_ml"]).groupby(
        ["breast", feeds["start_min"] // DAY_MIN]
    )
    return float((by_day["available_ml"].max() - by_day["left_ml"].min()).mean())


def rate_of_breast(run: Simulated, from_day: float, to_day: float) -> float:
    """Rate of secretion of one breast [mL/h]."""
    return run.made_ml_per_day(from_day, to_day) / 48.0


def fat_cv(side: str) -> Observable:
    """Coefficient of variation of fat within 24 h [%]: over samples of fore- and hind-milk of one breast."""

    def of_run(run: Simulated) -> float:
        feeds = breast_feeds(run)
        feeds = feeds[feeds["breast"] == side].dropna(subset=["fat_start_g_per_l"])
        days = feeds["start_min"] // DAY_MIN
        spreads = []
        for _, day in feeds.groupby(days):
            fat = np.concatenate([day["fat_start_g_per_l"], day["fat_end_g_per_l"]])
            spreads.append(100.0 * np.std(fat, ddof=1) / np.mean(fat) if len(fat) > 2 else np.nan)
        return float(np.nanmean(spreads))

    return lambda runs: mean_of_later(runs, of_run)


def fat_explained(runs: Runs) -> float:
    """Share of the variance of fat that emptying explains, by a parabola [%]."""

    def of_run(run: Simulated) -> float:
        feeds = breast_feeds(run).dropna(subset=["fat_start_g_per_l"])
        emptying = np.concatenate([1.0 - feeds["fullness_start"], 1.0 - feeds["fullness_end"]])
        fat = np.concatenate([feeds["fat_start_g_per_l"], feeds["fat_end_g_per_l"]])
        fitted = np.polyval(np.polyfit(emptying, fat, 2), emptying)
        return float(100.0 * (1.0 - np.var(fat - fitted) / np.var(fat)))

    return mean_of_later(runs, of_run)


def hours_until(column: str, share: float) -> Observable:
    """Hours after birth at which a concentration has come a share of its way to day 5."""

    def of_run(run: Simulated) -> float:
        milk = run.removals.dropna(subset=[column])
        milk = milk[milk["start_min"] < 5.0 * DAY_MIN]
        times, level = milk["start_min"].to_numpy() / 60.0, milk[column].to_numpy()
        first = level[times < 12.0].mean()
        last = level[times > 4.0 * 24.0].mean()
        reached = times[level >= first + share * (last - first)]
        return float(reached[0]) if len(reached) else float("nan")

    return lambda runs: mean_of_mothers(runs, of_run)


def slower_after_h(runs: Runs) -> float:
    """Hours after emptying from which the mean rate since is less than 95 % of the first."""
    breasts = runs["emptied once"].breasts
    rate = breasts[breasts["time_min"] > 60.0 * DAY_MIN].groupby("time_min")["secretion_ml_per_h"].sum()
    mean = rate.expanding().mean()
    slow = mean[mean < 0.95 * mean.iloc[3]]
    return float(slow.index[0] / 60.0 - 60.0 * 24.0) if len(slow) else float("inf")


def prolactin_around(day: float, quantile: float) -> Observable:
    """Basal (low) or peak (high) prolactin around a day."""

    def of_runs(runs: Runs) -> float:
        run = runs["mother 1" if day < 60.0 else "half a year 1"]
        hormones = run.hormones
        near = hormones[(hormones["time_min"] / DAY_MIN - day).abs() < 3.0]
        return float(near["prolactin_ng_per_ml"].quantile(quantile))

    return of_runs


def from_pumpings(measure: Callable[[pd.DataFrame, pd.DataFrame], float]) -> Observable:
    """From pumpings of one breast between feeds: their removals and their let-downs."""

    def of_runs(runs: Runs) -> float:
        values = []
        for side in ("left", "right"):
            run = runs[f"pump {side}"]
            removals = run.removals
            removals = removals[removals["kind"] == "pump"]
            let_downs = run["let_downs"]
            let_downs = let_downs[(let_downs["trigger"] == "pump") & (let_downs["breast"] == side)]
            values.append(measure(removals, let_downs))
        return float(np.mean(values))

    return of_runs


def within_min(let_downs: pd.DataFrame, removals: pd.DataFrame, minutes: float) -> pd.Series[Any]:
    """Which let-downs of pumpings came in the first minutes of them."""
    starts = let_downs["session"].map(removals.set_index("session")["start_min"])
    return let_downs["time_min"] - starts < minutes


def ejections_in(minutes: float) -> Observable:
    """Let-downs in the first minutes of a pumping."""
    return from_pumpings(
        lambda removals, let_downs: float(within_min(let_downs, removals, minutes).sum()) / len(removals)
    )


def first_ejection(removals: pd.DataFrame, let_downs: pd.DataFrame) -> float:
    """Share of the milk of a pumping that the first let-down gave [%]."""
    firsts = let_downs.groupby("session")["ejected_ml"].first()
    return float(100.0 * (firsts / let_downs.groupby("session")["ejected_ml"].sum()).mean()) if len(removals) else 0.0


def early_yield(removals: pd.DataFrame, let_downs: pd.DataFrame) -> float:
    """Milk pumped in the first 5 min [mL]."""
    early = let_downs[within_min(let_downs, removals, 5.0)].groupby("session")["ejected_ml"].sum()
    total = let_downs.groupby("session")["ejected_ml"].sum()
    shares = (early / total).reindex(removals["session"]).fillna(0.0).to_numpy()
    return float((shares * removals["removed_ml"].to_numpy()).mean())


def early_share(removals: pd.DataFrame, let_downs: pd.DataFrame) -> float:
    """Share of the available milk that was pumped in the first 5 min [%]."""
    return 100.0 * early_yield(removals, let_downs) / float(removals["available_ml"].mean())


def newborn_pulses(runs: Runs) -> float:
    """Pulses in the first 10 min of suckling on day 2, at the latency and interval of that day."""

    def of_run(run: Simulated) -> float:
        let_downs = run["let_downs"]
        fed = let_downs[(let_downs["trigger"] == "suckling") & (let_downs["breast"] == "left")]
        fed = fed[fed["time_min"].between(DAY_MIN, 2.0 * DAY_MIN)]
        latches = fed["session"].drop_duplicates().map(run.sessions.set_index("session")["start_min"])
        latency = float((fed.groupby("session")["time_min"].min().to_numpy() - latches.to_numpy()).mean())
        return 1.0 + (10.0 - latency) / float(fed.groupby("session")["time_min"].diff().mean())

    return mean_of_mothers(runs, of_run)


def sodium_over_potassium(run: Simulated, side: str, from_day: float, to_day: float) -> float:
    """Na/K of the milk of one breast."""
    removals = run.removals
    begin, end = (from_day - 1.0) * DAY_MIN, (to_day - 1.0) * DAY_MIN
    milk = removals[(removals["breast"] == side) & removals["start_min"].between(begin, end)]
    return float((milk["sodium_mmol_per_l"] / milk["potassium_mmol_per_l"]).mean())


def newborn_loss(runs: Runs) -> float:
    """Weight lost at the lowest, of weight at birth [%]."""

    def of_run(run: Simulated) -> float:
        weights = run["infants"]["weight_kg"]
        return float(100.0 * (1.0 - weights.min() / weights.iloc[0]))

    return mean_of_mothers(runs, of_run)


def extra_pumping(runs: Runs) -> float:
    """Rise of production two to three weeks after pumping after feeds has begun [%]."""
    run = runs["pump after feeds"]
    return 100.0 * (run.made_ml_per_day(72, 80) / run.made_ml_per_day(51, 60) - 1.0)


def weaning_sodium(runs: Runs) -> float:
    """
    Rise of sodium when weaning over three months has brought milk a day down to a fifth [%], over random numbers.

    The paper gives the volume of that milk, 20 %, beside the rise: 15 to 25 % are taken for it.
    """

    def of_run(run: Simulated) -> float:
        column, first_ml = "sodium_mmol_per_l", run.removed_ml_per_day(180, 187)
        days = [day for day in range(187, 270) if 0.15 <= run.removed_ml_per_day(day, day + 1) / first_ml <= 0.25]
        risen = fmean(run.concentration(column, day, day + 1) for day in days) if days else float("nan")
        return 100.0 * (risen / run.concentration(column, 180, 187) - 1.0)

    return float(np.nanmean([of_run(runs[f"weaning {seed}"]) for seed in WEANINGS]))
