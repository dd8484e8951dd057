"""How an infant gets rid of what it has swallowed: maturation of clearance, and what size does to it."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class InfantClearance(Declared):
    """
    Absorption, and clearance by postmenstrual age and weight: the same for all infants and all drugs.

    Kinetics of a drug are declared for a woman of 70 kg; these numbers turn them into those of an infant.
    """

    absorption_per_h: float = quantity(
        1.5,
        "1/h",
        within=(0.01, 100.0),
        plausible=(0.3, 5.0),
        source=sources.ASSUMED,
        note="Rate at which what is swallowed gets into the blood of an infant, of a drug that declares none. A peak "
        "1 to 2 h after a feed; few have been measured",
    )
    renal_half_weeks: float = quantity(
        47.7,
        "weeks",
        within=(20.0, 200.0),
        plausible=(45.1, 50.5),
        source=sources.RHODIN_2009,
        locator="abstract, seen",
        note="Postmenstrual age at which filtration in the kidney is half that of an adult, at the same size",
    )
    renal_steepness: float = quantity(
        3.4,
        "",
        within=(0.5, 20.0),
        plausible=(3.03, 3.8),
        source=sources.RHODIN_2009,
        locator="abstract, seen",
        note="Hill exponent of that",
    )
    hepatic_half_weeks: float = quantity(
        52.2,
        "weeks",
        within=(20.0, 200.0),
        plausible=(45.0, 75.0),
        source=sources.ANDERSON_HOLFORD_2009,
        locator="table 1, of paracetamol; not seen, as two others quote it",
        note="Postmenstrual age at which glucuronidation is half that of an adult, at the same size; taken for all "
        "that the liver does but CYP1A2, where others have 54.2 (morphine) and 73.6 weeks (CYP3A4)",
    )
    hepatic_steepness: float = quantity(
        3.43,
        "",
        within=(0.5, 20.0),
        plausible=(3.0, 3.9),
        source=sources.ANDERSON_HOLFORD_2009,
        locator="table 1, of paracetamol; not seen, as two others quote it",
        note="Hill exponent of that",
    )
    cyp1a2_early_half_life_h: float = quantity(
        97.6,
        "h",
        within=(6.0, 500.0),
        plausible=(65.0, 130.0),
        source=sources.LE_GUENNEC_1985,
        locator="abstract, seen",
        note="Half-life of caffeine in preterm newborns, SD 32 h",
    )
    cyp1a2_early_weeks: float = quantity(
        38.0,
        "weeks",
        within=(22.0, 50.0),
        plausible=(36.0, 42.0),
        source=sources.LE_GUENNEC_1985,
        locator="abstract, seen",
        note="Postmenstrual age up to which it stays so long; from then on its logarithm falls in a straight line",
    )
    cyp1a2_mature_half_life_h: float = quantity(
        6.0,
        "h",
        within=(1.0, 50.0),
        plausible=(3.0, 7.0),
        source=sources.LE_GUENNEC_1985,
        locator="abstract, seen",
        note="Half-life of caffeine that it falls to",
    )
    cyp1a2_mature_weeks: float = quantity(
        60.0,
        "weeks",
        within=(51.0, 200.0),
        plausible=(52.0, 80.0),
        source=sources.LE_GUENNEC_1985,
        locator="abstract, seen",
        note="Postmenstrual age at which it is reached; other reports have nine months",
    )
