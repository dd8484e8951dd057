"""
The secretory cells of one lobe: all their mechanisms, brought up together.

Every target is taken from the state before the step, so the order of the mechanisms does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from types import MappingProxyType
from typing import cast

from lactflow.errors import DeclarationError
from lactflow.gland.cell.genes import Genes
from lactflow.gland.cell.involution import Involution
from lactflow.gland.cell.junctions import TightJunctions
from lactflow.gland.cell.plasticity import Plasticity
from lactflow.gland.cell.receptors import Message
from lactflow.gland.cell.senses import CellMechanism, CellMechanismBuilder, Senses, checked
from lactflow.gland.cell.stress import UnfoldedProteinResponse
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.gland import Gland
from lactflow.parameters.resting import RestingGland

CELL_MECHANISMS: Mapping[str, CellMechanismBuilder] = MappingProxyType(
    {
        "plasticity": Plasticity,
        "genes": Genes,
        "junctions": TightJunctions,
        "involution": Involution,
        "stress": UnfoldedProteinResponse,
    }
)
"""The mechanisms of every cell by name. A new one is a class in a file of its own, and a line here."""

NONE: Mapping[str, CellMechanismBuilder] = MappingProxyType({})


class Cells:
    """
    The cells of one lobe; `cells_of` makes those that a run starts with.

    Parameters
    ----------
    by_name
        All their mechanisms, the five of `CELL_MECHANISMS` among them.
    senses
        What these sense.

    Attributes
    ----------
    genes, junctions, stress, involution, plasticity
        The mechanisms that a lobe reads.
    by_name
        All mechanisms.
    """

    __slots__ = ("_further", "_senses", "by_name", "genes", "involution", "junctions", "plasticity", "stress")

    def __init__(self, by_name: Mapping[str, CellMechanism], senses: Senses) -> None:
        self.by_name = by_name
        self._senses = senses
        self.genes = cast("Genes", by_name["genes"])
        self.junctions = cast("TightJunctions", by_name["junctions"])
        self.stress = cast("UnfoldedProteinResponse", by_name["stress"])
        self.involution = cast("Involution", by_name["involution"])
        self.plasticity = cast("Plasticity", by_name["plasticity"])
        own = (self.plasticity, self.genes, self.junctions, self.involution, self.stress)
        self._further = tuple([mechanism for mechanism in by_name.values() if mechanism not in own])
        self.gather()

    def like(self) -> Cells:
        """Other cells in the same state."""
        return Cells({name: copy(mechanism) for name, mechanism in self.by_name.items()}, copy(self._senses))

    def rest(self, resting: RestingGland) -> None:
        """Be the cells of a woman who has not been pregnant; their genes are settled without her hormones already."""
        self.plasticity.rest(resting)
        self.junctions.rest(self.genes.mrna)
        self.gather()

    @property
    def translation(self) -> float:
        """Factor of all mechanisms on translation and fat synthesis, 1 without stress."""
        return self._senses.translation

    @property
    def secreting(self) -> float:
        """Cells that secrete, relative to a gland at term."""
        return self.plasticity.secreting(self.genes.mrna)

    def gather(self) -> None:
        """Let every mechanism say what the others will sense of it: after each step, or a change from outside."""
        senses = self._senses
        senses.stat5_allowed = senses.translation = 1.0
        senses.held_open = senses.dying_per_day = 0.0
        self.plasticity.emit(senses)
        self.genes.emit(senses)
        self.junctions.emit(senses)
        self.involution.emit(senses)
        self.stress.emit(senses)
        for mechanism in self._further:
            mechanism.emit(senses)

    def advance(
        self, elapsed_min: float, message: Message, *, filled: float, inhibitor: float, backlog: float
    ) -> None:  # fmt: skip
        """
        Bring all mechanisms up to the clock.

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
        senses = self._senses
        senses.message = message
        senses.filled = filled
        senses.fullness = filled / self.plasticity.capacity
        senses.inhibitor = inhibitor
        senses.backlog = backlog
        self.plasticity.advance(elapsed_min, senses)
        self.genes.advance(elapsed_min, senses)
        self.junctions.advance(elapsed_min, senses)
        self.involution.advance(elapsed_min, senses)
        self.stress.advance(elapsed_min, senses)
        for mechanism in self._further:
            mechanism.advance(elapsed_min, senses)
        self.gather()


def cells_of(
    gland: Gland,
    mechanisms: Mechanisms,
    message: Message,
    further: Mapping[str, CellMechanismBuilder] = NONE,
) -> Cells:
    """
    Cells that are settled in what the blood says.

    Parameters
    ----------
    gland
        Declared quantities.
    mechanisms
        Which mechanisms are present.
    message
        What the blood says at the start: genes and junctions begin settled in it, without stress.
    further
        Mechanisms by name that these cells have besides.

    Raises
    ------
    DeclarationError
        When a further mechanism has the name of another, lacks a method, or keeps state that lobes would share.
    """
    for name in further:
        if name in CELL_MECHANISMS:
            raise DeclarationError(f"a further mechanism of a cell has the name {name!r}, which is taken")
    builders = {**CELL_MECHANISMS, **further}
    by_name = {name: checked(name, build(gland, mechanisms, message)) for name, build in builders.items()}
    return Cells(by_name, Senses(message))
