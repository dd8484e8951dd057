"""
Readings of each half of a mechanism as jointly normal, whose spread is in part that of all mechanisms.

A half is learned from some 75 virtual mothers, too few for the hundred covariances of a record. Women differ in much
the same way whatever else they have: so the spreads and correlations of a half count as if some mothers had been seen
besides who are as those of the whole mechanism, and those of the mechanism as if some had been seen who are as those of
all (a regularised discriminant analysis, Friedman 1989; weights as those of an inverse Wishart prior, Gelman 2013).
Spreads and correlations are lent each on its own, since mechanisms that differ in the one may be alike in the other.

References
----------
Friedman JH 1989, Regularized discriminant analysis, Journal of the American Statistical Association 84:165-175.
Gelman A, Carlin JB, Stern HS, Dunson DB, Vehtari A, Rubin DB 2013, Bayesian Data Analysis, third edition, section 3.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

LENT: Final = 9.0
"""
Mothers for each observation who are counted in besides, of the mechanism and of all mechanisms.

Ours: of 2, 4, 6, 9 and 12 the one with which mothers who did not teach have the best log score, with the clinic set and
one pumping; with weights and sodium, or weights alone, 2 to 12 are alike.
"""
APART: Final = 1e-3
"""Variance of each column, in units of that of all readings, which is added: for columns that are alike. Ours."""
JOINTLY: Final = 0.2
"""
Share of those outside who may be so by all observations together; the others by a single one, given the rest. Ours.

A slip is in one observation: more of them are seen with a fifth than with a half, or with one.
"""


class Normals(NamedTuple):
    """
    Normal distributions, one for each half of a mechanism.

    Attributes
    ----------
    means, covariances
        A row, or a matrix, for each half.
    mothers
        From how many each was learned: all of the mechanism, since its halves lend to each other.
    """

    means: Array
    covariances: Array
    mothers: tuple[int, ...]


def learned(readings: Array, half: Labels, mother: Labels, of: Sequence[int]) -> Normals:
    """
    Means and covariances of halves, each covariance in part that of the mechanism, and this in part that of all.

    Parameters
    ----------
    readings
        Of virtual mothers, without gaps, each column in units of its spread; repeats of a mother are rows.
    half, mother
        Number of each row's half and mother.
    of
        Number of the mechanism of each half.
    """
    columns = readings.shape[1]
    means, scatters = np.zeros((len(of), columns)), np.zeros((len(of), columns, columns))
    free, seen = np.zeros(len(of)), np.zeros(len(of), dtype=int)
    for number in range(len(of)):
        own = readings[half == number]
        seen[number] = len(np.unique(mother[half == number]))
        if not len(own):  # mothers drawn again may lack one: it is as wide as its mechanism, about the mean of all
            continue
        means[number] = own.mean(axis=0)
        off = own - means[number]
        scatters[number] = off.T @ off * (seen[number] / len(own))  # repeats are no mothers of their own
        free[number] = max(0, seen[number] - 1)
    lent = LENT * columns
    halves_of = [np.array(of) == mechanism for mechanism in of]
    weights = [float(free[halves].sum()) for halves in halves_of]
    wholes = [
        scatters[halves].sum(axis=0) / max(1.0, weight) for halves, weight in zip(halves_of, weights, strict=True)
    ]
    spread = scatters.sum(axis=0).diagonal() / max(1.0, free.sum())
    everyone = _covariance(spread, np.average([_correlations(whole) for whole in wholes], axis=0, weights=free + 1e-9))
    covariances = np.empty_like(scatters)
    for number, (whole, weight) in enumerate(zip(wholes, weights, strict=True)):
        own = scatters[number] / max(1.0, free[number])
        covariances[number] = _toward(_toward(everyone, whole, weight / lent), own, free[number] / lent)
    mothers = tuple(int(seen[halves].sum()) for halves in halves_of)
    return Normals(means, covariances + APART * np.eye(columns), mothers)


def _toward(lent: Array, own: Array, times: float) -> Array:
    """Spreads and correlations of two covariances, each on its own; the second counts so many times as the first."""
    share = times / (1.0 + times)
    spread = share * own.diagonal() + (1.0 - share) * lent.diagonal()
    return _covariance(spread, share * _correlations(own) + (1.0 - share) * _correlations(lent))


def _correlations(covariance: Array) -> Array:
    """Of a covariance; a column that is the same in all goes with no other."""
    sd = np.sqrt(covariance.diagonal())
    sd = np.where(sd > 0.0, sd, 1.0)
    found: Array = covariance / np.outer(sd, sd)
    np.fill_diagonal(found, 1.0)
    return found


def _covariance(variances: Array, correlations: Array) -> Array:
    found: Array = correlations * np.sqrt(np.outer(variances, variances))
    return found


def log_densities(normals: Normals, readings: Array) -> Array:
    """
    Logarithm of the density of each half (columns) at each row of readings.

    Parameters
    ----------
    normals
        As they were learned.
    readings
        In the same units.
    """
    found = np.empty((len(readings), len(normals.means)))
    for number, (mean, covariance) in enumerate(zip(normals.means, normals.covariances, strict=True)):
        root = np.linalg.cholesky(covariance)
        off = np.linalg.solve(root, (readings - mean).T)
        scale = np.log(np.diag(root)).sum() + 0.5 * len(mean) * np.log(2.0 * np.pi)
        found[:, number] = -0.5 * (off * off).sum(axis=0) - scale
    return found


def distances_from(normals: Normals, readings: Array, within: float) -> Array:
    """
    How far readings lie from each half (columns), over the distance within which a share of its mothers lies.

    Of two distances, each over its own limit, the larger one: that of all observations together (Mahalanobis), and that
    of the one which is least expected from the others. Limits are those of normal distributions that were
    learned from so many mothers (Hotelling's T squared; Student's t for the one given the others).

    Parameters
    ----------
    normals
        As they were learned.
    readings
        In the same units.
    within
        The share.
    """
    from scipy.stats import f, t

    columns = readings.shape[1]
    found = np.empty((len(readings), len(normals.means)))
    for number, (mean, covariance) in enumerate(zip(normals.means, normals.covariances, strict=True)):
        mothers = normals.mothers[number]
        rest = max(1, mothers - columns)
        inverse = np.linalg.inv(covariance)
        off = readings - mean
        weighed = off @ inverse
        square = (weighed * off).sum(axis=1)
        single = np.abs(weighed) / np.sqrt(np.diag(inverse))  # each column, given the others, in its own spread
        outside = 1.0 - within
        limit = columns * (mothers**2 - 1.0) / (mothers * rest) * f.ppf(1.0 - JOINTLY * outside, columns, rest)
        tail = (1.0 - JOINTLY) * outside / (2.0 * columns)
        single_limit = np.sqrt((mothers - 1.0) / rest) * t.ppf(1.0 - tail, rest)
        found[:, number] = np.maximum(np.sqrt(square / limit), single.max(axis=1) / single_limit)
    return found
