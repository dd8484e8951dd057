"""
How the cells of a lobe feel its fullness: the brake of the inhibitor, and the means that slow signals read.

Between two events the lumen fills evenly. So the brake is set as it will be in the middle of the time it is held for,
and means are taken over straight lines: how often the brake acts then matters little.
"""

from __future__ import annotations

from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import inhibition
from lactflow.parameters.inhibitor import Inhibitor


def fusion_factor(inhibitor: float, half_effect: float, steepness: float) -> float:
    """
    Factor of the inhibitor on fusion and budding: 1 in an empty lumen.

    Equation
    --------
    fusion_factor = 1 / (1 + (max(0, inhibitor) / half_effect)**steepness)

    Parameters
    ----------
    inhibitor
        Per apical surface; resorption may take all there is, and leave a rounding below nothing.
    half_effect
        Inhibitor that halves both rates.
    steepness
        Hill exponent.

    References
    ----------
    Daly1996: the rate of secretion falls as the breast fills. A Hill function fitted to rates is ours.
    """
    return inhibition(max(0.0, inhibitor), half_effect, steepness)


def inhibitor_ahead(inhibitor: float, before: float) -> float:
    """
    What the inhibitor will have risen by in the middle of the time until the next look, if it rises on as it has.

    Equation
    --------
    inhibitor_ahead = max(0, (inhibitor - before) / 2)

    Parameters
    ----------
    inhibitor, before
        Per apical surface now, and at the last look.

    References
    ----------
    The form is ours: between two looks the lumen fills evenly.
    """
    return max(0.0, 0.5 * (inhibitor - before))


class Brake:
    """
    The brake of one lobe.

    Parameters
    ----------
    parameters
        Declared quantities.
    mechanisms
        Whether there is an inhibitor.
    now, inhibitor, volume_ml
        Clock time, inhibitor per apical surface and volume at the start.
    """

    __slots__ = (
        "_ahead",
        "_half_effect",
        "_inhibitor",
        "_inhibitor_area",
        "_now",
        "_present",
        "_since",
        "_steepness",
        "_volume_area",
        "_volume_ml",
    )

    def __init__(
        self, parameters: Inhibitor, mechanisms: Mechanisms, *, now: float, inhibitor: float, volume_ml: float
    ) -> None:
        self._half_effect, self._steepness = parameters.half_effect, parameters.steepness
        self._present = float(mechanisms.present("feedback_inhibitor"))
        self._now = self._since = now
        self._inhibitor, self._volume_ml = inhibitor, volume_ml
        self._inhibitor_area = self._volume_area = self._ahead = 0.0

    def feel(self, now: float, inhibitor: float, volume_ml: float, *, emptied: bool) -> float:
        """
        Take note of the fullness now.

        Parameters
        ----------
        now
            Clock time.
        inhibitor
            Per apical surface.
        volume_ml
            Milk in the lumen.
        emptied
            Whether milk was taken since the last time; otherwise the inhibitor will rise on as it has.

        Returns
        -------
        Factor on fusion and budding until the next time, 1 in an empty lumen.
        """
        half_min = 0.5 * (now - self._now)
        if half_min > 0.0 or emptied:
            self._ahead = 0.0 if emptied else inhibitor_ahead(inhibitor, self._inhibitor)
        self._inhibitor_area += half_min * (inhibitor + self._inhibitor)
        self._volume_area += half_min * (volume_ml + self._volume_ml)
        self._now, self._inhibitor, self._volume_ml = now, inhibitor, volume_ml
        return fusion_factor(self._present * (inhibitor + self._ahead), self._half_effect, self._steepness)

    def means(self) -> tuple[float, float]:
        """Mean inhibitor per surface and mean volume [mL] since the last call of this, up to the last `feel`."""
        elapsed_min = self._now - self._since
        if elapsed_min <= 0.0:
            return self._inhibitor, self._volume_ml
        means = self._inhibitor_area / elapsed_min, self._volume_area / elapsed_min
        self._since = self._now
        self._inhibitor_area = self._volume_area = 0.0
        return means
