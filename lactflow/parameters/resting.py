"""The gland of a woman who has not been pregnant: declared quantities."""

from __future__ import annotations

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity


class RestingGland(Declared):
    """
    The gland of a woman who has not been pregnant, relative to a gland at term.

    Its genes and junctions are not declared here: they are what the same equations settle to without hormones of
    pregnancy.
    """

    cells: float = quantity(
        0.14,
        "",
        within=(0.005, 1.0),
        plausible=(0.08, 0.5),
        source=sources.RUSSO_1996,
        locator="abstract",
        note="Secretory cells: 6 to 11 ductules in a lobule of type 1, the usual one before any pregnancy, and 80 in "
        "one of type 3, the usual one in pregnancy",
    )
    had: float = quantity(
        0.14,
        "",
        within=(0.005, 2.2),
        plausible=(0.08, 1.0),
        source=sources.ASSUMED,
        note="Most cells that the gland has ever had, towards which it grows back when it is emptied; about 1 for a "
        "woman who lactated years ago. Never below `cells`",
    )
    active: float = quantity(
        0.5,
        "",
        within=(0.01, 1.0),
        plausible=(0.3, 0.75),
        source=sources.ASSUMED,
        note="Share of its cells that is able to secrete: what cells settle to that turn either way alike",
    )
