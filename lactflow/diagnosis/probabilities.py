"""
How probable each mechanism is, given a record: learned from virtual mothers, and tried on those left out.

On their scales, readings of one mechanism are taken as jointly normal, so that what was not observed is simply left
out; probabilities are softened by one number until they are right as often as they say, as virtual mothers show who
were not learned from (temperature scaling, Guo 2017). The discriminant analysis is scikit-learn's.

References
----------
Guo C, Pleiss G, Sun Y, Weinberger KQ 2017, On calibration of modern neural networks, PMLR 70:1321-1330.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lactflow.chance import Streams

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

SHRUNK: Final = 0.1
"""Share of each covariance that is replaced by equal and independent variances. Ours."""
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
    mechanism
        Number of each row's mechanism.
    mother
        Number of each row's mother: the same for her repeats, and for all mechanisms.
    names
        Of the mechanisms, by their number.
    """

    readings: Array
    mechanism: Labels
    mother: Labels
    names: tuple[str, ...]

    def only(self, columns: Sequence[int]) -> Taught:
        """With some of the observations."""
        return Taught(self.readings[:, list(columns)], self.mechanism, self.mother, self.names)

    def rows(self, which: Any) -> Taught:
        """With some of the rows."""
        return Taught(self.readings[which], self.mechanism[which], self.mother[which], self.names)


def without_gaps(readings: Array, mechanism: Labels) -> tuple[Array, list[float]]:
    """
    Readings with what could not be observed filled in: by the mean of the mechanism, or of all where it has none.

    Parameters
    ----------
    readings
        With NaN.
    mechanism
        Number of each row's.

    Returns
    -------
    The readings, and the share of each column that was filled in.
    """
    filled, shares = readings.copy(), [float(share) for share in np.isnan(readings).mean(axis=0)]
    for column in range(readings.shape[1]):
        values = filled[:, column]
        gone = np.isnan(values)
        if not gone.any():
            continue
        overall = 0.0 if gone.all() else float(values[~gone].mean())
        for each in np.unique(mechanism):
            own = mechanism == each
            known = values[own & ~gone]
            values[own & gone] = known.mean() if len(known) else overall
    return filled, shares


class Model:
    """
    What virtual mothers teach about a set of observations.

    Parameters
    ----------
    taught
        Their readings, without gaps.
    prior
        Of each mechanism; they add up to 1.

    Attributes
    ----------
    temperature
        By which logarithms of probabilities are divided.
    """

    def __init__(self, taught: Taught, prior: Sequence[float]) -> None:
        self.taught = taught
        self._prior = np.array(prior, dtype=float)
        self._mean = taught.readings.mean(axis=0)
        spread = taught.readings.std(axis=0)
        self._sd = np.where(spread > 0.0, spread, 1.0)
        self._fitted = self._fit(taught)

    def _fit(self, taught: Taught) -> Any:
        from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

        equal = np.full(len(taught.names), 1.0 / len(taught.names))
        model = QuadraticDiscriminantAnalysis(priors=equal, reg_param=SHRUNK, store_covariance=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # columns that go together: shrinking is what they need
            return model.fit(self._standard(taught.readings), taught.mechanism)

    def _standard(self, readings: Array) -> Array:
        standard: Array = (readings - self._mean) / self._sd
        return standard

    @cached_property
    def left_out(self) -> Array:
        """Log probabilities of every row by a model that was not taught by its mother, before they are softened."""
        from sklearn.model_selection import GroupKFold

        taught = self.taught
        found = np.empty((len(taught.mechanism), len(taught.names)))
        for learned, tried in GroupKFold(FOLDS).split(taught.readings, groups=taught.mother):
            fitted = self._fit(taught.rows(learned))
            found[tried] = fitted.predict_log_proba(self._standard(taught.readings[tried]))
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
        logs = self._fitted.predict_log_proba(self._standard(np.atleast_2d(readings)))
        return weighted(softened(logs, self.temperature), self._prior)

    @cached_property
    def of_those_left_out(self) -> Array:
        """Probabilities of every taught row by a model that was not taught by its mother."""
        return weighted(softened(self.left_out, self.temperature), self._prior)

    def distances(self, readings: Array) -> Array:
        """
        How far readings lie from each mechanism, over the distance beyond which half a per cent of its mothers lie.

        The limit is that of a normal distribution whose mean and covariance were estimated from so many mothers
        (Hotelling). Above 1 is outside.

        Parameters
        ----------
        readings
            On the scales.
        """
        from scipy.stats import f
        from sklearn.covariance import LedoitWolf

        found = []
        standard = self._standard(np.atleast_2d(readings))
        for number in range(len(self.taught.names)):
            own = self._standard(self.taught.readings[self.taught.mechanism == number])
            centre, spread = own.mean(axis=0), own.std(axis=0)
            spread = np.where(spread > 0.0, spread, 1.0)
            mothers = len(np.unique(self.taught.mother[self.taught.mechanism == number]))
            columns = own.shape[1]
            fitted = LedoitWolf(assume_centered=True).fit((own - centre) / spread)
            square = fitted.mahalanobis((standard - centre) / spread)
            rest = max(1, mothers - columns)
            limit = columns * (mothers**2 - 1.0) / (mothers * rest) * f.ppf(OUTSIDE, columns, rest)
            found.append(np.sqrt(square / limit))
        distances: Array = np.array(found).T
        return distances

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
            logs = fitted.predict_log_proba(self._standard(np.atleast_2d(readings)))
            found.append(weighted(softened(logs, self.temperature), self._prior)[0])
        tail = (1.0 - LEVEL) / 2.0
        ends: Array = np.quantile(np.array(found), [tail, 1.0 - tail], axis=0)
        return ends

    def confusion(self) -> Array:
        """Mean probability that mothers left out of each mechanism (rows) get of each mechanism (columns)."""
        kept = self.of_those_left_out
        count = len(self.taught.names)
        return np.array([kept[self.taught.mechanism == number].mean(axis=0) for number in range(count)])

    def given(self, number: int) -> tuple[Array, Array]:
        """Mean and covariance of the readings of a mechanism, on the scales, as the model has them."""
        covariance = self._fitted.covariance_[number]  # shrunk already
        return self._mean + self._fitted.means_[number] * self._sd, covariance * np.outer(self._sd, self._sd)


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
