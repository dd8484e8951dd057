"""Alveolar storage: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class LumenParameters(Declared):
    """Alveolar storage."""

    capacity_ml: float = quantity(
        205.0,
        "mL",
        within=(10.0, 1500.0),
        plausible=(74.0, 400.0),
        source=sources.KENT_1999,
        locator="abstract",
        note="Storage capacity of a breast, 209.9 (SEM 11) mL in months 1 to 6; 179 (74 to 382) in Kent 2006",
    )
    largest_fullness: float = quantity(
        1.4,
        "",
        within=(1.01, 5.0),
        plausible=(1.2, 1.6),
        source=sources.ASSUMED,
        note="A lumen takes no more beyond this; capacity is measured in days of feeding, not at the limit of the wall",
    )
    residual_fraction: float = quantity(
        0.06,
        "",
        within=(0.0, 0.9),
        plausible=(0.02, 0.1),
        source=sources.ASSUMED,
        note="Share of capacity that no contraction moves",
    )
