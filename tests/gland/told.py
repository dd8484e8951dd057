"""What the blood may tell a cell, made by hand."""

from __future__ import annotations

from lactflow.gland.cell.receptors import Message

FED = Message(
    prolactin=1.0, progesterone_brake=0.0, growth_per_day=0.0, substrate=1.0,
    genes=1.0, translation=1.0, fat=1.0, open_junctions=0.0,
)  # fmt: skip
"""An established lactation: full STAT5, no brake, closed junctions."""
