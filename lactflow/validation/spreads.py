"""
How far women differ: a virtual cohort against the printed spreads.

Two hundred women are drawn as `mother.cohort` draws them, each with random numbers of her own, and feed on demand from
birth. The standard deviation over the women of what is measured in each must be that of the paper, within a factor: an
SD from fifteen women is uncertain by a fifth, and cohorts that measured the same thing differ by half. A printed range
is made an SD by the expected range of as many normal values.

The SD of the cohort has an interval of its own, from women who are drawn again and again out of the two hundred. Where
an edge of what is allowed lies within that interval, other women might have given the other verdict, and that is said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from statistics import NormalDist, mean, stdev
from typing import Any, NamedTuple

from lactflow.config.cohort import drawn
from lactflow.config.model import RunConfig
from lactflow.units import DAY_MIN
from lactflow.validation.readings import capacity_shown, share_taken
from lactflow.validation.runs import ON_DEMAND
from lactflow.validation.simulated import REFERENCE, Config, Simulated, merged
from lactflow.validation.targets import Target

Measure = Callable[[Simulated], float]

WOMEN = 200
TRIAL_WOMEN = 40
"""Of these, for `lactflow calibrate`: every trial simulates them anew."""
RESAMPLES = 2000
"""Cohorts that are drawn out of the women for the interval of their SD."""
_SEED = 45
TABLES = ("removals", "sessions", "breasts", "infants")
"""What is measured in the women is read from these, by claims as well."""
FACTOR = 1.5
"""Most by which the SD of the cohort may differ from the printed one, either way."""

_DAYS = 45.0
_ESTABLISHED = (31.0, 46.0)
_KENT_WOMEN = 71
"""Of Kent 2006, whose ranges are printed without their number."""


def _feeds(measure: Callable[[Any], float]) -> Measure:
    """A measure of feeds at single breasts in established lactation."""
    return lambda run: measure(run.removals[run.removals["start_min"] >= (_ESTABLISHED[0] - 1.0) * DAY_MIN])


def _per_day(run: Simulated) -> float:
    """Feeds at single breasts a day."""
    return _feeds(len)(run) / (_ESTABLISHED[1] - _ESTABLISHED[0])


MEASURES: Mapping[str, tuple[Measure, int | None]] = {
    "T01-002": (lambda run: run.removed_ml_per_day(3, 4), 9),
    "T01-011": (lambda run: run.onset_h(), None),
    "T01-028": (lambda run: run.removed_ml_per_day(5, 6), None),
    "T02-015": (_per_day, None),
    "T02-016": (_feeds(lambda feeds: float(feeds["removed_ml"].mean())), None),
    "T02-017": (_feeds(share_taken), None),
    "T02-018": (lambda run: run.concentration("fat_g_per_l", *_ESTABLISHED), None),
    "T02-020": (lambda run: run.removed_ml_per_day(*_ESTABLISHED), _KENT_WOMEN),
    "T02-022": (_feeds(share_taken), _KENT_WOMEN),
    "T02-026": (_feeds(lambda feeds: float(feeds["removed_ml"].mean())), _KENT_WOMEN),
    "T02-030": (lambda run: run.per_day("feed", *_ESTABLISHED), _KENT_WOMEN),
    "T02-045": (capacity_shown, None),
    "T06-006": (_feeds(lambda feeds: float(feeds["let_downs"].iloc[0])), None),  # one feed of each woman was scanned
}
"""What is measured in each woman, by target; and the number of women behind a printed range."""


class Spread(NamedTuple):
    """Printed SD, mean and SD over the women of the cohort, and the 95 % interval of the latter."""

    printed: float
    mean: float
    sd: float
    interval: tuple[float, float] | None = None

    @property
    def low(self) -> float:
        """Least SD that it may be."""
        return self.printed / FACTOR

    @property
    def high(self) -> float:
        """Largest SD that it may be."""
        return self.printed * FACTOR

    @property
    def required(self) -> str:
        """In words."""
        return f"SD {self.printed:.3g} ({self.low:.3g} to {self.high:.3g})"

    @property
    def found(self) -> str:
        """In words."""
        if self.interval is None:
            return f"SD {self.sd:.3g} (mean {self.mean:.4g})"
        low, high = self.interval
        return f"SD {self.sd:.3g} ({low:.3g} to {high:.3g}; mean {self.mean:.4g})"

    @property
    def met(self) -> bool:
        """Whether the one is the other, within the factor."""
        return self.low <= self.sd <= self.high

    @property
    def doubt(self) -> str | None:
        """That other women might have given the other verdict, in words; None where they would not."""
        if self.interval is None:
            return None
        edges = [edge for edge in (self.low, self.high) if self.interval[0] <= edge <= self.interval[1]]
        if not edges:
            return None
        return f"the edge {edges[0]:.3g} lies within the interval: other women might have given the other verdict"


def interval_of_sd(values: Sequence[float]) -> tuple[float, float]:
    """
    The 95 % interval of a standard deviation: percentiles over samples that are drawn out of the values.

    Parameters
    ----------
    values
        At least two; no form of their distribution is assumed.

    References
    ----------
    Efron B 1979, Bootstrap methods: another look at the jackknife.
    """
    import numpy as np

    held = np.asarray(values)
    drawn_again = held[np.random.default_rng(_SEED).integers(0, len(held), (RESAMPLES, len(held)))]
    low, high = np.percentile(drawn_again.std(axis=1, ddof=1), [2.5, 97.5])
    return float(low), float(high)


@lru_cache(maxsize=4)
def women(quantities: tuple[tuple[str, float], ...] = (), count: int | None = None) -> Mapping[str, Config]:
    """
    The run of each woman, by name.

    Parameters
    ----------
    quantities
        Key and value of what is another than in the reference mother, whom the women are drawn around.
    count
        How many; `WOMEN` when left out. The first of them are the same.
    """
    about: dict[str, Any] = {"start_day": 1, "days": _DAYS, **ON_DEMAND, "infants": [{}]}
    for key, value in quantities:
        _put(about, key.split("."), value)
    return women_around(about, WOMEN if count is None else count)


def women_around(about: Config, count: int) -> Mapping[str, Config]:
    """
    The run of each of some women, by name: each with traits and random numbers of her own.

    Parameters
    ----------
    about
        The mother that they are drawn around, and what she does.
    count
        How many; the first of more are the same.
    """
    together = merged(REFERENCE, about, {"mother": {"cohort": count}})
    cohort = RunConfig.model_validate_json(json.dumps(together))
    runs = {}
    for woman in range(count):
        config: dict[str, Any] = {**deepcopy(dict(about)), "seed": woman + 1}
        for trait in drawn(cohort, woman)[1]:
            _put(config, trait.key.split("."), trait.value)
        runs[f"woman {woman}"] = config
    return runs


def _put(data: Any, path: list[str], value: float) -> None:
    """Set a value in nested mappings and lists; mappings are made where there are none."""
    *groups, name = path
    for group in groups:
        data = data[int(group)] if group.isdecimal() else data.setdefault(group, {})
    data[name] = value


def spread_of(target: Target, runs: Mapping[str, Simulated]) -> Spread:
    """
    Printed and simulated spread of one target.

    Parameters
    ----------
    target
        One of `MEASURES`.
    runs
        Of all women, by name.
    """
    measure, count = MEASURES[target.id]
    values = [measure(run) for run in runs.values()]
    return Spread(printed_sd(target, count), mean(values), stdev(values), interval_of_sd(values))


def printed_sd(target: Target, count: int | None = None) -> float:
    """
    Standard deviation that a target was printed with.

    Parameters
    ----------
    target
        With a band.
    count
        Number of women behind a range.

    References
    ----------
    Blom G 1958, Statistical Estimates and Transformed Beta-Variables: expected largest of normal values.
    """
    assert target.low is not None
    assert target.high is not None
    half = 0.5 * (target.high - target.low)
    if target.spread != "range":
        return half
    women_measured = count or target.n
    assert women_measured is not None
    return half / NormalDist().inv_cdf((women_measured - 0.375) / (women_measured + 0.25))
