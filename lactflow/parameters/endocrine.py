"""Hormones of the mother. Levels of lactation are constant here; oxytocin comes in pulses."""

from __future__ import annotations

from pydantic import Field

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class LactatingLevels(Declared):
    """Hormones that do not change within an established lactation."""

    progesterone_ng_per_ml: float = quantity(
        0.2,
        "ng/mL",
        within=(0.0, 500.0),
        plausible=(0.1, 0.5),
        source=sources.ASSUMED,
        note="Follicular level of a woman who does not cycle yet; nothing reads it in an established lactation",
    )
    estradiol_pg_per_ml: float = quantity(
        7.0,
        "pg/mL",
        within=(0.0, 50000.0),
        plausible=(3.0, 40.0),
        source=sources.ASSUMED,
        note="Level of lactational amenorrhoea; nothing reads it in an established lactation",
    )
    placental_lactogen_ug_per_ml: float = quantity(
        0.0,
        "ug/mL",
        within=(0.0, 50.0),
        plausible=(0.0, 0.0),
        source=sources.ASSUMED,
        note="Gone within a day of birth",
    )
    prolactin_ng_per_ml: float = quantity(
        119.0,
        "ng/mL",
        within=(0.0, 5000.0),
        plausible=(40.0, 200.0),
        source=sources.COX_1996,
        locator="abstract",
        note="Basal prolactin at one month of lactation (SD 93); well above what synthesis needs",
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

    lactating: LactatingLevels = Field(default_factory=LactatingLevels)
    oxytocin: Oxytocin = Field(default_factory=Oxytocin)
