"""What drugs and stress do to the mother's hormones."""

from __future__ import annotations

from pydantic import Field

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class CabergolineParameters(Declared):
    """Cabergoline: a dopamine agonist that shuts prolactin off for more than a week."""

    half_life_days: float = quantity(
        4.0,
        "d",
        within=(0.01, 100.0),
        plausible=(2.6, 5.0),
        source=sources.ASSUMED,
        note="Half-life of its effect, longer than that in plasma (63 to 69 h on its label): prolactin is still low "
        "after 14 days",
    )
    absorption_h: float = quantity(
        1.5,
        "h",
        within=(0.01, 50.0),
        plausible=(0.5, 3.0),
        source=sources.ASSUMED,
        note="Half-time of absorption; prolactin falls within 3 h",
    )
    half_effect_mg: float = quantity(
        0.15,
        "mg",
        within=(0.001, 50.0),
        plausible=(0.05, 0.3),
        source=sources.CABERGOLINE_CESAREAN_1991,
        locator="abstract",
        note="Amount in the body that halves the release of prolactin; 1 mg takes 89.7 % away on day 5",
    )
    steepness: float = quantity(
        2.0,
        "",
        within=(0.5, 10.0),
        plausible=(1.0, 4.0),
        source=sources.ASSUMED,
        note="Hill exponent of that",
    )


class DomperidoneParameters(Declared):
    """Domperidone: a dopamine antagonist that raises prolactin."""

    largest_rise: float = quantity(
        1.6,
        "",
        within=(0.0, 20.0),
        plausible=(0.5, 3.0),
        shaped="outcome",
        source=sources.ASSUMED,
        note="Largest rise of the release of prolactin, as a share of it",
    )
    half_effect_mg_per_day: float = quantity(
        15.0,
        "mg/d",
        within=(0.1, 500.0),
        plausible=(5.0, 40.0),
        source=sources.DA_SILVA_2001,
        locator="dose",
        note="Daily dose of half that rise; 10 mg three times a day is the usual one",
    )


class CombinedPillParameters(Declared):
    """Combined contraceptive pill: its estrogen acts on the milk genes."""

    estrogen_pg_per_ml_per_ug: float = quantity(
        10.0,
        "pg/mL/ug",
        within=(0.0, 200.0),
        plausible=(3.0, 30.0),
        source=sources.ASSUMED,
        note="Estradiol equivalents in plasma for each microgram of ethinylestradiol a day",
    )


class GivenSteroids(Declared):
    """Estradiol and progesterone that are given, to make a gland grow that no pregnancy has."""

    estradiol_pg_per_ml_per_mg: float = quantity(
        40.0,
        "pg/mL/mg",
        within=(0.1, 1000.0),
        plausible=(15.0, 80.0),
        source=sources.ASSUMED,
        note="Mean level of estradiol for each milligram by mouth a day: 1 to 2 mg give 30 to 100 pg/mL",
    )
    progesterone_ng_per_ml_per_mg: float = quantity(
        0.025,
        "ng/mL/mg",
        within=(0.0001, 10.0),
        plausible=(0.002, 0.05),
        source=sources.ASSUMED,
        note="Mean level of progesterone for each milligram by mouth a day. Assays contradict each other: 200 mg give "
        "a peak of 38 ng/mL for a few hours in one kind, and a tenth of that in another; where a level is known, or it "
        "is not taken by mouth, give the level",
    )
    half_life_h: float = quantity(
        16.0,
        "h",
        within=(0.1, 2000.0),
        plausible=(8.0, 40.0),
        source=sources.ASSUMED,
        note="With which their levels rise to what is given, and fall when it is stopped",
    )


class NasalOxytocin(Declared):
    """Oxytocin given by spray."""

    rise_pg_per_ml_per_iu: float = quantity(
        1.0,
        "pg/mL/IU",
        within=(0.0, 200.0),
        plausible=(0.4, 5.0),
        source=sources.ASSUMED,
        note="Rise of oxytocin in plasma for each unit; little of a spray is taken up",
    )


class StressParameters(Declared):
    """Stress, noise, mental work: fewer oxytocin pulses."""

    pulse_share: float = quantity(
        0.16,
        "",
        within=(0.01, 1.0),
        plausible=(0.1, 0.3),
        shaped="outcome",
        source=sources.UEDA_1994,
        locator="abstract",
        note="Rate of pulses under stress, relative to none. In blood drawn every two minutes 2.25 (SD 0.71) in 20 min "
        "were 1.28 (0.76) or 1.14 (0.38), 0.54 as many; pulses run together in such samples, and the counts of the "
        "model's have that ratio at 0.16",
    )


class Drugs(Declared):
    """Drugs and stress."""

    cabergoline: CabergolineParameters = Field(default_factory=CabergolineParameters)
    domperidone: DomperidoneParameters = Field(default_factory=DomperidoneParameters)
    combined_pill: CombinedPillParameters = Field(default_factory=CombinedPillParameters)
    estrogen_progesterone: GivenSteroids = Field(default_factory=GivenSteroids)
    nasal_oxytocin: NasalOxytocin = Field(default_factory=NasalOxytocin)
    stress: StressParameters = Field(default_factory=StressParameters)
