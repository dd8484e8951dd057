"""
Cells of one lobe over days and weeks: active, quiescent, lost, grown; and the capacity that follows them.

Short-term control by the inhibitor and this slow plasticity are different mechanisms. A lobe that stays full turns
cells quiescent and in time loses them; one that is emptied often takes them back and grows.
"""

from __future__ import annotations

import math
from math import exp

from lactflow.gland.cell.receptors import Message
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import shared_decays
from lactflow.parameters.plasticity import PlasticityParameters
from lactflow.units import DAY_MIN

_LAST_CELLS = 1e-9
"""
Share of a gland at term that is never lost: with no cell at all, amounts per cell would be no numbers.

It makes less than a thousandth of a millilitre a day.
"""


class Plasticity:
    """
    Numbers of cells, relative to a gland at term.

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
    """

    __slots__ = ("_decays", "_parameters", "_present", "active_fraction", "averaged", "capacity", "cells", "lost")

    def __init__(self, parameters: PlasticityParameters, mechanisms: Mechanisms) -> None:
        self._parameters = parameters
        self._present = float(mechanisms.present("plasticity"))
        self._decays = shared_decays(parameters.memory_h * 60.0, parameters.capacity_days * DAY_MIN)
        self.cells = self.capacity = 1.0
        self.lost = 0.0
        self.active_fraction = parameters.active_at_term
        self.averaged = parameters.set_point

    @property
    def active(self) -> float:
        """Cells that secrete."""
        return self.cells * self.active_fraction

    def advance(
        self, elapsed_min: float, message: Message, *, inhibitor: float, mrna: float, stat5: float, dying_per_day: float
    ) -> None:  # fmt: skip
        """
        Bring the numbers up to the clock.

        PlasticityParameters
        ----------
        elapsed_min
            Since the last time.
        message
            What the blood says.
        inhibitor
            Per apical surface.
        mrna
            Cells change between active and quiescent as far as they lactate.
        stat5
            Growth needs it.
        dying_per_day
            Share of the cells that involution and stress kill [1/d].
        """
        averaged_left, capacity_left = self._decays.after(elapsed_min)
        parameters = self._parameters
        days = elapsed_min / DAY_MIN
        over = self.averaged / parameters.set_point
        rest = min(parameters.most_full, max(parameters.most_emptied, math.pow(over, parameters.steepness)))
        speed = self._present * parameters.rate_per_day * mrna * (rest + 1.0 / rest)
        settled = 1.0 / (1.0 + rest * rest)
        self.active_fraction = settled + (self.active_fraction - settled) * exp(-speed * days)
        cells = self.cells
        self.capacity = cells + (self.capacity - cells) * capacity_left
        if over < 1.0:
            room = max(0.0, 1.0 - cells / parameters.largest_gland)
            growth = self._present * (1.0 - over) * message.growth_per_day * stat5 * room
        else:
            growth = 0.0
            dying_per_day += self._present * parameters.turnover_per_day * min(1.0, over - 1.0)
        lost = min(cells * (1.0 - exp(-dying_per_day * days)), max(0.0, cells - _LAST_CELLS))
        self.lost += lost
        self.cells = (cells - lost) * exp(growth * days)
        self.averaged = inhibitor + (self.averaged - inhibitor) * averaged_left
