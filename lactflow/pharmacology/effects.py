"""What the level of a drug does, as a number: a factor on its target, or a share of it that is held open."""

from __future__ import annotations

from lactflow.kinetics import inhibition, saturation
from lactflow.pharmacology.declared import Effect


def factor_of(effect: Effect, level: float) -> float:
    """
    Level of an effect: a factor, 1 without the drug; of `opening` a share, 0 without it.

    Equation
    --------
    inhibition: 1 - largest * s, rise: 1 + largest * s, opening: largest * s
    brake: 1 / (1 + level / half_effect)
    s = saturation(level, half_effect, steepness)

    Parameters
    ----------
    effect
        Declared.
    level
        Of the drug in plasma [mg/L], or its daily dose [mg/d].

    References
    ----------
    Hill function, a factor or a share by it; which of them a drug has is for its file to say.
    """
    if effect.law == "brake":
        return 1.0 / (1.0 + level / effect.half_effect)
    largest = 1.0 if effect.largest is None else effect.largest
    if effect.law == "inhibition" and largest == 1.0:
        return inhibition(level, effect.half_effect, effect.steepness)
    reached = largest * saturation(level, effect.half_effect, effect.steepness)
    if effect.law == "rise":
        return 1.0 + reached
    return reached if effect.law == "opening" else 1.0 - reached
