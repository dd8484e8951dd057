"""
What the mother's blood tells the cells of both breasts.

Hormones, drugs and substrate are the same for every lobe, so their effects are worked out once for each instant. What
a lobe makes of them is its own affair.
"""

from __future__ import annotations

import math
from math import exp, nan
from typing import NamedTuple

from lactflow.endocrine.blood import Blood
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import relaxed, saturation
from lactflow.parameters.gland import Gland
from lactflow.units import DAY_MIN


class Message(NamedTuple):
    """
    Effects of the blood on a cell.

    Attributes
    ----------
    prolactin
        STAT5 that prolactin would activate, 0 to 1.
    progesterone
        Strength of the brake on the genes: 0 without progesterone, 1 at its half effect.
    estrogen
        What transcription is divided by; 1 without a contraceptive.
    open_junctions
        Share of the junctions that progesterone keeps open.
    growth_per_day
        Growth of a gland that is kept empty [1/d].
    substrate
        Raw material in the blood, 1 for a fed mother.
    supply
        Factor of raw material on translation and fat synthesis.
    """

    prolactin: float
    progesterone: float
    estrogen: float
    open_junctions: float
    growth_per_day: float
    substrate: float
    supply: float


class Receptors:
    """
    Reads the blood.

    Parameters
    ----------
    blood
        Hormones of the mother.
    gland
        Declared quantities.
    mechanisms
        Which receptors there are.
    time_min
        Start of the run.
    """

    def __init__(self, blood: Blood, gland: Gland, mechanisms: Mechanisms, time_min: float) -> None:
        self._blood = blood
        self._genes, self._junctions, self._plasticity = gland.genes, gland.tight_junctions, gland.plasticity
        self._substrate_exponent = gland.composition.substrate_exponent
        self._prolactin_receptor = float(mechanisms.present("prolactin_receptor"))
        self._progesterone_receptor = float(mechanisms.present("progesterone_receptor"))
        self._averaged_prolactin = blood.prolactin.level(time_min)
        self._averaged_min = time_min
        self._read_min = nan
        self._message = self.read(time_min)

    def read(self, time_min: float) -> Message:
        """What the blood says now; not before the last time."""
        if time_min == self._read_min:
            return self._message
        blood, genes, plasticity = self._blood, self._genes, self._plasticity
        self._averaged_prolactin = relaxed(
            self._averaged_prolactin,
            blood.prolactin.level(time_min),
            time_min - self._averaged_min,
            genes.prolactin_averaging_min,
        )
        self._averaged_min = self._read_min = time_min
        substrate = blood.substrate.level(time_min)
        progesterone = blood.progesterone.level(time_min)
        bouts = saturation(blood.prolactin.bouts_per_day(time_min), plasticity.growth_bouts_per_day, 2.0)
        early = plasticity.early_growth_per_day * exp(-max(0.0, time_min) / (plasticity.early_growth_days * DAY_MIN))
        self._message = Message(
            prolactin=self._prolactin_receptor
            * saturation(self._averaged_prolactin, genes.prolactin_half_effect_ng_per_ml, genes.prolactin_steepness),
            progesterone=self._progesterone_receptor
            * math.pow(progesterone / genes.progesterone_half_effect_ng_per_ml, genes.progesterone_steepness),
            estrogen=1.0 + genes.estrogen_brake_ml_per_pg * blood.estrogen_of_pill(time_min),
            open_junctions=saturation(
                progesterone, self._junctions.progesterone_half_effect_ng_per_ml, self._junctions.progesterone_steepness
            ),
            growth_per_day=(early + plasticity.late_growth_per_day) * bouts,
            substrate=substrate,
            supply=math.pow(substrate, self._substrate_exponent),
        )
        return self._message
