"""Hormones of the mother: of the placenta, prolactin with its surges, oxytocin in pulses."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Decline(NamedTuple):
    """
    How a hormone of the placenta falls after delivery, in the unit of its own declaration.

    Attributes
    ----------
    term, floor
        Level at term, and level without any placenta.
    fast_share
        Share of what the placenta adds that goes with the fast half-life; the rest goes with the slow one.
    fast_half_life_min, slow_half_life_min
        Half-lives [min].
    """

    term: float
    floor: float
    fast_share: float
    fast_half_life_min: float
    slow_half_life_min: float


class Progesterone(Declared):
    """Progesterone: the brake of pregnancy. It falls fast from the blood and slowly from fat and milk."""

    term_ng_per_ml: float = quantity(
        150.0,
        "ng/mL",
        within=(0.0, 2000.0),
        plausible=(100.0, 250.0),
        source=sources.ASSUMED,
        note="Level at term, the range of textbooks; only its ratio to the half effect on the genes matters",
    )
    floor_ng_per_ml: float = quantity(
        0.2,
        "ng/mL",
        within=(0.0, 50.0),
        plausible=(0.1, 0.5),
        source=sources.ASSUMED,
        note="Follicular level of a woman who does not cycle yet",
    )
    fast_share: float = quantity(
        0.78,
        "",
        within=(0.0, 1.0),
        plausible=(0.6, 0.9),
        source=sources.ASSUMED,
        note="With the slow half-life gives 33 ng/mL after an hour, 4 after three days: below the luteal level by then",
    )
    fast_half_life_min: float = quantity(
        5.0,
        "min",
        within=(0.1, 600.0),
        plausible=(2.0, 5.0),
        source=sources.SHORT_ETON_1959,
        locator="abstract",
        note="Half-life in blood after the placenta is out, below 5 min",
    )
    slow_half_life_h: float = quantity(
        24.0,
        "h",
        within=(0.5, 500.0),
        plausible=(16.0, 30.0),
        source=sources.ASSUMED,
        note="Progesterone that comes back from fat and milk; milk follows the fall by two to three days "
        "(Kulski 1977, J Endocrinol)",
    )

    def decline(self) -> Decline:
        """Its course after delivery."""
        return Decline(
            self.term_ng_per_ml,
            self.floor_ng_per_ml,
            self.fast_share,
            self.fast_half_life_min,
            self.slow_half_life_h * 60.0,
        )


class Estradiol(Declared):
    """Estradiol: high at term, low in lactation."""

    term_pg_per_ml: float = quantity(
        15000.0,
        "pg/mL",
        within=(0.0, 100000.0),
        plausible=(5000.0, 30000.0),
        source=sources.ASSUMED,
        note="Level at term",
    )
    floor_pg_per_ml: float = quantity(
        7.0,
        "pg/mL",
        within=(0.0, 1000.0),
        plausible=(3.0, 40.0),
        source=sources.BATTIN_1985,
        locator="abstract",
        note="Level of lactational amenorrhoea, reached by day 10",
    )
    fast_share: float = quantity(
        0.9,
        "",
        within=(0.0, 1.0),
        plausible=(0.7, 0.99),
        source=sources.ASSUMED,
        note="With both half-lives reaches the lactational level by day 10",
    )
    fast_half_life_min: float = quantity(
        20.0,
        "min",
        within=(0.1, 600.0),
        plausible=(5.0, 60.0),
        source=sources.ASSUMED,
        note="Clearance from blood",
    )
    slow_half_life_h: float = quantity(
        22.0,
        "h",
        within=(0.5, 500.0),
        plausible=(10.0, 40.0),
        source=sources.ASSUMED,
        note="Stores; reaches the lactational level by day 10",
    )

    def decline(self) -> Decline:
        """Its course after delivery."""
        return Decline(
            self.term_pg_per_ml,
            self.floor_pg_per_ml,
            self.fast_share,
            self.fast_half_life_min,
            self.slow_half_life_h * 60.0,
        )


class PlacentalLactogen(Declared):
    """Placental lactogen: gone within a day of delivery."""

    term_ug_per_ml: float = quantity(
        7.0,
        "ug/mL",
        within=(0.0, 50.0),
        plausible=(3.0, 12.0),
        source=sources.ASSUMED,
        note="Level at term; nothing in the gland reads it",
    )
    half_life_min: float = quantity(
        15.0,
        "min",
        within=(0.1, 600.0),
        plausible=(10.0, 90.0),
        source=sources.ASSUMED,
        note="Reports of 10 to 90 min; undetectable after a day in all of them",
    )

    def decline(self) -> Decline:
        """Its course after delivery."""
        return Decline(self.term_ug_per_ml, 0.0, 1.0, self.half_life_min, self.half_life_min)


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
