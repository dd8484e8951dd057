"""How the gland is cut into lobes and packets."""

from __future__ import annotations

from math import exp
from statistics import NormalDist
from typing import NamedTuple

from lactflow.parameters.gland import Gland


def lobe_shares(lobes: int, spread: float) -> list[float]:
    """
    Share of the breast that each lobe owns, smallest first; they add up to 1.

    The quantiles of a lognormal distribution rather than draws from it: every breast has the same spread of
    lobes, whatever the seed. Ours: ducts and lobes are known to differ several-fold, not by which law.

    Parameters
    ----------
    lobes
        Number of lobes, at least 1.
    spread
        SD of the log of their sizes.
    """
    sizes = [exp(spread * NormalDist().inv_cdf((number + 0.5) / lobes)) for number in range(lobes)]
    return [size / sum(sizes) for size in sizes]


class Rooms(NamedTuple):
    """Packets that each place of a lobe holds, before rounding."""

    rer: float
    golgi: float
    vesicle_pool: float
    docking: float
    growth: float
    budding: float


SMALLEST_ROOM = Rooms(rer=2.0, golgi=2.0, vesicle_pool=2.0, docking=1.0, growth=1.0, budding=1.0)
"""Packets that the smallest lobe must hold, so that its queues are queues."""


def rooms(gland: Gland, share: float, active_cells: float, packet_ml: float) -> Rooms:
    """
    Packets for which a lobe has room, before rounding.

    Parameters
    ----------
    gland
        Amounts per breast with all cells active.
    share
        Share of the breast that the lobe owns.
    active_cells
        Secreting cells, relative to all cells of a gland at term.
    packet_ml
        Aqueous packet [mL-eq]; a lipid packet is a declared multiple of it.
    """
    aqueous = share * active_cells / packet_ml
    lipid = aqueous / gland.lipid_line.packet_multiple
    line = gland.protein_line
    return Rooms(
        rer=line.rer_ml * aqueous,
        golgi=line.golgi_ml * aqueous,
        vesicle_pool=line.vesicle_pool_ml * aqueous,
        docking=line.docking_sites_ml * aqueous,
        growth=gland.lipid_line.growth_ml * lipid,
        budding=gland.lipid_line.budding_ml * lipid,
    )


def largest_packet_ml(gland: Gland) -> float:
    """Largest `packet_ml` for which every place of the smallest lobe still holds its `SMALLEST_ROOM`."""
    smallest = lobe_shares(gland.lobes_per_breast, gland.lobe_spread)[0]
    unit = rooms(gland, smallest, gland.established.active_cells, packet_ml=1.0)
    return min(room / least for room, least in zip(unit, SMALLEST_ROOM, strict=True))
