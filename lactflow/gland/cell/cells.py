"""
The secretory cells of one lobe: all their signals and numbers, and which of them are brought up in which order.

Every target is taken from the state before the step, so the order of the mechanisms does not matter.
"""

from __future__ import annotations

from copy import copy

from lactflow.gland.cell.genes import Genes
from lactflow.gland.cell.involution import Involution
from lactflow.gland.cell.junctions import TightJunctions
from lactflow.gland.cell.plasticity import Plasticity
from lactflow.gland.cell.receptors import Message
from lactflow.gland.cell.stress import UnfoldedProteinResponse
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.gland import Gland


class Cells:
    """
    The cells of one lobe.

    Parameters
    ----------
    gland
        Declared quantities.
    mechanisms
        Which mechanisms there are.
    message
        What the blood says at the start: genes and junctions begin settled in it, without stress.

    Attributes
    ----------
    genes, junctions, stress, involution, plasticity
        Its mechanisms.
    """

    __slots__ = ("_loss_per_day", "_stress_loss_per_day", "_terminal", "genes", "involution", "junctions", "plasticity",
                 "stress")  # fmt: skip

    def __init__(self, gland: Gland, mechanisms: Mechanisms, message: Message) -> None:
        self.genes = Genes(gland.genes, mechanisms, message)
        self.junctions = TightJunctions(gland.tight_junctions, mechanisms, message.open_junctions)
        self.stress = UnfoldedProteinResponse(gland.unfolded_protein_response, mechanisms)
        self.involution = Involution(gland.involution, mechanisms)
        self.plasticity = Plasticity(gland.plasticity, mechanisms)
        self._loss_per_day = gland.involution.loss_per_day
        self._stress_loss_per_day = gland.involution.stress_loss_per_day
        self._terminal = gland.involution.terminal_threshold

    def like(self) -> Cells:
        """Other cells in the same state."""
        other = copy(self)
        other.genes, other.junctions, other.stress = copy(self.genes), copy(self.junctions), copy(self.stress)
        other.involution, other.plasticity = copy(self.involution), copy(self.plasticity)
        return other

    def advance(
        self, elapsed_min: float, message: Message, *, filled: float, inhibitor: float, backlog: float
    ) -> None:  # fmt: skip
        """
        Bring all signals and numbers up to the clock.

        Parameters
        ----------
        elapsed_min
            Since the last time; what follows is held over it.
        message
            What the blood says.
        filled
            Volume over the capacity of a lobe at term.
        inhibitor
            Per apical surface.
        backlog
            Occupied share of the RER; above 1 counts as 1.
        """
        genes, involution, plasticity = self.genes, self.involution, self.plasticity
        lif_effect, stat3 = involution.lif_effect(), involution.stat3
        terminal = self.stress.terminal
        stressed = max(0.0, (terminal - self._terminal) / (1.0 - self._terminal))
        dying_per_day = (
            self._loss_per_day * stat3 * stat3 * involution.commitment + self._stress_loss_per_day * stressed
        )
        fullness = filled / plasticity.capacity
        plasticity.advance(
            elapsed_min, message,
            inhibitor=inhibitor, mrna=genes.mrna, stat5=genes.stat5, dying_per_day=dying_per_day,
        )  # fmt: skip
        genes.advance(elapsed_min, message, involution.stat5_allowed(lif_effect))
        self.junctions.advance(elapsed_min, message.open_junctions, fullness, stat3)
        involution.advance(elapsed_min, lif_effect, fullness, filled, terminal)
        self.stress.advance(elapsed_min, backlog)
