"""What the blood may tell a cell, made by hand; and one mechanism of a cell without the others."""

from __future__ import annotations

from lactflow.gland.cell.receptors import Message
from lactflow.gland.cell.senses import Senses

FED = Message(
    prolactin=1.0, progesterone_brake=0.0, growth_per_day=0.0, substrate=1.0,
    priming_per_day=0.0,
    genes=1.0, translation=1.0, fat=1.0, open_junctions=0.0,
)  # fmt: skip
"""An established lactation: full STAT5, no brake, closed junctions."""


def emitted(mechanism, message=FED, **senses):
    """What other mechanisms sense of one, in cells that sense besides what is given."""
    felt = Senses(message, **senses)
    mechanism.emit(felt)
    return felt


def step(mechanism, elapsed_min, message=FED, **senses):
    """Advance one mechanism, which senses itself as it is and of the rest what is given."""
    mechanism.advance(elapsed_min, emitted(mechanism, message, **senses))
