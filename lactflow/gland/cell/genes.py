"""
Milk genes of one lobe: STAT5 against the progesterone receptor, mRNA, maturity of the cell.

STAT5 drives transcription; progesterone competes with STAT5 on the genes, not with prolactin at its receptor. STAT5
cannot pass 1, so more prolactin does not release the brake of pregnancy.
"""

from __future__ import annotations

from lactflow.gland.cell.progesterone import ProgesteroneReceptors
from lactflow.gland.cell.receptors import Message
from lactflow.gland.cell.senses import Senses
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import shared_decays
from lactflow.parameters.gland import Gland
from lactflow.units import DAY_MIN


def transcription(stat5: float, progesterone: float, factor: float, demand: float, basal: float) -> float:
    """
    Rate of transcription of the milk genes: 1 at full STAT5 without any brake, 0 without STAT5.

    Equation
    --------
    driven = (1 + demand) * stat5**2 / (stat5 + demand * (1 + progesterone))
    transcription = (basal * stat5 + (1 - basal) * driven) * factor

    Parameters
    ----------
    stat5
        Active STAT5, 0 to 1.
    progesterone
        Strength of the brake of progesterone: 0 without it, 1 at its half effect.
    factor
        Product of all influences on the genes, 1 without any: a contraceptive pill brakes them.
    demand
        STAT5 that drives half of transcription without progesterone.
    basal
        Share of transcription that progesterone does not reach.

    References
    ----------
    The form is ours: progesterone takes the place of STAT5 on the genes. Its half effect is set on Kulski1977, the
    brake of estrogen on WHO1984.
    """
    if stat5 <= 0.0:
        return 0.0
    driven = (1.0 + demand) * stat5 * stat5 / (stat5 + demand * (1.0 + progesterone))
    return (basal * stat5 + (1.0 - basal) * driven) * factor


def lactalbumin_left(braked: float, unbraked: float) -> float:
    """
    Alpha-lactalbumin that progesterone beside that of the first pregnancy leaves, relative to none of it.

    Equation
    --------
    lactalbumin_left = braked / unbraked if unbraked > 0 else 1

    Parameters
    ----------
    braked, unbraked
        Transcription of the milk genes with and without that progesterone.

    References
    ----------
    The form is ours: as the other genes of milk; but what is left of it limits lactose, and with that the water of a
    vesicle. Progesterone represses alpha-lactalbumin throughout pregnancy (Turkington and Hill 1969, Science).
    """
    return braked / unbraked if unbraked > 0.0 else 1.0


class Genes:
    """
    State of the milk genes.

    Parameters
    ----------
    gland
        Declared quantities.
    mechanisms
        Whether there is STAT5.
    message
        Effects of the blood at the start; the genes are settled in them.

    Attributes
    ----------
    stat5
        Active STAT5, 0 to 1.
    mrna
        Milk-protein and alpha-lactalbumin mRNA, 0 to 1.
    maturity
        Maturity of the cell, 0 to 1.
    lactalbumin
        Alpha-lactalbumin that progesterone beside that of the first pregnancy leaves, 0 to 1.
    """

    __slots__ = (
        "_basal",
        "_decays",
        "_declared",
        "_demand",
        "_present",
        "_receptors",
        "lactalbumin",
        "maturity",
        "mrna",
        "stat5",
    )

    def __init__(self, gland: Gland, mechanisms: Mechanisms, message: Message) -> None:
        parameters = gland.genes
        self._declared = (gland, mechanisms, message)
        self._basal = parameters.basal_transcription
        self._demand = parameters.stat5_demand
        self._present = float(mechanisms.present("stat5"))
        self._decays = shared_decays(
            parameters.stat5_h * 60.0,
            parameters.mrna_h * 60.0,
            parameters.maturity_days * DAY_MIN,
            parameters.dedifferentiation_days * DAY_MIN,
        )
        self._receptors = ProgesteroneReceptors(gland, mechanisms)
        self.stat5 = self._present * message.prolactin
        brake = self._receptors.brake(message, 0.0)
        settled = transcription(self.stat5, brake, message.genes, self._demand, self._basal)
        self.mrna = self.maturity = settled
        self.lactalbumin = 1.0

    def __copy__(self) -> Genes:
        """Genes of another cell in the same state."""
        gland, mechanisms, message = self._declared
        other = Genes(gland, mechanisms, message)
        other.stat5, other.mrna, other.maturity = self.stat5, self.mrna, self.maturity
        other.lactalbumin = self.lactalbumin
        return other

    def emit(self, senses: Senses) -> None:
        """Growth needs STAT5, and cells turn quiescent as far as they lactate."""
        senses.stat5 = self.stat5
        senses.mrna = self.mrna

    def advance(self, elapsed_min: float, senses: Senses) -> None:
        """Bring the genes up to the clock."""
        stat5_left, mrna_left, ripened, unripened = self._decays.after(elapsed_min)
        message, stat5, mrna = senses.message, self.stat5, self.mrna
        transcribed = transcription(stat5, message.progesterone_brake, message.genes, self._demand, self._basal)
        if message.later_progesterone > 0.0:
            without, brake = transcribed, self._receptors.brake(message, mrna)
            transcribed = transcription(stat5, brake, message.genes, self._demand, self._basal)
            left = lactalbumin_left(transcribed, without)
            self.lactalbumin = left + (self.lactalbumin - left) * mrna_left
        target = self._present * message.prolactin * senses.stat5_allowed
        maturity_left = ripened if mrna >= self.maturity else unripened
        self.maturity = mrna + (self.maturity - mrna) * maturity_left
        self.mrna = transcribed + (mrna - transcribed) * mrna_left
        self.stat5 = target + (stat5 - target) * stat5_left
