"""
What the mother's blood, drugs and conditions do to the cells of her breasts.

Hormones, drugs and substrate are the same for every lobe, so their effects are worked out once for each instant; what
acts on one breast alone is added for that breast. What acts is declared in `lactflow.endocrine.acting`, by target.
"""

from __future__ import annotations

import math
from math import exp, nan
from typing import NamedTuple

from lactflow.endocrine.blood import Blood
from lactflow.endocrine.signal import Signal, first_change, that_change
from lactflow.endocrine.steroids import first_progesterone, growing_by_steroids, has_later, later_of
from lactflow.endocrine.substrate import substrate_in
from lactflow.gland.mechanism import Mechanisms
from lactflow.kinetics import relaxed, saturation
from lactflow.parameters.gland import Gland
from lactflow.records import BREASTS
from lactflow.units import DAY_MIN


class Message(NamedTuple):
    """
    What acts on a cell from outside its lobe.

    Attributes
    ----------
    prolactin
        STAT5 that prolactin would activate, 0 to 1.
    progesterone_brake
        Strength of the brake on the genes: 0 without progesterone, 1 at its half effect.
    growth_per_day
        Growth of a gland that is kept empty [1/d].
    priming_per_day
        Rate at which suckling and expression prime cells that are not yet primed [1/d].
    substrate
        Raw material in the blood, 1 for a fed mother.
    genes
        Product of all factors on transcription; 1 without any.
    translation, fat
        Products of all factors on translation and on fat synthesis.
    open_junctions
        Share of the junctions that is held open; the largest of all.
    steroid_growth_per_day
        Growth by estrogen and progesterone beside those of the first pregnancy, of a gland of few cells [1/d].
    first_progesterone, later_progesterone
        Progesterone of the first pregnancy, and beside it [ng/mL]; both 0 where there is none beside it.
    estradiol
        All estradiol [pg/mL]; 0 likewise.
    """

    prolactin: float
    progesterone_brake: float
    growth_per_day: float
    priming_per_day: float
    substrate: float
    genes: float
    translation: float
    fat: float
    open_junctions: float
    steroid_growth_per_day: float = 0.0
    first_progesterone: float = 0.0
    later_progesterone: float = 0.0
    estradiol: float = 0.0


class _Acting(NamedTuple):
    """All that acts on each target, on both breasts or on one of them."""

    genes: Signal
    translation: Signal
    fat: Signal
    junctions: Signal

    @classmethod
    def of(cls, blood: Blood, side: str | None) -> _Acting:
        return cls(*(blood.acting_on(target, side) for target in cls._fields))


class Receptors:
    """
    Reads the blood and what acts on the cells.

    Parameters
    ----------
    blood
        Signals of the mother, and what they do.
    gland
        Declared quantities.
    mechanisms
        Which receptors there are.
    time_min
        Start of the run.

    Attributes
    ----------
    blood
        What it reads.
    """

    def __init__(self, blood: Blood, gland: Gland, mechanisms: Mechanisms, time_min: float) -> None:
        self.blood = blood
        self._genes, self._plasticity = gland.genes, gland.plasticity
        self._substrate = substrate_in(blood.context.course, blood.context.endocrine.fasting)
        self._acting = _Acting.of(blood, None)
        self._acting_on_side = {side: _Acting.of(blood, side) for side in BREASTS}
        acting = [signal for group in (self._acting, *self._acting_on_side.values()) for signal in group]
        self._changing = that_change([blood, self._substrate, *acting])
        self._prolactin_receptor = float(mechanisms.present("prolactin_receptor"))
        self._progesterone_receptor = float(mechanisms.present("progesterone_receptor"))
        self._progesterone = first_progesterone(blood.context)
        later = has_later(blood.context.course)
        self._later_progesterone = later_of("progesterone", blood.context) if later else None
        self._steroid_growth = growing_by_steroids(blood.context)
        self._averaged_prolactin = blood.prolactin.level(time_min)
        self._averaged_min = time_min
        self._read_min = nan
        self._message = self.read(time_min)

    def next_change(self, time_min: float) -> float:
        """When the blood, or something that acts on the cells of either breast, next leaves its closed form."""
        return first_change(self._changing, time_min)

    def read_at(self, side: str, time_min: float) -> Message:
        """What acts on the cells of one breast now; not before the last time."""
        message, acting = self.read(time_min), self._acting_on_side[side]
        return Message(
            message.prolactin,
            message.progesterone_brake,
            message.growth_per_day,
            message.priming_per_day,
            message.substrate,
            genes=message.genes * acting.genes.level(time_min),
            translation=message.translation * acting.translation.level(time_min),
            fat=message.fat * acting.fat.level(time_min),
            open_junctions=max(message.open_junctions, acting.junctions.level(time_min)),
            steroid_growth_per_day=message.steroid_growth_per_day,
            first_progesterone=message.first_progesterone,
            later_progesterone=message.later_progesterone,
            estradiol=message.estradiol,
        )

    def read(self, time_min: float) -> Message:
        """What acts on the cells of both breasts now; not before the last time."""
        if time_min == self._read_min:
            return self._message
        blood, genes, plasticity = self.blood, self._genes, self._plasticity
        self._averaged_prolactin = relaxed(
            self._averaged_prolactin,
            blood.prolactin.level(time_min),
            time_min - self._averaged_min,
            genes.prolactin_averaging_min,
        )
        self._averaged_min = self._read_min = time_min
        progesterone, acting = self._progesterone.level(time_min), self._acting
        bouts_per_day = blood.prolactin.bouts_per_day(time_min)
        bouts = saturation(bouts_per_day, plasticity.growth_bouts_per_day, 2.0)
        primed = plasticity.priming_per_bout * blood.prolactin.left_of_term(time_min) + plasticity.late_priming_per_bout
        early = plasticity.early_growth_per_day * self._left_since_birth(time_min, plasticity.early_growth_days)
        self._message = Message(
            prolactin=self._prolactin_receptor
            * saturation(self._averaged_prolactin, genes.prolactin_half_effect_ng_per_ml, genes.prolactin_steepness),
            progesterone_brake=self._progesterone_receptor
            * math.pow(progesterone / genes.progesterone_half_effect_ng_per_ml, genes.progesterone_steepness),
            growth_per_day=(early + plasticity.late_growth_per_day) * bouts,
            priming_per_day=bouts_per_day * primed,
            substrate=self._substrate.level(time_min),
            genes=acting.genes.level(time_min),
            translation=acting.translation.level(time_min),
            fat=acting.fat.level(time_min),
            open_junctions=acting.junctions.level(time_min),
        )
        if self._later_progesterone is not None and self._steroid_growth is not None:
            self._message = self._message._replace(
                steroid_growth_per_day=self._steroid_growth.level(time_min),
                first_progesterone=progesterone,
                later_progesterone=self._later_progesterone.level(time_min),
                estradiol=blood["estradiol"].level(time_min),
            )
        return self._message

    def _left_since_birth(self, time_min: float, decay_days: float) -> float:
        """Share left of what declines from the last birth on."""
        births = self.blood.prolactin.births
        if births is None:
            return exp(-max(0.0, time_min) / (decay_days * DAY_MIN))
        return births.left(time_min, decay_days)
