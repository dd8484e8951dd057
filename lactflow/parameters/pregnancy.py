"""A pregnancy that begins while the run goes on: how its hormones rise."""

from __future__ import annotations

from typing import Final

from lactflow import sources
from lactflow.parameters.declaration import Declared, quantity

TERM_DAYS: Final = 280.0
"""Length of a pregnancy, counted from the first day of the last menstruation (Naegele's rule) [d]."""


class PregnancyParameters(Declared):
    """
    How hormones rise in a pregnancy: as a power of the share of it that is over, to the level declared for term.

    They stand for the weeks in which ovary and placenta take over from each other, too.
    """

    progesterone_power: float = quantity(
        1.3,
        "",
        within=(0.2, 6.0),
        plausible=(1.0, 2.0),
        source=sources.ABBASSI_2009,
        locator="table, quoted second-hand",
        note="Gives 20 ng/mL on day 60 and 31 at 12 weeks; 8 to 48 are printed for the first trimester",
    )
    estradiol_power: float = quantity(
        1.7,
        "",
        within=(0.2, 6.0),
        plausible=(1.2, 2.5),
        source=sources.ABBASSI_2009,
        locator="table, quoted second-hand",
        note="Gives 1,100 pg/mL on day 60 and 1,900 at 12 weeks; 188 to 2,497 are printed for the first trimester, "
        "1,278 to 7,192 for the second",
    )
    placental_lactogen_power: float = quantity(
        1.5,
        "",
        within=(0.2, 6.0),
        plausible=(1.0, 2.5),
        source=sources.ASSUMED,
        note="It rises with the weight of the placenta; nothing in the gland reads it",
    )
    prolactin_power: float = quantity(
        1.2,
        "",
        within=(0.2, 6.0),
        plausible=(0.8, 1.6),
        source=sources.ASSUMED,
        note="Gives what pregnancy adds to prolactin: 45 ng/mL at 12 weeks, where guidelines quote a level of about 50",
    )
