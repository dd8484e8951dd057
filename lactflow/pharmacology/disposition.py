"""
How a drug leaves the blood, and how doses come into it: everything is a sum of exponentials.

A concentration after any history of doses is `sum of a_j exp(-k_j t)`. Each rate `k_j` has a slot: one for each
compartment, one for each rate of absorption, and one of rate zero for what runs in. A dose changes amplitudes at the
time when it is taken, when its absorption begins, or when its release begins and ends; between two changes each slot
decays by itself, so that a level at any time is exact, whatever came before and however often it is asked for.

References
----------
Gibaldi M, Perrier D 1982 Pharmacokinetics, 2nd edition: one and two compartments, first-order absorption, zero-order
input (chapters 1 and 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isclose, sqrt
from typing import Literal, NamedTuple

from lactflow.kinetics import plain_sum
from lactflow.units import HOUR_MIN

Route = Literal["bolus", "first_order", "zero_order"]
_EQUAL = 1e-6
"""Relative difference below which two rates are taken for equal, and one is moved by so much."""


class Disposition(NamedTuple):
    """
    How a unit of drug in the central volume is distributed and eliminated.

    Attributes
    ----------
    rates_per_min
        Of the exponentials [1/min].
    weights
        Share of each at once after a bolus; they sum to 1.
    volume_l
        Central volume [L].
    clearance_l_per_min
        Of the whole elimination [L/min].
    """

    rates_per_min: tuple[float, ...]
    weights: tuple[float, ...]
    volume_l: float
    clearance_l_per_min: float


class Input(NamedTuple):
    """
    A dose as it comes into the blood.

    Attributes
    ----------
    time_min
        When it begins to come [min since birth]: the time of the dose and its lag.
    amount_mg
        What will have come in the end: the dose times its bioavailability [mg].
    route
        At once, with a rate of its own, or evenly over some time.
    rate_per_min
        Of first-order absorption [1/min].
    length_min
        Of an even input [min].
    """

    time_min: float
    amount_mg: float
    route: Route = "bolus"
    rate_per_min: float = 0.0
    length_min: float = 0.0


class Change(NamedTuple):
    """
    What happens to the amplitudes at a time.

    Attributes
    ----------
    time_min
        When [min since birth].
    added
        To the slot of each rate [mg/L], by its rate [1/min].
    """

    time_min: float
    added: dict[float, float]


def one_compartment(clearance_l_per_h: float, volume_l: float) -> Disposition:
    """
    A body of one well-stirred compartment.

    Equation
    --------
    level = dose / volume * exp(-rate * t), rate = clearance / volume

    Parameters
    ----------
    clearance_l_per_h, volume_l
        Both above zero.

    References
    ----------
    First-order kinetics.
    """
    clearance = clearance_l_per_h / HOUR_MIN
    return Disposition((clearance / volume_l,), (1.0,), volume_l, clearance)


def two_compartments(
    clearance_l_per_h: float, volume_l: float, exchange_l_per_h: float, outer_volume_l: float
) -> Disposition:
    """
    A central compartment that exchanges with an outer one.

    Equation
    --------
    level = dose / volume * (weight_1 * exp(-rate_1 * t) + (1 - weight_1) * exp(-rate_2 * t))
    rates = roots of x**2 - (k_e + k_12 + k_21) * x + k_e * k_21
    weight_1 = (rate_1 - k_21) / (rate_1 - rate_2)
    k_e, k_12, k_21 = clearance / volume, exchange / volume, exchange / outer_volume

    Parameters
    ----------
    clearance_l_per_h, volume_l
        Of the central compartment; both above zero.
    exchange_l_per_h, outer_volume_l
        Between the two, and volume of the outer one; both above zero.

    References
    ----------
    The textbook of Gibaldi and Perrier 1982, chapter 2.
    """
    clearance = clearance_l_per_h / HOUR_MIN
    elimination, outward, back = (
        clearance / volume_l,
        exchange_l_per_h / HOUR_MIN / volume_l,
        exchange_l_per_h / HOUR_MIN / outer_volume_l,
    )
    total = elimination + outward + back
    apart = sqrt(total * total - 4.0 * elimination * back)
    fast = 0.5 * (total + apart)
    slow = elimination * back / fast  # the other root, without the loss of digits of a difference
    weight = (fast - back) / (fast - slow)
    return Disposition((fast, slow), (weight, 1.0 - weight), volume_l, clearance)


def changes(disposition: Disposition, inputs: Iterable[Input]) -> list[Change]:
    """
    What doses do to the amplitudes of the concentration in the central compartment, in the order of time.

    Parameters
    ----------
    disposition
        Of the drug.
    inputs
        In any order.

    Returns
    -------
    Changes of one moment together. A slot of rate zero holds what even inputs are on their way to.

    References
    ----------
    Gibaldi and Perrier 1982, chapters 1 and 2.
    """
    by_time: dict[float, dict[float, float]] = {}
    for each in sorted(inputs):
        for time_min, added in _of_one(disposition, each):
            at = by_time.setdefault(time_min, {})
            for rate, amplitude in added.items():
                at[rate] = at.get(rate, 0.0) + amplitude
    return [Change(time_min, by_time[time_min]) for time_min in sorted(by_time)]


def _of_one(disposition: Disposition, dose: Input) -> Iterator[tuple[float, dict[float, float]]]:
    """Changes by one dose."""
    parts = list(zip(disposition.rates_per_min, disposition.weights, strict=True))
    if dose.route == "bolus":
        level = dose.amount_mg / disposition.volume_l
        yield dose.time_min, {rate: weight * level for rate, weight in parts}
    elif dose.route == "first_order":
        absorption = apart_from(dose.rate_per_min, disposition.rates_per_min)
        level = dose.amount_mg / disposition.volume_l
        added = {rate: level * weight * absorption / (absorption - rate) for rate, weight in parts}
        yield dose.time_min, {**added, absorption: -plain_sum(added.values())}
    else:
        per_min = dose.amount_mg / dose.length_min / disposition.volume_l
        reached = {rate: weight * per_min / rate for rate, weight in parts}
        constant = plain_sum(reached.values())
        yield dose.time_min, {**{rate: -level for rate, level in reached.items()}, 0.0: constant}
        yield dose.time_min + dose.length_min, {**reached, 0.0: -constant}


def apart_from(rate: float, others: Sequence[float]) -> float:
    """A rate, moved by a millionth where it is one of the others: the sum of exponentials has no double roots."""
    while any(isclose(rate, other, rel_tol=0.5 * _EQUAL) for other in others):
        rate *= 1.0 + _EQUAL
    return rate


def as_metabolite(
    parent: Iterable[Change], formed_l_per_min: float, clearance_l_per_min: float, volume_l: float
) -> list[Change]:
    """
    Changes of a metabolite that is made of the drug in blood, in one compartment of its own.

    Equation
    --------
    a_j of the metabolite = formed / volume * a_j / (rate - k_j), and less their sum at its own rate

    Parameters
    ----------
    parent
        Changes of the drug.
    formed_l_per_min
        Clearance of the drug that forms it, times the ratio of molar masses [L/min].
    clearance_l_per_min, volume_l
        Of the metabolite.

    References
    ----------
    First-order kinetics: it is made as the drug leaves.
    """
    own = clearance_l_per_min / volume_l
    found = []
    for time_min, added in parent:
        rate = apart_from(own, [each for each in added if each])
        formed = {each: formed_l_per_min / volume_l * level / (rate - each) for each, level in added.items()}
        found.append(Change(time_min, {**formed, rate: -plain_sum(formed.values())}))
    return found
