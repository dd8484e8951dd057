"""Oxytocin pulses during suckling or pumping, one train a session, shared by both breasts: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class OxytocinParameters(Declared):
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
        shaped="endpoints",
        source=sources.UVNAS_MOBERG_2020,
        locator="first days",
        note="Mean interval right after birth: about 5 pulses in 10 min",
    )
    early_days: float = quantity(
        14.0,
        "d",
        within=(0.1, 200.0),
        plausible=(5.0, 30.0),
        shaped="clock",
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
