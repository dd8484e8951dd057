"""
How finely the gland is cut: named levels of `resolution`.

Nothing in the gland depends on how it is cut but the accuracy and the time of a run: buffers and rates are amounts.
Coarser packets need fewer lobes, because the smallest lobe must hold some of them at every station.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lactflow import sources
from lactflow.sources import Citation


@dataclass(frozen=True)
class Level:
    """
    A level of resolution.

    Attributes
    ----------
    lobes
        Of each breast.
    packet_ml
        Aqueous packet, in mL of the reference milk.
    source
        Where the choice comes from.
    note
        What it is for, and how its results compare with the others.
    """

    lobes: int
    packet_ml: float
    source: Citation
    note: str


LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        "coarsest": Level(
            1,
            1.0,
            sources.ASSUMED,
            "for `compare --coarse`, which corrects it by replicates at the config's own resolution",
        ),
        "coarse": Level(
            3,
            0.3,
            sources.ASSUMED,
            "half the time; milk, composition and inhibitor within 1 % on fixed schedules, but not what depends on a "
            "threshold (hours of unfolded protein response, hours above 80 % full)",
        ),
        "default": Level(
            9,
            0.1,
            sources.ASSUMED,
            "about nine main ducts open at the nipple (Ramsay 2005); converged to 1 %",
        ),
        "fine": Level(9, 0.05, sources.ASSUMED, "twice the packets, to see that a result does not depend on them"),
    }
)
"""From coarse to fine."""

LEVEL_NAMES = tuple(LEVELS)


def level_of(lobes: int, packet_ml: float) -> str | None:
    """
    Name of the level that a gland is cut by; None where it is none of them.

    Parameters
    ----------
    lobes
        Of each breast.
    packet_ml
        Aqueous packet [mL].
    """
    return next((name for name, level in LEVELS.items() if (level.lobes, level.packet_ml) == (lobes, packet_ml)), None)
