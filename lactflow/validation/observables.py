"""
What the model says about the published targets: one function for each target that it has an observable for.

The reference mothers are five with different luck, from birth on. A published mean over women is held against the
mean over them; their spread is not that of women, which comes with a cohort.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lactflow.units import DAY_MIN
from lactflow.validation.claim import Runs
from lactflow.validation.claims_onset import PREGNANCY
from lactflow.validation.played import Config, Played

if TYPE_CHECKING:
    import pandas as pd

Observable = Callable[[Runs], float]
_MOTHERS = (1, 2, 3, 4, 5)
_HALF_YEARS = (1, 2, 3)
_ON_DEMAND = {"schedule": [{"kind": "on_demand"}]}
_PUMP_TIMES = ["02:00", "05:00", "08:00", "11:00", "14:00", "17:00", "20:00", "23:00"]
PRETERM: Config = {
    "start_day": 1,
    "days": 30,
    "infants": [],
    "gland": {
        "noise": {"sd": 0.0},
        "protein_line": {"translation_ml_per_h": 20.0},
        "genes": {"mrna_h": 30.0, "maturity_days": 18.0},
        "tight_junctions": {"lag_h": 24.0},
    },
    "schedule": [{"kind": "pump", "times": ["06:00", "10:00", "14:00", "18:00", "22:00"]}],
}
"""A mother of a preterm infant who pumps: a smaller gland that is activated more slowly (assumed)."""

RUNS: Mapping[str, Config] = {
    **{f"mother {seed}": {"start_day": 1, "days": 60, "seed": seed, **_ON_DEMAND} for seed in _MOTHERS},
    **{f"half a year {seed}": {"start_day": 30, "days": 160, "seed": seed, **_ON_DEMAND} for seed in _HALF_YEARS},
    "year": {"start_day": 170, "days": 196, **_ON_DEMAND},
    "pregnancy": PREGNANCY,
    "emptied once": {
        "start_day": 60,
        "days": 2,
        "infants": [],
        "gland": {"noise": {"sd": 0.0}},
        "schedule": [{"kind": "pump", "times": ["00:05"], "minutes": 25.0}],
    },
    **{
        f"pump {side}": {
            "start_day": 60,
            "days": 40,
            "schedule": [
                {"kind": "on_demand"},
                {"kind": "pump", "times": ["11:00"], "side": side, "minutes": 15.0},
            ],
        }
        for side in ("left", "right")
    },
    "pump after feeds": {
        "start_day": 50,
        "days": 30,
        "schedule": [{"kind": "on_demand"}, {"kind": "pump", "from_day": 60.0, "after_feeds": True, "minutes": 10.0}],
    },
    "stress": {
        "start_day": 60,
        "days": 20,
        **_ON_DEMAND,
        "interventions": [{"kind": "stress", "start_day": 60.0}],
    },
    "mastitis": {
        "start_day": 60,
        "days": 4,
        **_ON_DEMAND,
        "interventions": [{"kind": "mastitis", "side": "left", "start_day": 60.0}],
    },
    "weaning": {"start_day": 180, "days": 90, "schedule": [{"kind": "wean", "days": 90.0}]},
    "preterm": PRETERM,
    "preterm often": {**PRETERM, "schedule": [{"kind": "pump", "times": _PUMP_TIMES}]},
    "preterm seldom": {**PRETERM, "schedule": [{"kind": "pump", "times": ["08:00", "14:00", "20:00"]}]},
    "preterm with domperidone": {
        **PRETERM,
        "interventions": [{"kind": "domperidone", "start_day": 15.0, "end_day": 22.0, "dose_mg": 30.0}],
    },
}
"""Every run that a target is read from."""

_MATURE = (31.0, 181.0)
"""One to six months."""


def _mean(runs: Runs, measure: Callable[[Played], float]) -> float:
    """Over mothers from birth on."""
    return float(np.nanmean([measure(runs[f"mother {seed}"]) for seed in _MOTHERS]))


def _later(runs: Runs, measure: Callable[[Played], float]) -> float:
    """Over mothers in months 1 to 6."""
    return float(np.nanmean([measure(runs[f"half a year {seed}"]) for seed in _HALF_YEARS]))


def _mature(column: str, scale: float = 1.0) -> Observable:
    """A concentration in the milk of months 1 to 6."""
    return lambda runs: scale * _later(runs, lambda run: run.concentration(column, *_MATURE))


def _intake(day: float) -> Observable:
    """Intake on one day, over mothers [mL]."""
    return lambda runs: _mean(runs, lambda run: run.removed_ml_per_day(day, day + 1.0))


def _milk(column: str, from_day: float, to_day: float, scale: float = 1.0) -> Observable:
    """A concentration in the milk of some days, over mothers."""
    return lambda runs: scale * _mean(runs, lambda run: run.concentration(column, from_day, to_day))


def _removed(from_day: float, to_day: float) -> Observable:
    """Milk removed a day in months 1 to 6."""
    return lambda runs: _later(runs, lambda run: run.removed_ml_per_day(from_day, to_day))


def _feeds(run: Played) -> pd.DataFrame:
    """Feeds at single breasts in established lactation."""
    begin, end = (_MATURE[0] - 1.0) * DAY_MIN, (_MATURE[1] - 1.0) * DAY_MIN
    removals = run.removals
    return removals[(removals["kind"] == "feed") & removals["start_min"].between(begin, end)]


def _sessions(run: Played) -> pd.DataFrame:
    begin, end = (_MATURE[0] - 1.0) * DAY_MIN, (_MATURE[1] - 1.0) * DAY_MIN
    sessions = run.sessions
    return sessions[(sessions["kind"] == "feed") & sessions["start_min"].between(begin, end)]


def _of_feeds(measure: Callable[[pd.DataFrame], float]) -> Observable:
    return lambda runs: _later(runs, lambda run: measure(_feeds(run)))


def _of_sessions(measure: Callable[[pd.DataFrame], float]) -> Observable:
    return lambda runs: _later(runs, lambda run: measure(_sessions(run)))


def _share_taken(feeds: pd.DataFrame) -> float:
    return float(100.0 * (feeds["removed_ml"] / feeds["available_ml"]).mean())


def _emptied(feeds: pd.DataFrame) -> float:
    """Degree of emptying after a feed [%]: 100 less fullness, as fullness is zero at the emptiest."""
    return float(100.0 * (1.0 - feeds["fullness_end"]).mean())


def _capacity_shown(run: Played) -> float:
    """Largest less smallest volume of a breast within a day, before and after feeds [mL]; the mean over days."""
    feeds = _feeds(run)
    by_day = feeds.assign(left_ml=feeds["available_ml"] - feeds["removed_ml"]).groupby(
        ["breast", feeds["start_min"] // DAY_MIN]
    )
    return float((by_day["available_ml"].max() - by_day["left_ml"].min()).mean())


def _rate(run: Played, from_day: float, to_day: float) -> float:
    """Rate of secretion of one breast [mL/h]."""
    return run.made_ml_per_day(from_day, to_day) / 48.0


def _fat_cv(side: str) -> Observable:
    """Coefficient of variation of fat within 24 h [%]: over samples of fore- and hind-milk of one breast."""

    def of_run(run: Played) -> float:
        feeds = _feeds(run)
        feeds = feeds[feeds["breast"] == side].dropna(subset=["fat_start_g_per_l"])
        days = feeds["start_min"] // DAY_MIN
        spreads = []
        for _, day in feeds.groupby(days):
            fat = np.concatenate([day["fat_start_g_per_l"], day["fat_end_g_per_l"]])
            spreads.append(100.0 * np.std(fat, ddof=1) / np.mean(fat) if len(fat) > 2 else np.nan)
        return float(np.nanmean(spreads))

    return lambda runs: _later(runs, of_run)


def _fat_explained(runs: Runs) -> float:
    """Share of the variance of fat that emptying explains, by a parabola [%]."""

    def of_run(run: Played) -> float:
        feeds = _feeds(run).dropna(subset=["fat_start_g_per_l"])
        emptying = np.concatenate([1.0 - feeds["fullness_start"], 1.0 - feeds["fullness_end"]])
        fat = np.concatenate([feeds["fat_start_g_per_l"], feeds["fat_end_g_per_l"]])
        fitted = np.polyval(np.polyfit(emptying, fat, 2), emptying)
        return float(100.0 * (1.0 - np.var(fat - fitted) / np.var(fat)))

    return _later(runs, of_run)


def _rises_to(column: str, share: float) -> Observable:
    """Hours after birth at which a concentration has come a share of its way to day 5."""

    def of_run(run: Played) -> float:
        milk = run.removals.dropna(subset=[column])
        milk = milk[milk["start_min"] < 5.0 * DAY_MIN]
        times, level = milk["start_min"].to_numpy() / 60.0, milk[column].to_numpy()
        first = level[times < 12.0].mean()
        last = level[times > 4.0 * 24.0].mean()
        reached = times[level >= first + share * (last - first)]
        return float(reached[0]) if len(reached) else float("nan")

    return lambda runs: _mean(runs, of_run)


def _slower_after_h(runs: Runs) -> float:
    """Hours after emptying from which the mean rate since is less than 95 % of the first."""
    breasts = runs["emptied once"].breasts
    rate = breasts[breasts["time_min"] > 60.0 * DAY_MIN].groupby("time_min")["secretion_ml_per_h"].sum()
    mean = rate.expanding().mean()
    slow = mean[mean < 0.95 * mean.iloc[3]]
    return float(slow.index[0] / 60.0 - 60.0 * 24.0) if len(slow) else float("inf")


def _prolactin(day: float, quantile: float) -> Observable:
    """Basal (low) or peak (high) prolactin around a day."""

    def of_runs(runs: Runs) -> float:
        run = runs["mother 1" if day < 60.0 else "half a year 1"]
        hormones = run.hormones
        near = hormones[(hormones["time_min"] / DAY_MIN - day).abs() < 3.0]
        return float(near["prolactin_ng_per_ml"].quantile(quantile))

    return of_runs


def _pumped(measure: Callable[[pd.DataFrame, pd.DataFrame], float]) -> Observable:
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


def _within_min(let_downs: pd.DataFrame, removals: pd.DataFrame, minutes: float) -> pd.Series[Any]:
    starts = let_downs["session"].map(removals.set_index("session")["start_min"])
    return let_downs["time_min"] - starts < minutes


def _ejections_in(minutes: float) -> Observable:
    return _pumped(lambda removals, let_downs: float(_within_min(let_downs, removals, minutes).sum()) / len(removals))


def _first_ejection(removals: pd.DataFrame, let_downs: pd.DataFrame) -> float:
    firsts = let_downs.groupby("session")["ejected_ml"].first()
    return float(100.0 * (firsts / let_downs.groupby("session")["ejected_ml"].sum()).mean()) if len(removals) else 0.0


def _early_yield(removals: pd.DataFrame, let_downs: pd.DataFrame) -> float:
    """Milk pumped in the first 5 min [mL]."""
    early = let_downs[_within_min(let_downs, removals, 5.0)].groupby("session")["ejected_ml"].sum()
    total = let_downs.groupby("session")["ejected_ml"].sum()
    shares = (early / total).reindex(removals["session"]).fillna(0.0).to_numpy()
    return float((shares * removals["removed_ml"].to_numpy()).mean())


def _early_share(removals: pd.DataFrame, let_downs: pd.DataFrame) -> float:
    return 100.0 * _early_yield(removals, let_downs) / float(removals["available_ml"].mean())


def _pulses_in(run_name: str, minutes: float) -> Observable:
    """Pulses in so many minutes of suckling, at the mean interval within feeds."""

    def of_runs(runs: Runs) -> float:
        let_downs = runs[run_name]["let_downs"]
        fed = let_downs[(let_downs["trigger"] == "suckling") & (let_downs["breast"] == "left")]
        between = fed.groupby("session")["time_min"].diff().dropna()
        return minutes / float(between.mean())

    return of_runs


def _newborn_pulses(runs: Runs) -> float:
    """Pulses in the first 10 min of suckling on day 2, at the latency and interval of that day."""

    def of_run(run: Played) -> float:
        let_downs = run["let_downs"]
        fed = let_downs[(let_downs["trigger"] == "suckling") & (let_downs["breast"] == "left")]
        fed = fed[fed["time_min"].between(DAY_MIN, 2.0 * DAY_MIN)]
        latches = fed["session"].drop_duplicates().map(run.sessions.set_index("session")["start_min"])
        latency = float((fed.groupby("session")["time_min"].min().to_numpy() - latches.to_numpy()).mean())
        return 1.0 + (10.0 - latency) / float(fed.groupby("session")["time_min"].diff().mean())

    return _mean(runs, of_run)


def _interval_s(runs: Runs) -> float:
    let_downs = runs["pump left"]["let_downs"]
    pumped = let_downs[(let_downs["trigger"] == "pump") & (let_downs["breast"] == "left")]
    return float(60.0 * pumped.groupby("session")["time_min"].diff().median())


def _cue_lead(runs: Runs) -> float:
    """Minutes from a conditioned let-down to the latch."""
    run = runs["mother 1"]
    let_downs = run["let_downs"]
    cues = np.unique(let_downs.loc[let_downs["trigger"] == "conditioned", "time_min"])
    starts = np.sort(run.sessions.loc[run.sessions["kind"] == "feed", "start_min"].to_numpy())
    following = starts[np.minimum(np.searchsorted(starts, cues), len(starts) - 1)]
    return float(np.median(following - cues))


def _sodium_over_potassium(run: Played, side: str, from_day: float, to_day: float) -> float:
    removals = run.removals
    begin, end = (from_day - 1.0) * DAY_MIN, (to_day - 1.0) * DAY_MIN
    milk = removals[(removals["breast"] == side) & removals["start_min"].between(begin, end)]
    return float((milk["sodium_mmol_per_l"] / milk["potassium_mmol_per_l"]).mean())


def _newborn_loss(runs: Runs) -> float:
    """Weight lost at the lowest, of weight at birth [%]."""

    def of_run(run: Played) -> float:
        weights = run["infants"]["weight_kg"]
        return float(100.0 * (1.0 - weights.min() / weights.iloc[0]))

    return _mean(runs, of_run)


def _extra_pumping(runs: Runs) -> float:
    """Rise of production two to three weeks after pumping after feeds has begun [%]."""
    run = runs["pump after feeds"]
    return 100.0 * (run.made_ml_per_day(72, 80) / run.made_ml_per_day(51, 60) - 1.0)


def _weaning_sodium(runs: Runs) -> float:
    """Rise of sodium in the last days of weaning over three months [%]."""
    run = runs["weaning"]
    column = "sodium_mmol_per_l"
    return 100.0 * (run.concentration(column, 260, 270) / run.concentration(column, 180, 187) - 1.0)


OBSERVABLES: Mapping[str, Observable] = {
    "T01-001": _intake(1),
    "T01-002": _intake(3),
    "T01-003": _intake(5),
    "T01-004": lambda runs: float(np.mean([_intake(14)(runs), _intake(28)(runs)])),
    "T01-007": _rises_to("citrate_mmol_per_l", 0.15),
    "T01-008": _rises_to("citrate_mmol_per_l", 0.9),
    "T01-009": _rises_to("lactose_g_per_l", 0.8),
    "T01-010": lambda runs: float(
        np.mean([_rises_to("lactose_g_per_l", 0.9)(runs), _rises_to("citrate_mmol_per_l", 0.9)(runs)])
    ),
    "T01-011": lambda runs: _mean(runs, lambda run: run.onset_h()),
    "T01-017": _rises_to("citrate_mmol_per_l", 0.15),
    "T01-025": _intake(1),
    "T01-026": lambda runs: _mean(runs, lambda run: run.removed_ml_per_day(1, 2) / run.per_day("feed", 1, 2)),
    "T01-027": lambda runs: _mean(runs, lambda run: run.per_day("feed", 1, 2) / 3.0),
    "T01-028": _intake(5),
    "T01-060": _milk("citrate_mmol_per_l", 5, 6),
    "T01-061": lambda runs: runs["preterm"].concentration("citrate_mmol_per_l", 5, 6),
    "T01-062": _milk("lactose_g_per_l", 5, 6, 1.0 / 0.3423),
    "T01-063": lambda runs: runs["preterm"].concentration("lactose_g_per_l", 5, 6) / 0.3423,
    "T01-064": _milk("sodium_mmol_per_l", 5, 6),
    "T01-065": lambda runs: runs["preterm"].concentration("sodium_mmol_per_l", 5, 6),
    "T01-066": _milk("protein_g_per_l", 5, 6),
    "T01-067": lambda runs: runs["preterm"].concentration("protein_g_per_l", 5, 6),
    "T01-086": _milk("sodium_mmol_per_l", 1, 6),
    "T01-087": _milk("potassium_mmol_per_l", 1, 6),
    "T01-088": _milk("sodium_mmol_per_l", 6, 11),
    "T01-089": _milk("potassium_mmol_per_l", 6, 11),
    "T01-090": _milk("sodium_mmol_per_l", 11, 30),
    "T01-091": _milk("potassium_mmol_per_l", 11, 30),
    "T01-092": _mature("sodium_mmol_per_l"),
    "T01-093": _mature("potassium_mmol_per_l"),
    "T01-094": _milk("sodium_mmol_per_l", 1, 6),
    "T01-100": lambda runs: _milk("sodium_mmol_per_l", 7, 8)(runs) / _milk("potassium_mmol_per_l", 7, 8)(runs),
    "T02-015": _of_feeds(lambda feeds: len(feeds) / (_MATURE[1] - _MATURE[0])),
    "T02-016": _of_feeds(lambda feeds: float(feeds["removed_ml"].mean())),
    "T02-017": _of_feeds(_share_taken),
    "T02-018": _mature("fat_g_per_l"),
    "T02-020": lambda runs: _later(runs, lambda run: run.removed_ml_per_day(*_MATURE)),
    "T02-021": lambda runs: _later(runs, _capacity_shown),
    "T02-022": _of_feeds(_share_taken),
    "T02-023": _of_feeds(lambda feeds: float((feeds["end_min"] - feeds["start_min"]).mean())),
    "T02-024": _of_sessions(lambda sessions: float(sessions["intake_ml"].mean())),
    "T02-025": _of_sessions(lambda sessions: float((sessions["end_min"] - sessions["start_min"]).mean())),
    "T02-026": _of_feeds(lambda feeds: float(feeds["removed_ml"].mean())),
    "T02-030": _of_sessions(lambda sessions: len(sessions) / (_MATURE[1] - _MATURE[0])),
    "T02-031": _of_sessions(lambda sessions: float(sessions["start_min"].diff().mean())),
    "T02-045": lambda runs: _later(runs, _capacity_shown),
    "T02-048": _intake(30),
    "T02-049": _removed(175, 189),
    "T02-061": lambda runs: _later(runs, lambda run: run.removed_ml_per_day(*_MATURE)),
    "T02-065": _removed(100, 112),
    "T02-066": _removed(170, 182),
    "T02-067": lambda runs: runs["year"].removed_ml_per_day(265, 280),
    "T02-068": lambda runs: runs["year"].removed_ml_per_day(350, 365),
    "T02-075": _extra_pumping,
    "T02-081": _fat_cv("left"),
    "T02-082": _fat_cv("right"),
    "T02-084": _fat_explained,
    "T02-085": _mature("fat_g_per_l"),
    "T03-001": _of_feeds(_emptied),
    "T03-005": lambda runs: _later(runs, lambda run: _rate(run, *_MATURE)),
    "T03-007": _slower_after_h,
    "T03-008": lambda runs: _mean(runs, lambda run: _rate(run, 28, 34)),
    "T03-009": lambda runs: _later(runs, lambda run: _rate(run, 175, 189)),
    "T03-010": lambda runs: _later(runs, lambda run: _rate(run, *_MATURE)),
    "T03-013": lambda runs: _later(runs, lambda run: _rate(run, *_MATURE)),
    "T03-072": lambda runs: _mean(runs, lambda run: run.per_day("feed", 1, 2)),
    "T03-073": lambda runs: _mean(runs, lambda run: run.per_day("feed", 2, 3)),
    "T04-001": _prolactin(30, 0.1),
    "T04-002": _prolactin(30, 0.9),
    "T04-005": _prolactin(180, 0.1),
    "T04-006": _prolactin(180, 0.9),
    "T04-024": lambda runs: float(runs["pregnancy"].hormones["prolactin_ng_per_ml"].iloc[-1]),
    "T04-070": lambda runs: (
        runs["preterm with domperidone"].removed_ml_per_day(20, 22)
        - runs["preterm with domperidone"].removed_ml_per_day(15, 16)
    ),
    "T04-071": lambda runs: runs["preterm"].removed_ml_per_day(20, 22) - runs["preterm"].removed_ml_per_day(15, 16),
    "T04-074": lambda runs: runs["preterm"].removed_ml_per_day(18, 22),
    "T05-012": lambda runs: _mean(runs, lambda run: run.onset_h() / 24.0),
    "T06-002": _cue_lead,
    "T06-006": _of_feeds(lambda feeds: float(feeds["let_downs"].mean())),
    "T06-010": _ejections_in(10.0),
    "T06-011": _ejections_in(10.0),
    "T06-012": _pumped(_first_ejection),
    "T06-013": _pumped(_first_ejection),
    "T06-014": lambda runs: float(runs["pump left"]["let_downs"]["ejected_ml"].max() / 1.5 / 12.0 * 1.03),
    "T06-027": _of_feeds(lambda feeds: float(feeds["removed_ml"].mean())),
    "T06-028": _of_feeds(lambda feeds: float((feeds["end_min"] - feeds["start_min"]).mean())),
    "T06-029": _pumped(_early_yield),
    "T06-030": _pumped(_early_share),
    **{id_: _pumped(lambda removals, _: float(removals["removed_ml"].mean())) for id_ in ("T06-032", "T06-034")},
    **{id_: _pumped(lambda removals, _: _share_taken(removals)) for id_ in ("T06-033", "T06-035")},
    "T06-036": _pumped(lambda removals, _: 1.03 * float(removals["removed_ml"].mean())),
    "T06-039": _interval_s,
    "T06-040": _pulses_in("mother 1", 20.0),
    "T06-041": _pulses_in("stress", 20.0),
    "T06-042": _pulses_in("stress", 20.0),
    "T06-045": _newborn_pulses,
    "T07-001": _mature("lactose_g_per_l", 0.1),
    "T07-002": _mature("protein_g_per_l", 0.1),
    "T07-004": _mature("sodium_mmol_per_l"),
    "T07-005": _mature("potassium_mmol_per_l"),
    "T07-006": _mature("chloride_mmol_per_l"),
    "T07-014": _mature("osmolality_mosm_per_kg"),
    "T07-015": _mature("osmolality_mosm_per_kg"),
    "T07-019": _mature("protein_g_per_l"),
    "T07-061": _mature("sodium_mmol_per_l"),
    "T09-018": _weaning_sodium,
    "T10-001": lambda runs: _sodium_over_potassium(runs["mother 1"], "right", 50, 60),
    "T10-002": lambda runs: _sodium_over_potassium(runs["mastitis"], "left", 61, 64),
    "T10-033": lambda runs: runs["preterm"].removed_ml_per_day(8, 15),
    "T10-034": lambda runs: runs["preterm"].removed_ml_per_day(22, 29),
    "T10-038": lambda runs: runs["preterm often"].removed_ml_per_day(8, 29),
    "T10-039": lambda runs: runs["preterm seldom"].removed_ml_per_day(8, 29),
    "T10-068": _newborn_loss,
}
"""Every target that the model has an observable for, by its id."""
