"""State of the gland at the start of a run that begins after the first day: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class EstablishedState(Declared):
    """State of the gland at the start of a run that begins after the first day."""

    fullness: float = quantity(
        0.45,
        "",
        within=(0.0, 1.2),
        plausible=(0.2, 0.8),
        source=sources.KENT_2006,
        locator="abstract",
        note="Fullness at the start; feeds take 67 % of the milk, so a breast goes between a quarter and three "
        "quarters",
    )
    shut_fullness: float = quantity(
        0.93,
        "",
        within=(0.0, 1.4),
        plausible=(0.7, 1.1),
        source=sources.DERIVED,
        note="Fullness since birth of lobes whose ducts are cut: resorption then equals what they still make, in runs "
        "that begin at birth",
    )
