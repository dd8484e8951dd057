"""
What the mechanisms of a cell have in common: what they sense, and what each must be able to do.

All that a mechanism senses is the state before the step, of the outside as of the other mechanisms. So the order in
which they advance does not matter, and no mechanism knows another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lactflow.errors import DeclarationError
from lactflow.gland.cell.receptors import Message
from lactflow.gland.mechanism import Mechanisms
from lactflow.parameters.gland import Gland


@dataclass(slots=True)
class Senses:
    """
    What the mechanisms of a cell sense over one step.

    Attributes
    ----------
    message
        Effects of the blood.
    filled
        Volume over the capacity of a lobe at term.
    fullness
        Volume over the capacity now.
    inhibitor
        Per apical surface.
    backlog
        Occupied share of the RER; above 1 counts as 1.
    stat5, mrna
        Active STAT5 and milk-gene mRNA, 0 to 1.
    lif_effect, stat3
        Effect of LIF and active STAT3, 0 to 1.
    terminal
        Terminal arm of the unfolded protein response, 0 to 1.
    stat5_allowed
        Share of STAT5 that is left to prolactin: product of all mechanisms, 1 for none.
    translation
        Factor on translation and fat synthesis: product of all mechanisms, 1 for none.
    held_open
        Share of the tight junctions that is held open: the largest of all mechanisms, 0 for none.
    dying_per_day
        Share of the cells that is killed [1/d]: sum of all mechanisms, 0 for none.
    """

    message: Message
    filled: float = 0.0
    fullness: float = 0.0
    inhibitor: float = 0.0
    backlog: float = 0.0
    stat5: float = 0.0
    mrna: float = 0.0
    lif_effect: float = 0.0
    stat3: float = 0.0
    terminal: float = 0.0
    stat5_allowed: float = 1.0
    translation: float = 1.0
    held_open: float = 0.0
    dying_per_day: float = 0.0

    def __copy__(self) -> Senses:
        """What another cell in the same state senses."""
        return Senses(
            self.message, self.filled, self.fullness, self.inhibitor, self.backlog, self.stat5, self.mrna,
            self.lif_effect, self.stat3, self.terminal, self.stat5_allowed, self.translation, self.held_open,
            self.dying_per_day,
        )  # fmt: skip


class CellMechanism(Protocol):
    """
    A mechanism of the cells of one lobe.

    Its state is plain numbers: every lobe gets a copy (`copy.copy`) of the cells that a run starts with.
    """

    def emit(self, senses: Senses) -> None:
        """
        Write into `senses` what the other mechanisms sense of the present state; nothing where they sense nothing.

        Of what several mechanisms act on, multiply (`stat5_allowed`, `translation`), add (`dying_per_day`), or take
        the larger (`held_open`).
        """

    def advance(self, elapsed_min: float, senses: Senses) -> None:
        """Bring the state up to the clock: `senses` is held over the time since the last step."""


CellMechanismBuilder = Callable[[Gland, Mechanisms, Message], CellMechanism]
"""Makes a mechanism from the declared quantities, settled in what the blood says at the start: usually its class."""

_METHODS = ("emit", "advance")


def checked(name: str, mechanism: CellMechanism) -> CellMechanism:
    """
    The mechanism, when it can do what a mechanism of a cell must.

    Parameters
    ----------
    name
        What it is called in messages.
    mechanism
        Any object.

    Raises
    ------
    DeclarationError
        When it lacks a method, or keeps state that copies of it would share.
    """
    kind = type(mechanism)
    missing = [f"`{method}`" for method in _METHODS if not callable(getattr(mechanism, method, None))]
    if missing:
        raise DeclarationError(f"the mechanism {name!r} of a cell has no {' and no '.join(missing)} ({kind.__name__})")
    if not hasattr(kind, "__copy__"):
        state = {key: getattr(mechanism, key, None) for key in getattr(kind, "__slots__", ())}
        state |= getattr(mechanism, "__dict__", {})
        shared = [f"`{key}`" for key, value in state.items() if isinstance(value, (list, dict, set))]
        if shared:
            raise DeclarationError(
                f"the mechanism {name!r} of a cell keeps {' and '.join(shared)}, which all lobes would share: "
                f"keep numbers, or give {kind.__name__} a `__copy__`"
            )
    return mechanism
