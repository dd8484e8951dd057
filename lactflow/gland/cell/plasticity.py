"""
Cells of one lobe over days and weeks: active, quiescent, lost, grown; and the capacity that follows them.

Short-term control by the inhibitor and this slow plasticity are different mechanisms. A lobe that stays full turns
cells quiescent and in time loses them; one that is emptied often takes them back and grows.
"""

from __future__ import annotations

import math
from math import exp
from typing import Final

from lactflow.gland.cell.receptors import Message
from lactflow.gland.cell.senses import Senses
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import shared_decays
from lactflow.parameters.gland import Gland
from lactflow.parameters.resting import RestingGland
from lactflow.units import DAY_MIN

_LAST_CELLS: Final = 1e-9
"""
Share of a gland at term that is never lost: with no cell at all, amounts per cell would be no numbers.

It makes less than a thousandth of a millilitre a day.
"""


def quiescence(over: float, steepness: float, most_emptied: float, most_full: float) -> float:
    """
    How much faster cells fall quiescent than at the set point, and how much slower they come back; 1 there.

    Equation
    --------
    quiescence = min(most_full, max(most_emptied, over**steepness))

    Parameters
    ----------
    over
        Averaged inhibitor over its set point.
    steepness
        How both rates depend on it.
    most_emptied, most_full
        Where the effects of emptying and of fullness end.

    References
    ----------
    The form is ours; that cells go both ways is the model of Vetharaniam2003.
    """
    factor = math.pow(over, steepness)
    if factor < most_emptied:
        return most_emptied
    return factor if factor < most_full else most_full


def settled_active(quiescence: float) -> float:
    """
    Share of the cells that is active when as many fall quiescent as come back.

    Equation
    --------
    settled_active = 1 / (1 + quiescence**2)

    Parameters
    ----------
    quiescence
        Factor of falling quiescent; coming back has its inverse.

    References
    ----------
    Vetharaniam2003, with rates of our own.
    """
    return 1.0 / (1.0 + quiescence * quiescence)


def turning_per_day(quiescence: float, rate_per_day: float, mrna: float) -> float:
    """
    Rate at which the share of active cells settles [1/d]: the sum of the rates of both ways.

    Equation
    --------
    turning_per_day = rate_per_day * mrna * (quiescence + 1 / quiescence)

    Parameters
    ----------
    quiescence
        Factor of falling quiescent; coming back has its inverse.
    rate_per_day
        Rate of each at the set point [1/d].
    mrna
        Milk-gene mRNA, 0 to 1: cells turn as far as they lactate.

    References
    ----------
    Vetharaniam2003, with rates of our own.
    """
    return rate_per_day * mrna * (quiescence + 1.0 / quiescence)


def growing_per_day(over: float, most_per_day: float, stat5: float, cells: float, largest: float) -> float:
    """
    Growth of a gland that is emptied below the set point [1/d].

    Equation
    --------
    growing_per_day = (1 - over) * most_per_day * stat5 * max(0, 1 - cells / largest)

    Parameters
    ----------
    over
        Averaged inhibitor over its set point, at most 1.
    most_per_day
        Growth of a small gland that is kept empty [1/d].
    stat5
        Active STAT5, 0 to 1.
    cells
        Living cells, 1 at term.
    largest
        Cells at which growth ends.

    References
    ----------
    The form is ours; that milking often in the first weeks makes more milk for good is from Wall2007.
    """
    room = 1.0 - cells / largest
    return (1.0 - over) * most_per_day * stat5 * room if room > 0.0 else 0.0


def regrowing_per_day(over: float, most_per_day: float, stat5: float, cells: float, had: float) -> float:
    """
    Growth back towards the size that the gland has had, of one that is emptied below the set point [1/d].

    Equation
    --------
    regrowing_per_day = (1 - over) * most_per_day * stat5 * max(0, 1 - cells / had)

    Parameters
    ----------
    over
        Averaged inhibitor over its set point, at most 1.
    most_per_day
        Regrowth of a gland of which hardly a cell is left, kept empty [1/d].
    stat5
        Active STAT5, 0 to 1.
    cells, had
        Living cells, and the most that there have been; 1 at term.

    References
    ----------
    The form is ours: milk comes back within 5 to 28 days after it was given up, in most women (Tomar2016).
    """
    room = 1.0 - cells / had
    return (1.0 - over) * most_per_day * stat5 * room if room > 0.0 else 0.0


def growing_by_steroids_per_day(most_per_day: float, cells: float) -> float:
    """
    Growth towards the size of term under estrogen and progesterone beside those of the first pregnancy [1/d].

    Equation
    --------
    growing_by_steroids_per_day = most_per_day * max(0, 1 - cells)

    Parameters
    ----------
    most_per_day
        Growth of a gland of few cells at these levels [1/d].
    cells
        Living cells, 1 at term.

    References
    ----------
    The form is ours: a pregnancy brings the gland to its size of term, whatever it begins with.
    """
    return most_per_day * (1.0 - cells) if cells < 1.0 else 0.0


def recruited(unprimed: float, lacking: float, mrna: float) -> float:
    """
    Active cells that take part in copious secretion, relative to a gland that was suckled from birth.

    Equation
    --------
    recruited = 1 - lacking * unprimed * mrna

    Parameters
    ----------
    unprimed
        Share of the cells that no early bout has primed, 0 to 1.
    lacking
        Share of them that does not take part.
    mrna
        Milk-gene mRNA, 0 to 1: colostrum needs no priming.

    References
    ----------
    The form is ours; that a late first expression costs milk for weeks was seen by Hopkinson 1988 (Pediatrics
    81:815-820) and Parker 2012 (J Perinatol 32:205-209), whose sizes it is not set on.
    """
    return 1.0 - lacking * unprimed * mrna


def turnover_per_day(over: float, most_per_day: float) -> float:
    """
    Share of the cells that turnover takes and nothing replaces in a gland that is full above the set point [1/d].

    Equation
    --------
    turnover_per_day = most_per_day * min(1, over - 1)

    Parameters
    ----------
    over
        Averaged inhibitor over its set point, at least 1.
    most_per_day
        Turnover at twice the set point or more [1/d].

    References
    ----------
    The form is ours; the turnover is set on Kent1999.
    """
    excess = over - 1.0
    return most_per_day * (excess if excess < 1.0 else 1.0)


class Plasticity:
    """
    Numbers of cells, relative to a gland at term.

    Parameters
    ----------
    gland
        Declared quantities.
    mechanisms
        Whether cells turn and grow.

    Attributes
    ----------
    cells
        Living cells.
    active_fraction
        Share of them that secretes.
    lost
        Cells lost since term.
    capacity
        Capacity, relative to a gland at term.
    averaged
        Inhibitor per surface, averaged over half a day.
    had
        Most cells that there have been.
    unprimed
        Share of the cells that no early bout has primed.
    """

    __slots__ = (
        "_active_at_term", "_decays", "_declared", "_grows", "_lacking", "_largest", "_most_emptied", "_most_full",
        "_present", "_rate_per_day", "_regrowth_per_day", "_set_point", "_steepness", "_turnover_per_day",
        "active_fraction", "averaged", "capacity", "cells", "had", "lost", "unprimed",
    )  # fmt: skip

    def __init__(self, gland: Gland, mechanisms: Mechanisms, message: Message) -> None:
        parameters = gland.plasticity
        self._declared = (gland, mechanisms, message)
        self._present = present = float(mechanisms.present("plasticity"))
        self._grows = present * parameters.growth_share
        self._set_point, self._steepness = parameters.set_point, parameters.steepness
        self._most_emptied, self._most_full = parameters.most_emptied, parameters.most_full
        self._rate_per_day = present * parameters.rate_per_day
        self._turnover_per_day = present * parameters.turnover_per_day
        self._regrowth_per_day = present * parameters.regrowth_per_day
        self._lacking = present * parameters.unprimed_quiescence
        self._largest = parameters.largest_gland
        self._decays = shared_decays(parameters.memory_h * 60.0, parameters.capacity_days * DAY_MIN)
        self.cells = self.capacity = self.had = self.unprimed = 1.0
        self.lost = 0.0
        self.active_fraction = self._active_at_term = parameters.active_at_term
        self.averaged = parameters.set_point

    def __copy__(self) -> Plasticity:
        """Numbers of another lobe in the same state."""
        gland, mechanisms, message = self._declared
        other = Plasticity(gland, mechanisms, message)
        other.cells, other.active_fraction, other.lost = self.cells, self.active_fraction, self.lost
        other.capacity, other.averaged = self.capacity, self.averaged
        other.had, other.unprimed = self.had, self.unprimed
        return other

    def rest(self, resting: RestingGland) -> None:
        """Have the cells of a gland that no pregnancy has made grow, none of which has been primed."""
        self.cells = self.capacity = resting.cells
        self.had = max(resting.had, resting.cells)
        self.active_fraction = resting.active

    @property
    def active(self) -> float:
        """Cells that are not quiescent."""
        return self.cells * self.active_fraction

    def secreting(self, mrna: float) -> float:
        """Cells that secrete, by their milk-gene mRNA: of those not primed, some take no part in copious secretion."""
        return self.cells * self.active_fraction * recruited(self.unprimed, self._lacking, mrna)

    def emit(self, senses: Senses) -> None:
        """Emit nothing: the other mechanisms sense the capacity as fullness, which the cells work out."""

    def advance(self, elapsed_min: float, senses: Senses) -> None:
        """Bring the numbers up to the clock."""
        averaged_left, capacity_left = self._decays.after(elapsed_min)
        days = elapsed_min / DAY_MIN
        over = self.averaged / self._set_point
        factor = quiescence(over, self._steepness, self._most_emptied, self._most_full)
        settled = settled_active(factor)
        self.unprimed *= exp(-senses.message.priming_per_day * days)
        turned = exp(-turning_per_day(factor, self._rate_per_day, senses.mrna) * days)
        self.active_fraction = settled + (self.active_fraction - settled) * turned
        cells, dying_per_day, growth = self.cells, senses.dying_per_day, 0.0
        self.capacity = cells + (self.capacity - cells) * capacity_left
        if over < 1.0:
            most_per_day = self._grows * senses.message.growth_per_day
            growth = growing_per_day(over, most_per_day, senses.stat5, cells, self._largest)
            growth += regrowing_per_day(over, self._regrowth_per_day, senses.stat5, cells, self.had)
        else:
            dying_per_day += turnover_per_day(over, self._turnover_per_day)
        by_steroids = self._present * senses.message.steroid_growth_per_day
        if by_steroids > 0.0:
            growth += growing_by_steroids_per_day(by_steroids, cells)
            lacking = self.active_fraction - self._active_at_term
            if lacking < 0.0:  # the cells of a pregnancy become able to secrete
                self.active_fraction = self._active_at_term + lacking * exp(-by_steroids * days)
        lost, most_lost = cells * (1.0 - exp(-dying_per_day * days)), cells - _LAST_CELLS
        if lost > most_lost:
            lost = most_lost if most_lost > 0.0 else 0.0
        self.lost += lost
        self.cells = cells = (cells - lost) * exp(growth * days)
        if cells > self.had:
            self.had = cells
        self.averaged = senses.inhibitor + (self.averaged - senses.inhibitor) * averaged_left
