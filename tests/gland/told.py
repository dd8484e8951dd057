"""What the blood may tell a cell, made by hand."""

from __future__ import annotations

from lactflow.gland.cell.receptors import Message

FED = Message(
    prolactin=1.0, progesterone=0.0, estrogen=1.0, open_junctions=0.0, growth_per_day=0.0, substrate=1.0, supply=1.0
)
"""An established lactation: full STAT5, no brake, closed junctions."""
