"""
What volumes show about the traits of a mother, learned from virtual mothers.

Virtual mothers who differ as women do have kept her log, each with random numbers of her own. Each trait is predicted
from the volumes by ridge regression over them; what the prediction misses in mothers it has not seen is the uncertainty
that the volumes leave. So a trait that volumes show nothing about is missed by as much as women differ in it.

Simplification: prediction is linear in volumes, for the logarithm of a trait.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lactflow.chance import Streams

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Array = npt.NDArray[np.floating]
    Whole = npt.NDArray[np.intp]

LEVEL = 0.95
IDENTIFIED = 0.75
"""A trait is identified when volumes leave less than this share of the spread between women: its posterior spread."""

_FOLDS = 20
_PENALTIES = np.logspace(-1.0, 7.0, 33)


class Reading:
    """
    What volumes show about traits, learned once from virtual mothers.

    Parameters
    ----------
    volumes
        Of virtual mothers: a row for each, a column for each volume [mL].
    traits
        Of the same mothers: a column for each trait, the logarithm of her factor.
    reading_sd_ml
        With which volumes are read off, each or all [mL]; those of virtual mothers are exact, and are blurred by it.
    used
        Which columns to learn from; all when None. The others change nothing: each volume is blurred by itself.

    References
    ----------
    Beaumont MA, Zhang W, Balding DJ 2002, Genetics 162:2025-2035: posteriors by regression on simulated data. Barber RF
    et al. 2021, Ann Stat 49:486-507: intervals from cross-validated residuals.
    """

    def __init__(
        self,
        volumes: pd.DataFrame,
        traits: pd.DataFrame,
        reading_sd_ml: float | Array = 0.0,
        used: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        rng = Streams(0).at("reading of volumes")
        seen = volumes.to_numpy(float)
        seen = seen + reading_sd_ml * rng.standard_normal(seen.shape)
        used = np.ones(len(volumes.columns), dtype=bool) if used is None else used
        seen, self._columns = seen[:, used], volumes.columns[used]
        women = _scaled(seen, seen)
        folds = _folds(seen)
        self._scale = women.scale
        self._learned = {str(name): _learned(women, folds, traits[name].to_numpy(float)) for name in traits}

    def of(self, hers: pd.Series[float]) -> pd.DataFrame:
        """
        What the volumes of one mother show about her traits.

        Parameters
        ----------
        hers
            Her volumes [mL], as the columns of `volumes`.

        Returns
        -------
        A row a trait: `mean`, `low`, `high` (logarithm of her factor, with a 95 % interval), `left` (root mean square
        of what the prediction misses in mothers it has not seen, over that of their mean), `identified`.
        """
        import pandas as pd

        her = self._scale(hers[self._columns].to_numpy(float)[None, :])
        rows = {name: learned.of(her) for name, learned in self._learned.items()}
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high", "left"])
        table["identified"] = table["left"] < IDENTIFIED
        return table


def traits_from_volumes(
    volumes: pd.DataFrame,
    traits: pd.DataFrame,
    hers: pd.Series[float],
    reading_sd_ml: float | Array = 0.0,
    used: npt.NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """
    What the volumes of one mother show about her traits: a `Reading` of one.

    Parameters
    ----------
    volumes, traits, reading_sd_ml, used
        As for `Reading`.
    hers
        The volumes of the mother in question [mL], as the columns of `volumes`.
    """
    return Reading(volumes, traits, reading_sd_ml, used).of(hers)


class _Scaled(NamedTuple):
    """
    Volumes with a mean of 0 and a standard deviation of 1 over those of some women.

    Attributes
    ----------
    scale
        Does that to other volumes.
    seen, others
        Volumes of these women, and of others, scaled alike.
    """

    scale: Callable[[Array], Array]
    seen: Array
    others: Array


class _Fold(NamedTuple):
    """Women to learn from, those left out, and the volumes of both."""

    learned: Whole
    left_out: Whole
    volumes: _Scaled


class _Learned(NamedTuple):
    """A trait as a linear function of scaled volumes, half the width of its interval, the share of the spread left."""

    predict: Callable[[Array], Array]
    reach: float
    left: float

    def of(self, hers: Array) -> tuple[float, float, float, float]:
        """Prediction for one mother, its interval, and the share of the spread that is left."""
        mean = float(self.predict(hers)[0])
        return mean, mean - self.reach, mean + self.reach, self.left


def _scaled(seen: Array, others: Array) -> _Scaled:
    """Volumes of women, and of others, on the scale of the former."""
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(seen)
    return _Scaled(scaler.transform, scaler.transform(seen), scaler.transform(others))


def _folds(seen: Array) -> list[_Fold]:
    """Virtual mothers, some of them left out in turn: the same for all traits."""
    from sklearn.model_selection import KFold

    parts = KFold(min(_FOLDS, len(seen)), shuffle=True, random_state=0).split(seen)
    return [_Fold(learned, left_out, _scaled(seen[learned], seen[left_out])) for learned, left_out in parts]


def _learned(women: _Scaled, folds: list[_Fold], trait: Array) -> _Learned:
    """One trait from the volumes of virtual mothers."""
    from sklearn.linear_model import Ridge, RidgeCV

    spread = float(trait.std())
    if spread == 0.0:
        same = float(trait.mean())
        return _Learned(lambda hers: np.full(len(hers), same), 0.0, 1.0)
    search = RidgeCV(alphas=_PENALTIES).fit(women.seen, trait)
    chosen, missed = Ridge(search.alpha_), np.empty(len(trait))
    for learned, left_out, volumes in folds:
        missed[left_out] = trait[left_out] - chosen.fit(volumes.seen, trait[learned]).predict(volumes.others)
    rank = min(len(missed), ceil(LEVEL * (len(missed) + 1)))
    reach = float(np.sort(np.abs(missed))[rank - 1])
    return _Learned(search.predict, reach, min(1.0, float(np.sqrt(np.mean(missed**2))) / spread))


def distance(volumes: pd.DataFrame, hers: pd.Series[float]) -> float:
    """
    How far a mother's volumes lie from those of the virtual ones: share of them that lie less far from their mean.

    Parameters
    ----------
    volumes, hers
        As for `traits_from_volumes`.

    Returns
    -------
    0 to 1; near 1 she is unlike all of them, in how much milk there is or in how it changes.
    """
    seen, her = volumes.to_numpy(float), hers[volumes.columns].to_numpy(float)
    middle, scale = seen.mean(axis=0), seen.std(axis=0).clip(min=1e-9)

    def off(rows: Array) -> Array:
        return np.asarray(np.mean(((rows - middle) / scale) ** 2, axis=-1))

    return float(np.mean(off(seen) < off(her)))
