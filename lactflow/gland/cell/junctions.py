"""Tight junctions of one lobe: the gate between lumen and plasma."""

from __future__ import annotations

from lactflow.gland.cell.progesterone import ProgesteroneReceptors
from lactflow.gland.cell.receptors import Message
from lactflow.gland.cell.senses import Senses
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import shared_decays
from lactflow.parameters.gland import Gland


def leak_of_stasis(stasis: float, threshold: float, full_leak: float) -> float:
    """
    Share of the junctions that stasis holds open; below 0 for none.

    Equation
    --------
    leak_of_stasis = full_leak * (stasis - threshold) / (1 - threshold)

    Parameters
    ----------
    stasis
        Stasis as felt, 0 to 1.
    threshold
        Felt stasis from which junctions open.
    full_leak
        Share that is open in full stasis.

    References
    ----------
    The form is ours; that junctions open after a time of stasis, and after which, is from Stelwagen1997.
    """
    return full_leak * (stasis - threshold) / (1.0 - threshold)


def leak_of_rest(mrna: float, full_leak: float) -> float:
    """
    Share of the junctions that stands open because little is secreted.

    Equation
    --------
    leak_of_rest = full_leak * (1 - mrna)**2

    Parameters
    ----------
    mrna
        Milk-gene mRNA, 0 to 1.
    full_leak
        Share that is open without any secretion.

    References
    ----------
    The form is ours; that the milk of women who dry up turns to plasma in sodium, potassium and lactose, and that this
    follows secretion, is from Prosser1984.
    """
    resting = 1.0 - mrna
    return full_leak * resting * resting


def leak_target(of_outside: float, of_stasis: float, of_rest: float, of_others: float, least: float) -> float:
    """
    Share of the junctions that is open when they have settled: whatever holds most of them open decides.

    Equation
    --------
    leak_target = max(of_outside, of_stasis, of_rest, of_others, least)

    Parameters
    ----------
    of_outside
        Share that is held open from outside the lobe, by progesterone or mastitis.
    of_stasis
        Share that stasis holds open.
    of_rest
        Share that stands open because little is secreted.
    of_others
        Share that other mechanisms of the cell hold open, such as involution.
    least
        Leak of healthy junctions; 1 where there are none.

    References
    ----------
    The form is ours: the junctions that two causes open are the same.
    """
    held = max(of_outside, of_stasis)  # two at a time: compiled, that is no call
    held = max(held, of_rest)
    held = max(held, of_others)
    return max(held, least)


class TightJunctions:
    """
    How far the junctions are open.

    Parameters
    ----------
    gland
        Declared quantities.
    mechanisms
        Whether there are any.
    message
        Effects of the blood at the start; the junctions are settled in them.

    Attributes
    ----------
    leak
        0 when closed, 1 when all are open.
    stasis
        Stasis as felt, 0 to 1.
    """

    __slots__ = (
        "_decays", "_declared", "_least", "_receptors", "_rest_leak", "_stasis_fullness", "_stasis_leak",
        "_stasis_threshold", "leak", "stasis",
    )  # fmt: skip

    def __init__(self, gland: Gland, mechanisms: Mechanisms, message: Message) -> None:
        parameters = gland.tight_junctions
        self._declared = (gland, mechanisms, message)
        self._decays = shared_decays(parameters.lag_h * 60.0, parameters.opening_h * 60.0, parameters.stasis_h * 60.0)
        self._least = parameters.healthy_leak if mechanisms.present("tight_junction") else 1.0
        self._stasis_fullness = parameters.stasis_fullness
        self._stasis_threshold = parameters.stasis_threshold
        self._stasis_leak = parameters.stasis_leak
        self._rest_leak = parameters.rest_leak
        self._receptors = ProgesteroneReceptors(gland, mechanisms)
        self.stasis = 0.0
        self.leak = max(message.open_junctions, self._least)

    def rest(self, mrna: float) -> None:
        """Have stood open for long because nothing was secreted."""
        self.leak = max(self.leak, leak_of_rest(mrna, self._rest_leak))

    def __copy__(self) -> TightJunctions:
        """Junctions of another cell in the same state."""
        gland, mechanisms, message = self._declared
        other = TightJunctions(gland, mechanisms, message)
        other.leak, other.stasis = self.leak, self.stasis
        return other

    def emit(self, senses: Senses) -> None:
        """Say nothing: no other mechanism senses the junctions."""

    def advance(self, elapsed_min: float, senses: Senses) -> None:
        """Bring the junctions up to the clock."""
        closing, opening, stasis_left = self._decays.after(elapsed_min)
        felt, message = self.stasis, senses.message
        held_open = message.open_junctions
        if message.later_progesterone > 0.0:
            held_open = max(held_open, self._receptors.junctions_open(message, senses.mrna))
        target = leak_target(
            held_open,
            leak_of_stasis(felt, self._stasis_threshold, self._stasis_leak),
            leak_of_rest(senses.mrna, self._rest_leak),
            senses.held_open,
            self._least,
        )
        full = 1.0 if senses.fullness > self._stasis_fullness else 0.0
        self.leak = target + (self.leak - target) * (closing if target < self.leak else opening)
        self.stasis = full + (felt - full) * stasis_left
