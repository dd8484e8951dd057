"""
Pure formulas: no state, no clock, no units but those named.

Powers are written `math.pow`: `**` is a complex number where the base is negative, `math.pow` an error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from math import exp
from typing import Final

_MOST: Final = 700.0
"""Exponent beyond which `exp` overflows."""


def plain_sum(values: Iterable[float]) -> float:
    """
    Sum of numbers, each added to the sum of those before it.

    The built-in `sum` does the same up to Python 3.11 and compensates rounding errors of floats from 3.12 on, so a
    model that adds with it gives other numbers there. Whole numbers may be added by either.

    Parameters
    ----------
    values
        In one unit; the sum of none is 0.
    """
    total = 0.0
    for value in values:
        total += value
    return total


def relaxed(state: float, target: float, elapsed: float, time_constant: float) -> float:
    """
    First-order relaxation towards a target that is held, exact for any step.

    Equation
    --------
    relaxed = target + (state - target) * exp(-elapsed / time_constant)

    Parameters
    ----------
    state, target
        Where it starts and where it goes.
    elapsed, time_constant
        In one unit of time.

    References
    ----------
    First-order kinetics.
    """
    return target + (state - target) * exp(-elapsed / time_constant)


class Decays:
    """
    What is left of several relaxations after a while: exp(-elapsed / time constant) of each.

    Cells that are brought up to the clock at the same instants share the exponentials of the last interval.

    Parameters
    ----------
    time_constants
        In one unit of time.
    """

    __slots__ = ("_elapsed", "_left", "_rates")

    def __init__(self, *time_constants: float) -> None:
        self._rates = tuple(-1.0 / constant for constant in time_constants)
        self._elapsed = 0.0
        self._left = (1.0,) * len(time_constants)

    def after(self, elapsed: float) -> tuple[float, ...]:
        """Share left of each after `elapsed`, 0 to 1, in the order of the time constants."""
        if elapsed != self._elapsed:
            self._elapsed = elapsed
            self._left = tuple([exp(rate * elapsed) for rate in self._rates])
        return self._left


@lru_cache(maxsize=64)
def shared_decays(*time_constants: float) -> Decays:
    """The one `Decays` of these time constants, for everything that is brought up at the same instants."""
    return Decays(*time_constants)


def decayed(amount: float, elapsed: float, half_life: float) -> float:
    """
    What is left of an amount.

    Equation
    --------
    decayed = amount * 2**(-elapsed / half_life)

    Parameters
    ----------
    amount
        At the start, in any unit.
    elapsed, half_life
        In one unit of time.

    References
    ----------
    First-order kinetics.
    """
    return amount * math.pow(2.0, -elapsed / half_life)


def inhibition(level: float, half_effect: float, steepness: float) -> float:
    """
    Falling Hill function: 1 at level 0, one half at `half_effect`.

    Equation
    --------
    inhibition = 1 / (1 + (level / half_effect)**steepness)

    Parameters
    ----------
    level, half_effect
        In one unit; the level is 0 or more.
    steepness
        Hill exponent.

    References
    ----------
    Hill function.
    """
    return 1.0 / (1.0 + math.pow(level / half_effect, steepness))


def saturation(level: float, half_effect: float, steepness: float = 1.0) -> float:
    """
    Rising Hill function: 0 at level 0 and below, one half at `half_effect`.

    It stands for any level and exponent: nothing overflows.

    Equation
    --------
    saturation = 1 / (1 + (half_effect / level)**steepness) if level > 0 else 0

    Parameters
    ----------
    level, half_effect
        In one unit.
    steepness
        Hill exponent.

    References
    ----------
    Hill function.
    """
    if level <= 0.0:
        return 0.0
    ratio = half_effect / level
    if ratio <= 0.0:  # the level is beyond all bounds: a gland of which next to nothing is left, and milk in it
        return 1.0
    decades = steepness * math.log(ratio)
    return 1.0 / (1.0 + exp(decades)) if decades < _MOST else 0.0


def osmotic_water_ml(solutes_umol: float, osmolality: float, ions_mmol_per_l: float) -> float:
    """
    Water that follows impermeant solutes into a vesicle until it is iso-osmotic [mL].

    Equation
    --------
    osmotic_water_ml = solutes_umol / (osmolality - ions_mmol_per_l) if solutes_umol > 0 else 0

    Parameters
    ----------
    solutes_umol
        Osmoles that cannot leave [umol]: lactose and what is bound to protein.
    osmolality
        Osmolality to be reached [mOsm/kg, taken as mmol/L].
    ions_mmol_per_l
        Sum of the diffusible ions in the fluid that enters [mmol/L].

    References
    ----------
    LinzellPeaker1971, the osmotic account of milk volume: all solutes count, lactose counts most.
    """
    return solutes_umol / (osmolality - ions_mmol_per_l) if solutes_umol > 0.0 else 0.0


def globule_speed(fullness: float, lag: float, steepness: float) -> float:
    """
    Speed of fat globules relative to the skim phase as milk is ejected.

    Globules lag behind in full alveoli and go with the skim as the alveoli collapse, so that fat rises with emptying.

    Equation
    --------
    globule_speed = 1 - lag + lag * (1 - min(1, fullness))**steepness

    Parameters
    ----------
    fullness
        Volume over capacity; above 1 counts as 1.
    lag
        Share of the speed that depends on fullness, 0 to 1.
    steepness
        Exponent of that dependence.

    References
    ----------
    The form is ours; that fat rises with emptying is from Daly1993.
    """
    return 1.0 - lag + lag * math.pow(1.0 - min(1.0, fullness), steepness)
