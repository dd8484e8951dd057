"""
What the model gives between the trials: a smooth surface for each target, and the loss that follows from them.

The surface of a target is a plane through all trials, by least squares, and a Gaussian process for what is left, whose
lengths and noise are those of the largest likelihood. What chance does to a single trial is noise to it, so the minimum
of the surface is not that of a trial which chance favoured. The values of the model are smoother than the loss, which
is made of them afterwards: a target that is a product of two quantities has a curved valley of equal losses, which is
followed.

Between trials a surface is a guess with a standard deviation of its own. The loss that excludes a value has it added to
that of the target: a corner that no trial has seen is not excluded by a guess.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

MOST_TRIALS = 250
"""Trials that a surface is made of: those with the smallest losses."""
_FLAT = 1e-9
"""Of the size of a value: what is left of a plane below it is rounding."""


class Goals(NamedTuple):
    """
    The targets that are fitted to, as arrays of one length.

    Attributes
    ----------
    values, sds, weights
        Of each target.
    """

    values: Floats
    sds: Floats
    weights: Floats

    @classmethod
    def of(cls, rows: Sequence[tuple[float, float, float]]) -> Goals:
        """From value, SD and weight of each target."""
        columns = np.array(rows, dtype=float).reshape(-1, 3)
        return cls(columns[:, 0], columns[:, 1], columns[:, 2])

    def loss(self, models: Floats) -> Floats:
        """
        Sum over targets of weight times squared distance in SDs.

        Parameters
        ----------
        models
            What the model gives: a column for each target, or a single row.
        """
        found: Floats = (self.weights * ((models - self.values) / self.sds) ** 2).sum(axis=-1)
        return found


class Surface:
    """
    Surfaces of all targets, made from trials.

    Parameters
    ----------
    shares
        A row for each trial, a column for each quantity, 0 to 1.
    models
        A row for each trial, a column for each target.
    goals
        The targets.

    Attributes
    ----------
    goals
        The targets.
    quantities
        How many are moved.
    best
        Shares of the trial with the smallest loss.
    """

    def __init__(self, shares: Floats, models: Floats, goals: Goals) -> None:
        losses = goals.loss(models)
        chosen = np.argsort(losses, kind="stable")[:MOST_TRIALS]
        self.goals = goals
        self.quantities = shares.shape[1]
        self.best: Floats = shares[chosen[0]]
        self._shares = shares[chosen]
        self._targets = [_OfTarget(self._shares, models[chosen, number]) for number in range(models.shape[1])]

    @property
    def trials(self) -> Floats:
        """Shares of the trials that it is made of, the best first."""
        return self._shares

    def models(self, shares: Floats) -> tuple[Floats, Floats]:
        """
        What the model would give, and the standard deviation of that guess.

        Parameters
        ----------
        shares
            A row for each point.

        Returns
        -------
        A row for each point, a column for each target; twice.
        """
        found = [target.at(shares) for target in self._targets]
        return np.column_stack([mean for mean, _ in found]), np.column_stack([sd for _, sd in found])

    def loss(self, shares: Floats, *, sure: bool = False) -> Floats:
        """
        The loss by the surfaces.

        Parameters
        ----------
        shares
            A row for each point.
        sure
            Take the guess for sure; else its standard deviation is added to that of the target.
        """
        mean, sd = self.models(shares)
        goals = self.goals
        if sure:
            return goals.loss(mean)
        found: Floats = (goals.weights * (mean - goals.values) ** 2 / (goals.sds**2 + sd**2)).sum(axis=1)
        return found

    def slopes(self, shares: Floats, step: float = 0.05) -> Floats:
        """
        How the targets change with the quantities, in their own SDs times the root of their weights, over a range.

        Parameters
        ----------
        shares
            One point.
        step
            Half of the distance over which a slope is taken, in shares.

        Returns
        -------
        A row for each target, a column for each quantity.
        """
        eye = np.eye(self.quantities)
        above, below = (np.clip(shares + sign * step * eye, 0.0, 1.0) for sign in (1.0, -1.0))
        apart = (above - below).diagonal()
        change = (self.models(above)[0] - self.models(below)[0]) / apart[:, None]
        found: Floats = (change * np.sqrt(self.goals.weights) / self.goals.sds).T
        return found


class _OfTarget:
    """The surface of one target."""

    def __init__(self, shares: Floats, values: Floats) -> None:
        design = np.column_stack([np.ones(len(shares)), shares])
        self._plane = np.linalg.lstsq(design, values, rcond=None)[0]
        left = values - design @ self._plane
        self._scale = float(left.std())
        self._process: _Process | None = None
        if self._scale > _FLAT * max(float(np.abs(values).max()), 1e-300):
            self._process = _Process(shares, left / self._scale)

    def at(self, shares: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation of the guess at some points."""
        mean = self._plane[0] + shares @ self._plane[1:]
        if self._process is None:
            return mean, np.zeros(len(shares))
        left, sd = self._process.at(shares)
        return mean + self._scale * left, self._scale * sd


class _Process:
    """
    A Gaussian process through what a plane leaves, in units of its SD: a squared exponential, and noise.

    It is fitted by scikit-learn and evaluated here: profiles need it at a million points, where the checks and the
    general kernels of a library take most of the time.
    """

    def __init__(self, shares: Floats, left: Floats) -> None:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

        lengths = np.full(shares.shape[1], 0.7)
        kernel = ConstantKernel(1.0, (1e-3, 1e4)) * RBF(lengths, (0.1, 20.0)) + WhiteKernel(1e-2, (1e-8, 2.0))
        process = GaussianProcessRegressor(kernel, alpha=1e-10, random_state=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a length at the end of its range is an answer too
            process.fit(shares, left)
        fitted = process.kernel_.k1
        self._variance = float(fitted.k1.constant_value)
        self._lengths: Floats = np.broadcast_to(fitted.k2.length_scale, lengths.shape).astype(float)
        self._near = shares / self._lengths
        self._alpha: Floats = process.alpha_
        self._inverse: Floats = np.linalg.inv(process.L_).T

    def at(self, shares: Floats) -> tuple[Floats, Floats]:
        """
        Mean of the process without its noise, and its standard deviation.

        References
        ----------
        Rasmussen CE, Williams CKI 2006, Gaussian Processes for Machine Learning, algorithm 2.1.
        """
        points = shares / self._lengths
        squared = (points**2).sum(axis=1)[:, None] + (self._near**2).sum(axis=1) - 2.0 * points @ self._near.T
        covariance = self._variance * np.exp(-0.5 * np.maximum(squared, 0.0))
        explained = ((covariance @ self._inverse) ** 2).sum(axis=1)
        return covariance @ self._alpha, np.sqrt(np.maximum(self._variance - explained, 0.0))
