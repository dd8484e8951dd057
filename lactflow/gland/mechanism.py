"""
The mechanisms that can be taken away.

Each is present or knocked out. Where it is used, its presence becomes a factor of what it does, 1 or 0: on a rate, on a
receptor's effect, on a brake. No station, and no formula, asks whether something is knocked out.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from lactflow.errors import DeclarationError

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
    further
        Names of mechanisms that are added to those of this module, so that they can be knocked out too.

    Raises
    ------
    DeclarationError
        When a knock-out, or the mechanism that is looked up, has an unknown name.
    """

    def __init__(self, knock_outs: Collection[str] = (), *, further: Collection[str] = ()) -> None:
        self._known = frozenset((*MECHANISMS, *further))
        self._absent = frozenset(knock_outs)
        for name in knock_outs:
            self._check(name)

    def present(self, name: str) -> bool:
        """Whether the gland has the mechanism of this name."""
        self._check(name)
        return name not in self._absent

    def _check(self, name: str) -> None:
        if name not in self._known:
            raise DeclarationError(f"no mechanism has the name {name!r} (known: {', '.join(sorted(self._known))})")
