"""
How rates are composed: a product of named modifiers.

A mechanism acts on a rate through one modifier with its name. Knocking it out replaces the modifier by what
is left without the mechanism: 1 where it only held something back, 0 where nothing goes without it. No
station, and no formula, asks whether something is knocked out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from math import prod
from typing import NamedTuple


class Modifier(NamedTuple):
    """
    One mechanism that acts on a rate.

    Attributes
    ----------
    name
        Name of the mechanism; what `knock_outs` lists.
    factor
        Present value of the modifier; None for a mechanism that is either there or knocked out.
    absent
        Its value when the mechanism is knocked out.
    """

    name: str
    factor: Callable[[], float] | None
    absent: float = 1.0


class ModifiedRate:
    """
    The product of modifiers, less those that are knocked out.

    Parameters
    ----------
    modifiers
        In any order.
    knock_outs
        Names of mechanisms that are removed.
    """

    __slots__ = ("_constant", "_factors")

    def __init__(self, *modifiers: Modifier, knock_outs: Collection[str] = ()) -> None:
        self._constant = prod(modifier.absent for modifier in modifiers if modifier.name in knock_outs)
        self._factors = [
            modifier.factor for modifier in modifiers if modifier.name not in knock_outs and modifier.factor is not None
        ]

    def fraction(self) -> float:
        """Rate relative to the one with all modifiers at 1."""
        fraction = self._constant
        for factor in self._factors:
            fraction *= factor()
        return fraction
