"""What a fast of the mother leaves of the raw material in her blood: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class FastingParameters(Declared):
    """What a fast of the mother leaves of the raw material in her blood."""

    reserve_h: float = quantity(
        20.0,
        "h",
        within=(0.0, 100.0),
        plausible=(12.0, 25.0),
        source=sources.ALLEGAERT_2020,
        locator="abstract",
        note="Hours in which her stores keep up the supply: fasts of 18 to 25 h leave the macronutrients of milk alone",
    )
    decline_h: float = quantity(
        40.0,
        "h",
        within=(0.5, 500.0),
        plausible=(20.0, 80.0),
        source=sources.MOHAMMAD_2009,
        locator="abstract",
        note="Time constant with which the supply falls afterwards; set so that after 42 h 16 % less milk is made",
    )
    least_share: float = quantity(
        0.4,
        "",
        within=(0.01, 1.0),
        plausible=(0.2, 0.7),
        source=sources.ASSUMED,
        note="Share of the supply that gluconeogenesis keeps up in a long fast; no fast of a lactating woman beyond "
        "42 h has been measured",
    )
