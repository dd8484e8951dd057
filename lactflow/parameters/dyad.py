"""The infant and the pump."""

from __future__ import annotations

from pydantic import Field

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Infant(Declared):
    """An infant with a fixed appetite."""

    birth_weight_kg: float = quantity(
        3.4,
        "kg",
        within=(0.4, 7.0),
        plausible=(2.5, 4.5),
        source=sources.ASSUMED,
        note="Weight at birth; nothing reads it while appetite is fixed",
    )
    appetite_ml: float = quantity(
        100.0,
        "mL",
        within=(1.0, 1000.0),
        plausible=(55.0, 234.0),
        source=sources.KENT_2006,
        locator="table",
        note="Milk that satisfies it in one session, 101 (55 to 234) mL at 8 sessions a day",
    )
    suction_ml_per_min: float = quantity(
        30.0,
        "mL/min",
        within=(0.5, 200.0),
        plausible=(15.0, 42.0),
        source=sources.IDEI_2024,
        locator="abstract",
        note="Largest flow; 0.5 (SD 0.2) g/s at the peak with a pump, taken for the infant too",
    )
    side_change_min: float = quantity(
        2.0,
        "min",
        within=(0.0, 60.0),
        plausible=(0.5, 10.0),
        source=sources.ASSUMED,
        note="Pause between the breasts",
    )
    longest_min: float = quantity(
        30.0,
        "min",
        within=(1.0, 240.0),
        plausible=(15.0, 45.0),
        source=sources.KENT_2006,
        locator="table",
        note="Longest time at one breast when the schedule gives none; 16 (5 to 37) min",
    )
    empty_below_ml: float = quantity(
        5.0,
        "mL",
        within=(0.0, 100.0),
        plausible=(1.0, 10.0),
        source=sources.ASSUMED,
        note="Leaves the breast after two let-downs in a row that gave less than this",
    )


class Pump(Declared):
    """An electric breast pump."""

    efficiency: float = quantity(
        0.8,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.RAMSAY_PUMP_2005,
        locator="abstract",
        note="Share of what contraction moves that the pump gets; reports of 58 to 99 % of stored milk disagree",
    )
    suction_ml_per_min: float = quantity(
        32.0,
        "mL/min",
        within=(0.5, 200.0),
        plausible=(18.0, 42.0),
        source=sources.IDEI_2024,
        locator="abstract",
        note="Largest flow, 0.5 (SD 0.2) g/s",
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


class Dyad(Declared):
    """What takes the milk; here only the pump, infants stand in the scenario."""

    pump: Pump = Field(default_factory=Pump)
