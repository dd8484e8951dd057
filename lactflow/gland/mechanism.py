"""
How rates are composed: a product of named modifiers.

A mechanism acts on a rate through one modifier with its name, and writes its present value there. Knocking it
out replaces the modifier by what is left without the mechanism: 1 where it only held something back, 0 where
nothing goes without it. No station, and no formula, asks whether something is knocked out.
"""

from __future__ import annotations

from collections.abc import Collection
from math import prod


class Modifier:
    """
    One mechanism that acts on rates.

    Attributes
    ----------
    name
        Name of the mechanism; what `knock_outs` lists.
    value
        Present factor; 1 for a mechanism that is either there or knocked out.
    absent
        The factor when the mechanism is knocked out.
    """

    __slots__ = ("absent", "name", "value")

    def __init__(self, name: str, *, absent: float = 1.0) -> None:
        self.name = name
        self.value = 1.0
        self.absent = absent


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

    __slots__ = ("_constant", "_modifiers")

    def __init__(self, *modifiers: Modifier, knock_outs: Collection[str] = ()) -> None:
        self._constant = prod(modifier.absent for modifier in modifiers if modifier.name in knock_outs)
        self._modifiers = [modifier for modifier in modifiers if modifier.name not in knock_outs]

    def fraction(self) -> float:
        """Rate relative to the one with all modifiers at 1."""
        fraction = self._constant
        for modifier in self._modifiers:
            fraction *= modifier.value
        return fraction
