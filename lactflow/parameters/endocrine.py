"""Hormones of the mother: prolactin with its surges, oxytocin in pulses."""

from __future__ import annotations

from pydantic import Field

from lactflow.parameters.declaration import Declared
from lactflow.parameters.drugs import Drugs
from lactflow.parameters.fasting import FastingParameters
from lactflow.parameters.oxytocin import OxytocinParameters
from lactflow.parameters.placenta import Estradiol, PlacentalLactogen, Progesterone
from lactflow.parameters.pregnancy import PregnancyParameters
from lactflow.parameters.prolactin import ProlactinParameters


class Endocrine(Declared):
    """Signals in the mother's blood."""

    progesterone: Progesterone = Field(default_factory=Progesterone)
    estradiol: Estradiol = Field(default_factory=Estradiol)
    placental_lactogen: PlacentalLactogen = Field(default_factory=PlacentalLactogen)
    prolactin: ProlactinParameters = Field(default_factory=ProlactinParameters)
    oxytocin: OxytocinParameters = Field(default_factory=OxytocinParameters)
    drugs: Drugs = Field(default_factory=Drugs)
    fasting: FastingParameters = Field(default_factory=FastingParameters)
    pregnancy: PregnancyParameters = Field(default_factory=PregnancyParameters)
