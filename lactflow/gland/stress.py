"""
The unfolded protein response of one lobe.

It reads the backlog of the RER, which is a queue, and nothing else. The adaptive arm attenuates translation
within hours and lets it recover; the terminal arm answers only to stress that lasts. Time constants in the
mammary gland are not known.
"""

from __future__ import annotations

from lactflow.kinetics import Decays
from lactflow.parameters.gland import UnfoldedProteinResponse as Parameters


class UnfoldedProteinResponse:
    """
    State of the response.

    Attributes
    ----------
    unfolded_protein
        Signal from the backlog, 0 to 1.
    adaptive, recovery, terminal
        Arms, 0 to 1.
    """

    __slots__ = (
        "_attenuation",
        "_decays",
        "_recovery_share",
        "_threshold",
        "adaptive",
        "recovery",
        "terminal",
        "unfolded_protein",
    )

    def __init__(self, parameters: Parameters) -> None:
        self._threshold = parameters.threshold
        self._recovery_share = parameters.recovery_share
        self._attenuation = parameters.attenuation
        self._decays = Decays(parameters.adaptive_h * 60.0, parameters.recovery_h * 60.0, parameters.terminal_h * 60.0)
        self.unfolded_protein = self.adaptive = self.recovery = self.terminal = 0.0

    def advance(self, elapsed_min: float, rer_occupied: float) -> float:
        """
        Bring the arms up to the clock.

        Parameters
        ----------
        elapsed_min
            Since the last time.
        rer_occupied
            Occupied share of the RER, held over that time; above 1 counts as 1.

        Returns
        -------
        Factor on translation: 1 without stress.
        """
        adaptive_left, recovery_left, terminal_left = self._decays.after(elapsed_min)
        backlog = (min(1.0, rer_occupied) - self._threshold) / (1.0 - self._threshold)
        self.unfolded_protein = unfolded = max(0.0, backlog)
        recovery_target = self._recovery_share * self.adaptive  # before the step, as all targets are
        self.terminal = unfolded + (self.terminal - unfolded) * terminal_left
        self.recovery = recovery_target + (self.recovery - recovery_target) * recovery_left
        self.adaptive = unfolded + (self.adaptive - unfolded) * adaptive_left
        return 1.0 / (1.0 + self._attenuation * max(0.0, self.adaptive - self.recovery))
