"""
The unfolded protein response of one lobe.

It reads the backlog of the RER, which is a queue, and nothing else. The adaptive arm attenuates translation
within hours and lets it recover; the terminal arm answers only to stress that lasts. Time constants in the
mammary gland are not known.
"""

from __future__ import annotations

from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import shared_decays
from lactflow.parameters.unfolded_protein_response import UnfoldedProteinParameters


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
        "_present",
        "_recovery_share",
        "_threshold",
        "adaptive",
        "recovery",
        "terminal",
        "unfolded_protein",
    )

    def __init__(self, parameters: UnfoldedProteinParameters, mechanisms: Mechanisms) -> None:
        self._threshold = parameters.threshold
        self._recovery_share = parameters.recovery_share
        self._attenuation = parameters.attenuation
        self._present = float(mechanisms.present("unfolded_protein_response"))
        self._decays = shared_decays(
            parameters.adaptive_h * 60.0, parameters.recovery_h * 60.0, parameters.terminal_h * 60.0
        )
        self.unfolded_protein = self.adaptive = self.recovery = self.terminal = 0.0

    def attenuation(self) -> float:
        """Factor on translation: 1 without stress."""
        return 1.0 / (1.0 + self._attenuation * max(0.0, self.adaptive - self.recovery))

    def advance(self, elapsed_min: float, rer_occupied: float) -> None:
        """
        Bring the arms up to the clock.

        UnfoldedProteinParameters
        ----------
        elapsed_min
            Since the last time.
        rer_occupied
            Occupied share of the RER, held over that time; above 1 counts as 1.
        """
        adaptive_left, recovery_left, terminal_left = self._decays.after(elapsed_min)
        backlog = (min(1.0, rer_occupied) - self._threshold) / (1.0 - self._threshold)
        self.unfolded_protein = unfolded = max(0.0, backlog)
        sensed = self._present * unfolded
        recovery_target = self._recovery_share * self.adaptive  # before the step, as all targets are
        self.terminal = sensed + (self.terminal - sensed) * terminal_left
        self.recovery = recovery_target + (self.recovery - recovery_target) * recovery_left
        self.adaptive = sensed + (self.adaptive - sensed) * adaptive_left
