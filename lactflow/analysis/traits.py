"""
What volumes tell of the traits of a mother, learned from virtual mothers.

Virtual mothers who differ as women do have kept her log, each with luck of her own. Each trait is predicted from the
volumes by ridge regression over them; what the prediction misses in mothers it has not seen is the uncertainty that the
volumes leave. So a trait that volumes say nothing of is missed by as much as women differ in it.

Simplification: prediction is linear in volumes, for the logarithm of a trait.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from lactflow.chance import Streams

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

LEVEL = 0.95
IDENTIFIED = 0.75
"""A trait is identified when volumes leave less than this share of the spread between women."""

_FOLDS = 20
_PENALTIES = np.logspace(-1.0, 7.0, 33)


def told_by_volumes(
    volumes: pd.DataFrame, traits: pd.DataFrame, hers: pd.Series[float], reading_sd_ml: float = 0.0
) -> pd.DataFrame:
    """
    What the volumes of one mother tell of her traits.

    Parameters
    ----------
    volumes
        Of virtual mothers: a row for each, a column for each volume [mL].
    traits
        Of the same mothers: a column for each trait, the logarithm of her factor.
    hers
        The volumes of the mother in question [mL], as the columns of `volumes`.
    reading_sd_ml
        With which volumes are read off [mL]; those of virtual mothers are exact, and are blurred by it.

    Returns
    -------
    A row a trait: `mean`, `low`, `high` (logarithm of her factor, with a 95 % interval), `left` (root mean square of
    what the prediction misses in mothers it has not seen, over that of their mean), `identified`.

    References
    ----------
    Beaumont MA, Zhang W, Balding DJ 2002, Genetics 162:2025-2035: posteriors by regression on simulated data. Barber RF
    et al. 2021, Ann Stat 49:486-507: intervals from cross-validated residuals.
    """
    import pandas as pd

    rng = Streams(0).at("reading of volumes")
    seen = volumes.to_numpy(float)
    seen = seen + reading_sd_ml * rng.standard_normal(seen.shape)
    rows = {
        name: _prediction(seen, traits[name].to_numpy(float), hers[volumes.columns].to_numpy(float)) for name in traits
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high", "left"])
    table["identified"] = table["left"] < IDENTIFIED
    return table


def _prediction(
    seen: npt.NDArray[np.floating], trait: npt.NDArray[np.floating], hers: npt.NDArray[np.floating]
) -> tuple[float, float, float, float]:
    """Prediction for her, its interval, and the share of the spread that is left."""
    from sklearn.linear_model import Ridge, RidgeCV
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    spread = float(trait.std())
    if spread == 0.0:
        return (float(trait.mean()),) * 3 + (1.0,)
    search = make_pipeline(StandardScaler(), RidgeCV(alphas=_PENALTIES)).fit(seen, trait)
    chosen = make_pipeline(StandardScaler(), Ridge(search[-1].alpha_))
    folds = KFold(min(_FOLDS, len(trait)), shuffle=True, random_state=0)
    missed = trait - cross_val_predict(chosen, seen, trait, cv=folds)
    mean = float(search.predict(hers[None, :])[0])
    rank = min(len(missed), ceil(LEVEL * (len(missed) + 1)))
    reach = float(np.sort(np.abs(missed))[rank - 1])
    return mean, mean - reach, mean + reach, min(1.0, float(np.sqrt(np.mean(missed**2))) / spread)


def distance(volumes: pd.DataFrame, hers: pd.Series[float]) -> float:
    """
    How far a mother's volumes lie from those of the virtual ones: share of them that lie less far from their mean.

    Parameters
    ----------
    volumes, hers
        As for `told_by_volumes`.

    Returns
    -------
    0 to 1; near 1 she is unlike all of them, in how much milk there is or in how it changes.
    """
    seen, her = volumes.to_numpy(float), hers[volumes.columns].to_numpy(float)
    middle, scale = seen.mean(axis=0), seen.std(axis=0).clip(min=1e-9)

    def off(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        return np.asarray(np.mean(((rows - middle) / scale) ** 2, axis=-1))

    return float(np.mean(off(seen) < off(her)))
