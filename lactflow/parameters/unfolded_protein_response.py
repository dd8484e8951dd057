"""Stress of the RER from its backlog: an adaptive and a terminal arm: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class UnfoldedProteinParameters(Declared):
    """Stress of the RER from its backlog: an adaptive and a terminal arm."""

    threshold: float = quantity(
        0.75,
        "",
        within=(0.0, 0.99),
        plausible=(0.6, 0.9),
        source=sources.ASSUMED,
        note="Occupied share of the RER above which unfolded protein builds up",
    )
    adaptive_h: float = quantity(
        2.0,
        "h",
        within=(0.1, 100.0),
        plausible=(0.5, 6.0),
        source=sources.ERGULER_2013,
        locator="shape of the response",
        note="Time constant of the adaptive arm; not measured in the mammary gland",
    )
    recovery_h: float = quantity(
        6.0,
        "h",
        within=(0.1, 200.0),
        plausible=(2.0, 12.0),
        source=sources.ERGULER_2013,
        locator="shape of the response",
        note="Time constant of the phosphatase that lets translation recover; not measured in the mammary gland",
    )
    recovery_share: float = quantity(
        0.8,
        "",
        within=(0.0, 1.0),
        plausible=(0.5, 1.0),
        source=sources.ASSUMED,
        note="Share of attenuation that is undone while the stress lasts",
    )
    attenuation: float = quantity(
        2.0,
        "",
        within=(0.0, 50.0),
        plausible=(1.0, 5.0),
        source=sources.ASSUMED,
        note="Translation is divided by 1 + attenuation * (adaptive - recovered)",
    )
    terminal_h: float = quantity(
        30.0,
        "h",
        within=(1.0, 1000.0),
        plausible=(18.0, 48.0),
        source=sources.ASSUMED,
        note="Time constant of the terminal arm: stress must persist for about a day",
    )
