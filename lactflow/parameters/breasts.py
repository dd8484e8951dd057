"""What differs between the two breasts of a mother: declared quantities of each."""

from __future__ import annotations

from pydantic import Field

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class BreastTraits(Declared):
    """One breast, beside the gland that both have from the mother."""

    size: float = quantity(
        1.0,
        "",
        within=(0.05, 4.0),
        plausible=(0.25, 2.0),
        source=sources.ASSUMED,
        note="Number of cells, relative to a breast of this mother; with it every station, the membrane and what cells "
        "carry through",
    )
    storage_size: float | None = Field(
        default=None,
        ge=0.05,
        le=4.0,
        description="Factor on its storage capacity; as `size` when left out",
    )
    ducts_cut: float = quantity(
        0.0,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 0.8),
        source=sources.ASSUMED,
        note="Share of the tissue whose ducts have been cut: the smallest lobes, whole ones, whose shares add up to "
        "what comes nearest. They deliver nothing and involute by themselves",
    )
    nerve_share: float = quantity(
        1.0,
        "",
        within=(0.05, 1.0),
        plausible=(0.2, 1.0),
        source=sources.ASSUMED,
        note="Rate of oxytocin pulses when this breast is suckled or pumped, relative to one with its nerves whole; "
        "prolactin is not affected",
    )


class Breasts(Declared):
    """The two breasts of the mother."""

    left: BreastTraits = Field(default_factory=BreastTraits)
    right: BreastTraits = Field(default_factory=BreastTraits)
