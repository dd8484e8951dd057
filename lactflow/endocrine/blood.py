"""All hormones of the mother's blood."""

from __future__ import annotations

from collections.abc import Iterator

from lactflow.chance import Streams
from lactflow.endocrine.oxytocin import Oxytocin
from lactflow.endocrine.placenta import PlacentalHormone
from lactflow.endocrine.prolactin import Prolactin
from lactflow.endocrine.signal import Signal
from lactflow.parameters.endocrine import Endocrine
from lactflow.records import HormoneSample


class Blood:
    """
    The hormones, one signal each, the same for both breasts.

    Parameters
    ----------
    parameters
        Declared quantities.
    streams
        Where chance comes from.
    time_min
        Start of the run.
    """

    def __init__(self, parameters: Endocrine, streams: Streams, time_min: float) -> None:
        self.progesterone: Signal = PlacentalHormone(parameters.progesterone.decline())
        self.estradiol: Signal = PlacentalHormone(parameters.estradiol.decline())
        self.placental_lactogen: Signal = PlacentalHormone(parameters.placental_lactogen.decline())
        self.prolactin = Prolactin(parameters.prolactin, time_min)
        self.oxytocin = Oxytocin(parameters.oxytocin, streams, time_min)

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
