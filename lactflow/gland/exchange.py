"""
Exchange of milk with plasma across the cells of one lobe, and what fresh milk brings.

The amount n of an analyte in the lumen follows dn/dt = b - k n: k is the clearance to plasma over the volume that the
analyte is dissolved in, b is what plasma and fresh milk bring. Over an interval in which nobody takes milk, the level
in plasma and that volume are held in the middle, and n is solved exactly.
"""

from __future__ import annotations

from math import exp, expm1
from typing import Final

from lactflow.gland.contents import Contents
from lactflow.gland.lumen import Lumen

_LEAST_ML: Final = 1e-9
"""Milk that an empty lumen is taken to hold, so that a clearance over it is a number."""


def exchanged(amount: float, coming: float, rate: float, elapsed: float) -> float:
    """
    Amount after a while of what comes at a constant rate and leaves in proportion to itself.

    Equation
    --------
    left = exp(-rate * elapsed)
    exchanged = amount * left + coming / rate * (1 - left) if rate > 0 else amount + coming * elapsed

    Parameters
    ----------
    amount
        At the start.
    coming
        Amount that comes per time.
    rate
        Share that leaves per time.
    elapsed
        In the same unit of time.

    References
    ----------
    First-order kinetics.
    """
    if rate <= 0.0:
        return amount + coming * elapsed
    return amount * exp(-rate * elapsed) - coming / rate * expm1(-rate * elapsed)


def held_level(before: float, change_min: float, now_level: float, now: float) -> float:
    """
    Level of a signal that is held over an interval: its middle, or its old level where it has jumped meanwhile.

    Parameters
    ----------
    before, change_min
        Level at the start of the interval, and when the signal was then to leave its closed form [min].
    now_level, now
        Level at the end, perhaps just after a jump, and that time [min].
    """
    return before if change_min <= now else 0.5 * (before + now_level)


class Exchange:
    """
    Exchange of one lobe.

    Parameters
    ----------
    contents
        Of the run; `contents.passages` is what is exchanged.
    lumen
        Of the lobe.
    share
        Of the breast that the lobe is.
    now
        Clock time.
    """

    __slots__ = ("_contents", "_droplets_ml", "_levels", "_lumen", "_share", "_since_min", "_vesicles_ml")

    def __init__(self, contents: Contents, lumen: Lumen, share: float, now: float) -> None:
        self._contents = contents
        self._lumen = lumen
        self._share = share
        self._since_min = now
        self._levels = contents.levels(now)
        self._vesicles_ml, self._droplets_ml = lumen.vesicles.total_ml(), lumen.droplets.total_ml()

    def bring_up(self, now: float, cells: float) -> None:
        """
        Bring the lumen up to the clock; to be called before milk leaves it or comes back.

        Parameters
        ----------
        now
            Clock time.
        cells
            Living cells, relative to a gland at term: clearances go with them.
        """
        elapsed_min = now - self._since_min
        if elapsed_min <= 0.0:
            return
        lumen = self._lumen
        before, levels = self._levels, self._contents.levels(now)
        vesicles_ml, droplets_ml = lumen.vesicles.total_ml(), lumen.droplets.total_ml()
        secreted_ml = vesicles_ml - self._vesicles_ml, droplets_ml - self._droplets_ml
        self._since_min, self._levels = now, levels
        self._vesicles_ml, self._droplets_ml = vesicles_ml, droplets_ml
        held = [
            held_level(level, change_min, level_now, now)
            for (level, change_min), (level_now, _) in zip(before, levels, strict=True)
        ]
        size, fat_ml = self._share * cells, lumen.fat_ml()
        for passage in self._contents.passages:
            partition = passage.partition
            fresh_ml = secreted_ml[0] + partition * secreted_ml[1]
            volume_ml = lumen.volume_ml + (partition - 1.0) * fat_ml - 0.5 * fresh_ml
            fresh = held[passage.fresh] * passage.fresh_per_level * fresh_ml
            from_plasma = passage.into_ml_per_min * size * held[passage.plasma] / 1000.0 * elapsed_min
            amount, came = lumen.amount_of(passage.analyte), fresh + from_plasma
            rate = passage.out_ml_per_min * size / max(volume_ml, _LEAST_ML)
            went = max(0.0, amount + came - exchanged(amount, came / elapsed_min, rate, elapsed_min))
            made = fresh if passage.synthesised else 0.0
            lumen.pass_over(passage.analyte, made=made, entered=came - made, left=went)
