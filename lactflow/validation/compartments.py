"""Levels by another way: the same body as amounts in compartments, by the exponential of its matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lactflow.pharmacology.disposition import Input
from lactflow.units import HOUR_MIN

Matrix = npt.NDArray[np.float64]
_TERMS = 24
_SMALL = 0.5


class Body(NamedTuple):
    """Clearance [L/h] and volume [L] of the central compartment; exchange with an outer one, 0 without, its volume."""

    clearance: float
    volume: float
    exchange: float = 0.0
    outer: float = 1.0


class Product(NamedTuple):
    """A metabolite: clearance that forms it [L/h], its own clearance [L/h] and volume [L]."""

    formed: float
    clearance: float
    volume: float


def exponential(matrix: Matrix) -> Matrix:
    """
    Exponential of a matrix, by scaling, a Taylor series, and squaring.

    References
    ----------
    Moler C, Van Loan C 2003 SIAM Rev 45:3-49, method 3.
    """
    norm = float(np.abs(matrix).sum(axis=0).max())
    squarings = max(0, int(np.ceil(np.log2(norm / _SMALL)))) if norm > 0.0 else 0
    scaled = matrix / 2.0**squarings
    term = total = np.eye(len(matrix))
    for order in range(1, _TERMS):
        term = term @ scaled / order
        total = total + term
    for _ in range(squarings):
        total = total @ total
    return total


def levels_by_matrix(
    body: Body, doses: Sequence[Input], time_min: float, product: Product | None = None
) -> tuple[float, float]:
    """
    Level of a drug and of its metabolite at a time [mg/L], after any doses.

    Parameters
    ----------
    body
        Of the drug.
    doses
        As `lactflow.pharmacology.disposition` takes them; none before time 0.
    time_min
        The time [min].
    product
        Of the metabolite; its level is 0 for None.

    Returns
    -------
    Amounts of the central compartment and of the metabolite, over their volumes.
    """
    matrix = _matrix(body, doses, product)
    state, now = np.zeros(len(matrix)), 0.0
    state[-1] = 1.0  # what runs in evenly is a rate times this
    times = {time_min, *(each.time_min for each in doses), *(each.time_min + each.length_min for each in doses)}
    for at in sorted(each for each in times if each <= time_min):
        running = matrix.copy()
        for each in doses:
            if each.route == "zero_order" and each.time_min <= now < each.time_min + each.length_min:
                running[0, -1] += each.amount_mg / each.length_min
        state = exponential(running * (at - now)) @ state
        for place, each in enumerate(doses):
            if each.time_min == at and each.route != "zero_order":
                state[0 if each.route == "bolus" else 3 + place] += each.amount_mg
        now = at
    return float(state[0] / body.volume), 0.0 if product is None else float(state[2] / product.volume)


def _matrix(body: Body, doses: Sequence[Input], product: Product | None) -> Matrix:
    """Rates [1/min] between central, outer, metabolite, a gut for each dose, and a constant."""
    matrix = np.zeros((4 + len(doses), 4 + len(doses)))
    matrix[0, 0] = -(body.clearance + body.exchange) / HOUR_MIN / body.volume
    matrix[1, 0] = body.exchange / HOUR_MIN / body.volume
    matrix[0, 1] = body.exchange / HOUR_MIN / body.outer
    matrix[1, 1] = -matrix[0, 1]
    if product is not None:
        matrix[2, 0] = product.formed / HOUR_MIN / body.volume
        matrix[2, 2] = -product.clearance / HOUR_MIN / product.volume
    for place, each in enumerate(doses):
        if each.route == "first_order":
            matrix[3 + place, 3 + place] = -each.rate_per_min
            matrix[0, 3 + place] = each.rate_per_min
    return matrix
