"""
What progesterone does to a cell that comes after the first pregnancy: in a later one, or given.

A gland loses its receptors for progesterone as it begins to secrete. Estrogen keeps them in a gland at rest; in one
that secretes it takes the estrogen of a pregnancy to bring them back. So progesterone alone does little to established
lactation, and in a new pregnancy milk goes. Progesterone of the first pregnancy finds the receptors that came with it.
"""

from __future__ import annotations

import math

from lactflow.gland.cell.receptors import Message
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import saturation
from lactflow.parameters.gland import Gland


def receptors_induced(
    estradiol_pg_per_ml: float, mrna: float, resting_pg_per_ml: float, secreting_pg_per_ml: float
) -> float:
    """
    Progesterone receptors that there are, relative to those of term.

    Equation
    --------
    half_effect = resting_pg_per_ml + mrna * (secreting_pg_per_ml - resting_pg_per_ml)
    receptors_induced = estradiol_pg_per_ml / (estradiol_pg_per_ml + half_effect)

    Parameters
    ----------
    estradiol_pg_per_ml
        Estradiol in plasma [pg/mL].
    mrna
        Milk-gene mRNA, 0 to 1: how far the cell secretes.
    resting_pg_per_ml, secreting_pg_per_ml
        Estradiol that brings half of them to a cell that secretes nothing, and to one that does [pg/mL].

    References
    ----------
    The form is ours; that estrogen raises the receptors of a gland at rest, and not those of one in lactation, is from
    HaslamShyamala1979; what it takes in lactation is set on Prosser1984. In rabbits that were given prolactin,
    progesterone alone took away no milk, and with estrogen nearly all of it (Meites and Sgouris 1953, Endocrinology).
    """
    half_effect = resting_pg_per_ml + mrna * (secreting_pg_per_ml - resting_pg_per_ml)
    return estradiol_pg_per_ml / (estradiol_pg_per_ml + half_effect)


class ProgesteroneReceptors:
    """
    Receptors of a cell for progesterone that comes after the first pregnancy.

    Parameters
    ----------
    gland
        Declared quantities.
    mechanisms
        Whether there are any.
    """

    __slots__ = (
        "_brake_half_effect",
        "_brake_steepness",
        "_junction_half_effect",
        "_junction_steepness",
        "_present",
        "_resting",
        "_secreting",
    )

    def __init__(self, gland: Gland, mechanisms: Mechanisms) -> None:
        genes, junctions, steroids = gland.genes, gland.tight_junctions, gland.steroids
        self._present = float(mechanisms.present("progesterone_receptor"))
        self._brake_half_effect = genes.progesterone_half_effect_ng_per_ml
        self._brake_steepness = genes.progesterone_steepness
        self._junction_half_effect = junctions.progesterone_half_effect_ng_per_ml
        self._junction_steepness = junctions.progesterone_steepness
        self._resting = steroids.resting_receptor_estradiol_pg_per_ml
        self._secreting = steroids.receptor_estradiol_pg_per_ml

    def _acting(self, message: Message, mrna: float) -> float:
        """Progesterone as the cell feels it [ng/mL]."""
        induced = receptors_induced(message.estradiol, mrna, self._resting, self._secreting)
        return message.first_progesterone + induced * message.later_progesterone

    def brake(self, message: Message, mrna: float) -> float:
        """Strength of the brake on the genes, of all progesterone: 1 at its half effect."""
        if message.later_progesterone <= 0.0:
            return message.progesterone_brake
        return self._present * math.pow(self._acting(message, mrna) / self._brake_half_effect, self._brake_steepness)

    def junctions_open(self, message: Message, mrna: float) -> float:
        """Share of the junctions that all progesterone holds open."""
        return self._present * saturation(
            self._acting(message, mrna), self._junction_half_effect, self._junction_steepness
        )
