"""
From blood into milk and back: partition between the two, and the exchange of one lobe over a step.

A drug crosses the epithelium both ways by one clearance, and comes along with fresh milk. What it tends to in skim milk
over plasma is its partition: charged forms do not cross, and only what is unbound takes part. In fat it is more or less
concentrated than in skim, so that milk of volume V holds it like skim of a volume `effective_ml`.

Over a step the level in plasma is a straight line and a sum of exponentials (`LevelOver`), and fresh milk comes evenly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import exp, log
from typing import Final, Literal

Kind = Literal["neutral", "acid", "base", "zwitterion"]
FAT_G_PER_ML = 0.93
"""Density of milk fat [g/mL]."""
_NEAR: Final = 1e-4
"""Difference of two exponents below which their exponentials are subtracted by a series."""

_SLOW: Final = 1e-3
"""Exponent below which a logarithm, or what an exponential falls short of 1 by, is found by a series."""
_TINY: Final = 1e-12
"""Exponent, or share of a volume, below which nothing has happened."""
_THIRD: Final = 1.0 / 3.0
_SIXTH: Final = 1.0 / 6.0
_TWENTY_FOURTH: Final = 1.0 / 24.0

_LEAST_ML: Final = 1e-9
"""Milk that an empty lumen is taken to hold, so that a clearance over it is a number."""


class Exponential:
    """One exponential of a level: its amplitude [amount/L], and its rate [1/min]."""

    __slots__ = ("amplitude", "rate")

    def __init__(self, amplitude: float, rate: float) -> None:
        self.amplitude, self.rate = amplitude, rate


class Term:
    """An exponential over a step: its amplitude at the beginning, the share left at the end, rate times length."""

    __slots__ = ("amplitude", "decays", "left")

    def __init__(self, amplitude: float, left: float, decays: float) -> None:
        self.amplitude, self.left, self.decays = amplitude, left, decays


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
        Its exponentials.

    Parameters
    ----------
    begin, rise
        Of the straight line; there are no exponentials yet.
    """

    __slots__ = ("begin", "mean", "rise", "terms")

    def __init__(self, begin: float, rise: float = 0.0) -> None:
        self.begin, self.rise, self.mean = begin, rise, begin + 0.5 * rise
        self.terms: list[Term] = []

    def follow(self, components: Sequence[Exponential], since_min: float, step_min: float) -> None:
        """
        Be a sum of exponentials over a step, and nothing else: in place, as new objects take longer than arithmetic.

        Parameters
        ----------
        components, since_min, step_min
            As `over_exponentials` takes them.
        """
        terms, mean = self.terms, 0.0
        if len(terms) != len(components):
            terms = self.terms = [Term(0.0, 1.0, 0.0) for _ in components]
        for place in range(len(components)):  # by index: compiled, `zip` makes objects of all that it gives
            each, term = components[place], terms[place]
            amplitude, decays = each.amplitude * exp(-each.rate * since_min), each.rate * step_min
            gone = gone_after(decays)
            mean += amplitude * gone / decays if decays > _TINY else amplitude
            term.amplitude, term.left, term.decays = amplitude, 1.0 - gone, decays
        self.begin = self.rise = 0.0
        self.mean = mean

    def part(self, begun: float, share: float) -> LevelOver:
        """The straight line over a share of the step, from where another share is over."""
        return LevelOver(self.begin + self.rise * begun, self.rise * share) if self.rise != 0.0 else self

    def felt(self, decays: float, gone: float) -> float:
        """
        Mean over the step, each moment weighed by what is left at the end of what came then.

        Equation
        --------
        felt = decays / gone * (integral of level(t) * exp(-decays * (1 - t)) from t = 0 to 1)
        of begin + rise * t: begin + rise * (1 / gone - 1 / decays)
        of amplitude * exp(-b * t): amplitude * decays / gone * (exp(-b) - exp(-decays)) / (decays - b)

        Parameters
        ----------
        decays
            Rate at which what has come leaves again, times the length of the step.
        gone
            Share of what was there that has left: 1 - exp(-decays).

        References
        ----------
        First-order kinetics.
        """
        felt = self.begin
        if self.rise != 0.0:
            felt += self.rise * (1.0 / gone - 1.0 / decays if decays > _SLOW else 0.5 + decays / 12.0)
        if self.terms:
            there = 0.0
            for term in self.terms:
                apart = decays - term.decays
                if apart > _NEAR or apart < -_NEAR:
                    there += term.amplitude * (term.left - 1.0 + gone) / apart
                else:
                    there += term.amplitude * term.left * (1.0 - apart * (0.5 - apart * _SIXTH))
            felt += there * decays / gone if decays > _TINY else there
        return felt


def over_exponentials(components: Sequence[Exponential], since_min: float, step_min: float) -> LevelOver:
    """
    A level that is a sum of exponentials, over a step.

    Parameters
    ----------
    components
        As they were some time ago; none has changed since.
    since_min, step_min
        That time [min], and length of the step [min].
    """
    level = LevelOver(0.0)
    level.follow(components, since_min, step_min)
    return level


def ion_factor(kind: Kind, pka: float, ph_milk: float, ph_plasma: float) -> float:
    """
    Total over total concentration of the unbound drug in milk and in plasma, when its neutral form is level.

    Equation
    --------
    of a base: ion_factor = (1 + 10**(pka - ph_milk)) / (1 + 10**(pka - ph_plasma))
    of an acid: ion_factor = (1 + 10**(ph_milk - pka)) / (1 + 10**(ph_plasma - pka))

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
    The textbook equation of Henderson and Hasselbalch, for a membrane that only the neutral form crosses.
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

    References
    ----------
    A balance: what is unbound and has no charge is level on both sides.
    """
    return active_ratio * ion * unbound_plasma / unbound_skim


def effective_ml(volume_ml: float, fat_g: float, fat_partition: float) -> float:
    """
    Volume of skim milk that would hold as much drug as the milk does [mL].

    Equation
    --------
    effective_ml = volume_ml + (fat_partition - 1) * fat_g / 0.93

    Parameters
    ----------
    volume_ml
        Of the milk [mL].
    fat_g
        In it [g].
    fat_partition
        Concentration in fat over that in skim.

    References
    ----------
    A balance of what fat and skim hold; 0.93 g/mL is the textbook density of milk fat.
    """
    return volume_ml + (fat_partition - 1.0) * fat_g / FAT_G_PER_ML


def settled_ratio(ratio: float, exchange_ml_per_h: float, carried: float, flow_ml_per_h: float) -> float:
    """
    Concentration in skim over that in plasma, at a constant level and in milk that is taken away as fast as it comes.

    Equation
    --------
    both = exchange_ml_per_h + flow_ml_per_h
    settled_ratio = ratio * (exchange_ml_per_h + carried * flow_ml_per_h) / both

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

    References
    ----------
    A balance: as much goes back and away as comes.
    """
    return ratio * (exchange_ml_per_h + carried * flow_ml_per_h) / (exchange_ml_per_h + flow_ml_per_h)


def turnover(cleared_ml: float, volume_ml: float, fresh_ml: float) -> tuple[float, float, float]:
    """
    What a step does to an amount in milk that is exchanged with plasma while fresh milk comes evenly.

    Equation
    --------
    dn/dt = (came * C(t) - cleared * n / V(t)) / h, V(t) = V1 - fresh * (1 - t / h);
    n(h) = n(0) * (1 - gone) + came * kept * <C>, gone = 1 - (V0 / V1)**(cleared / fresh),
    kept = (V1 - V0 * (1 - gone)) / (cleared + fresh), <C> = mean of C(t), weighed with exp(-decays * (1 - t / h)),
    decays = cleared / fresh * ln(V1 / V0)

    Parameters
    ----------
    cleared_ml
        Clearance from milk to plasma times the length of the step [mL].
    volume_ml
        That it is dissolved in, counted as skim, at the end of the step [mL].
    fresh_ml
        That came of this volume during the step [mL].

    Returns
    -------
    `decays`, `gone` and `kept`. They are exact where the level does not change, or no milk comes; else the weights are
    those of the mean rate of leaving. A level that stays is approached in any case as by `settled_ratio`.

    References
    ----------
    First-order kinetics in a volume that grows.
    """
    before_ml = volume_ml - fresh_ml
    before_ml = max(before_ml, _LEAST_ML)
    grown = fresh_ml / before_ml
    if grown > _SLOW:
        decays = cleared_ml * log(1.0 + grown) / fresh_ml
    else:
        decays = cleared_ml / before_ml * (1.0 - grown * (0.5 - grown * (_THIRD - 0.25 * grown)))
    gone = 1.0 - exp(-decays) if decays > _SLOW else gone_after(decays)
    comes_and_goes_ml = cleared_ml + fresh_ml
    kept = (fresh_ml + before_ml * gone) / comes_and_goes_ml if comes_and_goes_ml > _TINY * before_ml else 1.0
    return decays, gone, kept


def gone_after(decays: float) -> float:
    """
    Share that has left after a step, also of a very slow drug.

    Equation
    --------
    gone_after = 1 - exp(-decays)

    Parameters
    ----------
    decays
        Rate of leaving times the length of the step.

    References
    ----------
    First-order kinetics.
    """
    if decays > _SLOW:
        return 1.0 - exp(-decays)
    return decays * (1.0 - decays * (0.5 - decays * (_SIXTH - decays * _TWENTY_FOURTH)))
