"""
Milk genes of one lobe: STAT5 against the progesterone receptor, mRNA, maturity of the cell.

STAT5 drives transcription; progesterone competes with STAT5 on the genes, not with prolactin at its receptor. STAT5
cannot pass 1, so more prolactin does not release the brake of pregnancy.
"""

from __future__ import annotations

from lactflow.gland.cell.receptors import Message
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import shared_decays
from lactflow.parameters.genes import GeneParameters
from lactflow.units import DAY_MIN


class Genes:
    """
    State of the milk genes.

    Attributes
    ----------
    stat5
        Active STAT5, 0 to 1.
    mrna
        Milk-protein and alpha-lactalbumin mRNA, 0 to 1.
    maturity
        Maturity of the cell, 0 to 1.
    """

    __slots__ = ("_basal", "_decays", "_demand", "_present", "maturity", "mrna", "stat5")

    def __init__(self, parameters: GeneParameters, mechanisms: Mechanisms, message: Message) -> None:
        self._basal = parameters.basal_transcription
        self._demand = parameters.stat5_demand
        self._present = mechanisms.strength("stat5")
        self._decays = shared_decays(
            parameters.stat5_h * 60.0, parameters.mrna_h * 60.0, parameters.maturity_days * DAY_MIN
        )
        self.stat5 = self._present * message.prolactin
        self.mrna = self.maturity = self.transcription(message)

    def transcription(self, message: Message) -> float:
        """Rate of transcription at the present STAT5, 1 at full STAT5 without any brake."""
        stat5, demand, basal = self.stat5, self._demand, self._basal
        if stat5 <= 0.0:
            return 0.0
        driven = (1.0 + demand) * stat5 * stat5 / (stat5 + demand * (1.0 + message.progesterone_brake))
        return (basal * stat5 + (1.0 - basal) * driven) * message.genes

    def advance(self, elapsed_min: float, message: Message, allowed: float) -> None:
        """
        Bring the genes up to the clock.

        GeneParameters
        ----------
        elapsed_min
            Since the last time.
        message
            What the blood says, held over that time.
        allowed
            Share of STAT5 that LIF leaves.
        """
        stat5_left, mrna_left, maturity_left = self._decays.after(elapsed_min)
        transcription, mrna = self.transcription(message), self.mrna
        target = self._present * message.prolactin * allowed
        self.maturity = mrna + (self.maturity - mrna) * maturity_left
        self.mrna = transcription + (mrna - transcription) * mrna_left
        self.stat5 = target + (self.stat5 - target) * stat5_left
