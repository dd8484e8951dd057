"""Tight junctions of one lobe: the gate between lumen and plasma."""

from __future__ import annotations

from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import shared_decays
from lactflow.parameters.tight_junctions import JunctionParameters


class TightJunctions:
    """
    How far the junctions are open.

    Attributes
    ----------
    leak
        0 when closed, 1 when all are open.
    stasis
        Stasis as felt, 0 to 1.
    inflamed
        Share that mastitis holds open; set from outside.
    """

    __slots__ = (
        "_decays", "_healthy", "_missing", "_stasis_fullness", "_stasis_leak", "_stasis_threshold", "_stat3_leak",
        "inflamed", "leak", "stasis",
    )  # fmt: skip

    def __init__(self, parameters: JunctionParameters, mechanisms: Mechanisms, open_junctions: float) -> None:
        self._decays = shared_decays(parameters.lag_h * 60.0, parameters.stasis_h * 60.0)
        self._healthy = parameters.healthy_leak
        self._missing = float(not mechanisms.present("tight_junction"))
        self._stasis_fullness = parameters.stasis_fullness
        self._stasis_threshold = parameters.stasis_threshold
        self._stasis_leak = parameters.stasis_leak
        self._stat3_leak = parameters.stat3_leak
        self.stasis = self.inflamed = 0.0
        self.leak = max(open_junctions, self._healthy, self._missing)

    def advance(self, elapsed_min: float, open_junctions: float, fullness: float, stat3: float) -> None:
        """
        Bring the junctions up to the clock.

        JunctionParameters
        ----------
        elapsed_min
            Since the last time.
        open_junctions
            Share that progesterone keeps open.
        fullness
            Of the lobe.
        stat3
            Active STAT3.
        """
        leak_left, stasis_left = self._decays.after(elapsed_min)
        felt, threshold = self.stasis, self._stasis_threshold
        of_stasis = self._stasis_leak * (felt - threshold) / (1.0 - threshold)
        target = max(
            open_junctions, self._healthy, of_stasis, self._stat3_leak * stat3, self.inflamed, self._missing
        )  # fmt: skip
        full = 1.0 if fullness > self._stasis_fullness else 0.0
        self.leak = target + (self.leak - target) * leak_left
        self.stasis = full + (felt - full) * stasis_left
