"""
From blood into milk and back: partition between the two, and the exchange of one lobe over a step.

A drug crosses the epithelium both ways by one clearance, and comes along with fresh milk. What it tends to in skim milk
over plasma is its partition: charged forms do not cross, and only what is unbound takes part. In fat it is more or less
concentrated than in skim, so that milk of volume V holds it like skim of a volume `effective_ml`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from math import exp, expm1
from typing import Literal

from lactflow.kinetics import plain_sum

Kind = Literal["neutral", "acid", "base", "zwitterion"]
FAT_G_PER_ML = 0.93
"""Density of milk fat [g/mL]."""
_EQUAL = 1e-9
"""Relative difference of two rates below which they are taken for equal."""


def ion_factor(kind: Kind, pka: float, ph_milk: float, ph_plasma: float) -> float:
    """
    Total over total concentration of the unbound drug in milk and in plasma, when its neutral form is level.

    Equation
    --------
    base: (1 + 10**(pka - ph_milk)) / (1 + 10**(pka - ph_plasma)); acid: with the signs of the exponents turned

    Parameters
    ----------
    kind
        Of what it is; 1 for neutral drugs and zwitterions.
    pka
        Of the drug.
    ph_milk, ph_plasma
        Of both sides.

    References
    ----------
    Henderson and Hasselbalch, for a membrane that only the neutral form crosses.
    """
    if kind == "base":
        return (1.0 + math.pow(10.0, pka - ph_milk)) / (1.0 + math.pow(10.0, pka - ph_plasma))
    if kind == "acid":
        return (1.0 + math.pow(10.0, ph_milk - pka)) / (1.0 + math.pow(10.0, ph_plasma - pka))
    return 1.0


def partition(ion: float, unbound_plasma: float, unbound_skim: float, active_ratio: float = 1.0) -> float:
    """
    Concentration in skim milk over that in plasma once nothing moves any more.

    Equation
    --------
    partition = active_ratio * ion * unbound_plasma / unbound_skim

    Parameters
    ----------
    ion
        As `ion_factor` gives it.
    unbound_plasma, unbound_skim
        Free fractions, from 0 to 1.
    active_ratio
        How many times as much a transporter holds in milk; 1 without one.
    """
    return active_ratio * ion * unbound_plasma / unbound_skim


def effective_ml(volume_ml: float, fat_g: float, fat_partition: float) -> float:
    """
    Volume of skim milk that would hold as much drug as the milk does.

    Equation
    --------
    effective = volume + (fat_partition - 1) * fat / density

    Parameters
    ----------
    volume_ml
        Of the milk [mL].
    fat_g
        In it [g].
    fat_partition
        Concentration in fat over that in skim.
    """
    return volume_ml + (fat_partition - 1.0) * fat_g / FAT_G_PER_ML


def settled_ratio(ratio: float, exchange_ml_per_h: float, carried: float, flow_ml_per_h: float) -> float:
    """
    Concentration in skim over that in plasma, at a constant level and in milk that is taken away as fast as it comes.

    Equation
    --------
    settled = ratio * (exchange + carried * flow) / (exchange + flow)

    Parameters
    ----------
    ratio
        The partition.
    exchange_ml_per_h
        Clearance between blood and milk [mL/h].
    carried
        What fresh milk brings, as a share of the partition.
    flow_ml_per_h
        Effective volume of milk that comes and goes [mL/h].
    """
    return ratio * (exchange_ml_per_h + carried * flow_ml_per_h) / (exchange_ml_per_h + flow_ml_per_h)


def exchanged(
    amount_mg: float,
    components: Iterable[tuple[float, float]],
    step_min: float,
    *,
    volume_ml: float,
    exchange_ml_per_min: float,
    ratio: float,
    carried_ml: float,
) -> tuple[float, float]:
    """
    Drug in the milk of a lobe after a step, and what came into it from blood.

    Equation
    --------
    amount(h) = amount * exp(-k h) + b * sum of a_j (exp(-k_j h) - exp(-k h)) / (k - k_j),
    k = exchange / volume, b = ratio * (exchange + carried / h)

    Parameters
    ----------
    amount_mg
        At the beginning [mg].
    components
        Amplitude [mg/L] and rate [1/min] of each exponential of the plasma level, at the beginning of the step.
    step_min
        Length of the step [min], above zero.
    volume_ml
        Effective volume of the milk, in the middle of the step [mL].
    exchange_ml_per_min
        Clearance between blood and milk [mL/min].
    ratio
        The partition.
    carried_ml
        Effective volume of the fresh milk, times the share of the partition that it brings [mL].

    Returns
    -------
    The amount at the end, and all that came in: what went back is the amount at the beginning and what came in, less
    the amount at the end.
    """
    back = exchange_ml_per_min / volume_ml
    inward_l = ratio * (exchange_ml_per_min + carried_ml / step_min) / 1000.0
    parts = list(components)
    there = amount_mg * exp(-back * step_min)
    gained = inward_l * plain_sum([level * _integral(rate, step_min) for level, rate in parts])
    arrived = inward_l * plain_sum([level * _convolved(rate, back, step_min) for level, rate in parts])
    return there + arrived, gained


def _integral(rate: float, step: float) -> float:
    """Integral of exp(-rate t) from 0 to step."""
    decays = rate * step
    return step if abs(decays) < _EQUAL else -step * expm1(-decays) / decays


def _convolved(rate: float, back: float, step: float) -> float:
    """Integral of exp(-rate t) exp(-back (step - t)) over t from 0 to step."""
    return (
        exp(-back * step) * _integral(rate - back, step)
        if abs(rate - back) > _EQUAL * back
        else (step * exp(-back * step))
    )
