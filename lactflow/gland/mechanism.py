"""
The mechanisms that can be taken away.

Each has a strength, 1 when it is there and 0 when it is knocked out, and enters its formula as a factor of what it
does: on a rate, on a receptor's effect, on a brake. No station, and no formula, asks whether something is knocked out.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

Mechanism = Literal[
    "progesterone_receptor",
    "prolactin_receptor",
    "stat5",
    "lactose_synthase",
    "alpha_lactalbumin",
    "vesicle_fusion",
    "droplet_budding",
    "oxytocin_receptor",
    "myoepithelium",
    "feedback_inhibitor",
    "unfolded_protein_response",
    "lif",
    "stat3",
    "tight_junction",
    "plasticity",
]
"""Every mechanism that a config can knock out, by name."""

MECHANISMS: tuple[str, ...] = get_args(Mechanism)


class Mechanisms:
    """
    Which mechanisms a gland has.

    Parameters
    ----------
    knock_outs
        Names of those that are taken away.
    """

    def __init__(self, knock_outs: Collection[str] = ()) -> None:
        self._absent = frozenset(knock_outs)

    def strength(self, name: Mechanism) -> float:
        """Factor on what the mechanism does: 1 when it is there, 0 when it is knocked out."""
        return 0.0 if name in self._absent else 1.0
