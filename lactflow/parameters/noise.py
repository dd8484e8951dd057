"""Secretion that varies from hour to hour, in each breast by itself: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class Noise(Declared):
    """Secretion that varies from hour to hour, in each breast by itself."""

    sd: float = quantity(
        0.5,
        "",
        within=(0.0, 2.0),
        plausible=(0.0, 1.2),
        source=sources.DALY_1996,
        locator="CV within breasts",
        note="SD of the log of the factor on translation; the published CV of 85 % contains the error of the method",
    )
    correlation_h: float = quantity(
        3.0,
        "h",
        within=(0.1, 100.0),
        plausible=(1.0, 6.0),
        source=sources.ASSUMED,
        note="Correlation time of that factor; drawn on a fixed hourly grid",
    )
