"""Hormones of the mother: prolactin with its surges, oxytocin in pulses."""

from __future__ import annotations

from pydantic import Field

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity
from lactflow.parameters.drugs import Drugs
from lactflow.parameters.placenta import Estradiol, PlacentalLactogen, Progesterone


class Prolactin(Declared):
    """Prolactin: a baseline that declines unless there is suckling, and a surge at each bout."""

    nonlactating_ng_per_ml: float = quantity(
        8.0,
        "ng/mL",
        within=(0.0, 200.0),
        plausible=(5.0, 20.0),
        source=sources.ASSUMED,
        note="Level without pregnancy or suckling; the upper limit of laboratories is 25",
    )
    term_ng_per_ml: float = quantity(
        190.0,
        "ng/mL",
        within=(0.0, 5000.0),
        plausible=(100.0, 400.0),
        source=sources.COX_1996,
        locator="abstract",
        note="What pregnancy adds to the baseline at term: about 200 in all",
    )
    term_decay_days: float = quantity(
        5.0,
        "d",
        within=(0.1, 100.0),
        plausible=(3.0, 8.0),
        source=sources.BONNAR_1975,
        locator="abstract",
        note="Time constant without suckling: back in the range of the cycle three weeks after delivery",
    )
    suckled_ng_per_ml: float = quantity(
        80.0,
        "ng/mL",
        within=(0.0, 5000.0),
        plausible=(50.0, 140.0),
        source=sources.BATTIN_1985,
        locator="abstract",
        note="What frequent suckling adds to the baseline, extrapolated to delivery; 90 ng/mL on day 10, 44 on day 180",
    )
    suckled_decay_days: float = quantity(
        280.0,
        "d",
        within=(1.0, 5000.0),
        plausible=(150.0, 500.0),
        source=sources.COX_1996,
        locator="abstract",
        note="Time constant of its decline over the year: 119 (SD 93) ng/mL at one month, 59 (29) at six",
    )
    half_effect_bouts_per_day: float = quantity(
        4.5,
        "1/d",
        within=(0.1, 50.0),
        plausible=(4.0, 6.0),
        source=sources.DELVOYE_1977,
        locator="abstract",
        note="Bouts a day that keep half of the suckled baseline: above 6 it does not fall, below 4 it is lost",
    )
    bout_memory_days: float = quantity(
        5.0,
        "d",
        within=(0.1, 100.0),
        plausible=(2.0, 10.0),
        source=sources.ASSUMED,
        note="Memory of the count of bouts",
    )
    surge_ng_per_ml: float = quantity(
        230.0,
        "ng/mL",
        within=(0.0, 5000.0),
        plausible=(100.0, 300.0),
        source=sources.COX_1996,
        locator="abstract",
        note="Height of a surge after a long interval, extrapolated to delivery: 167 ng/mL at one month, 32 at six",
    )
    surge_decay_days: float = quantity(
        100.0,
        "d",
        within=(1.0, 5000.0),
        plausible=(60.0, 200.0),
        source=sources.COX_1996,
        locator="abstract",
        note="Time constant of the decline of surges over the year",
    )
    half_life_min: float = quantity(
        37.0,
        "min",
        within=(1.0, 600.0),
        plausible=(25.0, 50.0),
        source=sources.SIEVERTSEN_1980,
        locator="abstract",
        note="Half-life in plasma (SD 10)",
    )
    rise_per_min: float = quantity(
        0.0263,
        "1/min",
        within=(0.001, 1.0),
        plausible=(0.015, 0.05),
        source=sources.DERIVED,
        note="Rate at which a surge enters the blood; with the half-life puts its peak 45 min after the bout begins",
    )
    refill_min: float = quantity(
        120.0,
        "min",
        within=(1.0, 5000.0),
        plausible=(60.0, 240.0),
        source=sources.ASSUMED,
        note="Time constant with which lactotrophs refill after a bout: hourly bouts would otherwise pile up",
    )
    full_bout_min: float = quantity(
        8.0,
        "min",
        within=(0.1, 120.0),
        plausible=(4.0, 15.0),
        source=sources.ASSUMED,
        note="A shorter bout gives a surge in proportion",
    )
    established_bouts_per_day: float = quantity(
        8.0,
        "1/d",
        within=(0.0, 50.0),
        plausible=(6.0, 12.0),
        source=sources.KENT_2006,
        locator="table",
        note="Bouts a day before a run that begins in an established lactation",
    )


class Oxytocin(Declared):
    """Oxytocin pulses during suckling or pumping, one train a session, shared by both breasts."""

    first_pulse_min: float = quantity(
        1.0,
        "min",
        within=(0.05, 20.0),
        plausible=(0.5, 2.0),
        source=sources.ASSUMED,
        note="Mean time from latch to the first pulse; no report with a spread was found",
    )
    first_pulse_shape: float = quantity(
        4.0,
        "",
        within=(0.5, 100.0),
        plausible=(2.0, 10.0),
        source=sources.ASSUMED,
        note="Shape of the gamma distribution of that time (CV 0.5)",
    )
    pulse_interval_min: float = quantity(
        221.0 / 60.0,
        "min",
        within=(0.2, 60.0),
        plausible=(1.1, 6.2),
        source=sources.IDEI_2024,
        locator="abstract",
        note="Median 221 s (68 to 371 s) between periods of high flow, taken as the mean interval between pulses",
    )
    first_interval_min: float = quantity(
        2.25,
        "min",
        within=(0.2, 60.0),
        plausible=(1.5, 3.0),
        source=sources.UVNAS_MOBERG_2020,
        locator="first days",
        note="Mean interval right after birth: about 5 pulses in 10 min",
    )
    early_days: float = quantity(
        14.0,
        "d",
        within=(0.1, 200.0),
        plausible=(5.0, 30.0),
        source=sources.ASSUMED,
        note="Time constant with which the interval grows to the established one",
    )
    conditioned_chance: float = quantity(
        0.9,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.MCNEILLY_1983,
        locator="abstract",
        note="Chance that oxytocin rises before the latch, at a cry or on getting ready: seen in 10 of 10 women",
    )
    conditioning_feeds: float = quantity(
        20.0,
        "",
        within=(0.0, 1000.0),
        plausible=(5.0, 60.0),
        source=sources.ASSUMED,
        note="Feeds after which most of that is learned",
    )
    cue_lead_min: float = quantity(
        3.0,
        "min",
        within=(0.0, 60.0),
        plausible=(1.0, 5.0),
        source=sources.MCNEILLY_1983,
        locator="abstract",
        note="Time from the cue to the latch at the shortest: oxytocin rose 3 to 10 min before suckling",
    )
    cue_lead_spread_min: float = quantity(
        7.0,
        "min",
        within=(0.0, 60.0),
        plausible=(4.0, 10.0),
        source=sources.MCNEILLY_1983,
        locator="abstract",
        note="It is longer by up to this, all alike likely",
    )
    pulse_interval_cv: float = quantity(
        0.4,
        "",
        within=(0.05, 2.0),
        plausible=(0.2, 0.6),
        source=sources.ASSUMED,
        note="Spread of the interval (gamma); the range of 68 to 371 s in 19 women allows 0.3 to 0.5",
    )
    pulse_pg_per_ml: float = quantity(
        12.0,
        "pg/mL",
        within=(0.0, 1000.0),
        plausible=(5.0, 60.0),
        source=sources.ASSUMED,
        note="Rise at each pulse; assays disagree several-fold, and only its ratio to the half effect matters",
    )
    basal_pg_per_ml: float = quantity(
        2.0,
        "pg/mL",
        within=(0.0, 500.0),
        plausible=(0.5, 10.0),
        source=sources.ASSUMED,
        note="Level between feeds; assays disagree",
    )
    half_life_min: float = quantity(
        3.2,
        "min",
        within=(0.2, 60.0),
        plausible=(2.0, 5.7),
        source=sources.THORNTON_1990,
        locator="clearance and volume",
        note="Half-life in plasma; single-dose studies give 2 to 5.7 min",
    )


class Endocrine(Declared):
    """Signals in the mother's blood."""

    progesterone: Progesterone = Field(default_factory=Progesterone)
    estradiol: Estradiol = Field(default_factory=Estradiol)
    placental_lactogen: PlacentalLactogen = Field(default_factory=PlacentalLactogen)
    prolactin: Prolactin = Field(default_factory=Prolactin)
    oxytocin: Oxytocin = Field(default_factory=Oxytocin)
    drugs: Drugs = Field(default_factory=Drugs)
