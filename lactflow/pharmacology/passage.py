"""
From blood into milk and back: partition between the two, and the exchange of one lobe over a step.

A drug crosses the epithelium both ways by one clearance, and comes along with fresh milk. What it tends to in skim milk
over plasma is its partition: charged forms do not cross, and only what is unbound takes part. In fat it is more or less
concentrated than in skim, so that milk of volume V holds it like skim of a volume `effective_ml`.

Over a step the level in plasma is a straight line and a sum of exponentials (`LevelOver`), and fresh milk comes evenly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from math import expm1, log1p
from typing import Final, Literal

Kind = Literal["neutral", "acid", "base", "zwitterion"]
FAT_G_PER_ML = 0.93
"""Density of milk fat [g/mL]."""
_NEAR: Final = 1e-4
"""Difference of two exponents below which their exponentials are subtracted by a series."""

_SLOW: Final = 1e-3
"""Share that leaves below which the middle of what came is found by a series."""

_LEAST_ML: Final = 1e-9
"""Milk that an empty lumen is taken to hold, so that a clearance over it is a number."""


class LevelOver:
    """
    A level over a step: a straight line and a sum of exponentials, as far as the milk of every lobe needs them.

    Attributes
    ----------
    begin, rise
        Of the straight line: at the beginning, and what it rises by over the step [amount/L].
    mean
        Of the whole level, over the step [amount/L].
    terms
        Of each exponential: its amplitude at the beginning [amount/L], what is left of it at the end, as a share, and
        its rate times the length of the step.

    Parameters
    ----------
    begin, rise
        Of the straight line.
    components
        Amplitude at the beginning [amount/L] and rate [1/min] of each exponential.
    step_min
        Length of the step [min].
    """

    __slots__ = ("begin", "mean", "rise", "terms")

    def __init__(
        self,
        begin: float,
        rise: float = 0.0,
        components: Iterable[tuple[float, float]] = (),
        step_min: float = 0.0,
    ) -> None:
        mean = begin + 0.5 * rise
        terms: list[tuple[float, float, float]] = []
        for amplitude, rate in components:
            if amplitude == 0.0:
                continue
            decays = rate * step_min
            gone = -expm1(-decays)
            mean += amplitude * gone / decays if decays > 0.0 else amplitude
            terms.append((amplitude, 1.0 - gone, decays))
        self.begin, self.rise, self.mean, self.terms = begin, rise, mean, terms

    def part(self, begun: float, share: float) -> LevelOver:
        """The straight line over a share of the step, from where another share is over."""
        return LevelOver(self.begin + self.rise * begun, self.rise * share) if self.rise != 0.0 else self

    def felt(self, decays: float, gone: float) -> float:
        """
        Mean over the step, each moment weighed by what is left at the end of what came then.

        Parameters
        ----------
        decays
            Rate at which what has come leaves again, times the length of the step.
        gone
            Share of what was there that has left: 1 - exp(-decays).
        """
        felt = self.begin
        if self.rise != 0.0:
            felt += self.rise * (1.0 / gone - 1.0 / decays if decays > _SLOW else 0.5 + decays / 12.0)
        if self.terms:
            there = 0.0
            for amplitude, left, term_decays in self.terms:
                apart = decays - term_decays
                if apart > _NEAR or apart < -_NEAR:
                    there += amplitude * (left - (1.0 - gone)) / apart
                else:
                    there += amplitude * left * (1.0 - apart * (0.5 - apart / 6.0))
            felt += there * decays / gone if gone > 0.0 else there
        return felt


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
    amount: float,
    *,
    volume_ml: float,
    fresh_ml: float,
    cleared_ml: float,
    plasma: LevelOver,
    into_ml: float,
    fresh: LevelOver,
    carried_ml: float,
) -> float:
    """
    What is in the milk of a lobe after a step: exchanged with plasma, and brought along by fresh milk.

    Equation
    --------
    dn/dt = (into * C + carried * F - cleared * n / V) / h, V(t) = V0 + fresh * t / h;
    left = (V0 / V1)**(cleared / fresh), exchanged = n0 * left + (into * <C> + carried * <F>) / 1000 * kept,
    kept = (V1 - V0 * left) / (cleared + fresh),
    <C> = mean of C(t), weighed with exp(-k (h - t)), k h = cleared * ln(V1 / V0) / fresh

    Parameters
    ----------
    amount
        At the beginning.
    volume_ml
        That it is dissolved in, counted as skim, at the end of the step [mL].
    fresh_ml
        That came of it during the step [mL].
    cleared_ml
        Clearance from milk to plasma times the length of the step [mL].
    plasma
        Level in plasma over the step [amount/L].
    into_ml
        Clearance from plasma to milk times the length of the step [mL]: what came is its product with the mean level.
    fresh
        Level that fresh milk follows [amount/L].
    carried_ml
        Fresh milk times the ratio of what it brings to that level [mL].

    Returns
    -------
    The amount at the end. What went back to plasma is the amount at the beginning and what came, less the amount at the
    end. Exact where levels do not change or no milk comes; else the weights are those of the mean rate of leaving. The
    ratio to a level that stays is in any case that of `settled_ratio`.
    """
    before_ml = max(volume_ml - fresh_ml, _LEAST_ML)
    decays = cleared_ml * (log1p(fresh_ml / before_ml) / fresh_ml if fresh_ml > 0.0 else 1.0 / before_ml)
    gone = -expm1(-decays)
    comes_and_goes_ml = cleared_ml + fresh_ml
    kept = (fresh_ml + before_ml * gone) / comes_and_goes_ml if comes_and_goes_ml > 0.0 else 1.0
    there = amount * (1.0 - gone)
    if fresh is plasma:
        return there + (into_ml + carried_ml) / 1000.0 * kept * plasma.felt(decays, gone)
    if into_ml > 0.0:
        there += into_ml / 1000.0 * kept * plasma.felt(decays, gone)
    if carried_ml > 0.0:
        there += carried_ml / 1000.0 * kept * fresh.felt(decays, gone)
    return there
