"""All hormones and drugs of the mother's blood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lactflow.chance import Streams
from lactflow.endocrine.drugs import Cabergoline, Domperidone, Dose, Release
from lactflow.endocrine.oxytocin import Oxytocin
from lactflow.endocrine.placenta import WHOLE_AT_BIRTH, PlacentalHormone, PlacentaPart
from lactflow.endocrine.prolactin import Prolactin
from lactflow.endocrine.signal import Signal, Steps
from lactflow.parameters.endocrine import Endocrine
from lactflow.records import HormoneSample


class Treatment(NamedTuple):
    """
    What comes to the blood from outside, and what befalls it.

    Attributes
    ----------
    placenta
        Its parts, and when each is out.
    cabergoline
        Doses.
    domperidone_mg_per_day, pill_ug_per_day
        Daily doses.
    substrate
        Supply with raw material, 1 for a fed mother.
    stress
        1 while she is under stress, else 0.
    """

    placenta: tuple[PlacentaPart, ...] = WHOLE_AT_BIRTH
    cabergoline: tuple[Dose, ...] = ()
    domperidone_mg_per_day: Steps = Steps(0.0)
    pill_ug_per_day: Steps = Steps(0.0)
    substrate: Steps = Steps(1.0)
    stress: Steps = Steps(0.0)


class Blood:
    """
    The hormones, one signal each, the same for both breasts.

    Parameters
    ----------
    parameters
        Declared quantities.
    treatment
        What comes from outside.
    streams
        Where chance comes from.
    time_min
        Start of the run.
    """

    def __init__(self, parameters: Endocrine, treatment: Treatment, streams: Streams, time_min: float) -> None:
        drugs, placenta = parameters.drugs, treatment.placenta
        self.progesterone: Signal = PlacentalHormone(parameters.progesterone.decline(), placenta)
        self.estradiol: Signal = PlacentalHormone(parameters.estradiol.decline(), placenta)
        self.placental_lactogen: Signal = PlacentalHormone(parameters.placental_lactogen.decline(), placenta)
        release = Release(
            Cabergoline(drugs.cabergoline, treatment.cabergoline),
            Domperidone(drugs.domperidone, treatment.domperidone_mg_per_day),
        )
        self.prolactin = Prolactin(parameters.prolactin, release, time_min)
        self.oxytocin = Oxytocin(parameters.oxytocin, drugs.stress, treatment.stress, streams, time_min)
        self.pill: Signal = treatment.pill_ug_per_day
        self._pill_pg_per_ml_per_ug = drugs.combined_pill.estrogen_pg_per_ml_per_ug
        self.substrate: Signal = treatment.substrate
        self._signals: tuple[Signal, ...] = (
            self.progesterone, self.estradiol, self.placental_lactogen, self.prolactin, self.oxytocin, self.pill,
            self.substrate,
        )  # fmt: skip

    def estrogen_of_pill(self, time_min: float) -> float:
        """Estradiol equivalents of a contraceptive pill [pg/mL]."""
        return self.pill.level(time_min) * self._pill_pg_per_ml_per_ug

    def next_change(self, time_min: float) -> float:
        """When one of them next leaves its closed form."""
        return min(signal.next_change(time_min) for signal in self._signals)

    def samples(self, time_min: float) -> Iterator[HormoneSample]:
        """All levels at one instant."""
        yield HormoneSample(
            time_min=time_min,
            progesterone_ng_per_ml=self.progesterone.level(time_min),
            estradiol_pg_per_ml=self.estradiol.level(time_min),
            placental_lactogen_ug_per_ml=self.placental_lactogen.level(time_min),
            prolactin_ng_per_ml=self.prolactin.level(time_min),
            oxytocin_pg_per_ml=self.oxytocin.level(time_min),
        )
