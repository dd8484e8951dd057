"""The tissue of each breast, from what a config states about the mother and her breasts."""

from __future__ import annotations

from collections.abc import Iterator

from lactflow.config.model import RunConfig
from lactflow.gland.resolution import lobe_shares
from lactflow.gland.tissue import Tissue, lobes_cut
from lactflow.kinetics import plain_sum
from lactflow.records import BREASTS

_NEARLY = 0.02
"""A share of cut tissue that comes so near to that of the config is not worth a line."""


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
    storage = [
        size if storage_size is None else storage_size
        for size, storage_size in ((mother.gland_size, mother.storage_size), (breast.size, breast.storage_size))
    ]
    shares = lobe_shares(config.gland.lobes_per_breast, config.gland.lobe_spread)
    return Tissue(
        size=mother.gland_size * breast.size,
        storage_size=storage[0] * storage[1],
        cut=lobes_cut(shares, breast.ducts_cut) if breast.ducts_cut > 0.0 else (),
        nerve_share=breast.nerve_share,
    )


def tissue_in_words(config: RunConfig) -> Iterator[str]:
    """What a run makes of the breasts of a config where that is not just what is written there: one line each."""
    shares = lobe_shares(config.gland.lobes_per_breast, config.gland.lobe_spread)
    for side in BREASTS:
        tissue, wanted = tissue_of(config, side), getattr(config.breasts, side).ducts_cut
        cut = plain_sum([shares[lobe] for lobe in tissue.cut])
        if abs(cut - wanted) > _NEARLY:
            yield (
                f"breasts.{side}.ducts_cut = {wanted:g}: {len(tissue.cut)} of {len(shares)} lobes are cut off, "
                f"{cut:.2g} of the tissue (more lobes come nearer)"
            )
