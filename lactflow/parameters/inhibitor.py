"""The local inhibitor that slows the last station of each line: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Inhibitor(Declared):
    """
    The local inhibitor that slows the last station of each line.

    Its molecule is not established in women: a 7.6 kDa whey protein in the goat, serotonin and pressure are rivals.
    """

    half_effect: float = quantity(
        0.72,
        "",
        within=(0.05, 10.0),
        plausible=(0.5, 1.0),
        shaped="outcome",
        source=sources.DALY_1996,
        locator="rate against interval",
        note="Inhibitor per apical surface that halves fusion and budding; fitted to rates that fall after 6 to 18 h",
    )
    steepness: float = quantity(
        4.0,
        "",
        within=(0.5, 20.0),
        plausible=(2.0, 6.0),
        source=sources.DALY_1996,
        locator="rate against interval",
        note="Hill exponent; steeper forms give oscillations when cells answer to fullness",
    )
    pressure_share: float = quantity(
        0.0,
        "",
        within=(0.0, 1.0),
        plausible=(0.0, 0.5),
        source=sources.ASSUMED,
        note="Share of what cells feel of a full lumen that is its distension and not its inhibitor; 1 for pressure "
        "alone. The two part where milk is diluted or watery",
    )
