"""
Differences between scenarios that were simulated on common random numbers.

What is independent are mothers: where a scenario has several, the replicates of each are averaged first; where it has
one, its replicates. Scenarios are paired by these numbers, and a difference is taken within each pair.
"""

from __future__ import annotations

from math import isfinite, nan, sqrt
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from lactflow.analysis.drug_names import is_of_drug
from lactflow.analysis.intervals import mean_interval, sd_ratio_interval, two_stage_interval
from lactflow.analysis.two_level import CORRECTED, two_level_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


Subject = Literal["mother", "replicate"]
"""What is independent."""


def per_subject(measures: pd.DataFrame, subject: Subject) -> pd.DataFrame:
    """
    Measures of what is independent: of each mother, or of each replicate of the only one.

    Parameters
    ----------
    measures
        As `by_replicate` gives them.
    subject
        `mother` or `replicate`; given, not guessed: where runs failed, one mother of several may be left.

    Returns
    -------
    One row each, indexed by the number of the mother or of the replicate.
    """
    other = "replicate" if subject == "mother" else "mother"
    return measures.drop(columns=[other, "observed_days"]).groupby(subject).mean()


def differences(
    subjects: Mapping[str, pd.DataFrame],
    measures: Sequence[str],
    *,
    level: float = 0.95,
    stopped_on: str | None = None,
    pilot: int | None = None,
    coarse: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """
    Paired differences of every scenario from the first, with intervals.

    Parameters
    ----------
    subjects
        Tables of `per_subject` by the name of the scenario, the baseline first.
    measures
        Columns to compare; a scenario that takes other drugs may lack one, and has no pairs then.
    level
        Joint level of the intervals of one measure over all scenarios: each has a level of its own that makes up for
        their number (Bonferroni). Measures are not adjusted for one another.
    stopped_on, pilot
        Measure by which a procedure in two stages was stopped, and the size of its pilot, whose subjects have the first
        numbers; its intervals are those of the procedure.
    coarse
        The same of more subjects, simulated at a coarse resolution; measures of `CORRECTED` are then estimated by
        `two_level_mean`.

    Returns
    -------
    `measure`, `baseline`, `scenario`; `baseline_mean`, `mean`, `difference`, `low`, `high`, `replicates` over the pairs
    in which both have a value; `sd_paired`, the standard deviation of the differences; `sd_independent`, what it would
    be with independent random numbers; `sd_ratio`, the one over the other, and `sd_ratio_low`, `sd_ratio_high`, its own
    interval (`sd_ratio_interval`); `level`, that of both intervals; `coarse_replicates`, the number of coarse pairs
    that the means, the difference and its interval rest on as well (0 for none), `correction`, what those were
    corrected by, and `coarse_correlation`, that of the differences at both resolutions. NaN where there is nothing to
    compute it from. Where one of the two does not take a drug there are no pairs, and the mean of the other is its own.
    """
    baseline, *others = subjects
    each = 1.0 - (1.0 - level) / max(1, len(others))
    rows = []
    for measure in measures:
        for name in others:
            pairs = _pairs(subjects, measure, baseline, name)
            corrected = None
            if coarse is not None and measure in CORRECTED:
                pairs, corrected = _corrected(pairs, _pairs(coarse, measure, baseline, name), each)
            first = pilot if measure == stopped_on else None
            found = {"measure": measure, "baseline": baseline, "scenario": name, **_compared(pairs, each, first)}
            if pairs.empty and is_of_drug(measure):
                found |= _each_mean(subjects, measure, baseline, name)
            rows.append(found | (_NOT_CORRECTED if corrected is None else corrected))
    return pd.DataFrame(rows).astype({"replicates": np.int64, "coarse_replicates": np.int64})


def _compared(pairs: pd.DataFrame, level: float, pilot: int | None) -> dict[str, float]:
    """Means, differences and intervals of pairs; that of the mean is of two stages where there was a pilot."""
    gaps = (pairs["other"] - pairs["base"]).tolist()
    if pilot is not None:
        interval = two_stage_interval(gaps, int((pairs.index < pilot).sum()), level)
    else:
        interval = mean_interval(gaps, level)
    ratio_low, ratio_high = sd_ratio_interval(pairs["base"].tolist(), pairs["other"].tolist(), level)
    independent = sqrt(pairs["base"].var() + pairs["other"].var()) if len(pairs) > 1 else nan
    return {
        "baseline_mean": pairs["base"].mean(),
        "mean": pairs["other"].mean(),
        "difference": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "replicates": interval.size,
        "sd_paired": interval.sd,
        "sd_independent": independent,
        "sd_ratio": interval.sd / independent if independent > 0.0 else nan,
        "sd_ratio_low": ratio_low,
        "sd_ratio_high": ratio_high,
        "level": level,
    }


_NOT_CORRECTED = {"coarse_replicates": 0, "correction": nan, "coarse_correlation": nan}


def _pairs(subjects: Mapping[str, pd.DataFrame], measure: str, baseline: str, other: str) -> pd.DataFrame:
    """Values of a measure in two scenarios, `base` and `other`, where both have one."""
    columns = [subjects[name].get(measure, pd.Series(dtype=float)) for name in (baseline, other)]
    return pd.concat(columns, axis=1, join="inner", keys=["base", "other"]).dropna()


def _each_mean(subjects: Mapping[str, pd.DataFrame], measure: str, baseline: str, other: str) -> dict[str, float]:
    """Means of a measure in two scenarios of which one has no value: that of the other is known."""
    means = (subjects[name].get(measure, pd.Series(dtype=float)).mean() for name in (baseline, other))
    return dict(zip(("baseline_mean", "mean"), means, strict=True))


def _corrected(pairs: pd.DataFrame, coarse: pd.DataFrame, level: float) -> tuple[pd.DataFrame, dict[str, float]]:
    """The pairs that were simulated at both resolutions, and what is estimated from them and the other coarse ones."""
    both = pairs.index.intersection(coarse.index)
    exact, near, far = (frame.assign(gap=frame["other"] - frame["base"]) for frame in (pairs, coarse, coarse))
    exact, near, far = exact.loc[both], near.loc[both], far.drop(index=both)
    base, gap = (
        two_level_mean(exact[name].tolist(), near[name].tolist(), far[name].tolist(), level) for name in ("base", "gap")
    )
    return exact, {
        "baseline_mean": base.mean,
        "mean": base.mean + gap.mean,
        "difference": gap.mean,
        "low": gap.low,
        "high": gap.high,
        "coarse_replicates": gap.coarse_size,
        "correction": gap.correction,
        "coarse_correlation": gap.correlation,
    }


def says_something(found: pd.DataFrame) -> pd.Series[bool]:
    """
    Which differences are worth a row for people: those that are known, and of drugs those whose one mean is known.

    Parameters
    ----------
    found
        As `differences` gives them.
    """
    of_drugs = np.array([is_of_drug(str(name)) for name in found["measure"]], dtype=bool)
    return found["difference"].notna() | (found[["baseline_mean", "mean"]].notna().any(axis=1) & of_drugs)


def excludes_zero(row: Mapping[str, float]) -> bool:
    """Whether an interval excludes zero."""
    return isfinite(row["low"]) and (row["low"] > 0.0 or row["high"] < 0.0)
