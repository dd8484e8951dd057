"""
Involution of one lobe: distension, LIF, STAT3, commitment.

Distension and stasis release LIF. LIF shuts STAT5 off and turns STAT3 on; STAT3 itself does not act on STAT5 (Chapman
1999). STAT3 together with terminal stress commits the cells to death, and commitment holds STAT3 up while milk stays:
early on it is reversible, later it is a latch.
"""

from __future__ import annotations

from typing import Final

from lactflow.gland.cell.receptors import Message
from lactflow.gland.cell.senses import Senses
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import saturation, shared_decays
from lactflow.parameters.gland import Gland

_HALF: Final = 0.5
"""What counts as on, for STAT3, commitment, and milk that stays."""


def lif_kept(stat3: float, commitment: float, filled: float, maintenance: float) -> float:
    """
    LIF that committed tissue keeps up while milk stays in it, 0 to 1.

    Equation
    --------
    lif_kept = maintenance * stat3 if commitment > 0.5 and filled > 0.5 else 0

    Parameters
    ----------
    stat3
        Active STAT3, 0 to 1.
    commitment
        Commitment to death, 0 to 1.
    filled
        Volume over the capacity of the alveoli, which shrink slowly.
    maintenance
        LIF that full STAT3 keeps up.

    References
    ----------
    The form is ours.
    """
    return maintenance * stat3 if commitment > _HALF and filled > _HALF else 0.0


def lif_target(fullness: float, kept: float, half_effect: float, steepness: float) -> float:
    """
    LIF when it has settled, 0 to 1: released by distension, or kept up by committed tissue.

    Equation
    --------
    released = fullness**steepness / (fullness**steepness + half_effect**steepness)
    lif_target = max(released, kept)

    Parameters
    ----------
    fullness
        Volume over what the living cells store.
    kept
        LIF that committed tissue keeps up.
    half_effect
        Fullness of half the release.
    steepness
        Hill exponent of that.

    References
    ----------
    The form is ours; that sealed glands release LIF within 12 h is from Watson2006.
    """
    released = saturation(fullness, half_effect, steepness)
    return kept if kept > released else released


def stat5_allowed(lif_effect: float, shut_off: float) -> float:
    """
    Share of STAT5 that LIF leaves, 0 to 1.

    Equation
    --------
    stat5_allowed = 1 - shut_off * lif_effect

    Parameters
    ----------
    lif_effect
        Effect of LIF, 0 to 1.
    shut_off
        Share of STAT5 that full LIF takes away, without help of STAT3.

    References
    ----------
    Chapman1999: in STAT3-null glands STAT5 is shut off all the same. The form is ours.
    """
    return 1.0 - shut_off * lif_effect


def commitment_target(stat3: float, commitment: float, terminal: float, threshold: float) -> float:
    """
    Commitment to death when it has settled: 1 or 0.

    It is begun by STAT3 together with terminal stress, and once begun STAT3 alone keeps it up.

    Equation
    --------
    commitment_target = 1 if stat3 > 0.5 and (commitment > 0.5 or terminal > threshold) else 0

    Parameters
    ----------
    stat3
        Active STAT3, 0 to 1.
    commitment
        Commitment so far, 0 to 1.
    terminal
        Terminal arm of the unfolded protein response, 0 to 1.
    threshold
        Terminal arm above which commitment begins.

    References
    ----------
    The form is ours; that the first phase is reversible, and until when, is from Jaggi1996.
    """
    return 1.0 if stat3 > _HALF and (commitment > _HALF or terminal > threshold) else 0.0


def dying_of_involution(stat3: float, commitment: float, full_per_day: float) -> float:
    """
    Share of the cells that involution kills [1/d].

    Equation
    --------
    dying_of_involution = full_per_day * stat3**2 * commitment

    Parameters
    ----------
    stat3
        Active STAT3, 0 to 1.
    commitment
        Commitment to death, 0 to 1.
    full_per_day
        Loss under full STAT3 and commitment [1/d].

    References
    ----------
    The form is ours; the loss is set on HartmannKulski1978.
    """
    return full_per_day * stat3 * stat3 * commitment


class Involution:
    """
    State of involution.

    Parameters
    ----------
    gland
        Declared quantities.
    mechanisms
        Whether there are LIF and STAT3.

    Attributes
    ----------
    lif
        Leukemia inhibitory factor, 0 to 1.
    stat3
        Active STAT3, 0 to 1.
    commitment
        Commitment to death, 0 to 1.
    """

    __slots__ = (
        "_decays",
        "_declared",
        "_distension",
        "_distension_power",
        "_full_loss_per_day",
        "_lif_half",
        "_lif_power",
        "_lif_present",
        "_maintenance",
        "_shut_off",
        "_stat3_leak",
        "_stat3_present",
        "_terminal",
        "commitment",
        "lif",
        "stat3",
    )  # fmt: skip

    def __init__(self, gland: Gland, mechanisms: Mechanisms, message: Message) -> None:
        parameters = gland.involution
        self._declared = (gland, mechanisms, message)
        self._decays = shared_decays(parameters.lif_h * 60.0, parameters.stat3_h * 60.0, parameters.commitment_h * 60.0)
        self._distension = parameters.distension_half_effect
        self._distension_power = parameters.distension_steepness
        self._lif_half, self._lif_power = parameters.lif_half_effect, parameters.lif_steepness
        self._shut_off = parameters.stat5_shut_off
        self._maintenance = parameters.maintenance
        self._terminal = parameters.terminal_threshold
        self._stat3_leak = gland.tight_junctions.stat3_leak
        self._full_loss_per_day = parameters.loss_per_day
        self._lif_present = float(mechanisms.present("lif"))
        self._stat3_present = float(mechanisms.present("stat3"))
        self.lif = self.stat3 = self.commitment = 0.0

    def __copy__(self) -> Involution:
        """Involution of another cell in the same state."""
        gland, mechanisms, message = self._declared
        other = Involution(gland, mechanisms, message)
        other.lif, other.stat3, other.commitment = self.lif, self.stat3, self.commitment
        return other

    def emit(self, senses: Senses) -> None:
        """LIF takes STAT5 away; STAT3 opens junctions, and kills the cells that are committed."""
        senses.stat3 = stat3 = self.stat3
        senses.lif_effect = lif_effect = saturation(self.lif, self._lif_half, self._lif_power)
        senses.stat5_allowed *= stat5_allowed(lif_effect, self._shut_off)
        open_junctions = self._stat3_leak * stat3
        senses.held_open = open_junctions if open_junctions > senses.held_open else senses.held_open
        senses.dying_per_day += dying_of_involution(stat3, self.commitment, self._full_loss_per_day)

    def advance(self, elapsed_min: float, senses: Senses) -> None:
        """Bring the signals up to the clock."""
        lif_left, stat3_left, commitment_left = self._decays.after(elapsed_min)
        stat3, commitment = self.stat3, self.commitment
        kept = lif_kept(stat3, commitment, senses.filled, self._maintenance)
        lif = self._lif_present * lif_target(senses.fullness, kept, self._distension, self._distension_power)
        active = self._stat3_present * senses.lif_effect
        committed = commitment_target(stat3, commitment, senses.terminal, self._terminal)
        self.lif = lif + (self.lif - lif) * lif_left
        self.stat3 = active + (stat3 - active) * stat3_left
        self.commitment = committed + (commitment - committed) * commitment_left
