"""
Profiles: the smallest loss that each value of a quantity allows, all other quantities being chosen anew for it.

A value is excluded where that loss is above the smallest one by more than 3.84, the 95 % quantile of chi-squared with
one degree of freedom: losses are squared distances in standard deviations, so this is the interval of a likelihood
profile, as far as the SDs of the targets are those of independent errors. The profile is taken on a `Surface`, not on
single trials.

References
----------
Raue A et al. 2009, Bioinformatics 25:1923-1929: a quantity whose profile does not rise on a side is not identifiable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lactflow.analysis.calibration.surface import Surface

if TYPE_CHECKING:
    from lactflow.analysis.calibration.surface import Floats

CHI2_95 = 3.841458820694124
"""95 % quantile of chi-squared with one degree of freedom."""
GRID = 41
"""Values of a quantity at which its profile is taken, and then again between those that are not excluded."""
_INSIDE = 9
"""Values within the interval from which on it is known well enough."""
_FINER = 3
"""How often a profile is taken again, more finely."""
_TOP = 24
"""Trials whose other quantities are tried at every value."""
_DRAWN = 72
"""Points drawn for every value, beside those."""
_KEPT = 4
_AROUND = 8
_ROUNDS = 9
_LOWEST_ROUNDS = 22


class Profile(NamedTuple):
    """
    The profile of one quantity.

    Attributes
    ----------
    shares
        Values of the quantity, as shares of its range, from 0 to 1.
    losses
        The smallest loss that each allows.
    points
        All quantities there, as shares: a row for each value.
    """

    shares: Floats
    losses: Floats
    points: Floats


class Interval(NamedTuple):
    """
    What a profile leaves of a range.

    Attributes
    ----------
    low, high
        Ends, as shares.
    open_low, open_high
        Whether the end of the range itself is not excluded.
    at_low, at_high
        All quantities at the ends, as shares.
    """

    low: float
    high: float
    open_low: bool
    open_high: bool
    at_low: Floats
    at_high: Floats


def profiles_of(surface: Surface, *, grid: int = GRID, seed: int = 0) -> list[Profile]:
    """
    Profiles of all quantities.

    Parameters
    ----------
    surface
        Of the trials.
    grid
        Values of a quantity.
    seed
        Of the points that are drawn in the search for the smallest losses.
    """
    every = range(surface.quantities)
    lowest = _lowest(surface, np.random.default_rng([seed, len(every)]))
    return [_profile(surface, number, grid, lowest, np.random.default_rng([seed, number])) for number in every]


def _lowest(surface: Surface, rng: np.random.Generator) -> Floats:
    """
    Where the loss is smallest, to a ten millionth of a range.

    Where targets are known well, that lies between the values of a grid, and its best value may be at another place
    altogether: at an end of the range, where the surface is a guess and excludes little.
    """
    kept = np.concatenate([surface.trials[:_TOP], rng.random((_DRAWN, surface.quantities))])
    for round_ in range(_LOWEST_ROUNDS):
        kept = kept[np.argsort(surface.loss(kept), kind="stable")[: 2 * _KEPT]]
        near = np.repeat(kept, _AROUND, axis=0)
        near = np.clip(near + 0.25 * 0.5**round_ * rng.standard_normal(near.shape), 0.0, 1.0)
        kept = np.concatenate([kept, near])
    lowest: Floats = kept[int(surface.loss(kept).argmin())]
    return lowest


def _profile(surface: Surface, number: int, grid: int, lowest: Floats, rng: np.random.Generator) -> Profile:
    """The profile over the whole range, and more finely where values are not excluded."""
    found = _searched(surface, number, np.union1d(np.linspace(0.0, 1.0, grid), lowest[number]), lowest, rng)
    for _ in range(_FINER):
        inside = np.flatnonzero(found.losses - found.losses.min() <= CHI2_95)
        if len(inside) >= _INSIDE:
            break
        low, high = found.shares[max(inside[0] - 1, 0)], found.shares[min(inside[-1] + 1, len(found.shares) - 1)]
        between = np.linspace(low, high, grid // 2 + 2)
        between = between[~np.isin(between, found.shares)]
        if not len(between):  # it has gaps, and is as fine as it was wanted
            break
        found = _joined(found, _searched(surface, number, between, lowest, rng))
    return found


def _joined(one: Profile, other: Profile) -> Profile:
    """Two profiles of the same quantity as one."""
    parts = [np.concatenate(each) for each in zip(one, other, strict=True)]
    order = np.argsort(parts[0], kind="stable")
    return Profile(*(each[order] for each in parts))


def _searched(surface: Surface, number: int, shares: Floats, lowest: Floats, rng: np.random.Generator) -> Profile:
    """Search at some values of one quantity side by side, in ever smaller steps around what is best."""
    if surface.quantities == 1:
        points = shares[:, None]
        return Profile(shares, surface.loss(points), points)
    first = np.concatenate([lowest[None], surface.trials[:_TOP], rng.random((_DRAWN, surface.quantities))])
    tried = np.broadcast_to(first, (len(shares), *first.shape)).copy()
    kept, losses = _best(surface, _held(tried, number, shares))
    for round_ in range(_ROUNDS):
        size = 0.25 * 0.55**round_
        near = np.repeat(kept, _AROUND, axis=1)
        near = np.clip(near + size * rng.standard_normal(near.shape), 0.0, 1.0)
        # What is best at the values next to one is a good guess for it.
        beside = np.concatenate([np.roll(kept[:, :1], 1, axis=0), np.roll(kept[:, :1], -1, axis=0)], axis=1)
        kept, losses = _best(surface, _held(np.concatenate([near, beside], axis=1), number, shares), kept, losses)
    return Profile(shares, losses[:, 0], kept[:, 0])


def _held(points: Floats, number: int, shares: Floats) -> Floats:
    """Points with one quantity held at the value of their row."""
    points[:, :, number] = shares[:, None]
    return points


def _best(
    surface: Surface, points: Floats, before: Floats | None = None, losses: Floats | None = None
) -> tuple[Floats, Floats]:
    """The best points at each value, and their losses, the smallest first."""
    grid, many, quantities = points.shape
    found = surface.loss(points.reshape(-1, quantities)).reshape(grid, many)
    if before is not None and losses is not None:
        points, found = np.concatenate([before, points], axis=1), np.concatenate([losses, found], axis=1)
    order = np.argsort(found, axis=1, kind="stable")[:, :_KEPT]
    return np.take_along_axis(points, order[:, :, None], axis=1), np.take_along_axis(found, order, axis=1)


def smallest(profiles: list[Profile]) -> tuple[Floats, float]:
    """
    The point with the smallest loss of all profiles, and that loss.

    Parameters
    ----------
    profiles
        Of all quantities.
    """
    of_each = [(float(each.losses.min()), each.points[int(each.losses.argmin())]) for each in profiles]
    loss, point = min(of_each, key=lambda each: each[0])
    return point, loss


def interval_of(profile: Profile, least: float, within: float) -> Interval:
    """
    The values that a profile does not exclude: from the first to the last, whatever is between.

    Parameters
    ----------
    profile
        Of the quantity.
    least
        The smallest loss.
    within
        Share of the value that was found; it is never outside.
    """
    above = profile.losses - least
    inside = np.flatnonzero(above <= CHI2_95)
    nearest = int(np.abs(profile.shares - within).argmin())
    first, last = (int(inside[0]), int(inside[-1])) if len(inside) else (nearest, nearest)
    low = float(profile.shares[0]) if first == 0 else _crossing(profile.shares, above, first - 1, first)
    high = float(profile.shares[-1]) if last == len(above) - 1 else _crossing(profile.shares, above, last, last + 1)
    return Interval(
        low=min(low, within),
        high=max(high, within),
        open_low=first == 0 and bool(len(inside)),
        open_high=last == len(above) - 1 and bool(len(inside)),
        at_low=profile.points[first],
        at_high=profile.points[last],
    )


def _crossing(shares: Floats, above: Floats, left: int, right: int) -> float:
    """Where a profile crosses the threshold between two of its values, on a straight line."""
    rise = above[right] - above[left]
    part = 0.5 if rise == 0.0 else (CHI2_95 - above[left]) / rise
    return float(shares[left] + np.clip(part, 0.0, 1.0) * (shares[right] - shares[left]))
