"""
What the volumes of a mother lead to expect of each other, learned from virtual mothers who kept the same log.

Square roots of volumes are taken as jointly normal over women: a few common factors, and chance of each volume by
itself (factor analysis). Each volume is then expected from the others, or a later one from the earlier ones. What is
far from what the others lead to expect is a slip of the pen, not a trait of the gland; what comes later is a forecast.

Simplification: roots, since volumes scatter more the larger they are; no correlation of chance from one session to the
next.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lactflow.chance import Streams

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Array = npt.NDArray[np.floating]
    Mask = npt.NDArray[np.bool_]

BOUND = 5.0
"""
Robust standard deviations from what the other volumes lead to expect, beyond which a volume is left out.

Ours: of ten thousand volumes of virtual mothers about one lies there, and an added or a lost zero does.
"""
MOST_LEFT_OUT = 0.2
"""Share of volumes that may be left out; where more are, they are no slips but volumes of another kind. Ours."""
LEVEL = 0.95

_FACTORS = 4
"""
Common factors of volumes over women.

Ours: with 3 to 6, forecasts of volumes of unseen virtual mothers are best, and their errors what they are said to be.
"""
_MAD_TO_SD = 1.4826
"""Standard deviations of a normal distribution in one median absolute deviation."""
_LEAST_SD = 1e-6
_ROUNDED_ML = 0.3
"""Standard deviation of what is written down to the millilitre."""
_LEAST_SPREAD = 0.3
"""Of standard deviations between women, for the first look: no woman's volumes are all alike. Ours."""
_ROUNDS = 20
_FOLDS = 5


@dataclass(frozen=True)
class Expected:
    """What is expected of each volume: mean and standard deviation of its square root."""

    mean: Array
    sd: Array

    @property
    def ml(self) -> Array:
        """The volumes themselves: their medians [mL]."""
        return np.maximum(0.0, self.mean) ** 2

    def between(self, reach: float) -> tuple[Array, Array]:
        """Volumes so many standard deviations below and above [mL]."""
        low, high = (np.maximum(0.0, self.mean + side * reach * self.sd) ** 2 for side in (-1.0, 1.0))
        return low, high

    def off(self, hers: Array) -> Array:
        """How many standard deviations volumes [mL] lie off."""
        return (_root(hers) - self.mean) / self.sd


class Screened(NamedTuple):
    """
    Volumes of one mother, sorted into those that go together and those that do not.

    Attributes
    ----------
    kept
        Whether each volume is within `BOUND`.
    expected
        From the kept ones, of each volume; one that is kept is no witness for itself.
    scatter
        Her robust standard deviation over that of virtual mothers, 1 or more: real logs scatter more than the model.
    """

    kept: Mask
    expected: Expected
    scatter: float


def few_enough(left_out: int, volumes: int) -> bool:
    """Whether so few volumes are left out that the others can judge them."""
    return left_out <= max(1.0, MOST_LEFT_OUT * volumes)


def _root(volumes_ml: Array) -> Array:
    return np.sqrt(np.maximum(0.0, volumes_ml))


class VolumeModel:
    """
    The joint distribution of volumes over virtual mothers.

    Parameters
    ----------
    volumes
        A row for each mother, a column for each volume [mL].
    reading_sd_ml
        With which volumes are read off [mL]; those of virtual mothers are exact, and are blurred by it.
    """

    def __init__(self, volumes: Array, reading_sd_ml: float = 0.0) -> None:
        from sklearn.decomposition import FactorAnalysis
        from sklearn.exceptions import ConvergenceWarning

        chance = Streams(0).at("reading of all volumes").standard_normal(volumes.shape)
        seen = _root(volumes + max(reading_sd_ml, _ROUNDED_ML) * chance)
        self._mean, self._scale = seen.mean(axis=0), np.maximum(seen.std(axis=0), _LEAST_SD)
        factors = FactorAnalysis(min(_FACTORS, *volumes.shape), random_state=0)
        with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
            factors.fit((seen - self._mean) / self._scale)
        self._covariance: Array = factors.get_covariance()

    def expected(self, hers: Array, known: Mask) -> Expected:
        """
        What known volumes lead to expect: of the known ones from the other known ones, of the rest from all of them.

        Parameters
        ----------
        hers
            Volumes of one mother [mL], or a row of them for each of several; what is not known may be anything.
        known
            Which of them count.
        """
        precision = np.linalg.inv(self._covariance[np.ix_(known, known)])
        off = (_root(hers) - self._mean) / self._scale
        pull = off[..., known] @ precision
        mean, variance = np.empty(hers.shape), np.empty(hers.shape[-1])
        mean[..., known] = off[..., known] - pull / np.diag(precision)
        variance[known] = 1.0 / np.diag(precision)
        across = self._covariance[np.ix_(~known, known)]
        mean[..., ~known] = pull @ across.T
        explained = np.sum((across @ precision) * across, axis=1)
        variance[~known] = np.diag(self._covariance)[~known] - explained
        return Expected(self._mean + mean * self._scale, np.sqrt(variance.clip(min=_LEAST_SD)) * self._scale)

    def screened(self, hers: Array, known: Mask | None = None) -> Screened:
        """
        Which volumes of one mother go together.

        The first look compares each volume with her usual distance from virtual mothers; then each is expected from
        those that are kept, and the bound is applied anew, until none changes sides.

        Parameters
        ----------
        hers
            Volumes of one mother [mL].
        known
            Which of them may count; all when None. Of the others `kept` says nothing.
        """
        known = np.ones(len(hers), dtype=bool) if known is None else known
        distance = (_root(hers) - self._mean) / self._scale
        middle = np.median(distance[known])
        spread = max(_LEAST_SPREAD, _MAD_TO_SD * float(np.median(np.abs(distance[known] - middle))))
        kept = known & (np.abs(distance - middle) <= BOUND * spread)
        for _ in range(_ROUNDS):
            expected = self.expected(hers, kept)
            off = np.abs(expected.off(hers))
            scatter = max(1.0, _MAD_TO_SD * float(np.median(off[kept])))
            now = known & (off <= BOUND * scatter)
            if (now == kept).all() or now.sum() < kept.sum() / 2:
                break
            kept = now
        return Screened(kept, expected, scatter)


class Forecaster:
    """
    Forecasts of some volumes from the others.

    Parameters
    ----------
    volumes
        Of virtual mothers: a row for each, a column for each volume [mL].
    held
        Which of them are forecast; only the others are used.
    reading_sd_ml
        With which volumes are read off [mL]; those of virtual mothers are exact.

    References
    ----------
    Barber RF et al. 2021, Ann Stat 49:486-507: intervals from cross-validated residuals.
    """

    def __init__(self, volumes: pd.DataFrame, held: Mask, reading_sd_ml: float) -> None:
        seen = volumes.to_numpy(float)
        self._columns = volumes.columns
        self._held = held
        self._model = VolumeModel(seen, reading_sd_ml)
        self._reach = _reach(seen, ~held, reading_sd_ml)

    def of(self, hers: pd.Series[float]) -> pd.DataFrame:
        """
        Forecast volumes of one mother.

        Parameters
        ----------
        hers
            Her volumes [mL], as the columns of `volumes`.

        Returns
        -------
        A row for each volume that is forecast: `forecast_ml`, `low_ml`, `high_ml` (95 % interval; as much wider than
        that of virtual mothers as her other volumes scatter more).
        """
        import pandas as pd

        her = hers[self._columns].to_numpy(float)
        screened = self._model.screened(her, ~self._held)
        expected = self._model.expected(her, screened.kept)
        low_ml, high_ml = expected.between(self._reach * screened.scatter)
        columns = {"forecast_ml": expected.ml, "low_ml": low_ml, "high_ml": high_ml}
        return pd.DataFrame(columns, index=self._columns)[self._held]


def _reach(seen: Array, known: Mask, reading_sd_ml: float) -> float:
    """How many standard deviations of a forecast hold 95 % of volumes of virtual mothers that it has not seen."""
    from sklearn.model_selection import KFold

    read = seen + reading_sd_ml * Streams(0).at("reading of forecast volumes").standard_normal(seen.shape)
    off: list[Array] = []
    for learned, others in KFold(_FOLDS, shuffle=True, random_state=0).split(seen):
        expected = VolumeModel(seen[learned], reading_sd_ml).expected(read[others], known)
        off.append(np.abs(expected.off(read[others]))[:, ~known])
    return float(np.quantile(np.concatenate(off), LEVEL))
