"""
The apical membrane of a lobe: what fusion brings, budding takes and endocytosis retrieves.

Vesicles fuse with it and leave their area in it; droplets leave wrapped in some of it. The two lines of a cell share
this budget.
"""

from __future__ import annotations

from math import exp, inf

from lactflow.parameters.membrane import Membrane


class ApicalMembrane:
    """
    Area of apical membrane of one lobe.

    Attributes
    ----------
    area_m2, resting_m2, initial_m2
        Present and resting area, and both at the start.
    wanted_m2
        Area at which the droplet that waits for membrane can leave; infinity when none waits.
    supplied_m2, grown_m2, spent_m2, retrieved_m2
        Ledger: brought by fusion, by new cells, taken by globules, retrieved by endocytosis.
    """

    __slots__ = (
        "_least_m2",
        "_since_min",
        "_smallest_fraction",
        "_time_constant_min",
        "area_m2",
        "grown_m2",
        "initial_m2",
        "resting_m2",
        "retrieved_m2",
        "spent_m2",
        "supplied_m2",
        "wanted_m2",
    )

    def __init__(self, parameters: Membrane, share: float, time_min: float) -> None:
        self.initial_m2 = self.resting_m2 = self.area_m2 = parameters.apical_area_m2 * share
        self._smallest_fraction = parameters.smallest_fraction
        self._least_m2 = self._smallest_fraction * self.resting_m2
        self._time_constant_min = parameters.endocytosis_min
        self._since_min = time_min
        self.wanted_m2 = inf
        self.supplied_m2 = self.grown_m2 = self.spent_m2 = self.retrieved_m2 = 0.0

    def bring_up(self, now: float) -> None:
        """Retrieve what endocytosis has taken until `now`."""
        excess_m2 = self.area_m2 - self.resting_m2
        if excess_m2 > 0.0:
            kept_m2 = excess_m2 * exp((self._since_min - now) / self._time_constant_min)
            self.area_m2 = self.resting_m2 + kept_m2
            self.retrieved_m2 += excess_m2 - kept_m2
        self._since_min = now

    def supply(self, area_m2: float, now: float) -> None:
        """A vesicle fuses."""
        excess_m2 = self.area_m2 - self.resting_m2
        if excess_m2 > 0.0:  # `bring_up`, spelled out: this is done for every vesicle packet
            kept_m2 = excess_m2 * exp((self._since_min - now) / self._time_constant_min)
            self.retrieved_m2 += excess_m2 - kept_m2
            self.area_m2 = self.resting_m2 + kept_m2 + area_m2
        else:
            self.area_m2 += area_m2
        self._since_min = now
        self.supplied_m2 += area_m2

    def spend(self, area_m2: float, now: float) -> bool:
        """A droplet wants to leave with so much area; False when too little would be left."""
        self.bring_up(now)
        if self.area_m2 - area_m2 < self._least_m2:
            self.wanted_m2 = self._least_m2 + area_m2
            return False
        self.wanted_m2 = inf
        self.area_m2 -= area_m2
        self.spent_m2 += area_m2
        return True

    def resize(self, resting_m2: float, now: float) -> None:
        """Cells have grown, and bring their membrane; or some are lost, and endocytosis retrieves theirs."""
        self.bring_up(now)
        grown_m2 = max(0.0, resting_m2 - self.resting_m2)
        self.area_m2 += grown_m2
        self.grown_m2 += grown_m2
        self.resting_m2 = resting_m2
        self._least_m2 = self._smallest_fraction * resting_m2

    @property
    def fraction(self) -> float:
        """Area over resting area."""
        return self.area_m2 / self.resting_m2
