"""Prolactin: a baseline that declines unless there is suckling, and a surge at each bout: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class ProlactinParameters(Declared):
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
        115.0,
        "d",
        within=(1.0, 5000.0),
        plausible=(60.0, 300.0),
        shaped="clock",
        source=sources.COX_1996,
        locator="abstract",
        note="Time constant of its decline over the year: 119 (SD 93) ng/mL at one month, 59 (29) at six",
    )
    suckled_lasting: float = quantity(
        0.3,
        "",
        within=(0.0, 1.0),
        plausible=(0.2, 0.7),
        source=sources.DELVOYE_1977,
        locator="abstract",
        note="Share of it that frequent suckling keeps up for as long as it lasts; that mothers who feed more than six "
        "times a day stay above the level without suckling into the second year is printed, the share is not",
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
        shaped="clock",
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
    never_pregnant_share: float = quantity(
        0.4,
        "",
        within=(0.0, 1.0),
        plausible=(0.1, 0.7),
        source=sources.ASSUMED,
        note="What lactotrophs give in answer to suckling and pumping in a woman who has not been pregnant, relative "
        "to right after a birth: pregnancy multiplies them. Women who are not pregnant release prolactin when the "
        "nipple is stimulated, and less of it; no size could be read",
    )
