"""
How probable each mechanism is, given a record: learned from virtual mothers, and tried on those left out.

A mechanism is parted in two halves by what its file draws first (a severity, a side), and on their scales readings of a
half are taken as jointly normal (`lactflow.diagnosis.normals`), so that what was not observed is simply left out;
probabilities are softened by one number until they are right as often as they say, as virtual mothers show who were not
learned from (temperature scaling, Guo 2017).

References
----------
Guo C, Pleiss G, Sun Y, Weinberger KQ 2017, On calibration of modern neural networks, PMLR 70:1321-1330.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lactflow.chance import Streams
from lactflow.diagnosis.normals import Normals, distances_from, learned, log_densities

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

FEWEST_WHOLE: Final = 30
"""Mothers of a half who must have every observation, for the others to be left out. Ours."""
FOLDS: Final = 5
OUTSIDE: Final = 0.995
"""Share of the virtual mothers of a mechanism within the distance at which it no longer counts as one of hers."""
CANNOT_SAY: Final = 4.0
"""Times that the leader must be as probable as the next mechanism, or the two cannot be told apart."""
RESAMPLED: Final = 60
LEVEL: Final = 0.95


@dataclass(frozen=True)
class Taught:
    """
    Readings of virtual mothers.

    Attributes
    ----------
    readings
        On the scales; mechanisms, repeats and mothers are flat in the rows.
    half
        Number of each row's half of a mechanism, counted over all of them.
    mother
        Number of each row's mother: the same for her repeats, and for all mechanisms.
    names
        Of the mechanisms, by their number.
    of
        Number of the mechanism of each half.
    """

    readings: Array
    half: Labels
    mother: Labels
    names: tuple[str, ...]
    of: tuple[int, ...]

    @property
    def mechanism(self) -> Labels:
        """Number of each row's mechanism."""
        return np.array(self.of)[self.half]

    def only(self, columns: Sequence[int]) -> Taught:
        """With some of the observations."""
        return replace(self, readings=self.readings[:, list(columns)])

    def beside(self, more: Array) -> Taught:
        """With more observations of the same rows."""
        return replace(self, readings=np.hstack([self.readings, more]))

    def rows(self, which: Any) -> Taught:
        """With some of the rows."""
        return replace(self, readings=self.readings[which], half=self.half[which], mother=self.mother[which])


def usable(taught: Taught) -> Taught:
    """
    Readings without gaps: mothers in whom something could not be observed are left out, since it was in hers.

    Where that leaves fewer than `FEWEST_WHOLE` mothers of a half, or fewer than there are observations, its gaps are
    filled by its means instead, or by those of all where it has none.

    Parameters
    ----------
    taught
        With NaN where there was nothing to observe.
    """
    readings = taught.readings.copy()
    gone = np.isnan(readings)
    kept = ~gone.any(axis=1)
    columns = zip(readings.T, gone.T, strict=True)
    overall = [values[~lost].mean() if (~lost).any() else 0.0 for values, lost in columns]
    for half in range(len(taught.of)):
        own = taught.half == half
        if len(np.unique(taught.mother[own & kept])) >= max(FEWEST_WHOLE, readings.shape[1]):
            continue
        for column in range(readings.shape[1]):
            lost = own & gone[:, column]
            known = own & ~gone[:, column]
            readings[lost, column] = readings[known, column].mean() if known.any() else overall[column]
        kept |= own
    return replace(taught, readings=readings).rows(kept)


class Model:
    """
    What virtual mothers teach about a set of observations.

    Parameters
    ----------
    taught
        Their readings, with gaps.
    prior
        Of each mechanism; they add up to 1.

    Attributes
    ----------
    taught
        Those that are usable.
    """

    def __init__(self, taught: Taught, prior: Sequence[float]) -> None:
        self.taught = taught = usable(taught)
        self._prior = np.array(prior, dtype=float)
        self._mean = taught.readings.mean(axis=0)
        spread = taught.readings.std(axis=0)
        self._sd = np.where(spread > 0.0, spread, 1.0)
        self._fitted = self._fit(taught)

    def _fit(self, taught: Taught) -> Normals:
        return learned(self._standard(taught.readings), taught.half, taught.mother, taught.of)

    def _standard(self, readings: Array) -> Array:
        standard: Array = (readings - self._mean) / self._sd
        return standard

    @cached_property
    def left_out(self) -> Array:
        """Log densities of mechanisms at every row, by a model that its mother did not teach; not softened."""
        from sklearn.model_selection import GroupKFold

        taught = self.taught
        found = np.empty((len(taught.mechanism), len(taught.names)))
        for others, tried in GroupKFold(FOLDS).split(taught.readings, groups=taught.mother):
            fitted = self._fit(taught.rows(others))
            found[tried] = self._log_densities(fitted, taught.readings[tried])
        return found

    @cached_property
    def temperature(self) -> float:
        """What makes the log score of mothers left out best."""
        from scipy.optimize import minimize_scalar

        logs, truth = self.left_out, self.taught.mechanism
        rows = np.arange(len(truth))

        def log_score(log_temperature: float) -> float:
            return -float(np.log(softened(logs, np.exp(log_temperature))[rows, truth].clip(1e-300)).mean())

        return float(np.exp(minimize_scalar(log_score, bounds=(-1.0, 2.0), method="bounded").x))

    def probabilities(self, readings: Array) -> Array:
        """
        Of each mechanism, a row for each row of readings.

        Parameters
        ----------
        readings
            On the scales.
        """
        logs = self._log_densities(self._fitted, np.atleast_2d(readings))
        return weighted(softened(logs, self.temperature), self._prior)

    def _log_densities(self, fitted: Normals, readings: Array) -> Array:
        """Logarithms of the densities of mechanisms: the mean of those of their halves."""
        halves = log_densities(fitted, self._standard(readings))
        found: Array = np.full((len(readings), len(self.taught.names)), -np.inf)
        for half, number in enumerate(self.taught.of):
            share = 1.0 / self.taught.of.count(number)
            found[:, number] = np.logaddexp(found[:, number], halves[:, half] + np.log(share))
        return found

    @cached_property
    def of_those_left_out(self) -> Array:
        """Probabilities of every taught row by a model that was not taught by its mother."""
        return weighted(softened(self.left_out, self.temperature), self._prior)

    def distances(self, readings: Array) -> Array:
        """
        How far readings lie from each mechanism, over the distance beyond which half a per cent of its mothers lie.

        That of the half which is nearer. Above 1 is outside.

        Parameters
        ----------
        readings
            On the scales.
        """
        halves = distances_from(self._fitted, self._standard(np.atleast_2d(readings)), OUTSIDE)
        found: Array = np.full((len(halves), len(self.taught.names)), np.inf)
        for half, number in enumerate(self.taught.of):
            found[:, number] = np.minimum(found[:, number], halves[:, half])
        return found

    def interval(self, readings: Array, seed: int) -> Array:
        """
        Probabilities by models of other mothers: `LEVEL` intervals by drawing mothers again, as low and high of each.

        Parameters
        ----------
        readings
            Hers, on the scales.
        seed
            Of the draws.
        """
        numbers = np.unique(self.taught.mother)
        rows_of = [np.flatnonzero(self.taught.mother == number) for number in numbers]
        found = []
        for again in range(RESAMPLED):
            drawn = Streams(seed).at("mothers drawn again", again).integers(len(numbers), size=len(numbers))
            fitted = self._fit(self.taught.rows(np.concatenate([rows_of[number] for number in drawn])))
            logs = self._log_densities(fitted, np.atleast_2d(readings))
            found.append(weighted(softened(logs, self.temperature), self._prior)[0])
        tail = (1.0 - LEVEL) / 2.0
        ends: Array = np.quantile(np.array(found), [tail, 1.0 - tail], axis=0)
        return ends

    def confusion(self) -> Array:
        """Mean probability that mothers left out of each mechanism (rows) get of each mechanism (columns)."""
        kept = self.of_those_left_out
        count = len(self.taught.names)
        return np.array([kept[self.taught.mechanism == number].mean(axis=0) for number in range(count)])

    def given(self, half: int) -> tuple[Array, Array]:
        """Mean and covariance of the readings of a half of a mechanism, on the scales, as the model has them."""
        mean, covariance = self._fitted.means[half], self._fitted.covariances[half]
        return self._mean + mean * self._sd, covariance * np.outer(self._sd, self._sd)

    def shares_of_halves(self, readings: Array) -> Array:
        """How a mechanism's probability is shared by its halves, for one mother: one number for each half."""
        halves = log_densities(self._fitted, self._standard(np.atleast_2d(readings)))[0]
        of = np.array(self.taught.of)
        shares = np.empty(len(of))
        for number in range(len(self.taught.names)):
            shares[of == number] = softened(halves[of == number][None], 1.0)[0]
        return shares


def softened(logs: Array, temperature: float) -> Array:
    """
    Probabilities from their logarithms, each divided by a temperature.

    Parameters
    ----------
    logs
        A row for each mother.
    temperature
        Above 1 softens.
    """
    scaled = logs / temperature
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    return _to_one(np.exp(scaled))


def weighted(probabilities: Array, prior: Array) -> Array:
    """Probabilities that were found with equal priors, with others."""
    return _to_one(probabilities * prior)


def _to_one(shares: Array) -> Array:
    """Rows that add up to 1."""
    found: Array = shares / shares.sum(axis=1, keepdims=True)
    return found


def entropy(probabilities: Array) -> Array:
    """Entropy of each row [nats]."""
    safe = np.maximum(probabilities, 1e-300)
    found: Array = -(probabilities * np.log(safe)).sum(axis=1)
    return found
