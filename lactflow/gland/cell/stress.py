"""
The unfolded protein response of one lobe.

It reads the backlog of the RER, which is a queue, and nothing else. The adaptive arm attenuates translation
within hours and lets it recover; the terminal arm answers only to stress that lasts. Time constants in the
mammary gland are not known.
"""

from __future__ import annotations

from lactflow.gland.cell.receptors import Message
from lactflow.gland.cell.senses import Senses
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import shared_decays
from lactflow.parameters.gland import Gland


def unfolded_protein(backlog: float, threshold: float) -> float:
    """
    Unfolded protein of an RER with this backlog, 0 to 1.

    Equation
    --------
    unfolded_protein = max(0, (min(1, backlog) - threshold) / (1 - threshold))

    Parameters
    ----------
    backlog
        Occupied share of the RER; above 1 counts as 1.
    threshold
        Share above which unfolded protein builds up.

    References
    ----------
    The form is ours.
    """
    return (min(1.0, backlog) - threshold) / (1.0 - threshold) if backlog > threshold else 0.0


def attenuation(adaptive: float, recovery: float, strength: float) -> float:
    """
    Factor of the adaptive arm on translation: 1 without stress.

    Equation
    --------
    attenuation = 1 / (1 + strength * max(0, adaptive - recovery))

    Parameters
    ----------
    adaptive
        Adaptive arm, 0 to 1.
    recovery
        Part of it that has recovered, 0 to 1.
    strength
        What translation is divided by at full stress, less 1.

    References
    ----------
    The form is ours; the shape of the response, a fall and a recovery, is that of Erguler2013.
    """
    return 1.0 / (1.0 + strength * (adaptive - recovery)) if adaptive > recovery else 1.0


def dying_of_stress(terminal: float, threshold: float, full_per_day: float) -> float:
    """
    Share of the cells that terminal stress kills [1/d].

    Equation
    --------
    dying_of_stress = full_per_day * max(0, (terminal - threshold) / (1 - threshold))

    Parameters
    ----------
    terminal
        Terminal arm, 0 to 1.
    threshold
        Terminal arm above which stress kills.
    full_per_day
        Loss under full terminal stress [1/d].

    References
    ----------
    The form is ours.
    """
    return full_per_day * ((terminal - threshold) / (1.0 - threshold)) if terminal > threshold else 0.0


class UnfoldedProteinResponse:
    """
    State of the response.

    Parameters
    ----------
    gland
        Declared quantities.
    mechanisms
        Whether there is a response.

    Attributes
    ----------
    unfolded_protein
        Signal from the backlog, 0 to 1.
    adaptive, recovery, terminal
        Arms, 0 to 1.
    """

    __slots__ = (
        "_attenuation",
        "_deadly",
        "_decays",
        "_declared",
        "_full_loss_per_day",
        "_present",
        "_recovery_share",
        "_threshold",
        "adaptive",
        "recovery",
        "terminal",
        "unfolded_protein",
    )

    def __init__(self, gland: Gland, mechanisms: Mechanisms, message: Message) -> None:
        parameters, involution = gland.unfolded_protein_response, gland.involution
        self._declared = (gland, mechanisms, message)
        self._threshold = parameters.threshold
        self._recovery_share = parameters.recovery_share
        self._attenuation = parameters.attenuation
        self._deadly, self._full_loss_per_day = involution.terminal_threshold, involution.stress_loss_per_day
        self._present = float(mechanisms.present("unfolded_protein_response"))
        self._decays = shared_decays(
            parameters.adaptive_h * 60.0, parameters.recovery_h * 60.0, parameters.terminal_h * 60.0
        )
        self.unfolded_protein = self.adaptive = self.recovery = self.terminal = 0.0

    def __copy__(self) -> UnfoldedProteinResponse:
        """Response of another cell in the same state."""
        gland, mechanisms, message = self._declared
        other = UnfoldedProteinResponse(gland, mechanisms, message)
        other.unfolded_protein, other.adaptive = self.unfolded_protein, self.adaptive
        other.recovery, other.terminal = self.recovery, self.terminal
        return other

    def emit(self, senses: Senses) -> None:
        """The adaptive arm attenuates translation; the terminal arm commits cells to death, and kills by itself."""
        senses.terminal = terminal = self.terminal
        senses.translation *= attenuation(self.adaptive, self.recovery, self._attenuation)
        senses.dying_per_day += dying_of_stress(terminal, self._deadly, self._full_loss_per_day)

    def advance(self, elapsed_min: float, senses: Senses) -> None:
        """Bring the arms up to the clock."""
        adaptive_left, recovery_left, terminal_left = self._decays.after(elapsed_min)
        self.unfolded_protein = unfolded = unfolded_protein(senses.backlog, self._threshold)
        sensed = self._present * unfolded
        recovery_target = self._recovery_share * self.adaptive  # before the step, as all targets are
        self.terminal = sensed + (self.terminal - sensed) * terminal_left
        self.recovery = recovery_target + (self.recovery - recovery_target) * recovery_left
        self.adaptive = sensed + (self.adaptive - sensed) * adaptive_left
