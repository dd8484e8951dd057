"""
The unfolded protein response of one lobe.

It reads the backlog of the RER, which is a queue, and nothing else. The adaptive arm attenuates translation
within hours and lets it recover; the terminal arm answers only to stress that lasts. Time constants in the
mammary gland are not known.
"""

from __future__ import annotations

from lactflow.kinetics import relaxed
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

    __slots__ = ("_parameters", "adaptive", "recovery", "terminal", "unfolded_protein")

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self.unfolded_protein = self.adaptive = self.recovery = self.terminal = 0.0

    def advance(self, elapsed_min: float, rer_occupied: float) -> None:
        """
        Bring the arms up to the clock.

        Parameters
        ----------
        elapsed_min
            Since the last time.
        rer_occupied
            Occupied share of the RER, held over that time; above 1 counts as 1.
        """
        parameters, elapsed_h = self._parameters, elapsed_min / 60.0
        backlog = (min(1.0, rer_occupied) - parameters.threshold) / (1.0 - parameters.threshold)
        self.unfolded_protein = max(0.0, backlog)
        # All targets are those before the step.
        recovery_target = parameters.recovery_share * self.adaptive
        self.terminal = relaxed(self.terminal, self.unfolded_protein, elapsed_h, parameters.terminal_h)
        self.recovery = relaxed(self.recovery, recovery_target, elapsed_h, parameters.recovery_h)
        self.adaptive = relaxed(self.adaptive, self.unfolded_protein, elapsed_h, parameters.adaptive_h)

    def attenuation(self) -> float:
        """Factor on translation: 1 without stress."""
        return 1.0 / (1.0 + self._parameters.attenuation * max(0.0, self.adaptive - self.recovery))
