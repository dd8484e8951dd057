"""Who takes milk: infants, each with its own traits, and the pump."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity
from lactflow.parameters.growth import InfantGrowth
from lactflow.parameters.infant import InfantPhysiology
from lactflow.parameters.infant_drugs import InfantClearance

SOLIDS_FROM_DAY = 180.0
"""Day of life from which an infant is offered other food than milk unless its config says otherwise."""


class InfantTraits(Declared):
    """What tells one infant from another."""

    born_day: float = Field(
        default=1.0,
        ge=-2000.0,
        le=4000.0,
        description="Day on which it was born: 1 for the birth that days are counted from, below that for an elder "
        "child; later for the child of an intervention `pregnancy`, and for any of a mother who has not been pregnant; "
        "its age counts from here",
    )
    birth_weight_kg: float = quantity(
        3.4,
        "kg",
        within=(0.4, 7.0),
        plausible=(2.5, 4.5),
        source=sources.FLAHERMAN_2015,
        locator="term infants",
        note="Weight at birth",
    )
    gestation_weeks: float = quantity(
        40.0,
        "weeks",
        within=(23.0, 42.0),
        plausible=(23.0, 42.0),
        source=sources.ASSUMED,
        note="Postmenstrual age at its birth: term. Decides how far clearance of drugs has matured, and nothing else; "
        "weight at birth is a key of its own",
    )
    appetite: float = quantity(
        1.0,
        "",
        within=(0.1, 4.0),
        plausible=(0.7, 1.4),
        source=sources.ASSUMED,
        note="Energy that it spends and wants, relative to other infants of its weight and age",
    )
    latch: float = quantity(
        1.0,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.ASSUMED,
        note="Share of what a contraction moves that it gets, and of the suction; below 1 for a poor latch, at which "
        "it also tires sooner",
    )
    solids_from_day: float | None = Field(
        default=SOLIDS_FROM_DAY,
        ge=1.0,
        le=4000.0,
        description="Day of life from which it is offered other food than milk; null for never. By default 180, which "
        "is about six months, as WHO advises",
    )
    sex: Literal["girl", "boy"] | None = Field(
        default=None, description="Whose growth standard is its own; between girls and boys when left out"
    )
    preferred_side: Literal["left", "right"] = Field(
        default="left", description="Breast it prefers, for schedules with `side: preferred`"
    )
    preference: float = quantity(
        0.72,
        "",
        within=(0.5, 1.0),
        plausible=(0.6, 0.9),
        source=sources.ASSUMED,
        note="Chance that it begins on the preferred side, for schedules with `side: preferred`",
    )


class PumpParameters(Declared):
    """An electric breast pump."""

    efficiency: float = quantity(
        0.75,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.RAMSAY_PUMP_2005,
        locator="abstract",
        note="Share of what contraction moves that the pump gets; reports of 52 to 66 % and of 99 % of stored milk "
        "disagree",
    )
    suction_ml_per_min: float = quantity(
        32.0,
        "mL/min",
        within=(0.5, 200.0),
        plausible=(18.0, 42.0),
        source=sources.IDEI_2024,
        locator="abstract",
        note="Largest flow at the usual vacuum, 0.5 (SD 0.2) g/s",
    )
    usual_vacuum_mmhg: float = quantity(
        190.0,
        "mmHg",
        within=(20.0, 400.0),
        plausible=(150.0, 250.0),
        source=sources.ASSUMED,
        note="Vacuum at which the two numbers above hold: the strongest that most women find comfortable",
    )
    longest_min: float = quantity(
        15.0,
        "min",
        within=(1.0, 240.0),
        plausible=(10.0, 30.0),
        source=sources.GARDNER_2015,
        locator="abstract",
        note="Length of a pumping when neither log nor schedule gives one",
    )


class HandParameters(Declared):
    """Expression by hand."""

    efficiency: float = quantity(
        0.2,
        "",
        within=(0.0, 1.0),
        plausible=(0.1, 0.5),
        shaped="outcome",
        source=sources.SLUSHER_2012,
        locator="abstract",
        note="Share of what contraction moves that the hand gets; set so that a mother who expresses eight times a day "
        "gets two thirds of the milk of one with a pump in the first week: 434 of 647 mL a day",
    )
    flow_ml_per_min: float = quantity(
        15.0,
        "mL/min",
        within=(0.5, 100.0),
        plausible=(5.0, 25.0),
        source=sources.ASSUMED,
        note="Largest flow: a stroke of the hand empties ducts by a fraction of a millilitre, about once a second",
    )
    longest_min: float = quantity(
        10.0,
        "min",
        within=(1.0, 120.0),
        plausible=(5.0, 15.0),
        source=sources.ASSUMED,
        note="Time at each breast when neither log nor schedule gives one: 20 to 30 minutes in all are usually advised",
    )


class ExpressionParameters(Declared):
    """What expressing by pump and by hand share."""

    novice_pulse_share: float = quantity(
        0.5,
        "",
        within=(0.01, 1.0),
        plausible=(0.3, 1.0),
        source=sources.ASSUMED,
        note="Rate of oxytocin pulses in a first expression, relative to that at an infant: a pump has neither cry nor "
        "smell. How slow it is has not been measured in women who are new to it",
    )
    prolactin_share: float = quantity(
        0.38,
        "",
        within=(0.0, 1.0),
        plausible=(0.2, 1.0),
        shaped="outcome",
        source=sources.CARVALHO_1985,
        locator="milk at few and at many expressions a day",
        note="What an expression is to the lactotrophs, relative to a feed: surge, and bout in the count that keeps "
        "the baseline up. Set so that preterm mothers at three expressions a day make 221 (SD 141) mL, and that "
        "domperidone adds 50 mL (da Silva 2001)",
    )
    learning_sessions: float = quantity(
        15.0,
        "",
        within=(0.0, 1000.0),
        plausible=(5.0, 50.0),
        source=sources.ASSUMED,
        note="Sessions in which most of that difference goes: a few days of pumping for an infant in hospital",
    )


class Dyad(Declared):
    """How infants, pumps and hands take milk; who the infants are stands in `infants`."""

    growth: InfantGrowth = Field(default_factory=InfantGrowth)
    infant: InfantPhysiology = Field(default_factory=InfantPhysiology)
    pump: PumpParameters = Field(default_factory=PumpParameters)
    hand: HandParameters = Field(default_factory=HandParameters)
    expression: ExpressionParameters = Field(default_factory=ExpressionParameters)
    clearance: InfantClearance = Field(default_factory=InfantClearance)
