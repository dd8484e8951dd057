"""
The tissue of one breast, relative to that of a breast as the quantities of the gland describe it.

Size scales a breast as the number of its cells does: what makes milk, all room for it, the membrane, and what cells
carry through. What is measured per cell or per volume is the same in a small breast; only its growth is less.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from lactflow.parameters.gland import Gland


class Tissue(NamedTuple):
    """
    How one breast differs from the breast that the quantities of a gland describe.

    Attributes
    ----------
    size
        Number of its cells.
    storage_size
        Its storage capacity.
    cut
        Numbers of the lobes whose ducts have been cut.
    nerve_share
        Rate of oxytocin pulses when it is suckled.
    """

    size: float = 1.0
    storage_size: float = 1.0
    cut: tuple[int, ...] = ()
    nerve_share: float = 1.0

    @property
    def packet_share(self) -> float:
        """Its packets, over those of the run: a small breast has as many in its stations as a usual one."""
        return min(1.0, self.size)


USUAL = Tissue()


def growth_share(size: float, exponent: float) -> float:
    """
    Share of the usual growth in lactation that a gland of some size is capable of.

    Equation
    --------
    growth_share = min(1, size)**exponent

    Parameters
    ----------
    size
        Number of cells at term, 1 for a usual gland.
    exponent
        How growth follows size.

    References
    ----------
    The form is ours.
    """
    return math.pow(min(1.0, size), exponent)


def gland_of(gland: Gland, tissue: Tissue) -> Gland:
    """
    The gland of one breast, as it would be if it had the usual number of cells.

    Parameters
    ----------
    gland
        Of the mother.
    tissue
        Of the breast.

    Returns
    -------
    `gland` itself for tissue as usual. Amounts of a breast are amounts of the result times the size.
    """
    if tissue.size == tissue.storage_size == 1.0:
        return gland
    plasticity = gland.plasticity
    share = plasticity.growth_share * growth_share(tissue.size, plasticity.growth_follows_size)
    capacity_ml = gland.lumen.capacity_ml * tissue.storage_size / tissue.size
    return gland.model_copy(
        update={
            "plasticity": plasticity.model_copy(update={"growth_share": share}),
            "lumen": gland.lumen.model_copy(update={"capacity_ml": capacity_ml}),
        }
    )
