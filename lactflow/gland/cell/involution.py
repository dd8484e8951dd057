"""
Involution of one lobe: distension, LIF, STAT3, commitment.

Distension and stasis release LIF. LIF shuts STAT5 off and turns STAT3 on; STAT3 itself does not act on STAT5 (Chapman
1999). STAT3 together with terminal stress commits the cells to death, and commitment holds STAT3 up while milk stays:
early on it is reversible, later it is a latch.
"""

from __future__ import annotations

from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import saturation, shared_decays
from lactflow.parameters.involution import InvolutionParameters

_HALF = 0.5
"""What counts as on, for STAT3, commitment, and milk that stays."""


class Involution:
    """
    State of involution.

    Attributes
    ----------
    lif
        Leukemia inhibitory factor, 0 to 1.
    stat3
        Active STAT3, 0 to 1.
    commitment
        Commitment to death, 0 to 1.
    """

    __slots__ = (
        "_decays",
        "_distension",
        "_distension_power",
        "_lif_half",
        "_lif_power",
        "_lif_present",
        "_maintenance",
        "_shut_off",
        "_stat3_present",
        "_terminal",
        "commitment",
        "lif",
        "stat3",
    )  # fmt: skip

    def __init__(self, parameters: InvolutionParameters, mechanisms: Mechanisms) -> None:
        self._decays = shared_decays(parameters.lif_h * 60.0, parameters.stat3_h * 60.0, parameters.commitment_h * 60.0)
        self._distension = parameters.distension_half_effect
        self._distension_power = parameters.distension_steepness
        self._lif_half, self._lif_power = parameters.lif_half_effect, parameters.lif_steepness
        self._shut_off = parameters.stat5_shut_off
        self._maintenance = parameters.maintenance
        self._terminal = parameters.terminal_threshold
        self._lif_present = float(mechanisms.present("lif"))
        self._stat3_present = float(mechanisms.present("stat3"))
        self.lif = self.stat3 = self.commitment = 0.0

    def lif_effect(self) -> float:
        """Effect of the present LIF, 0 to 1."""
        return saturation(self.lif, self._lif_half, self._lif_power)

    def stat5_allowed(self, lif_effect: float) -> float:
        """Share of STAT5 that LIF leaves."""
        return 1.0 - self._shut_off * lif_effect

    def advance(
        self, elapsed_min: float, lif_effect: float, fullness: float, filled: float, terminal: float
    ) -> None:  # fmt: skip
        """
        Bring the signals up to the clock.

        InvolutionParameters
        ----------
        elapsed_min
            Since the last time.
        lif_effect
            Effect of LIF before this step.
        fullness
            Volume over what the living cells store.
        filled
            Volume over the capacity of the alveoli, which shrink slowly.
        terminal
            Terminal arm of the unfolded protein response.
        """
        lif_left, stat3_left, commitment_left = self._decays.after(elapsed_min)
        stat3, committed = self.stat3, self.commitment > _HALF
        distension = saturation(fullness, self._distension, self._distension_power)
        kept = self._maintenance * stat3 if committed and filled > _HALF else 0.0
        lif = self._lif_present * max(distension, kept)
        active = self._stat3_present * lif_effect
        on = 1.0 if stat3 > _HALF and (committed or terminal > self._terminal) else 0.0
        self.lif = lif + (self.lif - lif) * lif_left
        self.stat3 = active + (stat3 - active) * stat3_left
        self.commitment = on + (self.commitment - on) * commitment_left
