"""The tissue of each breast, from what a config says of the mother and of her breasts."""

from __future__ import annotations

from lactflow.config.model import RunConfig
from lactflow.gland.tissue import Tissue


def tissue_of(config: RunConfig, side: str) -> Tissue:
    """
    The tissue of one breast.

    Parameters
    ----------
    config
        Of a run.
    side
        `left` or `right`.
    """
    mother, breast = config.mother, getattr(config.breasts, side)
    if breast.storage_ml is not None:
        storage_size = breast.storage_ml / config.gland.lumen.capacity_ml
    else:
        of_both = mother.gland_size if mother.storage_size is None else mother.storage_size
        storage_size = of_both * breast.gland_size
    return Tissue(
        size=mother.gland_size * breast.gland_size,
        storage_size=storage_size,
        cut=breast.severed_lobes,
        nerve_share=breast.let_down_share,
    )
